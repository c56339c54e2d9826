//! Keys: by what a station's messages are known to be its own.
//!
//! That a key was issued, and until when the ones before it hold, is a fact; the key
//! itself is working state: it is in no log, travels to no other node and into no drill.
//! A rotation leaves the older keys good for a while, so that nobody has to change both
//! ends in one instant.

use base::{Duration, Id, Timestamp};
use host::node::off_the_loop;
use host::trail::{Notes, Said};
use host::web::{Body, Idempotency, Json, Path, Scoped};
use host::{Caller, Error, Page, Read, Record, Reply, Result, Routes, Tx, World, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::fact::{KeyEnded, KeyIssued, StationFact};
use super::{REGISTER, Station, StationId, store};
use crate::protocol::Protocol;

base::typed_id!(KeyId, "A key of a station.");
host::db_id!(KeyId);

/// Keys of one station that may be good at the same time.
const MOST_GOOD: usize = 4;
const LONGEST_OVERLAP_H: i64 = 90 * 24;

/// A key as intake needs it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    /// In its protocol's one form.
    pub key: String,
    pub until: Option<Timestamp>,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret(until {:?})", self.until)
    }
}

impl Secret {
    /// Whether it is good for a message that was received then.
    pub fn holds(&self, received: Timestamp) -> bool {
        self.until.is_none_or(|until| received < until)
    }
}

const SECRETS: &str = "select s.id, s.secret, coalesce(k.until_at, s.until_at) as until_at, \
     coalesce(k.issued_at, 0) as issued_at from station_secret s \
     left join station_key k on k.id = s.id where s.station = $1 \
     order by issued_at desc, s.id desc";

/// The keys of a station, the newest first, ended ones too: what was kept under an old
/// one can be read again.
pub(crate) fn secrets(db: &mut dyn Read, station: StationId) -> Result<Vec<Secret>> {
    let rows = db.rows(SECRETS, params![station])?;
    rows.iter()
        .map(|row| Ok(Secret { key: row.get("secret")?, until: row.get("until_at")? }))
        .collect()
}

/// Issues a key inside a command; the ones before it stay good until `others_until`.
///
/// # Errors
/// [`Error::Conflict`] when too many are good already.
pub(super) fn issue(
    tx: &mut Tx<'_>,
    station: StationId,
    secret: &str,
    others_until: Option<Timestamp>,
) -> Result<KeyId> {
    let now = tx.now();
    let good = secrets(tx, station)?.iter().filter(|key| key.holds(now)).count();
    if MOST_GOOD <= good {
        let text = format!("{good} keys of the station are good, expected fewer than {MOST_GOOD}");
        return Err(Error::conflict("too-many-keys", text));
    }
    let key: KeyId = tx.new_id().into();
    tx.record(Record::next(station, StationFact::KeyIssued(KeyIssued { key, others_until })))?;
    // Of a program before keys had facts.
    tx.work().run(
        "update station_secret set until_at = $2 where id = station and station = $1 \
         and until_at is null",
        params![station, others_until],
    )?;
    tx.work().run(
        "insert into station_secret (id, station, secret) values ($1, $2, $3)",
        params![key, station, secret],
    )?;
    Ok(key)
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/api/stations/{id}/keys", REGISTER, "The keys of a station, without themselves", list)
        .gives::<Page<KeyView>>()
        .post(
            "/api/stations/{id}/keys",
            REGISTER,
            "Issues a key; the older ones hold for a while",
            rotate,
        )
        .takes::<IssueKey>()
        .creates::<KeyView>()
        .post("/api/stations/{id}/keys/{key}/end", REGISTER, "Ends a key at once", end)
        .gives::<KeyView>()
        .get(
            "/api/stations/{id}/keys/{key}/secret",
            REGISTER,
            "A key itself, to be handed to who installs the device; noted in the trail",
            show,
        )
        .gives::<KeySecret>()
}

/// A key as the API gives it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "StationKey")]
struct KeyView {
    id: KeyId,
    /// `null` for a password of before keys had dates.
    issued_at: Option<Timestamp>,
    /// Until when it is good, if it ends.
    until: Option<Timestamp>,
    /// Whether it is good now.
    good: bool,
}

/// A new key.
#[derive(Debug, Deserialize, JsonSchema)]
struct IssueKey {
    /// As the protocol has it (`/api/protocols`); one is made up when absent.
    key: Option<String>,
    /// How many hours the older keys stay good: 0 to 2160 (90 days); a week when absent.
    overlap_h: Option<i64>,
}

