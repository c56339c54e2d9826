//! The door for people: the register of stations.

use std::collections::{HashMap, HashSet};

use base::{AdminCode, Coordinates, Id, Point, Timestamp};
use host::web::{Body, Idempotency, Json, Paged, Params, Path, Scoped};
use host::{
    Caller, Error, Home, Page, Read, Record, Reply, Result, Routes, Scope, Tx, Value, World,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::details::{self, MOST_SENSORS, MappingDetails, SensorDetails, StationDetails};
use super::fact::{Changed, Mended, SensorDefinition, StationFact};
use super::store::{self, Wanted};
use super::view::{LatestView, OmissionView, SensorView, StationView};
use super::{
    Class, ClockView, READ, REGISTER, Sensor, SensorId, Station, StationId, Status, command, key,
    place, relay, silence,
};
use crate::protocol::{Protocol, Why};
use crate::source;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/stations", READ, "Lists stations, the oldest first", list)
        .asks::<StationQuery>()
        .paged()
        .gives::<Page<StationView>>()
        .post("/api/stations", REGISTER, "Registers a station and its sensors", register)
        .takes::<RegisterStation>()
        .creates::<StationView>()
        .get("/api/stations/{id}", READ, "One station, with what it sent and we do not keep", load)
        .gives::<StationView>()
        .post("/api/stations/{id}/edit", REGISTER, "Changes what is said of a station", edit)
        .takes::<EditStation>()
        .gives::<StationView>()
        .merge(key::routes())
        .merge(command::routes())
        .merge(relay::routes())
        .merge(silence::silence_routes())
        .merge(place::routes())
}

/// Which stations are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct StationQuery {
    /// Those inside this region.
    region: Option<AdminCode>,
    /// Those whose name or code contains this.
    q: Option<String>,
}

/// A new station.
#[derive(Debug, Deserialize, JsonSchema)]
struct RegisterStation {
    /// SL 651 when absent.
    #[serde(default)]
    protocol: Protocol,
    /// Any form that the protocol knows: of SL 651 ten hexadecimal digits of the address,
    /// or a code of 8 or 12 digits.
    code: String,
    /// Whether a key is made up and issued with it; see `/api/stations/{id}/keys`.
    #[serde(default)]
    issue_key: bool,
    #[serde(flatten)]
    details: StationDetails,
}

/// What is to change; what is left out stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(super) struct EditStation {
    pub name: Option<String>,
    pub class: Option<Class>,
    pub region: Option<AdminCode>,
    pub river: Option<String>,
    /// The place as it stands on the paper, with what it is measured against.
    pub place: Option<Coordinates>,
    /// The same, by whoever has it in CGCS2000; not both.
    pub point: Option<Point>,
    pub period_s: Option<i64>,
    pub site: Option<Id>,
    /// Whether points that its host defines become sensors by themselves.
    pub adopts: Option<bool>,
    /// Elements to add sensors for; those there are stay.
    pub add_elements: Option<Vec<String>>,
    /// Sensors to add of which more is said.
    pub add_sensors: Option<Vec<SensorDetails>>,
    /// Sensors whose readings are to be made differently from now on.
    pub mend_sensors: Option<Vec<MendSensor>>,
    /// Sensors that are to take no more readings; their record stays.
    pub retire_sensors: Option<Vec<SensorId>>,
}

/// Another mapping of a sensor; what is left out stays. Its quantity cannot change: a
/// sensor for another one is added, and this one retired.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct MendSensor {
    sensor: SensorId,
    #[serde(flatten)]
    mapping: MappingDetails,
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Params(query): Params<StationQuery>,
    page: Paged,
) -> Result<Json<Page<StationView>>> {
    let Paged { position: after, limit } = page;
    let text = query.q.filter(|text| !text.trim().is_empty());
    let wanted = Wanted { region: query.region, text, after };
    let asked = world.clone();
    let page = world.read(move |db| {
        let stations = store::list(db, &scope, &wanted, limit + 1)?;
        let ages: HashMap<StationId, Timestamp> =
            stations.iter().map(|station| (station.id, station.registered_at)).collect();
        let views = views(db, &asked, stations)?;
        Ok(Page::cut(views, limit, |view| {
            let age = ages.get(&view.id).copied().unwrap_or(Timestamp::MIN);
            (age.as_millis(), view.id.to_string())
        }))
    });
    Ok(Json(page.await?))
}

