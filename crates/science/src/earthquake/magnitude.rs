//! Magnitudes, and what is known of how one scale becomes another.

use serde::Deserialize;

use super::Origin;

/// What a magnitude was measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scale {
    /// Surface waves, Ms: what the Chinese relations are made for.
    SurfaceWave,
    /// Moment, Mw in all its methods (Mww, Mwc, Mwb, Mwr, Mwp).
    Moment,
    /// Body waves, mb.
    BodyWave,
    /// Local, ML.
    Local,
    /// Duration, Md.
    Duration,
}

impl Scale {
    /// The scale that a message names, in any case; `None` for one we do not know, and for
    /// a bare `M`, which does not say.
    pub fn named(text: &str) -> Option<Scale> {
        match text.trim().to_ascii_lowercase().as_str() {
            "ms" | "ms_20" | "ms7" | "ms_vx" => Some(Scale::SurfaceWave),
            "mw" | "mww" | "mwc" | "mwb" | "mwr" | "mwp" => Some(Scale::Moment),
            "mb" => Some(Scale::BodyWave),
            "ml" => Some(Scale::Local),
            "md" => Some(Scale::Duration),
            _ => None,
        }
    }
}

/// A magnitude of surface waves, Ms; −2 to 10.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct SurfaceWave(f64);

/// Why there is no Ms.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ConversionError {
    #[error("magnitude is {0}, expected -2 to 10")]
    Range(f64),
    #[error("no relation from {0:?} to Ms is at hand")]
    NoRelation(Scale),
}

impl SurfaceWave {
    /// # Errors
    /// [`ConversionError::Range`] outside −2 to 10.
    pub fn new(value: f64) -> Result<SurfaceWave, ConversionError> {
        if (-2.0..=10.0).contains(&value) {
            Ok(SurfaceWave(value))
        } else {
            Err(ConversionError::Range(value))
        }
    }

    pub fn value(self) -> f64 {
        self.0
    }
}

/// The relations between scales that sources give.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversions {
    pub version: String,
    moment_to_surface_wave: Pieces,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pieces {
    below: Below,
    above: Above,
    origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Below {
    until: f64,
    minus: f64,
    divisor: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Above {
    minus: f64,
    divisor: f64,
}

impl Conversions {
    /// What ships with the program.
    pub fn shipped() -> Conversions {
        serde_json::from_str(include_str!("magnitude.json")).expect("a test reads it")
    }

    /// Gives Ms for a magnitude of any scale, where a relation is at hand.
    ///
    /// - `value`: magnitude on `scale`, −2 to 10.
    /// - Returns Ms: the value itself for Ms, the relation's for Mw.
    ///
    /// # Errors
    /// [`ConversionError::NoRelation`] for mb, ML and Md, of which no source is at hand:
    /// they are not passed off as Ms. [`ConversionError::Range`] outside the range.
    ///
    /// # Source
    /// `magnitude.json`; no published example and no scatter is given with it. The tests
    /// are its formula by hand, and its meeting where the pieces do.
    pub fn to_surface_wave(
        &self,
        value: f64,
        scale: Scale,
    ) -> Result<SurfaceWave, ConversionError> {
        SurfaceWave::new(value)?;
        match scale {
            Scale::SurfaceWave => SurfaceWave::new(value),
            Scale::Moment => {
                let Pieces { below, above, .. } = &self.moment_to_surface_wave;
                SurfaceWave::new(if value < below.until {
                    (value - below.minus) / below.divisor
                } else {
                    (value - above.minus) / above.divisor
                })
            }
            Scale::BodyWave | Scale::Local | Scale::Duration => {
                Err(ConversionError::NoRelation(scale))
            }
        }
    }

    pub fn origin(&self) -> &Origin {
        &self.moment_to_surface_wave.origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(moment: f64) -> f64 {
        Conversions::shipped().to_surface_wave(moment, Scale::Moment).expect("in range").value()
    }

    #[test]
    fn moment_becomes_surface_wave_in_two_pieces_that_meet() {
        assert!((ms(5.0) - 4.41 / 0.86).abs() < 1e-12);
        assert!((ms(7.3) - 9.72 / 1.28).abs() < 1e-12);
        let step = ms(6.58) - ms(6.579_999_9);
        assert!(step.abs() < 0.07, "the pieces are {step} apart");
    }

    #[test]
    fn what_no_source_converts_is_not_converted() {
        let table = Conversions::shipped();
        for scale in [Scale::BodyWave, Scale::Local, Scale::Duration] {
            let refused = table.to_surface_wave(5.0, scale);
            assert_eq!(refused, Err(ConversionError::NoRelation(scale)));
        }
        let as_it_is = table.to_surface_wave(5.4, Scale::SurfaceWave);
        assert_eq!(as_it_is.map(SurfaceWave::value), Ok(5.4));
        assert!(table.to_surface_wave(f64::NAN, Scale::Moment).is_err());
        assert!(table.to_surface_wave(11.0, Scale::SurfaceWave).is_err());
    }

    #[test]
    fn names_of_scales_in_messages() {
        assert_eq!(Scale::named("mww"), Some(Scale::Moment));
        assert_eq!(Scale::named(" Ms "), Some(Scale::SurfaceWave));
        assert_eq!(Scale::named("mb"), Some(Scale::BodyWave));
        assert_eq!(Scale::named("mb_lg"), None);
        assert_eq!(Scale::named("M"), None);
    }
}
