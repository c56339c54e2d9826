-- The log and the trail beside it, what makes commands happen once, and where the reactions and views stand.

create table log (
    seq bigint primary key,
    origin text collate "C" not null,
    origin_seq bigint not null,
    id text collate "C" not null,
    kind text collate "C" not null,
    subject text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    cause text collate "C",
    correlation text collate "C" not null,
    occurred bigint not null,
    at bigint not null,
    header text not null,
    salt text not null,
    body text,
    body_digest text not null,
    prev text not null,
    hash text not null,
    arrived bigint not null,
    conflict text collate "C",
    unapplied text
);
create unique index log_by_origin on log (origin, origin_seq);
create unique index log_by_id on log (id);
create index log_by_kind on log (kind, seq);
create index log_by_subject on log (subject, seq);
create index log_by_region on log (region, seq);
create index log_by_org on log (org, seq);
create index log_by_correlation on log (correlation, seq);
create index log_by_conflict on log (seq) where conflict is not null;
create index log_by_unapplied on log (seq) where unapplied is not null;

create table trail (
    seq bigint primary key,
    origin text collate "C" not null,
    origin_seq bigint not null,
    id text collate "C" not null,
    kind text collate "C" not null,
    subject text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    cause text collate "C",
    correlation text collate "C" not null,
    occurred bigint not null,
    at bigint not null,
    header text not null,
    salt text not null,
    body text,
    body_digest text not null,
    prev text not null,
    hash text not null,
    arrived bigint not null,
    conflict text collate "C",
    unapplied text
);
create unique index trail_by_origin on trail (origin, origin_seq);
create index trail_by_kind on trail (kind, seq);

create table log_reach (
    seq bigint not null,
    region text collate "C" not null,
    primary key (seq, region)
);
create index log_reach_by_region on log_reach (region, seq);

create table log_head (
    book text collate "C" primary key,
    seq bigint not null
);

create table log_origin (
    book text collate "C" not null,
    origin text collate "C" not null,
    origin_seq bigint not null,
    hash text not null,
    primary key (book, origin)
);

create table reaction_cursor (
    reaction text collate "C" primary key,
    seq bigint not null,
    failures bigint not null
);

create table reaction_kind (
    reaction text collate "C" not null,
    kind text collate "C" not null,
    from_seq bigint not null,
    primary key (reaction, kind)
);

create table reaction_parked (
    reaction text collate "C" not null,
    seq bigint not null,
    subject text collate "C" not null,
    error text not null,
    parked_at bigint not null,
    primary key (reaction, seq)
);

create table job_failure (
    job text collate "C" not null,
    subject text collate "C" not null,
    due_at bigint not null,
    failures bigint not null,
    error text not null,
    parked_at bigint,
    primary key (job, subject)
);

create table view_build (
    name text collate "C" not null,
    slot text collate "C" not null,
    version bigint not null,
    kinds text not null,
    live bigint not null,
    seq bigint not null,
    failures bigint not null,
    failed_seq bigint,
    error text,
    parked_at bigint,
    primary key (name, slot)
);

create table idempotency (
    owner text collate "C" not null,
    key text collate "C" not null,
    request text not null,
    reply text not null,
    seq bigint,
    expires_at bigint not null,
    primary key (owner, key)
);
create index idempotency_by_expiry on idempotency (expires_at);

create table slice_version (
    slice text collate "C" primary key,
    version bigint not null,
    kinds text not null
);

create table key_destroyed (
    holder text collate "C" not null,
    origin text collate "C" not null,
    reason text not null,
    destroyed_at bigint not null,
    primary key (holder, origin)
);

create table world_base (
    world text collate "C" primary key,
    base text not null,
    origin text not null,
    seq bigint not null,
    hash text not null,
    purpose text not null,
    branched_at bigint not null
);

create table owned_origin (
    origin text collate "C" primary key
);

create table base_subject (
    subject text collate "C" primary key,
    header text not null,
    maker text collate "C" not null
);
