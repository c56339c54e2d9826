//! Chunks: a run of one series' versions, compressed.
//!
//! ```text
//! codec u8 · count varint · body
//! codec 1: columns as they are; codec 2: length varint · columns, zstd
//! codec 3, 4: the same with a column of ranks at the end
//! columns: time · delay · quality · values ([`crate::values`])
//! time:    first signed · step signed · count−1 × (difference − step) signed
//! delay:   unit u8 (0 seconds, 1 milliseconds) · count × difference of (received − time) ÷ unit, signed
//! quality: runs of (length varint · byte)
//! ranks:   runs of (length varint · difference from the rank before, signed)
//! ```
//!
//! The step is the median difference, so a steady cadence leaves only its jitter.

use base::{Quality, Timestamp};

use crate::bytes::{Reader, put_signed, put_varint};
use crate::{Reading, values};

/// The most versions in one chunk; longer runs are split.
pub(crate) const MAX_VERSIONS: usize = 8192;
const COLUMNS: u8 = 1;
const COLUMNS_ZSTD: u8 = 2;
const RANKED: u8 = 3;
const RANKED_ZSTD: u8 = 4;
/// The level for heads on their way to disk, with appends waiting behind them.
pub(crate) const QUICK: i32 = 1;
/// The level for what is merged in the background.
pub(crate) const SMALL: i32 = 6;

/// Which of a series' two chunks of a block a version belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lane {
    /// The first version of its key, received within a minute of its time and in
    /// order; its arrival is kept to the second.
    Punctual,
    /// Late, a correction, or in the future; its arrival is kept to the millisecond.
    Aside,
}

impl Lane {
    pub fn code(self) -> u8 {
        match self {
            Lane::Punctual => 0,
            Lane::Aside => 1,
        }
    }

    pub fn from_code(code: u8) -> Option<Lane> {
        [Lane::Punctual, Lane::Aside].into_iter().find(|lane| lane.code() == code)
    }
}

/// One value that a key has or once had.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Version {
    /// Milliseconds since 1970, as in [`Timestamp`].
    pub time: i64,
    pub received: i64,
    pub value: f64,
    pub quality: Quality,
    /// Of versions of one key, the greater came later. Punctual ones have 0, others
    /// the first position of the block in which they were first sealed; of the same
    /// rank, the order in which they stand tells.
    pub rank: u64,
}

/// The rank of what is in no block yet.
pub(crate) const RANK_HEADS: u64 = u64::MAX;

impl Version {
    /// Whether a sample says nothing that this version did not say.
    ///
    /// The flag for future times depends on when it came, so it does not count; and
    /// 0 and -0 are the same number.
    pub fn says(&self, value: f64, quality: Quality) -> bool {
        let differing = (self.quality.0 ^ quality.0) & !Quality::FUTURE;
        self.value == value && differing == 0
    }

    pub fn is_future(&self) -> bool {
        self.quality.0 & Quality::FUTURE != 0
    }

    /// A reading as if it were the only version of its key.
    pub fn from_reading(reading: &Reading) -> Version {
        Version {
            time: reading.time.as_millis(),
            received: reading.received.as_millis(),
            value: reading.value,
            quality: reading.quality,
            rank: 0,
        }
    }

    pub fn reading(&self) -> Reading {
        Reading {
            time: Timestamp::from_millis(self.time),
            value: self.value,
            quality: self.quality,
            received: Timestamp::from_millis(self.received),
        }
    }
}

/// Compresses chunks; keeps zstd's tables and its buffers between them.
pub(crate) struct Encoder {
    zstd: zstd::bulk::Compressor<'static>,
    columns: Vec<u8>,
    numbers: Vec<i64>,
}

impl Encoder {
    /// An encoder at a level of zstd: [`QUICK`] or [`SMALL`].
    pub fn new(level: i32) -> std::io::Result<Encoder> {
        let zstd = zstd::bulk::Compressor::new(level)?;
        Ok(Encoder { zstd, columns: Vec::new(), numbers: Vec::new() })
    }

