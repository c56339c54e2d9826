-- Earthquakes as agencies and duty officers report them, and what each shook.

create table earthquake (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    state text collate "C" not null,
    merged_into text collate "C",
    revision bigint not null,
    reported_at bigint not null,
    changed_at bigint not null,
    quaked_at bigint not null,
    lon double precision not null,
    lat double precision not null,
    magnitude double precision,
    -- JSON: the report that is believed, or was last.
    shown text not null,
    believed text collate "C"
);
create index earthquake_by_time on earthquake (quaked_at, id);

create table earthquake_reach (
    id text collate "C" not null,
    region text collate "C" not null,
    primary key (id, region)
);
create index earthquake_reach_by_region on earthquake_reach (region, id);

create table earthquake_report (
    earthquake text collate "C" not null,
    id text collate "C" not null,
    -- Empty where none is named.
    agency text collate "C" not null,
    event text collate "C" not null,
    updated bigint,
    standing text collate "C" not null,
    quaked_at bigint not null,
    within_ms bigint not null,
    said text not null,
    received_at bigint not null,
    primary key (earthquake, id)
);
create index earthquake_report_by_time on earthquake_report (quaked_at);
create index earthquake_report_by_event on earthquake_report (agency, event);
create index earthquake_report_by_id on earthquake_report (id);

-- Documents that came in, with what came of them.
create table earthquake_message (
    id text collate "C" primary key,
    received bigint not null,
    source text not null,
    format text collate "C",
    bytes bigint not null,
    sha256 text collate "C" not null,
    documents text not null,
    events bigint not null,
    taken bigint not null,
    known bigint not null,
    far bigint not null,
    faulty bigint not null,
    faults text not null,
    refused text
);

create table shaking (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    earthquake text collate "C" not null,
    revision bigint not null,
    state text collate "C" not null,
    said_at bigint not null
);
create index shaking_by_earthquake on shaking (earthquake, id);

create table shaking_reach (
    id text collate "C" not null,
    region text collate "C" not null,
    primary key (id, region)
);
create index shaking_reach_by_region on shaking_reach (region, id);

create table shaking_result (
    shaking text collate "C" not null,
    revision bigint not null,
    said_at bigint not null,
    report text collate "C",
    -- JSON: the estimate, or why there is none.
    result text not null,
    primary key (shaking, revision)
);

-- A finding and its notice may be of a county that an earthquake shook, and of no sensor.
drop index finding_by_key;
drop index finding_by_age;
drop index finding_by_station;
drop index finding_by_state;
alter table finding rename to finding_before;
create table finding (
    id text collate "C" primary key,
    origin text collate "C" not null,
    rule text collate "C" not null,
    sensor text collate "C",
    station text collate "C",
    earthquake text collate "C",
    region text collate "C" not null,
    org text collate "C",
    class text collate "C" not null,
    hazard text collate "C" not null,
    level bigint not null,
    state text collate "C" not null,
    onset bigint not null,
    fired_at bigint not null,
    raised_at bigint not null,
    latency_ms bigint not null,
    raised text not null,
    cleared_at bigint,
    cleared_value double precision,
    cleared_because text collate "C"
);
insert into finding (id, origin, rule, sensor, station, region, org, class, hazard, level, state,
    onset, fired_at, raised_at, latency_ms, raised, cleared_at, cleared_value, cleared_because)
    select id, origin, rule, sensor, station, region, org, class, hazard, level, state,
    onset, fired_at, raised_at, latency_ms, raised, cleared_at, cleared_value, cleared_because
    from finding_before;
drop table finding_before;
create unique index finding_by_key on finding (rule, sensor, onset, origin);
create index finding_by_age on finding (raised_at, id);
create index finding_by_station on finding (station, raised_at, id);
create index finding_by_state on finding (state, raised_at, id);
create index finding_by_earthquake on finding (earthquake, region, raised_at, id);

drop index notice_by_number;
drop index notice_by_finding;
drop index notice_by_time;
drop index notice_by_due;
alter table notice rename to notice_before;
create table notice (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C" not null,
    org text collate "C",
    class text collate "C" not null,
    correlation text collate "C" not null,
    state text collate "C" not null,
    number text collate "C" not null,
    numbered_on bigint not null,
    finding text collate "C" not null,
    station text collate "C",
    station_name text not null,
    hazard text collate "C" not null,
    level bigint not null,
    title text not null,
    content text not null,
    signer text not null,
    sent_at bigint not null,
    due_at bigint not null,
    acknowledged text
);
insert into notice (id, origin, region, org, class, correlation, state, number, numbered_on,
    finding, station, station_name, hazard, level, title, content, signer, sent_at, due_at,
    acknowledged)
    select id, origin, region, org, class, correlation, state, number, numbered_on,
    finding, station, station_name, hazard, level, title, content, signer, sent_at, due_at,
    acknowledged from notice_before;
drop table notice_before;
create unique index notice_by_number on notice (origin, numbered_on, number);
create index notice_by_finding on notice (finding);
create index notice_by_time on notice (sent_at, id);
create index notice_by_due on notice (state, due_at);
