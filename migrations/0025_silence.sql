-- Silences as facts, for how long a station may say nothing, and since when the doors listen.

alter table station add column silent_after_s bigint;
alter table station add column paused_until bigint;

create table listening (
    id text collate "C" primary key,
    since bigint not null
);

create table silence (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    station text collate "C",
    what text not null,
    protocol text collate "C" not null,
    first_member text not null,
    members bigint not null,
    last_heard bigint not null,
    since bigint not null,
    patience_s bigint not null,
    patience_source text collate "C" not null,
    found_at bigint not null,
    state text collate "C" not null,
    ended_at bigint,
    ended_because text collate "C"
);
create index silence_by_age on silence (found_at, id);
create index silence_by_state on silence (state, found_at, id);
create index silence_by_end on silence (ended_at, id);

create table silence_reach (
    id text collate "C" not null,
    region text collate "C" not null,
    primary key (id, region)
);
create index silence_reach_by_region on silence_reach (region, id);

create table silence_member (
    silence text collate "C" not null,
    member text collate "C" not null,
    name text not null,
    primary key (silence, member)
);
create index silence_member_by_member on silence_member (member, silence);
