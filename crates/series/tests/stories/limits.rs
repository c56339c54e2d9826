//! Where the store says no: busy, full, failed, locked.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;

use base::Id;
use base::quantity::SeriesKind;
use series::{Config, Operation, RealDisk, SeriesError, Store, Survival};

use crate::town::{Town, sample, seconds};

#[test]
fn a_directory_has_one_store_at_a_time() {
    let mut town = Town::new();
    let second = town.try_open().err().map(|error| error.to_string());
    let expected = "/series is in use by another process or store, expected to be alone in it";
    assert_eq!(second.as_deref(), Some(expected));
    town.close();
    drop(town.try_open().expect("it is free again"));
}

#[test]
fn the_real_disk_holds_the_same_promises() {
    let dir = Scratch::new("real-disk");
    let open = || {
        Store::open(&dir.0, Arc::new(RealDisk), Config { segment_bytes: 400, ..Config::default() })
    };
    let store = open().expect("opens");
    assert!(matches!(open(), Err(SeriesError::Locked(_))));
    let level = store.register(Id::from_u128(1), SeriesKind::Gauge).expect("registers");
    for time in 1000..1030 {
        store.append(seconds(time), vec![sample(level, time, 0.1)]).expect("appends");
        if time == 1010 {
            store.seal().expect("seals");
        }
    }
    drop(store);
    let store = open().expect("opens again");
    let readings = store.range(level, seconds(0), seconds(5000), None).expect("reads");
    let times: Vec<_> = readings.iter().map(|r| r.time.as_millis() / 1000).collect();
    assert_eq!(times, (1000..1030).collect::<Vec<_>>());
    assert!(readings.iter().all(|reading| reading.value == 0.1));
    let counts = store.counts();
    assert_eq!((counts.held, counts.blocks), (30, 1));
}

/// A directory under the build's own temporary directory, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&dir);
        Scratch(dir)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_full_queue_says_busy_at_once_and_nothing_of_it_is_stored() {
    let town = Town::with(Config { queue_samples: 30, ..Config::default() });
    let level = town.gauge(1);
    // The commit thread stands still in a tap until it is told to go on.
    let (entered, standing) = mpsc::channel();
    let (go_on, stands) = mpsc::channel::<()>();
    let stands = std::sync::Mutex::new(stands);
    town.store().tap(Box::new(move |_| {
        let _ = entered.send(());
        let _ = stands.lock().unwrap().recv();
    }));
    let (sender, answers) = mpsc::channel();
    let append = |time: i64| {
        let sender = sender.clone();
        let done = Box::new(move |result: Result<_, _>| sender.send((time, result)).unwrap());
        town.store().append_then(seconds(time), vec![sample(level, time, 1.0)], done);
    };
    append(1000);
    standing.recv().expect("the tap is entered");
    (1001..=1004).for_each(append);
    let (time, busy) = answers.recv().expect("one is answered at once");
    assert_eq!(time, 1004, "three of weight nine fit into thirty");
    assert!(matches!(busy, Err(SeriesError::Busy { queued: 27, limit: 30 })), "{busy:?}");
    drop(go_on);
    for expected in 1000..=1003 {
        let (time, result) = answers.recv().expect("the rest is answered");
        assert_eq!((time, result.map(|appended| appended.stored).ok()), (expected, Some(1)));
    }
    assert_eq!(town.reads(level).len(), 4);
}

#[test]
fn a_full_disk_refuses_whole_appends_and_goes_on_when_there_is_room() {
    let mut town = Town::with(Config { segment_bytes: 2000, ..Config::default() });
    let level = town.gauge(1);
    let mut stored = Vec::new();
    let mut refused = 0;
    for room in 0..200 {
        town.disk.set_capacity(Some(town.disk.used() + room));
        let time = 1000 + room as i64;
        match town.store().append(seconds(time), vec![sample(level, time, 1.0)]) {
            Ok(_) => stored.push((time, 1.0)),
            Err(SeriesError::Full(_)) => refused += 1,
            Err(other) => panic!("{other}"),
        }
        if room == 150 {
            let full = town.store().seal();
            assert!(matches!(full, Err(SeriesError::Full(_))), "{full:?}");
        }
        assert_eq!(town.reads(level), stored);
    }
    assert!(refused > 50 && stored.len() > 50, "{refused} refused, {} stored", stored.len());
    town.disk.set_capacity(None);
    // A refused sample leaves no trace: sent again, it is new, and not late.
    let appended = town.at(1000, level, &[(1000, 1.0)]);
    assert_eq!((appended.stored, appended.duplicates), (1, 0));
    stored.insert(0, (1000, 1.0));
    town.store().seal().expect("seals what could not be sealed before");
    town.power_cut(Survival::Nothing);
    town.open();
    assert_eq!(town.reads(level), stored);
    assert_eq!(town.store().counts().held, stored.len() as u64);
}