async fn load(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
) -> Result<Json<StationView>> {
    let asked = world.clone();
    let view = world.read(move |db| {
        let station = store::load(db, &scope, id)?;
        let omissions = source::omissions(db, &station)?;
        Ok(StationView { omissions: Some(omissions), ..view(db, &asked, station)? })
    });
    Ok(Json(view.await?))
}

async fn register(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(new): Body<RegisterStation>,
) -> Result<Reply<StationView>> {
    let asked = world.clone();
    let made_up = match (new.issue_key, &new.details.password) {
        (false, _) => None,
        (true, None) => Some(key::new_secret(new.protocol, &key::random())?),
        (true, Some(_)) => {
            return Err(Error::invalid("issue_key", true, "false where a password is given"));
        }
    };
    let who = caller.clone();
    let reply = world.commit(&caller, key, move |tx| {
        place::check_site(tx, &who, new.details.site)?;
        let station = register_in(tx, &scope, (new.protocol, &new.code), &new.details)?;
        if let Some(secret) = &made_up {
            key::issue(tx, station.id, secret, None)?;
        }
        view(tx, &asked, station)
    });
    Ok(reply.await?.created())
}

/// Registers a station inside a command: by hand, or out of the waiting room.
pub(crate) fn register_in(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (protocol, code): (Protocol, &str),
    details: &StationDetails,
) -> Result<Station> {
    let password = details.password(protocol)?;
    let registered = details.decide(protocol, code, || tx.new_id())?;
    let home = Home::region(details.region.clone());
    scope.require(tx, &home)?;
    place::check_place(tx, &details.region, details.located()?.as_ref())?;
    if store::find_by_code(tx, protocol, &registered.code)?.is_some() {
        let text = format!("a station with the code {} is registered already", registered.code);
        return Err(Error::conflict("code-taken", text));
    }
    let id: StationId = tx.new_id().into();
    tx.record(Record::first(id, home, StationFact::Registered(registered)))?;
    if let Some(password) = password {
        key::issue(tx, id, &password, None)?;
    }
    store::load(tx, scope, id)
}

async fn edit(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
    Body(edit): Body<EditStation>,
) -> Result<Reply<StationView>> {
    let asked = world.clone();
    let who = caller.clone();
    let reply = world.commit(&caller, key, move |tx| {
        let station = store::load(tx, &scope, id)?;
        let changed = change(&station, &edit, || tx.new_id())?;
        let said = details::located(edit.place, edit.point)?;
        let region = edit.region.unwrap_or(station.region);
        scope.require(tx, &Home { region: Some(region.clone()), ..station.home })?;
        place::check_place(tx, &region, said.as_ref())?;
        place::check_site(tx, &who, edit.site.filter(|site| station.site != Some(*site)))?;
        tx.record(Record::next(id, StationFact::Changed(changed)).moved_to(region))?;
        let station = store::load(tx, &scope, id)?;
        view(tx, &asked, station)
    });
    reply.await
}

