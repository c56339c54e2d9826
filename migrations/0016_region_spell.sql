-- Which divisions there were when: codes and names change, and what is at home in an old one stays there.

create table region_spell (
    code text collate "C" not null,
    valid_from text collate "C" not null,
    valid_to text collate "C" not null,
    name text not null,
    name_en text,
    tier text collate "C" not null,
    reports_to text collate "C",
    succeeded_by text collate "C",
    source text not null,
    primary key (code, valid_from)
);
create index region_spell_by_parent on region_spell (reports_to, code);

alter table region add column ended text;
