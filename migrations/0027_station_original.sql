-- A station's place as it was given, with what it was measured against; nothing where it was not kept.

alter table station add column original_x double precision;
alter table station add column original_y double precision;
alter table station add column datum text collate "C";
