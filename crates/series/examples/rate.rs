//! Measures the store on the machine's own disk, and prints a table.
//!
//! `cargo run --release -p series --example rate [directory [million points]]`
//!
//! 100 000 series, one point per 15 s with 0 to 39 ms of jitter, the mixture of the
//! technology spike (60 % random walks in hundredths, 25 % slow levels, 15 %
//! states), in appends of 5 000, each answered after fdatasync; and one series of
//! 30 days at 10 s. The rate includes everything: the log, the tables, the blocks
//! written behind, and waiting for them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base::quantity::{Quality, SeriesKind};
use base::{Id, Timestamp};
use series::{Config, RealDisk, Sample, SeriesNo, Store};

const SERIES: usize = 100_000;
const BATCH: usize = 5_000;
const START: i64 = 1_754_161_200_000;
const STEP: i64 = 15_000;
const DAY: i64 = 86_400_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let dir = arguments.next().map_or_else(
        || std::env::temp_dir().join(format!("series-rate-{}", std::process::id())),
        PathBuf::from,
    );
    let millions: usize = arguments.next().map_or(48, |text| text.parse().expect("a number"));
    println!("directory {}, {millions} M points, {SERIES} series", dir.display());
    let rounds = (millions * 1_000_000).div_ceil(SERIES);

    let store = open(&dir, Config::default());
    let sensors: Vec<_> =
        (0..SERIES as u128 + 1).map(|n| (Id::from_u128(n), SeriesKind::Gauge)).collect();
    let numbers = timed("register 100 001 series at once", || {
        store.register_all(&sensors).expect("registers")
    });

    let spent = processor_seconds();
    let (elapsed, mut waits) = ingest(&store, &numbers, rounds, 2);
    let points = rounds * SERIES;
    row("append, 2 writers × 5 000, fdatasync", format!("{:.2} M points/s", rate(points, elapsed)));
    let per_point = (processor_seconds() - spent) / points as f64 * 1e6;
    row("processor time, making the points included", format!("{per_point:.2} µs a point"));
    waits.sort_unstable();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize];
    let text = format!("p50 {:.1?}, p99 {:.1?}, max {:.1?}", at(0.5), at(0.99), at(1.0));
    row("answer to an append", text);
    row("resident memory at the end of it", resident());
    timed("seal the rest", || store.seal().expect("seals"));
    let counts = store.counts();
    row("synchronisations", counts.synced.to_string());
    let each = counts.block_bytes as f64 / points as f64;
    let chunk = points as u64 / counts.blocks / SERIES as u64;
    row(
        &format!("bytes a point, {} blocks of about {chunk} points a chunk", counts.blocks),
        format!("{each:.2}"),
    );

    let latest = median(|| {
        assert!(store.latest(&numbers[..SERIES]).iter().all(Option::is_some));
    });
    row("latest of 100 000 series", format!("{latest:.2?}"));
    let (from, to) = (Timestamp::from_millis(START), Timestamp::from_millis(START + 3_600_000));
    let many = median(|| {
        let found: usize = numbers[..10_000]
            .iter()
            .map(|&series| store.range(series, from, to, None).expect("reads").len())
            .sum();
        assert!(found >= 10_000);
    });
    row("10 000 series × 1 h, all readings", format!("{many:.2?}"));
    redeliver(&store, &numbers);
    drop(store);
    let store = timed("open again", || open(&dir, Config::default()));
    drop(store);

    compacted(&dir.join("day"));
    deep(&dir.join("hourly"), 1);
    deep(&dir.join("daily"), 24);
    wide_chunks(&dir.join("wide"));
    std::fs::remove_dir_all(&dir).expect("the directory was made here");
}

