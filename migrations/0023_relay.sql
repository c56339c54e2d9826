-- Who may speak for a station, and through whose hands its last report came.

create table station_relay (
    station text collate "C" primary key,
    relay text collate "C" not null
);
create index station_relay_by_relay on station_relay (relay, station);

alter table station_contact add column via text;
