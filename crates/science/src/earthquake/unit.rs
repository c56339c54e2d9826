//! Quantities of the ground: each carries its unit.

/// Peak acceleration of the ground, m/s².
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Acceleration(pub f64);

/// Peak velocity of the ground, m/s.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Velocity(pub f64);

/// Seismic intensity on the Chinese scale (GB/T 17742), 1 to 12; whole numbers are the
/// degrees Ⅰ to Ⅻ.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Intensity(pub f64);

impl Intensity {
    /// Held within the scale.
    pub fn clamped(self) -> Intensity {
        Intensity(self.0.clamp(1.0, 12.0))
    }

    /// To one decimal, as an instrument's intensity is told.
    pub fn told(self) -> Intensity {
        Intensity((self.0 * 10.0).round() / 10.0)
    }
}

/// Depth of a focus below the surface, km; finite, −10 to 800.
///
/// Above sea level is negative: catalogues of mountains and mines have it.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Depth(f64);

/// Why a number is no depth.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("depth is {0} km, expected -10 to 800")]
pub struct DepthError(f64);

impl Depth {
    /// # Errors
    /// [`DepthError`] outside −10 to 800 km: the deepest earthquakes known are near 750.
    pub fn from_km(km: f64) -> Result<Depth, DepthError> {
        if (-10.0..=800.0).contains(&km) { Ok(Depth(km)) } else { Err(DepthError(km)) }
    }

    pub fn km(self) -> f64 {
        self.0
    }
}

/// A direction over the ground, degrees clockwise from north; 0 to 180, since an axis
/// points both ways.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Azimuth(f64);

/// Why a number is no direction.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("azimuth is {0} degrees, expected 0 to 360")]
pub struct AzimuthError(f64);

impl Azimuth {
    /// # Errors
    /// [`AzimuthError`] outside 0 to 360.
    pub fn from_degrees(degrees: f64) -> Result<Azimuth, AzimuthError> {
        if (0.0..=360.0).contains(&degrees) {
            Ok(Azimuth(degrees % 180.0))
        } else {
            Err(AzimuthError(degrees))
        }
    }

    pub fn degrees(self) -> f64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_outside_its_range_is_refused() {
        assert_eq!(Depth::from_km(560.0).map(Depth::km), Ok(560.0));
        assert!(Depth::from_km(31_600.0).is_err(), "metres taken for kilometres");
        assert!(Depth::from_km(f64::NAN).is_err());
        assert_eq!(Azimuth::from_degrees(225.0).map(Azimuth::degrees), Ok(45.0));
        assert!(Azimuth::from_degrees(-1.0).is_err());
        assert!(Azimuth::from_degrees(f64::NAN).is_err());
    }
}
