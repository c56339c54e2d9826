//! Peak ground motion by Yu 2013, the relation behind GB 18306-2015.

use serde::Deserialize;

use super::{Acceleration, Axis, Origin, RelationError, SurfaceWave, Velocity};

/// Seismic regions of the relation whose coefficients are at hand.
///
/// Which region a place is in is a polygon that the caller has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    /// Eastern strong-seismicity region.
    East,
    /// Region of moderate seismicity.
    Stable,
}

/// Which peak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Component {
    Acceleration,
    Velocity,
}

/// Both peaks at one place, on rock, horizontal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Motion {
    pub acceleration: Acceleration,
    pub velocity: Velocity,
}

/// The relation with its coefficients: ln Y = A + B·M + C·ln(√(R² + h²) + D·e^(E·M)).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroundMotion {
    pub version: String,
    #[serde(rename = "units")]
    _units: Units,
    /// Least and greatest Ms.
    pub magnitude: [f64; 2],
    /// A and B are of the lower set up to here.
    split: f64,
    /// Farthest distance, km.
    pub reach_km: f64,
    /// Where those limits come from.
    pub limits: Origin,
    zones: Zones,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Units {
    #[serde(rename = "acceleration")]
    _acceleration: Gal,
    #[serde(rename = "velocity")]
    _velocity: CentimetresPerSecond,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
enum Gal {
    #[serde(rename = "gal")]
    Gal,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
enum CentimetresPerSecond {
    #[serde(rename = "cm/s")]
    CentimetresPerSecond,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Zones {
    east: Peaks,
    stable: Peaks,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Peaks {
    acceleration: Axes,
    velocity: Axes,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Axes {
    long: Coefficients,
    short: Coefficients,
    sigma: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Coefficients {
    below: [f64; 2],
    above: [f64; 2],
    c: f64,
    d: f64,
    e: f64,
}

impl GroundMotion {
    /// What ships with the program.
    pub fn shipped() -> GroundMotion {
        serde_json::from_str(include_str!("yu_2013.json")).expect("a test reads it")
    }

    /// Median peaks at a distance from the epicentre along one axis.
    ///
    /// - `magnitude`: Ms.
    /// - `km`: distance from the epicentre, 0 to [`GroundMotion::reach_km`].
    /// - `focus_km`: h of the formula: 0 in the tables of the relation; implementations put
    ///   15 for a focus of ordinary depth.
    /// - Returns horizontal peaks on rock; the scatter of ln Y is [`GroundMotion::sigma`].
    ///
    /// # Errors
    /// [`RelationError`] outside the range.
    ///
    /// # Source
    /// `yu_2013.json`. The values in the tests are not of a publication: with h = 15 they
    /// are those of the OpenQuake engine 3.26, with h = 0 worked out independently.
    pub fn peaks(
        &self,
        zone: Zone,
        magnitude: SurfaceWave,
        axis: Axis,
        km: f64,
        focus_km: f64,
    ) -> Result<Motion, RelationError> {
        self.holds(magnitude)?;
        for seen in [km, focus_km] {
            if !(0.0..=self.reach_km).contains(&seen) {
                return Err(RelationError::Distance { seen, most: self.reach_km });
            }
        }
        let ln = |component| {
            let axes = self.axes(zone, component);
            let peak = axes.axis(axis).ln(self.split, magnitude.value(), km.hypot(focus_km));
            // gal and cm/s to m/s² and m/s
            peak.exp() / 100.0
        };
        Ok(Motion {
            acceleration: Acceleration(ln(Component::Acceleration)),
            velocity: Velocity(ln(Component::Velocity)),
        })
    }

    /// Standard deviation of the natural logarithm of a peak, where it is known.
    pub fn sigma(&self, zone: Zone, component: Component) -> Option<f64> {
        self.axes(zone, component).sigma
    }

    pub(super) fn holds(&self, magnitude: SurfaceWave) -> Result<(), RelationError> {
        let ([least, most], seen) = (self.magnitude, magnitude.value());
        if least <= seen && seen <= most {
            Ok(())
        } else {
            Err(RelationError::Magnitude { seen, least, most })
        }
    }

    /// How far a peak (ln of gal or cm/s) reaches along one axis, km, with h = 0.
    pub(super) fn distance(
        &self,
        zone: Zone,
        component: Component,
        axis: Axis,
        magnitude: SurfaceWave,
        ln: f64,
    ) -> f64 {
        let coefficients = self.axes(zone, component).axis(axis);
        coefficients.distance(self.split, magnitude.value(), ln)
    }

    fn axes(&self, zone: Zone, component: Component) -> &Axes {
        let peaks = match zone {
            Zone::East => &self.zones.east,
            Zone::Stable => &self.zones.stable,
        };
        match component {
            Component::Acceleration => &peaks.acceleration,
            Component::Velocity => &peaks.velocity,
        }
    }
}

impl Axes {
    fn axis(&self, axis: Axis) -> &Coefficients {
        match axis {
            Axis::Long => &self.long,
            Axis::Short => &self.short,
        }
    }
}

impl Coefficients {
    fn ab(&self, split: f64, magnitude: f64) -> f64 {
        let [a, b] = if magnitude <= split { self.below } else { self.above };
        a + b * magnitude
    }

    fn saturation(&self, magnitude: f64) -> f64 {
        self.d * (self.e * magnitude).exp()
    }

    fn ln(&self, split: f64, magnitude: f64, km: f64) -> f64 {
        self.ab(split, magnitude) + self.c * (km + self.saturation(magnitude)).ln()
    }

    fn distance(&self, split: f64, magnitude: f64, ln: f64) -> f64 {
        let sum = ((ln - self.ab(split, magnitude)) / self.c).exp();
        (sum - self.saturation(magnitude)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn peaks(zone: Zone, magnitude: f64, axis: Axis, km: f64, focus_km: f64) -> Motion {
        let magnitude = SurfaceWave::new(magnitude).expect("in range");
        let relation = GroundMotion::shipped();
        relation.peaks(zone, magnitude, axis, km, focus_km).expect("in range")
    }

    #[track_caller]
    fn close(found: f64, expected: f64, digit: f64) {
        assert!((found - expected).abs() <= digit, "{found}, expected {expected}");
    }

    #[test]
    fn accelerations_without_depth() {
        for (zone, magnitude, km, long, short) in [
            (Zone::East, 5.0, 10.0, 119.604, 82.508),
            (Zone::East, 6.0, 10.0, 306.620, 235.355),
            (Zone::East, 6.0, 30.0, 102.062, 69.311),
            (Zone::East, 6.0, 100.0, 14.492, 10.227),
            (Zone::East, 7.0, 10.0, 553.138, 465.627),
            (Zone::East, 7.0, 100.0, 42.137, 31.234),
            (Zone::Stable, 6.0, 10.0, 276.506, 206.843),
        ] {
            for (axis, gal) in [(Axis::Long, long), (Axis::Short, short)] {
                let found = peaks(zone, magnitude, axis, km, 0.0).acceleration.0;
                close(found * 100.0, gal, 0.000_51);
            }
        }
    }

    #[test]
    fn velocities_without_depth() {
        close(peaks(Zone::East, 6.0, Axis::Long, 10.0, 0.0).velocity.0 * 100.0, 15.417, 0.000_51);
        close(peaks(Zone::East, 6.0, Axis::Short, 10.0, 0.0).velocity.0 * 100.0, 11.611, 0.000_51);
    }

    #[test]
    fn accelerations_of_another_engine_at_fifteen_kilometres_depth() {
        for (magnitude, km, long, short) in [
            (5.0, 10.0, 0.06451, 0.04129),
            (6.0, 10.0, 0.18856, 0.13403),
            (6.0, 50.0, 0.04623, 0.03107),
            (6.0, 100.0, 0.01447, 0.01023),
            (7.0, 10.0, 0.38297, 0.30154),
        ] {
            for (axis, g) in [(Axis::Long, long), (Axis::Short, short)] {
                let found = peaks(Zone::East, magnitude, axis, km, 15.0).acceleration.0;
                close(found / 9.806_65, g, 0.000_010_1);
            }
        }
    }

    #[test]
    fn outside_its_range_it_says_so_and_what_is_not_known_is_not() {
        let relation = GroundMotion::shipped();
        let six = SurfaceWave::new(6.0).expect("in range");
        let four = SurfaceWave::new(4.0).expect("in range");
        assert!(relation.peaks(Zone::East, four, Axis::Long, 10.0, 0.0).is_err());
        assert!(relation.peaks(Zone::East, six, Axis::Long, 201.0, 0.0).is_err());
        assert!(relation.peaks(Zone::East, six, Axis::Long, f64::NAN, 0.0).is_err());
        assert_eq!(relation.sigma(Zone::East, Component::Velocity), Some(0.6233));
        assert_eq!(relation.sigma(Zone::Stable, Component::Velocity), None);
    }

    proptest! {
        #[test]
        fn farther_is_less_and_deeper_is_less(
            stable in any::<bool>(), m in 5.0f64..8.5, km in 0.0f64..190.0, more in 0.0f64..10.0,
        ) {
            let zone = if stable { Zone::Stable } else { Zone::East };
            for axis in [Axis::Long, Axis::Short] {
                let near = peaks(zone, m, axis, km, 0.0);
                let far = peaks(zone, m, axis, km + more, 0.0);
                let deep = peaks(zone, m, axis, km, more);
                prop_assert!(far.acceleration <= near.acceleration);
                prop_assert!(far.velocity <= near.velocity);
                prop_assert!(deep.acceleration <= near.acceleration);
            }
        }
    }
}
