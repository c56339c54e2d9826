//! The depth gate: whether a field of intensity may be drawn for an earthquake.

use base::{Duration, Point, Timestamp};
use serde::Deserialize;

use super::{Depth, Origin};

/// One agency's solution of an earthquake, as far as the gate looks at it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Solution {
    pub time: Timestamp,
    pub place: Point,
    /// `None` where no depth was said, which is not 0.
    pub depth: Option<Depth>,
    /// Of whatever scale; `None` where none was said.
    pub magnitude: Option<f64>,
}

/// What the gate says.
#[derive(Debug, Clone, PartialEq)]
pub enum Gate {
    Open(Opened),
    Closed(Closed),
}

/// Leave to draw a field, which only [`depth_gate`] gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    depth: Option<Depth>,
    depth_is_default: bool,
}

impl Opened {
    /// Depth that was said; `None` where the focus is only taken to be in the crust.
    pub fn depth(&self) -> Option<Depth> {
        self.depth
    }

    /// Whether that depth is one that agencies put when they could not tell.
    pub fn depth_is_default(&self) -> bool {
        self.depth_is_default
    }
}

/// Why there is no field and no number of casualties.
#[derive(Debug, Clone, PartialEq)]
pub enum Closed {
    /// The solution itself is below the crust.
    Deep(Depth),
    /// Another solution of the same earthquake is; `by` is its index.
    DeepByAnother { by: usize, depth: Depth },
    /// In an area of deep earthquakes with no depth or one that is put by default: to be
    /// confirmed with the seismic bureau, since a shallow one is possible there.
    Unconfirmed { area: String, depth: Option<Depth> },
}

/// The rule as data.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateRules {
    pub version: String,
    /// Foci deeper than this are below the crust, km.
    crustal_until_km: f64,
    same_event: Near,
    default_depths_km: Vec<f64>,
    confirm_from_magnitude: f64,
    deep_areas: Vec<Area>,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Near {
    seconds: i64,
    km: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Area {
    name: String,
    west: f64,
    east: f64,
    south: f64,
    north: f64,
}

impl GateRules {
    /// What ships with the program.
    pub fn shipped() -> GateRules {
        serde_json::from_str(include_str!("depth_gate.json")).expect("a test reads it")
    }
}

/// Decides whether a field may be drawn for one solution.
///
/// - `solution`: the one that is believed.
/// - `others`: all other solutions at hand; those near in time and place are taken to be
///   of the same earthquake, whatever their magnitude.
/// - Returns [`Gate::Closed`] when this or such another one is deeper than the crust, and
///   when an earthquake from magnitude 5 (or of none said) in an area of deep ones has no
///   depth or a default one.
///
/// # Source
/// `depth_gate.json`: a rule of this project, no standard's. Its test is the catalogue,
/// where four rows of 1999 and 2002 have 5 km instead of some 560.
pub fn depth_gate(rules: &GateRules, solution: &Solution, others: &[Solution]) -> Gate {
    let deep = |depth: Option<Depth>| depth.filter(|depth| rules.crustal_until_km < depth.km());
    if let Some(depth) = deep(solution.depth) {
        return Gate::Closed(Closed::Deep(depth));
    }
    let window = Duration::from_secs(rules.same_event.seconds).as_millis();
    for (by, other) in others.iter().enumerate() {
        let apart = solution.time.since(other.time).as_millis().abs();
        let near =
            apart <= window && solution.place.distance_km(other.place) <= rules.same_event.km;
        if let (true, Some(depth)) = (near, deep(other.depth)) {
            return Gate::Closed(Closed::DeepByAnother { by, depth });
        }
    }
    let depth_is_default =
        solution.depth.is_some_and(|depth| rules.default_depths_km.contains(&depth.km()));
    let vague = solution.depth.is_none() || depth_is_default;
    // Written so that a magnitude which is no number is asked about as well.
    let small = solution.magnitude.is_some_and(|value| value < rules.confirm_from_magnitude);
    let area = rules.deep_areas.iter().find(|area| area.holds(solution.place));
    match area {
        Some(area) if vague && !small => {
            Gate::Closed(Closed::Unconfirmed { area: area.name.clone(), depth: solution.depth })
        }
        _ => Gate::Open(Opened { depth: solution.depth, depth_is_default }),
    }
}

impl Area {
    fn holds(&self, place: Point) -> bool {
        (self.west..=self.east).contains(&place.lon())
            && (self.south..=self.north).contains(&place.lat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solution(lon: f64, lat: f64, km: Option<f64>, magnitude: Option<f64>) -> Solution {
        Solution {
            time: Timestamp::from_millis(0),
            place: Point::new(lon, lat).expect("on earth"),
            depth: km.map(|km| Depth::from_km(km).expect("a depth")),
            magnitude,
        }
    }

    fn gate(solution: &Solution, others: &[Solution]) -> Gate {
        depth_gate(&GateRules::shipped(), solution, others)
    }

    #[test]
    fn below_the_crust_there_is_no_field() {
        let at = |km| gate(&solution(125.0, 43.0, Some(km), Some(6.0)), &[]);
        assert!(matches!(at(70.0), Gate::Open(_)), "on the line is above it");
        assert!(matches!(at(70.1), Gate::Closed(Closed::Deep(_))));
    }

    #[test]
    fn another_deep_solution_of_the_same_earthquake_closes_it() {
        let shallow = solution(125.0, 43.0, Some(12.0), Some(6.0));
        let deep = solution(125.5, 43.2, Some(540.0), None);
        let expected = Closed::DeepByAnother { by: 1, depth: deep.depth.expect("it has one") };
        assert_eq!(gate(&shallow, &[shallow, deep]), Gate::Closed(expected));
        let far = solution(127.0, 43.2, Some(540.0), None);
        let later = Solution { time: Timestamp::from_millis(60_001), ..deep };
        assert!(matches!(gate(&shallow, &[far, later]), Gate::Open(_)));
    }

    #[test]
    fn in_the_area_of_deep_ones_a_vague_depth_is_asked_about() {
        for km in [None, Some(0.0), Some(5.0), Some(10.0), Some(33.0)] {
            let vague = gate(&solution(130.5, 43.6, km, Some(5.0)), &[]);
            assert!(matches!(vague, Gate::Closed(Closed::Unconfirmed { .. })), "{km:?}");
            let no_magnitude = gate(&solution(130.5, 43.6, km, None), &[]);
            assert!(matches!(no_magnitude, Gate::Closed(_)), "{km:?}");
            let small = gate(&solution(130.5, 43.6, km, Some(4.9)), &[]);
            assert!(matches!(small, Gate::Open(_)), "{km:?}");
            let elsewhere = gate(&solution(125.0, 43.6, km, Some(7.0)), &[]);
            let Gate::Open(open) = elsewhere else { panic!("{km:?}: {elsewhere:?}") };
            assert_eq!(open.depth_is_default(), km.is_some());
        }
        let measured = gate(&solution(130.5, 43.6, Some(12.0), Some(5.5)), &[]);
        assert!(matches!(measured, Gate::Open(_)), "a shallow one is possible there");
    }
}
