//! Any order of arrival gives the same earthquakes, and each report is of one.

use std::collections::{BTreeMap, BTreeSet};

use base::{Id, Point, Timestamp};
use proptest::prelude::*;
use science::earthquake::Standing;

use super::*;
use crate::quake::model::Origin;

pub(crate) fn report(agency: Option<&str>, event: &str, second: i64, lon: f64, m: f64) -> Report {
    Report {
        agency: agency.map(str::to_owned),
        event: event.to_owned(),
        aliases: Vec::new(),
        version: None,
        updated: None,
        standing: Standing::Automatic,
        kind: None,
        place: None,
        time: Timestamp::from_millis(second * 1_000),
        time_within_s: 0,
        point: Point::new(lon, 44.0).expect("on earth"),
        depth_km: Some(12.0),
        depth_type: None,
        magnitude: Some(m),
        scale: Some("Ms".to_owned()),
        origin: Origin::Typed {
            source: "测试".to_owned(), reason: "测试".to_owned(), by: None
        },
    }
}

/// A register in memory: what the outcomes make of it.
#[derive(Default)]
struct Register {
    made: u128,
    reports: Vec<Known>,
    believed: BTreeMap<EarthquakeId, Option<Report>>,
}

impl Register {
    /// What the store does: a report that is there is nothing, the rest is looked at
    /// together with all that is there.
    fn take(&mut self, report: Report) -> Vec<Outcome> {
        if self.reports.iter().any(|it| it.report.id() == report.id()) {
            return Vec::new();
        }
        self.reports.push(Known { of: None, report });
        let outcomes = gather(&Windows::shipped(), &self.reports).expect("few");
        for outcome in &outcomes {
            let (earthquake, group) = match outcome {
                Outcome::New(group) => {
                    self.made += 1;
                    (EarthquakeId(Id::from_u128(self.made)), group)
                }
                Outcome::Changed { earthquake, group, .. } => (*earthquake, group),
                Outcome::Merged { earthquake, .. } => {
                    self.believed.remove(earthquake);
                    continue;
                }
            };
            for index in &group.came {
                self.reports[*index].of = Some(earthquake);
            }
            let believed = group.believed.map(|index| self.reports[index].report.clone());
            self.believed.insert(earthquake, believed);
        }
        outcomes
    }

    /// The earthquakes by their reports, and what is believed of each.
    fn told(&self) -> BTreeMap<BTreeSet<String>, Option<String>> {
        let mut told: BTreeMap<EarthquakeId, BTreeSet<String>> = BTreeMap::new();
        for it in &self.reports {
            let of = it.of.expect("every report is of an earthquake");
            told.entry(of).or_default().insert(it.report.id().to_string());
        }
        let believed = |of: &EarthquakeId| {
            let known = self.believed.get(of).expect("it is registered");
            known.as_ref().map(|report| report.id().to_string())
        };
        told.iter().map(|(of, reports)| (reports.clone(), believed(of))).collect()
    }
}

#[test]
fn a_second_agency_revises_and_a_report_between_two_merges_them() {
    let mut register = Register::default();
    assert!(matches!(register.take(report(Some("us"), "a", 0, 124.0, 5.0))[..], [Outcome::New(_)]));
    assert!(
        register.take(report(Some("us"), "a", 0, 124.0, 5.0)).is_empty(),
        "the same is nothing"
    );
    let revised = register.take(report(Some("cenc"), "b", 20, 124.1, 5.3));
    assert!(matches!(&revised[..], [Outcome::Changed { group, left, .. }]
        if group.came == [1] && group.believed == Some(1) && left.is_empty()));
    // An automatic id far off, then its reviewed version under the same id, near.
    register.take(report(Some("jl"), "c", 0, 127.0, 5.0));
    let near = Report {
        updated: Some(Timestamp::from_millis(1)),
        ..report(Some("jl"), "c", 5, 124.0, 5.1)
    };
    let merged = register.take(near);
    assert!(
        matches!(&merged[..], [Outcome::Changed { group, .. }, Outcome::Merged { left, .. }]
            if group.came == [2, 3] && left == &[2]),
        "{merged:?}"
    );
    assert_eq!(register.told().len(), 1);
}

#[test]
fn what_all_take_back_is_believed_no_longer_and_what_one_takes_back_is_by_the_others() {
    let mut register = Register::default();
    register.take(report(Some("us"), "a", 0, 124.0, 5.0));
    register.take(report(Some("cenc"), "b", 2, 124.0, 5.2));
    let gone = |agency, event, second| Report {
        standing: Standing::Deleted,
        updated: Some(Timestamp::from_millis(99)),
        ..report(Some(agency), event, second, 124.0, 5.0)
    };
    register.take(gone("cenc", "b", 2));
    let believed: Vec<_> = register.believed.values().flatten().collect();
    assert_eq!(believed[0].agency.as_deref(), Some("us"));
    register.take(gone("us", "a", 0));
    assert_eq!(register.believed.values().collect::<Vec<_>>(), [&None]);
}

prop_compose! {
    fn any_report()(
        agency in 0usize..4, event in 0usize..3, second in 0i64..180, lon in 0u8..20, m in 0u8..30,
        updated in proptest::option::of(0i64..4), standing in 0usize..4,
    ) -> Report {
        Report {
            updated: updated.map(Timestamp::from_millis),
            standing: [
                Standing::Unknown, Standing::Automatic, Standing::Reviewed, Standing::Deleted,
            ][standing],
            ..report([None, Some("us"), Some("cenc"), Some("jl")][agency], &event.to_string(),
                second, 123.0 + f64::from(lon) / 10.0, 4.0 + f64::from(m) / 10.0)
        }
    }
}

proptest! {
    #[test]
    fn any_order_of_arrival_gives_the_same_earthquakes(
        (reports, shuffled) in proptest::collection::vec(any_report(), 0..12)
            .prop_flat_map(|reports| (Just(reports.clone()), Just(reports).prop_shuffle())),
    ) {
        let [one, other] = [reports, shuffled].map(|reports| {
            let mut register = Register::default();
            for report in reports {
                register.take(report);
            }
            register.told()
        });
        prop_assert_eq!(one, other);
    }
}
