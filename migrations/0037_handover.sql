-- The desk changes hands by a sheet: what was open, who takes it on, and both signatures.

create table handover (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    day text collate "C" not null,
    serial bigint not null,
    number text collate "C" not null,
    region_name text not null,
    state text collate "C" not null,
    revision bigint not null,
    giver text collate "C" not null,
    giver_name text not null,
    stands_in text,
    since bigint,
    begun_at bigint not null,
    words text not null,
    signed_at bigint,
    sheet text,
    lines bigint,
    critical bigint,
    receiver text collate "C",
    receiver_name text,
    received_at bigint,
    receipt text,
    turned_back text
);
create unique index handover_by_number on handover (origin, day, serial);
create index handover_by_age on handover (begun_at, id);
create index handover_by_desk on handover (region, org, state, received_at, id);
