//! The elliptical field of intensity round an epicentre.

use base::Point;

use super::depth::Opened;
use super::ground_motion::{Component, GroundMotion, Zone};
use super::instrumental::{VELOCITY_ALONE, combine, parts};
use super::relation::{Axis, Relation, RelationError};
use super::{Azimuth, Intensity, SurfaceWave};

/// A field: what shakes how strongly, by one relation.
///
/// Made only with what [`super::depth_gate`] opened, so there is none for a deep focus.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    law: Law<'a>,
    epicentre: Point,
    magnitude: SurfaceWave,
    azimuth: Option<Azimuth>,
}

#[derive(Debug, Clone, Copy)]
enum Law<'a> {
    Intensity(&'a Relation),
    Motion(&'a GroundMotion, Zone),
}

/// Intensity at a place: between two values, which are one where the axis is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shaking {
    pub least: Intensity,
    pub most: Intensity,
}

/// How far one degree reaches along an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extent {
    /// The degree is not reached.
    Nowhere,
    Km(f64),
    /// Farther than the relation holds.
    Beyond,
}

/// The line within which a degree, or more, is reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Isoseismal {
    /// 1 to 12.
    pub degree: u8,
    pub long: Extent,
    pub short: Extent,
    /// Area within the line, km²; `None` where an axis is not known to its end.
    pub area_km2: Option<f64>,
}

/// Why there is no field.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FieldError {
    #[error(transparent)]
    Relation(#[from] RelationError),
}

