//! Deaths to be reckoned with, by people exposed (PAGER's empirical model).

use serde::Deserialize;

use super::{Exposure, Origin};

/// The model's numbers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Losses {
    pub version: String,
    fatalities: Curve,
    pub origin: Origin,
    second: Line,
    pub second_origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Curve {
    theta: f64,
    beta: f64,
    g: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    slope: f64,
    intercept: f64,
    from: u8,
}

/// An estimate, never without its spread.
#[derive(Debug, Clone, PartialEq)]
pub struct Loss {
    /// Expected number by the model.
    pub expected: f64,
    /// What lies the model's standard deviation below and above in the logarithm, a factor
    /// of more than seven either way: two cases of three by the model, and fewer in fact.
    /// Of 121 Chinese earthquakes with known deaths, 38 are between, 54 below, 28 above,
    /// and one had nobody from Ⅴ on.
    pub two_thirds: [f64; 2],
    /// How likely each band is; they add up to 1.
    pub bands: [Band; 7],
    /// What another published model expects of the same people: they differ by factors.
    pub second: f64,
}

/// Probability that the number is `from <= n < until`; the last has no end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    pub from: u32,
    pub until: Option<u32>,
    pub probability: f64,
}

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LossError {
    #[error("expected number is {0}, a spread needs a finite number above 0")]
    NoSpread(f64),
}

const BANDS: [(u32, Option<u32>); 7] = [
    (0, Some(1)),
    (1, Some(10)),
    (10, Some(100)),
    (100, Some(1_000)),
    (1_000, Some(10_000)),
    (10_000, Some(100_000)),
    (100_000, None),
];

impl Losses {
    /// What ships with the program, for China.
    pub fn shipped() -> Losses {
        serde_json::from_str(include_str!("pager_cn.json")).expect("a test reads it")
    }

    /// Share of those exposed to an intensity who die: Φ(ln(S/θ)/β).
    pub fn rate(&self, intensity: f64) -> f64 {
        self.fatalities.rate(intensity)
    }

    /// Estimates deaths from people by degree.
    ///
    /// - `people`: `[12]` people of exactly each degree, Ⅰ first
    ///   ([`Exposure::by_degree`]). Ⅴ to Ⅸ count, and Ⅸ takes all above it.
    /// - Returns the estimate with its spread.
    ///
    /// The model was fitted to MMI, which is taken for the Chinese degree; it knows
    /// nothing of warnings and evacuations (Haicheng 1975: 27 190 for 1 328). People "at
    /// least" give deaths "at least" in the median, and no more than that.
    ///
    /// # Errors
    /// [`LossError::NoSpread`] where nobody is exposed from Ⅴ on: there is no estimate of
    /// nothing.
    ///
    /// # Source
    /// `pager_cn.json`. Tests: the exposure of Tangshan 1976 as published with the model;
    /// rates and bands worked out independently.
    pub fn deaths(&self, people: &[u64; 12]) -> Result<Loss, LossError> {
        let classes: [(f64, f64); 5] = std::array::from_fn(|class| {
            let degree = class + 5;
            let last = if degree == 9 { 12 } else { degree };
            let people = people[degree - 1..last].iter().map(|people| *people as f64).sum();
            (degree as f64, people)
        });
        let expected = classes.iter().map(|(degree, people)| self.rate(*degree) * people).sum();
        let second = &self.second;
        let from = usize::from(second.from).max(1);
        let second = (from..=12)
            .map(|degree| {
                let rate = 10f64.powf(second.slope * degree as f64 + second.intercept);
                rate.min(1.0) * people[degree - 1] as f64
            })
            .sum();
        self.spread(expected, second)
    }

    fn spread(&self, expected: f64, second: f64) -> Result<Loss, LossError> {
        if !(expected.is_finite() && 0.0 < expected) {
            return Err(LossError::NoSpread(expected));
        }
        let below = |limit: f64| normal((limit.ln() - expected.ln()) / self.fatalities.g);
        let bands = BANDS.map(|(from, until)| {
            let low = if from == 0 { 0.0 } else { below(f64::from(from)) };
            let high = until.map_or(1.0, |until| below(f64::from(until)));
            Band { from, until, probability: high - low }
        });
        let factor = self.fatalities.g.exp();
        Ok(Loss { expected, two_thirds: [expected / factor, expected * factor], bands, second })
    }

