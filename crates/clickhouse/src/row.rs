//! Rows: versions of readings as ClickHouse keeps them, in RowBinary.
//!
//! ```text
//! sensor UUID (two halves u64, the high one first) · time i64 · value f64 · quality u8
//! received i64 · epoch u32 · position u64 · ordinal u32; all little-endian
//! ```
//!
//! Epoch, position and ordinal are a version's *place*: of two versions of a key the one
//! with the greater place came later. What is read out of the log has the position of its
//! batch and its index in it; what is read out of the store's blocks has the position
//! behind which it was missing, and an ordinal from [`FILLED`] on.

use base::{Id, Quality, Timestamp};
use series::Reading;

/// The columns in the order of a row.
pub(crate) const COLUMNS: &str = "sensor, time, value, quality, received, epoch, position, ordinal";
/// The columns that are read back; the sensor is known.
pub(crate) const READ: &str = "time, value, quality, received";
/// Order of versions: by time, and then by place. A day whose readings the store let go
/// of and that came again may have one place twice: then arrival decides.
pub(crate) const ORDER: &str = "time, epoch, position, ordinal, received";
pub(crate) const BYTES: usize = 57;
const READ_BYTES: usize = 25;

/// The ordinals of what came out of blocks: behind every one of a batch.
pub(crate) const FILLED: u32 = 1 << 31;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub epoch: u32,
    pub position: u64,
    pub ordinal: u32,
}

pub(crate) fn put(out: &mut Vec<u8>, sensor: Id, reading: &Reading, place: Place) {
    let bits = sensor.as_u128();
    out.extend_from_slice(&((bits >> 64) as u64).to_le_bytes());
    out.extend_from_slice(&(bits as u64).to_le_bytes());
    out.extend_from_slice(&reading.time.as_millis().to_le_bytes());
    out.extend_from_slice(&reading.value.to_le_bytes());
    out.push(reading.quality.0);
    out.extend_from_slice(&reading.received.as_millis().to_le_bytes());
    out.extend_from_slice(&place.epoch.to_le_bytes());
    out.extend_from_slice(&place.position.to_le_bytes());
    out.extend_from_slice(&place.ordinal.to_le_bytes());
}

/// The readings of an answer; `None` when its bytes are not rows.
pub(crate) fn parse(bytes: &[u8]) -> Option<Vec<Reading>> {
    let (rows, rest) = bytes.as_chunks::<READ_BYTES>();
    rest.is_empty().then(|| rows.iter().map(reading).collect())
}

fn reading(row: &[u8; READ_BYTES]) -> Reading {
    let eight = |at: usize| -> [u8; 8] { std::array::from_fn(|index| row[at + index]) };
    Reading {
        time: Timestamp::from_millis(i64::from_le_bytes(eight(0))),
        value: f64::from_le_bytes(eight(8)),
        quality: Quality(row[16]),
        received: Timestamp::from_millis(i64::from_le_bytes(eight(17))),
    }
}

/// Whether two versions of a key are one that came by two roads. As in the store, the
/// flag for future times does not count, and 0 and -0 are the same number.
fn identity(reading: &Reading) -> (u64, u8) {
    // Adding nothing makes 0 of -0.
    ((reading.value + 0.0).to_bits(), reading.quality.0 & !Quality::FUTURE)
}

/// Removes versions that stand twice, from rows in their order: the earlier stays.
pub(crate) fn once(rows: &mut Vec<Reading>) {
    let mut seen = std::collections::HashSet::new();
    let mut time = None;
    rows.retain(|reading| {
        if time != Some(reading.time) {
            time = Some(reading.time);
            seen.clear();
        }
        seen.insert(identity(reading))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: i64, value: f64, quality: u8) -> Reading {
        let time = Timestamp::from_millis(time);
        Reading { time, value, quality: Quality(quality), received: time }
    }

    #[test]
    fn a_row_has_the_bytes_of_its_columns_and_is_read_back() {
        let mut out = Vec::new();
        let place = Place { epoch: 1, position: 2, ordinal: 3 };
        put(
            &mut out,
            Id::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff),
            &at(-5, -0.0, 9),
            place,
        );
        assert_eq!(out.len(), BYTES);
        // As ClickHouse 18.16 writes that UUID in RowBinary.
        assert_eq!(out[..9], [0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0x00, 0xff]);
        let read = parse(&out[16..41]).expect("a row");
        assert_eq!(read, [at(-5, -0.0, 9)]);
        assert!(read[0].value.is_sign_negative());
        assert_eq!(parse(&out[16..40]), None);
        assert_eq!(parse(&[]), Some(Vec::new()));
    }

    #[test]
    fn a_version_that_came_by_two_roads_is_one_and_the_first_of_its_places_counts() {
        let mut rows = vec![
            at(1, 0.0, 0),
            at(1, 2.0, 0),
            at(1, -0.0, Quality::FUTURE),
            at(1, 2.0, 2),
            at(1, 2.0, 0),
            at(2, 2.0, 0),
        ];
        once(&mut rows);
        assert_eq!(rows, [at(1, 0.0, 0), at(1, 2.0, 0), at(1, 2.0, 2), at(2, 2.0, 0)]);
    }
}
