//! A shape as text, for a fact and for its table: differences of points as numbers of one
//! byte and more, in base64. A county's outline is some kilobytes so.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::shape::{Polygon, Ring, Shape, Step};

/// The first byte: how the rest is written.
const VERSION: u8 = 1;

pub(crate) fn pack(shape: &Shape) -> String {
    let mut bytes = vec![VERSION];
    let mut last = [0, 0];
    put(&mut bytes, shape.polygons.len() as u64);
    for polygon in &shape.polygons {
        put(&mut bytes, polygon.holes.len() as u64 + 1);
        for ring in std::iter::once(&polygon.outer).chain(&polygon.holes) {
            put(&mut bytes, ring.len() as u64);
            for point in ring {
                for axis in 0..2 {
                    let difference = i64::from(point[axis]) - i64::from(last[axis]);
                    put(&mut bytes, ((difference << 1) ^ (difference >> 63)) as u64);
                }
                last = *point;
            }
        }
    }
    STANDARD.encode(bytes)
}

/// `None` for what [`pack`] did not write.
pub(crate) fn unpack(text: &str) -> Option<Shape> {
    let bytes = STANDARD.decode(text).ok()?;
    let (version, mut rest) = bytes.split_first()?;
    if *version != VERSION {
        return None;
    }
    let mut last = [0, 0];
    let mut shape = Shape::default();
    for _ in 0..take(&mut rest)? {
        let rings = take(&mut rest)?.checked_sub(1)?;
        let outer = ring(&mut rest, &mut last)?;
        let mut holes = Vec::new();
        for _ in 0..rings {
            holes.push(ring(&mut rest, &mut last)?);
        }
        shape.polygons.push(Polygon { outer, holes });
    }
    rest.is_empty().then_some(shape)
}

fn ring(rest: &mut &[u8], last: &mut Step) -> Option<Ring> {
    let mut ring = Vec::new();
    for _ in 0..take(rest)? {
        for axis in last.iter_mut() {
            let number = take(rest)?;
            let difference = (number >> 1) as i64 ^ -((number & 1) as i64);
            *axis = i64::from(*axis).checked_add(difference)?.try_into().ok()?;
        }
        ring.push(*last);
    }
    (3 <= ring.len()).then_some(ring)
}

/// Seven bits a byte, the lowest first (LEB128).
fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while 0x80 <= number {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for place in 0..10 {
        let (byte, tail) = rest.split_first()?;
        *rest = tail;
        number |= u64::from(byte & 0x7F).checked_shl(7 * place)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
