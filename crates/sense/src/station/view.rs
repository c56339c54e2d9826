//! Stations and sensors as the API gives them.

use base::quantity::SeriesKind;
use base::{AdminCode, Coordinates, Id, Point, Quantity, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Class, ClockView, Mapping, SensorId, StationId, Status};
use crate::protocol::{Protocol, Why};

/// A station as the API gives it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Station")]
pub(crate) struct StationView {
    pub id: StationId,
    pub code: String,
    pub name: String,
    pub class: Class,
    /// The Chinese name of the class.
    pub class_word: &'static str,
    pub region: AdminCode,
    pub region_name: String,
    pub river: Option<String>,
    /// In CGCS2000.
    pub point: Option<Point>,
    /// The place as it was given, with its datum; `null` also where that was not kept.
    pub original: Option<Coordinates>,
    pub protocol: Protocol,
    /// The protocol's short name: `SL 651`.
    pub protocol_word: &'static str,
    pub period_s: i64,
    /// For so many seconds it may say nothing before it is silent.
    pub silent_after_s: i64,
    /// Where that number is from: a source of `patience.json`, or `person`.
    pub patience_source: &'static str,
    /// Nobody waits for it until then.
    pub paused_until: Option<Timestamp>,
    pub status: Status,
    pub status_word: &'static str,
    pub registered_at: Timestamp,
    pub last_contact: Option<Timestamp>,
    /// `null` while too little is known, and of protocols that do not say when they send.
    pub clock: Option<ClockView>,
    /// What of the registers it stands at.
    pub site: Option<Id>,
    /// Whether points that its host defines become sensors by themselves.
    pub adopts: bool,
    /// Whether messages must be proved by a password or a key.
    pub has_password: bool,
    pub sensors: Vec<SensorView>,
    /// Values that came and became no reading, newest first; only for one station.
    pub omissions: Option<Vec<OmissionView>>,
}

/// A sensor as the API gives it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Sensor")]
pub(crate) struct SensorView {
    pub id: SensorId,
    pub station: StationId,
    pub quantity: Quantity,
    pub unit: &'static str,
    pub word: &'static str,
    pub kind: SeriesKind,
    pub element: String,
    /// The Chinese name of the element in its standard.
    pub element_word: String,
    /// How what is sent becomes a reading.
    pub mapping: Mapping,
    /// Whether a person has set what is checked of it; see `/api/sensors/{id}/checks`.
    pub checks_set: bool,
    /// Since when it takes no more readings.
    pub retired_at: Option<Timestamp>,
    pub latest: Option<LatestView>,
    pub period_s: i64,
}

/// The newest reading that is not in the future.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Latest")]
pub(crate) struct LatestView {
    pub time: Timestamp,
    pub value: f64,
    pub quality: base::Quality,
    pub received: Timestamp,
}

/// Values of one element that became no reading.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Omission")]
pub(crate) struct OmissionView {
    pub element: String,
    pub element_word: String,
    pub why: Why,
    pub why_word: &'static str,
    pub times: i64,
    pub last_seen: Timestamp,
    pub last_value: String,
}
