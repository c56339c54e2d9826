//! The watch: looks every few seconds who has been silent for too long.
//!
//! What stands is what the log says. What the watch itself remembers only makes it
//! slower: since when it looks, when a station came back, how often a sensor speaks.

use std::collections::{HashMap, HashSet};
use std::time::{Duration as MachineTime, Instant};

use base::{Duration, Id, Timestamp};
use host::{Error, Lane, Read, Record, Result, Scope, Tx, World};
use sense::station::{Heard, RHYTHM_OF, SensorId, StationId, Watched};
use series::{Reading, SeriesNo};

use super::SilenceId;
use super::fact::{Ended, Grew, SilenceFact, What};
use super::model::{Known, Outcome, Unit, Waited, decide};
use super::store::{self, State};
use crate::engine::own_origins;

/// How often it looks, by the machine's clock: a look at ten thousand stations is some
/// tens of milliseconds of a reader.
const EVERY: MachineTime = MachineTime::from_secs(5);
/// Every so many looks it looks at sensors too, of which there are ten times as many.
const SENSORS_EVERY: u32 = 12;
const PAUSE: MachineTime = MachineTime::from_millis(50);
/// Facts in one command, so that each takes the writer a few milliseconds.
const AT_ONCE: usize = 64;
/// How long after a silence of many its members may still be on their way back.
const LATELY: Duration = Duration::from_hours(31 * 24);
/// So far back a rhythm is looked for.
const RHYTHM_WITHIN: Duration = Duration::from_hours(10 * 24);

/// Starts a world's watch on a thread that ends with the world.
pub(crate) fn start(world: &World) -> Result<()> {
    let watch = Watch::open(world);
    world.spawn("silence", move || watch.serve());
    Ok(())
}

/// What both looks need, of one moment.
struct Seen {
    heard: Vec<Heard>,
    known: Vec<Known>,
    /// From when on anybody could be heard.
    since: Timestamp,
}

/// The watch of one world. [`crate::part`] runs it on a thread; stories drive it by hand.
pub struct Watch {
    world: World,
    origins: Vec<String>,
    /// Before this nobody listened, whatever the last process of this node has left.
    opened: Timestamp,
    /// Of each station the last contact seen, and the first after a hole.
    contacts: HashMap<StationId, (Timestamp, Option<Timestamp>)>,
    /// Of a sensor that was looked at closely: its newest reading then, and its rhythm.
    rhythms: HashMap<SensorId, (Timestamp, Option<Duration>)>,
}

impl Watch {
    pub fn open(world: &World) -> Watch {
        let (origins, opened) = (own_origins(world), world.clock().now());
        let (contacts, rhythms) = (HashMap::new(), HashMap::new());
        Watch { world: world.clone(), origins, opened, contacts, rhythms }
    }

    fn serve(mut self) {
        let mut looked = None::<Instant>;
        let mut looks = 0u32;
        while self.world.is_open() {
            if looked.is_none_or(|at| EVERY <= at.elapsed()) {
                looked = Some(Instant::now());
                let seen = match looks % SENSORS_EVERY {
                    0 => self.look(),
                    _ => self.look_at_stations(),
                };
                looks = looks.wrapping_add(1);
                if let Err(error) = seen
                    && self.world.is_open()
                {
                    tracing::error!(%error, "nobody could see who is silent");
                }
            }
            std::thread::park_timeout(PAUSE);
        }
    }

    /// Records which stations and which of their sensors are silent now, and which no
    /// longer are.
    ///
    /// # Errors
    /// When the database or the series refuse; the next look finds the same.
    pub fn look(&mut self) -> Result<()> {
        self.look_at_stations()?;
        self.look_at_sensors()
    }

    fn look_at_stations(&mut self) -> Result<()> {
        let Some((seen, ())) = self.ask(|_, _| Ok(()))? else { return Ok(()) };
        let Seen { heard, known, since } = seen;
        let now = self.world.clock().now();
        let units: Vec<Unit> = heard.iter().map(|it| station(it, since, now)).collect();
        let of_stations = |it: &Known| !matches!(it.what, What::Sensors { .. });
        let known: Vec<Known> = known.into_iter().filter(of_stations).collect();
        self.record(decide(&units, &known, now))
    }

