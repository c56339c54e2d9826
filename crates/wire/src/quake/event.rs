//! What the three formats say, in one shape.

use std::collections::BTreeMap;

use base::{Point, Timestamp};

/// What was read of a document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// In the document's order.
    pub events: Vec<Event>,
    /// What could not be read, and where, in order; at most [`super::Limits::faults`].
    pub faults: Vec<Fault>,
    /// How many more there were.
    pub more_faults: usize,
    /// Fields that have no place in an [`Event`], by where they stood, with how often:
    /// nothing was wrong with them.
    pub passed_over: BTreeMap<String, usize>,
}

/// One event by one document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Event {
    /// `id` of GeoJSON, `publicID` of QuakeML, `EventID` of a line.
    pub id: String,
    /// Who published it, as it names itself (`us`, `ci`); `None` where nobody is named.
    pub agency: Option<String>,
    /// Ids of other agencies for the same event, its own among them.
    pub ids: Vec<String>,
    /// `earthquake`, `quarry blast` and so on, as it was written.
    pub kind: Option<String>,
    /// Words for where.
    pub place: Option<String>,
    pub status: Status,
    /// When this version was made.
    pub updated: Option<Timestamp>,
    pub version: Option<String>,
    pub origins: Vec<Origin>,
    pub magnitudes: Vec<Magnitude>,
    /// Which origin and magnitude the sender prefers; `None` where it does not say, or
    /// names one that is not there (which is a fault).
    pub preferred_origin: Option<usize>,
    pub preferred_magnitude: Option<usize>,
}

/// How far the sender has looked at an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Status {
    #[default]
    Unknown,
    Automatic,
    Reviewed,
    /// Taken back, or found not to exist.
    Deleted,
}

/// Where and when, by one computation. What was not said is `None`, and never 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Origin {
    pub id: Option<String>,
    pub time: Option<Timestamp>,
    /// Of the time, s.
    pub time_uncertainty_s: Option<f64>,
    pub place: Option<Point>,
    /// Of the place, km.
    pub horizontal_uncertainty_km: Option<f64>,
    /// Below the surface, km.
    pub depth_km: Option<f64>,
    pub depth_uncertainty_km: Option<f64>,
    /// How the depth came about, as it was written (`operator assigned`).
    pub depth_type: Option<String>,
    pub status: Status,
    pub agency: Option<String>,
}

/// How strong, by one computation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Magnitude {
    pub id: Option<String>,
    pub value: f64,
    pub uncertainty: Option<f64>,
    /// `ml`, `mww`, `Ms`, as it was written; `None` where it was not.
    pub scale: Option<String>,
    /// The origin it was computed with.
    pub origin: Option<String>,
    pub status: Status,
    pub agency: Option<String>,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `features[3].properties.time`, `event[0]/origin[1]/depth`, `line 4`.
    pub place: String,
    /// What was seen and what was expected.
    pub problem: String,
}

impl Event {
    /// The origin to use: the preferred one, else the first that was given.
    pub fn origin(&self) -> Option<&Origin> {
        self.origins.get(self.preferred_origin.unwrap_or(0))
    }

    /// The magnitude to use: the preferred one, else the first that was given.
    pub fn magnitude(&self) -> Option<&Magnitude> {
        self.magnitudes.get(self.preferred_magnitude.unwrap_or(0))
    }
}
