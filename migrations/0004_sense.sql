-- Stations and their sensors, what is known of their lines, and what came in and was not taken.

create table station (
    id text collate "C" primary key,
    origin text collate "C" not null,
    code text collate "C" not null,
    name text not null,
    kind text collate "C" not null,
    region text collate "C" not null,
    org text collate "C",
    class text collate "C" not null,
    river text,
    lon double precision,
    lat double precision,
    protocol text collate "C" not null,
    period_s bigint not null,
    registered_at bigint not null
);
create unique index station_by_code on station (origin, protocol, code);
create index station_by_age on station (registered_at, id);
create index station_by_region on station (region, registered_at, id);

create table sensor (
    id text collate "C" primary key,
    station text collate "C" not null,
    position bigint not null,
    quantity text collate "C" not null,
    element text collate "C" not null
);
create unique index sensor_by_station on sensor (station, element);

create table station_password (
    station text collate "C" primary key,
    password bigint not null
);

create table station_contact (
    station text collate "C" primary key,
    last_contact bigint not null,
    source text not null,
    delay_ms bigint
);

create table station_minute (
    station text collate "C" not null,
    minute bigint not null,
    received bigint not null,
    rejected bigint not null,
    duplicates bigint not null,
    late bigint not null,
    future bigint not null,
    corrected bigint not null,
    no_room bigint not null,
    primary key (station, minute)
);
create index station_minute_by_age on station_minute (minute);

create table station_frame (
    id text collate "C" primary key,
    station text collate "C" not null,
    received bigint not null,
    source text not null,
    outcome text collate "C" not null,
    reason text,
    acknowledged_ms bigint,
    documents text not null
);
create index station_frame_by_station on station_frame (station, id);

create table station_omission (
    station text collate "C" not null,
    element text collate "C" not null,
    why text collate "C" not null,
    times bigint not null,
    last_seen bigint not null,
    last_value text not null,
    primary key (station, element, why)
);

create table waiting_device (
    id text collate "C" primary key,
    protocol text collate "C" not null,
    code text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    source text not null,
    first_seen bigint not null,
    last_seen bigint not null,
    frames bigint not null,
    last_hex text not null,
    state text collate "C" not null,
    reason text
);
create unique index waiting_device_by_code on waiting_device (protocol, code);
create index waiting_device_by_age on waiting_device (last_seen, id);

create table rejected_frame (
    id text collate "C" primary key,
    protocol text collate "C" not null,
    source text not null,
    received bigint not null,
    hex text not null,
    reason text not null,
    at_byte bigint,
    station text collate "C",
    region text collate "C",
    org text collate "C",
    class text collate "C" not null
);
create index rejected_frame_by_age on rejected_frame (received, id);