#[test]
fn memory_is_bounded_while_no_block_can_be_written() {
    let town = Town::with(Config { head_points: 10, segment_bytes: 1 << 20, ..Config::default() });
    let level = town.gauge(1);
    let mut stored = 0;
    // Enough for the log, never for a block and a state beside it.
    town.disk.set_capacity(Some(town.disk.used() + 40_000));
    let filler = town.disk.used() + 40_000;
    let mut refused = None;
    for time in 1000..20_000 {
        town.disk.set_capacity(Some(filler.min(town.disk.used() + 83)));
        match town.store().append(seconds(time), vec![sample(level, time, 1.0)]) {
            Ok(_) => stored += 1,
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
    }
    assert!(matches!(refused, Some(SeriesError::Full(_))), "{refused:?}");
    assert!(town.store().counts().head_points <= 10 + 10 + 2, "{:?}", town.store().counts());
    assert_eq!(town.reads(level).len(), stored);
}

#[test]
fn a_failed_synchronisation_stops_the_store_for_good() {
    let mut town = Town::new();
    let level = town.gauge(1);
    town.at(1000, level, &[(1000, 1.0)]);
    town.disk.fail_next(Operation::Sync);
    for time in 1001..1004 {
        let result = town.store().append(seconds(time), vec![sample(level, time, 1.0)]);
        assert!(matches!(result, Err(SeriesError::Failed(_))), "{result:?}");
    }
    let result = town.store().register(Id::from_u128(5), SeriesKind::Gauge);
    assert!(matches!(result, Err(SeriesError::Failed(_))), "{result:?}");
    assert!(matches!(town.store().seal(), Err(SeriesError::Failed(_))));
    assert_eq!(town.reads(level), [(1000, 1.0)], "what was known is still served");
    town.power_cut(Survival::Nothing);
    town.open();
    assert_eq!(town.reads(level), [(1000, 1.0)]);
    town.at(1001, level, &[(1001, 1.0)]);
}

#[test]
fn any_failed_synchronisation_while_sealing_stops_the_store_and_loses_nothing() {
    for operation in [Operation::Sync, Operation::SyncDir, Operation::Rename] {
        let mut town = Town::new();
        let level = town.gauge(1);
        town.at(1000, level, &[(1000, 1.0)]);
        town.disk.fail_next(operation);
        let sealed = town.store().seal();
        assert!(matches!(sealed, Err(SeriesError::Failed(_))), "{operation:?}: {sealed:?}");
        let next = town.store().append(seconds(1001), vec![sample(level, 1001, 1.0)]);
        assert!(matches!(next, Err(SeriesError::Failed(_))), "{operation:?}: {next:?}");
        town.power_cut(Survival::Chance(3));
        town.open();
        assert_eq!(town.reads(level), [(1000, 1.0)]);
        assert_eq!(town.store().counts().held, 1);
    }
}

#[test]
fn an_hour_of_readings_is_sealed_without_being_asked() {
    let town = Town::new();
    let level = town.gauge(1);
    town.at(1000, level, &[(1000, 1.0)]);
    town.at(4599, level, &[(4599, 1.0)]);
    assert_eq!(town.store().counts().blocks, 0);
    town.at(4600, level, &[(4600, 1.0)]);
    // Asking for a block waits for the one being written, and adds none of nothing.
    town.store().seal().expect("seals");
    let counts = town.store().counts();
    assert_eq!((counts.blocks, counts.head_points), (1, 0));
}
