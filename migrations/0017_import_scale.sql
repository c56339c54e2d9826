-- Rows of a large table find what they are known by without looking at all the others, and an import says how long it held the writer.

create index site_within_enterprise on site (enterprise, kind, code);
create index station_by_protocol_and_code on station (protocol, code);
create index sensor_by_position on sensor (station, position);

alter table import_run add column longest_us bigint not null default 0;
