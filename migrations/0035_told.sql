-- Who is told of a notice or a warning: the contact book.

create table contact (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    revision bigint not null,
    name text collate "C" not null,
    duty text not null,
    person text collate "C",
    address text not null,
    has_mobile bigint not null,
    has_email bigint not null,
    mobile_index text collate "C",
    state text collate "C" not null,
    reason text,
    entered_at bigint not null
);
create index contact_by_age on contact (entered_at, id);
create index contact_by_name on contact (name, id);
create index contact_by_person on contact (person, id);
create index contact_by_mobile on contact (mobile_index, id);

-- In which order, and for which levels.
create table ladder (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    revision bigint not null,
    name text not null,
    levels text not null,
    steps text not null,
    state text collate "C" not null,
    reason text,
    drawn_at bigint not null,
    changed_at bigint not null
);
create index ladder_by_age on ladder (drawn_at, id);
create index ladder_by_region on ladder (region, id);

-- What came of it, person by person.
create table calling (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    correlation text collate "C" not null,
    noun text collate "C" not null,
    about text collate "C" not null,
    title text not null,
    content text not null,
    hazard text collate "C" not null,
    level bigint not null,
    ladder text collate "C" not null,
    ladder_name text not null,
    ladder_revision bigint not null,
    steps text not null,
    state text collate "C" not null,
    step bigint not null,
    due_at bigint,
    begun_at bigint not null,
    answer text,
    ended text
);
create index calling_by_age on calling (begun_at, id);
create index calling_by_state on calling (state, due_at, id);
create index calling_by_about on calling (about, ladder, id);

create table calling_call (
    calling text collate "C" not null,
    step bigint not null,
    contact text collate "C" not null,
    channel text collate "C" not null,
    name text not null,
    duty text not null,
    person text collate "C",
    state text collate "C" not null,
    state_at bigint not null,
    times bigint not null,
    why text,
    words text,
    recorded_by text,
    primary key (calling, step, contact, channel)
);
create index calling_call_by_person on calling_call (person, calling);
