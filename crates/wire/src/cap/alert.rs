//! A message: alert, info, resource, area, in the order of the standard.
//!
//! `None` is what a message does not have, or has empty. Those that the standard demands
//! are optional here too, because messages come without them; [`super::check`] says so.

use serde::{Deserialize, Serialize};

use super::value::{Circle, List, Polygon, Reference, References, Time};
use super::word::{Category, Certainty, MsgType, ResponseType, Scope, Severity, Status, Urgency};

/// The edition that a message says it is of, by its namespace.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Version {
    #[serde(rename = "1.0")]
    V10,
    #[serde(rename = "1.1")]
    V11,
    #[serde(rename = "1.2")]
    #[default]
    V12,
}

impl Version {
    pub const ALL: [Version; 3] = [Version::V10, Version::V11, Version::V12];

    pub fn namespace(self) -> &'static str {
        match self {
            Version::V10 => "http://www.incident.com/cap/1.0",
            Version::V11 => "urn:oasis:names:tc:emergency:cap:1.1",
            Version::V12 => "urn:oasis:names:tc:emergency:cap:1.2",
        }
    }
}

/// A message (§3.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Alert {
    #[serde(default)]
    pub version: Version,
    pub identifier: String,
    pub sender: String,
    pub sent: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub msg_type: Option<MsgType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restriction: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addresses: Option<List>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub code: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<References>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incidents: Option<List>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub info: Vec<Info>,
}

/// What is said, in one language (§3.2.2).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Info {
    /// RFC 3066; without it `en-US` is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<Category>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub response_type: Vec<ResponseType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certainty: Option<Certainty>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub event_code: Vec<Pair>,
    /// Without it the message is in force since it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub onset: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameter: Vec<Pair>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resource: Vec<Resource>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub area: Vec<Area>,
}

/// A name of some list and a value in it (`eventCode`, `parameter`, `geocode`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pair {
    pub value_name: String,
    /// May be empty.
    pub value: String,
}

/// A file that belongs to it (§3.2.3).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Resource {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_desc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// Bytes, a whole number; about that many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// The file itself, Base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deref_uri: Option<String>,
    /// SHA-1 of the file, hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// Where (§3.2.4): the union of all its shapes and codes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Area {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_desc: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub polygon: Vec<Polygon>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub circle: Vec<Circle>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub geocode: Vec<Pair>,
    /// Feet above mean sea level; the lower end when there is a ceiling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub altitude: Option<String>,
    /// Feet above mean sea level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<String>,
}

impl Default for Time {
    fn default() -> Time {
        Time::from_text("")
    }
}

impl Alert {
    /// What names it among all messages.
    pub fn reference(&self) -> Reference {
        let (sender, identifier) = (self.sender.clone(), self.identifier.clone());
        Reference { sender, identifier, sent: self.sent.clone() }
    }

    /// The same message in the words of CAP 1.2: `Very Likely` is `Likely` there (§3.2.2).
    pub fn upgraded(mut self) -> Alert {
        self.version = Version::V12;
        for info in &mut self.info {
            if matches!(&info.certainty, Some(Certainty::Other(word)) if word == Certainty::VERY_LIKELY)
            {
                info.certainty = Some(Certainty::Likely);
            }
        }
        self
    }
}
