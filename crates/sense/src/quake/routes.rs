//! The door for people and for feeds: documents, reports typed in, the register.

use std::sync::Arc;

use axum::body::Body as Bytes;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use base::{Point, Timestamp};
use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped, text, whole};
use host::{Caller, Error, Page, Reply, Result, Routes, Tx, World};
use schemars::JsonSchema;
use science::earthquake::Standing;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use super::message::{self, Bringer, Message, MessageId};
use super::model::{Earthquake, EarthquakeId, Origin, Report, ReportId, ReportView, State};
use super::read::LARGEST;
use super::store::{self, Wanted};
use super::take::{self, home_of};
use super::{READ, REPORT};

/// Documents that come in at one time: each may be held in memory.
const AT_ONCE: usize = 2;
/// Scales that a person may name.
const SCALES: [&str; 5] = ["M", "Ms", "Mw", "ML", "mb"];

pub(crate) fn routes() -> Routes {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let bring = move |world, caller, query, body| bring(places.clone(), world, caller, query, body);
    Routes::new()
        .get("/api/earthquakes", READ, "Lists earthquakes, the last that quaked first", list)
        .asks::<EarthquakeQuery>()
        .paged()
        .gives::<Page<Earthquake>>()
        .get("/api/earthquakes/{id}", READ, "One earthquake with all its reports", show)
        .gives::<EarthquakeDetails>()
        .post(
            "/api/earthquakes",
            REPORT,
            "Registers what a duty officer was told of an earthquake, or corrects it",
            type_in,
        )
        .takes::<TypeEarthquake>()
        .creates::<EarthquakeDetails>()
        .post(
            "/api/earthquakes/{id}/withdraw",
            REPORT,
            "Takes back what was typed in of an earthquake",
            withdraw,
        )
        .takes::<WithdrawReport>()
        .gives::<EarthquakeDetails>()
        .post(
            "/api/earthquake-reports",
            REPORT,
            "Takes a document of an agency: USGS GeoJSON, QuakeML or FDSN event text",
            bring,
        )
        .asks::<BringQuery>()
        .streams()
        .gives::<Message>()
        .get(
            "/api/earthquake-messages",
            READ,
            "Lists documents of earthquakes and what came of each, the newest first",
            messages,
        )
        .paged()
        .gives::<Page<Message>>()
        .get("/api/earthquake-messages/{id}/raw", READ, "Gives a document as it came in", raw)
}

/// Which earthquakes are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct EarthquakeQuery {
    /// All but merged ones when absent.
    state: Option<State>,
    /// From this magnitude on; those without any are always listed.
    magnitude: Option<f64>,
}

/// An earthquake with what everybody says of it.
#[derive(Debug, Serialize, JsonSchema)]
struct EarthquakeDetails {
    #[serde(flatten)]
    earthquake: Earthquake,
    /// By agency and event, the oldest version first.
    all: Vec<ReportView>,
}

/// What a duty officer was told of an earthquake.
#[derive(Debug, Deserialize, JsonSchema)]
struct TypeEarthquake {
    /// The typed report that this one corrects.
    corrects: Option<ReportId>,
    /// When the earth quaked.
    time: Timestamp,
    /// Whether that was told to the minute only.
    #[serde(default)]
    to_the_minute: bool,
    /// CGCS2000 or WGS-84, degrees.
    lon: f64,
    lat: f64,
    /// Below the surface, km: -10 to 800; `null` where none was told.
    depth_km: Option<f64>,
    /// -2 to 10; `null` where none was told.
    magnitude: Option<f64>,
    /// `M`, `Ms`, `Mw`, `ML` or `mb`.
    scale: Option<String>,
    /// Words for where, 2 to 100 characters.
    place: String,
    /// Whether it was told as an automatic or a reviewed result.
    standing: Told,
    /// Who told it, 2 to 100 characters.
    source: String,
    /// Why it is typed in, 2 to 400 characters.
    reason: String,
}

/// How far what was told had been looked at.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "EarthquakeTold")]
enum Told {
    Unknown,
    Automatic,
    Reviewed,
}

/// Which typed report is taken back, and why.
#[derive(Debug, Deserialize, JsonSchema)]
struct WithdrawReport {
    report: ReportId,
    /// 2 to 400 characters.
    reason: String,
}

