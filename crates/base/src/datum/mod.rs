//! Datums: which numbers a map, a register or a receiver means by "longitude, latitude".
//!
//! We keep and compute in CGCS2000 ([`Point`]). What comes in another datum is
//! converted once, on entry, and the numbers as they were given stay beside it
//! ([`Located`]); half a kilometre lies between a GCJ-02 pair and the same pair
//! taken for CGCS2000.
//!
//! Beijing 1954, Xi'an 1980 and local grids are refused: they need parameters of
//! the place that no public formula has.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::place::Point;

mod bd09;
mod gcj02;
#[cfg(test)]
mod tests;

/// What a pair of numbers is measured against.
///
/// | datum | what it is | confidence of the formula |
/// | --- | --- | --- |
/// | `cgcs2000` | EPSG:4490, the state's own: ITRF97 at epoch 2000.0 | ours; nothing to convert |
/// | `wgs84` | EPSG:4326, what receivers and Beidou's civil modules give | taken as CGCS2000: the ellipsoids differ by 0.1 mm, and the frames by what the plate moved since 2000, below 1 m |
/// | `gcj02` | the obfuscated datum of public maps (AutoNavi, Tencent) | the formula is known from published implementations only, never from a standard; they agree to 1e-9° |
/// | `bd09` | Baidu longitude and latitude (BD-09LL): GCJ-02 shifted again | the same |
/// | `bd09mc` | Baidu's metres (BD-09MC) | the published tables of Baidu's own map script |
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Datum {
    Cgcs2000,
    Wgs84,
    Gcj02,
    Bd09,
    Bd09mc,
}

/// A place as we use it, and as it was given.
///
/// Both are kept, because a conversion may be found wrong later and the given
/// numbers are what the paper says. No invariant ties them in a stored fact:
/// `point` is what was decided then.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Located {
    /// In CGCS2000.
    pub point: Point,
    /// The two numbers as given: longitude and latitude in degrees, or metres
    /// east and north for `bd09mc`.
    pub original: [f64; 2],
    /// What `original` is measured against.
    pub datum: Datum,
}

/// A place as it is written on the paper: two numbers and what they are measured against.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Coordinates {
    /// Longitude and latitude in degrees; metres east and north for `bd09mc`.
    pub original: [f64; 2],
    pub datum: Datum,
}

/// Why two numbers are no place in the datum they are said to be in.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DatumError {
    #[error(
        "{datum} coordinates are ({x}, {y}), expected longitude -180..180 and latitude -90..90 in degrees"
    )]
    Degrees { datum: Datum, x: f64, y: f64 },
    #[error(
        "bd09mc coordinates are ({x}, {y}), expected metres east within 20037727 and north within 12474104"
    )]
    Metres { x: f64, y: f64 },
}

/// Why a text is not a datum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("datum is {0:?}, expected cgcs2000, wgs84, gcj02, bd09 or bd09mc")]
pub struct UnknownDatum(String);

impl Datum {
    pub const ALL: [Datum; 5] =
        [Datum::Cgcs2000, Datum::Wgs84, Datum::Gcj02, Datum::Bd09, Datum::Bd09mc];

