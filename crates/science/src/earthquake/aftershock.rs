//! Aftershocks: how many are to be expected, and how large the largest.

/// Parameters of the Omori–Utsu law for one sequence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aftershocks {
    /// Productivity K, events per day where t + c is one day; above 0.
    pub productivity: f64,
    /// c, days; above 0.
    pub delay_days: f64,
    /// p; above 0, commonly near 1.
    pub decay: f64,
}

/// Why no number of aftershocks can be given.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OmoriError {
    #[error("{name} is {value}, expected a finite number above 0")]
    Parameter { name: &'static str, value: f64 },
    #[error("days are {from} to {to}, expected 0 <= from <= to")]
    Days { from: f64, to: f64 },
}

/// Expected number of aftershocks between two times after the main shock.
///
/// - `law`: of this sequence, for events above the magnitude it was fitted to.
/// - `from`, `to`: days since the main shock, `0 <= from <= to`.
/// - Returns the integral of n(t) = K·(t + c)^−p, a mean and no whole number.
///
/// # Errors
/// [`OmoriError`] for what is out of range.
///
/// # Source
/// Utsu (1961), from memory; the test value was worked out independently.
pub fn omori_utsu(law: &Aftershocks, from: f64, to: f64) -> Result<f64, OmoriError> {
    for (name, value) in [("K", law.productivity), ("c", law.delay_days), ("p", law.decay)] {
        if !(value.is_finite() && 0.0 < value) {
            return Err(OmoriError::Parameter { name, value });
        }
    }
    if !(0.0 <= from && from <= to && to.is_finite()) {
        return Err(OmoriError::Days { from, to });
    }
    let (start, end) = (from + law.delay_days, to + law.delay_days);
    let q = 1.0 - law.decay;
    // With q·ln(end/start) near 0 the powers cancel; expm1 does not.
    let growth = q * (end / start).ln();
    let integral = if growth.abs() < 1e-12 {
        (end / start).ln()
    } else {
        start.powf(q) * libm::expm1(growth) / q
    };
    Ok(law.productivity * integral)
}

/// Magnitude of the largest aftershock by Båth: that of the main shock less 1.2, on the
/// same scale.
///
/// A mean over many sequences; no scatter is given with it, and single sequences differ by
/// half a unit and more.
///
/// # Source
/// Båth (1965), from memory. No published example: the rule is its own.
pub fn bath(main_shock: f64) -> f64 {
    main_shock - 1.2
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAW: Aftershocks = Aftershocks { productivity: 10.0, delay_days: 0.05, decay: 1.1 };

    #[test]
    fn thirty_days_of_a_sequence() {
        let count = omori_utsu(&LAW, 0.0, 30.0).expect("in range");
        assert!((count - 63.772).abs() < 0.0005, "{count}");
    }

    #[test]
    fn days_add_up_and_the_law_passes_smoothly_through_p_of_one() {
        let count = |law: &Aftershocks, from, to| omori_utsu(law, from, to).expect("in range");
        let parts = count(&LAW, 0.0, 3.0) + count(&LAW, 3.0, 30.0);
        assert!((parts - count(&LAW, 0.0, 30.0)).abs() < 1e-9);
        let at = |decay| count(&Aftershocks { decay, ..LAW }, 0.0, 30.0);
        assert!((at(1.0) - 10.0 * (30.05f64 / 0.05).ln()).abs() < 1e-9);
        assert!((at(1.0 + 1e-9) - at(1.0)).abs() < 1e-5);
    }

    #[test]
    fn what_is_out_of_range_is_refused() {
        assert!(omori_utsu(&LAW, 5.0, 3.0).is_err());
        assert!(omori_utsu(&LAW, f64::NAN, 3.0).is_err());
        let broken = Aftershocks { delay_days: 0.0, ..LAW };
        assert_eq!(
            omori_utsu(&broken, 0.0, 3.0),
            Err(OmoriError::Parameter { name: "c", value: 0.0 })
        );
        assert!((bath(7.3) - 6.1).abs() < 1e-12);
    }
}
