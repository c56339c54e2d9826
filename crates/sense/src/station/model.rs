//! What a station is, and what may be said of it.

use base::quantity::SeriesKind;
use std::collections::HashSet;

use base::{AdminCode, Coordinates, Duration, Id, Located, Point, Quantity, Timestamp};
use host::web::text;
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::{Registered, SensorDefinition};
use super::{ClockView, Patience};
use crate::check::Settings;
use crate::protocol::{Protocol, Why};

base::typed_id!(StationId, "A station.");
base::typed_id!(SensorId, "A sensor of a station; its series goes by this id.");
host::db_id!(StationId, SensorId);

/// A station as it is registered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Station {
    pub id: StationId,
    /// In its protocol's one form.
    pub code: String,
    pub name: String,
    pub class: Class,
    pub region: AdminCode,
    pub river: Option<String>,
    /// In CGCS2000.
    pub point: Option<Point>,
    /// The place as it was given, where that was kept.
    pub original: Option<Coordinates>,
    pub protocol: Protocol,
    /// Seconds between two reports, when all is well.
    pub period_s: i64,
    /// After so many seconds without a word it is silent, where a person has set it.
    pub silent_after_s: Option<i64>,
    /// Nobody waits for it until then.
    pub paused_until: Option<Timestamp>,
    pub registered_at: Timestamp,
    /// What of the registers (`survey`) it stands at.
    pub site: Option<Id>,
    /// Whether points that its host defines become sensors by themselves.
    pub adopts: bool,
    /// Who else may speak for it.
    pub relay: Option<StationId>,
    /// In the order they were registered, retired ones included.
    pub sensors: Vec<Sensor>,
    #[serde(skip)]
    pub home: host::Home,
}

/// A sensor as it is registered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sensor {
    pub id: SensorId,
    pub station: StationId,
    pub region: AdminCode,
    pub quantity: Quantity,
    /// The element of the station's protocol: `Z`, `PJ`.
    pub element: String,
    pub protocol: Protocol,
    pub period_s: i64,
    pub mapping: Mapping,
    /// What a person has set to be checked of its readings, in the place of what its
    /// quantity says.
    pub checks: Option<Settings>,
    /// The class of retention that a person has set, in the place of what its rule says.
    pub retention: Option<String>,
    /// Since when it takes no more readings.
    pub retired_at: Option<Timestamp>,
}

/// How what a device sends of a point becomes a reading: the value on the wire times
/// `factor` plus `shift`, in the unit of the sensor's quantity.
///
/// A reading outside `low..=high` is kept, and uncertain by our check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mapping {
    /// Where or what it measures: `1301综采工作面T1`.
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default = "one")]
    pub factor: f64,
    #[serde(default)]
    pub shift: f64,
    /// The least that the device can measure, in the quantity's unit.
    #[serde(default)]
    pub low: Option<f64>,
    /// The most.
    #[serde(default)]
    pub high: Option<f64>,
}

fn one() -> f64 {
    1.0
}

impl Default for Mapping {
    fn default() -> Mapping {
        Mapping { name: None, factor: 1.0, shift: 0.0, low: None, high: None }
    }
}

impl Mapping {
    /// The reading of what is on the wire, and whether it lies where the device can
    /// measure.
    pub fn apply(&self, value: f64) -> (f64, bool) {
        let value = value * self.factor + self.shift;
        let inside =
            self.low.is_none_or(|low| low <= value) && self.high.is_none_or(|high| value <= high);
        (value, inside)
    }

    /// # Errors
    /// [`Error::Invalid`] that names the field.
    pub fn decide(&self) -> Result<Mapping> {
        let Mapping { factor, shift, low, high, .. } = *self;
        if !factor.is_finite() || factor == 0.0 {
            return Err(Error::invalid("factor", factor, "a number other than 0"));
        }
        if !shift.is_finite() {
            return Err(Error::invalid("shift", shift, "a number"));
        }
        if let (Some(low), Some(high)) = (low, high)
            && high <= low
        {
            return Err(Error::invalid("high", high, format!("more than low, which is {low}")));
        }
        let name = self.name.as_deref().map(|name| text("name", name, 1, 128)).transpose()?;
        Ok(Mapping { name, factor, shift, low, high })
    }
}

