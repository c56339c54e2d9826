-- What stations were asked, by whom, how far that is, and what they answered.

create table station_command (
    id text collate "C" primary key,
    station text collate "C" not null,
    ask text not null,
    word text not null,
    kind text collate "C" not null,
    reason text,
    asked_at bigint not null,
    asked_by text collate "C",
    asked_by_name text not null,
    until_at bigint not null,
    state text collate "C" not null,
    changed_at bigint not null,
    why text,
    sent text,
    sent_at bigint,
    said text,
    documents text,
    answered_at bigint
);
create index station_command_by_station on station_command (station, asked_at, id);
create index station_command_by_state on station_command (station, state);

-- Those whose station is within reach again are looked for by it.
create index errand_by_subject on errand (effect, subject, state);
