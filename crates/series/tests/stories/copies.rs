//! Copies taken while the store is in use.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use series::{Batch, Config, Disk, HeldFile, Hold, MemoryDisk, Position, Store};

use crate::town::{Town, dir, sample, seconds};

fn small_segments() -> Config {
    Config { segment_bytes: 300, ..Config::default() }
}

/// Copies what is held onto another disk, file by file; `between` runs before each.
fn copy(hold: &Hold, mut between: impl FnMut(&HeldFile)) -> (MemoryDisk, Position) {
    let disk = MemoryDisk::new();
    let held = hold.files().expect("the state is readable");
    for file in &held.files {
        between(file);
        let mut bytes = Vec::new();
        file.open().expect("it is there").read_to_end(&mut bytes).expect("it is readable");
        assert_eq!(bytes.len() as u64, file.bytes, "{}", file.name);
        let copied = disk.create(&dir().join(&file.name)).expect("room");
        copied.append(&bytes).expect("room");
        copied.sync().expect("no power cut");
    }
    for folder in ["", "wal", "blocks", "merged"] {
        disk.sync_dir(&dir().join(folder)).expect("no power cut");
    }
    (disk, held.position)
}

fn open(disk: &MemoryDisk) -> Store {
    Store::open(dir(), Arc::new(disk.clone()), small_segments()).expect("the copy opens")
}

fn times(store: &Store) -> Vec<i64> {
    let Some(level) = store.series_of(base::Id::from_u128(1)) else { return Vec::new() };
    let readings = store.range(level, seconds(0), seconds(1_000_000), None).expect("readable");
    readings.iter().map(|reading| reading.time.as_millis() / 1_000).collect()
}

fn batches(store: &Store, name: &str, after: Position) -> Vec<u64> {
    let consumer = store.consumer(name).expect("registers");
    let batches = consumer.read_after(after).expect("the log reaches back that far");
    batches.map(|batch| batch.map(|batch: Batch| batch.position.0).expect("whole")).collect()
}

#[test]
fn a_copy_has_the_log_after_what_a_consumer_had_when_the_hold_began() {
    let town = Town::with(small_segments());
    let rules = town.store().consumer("rules").expect("registers");
    let level = town.gauge(1);
    for time in 1000..1020 {
        town.at(time, level, &[(time, 1.0)]);
    }
    let judged = Position(12);
    rules.release(judged).expect("released");
    town.store().seal().expect("seals");

    let hold = town.store().hold();
    for time in 1020..1040 {
        town.at(time, level, &[(time, 1.0)]);
    }
    rules.release(Position(40)).expect("released");
    town.store().seal().expect("seals");
    let (disk, position) = copy(&hold, |_| ());
    drop(hold);
    assert_eq!(position, Position(40));

    let copied = open(&disk);
    assert_eq!(times(&copied), (1000..1040).collect::<Vec<_>>());
    // As a consumer does whose position is the one of the beginning, after a block.
    copied.append(seconds(1040), vec![sample(level, 1040, 2.0)]).expect("stored");
    copied.seal().expect("seals");
    assert_eq!(batches(&copied, "rules", judged), (13..=41).collect::<Vec<_>>());
}

#[test]
fn a_hold_keeps_the_log_until_it_is_dropped() {
    let town = Town::with(small_segments());
    let level = town.gauge(1);
    let write = |from: i64| {
        for time in from..from + 20 {
            town.at(time, level, &[(time, 1.0)]);
        }
        town.store().seal().expect("seals");
    };
    write(1000);
    assert_eq!(town.files(".wal").len(), 1, "all but the last is in a block");
    let (first, second) = (town.store().hold(), town.store().hold());
    write(2000);
    let held = town.files(".wal").len();
    assert!(1 < held);
    drop(first);
    write(3000);
    assert!(held < town.files(".wal").len(), "the second hold is still there");
    drop(second);
    write(4000);
    assert_eq!(town.files(".wal").len(), 1);
}

#[test]
fn what_is_stored_or_sealed_while_files_are_copied_does_no_harm() {
    let town = Town::with(small_segments());
    let level = town.gauge(1);
    let mut time = 1000;
    for round in 0..4 {
        for _ in 0..5 {
            town.at(time, level, &[(time, 1.0)]);
            time += 1;
        }
        let acknowledged = time;
        let hold = town.store().hold();
        let (disk, _) = copy(&hold, |_| {
            town.gauge(100 + time as u128);
            town.at(time, level, &[(time, 1.0)]);
            time += 1;
            if round % 2 == 0 {
                town.store().seal().expect("seals");
                town.store().merge().expect("merges");
            }
        });
        assert_eq!(times(&open(&disk)), (1000..acknowledged).collect::<Vec<_>>(), "{round}");
    }
}

#[test]
fn a_copy_under_load_opens_and_has_all_that_was_acknowledged_before_it() {
    let town = Town::with(Config { head_points: 50, merge_fresh: 3, ..small_segments() });
    let level = town.gauge(1);
    let (acknowledged, enough) = (AtomicI64::new(999), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let (store, acknowledged, enough) = (town.store().clone(), &acknowledged, &enough);
        scope.spawn(move || {
            for time in 1000.. {
                if enough.load(Ordering::Relaxed) {
                    break;
                }
                store.append(seconds(time), vec![sample(level, time, 1.0)]).expect("stored");
                acknowledged.store(time, Ordering::Release);
            }
        });
        for _ in 0..20 {
            let before = acknowledged.load(Ordering::Acquire);
            let hold = town.store().hold();
            let (disk, position) = copy(&hold, |_| ());
            drop(hold);
            let copied = open(&disk);
            let times = times(&copied);
            assert_eq!(times, (1000..1000 + times.len() as i64).collect::<Vec<_>>());
            assert!(before - 999 <= times.len() as i64, "{before} was acknowledged");
            assert_eq!(copied.position(), position);
        }
        enough.store(true, Ordering::Relaxed);
    });
}

#[test]
fn files_that_were_merged_stay_for_as_long_as_a_copy_or_query_reads_them() {
    let town = Town::with(small_segments());
    let level = town.gauge(1);
    for time in 1000..1004 {
        town.at(time, level, &[(time, 1.0)]);
        town.store().seal().expect("seals");
    }
    let hold = town.store().hold();
    let held = hold.files().expect("readable");
    town.store().merge().expect("merges");
    let fresh =
        || town.files(".block").iter().filter(|it| it.starts_with("/series/blocks")).count();
    assert_eq!(fresh(), 4);
    for file in &held.files {
        let mut bytes = Vec::new();
        file.open().expect("it is there").read_to_end(&mut bytes).expect("it is readable");
    }
    drop(held);
    assert_eq!(fresh(), 0);
    assert_eq!(town.files(".minutes").len(), 1);
    assert_eq!(times(town.store()), (1000..1004).collect::<Vec<_>>());
}
