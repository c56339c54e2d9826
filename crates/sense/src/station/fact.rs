//! What can happen to a station, and the only writer of its tables.

use base::{AdminCode, Point, Quantity};
use host::{Entry, Slice, Summary, Table, Tables, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Class, READ, SensorId};
use crate::protocol::Protocol;

host::facts! {
    /// What can happen to a station.
    pub enum StationFact {
        "station.registered" v 1 => Registered(Registered),
        "station.changed" v 1 => Changed(Changed),
    }
}

/// The kinds above, for those who follow the register.
pub(crate) const KINDS: [&str; 2] = ["station.registered", "station.changed"];

/// A station was registered; from now on its frames are stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Registered {
    pub code: String,
    pub name: String,
    pub class: Class,
    pub region: AdminCode,
    pub river: Option<String>,
    pub point: Option<Point>,
    pub protocol: Protocol,
    pub period_s: i64,
    pub sensors: Vec<SensorDefinition>,
}

/// One sensor of a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SensorDefinition {
    pub id: SensorId,
    pub quantity: Quantity,
    pub element: String,
}

/// What is said of a station changed. Sensors are added, never taken away: their
/// readings stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Changed {
    pub name: String,
    pub class: Class,
    pub region: AdminCode,
    pub river: Option<String>,
    pub point: Option<Point>,
    pub period_s: i64,
    pub added: Vec<SensorDefinition>,
}

const TABLES: &[Table] = &[
    Table::facts("station"),
    Table::facts("sensor"),
    Table::working("station_password"),
    Table::working("station_contact"),
];

pub(crate) fn slice() -> Slice {
    Slice::new::<StationFact>("station", 1, TABLES, READ, apply, summary)
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &StationFact) {
    let station = entry.header.subject;
    match fact {
        StationFact::Registered(it) => {
            tables.run(
                "insert into station (id, origin, code, name, kind, region, org, class, river, \
                 lon, lat, protocol, period_s, registered_at, last_fact) values \
                 ($1, $2, $3, $4, $5, $6, $14, $15, $7, $8, $9, $10, $11, $12, $13)",
                params![
                    station,
                    &entry.header.origin,
                    &it.code,
                    &it.name,
                    it.class.code(),
                    &it.region,
                    it.river.clone(),
                    it.point.map(Point::lon),
                    it.point.map(Point::lat),
                    it.protocol.code(),
                    it.period_s,
                    entry.at(),
                    entry.header.id,
                    entry.header.org,
                    entry.header.class,
                ],
            );
            add_sensors(tables, entry, &it.region, &it.sensors);
        }
        StationFact::Changed(it) => {
            tables.run(
                "update station set name = $2, kind = $3, region = $4, river = $5, lon = $6, \
                 lat = $7, period_s = $8, last_fact = $9 where id = $1",
                params![
                    station,
                    &it.name,
                    it.class.code(),
                    &it.region,
                    it.river.clone(),
                    it.point.map(Point::lon),
                    it.point.map(Point::lat),
                    it.period_s,
                    entry.header.id,
                ],
            );
            tables.run(
                "update sensor set region = $2, last_fact = $3 where station = $1",
                params![station, &it.region, entry.header.id],
            );
            add_sensors(tables, entry, &it.region, &it.added);
        }
    }
}

fn add_sensors(
    tables: &mut Tables<'_>,
    entry: &Entry,
    region: &AdminCode,
    sensors: &[SensorDefinition],
) {
    for sensor in sensors {
        tables.run(
            "insert into sensor (id, station, region, org, class, position, quantity, element, \
             last_fact) values ($1, $2, $3, $7, $8, \
             (select count(*) from sensor where station = $2), $4, $5, $6)",
            params![
                sensor.id,
                entry.header.subject,
                region,
                sensor.quantity.code(),
                &sensor.element,
                entry.header.id,
                entry.header.org,
                entry.header.class,
            ],
        );
    }
}

fn summary(_: &Entry, fact: &StationFact) -> Summary {
    match fact {
        StationFact::Registered(it) => Summary::new(
            format!("登记{} {}（{}）", it.class.word(), it.name, it.code),
            json!({ "name": it.name, "code": it.code, "region": it.region }),
        ),
        StationFact::Changed(it) => Summary::new(
            format!("变更{} {} 的登记", it.class.word(), it.name),
            json!({ "name": it.name, "region": it.region }),
        ),
    }
}
