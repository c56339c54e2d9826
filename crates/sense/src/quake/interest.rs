//! Which reports of a document concern this node: feeds tell of the whole world.

use base::Point;
use science::earthquake::Origin;
use serde::Deserialize;

/// The rule as data.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Interest {
    #[serde(rename = "version")]
    _version: String,
    /// By rising magnitude.
    steps: Vec<Step>,
    #[serde(rename = "origin")]
    _origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    from_magnitude: f64,
    within_km: f64,
}

/// West, south, east, north: round all regions of the register.
pub(super) type Around = [f64; 4];

impl Interest {
    pub fn shipped() -> Interest {
        serde_json::from_str(include_str!("interest.json")).expect("a test reads it")
    }

    /// Whether an earthquake there is of interest here.
    ///
    /// - `around`: `None` where nothing is known of how far the regions reach; then all is.
    /// - `magnitude`: `None` is taken for the greatest, since nobody knows.
    pub fn concerns(&self, around: Option<Around>, point: Point, magnitude: Option<f64>) -> bool {
        let Some(around) = around else { return true };
        let magnitude = magnitude.unwrap_or(f64::INFINITY);
        let step = self.steps.iter().rev().find(|step| step.from_magnitude <= magnitude);
        let within = step.or(self.steps.first()).map_or(0.0, |step| step.within_km);
        distance_km(around, point) <= within
    }
}

/// From a point to the nearest of a box, km; 0 inside.
fn distance_km([west, south, east, north]: Around, point: Point) -> f64 {
    let nearest = Point::new(point.lon().clamp(west, east), point.lat().clamp(south, north));
    nearest.map_or(0.0, |nearest| point.distance_km(nearest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stronger_the_farther_and_an_unknown_magnitude_is_the_strongest() {
        let around = Some([121.6, 40.8, 131.4, 46.4]);
        let concerns = |lon, lat, magnitude| {
            let point = Point::new(lon, lat).expect("on earth");
            Interest::shipped().concerns(around, point, magnitude)
        };
        assert!(concerns(125.0, 44.0, Some(-0.5)), "inside, a tremor");
        let haicheng = (122.7, 40.65);
        assert!(concerns(haicheng.0, haicheng.1, Some(2.0)), "17 km from the corner");
        let tangshan = (118.2, 39.6);
        assert!(!concerns(tangshan.0, tangshan.1, Some(4.9)));
        assert!(concerns(tangshan.0, tangshan.1, Some(5.0)), "some 320 km");
        let wenchuan = (103.4, 31.0);
        assert!(!concerns(wenchuan.0, wenchuan.1, Some(8.0)));
        assert!(!concerns(140.0, 36.0, Some(6.9)) && concerns(140.0, 36.0, Some(7.0)));
        assert!(concerns(140.0, 36.0, None));
        assert!(Interest::shipped().concerns(None, Point::new(0.0, 0.0).expect("on earth"), None));
    }
}
