//! Outlines with few points, for messages that must stay small.
//!
//! Lines are thinned by Ramer (1972) and Douglas & Peucker (1973): what is left out lies
//! within a bound of what is kept. Holes are left out: such an outline covers more than
//! the region, and never less than that by more than the bound.

use base::{AdminCode, Date, Point};
use host::{Read, Result, params};

use super::shape::{Ring, Shape, Step, degrees};
use super::{ON, from_row};

/// A region's outline, thinned.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// Outer rings, the largest first; each without its last point, which is its first.
    pub rings: Vec<Vec<Point>>,
    /// What was left out lies within so many metres of what was kept.
    pub within_m: u32,
}

/// Bounds that are tried, in metres, the finest first. Ours.
const BOUNDS_M: [u32; 6] = [100, 250, 500, 1_000, 2_000, 5_000];
/// Points of all rings together, and rings: what a message of some kilobytes bears. Ours.
const MOST_POINTS: usize = 400;
const MOST_RINGS: usize = 20;
/// Metres in a degree of latitude, as of a sphere of 6 371 km.
const METRES: f64 = 111_195.0;
const GRID: f64 = 1e7;

/// The outline that a region had on a day, with the finest bound that keeps it small;
/// `None` where nobody has brought one, or none is small enough and free of crossings.
///
/// # Errors
/// [`host::Error::Db`] when the database does not answer.
pub fn outline(db: &mut dyn Read, code: &AdminCode, on: Date) -> Result<Option<Outline>> {
    let sql = format!("{ON} and b.code = $2");
    let row = db.row(&sql, params![on.to_string(), code])?;
    let boundary = row.as_ref().map(from_row).transpose()?;
    Ok(boundary.and_then(|boundary| thinned(&boundary.shape)))
}

fn thinned(shape: &Shape) -> Option<Outline> {
    let mut outer: Vec<&Ring> = shape.polygons.iter().map(|polygon| &polygon.outer).collect();
    outer.sort_by_key(|ring| std::cmp::Reverse(extent(ring)));
    outer.truncate(MOST_RINGS);
    BOUNDS_M.into_iter().find_map(|bound| {
        let rings: Vec<Ring> = outer.iter().filter_map(|ring| thin(ring, bound)).collect();
        let points: usize = rings.iter().map(Vec::len).sum();
        if rings.is_empty() || MOST_POINTS < points || Shape::of(rings.clone()).is_err() {
            return None;
        }
        let rings = rings.iter().map(|ring| ring.iter().filter_map(point).collect()).collect();
        Some(Outline { rings, within_m: bound })
    })
}

fn point(step: &Step) -> Option<Point> {
    let [lon, lat] = degrees(*step);
    Point::new(lon, lat).ok()
}

/// The area of its box, in squared steps.
fn extent(ring: &Ring) -> i128 {
    let span = |axis: usize| {
        let of = || ring.iter().map(move |step| i128::from(step[axis]));
        of().max().unwrap_or(0) - of().min().unwrap_or(0)
    };
    span(0) * span(1)
}

/// The points of a ring that are kept; `None` for one that is smaller than the bound.
fn thin(ring: &Ring, bound_m: u32) -> Option<Ring> {
    let plane: Vec<[f64; 2]> = {
        let north = f64::from(ring.first()?[1]) / GRID;
        let east = METRES * north.to_radians().cos() / GRID;
        ring.iter().map(|[x, y]| [f64::from(*x) * east, f64::from(*y) * METRES / GRID]).collect()
    };
    let far = (0..plane.len())
        .max_by(|a, b| distance(plane[0], plane[*a]).total_cmp(&distance(plane[0], plane[*b])))?;
    let mut kept = vec![false; plane.len()];
    kept[0] = true;
    kept[far] = true;
    // The second half ends at the first point again.
    let mut left = vec![(0, far), (far, plane.len())];
    while let Some((from, to)) = left.pop() {
        let end = plane[to % plane.len()];
        let off = |at: usize| from_line(plane[at], plane[from], end);
        let Some(at) = (from + 1..to).max_by(|a, b| off(*a).total_cmp(&off(*b))) else { continue };
        if f64::from(bound_m) < off(at) {
            kept[at] = true;
            left.extend([(from, at), (at, to)]);
        }
    }
    let ring: Ring =
        ring.iter().zip(kept).filter(|(_, kept)| *kept).map(|(step, _)| *step).collect();
    (3 <= ring.len()).then_some(ring)
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// How far a point lies from a stretch between two others.
fn from_line(point: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    let length = dx * dx + dy * dy;
    if length == 0.0 {
        return distance(point, from);
    }
    let share = (((point[0] - from[0]) * dx + (point[1] - from[1]) * dy) / length).clamp(0.0, 1.0);
    distance(point, [from[0] + share * dx, from[1] + share * dy])
}

#[cfg(test)]
mod tests {
    use super::super::shape::Polygon;
    use super::*;

    /// A circle of 0.3° around 桦甸 with a ripple of some 20 m.
    fn round(points: usize) -> Shape {
        let step = |at: usize| {
            let turn = at as f64 / points as f64 * std::f64::consts::TAU;
            let out = 0.3 + if at.is_multiple_of(2) { 0.0001 } else { -0.0001 };
            [((126.7 + out * turn.cos()) * GRID) as i32, ((42.9 + out * turn.sin()) * GRID) as i32]
        };
        let outer = (0..points).map(step).collect();
        Shape { polygons: vec![Polygon { outer, holes: Vec::new() }] }
    }

    #[test]
    fn what_is_left_out_lies_within_the_bound_of_what_is_kept() {
        let shape = round(6_000);
        let outline = thinned(&shape).expect("a circle can be thinned");
        assert_eq!(outline.within_m, 100);
        let [ring] = &outline.rings[..] else { panic!("one ring: {outline:?}") };
        assert!((20..=MOST_POINTS).contains(&ring.len()), "{} points", ring.len());
        let flat = |lon: f64, lat: f64| [lon * METRES * 42.9_f64.to_radians().cos(), lat * METRES];
        let kept: Vec<[f64; 2]> = ring.iter().map(|it| flat(it.lon(), it.lat())).collect();
        for step in &shape.polygons[0].outer {
            let [lon, lat] = degrees(*step);
            let near = (0..kept.len())
                .map(|at| from_line(flat(lon, lat), kept[at], kept[(at + 1) % kept.len()]))
                .fold(f64::MAX, f64::min);
            assert!(near < 102.0, "{lon} {lat} is {near} m away");
        }
    }

    #[test]
    fn what_is_smaller_than_every_bound_has_no_outline() {
        let steps = |side: i32| vec![[0, 0], [side, 0], [side, side], [0, side]];
        let shape =
            |side| Shape { polygons: vec![Polygon { outer: steps(side), holes: Vec::new() }] };
        assert_eq!(thinned(&shape(10)), None, "centimetres");
        assert_eq!(thinned(&shape(1_000_000)).expect("11 km").rings[0].len(), 4);
        assert_eq!(thinned(&Shape::default()), None);
    }
}
