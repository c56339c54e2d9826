//! Duplicates, revisions, and that order decides nothing.

use proptest::prelude::*;

use super::*;

fn report(agency: &str, id: &str, second: i64, lon: f64, magnitude: f64) -> Report {
    Report {
        agency: Some(agency.to_owned()),
        id: id.to_owned(),
        aliases: Vec::new(),
        updated: None,
        standing: Standing::Automatic,
        time: Timestamp::from_millis(second * 1_000),
        time_within: Duration::ZERO,
        place: Point::new(lon, 43.0).expect("on earth"),
        depth: None,
        magnitude: Some(magnitude),
    }
}

/// Each event as the sorted `agency id` of its chains, with what is believed.
fn told(reports: &[Report]) -> Vec<(Vec<String>, Option<String>)> {
    let events = associate(&Windows::shipped(), reports).expect("few");
    let name =
        |agency: &Option<String>, id: &str| format!("{} {id}", agency.as_deref().unwrap_or("-"));
    let told = events.iter().map(|event| {
        let chains = event.chains.iter().map(|chain| name(&chain.agency, &chain.id)).collect();
        let believed = event.believed.map(|index| {
            let report = &reports[index];
            format!(
                "{} {:?} {:?} {:?}",
                name(&report.agency, &report.id),
                report.updated,
                report.magnitude,
                report.time
            )
        });
        (chains, believed)
    });
    told.collect()
}

#[test]
fn three_agencies_of_one_earthquake_are_one_and_the_bureau_is_believed() {
    let reports = [
        report("us", "a", 10, 125.0, 5.6),
        report("cenc", "b", 0, 125.2, 5.8),
        report("typed", "c", 40, 125.5, 6.0),
    ];
    let events = told(&reports);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].0, ["cenc b", "typed c", "us a"]);
    assert!(events[0].1.as_ref().is_some_and(|text| text.starts_with("cenc b")));
}

#[test]
fn on_a_window_is_within_and_a_hair_outside_is_not() {
    let one = report("us", "a", 0, 125.0, 5.3);
    let pair = |other: Report| told(&[one.clone(), other]).len();
    assert_eq!(pair(report("cenc", "b", 60, 125.0, 6.3)), 1);
    let late =
        Report { time: Timestamp::from_millis(60_001), ..report("cenc", "b", 0, 125.0, 5.3) };
    assert_eq!(pair(late.clone()), 2);
    assert_eq!(pair(Report { time_within: Duration::from_secs(60), ..late }), 1);
    assert_eq!(pair(report("cenc", "b", 0, 125.0, 6.4)), 2);
    assert_eq!(pair(report("cenc", "b", 0, 126.3, 5.3)), 2, "106 km");
    let unknown = Report { magnitude: None, ..report("cenc", "b", 0, 125.0, 0.0) };
    assert_eq!(pair(unknown), 1, "an unknown magnitude is not 0");
}

#[test]
fn two_ids_of_one_agency_are_two_earthquakes_unless_it_renames() {
    assert_eq!(
        told(&[report("us", "a", 0, 125.0, 5.0), report("us", "b", 5, 125.0, 5.0)]).len(),
        2
    );
    let automatic = report("cenc", "a", 0, 125.0, 5.0);
    let reviewed = Report { standing: Standing::Reviewed, ..report("cenc", "b", 5, 125.0, 5.2) };
    let events = told(&[automatic.clone(), reviewed]);
    assert_eq!(events.len(), 1);
    assert!(events[0].1.as_ref().is_some_and(|text| text.starts_with("cenc b")), "{events:?}");
    assert_eq!(told(&[automatic, report("cenc", "b", 5, 125.0, 5.2)]).len(), 2);
}

#[test]
fn an_id_that_is_named_is_the_same_however_far_and_strong() {
    let named = Report { aliases: vec!["usa".to_owned()], ..report("ak", "x", 0, 127.0, 3.0) };
    assert_eq!(told(&[report("us", "a", 0, 125.0, 5.0), named]).len(), 1);
}

#[test]
fn what_is_near_only_by_way_of_a_third_is_not_merged_and_the_closest_are() {
    // a and c are 95 s apart; b is between, and nearer to the one or the other.
    for (second, expected) in [(40, vec!["cenc b", "us a"]), (55, vec!["cenc b", "typed c"])] {
        let reports = [
            report("us", "a", 0, 125.0, 5.0),
            report("cenc", "b", second, 125.0, 5.0),
            report("typed", "c", 95, 125.0, 5.0),
        ];
        let events = told(&reports);
        assert_eq!(events.len(), 2, "{events:?}");
        assert!(events.iter().any(|(chains, _)| *chains == expected), "{events:?}");
    }
}

#[test]
fn a_chain_keeps_every_version_and_a_deletion_takes_back_its_own_only() {
    let at = |second, standing| Report {
        updated: Some(Timestamp::from_millis(second)),
        standing,
        ..report("us", "a", 0, 125.0, 5.0)
    };
    let reports =
        [at(30, Standing::Deleted), at(10, Standing::Automatic), at(20, Standing::Reviewed)];
    let events = associate(&Windows::shipped(), &reports).expect("few");
    assert_eq!(events[0].chains[0].versions, [1, 2, 0]);
    assert_eq!((events[0].chains[0].deleted, events[0].believed), (true, None));
    let with_another = [&reports[..], &[report("cenc", "b", 1, 125.0, 5.0)]].concat();
    let events = associate(&Windows::shipped(), &with_another).expect("few");
    assert_eq!((events.len(), events[0].believed), (1, Some(3)));
}

#[test]
fn a_flood_within_a_minute_is_refused() {
    let flood: Vec<Report> = (0..210).map(|n| report("x", &n.to_string(), 0, 125.0, 5.0)).collect();
    let refused = associate(&Windows::shipped(), &flood);
    assert_eq!(refused, Err(AssociationError::TooClose(20_000)));
}

prop_compose! {
    fn any_report()(
        agency in 0usize..4, id in 0usize..4, second in 0i64..200, lon in 0u8..20, m in 0u8..30,
        updated in proptest::option::of(0i64..4), standing in 0usize..4,
    ) -> Report {
        Report {
            agency: [None, Some("us"), Some("cenc"), Some("typed")][agency].map(str::to_owned),
            updated: updated.map(Timestamp::from_millis),
            standing: [
                Standing::Unknown, Standing::Automatic, Standing::Reviewed, Standing::Deleted,
            ][standing],
            ..report("", &id.to_string(), second, 124.0 + f64::from(lon) / 10.0,
                4.0 + f64::from(m) / 10.0)
        }
    }
}

proptest! {
    #[test]
    fn in_any_order_the_same_events_and_every_report_once(
        (reports, shuffled) in proptest::collection::vec(any_report(), 0..14)
            .prop_flat_map(|reports| (Just(reports.clone()), Just(reports).prop_shuffle())),
    ) {
        prop_assert_eq!(told(&reports), told(&shuffled));
        let events = associate(&Windows::shipped(), &reports).expect("few");
        let mut seen: Vec<usize> = events.iter()
            .flat_map(|event| event.chains.iter().flat_map(|chain| chain.versions.clone()))
            .collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..reports.len()).collect::<Vec<_>>());
    }
}