impl<'a> Field<'a> {
    /// A field by a relation of intensity with both axes.
    ///
    /// - `azimuth`: direction of the long axis, `None` where it is not known.
    /// - `_opened`: that the depth gate let it through.
    ///
    /// # Errors
    /// [`RelationError`] for a magnitude outside the relation's range, or one without a
    /// long axis.
    pub fn by_intensity(
        relation: &'a Relation,
        epicentre: Point,
        magnitude: SurfaceWave,
        azimuth: Option<Azimuth>,
        _opened: &Opened,
    ) -> Result<Field<'a>, FieldError> {
        relation.holds(magnitude)?;
        if !relation.has_long_axis() {
            return Err(RelationError::NoLongAxis(relation.id.clone()).into());
        }
        Ok(Field { law: Law::Intensity(relation), epicentre, magnitude, azimuth })
    }

    /// A field by peaks of ground motion (Yu 2013, h = 0) turned into intensity
    /// (GB/T 17742-2020).
    ///
    /// The relation gives horizontal peaks on rock and the standard asks for those of
    /// three components where the instrument stands, so this is an estimate and no more.
    ///
    /// # Errors
    /// [`RelationError`] for a magnitude outside the relation's range.
    pub fn by_ground_motion(
        relation: &'a GroundMotion,
        zone: Zone,
        epicentre: Point,
        magnitude: SurfaceWave,
        azimuth: Option<Azimuth>,
        _opened: &Opened,
    ) -> Result<Field<'a>, FieldError> {
        relation.holds(magnitude)?;
        Ok(Field { law: Law::Motion(relation, zone), epicentre, magnitude, azimuth })
    }

    /// Farthest distance that the field speaks of, km.
    pub fn reach_km(&self) -> f64 {
        match self.law {
            Law::Intensity(relation) => relation.reach_km,
            Law::Motion(relation, _) => relation.reach_km,
        }
    }

    /// Intensity at a place.
    ///
    /// Returns `None` beyond [`Field::reach_km`], where nothing is known: that is not
    /// "not felt". With the long axis unknown, `least` and `most` are those along the
    /// short and the long one, and the truth may be anywhere between. Held to 1..12.
    ///
    /// Lines of equal shaking are ellipses whose axes are as far as the relation says.
    pub fn at(&self, place: Point) -> Option<Shaking> {
        let km = self.epicentre.distance_km(place);
        if self.reach_km() < km {
            return None;
        }
        let (least, most) = match self.azimuth {
            None => self.between(km),
            Some(azimuth) => {
                let from_axis = (bearing(self.epicentre, place) - azimuth.degrees()).to_radians();
                let here = self.along(km, km * from_axis.cos().abs(), km * from_axis.sin().abs());
                (here, here)
            }
        };
        Some(Shaking { least: Intensity(least).clamped(), most: Intensity(most).clamped() })
    }

    /// The degree that an intensity of this field is, 1 to 12: the one whose line it lies
    /// within, see [`Field::isoseismals`].
    pub fn degree(&self, intensity: Intensity) -> u8 {
        let Intensity(value) = intensity.clamped();
        match self.law {
            Law::Intensity(_) => value.floor() as u8,
            Law::Motion(..) => ((value + 0.5).floor() as u8).min(12),
        }
    }

    /// The lines of all degrees that are reached, Ⅻ first.
    ///
    /// A relation of intensity is fitted to the outer limits of the degrees, so its line
    /// of Ⅵ is where it gives 6.0. Of an instrument's intensity a degree begins half a
    /// degree below (5.5), which is from memory of the standard.
    /// With the rule's step (see [`super::instrumental`]) the line is the outermost one.
    pub fn isoseismals(&self) -> Vec<Isoseismal> {
        let lines = (1..=12u8).rev().map(|degree| {
            let (long, short) = (self.extent(Axis::Long, degree), self.extent(Axis::Short, degree));
            let area_km2 = match (long, short) {
                (Extent::Beyond, _) | (_, Extent::Beyond) => None,
                (Extent::Km(long), Extent::Km(short)) => Some(std::f64::consts::PI * long * short),
                (Extent::Nowhere, _) | (_, Extent::Nowhere) => Some(0.0),
            };
            Isoseismal { degree, long, short, area_km2 }
        });
        lines.filter(|line| (line.long, line.short) != (Extent::Nowhere, Extent::Nowhere)).collect()
    }

    /// Along the short axis and along the long one.
    fn between(&self, km: f64) -> (f64, f64) {
        match self.law {
            Law::Intensity(_) => {
                let [short, long] = [Axis::Short, Axis::Long].map(|axis| self.on_axis(axis, km));
                (short.min(long), short.max(long))
            }
            Law::Motion(..) => {
                let [short, long] = [Axis::Short, Axis::Long].map(|axis| self.parts(axis, km));
                span_of(short, long)
            }
        }
    }

    fn on_axis(&self, axis: Axis, km: f64) -> f64 {
        match self.law {
            Law::Intensity(relation) => relation
                .intensity(self.magnitude, axis, km)
                .map_or(f64::NAN, |Intensity(value)| value),
            Law::Motion(..) => {
                let (by_acceleration, by_velocity) = self.parts(axis, km);
                combine(by_acceleration, by_velocity)
            }
        }
    }

    /// I_A and I_V along an axis.
    fn parts(&self, axis: Axis, km: f64) -> (f64, f64) {
        let Law::Motion(relation, zone) = self.law else { return (f64::NAN, f64::NAN) };
        let peaks = relation.peaks(zone, self.magnitude, axis, km, 0.0);
        peaks
            .ok()
            .and_then(|peaks| parts(peaks.acceleration, peaks.velocity).ok())
            .unwrap_or((f64::NAN, f64::NAN))
    }

    /// Intensity at `x` km along and `y` km across the long axis, `km` from the epicentre.
    fn along(&self, km: f64, x: f64, y: f64) -> f64 {
        match self.law {
            Law::Intensity(relation) => {
                let ends = (self.on_axis(Axis::Short, km), self.on_axis(Axis::Long, km));
                on_ellipse(ends, x, y, |axis, value| {
                    let reach = relation.radius_km(self.magnitude, axis, Intensity(value));
                    reach.ok().flatten().unwrap_or(relation.reach_km)
                })
            }
            Law::Motion(relation, zone) => {
                let peak = |component| {
                    let [short, long] = [Axis::Short, Axis::Long].map(|axis| {
                        relation.peaks(zone, self.magnitude, axis, km, 0.0).map_or(
                            f64::NAN,
                            |peaks| match component {
                                // the relation's own gal and cm/s
                                Component::Acceleration => (peaks.acceleration.0 * 100.0).ln(),
                                Component::Velocity => (peaks.velocity.0 * 100.0).ln(),
                            },
                        )
                    });
                    on_ellipse((short, long), x, y, |axis, ln| {
                        relation.distance(zone, component, axis, self.magnitude, ln)
                    })
                    .exp()
                        / 100.0
                };
                let acceleration = super::Acceleration(peak(Component::Acceleration));
                let velocity = super::Velocity(peak(Component::Velocity));
                parts(acceleration, velocity).map_or(f64::NAN, |(a, v)| combine(a, v))
            }
        }
    }

    fn extent(&self, axis: Axis, degree: u8) -> Extent {
        let (line, reach) = match self.law {
            Law::Intensity(_) => (f64::from(degree), self.reach_km()),
            Law::Motion(..) => (f64::from(degree) - 0.5, self.reach_km()),
        };
        let reaches = |km| line <= self.on_axis(axis, km);
        if reaches(reach) {
            return Extent::Beyond;
        }
        // From outside inwards, since the rule's step may cross a line more than once.
        let mut outer = reach;
        let inner = loop {
            let next = (outer - STEP_KM).max(0.0);
            if reaches(next) {
                break next;
            }
            if next <= 0.0 {
                return Extent::Nowhere;
            }
            outer = next;
        };
        let (mut inner, mut outer) = (inner, outer);
        for _ in 0..40 {
            let middle = f64::midpoint(inner, outer);
            if reaches(middle) { inner = middle } else { outer = middle }
        }
        Extent::Km(inner)
    }
}

