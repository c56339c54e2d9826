//! The watch: checks every reading behind the log, and stores what it flags.
//!
//! It is a consumer of the log: a reading is acknowledged, shown and judged by the rules
//! whether or not it has been checked. After a crash it goes on from where its flags are
//! known to be stored; what a series held by then is read back, as it was known at that
//! place of the log, so that it comes to the same. What it says twice is stored once.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use base::{Id, Quality, Timestamp};
use host::space::Room;
use host::{Error, Lane, Result, World};
use series::{BadReason, Batch, Consumer, Position, Sample, SeriesError, SeriesNo};

use super::definition::Limits;
use super::flags::{self, beside};
use super::track::{Coming, Point, Track, is_comparable, median};
use crate::register::Register;
use crate::source::{self, Tally, minute_of};
use crate::station::StationId;

/// Its name as a consumer of the log.
const CONSUMER: &str = "checks";
/// Readings that are checked before what was flagged among them is stored.
const AT_ONCE: usize = 50_000;
/// How long it waits for readings before it looks around.
const PAUSE: Duration = Duration::from_millis(50);
/// The shortest time between two tries, and two complaints, about the same.
const PATIENCE: Duration = Duration::from_secs(1);

/// Starts a world's watch on a thread that ends with the world.
pub(crate) fn start(world: &World) -> Result<()> {
    let mut watch = Checks::open(world)?;
    world.spawn("checks", move || watch.serve());
    Ok(())
}

/// What it has done since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// Readings that it has seen.
    pub seen: u64,
    /// Readings looked at, again or for the first time.
    pub looked_at: u64,
    /// Readings that were read back out of the store.
    pub read_back: u64,
    /// Readings that were flagged.
    pub flagged: u64,
}

/// The watch of one world. [`crate::part`] runs it on a thread; stories drive one by hand.
pub struct Checks {
    world: World,
    consumer: Consumer,
    /// The last batch of which everything is stored.
    position: Position,
    register: Register,
    seats: Vec<Seat>,
    /// The newest arrival that it has seen: what it says comes after that.
    heard: Timestamp,
    work: Work,
}

/// What is known of one series.
enum Seat {
    /// Not looked at, or none of the register as it was then.
    Empty {
        as_of: i64,
    },
    /// Of flags, its own or another watch's.
    Flags,
    Sensor(Box<Watched>),
}

struct Watched {
    /// The register that its limits are of.
    as_of: i64,
    sensor: Id,
    station: StationId,
    limits: Limits,
    neighbours: Vec<SeriesNo>,
    track: Track,
    is_seeded: bool,
}

/// What was flagged, on its way to the store.
struct Flagged {
    series: SeriesNo,
    point: Point,
}

impl Checks {
    /// Takes up where the last watch of this world left off.
    ///
    /// # Errors
    /// [`Error::Internal`] when the series store refuses a consumer.
    pub fn open(world: &World) -> Result<Checks> {
        let consumer = world.series().consumer(CONSUMER).map_err(internal)?;
        let position = consumer.released();
        Ok(Checks {
            world: world.clone(),
            consumer,
            position,
            register: Register::default(),
            seats: Vec::new(),
            heard: Timestamp::MIN,
            work: Work::default(),
        })
    }

    pub fn work(&self) -> Work {
        self.work
    }

    fn serve(&mut self) {
        let mut retry_at = None::<Instant>;
        while self.world.is_open() {
            let is_due = retry_at.is_none_or(|at| at <= Instant::now());
            if is_due && self.position < self.world.series().position() {
                if let Err(error) = self.drain() {
                    if !matches!(error, Error::Busy(_)) {
                        tracing::error!(%error, "readings wait to be checked");
                    }
                    retry_at = Some(Instant::now() + PATIENCE);
                    continue;
                }
                retry_at = None;
            }
            std::thread::park_timeout(PAUSE);
        }
    }

    /// Checks all that is in the log and stores what comes of it; then returns.
    ///
    /// # Errors
    /// When something could not be read or stored; it is checked again then.
    pub fn drain(&mut self) -> Result<()> {
        while self.position < self.world.series().position() {
            self.register.catch_up(&self.world)?;
            let mut flagged = Vec::new();
            let reached = self.check_some(&mut flagged)?;
            if let Err(error) = self.store(&flagged) {
                // What was said of these readings is not stored: they are read anew.
                self.seats.clear();
                return Err(error);
            }
            self.position = reached;
            self.consumer.release(reached).map_err(internal)?;
            if !self.world.is_open() {
                return Err(Error::Busy("the world is closed"));
            }
        }
        Ok(())
    }

