//! Values that all three formats have, checked.

use base::{Point, Timestamp};

use super::event::Status;
use super::limit::short;

/// A moment; without a zone it is UTC, as FDSN and QuakeML have it.
pub(super) fn time(text: &str) -> Result<Timestamp, String> {
    let text = text.trim();
    let time = text.parse().or_else(|_| format!("{}Z", short(text)).parse());
    time.map_err(|_| format!("time is {:?}, expected such as 2026-08-03T03:14:26Z", short(text)))
}

/// A moment as milliseconds since 1970.
pub(super) fn millis(millis: i64) -> Result<Timestamp, String> {
    let time = Timestamp::from_millis(millis);
    if time.as_millis() == millis {
        Ok(time)
    } else {
        Err(format!("time is {millis} ms, expected the years 1 to 9999"))
    }
}

pub(super) fn number(text: &str) -> Result<f64, String> {
    let value: Option<f64> = text.trim().parse().ok();
    value
        .filter(|value| value.is_finite())
        .ok_or_else(|| format!("value is {:?}, expected a finite number", short(text)))
}

/// Depth in km: −10 to 800.
pub(super) fn depth(km: f64) -> Result<f64, String> {
    within(km, -10.0, 800.0, "depth", " km")
}

/// Magnitude of whatever scale: −10 to 12.
pub(super) fn magnitude(value: f64) -> Result<f64, String> {
    within(value, -10.0, 12.0, "magnitude", "")
}

pub(super) fn uncertainty(value: f64) -> Result<f64, String> {
    within(value, 0.0, 1e9, "uncertainty", "")
}

fn within(value: f64, least: f64, most: f64, name: &str, unit: &str) -> Result<f64, String> {
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(format!("{name} is {value}{unit}, expected {least} to {most}"))
    }
}

pub(super) fn point(lon: f64, lat: f64) -> Result<Point, String> {
    Point::new(lon, lat).map_err(|error| error.to_string())
}

/// Status by the words of GeoJSON and of QuakeML's `evaluationStatus` and
/// `evaluationMode`; `None` for a word that is none of theirs.
pub(super) fn status(text: &str) -> Option<Status> {
    match text.trim().to_ascii_lowercase().as_str() {
        "automatic" | "preliminary" => Some(Status::Automatic),
        "manual" | "reviewed" | "confirmed" | "final" => Some(Status::Reviewed),
        "deleted" | "rejected" => Some(Status::Deleted),
        _ => None,
    }
}

/// The text, unless nothing stands in it.
pub(super) fn said(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