    fn look_at_sensors(&mut self) -> Result<()> {
        let Some((seen, watched)) = self.ask(sense::station::watched)? else { return Ok(()) };
        let Seen { heard, known, since } = seen;
        let now = self.world.clock().now();
        let series = self.world.series();
        let numbered: Vec<(Watched, SeriesNo)> = watched
            .into_iter()
            .filter_map(|it| series.series_of(it.sensor.into()).map(|number| (it, number)))
            .collect();
        let numbers: Vec<SeriesNo> = numbered.iter().map(|(_, number)| *number).collect();
        let newest = series.latest(&numbers);
        let stations: HashMap<StationId, &Heard> =
            heard.iter().map(|it| (it.station, it)).collect();
        let mut units = Vec::with_capacity(numbered.len());
        for ((sensor, number), newest) in numbered.into_iter().zip(newest) {
            let Some(of) = stations.get(&sensor.station) else { continue };
            units.push(self.sensor(of, sensor, (number, newest), (since, now))?);
        }
        let known: Vec<Known> =
            known.into_iter().filter(|it| matches!(it.what, What::Sensors { .. })).collect();
        let there: HashSet<Id> = units.iter().map(|it| it.id).collect();
        self.rhythms.retain(|id, _| there.contains(&Id::from(*id)));
        self.record(decide(&units, &known, now))
    }

    /// What both looks need, and something more from the same moment; `None` in a world
    /// without doors, which hears nobody and misses nobody.
    fn ask<T>(
        &mut self,
        more: impl FnOnce(&mut dyn Read, &[String]) -> Result<T>,
    ) -> Result<Option<(Seen, T)>> {
        let (opened, origins) = (self.opened, &self.origins);
        let lately = self.world.clock().now() - LATELY;
        let asked = self.world.read_now(|db| {
            let Some(since) = sense::station::listening_since(db)? else { return Ok(None) };
            let heard = sense::station::heard(db, origins)?;
            let known = store::known(db, origins, lately)?;
            let seen = Seen { heard, known, since: since.max(opened) };
            Ok(Some((seen, more(db, origins)?)))
        })?;
        if let Some((seen, _)) = &asked {
            self.notice(&seen.heard);
        }
        Ok(asked)
    }

    /// Notes who came back after a hole: its sensors have their time from then on.
    fn notice(&mut self, heard: &[Heard]) {
        let mut contacts = HashMap::with_capacity(heard.len());
        for it in heard {
            let Some(last) = it.last_contact else { continue };
            let (seen, back) = self.contacts.get(&it.station).copied().unwrap_or((last, None));
            let back = if it.period.as_millis() * 3 / 2 < last.since(seen).as_millis() {
                Some(last)
            } else {
                back
            };
            contacts.insert(it.station, (last, back));
        }
        self.contacts = contacts;
    }

    /// A sensor as what may fall silent. Its own rhythm is looked for only when it has
    /// said nothing for as long as its station may.
    fn sensor(
        &mut self,
        of: &Heard,
        sensor: Watched,
        (series, newest): (SeriesNo, Option<Reading>),
        (since, now): (Timestamp, Timestamp),
    ) -> Result<Unit> {
        let heard = newest.map(|newest| newest.received);
        let back = self.contacts.get(&of.station).and_then(|(_, back)| *back);
        let mut unit = station(of, since.max(back.unwrap_or(Timestamp::MIN)), now);
        let all = What::Sensors { station: of.station, name: of.name.clone() };
        unit = Unit {
            id: sensor.sensor.into(),
            name: sensor.name,
            heard,
            alone: all.clone(),
            groups: vec![all],
            ..unit
        };
        let Some(newest) = newest.filter(|_| unit.waited == Waited::For) else { return Ok(unit) };
        // It speaks while this one does not: twice since, and lately.
        let speaks = of.last_contact.is_some_and(|last| {
            2 * of.period.as_millis() <= last.since(newest.received).as_millis()
                && now.since(last).as_millis() * 3 <= of.patience.span.as_millis() * 2
        });
        let quiet = now.since(newest.received.max(unit.from));
        if !speaks {
            unit.waited = Waited::Unknown;
        } else if of.patience.span.as_millis() / 3 * 2 <= quiet.as_millis() {
            match self.rhythm(sensor.sensor, series, &newest, of.period)? {
                Some(rhythm) => unit.patience = of.patience_with(rhythm),
                None => unit.waited = Waited::Unknown,
            }
        }
        Ok(unit)
    }

