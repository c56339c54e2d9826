//! Chunks of rows ([`crate::row`]), compressed.
//!
//! ```text
//! codec u8 (1 as it is, 2 zstd) · kind u8 · count varint · [length varint] · columns
//! columns: start, in grains, as difference − 1, signed · count as difference, signed
//!          · bad (count − good) varint · settled − end in s, as difference, signed
//!          · mode u8 · figures of the rows with good ones
//! figures, mode 0..=9: whole numbers ÷ 10^mode, signed: first − last before
//!          · last − first · lower − min · max − upper · sum, less what the rest says
//!          mode 255: first, last, min, max, sum bit by bit, as [`crate::values`] does
//! ```
//!
//! `lower` and `upper` are the lesser and the greater of first and last. Counters have
//! their rise in place of the sum; states their changes, as varint, and neither minimum
//! nor maximum; directions their east and north, whole numbers ÷ 10⁶, and neither.

use base::quantity::SeriesKind;

use crate::bytes::{Reader, put_signed, put_varint};
use crate::chunk::{Decoder, Encoder, MAX_VERSIONS};
use crate::dictionary::{code, kind_of};
use crate::row::{Grain, Row};
use crate::values::{BITS, POWERS, restore, whole};
use crate::{Measure, Summary};

const PLAIN: u8 = 1;
const ZSTD: u8 = 2;
/// Directions are summed in millionths.
const MILLIONTHS: usize = 6;

/// Appends `1..=MAX_VERSIONS` rows, ascending, of one series.
pub(crate) fn encode(
    rows: &[Row],
    grain: Grain,
    encoder: &mut Encoder,
    out: &mut Vec<u8>,
) -> std::io::Result<()> {
    let measure = rows.iter().find_map(|row| row.summary).map(|summary| summary.measure);
    let kind = match measure {
        None | Some(Measure::Number { .. }) => SeriesKind::Gauge,
        Some(Measure::Counter { .. }) => SeriesKind::Counter,
        Some(Measure::State { .. }) => SeriesKind::State,
        Some(Measure::Direction { .. }) => SeriesKind::Direction,
    };
    let columns = columns(rows, grain, kind);
    let packed = encoder.compress(&columns)?;
    let packs = packed.len() + 3 < columns.len();
    out.push(if packs { ZSTD } else { PLAIN });
    out.push(code(kind));
    put_varint(out, rows.len() as u64);
    if packs {
        put_varint(out, columns.len() as u64);
        out.extend_from_slice(&packed);
    } else {
        out.extend_from_slice(&columns);
    }
    Ok(())
}

fn columns(rows: &[Row], grain: Grain, kind: SeriesKind) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() * 12);
    let mut before = 0;
    for row in rows {
        let start = row.start / grain.millis();
        put_signed(&mut out, start - before - 1);
        before = start;
    }
    let mut before = 0;
    for row in rows {
        put_signed(&mut out, row.count as i64 - before);
        before = row.count as i64;
    }
    rows.iter().for_each(|row| put_varint(&mut out, row.count - row.good));
    let mut before = 0;
    for row in rows {
        let after = (row.settled - row.start - grain.millis()) / 1000;
        put_signed(&mut out, after - before);
        before = after;
    }
    let filled: Vec<Five> =
        rows.iter().filter_map(|row| Some(Five::of(row.summary.as_ref()?))).collect();
    match (0..POWERS.len()).find(|&scale| filled.iter().all(|it| it.fits(kind, scale))) {
        Some(scale) => {
            out.push(scale as u8);
            let goods = rows.iter().filter(|row| row.summary.is_some()).map(|row| row.good);
            wholes(&filled, goods, kind, scale, &mut out);
        }
        None => {
            out.push(BITS);
            for column in 0..2 {
                bits(filled.iter().map(|five| five.0[column]), &mut out);
            }
            let rest = if has_bounds(kind) { 2..5 } else { 4..4 };
            rest.for_each(|column| bits(filled.iter().map(|five| five.0[column]), &mut out));
        }
    }
    sides(&filled, kind, &mut out);
    out
}

fn has_bounds(kind: SeriesKind) -> bool {
    matches!(kind, SeriesKind::Gauge | SeriesKind::Amount | SeriesKind::Counter)
}

/// First, last, min, max, sum; of states and directions the last three are their own.
struct Five([f64; 5]);

