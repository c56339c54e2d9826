//! The simulated mine against the reader.

use base::Duration;
use expect_test::expect;

use super::super::host::{Course, Drop, Expected, Fault, Mine, MineConfig, spoil};
use super::super::{
    Content, File, FileError, FileName, KINDS, Limits, NameRule, Presence, Shape, parse, write,
};
use super::{MINE, at};

fn mine() -> Mine {
    let (code, name) = (MINE.to_owned(), "样例煤矿".to_owned());
    Mine::new(MineConfig { code, name, seed: 7, points: 40, persons: 120 })
}

/// As a receiver of this mine's files whose clock is right, at the time that the name says.
fn receive(drop: &Drop) -> Result<File, FileError> {
    let name = FileName::parse(&drop.name, NameRule::Tolerant)?;
    if name.mine != MINE {
        return Err(FileError::OtherMine { header: MINE.to_owned(), name: name.mine });
    }
    parse(&name, &drop.bytes, name.made, Limits::default())
}

#[test]
fn every_type_with_known_columns_is_written_and_read() {
    let now = at("2026-08-03 09:10:00");
    for info in KINDS {
        let Some(file) = mine().file(info.code, now) else {
            assert_eq!(info.shape, Shape::Raw, "{} is not written", info.code);
            continue;
        };
        let drop = mine().drop(info.code, now).expect("it is written");
        assert_eq!(receive(&drop).as_ref(), Ok(&file), "{}", info.code);
        assert_eq!(write(&file), Ok(drop.bytes));
    }
}

#[test]
fn every_kind_of_event_happens_within_an_hour() {
    let mut mine = mine();
    mine.tell(0, 160);
    let begin = at("2026-08-03 09:00:00");
    let drops = mine.due(begin, begin + Duration::from_hours(1));
    let kinds: std::collections::BTreeSet<&str> =
        drops.iter().filter_map(|drop| drop.name.split('_').nth(1)).collect();
    let written = KINDS.iter().filter(|info| info.shape != Shape::Raw);
    let missing: Vec<&str> =
        written.map(|info| info.code).filter(|code| !kinds.contains(code)).collect();
    // Definitions come once a day; nothing is wrong with a simulated mine's water.
    expect![[r#"["CDDY", "FZDY", "RYXX", "RYQY", "RYJZ", "CGKCDDY", "CGKCDYC", "PSLCDDY", "PSLCDYC", "YSLCDDY", "SFSCDDY", "JSLCDDY", "DBSCDDY", "ZKYL", "ZKYC"]"#]]
        .assert_eq(&format!("{missing:?}"));
    for drop in &drops {
        assert!(receive(drop).is_ok(), "{}", drop.name);
    }
    let night = mine.due(at("2026-08-03 07:59:59"), at("2026-08-03 08:00:00"));
    assert!(night.len() > 20, "all definitions at the turn of a day in UTC: {}", night.len());
    assert!(night[0].name.contains("DDY") && night.iter().any(|drop| drop.name.contains("_RYXX_")));
}

#[test]
fn the_same_mine_and_time_give_the_same_bytes() {
    let now = at("2026-08-03 09:12:00");
    for info in KINDS {
        assert_eq!(mine().drop(info.code, now), mine().drop(info.code, now));
    }
    let mut other = mine();
    other.config.seed = 8;
    assert_ne!(other.drop("CDSS", now), mine().drop("CDSS", now));
}

#[test]
fn people_go_down_and_come_up() {
    let count = |time: &str| {
        let file = mine().file("RYSS", at(time)).expect("positions");
        let Content::PersonState(persons) = file.content else { panic!("persons") };
        let of = |flag| persons.iter().filter(|(_, it)| it.presence == flag).count();
        (of(Presence::Mouth), of(Presence::Underground), of(Presence::Out))
    };
    // A third of 120, without one in ten; two shifts overlap after each change.
    expect!["[(0, 36, 0), (14, 41, 0), (9, 58, 2)]"].assert_eq(&format!(
        "{:?}",
        ["2026-08-03 12:00:00", "2026-08-03 16:15:00", "2026-08-03 16:30:00"].map(count)
    ));
}

#[test]
fn a_point_shows_what_it_is_told_and_says_alarm_and_cut_by_its_own_limits() {
    let mut mine = mine();
    let states = [99, 100, 149, 150].map(|value| {
        mine.tell(0, value);
        let file = mine.file("CDSS", at("2026-08-03 09:00:00")).expect("values");
        let Content::PointValue(values) = file.content else { panic!("values") };
        (values[0].1.value.map(|it| it.to_string()), values[0].1.state.bits())
    });
    let said = |value: &str| Some(value.to_owned());
    let want = [
        (said("0.99"), Some(0)),
        (said("1.00"), Some(1)),
        (said("1.49"), Some(1)),
        (said("1.50"), Some(3)),
    ];
    assert_eq!(states, want);
}

#[test]
fn a_point_goes_through_its_course_on_straight_lines_and_stays_at_its_last_turn() {
    let mut mine = mine();
    let begins = at("2026-08-03 09:00:00");
    let turn = |seconds, value| (begins + Duration::from_secs(seconds), value);
    mine.courses.push((0, Course { turns: vec![turn(30, 10), turn(90, 140), turn(120, 40)] }));
    let shown = |seconds| {
        let file = mine.file("CDSS", begins + Duration::from_secs(seconds)).expect("values");
        let Content::PointValue(values) = file.content else { panic!("values") };
        values[0].1.value.expect("a number").to_string()
    };
    let course = [30, 60, 90, 105, 120, 9_999].map(shown);
    assert_eq!(course, ["0.10", "0.75", "1.40", "0.90", "0.40", "0.40"]);
    assert_ne!(shown(0), "0.10", "before its first turn it shows what is usual");
    mine.tell(0, 99);
    let file = mine.file("CDSS", begins + Duration::from_secs(90)).expect("values");
    let Content::PointValue(values) = file.content else { panic!("values") };
    assert_eq!(
        values[0].1.value.expect("a number").to_string(),
        "0.99",
        "what it is told goes first"
    );
}

#[test]
fn every_fault_ends_as_it_should() {
    for kind in ["CDSS", "RYSS", "CDDY", "ZKSS"] {
        for fault in Fault::ALL {
            let file = mine().file(kind, at("2026-08-03 09:00:00")).expect("a file");
            let good = file.content.len();
            let drop = spoil(file, fault);
            let came = match receive(&drop) {
                Ok(file) if file.bad_count > 0 => {
                    assert_eq!(file.content.len(), good);
                    Expected::TakenInPart
                }
                Ok(_) => Expected::Taken,
                Err(FileError::Incomplete) => Expected::Waits,
                Err(error) => Expected::Refused(error.code()),
            };
            assert_eq!(came, drop.expected, "{kind} {fault:?}");
        }
    }
    let words: std::collections::BTreeSet<&str> = Fault::ALL.iter().map(|it| it.word()).collect();
    assert_eq!(words.len(), Fault::ALL.len());
}
