//! The outline of a region: polygons on a grid of 1e-7°, and what can be asked of them.
//!
//! A grid of whole numbers makes every comparison exact: whether two edges cross and on
//! which side a point lies do not depend on rounding. 1e-7° is 1.1 cm.

use base::Point;

/// Steps of the grid in a degree.
const GRID: f64 = 1e7;
/// Of the sphere with the area of the GRS 80 ellipsoid, m.
const AUTHALIC_RADIUS_M: f64 = 6_371_007.181;
/// Squared eccentricity of GRS 80.
const E2: f64 = 0.006_694_380_022_90;
/// Pairs of edges that are compared in the search for crossings: a boundary of 60 000
/// points needs some hundred thousand; what needs more than this is no boundary.
const MOST_COMPARED: u64 = 30_000_000;

/// East and north, in steps of the grid.
pub(crate) type Step = [i32; 2];

/// A closed line without its last point, which is its first; three points at least.
pub(crate) type Ring = Vec<Step>;

/// The outer ring and holes in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Polygon {
    pub outer: Ring,
    pub holes: Vec<Ring>,
}

/// Polygons that together are one region.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Shape {
    pub polygons: Vec<Polygon>,
}

/// Why rings are no outline.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum ShapeError {
    #[error("there is no ring")]
    Nothing,
    #[error("a ring has {0} points, expected 4 or more, the last one the first")]
    Short(usize),
    #[error("a ring begins at {from:?} and ends at {to:?}, expected it to close")]
    Open { from: [f64; 2], to: [f64; 2] },
    #[error("a ring has no area, at {0:?}")]
    Flat([f64; 2]),
    #[error("two edges cross at {0:?}")]
    Crossing([f64; 2]),
    #[error("its edges lie so close to each other that crossings cannot be looked for")]
    Tangled,
}

pub(crate) fn step(point: Point) -> Step {
    [(point.lon() * GRID).round() as i32, (point.lat() * GRID).round() as i32]
}

pub(crate) fn degrees([x, y]: Step) -> [f64; 2] {
    [f64::from(x) / GRID, f64::from(y) / GRID]
}

/// A ring as it is written: closed, in any direction; repeated points are left out.
///
/// # Errors
/// [`ShapeError`] for one that is too short, open, or without area.
pub(crate) fn ring(points: &[Step]) -> Result<Ring, ShapeError> {
    if points.len() < 4 {
        return Err(ShapeError::Short(points.len()));
    }
    let (first, last) = (points[0], points[points.len() - 1]);
    if first != last {
        return Err(ShapeError::Open { from: degrees(first), to: degrees(last) });
    }
    let mut ring: Ring = points[..points.len() - 1].to_vec();
    ring.dedup();
    while 1 < ring.len() && ring.first() == ring.last() {
        ring.pop();
    }
    if ring.len() < 3 || doubled(&ring) == 0 {
        return Err(ShapeError::Flat(degrees(first)));
    }
    Ok(ring)
}

/// Twice the area on the plane, in squared steps; above 0 for a ring that goes round
/// against the clock.
fn doubled(ring: &Ring) -> i128 {
    edges(ring)
        .map(|([x0, y0], [x1, y1])| {
            i128::from(x0) * i128::from(y1) - i128::from(x1) * i128::from(y0)
        })
        .sum()
}

pub(crate) fn is_against_the_clock(ring: &Ring) -> bool {
    0 < doubled(ring)
}

fn edges(ring: &Ring) -> impl Iterator<Item = (Step, Step)> + '_ {
    (0..ring.len()).map(|at| (ring[at], ring[(at + 1) % ring.len()]))
}

