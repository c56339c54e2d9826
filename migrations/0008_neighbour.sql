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
    regions text,
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

create table neighbour_grant (
    origin text collate "C" not null,
    permission text collate "C" not null,
    region text collate "C" not null,
    given_by text not null,
    given_at bigint not null,
    primary key (origin, permission, region)
);

create table request (
    id text collate "C" primary key,
    origin text collate "C" not null,
    to_origin text collate "C" not null,
    kind text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    body text not null,
    asked_by text not null,
    until_at bigint not null,
    made_at bigint not null,
    expired bigint not null,
    correlation text collate "C" not null
);
create index request_by_time on request (made_at, id);
create index request_by_until on request (expired, until_at);

create table request_answer (
    request text collate "C" not null,
    origin text collate "C" not null,
    accepted bigint not null,
    answer text not null,
    answered_at bigint not null,
    primary key (request, origin)
);

create table custody_subject (
    subject text collate "C" primary key,
    owner text collate "C" not null,
    since bigint not null
);

create table custody_origin (
    origin text collate "C" primary key,
    owner text collate "C" not null,
    since bigint not null
);

create table custody_proposal (
    id text collate "C" primary key,
    origin text collate "C" not null,
    subjects text not null,
    from_origin text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    reason text not null,
    proposer text collate "C" not null,
    proposed_by text not null,
    proposed_at bigint not null,
    taken_at bigint
);
