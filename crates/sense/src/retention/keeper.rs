//! The keeper: tells the store for how long what is kept and what is held, and once a
//! day has it let go of what is over.
//!
//! It is a thread of its own, behind everything: no intake and no rule waits for it, and
//! the store takes readings while it drops others. What it tells is told again at each
//! start, and a day's run that was interrupted is gone on with, so it may die at any
//! point. A clock that is far ahead of what sensors say lets nothing go: years of
//! readings would.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use base::Timestamp;
use host::{Error, Lane, Read, Result, World};
use series::{Held, SeriesNo};

use super::definition::Definitions;
use super::run::{self, Run, RunState};
use super::store::{self, Hold};
use crate::check::flags_of;
use crate::station::{self, SensorId, Station};

/// How long it waits before it looks around.
const PAUSE: Duration = Duration::from_millis(200);
/// The shortest time between two tries at what was refused or failed.
const PATIENCE: Duration = Duration::from_secs(600);
const SOON: Duration = Duration::from_secs(5);
/// Series that are told of at once.
const AT_ONCE: usize = 10_000;
/// What the names of ranges in the store begin with that are ours.
const OURS: &str = "hold ";

/// Starts the keeper of the node's own world on a thread that ends with it.
pub(crate) fn start(world: &World) -> Result<()> {
    if !world.is_real() {
        return Ok(());
    }
    let mut keeper = Keeper::new(world);
    world.spawn("retention", move || keeper.serve());
    Ok(())
}

/// Keeps the readings of one world. [`crate::part`] runs it on a thread; stories drive one
/// by hand.
pub struct Keeper {
    world: World,
    /// The newest entry of the world's log that was looked at.
    seen: Option<i64>,
    /// The newest fact about a station that was read.
    read: i64,
    /// What is held, as the store was told.
    holds: Vec<Hold>,
    /// The last day whose run is done.
    done: Option<String>,
}

impl Keeper {
    pub fn new(world: &World) -> Keeper {
        Keeper { world: world.clone(), seen: None, read: 0, holds: Vec::new(), done: None }
    }

    fn serve(&mut self) {
        let mut retry_at = None::<Instant>;
        while self.world.is_open() {
            if retry_at.is_none_or(|at| at <= Instant::now()) {
                retry_at = match self.tell().and_then(|()| self.run_due()) {
                    Ok(None) => None,
                    Ok(Some(run)) if run.state == RunState::Done => None,
                    Ok(Some(_)) => Some(Instant::now() + PATIENCE),
                    Err(Error::Busy(_)) => Some(Instant::now() + SOON),
                    Err(error) => {
                        tracing::error!(%error, "nobody says for how long readings are kept");
                        Some(Instant::now() + SOON)
                    }
                };
            }
            std::thread::park_timeout(PAUSE);
        }
    }

    /// Tells the store what is new: classes of sensors, and what is held.
    ///
    /// # Errors
    /// When the database or the store refuse; it is told again then.
    pub fn tell(&mut self) -> Result<()> {
        let newest = self.world.last_seq();
        if self.seen == Some(newest) {
            return Ok(());
        }
        if self.seen.is_none() {
            let classes = Definitions::all().for_store();
            self.world.series().set_classes(&classes).map_err(internal)?;
        }
        let read = self.read;
        let (stations, upto) = self.world.read_now(|db| station::changed_since(db, read))?;
        self.classify(&stations)?;
        let holds = self.world.read_now(store::active)?;
        if self.seen.is_none() || !stations.is_empty() || holds != self.holds {
            self.hold(&holds)?;
        }
        (self.read, self.seen, self.holds) = (upto, Some(newest), holds);
        Ok(())
    }

    fn classify(&self, stations: &[Station]) -> Result<()> {
        let store = self.world.series();
        let mut classes: Vec<(SeriesNo, &str)> = Vec::new();
        for station in stations {
            for sensor in &station.sensors {
                let class = &Definitions::all().of(station.class, sensor).code;
                let number = store.register(sensor.id.into(), sensor.kind()).map_err(internal)?;
                // What is said of readings is kept with them.
                let beside = flags_of(store, sensor.id.into());
                classes
                    .extend([Some(number), beside].into_iter().flatten().map(|it| (it, &**class)));
            }
        }
        let mut pieces = classes.chunks(AT_ONCE);
        pieces.try_for_each(|piece| store.classify(piece).map_err(internal))
    }

