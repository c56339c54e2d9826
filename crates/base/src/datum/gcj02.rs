//! The shift of GCJ-02.
//!
//! # Source
//! No standard publishes it. The polynomials, the Krasovsky ellipsoid and the
//! rectangle are what implementations since 2010 share; ours was written from the
//! formula and is compared with four of them in `fixtures/datum`.

use std::f64::consts::PI;

/// Semi-major axis of the Krasovsky 1940 ellipsoid, m.
const SEMI_MAJOR: f64 = 6_378_245.0;
/// Its first eccentricity, squared.
const ECCENTRICITY_2: f64 = 0.006_693_421_622_965_943;

/// Below this many degrees a further step would only move rounding.
const CLOSE: f64 = 1e-11;
/// Each step gains two digits at least (the shift changes by less than 1 % per
/// degree), so ten are far more than any start needs.
const STEPS: usize = 10;

/// CGCS2000 to GCJ-02, degrees; unchanged outside the rectangle.
pub(super) fn shift(lon: f64, lat: f64) -> (f64, f64) {
    if !is_shifted(lon, lat) {
        return (lon, lat);
    }
    let (east, north) = offset(lon, lat);
    (lon + east, lat + north)
}

/// GCJ-02 to CGCS2000, degrees.
///
/// The rectangle is one of CGCS2000 and not of what it is shifted to, so it is
/// asked about the result. Within half a kilometre of its edge, far from any
/// land of ours, two places share one pair of GCJ-02; the one inside is given.
pub(super) fn undo(lon: f64, lat: f64) -> (f64, f64) {
    // A shift is below 0.02°, so nothing from inside is farther out than this.
    if !is_within(lon, lat, 0.05) {
        return (lon, lat);
    }
    let (mut x, mut y) = (lon, lat);
    for _ in 0..STEPS {
        let (east, north) = offset(x, y);
        let (next_x, next_y) = (lon - east, lat - north);
        let moved = (next_x - x).abs().max((next_y - y).abs());
        (x, y) = (next_x, next_y);
        if moved < CLOSE {
            break;
        }
    }
    // On the very edge rounding must not decide.
    if is_within(x, y, 1e-9) { (x, y) } else { (lon, lat) }
}

fn is_shifted(lon: f64, lat: f64) -> bool {
    is_within(lon, lat, 0.0)
}

/// Whether a place lies in the rectangle of the shift, or `margin` degrees from it.
fn is_within(lon: f64, lat: f64, margin: f64) -> bool {
    (72.004 - margin..=137.8347 + margin).contains(&lon)
        && (0.8293 - margin..=55.8271 + margin).contains(&lat)
}

/// How far GCJ-02 lies from a place: east and north, degrees.
fn offset(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = (lon - 105.0, lat - 35.0);
    let wave =
        |amplitude: f64, degrees: f64, period: f64| amplitude * (degrees * 2.0 * PI / period).sin();
    let ripple = wave(20.0, x, 1.0 / 3.0) + wave(20.0, x, 1.0);

    let east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt();
    let east = east
        + 2.0 / 3.0
            * (ripple
                + wave(20.0, x, 2.0)
                + wave(40.0, x, 6.0)
                + wave(150.0, x, 24.0)
                + wave(300.0, x, 60.0));

    let north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt();
    let north = north
        + 2.0 / 3.0
            * (ripple
                + wave(20.0, y, 2.0)
                + wave(40.0, y, 6.0)
                + wave(160.0, y, 24.0)
                + wave(320.0, y, 60.0));

    // Metres to degrees by the radii of curvature at the place.
    let latitude = lat.to_radians();
    let w2 = 1.0 - ECCENTRICITY_2 * latitude.sin().powi(2);
    let prime_vertical = SEMI_MAJOR / w2.sqrt();
    let meridian = SEMI_MAJOR * (1.0 - ECCENTRICITY_2) / (w2 * w2.sqrt());
    ((east / (prime_vertical * latitude.cos())).to_degrees(), (north / meridian).to_degrees())
}