impl Shape {
    /// Puts rings together by how they lie in each other: one that lies in an even number
    /// of others is an outer ring, one in an odd number a hole. Outer rings then go
    /// against the clock and holes with it (RFC 7946 §3.1.6).
    ///
    /// # Errors
    /// [`ShapeError`] when there is none, or edges cross.
    pub fn of(rings: Vec<Ring>) -> Result<Shape, ShapeError> {
        if rings.is_empty() {
            return Err(ShapeError::Nothing);
        }
        check_crossings(&rings)?;
        // The largest first: what a ring lies in comes before it.
        let mut rings: Vec<(Ring, [i32; 4])> =
            rings.into_iter().map(|ring| (ring.clone(), bounds(&ring))).collect();
        rings.sort_by_key(|(ring, _)| std::cmp::Reverse(doubled(ring).unsigned_abs()));
        let mut shape = Shape::default();
        for (mut ring, own) in rings {
            let around = shape.polygons.iter().rposition(|polygon| {
                holds(bounds(&polygon.outer), own) && lies_in(&ring, &polygon.outer)
            });
            let hole_of = around
                .filter(|at| !shape.polygons[*at].holes.iter().any(|hole| lies_in(&ring, hole)));
            let is_right_way = is_against_the_clock(&ring) == hole_of.is_none();
            if !is_right_way {
                ring.reverse();
            }
            match hole_of {
                Some(at) => shape.polygons[at].holes.push(ring),
                None => shape.polygons.push(Polygon { outer: ring, holes: Vec::new() }),
            }
        }
        Ok(shape)
    }

    pub fn rings(&self) -> impl Iterator<Item = &Ring> {
        self.polygons.iter().flat_map(|it| std::iter::once(&it.outer).chain(&it.holes))
    }

    pub fn points(&self) -> usize {
        self.rings().map(Vec::len).sum()
    }

    /// West, south, east, north, in degrees.
    pub fn bbox(&self) -> [f64; 4] {
        let mut all = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
        for polygon in &self.polygons {
            let own = bounds(&polygon.outer);
            all = [all[0].min(own[0]), all[1].min(own[1]), all[2].max(own[2]), all[3].max(own[3])];
        }
        all.map(|edge| f64::from(edge) / GRID)
    }

    /// Whether a point lies in it; one on an edge may count either way.
    pub fn contains(&self, point: Step) -> bool {
        self.polygons.iter().any(|polygon| {
            is_in(point, &polygon.outer) && !polygon.holes.iter().any(|hole| is_in(point, hole))
        })
    }

    /// Points inside on lines from west to east, `step` degrees apart both ways.
    pub fn grid(&self, step: f64) -> Vec<[f64; 2]> {
        let step = (step * GRID).round() as i64;
        let mut points = Vec::new();
        for polygon in &self.polygons {
            let [_, south, _, north] = bounds(&polygon.outer).map(i64::from);
            let mut y = south.div_euclid(step) * step;
            while y <= north {
                let rings = std::iter::once(&polygon.outer).chain(&polygon.holes);
                let mut crossed: Vec<i64> = rings.flat_map(|ring| crossed_at(ring, y)).collect();
                crossed.sort_unstable();
                for pair in crossed.chunks_exact(2) {
                    let mut x = pair[0].div_euclid(step) * step + step;
                    while x < pair[1] {
                        points.push([x as f64 / GRID, y as f64 / GRID]);
                        x += step;
                    }
                }
                y += step;
            }
        }
        points
    }

    /// Its area on the ellipsoid, km², by the sphere of equal area; edges are taken as
    /// straight in longitude and authalic latitude, which for edges below 50 km is right
    /// to a thousandth.
    pub fn area_km2(&self) -> f64 {
        let sum: f64 = self
            .polygons
            .iter()
            .map(|it| sphere(&it.outer) - it.holes.iter().map(sphere).sum::<f64>())
            .sum();
        sum / 1e6
    }

    /// A point well inside its largest polygon, for a label: in the middle of the widest
    /// stretch on one of some lines from west to east.
    pub fn label(&self) -> [f64; 2] {
        let Some(polygon) = self.polygons.first() else { return [0.0, 0.0] };
        let [west, south, east, north] = bounds(&polygon.outer);
        let mut best = (0i64, degrees([west / 2 + east / 2, south / 2 + north / 2]));
        for part in 1..8 {
            let y = i64::from(south) + (i64::from(north) - i64::from(south)) * part / 8;
            let rings = std::iter::once(&polygon.outer).chain(&polygon.holes);
            let mut crossed: Vec<i64> = rings.flat_map(|ring| crossed_at(ring, y)).collect();
            crossed.sort_unstable();
            for pair in crossed.chunks_exact(2) {
                let width = pair[1] - pair[0];
                if best.0 < width {
                    let x = (pair[0] + width / 2) as f64;
                    best = (width, [x / GRID, y as f64 / GRID]);
                }
            }
        }
        best.1
    }
}

