//! Verifying, and going on without what is broken.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use series::{Config, Disk, Operation, Report, SeriesError, repair, verify};

use crate::town::{Town, dir, seconds};

const DAY: i64 = 86_400;

fn report(town: &Town) -> Report {
    verify(dir(), Arc::new(town.disk.clone())).expect("nobody has it open")
}

/// Two series, two merged days, two fresh blocks, a log; closed.
fn lived_in() -> Town {
    let mut town = Town::with(Config { segment_bytes: 600, ..Config::default() });
    let (level, other) = (town.gauge(1), town.gauge(2));
    for part in 0..5i64 {
        let first = part / 2 * DAY + part * 1000;
        let values: Vec<_> = (first..first + 60).map(|time| (time, (time % 13) as f64)).collect();
        town.at(first + 60, level, &values);
        town.at(first + 60, other, &values);
        if part < 4 {
            town.store().seal().expect("seals");
        }
        if part == 1 {
            town.store().merge().expect("merges");
        }
    }
    town.close();
    town
}

fn times(town: &Town, sensor: u128) -> usize {
    let series = town.store().series_of(base::Id::from_u128(sensor)).expect("is known");
    town.store().range(series, seconds(0), seconds(9 * DAY), None).expect("reads").len()
}

#[test]
fn a_whole_store_verifies_stopped_and_running_and_stays_as_it_is() {
    let mut town = lived_in();
    let before: Vec<_> = town.disk.files().iter().map(|it| town.disk.content_of(it)).collect();
    let found = report(&town);
    assert!(found.damages.is_empty(), "{:?}", found.damages);
    assert_eq!(found.readings, 4 * 60 * 2);
    assert!(found.files >= 9 && found.bytes > 2000, "{found:?}");
    let after: Vec<_> = town.disk.files().iter().map(|it| town.disk.content_of(it)).collect();
    assert_eq!(before, after);
    let mended = repair(dir(), Arc::new(town.disk.clone())).expect("has nothing to do");
    assert_eq!((mended.set_aside.len(), mended.saved), (0, 0));
    town.open();
    let running = town.store().verify().expect("reads");
    assert_eq!((running.readings, running.damages.len()), (4 * 60 * 2, 0));
    let locked = verify(dir(), Arc::new(town.disk.clone()));
    assert!(matches!(locked, Err(SeriesError::Locked(_))), "{locked:?}");
}

#[test]
fn any_bit_turned_over_is_found_and_what_can_be_mended_opens_again() {
    let mut town = lived_in();
    let (mut found, mut mended) = (0, 0);
    for file in town.disk.files() {
        let length = town.disk.content_of(&file).expect("is listed").len();
        for offset in (0..length).step_by(7) {
            let kept: Vec<_> = town
                .disk
                .files()
                .into_iter()
                .map(|name| (name.clone(), town.disk.content_of(&name).expect("is there")))
                .collect();
            town.disk.flip_bit(&file, offset);
            let when = format!("{} byte {offset}", file.display());
            let report = match verify(dir(), Arc::new(town.disk.clone())) {
                Err(SeriesError::Newer { .. }) => None,
                report => Some(report.expect("nobody has it open")),
            };
            if let Some(report) = report {
                assert!(!report.damages.is_empty(), "{when}");
                found += 1;
                let is_mendable = report.damages.iter().all(|damage| damage.is_mendable);
                let repaired = repair(dir(), Arc::new(town.disk.clone()));
                assert_eq!(repaired.is_ok(), is_mendable, "{when}: {repaired:?}");
                if let Ok(repaired) = repaired {
                    assert!(repaired.after.damages.is_empty(), "{when}: {:?}", repaired.after);
                    town.open();
                    for sensor in [1, 2] {
                        // At most one block is gone, of which the merged one had two parts.
                        assert!(times(&town, sensor) >= 3 * 60, "{when}");
                    }
                    town.close();
                    mended += 1;
                }
            }
            for name in town.disk.files() {
                town.disk.remove(&name).expect("is there");
            }
            for (name, bytes) in kept {
                let file = town.disk.create(&name).expect("room");
                file.append(&bytes).expect("room");
            }
        }
    }
    assert!(mended > 100 && found > mended, "{found} found, {mended} mended");
}