impl Five {
    fn of(summary: &Summary) -> Five {
        let Summary { first, last, measure } = *summary;
        Five(match measure {
            Measure::Number { min, max, sum } => [first, last, min, max, sum],
            Measure::Counter { min, max, rise } => [first, last, min, max, rise],
            Measure::State { changes } => [first, last, changes as f64, 0.0, 0.0],
            Measure::Direction { east, north } => [first, last, east, north, 0.0],
        })
    }

    fn summary(&self, kind: SeriesKind) -> Summary {
        let [first, last, a, b, c] = self.0;
        let measure = match kind {
            SeriesKind::Gauge | SeriesKind::Amount => Measure::Number { min: a, max: b, sum: c },
            SeriesKind::Counter => Measure::Counter { min: a, max: b, rise: c },
            SeriesKind::State => Measure::State { changes: a as u64 },
            SeriesKind::Direction => Measure::Direction { east: a, north: b },
        };
        Summary { first, last, measure }
    }

    fn fits(&self, kind: SeriesKind, scale: usize) -> bool {
        let count = if has_bounds(kind) { 5 } else { 2 };
        self.0[..count].iter().all(|&value| whole(value, scale, false).is_some())
    }

    fn whole(&self, column: usize, scale: usize) -> i64 {
        whole(self.0[column], scale, false).expect("it fits")
    }
}

fn wholes(
    filled: &[Five],
    goods: impl Iterator<Item = u64> + Clone,
    kind: SeriesKind,
    scale: usize,
    out: &mut Vec<u8>,
) {
    let mut before = 0;
    for five in filled {
        put_signed(out, five.whole(0, scale) - before);
        before = five.whole(1, scale);
    }
    filled.iter().for_each(|five| put_signed(out, five.whole(1, scale) - five.whole(0, scale)));
    if !has_bounds(kind) {
        return;
    }
    let ends = |five: &Five| (five.whole(0, scale), five.whole(1, scale));
    for five in filled {
        let (first, last) = ends(five);
        put_signed(out, first.min(last) - five.whole(2, scale));
    }
    for five in filled {
        let (first, last) = ends(five);
        put_signed(out, five.whole(3, scale) - first.max(last));
    }
    for (five, good) in filled.iter().zip(goods) {
        let (first, last) = ends(five);
        put_signed(out, five.whole(4, scale).wrapping_sub(guess(kind, good, first, last)));
    }
}

/// What a sum or rise is about, in whole numbers.
fn guess(kind: SeriesKind, good: u64, first: i64, last: i64) -> i64 {
    match kind {
        SeriesKind::Counter => last.wrapping_sub(first),
        // Twice the mean of both ends, as often as there are readings.
        _ => first.wrapping_add(last).wrapping_mul(good as i64) / 2,
    }
}

/// What states and directions have in place of the bounds.
fn sides(filled: &[Five], kind: SeriesKind, out: &mut Vec<u8>) {
    match kind {
        SeriesKind::State => filled.iter().for_each(|five| put_varint(out, five.0[2] as u64)),
        SeriesKind::Direction => {
            for column in [2, 3] {
                let mut before = 0;
                for five in filled {
                    let millionths = (five.0[column] * POWERS[MILLIONTHS]).round() as i64;
                    put_signed(out, millionths - before);
                    before = millionths;
                }
            }
        }
        _ => {}
    }
}

fn bits(values: impl ExactSizeIterator<Item = f64>, out: &mut Vec<u8>) {
    let (start, count) = (out.len(), values.len());
    out.resize(start + count * 8, 0);
    let mut before = 0;
    for (index, value) in values.enumerate() {
        let bits = value.to_bits();
        for (plane, byte) in (bits ^ before).to_be_bytes().into_iter().enumerate() {
            out[start + plane * count + index] = byte;
        }
        before = bits;
    }
}

