//! Instrumental seismic intensity (仪器地震烈度) of GB/T 17742-2020.

use super::unit::{Acceleration, Intensity, Velocity};

/// Why peaks have no intensity.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GroundMotionError {
    #[error("acceleration is {0} m/s², expected a finite number above 0")]
    Acceleration(f64),
    #[error("velocity is {0} m/s, expected a finite number above 0")]
    Velocity(f64),
}

/// Intensity by the peaks of one record.
///
/// - `acceleration`, `velocity`: peaks of the vector sum of the three components, passed
///   through 0.1 to 10 Hz, m/s² and m/s.
/// - Returns the intensity, neither rounded nor held to 1..12: [`Intensity::clamped`] and
///   [`Intensity::told`] do that, in this order.
///
/// Where both partial intensities reach Ⅵ, velocity alone counts, else their mean. So the
/// value steps where the rule changes, and may fall as the shaking grows: that is the
/// standard's own, and kept.
///
/// # Errors
/// [`GroundMotionError`] for a peak that is not finite and above 0.
///
/// # Source
/// GB/T 17742-2020, instrumental intensity: I_A = 3.17·lg PGA + 6.59,
/// I_V = 3.00·lg PGV + 9.77. Read in four independent implementations that agree, not in
/// the text (confidence: checked). The text's own example is not at hand: the test values
/// were worked out from those implementations.
pub fn instrumental(
    acceleration: Acceleration,
    velocity: Velocity,
) -> Result<Intensity, GroundMotionError> {
    let (by_acceleration, by_velocity) = parts(acceleration, velocity)?;
    Ok(Intensity(combine(by_acceleration, by_velocity)))
}

/// Degree from which on velocity alone counts.
pub(super) const VELOCITY_ALONE: f64 = 6.0;

/// I_A and I_V.
pub(super) fn parts(
    Acceleration(acceleration): Acceleration,
    Velocity(velocity): Velocity,
) -> Result<(f64, f64), GroundMotionError> {
    if !(acceleration.is_finite() && 0.0 < acceleration) {
        return Err(GroundMotionError::Acceleration(acceleration));
    }
    if !(velocity.is_finite() && 0.0 < velocity) {
        return Err(GroundMotionError::Velocity(velocity));
    }
    Ok((3.17 * acceleration.log10() + 6.59, 3.00 * velocity.log10() + 9.77))
}

pub(super) fn combine(by_acceleration: f64, by_velocity: f64) -> f64 {
    if VELOCITY_ALONE <= by_acceleration && VELOCITY_ALONE <= by_velocity {
        by_velocity
    } else {
        (by_acceleration + by_velocity) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(acceleration: f64, velocity: f64) -> f64 {
        instrumental(Acceleration(acceleration), Velocity(velocity)).expect("peaks").0
    }

    #[test]
    fn six_values_of_independent_implementations() {
        for (acceleration, velocity, expected) in [
            (0.1, 0.01, 3.595),
            (0.457, 0.0381, 5.512),
            (0.936, 0.0817, 6.507),
            (1.0, 0.10, 6.770),
            (2.0, 0.20, 7.673),
            (4.0, 0.40, 8.576),
        ] {
            let found = of(acceleration, velocity);
            assert!((found - expected).abs() <= 0.0005, "{found}, expected {expected}");
        }
    }

    #[test]
    fn it_steps_where_velocity_begins_to_count_alone() {
        // I_A is 7.5 throughout; I_V passes VI.
        let acceleration = 10f64.powf((7.5 - 6.59) / 3.17);
        let at = |by_velocity: f64| of(acceleration, 10f64.powf((by_velocity - 9.77) / 3.0));
        assert!((at(5.999_999) - 6.75).abs() < 1e-5);
        assert!((at(6.000_001) - 6.0).abs() < 1e-5, "more shaking, less intensity");
    }

    #[test]
    fn it_is_told_to_one_decimal_within_the_scale() {
        let told = |value: f64| Intensity(value).clamped().told().0;
        assert_eq!(told(6.507), 6.5);
        assert_eq!(told(0.2), 1.0);
        assert_eq!(told(13.4), 12.0);
    }

    #[test]
    fn no_peak_no_intensity() {
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let refused = instrumental(Acceleration(wrong), Velocity(0.1));
            assert!(matches!(refused, Err(GroundMotionError::Acceleration(_))), "{wrong}");
            let refused = instrumental(Acceleration(1.0), Velocity(wrong));
            assert!(matches!(refused, Err(GroundMotionError::Velocity(_))), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn on_either_side_of_the_step_more_shaking_is_more(
            a in 1e-4f64..20.0, v in 1e-5f64..2.0, more in 1.0f64..3.0,
        ) {
            let alone = |a, v| parts(Acceleration(a), Velocity(v))
                .is_ok_and(|(i, j)| 6.0 <= i && 6.0 <= j);
            if alone(a, v) == alone(a * more, v * more) {
                prop_assert!(of(a, v) <= of(a * more, v * more));
            }
        }
    }
}
