//! Silence: who was heard when, and what a person has said of it.
//!
//! The sources board and the findings of silence ask here, so that they agree. A node
//! that was down was deaf, and nobody was silent: silence is counted from when it
//! listens.

use base::{Duration, Quantity, Timestamp};
use host::web::{Body, Idempotency, Path, Scoped, text};
use host::{Caller, Error, Home, Read, Record, Reply, Result, Routes, Tx, Value, World, params};
use schemars::JsonSchema;
use serde::Deserialize;

use super::fact::{SilenceSet, StationFact};
use super::patience::{Patience, is_watched};
use super::{Class, REGISTER, SensorId, Station, StationId, StationView, details, routes, store};
use crate::protocol::Protocol;

/// A station as who watches for silence sees it.
#[derive(Debug, Clone)]
pub struct Heard {
    pub station: StationId,
    pub name: String,
    pub protocol: Protocol,
    pub class: Class,
    pub home: Home,
    /// Who speaks for it.
    pub relay: Option<StationId>,
    /// Between two reports, when all is well.
    pub period: Duration,
    pub patience: Patience,
    /// `None` of one that has never spoken: it is not silent, but not there yet.
    pub last_contact: Option<Timestamp>,
    /// Until then somebody has stopped it, and nobody waits for it.
    pub paused_until: Option<Timestamp>,
}

impl Heard {
    /// The patience with a sensor of it that reports by its own rhythm: a sensor that
    /// is part of every second report only is not silent half the time.
    pub fn patience_with(&self, rhythm: Duration) -> Patience {
        let by_rhythm = Patience::of((self.protocol, self.class), rhythm.max(self.period), None);
        match self.patience.span < by_rhythm.span {
            true => by_rhythm,
            false => self.patience,
        }
    }
}

/// All stations of these origins, by age.
pub fn heard(db: &mut dyn Read, origins: &[String]) -> Result<Vec<Heard>> {
    let (places, values) = listed(origins);
    let sql = format!(
        "select s.id, s.name, s.kind, s.protocol, s.region, s.org, s.class, s.period_s, \
         s.silent_after_s, s.paused_until, c.last_contact, y.relay from station s \
         left join station_contact c on c.station = s.id \
         left join station_relay y on y.station = s.id \
         where s.origin in ({places}) order by s.registered_at, s.id"
    );
    let rows = db.rows(&sql, &values)?;
    rows.iter()
        .map(|row| {
            let (protocol, class) = (row.parse("protocol")?, row.parse("kind")?);
            let (period, own_s) =
                (Duration::from_secs(row.get("period_s")?), row.get("silent_after_s")?);
            Ok(Heard {
                station: row.get("id")?,
                name: row.get("name")?,
                protocol,
                class,
                home: Home::from_row(row)?,
                relay: row.get("relay")?,
                period,
                patience: Patience::of((protocol, class), period, own_s),
                last_contact: row.get("last_contact")?,
                paused_until: row.get("paused_until")?,
            })
        })
        .collect()
}

/// A sensor of a station, as who watches for silence sees it.
#[derive(Debug, Clone)]
pub struct Watched {
    pub sensor: SensorId,
    pub station: StationId,
    /// `水位 Z`.
    pub name: String,
}

/// The sensors of these origins that should speak whenever their station does, by
/// station: those that take readings, of kinds that do not only speak when something
/// happens.
pub fn watched(db: &mut dyn Read, origins: &[String]) -> Result<Vec<Watched>> {
    let (places, values) = listed(origins);
    let sql = format!(
        "select r.id, r.station, r.quantity, r.element, r.name from sensor r \
         join station s on s.id = r.station \
         where r.retired_at is null and s.origin in ({places}) order by r.station, r.position"
    );
    let mut watched = Vec::new();
    for row in &db.rows(&sql, &values)? {
        let quantity: Quantity = row.parse("quantity")?;
        if !is_watched(quantity.kind()) {
            continue;
        }
        let (element, name): (String, Option<String>) = (row.get("element")?, row.get("name")?);
        watched.push(Watched {
            sensor: row.get("id")?,
            station: row.get("station")?,
            name: format!("{} {}", quantity.word(), name.unwrap_or(element)),
        });
    }
    Ok(watched)
}

fn listed(origins: &[String]) -> (String, Vec<Value>) {
    let places = (1..=origins.len()).map(|place| format!("${place}")).collect::<Vec<_>>();
    (places.join(", "), origins.iter().map(Value::from).collect())
}

/// Since when this world's doors listen; `None` in one that has none.
pub fn listening_since(db: &mut dyn Read) -> Result<Option<Timestamp>> {
    let row = db.row("select since from listening where id = 'doors'", &[])?;
    Ok(row.map(|row| row.get("since")).transpose()?)
}

/// The doors listen from now on.
pub fn listen(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    tx.work().run(
        "insert into listening (id, since) values ('doors', $1) \
         on conflict (id) do update set since = excluded.since",
        params![now],
    )?;
    Ok(())
}

pub(super) fn silence_routes() -> Routes {
    Routes::new()
        .post(
            "/api/stations/{id}/silence",
            REGISTER,
            "Sets how long a station may say nothing, or until when it is stopped",
            set,
        )
        .takes::<SetSilence>()
        .gives::<StationView>()
}

/// A year, and a month to say so again.
const LONGEST_STOP: Duration = Duration::from_hours(400 * 24);

/// What is expected of a station's line; what is left out is as its protocol's table says.
#[derive(Debug, Deserialize, JsonSchema)]
struct SetSilence {
    /// Silent after so many seconds: 1 to 31 days.
    silent_after_s: Option<i64>,
    /// Nobody waits for it until then: it is repaired, moved, or stopped for the winter.
    paused_until: Option<Timestamp>,
    reason: String,
}

async fn set(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
    Body(body): Body<SetSilence>,
) -> Result<Reply<StationView>> {
    let asked = world.clone();
    let reply = world.commit(&caller, key, move |tx| {
        let station: Station = store::load(tx, &scope, id)?;

        if let Some(until) = body.paused_until
            && (until <= tx.now() || LONGEST_STOP < until.since(tx.now()))
        {
            let expected = "a time within the next 400 days";
            return Err(Error::invalid("paused_until", until, expected));
        }
        let set = SilenceSet {
            silent_after_s: body.silent_after_s.map(details::silent_after).transpose()?,
            paused_until: body.paused_until,
            reason: text("reason", &body.reason, 1, 400)?,
            name: station.name.clone(),
        };
        tx.record(Record::next(id, StationFact::SilenceSet(set)))?;
        let station = store::load(tx, &scope, id)?;
        routes::view(tx, &asked, station)
    });
    reply.await
}