/// The inverse of [`encode`]; appends to `out` and says how many.
///
/// # Errors
/// What is wrong, in words.
pub(crate) fn decode(
    decoder: &mut Decoder,
    chunk: &[u8],
    grain: Grain,
    out: &mut Vec<Row>,
) -> Result<usize, String> {
    let mut reader = Reader(chunk);
    let short = || "the chunk is cut short".to_owned();
    let codec = reader.u8().ok_or_else(short)?;
    let kind = reader.u8().ok_or_else(short)?;
    let kind = kind_of(kind).ok_or_else(|| format!("series kind {kind} is unknown"))?;
    let count = reader.size().ok_or_else(short)?;
    if !(1..=MAX_VERSIONS).contains(&count) {
        return Err(format!("the chunk has {count} rows, expected 1 to {MAX_VERSIONS}"));
    }
    let columns = match codec {
        PLAIN => reader.0,
        ZSTD => {
            let length = reader.size().ok_or_else(short)?;
            // Nine numbers of at most ten bytes each.
            decoder.unpack(reader.0, length, count * 90 + 64)?
        }
        other => return Err(format!("chunk codec {other} is unknown, expected 1 or 2")),
    };
    let mut reader = Reader(columns);
    let rows = parse(&mut reader, count, grain, kind).filter(|_| reader.0.is_empty());
    out.extend(rows.ok_or_else(short)?);
    Ok(count)
}

fn parse(
    reader: &mut Reader<'_>,
    count: usize,
    grain: Grain,
    kind: SeriesKind,
) -> Option<Vec<Row>> {
    let mut rows = Vec::with_capacity(count);
    let mut start = 0i64;
    for _ in 0..count {
        start = start.checked_add(reader.signed()?)?.checked_add(1)?;
        let millis = start.checked_mul(grain.millis())?;
        rows.push(Row { start: millis, settled: 0, count: 0, good: 0, summary: None });
    }
    let mut before = 0i64;
    for row in &mut rows {
        before = before.checked_add(reader.signed()?)?;
        row.count = u64::try_from(before).ok()?;
    }
    for row in &mut rows {
        row.good = row.count.checked_sub(reader.varint()?)?;
    }
    let mut after = 0i64;
    for row in &mut rows {
        after = after.checked_add(reader.signed()?)?;
        let end = row.start.checked_add(grain.millis())?;
        row.settled = end.checked_add(after.checked_mul(1000)?)?;
    }
    let goods: Vec<u64> = rows.iter().map(|row| row.good).filter(|&good| good > 0).collect();
    let mut filled: Vec<Five> = goods.iter().map(|_| Five([0.0; 5])).collect();
    match reader.u8()? {
        BITS => {
            bits_into(reader, &mut filled, 0)?;
            bits_into(reader, &mut filled, 1)?;
            let rest = if has_bounds(kind) { 2..5 } else { 4..4 };
            for column in rest {
                bits_into(reader, &mut filled, column)?;
            }
        }
        scale => wholes_into(reader, &mut filled, &goods, kind, usize::from(scale))?,
    }
    sides_into(reader, &mut filled, kind)?;
    let mut summaries = filled.iter().map(|five| five.summary(kind));
    for row in rows.iter_mut().filter(|row| row.good > 0) {
        row.summary = summaries.next();
    }
    Some(rows)
}

fn wholes_into(
    reader: &mut Reader<'_>,
    filled: &mut [Five],
    goods: &[u64],
    kind: SeriesKind,
    scale: usize,
) -> Option<()> {
    if scale >= POWERS.len() {
        return None;
    }
    let mut firsts = Vec::with_capacity(filled.len());
    for _ in 0..filled.len() {
        firsts.push(reader.signed()?);
    }
    let mut before = 0i64;
    let mut ends = Vec::with_capacity(filled.len());
    for difference in firsts {
        let first = before.checked_add(difference)?;
        let last = first.checked_add(reader.signed()?)?;
        ends.push((first, last));
        before = last;
    }
    let number = |whole| restore(whole, scale, false);
    for (five, &(first, last)) in filled.iter_mut().zip(&ends) {
        (five.0[0], five.0[1]) = (number(first), number(last));
    }
    if !has_bounds(kind) {
        return Some(());
    }
    for (five, &(first, last)) in filled.iter_mut().zip(&ends) {
        five.0[2] = number(first.min(last).checked_sub(reader.signed()?)?);
    }
    for (five, &(first, last)) in filled.iter_mut().zip(&ends) {
        five.0[3] = number(first.max(last).checked_add(reader.signed()?)?);
    }
    for ((five, &(first, last)), &good) in filled.iter_mut().zip(&ends).zip(goods) {
        five.0[4] = number(guess(kind, good, first, last).wrapping_add(reader.signed()?));
    }
    Some(())
}

