//! The values of a chunk: decimals as whole numbers where that is exact.
//!
//! Sensors speak in decimals of a few digits, often squeezed through a 32-bit
//! float. Such values are kept as differences of whole numbers, which is what
//! compresses; whatever is not exactly such a decimal is kept bit by bit.
//!
//! ```text
//! mode u8: 0..=9   whole numbers ÷ 10^mode, as differences, signed
//!          64..=73 the same, then rounded to a 32-bit float
//!          255     bits, each xor the one before, all first bytes, all second bytes …
//! ```

use crate::bytes::{Reader, put_signed};
use crate::chunk::Version;

pub(crate) const POWERS: [f64; 10] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
pub(crate) const SINGLE: u8 = 64;
pub(crate) const BITS: u8 = 255;
/// Whole numbers up to here are exact in a double.
pub(crate) const EXACT: f64 = 9_007_199_254_740_992.0;

/// `scratch` is only a buffer.
pub(crate) fn encode(versions: &[Version], scratch: &mut Vec<i64>, out: &mut Vec<u8>) {
    for single in [false, true] {
        if let Some(scale) = decimals(versions, single, scratch) {
            out.push(scale as u8 + if single { SINGLE } else { 0 });
            let mut before = 0;
            for &whole in &*scratch {
                put_signed(out, whole - before);
                before = whole;
            }
            return;
        }
    }
    out.push(BITS);
    let mut before = 0;
    let start = out.len();
    let count = versions.len();
    out.resize(start + count * 8, 0);
    for (index, version) in versions.iter().enumerate() {
        let bits = version.value.to_bits();
        for (plane, byte) in (bits ^ before).to_be_bytes().into_iter().enumerate() {
            out[start + plane * count + index] = byte;
        }
        before = bits;
    }
}

/// The fewest decimals with which every value is exact; fills `wholes`.
fn decimals(versions: &[Version], single: bool, wholes: &mut Vec<i64>) -> Option<usize> {
    let mut scale = 0;
    for version in versions {
        while whole(version.value, scale, single).is_none() {
            scale += 1;
            if scale == POWERS.len() {
                return None;
            }
        }
    }
    wholes.clear();
    for version in versions {
        wholes.push(whole(version.value, scale, single)?);
    }
    Some(scale)
}

/// The whole number that stands for a value at a scale, if it does so exactly.
#[inline]
pub(crate) fn whole(value: f64, scale: usize, single: bool) -> Option<i64> {
    let scaled = (value * POWERS[scale]).round();
    if scaled.abs() < EXACT {
        let whole = scaled as i64;
        (restore(whole, scale, single).to_bits() == value.to_bits()).then_some(whole)
    } else {
        None
    }
}

#[inline]
pub(crate) fn restore(whole: i64, scale: usize, single: bool) -> f64 {
    let value = whole as f64 / POWERS[scale];
    if single { f64::from(value as f32) } else { value }
}

/// Fills in the values; `None` when the bytes do not hold them.
pub(crate) fn decode(reader: &mut Reader<'_>, versions: &mut [Version]) -> Option<()> {
    let mode = reader.u8()?;
    if mode == BITS {
        let count = versions.len();
        let planes = reader.take(count * 8)?;
        let mut before = 0;
        for (index, version) in versions.iter_mut().enumerate() {
            let bytes = std::array::from_fn(|plane| planes[plane * count + index]);
            before ^= u64::from_be_bytes(bytes);
            version.value = f64::from_bits(before);
        }
        return Some(());
    }
    let single = mode >= SINGLE;
    let scale = usize::from(if single { mode - SINGLE } else { mode });
    if scale >= POWERS.len() {
        return None;
    }
    let mut whole = 0i64;
    for version in versions {
        whole = whole.checked_add(reader.signed()?)?;
        version.value = restore(whole, scale, single);
    }
    Some(())
}
