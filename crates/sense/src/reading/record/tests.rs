use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base::quantity::{Grade, SeriesKind};
use base::{Id, Quality};
use series::{Class, Config, Disk, DiskFile, LockGuard, MemoryDisk, Sample, Store};

use super::*;

/// A disk that counts the bytes that are read of files of readings, and not of sums.
struct Counting {
    disk: MemoryDisk,
    read: Arc<AtomicU64>,
}

struct CountingFile {
    file: Arc<dyn DiskFile>,
    read: Arc<AtomicU64>,
}

impl Counting {
    fn file(&self, path: &Path, file: Arc<dyn DiskFile>) -> Arc<dyn DiskFile> {
        match path.extension().is_some_and(|it| it == "minutes" || it == "hours") {
            true => file,
            false => Arc::new(CountingFile { file, read: self.read.clone() }),
        }
    }
}

impl Disk for Counting {
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.disk.create_dir(dir)
    }

    fn lock(&self, file: &Path) -> io::Result<Option<Box<dyn LockGuard>>> {
        self.disk.lock(file)
    }

    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        Ok(self.file(path, self.disk.open(path)?))
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        Ok(self.file(path, self.disk.create(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        self.disk.remove(file)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.disk.list(dir)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.disk.sync_dir(dir)
    }
}

impl DiskFile for CountingFile {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        self.file.append(bytes)
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.read.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        self.file.read_at(offset, bytes)
    }

    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        self.file.truncate(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.file.sync()
    }
}

/// Days of a gauge, a reading every five minutes, and what is read of its files.
struct Days {
    disk: Arc<Counting>,
    store: Store,
    series: SeriesNo,
    read: Arc<AtomicU64>,
}

const YEAR: i64 = 365;
/// More than are told as they are.
const WEEKS: i64 = 60;
/// A day, and a reading of it, that stands out for five minutes.
const PEAK: (i64, i64) = (15, 77);
/// A day without readings.
const MISSING: i64 = 30;

fn day(number: i64) -> Timestamp {
    // A Monday, at midnight of UTC.
    Timestamp::from_millis(1_754_265_600_000) + Duration::from_hours(24 * number)
}

