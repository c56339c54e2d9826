-- A rule may hold more than a single reading against its line, may be put aside for a while, and is published by another person than whoever proposed it.

alter table rule add column measure text not null default '{"kind":"value"}';
alter table rule add column accepts text collate "C" not null default 'not_bad';
alter table rule add column proposed_by text;
alter table rule add column shelved_until bigint;
alter table rule add column shelved_at bigint;
alter table rule add column shelved_by text;
alter table rule add column shelved_because text;
create index rule_by_shelving on rule (shelved_until, id);

-- The last proposal of each rule; the rule itself need not be there yet.
create table rule_proposal (
    id text collate "C" primary key,
    origin text collate "C" not null,
    region text collate "C" not null,
    org text collate "C",
    class text collate "C" not null,
    station text collate "C" not null,
    sensor text collate "C" not null,
    -- JSON of what happened last: rule.proposed.
    proposed text not null,
    proposed_at bigint not null,
    state text collate "C" not null,
    decided_at bigint,
    decided_by text,
    decided_because text
);
create index rule_proposal_by_age on rule_proposal (state, proposed_at, id);
