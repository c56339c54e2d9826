//! What is posted: records out of pieces of the feed.

use std::borrow::Cow;
use std::collections::HashMap;

use base::Timestamp;
use host::{Read, Result, params};
use series::{Piece, Reading, SeriesNo};
use wire::readings::{Limits, Record, Value, write_ndjson};

use super::Config;
use crate::protocol::{Dialect as _, Json, Protocol};
use crate::register::Register;
use crate::station::StationId;

/// Bytes of one body: less than what a door takes, by one line.
const BODY: usize = 900_000;
/// Values of one record; a line of them stays far below its limit.
const VALUES: usize = 200;
/// Records of one body, and values of all of them.
const RECORDS: usize = 9_000;

/// By which systems each station was heard last; those that speak for themselves are not
/// in it.
pub(super) type Ways = HashMap<StationId, Vec<String>>;

/// Reads the way of every station that others speak for.
pub(super) fn ways(db: &mut dyn Read) -> Result<Ways> {
    let sql = "select station, via from station_contact where via is not null";
    let mut ways = Ways::new();
    for row in db.rows(sql, params![])? {
        let via: String = row.get("via")?;
        let names: Vec<String> = serde_json::from_str(&via)
            .map_err(|error| host::Error::Internal(format!("the way of a station: {error}")))?;
        ways.insert(row.get("station")?, names);
    }
    Ok(ways)
}

/// Values that are not handed on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// Of stations whose code another station has too, by another protocol: above, the two
    /// would be one.
    pub ambiguous: u64,
    /// Of stations or points whose name cannot be one there.
    pub unnameable: u64,
    /// That went through the node above already, or through as many systems as there may be.
    pub looped: u64,
    /// Of series that no registered sensor has.
    pub unknown: u64,
}

impl Left {
    pub(super) fn add(&mut self, other: &Left) {
        self.ambiguous += other.ambiguous;
        self.unnameable += other.unnameable;
        self.looped += other.looped;
        self.unknown += other.unknown;
    }
}

/// The bodies of a piece, in order, each to be answered for before the next goes out.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub bodies: Vec<String>,
    pub values: u64,
    pub left: Left,
}

/// Writes a piece as `own`, for the node above.
pub(super) fn write(
    piece: &Piece,
    register: &Register,
    ways: &Ways,
    own: &str,
    config: &Config,
) -> Written {
    let mut writer = Writer {
        register,
        ways,
        own,
        config,
        known: HashMap::new(),
        written: Written::default(),
        open: None,
        records: 0,
    };
    match piece {
        Piece::Log(batches) => {
            for (series, reading) in batches.iter().flat_map(|stored| &stored.readings) {
                writer.put(*series, reading);
            }
        }
        Piece::Blocks { readings, .. } => {
            for (series, readings) in readings {
                for reading in readings {
                    writer.put(*series, reading);
                }
            }
        }
    }
    writer.close();
    writer.written
}

/// What a series is called above.
#[derive(Clone)]
enum Called<'a> {
    As { station: StationId, code: &'a str, name: &'a str },
    Ambiguous,
    Unnameable,
    Unknown,
}

struct Writer<'a> {
    register: &'a Register,
    ways: &'a Ways,
    own: &'a str,
    config: &'a Config,
    known: HashMap<SeriesNo, Called<'a>>,
    written: Written,
    /// The record that the next value may belong to, and whose it is.
    open: Option<(StationId, Record<'a>)>,
    /// Records in the last body.
    records: usize,
}

impl<'a> Writer<'a> {
    fn put(&mut self, series: SeriesNo, reading: &Reading) {
        let register = self.register;
        let called = self.known.entry(series).or_insert_with(|| called(register, series)).clone();
        let left = &mut self.written.left;
        let (station, code, name) = match called {
            Called::As { station, code, name } => (station, code, name),
            Called::Ambiguous => return left.ambiguous += 1,
            Called::Unnameable => return left.unnameable += 1,
            Called::Unknown => return left.unknown += 1,
        };
        let via = self.ways.get(&station).map_or(&[][..], Vec::as_slice);
        let has_room = via.len() < Limits::default().hops;
        if !has_room || via.contains(&self.config.above) {
            return left.looped += 1;
        }
        self.written.values += 1;
        let Reading { time, value, quality, .. } = *reading;
        let value = Value {
            name: Cow::Borrowed(name),
            time,
            value: Some(value).filter(|value| value.is_finite()),
            quality,
        };
        let first = |record: &Record<'_>| -> Option<(Timestamp, base::Quality)> {
            record.values.first().map(|value| (value.time, value.quality))
        };
        match &mut self.open {
            Some((of, record))
                if *of == station
                    && record.values.len() < VALUES
                    && first(record) == Some((time, quality)) =>
            {
                record.values.push(value);
            }
            _ => {
                self.close();
                let via = via.iter().map(|hop| Cow::Borrowed(hop.as_str()));
                let via = via.chain([Cow::Borrowed(self.own)]).collect();
                let record =
                    Record { station: Some(Cow::Borrowed(code)), via, values: vec![value] };
                self.open = Some((station, record));
            }
        }
    }

    /// Ends the open record.
    fn close(&mut self) {
        let Some((_, record)) = self.open.take() else { return };
        let line = write_ndjson(&[record]);
        match self.written.bodies.last_mut() {
            Some(body) if body.len() + line.len() <= BODY && self.records < RECORDS => {
                body.push_str(&line);
                self.records += 1;
            }
            _ => {
                self.written.bodies.push(line);
                self.records = 1;
            }
        }
    }
}

fn called(register: &Register, series: SeriesNo) -> Called<'_> {
    let Some(known) = register.series(series) else { return Called::Unknown };
    let Some((protocol, station)) = register.by_id(known.station) else { return Called::Unknown };
    let others = Protocol::ALL.iter().filter(|other| *other != protocol);
    if others.into_iter().any(|other| register.station(*other, &station.code).is_some()) {
        return Called::Ambiguous;
    }
    let is_code = Json::code(&station.code).as_deref() == Ok(station.code.as_str());
    if !is_code || Json::suggestion(&known.element).is_none() {
        return Called::Unnameable;
    }
    Called::As { station: station.id, code: &station.code, name: &known.element }
}
