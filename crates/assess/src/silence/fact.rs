//! What can happen to a silence.

use base::{AdminCode, Id, Timestamp};
use host::{Entry, Summary};
use schemars::JsonSchema;
use sense::Protocol;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::station::StationId;

host::facts! {
    /// What can happen to a silence.
    pub enum SilenceFact {
        "silence.found" v 1 => Found(Found),
        "silence.grew" v 1 => Grew(Grew),
        "silence.ended" v 1 => Ended(Ended),
    }
}

/// What says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SilenceOf")]
pub enum What {
    /// One station.
    Station { station: StationId, name: String },
    /// Sensors of a station that speaks itself.
    Sensors { station: StationId, name: String },
    /// A station and those that it speaks for.
    Relay { relay: StationId },
    /// Many stations of a protocol at once, of one division or of any: it is the road
    /// that is cut, and not they that fell silent one by one.
    Door { region: Option<AdminCode> },
}

/// A station or a sensor that says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SilenceMember")]
pub struct Member {
    pub id: Id,
    /// What it was called then.
    pub name: String,
}

/// Nothing has been heard for longer than may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SilenceFound")]
pub struct Found {
    pub what: What,
    pub protocol: Protocol,
    /// When the last word came, of any member.
    pub last_heard: Timestamp,
    /// From when on the time was counted: the last word of the member whose time was up
    /// first, or when it could have been heard again.
    pub since: Timestamp,
    /// How long that member may say nothing, in seconds.
    pub patience_s: i64,
    /// Where that number is from: a source of `patience.json`, or `person`.
    pub patience_source: String,
    /// Who says nothing; never empty.
    pub members: Vec<Member>,
}

/// More of the same fell silent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SilenceGrew")]
pub struct Grew {
    pub members: Vec<Member>,
    /// When the last word came, of any member that there is now.
    pub last_heard: Timestamp,
    /// The words of what is silent, as they are now.
    pub title: String,
    pub station: Option<StationId>,
}

/// It was heard again, or nobody waits for it any longer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SilenceEnded")]
pub struct Ended {
    pub because: Because,
    /// The words of what was silent, as they were then.
    pub title: String,
    pub station: Option<StationId>,
    pub last_heard: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SilenceEndedBecause")]
pub enum Because {
    /// Something came.
    Heard,
    /// Somebody has stopped it for a while, or taken it away.
    Stopped,
}

impl What {
    /// The station whose page tells more.
    pub(super) fn station(&self) -> Option<StationId> {
        match self {
            What::Station { station, .. } | What::Sensors { station, .. } => Some(*station),
            What::Relay { relay } => Some(*relay),
            What::Door { .. } => None,
        }
    }

    /// `青石湾站`, `青石湾站 水位 Z`, `县级平台转报 7 站`, or `SL 651 接入（220282）12 站`.
    ///
    /// - `first`: what its first member is called; of a relay, what the relay is, for
    ///   those who see it, and nothing for others.
    pub(super) fn title(&self, protocol: Protocol, first: &str, members: usize) -> String {
        match self {
            What::Station { name, .. } => name.clone(),
            What::Sensors { name, .. } if members == 1 => format!("{name} {first}"),
            What::Sensors { name, .. } => format!("{name} {members} 个测点"),
            What::Relay { .. } if first.is_empty() => {
                format!("{} 转报 {members} 站", protocol.word())
            }
            What::Relay { .. } => format!("{first}转报 {members} 站"),
            What::Door { region: Some(region) } => {
                format!("{} 接入（{region}）{members} 站", protocol.word())
            }
            What::Door { region: None } => format!("{} 接入 {members} 站", protocol.word()),
        }
    }
}

impl Found {
    /// For everybody whom it reaches, who need not all see the relay of it.
    pub(super) fn title(&self) -> String {
        let first = match self.what {
            What::Relay { .. } => "",
            _ => self.first(),
        };
        self.what.title(self.protocol, first, self.members.len())
    }

    /// What names it: the relay where it is one.
    pub(super) fn first(&self) -> &str {
        let relay = match self.what {
            What::Relay { relay } => self.members.iter().find(|it| it.id == Id::from(relay)),
            _ => None,
        };
        relay.or(self.members.first()).map_or("", |it| &it.name)
    }
}

pub(super) fn summary(entry: &Entry, fact: &SilenceFact) -> Summary {
    let silence = entry.header.subject;
    match fact {
        SilenceFact::Found(it) => Summary::new(
            format!("{} 静默：最近到报 {}", it.title(), it.last_heard.to_beijing()),
            json!({
                "silence": silence,
                "station": it.what.station(),
                "last_heard": it.last_heard,
                "members": it.members.len(),
                "state": "active",
            }),
        ),
        SilenceFact::Grew(it) => Summary::new(
            format!("{} 静默：又有 {} 个中断", it.title, it.members.len()),
            json!({ "silence": silence, "station": it.station, "state": "active" }),
        ),
        SilenceFact::Ended(it) => Summary::new(
            match it.because {
                Because::Heard => format!("{} 恢复到报", it.title),
                Because::Stopped => format!("{} 静默终止：已停测或撤销", it.title),
            },
            json!({
                "silence": silence,
                "station": it.station,
                "state": "ended",
                "because": it.because,
            }),
        ),
    }
}
