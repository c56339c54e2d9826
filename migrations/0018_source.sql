-- Why frames were refused, as one text for many alike; and gateways that have lost what they read from.

alter table rejected_frame add column cause text collate "C";
create index rejected_frame_by_station on rejected_frame (station, received, id);

alter table station_contact add column cut_at bigint;
