//! Attenuation of intensity along the axes of an ellipse: I = A + B·M + C·lg(R + R0).

use serde::Deserialize;

use super::{Intensity, Origin, SurfaceWave};

/// Which axis of the ellipse a distance is measured along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Axis {
    Long,
    Short,
}

/// One published relation for one region.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    pub id: String,
    pub region: String,
    /// `None` where the source at hand gives the short axis only.
    long: Option<Coefficients>,
    short: Coefficients,
    /// Standard deviation in degrees of intensity, where it is known.
    pub sigma: Option<f64>,
    /// Least and greatest Ms it holds for.
    pub magnitude: [f64; 2],
    /// Farthest distance it holds for, km.
    pub reach_km: f64,
    pub origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Coefficients {
    a: f64,
    b: f64,
    c: f64,
    r0: f64,
}

/// The relations that are at hand. Their logarithm is to base ten, which the data says:
/// copies that mix it with the natural one are about.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relations {
    pub version: String,
    #[serde(rename = "logarithm")]
    _logarithm: Logarithm,
    pub relations: Vec<Relation>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Logarithm {
    #[serde(rename = "lg")]
    Ten,
}

/// Why a relation gives no intensity.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RelationError {
    #[error("Ms is {seen}, the relation holds from {least} to {most}")]
    Magnitude { seen: f64, least: f64, most: f64 },
    #[error("distance is {seen} km, the relation holds from 0 to {most} km")]
    Distance { seen: f64, most: f64 },
    #[error("the source of {0:?} has no coefficients for the long axis")]
    NoLongAxis(String),
}

impl Relations {
    /// What ships with the program.
    pub fn shipped() -> Relations {
        serde_json::from_str(include_str!("relations.json")).expect("a test reads it")
    }

    pub fn find(&self, id: &str) -> Option<&Relation> {
        self.relations.iter().find(|relation| relation.id == id)
    }
}

impl Relation {
    /// Intensity at a distance from the epicentre along one axis.
    ///
    /// - `magnitude`: Ms.
    /// - `km`: distance from the epicentre, 0 to [`Relation::reach_km`].
    /// - Returns the median intensity, not held to 1..12; its scatter is
    ///   [`Relation::sigma`] where it is known.
    ///
    /// # Errors
    /// [`RelationError`] outside the range of the relation, or without that axis.
    ///
    /// # Source
    /// `relations.json`, each with its own. No published example: the tests were worked
    /// out independently from the same coefficients.
    pub fn intensity(
        &self,
        magnitude: SurfaceWave,
        axis: Axis,
        km: f64,
    ) -> Result<Intensity, RelationError> {
        self.holds(magnitude)?;
        if !(0.0..=self.reach_km).contains(&km) {
            return Err(RelationError::Distance { seen: km, most: self.reach_km });
        }
        Ok(Intensity(self.axis(axis)?.intensity(magnitude, km)))
    }

    /// How far from the epicentre an intensity reaches along one axis.
    ///
    /// Returns the distance in km, 0 where the intensity is not reached at all and `None`
    /// where it reaches beyond what the relation holds for.
    ///
    /// # Errors
    /// As [`Relation::intensity`].
    pub fn radius_km(
        &self,
        magnitude: SurfaceWave,
        axis: Axis,
        Intensity(intensity): Intensity,
    ) -> Result<Option<f64>, RelationError> {
        self.holds(magnitude)?;
        let km = self.axis(axis)?.distance(magnitude, intensity);
        Ok((km <= self.reach_km).then_some(km))
    }

    pub(super) fn holds(&self, magnitude: SurfaceWave) -> Result<(), RelationError> {
        let ([least, most], seen) = (self.magnitude, magnitude.value());
        if least <= seen && seen <= most {
            Ok(())
        } else {
            Err(RelationError::Magnitude { seen, least, most })
        }
    }

    pub(super) fn has_long_axis(&self) -> bool {
        self.long.is_some()
    }

    fn axis(&self, axis: Axis) -> Result<&Coefficients, RelationError> {
        match axis {
            Axis::Short => Ok(&self.short),
            Axis::Long => {
                self.long.as_ref().ok_or_else(|| RelationError::NoLongAxis(self.id.clone()))
            }
        }
    }
}

impl Coefficients {
    fn intensity(&self, magnitude: SurfaceWave, km: f64) -> f64 {
        self.a + self.b * magnitude.value() + self.c * (km + self.r0).log10()
    }