/// Where a line from west to east crosses a ring.
fn crossed_at(ring: &Ring, y: i64) -> Vec<i64> {
    edges(ring)
        .filter(|([_, y0], [_, y1])| (i64::from(*y0) <= y) != (i64::from(*y1) <= y))
        .map(|([x0, y0], [x1, y1])| {
            let (x0, y0, x1, y1) = (i64::from(x0), i64::from(y0), i64::from(x1), i64::from(y1));
            x0 + ((x1 - x0) as i128 * (y - y0) as i128 / (y1 - y0) as i128) as i64
        })
        .collect()
}

fn sphere(ring: &Ring) -> f64 {
    let sum: f64 = edges(ring)
        .map(|(from, to)| {
            let ([lon0, lat0], [lon1, lat1]) = (degrees(from), degrees(to));
            (lon1 - lon0).to_radians() * (authalic_sine(lat0) + authalic_sine(lat1))
        })
        .sum();
    (sum * AUTHALIC_RADIUS_M * AUTHALIC_RADIUS_M / 2.0).abs()
}

/// The sine of the latitude on the sphere of equal area (Snyder, *Map Projections: A
/// Working Manual*, 1987, eq. 3-11 and 3-12).
fn authalic_sine(lat: f64) -> f64 {
    let e = E2.sqrt();
    let q = |sine: f64| {
        let es = e * sine;
        (1.0 - E2) * (sine / (1.0 - es * es) - (1.0 / (2.0 * e)) * ((1.0 - es) / (1.0 + es)).ln())
    };
    q(lat.to_radians().sin()) / q(1.0)
}

fn bounds(ring: &Ring) -> [i32; 4] {
    let mut all = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
    for [x, y] in ring {
        all = [all[0].min(*x), all[1].min(*y), all[2].max(*x), all[3].max(*y)];
    }
    all
}

fn holds(outer: [i32; 4], inner: [i32; 4]) -> bool {
    outer[0] <= inner[0] && outer[1] <= inner[1] && inner[2] <= outer[2] && inner[3] <= outer[3]
}

/// Whether a ring that crosses another nowhere lies in it: by the first of its points
/// that is no point of the other.
fn lies_in(ring: &Ring, other: &Ring) -> bool {
    match ring.iter().find(|point| !other.contains(point)) {
        Some(point) => is_in(*point, other),
        None => true,
    }
}

fn is_in([x, y]: Step, ring: &Ring) -> bool {
    let mut inside = false;
    for ([x0, y0], [x1, y1]) in edges(ring) {
        if (y0 <= y) != (y1 <= y) {
            let side = (i128::from(x1) - i128::from(x0)) * (i128::from(y) - i128::from(y0))
                - (i128::from(x) - i128::from(x0)) * (i128::from(y1) - i128::from(y0));
            inside ^= (0 < side) == (y0 < y1);
        }
    }
    inside
}

/// Looks for edges that cross, along a line that moves from west to east.
fn check_crossings(rings: &[Ring]) -> Result<(), ShapeError> {
    let mut all: Vec<(Step, Step)> = rings.iter().flat_map(edges).collect();
    all.sort_unstable_by_key(|([x0, _], [x1, _])| *x0.min(x1));
    let mut open: Vec<(Step, Step)> = Vec::new();
    let mut compared = 0;
    for edge in all {
        let west = edge.0[0].min(edge.1[0]);
        let (south, north) = (edge.0[1].min(edge.1[1]), edge.0[1].max(edge.1[1]));
        open.retain(|other| west <= other.0[0].max(other.1[0]));
        compared += open.len() as u64;
        if MOST_COMPARED < compared {
            return Err(ShapeError::Tangled);
        }
        for other in &open {
            let apart = other.0[1].max(other.1[1]) < south || north < other.0[1].min(other.1[1]);
            if !apart && cross(edge, *other) {
                return Err(ShapeError::Crossing(degrees(edge.0)));
            }
        }
        open.push(edge);
    }
    Ok(())
}

/// Whether two edges cross within both; touching is none, as where two rings meet.
fn cross((a, b): (Step, Step), (c, d): (Step, Step)) -> bool {
    let side = |from: Step, to: Step, point: Step| {
        let (x, y) =
            (i128::from(to[0]) - i128::from(from[0]), i128::from(to[1]) - i128::from(from[1]));
        let (px, py) = (
            i128::from(point[0]) - i128::from(from[0]),
            i128::from(point[1]) - i128::from(from[1]),
        );
        (x * py - y * px).signum()
    };
    side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
}
