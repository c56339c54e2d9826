//! The catalogue of north-east China against the gate and the association.
//!
//! `fixtures/quake/ne_china_catalogue_ad19_2015.csv`, whose compilers are not named: rows
//! of two agencies stand side by side without saying whose they are.

use base::{Duration, Point, Timestamp};

use super::{
    Closed, Depth, Gate, GateRules, Report, Solution, Standing, Windows, associate, depth_gate,
};

struct Row {
    id: String,
    time: Timestamp,
    place: Point,
    magnitude: f64,
    depth: Option<Depth>,
}

/// Rows with a whole date; and how many there are in all.
fn rows() -> (Vec<Row>, usize) {
    let text = include_str!("../../../../fixtures/quake/ne_china_catalogue_ad19_2015.csv");
    let lines: Vec<Vec<&str>> =
        text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let all = lines.len();
    let rows = lines.into_iter().filter_map(|fields| {
        let number = |index: usize| fields[index].parse::<f64>().expect("a number");
        let at = format!(
            "{:0>4}-{:0>2}-{:0>2}T{:0>2}:{:0>2}:{:0>2}Z",
            fields[1],
            fields[2],
            fields[3],
            fields[4],
            fields[5],
            number(6).floor()
        );
        let time = at.parse().ok()?; // month or day 0: not known
        Some(Row {
            id: fields[0].to_owned(),
            time,
            place: Point::new(number(8), number(7)).expect("on earth"),
            magnitude: number(9),
            depth: Some(number(10))
                .filter(|km| *km != -1.0)
                .map(|km| Depth::from_km(km).expect("a depth")),
        })
    });
    (rows.collect(), all)
}

fn solution(row: &Row) -> Solution {
    let Row { time, place, magnitude, depth, .. } = *row;
    Solution { time, place, depth, magnitude: Some(magnitude) }
}

#[test]
fn every_row_is_read_and_unknown_depths_stay_unknown() {
    let (rows, all) = rows();
    assert_eq!((all, rows.len()), (987, 975), "12 have no month or no day");
    let deep = |row: &&Row| row.depth.is_some_and(|depth| 300.0 <= depth.km());
    let near = |row: &&Row| {
        (121.5..=131.4).contains(&row.place.lon()) && (40.8..=46.4).contains(&row.place.lat())
    };
    assert_eq!(rows.iter().filter(near).filter(deep).count(), 85);
}

#[test]
fn the_deep_earthquakes_of_1999_and_2002_raise_no_field() {
    let (rows, _) = rows();
    let rules = GateRules::shipped();
    let solutions: Vec<Solution> = rows.iter().map(solution).collect();
    for id in ["19039", "19040", "22097", "22098"] {
        let row = rows.iter().find(|row| row.id == id).expect("in the catalogue");
        assert_eq!(row.depth.map(Depth::km), Some(5.0), "the bogus depth");
        let gate = depth_gate(&rules, &solution(row), &solutions);
        assert!(matches!(gate, Gate::Closed(Closed::Unconfirmed { .. })), "{id}: {gate:?}");
    }
}

#[test]
fn the_pairs_that_are_merged_are_those_of_one_minute_and_no_others() {
    let (rows, _) = rows();
    // Which have an hour and a minute at all.
    let reports: Vec<Report> = rows
        .iter()
        .filter(|row| row.time.as_millis() % 86_400_000 != 0)
        .map(|row| Report {
            agency: None,
            id: row.id.clone(),
            aliases: Vec::new(),
            updated: None,
            standing: Standing::Unknown,
            time: row.time,
            time_within: Duration::ZERO,
            place: row.place,
            depth: row.depth,
            magnitude: Some(row.magnitude),
        })
        .collect();
    let events = associate(&Windows::shipped(), &reports).expect("few within a minute");
    let merged: Vec<String> = events
        .iter()
        .filter(|event| 1 < event.chains.len())
        .map(|event| {
            let ids: Vec<&str> = event.chains.iter().map(|chain| chain.id.as_str()).collect();
            ids.join("+")
        })
        .collect();
    assert_eq!(
        merged,
        [
            "3825+3826",
            "4426+4427",
            "5419+5420",
            "6558+6559",
            "6898+6899",
            "7639+7640",
            "8391+8392",
            "9865+9866",
            "16341+16342",
            "19039+19040",
            "19489+19490",
            "19673+19674",
            "22097+22098",
            "22324+22325",
            "34296+34297",
            "35298+35299+35300",
            "35509+35510",
            "36788+36789",
            "37306+37307",
            "38211+38212",
            "39763+39764",
            "39766+39767",
            "40125+40126",
            "40159+40160",
        ]
    );
    // Aftershocks of Tangshan 77 s and 119 s apart, and two 115 s apart in 2013: separate.
    for apart in [["5540", "5541"], ["5696", "5697"], ["40139", "40140"]] {
        for id in apart {
            let of = |chain: &super::Chain| chain.id == id;
            let event = events.iter().find(|event| event.chains.iter().any(of));
            assert_eq!(event.expect("every report is somewhere").chains.len(), 1, "{id}");
        }
    }
}
