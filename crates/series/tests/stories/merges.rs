//! Merged blocks: fewer, smaller, and the same to whoever asks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::Id;
use base::quantity::{Quality, SeriesKind};
use series::{Config, Disk, Measure, MemoryDisk, Operation, Position, SeriesError, Store};

use crate::town::{Town, dir, sample, seconds};

const DAY: i64 = 86_400;

#[test]
fn blocks_are_merged_by_day_in_the_background_and_nothing_changes_but_their_number() {
    let mut town = Town::with(Config { merge_fresh: 4, ..Config::default() });
    let level = town.gauge(1);
    let mut expected = Vec::new();
    for time in (0..4 * DAY).step_by(3_600) {
        town.at(time, level, &[(time, time as f64)]);
        expected.push((time, time as f64));
        town.store().seal().expect("seals");
    }
    // By itself, so whoever looks may find it at work; asked for, it is done.
    town.store().merge().expect("merges");
    assert_eq!(town.files(".block").len(), 4);
    assert_eq!((town.files(".minutes").len(), town.files(".hours").len()), (4, 4));
    for _ in 0..2 {
        assert_eq!(town.reads(level), expected);
        assert_eq!(town.store().counts().held, expected.len() as u64);
        assert_eq!(town.at(4 * DAY, level, &expected).duplicates, expected.len());
        town.reopen();
    }
}

#[test]
fn a_late_reading_and_a_correction_show_in_coarse_buckets_before_and_after_they_are_merged() {
    let town = Town::new();
    let level = town.gauge(1);
    let values: Vec<_> = (0..DAY).step_by(60).map(|time| (time, 1.0)).collect();
    town.at(DAY, level, &values);
    town.store().seal().expect("seals");
    town.store().merge().expect("merges");
    let sum = |as_of: Option<i64>| -> Vec<(u64, f64)> {
        let day = (seconds(0), seconds(DAY));
        let buckets = town.store().downsample(level, day.0, day.1, 2, as_of.map(seconds));
        let of = |bucket: &series::Bucket| match bucket.summary.expect("there are good").measure {
            Measure::Number { sum, .. } => (bucket.count, sum),
            other => panic!("{other:?}"),
        };
        buckets.expect("reads").iter().map(of).collect()
    };
    assert_eq!(sum(None), [(720, 720.0), (720, 720.0)]);
    town.at(DAY + 10, level, &[(90, 5.0)]);
    town.at(DAY + 20, level, &[(50_400, 3.0)]);
    for _ in 0..3 {
        assert_eq!(sum(None), [(721, 725.0), (720, 722.0)]);
        assert_eq!(sum(Some(DAY + 19)), [(721, 725.0), (720, 720.0)]);
        assert_eq!(sum(Some(DAY + 9)), [(720, 720.0), (720, 720.0)]);
        assert_eq!(sum(Some(DAY - 1)), []);
        town.store().seal().expect("seals");
        town.store().merge().expect("merges");
    }
}

#[test]
fn a_few_readings_on_many_days_share_a_block() {
    let town = Town::new();
    let level = town.gauge(1);
    let strays: Vec<_> = (1..500).map(|day| (day * DAY, day as f64)).collect();
    let mut values: Vec<_> = (0..100_000).map(|n| (600 * DAY + n / 2, n as f64)).collect();
    values.dedup_by_key(|(time, _)| *time);
    town.at(601 * DAY, level, &strays);
    town.at(601 * DAY, level, &values);
    town.store().seal().expect("seals");
    town.store().merge().expect("merges");
    assert_eq!(town.files(".block").len(), 2, "one of the day, one of what is scattered");
    let found = town.store().range(level, seconds(0), seconds(700 * DAY), None).expect("reads");
    assert_eq!(found.len(), strays.len() + values.len());
}

#[test]
fn a_block_that_does_not_read_stays_as_it_is_and_the_others_are_merged() {
    let mut town = Town::new();
    let level = town.gauge(1);
    for day in 0..3 {
        town.at(day * DAY, level, &[(day * DAY, day as f64)]);
        town.store().seal().expect("seals");
    }
    town.close();
    // The first chunk follows the head of 33 bytes.
    town.disk.flip_bit(Path::new("/series/blocks/0000000002.block"), 40);
    town.open();
    town.store().merge().expect("merges the others");
    for _ in 0..2 {
        let names: Vec<_> = town.files(".block").into_iter().collect();
        let stayed = PathBuf::from("/series/blocks/0000000002.block");
        assert!(names.contains(&stayed) && names.len() == 3, "{names:?}");
        let read = |from, to| town.store().range(level, seconds(from), seconds(to), None);
        assert_eq!(read(0, DAY).expect("is whole").len(), 1);
        assert_eq!(read(2 * DAY, 3 * DAY).expect("is whole").len(), 1);
        assert!(matches!(read(0, 3 * DAY), Err(SeriesError::Damaged { .. })));
        town.at(3 * DAY, level, &[(3 * DAY, 3.0)]);
        town.reopen();
    }
}

#[test]
fn a_disk_that_is_full_while_blocks_are_merged_changes_nothing() {
    let mut town = Town::new();
    let level = town.gauge(1);
    let values: Vec<_> = (1000..1500).map(|time| (time, (time % 7) as f64)).collect();
    for part in values.chunks(50) {
        town.at(2000, level, part);
        town.store().seal().expect("seals");
    }
    for room in (0..3000).step_by(97) {
        town.disk.set_capacity(Some(town.disk.used() + room));
        match town.store().merge() {
            Ok(()) => break,
            Err(SeriesError::Full(_)) => {}
            Err(other) => panic!("{other}"),
        }
        assert_eq!(town.reads(level), values);
    }
    town.disk.set_capacity(None);
    town.store().merge().expect("merges");
    assert_eq!(town.files(".block").len(), 1);
    town.reopen();
    assert_eq!(town.reads(level), values);
}