    /// The stable code, as in JSON and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Datum::Cgcs2000 => "cgcs2000",
            Datum::Wgs84 => "wgs84",
            Datum::Gcj02 => "gcj02",
            Datum::Bd09 => "bd09",
            Datum::Bd09mc => "bd09mc",
        }
    }

    /// The point that `[x, y]` of this datum names.
    ///
    /// - `[x, y]`: longitude and latitude, degrees; metres east and north for `bd09mc`.
    ///
    /// The shift of GCJ-02 is undone by iteration to below 1e-9° (0.1 mm), and
    /// does not exist outside 72.004..=137.8347 °E, 0.8293..=55.8271 °N: there
    /// GCJ-02 is taken as CGCS2000. That rectangle is the one implementations
    /// use; it holds parts of Korea and Mongolia where a map vendor may not shift.
    ///
    /// # Errors
    /// [`DatumError`] when a number is not finite or off the earth.
    pub fn to_point(self, [x, y]: [f64; 2]) -> Result<Point, DatumError> {
        let (lon, lat) = match self {
            Datum::Cgcs2000 | Datum::Wgs84 => (x, y),
            Datum::Gcj02 => {
                self.check(x, y)?;
                gcj02::undo(x, y)
            }
            Datum::Bd09 => {
                self.check(x, y)?;
                let (lon, lat) = bd09::undo(x, y);
                gcj02::undo(lon, lat)
            }
            Datum::Bd09mc => {
                let (lon, lat) = bd09::from_metres(x, y).ok_or(DatumError::Metres { x, y })?;
                let (lon, lat) = bd09::undo(lon, lat);
                gcj02::undo(lon, lat)
            }
        };
        Point::new(lon, lat).map_err(|_| match self {
            Datum::Bd09mc => DatumError::Metres { x, y },
            datum => DatumError::Degrees { datum, x, y },
        })
    }

    /// The numbers by which this datum names `point`; the inverse of [`Datum::to_point`].
    ///
    /// Back and forth is exact to 1e-9°, but for `bd09mc`, whose two published
    /// tables agree with each other to 2.5e-6° (0.3 m) only.
    pub fn of_point(self, point: Point) -> [f64; 2] {
        let (lon, lat) = (point.lon(), point.lat());
        let (x, y) = match self {
            Datum::Cgcs2000 | Datum::Wgs84 => (lon, lat),
            Datum::Gcj02 => gcj02::shift(lon, lat),
            Datum::Bd09 | Datum::Bd09mc => {
                let (lon, lat) = gcj02::shift(lon, lat);
                let (lon, lat) = bd09::shift(lon, lat);
                if self == Datum::Bd09 { (lon, lat) } else { bd09::to_metres(lon, lat) }
            }
        };
        [x, y]
    }

    fn check(self, x: f64, y: f64) -> Result<(), DatumError> {
        match Point::new(x, y) {
            Ok(_) => Ok(()),
            Err(_) => Err(DatumError::Degrees { datum: self, x, y }),
        }
    }
}

impl Located {
    /// # Errors
    /// Those of [`Datum::to_point`].
    pub fn new(datum: Datum, original: [f64; 2]) -> Result<Located, DatumError> {
        Ok(Located { point: datum.to_point(original)?, original, datum })
    }
}

impl Coordinates {
    /// The place in CGCS2000, with the numbers as they were given.
    ///
    /// # Errors
    /// Those of [`Datum::to_point`].
    pub fn locate(self) -> Result<Located, DatumError> {
        Located::new(self.datum, self.original)
    }
}

impl From<Located> for Coordinates {
    fn from(place: Located) -> Coordinates {
        Coordinates { original: place.original, datum: place.datum }
    }
}

/// A point without a history was given in CGCS2000.
impl From<Point> for Located {
    fn from(point: Point) -> Located {
        Located { point, original: [point.lon(), point.lat()], datum: Datum::Cgcs2000 }
    }
}

/// Reads the code, and the words that tables and map makers use (`WGS-84`,
/// `EPSG:4490`, `火星坐标`, `百度坐标`); case, hyphens and blanks do not matter.
impl FromStr for Datum {
    type Err = UnknownDatum;

    fn from_str(text: &str) -> Result<Datum, UnknownDatum> {
        let plain: String = text
            .chars()
            .take(32)
            .filter(|char| !matches!(char, '-' | '_' | ' ' | '　'))
            .flat_map(char::to_lowercase)
            .collect();
        match plain.as_str() {
            "cgcs2000"
            | "epsg:4490"
            | "2000"
            | "国家2000"
            | "大地2000"
            | "2000国家大地坐标系"
            | "国家大地2000" => Ok(Datum::Cgcs2000),
            "wgs84" | "wgs1984" | "epsg:4326" | "gps" => Ok(Datum::Wgs84),
            "gcj02" | "gcj2002" | "火星坐标" | "火星坐标系" | "国测局" | "国测局坐标" | "高德"
            | "高德坐标" | "腾讯坐标" => Ok(Datum::Gcj02),
            "bd09" | "bd09ll" | "百度" | "百度坐标" | "百度坐标系" => Ok(Datum::Bd09),
            "bd09mc" | "百度墨卡托" => Ok(Datum::Bd09mc),
            _ => Err(UnknownDatum(text.chars().take(32).collect())),
        }
    }
}

impl fmt::Display for Datum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