/// Decides what a change makes of a station.
pub(super) fn change(
    station: &Station,
    edit: &EditStation,
    new_id: impl FnMut() -> Id,
) -> Result<Changed> {
    let river = match &edit.river {
        Some(river) => details::river(Some(river))?,
        None => station.river.clone(),
    };
    let place = details::located(edit.place, edit.point)?;
    let retired = retired(station, edit.retire_sensors.as_deref().unwrap_or_default())?;
    Ok(Changed {
        name: match &edit.name {
            Some(name) => host::web::text("name", name, 1, 64)?,
            None => station.name.clone(),
        },
        class: edit.class.unwrap_or(station.class),
        river,
        point: place.map(|place| place.point).or(station.point),
        original: place.map(Coordinates::from).or(station.original),
        period_s: details::period(edit.period_s.unwrap_or(station.period_s))?,
        site: edit.site.or(station.site),
        adopts: edit.adopts.unwrap_or(station.adopts),
        added: added(station, edit, &retired, new_id)?,
        mended: mended(station, edit.mend_sensors.as_deref().unwrap_or_default(), &retired)?,
        retired,
    })
}

fn added(
    station: &Station,
    edit: &EditStation,
    retired: &[SensorId],
    new_id: impl FnMut() -> Id,
) -> Result<Vec<SensorDefinition>> {
    let elements = edit.add_elements.as_deref().unwrap_or_default();
    let details = edit.add_sensors.as_deref().unwrap_or_default();
    let added = details::sensors(station.protocol, elements, details, new_id)?;
    let taken: HashSet<&str> = station
        .sensors
        .iter()
        .filter(|sensor| sensor.retired_at.is_none() && !retired.contains(&sensor.id))
        .map(|sensor| sensor.element.as_str())
        .collect();
    if let Some(again) = added.iter().find(|sensor| taken.contains(sensor.element.as_str())) {
        let text = format!("the station has a sensor for {} already", again.element);
        return Err(Error::conflict("element-taken", text));
    }
    if MOST_SENSORS < station.sensors.len() + added.len() {
        let text = format!("a station has at most {MOST_SENSORS} sensors");
        return Err(Error::conflict("too-many-sensors", text));
    }
    Ok(added)
}

fn mended(station: &Station, mend: &[MendSensor], retired: &[SensorId]) -> Result<Vec<Mended>> {
    let mut mended: Vec<Mended> = Vec::with_capacity(mend.len());
    for MendSensor { sensor: id, mapping } in mend {
        let sensor = working(station, *id)?;
        if retired.contains(id) || mended.iter().any(|known| known.sensor == *id) {
            return Err(Error::invalid("mend_sensors", id, "each sensor once"));
        }
        mended.push(Mended { sensor: *id, mapping: mapping.over(&sensor.mapping)? });
    }
    Ok(mended)
}

fn retired(station: &Station, retire: &[SensorId]) -> Result<Vec<SensorId>> {
    let mut retired = Vec::with_capacity(retire.len());
    for id in retire {
        working(station, *id)?;
        if retired.contains(id) {
            return Err(Error::invalid("retire_sensors", id, "each sensor once"));
        }
        retired.push(*id);
    }
    Ok(retired)
}

/// A sensor of the station that takes readings.
fn working(station: &Station, id: SensorId) -> Result<&Sensor> {
    let sensor = station.sensors.iter().find(|sensor| sensor.id == id);
    let sensor = sensor.ok_or(Error::not_found("sensor"))?;
    match sensor.retired_at {
        None => Ok(sensor),
        Some(_) => {
            let text = format!("the sensor for {} is retired", sensor.element);
            Err(Error::conflict("sensor-retired", text))
        }
    }
}

/// One station as the API gives it.
pub(crate) fn view(db: &mut dyn Read, world: &World, station: Station) -> Result<StationView> {
    let mut views = views(db, world, vec![station])?;
    views.pop().ok_or_else(|| Error::Internal("one station gives one view".to_owned()))
}

