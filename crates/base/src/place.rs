//! Where: points on the ellipsoid and divisions of the country.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// A point in CGCS2000 (EPSG:4490), numerically WGS-84 at our scales.
///
/// Degrees, longitude first; `-180 <= lon <= 180`, `-90 <= lat <= 90`, both finite.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Point {
    lon: f64,
    lat: f64,
}

/// Why two numbers are not a point.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("point is ({lon}, {lat}), expected longitude -180..180 and latitude -90..90 in degrees")]
pub struct PointError {
    lon: f64,
    lat: f64,
}

impl Point {
    /// # Errors
    /// [`PointError`] when a coordinate is not finite or outside its range.
    pub fn new(lon: f64, lat: f64) -> Result<Point, PointError> {
        let on_earth = (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat);
        if on_earth { Ok(Point { lon, lat }) } else { Err(PointError { lon, lat }) }
    }

    pub fn lon(self) -> f64 {
        self.lon
    }

    pub fn lat(self) -> f64 {
        self.lat
    }

    /// Along the surface of a sphere of the Earth's mean radius, 6371.0088 km (IUGG), in
    /// kilometres: right to half a hundredth of itself.
    pub fn distance_km(self, other: Point) -> f64 {
        let (lat, other_lat) = (self.lat.to_radians(), other.lat.to_radians());
        let north = ((other_lat - lat) / 2.0).sin();
        let east = ((other.lon - self.lon).to_radians() / 2.0).sin();
        let half = north * north + lat.cos() * other_lat.cos() * east * east;
        2.0 * 6_371.008_8 * half.sqrt().min(1.0).asin()
    }
}

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Point, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            lon: f64,
            lat: f64,
        }
        let raw = Raw::deserialize(deserializer)?;
        Point::new(raw.lon, raw.lat).map_err(D::Error::custom)
    }
}

/// A division code: 6 digits (GB/T 2260), 9 (GB/T 10114, 乡镇) or 12 (村).
///
/// A text of digits, never a number. Which code was valid when is the
/// register's business (公主岭 was 220381 until 2020), not this type's.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct AdminCode(String);

/// Why a text is not a division code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("division code is {0:?}, expected 6, 9 or 12 digits")]
pub struct AdminCodeError(String);

/// The tier that a division code names.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    Village,
    Town,
    County,
    City,
    Province,
}

impl AdminCode {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tier by the digits (`220000` province, `220200` city, `220282` county).
    pub fn tier(&self) -> Tier {
        match self.0.len() {
            12 => Tier::Village,
            9 => Tier::Town,
            _ if self.0.ends_with("0000") => Tier::Province,
            _ if self.0.ends_with("00") => Tier::City,
            _ => Tier::County,
        }
    }
}

impl FromStr for AdminCode {
    type Err = AdminCodeError;

    fn from_str(text: &str) -> Result<AdminCode, AdminCodeError> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        if digits && matches!(text.len(), 6 | 9 | 12) {
            Ok(AdminCode(text.to_owned()))
        } else {
            Err(AdminCodeError(text.chars().take(32).collect()))
        }
    }
}

impl fmt::Display for AdminCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AdminCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AdminCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<AdminCode, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for AdminCode {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AdminCode".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^([0-9]{6}|[0-9]{9}|[0-9]{12})$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_off_the_earth_is_refused_and_so_is_not_a_number() {
        assert!(Point::new(126.9998, 43.0320).is_ok());
        assert!(Point::new(43.0320, 126.9998).is_err(), "latitude and longitude swapped");
        assert!(Point::new(f64::NAN, 0.0).is_err());
        assert!(Point::new(0.0, f64::INFINITY).is_err());
    }

    #[test]
    fn the_digits_name_the_tier() {
        let tier = |text: &str| text.parse::<AdminCode>().map(|code| code.tier());
        assert_eq!(tier("220000"), Ok(Tier::Province));
        assert_eq!(tier("220200"), Ok(Tier::City));
        assert_eq!(tier("220282"), Ok(Tier::County));
        assert_eq!(tier("220282102"), Ok(Tier::Town));
        assert_eq!(tier("220282102001"), Ok(Tier::Village));
        assert!(tier("22028").is_err());
        assert!(tier("２２０２８２").is_err(), "full-width digits are not digits here");
    }
}