/// How finely a line is looked for before it is halved in, km.
const STEP_KM: f64 = 0.5;

/// The value whose ellipse passes through (`x`, `y`): between those along the short and
/// the long axis at that distance. `reach` falls as the value grows.
fn on_ellipse((short, long): (f64, f64), x: f64, y: f64, reach: impl Fn(Axis, f64) -> f64) -> f64 {
    let (mut low, mut high) = (short.min(long), short.max(long));
    let part = |over: f64, axis: f64| {
        if over <= 0.0 { 0.0 } else { (over / axis).powi(2) }
    };
    // Halved to a millionth of a degree.
    while 1e-6 < high - low {
        let middle = f64::midpoint(low, high);
        let outside =
            1.0 < part(x, reach(Axis::Long, middle)) + part(y, reach(Axis::Short, middle));
        if outside { high = middle } else { low = middle }
    }
    f64::midpoint(low, high)
}

/// The least and the most that the rule can give while I_A and I_V go from one pair of
/// values to another; wider than the truth where the rule changes between them.
fn span_of(one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    let low = (one.0.min(other.0), one.1.min(other.1));
    let high = (one.0.max(other.0), one.1.max(other.1));
    let alone = |(a, v): (f64, f64)| VELOCITY_ALONE <= a && VELOCITY_ALONE <= v;
    let (least, most) = (combine(low.0, low.1), combine(high.0, high.1));
    if alone(low) == alone(high) {
        return (least, most);
    }
    let before = f64::midpoint(VELOCITY_ALONE, high.0.max(high.1));
    let after = low.1.max(VELOCITY_ALONE);
    (least.min(after), most.max(before))
}

/// Direction from one point to another at its start, degrees clockwise from north.
fn bearing(from: Point, to: Point) -> f64 {
    let (lat, other) = (from.lat().to_radians(), to.lat().to_radians());
    let east = (to.lon() - from.lon()).to_radians();
    let y = east.sin() * other.cos();
    let x = lat.cos() * other.sin() - lat.sin() * other.cos() * east.cos();
    y.atan2(x).to_degrees()
}

#[cfg(test)]
mod tests {
    use base::Timestamp;
    use proptest::prelude::*;

    use super::super::{Depth, Gate, GateRules, Relations, Solution, depth_gate};
    use super::*;

    fn opened() -> Opened {
        let solution = Solution {
            time: Timestamp::from_millis(0),
            place: Point::new(125.0, 44.0).expect("on earth"),
            depth: Some(Depth::from_km(12.0).expect("a depth")),
            magnitude: Some(6.0),
        };
        match depth_gate(&GateRules::shipped(), &solution, &[]) {
            Gate::Open(opened) => opened,
            Gate::Closed(closed) => panic!("{closed:?}"),
        }
    }

    fn ms(value: f64) -> SurfaceWave {
        SurfaceWave::new(value).expect("in range")
    }

    fn epicentre() -> Point {
        Point::new(125.0, 44.0).expect("on earth")
    }

    fn axis(degrees: f64) -> Option<Azimuth> {
        Some(Azimuth::from_degrees(degrees).expect("a direction"))
    }

    /// A place so many km north and east, near enough.
    fn place(north: f64, east: f64) -> Point {
        let degree = 6_371.008_8f64.to_radians();
        let lat = 44.0 + north / degree;
        Point::new(125.0 + east / degree / lat.to_radians().cos(), lat).expect("on earth")
    }