/// What kind of station: those of waters are SL 651-2014's (annex A); those of work
/// safety stand for the host or gateway of a whole enterprise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "StationClass")]
pub enum Class {
    River,
    Reservoir,
    Rain,
    Gate,
    Pump,
    Tide,
    Soil,
    Groundwater,
    Quality,
    Intake,
    Outlet,
    Mine,
    Chemical,
    Tailings,
    Fireworks,
    Slope,
    Weather,
    Other,
}

/// How a station's line is doing, from its last contact and what is expected of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "StationStatus")]
pub enum Status {
    /// Heard within one and a half periods.
    Online,
    /// Not heard within that, and not yet for longer than it may say nothing.
    Stale,
    /// Not heard for longer than it may say nothing while we were listening.
    Silent,
    /// Not heard since it was registered.
    Never,
}

/// What is expected of a station's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Between two reports.
    pub period: Duration,
    /// For how long it may say nothing.
    pub patience: Duration,
    /// Since when it could be heard, if that is known: we were deaf, or it was stopped.
    pub since: Option<Timestamp>,
}

impl Class {
    pub const ALL: [Class; 18] = [
        Class::River,
        Class::Reservoir,
        Class::Rain,
        Class::Gate,
        Class::Pump,
        Class::Tide,
        Class::Soil,
        Class::Groundwater,
        Class::Quality,
        Class::Intake,
        Class::Outlet,
        Class::Mine,
        Class::Chemical,
        Class::Tailings,
        Class::Fireworks,
        Class::Slope,
        Class::Weather,
        Class::Other,
    ];

    /// Those of SL 651-2014, annex A.
    pub const OF_WATERS: [Class; 11] = [
        Class::River,
        Class::Reservoir,
        Class::Rain,
        Class::Gate,
        Class::Pump,
        Class::Tide,
        Class::Soil,
        Class::Groundwater,
        Class::Quality,
        Class::Intake,
        Class::Outlet,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Class::River => "river",
            Class::Reservoir => "reservoir",
            Class::Rain => "rain",
            Class::Gate => "gate",
            Class::Pump => "pump",
            Class::Tide => "tide",
            Class::Soil => "soil",
            Class::Groundwater => "groundwater",
            Class::Quality => "quality",
            Class::Intake => "intake",
            Class::Outlet => "outlet",
            Class::Mine => "mine",
            Class::Chemical => "chemical",
            Class::Tailings => "tailings",
            Class::Fireworks => "fireworks",
            Class::Slope => "slope",
            Class::Weather => "weather",
            Class::Other => "other",
        }
    }

    /// The Chinese name, annex A's for those of waters.
    pub fn word(self) -> &'static str {
        match self {
            Class::River => "河道站",
            Class::Reservoir => "水库站",
            Class::Rain => "雨量站",
            Class::Gate => "闸坝站",
            Class::Pump => "泵站",
            Class::Tide => "潮汐站",
            Class::Soil => "墒情站",
            Class::Groundwater => "地下水站",
            Class::Quality => "水质站",
            Class::Intake => "取水口",
            Class::Outlet => "排水口",
            Class::Mine => "矿山",
            Class::Chemical => "危化企业",
            Class::Tailings => "尾矿库",
            Class::Fireworks => "烟花爆竹企业",
            Class::Slope => "边坡",
            Class::Weather => "气象站",
            Class::Other => "其他站",
        }
    }
}

impl std::str::FromStr for Class {
    type Err = Error;

    fn from_str(text: &str) -> Result<Class> {
        let found = Class::ALL.into_iter().find(|class| class.code() == text);
        found.ok_or_else(|| Error::invalid("class", text, "a class of station"))
    }
}

