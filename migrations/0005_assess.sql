-- Rules and what they found, and where the engine stands with each so that a crash loses no alarm.

create table rule (
    id text collate "C" primary key,
    origin text collate "C" not null,
    version bigint not null,
    name text not null,
    sensor text collate "C" not null,
    station text collate "C" not null,
    station_name text not null,
    region text collate "C" not null,
    org text collate "C",
    class text collate "C" not null,
    quantity text collate "C" not null,
    hazard text collate "C" not null,
    level bigint not null,
    comparison text collate "C" not null,
    threshold double precision not null,
    hysteresis double precision not null,
    times bigint not null,
    delay_s bigint not null,
    line text collate "C" not null,
    line_word text not null,
    source text not null,
    confidence text collate "C" not null,
    state text collate "C" not null,
    published_by text,
    published_at bigint not null
);
create index rule_by_age on rule (published_at, id);
create index rule_by_station on rule (station, published_at, id);
create index rule_by_sensor on rule (sensor, published_at, id);
create index rule_by_origin on rule (origin, state, id);

create table finding (
    id text collate "C" primary key,
    origin text collate "C" not null,
    rule text collate "C" not null,
    sensor text collate "C" not null,
    station text collate "C" not null,
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
create unique index finding_by_key on finding (rule, sensor, onset, origin);
create index finding_by_age on finding (raised_at, id);
create index finding_by_station on finding (station, raised_at, id);
create index finding_by_state on finding (state, raised_at, id);

create table rule_state (
    rule text collate "C" not null,
    sensor text collate "C" not null,
    version bigint not null,
    newest bigint,
    run text not null,
    upto bigint not null,
    primary key (rule, sensor)
);

create table rule_position (
    consumer text collate "C" primary key,
    position bigint not null
);