    #[test]
    fn on_its_axes_the_field_is_the_relation() {
        let relations = Relations::shipped();
        let wang = relations.find("wang_2000_east").expect("it ships");
        let field = Field::by_intensity(wang, epicentre(), ms(6.0), axis(0.0), &opened());
        let field = field.expect("in range");
        for km in [10.0, 30.0, 50.0, 100.0] {
            for (at, along) in [(place(km, 0.0), Axis::Long), (place(0.0, km), Axis::Short)] {
                let shaking = field.at(at).expect("in reach");
                let expected = wang.intensity(ms(6.0), along, km).expect("in range").0;
                assert!((shaking.least.0 - expected).abs() < 0.02, "{shaking:?}, {expected}");
                assert_eq!(shaking.least, shaking.most);
            }
        }
        assert_eq!(field.at(place(340.0, 0.0)), None, "nothing is known there");
    }

    #[test]
    fn lines_and_areas_of_magnitude_seven() {
        let relations = Relations::shipped();
        let wang = relations.find("wang_2000_east").expect("it ships");
        let field = Field::by_intensity(wang, epicentre(), ms(7.0), None, &opened());
        let lines = field.expect("in range").isoseismals();
        let of = |degree| *lines.iter().find(|line| line.degree == degree).expect("reached");
        for (degree, long, short) in
            [(6, 138.22, 109.12), (7, 68.97, 46.79), (8, 29.28, 17.35), (9, 6.53, 3.45)]
        {
            let line = of(degree);
            let (Extent::Km(a), Extent::Km(b)) = (line.long, line.short) else {
                panic!("{line:?}")
            };
            assert!((a - long).abs() < 0.006 && (b - short).abs() < 0.006, "{line:?}");
            let area = line.area_km2.expect("both are known");
            assert!((area - std::f64::consts::PI * a * b).abs() < 1e-6);
        }
        assert!(lines.iter().all(|line| line.degree < 10));
        assert_eq!((of(2).long, of(2).area_km2), (Extent::Beyond, None));
    }

    #[test]
    fn a_relation_with_one_axis_makes_no_field() {
        let relations = Relations::shipped();
        let short = relations.find("xiao_yu_2011_moderate").expect("it ships");
        let refused = Field::by_intensity(short, epicentre(), ms(6.0), None, &opened());
        assert!(matches!(refused, Err(FieldError::Relation(RelationError::NoLongAxis(_)))));
        let motion = GroundMotion::shipped();
        let small =
            Field::by_ground_motion(&motion, Zone::East, epicentre(), ms(4.0), None, &opened());
        assert!(matches!(small, Err(FieldError::Relation(RelationError::Magnitude { .. }))));
    }

    proptest! {
        #[test]
        fn the_step_of_the_rule_between_two_places_is_within_their_span(
            a in 4.0f64..9.0, v in 4.0f64..9.0, more_a in 0.0f64..3.0, more_v in 0.0f64..3.0,
            by_a in 0.0f64..=1.0, by_v in 0.0f64..=1.0,
        ) {
            let (least, most) = span_of((a, v), (a + more_a, v + more_v));
            let between = combine(a + by_a * more_a, v + by_v * more_v);
            prop_assert!(least <= between + 1e-12 && between <= most + 1e-12);
        }

        #[test]
        fn whatever_the_axis_is_the_range_without_it_holds_the_truth(
            m in 5.0f64..8.0, degrees in 0.0f64..360.0, north in -130.0f64..130.0,
            east in -130.0f64..130.0,
        ) {
            let (relations, motion) = (Relations::shipped(), GroundMotion::shipped());
            let wang = relations.find("wang_2000_east").expect("it ships");
            let fields = |azimuth| [
                Field::by_intensity(wang, epicentre(), ms(m), azimuth, &opened()),
                Field::by_ground_motion(
                    &motion, Zone::East, epicentre(), ms(m), azimuth, &opened()),
                Field::by_ground_motion(
                    &motion, Zone::Stable, epicentre(), ms(m), azimuth, &opened()),
            ].map(|field| field.expect("in range").at(place(north, east)).expect("in reach"));
            for (known, unknown) in fields(axis(degrees)).into_iter().zip(fields(None)) {
                prop_assert!(unknown.least.0 - 1e-5 <= known.least.0, "{known:?} {unknown:?}");
                prop_assert!(known.most.0 <= unknown.most.0 + 1e-5, "{known:?} {unknown:?}");
            }
        }
    }
}
