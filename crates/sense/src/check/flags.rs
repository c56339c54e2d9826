//! Which checks a reading failed, kept beside it: the byte of its quality has room to
//! say that a check of ours doubts it, and not which.
//!
//! A sensor of which something was ever flagged has a second series. A number there says
//! of the reading of the same time: bits of the checks, and above them some bits of the
//! value that was looked at, so that what was said of a value that was corrected since
//! is not taken for what is said of the new one.

use base::quantity::SeriesKind;
use base::{Id, Timestamp};
use host::{Error, Result, World};
use schemars::JsonSchema;
use serde::Serialize;
use series::{Sample, SeriesError, SeriesNo, Store};

use super::Check;

/// Turns a sensor's id into that of the series of its flags, and back. Any number does
/// that meets no sensor: 48 of the bits of an id are its time, of the others these are
/// turned over.
const BESIDE: u128 = 0x0000_0000_0000_0000_00F1_A650_0000_0001;

/// Checks that one reading failed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Flag(i64, Vec<Check>);

/// The id of the series of flags of a sensor, or of the sensor of such a series.
pub(super) fn beside(sensor: Id) -> Id {
    Id::from_u128(sensor.as_u128() ^ BESIDE)
}

/// The series of a sensor's flags, if it ever had one.
pub(crate) fn flags_of(store: &Store, sensor: Id) -> Option<SeriesNo> {
    store.series_of(beside(sensor))
}

/// The series of a sensor's flags; made when first needed.
pub(super) fn register(store: &Store, sensor: Id) -> std::result::Result<SeriesNo, SeriesError> {
    store.register(beside(sensor), SeriesKind::State)
}

/// What is stored of a reading's flags.
pub(super) fn sample(series: SeriesNo, (time, value): (Timestamp, f64), flags: u8) -> Sample {
    let said = u64::from(flags) | (mark(value) << 8);
    let value = said as f64;
    Sample { series, time, value, quality: base::Quality::GOOD }
}

/// The flags that a stored number says of this value, which may be another's.
pub(super) fn said_of(stored: f64, value: f64) -> u8 {
    // Written by `sample`: a whole number below 2⁴⁰.
    let said = stored as u64;
    if said >> 8 == mark(value) { (said & 0xFF) as u8 } else { 0 }
}

/// 32 bits of a value, mixed: two values that are read at one time have different ones,
/// but for one pair in four thousand million.
fn mark(value: f64) -> u64 {
    value.to_bits().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32
}

/// The flags of readings, `(time, value)` by time, as known at `known` or now.
///
/// # Errors
/// Those of whoever keeps the readings.
pub(crate) fn flags_between(
    world: &World,
    sensor: Id,
    readings: &[(Timestamp, f64)],
    known: Option<Timestamp>,
) -> Result<Vec<Flag>> {
    let (Some(first), Some(last)) = (readings.first(), readings.last()) else {
        return Ok(Vec::new());
    };
    let Some(series) = flags_of(world.series(), sensor) else { return Ok(Vec::new()) };
    let end = last.0 + base::Duration::from_millis(1);
    let stored = world.readings().range(series, first.0, end, known).map_err(Error::readings)?;
    let mut readings = readings.iter().peekable();
    let mut flags = Vec::new();
    for said in stored {
        while readings.next_if(|(time, _)| *time < said.time).is_some() {}
        let Some((time, value)) = readings.peek().filter(|(time, _)| *time == said.time) else {
            continue;
        };
        let checks: Vec<Check> = Check::of(said_of(said.value, *value)).collect();
        if !checks.is_empty() {
            flags.push(Flag(time.as_millis(), checks));
        }
    }
    Ok(flags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_of_the_value_that_was_looked_at() {
        let at = Timestamp::from_millis(1_000);
        for value in [0.0, -0.0, 264.05, -1e300, f64::MIN_POSITIVE] {
            for flags in [0, 1, 31, 255] {
                let stored = sample(SeriesNo(0), (at, value), flags).value;
                assert_eq!(said_of(stored, value), flags);
                assert_eq!(said_of(stored, value + 0.01 + value.abs() / 2.0), 0);
            }
        }
        let sensor = Id::from_u128(7);
        assert_ne!(beside(sensor), sensor);
        assert_eq!(beside(beside(sensor)), sensor);
    }
}
