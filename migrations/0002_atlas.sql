-- Regions, what they are called, and which report to which: every scope is read from here.

create table region (
    code text collate "C" primary key,
    name text not null,
    name_en text,
    tier text collate "C" not null,
    reports_to text collate "C",
    label_lon double precision,
    label_lat double precision,
    west double precision,
    south double precision,
    east double precision,
    north double precision,
    source text not null
);
create index region_by_parent on region (reports_to, code);

create table region_within (
    ancestor text collate "C" not null,
    region text collate "C" not null,
    primary key (ancestor, region)
);
create index region_within_by_region on region_within (region, ancestor);
