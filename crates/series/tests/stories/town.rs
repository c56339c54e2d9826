//! What the stories share: a disk, a store on it, and short ways to say things.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::quantity::{Quality, SeriesKind};
use base::{Id, Timestamp};
use series::{
    Appended, Config, MemoryDisk, Reading, Readings, Sample, SeriesError, SeriesNo, Store, Survival,
};

use crate::witness::Witness;

/// A store on a disk in memory that can be closed, killed and opened again.
pub struct Town {
    pub disk: MemoryDisk,
    pub config: Config,
    witness: Witness,
    store: Option<Store>,
}

impl Town {
    pub fn new() -> Town {
        Town::with(Config::default())
    }

    pub fn with(config: Config) -> Town {
        let mut town =
            Town { disk: MemoryDisk::new(), config, witness: Witness::new(), store: None };
        town.open();
        town
    }

    pub fn try_open(&self) -> Result<Store, SeriesError> {
        Store::open(dir(), Arc::new(self.disk.clone()), self.config.clone())
    }

    pub fn open(&mut self) {
        self.store = Some(self.try_open().expect("the store opens"));
    }

    pub fn close(&mut self) {
        self.witness.close();
        self.store = None;
    }

    pub fn reopen(&mut self) {
        self.close();
        self.open();
    }

    /// Cuts the power, and switches on again without opening.
    pub fn power_cut(&mut self, survival: Survival) {
        // The disk goes dark first: closing must not tidy up.
        self.disk.cut_power_at(1);
        self.close();
        self.disk.restart(survival);
    }

    pub fn store(&self) -> &Store {
        self.store.as_ref().expect("the store is open")
    }

    /// Who is asked what is stored, with all of it that is stored now.
    pub fn asked(&self) -> Box<dyn Readings> {
        self.witness.asked(self.store())
    }

    pub fn gauge(&self, sensor: u128) -> SeriesNo {
        self.store().register(Id::from_u128(sensor), SeriesKind::Gauge).expect("registers")
    }

    /// Appends values of one series; times and arrival in seconds.
    #[track_caller]
    pub fn at(&self, received: i64, series: SeriesNo, values: &[(i64, f64)]) -> Appended {
        let samples = values.iter().map(|&(time, value)| sample(series, time, value)).collect();
        self.store().append(seconds(received), samples).expect("the append is stored")
    }

    /// The served readings of `0..1_000_000` seconds, as (seconds, value).
    #[track_caller]
    pub fn reads(&self, series: SeriesNo) -> Vec<(i64, f64)> {
        plain(self.asked().range(series, seconds(0), seconds(1_000_000), None))
    }

    /// The same as they were known then.
    #[track_caller]
    pub fn reads_as_of(&self, series: SeriesNo, as_of: i64) -> Vec<(i64, f64)> {
        plain(self.asked().range(series, seconds(0), seconds(1_000_000), Some(seconds(as_of))))
    }

    pub fn latest(&self, series: SeriesNo) -> Option<(i64, f64)> {
        let latest = self.store().latest(&[series]);
        latest[0].map(|reading| (reading.time.as_millis() / 1000, reading.value))
    }

    pub fn files(&self, suffix: &str) -> Vec<PathBuf> {
        let ends = |path: &PathBuf| path.to_string_lossy().ends_with(suffix);
        self.disk.files().into_iter().filter(ends).collect()
    }
}

#[track_caller]
fn plain(readings: Result<Vec<Reading>, SeriesError>) -> Vec<(i64, f64)> {
    let readings = readings.expect("the range is readable");
    readings.iter().map(|reading| (reading.time.as_millis() / 1000, reading.value)).collect()
}

pub fn dir() -> &'static Path {
    Path::new("/series")
}

pub fn seconds(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

pub fn sample(series: SeriesNo, time: i64, value: f64) -> Sample {
    Sample { series, time: seconds(time), value, quality: Quality::GOOD }
}
