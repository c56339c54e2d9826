//! A file of outlines: features with attributes and rings, from GeoJSON or a shapefile.
//!
//! Any bytes at all are features or a refusal. What a sender can make us hold is bounded
//! by the constants below, whatever the file says of itself.

use base::Datum;

use super::{geojson, shapefile};

/// The largest file, in bytes.
pub(crate) const LARGEST_FILE: usize = 64 << 20;
/// Features of a file: the 乡镇 of a large province are fewer.
pub(super) const MOST_FEATURES: usize = 5_000;
/// Points of one feature.
pub(super) const MOST_POINTS: usize = 60_000;
/// Rings of one feature.
pub(super) const MOST_RINGS: usize = 2_000;
/// Attributes of a feature that are looked at.
pub(super) const MOST_ATTRIBUTES: usize = 100;
/// Characters of an attribute.
const LONGEST_ATTRIBUTE: usize = 200;

/// What a file says.
#[derive(Debug)]
pub(super) struct Outlines {
    /// `geojson` or `shapefile`.
    pub format: &'static str,
    /// What the file itself says its coordinates are measured against.
    pub datum: Option<Datum>,
    pub features: Vec<Feature>,
}

/// One outline as it is written.
#[derive(Debug, Default)]
pub(super) struct Feature {
    /// Its place in the file, from 1.
    pub number: usize,
    pub attributes: Vec<(String, String)>,
    /// Rings as they are written, closed or not: east and north in degrees.
    pub rings: Vec<Vec<[f64; 2]>>,
    /// Why it has none, in the words of a fault.
    pub unreadable: Option<String>,
}

/// Why a file holds no outlines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum FileError {
    #[error("the file is neither GeoJSON nor a ZIP with a shapefile in it: {0}")]
    Format(String),
    #[error("it has more than {0} features")]
    Features(usize),
    #[error("{part} has {has}, expected {expected}")]
    Shapefile { part: &'static str, has: String, expected: String },
    #[error(
        "the coordinates are in {0}, expected longitude and latitude in degrees of CGCS2000 or WGS-84"
    )]
    Projected(String),
    #[error("the archive does not read: {0}")]
    Archive(String),
}

/// Reads a file by its first bytes, never by its name.
pub(super) fn read(bytes: &[u8]) -> Result<Outlines, FileError> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => shapefile::read(bytes),
        _ => geojson::read(bytes),
    }
}

/// An attribute cut to what is looked at.
pub(super) fn attribute(name: &str, value: &str) -> (String, String) {
    let cut = |text: &str| text.trim().chars().take(LONGEST_ATTRIBUTE).collect::<String>();
    (cut(name), cut(value))
}