fn views(db: &mut dyn Read, world: &World, stations: Vec<Station>) -> Result<Vec<StationView>> {
    let now = world.clock().now();
    let mut names: HashMap<AdminCode, String> = HashMap::new();
    let known = known_of(db, &stations)?;
    let since = silence::listening_since(db)?;
    let mut views = Vec::with_capacity(stations.len());
    for station in stations {
        let region_name = match names.get(&station.region) {
            Some(name) => name.clone(),
            None => {
                let region = atlas::region::find(db, &station.region)?;
                let name = region.map_or_else(|| station.region.to_string(), |it| it.name);
                names.insert(station.region.clone(), name.clone());
                name
            }
        };
        let known = known.get(&station.id);
        let last_contact = known.and_then(|known| known.last_contact);
        let (line, patience_source) = (station.line(since), station.patience().source);
        let status = Status::at(now, last_contact, line);
        views.push(StationView {
            id: station.id,
            code: station.code,
            name: station.name,
            class: station.class,
            class_word: station.class.word(),
            region: station.region,
            region_name,
            river: station.river,
            point: station.point,
            original: station.original,
            protocol: station.protocol,
            protocol_word: station.protocol.word(),
            period_s: station.period_s,
            silent_after_s: line.patience.as_millis() / 1_000,
            patience_source,
            paused_until: station.paused_until.filter(|until| now < *until),
            status,
            status_word: status.word(),
            registered_at: station.registered_at,
            last_contact,
            clock: known.and_then(|known| known.clock),
            site: station.site,
            adopts: station.adopts,
            has_password: known.is_some_and(|known| known.has_password),
            sensors: station.sensors.into_iter().map(|it| sensor_view(world, it)).collect(),
            omissions: None,
        });
    }
    Ok(views)
}

/// What working state knows of a station.
struct Known {
    last_contact: Option<Timestamp>,
    clock: Option<ClockView>,
    has_password: bool,
}

fn known_of(db: &mut dyn Read, stations: &[Station]) -> Result<HashMap<StationId, Known>> {
    let mut known = HashMap::with_capacity(stations.len());
    for chunk in stations.chunks(200) {
        let places: Vec<String> = (1..=chunk.len()).map(|place| format!("${place}")).collect();
        let sql = format!(
            "select s.id, s.protocol, c.last_contact, k.ahead_ms, k.measured_at, (select min(g.station) from station_secret g \
             where g.station = s.id) as guarded from station s \
             left join station_contact c on c.station = s.id \
             left join station_clock k on k.station = s.id \
             where s.id in ({}) order by s.id",
            places.join(", ")
        );
        let values: Vec<Value> = chunk.iter().map(|station| Value::from(station.id)).collect();
        for row in db.rows(&sql, &values)? {
            let guarded: Option<String> = row.get("guarded")?;
            let has_password = guarded.is_some();
            let clock = ClockView::from_row(&row, row.parse("protocol")?)?;
            let last_contact = row.get("last_contact")?;
            known.insert(row.get("id")?, Known { last_contact, clock, has_password });
        }
    }
    Ok(known)
}

/// A sensor with its newest reading.
pub(crate) fn sensor_view(world: &World, sensor: Sensor) -> SensorView {
    let series = world.series();
    let latest = series.series_of(sensor.id.into()).and_then(|number| series.latest(&[number])[0]);
    SensorView {
        id: sensor.id,
        station: sensor.station,
        quantity: sensor.quantity,
        unit: sensor.quantity.unit(),
        word: sensor.quantity.word(),
        kind: sensor.quantity.kind(),
        element_word: sensor.protocol.element_word(&sensor.element),
        element: sensor.element,
        mapping: sensor.mapping,
        checks_set: sensor.checks.is_some_and(|set| !set.is_nothing()),
        retired_at: sensor.retired_at,
        latest: latest.map(|reading| LatestView {
            time: reading.time,
            value: reading.value,
            quality: reading.quality,
            received: reading.received,
        }),
        period_s: sensor.period_s,
    }
}

impl OmissionView {
    pub(crate) fn new(
        (protocol, element): (Protocol, String),
        why: Why,
        times: i64,
        last_seen: Timestamp,
        last_value: String,
    ) -> OmissionView {
        let (element_word, why_word) = (protocol.element_word(&element), why.word());
        OmissionView { element, element_word, why, why_word, times, last_seen, last_value }
    }
}
