-- Segments as files: what each neighbour may read, how far it was sent this node's log, and what was taken.

create table neighbour_reading (
    origin text collate "C" primary key,
    regions text not null,
    openness text collate "C" not null,
    decided_by text not null,
    decided_at bigint not null
);

create table segment_sent (
    neighbour text collate "C" primary key,
    last bigint not null,
    ordered_at bigint not null
);

create table segment_taken (
    origin text collate "C" primary key,
    file text not null,
    first bigint not null,
    last bigint not null,
    fresh bigint not null,
    taken_at bigint not null
);
