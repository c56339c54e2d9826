-- Who people are, what they may do, and the sessions and secrets beside the log.

create table account (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    account text collate "C" not null,
    person text collate "C" not null,
    name text not null,
    works_for text collate "C",
    office text collate "C",
    state text collate "C" not null,
    opened_at bigint not null
);
create unique index account_by_name on account (origin, account);
create index account_by_person on account (person);

create table role (
    role text collate "C" primary key,
    word text not null,
    permissions text not null
);

create table organisation (
    id text collate "C" primary key,
    origin text collate "C" not null,
    name text not null,
    kind text collate "C" not null,
    parent text collate "C",
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    state text collate "C" not null,
    founded_at bigint not null
);
create index organisation_by_parent on organisation (parent, id);
create index organisation_by_name on organisation (name, id);

create table org_within (
    ancestor text collate "C" not null,
    org text collate "C" not null,
    primary key (ancestor, org)
);
create index org_within_by_org on org_within (org, ancestor);

create table role_grant (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    account text collate "C" not null,
    role text collate "C" not null,
    over_region text collate "C",
    over_org text collate "C",
    given_at bigint not null
);
create index role_grant_by_account on role_grant (account, id);

create table credential (
    account text collate "C" primary key,
    hash text not null,
    must_change bigint not null,
    changed_at bigint not null
);

create table sign_in_failure (
    name text collate "C" not null,
    source text collate "C" not null,
    failures bigint not null,
    locks bigint not null,
    locked_until bigint,
    last_at bigint not null,
    primary key (name, source)
);
create index sign_in_failure_by_age on sign_in_failure (last_at);

create table session (
    secret text collate "C" primary key,
    id text collate "C" not null,
    account text collate "C" not null,
    csrf text not null,
    source text not null,
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null
);
create index session_by_account on session (account);
create index session_by_expiry on session (expires_at);

create table first_start (
    office text collate "C" primary key,
    secret text not null
);