/// Appends `rounds` of one point per series; gives the time and each append's wait.
fn ingest(
    store: &Store,
    numbers: &[SeriesNo],
    rounds: usize,
    writers: usize,
) -> (Duration, Vec<Duration>) {
    let stored = AtomicU64::new(0);
    let start = Instant::now();
    let waits = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..writers)
            .map(|writer| {
                let stored = &stored;
                scope.spawn(move || {
                    let mut walk = Walk::new(writer as u64 + 1);
                    let mut levels = vec![5_000i64; SERIES];
                    let mut waits = Vec::new();
                    for round in 0..rounds {
                        let batches = SERIES / BATCH;
                        for batch in (0..batches).filter(|batch| batch % writers == writer) {
                            let now = START + round as i64 * STEP;
                            // Scattered over the series, as they come from many gateways.
                            let samples = (0..BATCH)
                                .map(|n| n * batches + batch)
                                .map(|index| walk.sample(numbers[index], now, &mut levels[index]))
                                .collect();
                            let asked = Instant::now();
                            let received = Timestamp::from_millis(now + 700);
                            let appended = store.append(received, samples).expect("appends");
                            waits.push(asked.elapsed());
                            stored.fetch_add(appended.stored as u64, Ordering::Relaxed);
                        }
                    }
                    waits
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("appends")).collect()
    });
    let elapsed = start.elapsed();
    assert_eq!(stored.into_inner(), (rounds * SERIES) as u64);
    (elapsed, waits)
}

/// Sends the first million points again, and a correction to each tenth of them.
fn redeliver(store: &Store, numbers: &[SeriesNo]) {
    let to = Timestamp::from_millis(START + 10 * STEP);
    let again: Vec<Sample> = numbers[..SERIES]
        .iter()
        .flat_map(|&series| {
            let readings = store.range(series, Timestamp::from_millis(START), to, None);
            readings.expect("reads").into_iter().map(move |reading| Sample {
                series,
                time: reading.time,
                value: reading.value,
                quality: reading.quality,
            })
        })
        .collect();
    for (what, add, share) in [("the same again", 0.0, 1), ("corrections", 1.0, 10)] {
        let samples: Vec<_> = again
            .iter()
            .step_by(share)
            .map(|&sample| Sample { value: sample.value + add, ..sample })
            .collect();
        let count = samples.len();
        let start = Instant::now();
        let received = Timestamp::from_millis(START + DAY);
        let (mut duplicates, mut superseded) = (0, 0);
        for part in samples.chunks(BATCH) {
            let appended = store.append(received, part.to_vec()).expect("appends");
            duplicates += appended.duplicates;
            superseded += appended.superseded;
        }
        assert_eq!((duplicates, superseded), if add == 0.0 { (count, 0) } else { (0, count) });
        let rate = rate(count, start.elapsed());
        row(&format!("{what}, looked up in blocks"), format!("{rate:.2} M points/s"));
    }
}

/// Bytes a point once a day is merged: 2 000 series × 24 h, sealed by the hour.
fn compacted(dir: &Path) {
    let config = Config {
        head_age: base::Duration::from_hours(1000),
        merge_fresh: 1000,
        ..Config::default()
    };
    let store = open(dir, config);
    let sensors: Vec<_> = (0..2_000).map(|n| (Id::from_u128(n), SeriesKind::Gauge)).collect();
    let numbers = store.register_all(&sensors).expect("registers");
    let mut walk = Walk::new(7);
    let mut levels = vec![5_000; numbers.len()];
    // The first midnight in UTC after the start.
    let midnight = (START / DAY + 1) * DAY;
    for round in 0..DAY / STEP {
        let now = midnight + round * STEP;
        let samples =
            numbers.iter().zip(&mut levels).map(|(&no, level)| walk.sample(no, now, level));
        store.append(Timestamp::from_millis(now + 700), samples.collect()).expect("appends");
        if (round + 1) % 240 == 0 {
            store.seal().expect("seals");
        }
    }
    let before = store.counts();
    let each = |bytes: u64| bytes as f64 / before.held as f64;
    row("bytes a point in 24 blocks by the hour", format!("{:.2}", each(before.block_bytes)));
    let start = Instant::now();
    store.merge().expect("merges");
    let took = start.elapsed();
    let after = store.counts();
    assert_eq!((after.held, after.merged), (before.held, 1));
    let sums = format!("{:.2}, and {:.2} of sums", each(after.block_bytes), each(after.sum_bytes));
    row("bytes a point in one block of the day", sums);
    row("merging, sums included", format!("{:.2} M points/s", rate(after.held as usize, took)));
}