    /// Checks up to [`AT_ONCE`] readings; gives the last batch that they are of.
    fn check_some(&mut self, flagged: &mut Vec<Flagged>) -> Result<Position> {
        let batches = match self.consumer.read_after(self.position) {
            Err(SeriesError::Released { oldest, .. }) => {
                tracing::error!("readings left the log before they were checked");
                self.position = oldest;
                self.consumer.read_after(oldest)
            }
            batches => batches,
        };
        let (mut reached, mut seen) = (self.position, 0);
        for batch in batches.map_err(internal)? {
            let batch = batch.map_err(internal)?;
            self.check(&batch, flagged)?;
            (reached, seen) = (batch.position, seen + batch.samples.len());
            if AT_ONCE <= seen {
                break;
            }
        }
        Ok(reached)
    }

    fn check(&mut self, batch: &Batch, flagged: &mut Vec<Flagged>) -> Result<()> {
        self.heard = self.heard.max(batch.received);
        let mut points = Vec::new();
        for (index, sample) in batch.samples.iter().enumerate() {
            self.work.seen += 1;
            match self.seat(sample.series) {
                // What begins with flags is what a watch has said of readings.
                Seat::Flags if index == 0 => return Ok(()),
                Seat::Flags | Seat::Empty { .. } => continue,
                Seat::Sensor(_) => {}
            }
            if !is_comparable(sample.quality) {
                continue;
            }
            self.seed(sample.series, sample.time, batch.received)?;
            let median = self.median(sample.series, sample.time, batch.received)?;
            let Some(watched) = self.watched(sample.series) else { continue };
            let Sample { time, value, quality, .. } = *sample;
            let coming = Coming { time, value, quality };
            let looked_at = watched.track.take(&watched.limits, coming, median, &mut points);
            self.work.looked_at += looked_at as u64;
            let series = sample.series;
            flagged.extend(points.drain(..).map(|point| Flagged { series, point }));
        }
        Ok(())
    }

    /// The seat of a series, by the register as it is now.
    fn seat(&mut self, series: SeriesNo) -> &Seat {
        let at = series.0 as usize;
        while self.seats.len() <= at {
            self.seats.push(Seat::Empty { as_of: -1 });
        }
        let as_of = self.register.read();
        let is_current = match &self.seats[at] {
            Seat::Empty { as_of: then } => *then == as_of,
            Seat::Flags => true,
            Seat::Sensor(watched) => watched.as_of == as_of,
        };
        if !is_current {
            let before = std::mem::replace(&mut self.seats[at], Seat::Empty { as_of });
            self.seats[at] = self.look_up(series, before, as_of);
        }
        &self.seats[at]
    }

    fn look_up(&self, series: SeriesNo, before: Seat, as_of: i64) -> Seat {
        let store = self.world.series();
        let Some(sensor) = store.sensor_of(series) else { return Seat::Empty { as_of } };
        let Some(known) = self.register.series(series) else {
            let other = store.series_of(beside(sensor));
            return match other.and_then(|other| self.register.series(other)) {
                Some(_) => Seat::Flags,
                None => Seat::Empty { as_of },
            };
        };
        let limits = Limits::new(known.quantity, &known.mapping, known.checks.as_ref());
        let ids = limits.neighbour.iter().flat_map(|neighbour| &neighbour.sensors);
        let neighbours = ids.filter_map(|id| store.series_of((*id).into())).collect();
        let (track, is_seeded) = match before {
            Seat::Sensor(before) => (before.track, before.is_seeded),
            _ => (Track::default(), false),
        };
        let station = known.station;
        let watched = Watched { as_of, sensor, station, limits, neighbours, track, is_seeded };
        Seat::Sensor(Box::new(watched))
    }

    fn watched(&mut self, series: SeriesNo) -> Option<&mut Watched> {
        match self.seats.get_mut(series.0 as usize) {
            Some(Seat::Sensor(watched)) => Some(watched),
            _ => None,
        }
    }

