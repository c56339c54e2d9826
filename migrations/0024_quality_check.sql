-- What a person has set to be checked of a sensor's readings, and how many were flagged.

alter table sensor add column checks text;
alter table station_minute add column flagged bigint not null default 0;
