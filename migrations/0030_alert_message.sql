-- Messages of CAP that this node made of its public warnings: what a subscriber got never changes.

create table message (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C" not null,
    org text collate "C",
    class text collate "C" not null,
    warning text collate "C" not null,
    title text not null,
    number text collate "C",
    msg_type text collate "C" not null,
    status text collate "C" not null,
    sender text collate "C" not null,
    identifier text collate "C" not null,
    sent bigint not null,
    ends bigint,
    xml text not null,
    made_at bigint not null
);
create unique index message_by_name on message (origin, sender, identifier);
create index message_by_warning on message (warning, made_at, id);
create index message_by_time on message (made_at, id);

create table message_reach (
    id text collate "C" not null,
    region text collate "C" not null,
    primary key (id, region)
);
create index message_reach_by_region on message_reach (region, id);