    fn rhythm(
        &mut self,
        sensor: SensorId,
        series: SeriesNo,
        newest: &Reading,
        period: Duration,
    ) -> Result<Option<Duration>> {
        if let Some((at, rhythm)) = self.rhythms.get(&sensor)
            && *at == newest.time
        {
            return Ok(*rhythm);
        }
        let end = newest.time + Duration::from_millis(1);
        let near = Duration::from_millis(period.as_millis() * (RHYTHM_OF as i64 + 1));
        let mut times = Vec::new();
        for back in [near.min(RHYTHM_WITHIN), RHYTHM_WITHIN] {
            let readings = self.world.series().range(series, newest.time - back, end, None);
            let readings = readings.map_err(Error::readings)?;
            times = readings.iter().map(|it| it.time).collect();
            if RHYTHM_OF <= times.len() {
                break;
            }
        }
        let rhythm = sense::station::rhythm(&times);
        self.rhythms.insert(sensor, (newest.time, rhythm));
        Ok(rhythm)
    }

    fn record(&self, outcomes: Vec<Outcome>) -> Result<()> {
        for some in outcomes.chunks(AT_ONCE) {
            let some = some.to_vec();
            self.world.run(Lane::Ordinary, "silence", move |tx| {
                some.into_iter().try_for_each(|outcome| record(tx, outcome))
            })?;
        }
        Ok(())
    }
}

/// A station as what may fall silent.
///
/// - `since`: from when on it could be heard.
fn station(of: &Heard, since: Timestamp, now: Timestamp) -> Unit {
    let stopped = of.paused_until.unwrap_or(Timestamp::MIN);
    let mut groups = vec![What::Door { region: None }];
    groups.extend(of.home.region.clone().map(|it| What::Door { region: Some(it) }));
    groups.push(What::Relay { relay: of.relay.unwrap_or(of.station) });
    Unit {
        id: of.station.into(),
        name: of.name.clone(),
        protocol: of.protocol,
        home: of.home.clone(),
        heard: of.last_contact,
        from: since.max(stopped),
        patience: of.patience,
        waited: if now < stopped { Waited::Not } else { Waited::For },
        alone: What::Station { station: of.station, name: of.name.clone() },
        groups,
    }
}

/// Records what is still so: between a decision and its fact another watch of this world
/// may have come to the same.
fn record(tx: &mut Tx<'_>, outcome: Outcome) -> Result<()> {
    match outcome {
        Outcome::Found { found, home } => {
            if store::is_standing(tx, found.members.iter().map(|it| it.id))? {
                return Ok(());
            }
            let id = SilenceId(tx.new_id());
            tx.record(Record::first(id, home, SilenceFact::Found(found)))?;
        }
        Outcome::Grew { id, members, last_heard } => {
            let silence = store::load(tx, &Scope::Node, id)?;
            let station = silence.station;
            if silence.state == State::Ended
                || store::is_standing(tx, members.iter().map(|it| it.id))?
            {
                return Ok(());
            }
            let grew = Grew { members, last_heard, title: silence.public_title(), station };
            tx.record(Record::next(id, SilenceFact::Grew(grew)))?;
        }
        Outcome::Ended { id, because } => {
            let silence = store::load(tx, &Scope::Node, id)?;
            if silence.state == State::Ended {
                return Ok(());
            }
            let ended = Ended {
                because,
                title: silence.public_title(),
                station: silence.station,
                last_heard: silence.last_heard,
            };
            tx.record(Record::next(id, SilenceFact::Ended(ended)))?;
        }
    }
    Ok(())
}
