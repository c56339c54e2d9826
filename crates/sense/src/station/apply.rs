//! The only writer of the tables of stations.

use base::{Coordinates, Id, Point};
use host::{Entry, Tables, params, row};
use serde_json::json;

use super::fact::{Mended, SensorDefinition, StationFact};

pub(super) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &StationFact) {
    match fact {
        StationFact::Registered(it) => {
            let row = row! {
                code: &it.code,
                name: &it.name,
                kind: it.class.code(),
                river: it.river.clone(),
                lon: it.point.map(Point::lon),
                lat: it.point.map(Point::lat),
                original_x: it.original.map(|given| given.original[0]),
                original_y: it.original.map(|given| given.original[1]),
                datum: it.original.map(|given| given.datum.code()),
                protocol: it.protocol.code(),
                period_s: it.period_s,
                registered_at: entry.at(),
                site: it.site,
                adopts: it.adopts,
            };
            tables.put("station", entry, row);
            add_sensors(tables, entry, &it.sensors);
        }
        StationFact::Changed(it) => {
            tables.run(
                "update station set name = $2, kind = $3, river = $4, period_s = $5, \
                 adopts = $6 where id = $1",
                params![
                    entry.header.subject,
                    &it.name,
                    it.class.code(),
                    it.river.clone(),
                    it.period_s,
                    it.adopts,
                ],
            );
            put(tables, entry, (it.point, it.original), it.site);
            for sensor in &it.retired {
                tables.run(
                    "update sensor set retired_at = $3 where id = $2 and station = $1",
                    params![entry.header.subject, *sensor, entry.at()],
                );
            }
            for Mended { sensor, mapping } in &it.mended {
                tables.run(
                    "update sensor set name = $3, factor = $4, shift = $5, low = $6, high = $7 \
                     where id = $2 and station = $1",
                    params![
                        entry.header.subject,
                        *sensor,
                        mapping.name.clone(),
                        mapping.factor,
                        mapping.shift,
                        mapping.low,
                        mapping.high,
                    ],
                );
            }
            add_sensors(tables, entry, &it.added);
        }
        StationFact::KeyIssued(it) => {
            tables.run(
                "update station_key set until_at = $2 where station = $1 \
                 and (until_at is null or until_at > $2)",
                params![entry.header.subject, it.others_until],
            );
            tables.run(
                "insert into station_key (id, station, issued_at) values ($1, $2, $3)",
                params![it.key, entry.header.subject, entry.at()],
            );
        }
        StationFact::Relayed(it) => {
            let station = entry.header.subject;
            tables.run("delete from station_relay where station = $1", params![station]);
            if let Some(relay) = it.relay {
                tables.run(
                    "insert into station_relay (station, relay) values ($1, $2)",
                    params![station, relay],
                );
            }
        }
        StationFact::KeyEnded(it) => tables.run(
            "update station_key set until_at = $3 where id = $2 and station = $1",
            params![entry.header.subject, it.key, entry.at()],
        ),
        StationFact::Asked(it) => tables.run(
            "insert into station_command (id, station, ask, word, kind, reason, asked_at, \
             asked_by, asked_by_name, until_at, state, changed_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'asked', $7)",
            params![
                it.command,
                entry.header.subject,
                json!(it.ask).to_string(),
                &it.word,
                it.kind.code(),
                it.reason.clone(),
                entry.at(),
                entry.header.actor.person,
                &it.by,
                it.until,
            ],
        ),
        StationFact::AskChanged(it) => tables.run(
            "update station_command set state = $3, changed_at = $4, why = $5, \
             sent = coalesce($6, sent), \
             sent_at = case when $3 = 'sent' then $4 else sent_at end \
             where id = $2 and station = $1",
            params![
                entry.header.subject,
                it.command,
                it.state.code(),
                entry.at(),
                it.why.clone(),
                it.sent.clone(),
            ],
        ),
        StationFact::Answered(it) => tables.run(
            "update station_command set state = 'answered', changed_at = $3, why = null, \
             sent = coalesce($4, sent), said = $5, documents = $6, answered_at = $3 \
             where id = $2 and station = $1",
            params![
                entry.header.subject,
                it.command,
                entry.at(),
                it.sent.clone(),
                it.said.as_ref().map(serde_json::Value::to_string),
                json!(it.documents).to_string(),
            ],
        ),
        StationFact::ChecksSet(it) => tables.run(
            "update sensor set checks = $3 where id = $2 and station = $1",
            params![entry.header.subject, it.sensor, json!(it.checks).to_string()],
        ),
        StationFact::SilenceSet(it) => tables.run(
            "update station set silent_after_s = $2, paused_until = $3 where id = $1",
            params![entry.header.subject, it.silent_after_s, it.paused_until],
        ),
        StationFact::RetentionSet(it) => tables.run(
            "update sensor set retention = $3 where id = $2 and station = $1",
            params![entry.header.subject, it.sensor, it.retention.clone()],
        ),
        StationFact::Placed(it) => put(tables, entry, (it.point, it.original), it.site),
    }
}

/// Writes where a station stands, and at what.
fn put(
    tables: &mut Tables<'_>,
    entry: &Entry,
    (point, original): (Option<Point>, Option<Coordinates>),
    site: Option<Id>,
) {
    tables.run(
        "update station set lon = $2, lat = $3, original_x = $4, original_y = $5, \
         datum = $6, site = $7 where id = $1",
        params![
            entry.header.subject,
            point.map(Point::lon),
            point.map(Point::lat),
            original.map(|given| given.original[0]),
            original.map(|given| given.original[1]),
            original.map(|given| given.datum.code()),
            site,
        ],
    );
}

/// Sensors are part of their station, and seen by whoever sees it.
fn add_sensors(tables: &mut Tables<'_>, entry: &Entry, sensors: &[SensorDefinition]) {
    for sensor in sensors {
        tables.run(
            "insert into sensor (id, station, position, quantity, element, name, factor, shift, \
             low, high) values ($1, $2, (select coalesce(max(position) + 1, 0) from sensor \
             where station = $2), $3, $4, \
             $5, $6, $7, $8, $9)",
            params![
                sensor.id,
                entry.header.subject,
                sensor.quantity.code(),
                &sensor.element,
                sensor.mapping.name.clone(),
                sensor.mapping.factor,
                sensor.mapping.shift,
                sensor.mapping.low,
                sensor.mapping.high,
            ],
        );
    }
}
