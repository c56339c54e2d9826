//! What can happen to a station, and its tables.

use base::{Coordinates, Id, Point, Quantity, Timestamp};
use host::document::DocumentRef;
use host::{Entry, Slice, Summary, Table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::apply::apply;
use super::command::{AskState, CommandId};
use super::{Class, KeyId, Mapping, READ, SensorId, Station, StationId};
use crate::check::Settings;
use crate::protocol::Protocol;
use crate::protocol::form::{Ask, Kind};
use crate::retention::RetentionSet;

host::facts! {
    /// What can happen to a station.
    pub enum StationFact {
        "station.registered" v 4 => Registered(Registered),
        "station.changed" v 4 => Changed(Changed),
        "station.key_issued" v 1 => KeyIssued(KeyIssued),
        "station.key_ended" v 1 => KeyEnded(KeyEnded),
        "station.asked" v 1 => Asked(Asked),
        "station.ask_changed" v 1 => AskChanged(AskChanged),
        "station.answered" v 1 => Answered(Answered),
        "station.relayed" v 1 => Relayed(Relayed),
        "station.checks_set" v 1 => ChecksSet(ChecksSet),
        "station.silence_set" v 1 => SilenceSet(SilenceSet),
        "station.retention_set" v 1 => RetentionSet(RetentionSet),
        "station.placed" v 1 => Placed(Placed),
    } upcast host::fact::less;
}

/// The kinds above, for those who follow the register.
pub(crate) const KINDS: [&str; 8] = [
    "station.registered",
    "station.changed",
    "station.key_issued",
    "station.key_ended",
    "station.relayed",
    "station.checks_set",
    "station.retention_set",
    "station.placed",
];

/// A station was registered; from now on its frames are stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Registered {
    pub code: String,
    pub name: String,
    pub class: Class,
    pub river: Option<String>,
    pub point: Option<Point>,
    /// The place as it was given; facts from before version 4 did not keep it.
    #[serde(default)]
    pub original: Option<Coordinates>,
    pub protocol: Protocol,
    pub period_s: i64,
    /// What of the registers (`survey`) it stands at.
    #[serde(default)]
    pub site: Option<Id>,
    /// Whether points that its host defines become sensors by themselves.
    #[serde(default)]
    pub adopts: bool,
    pub sensors: Vec<SensorDefinition>,
}

/// One sensor of a station, and how what is sent of it becomes a reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SensorDefinition {
    pub id: SensorId,
    pub quantity: Quantity,
    /// As its station's messages name it.
    pub element: String,
    #[serde(flatten)]
    pub mapping: Mapping,
}

/// What is said of a station changed. Sensors are added and retired, never taken away:
/// their readings stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Changed {
    pub name: String,
    pub class: Class,
    pub river: Option<String>,
    pub point: Option<Point>,
    #[serde(default)]
    pub original: Option<Coordinates>,
    pub period_s: i64,
    #[serde(default)]
    pub site: Option<Id>,
    #[serde(default)]
    pub adopts: bool,
    pub added: Vec<SensorDefinition>,
    /// Sensors whose readings are made differently from now on.
    #[serde(default)]
    pub mended: Vec<Mended>,
    /// Sensors that take no more readings; their elements are free again.
    #[serde(default)]
    pub retired: Vec<SensorId>,
}

impl Changed {
    /// What is said of a station stays as it is.
    pub(crate) fn nothing(station: &Station) -> Changed {
        Changed {
            name: station.name.clone(),
            class: station.class,
            river: station.river.clone(),
            point: station.point,
            original: station.original,
            period_s: station.period_s,
            site: station.site,
            adopts: station.adopts,
            added: Vec::new(),
            mended: Vec::new(),
            retired: Vec::new(),
        }
    }
}

/// The new mapping of a sensor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mended {
    pub sensor: SensorId,
    #[serde(flatten)]
    pub mapping: Mapping,
}

/// A key was issued, by which the station's messages are known from now on; the key
/// itself is in no fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyIssued {
    pub key: KeyId,
    /// Until when the keys before it are still good: the overlap of a rotation.
    pub others_until: Option<Timestamp>,
}

/// A key is good no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyEnded {
    pub key: KeyId,
}

/// Somebody asked something of the station; it goes out after this.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    pub command: CommandId,
    pub ask: Ask,
    /// What its form is called, in Chinese.
    pub word: String,
    pub kind: Kind,
    /// From then on it does not go out any more.
    pub until: Timestamp,
    pub reason: Option<String>,
    /// Who asked, by name.
    pub by: String,
}

/// A command to the station got further, or came to an end without an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AskChanged {
    pub command: CommandId,
    pub state: AskState,
    pub why: Option<String>,
    /// The bytes that went out, in hexadecimal digits; passwords are hidden.
    pub sent: Option<String>,
    /// Who took it back, by name.
    pub by: Option<String>,
}