    /// Appends a chunk of `1..=MAX_VERSIONS` versions, sorted by time, to `out`. Their
    /// ranks are left out; who reads them gives them that of their block.
    pub fn encode(&mut self, versions: &[Version], out: &mut Vec<u8>) -> std::io::Result<()> {
        self.columns_of(versions);
        self.pack(versions.len(), [COLUMNS, COLUMNS_ZSTD], out)
    }

    /// The same with the versions' ranks.
    pub fn encode_ranked(
        &mut self,
        versions: &[Version],
        out: &mut Vec<u8>,
    ) -> std::io::Result<()> {
        self.columns_of(versions);
        let mut before = 0;
        for run in versions.chunk_by(|a, b| a.rank == b.rank) {
            put_varint(&mut self.columns, run.len() as u64);
            put_signed(&mut self.columns, run[0].rank.wrapping_sub(before) as i64);
            before = run[0].rank;
        }
        self.pack(versions.len(), [RANKED, RANKED_ZSTD], out)
    }

    /// Compresses what has other columns.
    pub fn compress(&mut self, columns: &[u8]) -> std::io::Result<Vec<u8>> {
        self.zstd.compress(columns)
    }

    fn columns_of(&mut self, versions: &[Version]) {
        debug_assert!((1..=MAX_VERSIONS).contains(&versions.len()));
        self.columns.clear();
        self.times(versions);
        self.delays(versions);
        self.qualities(versions);
        values::encode(versions, &mut self.numbers, &mut self.columns);
    }

    fn pack(&mut self, count: usize, codecs: [u8; 2], out: &mut Vec<u8>) -> std::io::Result<()> {
        let packed = self.zstd.compress(&self.columns)?;
        let packs = packed.len() + 3 < self.columns.len();
        out.push(codecs[usize::from(packs)]);
        put_varint(out, count as u64);
        if packs {
            put_varint(out, self.columns.len() as u64);
            out.extend_from_slice(&packed);
        } else {
            out.extend_from_slice(&self.columns);
        }
        Ok(())
    }

    fn times(&mut self, versions: &[Version]) {
        self.numbers.clear();
        self.numbers.extend(versions.windows(2).map(|pair| pair[1].time - pair[0].time));
        let step = match self.numbers.len() {
            0 => 0,
            count => *self.numbers.select_nth_unstable(count / 2).1,
        };
        put_signed(&mut self.columns, versions[0].time);
        put_signed(&mut self.columns, step);
        for pair in versions.windows(2) {
            put_signed(&mut self.columns, pair[1].time - pair[0].time - step);
        }
    }

    fn delays(&mut self, versions: &[Version]) {
        let whole = versions.iter().all(|version| (version.received - version.time) % 1000 == 0);
        let unit = if whole { 1000 } else { 1 };
        self.columns.push(if whole { 0 } else { 1 });
        let mut before = 0;
        for version in versions {
            let delay = (version.received - version.time) / unit;
            put_signed(&mut self.columns, delay - before);
            before = delay;
        }
    }

    fn qualities(&mut self, versions: &[Version]) {
        for run in versions.chunk_by(|a, b| a.quality == b.quality) {
            put_varint(&mut self.columns, run.len() as u64);
            self.columns.push(run[0].quality.0);
        }
    }
}

/// Unpacks chunks; making one costs more than using it once.
pub(crate) struct Decoder {
    zstd: zstd::bulk::Decompressor<'static>,
    columns: Vec<u8>,
}

impl Decoder {
    pub fn new() -> std::io::Result<Decoder> {
        Ok(Decoder { zstd: zstd::bulk::Decompressor::new()?, columns: Vec::new() })
    }