/// A key itself.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "StationKeySecret")]
struct KeySecret {
    key: String,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
) -> Result<Json<Page<KeyView>>> {
    let now = world.clock().now();
    let keys = world.read(move |db| {
        store::load(db, &scope, id)?;
        views(db, id, now)
    });
    Ok(Json(Page::whole(keys.await?)))
}

async fn rotate(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
    Body(body): Body<IssueKey>,
) -> Result<Reply<KeyView>> {
    let overlap = body.overlap_h.unwrap_or(7 * 24);
    if !(0..=LONGEST_OVERLAP_H).contains(&overlap) {
        return Err(Error::invalid("overlap_h", overlap, "0 to 2160 hours"));
    }
    let random = random();
    let reply = world.commit(&caller, key, move |tx| {
        let station = store::load(tx, &scope, id)?;
        let secret = secret_of(&station, body.key.as_deref(), &random)?;
        if secrets(tx, id)?.iter().any(|known| known.key == secret) {
            return Err(Error::conflict("key-used", "the station has or had this key already"));
        }
        let until = tx.now() + Duration::from_hours(overlap);
        let key = issue(tx, id, &secret, Some(until))?;
        one(tx, id, key)
    });
    Ok(reply.await?.created())
}

/// What was typed, in its one form, or a new one.
fn secret_of(station: &Station, typed: Option<&str>, random: &[u8; 32]) -> Result<String> {
    match typed {
        Some(typed) => station.protocol.password(typed),
        None => new_secret(station.protocol, random),
    }
}

/// A key that nobody has guessed.
pub(super) fn new_secret(protocol: Protocol, random: &[u8; 32]) -> Result<String> {
    protocol.new_key(random).ok_or_else(|| {
        Error::conflict("keyless", format!("messages of {} carry no key", protocol.word()))
    })
}

/// Of the operating system, for one key.
pub(super) fn random() -> [u8; 32] {
    let mut random = [0; 32];
    getrandom::fill(&mut random).expect("the operating system gives random bytes");
    random
}

async fn end(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path((id, ended)): Path<(StationId, KeyId)>,
) -> Result<Reply<KeyView>> {
    let reply = world.commit(&caller, key, move |tx| {
        store::load(tx, &scope, id)?;
        let before = one(tx, id, ended)?;
        if !before.good {
            return Err(Error::conflict("key-ended", "the key is good no more"));
        }
        tx.record(Record::next(id, StationFact::KeyEnded(KeyEnded { key: ended })))?;
        // Of a program before keys had facts.
        let now = tx.now();
        tx.work().run(
            "update station_secret set until_at = $2 where id = $1 and id = station",
            params![ended, now],
        )?;
        one(tx, id, ended)
    });
    reply.await
}

/// Nobody sees a key before the trail holds that they do.
async fn show(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path((id, shown)): Path<(StationId, KeyId)>,
) -> Result<Json<KeySecret>> {
    let shown = off_the_loop(move || {
        world.run_as(&caller, move |tx| {
            let station = store::load(tx, &scope, id)?;
            let row = tx.row(
                "select secret from station_secret where id = $1 and station = $2",
                params![shown, id],
            )?;
            let key = row.ok_or(Error::not_found("key"))?.get("secret")?;
            let note = KeyNote::Read(KeyRead { key: shown, station: station.name });
            tx.note(Record::first(id, station.home, note))?;
            Ok(KeySecret { key })
        })
    });
    Ok(Json(shown.await?))
}

fn views(db: &mut dyn Read, station: StationId, now: Timestamp) -> Result<Vec<KeyView>> {
    let rows = db.rows(SECRETS, params![station])?;
    rows.iter()
        .map(|row| {
            let issued = Some(row.get::<Timestamp>("issued_at")?).filter(|at| at.as_millis() != 0);
            let until: Option<Timestamp> = row.get("until_at")?;
            let good = until.is_none_or(|until| now < until);
            Ok(KeyView { id: row.get("id")?, issued_at: issued, until, good })
        })
        .collect()
}

fn one(tx: &mut Tx<'_>, station: StationId, key: KeyId) -> Result<KeyView> {
    let now = tx.now();
    let found = views(tx, station, now)?.into_iter().find(|view| view.id == key);
    found.ok_or(Error::not_found("key"))
}

host::facts! {
    /// What people can do with keys that is no fact.
    pub enum KeyNote {
        "station.key_read" v 1 => Read(KeyRead),
    }
}

/// Somebody looked at a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyRead {
    pub key: KeyId,
    /// The station's name.
    pub station: String,
}

pub(crate) fn notes() -> Notes {
    Notes::new::<KeyNote>("station", |note| {
        let KeyNote::Read(read) = note;
        Said::new(json!({ "key": Id::from(read.key), "station": read.station })).about("station")
    })
}
