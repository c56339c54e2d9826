//! What a station is, and what may be said of it.

use base::quantity::SeriesKind;
use base::{AdminCode, Duration, Point, Quantity, Timestamp};
use host::web::text;
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::{Registered, SensorDefinition};
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
    pub point: Option<Point>,
    pub protocol: Protocol,
    /// Seconds between two reports, when all is well.
    pub period_s: i64,
    pub registered_at: Timestamp,
    /// In the order they were registered.
    pub sensors: Vec<Sensor>,
    #[serde(skip)]
    pub home: host::Home,
}

/// A sensor as it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sensor {
    pub id: SensorId,
    pub station: StationId,
    pub region: AdminCode,
    pub quantity: Quantity,
    /// The element of the station's protocol: `Z`, `PJ`.
    pub element: String,
    pub protocol: Protocol,
    pub period_s: i64,
}

/// What kind of station (SL 651-2014, annex A).
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
    Other,
}

/// How a station's line is doing, from its last contact and its period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "StationStatus")]
pub enum Status {
    /// Heard within one and a half periods.
    Online,
    /// Heard within three periods.
    Stale,
    /// Not heard for more than three periods.
    Silent,
    /// Not heard since it was registered.
    Never,
}

impl Class {
    pub const ALL: [Class; 12] = [
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
        Class::Other,
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
            Class::Other => "other",
        }
    }

    /// The Chinese name of annex A.
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
    /// The status at `now` of a station that reports every `period_s` seconds.
    pub fn at(now: Timestamp, last_contact: Option<Timestamp>, period_s: i64) -> Status {
        let Some(last_contact) = last_contact else { return Status::Never };
        let silence = now.since(last_contact);
        let period = Duration::from_secs(period_s).as_millis();
        if silence.as_millis() <= period.saturating_mul(3) / 2 {
            Status::Online
        } else if silence.as_millis() <= period.saturating_mul(3) {
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
    pub point: Option<Point>,
    /// Seconds between two reports: 1 to 2 678 400 (31 days).
    pub period_s: i64,
    /// Elements of the protocol, one sensor each: `["Z", "PJ", "PT", "VT"]`.
    pub elements: Vec<String>,
    /// As the protocol has it (`/api/protocols`). A frame with another password is then
    /// refused; without it the password is not looked at.
    pub password: Option<String>,
}

const LONGEST_PERIOD_S: i64 = 31 * 24 * 3_600;
const MOST_ELEMENTS: usize = 64;

impl StationDetails {
    /// Decides what is registered: checks every field and names every sensor.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the field.
    pub fn decide(
        &self,
        protocol: Protocol,
        code: &str,
        mut new_id: impl FnMut() -> base::Id,
    ) -> Result<Registered> {
        let code = protocol.station_code(code)?;
        let sensors = elements(protocol, &self.elements)?
            .into_iter()
            .map(|(element, quantity)| SensorDefinition { id: new_id().into(), quantity, element })
            .collect();
        Ok(Registered {
            code,
            name: text("name", &self.name, 1, 64)?,
            class: self.class,
            river: river(self.river.as_deref())?,
            point: self.point,
            protocol,
            period_s: period(self.period_s)?,
            sensors,
        })
    }

    /// The password that its frames must carry, in its protocol's one form.
    pub fn password(&self, protocol: Protocol) -> Result<Option<String>> {
        self.password.as_deref().map(|typed| protocol.password(typed)).transpose()
    }
}

/// Each element with its quantity.
pub(super) fn elements(protocol: Protocol, codes: &[String]) -> Result<Vec<(String, Quantity)>> {
    if codes.is_empty() || MOST_ELEMENTS < codes.len() {
        let seen = format!("{} elements", codes.len());
        return Err(Error::invalid("elements", seen, "1 to 64 elements"));
    }
    let known = protocol.elements();
    let mut found: Vec<(String, Quantity)> = Vec::with_capacity(codes.len());
    for code in codes {
        let element = known.iter().find(|element| element.code == code).ok_or_else(|| {
            let expected = format!("elements of {} that have a quantity here", protocol.word());
            Error::invalid("elements", code, expected)
        })?;
        if found.iter().any(|(known, _)| known == code) {
            return Err(Error::invalid("elements", code, "each element once"));
        }
        found.push((code.clone(), element.quantity));
    }
    Ok(found)
}

pub(super) fn river(river: Option<&str>) -> Result<Option<String>> {
    river.map(|river| text("river", river, 1, 64)).transpose()
}

pub(super) fn period(seconds: i64) -> Result<i64> {
    let fits = (1..=LONGEST_PERIOD_S).contains(&seconds);
    fits.then_some(seconds)
        .ok_or_else(|| Error::invalid("period_s", seconds, "1 to 2678400 seconds"))
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
    pub point: Option<Point>,
    pub protocol: Protocol,
    /// The protocol's short name: `SL 651`.
    pub protocol_word: &'static str,
    pub period_s: i64,
    pub status: Status,
    pub status_word: &'static str,
    pub registered_at: Timestamp,
    pub last_contact: Option<Timestamp>,
    /// Whether frames must carry a password.
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
        let after = |seconds| Status::at(heard + Duration::from_secs(seconds), Some(heard), 300);
        assert_eq!(Status::at(heard, None, 300), Status::Never);
        assert_eq!(after(0), Status::Online);
        assert_eq!(after(450), Status::Online);
        assert_eq!(after(451), Status::Stale);
        assert_eq!(after(900), Status::Stale);
        assert_eq!(after(901), Status::Silent);
        // A clock that was set back makes nobody silent.
        assert_eq!(after(-3_600), Status::Online);
    }

    #[test]
    fn an_element_without_a_quantity_or_named_twice_is_refused() {
        let named = |codes: &[&str]| {
            let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
            elements(Protocol::Sl651, &codes)
        };
        assert_eq!(
            named(&["Z"]).expect("water level"),
            vec![("Z".to_owned(), Quantity::WaterLevel)]
        );
        assert!(named(&["CODMN"]).is_err());
        assert!(named(&["DRZ1"]).is_err(), "relative levels need a base");
        assert!(named(&["Z", "Z"]).is_err());
        assert!(named(&[]).is_err());
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
}
