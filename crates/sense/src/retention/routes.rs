//! The door for people: classes and what they hold, a sensor's class, and holds.

use base::{Confidence, Timestamp};
use host::part::Kit;
use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped, text};
use host::{Caller, Error, Home, Page, Read, Record, Reply, Result, Routes, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use series::{Floor, Kept};

use super::definition::{self, Definition, Definitions, RetentionSet};
use super::fact::{Extent, HoldId, Placed};
use super::run::{Run, runs};
use super::store::{self, Hold};
use super::{HOLD, IncidentMargins, READ, SET, hold};
use crate::station::{self, Sensor, SensorId, Station, StationFact, StationId, Told};

/// Runs that are shown.
const RUNS: i64 = 14;
/// Stations of one hold.
const MOST_STATIONS: usize = 200;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/retention",
            READ,
            "For how long readings are kept, what there is, and what went of late",
            all,
        )
        .gives::<Retention>()
        .get("/api/sensors/{id}/retention", READ, "For how long a sensor's readings are kept", of)
        .gives::<SensorRetention>()
        .post(
            "/api/sensors/{id}/retention",
            SET,
            "Keeps a sensor's readings for longer than its rule says, or by its rule again",
            set,
        )
        .takes::<SetRetention>()
        .gives::<SensorRetention>()
        .get("/api/holds", READ, "Lists ranges of readings that are held, newest first", list)
        .asks::<HoldQuery>()
        .paged()
        .gives::<Page<Hold>>()
        .post("/api/holds", HOLD, "Holds readings of a range, whatever their class says", place)
        .takes::<PlaceHold>()
        .creates::<Hold>()
        .get("/api/holds/{id}", READ, "Gives one hold", load)
        .gives::<Hold>()
        .post("/api/holds/{id}/end", HOLD, "Ends a hold; retention goes on", end)
        .takes::<EndHold>()
        .gives::<Hold>()
}

/// For how long readings are kept, and how that went.
#[derive(Debug, Serialize, JsonSchema)]
struct Retention {
    /// The day of the table of classes.
    version: String,
    classes: Vec<ClassView>,
    /// What there is of sensors that have no class yet.
    without: Amount,
    /// Bytes that were not sorted into days and classes yet.
    unsorted_bytes: u64,
    incident: IncidentMargins,
    /// The newest first.
    runs: Vec<Run>,
    /// Up to when sensors have told: a clock far ahead of it lets nothing go.
    reached: Option<Timestamp>,
    most_ahead_days: u32,
    /// Whether readings of old may be in a copy elsewhere.
    has_copy: bool,
}

/// For how long a class keeps readings and their sums: `null` days are for ever.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RetentionTerms")]
struct Terms {
    code: String,
    word: String,
    word_en: String,
    readings_days: Option<u32>,
    minutes_days: Option<u32>,
    hours_days: Option<u32>,
}

impl From<&Definition> for Terms {
    fn from(class: &Definition) -> Terms {
        Terms {
            code: class.code.clone(),
            word: class.word.clone(),
            word_en: class.word_en.clone(),
            readings_days: class.readings_days,
            minutes_days: class.minutes_days,
            hours_days: class.hours_days,
        }
    }
}

/// A class of retention.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RetentionClass")]
struct ClassView {
    #[serde(flatten)]
    terms: Terms,
    /// What a law or standard asks for at least.
    floors: Vec<FloorView>,
    source: String,
    /// What the source goes by in the table: `default`.
    source_code: String,
    confidence: Confidence,
    amount: Amount,
}

/// What a law or standard asks for at least.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RetentionFloor")]
struct FloorView {
    /// What it goes by: `hazchem`.
    code: String,
    days: u32,
    source: String,
}

/// What there is of a class.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "RetentionAmount")]
struct Amount {
    series: u64,
    readings: u64,
    readings_bytes: u64,
    sums_bytes: u64,
    /// The beginning of the oldest day, in UTC, of which there are readings.
    oldest_readings: Option<Timestamp>,
    oldest_sums: Option<Timestamp>,
}

impl From<&Kept> for Amount {
    fn from(kept: &Kept) -> Amount {
        Amount {
            series: kept.series,
            readings: kept.readings,
            readings_bytes: kept.readings_bytes,
            sums_bytes: kept.sums_bytes,
            oldest_readings: kept.oldest_readings,
            oldest_sums: kept.oldest_sums,
        }
    }
}

