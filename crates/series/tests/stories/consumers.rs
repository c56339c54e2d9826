//! Consumers and taps: who sees every batch.

use std::sync::{Arc, Mutex};

use base::Id;
use base::quantity::SeriesKind;
use series::{Batch, Config, Consumer, Position, SeriesError};

use crate::town::{Town, sample, seconds};

/// Three batches to a file of the log, or fewer.
fn small_segments() -> Config {
    Config { segment_bytes: 300, ..Config::default() }
}

#[track_caller]
fn read(consumer: &Consumer, after: u64) -> Vec<Batch> {
    let batches = consumer.read_after(Position(after)).expect("the log reaches back that far");
    batches.collect::<Result<_, _>>().expect("the log is whole")
}

#[test]
fn a_consumer_reads_the_same_batches_after_sealing_and_restart() {
    let mut town = Town::with(small_segments());
    let rules = town.store().consumer("rules").expect("registers");
    let level = town.gauge(1);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let tapped = seen.clone();
    town.store().tap(Box::new(move |batch| tapped.lock().unwrap().push(batch.clone())));
    for time in 1000..1020 {
        // The middle one is a duplicate, which nobody sees.
        town.at(time, level, &[(time, 1.0), (time, 1.0), (time - 500, 2.0)]);
    }
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 20);
    assert!(seen.iter().zip(1..).all(|(batch, n)| batch.position == Position(n)));
    assert!(seen.iter().all(|batch| batch.samples.len() == 2));
    assert_eq!(seen[0].samples[0], sample(level, 1000, 1.0));
    assert_eq!(seen[0].received, seconds(1000));
    assert_eq!(read(&rules, 0), seen);
    assert_eq!(read(&rules, 7), seen[7..]);
    assert_eq!(read(&rules, 20), []);
    town.store().seal().expect("seals");
    assert_eq!(read(&rules, 0), seen);
    drop(rules);
    town.reopen();
    town.store().seal().expect("seals");
    let rules = town.store().consumer("rules").expect("finds itself again");
    assert_eq!(read(&rules, 0), seen);
    assert_eq!(read(&rules, 19), seen[19..]);
}

#[test]
fn the_log_is_cut_only_behind_what_every_consumer_has_released() {
    let mut town = Town::with(small_segments());
    let level = town.gauge(1);
    let rules = town.store().consumer("rules").expect("registers");
    let relay = town.store().consumer("relay").expect("registers");
    for time in 1000..1050 {
        town.at(time, level, &[(time, 1.0)]);
    }
    let files = town.files(".wal").len();
    assert!(files > 10);
    rules.release(Position(50)).expect("releases");
    town.store().seal().expect("seals");
    assert_eq!(town.files(".wal").len(), files, "the relay still needs them");
    relay.release(Position(25)).expect("releases");
    let after = town.files(".wal").len();
    assert!(after < files);
    assert_eq!(read(&relay, 25).len(), 25);
    let gone = relay.read_after(Position(0)).err();
    assert!(matches!(gone, Some(SeriesError::Released { .. })), "{gone:?}");

    drop((rules, relay));
    town.reopen();
    town.at(2000, level, &[(2000, 1.0)]);
    town.store().seal().expect("seals");
    assert_eq!(read(&town.store().consumer("relay").expect("is known"), 25).len(), 26);
    let names: Vec<_> = town.store().consumers().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["relay", "rules"]);
    town.store().forget_consumer("relay").expect("forgets");
    let rules = town.store().consumer("rules").expect("is known");
    rules.release(Position(51)).expect("releases");
    assert_eq!(town.files(".wal").len(), 1, "nobody needs more than the file being written");
    assert!(matches!(
        town.store().forget_consumer("relay"),
        Err(SeriesError::UnknownConsumer(name)) if name == "relay"
    ));
}

#[test]
fn a_reader_that_has_caught_up_goes_on_when_there_is_more() {
    let town = Town::with(small_segments());
    let level = town.gauge(1);
    let rules = town.store().consumer("rules").expect("registers");
    let mut batches = rules.read_after(Position::START).expect("reads");
    assert!(batches.next().is_none());
    for time in 1000..1020 {
        town.at(time, level, &[(time, 1.0)]);
        let batch = batches.next().expect("there is one").expect("is whole");
        assert_eq!(&*batch.samples, [sample(level, time, 1.0)]);
        assert!(batches.next().is_none());
    }
}

#[test]
fn a_consumer_needs_a_name() {
    let town = Town::new();
    for name in ["", &"x".repeat(65)] {
        assert!(matches!(town.store().consumer(name), Err(SeriesError::ConsumerName(_))));
    }
}

