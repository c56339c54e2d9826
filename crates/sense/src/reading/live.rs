//! The newest readings, sent to the live screens at most once a second.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base::Quality;
use host::live::LiveMessage;
use host::{Home, Result, World};
use series::{Batch, SeriesNo};

use crate::register::{KnownSeries, Register};
use crate::station::READ;

/// Machine time: screens are watched by people, whatever the world's clock does.
const EVERY: Duration = Duration::from_secs(1);
/// How often a quiet thread looks whether the world is still open.
const LOOK_UP: Duration = Duration::from_millis(50);

/// Series that had a reading since they were last sent.
#[derive(Default)]
struct Changed {
    series: Mutex<BTreeSet<SeriesNo>>,
    came: Condvar,
}

impl Changed {
    fn lock(&self) -> MutexGuard<'_, BTreeSet<SeriesNo>> {
        self.series.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, batch: &Batch) {
        self.lock().extend(batch.samples.iter().map(|sample| sample.series));
        self.came.notify_one();
    }

    /// Waits a moment for something to change; takes what has.
    fn take(&self) -> BTreeSet<SeriesNo> {
        let waited = self.came.wait_timeout(self.lock(), LOOK_UP);
        let (mut series, _) = waited.unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *series)
    }
}

/// Hands every batch of the world to a thread that tells the screens.
pub(crate) fn tap(world: &World) -> Result<()> {
    let changed = Arc::new(Changed::default());
    let tapped = Arc::clone(&changed);
    world.series().tap(Box::new(move |batch| tapped.add(batch)));
    let watched = world.clone();
    world.spawn("readings", move || serve(&watched, &changed));
    Ok(())
}

fn serve(world: &World, changed: &Changed) {
    let mut register = Register::default();
    let mut waiting: BTreeSet<SeriesNo> = BTreeSet::new();
    let mut sent: HashMap<SeriesNo, Sent> = HashMap::new();
    let mut last = None::<Instant>;
    while world.is_open() {
        waiting.append(&mut changed.take());
        let is_due = last.is_none_or(|last| EVERY <= last.elapsed());
        if waiting.is_empty() || !is_due {
            continue;
        }
        if let Err(error) = register.catch_up(world) {
            tracing::error!(%error, "the live screens could not read the register");
            continue;
        }
        let items = items(world, &register, std::mem::take(&mut waiting), &mut sent);
        if !items.is_empty() {
            let at = world.clock().now();
            world.live().send(LiveMessage::Readings { at, seen_with: READ, items });
            last = Some(Instant::now());
        }
    }
}

/// The reading that screens have of a series: its time, its value, how good it is.
type Sent = (i64, u64, Quality);

/// What is new of these series: a late reading that is not the latest changes nothing.
fn items(
    world: &World,
    register: &Register,
    series: BTreeSet<SeriesNo>,
    sent: &mut HashMap<SeriesNo, Sent>,
) -> Vec<(Arc<Home>, String)> {
    let series: Vec<SeriesNo> = series.into_iter().collect();
    let latest = world.series().latest(&series);
    let mut items = Vec::new();
    for (number, reading) in series.into_iter().zip(latest) {
        let (Some(reading), Some(known)) = (reading, register.series(number)) else { continue };
        let now = (reading.time.as_millis(), reading.value.to_bits(), reading.quality);
        if sent.insert(number, now) != Some(now) {
            items.push((Arc::clone(&known.home), item(known, &reading)));
        }
    }
    items
}

/// `[station, sensor, quantity, ms, value, quality]`
pub(super) fn item(known: &KnownSeries, reading: &series::Reading) -> String {
    serde_json::json!([
        known.station,
        known.sensor,
        known.quantity,
        reading.time.as_millis(),
        reading.value,
        reading.quality.0,
    ])
    .to_string()
}