fn sides_into(reader: &mut Reader<'_>, filled: &mut [Five], kind: SeriesKind) -> Option<()> {
    match kind {
        SeriesKind::State => {
            for five in filled {
                five.0[2] = reader.varint()? as f64;
            }
        }
        SeriesKind::Direction => {
            for column in [2, 3] {
                let mut before = 0i64;
                for five in &mut *filled {
                    before = before.checked_add(reader.signed()?)?;
                    five.0[column] = before as f64 / POWERS[MILLIONTHS];
                }
            }
        }
        _ => {}
    }
    Some(())
}

fn bits_into(reader: &mut Reader<'_>, filled: &mut [Five], column: usize) -> Option<()> {
    let count = filled.len();
    let planes = reader.take(count * 8)?;
    let mut before = 0;
    for (index, five) in filled.iter_mut().enumerate() {
        before ^= u64::from_be_bytes(std::array::from_fn(|plane| planes[plane * count + index]));
        five.0[column] = f64::from_bits(before);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use base::Quality;
    use proptest::prelude::*;

    use super::*;
    use crate::chunk::{SMALL, Version};
    use crate::row::Minutes;

    const KINDS: [SeriesKind; 5] = [
        SeriesKind::Gauge,
        SeriesKind::Counter,
        SeriesKind::Amount,
        SeriesKind::State,
        SeriesKind::Direction,
    ];

    fn packed(rows: &[Row]) -> Vec<u8> {
        let (mut encoder, mut out) = (Encoder::new(SMALL).expect("memory"), Vec::new());
        encode(rows, Grain::Minute, &mut encoder, &mut out).expect("memory suffices");
        out
    }

    fn unpacked(chunk: &[u8]) -> Result<Vec<Row>, String> {
        let (mut decoder, mut out) = (Decoder::new().expect("memory"), Vec::new());
        decode(&mut decoder, chunk, Grain::Minute, &mut out)?;
        Ok(out)
    }

    fn rows_of(kind: SeriesKind, versions: &[Version]) -> Vec<Row> {
        let mut minutes = Minutes::new(kind, i64::MAX);
        let mut rows: Vec<_> =
            versions.iter().filter_map(|version| minutes.push(version)).collect();
        rows.extend(minutes.finish());
        rows
    }

    #[test]
    fn a_day_of_minutes_costs_about_what_a_reading_does_in_each_of_its_numbers() {
        let (mut seed, mut hundredths) = (1u64, 5000i64);
        let versions: Vec<Version> = (0..5760)
            .map(|n| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                hundredths += (seed >> 33) as i64 % 11 - 5;
                let time = 1_754_161_200_000 + n * 15_000;
                let (value, quality) = (hundredths as f64 / 100.0, Quality::GOOD);
                Version { time, received: time + 1000, value, quality, rank: 0 }
            })
            .collect();
        let rows = rows_of(SeriesKind::Gauge, &versions);
        let chunk = packed(&rows);
        assert_eq!(unpacked(&chunk).expect("whole"), rows);
        let each = chunk.len() as f64 / rows.len() as f64;
        assert!(each < 5.0, "{each} bytes a minute");
    }

    proptest! {
        #[test]
        fn any_rows_come_back_to_the_bit(
            versions in prop::collection::vec(
                (-10_000_000i64..10_000_000, 0..100_000i64, any::<bool>(), -900..900i64, any::<f64>(), any::<u8>()),
                1..60,
            ),
            kind in prop::sample::select(&KINDS[..]),
        ) {
            let mut versions: Vec<_> = versions
                .into_iter()
                .map(|(time, delay, plain, hundredths, odd, quality)| {
                    let odd = if odd.is_finite() { odd } else { 0.5 };
                    let value = if plain { hundredths as f64 / 100.0 } else { odd };
                    let (received, quality) = (time + delay, Quality(quality));
                    Version { time, received, value, quality, rank: 0 }
                })
                .collect();
            versions.sort_by_key(|version| version.time);
            let rows = rows_of(kind, &versions);
            let found = unpacked(&packed(&rows)).expect("whole");
            let text = |rows: &[Row]| format!("{rows:?}");
            prop_assert_eq!(text(&found), text(&rows));
        }

        #[test]
        fn no_bytes_at_all_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpacked(&bytes);
        }

        #[test]
        fn nor_do_bytes_that_look_like_rows(
            kind in 0u8..5,
            count in 1u8..20,
            bytes in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let _ = unpacked(&[&[PLAIN, kind, count][..], &bytes].concat());
        }
    }
}
