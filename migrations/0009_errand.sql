-- What goes out of this node: each errand, how far it is, and what a person has to decide.

create table errand (
    id text collate "C" primary key,
    effect text collate "C" not null,
    key text collate "C" not null,
    subject text collate "C" not null,
    region text collate "C",
    org text collate "C",
    class text collate "C" not null,
    title text not null,
    payload text not null,
    cause text collate "C",
    correlation text collate "C",
    state text collate "C" not null,
    attempts bigint not null,
    failures bigint not null,
    due_at bigint not null,
    until_at bigint,
    made_at bigint not null,
    changed_at bigint not null,
    said text
);
create unique index errand_by_key on errand (effect, key);
create index errand_by_due on errand (effect, state, due_at, id);
create index errand_by_change on errand (changed_at, id);
create index errand_by_state on errand (state, changed_at, id);