    /// Reads back, once for each series, what it held when a batch was received that
    /// has a reading of `time`: as far back as its checks look.
    fn seed(&mut self, series: SeriesNo, time: Timestamp, received: Timestamp) -> Result<()> {
        let store = self.world.series().clone();
        let Some(watched) = self.watched(series).filter(|watched| !watched.is_seeded) else {
            return Ok(());
        };
        watched.is_seeded = true;
        let back = watched.limits.back();
        let newest = store.latest(&[series])[0].map_or(time, |latest| latest.time);
        // A reading that came long after its time says nothing of where its series stood.
        let until = if received.since(time) <= back { time } else { newest.min(received) };
        // Of punctual readings the second of arrival is kept, rounded up.
        let known = received + base::Duration::from_secs(1);
        let (from, to) = (until - back, until + base::Duration::from_mins(10));
        let stored = store.range(series, from, to, Some(known)).map_err(internal)?;
        let mut said = HashMap::new();
        if let Some(flags) = store.series_of(beside(watched.sensor)) {
            let read = store.range(flags, from, to, None).map_err(internal)?;
            said.extend(read.iter().map(|flags| (flags.time, flags.value)));
        }
        for reading in stored.iter().filter(|reading| is_comparable(reading.quality)) {
            let (time, value, quality) = (reading.time, reading.value, reading.quality);
            let flags = said.get(&time).map_or(0, |said| flags::said_of(*said, value));
            watched.track.remember(&watched.limits, Coming { time, value, quality }, flags);
        }
        self.work.read_back += stored.len() as u64;
        Ok(())
    }

    /// The median of a sensor's neighbours at a time, where enough of them have spoken.
    fn median(
        &mut self,
        series: SeriesNo,
        time: Timestamp,
        received: Timestamp,
    ) -> Result<Option<f64>> {
        let Some(watched) = self.watched(series) else { return Ok(None) };
        let Some(neighbour) = &watched.limits.neighbour else { return Ok(None) };
        let within = base::Duration::from_secs(i64::from(neighbour.within_s));
        let mut values = Vec::with_capacity(watched.neighbours.len());
        for other in watched.neighbours.clone() {
            if let Seat::Sensor(_) = self.seat(other) {
                self.seed(other, time, received)?;
                let nearest = self.watched(other).and_then(|it| it.track.nearest(time, within));
                values.extend(nearest);
            }
        }
        Ok(median(values))
    }

    /// Stores the flags, and the readings with the quality that follows from them.
    fn store(&mut self, flagged: &[Flagged]) -> Result<()> {
        if flagged.is_empty() {
            return Ok(());
        }
        if self.world.space().room() != Room::Ample {
            return Err(Error::Busy("the disk has too little room for flags"));
        }
        let store = self.world.series().clone();
        let now = self.world.clock().now().max(self.heard);
        let mut tallies: HashMap<(StationId, i64), Tally> = HashMap::new();
        for some in flagged.chunks(AT_ONCE) {
            let mut said = Vec::with_capacity(some.len());
            let mut readings = Vec::with_capacity(some.len());
            let mut of = Vec::with_capacity(some.len());
            for Flagged { series, point } in some {
                let Some(watched) = self.watched(*series) else { continue };
                let Point { time, value, quality, flags, .. } = *point;
                let flags_of = flags::register(&store, watched.sensor).map_err(internal)?;
                said.push(flags::sample(flags_of, (time, value), flags));
                let doubted = doubted(quality, flags & watched.limits.exclude != 0);
                if doubted != quality {
                    watched.track.stored(time, doubted);
                    readings.push(Sample { series: *series, time, value, quality: doubted });
                }
                of.push(watched.station);
            }
            let beside = said.len();
            let done = store.requalify(now, said, readings).map_err(internal)?;
            let other = |bad: &&series::BadSample| bad.reason != BadReason::NotServed;
            if let Some(bad) = done.refused.iter().find(other) {
                tracing::error!(reason = %bad.reason, beside, "what was flagged was not stored");
            }
            for station in of {
                tallies.entry((station, minute_of(now))).or_default().flagged += 1;
            }
            self.work.flagged += beside as u64;
        }
        let tallies: Vec<_> = tallies.into_iter().collect();
        for piece in tallies.chunks(200) {
            let piece = piece.to_vec();
            let save = move |tx: &mut host::Tx<'_>| source::save_tallies(tx, &piece);
            // Counts for a screen: what is flagged is stored.
            if let Err(error) = self.world.run_then(Lane::Ordinary, "checks", save, |_| {}) {
                tracing::warn!(%error, "flags were not counted");
            }
        }
        Ok(())
    }
}

/// The quality of a reading that failed a check.
fn doubted(quality: Quality, is_excluded: bool) -> Quality {
    match is_excluded {
        true => Quality::new(base::quantity::Grade::Bad, quality.0 | Quality::BY_CHECK),
        false => quality.doubted(Quality::BY_CHECK),
    }
}

fn internal(error: SeriesError) -> Error {
    Error::Internal(format!("series: {error}"))
}
