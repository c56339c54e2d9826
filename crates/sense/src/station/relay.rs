//! Relays: senders that may speak for a station.
//!
//! A county's system hands on what its enterprises send, a city's what its counties do.
//! Who may speak for whom is a fact, said by whoever may register the station: a key is
//! good for its own station, and for those that name it as their relay.

use base::Timestamp;
use host::web::{Body, Idempotency, Json, Path, Scoped};
use host::{Caller, Error, Read, Record, Reply, Result, Routes, Scope, World, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::{Relayed, StationFact};
use super::{READ, REGISTER, Station, StationId, store};

/// Stations that are named, of those for which one speaks.
const NAMED: i64 = 200;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/stations/{id}/relay",
            READ,
            "Who speaks for a station, for whom it speaks, and what way its last report came",
            load,
        )
        .gives::<RelayView>()
        .post(
            "/api/stations/{id}/relay",
            REGISTER,
            "Lets another station speak for this one, or nobody but itself",
            set,
        )
        .takes::<SetRelay>()
        .gives::<RelayView>()
}

/// Who may speak for a station.
#[derive(Debug, Deserialize, JsonSchema)]
struct SetRelay {
    /// `null`: nobody but itself.
    relay: Option<StationId>,
}

/// A station as the other end of a relation.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RelayEnd")]
struct EndView {
    id: StationId,
    code: String,
    name: String,
}

/// The relations of a station.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StationRelay")]
struct RelayView {
    /// Who may speak for it; `null` when nobody may, or the caller does not see who.
    relay: Option<EndView>,
    /// Those for which it may speak, as far as the caller sees them; the first 200.
    speaks_for: Vec<EndView>,
    /// How its last report came: systems and senders, the first of them first; empty when
    /// it spoke for itself.
    via: Vec<String>,
    last_contact: Option<Timestamp>,
}

async fn load(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
) -> Result<Json<RelayView>> {
    let view = world.read(move |db| {
        let station = store::load(db, &scope, id)?;
        view(db, &scope, &station)
    });
    Ok(Json(view.await?))
}

async fn set(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
    Body(SetRelay { relay }): Body<SetRelay>,
) -> Result<Reply<RelayView>> {
    let reply = world.commit(&caller, key, move |tx| {
        let mut station = store::load(tx, &scope, id)?;
        if let Some(relay) = relay {
            let relay = store::load(tx, &scope, relay)?;
            decide(&station, &relay)?;
        }
        if station.relay != relay {
            tx.record(Record::next(id, StationFact::Relayed(Relayed { relay })))?;
            station.relay = relay;
        }
        view(tx, &scope, &station)
    });
    reply.await
}

/// Whether one station may be let speak for another.
///
/// # Errors
/// [`Error::Invalid`] for itself, for another protocol, and for one without relays.
fn decide(station: &Station, relay: &Station) -> Result<()> {
    if station.id == relay.id {
        return Err(Error::invalid("relay", relay.id, "another station"));
    }
    if station.protocol != relay.protocol || !station.protocol.needs_leave() {
        let expected = "a station of the same protocol, one whose senders may name others";
        return Err(Error::invalid("relay", &relay.code, expected));
    }
    Ok(())
}

fn view(db: &mut dyn Read, scope: &Scope, station: &Station) -> Result<RelayView> {
    let relay = match station.relay.map(|relay| store::load(db, scope, relay)) {
        None | Some(Err(Error::NotFound { .. })) => None,
        Some(relay) => Some(end(relay?)),
    };
    let row = db.row(
        "select via, last_contact from station_contact where station = $1",
        params![station.id],
    )?;
    let (mut via, mut last_contact) = (Vec::new(), None);
    if let Some(row) = row {
        let text: Option<String> = row.get("via")?;
        via = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        last_contact = row.get("last_contact")?;
    }
    let speaks_for = store::spoken_for(db, scope, station.id, NAMED)?.into_iter().map(end);
    Ok(RelayView { relay, speaks_for: speaks_for.collect(), via, last_contact })
}

fn end(station: Station) -> EndView {
    EndView { id: station.id, code: station.code, name: station.name }
}