#[test]
fn eight_threads_append_at_once_and_taps_see_all_in_order() {
    let mut town =
        Town::with(Config { head_points: 700, segment_bytes: 5000, ..Config::default() });
    let seen = Arc::new(Mutex::new(Vec::new()));
    let tapped = seen.clone();
    town.store().tap(Box::new(move |batch| tapped.lock().unwrap().push(batch.clone())));
    let rules = town.store().consumer("rules").expect("registers");
    let shared = town.gauge(100);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let store = town.store().clone();
            scope.spawn(move || {
                let own =
                    store.register(Id::from_u128(thread), SeriesKind::Gauge).expect("registers");
                for time in 1000..1100 {
                    let value = thread as f64;
                    let samples = vec![sample(own, time, value), sample(shared, time, 7.0)];
                    let appended = store.append(seconds(time), samples).expect("stores");
                    // Visible at once, and each shared key is new for one thread only.
                    assert_eq!(appended.stored + appended.duplicates, 2);
                    assert_eq!(store.latest(&[own])[0].map(|r| r.time), Some(seconds(time)));
                }
            });
        }
    });
    let counts = town.store().counts();
    assert_eq!((counts.appended, counts.duplicates), (8 * 100 + 100, 7 * 100));
    assert!(counts.synced <= 800);
    let seen = seen.lock().unwrap().clone();
    assert!(seen.iter().zip(1..).all(|(batch, n)| batch.position == Position(n)));
    assert_eq!(read(&rules, 0), seen);
    drop(rules);
    for _ in 0..2 {
        let times: Vec<_> = town.reads(shared).iter().map(|&(time, _)| time).collect();
        assert_eq!(times, (1000..1100).collect::<Vec<_>>());
        for thread in 0..8 {
            let own = town.store().series_of(Id::from_u128(thread)).expect("is registered");
            let expected: Vec<_> = (1000..1100).map(|time| (time, thread as f64)).collect();
            assert_eq!(town.reads(own), expected);
        }
        assert_eq!(town.store().counts().held, 900);
        town.reopen();
    }
}

#[test]
fn a_tap_or_answer_that_panics_or_appends_harms_nobody() {
    let town = Town::new();
    let level = town.gauge(1);
    let (sender, receiver) = std::sync::mpsc::channel();
    let store = town.store().clone();
    let answer = Box::new(move |_| {
        let nested = store.append(seconds(1000), vec![sample(level, 1001, 1.0)]);
        sender.send(nested.err()).expect("is awaited");
        panic!("an answer that panics, as this test wants");
    });
    town.store().append_then(seconds(1000), vec![sample(level, 1000, 1.0)], answer);
    let nested = receiver.recv().expect("is answered");
    assert!(matches!(nested, Some(SeriesError::Reentrant)), "{nested:?}");
    town.store().tap(Box::new(|_| panic!("a tap that panics, as this test wants")));
    town.at(1002, level, &[(1002, 1.0)]);
    assert_eq!(town.reads(level), [(1000, 1.0), (1002, 1.0)]);
}

#[test]
fn who_goes_on_where_it_stopped_looks_no_further_back_however_long_the_log_is() {
    let town = Town::with(Config::default());
    let rules = town.store().consumer("rules").expect("registers");
    let level = town.gauge(1);
    let mut looks = Vec::new();
    for time in 1000..3000 {
        town.at(time, level, &[(time, 1.0)]);
        let before = town.disk.looks();
        let after = (time - 1000) as u64;
        let batches = read(&rules, after);
        assert_eq!(batches.len(), 1, "after {after}");
        assert_eq!(batches[0].samples[0], sample(level, time, 1.0));
        looks.push(town.disk.looks() - before);
    }
    // The file's length, and what was appended to it.
    assert_eq!(looks[1..].iter().max(), Some(&2), "the first finds its place");
    // Many small frames are one look, and a frame that is longer than it is whole as well.
    let many: Vec<(i64, f64)> = (0..20_000).map(|step| (5_000 + step, step as f64)).collect();
    town.at(30_000, level, &many);
    town.at(30_001, level, &[(30_001, 2.0)]);
    let before = town.disk.looks();
    let all = read(&rules, 0);
    assert_eq!(all.len(), 2_002);
    assert_eq!(all[2_000].samples.len(), 20_000);
    assert_eq!(all[2_001].samples[0], sample(level, 30_001, 2.0));
    let looks = town.disk.looks() - before;
    assert!(looks < 40, "{looks} looks for 2 002 frames");
}
