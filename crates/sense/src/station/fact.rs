//! What can happen to a station, and the only writer of its tables.

use base::{Point, Quantity};
use host::{Entry, Slice, Summary, Table, Tables, params, row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Class, READ, SensorId};
use crate::protocol::Protocol;

host::facts! {
    /// What can happen to a station.
    pub enum StationFact {
        "station.registered" v 2 => Registered(Registered),
        "station.changed" v 2 => Changed(Changed),
    } upcast host::fact::less;
}

/// The kinds above, for those who follow the register.
pub(crate) const KINDS: [&str; 2] = ["station.registered", "station.changed"];

/// A station was registered; from now on its frames are stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Registered {
    pub code: String,
    pub name: String,
    pub class: Class,
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
    pub river: Option<String>,
    pub point: Option<Point>,
    pub period_s: i64,
    pub added: Vec<SensorDefinition>,
}

const TABLES: &[Table] = &[
    Table::subjects("station"),
    Table::facts("sensor"),
    Table::working("station_password"),
    Table::working("station_contact"),
];

pub(crate) fn slice() -> Slice {
    Slice::new::<StationFact>("station", 2, TABLES, READ, apply, summary)
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &StationFact) {
    match fact {
        StationFact::Registered(it) => {
            let row = row! {
                code: &it.code,
                name: &it.name,
                kind: it.class.code(),
                river: it.river.clone(),
                lon: it.point.map(Point::lon),
                lat: it.point.map(Point::lat),
                protocol: it.protocol.code(),
                period_s: it.period_s,
                registered_at: entry.at(),
            };
            tables.put("station", entry, row);
            add_sensors(tables, entry, &it.sensors);
        }
        StationFact::Changed(it) => {
            tables.run(
                "update station set name = $2, kind = $3, river = $4, lon = $5, lat = $6, \
                 period_s = $7 where id = $1",
                params![
                    entry.header.subject,
                    &it.name,
                    it.class.code(),
                    it.river.clone(),
                    it.point.map(Point::lon),
                    it.point.map(Point::lat),
                    it.period_s,
                ],
            );
            add_sensors(tables, entry, &it.added);
        }
    }
}

/// Sensors are part of their station, and seen by whoever sees it.
fn add_sensors(tables: &mut Tables<'_>, entry: &Entry, sensors: &[SensorDefinition]) {
    for sensor in sensors {
        tables.run(
            "insert into sensor (id, station, position, quantity, element) values ($1, $2, \
             (select count(*) from sensor where station = $2), $3, $4)",
            params![sensor.id, entry.header.subject, sensor.quantity.code(), &sensor.element],
        );
    }
}

fn summary(entry: &Entry, fact: &StationFact) -> Summary {
    let region = &entry.header.region;
    match fact {
        StationFact::Registered(it) => Summary::new(
            format!("登记{} {}（{}）", it.class.word(), it.name, it.code),
            json!({ "name": it.name, "code": it.code, "region": region }),
        ),
        StationFact::Changed(it) => Summary::new(
            format!("变更{} {} 的登记", it.class.word(), it.name),
            json!({ "name": it.name, "region": region }),
        ),
    }
}
