-- Which messages name persons, so that whoever may can open one; what they say is with the documents, sealed.

create table person_file (
    id text collate "C" primary key,
    station text collate "C" not null,
    received bigint not null,
    source text not null,
    kind text collate "C" not null,
    name text not null,
    made bigint not null,
    records bigint not null,
    bad bigint not null,
    documents text not null
);
create index person_file_by_station on person_file (station, received, id);
