//! What a message means here: each value that it says, by the sensor that takes it.

use std::collections::HashSet;
use std::sync::Arc;

use base::{Quality, Timestamp};
use series::Sample;

use super::Inner;
use crate::protocol::{Observation, Protocol, Said, Snapshot, Why};
use crate::register::{Known, Measured, Register};
use crate::station::Contact;

/// Where a message came from.
pub(super) struct Origin<'a> {
    pub protocol: Protocol,
    pub source: &'a str,
    pub received: Timestamp,
    /// What of its bytes may be shown.
    pub raw: &'a [u8],
}

/// What a message is for the series.
#[derive(Default)]
pub(super) struct Found {
    pub samples: Vec<Sample>,
    /// Whether something of it found no sensor.
    pub is_held: bool,
}

impl Origin<'_> {
    /// The samples of what was said.
    ///
    /// - `told`: counts what has no sensor, and hears of points, contacts and strangers;
    ///   `None` when all that was counted before.
    pub fn find(
        &self,
        register: &Register,
        sender: &Arc<Known>,
        all: Vec<Said<'_>>,
        told: Option<&Inner>,
    ) -> Found {
        let (source, received) = (self.source, self.received);
        let count = all.iter().map(|said| said.observations.len()).sum();
        let mut found = Found { samples: Vec::with_capacity(count), is_held: false };
        for said in all {
            let newest = said.newest();
            let Some(station) = self.spoken_for(register, sender, &said) else {
                let Some(code) = &said.station else { continue };
                // It waits until somebody registers the station, or gives leave.
                found.is_held |= self.protocol.needs_leave();
                let Some(intake) = told else { continue };
                if newest.is_some() && register.station(self.protocol, code).is_none() {
                    let code = code.clone();
                    intake.ledger.knock(self.protocol, code, source, received, self.raw);
                }
                let count = (received, said.observations.len().to_string());
                intake.omit(sender.id, code.clone(), Why::NotSpokenFor, count);
                continue;
            };
            if let (Some(intake), Some(newest)) = (told, newest)
                && station.id != sender.id
            {
                let delay_ms = Some(received.since(newest).as_millis());
                let via = said.via.iter().chain([&sender.code]).cloned().collect();
                let contact = Contact { delay_ms, via, ..Contact::heard(received, source) };
                intake.ledger.contact(station.id, contact);
            }
            let mut named = HashSet::new();
            for observation in said.observations {
                if said.snapshot.is_some_and(|it| observation.element.ends_with(it.ending)) {
                    named.insert(observation.element.to_string());
                }
                if let Some(measured) = station.elements.get(&*observation.element) {
                    found.samples.push(sample(measured, &observation));
                    continue;
                }
                found.is_held = true;
                if let Some(intake) = told {
                    let value = observation.value.to_string();
                    let element = observation.element.into_owned();
                    intake.omit(station.id, element, Why::NoSensor, (received, value));
                }
            }
            if let Some(snapshot) = said.snapshot {
                found.samples.extend(absent(station, snapshot, &named));
            }
            let Some(intake) = told else { continue };
            for omission in said.omissions {
                let seen = (received, omission.value);
                intake.omit(station.id, omission.element, omission.why, seen);
            }
            for definition in said.definitions {
                intake.ledger.definition(station.id, definition, received);
            }
        }
        found
    }

    /// The station of which something is said; `None` when it is unknown, or the sender may
    /// not speak for it.
    fn spoken_for<'r>(
        &self,
        register: &'r Register,
        sender: &'r Arc<Known>,
        said: &Said<'_>,
    ) -> Option<&'r Arc<Known>> {
        let Some(code) = &said.station else { return Some(sender) };
        let station = register.station(self.protocol, code)?;
        let may_speak = station.id == sender.id
            || station.relay == Some(sender.id)
            || !self.protocol.needs_leave();
        may_speak.then_some(station)
    }
}

/// Nothing, of every point of a kind that a snapshot does not name.
fn absent(station: &Known, snapshot: Snapshot, named: &HashSet<String>) -> Vec<Sample> {
    let Snapshot { ending, time, quality } = snapshot;
    let unnamed = station
        .elements
        .iter()
        .filter(|(element, _)| element.ends_with(ending) && !named.contains(*element));
    let none = |(_, measured): (&String, &Measured)| {
        let value = measured.mapping.apply(0.0).0;
        Sample { series: measured.series, time, value, quality }
    };
    unnamed.map(none).collect()
}

/// What cannot be measured is kept, and doubted: a value beyond the range may be the
/// very thing to warn of.
fn sample(measured: &Measured, observation: &Observation<'_>) -> Sample {
    let (value, inside) = measured.mapping.apply(observation.value);
    let quality = match inside {
        true => observation.quality,
        false => observation.quality.doubted(Quality::BY_CHECK),
    };
    Sample { series: measured.series, time: observation.time, value, quality }
}
