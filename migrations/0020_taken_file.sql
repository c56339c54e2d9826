-- Which files were stored, by name and contents, so that one that comes again is told from one that was corrected.

create table taken_file (
    station text collate "C" not null,
    digest text collate "C" not null,
    name text not null,
    received bigint not null,
    primary key (station, digest)
);
create index taken_file_by_name on taken_file (station, name);
create index taken_file_by_age on taken_file (station, received);
