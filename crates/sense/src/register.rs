//! The register in memory: which code is which station, which series which sensor.
//!
//! Whoever judges every frame or every batch holds one and asks it to catch up; it
//! reads only what facts have changed, and gives new sensors their series.

use std::collections::HashMap;
use std::sync::Arc;

use base::{Id, Quantity};
use host::{Home, Result, World};
use series::{SeriesError, SeriesNo};

use crate::check::Settings;
use crate::protocol::Protocol;
use crate::station::{self, Mapping, Secret, SensorId, Station, StationId};

/// One station, as intake needs it.
#[derive(Debug)]
pub(crate) struct Known {
    pub id: StationId,
    /// In its protocol's one form.
    pub code: String,
    pub home: Arc<Home>,
    /// Who may speak for it.
    pub relay: Option<StationId>,
    /// By what its messages are known, the newest first.
    pub keys: Vec<Secret>,
    /// By the code that its protocol gives an element.
    pub elements: HashMap<String, Measured>,
}

/// One sensor that takes readings, as intake needs it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Measured {
    pub series: SeriesNo,
    pub mapping: Mapping,
}

/// One series, as the live screens need it.
#[derive(Debug, Clone)]
pub(crate) struct KnownSeries {
    pub station: StationId,
    pub sensor: SensorId,
    pub home: Arc<Home>,
    /// What its protocol calls it.
    pub element: String,
    pub quantity: Quantity,
    /// Without its name.
    pub mapping: Mapping,
    /// What a person has set to be checked of it.
    pub checks: Option<Settings>,
}

/// All stations of a world as of some place in its log.
#[derive(Debug, Default)]
pub(crate) struct Register {
    /// The newest entry of the world's log that was looked at.
    seen: i64,
    /// The newest fact about a station that was read.
    read: i64,
    /// By protocol, then by the station's code in that protocol's one form.
    by_code: HashMap<Protocol, HashMap<String, Arc<Known>>>,
    by_id: HashMap<StationId, (Protocol, Arc<Known>)>,
    /// For how many stations a relay may speak.
    spoken_for: HashMap<StationId, usize>,
    /// Stations that changed since somebody asked.
    changed: Vec<StationId>,
    series: HashMap<SeriesNo, KnownSeries>,
}

impl Register {
    /// Reads what has changed in the world's log since the last time.
    ///
    /// # Errors
    /// When the database or the series store refuse; the register is then as before.
    pub fn catch_up(&mut self, world: &World) -> Result<()> {
        let newest = world.last_seq();
        if newest == self.seen {
            return Ok(());
        }
        let read = self.read;
        let (stations, upto) = world.read_now(|db| {
            let (stations, upto) = station::changed_since(db, read)?;
            let mut with_keys = Vec::with_capacity(stations.len());
            for station in stations {
                let keys = station::secrets(db, station.id)?;
                with_keys.push((station, keys));
            }
            Ok((with_keys, upto))
        })?;
        let sensors: Vec<_> = stations
            .iter()
            .flat_map(|(station, _)| &station.sensors)
            .map(|sensor| (Id::from(sensor.id), sensor.kind()))
            .collect();
        let mut numbers = world.series().register_all(&sensors).map_err(internal)?.into_iter();
        for (station, keys) in stations {
            let numbers: Vec<_> = numbers.by_ref().take(station.sensors.len()).collect();
            self.take(station, keys, &numbers);
        }
        (self.read, self.seen) = (upto, newest);
        Ok(())
    }

    fn take(&mut self, station: Station, keys: Vec<Secret>, numbers: &[SeriesNo]) {
        // The decision takes codes in their one form only; a foreign log may hold others,
        // and no message can be from such a station.
        let Ok(code) = station.protocol.station_code(&station.code) else { return };
        let home = Arc::new(station.home);
        let mut elements = HashMap::with_capacity(numbers.len());
        for (sensor, number) in station.sensors.iter().zip(numbers) {
            if sensor.retired_at.is_none() {
                let measured = Measured { series: *number, mapping: sensor.mapping.clone() };
                elements.insert(sensor.element.clone(), measured);
            }
            let known = KnownSeries {
                station: station.id,
                sensor: sensor.id,
                home: Arc::clone(&home),
                element: sensor.element.clone(),
                quantity: sensor.quantity,
                mapping: Mapping { name: None, ..sensor.mapping.clone() },
                checks: sensor.checks.clone(),
            };
            self.series.insert(*number, known);
        }
        let relay = station.relay;
        let known = Known { id: station.id, code: code.clone(), home, relay, keys, elements };
        let known = Arc::new(known);
        let before = self.by_id.insert(station.id, (station.protocol, Arc::clone(&known)));
        if before.is_some() {
            self.changed.push(station.id);
        }
        self.speaks(before.and_then(|(_, known)| known.relay), relay);
        self.by_code.entry(station.protocol).or_default().insert(code, known);
    }

    /// Another may speak for a station than before. What was kept of one who may now is
    /// looked at again: this station may be in it.
    fn speaks(&mut self, before: Option<StationId>, relay: Option<StationId>) {
        if let Some(count) = before.and_then(|before| self.spoken_for.get_mut(&before)) {
            *count -= 1;
        }
        if let Some(relay) = relay {
            *self.spoken_for.entry(relay).or_default() += 1;
            self.changed.push(relay);
        }
    }

    /// Whether somebody lets a sender speak for them.
    pub fn is_relay(&self, sender: StationId) -> bool {
        self.spoken_for.get(&sender).is_some_and(|count| 0 < *count)
    }

    /// Stations that were known and have changed since this was asked last.
    pub fn changed(&mut self) -> Vec<StationId> {
        std::mem::take(&mut self.changed)
    }

    /// The newest fact about a station that it knows of.
    pub fn read(&self) -> i64 {
        self.read
    }

    pub fn by_id(&self, id: StationId) -> Option<&(Protocol, Arc<Known>)> {
        self.by_id.get(&id)
    }

    /// The station that `code` names in a protocol; the code is in its one form.
    pub fn station(&self, protocol: Protocol, code: &str) -> Option<&Arc<Known>> {
        self.by_code.get(&protocol)?.get(code)
    }

    pub fn series(&self, number: SeriesNo) -> Option<&KnownSeries> {
        self.series.get(&number)
    }
}

fn internal(error: SeriesError) -> host::Error {
    host::Error::Internal(format!("series: {error}"))
}