/// 30 days of one series at 10 s, in blocks of so many hours.
fn deep(dir: &Path, hours: usize) {
    let config = Config { head_age: base::Duration::from_hours(1000), ..Config::default() };
    let store = open(dir, config);
    let series = store.register(Id::from_u128(1), SeriesKind::Gauge).expect("registers");
    let mut walk = Walk::new(9);
    let mut level = 5_000;
    for hour in 0..30 * 24 {
        let from = START + hour as i64 * 3_600_000;
        let samples: Vec<_> =
            (0..360).map(|n| walk.sample(series, from + n * 10_000, &mut level)).collect();
        for part in samples.chunks(6) {
            let received = part[part.len() - 1].time + base::Duration::from_millis(700);
            store.append_then(received, part.to_vec(), Box::new(|result| assert!(result.is_ok())));
        }
        if (hour + 1) % hours == 0 {
            // An append waits for those before it; then all of the hours are sealed.
            store.append(Timestamp::from_millis(from), Vec::new()).expect("is answered");
            store.seal().expect("seals");
        }
    }
    let (from, to) = (Timestamp::from_millis(START), Timestamp::from_millis(START + 30 * DAY));
    let took = median(|| {
        let buckets = store.downsample(series, from, to, 500, None).expect("reads");
        assert_eq!(buckets.len(), 500);
    });
    let counts = store.counts();
    assert_eq!(counts.held, 259_200);
    let each = counts.block_bytes as f64 / counts.held as f64;
    let what = format!("1 series, 30 d at 10 s → 500 buckets, {} blocks", counts.blocks);
    row(&what, format!("{took:.2?}, {each:.2} bytes a point"));
    store.merge().expect("merges");
    let took = median(|| {
        let buckets = store.downsample(series, from, to, 500, None).expect("reads");
        assert_eq!(buckets.len(), 500);
    });
    let counts = store.counts();
    let each = counts.block_bytes as f64 / counts.held as f64;
    let what = format!("the same, merged into {} blocks by day", counts.blocks);
    row(&what, format!("{took:.2?}, {each:.2} bytes a point"));
}

/// Bytes a point with 240 points in each chunk: 5 000 series × 1 h.
fn wide_chunks(dir: &Path) {
    let store =
        open(dir, Config { head_age: base::Duration::from_hours(1000), ..Config::default() });
    let sensors: Vec<_> = (0..5_000).map(|n| (Id::from_u128(n), SeriesKind::Gauge)).collect();
    let numbers = store.register_all(&sensors).expect("registers");
    let mut walk = Walk::new(5);
    let mut levels = vec![5_000; numbers.len()];
    for round in 0..240 {
        let now = START + round * STEP;
        let samples =
            numbers.iter().zip(&mut levels).map(|(&no, level)| walk.sample(no, now, level));
        store.append(Timestamp::from_millis(now + 700), samples.collect()).expect("appends");
    }
    let start = Instant::now();
    store.seal().expect("seals");
    let took = start.elapsed();
    let counts = store.counts();
    let each = counts.block_bytes as f64 / counts.held as f64;
    row("bytes a point at 240 points a chunk, index included", format!("{each:.2}"));
    row("sealing", format!("{:.1} M points/s", rate(counts.held as usize, took)));
}

/// The spike's mixture of series.
struct Walk(u64);

impl Walk {
    fn new(seed: u64) -> Walk {
        Walk(seed)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % bound
    }

    fn sample(&mut self, series: SeriesNo, now: i64, hundredths: &mut i64) -> Sample {
        *hundredths += match series.0 % 20 {
            0..12 => self.below(11) as i64 - 5,
            12..17 => i64::from(self.below(10) == 0),
            _ => 100 * i64::from(self.below(50) == 0),
        };
        let quality = Quality(u8::from(self.below(500) == 0));
        let time = Timestamp::from_millis(now + self.below(40) as i64);
        Sample { series, time, value: *hundredths as f64 / 100.0, quality }
    }
}

fn open(dir: &Path, config: Config) -> Store {
    Store::open(dir, Arc::new(RealDisk), config).expect("the directory is writable")
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    row(what, format!("{:.2?}", start.elapsed()));
    result
}

fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<_> = (0..5)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[2]
}

fn rate(points: usize, elapsed: Duration) -> f64 {
    points as f64 / elapsed.as_secs_f64() / 1e6
}

fn row(what: &str, value: String) {
    println!("| {what:<58} | {value:<44} |");
}

fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    format!("{} at most", line.map_or("unknown", str::trim))
}

/// User and system time of this process, in seconds, at the usual 100 ticks each.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}
