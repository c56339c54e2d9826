-- How what is sent of a point becomes a reading, and the keys by which a station's messages are known.

alter table station add column site text collate "C";
alter table station add column adopts bigint not null default 0;

alter table sensor add column name text;
alter table sensor add column factor double precision not null default 1;
alter table sensor add column shift double precision not null default 0;
alter table sensor add column low double precision;
alter table sensor add column high double precision;
alter table sensor add column retired_at bigint;
drop index sensor_by_station;
create index sensor_by_station on sensor (station, element);

create table station_key (
    id text collate "C" primary key,
    station text collate "C" not null,
    issued_at bigint not null,
    until_at bigint
);
create index station_key_by_station on station_key (station);

-- `until_at` is that of a password of before keys had facts, whose id is its station's.
create table station_secret (
    id text collate "C" primary key,
    station text collate "C" not null,
    secret text not null,
    until_at bigint
);
create index station_secret_by_station on station_secret (station);
insert into station_secret (id, station, secret) select station, station, secret from station_password;
drop table station_password;

create table station_point (
    station text collate "C" not null,
    element text collate "C" not null,
    quantity text collate "C",
    name text,
    factor double precision not null,
    shift double precision not null,
    low double precision,
    high double precision,
    unit text,
    remarks text,
    seen bigint not null,
    primary key (station, element)
);
create index station_point_by_age on station_point (station, seen);

create table held_frame (
    id text collate "C" primary key,
    station text collate "C" not null,
    received bigint not null,
    source text not null,
    documents text not null
);
create index held_frame_by_station on held_frame (station, id);

create table replay_asked (
    station text collate "C" primary key,
    since bigint
);