#[test]
fn a_failed_synchronisation_while_merging_stops_the_store_and_loses_nothing() {
    for operation in [Operation::Sync, Operation::SyncDir, Operation::Rename] {
        let mut town = Town::new();
        let level = town.gauge(1);
        town.at(1000, level, &[(1000, 1.0)]);
        town.store().seal().expect("seals");
        town.disk.fail_next(operation);
        let merged = town.store().merge();
        assert!(matches!(merged, Err(SeriesError::Failed(_))), "{operation:?}: {merged:?}");
        let next = town.store().append(seconds(1001), vec![sample(level, 1001, 1.0)]);
        assert!(matches!(next, Err(SeriesError::Failed(_))), "{operation:?}: {next:?}");
        town.reopen();
        assert_eq!(town.reads(level), [(1000, 1.0)]);
    }
}

/// A store that the release of ADR 21 wrote: five kinds, two blocks, a log, a consumer.
fn old_store() -> MemoryDisk {
    let disk = MemoryDisk::new();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/series/1");
    let copy = |folder: &str| {
        for entry in std::fs::read_dir(fixture.join(folder)).expect("is there") {
            let entry = entry.expect("is readable");
            if entry.file_type().expect("is known").is_file() {
                let name = Path::new(folder).join(entry.file_name());
                let file = disk.create(&dir().join(name)).expect("room");
                file.append(&std::fs::read(entry.path()).expect("is readable")).expect("room");
                file.sync().expect("no power cut");
            }
        }
        disk.sync_dir(&dir().join(folder)).expect("no power cut");
    };
    ["", "wal", "blocks"].into_iter().for_each(copy);
    disk
}

#[test]
fn a_store_of_the_release_before_merged_blocks_opens_and_is_merged() {
    let mut town = Town::new();
    town.close();
    town.disk = old_store();
    town.open();
    let at = |second: i64| seconds(1_700_000_000 + second);
    for round in 0..2 {
        let counts = town.store().counts();
        assert_eq!((counts.held, counts.series), (604, 5));
        let rules = town.store().consumer("rules").expect("is known");
        let batches: Vec<_> = rules
            .read_after(Position(100))
            .expect("is there")
            .map(|it| it.expect("reads"))
            .collect();
        assert_eq!(batches.len(), 21);
        drop((rules, batches));
        for (number, kind) in (1..).zip([
            SeriesKind::Gauge,
            SeriesKind::Counter,
            SeriesKind::Amount,
            SeriesKind::State,
            SeriesKind::Direction,
        ]) {
            let series = town.store().series_of(Id::from_u128(number)).expect("is known");
            assert_eq!(town.store().kind_of(series), Some(kind));
            let found = town.store().range(series, at(0), at(100_000), None).expect("reads");
            for reading in found.iter().filter(|it| (it.time.as_millis() / 1000 + 10) % 30 == 0) {
                let n = (reading.time.as_millis() / 1000 - 1_700_000_000) / 30;
                let value = (n * (number as i64 + 2) % 17) as f64 / 10.0;
                let is_other = number == 1 && [10, 3000].contains(&n);
                assert!(reading.value == value || is_other, "{number} at {n}: {reading:?}");
            }
            let others = if number == 1 { 3 } else { 0 };
            assert_eq!(found.len(), 120 + others);
        }
        let level = town.store().series_of(Id::from_u128(1)).expect("is known");
        let read =
            |second| town.store().range(level, at(second), at(second + 1), None).expect("reads")[0];
        assert_eq!((read(300).value, read(315).value, read(345).value), (99.5, 7.25, 1.0 / 3.0));
        assert_ne!(read(90_000).quality.0 & Quality::FUTURE, 0);
        assert_eq!(town.latest(level).map(|(time, _)| time), Some(1_700_000_000 + 119 * 30));
        assert_eq!(town.store().superseded(level, at(0), at(9000)).expect("reads").len(), 1);
        if round == 0 {
            town.store().seal().expect("seals");
            town.store().merge().expect("merges");
            town.reopen();
        }
    }
    let fresh = |path: &PathBuf| path.starts_with("/series/blocks");
    assert_eq!(town.files(".block").iter().filter(|path| fresh(path)).count(), 0);
}

#[test]
fn what_a_newer_release_wrote_is_refused_by_name() {
    let mut town = Town::new();
    let level = town.gauge(1);
    town.at(1000, level, &[(1000, 1.0)]);
    town.store().seal().expect("seals");
    town.store().merge().expect("merges");
    town.close();
    for name in ["manifest", "state", "merged/0000000001.block", "merged/0000000001.minutes"] {
        let path = dir().join(name);
        let mut bytes = town.disk.content_of(&path).expect("is there");
        let known = bytes[4];
        bytes[4] = known + 1;
        let file = town.disk.create(&path).expect("replaces");
        file.append(&bytes).expect("room");
        match town.try_open().err() {
            Some(SeriesError::Newer { file, seen, known: most }) => {
                assert_eq!((file, seen, most), (path.clone(), known + 1, known));
            }
            other => panic!("{name}: {other:?}"),
        }
        bytes[4] = known;
        let file = town.disk.create(&path).expect("replaces");
        file.append(&bytes).expect("room");
    }
    drop(Store::open(dir(), Arc::new(town.disk.clone()), Config::default()).expect("opens"));
}