/// What is said of a document.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct BringQuery {
    /// Who delivers it, up to 100 characters; whose account it is when absent.
    source: Option<String>,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<EarthquakeQuery>,
    page: Paged,
) -> Result<Json<Page<Earthquake>>> {
    let Paged { position, limit } = page;
    let wanted = Wanted { state: query.state, magnitude: query.magnitude };
    let found = world.read(move |db| store::list(db, &scope, &wanted, position, limit + 1)).await?;
    let key = |it: &Earthquake| (it.shown.time.as_millis(), it.id.to_string());
    Ok(Json(Page::cut(found, limit, key)))
}

async fn show(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<EarthquakeId>,
) -> Result<Json<EarthquakeDetails>> {
    let details = world.read(move |db| {
        let earthquake = store::load(db, &scope, id)?;
        let all = store::reports(db, &earthquake)?;
        Ok(EarthquakeDetails { earthquake, all })
    });
    Ok(Json(details.await?))
}

/// `POST /api/earthquakes`: by who holds the place where it quaked; a later word of an
/// agency goes over it, as `association.json` says.
async fn type_in(
    world: World,
    caller: Caller,
    key: Idempotency,
    Body(body): Body<TypeEarthquake>,
) -> Result<Reply<EarthquakeDetails>> {
    let scope = caller.scope(REPORT)?;
    let corrects = body.corrects;
    let typed = Typed::read(body)?;
    let reply = world.commit(&caller, key, move |tx| {
        let now = tx.now();
        typed.check_time(now)?;
        let mut report = typed.report(tx);
        let home = home_of(tx, report.point)?;
        scope.require(tx, &home)?;
        if let Some(before) = corrects {
            let before = typed_report(tx, before)?;
            let home = home_of(tx, before.point)?;
            scope.require(tx, &home)?;
            report.event = before.event;
        }
        let taken = take::take(tx, report, now)?;
        details(tx, taken.earthquake())
    });
    Ok(reply.await?.created())
}

async fn withdraw(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<EarthquakeId>,
    Body(body): Body<WithdrawReport>,
) -> Result<Reply<EarthquakeDetails>> {
    let scope = caller.scope(REPORT)?;
    let reason = text("reason", &body.reason, 2, 400)?;
    let reply = world.commit(&caller, key, move |tx| {
        let earthquake = store::load(tx, &scope, id)?;
        let before = store::reports(tx, &earthquake)?.into_iter().find(|it| it.id == body.report);
        let before = before.ok_or(Error::not_found("report"))?;
        let home = home_of(tx, before.report.point)?;
        scope.require(tx, &home)?;
        let Origin::Typed { source, .. } = before.report.origin.clone() else {
            let detail = "an agency's report is taken back by its agency";
            return Err(Error::conflict("not-typed", detail));
        };
        if before.superseded || before.report.standing == Standing::Deleted {
            let detail = "the report has been corrected or taken back already";
            return Err(Error::conflict("wrong-state", detail));
        }
        let by = tx.actor_name().map(str::to_owned);
        let now = tx.now();
        let gone = Report {
            standing: Standing::Deleted,
            updated: Some(now),
            origin: Origin::Typed { source, reason, by },
            ..before.report
        };
        let taken = take::take(tx, gone, now)?;
        details(tx, taken.earthquake())
    });
    reply.await
}

/// A report that a person typed in, and nobody has corrected or taken back.
fn typed_report(tx: &mut Tx<'_>, id: ReportId) -> Result<Report> {
    let of = store::of_report(tx, id)?.ok_or(Error::not_found("report"))?;
    let earthquake = store::load(tx, &host::Scope::Node, of)?;
    let found = store::reports(tx, &earthquake)?.into_iter().find(|it| it.id == id);
    let found = found.ok_or(Error::not_found("report"))?;
    if !matches!(found.report.origin, Origin::Typed { .. }) {
        let detail = "an agency's report is corrected by its agency";
        return Err(Error::conflict("not-typed", detail));
    }
    if found.superseded || found.report.standing == Standing::Deleted {
        let detail = "the report has been corrected or taken back already";
        return Err(Error::conflict("wrong-state", detail));
    }
    Ok(found.report)
}

fn details(tx: &mut Tx<'_>, id: EarthquakeId) -> Result<EarthquakeDetails> {
    let earthquake = store::load(tx, &host::Scope::Node, id)?;
    let all = store::reports(tx, &earthquake)?;
    Ok(EarthquakeDetails { earthquake, all })
}

