//! The door for people: readings of a running node as CSV or Parquet, down the
//! connection as they are read, never whole in memory.
//!
//! Who may read stations may take their readings along, and the trail says that they did.
//! An answer that cannot be whole is cut off in the middle, so that nobody takes it for
//! whole; what is wrong before the first piece is an error like any other.

use std::io::{self, Write};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::IntoResponse;
use base::{AdminCode, Id, Timestamp};
use host::node::off_the_loop;
use host::trail::{Notes, Said};
use host::web::{Params, Scoped};
use host::{Caller, Error, Home, Node, Read, Record, Result, Routes, Scope, World};
use schemars::JsonSchema;
use sense::station::{self, READ};
use sense::{Sensor, SensorId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use series::{Readings, SeriesNo, Store};
use tokio::sync::{Semaphore, mpsc};

use super::sink::{Format, Sink};

/// One answer has at most so many readings, by the sensors' periods: two gigabytes of CSV.
const MOST_READINGS: i64 = 20_000_000;
/// It is cut off after so many, whatever the periods said.
const CUT_AFTER: u64 = 2 * MOST_READINGS as u64;
const MOST_SENSORS: usize = 200;
/// So many at once; each reads a disk and holds a thread.
const AT_ONCE: usize = 2;
/// So many bytes at a time, and so many pieces that wait for a slow connection.
const PIECE: usize = 64 << 10;
const WAITING: usize = 4;

pub fn routes() -> Routes {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let export = move |State(node): State<Node>,
                       world: World,
                       caller: Caller,
                       scope: Scoped,
                       query: Params<ExportQuery>| {
        // In a look into the past nothing is written; who takes it along does so now.
        let noted = match world.as_of() {
            Some(_) => node.world("real").unwrap_or_else(|| world.clone()),
            None => world.clone(),
        };
        export((turns.clone(), noted), world, caller, scope, query)
    };
    let says = "Gives readings of a range as a file, CSV or Parquet";
    Routes::new().get("/api/readings/export", READ, says, export).asks::<ExportQuery>()
}

/// Which readings are wanted, and how.
#[derive(Debug, Deserialize, JsonSchema)]
struct ExportQuery {
    /// Ids of sensors, separated by commas, at most 200; or
    sensors: Option<String>,
    /// division codes, separated by commas: all sensors there that take readings.
    regions: Option<String>,
    /// From this time on.
    from: Timestamp,
    /// Before this time.
    to: Timestamp,
    /// As they were known then: without what came or was corrected later.
    known: Option<Timestamp>,
    /// csv when absent.
    format: Option<Format>,
}

/// What is to be given.
struct Wanted {
    sensors: Vec<(Id, SeriesNo)>,
    from: Timestamp,
    to: Timestamp,
    known: Option<Timestamp>,
    format: Format,
}

async fn export(
    (turns, noted): (Arc<Semaphore>, World),
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Params(query): Params<ExportQuery>,
) -> Result<impl IntoResponse> {
    if query.to <= query.from {
        return Err(Error::invalid("to", query.to.to_string(), "a time after from"));
    }
    let turn = turns.try_acquire_owned();
    let turn = turn.map_err(|_| Error::Busy("others take readings along; try again shortly"))?;
    let chosen = Chosen::parse(&query)?;
    let sensors = world.read(move |db| chosen.load(db, &scope)).await?;
    let span_ms = query.to.since(query.from).as_millis();
    let expected = |sensor: &Sensor| span_ms / (sensor.period_s.max(1) * 1000);
    let expected = sensors.iter().map(expected).fold(0, i64::saturating_add);
    if MOST_READINGS < expected {
        let most = format!("a span with at most {MOST_READINGS} readings in all");
        return Err(Error::invalid("from", query.from.to_string(), most));
    }
    let format = query.format.unwrap_or_default();
    let note = Exported {
        sensors: sensors.len(),
        station: station_of(&sensors),
        from: query.from,
        to: query.to,
        format,
    };
    let note = move || noted.run_as(&caller, move |tx| note.put(tx));
    off_the_loop(note).await?;
    let numbered = |sensor: Sensor| {
        let series = world.series().series_of(sensor.id.into())?;
        Some((Id::from(sensor.id), series))
    };
    let wanted = Wanted {
        sensors: sensors.into_iter().filter_map(numbered).collect(),
        from: query.from,
        to: query.to,
        known: query.known.or(world.as_of()),
        format,
    };
    let (sender, mut pieces) = mpsc::channel(WAITING);
    let asked = world.readings();
    let let_go = match asked.copy() {
        Some(_) => None,
        None => let_go_before(world.series(), &wanted),
    };
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let mut pipe = Pipe { sender, piece: Vec::new() };
        if let Err(error) = give(&*asked, &wanted, &mut pipe) {
            pipe.fail(error);
        }
    });
    let first = match pieces.recv().await {
        Some(Err(Broken(error))) => return Err(error),
        Some(Ok(first)) => first,
        None => return Err(Error::Internal("an export ended without a piece".to_owned())),
    };
    let rest = futures_util::stream::poll_fn(move |context| pieces.poll_recv(context));
    let first = futures_util::stream::once(std::future::ready(Ok(first)));
    let name = format!("readings-{}.{}", &query.from.to_string()[..10], format.name());
    let headers = [
        ("content-type", format.content_type().to_owned()),
        ("content-disposition", format!("attachment; filename=\"{name}\"")),
        ("cache-control", "no-store".to_owned()),
    ];
    // What is not in the file because its time was over is said beside it.
    let over = let_go.map(|before| [("fengsui-let-go-before", before.to_string())]);
    Ok((headers, over, Body::from_stream(futures_util::StreamExt::chain(first, rest))))
}

