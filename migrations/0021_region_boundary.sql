-- Official outlines of divisions, each of one code from a day on, so that a map and a place look up what was so then.

create table region_boundary (
    code text collate "C" not null,
    valid_from text collate "C" not null,
    outline text not null,
    west double precision not null,
    south double precision not null,
    east double precision not null,
    north double precision not null,
    area_km2 double precision not null,
    points bigint not null,
    datum text not null,
    source text not null,
    file text not null,
    primary key (code, valid_from)
);