    fn hold(&self, holds: &[Hold]) -> Result<()> {
        let store = self.world.series();
        let mut before: HashMap<String, Held> = store
            .held_ranges()
            .into_iter()
            .filter(|held| held.name.starts_with(OURS))
            .map(|held| (held.name.clone(), held))
            .collect();
        for hold in holds {
            let sensors = self.world.read_now(|db| store::sensors_of(db, &hold.extent))?;
            let held = Held {
                name: format!("{OURS}{}", hold.id),
                series: Some(self.series_of(&sensors)),
                from: hold.from,
                to: hold.to.unwrap_or(Timestamp::MAX),
            };
            if before.remove(&held.name).as_ref() != Some(&held) {
                store.hold_range(held).map_err(internal)?;
            }
        }
        before.keys().try_for_each(|name| store.release_range(name).map_err(internal))
    }

    fn series_of(&self, sensors: &[SensorId]) -> BTreeSet<SeriesNo> {
        let store = self.world.series();
        let both = |sensor: &SensorId| {
            let id = (*sensor).into();
            [store.series_of(id), flags_of(store, id)]
        };
        sensors.iter().flat_map(both).flatten().collect()
    }

    /// Runs the day's retention, if it has not been done.
    ///
    /// # Errors
    /// When the database or the world refuse; what the store refuses is in the run.
    pub fn run_due(&mut self) -> Result<Option<Run>> {
        let now = self.world.clock().now();
        let day = day_of_run(now);
        if self.done.as_ref() == Some(&day) {
            return Ok(None);
        }
        let Some(reached) = self.world.series().reached() else { return Ok(None) };
        let before = self.world.read_now(|db: &mut dyn Read| run::run_of(db, &day))?;
        if before.as_ref().is_some_and(|run| run.state == RunState::Done) {
            self.done = Some(day);
            return Ok(None);
        }
        let mut run = before.unwrap_or_else(|| Run::begun(day, now));
        let most_ahead = Definitions::all().most_ahead();
        if most_ahead < now.since(reached) {
            run.state = RunState::Refused;
            run.why = Some(format!(
                "the clock says {now}, sensors have said nothing of after {reached}; expected at \
                 most {} days between",
                Definitions::all().most_ahead_days
            ));
            tracing::error!(%now, %reached, "the clock is far ahead of what sensors say: no readings are let go of");
            self.save(&run)?;
            return Ok(Some(run));
        }
        (run.state, run.why) = (RunState::Running, None);
        self.save(&run)?;
        // Sensors may have got flags since they were told of.
        (self.seen, self.read) = (None, 0);
        loop {
            // A hold of a moment ago holds too.
            self.tell()?;
            match self.world.series().retain(now) {
                Ok(pass) => {
                    run.add(&pass);
                    if pass.waiting == 0 {
                        break;
                    }
                }
                Err(error) => {
                    (run.state, run.why) = (RunState::Failed, Some(error.to_string()));
                    tracing::error!(%error, "readings whose time is over could not be let go of");
                    self.save(&run)?;
                    return Ok(Some(run));
                }
            }
            self.save(&run)?;
            if !self.world.is_open() {
                return Ok(Some(run));
            }
        }
        (run.state, run.ended_at) = (RunState::Done, Some(self.world.clock().now()));
        let done = run.clone();
        self.world.run(Lane::Ordinary, "retention", move |tx| {
            done.save(tx)?;
            done.note(tx)
        })?;
        self.done = Some(run.day.clone());
        Ok(Some(run))
    }

    fn save(&self, run: &Run) -> Result<()> {
        let run = run.clone();
        self.world.run(Lane::Ordinary, "retention", move |tx| run.save(tx))
    }
}

/// The day in Beijing whose run a moment belongs to: `2026-08-03`.
fn day_of_run(now: Timestamp) -> String {
    let minutes = i64::from(Definitions::all().run_at_minute);
    let ([year, month, day], _) = (now - base::Duration::from_mins(minutes)).beijing_fields();
    format!("{year:04}-{month:02}-{day:02}")
}

fn internal(error: series::SeriesError) -> Error {
    Error::Internal(format!("series: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_days_run_begins_at_half_past_three_in_beijing() {
        let at = |time| day_of_run(Timestamp::from_beijing([2026, 8, 3], time).expect("is one"));
        assert_eq!((&*at([3, 29, 59]), &*at([3, 30, 0])), ("2026-08-02", "2026-08-03"));
    }
}
