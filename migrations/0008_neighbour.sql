-- Other nodes: whose hand this node believes, what it lets them ask for, and what it refused from them.

create table node_key (
    origin text collate "C" not null,
    fingerprint text collate "C" not null,
    sm2 text not null,
    ed25519 text not null,
    previous text,
    announced_at bigint not null,
    primary key (origin, fingerprint)
);

create table neighbour_key (
    origin text collate "C" not null,
    fingerprint text collate "C" not null,
    trusted bigint not null,
    reason text,
    decided_by text not null,
    decided_at bigint not null,
    primary key (origin, fingerprint)
);

create table segment_refused (
    digest text collate "C" primary key,
    origin text not null,
    reason text not null,
    bytes bigint not null,
    times bigint not null,
    refused_at bigint not null
);
create index segment_refused_by_time on segment_refused (refused_at);