    /// The inverse of [`Encoder::encode`]; appends to `out`.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn decode(&mut self, chunk: &[u8], out: &mut Vec<Version>) -> Result<(), String> {
        let mut reader = Reader(chunk);
        let short = || "the chunk is cut short".to_owned();
        let codec = reader.u8().ok_or_else(short)?;
        let count = reader.size().ok_or_else(short)?;
        if !(1..=MAX_VERSIONS).contains(&count) {
            return Err(format!("the chunk has {count} versions, expected 1 to {MAX_VERSIONS}"));
        }
        let columns = match codec {
            COLUMNS | RANKED => reader.0,
            COLUMNS_ZSTD | RANKED_ZSTD => {
                let length = reader.size().ok_or_else(short)?;
                // A version takes at most 10 + 10 + 3 + 10 + 20 bytes, the columns a few more.
                self.unpack(reader.0, length, count * 53 + 64)?
            }
            other => return Err(format!("chunk codec {other} is unknown, expected 1 to 4")),
        };
        let mut reader = Reader(columns);
        let start = out.len();
        let mut whole = columns_into(&mut reader, count, out).is_some();
        if whole && codec >= RANKED {
            whole = ranks_into(&mut reader, &mut out[start..]).is_some();
        }
        if whole && reader.0.is_empty() && out.len() == start + count {
            Ok(())
        } else {
            Err(short())
        }
    }

    /// Unpacks `length` bytes, which are refused when they are more than `limit`.
    pub fn unpack(&mut self, packed: &[u8], length: usize, limit: usize) -> Result<&[u8], String> {
        if length > limit {
            return Err(format!("the chunk unpacks to {length} bytes, expected at most {limit}"));
        }
        self.columns.clear();
        self.columns.reserve(length);
        let unpacked = self
            .zstd
            .decompress_to_buffer(packed, &mut self.columns)
            .map_err(|error| format!("the chunk does not unpack: {error}"))?;
        if unpacked != length {
            return Err(format!("the chunk unpacks to {unpacked} bytes, expected {length}"));
        }
        Ok(&self.columns)
    }
}

fn ranks_into(reader: &mut Reader<'_>, versions: &mut [Version]) -> Option<()> {
    let mut rest = versions;
    let mut rank = 0u64;
    while !rest.is_empty() {
        let run = reader.size()?;
        rank = rank.wrapping_add(reader.signed()? as u64);
        let (head, tail) = rest.split_at_mut_checked(run)?;
        if head.is_empty() {
            return None;
        }
        head.iter_mut().for_each(|version| version.rank = rank);
        rest = tail;
    }
    Some(())
}

