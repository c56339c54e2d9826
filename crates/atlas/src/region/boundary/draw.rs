//! Outlines drawn for whoever looks at a file before it is taken: what the file says, over
//! what stands. Coarse: as fine as a screen is, whatever the file holds.

use base::{AdminCode, Date};
use host::{Read, Result, params};
use schemars::JsonSchema;
use serde::Serialize;

use super::Bounded;
use super::packed::unpack;
use super::shape::{self, Ring, Shape, Step};

/// Points of one drawing: old and new together, of all features.
const MOST_POINTS: usize = 60_000;
/// A drawing is this many steps wide: points that lie nearer to each other are one.
const WIDTH: i64 = 2_000;

/// One ring, closed: east and north in degrees of CGCS2000.
type Line = Vec<[f64; 2]>;

/// A region's outline in a file, and the one that it would take the place of.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "BoundaryDrawn")]
pub(super) struct Drawn {
    pub code: AdminCode,
    pub new: Vec<Line>,
    /// As it stands on that day; empty where nothing was brought before.
    pub old: Vec<Line>,
}

/// How features of a file look.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "BoundaryDrawing")]
pub(super) struct Drawing {
    pub features: Vec<Drawn>,
    /// Features that were left out, once the drawing was full.
    pub left_out: usize,
}

/// Draws what could be taken.
///
/// - `on`: the day of the old outlines.
pub(super) fn draw<'a>(
    db: &mut dyn Read,
    features: impl Iterator<Item = &'a Bounded>,
    on: Date,
) -> Result<Drawing> {
    let on = on.to_string();
    let features: Vec<&Bounded> = features.collect();
    let span = |low: usize, high: usize| {
        let low = features.iter().map(|it| it.bbox[low]).fold(f64::INFINITY, f64::min);
        let high = features.iter().map(|it| it.bbox[high]).fold(f64::NEG_INFINITY, f64::max);
        high - low
    };
    // Degrees to steps of 1e-7°; of nothing at all no width is asked for.
    let wide = span(0, 2).max(span(1, 3)).clamp(0.0, 360.0) * 1e7;
    let apart = wide as i64 / WIDTH;
    let (mut drawing, mut points) = (Drawing::default(), 0);
    for bounded in features {
        if MOST_POINTS <= points {
            drawing.left_out += 1;
            continue;
        }
        let stood = db.row(
            "select outline from region_boundary where code = $1 and valid_from <= $2 \
             order by valid_from desc limit 1",
            params![&bounded.code, &on],
        )?;
        let stood: Option<String> = stood.map(|row| row.get("outline")).transpose()?;
        let old = stood.map_or_else(Vec::new, |outline| lines(&outline, apart));
        let new = lines(&bounded.outline, apart);
        points += new.iter().chain(&old).map(Vec::len).sum::<usize>();
        drawing.features.push(Drawn { code: bounded.code.clone(), new, old });
    }
    Ok(drawing)
}

fn lines(outline: &str, apart: i64) -> Vec<Line> {
    let shape: Shape = unpack(outline).unwrap_or_default();
    shape.rings().map(|ring| line(ring, apart)).filter(|line| 3 < line.len()).collect()
}

/// A ring whose points lie apart, and closed.
fn line(ring: &Ring, apart: i64) -> Line {
    let mut kept: Vec<Step> = Vec::new();
    for step in ring {
        let is_far = kept.last().is_none_or(|last| {
            let off = |axis: usize| (i64::from(step[axis]) - i64::from(last[axis])).abs();
            apart <= off(0).max(off(1))
        });
        if is_far {
            kept.push(*step);
        }
    }
    kept.extend(kept.first().copied());
    kept.into_iter().map(shape::degrees).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_drawn_as_fine_as_a_screen_and_closed() {
        let fine: Ring = (0..1_000).map(|at| [at, 0]).chain([[999, 500], [0, 500]]).collect();
        let line = line(&fine, 100);
        assert_eq!(line.len(), 10 + 2 + 1);
        assert_eq!(line.first(), line.last());
        let whole = super::line(&fine, 0);
        assert_eq!(whole.len(), fine.len() + 1, "nothing is left out of what is small");
    }
}