    fn distance(&self, magnitude: SurfaceWave, intensity: f64) -> f64 {
        let lg = (intensity - self.a - self.b * magnitude.value()) / self.c;
        (10f64.powf(lg) - self.r0).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ms(value: f64) -> SurfaceWave {
        SurfaceWave::new(value).expect("in range")
    }

    fn wang() -> Relation {
        Relations::shipped().find("wang_2000_east").expect("it ships").clone()
    }

    #[test]
    fn magnitude_six_along_both_axes() {
        let table = [(0.0, 7.99, 7.99), (10.0, 7.36, 6.99), (30.0, 6.53, 6.03)];
        for (km, long, short) in table.into_iter().chain([(50.0, 5.96, 5.48), (100.0, 5.04, 4.66)])
        {
            for (axis, expected) in [(Axis::Long, long), (Axis::Short, short)] {
                let found = wang().intensity(ms(6.0), axis, km).expect("in range").0;
                assert!((found - expected).abs() <= 0.005_01, "{km} km: {found}, {expected}");
            }
        }
    }

    #[test]
    fn how_far_each_degree_reaches() {
        for (magnitude, degree, long, short) in [
            (5.0, 6.0, 8.43, 4.50),
            (5.7, 6.0, 32.97, 19.84),
            (5.7, 7.0, 8.65, 4.62),
            (6.0, 6.0, 48.53, 30.93),
            (6.0, 7.0, 17.56, 9.86),
            (6.5, 6.0, 84.47, 59.68),
            (6.5, 7.0, 38.16, 23.44),
            (6.5, 8.0, 11.62, 6.32),
            (7.0, 6.0, 138.22, 109.12),
            (7.0, 7.0, 68.97, 46.79),
            (7.0, 8.0, 29.28, 17.35),
            (7.0, 9.0, 6.53, 3.45),
        ] {
            for (axis, expected) in [(Axis::Long, long), (Axis::Short, short)] {
                let found = wang().radius_km(ms(magnitude), axis, Intensity(degree));
                let found = found.expect("in range").expect("within reach");
                assert!((found - expected).abs() <= 0.005_01, "{found}, expected {expected}");
            }
        }
        let ten = wang().radius_km(ms(5.0), Axis::Long, Intensity(10.0));
        assert_eq!(ten, Ok(Some(0.0)), "not reached");
        let one = wang().radius_km(ms(7.0), Axis::Long, Intensity(1.0));
        assert_eq!(one, Ok(None), "farther than the relation holds");
    }

    #[test]
    fn outside_its_range_a_relation_says_so() {
        let four = wang().intensity(ms(4.9), Axis::Short, 1.0);
        assert!(matches!(four, Err(RelationError::Magnitude { .. })), "{four:?}");
        let far = wang().intensity(ms(6.0), Axis::Short, 331.0);
        assert_eq!(far, Err(RelationError::Distance { seen: 331.0, most: 330.0 }));
        assert!(wang().intensity(ms(6.0), Axis::Short, f64::NAN).is_err());
        let relations = Relations::shipped();
        let short_only = relations.find("xiao_yu_2011_moderate").expect("it ships");
        let refused = short_only.intensity(ms(6.0), Axis::Long, 10.0);
        assert!(matches!(refused, Err(RelationError::NoLongAxis(_))));
        assert_eq!(short_only.sigma, Some(0.52));
    }

    proptest! {
        #[test]
        fn more_magnitude_is_more_and_more_distance_less(
            which in 0usize..5, m in 5.0f64..7.9, more in 0.0f64..0.1, km in 0.0f64..199.0,
            farther in 0.0f64..1.0,
        ) {
            let relation = &Relations::shipped().relations[which];
            let of = |m, axis, km| relation.intensity(ms(m), axis, km).expect("in range");
            let axes = if relation.has_long_axis() { vec![Axis::Long, Axis::Short] }
                else { vec![Axis::Short] };
            for axis in axes {
                prop_assert!(of(m, axis, km) <= of(m + more, axis, km));
                prop_assert!(of(m, axis, km + farther) <= of(m, axis, km));
                let back = relation.radius_km(ms(m), axis, of(m, axis, km)).expect("in range");
                prop_assert!((back.unwrap_or(f64::NAN) - km).abs() < 1e-6);
            }
        }

        #[test]
        fn the_long_axis_is_the_longer_one(m in 5.0f64..8.0, km in 0.0f64..330.0) {
            let (long, short) = (
                wang().intensity(ms(m), Axis::Long, km).expect("in range").0,
                wang().intensity(ms(m), Axis::Short, km).expect("in range").0,
            );
            // At the epicentre they differ by a hundredth of what is told.
            prop_assert!(short <= long + 0.002, "{km} km: {short} and {long}");
        }
    }
}