#[test]
fn the_report_names_the_series_and_times_that_are_lost_and_the_rest_is_saved() {
    let mut town = lived_in();
    let block = PathBuf::from("/series/blocks/0000000003.block");
    let before = town.disk.content_of(&block).expect("is there");
    // The first chunk follows the head of 33 bytes.
    town.disk.flip_bit(&block, 40);
    let found = report(&town);
    let [damage] = &found.damages[..] else { panic!("{:?}", found.damages) };
    assert_eq!((damage.file.as_path(), damage.offset), (block.as_path(), 33));
    let lost = damage.lost.clone().expect("it holds readings");
    let first = seconds(DAY + 2000);
    assert_eq!((lost.series.start.0, lost.series.end.0), (0, 1));
    assert_eq!(lost.sensor, Some(base::Id::from_u128(1)));
    assert_eq!((lost.from, lost.to), (first, seconds(DAY + 2059)));
    assert_eq!(lost.readings, Some(60));

    let mended = repair(dir(), Arc::new(town.disk.clone())).expect("can be mended");
    assert_eq!(mended.saved, 60);
    let aside = Path::new("/series/blocks/0000000003.block.damaged");
    assert_eq!(mended.set_aside, [aside]);
    assert_eq!(town.disk.content_of(aside).map(|bytes| bytes.len()), Some(before.len()));
    for _ in 0..2 {
        town.open();
        assert_eq!(town.store().set_aside(), ["blocks/0000000003.block.damaged"]);
        assert_eq!(town.store().counts().set_aside, 1);
        assert_eq!((times(&town, 1), times(&town, 2)), (4 * 60, 5 * 60));
        town.store().seal().expect("goes on");
        town.store().merge().expect("goes on");
        town.close();
    }
}

#[test]
fn lost_sums_are_taken_from_readings_and_lost_readings_leave_their_sums() {
    for (name, readings) in [("minutes", 300), ("hours", 300), ("block", 240)] {
        let mut town = lived_in();
        let file = PathBuf::from(format!("/series/merged/0000000001.{name}"));
        // The foot, so that nothing of it can be saved.
        let length = town.disk.content_of(&file).expect("is there").len();
        town.disk.flip_bit(&file, length - 10);
        repair(dir(), Arc::new(town.disk.clone())).expect("can be mended");
        town.open();
        let level = town.gauge(1);
        let (from, to) = (seconds(0), seconds(9 * DAY));
        let hours = town.store().downsample(level, from, to, 9, None).expect("reads");
        assert_eq!(hours.iter().map(|it| it.count).sum::<u64>(), 300, "{name}");
        let found = times(&town, 1);
        assert!(found == readings || found == 180, "{name}: {found}");
    }
}

#[test]
fn a_repair_that_is_interrupted_is_run_again() {
    let operations = {
        let town = lived_in();
        town.disk.flip_bit(Path::new("/series/blocks/0000000003.block"), 40);
        let before = town.disk.operations();
        repair(dir(), Arc::new(town.disk.clone())).expect("can be mended");
        town.disk.operations() - before
    };
    assert!(operations > 10, "{operations}");
    for operation in 1..=operations {
        let mut town = lived_in();
        town.disk.flip_bit(Path::new("/series/blocks/0000000003.block"), 40);
        town.disk.cut_power_at(operation);
        assert!(repair(dir(), Arc::new(town.disk.clone())).is_err());
        town.disk.restart(series::Survival::Chance(operation));
        repair(dir(), Arc::new(town.disk.clone())).expect("can be mended");
        town.open();
        assert_eq!((times(&town, 1), times(&town, 2)), (240, 300), "cut at {operation}");
    }
}

#[test]
fn a_failing_disk_is_no_damage() {
    let town = lived_in();
    town.disk.flip_bit(Path::new("/series/blocks/0000000003.block"), 40);
    town.disk.fail_next(Operation::Rename);
    let failed = repair(dir(), Arc::new(town.disk.clone()));
    assert!(matches!(failed, Err(SeriesError::Disk { .. })), "{failed:?}");
}
