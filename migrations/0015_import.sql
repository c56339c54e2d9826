-- Tables that people bring in files: how far each is, and what is wrong with which row.

create table import_run (
    id text collate "C" primary key,
    register text not null,
    person text collate "C" not null,
    person_name text not null,
    actor text not null,
    scope text not null,
    file text not null,
    bytes bigint not null,
    digest text not null,
    layout text not null,
    state text collate "C" not null,
    problem text,
    rows bigint not null,
    rows_seen bigint not null,
    row_next bigint not null,
    added bigint not null,
    changed bigint not null,
    same bigint not null,
    refused bigint not null,
    sample text not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index import_run_by_person on import_run (person, created_at, id);
create index import_run_by_state on import_run (state, created_at, id);

create table import_fault (
    run text collate "C" not null,
    position bigint not null,
    place bigint not null,
    column_name text not null,
    code text not null,
    seen text not null,
    expected text not null,
    primary key (run, position, place)
);
