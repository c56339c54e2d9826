-- Incidents, calls that are being taken down, tasks, who has taken what on the duty desk, and how fast all that went.

create table incident (
    id text collate "C" primary key,
    origin text collate "C" not null,
    day text collate "C" not null,
    serial bigint not null,
    number text collate "C" not null,
    title text not null,
    detail text,
    hazard text collate "C" not null,
    level bigint,
    region text collate "C" not null,
    org text collate "C",
    class text collate "C" not null,
    region_name text not null,
    lon double precision,
    lat double precision,
    place text not null,
    source text collate "C" not null,
    warning text collate "C",
    intake text collate "C",
    dead bigint,
    injured bigint,
    trapped bigint,
    state text collate "C" not null,
    correlation text collate "C" not null,
    opened_at bigint not null,
    opener text collate "C",
    opened_by text,
    closed_at bigint,
    closed_by text,
    closed_reason text
);
create unique index incident_by_number on incident (origin, day, serial);
create index incident_by_state on incident (state, opened_at, id);
create index incident_by_age on incident (opened_at, id);
create index incident_by_warning on incident (warning, opened_at);

create table incident_reach (
    id text collate "C" not null,
    region text collate "C" not null,
    primary key (id, region)
);
create index incident_reach_by_region on incident_reach (region, id);

create table intake (
    id text collate "C" primary key,
    owner text collate "C" not null,
    owner_name text not null,
    words text not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    lon double precision,
    lat double precision,
    hazard text collate "C",
    dead bigint,
    injured bigint,
    trapped bigint,
    started_at bigint not null,
    saved_at bigint not null,
    revision bigint not null,
    incident text collate "C",
    forget_at bigint not null
);
create index intake_by_owner on intake (owner, saved_at, id);
create index intake_by_age on intake (saved_at, id);
create index intake_by_end on intake (forget_at, id);

create table task (
    id text collate "C" primary key,
    origin text collate "C" not null,
    serial bigint not null,
    number text collate "C" not null,
    incident text collate "C" not null,
    incident_title text not null,
    region text collate "C" not null,
    org text collate "C",
    class text collate "C" not null,
    title text not null,
    detail text not null,
    assignee text collate "C" not null,
    assignee_name text not null,
    assigner text collate "C",
    assigner_name text,
    state text collate "C" not null,
    accept_by bigint not null,
    due_at bigint not null,
    accept_missed bigint not null,
    due_missed bigint not null,
    assigned_at bigint not null,
    accepted_at bigint,
    ended_at bigint,
    report text
);
create unique index task_by_number on task (origin, serial);
create index task_by_age on task (assigned_at, id);
create index task_by_incident on task (incident, assigned_at, id);
create index task_by_assignee on task (assignee, state, due_at);
create index task_by_accept on task (state, accept_missed, accept_by);
create index task_by_due on task (state, due_missed, due_at);
create index task_by_end on task (ended_at, id);

create table task_reach (
    id text collate "C" not null,
    region text collate "C" not null,
    primary key (id, region)
);
create index task_reach_by_region on task_reach (region, id);

create table duty_claim (
    kind text collate "C" not null,
    item text collate "C" not null,
    person text collate "C" not null,
    person_name text not null,
    claimed_at bigint not null,
    primary key (kind, item)
);

create table response_time_a (
    id text collate "C" primary key,
    origin text collate "C",
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    title text not null,
    hazard text collate "C",
    level bigint,
    warning text collate "C",
    warning_number text collate "C",
    incident text collate "C",
    incident_number text collate "C",
    began_at bigint not null,
    proposed_at bigint,
    reviewed_at bigint,
    issued_at bigint,
    over_at bigint,
    opened_at bigint,
    assigned_at bigint,
    accepted_at bigint,
    done_at bigint,
    closed_at bigint
);
create index response_time_a_by_age on response_time_a (began_at, id);
create index response_time_a_by_incident on response_time_a (incident);

create table response_time_b (
    id text collate "C" primary key,
    origin text collate "C",
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    title text not null,
    hazard text collate "C",
    level bigint,
    warning text collate "C",
    warning_number text collate "C",
    incident text collate "C",
    incident_number text collate "C",
    began_at bigint not null,
    proposed_at bigint,
    reviewed_at bigint,
    issued_at bigint,
    over_at bigint,
    opened_at bigint,
    assigned_at bigint,
    accepted_at bigint,
    done_at bigint,
    closed_at bigint
);
create index response_time_b_by_age on response_time_b (began_at, id);
create index response_time_b_by_incident on response_time_b (incident);

create table response_task_a (
    task text collate "C" primary key,
    incident text collate "C" not null
);

create table response_task_b (
    task text collate "C" primary key,
    incident text collate "C" not null
);