    /// The estimates of both ends of an exposure whose long axis is not known.
    pub fn of_exposure(&self, exposure: &Exposure) -> [Result<Loss, LossError>; 2] {
        [&exposure.surely, &exposure.perhaps].map(|sums| self.deaths(&Exposure::by_degree(sums)))
    }
}

impl Curve {
    fn rate(self, intensity: f64) -> f64 {
        normal((intensity / self.theta).ln() / self.beta)
    }
}

/// Φ, by the complementary error function, which keeps its digits far below the mean.
fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64, share: f64) {
        assert!((found / expected - 1.0).abs() <= share, "{found}, expected {expected}");
    }

    #[test]
    fn rates_of_china_and_of_the_unit_test_of_the_model() {
        let losses = Losses::shipped();
        for (degree, rate) in
            [(5.0, 2.0717e-13), (6.0, 2.8394e-8), (7.0, 5.0534e-5), (8.0, 5.3327e-3)]
        {
            close(losses.rate(degree), rate, 5e-5);
        }
        close(losses.rate(9.0), 8.4360e-2, 5e-5);
        let iran = Curve { theta: 10.986839, beta: 0.128601, g: 1.0 };
        close(iran.rate(5.0), 4.6283e-10, 5e-5);
        close(iran.rate(9.0), 6.0438e-2, 5e-5);
    }

    #[test]
    fn tangshan_by_its_published_exposure() {
        let mut people = [0; 12];
        people[4..9].copy_from_slice(&[16_380_646, 21_295_865, 11_797_151, 7_234_682, 2_382_918]);
        let loss = Losses::shipped().deaths(&people).expect("many were exposed");
        close(loss.expected, 240_200.0, 5e-5);
        let [least, most] = loss.two_thirds;
        assert!(least < 242_419.0 && 242_419.0 < most, "what was observed is within");
    }

    #[test]
    fn bands_of_a_hundred_and_they_add_up() {
        let loss = Losses::shipped().spread(100.0, 0.0).expect("above 0");
        let expected = [0.011082, 0.115276, 0.373643, 0.373643, 0.115276, 0.010781, 0.000300];
        for (band, expected) in loss.bands.iter().zip(expected) {
            assert!((band.probability - expected).abs() <= 1e-6, "{band:?}, {expected}");
        }
        let sum: f64 = loss.bands.iter().map(|band| band.probability).sum();
        assert!((sum - 1.0).abs() < 1e-12);
    }

    /// Name, people by degree, deaths by shaking where they are known.
    fn expocat() -> Vec<(String, [u64; 12], Option<f64>)> {
        let text = include_str!("../../../../fixtures/quake/pager_expocat_cn.csv");
        let rows = text.lines().skip(1).map(|line| {
            // A name may hold a comma; from the right no field does.
            let fields: Vec<&str> = line.rsplit(',').collect();
            let mut people = [0; 12];
            for (degree, people) in people.iter_mut().take(9).enumerate() {
                *people = fields[16 - degree].parse().expect("a count");
            }
            (line.to_owned(), people, fields[7].parse().ok())
        });
        rows.collect()
    }

    #[test]
    fn haicheng_was_warned_and_the_model_does_not_know() {
        let rows = expocat();
        let haicheng = rows.iter().find(|(line, ..)| line.contains("Haicheng"));
        let (_, people, deaths) = haicheng.expect("in the table");
        let loss = Losses::shipped().deaths(people).expect("many were exposed");
        close(loss.expected, 27_190.0, 5e-5);
        assert_eq!(*deaths, Some(1_328.0));
        let [least, _] = loss.two_thirds;
        assert!(1_328.0 < least, "below even the interval: {least}");
    }

    #[test]
    fn the_interval_holds_fewer_of_the_known_cases_than_it_says() {
        let rows = expocat();
        let losses = Losses::shipped();
        let known: Vec<([f64; 2], f64)> = rows
            .iter()
            .filter_map(|(_, people, deaths)| Some((losses.deaths(people).ok()?, (*deaths)?)))
            .map(|(loss, deaths)| (loss.two_thirds, deaths))
            .collect();
        let below = known.iter().filter(|([least, _], deaths)| deaths < least).count();
        let above = known.iter().filter(|([_, most], deaths)| most < deaths).count();
        assert_eq!((rows.len(), known.len(), below, above), (313, 120, 54, 28));
    }

    #[test]
    fn nobody_exposed_is_no_estimate() {
        let refused = Losses::shipped().deaths(&[0; 12]);
        assert_eq!(refused, Err(LossError::NoSpread(0.0)));
    }
}
