-- For how long a sensor's readings are kept where a person has said so, ranges of readings that are held, and what retention did each day.

alter table sensor add column retention text;

create table reading_hold (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    name text not null,
    reason text not null,
    from_at bigint not null,
    to_at bigint,
    extent text not null,
    about text collate "C",
    release_at bigint,
    placed_at bigint not null,
    placed_by text,
    ended_at bigint,
    ended_by text,
    ended_reason text
);
create index reading_hold_by_age on reading_hold (placed_at, id);
create index reading_hold_by_about on reading_hold (about);
create index reading_hold_by_end on reading_hold (ended_at, release_at, id);

create table retention_run (
    day text collate "C" primary key,
    state text collate "C" not null,
    started_at bigint not null,
    ended_at bigint,
    why text,
    gone text not null,
    held bigint not null
);