fn columns_into(reader: &mut Reader<'_>, count: usize, out: &mut Vec<Version>) -> Option<()> {
    let start = out.len();
    let mut time = reader.signed()?;
    let step = reader.signed()?;
    // At most `MAX_VERSIONS`, which the caller has checked.
    out.reserve(count);
    for index in 0..count {
        if index > 0 {
            time = time.checked_add(step)?.checked_add(reader.signed()?)?;
        }
        let (received, quality) = (time, Quality::GOOD);
        out.push(Version { time, received, value: 0.0, quality, rank: 0 });
    }
    let versions = &mut out[start..];
    let unit = match reader.u8()? {
        0 => 1000,
        1 => 1,
        _ => return None,
    };
    let mut delay = 0i64;
    for version in versions.iter_mut() {
        delay = delay.checked_add(reader.signed()?)?;
        version.received = version.time.checked_add(delay.checked_mul(unit)?)?;
    }
    let mut rest = &mut *versions;
    while !rest.is_empty() {
        let (run, quality) = (reader.size()?, Quality(reader.u8()?));
        let (head, tail) = rest.split_at_mut_checked(run)?;
        if head.is_empty() {
            return None;
        }
        head.iter_mut().for_each(|version| version.quality = quality);
        rest = tail;
    }
    values::decode(reader, versions)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packed(versions: &[Version]) -> Vec<u8> {
        let mut out = Vec::new();
        Encoder::new(QUICK)
            .and_then(|mut it| it.encode(versions, &mut out))
            .expect("memory suffices");
        out
    }

    fn unpacked(chunk: &[u8], out: &mut Vec<Version>) -> Result<(), String> {
        Decoder::new().expect("memory suffices").decode(chunk, out)
    }

    #[track_caller]
    fn round_trips(versions: &[Version]) {
        let mut found = Vec::new();
        unpacked(&packed(versions), &mut found).expect("what was encoded decodes");
        let bits = |versions: &[Version]| -> Vec<_> {
            versions.iter().map(|v| (v.time, v.received, v.value.to_bits(), v.quality)).collect()
        };
        assert_eq!(bits(&found), bits(versions));
    }

    fn values(values: &[f64]) -> Vec<Version> {
        let version = |(index, &value): (usize, &f64)| {
            let time = 1_754_161_200_000 + index as i64 * 15_000;
            Version { time, received: time + 1000, value, quality: Quality::GOOD, rank: 0 }
        };
        values.iter().enumerate().map(version).collect()
    }

    #[test]
    fn odd_values_come_back_to_the_bit() {
        let odd = [-0.0, 0.0, f64::MIN_POSITIVE, f64::MAX, 5e-324, 0.1 + 0.2, 1e300, -1.0 / 3.0];
        round_trips(&values(&odd));
        odd.iter().for_each(|&value| round_trips(&values(&[value])));
        round_trips(&values(&[0.1, 12.34, -99.999_999_999, 1e15, 9_007_199_254_740_993.0]));
        round_trips(&values(&[f64::from(12.34f32), f64::from(-0.1f32), f64::from(1e10f32)]));
        round_trips(&values(&[f64::NAN, f64::INFINITY]));
    }

    #[test]
    fn decimals_through_a_32_bit_float_cost_no_more_than_decimals() {
        let decimal: Vec<f64> = (0..240).map(|n| f64::from((n * 37) % 50) / 100.0 + 12.0).collect();
        let single: Vec<f64> = decimal.iter().map(|&value| f64::from(value as f32)).collect();
        assert_ne!(decimal, single);
        round_trips(&values(&single));
        assert_eq!(packed(&values(&single)).len(), packed(&values(&decimal)).len());
    }

    /// The spike's mixture: 60 % random walks in hundredths, 25 % slow levels, 15 %
    /// states; every 15 s with 0 to 39 ms of jitter; 0.2 % with a quality flag.
    #[test]
    fn two_hundred_and_forty_points_cost_at_most_two_bytes_each() {
        let mut seed = 1u64;
        let mut below = |bound: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % bound
        };
        let (mut bytes, mut points) = (0, 0);
        for series in 0..100 {
            let mut hundredths = 1000 + below(5000) as i64;
            let versions: Vec<Version> = (0..240)
                .map(|index| {
                    hundredths += match series {
                        0..60 => below(11) as i64 - 5,
                        60..85 => i64::from(below(10) == 0),
                        _ => 100 * i64::from(below(50) == 0),
                    };
                    let time = 1_754_161_200_000 + index * 15_000 + below(40) as i64;
                    let quality = Quality(u8::from(below(500) == 0));
                    let value = hundredths as f64 / 100.0;
                    Version { time, received: time + 1000, value, quality, rank: 0 }
                })
                .collect();
            round_trips(&versions);
            bytes += packed(&versions).len();
            points += versions.len();
        }
        let each = bytes as f64 / points as f64;
        assert!(each <= 1.9, "{each} bytes a point, of which 0.1 is left for the index");
    }

    proptest! {
        #[test]
        fn any_versions_come_back(
            versions in prop::collection::vec(
                (-62_135_596_800_000..=253_402_300_799_999i64, any::<i32>(), any::<u64>(), any::<u8>()),
                1..50,
            )
        ) {
            let mut versions: Vec<_> = versions
                .into_iter()
                .map(|(time, delay, bits, quality)| Version {
                    time,
                    received: time + i64::from(delay),
                    value: f64::from_bits(bits),
                    quality: Quality(quality),
                    rank: 0,
                })
                .collect();
            versions.sort_by_key(|version| version.time);
            round_trips(&versions);
        }

        #[test]
        fn decimals_of_any_scale_come_back(
            wholes in prop::collection::vec(-1_000_000_000i64..1_000_000_000, 1..50),
            scale in 0i32..12,
        ) {
            let decimals: Vec<f64> = wholes.iter().map(|&n| n as f64 / 10f64.powi(scale)).collect();
            round_trips(&values(&decimals));
        }

        #[test]
        fn no_bytes_at_all_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = unpacked(&bytes, &mut Vec::new());
        }

        /// Past the checks of codec and count, into the columns.
        #[test]
        fn nor_do_bytes_that_look_like_a_chunk(
            count in 1u8..20,
            bytes in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let chunk = [&[COLUMNS, count][..], &bytes].concat();
            let _ = unpacked(&chunk, &mut Vec::new());
        }
    }
}