impl Status {
    /// The status at `now` of a station that was heard last at `last_contact`.
    pub fn at(now: Timestamp, last_contact: Option<Timestamp>, line: Line) -> Status {
        let Some(last_contact) = last_contact else { return Status::Never };
        let quiet = now.since(last_contact);
        // Before we listened it may have spoken.
        let missed = line.since.map_or(quiet, |since| now.since(last_contact.max(since)));
        if quiet.as_millis() <= line.period.as_millis().saturating_mul(3) / 2 {
            Status::Online
        } else if missed <= line.patience {
            Status::Stale
        } else {
            Status::Silent
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Status::Online => "在线",
            Status::Stale => "陈旧",
            Status::Silent => "静默",
            Status::Never => "从未到报",
        }
    }
}

/// What a person says of a station, when it is registered or admitted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "StationDetails")]
pub(crate) struct StationDetails {
    pub name: String,
    pub class: Class,
    pub region: AdminCode,
    pub river: Option<String>,
    /// The place as it stands on the paper, with what it is measured against.
    pub place: Option<Coordinates>,
    /// The same, by whoever has it in CGCS2000; not both.
    pub point: Option<Point>,
    /// Seconds between two reports: 1 to 2 678 400 (31 days).
    pub period_s: i64,
    /// What of the registers it stands at.
    pub site: Option<Id>,
    /// Whether points that its host defines become sensors by themselves; not when absent.
    pub adopts: Option<bool>,
    /// Elements of the protocol, one sensor each, as their words suggest:
    /// `["Z", "PJ", "PT", "VT"]`.
    pub elements: Option<Vec<String>>,
    /// Sensors of which more is said.
    pub sensors: Option<Vec<SensorDetails>>,
    /// As the protocol has it (`/api/protocols`). A frame with another password is then
    /// refused; without it the password is not looked at.
    pub password: Option<String>,
}

/// What a person says of one sensor.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct SensorDetails {
    /// As its station's messages name it.
    pub element: String,
    /// What its name suggests, when absent.
    pub quantity: Option<Quantity>,
    #[serde(flatten)]
    pub mapping: MappingDetails,
}

/// What a person says of a sensor's mapping; what is left out is what its name suggests.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
pub(crate) struct MappingDetails {
    /// Where or what it measures.
    pub name: Option<String>,
    /// The value on the wire times `factor` plus `shift` is the reading, in the unit of
    /// the quantity.
    pub factor: Option<f64>,
    pub shift: Option<f64>,
    /// The least and the most that the device can measure, in the unit of the quantity.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl MappingDetails {
    /// What was said, over what stood before.
    pub fn over(&self, before: &Mapping) -> Result<Mapping> {
        let mapping = Mapping {
            name: self.name.clone().or_else(|| before.name.clone()),
            factor: self.factor.unwrap_or(before.factor),
            shift: self.shift.unwrap_or(before.shift),
            low: self.low.or(before.low),
            high: self.high.or(before.high),
        };
        mapping.decide()
    }
}

const LONGEST_PERIOD_S: i64 = 31 * 24 * 3_600;
/// Sensors that are registered in one command.
pub(crate) const MOST_AT_ONCE: usize = 1_000;
/// Sensors of one station: a large mine has some thousand points.
pub(crate) const MOST_SENSORS: usize = 10_000;

impl StationDetails {
    /// Decides what is registered: checks every field and names every sensor.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the field.
    pub fn decide(
        &self,
        protocol: Protocol,
        code: &str,
        new_id: impl FnMut() -> Id,
    ) -> Result<Registered> {
        let code = protocol.station_code(code)?;
        let elements = self.elements.as_deref().unwrap_or_default();
        let details = self.sensors.as_deref().unwrap_or_default();
        let sensors = sensors(protocol, elements, details, new_id)?;
        let place = self.located()?;
        if sensors.is_empty() && !protocol.is_open() {
            return Err(Error::invalid("elements", "no element", "1 to 1000 elements"));
        }
        Ok(Registered {
            code,
            name: text("name", &self.name, 1, 64)?,
            class: self.class,
            river: river(self.river.as_deref())?,
            point: place.map(|place| place.point),
            original: place.map(Coordinates::from),
            protocol,
            period_s: period(self.period_s)?,
            site: self.site,
            adopts: self.adopts.unwrap_or(false),
            sensors,
        })
    }