/// The station answered a command, in time or late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answered {
    pub command: CommandId,
    /// The bytes that went out, as in [`AskChanged`].
    pub sent: Option<String>,
    /// What it says in its protocol's words; without passwords.
    pub said: Option<serde_json::Value>,
    /// Where the bytes of the answer are kept.
    pub documents: Vec<DocumentRef>,
}

/// Another sender may speak for it from now on, or nobody but itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Relayed {
    pub relay: Option<StationId>,
}

/// The readings of a sensor are checked as is said here from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChecksSet {
    pub sensor: SensorId,
    pub checks: Settings,
}

/// What is expected of a station's line was said anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SilenceSet {
    /// Silent after so many seconds; as its protocol's table says when absent.
    pub silent_after_s: Option<i64>,
    /// Nobody waits for it until then.
    pub paused_until: Option<Timestamp>,
    pub reason: String,
    /// What it was called then.
    pub name: String,
}

/// Where it stands was said anew, and at what of the registers; its region is its home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Placed {
    /// In CGCS2000.
    pub point: Option<Point>,
    /// The place as it was given.
    pub original: Option<Coordinates>,
    pub site: Option<Id>,
    pub reason: String,
}

const TABLES: &[Table] = &[
    Table::subjects("station"),
    Table::facts("sensor"),
    Table::facts("station_key"),
    Table::facts("station_command"),
    Table::facts("station_relay"),
    Table::working("station_secret"),
    Table::working("station_contact"),
    Table::working("station_clock"),
    Table::working("listening"),
];

pub(crate) fn slice() -> Slice {
    Slice::new::<StationFact>("station", 4, TABLES, READ, apply, summary)
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
        StationFact::KeyIssued(it) => Summary::new(
            match it.others_until {
                Some(until) => format!("签发接入密钥，旧密钥有效至 {}", until.to_beijing()),
                None => "签发接入密钥".to_owned(),
            },
            json!({ "key": it.key, "region": region }),
        ),
        StationFact::Relayed(it) => Summary::new(
            match it.relay {
                Some(_) => "准许由他站转报".to_owned(),
                None => "改为自行报送".to_owned(),
            },
            json!({ "relay": it.relay, "region": region }),
        ),
        StationFact::KeyEnded(it) => {
            Summary::new("停用接入密钥".to_owned(), json!({ "key": it.key, "region": region }))
        }
        StationFact::Asked(it) => Summary::new(
            match &it.reason {
                Some(reason) => format!("远程命令：{}（{reason}）", it.word),
                None => format!("远程命令：{}", it.word),
            },
            json!({ "command": it.command, "region": region }),
        ),
        StationFact::AskChanged(it) => Summary::new(
            format!("远程命令{}", it.state.word()),
            json!({ "command": it.command, "state": it.state, "region": region }),
        ),
        StationFact::Answered(it) => Summary::new(
            "测站应答远程命令".to_owned(),
            json!({ "command": it.command, "state": AskState::Answered, "region": region }),
        ),
        StationFact::ChecksSet(it) => Summary::new(
            format!("设定质控：{}", it.checks.reason),
            json!({ "sensor": it.sensor, "region": region }),
        ),
        StationFact::SilenceSet(it) => Summary::new(
            match it.paused_until {
                Some(until) => format!("{} 停测至 {}：{}", it.name, until.to_beijing(), it.reason),
                None => format!("设定 {} 的静默时限：{}", it.name, it.reason),
            },
            json!({ "name": it.name, "region": region }),
        ),
        StationFact::RetentionSet(it) => Summary::new(
            format!("设定数据保存期限：{}", it.reason),
            json!({ "sensor": it.sensor, "retention": it.retention, "region": region }),
        ),
        StationFact::Placed(it) => Summary::new(
            format!("变更测站位置与归属：{}", it.reason),
            json!({ "point": it.point, "site": it.site, "region": region }),
        ),
    }
}

#[cfg(test)]
mod tests {
    use host::fact::Fact as _;

    use super::*;

    #[test]
    fn facts_of_before_the_numbers_on_the_paper_were_kept_still_read() {
        let body = r#"{"code":"0010820551","name":"青石湾","class":"river","river":null,
            "point":{"lon":126.75,"lat":42.97},"protocol":"sl651","period_s":300,"site":null,
            "adopts":false,"sensors":[]}"#;
        let read = StationFact::from_body("station.registered", 3, body).expect("known");
        let StationFact::Registered(it) = read.expect("reads") else { panic!("another kind") };
        assert_eq!((it.point, it.original), (Point::new(126.75, 42.97).ok(), None));
        let body = r#"{"name":"青石湾","class":"river","river":null,"point":null,"period_s":300,
            "added":[]}"#;
        let read = StationFact::from_body("station.changed", 3, body).expect("known");
        let StationFact::Changed(it) = read.expect("reads") else { panic!("another kind") };
        assert_eq!(it.original, None);
    }
}