impl ClassView {
    fn new(class: &Definition, kept: &[Kept]) -> ClassView {
        let floors = class.floors.iter().filter_map(|code| {
            let Floor { days, source } = Floor::legal(code)?;
            Some(FloorView { code: code.clone(), days, source })
        });
        let amount = kept.iter().find(|kept| kept.class == class.code).map(Amount::from);
        let definitions = Definitions::all();
        ClassView {
            terms: class.into(),
            floors: floors.collect(),
            source: definitions.sources.get(&class.source).cloned().unwrap_or_default(),
            source_code: class.source.clone(),
            confidence: class.confidence,
            amount: amount.unwrap_or_default(),
        }
    }
}

async fn all(world: World) -> Result<Json<Retention>> {
    let asked = world.clone();
    let (kept, counts, reached) = host::node::off_the_loop(move || {
        let store = asked.series();
        Ok((store.kept(), store.counts(), store.reached()))
    })
    .await?;
    let runs = world.read(|db| runs(db, RUNS)).await?;
    let definitions = Definitions::all();
    let sorted: u64 = kept.iter().map(|kept| kept.readings_bytes).sum();
    Ok(Json(Retention {
        version: definitions.version.clone(),
        classes: definitions.classes.iter().map(|class| ClassView::new(class, &kept)).collect(),
        without: kept.iter().find(|it| it.class.is_empty()).map(Amount::from).unwrap_or_default(),
        unsorted_bytes: counts.block_bytes.saturating_sub(sorted) + counts.wal_bytes,
        incident: IncidentMargins {
            source: definitions
                .sources
                .get(&definitions.incident.source)
                .cloned()
                .unwrap_or_default(),
            ..definitions.incident.clone()
        },
        runs,
        reached,
        most_ahead_days: definitions.most_ahead_days,
        has_copy: world.readings().copy().is_some(),
    }))
}

/// By which class a sensor's readings are kept.
#[derive(Debug, Serialize, JsonSchema)]
struct SensorRetention {
    sensor: SensorId,
    /// Its code: `/api/retention`.
    class: String,
    /// What its rule says.
    by_rule: String,
    /// Whether a person has set another.
    is_set: bool,
    /// Classes that it may be given: those that keep all for at least as long as the rule's,
    /// itself among them.
    choices: Vec<Terms>,
    /// What was set before and by whom, the newest first, as far as the caller sees it.
    history: Vec<RetentionSaid>,
}

/// What one fact set.
#[derive(Debug, Serialize, JsonSchema)]
struct RetentionSaid {
    seq: i64,
    at: Timestamp,
    by: Option<String>,
    /// `null` gave the sensor back to its rule.
    class: Option<String>,
    reason: String,
}

fn view(
    db: &mut dyn Read,
    kit: &Kit,
    caller: &Caller,
    (station, sensor): (&Station, &Sensor),
) -> Result<SensorRetention> {
    let mut history = Vec::new();
    for told in station::told(db, kit, (caller, station.id), &["station.retention_set"])? {
        let Told { seq, at, by, fact: StationFact::RetentionSet(said), .. } = told else {
            continue;
        };
        if said.sensor == sensor.id {
            let RetentionSet { retention, reason, .. } = said;
            history.push(RetentionSaid { seq, at, by, class: retention, reason });
        }
    }
    history.reverse();
    let definitions = Definitions::all();
    let rule = definitions.by_rule(station.class, sensor);
    let choices = definitions.classes.iter().filter(|class| class.is_at_least(rule));
    Ok(SensorRetention {
        sensor: sensor.id,
        class: definitions.of(station.class, sensor).code.clone(),
        by_rule: rule.code.clone(),
        is_set: sensor.retention.is_some(),
        choices: choices.map(Terms::from).collect(),
        history,
    })
}

async fn of(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<SensorId>,
) -> Result<Json<SensorRetention>> {
    let kit = world.kit().clone();
    let found = world.read(move |db| {
        let sensor = station::load_sensor(db, &scope, id)?;
        let station = station::load(db, &scope, sensor.station)?;
        view(db, &kit, &caller, (&station, &sensor))
    });
    Ok(Json(found.await?))
}