    /// Where it stands.
    pub fn located(&self) -> Result<Option<Located>> {
        located(self.place, self.point)
    }

    /// The password that its frames must carry, in its protocol's one form.
    pub fn password(&self, protocol: Protocol) -> Result<Option<String>> {
        self.password.as_deref().map(|typed| protocol.password(typed)).transpose()
    }
}

/// A place that was said with its datum, or in CGCS2000.
///
/// # Errors
/// [`Error::Invalid`] when both are said, or the numbers are no place.
pub(super) fn located(place: Option<Coordinates>, point: Option<Point>) -> Result<Option<Located>> {
    match (place, point) {
        (Some(_), Some(_)) => Err(Error::invalid("place", "place and point", "one of them")),
        (Some(given), None) => host::web::place("place", given).map(Some),
        (None, point) => Ok(point.map(Located::from)),
    }
}

/// The sensors that elements, and details of sensors, ask for.
pub(super) fn sensors(
    protocol: Protocol,
    elements: &[String],
    details: &[SensorDetails],
    mut new_id: impl FnMut() -> Id,
) -> Result<Vec<SensorDefinition>> {
    let count = elements.len() + details.len();
    if MOST_AT_ONCE < count {
        let expected = format!("at most {MOST_AT_ONCE} at once");
        return Err(Error::invalid("elements", format!("{count} elements"), expected));
    }
    let named = elements.iter().map(|element| SensorDetails {
        element: element.clone(),
        quantity: None,
        mapping: MappingDetails::default(),
    });
    let mut seen = HashSet::with_capacity(count);
    let mut found = Vec::with_capacity(count);
    for details in named.chain(details.iter().cloned()) {
        let sensor = sensor(protocol, &details, new_id().into())?;
        if !seen.insert(sensor.element.clone()) {
            return Err(Error::invalid("elements", &sensor.element, "each element once"));
        }
        found.push(sensor);
    }
    Ok(found)
}

fn sensor(protocol: Protocol, details: &SensorDetails, id: SensorId) -> Result<SensorDefinition> {
    let code = &details.element;
    let suggested = protocol.suggestion(code).ok_or_else(|| {
        let expected = match protocol.is_open() {
            true => format!("a point's name of {}", protocol.word()),
            false => format!("elements of {} that have a quantity here", protocol.word()),
        };
        Error::invalid("elements", code, expected)
    })?;
    let quantity = match (details.quantity, suggested.quantity) {
        (Some(asked), Some(own)) if asked != own && !protocol.is_open() => {
            let expected = format!("{}, which {code} measures", own.code());
            return Err(Error::invalid("quantity", asked.code(), expected));
        }
        (Some(asked), _) => asked,
        (None, Some(own)) => own,
        (None, None) => {
            let seen = format!("no quantity for {code}");
            return Err(Error::invalid("quantity", seen, "what it measures"));
        }
    };
    // What the name suggests of the unit holds for what it suggests of the quantity.
    let before =
        if suggested.quantity == Some(quantity) { suggested.mapping } else { Mapping::default() };
    let mapping = details.mapping.over(&before)?;
    Ok(SensorDefinition { id, quantity, element: code.clone(), mapping })
}

pub(super) fn river(river: Option<&str>) -> Result<Option<String>> {
    river.map(|river| text("river", river, 1, 64)).transpose()
}

pub(super) fn period(seconds: i64) -> Result<i64> {
    let fits = (1..=LONGEST_PERIOD_S).contains(&seconds);
    fits.then_some(seconds)
        .ok_or_else(|| Error::invalid("period_s", seconds, "1 to 2678400 seconds"))
}