fn sample(series: SeriesNo, day_number: i64, number: i64) -> Sample {
    let value = match (day_number, number) {
        PEAK => 999.0,
        // Noise, so that a reading costs what readings cost.
        _ => {
            let mixed = ((day_number * 288 + number) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            260.0 + ((mixed ^ (mixed >> 29)) >> 17) as f64 % 977.0 / 100.0
        }
    };
    // Three in 288 are bad, and count for nothing but their number.
    let quality = match number % 100 {
        50 => Quality::new(Grade::Bad, Quality::BY_CHECK),
        _ => Quality::GOOD,
    };
    Sample { series, time: day(day_number) + Duration::from_mins(5 * number), value, quality }
}

impl Days {
    fn new(days: i64) -> Days {
        let read = Arc::new(AtomicU64::new(0));
        let disk = Arc::new(Counting { disk: MemoryDisk::new(), read: read.clone() });
        let store = open(&disk);
        let series = store.register(Id::from_u128(7), SeriesKind::Gauge).expect("registers");
        let short = Class {
            name: "short".to_owned(),
            readings_days: Some(30),
            minutes_days: Some(30),
            hours_days: None,
            floors: Vec::new(),
        };
        store.set_classes(&[short]).expect("no law forbids it");
        store.classify(&[(series, "short")]).expect("classified");
        for number in (0..days).filter(|number| *number != MISSING) {
            let samples = (0..288).map(|it| sample(series, number, it)).collect();
            store.append(day(number + 1), samples).expect("stored");
        }
        store.seal().expect("seals");
        store.merge().expect("merges");
        Days { disk, store, series, read }
    }

    /// With nothing in memory of what was read or written before.
    fn opened_anew(self) -> Days {
        let Days { disk, store, series, read } = self;
        drop(store);
        Days { store: open(&disk), disk, series, read }
    }

    fn asked(&self, from: Timestamp, to: Timestamp, buckets: usize) -> Asked {
        Asked { from, to, until: to, known: None, period: Duration::from_mins(5), buckets }
    }

    /// The record, its gaps, and the bytes of readings that it took.
    fn of(&self, asked: &Asked) -> (Told, Vec<(i64, i64)>, u64) {
        let before = self.read.load(Ordering::Relaxed);
        let (told, gaps) = of(&self.store, self.series, asked).expect("reads");
        (told, gaps, self.read.load(Ordering::Relaxed) - before)
    }
}

fn open(disk: &Arc<Counting>) -> Store {
    Store::open(Path::new("series"), disk.clone(), Config::default()).expect("opens")
}

fn sums(told: Told) -> Vec<Bucket> {
    match told {
        Told::Sums(sums) => sums,
        Told::Readings(readings) => panic!("{} readings", readings.len()),
    }
}

fn good(readings: &[Reading]) -> Vec<f64> {
    let good = readings.iter().filter(|it| it.quality == Quality::GOOD);
    good.map(|it| it.value).collect()
}

#[test]
fn a_year_reads_sums_and_not_readings_and_the_sums_are_those_of_the_readings() {
    let year = Days::new(YEAR).opened_anew();
    let asked = year.asked(day(0), day(YEAR), 365);
    let (told, gaps, cost) = year.of(&asked);
    let told = sums(told);
    assert_eq!(told.len() as i64, YEAR - 1);
    let year = year.opened_anew();
    let before = year.read.load(Ordering::Relaxed);
    let all = year.store.range(year.series, day(0), day(YEAR), None).expect("reads");
    let whole = year.read.load(Ordering::Relaxed) - before;
    // What is beside the gap, to tell where it begins and ends: two chunks.
    assert!(0 < whole && cost * 4 < whole, "{cost} bytes of readings, all are {whole}");
    for bucket in &told {
        let inside: Vec<Reading> = all
            .iter()
            .filter(|it| bucket.start <= it.time && it.time < bucket.end)
            .copied()
            .collect();
        let values = good(&inside);
        assert_eq!((bucket.count, bucket.good), (inside.len() as u64, values.len() as u64));
        let sum = bucket.summary.expect("a summary");
        assert_eq!(sum.min(), values.iter().copied().reduce(f64::min));
        assert_eq!(sum.max(), values.iter().copied().reduce(f64::max));
        assert_eq!(Some(&sum.last), values.last());
        // Hundredths are added up as whole numbers, exactly.
        let cents: i64 = values.iter().map(|it| (it * 100.0).round() as i64).sum();
        let mean = sum.mean(bucket.good).expect("a mean");
        assert!((mean - cents as f64 / 100.0 / values.len() as f64).abs() < 1e-9, "{mean}");
    }
    let peaks = told.iter().filter(|it| it.summary.and_then(|sum| sum.max()) == Some(999.0));
    assert_eq!(peaks.count(), 1, "five minutes of a year are seen");
    let five = Duration::from_mins(5);
    let missing = (day(MISSING) - five).as_millis()..day(MISSING + 1).as_millis();
    assert_eq!(gaps, [(missing.start, missing.end)], "told to the reading");
}

#[test]
fn what_arrived_later_is_not_in_the_sums_of_an_earlier_moment() {
    let weeks = Days::new(WEEKS);
    let noon = day(5) + Duration::from_hours(12);
    let corrected =
        Sample { series: weeks.series, time: noon, value: 400.0, quality: Quality::GOOD };
    weeks.store.append(day(WEEKS), vec![corrected]).expect("stored");
    let highest = |asked: &Asked| {
        let told = sums(weeks.of(asked).0);
        let bucket = told.iter().find(|it| it.start == day(5)).expect("a bucket");
        bucket.summary.and_then(|sum| sum.max()).expect("a maximum")
    };
    let asked = weeks.asked(day(0), day(WEEKS), 60);
    assert_eq!(highest(&asked), 400.0, "a correction shows at once");
    assert!(highest(&Asked { known: Some(day(WEEKS - 1)), ..asked }) < 300.0);
    weeks.store.seal().expect("seals");
    weeks.store.merge().expect("merges");
    assert_eq!(highest(&asked), 400.0);
    assert!(highest(&Asked { known: Some(day(WEEKS - 1)), ..asked }) < 300.0);
}

#[test]
fn a_short_record_is_told_as_it_is_and_a_thin_one_however_long() {
    let weeks = Days::new(WEEKS);
    let (told, ..) = weeks.of(&weeks.asked(day(3), day(10), 100));
    let Told::Readings(readings) = told else { panic!("seven days are few readings") };
    assert_eq!(readings.len(), 7 * 288);
    let thin = weeks.store.register(Id::from_u128(8), SeriesKind::Gauge).expect("registers");
    let samples = (0..WEEKS).map(|number| Sample { series: thin, ..sample(thin, number, 0) });
    weeks.store.append(day(WEEKS), samples.collect()).expect("stored");
    let asked = weeks.asked(day(0), day(WEEKS), 100);
    let (told, _) = of(&weeks.store, thin, &asked).expect("reads");
    let Told::Readings(readings) = told else { panic!("60 are few readings") };
    assert_eq!(readings.len() as i64, WEEKS);
}

#[test]
fn of_readings_that_were_let_go_the_sums_are_told() {
    let weeks = Days::new(WEEKS);
    let asked = weeks.asked(day(0), day(20), 20);
    let before = sums(weeks.of(&asked).0);
    weeks.store.retain(day(WEEKS)).expect("drops");
    let left = weeks.store.range(weeks.series, day(0), day(20), None).expect("reads");
    assert_eq!(left.len(), 0);
    assert_eq!(sums(weeks.of(&asked).0), before);
    // Few are expected of three days, and none is left but in the sums.
    let few = sums(weeks.of(&weeks.asked(day(3), day(6), 100)).0);
    assert_eq!(few.iter().map(|it| it.count).sum::<u64>(), 3 * 288);
}

#[test]
fn a_gap_is_a_hole_of_more_than_three_periods_at_either_end_too() {
    let at = |minutes: i64| Timestamp::from_millis(minutes * 60_000);
    let found = |times: &[i64], from, to| -> Vec<(i64, i64)> {
        let times: Vec<_> = times.iter().map(|minutes| at(*minutes)).collect();
        let period = Duration::from_mins(5);
        let (from, to) = (at(from), at(to));
        let asked = Asked { from, to, until: to, known: None, period, buckets: 1 };
        let gaps = gaps(&times, &asked);
        gaps.into_iter().map(|(start, end)| (start / 60_000, end / 60_000)).collect()
    };
    assert_eq!(found(&[0, 5, 10], 0, 15), []);
    assert_eq!(found(&[0, 15], 0, 15), [], "three periods are no gap");
    assert_eq!(found(&[0, 16], 0, 16), [(0, 16)]);
    assert_eq!(found(&[30, 35], 0, 60), [(0, 30), (35, 60)]);
    assert_eq!(found(&[], 0, 60), [(0, 60)]);
    assert_eq!(found(&[], 0, 10), []);
}
