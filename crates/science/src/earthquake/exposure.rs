//! How many people stand where it shook how strongly.

use base::Point;

use super::Field;

/// A place with people whose number is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settlement {
    pub place: Point,
    /// Those counted there: whoever lives between the places of the list is not, so that
    /// sums are "at least".
    pub people: u64,
}

/// People by degree of intensity, each "at least", since lists of places are never whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// `[12]`: people of the places that shook with this degree or more, Ⅰ first, by the
    /// least intensity that each may have had.
    pub surely: [u64; 12],
    /// The same by the greatest that each may have had. Equal to `surely` where the long
    /// axis is known.
    pub perhaps: [u64; 12],
    /// People of places beyond what the relation holds for: not assessed, and not "none".
    pub not_assessed: u64,
}

/// Counts the people of the places by degree.
///
/// - `field`: of intensity.
/// - `settlements`: `[n]`, in any order.
/// - Returns sums that saturate; a place is of the degree that [`Field::degree`] says: by
///   a relation of intensity the one that has been reached (6.9 is Ⅵ), by an instrument's
///   the nearest (6.5 is Ⅶ), as the lines of [`Field::isoseismals`].
pub fn expose(field: &Field<'_>, settlements: &[Settlement]) -> Exposure {
    let mut exposure = Exposure { surely: [0; 12], perhaps: [0; 12], not_assessed: 0 };
    for Settlement { place, people } in settlements {
        let Some(shaking) = field.at(*place) else {
            exposure.not_assessed = exposure.not_assessed.saturating_add(*people);
            continue;
        };
        add(&mut exposure.surely, field.degree(shaking.least), *people);
        add(&mut exposure.perhaps, field.degree(shaking.most), *people);
    }
    exposure
}

fn add(sums: &mut [u64; 12], degree: u8, people: u64) {
    for sum in sums.iter_mut().take(usize::from(degree)) {
        *sum = sum.saturating_add(people);
    }
}

impl Exposure {
    /// `[12]` people of exactly each degree, Ⅰ first, from sums of "or more".
    pub fn by_degree(sums: &[u64; 12]) -> [u64; 12] {
        std::array::from_fn(|degree| {
            sums[degree].saturating_sub(sums.get(degree + 1).copied().unwrap_or(0))
        })
    }
}

#[cfg(test)]
mod tests {
    use base::Timestamp;

    use super::super::{
        Azimuth, Depth, Gate, GateRules, Relations, Solution, SurfaceWave, depth_gate,
    };
    use super::*;

    fn at(lon: f64, lat: f64) -> Point {
        Point::new(lon, lat).expect("on earth")
    }

    /// Towns 15 km north, 15 km east (near enough) and 400 km away, magnitude 6.
    fn exposed(azimuth: Option<f64>) -> Exposure {
        let epicentre = at(125.0, 44.0);
        let solution = Solution {
            time: Timestamp::from_millis(0),
            place: epicentre,
            depth: Some(Depth::from_km(12.0).expect("a depth")),
            magnitude: Some(6.0),
        };
        let Gate::Open(opened) = depth_gate(&GateRules::shipped(), &solution, &[]) else {
            panic!("a crustal focus")
        };
        let relations = Relations::shipped();
        let wang = relations.find("wang_2000_east").expect("it ships");
        let magnitude = SurfaceWave::new(6.0).expect("in range");
        let azimuth = azimuth.map(|degrees| Azimuth::from_degrees(degrees).expect("a direction"));
        let field = Field::by_intensity(wang, epicentre, magnitude, azimuth, &opened);
        let towns = [
            Settlement { place: at(125.0, 44.135), people: 1_000 },
            Settlement { place: at(125.1875, 44.0), people: 20 },
            Settlement { place: at(130.0, 44.0), people: 7 },
        ];
        expose(&field.expect("in range"), &towns)
    }

    #[test]
    fn people_are_counted_by_the_least_and_the_most_and_who_is_too_far_is_not_assessed() {
        // At 15 km the long axis gives 7.11 and the short one 6.68.
        let unknown = exposed(None);
        assert_eq!((unknown.surely[5], unknown.surely[6]), (1_020, 0));
        assert_eq!((unknown.perhaps[5], unknown.perhaps[6]), (1_020, 1_020));
        assert_eq!(unknown.not_assessed, 7);
        let north = exposed(Some(0.0));
        assert_eq!(north.surely, north.perhaps);
        assert_eq!(Exposure::by_degree(&north.surely)[5..7], [20, 1_000]);
        let east = exposed(Some(90.0));
        assert_eq!(Exposure::by_degree(&east.surely)[5..7], [1_000, 20]);
    }

    #[test]
    fn sums_fall_with_the_degree_and_come_apart_again() {
        let sums = [30, 30, 30, 30, 30, 25, 5, 5, 0, 0, 0, 0];
        assert_eq!(Exposure::by_degree(&sums), [0, 0, 0, 0, 5, 20, 0, 5, 0, 0, 0, 0]);
        assert_eq!(Exposure::by_degree(&[3; 12])[11], 3);
    }
}
