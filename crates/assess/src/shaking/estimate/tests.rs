//! What is estimated, and why something is not.

use base::{Point, Timestamp};
use science::earthquake::Standing;
use sense::quake::Origin;

use super::*;

fn report(magnitude: Option<f64>, scale: Option<&str>, depth_km: Option<f64>) -> Report {
    Report {
        agency: Some("cenc".to_owned()),
        event: "a".to_owned(),
        aliases: Vec::new(),
        version: None,
        updated: None,
        standing: Standing::Reviewed,
        kind: Some("earthquake".to_owned()),
        place: None,
        time: Timestamp::from_millis(0),
        time_within_s: 0,
        point: Point::new(124.05, 44.73).expect("on earth"),
        depth_km,
        depth_type: None,
        magnitude,
        scale: scale.map(str::to_owned),
        origin: Origin::Typed {
            source: "测试".to_owned(), reason: "测试".to_owned(), by: None
        },
    }
}

fn of(report: &Report) -> Result<Estimate, Why> {
    let given = Given {
        believed: Some(report),
        others: &[],
        grounds: &[],
        settlements: atlas::region::settlements(),
    };
    estimate(Definition::shipped(), &given)
}

#[test]
fn each_reason_for_saying_nothing_is_its_own() {
    let why = |report: &Report| of(report).expect_err("nothing is said");
    assert!(matches!(why(&report(Some(6.0), Some("Ms"), Some(560.0))), Why::Deep { .. }));
    assert_eq!(why(&report(None, None, Some(10.0))), Why::NoMagnitude);
    assert!(matches!(why(&report(Some(5.5), Some("mb"), Some(12.0))), Why::NoConversion { .. }));
    assert!(matches!(why(&report(Some(5.5), Some("mb_lg"), Some(12.0))), Why::NoConversion { .. }));
    let small = why(&report(Some(4.9), Some("Ms"), Some(12.0)));
    assert_eq!(small, Why::Range { surface_wave: 4.9, least: 5.0, most: 8.5 });
    let blast = Report { kind: Some("quarry blast".to_owned()), ..report(Some(6.0), None, None) };
    assert!(matches!(why(&blast), Why::NotAnEarthquake { .. }));
    let given = Given { believed: None, others: &[], grounds: &[], settlements: &[] };
    assert_eq!(estimate(Definition::shipped(), &given), Err(Why::Withdrawn));
}

#[test]
fn how_a_magnitude_became_ms_is_said() {
    let taken = |scale| of(&report(Some(6.0), scale, Some(12.0))).expect("an estimate");
    let said = taken(Some("Ms"));
    assert_eq!((said.scale_taken, said.surface_wave), (ScaleTaken::Said, 6.0));
    assert_eq!(taken(Some("M")).scale_taken, ScaleTaken::Assumed);
    assert_eq!(taken(None).scale_taken, ScaleTaken::Assumed);
    let converted = taken(Some("mww"));
    assert_eq!(converted.scale_taken, ScaleTaken::Converted);
    assert!((converted.surface_wave - 5.41 / 0.86).abs() < 1e-9);
}

#[test]
fn lines_grow_outwards_and_people_are_at_least() {
    let estimate = of(&report(Some(6.5), Some("Ms"), Some(12.0))).expect("an estimate");
    assert!(estimate.lines.is_sorted_by(|one, other| other.degree < one.degree));
    let reach = |km: Option<f64>| km.unwrap_or(f64::INFINITY);
    assert!(estimate.lines.is_sorted_by(|one, other| reach(one.long_km) <= reach(other.long_km)));
    assert!(estimate.lines.iter().all(|line| reach(line.short_km) <= reach(line.long_km)));
    let People { surely, perhaps, .. } = &estimate.people;
    assert!(surely.iter().zip(perhaps).all(|(surely, perhaps)| surely <= perhaps));
    assert!(surely.is_sorted_by(|one, other| other <= one));
    // 松原, some 60 km off, is in the list of places.
    assert!(estimate.towns.iter().any(|town| town.people.is_some()), "{:?}", estimate.towns);
    assert!(estimate.second.is_some_and(|second| !second.lines.is_empty()));
}
