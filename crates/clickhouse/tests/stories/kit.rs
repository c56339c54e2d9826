//! What these stories share: a database of their own, a mirror on it, a directory.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base::quantity::{Quality, SeriesKind};
use base::{Id, Timestamp};
use clickhouse::{Config, Mirror, Progress};
use series::{Reading, Readings, Sample, SeriesNo, Store, Superseded};

pub const OWNER: Id = Id::from_u128(0xfe_0001);
pub const DAY: i64 = 86_400_000;
/// What the mirror's clock says: a hundred days after what the stories begin with.
pub const NOW: i64 = 100 * DAY;

/// A directory that goes with the value.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("fengsui-clickhouse-story-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a directory can be made");
        Folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A database that nobody else uses, with the mirror's own file.
pub struct Database {
    pub config: Config,
    folder: Folder,
}

impl Database {
    /// On the server that runs beside the tests.
    pub fn of_the_tests() -> Database {
        #[allow(clippy::disallowed_methods, reason = "where the server of the tests is")]
        let url = std::env::var("FENGSUI_TEST_CLICKHOUSE")
            .expect("these stories need a server: scripts/with-clickhouse");
        Database::at(&url)
    }

    pub fn at(url: &str) -> Database {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let database = format!("story_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let timeout = Duration::from_secs(60);
        Database {
            config: Config { database, timeout, ..Config::local(url) },
            folder: Folder::new(),
        }
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("clickhouse")
    }

    /// Runs a statement beside the mirror; `{db}` is the database.
    pub fn ask(&self, statement: &str) -> String {
        let agent = ureq::Agent::new_with_defaults();
        let statement = statement.replace("{db}", &self.config.database);
        let mut answer = agent
            .post(&self.config.url)
            .query("wait_end_of_query", "1")
            .send(&statement)
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
        answer.body_mut().read_to_string().expect("is text").trim().to_owned()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let statement = format!("drop database if exists {}", self.config.database);
        let _ = ureq::Agent::new_with_defaults().post(&self.config.url).send(&statement);
    }
}

pub fn open(store: &Store, database: &Database) -> Mirror {
    open_at(store, database, NOW)
}

pub fn open_at(store: &Store, database: &Database, now: i64) -> Mirror {
    let clock = Box::new(move || Timestamp::from_millis(now));
    let (config, file) = (database.config.clone(), database.file());
    Mirror::open(store.clone(), config, OWNER, &file, clock).expect("the mirror opens")
}

#[track_caller]
pub fn catch_up(mirror: &Mirror) {
    loop {
        let progress = mirror.pass().expect("ClickHouse takes it");
        if progress == Progress::CaughtUp && mirror.status().filling.is_none() {
            break;
        }
    }
    assert_eq!(mirror.status().behind, 0);
}

/// Registers gauges with the numbers `0..count`.
pub fn gauges(store: &Store, count: u128) -> Vec<SeriesNo> {
    let sensors: Vec<_> =
        (1..=count).map(|sensor| (Id::from_u128(sensor), SeriesKind::Gauge)).collect();
    store.register_all(&sensors).expect("registers")
}

pub fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// Appends `count` readings from a time on, one every ten seconds, as they come.
pub fn reads(store: &Store, series: SeriesNo, from: i64, count: i64) {
    let sample = |n: i64| Sample {
        series,
        time: at(from + n * 10_000),
        value: (n * 7 % 1000) as f64 / 10.0,
        quality: Quality::GOOD,
    };
    for part in (0..count).step_by(1000) {
        let samples = (part..count.min(part + 1000)).map(sample).collect();
        store.append(at(from + (part + 1000) * 10_000), samples).expect("stored");
    }
}

pub fn one(store: &Store, series: SeriesNo, time: i64, value: f64, received: i64) {
    let sample = Sample { series, time: at(time), value, quality: Quality::GOOD };
    store.append(at(received), vec![sample]).expect("stored");
}

/// All that can be asked of a series: readings, now and then, and what was corrected.
pub type Everything = (Vec<Reading>, Vec<Reading>, Vec<Superseded>, String);

pub fn everything(asked: &dyn Readings, series: SeriesNo) -> Everything {
    let (from, to) = (at(0), at(200 * DAY));
    let buckets = asked.downsample(series, from, to, 300, None).expect("sums up");
    (
        asked.range(series, from, to, None).expect("reads"),
        asked.range(series, from, to, Some(at(2 * DAY))).expect("reads"),
        asked.superseded(series, from, to).expect("reads"),
        format!("{buckets:?}"),
    )
}

/// The copy says the same as the store, of all series.
#[track_caller]
pub fn same(mirror: &Mirror, store: &Store) {
    let answers = mirror.answers().expect("it has caught up");
    for series in (0..store.counts().series as u32).map(SeriesNo) {
        let (copy, own) = (everything(&answers, series), everything(store, series));
        assert!(copy == own, "series {}: {} for {}", series.0, copy.0.len(), own.0.len());
    }
}

/// A store in memory.
pub fn store() -> Store {
    Store::in_memory(series::Config::default())
}