pub(super) fn silent_after(seconds: i64) -> Result<i64> {
    let fits = (1..=LONGEST_PERIOD_S).contains(&seconds);
    fits.then_some(seconds)
        .ok_or_else(|| Error::invalid("silent_after_s", seconds, "1 to 2678400 seconds"))
}

impl Station {
    /// For how long it may say nothing.
    pub fn patience(&self) -> Patience {
        let period = Duration::from_secs(self.period_s);
        Patience::of((self.protocol, self.class), period, self.silent_after_s)
    }

    /// What is expected of its line, by a node that listens since then.
    pub fn line(&self, since: Option<Timestamp>) -> Line {
        Line {
            period: Duration::from_secs(self.period_s),
            patience: self.patience().span,
            since: since.max(self.paused_until),
        }
    }
}

impl Sensor {
    pub fn kind(&self) -> SeriesKind {
        self.quantity.kind()
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_station_is_stale_after_one_and_a_half_periods_and_silent_after_three() {
        let heard = Timestamp::from_millis(1_000_000);
        let line =
            Line { period: Duration::from_mins(5), patience: Duration::from_mins(15), since: None };
        let after = |seconds| Status::at(heard + Duration::from_secs(seconds), Some(heard), line);
        assert_eq!(Status::at(heard, None, line), Status::Never);
        assert_eq!(after(0), Status::Online);
        assert_eq!(after(450), Status::Online);
        assert_eq!(after(451), Status::Stale);
        assert_eq!(after(900), Status::Stale);
        assert_eq!(after(901), Status::Silent);
        // A clock that was set back makes nobody silent.
        assert_eq!(after(-3_600), Status::Online);
        // We were deaf for an hour: until we have listened for as long as it may say
        // nothing, nobody knows.
        let hour = heard + Duration::from_hours(1);
        let deaf = Line { since: Some(hour), ..line };
        assert_eq!(Status::at(hour, Some(heard), deaf), Status::Stale);
        let later = hour + Duration::from_mins(15);
        assert_eq!(Status::at(later, Some(heard), deaf), Status::Stale);
        assert_eq!(Status::at(later + Duration::from_secs(1), Some(heard), deaf), Status::Silent);
    }

    #[test]
    fn an_element_without_a_quantity_or_named_twice_is_refused() {
        let named = |codes: &[&str]| {
            let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
            sensors(Protocol::Sl651, &codes, &[], || Id::from_u128(1))
        };
        let level = &named(&["Z"]).expect("water level")[0];
        assert_eq!((level.element.as_str(), level.quantity), ("Z", Quantity::WaterLevel));
        assert!(named(&["CODMN"]).is_err());
        assert!(named(&["DRZ1"]).is_err(), "relative levels need a base");
        assert!(named(&["Z", "Z"]).is_err());
        assert!(named(&["z"]).is_err());
    }

    #[test]
    fn every_class_has_a_code_that_json_uses_and_a_word() {
        for class in Class::ALL {
            let json = serde_json::to_value(class).expect("a word");
            assert_eq!(json, class.code());
            assert_eq!(class.code().parse::<Class>().expect("its own code"), class);
        }
    }

    #[test]
    fn a_mapping_makes_the_reading_and_says_what_it_cannot_be() {
        let millimetres =
            Mapping { factor: 0.001, low: Some(0.0), high: Some(14.0), ..Mapping::default() };
        assert_eq!(millimetres.apply(9_173.0), (9.173, true));
        assert_eq!(millimetres.apply(-1.0), (-0.001, false));
        assert!(!millimetres.apply(14_001.0).1);
        assert!(Mapping { factor: 0.0, ..millimetres.clone() }.decide().is_err());
        assert!(Mapping { factor: f64::NAN, ..millimetres.clone() }.decide().is_err());
        assert!(Mapping { high: Some(0.0), ..millimetres.clone() }.decide().is_err());
        assert!(millimetres.decide().is_ok());
    }
}