/// What was typed in, checked.
struct Typed {
    time: Timestamp,
    time_within_s: i64,
    point: Point,
    depth_km: Option<f64>,
    magnitude: Option<f64>,
    scale: Option<String>,
    place: String,
    standing: Standing,
    source: String,
    reason: String,
}

impl Typed {
    fn read(body: TypeEarthquake) -> Result<Typed> {
        let point = Point::new(body.lon, body.lat)
            .map_err(|error| Error::invalid("lon", [body.lon, body.lat], error.to_string()))?;
        let within = |field: &str, value: Option<f64>, least: f64, most: f64| match value {
            Some(value) if !(least..=most).contains(&value) => {
                Err(Error::invalid(field, value, format!("{least} to {most}")))
            }
            other => Ok(other),
        };
        let magnitude = within("magnitude", body.magnitude, -2.0, 10.0)?;
        let scale = match (body.scale, magnitude) {
            (Some(scale), _) if !SCALES.contains(&scale.as_str()) => {
                return Err(Error::invalid("scale", scale, SCALES.join(", ")));
            }
            (None, Some(_)) => return Err(Error::invalid("scale", "nothing", SCALES.join(", "))),
            (scale, magnitude) => scale.filter(|_| magnitude.is_some()),
        };
        Ok(Typed {
            time: body.time,
            time_within_s: if body.to_the_minute { 60 } else { 0 },
            point,
            depth_km: within("depth_km", body.depth_km, -10.0, 800.0)?,
            magnitude,
            scale,
            place: text("place", &body.place, 2, 100)?,
            standing: match body.standing {
                Told::Unknown => Standing::Unknown,
                Told::Automatic => Standing::Automatic,
                Told::Reviewed => Standing::Reviewed,
            },
            source: text("source", &body.source, 2, 100)?,
            reason: text("reason", &body.reason, 2, 400)?,
        })
    }

    fn check_time(&self, now: Timestamp) -> Result<()> {
        if now < self.time {
            return Err(Error::invalid("time", self.time, format!("no later than {now}")));
        }
        Ok(())
    }

    fn report(self, tx: &mut Tx<'_>) -> Report {
        Report {
            agency: None,
            event: tx.new_id().to_string(),
            aliases: Vec::new(),
            version: None,
            updated: Some(tx.now()),
            standing: self.standing,
            kind: None,
            place: Some(self.place),
            time: self.time,
            time_within_s: self.time_within_s,
            point: self.point,
            depth_km: self.depth_km,
            depth_type: None,
            magnitude: self.magnitude,
            scale: self.scale,
            origin: Origin::Typed {
                source: self.source,
                reason: self.reason,
                by: tx.actor_name().map(str::to_owned),
            },
        }
    }
}

/// `POST /api/earthquake-reports`: an agency's word, which is of no place of this node.
async fn bring(
    places: Arc<Semaphore>,
    world: World,
    caller: Caller,
    Params(query): Params<BringQuery>,
    body: Bytes,
) -> Result<Json<Message>> {
    let source = match query.source {
        Some(source) => text("source", &source, 1, 100)?,
        None => caller.account.clone(),
    };
    let place = places.acquire_owned().await;
    let place = place.map_err(|_| Error::Busy("the door is closed"))?;
    let bringer = Bringer { caller, source };
    let taken = whole(body, place, LARGEST, move |bytes| message::bring(&world, &bringer, &bytes));
    Ok(Json(taken.await?))
}

async fn messages(world: World, page: Paged) -> Result<Json<Page<Message>>> {
    let limit = page.limit;
    let found = world.read(move |db| message::list(db, &page)).await?;
    let key = |it: &Message| (it.received.as_millis(), it.id.to_string());
    Ok(Json(Page::cut(found, limit, key)))
}

async fn raw(world: World, Path(id): Path<MessageId>) -> Result<Response> {
    let (message, documents) = world.read(move |db| message::documents(db, id)).await?;
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        for document in &documents {
            bytes.extend(world.documents().read(document)?);
        }
        Ok::<_, std::io::Error>(bytes)
    });
    let bytes = read.await.map_err(|error| Error::Internal(format!("a read panicked: {error}")))?;
    let bytes = bytes.map_err(|error| Error::Internal(format!("a kept document: {error}")))?;
    let name = format!("attachment; filename=\"earthquakes-{}.txt\"", &message.sha256[..12]);
    // Whatever it says it is: nobody's browser shall show it as a page of ours.
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
