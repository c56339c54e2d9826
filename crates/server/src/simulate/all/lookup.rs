//! Whether a node holds what its devices were told is stored, value by value.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::time::{Duration, Instant};

use base::Timestamp;
use sense::simulate::{Acknowledged, Ledger};
use serde_json::Value as Json;

use super::fleet::Played;
use crate::console::Asking;
use crate::officer::Present;

/// What of a ledger the node holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub stored: u64,
    /// The first of them; the others are counted.
    pub missing: Wrong,
    pub different: Wrong,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wrong {
    pub count: u64,
    pub first: Option<String>,
}

impl Wrong {
    fn add(&mut self, what: impl FnOnce() -> String) {
        self.count += 1;
        self.first.get_or_insert_with(what);
    }
}

impl Found {
    pub fn is_whole(&self) -> bool {
        self.missing.count == 0 && self.different.count == 0
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Found { stored, missing, different } = self;
        write!(f, "values stored {stored}")?;
        for (word, wrong) in [("missing", missing), ("different", different)] {
            write!(f, ", {word} {}", wrong.count)?;
            if let Some(first) = &wrong.first {
                write!(f, " (first: {first})")?;
            }
        }
        Ok(())
    }
}

/// By element and milliseconds: what must be there.
type Expected = BTreeMap<String, BTreeMap<i64, f64>>;

/// One answer gives so many readings as they are; more come summed up.
const MOST_AT_ONCE: usize = 2_000;
/// Between two looks for what is not there yet.
const AGAIN: Duration = Duration::from_secs(1);

/// Asks for every value of a ledger; what is missing is asked for again until `patience`
/// (seconds) is over, since a node may take a message before it knows the points in it.
pub fn find(engineer: &Present, played: &Played, patience: u64) -> Result<Found, String> {
    let lines = Ledger::read(&played.ledger);
    let lines = lines.map_err(|error| format!("{}: {error}", played.ledger.display()))?;
    let expected = by_station(lines);
    let until = Instant::now() + Duration::from_secs(patience);
    loop {
        let mut found = Found::default();
        for (code, elements) in &expected {
            look(engineer, played.protocol, code, elements, &mut found)?;
        }
        if found.missing.count == 0 || until <= Instant::now() {
            return Ok(found);
        }
        #[allow(clippy::disallowed_methods, reason = "simulated devices live on machine time")]
        std::thread::sleep(AGAIN);
    }
}

fn by_station(lines: Vec<Acknowledged>) -> BTreeMap<String, Expected> {
    let mut stations: BTreeMap<String, Expected> = BTreeMap::new();
    for Acknowledged { station, observed, values, .. } in lines {
        let elements = stations.entry(station).or_default();
        for (element, value) in values {
            elements.entry(element).or_default().insert(observed.as_millis(), value);
        }
    }
    stations
}

fn look(
    engineer: &Present,
    protocol: &str,
    code: &str,
    elements: &Expected,
    found: &mut Found,
) -> Result<(), String> {
    let station = one(engineer, format!("/api/stations?q={code}"))?;
    let station = station["items"].as_array().into_iter().flatten();
    let station = station.into_iter().find(|it| it["code"] == code && it["protocol"] == protocol);
    let Some(id) = station.and_then(|it| it["id"].as_str()) else {
        return Err(format!("{code} is not among the stations, expected it to be registered"));
    };
    let station = one(engineer, format!("/api/stations/{id}"))?;
    let sensors = station["sensors"].as_array().into_iter().flatten();
    let sensors: HashMap<&str, &Json> =
        sensors.filter_map(|it| Some((it["element"].as_str()?, it))).collect();
    for (element, values) in elements {
        let Some(sensor) = sensors.get(element.as_str()) else {
            let first = || format!("{code} {element} has no sensor");
            values.iter().for_each(|_| found.missing.add(first));
            continue;
        };
        let held = record(engineer, sensor, values)?;
        let factor = |name: &str| sensor["mapping"][name].as_f64();
        let (factor, shift) = (factor("factor").unwrap_or(1.0), factor("shift").unwrap_or(0.0));
        for (time, value) in values {
            let place = || format!("{code} {element} at {}", Timestamp::from_millis(*time));
            let value = value * factor + shift;
            match held.get(time) {
                None => found.missing.add(place),
                Some(held) if *held == value => found.stored += 1,
                Some(held) => found.different.add(|| format!("{}: {held} for {value}", place())),
            }
        }
    }
    Ok(())
}

/// The readings of a sensor by milliseconds, over the times of what is expected.
fn record(
    engineer: &Present,
    sensor: &Json,
    values: &BTreeMap<i64, f64>,
) -> Result<HashMap<i64, f64>, String> {
    let id = sensor["id"].as_str().unwrap_or_default();
    let times: Vec<i64> = values.keys().copied().collect();
    let spans = times.chunks(MOST_AT_ONCE).filter_map(|part| {
        let (first, last) = (*part.first()?, *part.last()?);
        let (from, to) = (Timestamp::from_millis(first), Timestamp::from_millis(last + 1));
        Some(Asking::get(format!("/api/sensors/{id}/readings?from={from}&to={to}")))
    });
    let mut held = HashMap::with_capacity(times.len());
    for answer in engineer.ask(spans.collect())? {
        if !answer["buckets"].is_null() {
            return Err(format!("{id} has too many readings in a span to be compared"));
        }
        for point in answer["points"].as_array().into_iter().flatten() {
            if let (Some(time), Some(value)) = (point[0].as_i64(), point[1].as_f64()) {
                held.insert(time, value);
            }
        }
    }
    Ok(held)
}

fn one(engineer: &Present, path: String) -> Result<Json, String> {
    engineer.ask(vec![Asking::get(path)])?.pop().ok_or_else(|| "no answer came".to_owned())
}
