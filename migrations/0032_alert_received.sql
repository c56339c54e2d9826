-- Warnings of other authorities as they came, and what came and was no message.

create table received (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    source text not null,
    sender text collate "C" not null,
    identifier text collate "C" not null,
    sent bigint not null,
    sent_text text not null,
    status text collate "C" not null,
    scope text collate "C" not null,
    msg_type text collate "C" not null,
    sender_name text not null,
    event text not null,
    headline text not null,
    area text not null,
    level bigint,
    severity text collate "C",
    urgency text collate "C",
    certainty text collate "C",
    begins bigint,
    ends bigint,
    expired bigint not null,
    is_real bigint not null,
    faults text not null,
    more_faults bigint not null,
    hash text collate "C" not null,
    documents text not null,
    bytes bigint not null,
    in_feed bigint not null,
    received_at bigint not null
);
create unique index received_by_name on received (origin, sender, identifier, sent);
create index received_by_time on received (received_at, id);
create index received_by_end on received (expired, is_real, ends);
create index received_by_hash on received (hash);

create table received_reach (
    id text collate "C" not null,
    region text collate "C" not null,
    primary key (id, region)
);
create index received_reach_by_region on received_reach (region, id);

create table received_reference (
    id text collate "C" not null,
    sender text collate "C" not null,
    identifier text collate "C" not null,
    sent bigint not null,
    primary key (id, sender, identifier, sent)
);
create index received_reference_by_name on received_reference (sender, identifier, sent);

create table received_reject (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    source text not null,
    reason text not null,
    hash text collate "C" not null,
    documents text not null,
    bytes bigint not null,
    received_at bigint not null
);
create index received_reject_by_time on received_reject (received_at, id);
create index received_reject_by_hash on received_reject (hash);
