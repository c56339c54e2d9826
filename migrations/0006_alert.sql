-- What we tell the duty desks and the public, who signed it, and when we stop telling it.

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
    station text collate "C" not null,
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
create unique index notice_by_number on notice (origin, numbered_on, number);
create index notice_by_finding on notice (finding);
create index notice_by_time on notice (sent_at, id);
create index notice_by_due on notice (state, due_at);

create table notice_number (
    origin text collate "C" not null,
    region text collate "C" not null,
    day bigint not null,
    last bigint not null,
    primary key (origin, region, day)
);

create table warning (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C" not null,
    org text collate "C",
    class text collate "C" not null,
    correlation text collate "C" not null,
    status text collate "C" not null,
    hazard text collate "C" not null,
    level bigint not null,
    title text not null,
    station text collate "C",
    station_name text,
    lon double precision,
    lat double precision,
    finding text collate "C",
    supersedes text collate "C",
    superseded_by text collate "C",
    starts bigint not null,
    area text not null,
    matters text not null,
    measures text not null,
    author text,
    hands text not null,
    reviewer text,
    returned text,
    issuer text,
    issued_at bigint,
    unit text,
    number text collate "C",
    numbered_on bigint,
    urgent_reason text,
    review_due bigint,
    review_missed bigint not null,
    reviewed_afterwards text,
    expires bigint,
    closed text,
    closed_at bigint,
    danger_passed_at bigint,
    opened_at bigint not null
);
create unique index warning_by_number on warning (origin, numbered_on, number);
create index warning_by_time on warning (opened_at, id);
create index warning_by_station on warning (station, hazard, status);
create index warning_by_expiry on warning (status, expires);
create index warning_by_issue on warning (issued_at);
create index warning_by_review on warning (review_due);

create table warning_reach (
    id text collate "C" not null,
    region text collate "C" not null,
    primary key (id, region)
);
create index warning_reach_by_region on warning_reach (region, id);

create table warning_finding (
    finding text collate "C" not null,
    warning text collate "C" not null,
    primary key (finding, warning)
);
create index warning_finding_by_warning on warning_finding (warning, finding);

create table warning_number (
    origin text collate "C" not null,
    region text collate "C" not null,
    day bigint not null,
    last bigint not null,
    primary key (origin, region, day)
);