#[derive(Debug, Deserialize, JsonSchema)]
struct SetRetention {
    /// The code of a class that keeps for at least as long as the rule's; `null` gives the
    /// sensor back to its rule.
    class: Option<String>,
    reason: String,
}

async fn set(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<SensorId>,
    Body(body): Body<SetRetention>,
) -> Result<Reply<SensorRetention>> {
    let reason = text("reason", &body.reason, 1, 400)?;
    let (kit, who) = (world.kit().clone(), caller.clone());
    let reply = world.commit(&caller, key, move |tx| {
        let sensor = station::load_sensor(tx, &scope, id)?;
        let station = station::load(tx, &scope, sensor.station)?;
        let retention = definition::decide(station.class, &sensor, body.class.as_deref())?;
        let fact = StationFact::RetentionSet(RetentionSet { sensor: id, retention, reason });
        tx.record(Record::next(sensor.station, fact))?;
        let sensor = station::load_sensor(tx, &scope, id)?;
        view(tx, &kit, &who, (&station, &sensor))
    });
    reply.await
}

/// Which holds are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct HoldQuery {
    /// Those that hold now, or those that have ended; all when absent.
    active: Option<bool>,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<HoldQuery>,
    page: Paged,
) -> Result<Json<Page<Hold>>> {
    let Paged { position, limit } = page;
    let list = world.read(move |db| store::list(db, &scope, query.active, position, limit)).await?;
    Ok(Json(Page::cut(list, limit, |hold| (hold.placed_at.as_millis(), hold.id.to_string()))))
}

async fn load(world: World, Scoped(scope): Scoped, Path(id): Path<HoldId>) -> Result<Json<Hold>> {
    Ok(Json(world.read(move |db| store::load(db, &scope, id)).await?))
}

/// Which readings are to be held.
#[derive(Debug, Deserialize, JsonSchema)]
struct PlaceHold {
    name: String,
    reason: String,
    from: Timestamp,
    /// For all that comes, too, when absent.
    to: Option<Timestamp>,
    /// All stations of this division; or
    region: Option<base::AdminCode>,
    /// these, at most 200.
    stations: Option<Vec<StationId>>,
}

async fn place(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(body): Body<PlaceHold>,
) -> Result<Reply<Hold>> {
    let name = text("name", &body.name, 1, 80)?;
    let reason = text("reason", &body.reason, 1, 400)?;
    if body.to.is_some_and(|to| to <= body.from) {
        return Err(Error::invalid("to", body.to, "a time after from"));
    }
    let reply = world
        .commit(&caller, key, move |tx| {
            let (home, extent) = match (body.region, body.stations.unwrap_or_default()) {
                (Some(region), stations) if stations.is_empty() => {
                    let extent = Extent { regions: vec![region.clone()], ..Extent::default() };
                    (Home::region(region), extent)
                }
                (None, stations) if (1..=MOST_STATIONS).contains(&stations.len()) => {
                    let mut home = None;
                    for station in &stations {
                        let station = station::load(tx, &scope, *station)?;
                        home = home.or(Some(station.home));
                    }
                    (home.unwrap_or_default(), Extent { stations, ..Extent::default() })
                }
                (region, stations) => {
                    let seen = format!("{region:?} and {} stations", stations.len());
                    return Err(Error::invalid("stations", seen, "a region, or 1 to 200 stations"));
                }
            };
            scope.require(tx, &home)?;
            let by = tx.actor_name().map(str::to_owned);
            let (from, to) = (body.from, body.to);
            let placed =
                Placed { name, reason, from, to, extent, about: None, release_at: None, by };
            let id = hold::place(tx, home, placed)?;
            store::load(tx, &scope, id)
        })
        .await?;
    Ok(reply.created())
}

#[derive(Debug, Deserialize, JsonSchema)]
struct EndHold {
    reason: String,
}

async fn end(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<HoldId>,
    Body(body): Body<EndHold>,
) -> Result<Reply<Hold>> {
    let reason = text("reason", &body.reason, 1, 400)?;
    let reply = world.commit(&caller, key, move |tx| {
        let found = store::load(tx, &scope, id)?;
        hold::end(tx, &found, reason)?;
        store::load(tx, &scope, id)
    });
    reply.await
}
