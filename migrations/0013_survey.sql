-- Registers of what is dangerous: enterprises, who is to be called there, and their mines, ponds, hazard sources and tanks.

create table enterprise (
    id text collate "C" primary key,
    origin text collate "C" not null,
    revision bigint not null,
    name text collate "C" not null,
    short_name text collate "C",
    credit_code text collate "C" not null,
    access_code text collate "C",
    lon double precision,
    lat double precision,
    description text not null,
    state text collate "C" not null,
    since text collate "C" not null,
    reason text,
    region text collate "C" not null,
    org text collate "C",
    class text collate "C" not null,
    registered_at bigint not null
);
create index enterprise_by_age on enterprise (registered_at, id);
create index enterprise_by_region on enterprise (region, registered_at, id);
create index enterprise_by_org on enterprise (org, registered_at, id);
create index enterprise_by_name on enterprise (name);
create index enterprise_by_short_name on enterprise (short_name);
create index enterprise_by_credit_code on enterprise (credit_code);
create index enterprise_by_access_code on enterprise (access_code);

create table enterprise_kind (
    enterprise text collate "C" not null,
    kind text collate "C" not null,
    primary key (enterprise, kind)
);

create table enterprise_contact (
    id text collate "C" not null,
    enterprise text collate "C" not null,
    duty text collate "C" not null,
    person text not null,
    primary key (enterprise, id)
);

create table site (
    id text collate "C" primary key,
    origin text collate "C" not null,
    revision bigint not null,
    enterprise text collate "C" not null,
    kind text collate "C" not null,
    code text collate "C" not null,
    name text collate "C" not null,
    part_of text collate "C",
    grade bigint,
    lon double precision,
    lat double precision,
    description text not null,
    state text collate "C" not null,
    since text collate "C" not null,
    reason text,
    region text collate "C" not null,
    org text collate "C",
    class text collate "C" not null,
    registered_at bigint not null
);
create index site_by_age on site (registered_at, id);
create index site_by_region on site (region, registered_at, id);
create index site_by_org on site (org, registered_at, id);
create index site_by_enterprise on site (enterprise, registered_at, id);
create index site_by_part_of on site (part_of, registered_at, id);
create index site_by_name on site (name);
create index site_by_code on site (code, kind);
