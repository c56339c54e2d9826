//! What a gateway says once its message is open: who, when, whether it still sees its
//! instruments, and rows of values or alarms.

mod read;
mod write;

use base::Timestamp;
use serde_json::{Map, Value as Json};

use super::value::{Status, Value};

pub use read::PayloadError;

/// One report.
#[derive(Debug, Clone, PartialEq)]
pub struct Payload {
    /// The message's name again; of mines it equals the envelope's.
    pub data_id: Option<String>,
    /// Nine digits (hazchem) or twelve (mines).
    pub enterprise: String,
    pub enterprise_name: Option<String>,
    /// A code of [`super::ENTERPRISE_TYPES`], or another.
    pub enterprise_type: Option<String>,
    /// Enterprise and two digits.
    pub gateway: String,
    /// When the values were collected, by the gateway's clock.
    pub collected: Timestamp,
    /// `Some(false)`: the gateway has lost what it reads from, so nothing it says, and
    /// nothing it leaves out, can be believed. `None`: not said.
    pub is_connected: Option<bool>,
    pub kind: ReportKind,
    /// A code of [`super::DATA_TYPES`] (mines), or free text (hazchem).
    pub data_type: Option<String>,
    pub rows: Vec<Row>,
    pub form: Form,
    /// Members that are not known, in their order.
    pub more: Map<String, Json>,
}

/// Whether it is told now or caught up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportKind {
    Report,
    /// Stored while the link was broken, and sent later.
    Continues,
    Other(String),
}

/// How the same things are written by different senders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    pub names: Names,
    /// All but the ids of message and enterprise stands inside a member `report`.
    pub is_nested: bool,
    pub time: TimeForm,
    /// `"true"` instead of `true`.
    pub has_text_flags: bool,
}

/// Which words enterprise and gateway go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// `enterpriseId`, `gatewayId`.
    Hazchem,
    /// `enterpriseCode`, `gatewayCode`.
    Mine,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeForm {
    /// `20190801080000`.
    Compact,
    /// `2019-08-01 08:00:00`.
    Dashed,
}

/// One element of `datas`. One that is broken does not take the others with it.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    Quota(Quota),
    Point(Box<Point>),
    Alarm(Box<Alarm>),
    /// Of a type whose columns are not known: kept as it came.
    Other(Map<String, Json>),
    Bad {
        reason: String,
        row: Json,
    },
}

/// One value of a hazchem enterprise.
#[derive(Debug, Clone, PartialEq)]
pub struct Quota {
    /// See [`super::QuotaCode`]; others are kept.
    pub quota_id: String,
    pub value: Value,
    /// `isValid`.
    pub is_valid: Option<bool>,
    pub more: Map<String, Json>,
}

/// One value of a mine (`dataType` 04).
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub ksbh: Option<String>,
    /// See [`super::PointCode`]; others are kept.
    pub code: String,
    pub sensor_type: Option<String>,
    /// `pointLocation`, or `pointName`.
    pub place: Option<String>,
    pub value: Value,
    pub unit: Option<String>,
    pub status: Option<Status>,
    /// A status that does not read, as it came.
    pub bad_status: Option<String>,
    /// `None`: as of [`Payload::collected`].
    pub time: Option<Timestamp>,
    pub more: Map<String, Json>,
}

/// One graded alarm of a mine (`dataType` 1001).
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    pub ksbh: Option<String>,
    pub start: Timestamp,
    /// `None` while it lasts.
    pub end: Option<Timestamp>,
    pub level: Option<String>,
    pub status: Option<String>,
    pub kind: Option<String>,
    /// What it is about: most likely a point code.
    pub related: Option<String>,
    pub code: Option<String>,
    pub description: Option<String>,
    pub more: Map<String, Json>,
}

/// One value with its time, whichever kind of row it came in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading<'p> {
    pub point: &'p str,
    pub time: Timestamp,
    pub value: &'p Value,
    pub doubt: Doubt,
}

/// Why a value should not be believed as it stands; the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    None,
    /// `isConnectDataSource` is false.
    LinkLost,
    /// The device says that the value is not valid.
    Invalid,
    /// The state of the point forbids it, or does not read.
    Status,
}

impl Form {
    pub const HAZCHEM: Form = Form {
        names: Names::Hazchem,
        is_nested: false,
        time: TimeForm::Compact,
        has_text_flags: true,
    };
    pub const MINE: Form = Form {
        names: Names::Mine,
        is_nested: false,
        time: TimeForm::Dashed,
        has_text_flags: false,
    };
}

impl Payload {
    /// Every value of a row that has one, in order.
    pub fn readings(&self) -> impl Iterator<Item = Reading<'_>> {
        self.rows.iter().filter_map(|row| {
            let (point, time, value, doubt) = match row {
                Row::Quota(quota) => {
                    let doubt = match quota.is_valid {
                        Some(false) => Doubt::Invalid,
                        _ => Doubt::None,
                    };
                    (&quota.quota_id, self.collected, &quota.value, doubt)
                }
                Row::Point(point) => {
                    let is_doubted = point.bad_status.is_some()
                        || point.status.is_some_and(|status| !status.is_usable());
                    let doubt = if is_doubted { Doubt::Status } else { Doubt::None };
                    (&point.code, point.time.unwrap_or(self.collected), &point.value, doubt)
                }
                Row::Alarm(_) | Row::Other(_) | Row::Bad { .. } => return None,
            };
            let doubt = match self.is_connected {
                Some(false) => Doubt::LinkLost,
                _ => doubt,
            };
            Some(Reading { point, time, value, doubt })
        })
    }
}

impl ReportKind {
    pub fn word(&self) -> &str {
        match self {
            ReportKind::Report => "report",
            ReportKind::Continues => "continues",
            ReportKind::Other(word) => word,
        }
    }
}
