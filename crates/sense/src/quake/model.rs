//! A report of an earthquake, and an earthquake as the register has it.

use base::{AdminCode, Duration, Id, Point, Timestamp};
use schemars::JsonSchema;
use science::earthquake::{self, Depth, Standing};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

base::typed_id!(EarthquakeId, "An earthquake.");
host::db_id!(EarthquakeId);
base::typed_id!(ReportId, "One version of what somebody says of an earthquake.");
host::db_id!(ReportId);

/// In place of an agency's name on screens and in lists, where a person typed it in.
pub const TYPED: &str = "typed";

/// One version of what an agency, or a duty officer, says of one earthquake.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EarthquakeReport")]
pub struct Report {
    /// Who says so, in lower case (`cenc`, `us`); `None` for what was typed in, and where
    /// a document names nobody.
    pub agency: Option<String>,
    /// The agency's own id of the earthquake.
    pub event: String,
    /// Ids of other agencies for the same one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    pub version: Option<String>,
    /// When this version was made.
    pub updated: Option<Timestamp>,
    /// How far it has been looked at.
    #[serde(with = "standing")]
    #[schemars(with = "String")]
    pub standing: Standing,
    /// `earthquake`, `quarry blast`, as it was written.
    pub kind: Option<String>,
    /// Words for where.
    pub place: Option<String>,
    /// When the earth quaked.
    pub time: Timestamp,
    /// How far `time` may be wrong beyond the usual, s: 0 to 60.
    #[serde(default)]
    pub time_within_s: i64,
    pub point: Point,
    /// Below the surface, km; `None` where none was said.
    pub depth_km: Option<f64>,
    /// How the depth came about, as it was written.
    pub depth_type: Option<String>,
    pub magnitude: Option<f64>,
    /// What it was measured on (`Ms`, `mww`), as it was written.
    pub scale: Option<String>,
    pub origin: Origin,
}

/// How a report came here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "EarthquakeReportOrigin")]
pub enum Origin {
    /// In a document.
    Document {
        /// SHA-256 of its bytes, hex.
        sha256: String,
        format: super::Format,
    },
    /// Typed in.
    Typed {
        /// Who told the duty officer: 吉林省地震局值班室.
        source: String,
        /// Why it was typed in, corrected or taken back.
        reason: String,
        /// By name at that time.
        by: Option<String>,
    },
}

/// The word of a standing, as it is on the wire and in tables.
pub fn standing_code(standing: Standing) -> &'static str {
    match standing {
        Standing::Unknown => "unknown",
        Standing::Automatic => "automatic",
        Standing::Reviewed => "reviewed",
        Standing::Deleted => "deleted",
    }
}

mod standing {
    use science::earthquake::Standing;
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(standing: &Standing, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(super::standing_code(*standing))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Standing, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let all = [Standing::Unknown, Standing::Automatic, Standing::Reviewed, Standing::Deleted];
        let found = all.into_iter().find(|it| super::standing_code(*it) == code);
        found.ok_or_else(|| D::Error::custom(format!("{code:?} is no standing of a report")))
    }
}

impl Report {
    /// The same id for the same words of the same agency, whichever road they came by:
    /// what came already is nothing new.
    pub fn id(&self) -> ReportId {
        let mut said = serde_json::to_value(self).expect("a report is plain data");
        if let Some(fields) = said.as_object_mut() {
            fields.remove("origin");
        }
        let digest = Sha256::digest(said.to_string());
        ReportId(Id::from_bytes(digest[..16].try_into().expect("16 of 32 bytes")))
    }

    /// As the association looks at it.
    pub(super) fn to_science(&self) -> earthquake::Report {
        earthquake::Report {
            agency: self.agency.clone(),
            id: self.event.clone(),
            aliases: self.aliases.clone(),
            updated: self.updated,
            standing: self.standing,
            time: self.time,
            time_within: Duration::from_secs(self.time_within_s),
            place: self.point,
            depth: self.depth_km.and_then(|km| Depth::from_km(km).ok()),
            magnitude: self.magnitude,
        }
    }

    /// `M5.8 松原市宁江区`, as a line of a log says it.
    pub fn title(&self) -> String {
        let magnitude = self.magnitude.map_or("震级未报".to_owned(), |value| {
            let scale = self.scale.as_deref().unwrap_or("M");
            format!("{scale}{value:.1}")
        });
        let (lon, lat) = (self.point.lon(), self.point.lat());
        let place = self.place.clone().unwrap_or_else(|| format!("{lat:.2}°N {lon:.2}°E"));
        format!("{magnitude} {place}")
    }
}

/// What has become of an earthquake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "EarthquakeState")]
pub enum State {
    /// Some agency stands by it.
    Reported,
    /// All who reported it have taken it back.
    Withdrawn,
    /// It turned out to be another one, which has its reports now.
    Merged,
}

impl State {
    pub(super) fn code(self) -> &'static str {
        match self {
            State::Reported => "reported",
            State::Withdrawn => "withdrawn",
            State::Merged => "merged",
        }
    }
}

/// An earthquake as the API gives it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Earthquake {
    pub id: EarthquakeId,
    pub state: State,
    /// The one that it turned out to be.
    pub merged_into: Option<EarthquakeId>,
    /// Where it is at home: the county that the epicentre lies in, or the top of the
    /// register.
    pub region: Option<AdminCode>,
    /// What is believed; when all was taken back, what was said last.
    pub shown: Report,
    /// The report that is believed; `None` when all was taken back.
    pub believed: Option<ReportId>,
    /// How many reports it has, each version counted.
    pub reports: i64,
    /// Who has reported it; `typed` where a person did.
    pub agencies: Vec<String>,
    /// How often it was said anew.
    pub revision: i64,
    pub reported_at: Timestamp,
    pub changed_at: Timestamp,
}

/// A report as the API gives it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "EarthquakeReportView")]
pub struct ReportView {
    pub id: ReportId,
    #[serde(flatten)]
    pub report: Report,
    pub received_at: Timestamp,
    /// Whether it is what is believed of the earthquake.
    pub believed: bool,
    /// Whether its agency has said something newer.
    pub superseded: bool,
}
