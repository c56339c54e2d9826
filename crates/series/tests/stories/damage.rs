//! Damage is said with file and offset, and never served.

use series::{Config, MemoryDisk, SeriesError, Store};
use std::path::PathBuf;
use std::sync::Arc;

use crate::town::{Town, dir, sample, seconds};
use base::Id;
use base::quantity::SeriesKind;

/// A store with a merged block and its sums, a fresh one, a state, a consumer and two files of log.
fn lived_in() -> (Town, Vec<(i64, f64)>) {
    let town = Town::with(Config { segment_bytes: 600, ..Config::default() });
    let level = town.gauge(1);
    town.gauge(2);
    town.store().consumer("rules").expect("registers");
    let mut expected = Vec::new();
    for time in 1000..1020 {
        town.at(time, level, &[(time, time as f64 / 7.0)]);
        expected.push((time, time as f64 / 7.0));
        if time == 1005 || time == 1008 {
            town.store().seal().expect("seals");
        }
        if time == 1006 {
            town.store().merge().expect("merges");
        }
    }
    (town, expected)
}

/// Reads everything there is, by every road.
fn read_all(disk: &MemoryDisk) -> Result<Vec<(i64, f64)>, SeriesError> {
    let config = Config { segment_bytes: 600, ..Config::default() };
    let store = Store::open(dir(), Arc::new(disk.clone()), config)?;
    let level = store.register(Id::from_u128(1), SeriesKind::Gauge)?;
    let rules = store.consumer("rules")?;
    for batch in rules.read_after(rules.released())? {
        let batch = batch?;
        let time = batch.received.as_millis() / 1000;
        assert_eq!(&*batch.samples, [sample(level, time, time as f64 / 7.0)]);
    }
    let readings = store.range(level, seconds(0), seconds(9999), None)?;
    let hour = store.downsample(level, seconds(0), seconds(3600), 1, None)?;
    assert_eq!(hour.iter().map(|it| it.count).sum::<u64>(), readings.len() as u64);
    let day = store.downsample(level, seconds(0), seconds(86_400), 1, None)?;
    assert_eq!(day.iter().map(|it| it.count).sum::<u64>(), readings.len() as u64);
    let latest = store.latest(&[level])[0];
    assert_eq!(latest, readings.last().copied());
    Ok(readings.iter().map(|r| (r.time.as_millis() / 1000, r.value)).collect())
}

#[test]
fn a_bit_turned_over_anywhere_on_the_disk_is_said_and_never_served() {
    let (mut town, expected) = lived_in();
    town.close();
    assert_eq!(read_all(&town.disk).expect("whole so far"), expected);
    let mut checked = 0;
    for file in town.disk.files() {
        let length = town.disk.content_of(&file).expect("is listed").len();
        for offset in 0..length {
            town.disk.flip_bit(&file, offset);
            match read_all(&town.disk) {
                Err(SeriesError::Damaged { file: named, .. }) => {
                    // What the neighbours know of a file may be the first to differ.
                    let near = named == file || file.starts_with(&named);
                    assert!(near, "{} byte {offset} blamed on {}", file.display(), named.display());
                }
                Err(SeriesError::Newer { file: named, .. }) => {
                    assert_eq!((named, offset), (file.clone(), 4))
                }
                other => panic!("{} byte {offset}: {other:?}", file.display()),
            }
            town.disk.flip_bit(&file, offset);
            checked += 1;
        }
    }
    assert!(checked > 1000, "{checked}");
    assert_eq!(read_all(&town.disk).expect("whole again"), expected);
}

#[test]
fn the_offset_of_a_broken_record_is_where_it_starts() {
    let (mut town, _) = lived_in();
    town.close();
    let log = town.files(".wal").pop().expect("there is a log");
    // 17 bytes of head, then frames of 32 + 12 + 22 + 1 bytes; the second is hit.
    town.disk.flip_bit(&log, 17 + 67 + 40);
    match town.try_open().err() {
        Some(SeriesError::Damaged { file, offset, what }) => {
            assert_eq!((file, offset), (log, 17 + 67));
            assert_eq!(what, "the frame fails its checksum");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_broken_chunk_spoils_its_own_series_only() {
    let mut town = Town::new();
    let (level, other) = (town.gauge(1), town.gauge(2));
    let values: Vec<_> = (1000..1060).map(|time| (time, (time % 13) as f64)).collect();
    town.at(1060, level, &values);
    town.at(1060, other, &values);
    town.store().seal().expect("seals");
    town.close();
    // The first chunk follows the head of 33 bytes.
    town.disk.flip_bit(&town.files(".block")[0], 60);
    town.open();
    let broken = town.store().range(level, seconds(0), seconds(9999), None);
    assert!(
        matches!(&broken, Err(SeriesError::Damaged { offset: 33, .. })),
        "{:?}",
        broken.map(|readings| readings.len())
    );
    assert_eq!(town.reads(other), values);
    // A sample that would have to be compared with it is refused, the next is not.
    let late = town.store().append(seconds(1300), vec![sample(level, 1030, 1.0)]);
    assert!(matches!(late, Err(SeriesError::Damaged { .. })), "{late:?}");
    assert_eq!(town.at(1300, level, &[(1300, 1.0)]).stored, 1);
    assert_eq!(town.at(1300, other, &[(1030, 99.0)]).superseded, 1);
}

#[test]
fn a_missing_file_in_the_middle_is_said() {
    for suffix in [".wal", ".block"] {
        let (mut town, _) = lived_in();
        town.store().forget_consumer("rules").expect("forgets");
        town.store().seal().expect("seals");
        let level = town.gauge(1);
        for time in 2000..2030 {
            town.at(time, level, &[(time, 1.0)]);
        }
        if suffix == ".block" {
            town.store().seal().expect("seals");
        }
        town.close();
        let files = town.files(suffix);
        assert!(files.len() >= 3, "{files:?}");
        series::Disk::remove(&town.disk, &files[1]).expect("removes");
        let error = town.try_open().err();
        assert!(matches!(error, Some(SeriesError::Damaged { .. })), "{suffix}: {error:?}");
    }
}

#[test]
fn a_lost_state_is_made_again_from_the_blocks() {
    let (mut town, expected) = lived_in();
    town.close();
    series::Disk::remove(&town.disk, &PathBuf::from("/series/state")).expect("removes");
    assert_eq!(read_all(&town.disk).expect("opens"), expected);
    town.open();
    let counts = town.store().counts();
    assert_eq!(counts.held, expected.len() as u64);
}

#[test]
fn a_torn_record_at_the_end_is_cut_and_the_log_goes_on_after_it() {
    let (mut town, mut expected) = lived_in();
    town.close();
    let log = town.files(".wal").pop().expect("there is a log");
    let whole = town.disk.content_of(&log).expect("exists");
    let last = (whole.len() - 17) / 67 - 1;
    for torn in 1..67 {
        let file = series::Disk::create(&town.disk, &log).expect("replaces");
        file.append(&whole[..17 + last * 67 + torn]).expect("writes");
        town.open();
        let level = town.gauge(1);
        assert_eq!(town.reads(level), expected[..expected.len() - 1], "cut after {torn}");
        let length = town.disk.content_of(&log).expect("exists").len();
        assert_eq!(length, 17 + last * 67, "it is cut, not only skipped");
        town.close();
    }
    town.open();
    let level = town.gauge(1);
    town.at(1019, level, &[(1019, 5.0)]);
    town.reopen();
    expected.pop();
    expected.push((1019, 5.0));
    assert_eq!(town.reads(level), expected);
}
