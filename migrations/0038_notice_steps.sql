-- A notice has steps with their times: taken, verified, closed; and goes up when they are missed.

alter table notice add column verify_by bigint;
alter table notice add column next_at bigint;
alter table notice add column closed_at bigint;
create index notice_by_next on notice (next_at, id);

create table notice_reach (
    id text collate "C" not null,
    region text collate "C" not null,
    primary key (id, region)
);
create index notice_reach_by_region on notice_reach (region, id);

-- Everything that was said of it, in order.
create table notice_check (
    entry text collate "C" not null,
    notice text collate "C" not null,
    at bigint not null,
    side text collate "C" not null,
    verdict text collate "C" not null,
    words text not null,
    person text collate "C",
    by_name text not null,
    primary key (notice, entry)
);
create index notice_check_by_notice on notice_check (notice, at, entry);

-- Each time it went up.
create table notice_escalation (
    entry text collate "C" not null,
    notice text collate "C" not null,
    at bigint not null,
    from_region text collate "C" not null,
    from_name text not null,
    to_region text collate "C",
    to_name text not null,
    why text collate "C" not null,
    told bigint not null,
    primary key (notice, entry)
);
create index notice_escalation_by_notice on notice_escalation (notice, at, entry);