/// Before when readings of some series are over, as far as they were asked for.
fn let_go_before(store: &Store, wanted: &Wanted) -> Option<Timestamp> {
    let before = wanted.sensors.iter().filter_map(|(_, series)| store.let_go_before(*series));
    before.filter(|before| wanted.from < *before).max()
}

enum Chosen {
    Sensors(Vec<SensorId>),
    Regions(Vec<AdminCode>),
}

impl Chosen {
    fn parse(query: &ExportQuery) -> Result<Chosen> {
        let parts = |text: &str| -> Vec<String> {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            parts.map(str::to_owned).collect()
        };
        let sensors = query.sensors.as_deref().map(parts).unwrap_or_default();
        let regions = query.regions.as_deref().map(parts).unwrap_or_default();
        let expected = "1 to 200 ids of sensors or division codes, and not both";
        if sensors.is_empty() == regions.is_empty()
            || MOST_SENSORS < sensors.len().max(regions.len())
        {
            return Err(Error::invalid("sensors", sensors.len(), expected));
        }
        if regions.is_empty() {
            let id = |text: &String| {
                text.parse::<Id>()
                    .map(SensorId::from)
                    .map_err(|_| Error::invalid("sensors", text, "ids of sensors"))
            };
            return sensors.iter().map(id).collect::<Result<_>>().map(Chosen::Sensors);
        }
        let code = |text: &String| {
            text.parse().map_err(|_| Error::invalid("regions", text, "division codes"))
        };
        regions.iter().map(code).collect::<Result<_>>().map(Chosen::Regions)
    }

    fn load(self, db: &mut dyn Read, scope: &Scope) -> Result<Vec<Sensor>> {
        match self {
            Chosen::Sensors(ids) => {
                ids.into_iter().map(|id| station::load_sensor(db, scope, id)).collect()
            }
            Chosen::Regions(codes) => station::sensors_within(db, scope, &codes),
        }
    }
}

/// The station, if all are of one.
fn station_of(sensors: &[Sensor]) -> Option<station::StationId> {
    let first = sensors.first()?.station;
    sensors.iter().all(|sensor| sensor.station == first).then_some(first)
}

fn give(asked: &dyn Readings, wanted: &Wanted, pipe: &mut Pipe) -> Result<()> {
    let written = |error: String| Error::Internal(format!("an export: {error}"));
    let Wanted { sensors, from, to, known, format } = wanted;
    let mut sink = Sink::new(*format, pipe).map_err(written)?;
    let mut count = 0;
    for &(sensor, series) in sensors {
        let pieces = asked.stream(series, *from, *to, *known).map_err(Error::readings)?;
        for piece in pieces {
            let piece = piece.map_err(Error::readings)?;
            count += piece.len() as u64;
            if CUT_AFTER < count {
                let most = format!("a span with at most {CUT_AFTER} readings in all");
                return Err(Error::invalid("from", from.to_string(), most));
            }
            sink.write(sensor, &piece).map_err(written)?;
        }
    }
    sink.finish().map_err(written)?.end().map_err(|error| written(error.to_string()))
}

/// Why an answer ends in the middle.
#[derive(Debug, thiserror::Error)]
#[error("readings could not be given to their end")]
struct Broken(Error);

/// Bytes on their way to a connection, which may be slower than we are.
struct Pipe {
    sender: mpsc::Sender<std::result::Result<Bytes, Broken>>,
    piece: Vec<u8>,
}

impl Pipe {
    fn send(&mut self) -> io::Result<()> {
        let piece = Bytes::from(std::mem::take(&mut self.piece));
        self.sender.blocking_send(Ok(piece)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn end(&mut self) -> io::Result<()> {
        if self.piece.is_empty() { Ok(()) } else { self.send() }
    }

    fn fail(&mut self, error: Error) {
        if !self.sender.is_closed() {
            tracing::warn!(%error, "readings could not be given to their end");
            let _ = self.sender.blocking_send(Err(Broken(error)));
        }
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if PIECE <= self.piece.len() {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

host::facts! {
    /// What people can do with readings that is no fact.
    pub enum ReadingNote {
        "reading.exported" v 1 => Exported(Exported),
    }
}

/// Somebody took readings along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exported {
    /// Of how many sensors.
    pub sensors: usize,
    /// Whose they are, if they are of one station.
    pub station: Option<station::StationId>,
    pub from: Timestamp,
    pub to: Timestamp,
    pub format: Format,
}

impl Exported {
    fn put(self, tx: &mut host::Tx<'_>) -> Result<()> {
        let subject = tx.new_id();
        tx.note(Record::first(subject, Home::node(), ReadingNote::Exported(self)))
    }
}

pub fn notes() -> Notes {
    Notes::new::<ReadingNote>("reading", |note| {
        let ReadingNote::Exported(it) = note;
        Said::new(json!({ "sensors": it.sensors, "from": it.from, "to": it.to,
            "format": it.format.name() }))
    })
}
