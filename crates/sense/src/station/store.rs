//! Loads and lists stations and sensors, within a scope.

use std::collections::HashMap;

use base::{AdminCode, Coordinates, Point, Timestamp};
use host::{Error, Home, Read, Result, Row, Scope, Value, params};

use super::fact::KINDS;
use super::{Mapping, Sensor, SensorId, Station, StationId};
use crate::protocol::Protocol;

const STATION: &str = "s.id, s.code, s.name, s.kind, s.region, s.org, s.class, s.river, s.lon, s.lat, \
     s.protocol, s.period_s, s.silent_after_s, s.paused_until, s.registered_at, s.site, s.adopts, \
     s.original_x, s.original_y, s.datum, \
     (select y.relay from station_relay y where y.station = s.id) as relay";
const SENSOR: &str = "r.id, r.station, s.region, r.quantity, r.element, s.protocol, s.period_s, \
     r.name, r.factor, r.shift, r.low, r.high, r.checks, r.retention, r.retired_at";

/// One station.
///
/// # Errors
/// [`Error::NotFound`] also for a station outside the scope.
pub fn load(db: &mut dyn Read, scope: &Scope, id: StationId) -> Result<Station> {
    let mut values = vec![Value::from(id)];
    let inside = scope.filter("s", &mut values);
    let sql = format!("select {STATION} from station s where s.id = $1 and {inside}");
    let row = db.row(&sql, &values)?.ok_or(Error::not_found("station"))?;
    let mut stations = with_sensors(db, vec![row])?;
    stations.pop().ok_or(Error::not_found("station"))
}

/// The station with this code on this node, in any scope: whether a code is taken.
///
/// `code` is any of the forms that people type in this protocol.
pub fn find_by_code(db: &mut dyn Read, protocol: Protocol, code: &str) -> Result<Option<Station>> {
    let Ok(code) = protocol.station_code(code) else { return Ok(None) };
    let sql = format!(
        "select {STATION} from station s where s.protocol = $1 and s.code = $2 \
         order by s.registered_at, s.id limit 1"
    );
    let rows = db.rows(&sql, params![protocol.code(), code])?;
    Ok(with_sensors(db, rows)?.pop())
}

/// The station with this code, without its sensors: `None` also for one outside the scope.
///
/// - `code`: in the protocol's one form.
pub(super) fn find_bare(
    db: &mut dyn Read,
    scope: &Scope,
    protocol: Protocol,
    code: &str,
) -> Result<Option<Station>> {
    let mut values = params![protocol.code(), code].to_vec();
    let inside = scope.filter("s", &mut values);
    let sql = format!(
        "select {STATION} from station s where s.protocol = $1 and s.code = $2 and {inside} \
         order by s.registered_at, s.id limit 1"
    );
    let row = db.row(&sql, &values)?;
    row.map(|row| station_from(&row, row.get("id")?, Vec::new())).transpose()
}

/// The stations for which one may speak, without their sensors, by code.
pub(super) fn spoken_for(
    db: &mut dyn Read,
    scope: &Scope,
    relay: StationId,
    limit: i64,
) -> Result<Vec<Station>> {
    let mut values = vec![Value::from(relay), Value::from(limit)];
    let inside = scope.filter("s", &mut values);
    let sql = format!(
        "select {STATION} from station s join station_relay l on l.station = s.id \
         where l.relay = $1 and {inside} order by s.code, s.id limit $2"
    );
    let rows = db.rows(&sql, &values)?;
    rows.iter().map(|row| station_from(row, row.get("id")?, Vec::new())).collect()
}

/// The sensor of a station that takes what comes of an element, if one does.
pub(super) fn working_sensor(
    db: &mut dyn Read,
    station: StationId,
    element: &str,
) -> Result<Option<Sensor>> {
    let sql = format!(
        "select {SENSOR} from sensor r join station s on s.id = r.station \
         where r.station = $1 and r.element = $2 and r.retired_at is null \
         order by r.position limit 1"
    );
    db.row(&sql, params![station, element])?.as_ref().map(sensor_from).transpose()
}

/// How many sensors a station has, retired ones too: they stand in a row from 0 on.
pub(super) fn sensors_of(db: &mut dyn Read, station: StationId) -> Result<usize> {
    let row = db.row(
        "select coalesce(max(position) + 1, 0) as sensors from sensor where station = $1",
        params![station],
    )?;
    let count: i64 = row.map_or(Ok(0), |row| row.get("sensors"))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Which stations are wanted, and where the list goes on.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those inside this region.
    pub region: Option<AdminCode>,
    /// Those whose name or code contains this.
    pub text: Option<String>,
    /// After this place of the list.
    pub after: Option<(i64, String)>,
}

/// Stations by age, the oldest first; at most `limit`.
pub fn list(db: &mut dyn Read, scope: &Scope, wanted: &Wanted, limit: i64) -> Result<Vec<Station>> {
    let needle = wanted.text.as_deref().map(|text| text.trim().to_lowercase());
    let fits = |row: &Row| -> Result<bool> {
        let Some(needle) = &needle else { return Ok(true) };
        let (name, code): (String, String) = (row.get("name")?, row.get("code")?);
        Ok(name.to_lowercase().contains(needle) || code.to_lowercase().contains(needle))
    };
    // A text is looked for here and not in SQL, page by page, because both databases
    // have no function for it in common.
    let page = if needle.is_some() { 500 } else { limit };
    let mut after = wanted.after.clone();
    let mut kept = Vec::new();
    loop {
        let rows = page_of(db, scope, wanted.region.as_ref(), after.as_ref(), page)?;
        let is_last = rows.len() < usize::try_from(page).unwrap_or(0);
        if let Some(row) = rows.last() {
            after = Some((row.get("registered_at")?, row.get("id")?));
        }
        for row in rows {
            if fits(&row)? {
                kept.push(row);
            }
        }
        if is_last || usize::try_from(limit).unwrap_or(0) <= kept.len() {
            break;
        }
    }
    kept.truncate(usize::try_from(limit).unwrap_or(0));
    with_sensors(db, kept)
}

fn page_of(
    db: &mut dyn Read,
    scope: &Scope,
    region: Option<&AdminCode>,
    after: Option<&(i64, String)>,
    limit: i64,
) -> Result<Vec<Row>> {
    let (age, id) = after.cloned().unwrap_or((i64::MIN, String::new()));
    let mut values = vec![Value::from(age), Value::from(id), Value::from(limit)];
    let inside = scope.filter("s", &mut values);
    let within = within(region, &mut values);
    let sql = format!(
        "select {STATION} from station s \
         where (s.registered_at > $1 or (s.registered_at = $1 and s.id > $2)) \
         and {inside} and {within} \
         order by s.registered_at, s.id limit $3"
    );
    Ok(db.rows(&sql, &values)?)
}

/// A condition that keeps what lies inside a region.
fn within(region: Option<&AdminCode>, values: &mut Vec<Value>) -> String {
    let Some(region) = region else { return "1 = 1".to_owned() };
    values.push(region.into());
    let place = values.len();
    format!(
        "exists (select 1 from region_within i where i.region = s.region and i.ancestor = ${place})"
    )
}

/// One sensor, whoever asks: for stages that have loaded its station within a scope.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn sensor(db: &mut dyn Read, id: SensorId) -> Result<Sensor> {
    load_sensor(db, &Scope::Node, id)
}

/// One sensor.
///
/// # Errors
/// [`Error::NotFound`] also for a sensor outside the scope.
pub fn load_sensor(db: &mut dyn Read, scope: &Scope, id: SensorId) -> Result<Sensor> {
    let mut values = vec![Value::from(id)];
    let inside = scope.filter("s", &mut values);
    let sql = format!(
        "select {SENSOR} from sensor r join station s on s.id = r.station \
         where r.id = $1 and {inside}"
    );
    let row = db.row(&sql, &values)?.ok_or(Error::not_found("sensor"))?;
    sensor_from(&row)
}

/// All sensors that take readings, within a scope and, if named, within one of these
/// regions, by station.
pub fn sensors_within(
    db: &mut dyn Read,
    scope: &Scope,
    regions: &[AdminCode],
) -> Result<Vec<Sensor>> {
    let mut values = Vec::new();
    let inside = scope.filter("s", &mut values);
    let mut named = Vec::new();
    for region in regions {
        named.push(within(Some(region), &mut values));
    }
    let named = if named.is_empty() { "1 = 1".to_owned() } else { named.join(" or ") };
    let sql = format!(
        "select {SENSOR} from sensor r join station s on s.id = r.station \
         where r.retired_at is null and {inside} and ({named}) order by r.station, r.position"
    );
    db.rows(&sql, &values)?.iter().map(sensor_from).collect()
}

/// Stations that a fact after `seq` is about, as they are now, and the newest such seq.
pub(crate) fn changed_since(db: &mut dyn Read, seq: i64) -> Result<(Vec<Station>, i64)> {
    let mut values: Vec<Value> = KINDS.into_iter().map(Value::from).collect();
    values.push(seq.into());
    let places: Vec<String> = (1..=KINDS.len()).map(|place| format!("${place}")).collect();
    let changed = format!("kind in ({}) and seq > ${}", places.join(", "), values.len());
    let row = db.row(&format!("select max(seq) as newest from log where {changed}"), &values)?;
    let newest: Option<i64> = row.map_or(Ok(None), |row| row.get("newest"))?;
    let Some(newest) = newest else { return Ok((Vec::new(), seq)) };
    let sql = format!(
        "select {STATION} from station s where s.id in \
         (select subject from log where {changed}) \
         order by s.registered_at, s.id"
    );
    let rows = db.rows(&sql, &values)?;
    let mut stations = Vec::with_capacity(rows.len());
    for chunk in rows.chunks(200) {
        stations.extend(with_sensors(db, chunk.to_vec())?);
    }
    Ok((stations, newest))
}

fn with_sensors(db: &mut dyn Read, rows: Vec<Row>) -> Result<Vec<Station>> {
    let mut sensors: HashMap<StationId, Vec<Sensor>> = HashMap::new();
    let ids: Vec<StationId> = rows.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?;
    for chunk in ids.chunks(200) {
        let places: Vec<String> = (1..=chunk.len()).map(|place| format!("${place}")).collect();
        let sql = format!(
            "select {SENSOR} from sensor r join station s on s.id = r.station \
             where r.station in ({}) order by r.station, r.position",
            places.join(", ")
        );
        let values: Vec<Value> = chunk.iter().map(|id| Value::from(*id)).collect();
        for row in db.rows(&sql, &values)? {
            let sensor = sensor_from(&row)?;
            sensors.entry(sensor.station).or_default().push(sensor);
        }
    }
    rows.iter()
        .zip(ids)
        .map(|(row, id)| station_from(row, id, sensors.remove(&id).unwrap_or_default()))
        .collect()
}

fn station_from(row: &Row, id: StationId, sensors: Vec<Sensor>) -> Result<Station> {
    let point = (row.get::<Option<f64>>("lon")?, row.get::<Option<f64>>("lat")?);
    let original = (row.get::<Option<f64>>("original_x")?, row.get::<Option<f64>>("original_y")?);
    Ok(Station {
        id,
        code: row.get("code")?,
        name: row.get("name")?,
        class: row.parse("kind")?,
        region: row.parse("region")?,
        river: row.get("river")?,
        point: if let (Some(lon), Some(lat)) = point { Point::new(lon, lat).ok() } else { None },
        original: match (original, row.parse_opt("datum")?) {
            ((Some(x), Some(y)), Some(datum)) => Some(Coordinates { original: [x, y], datum }),
            _ => None,
        },
        protocol: row.parse("protocol")?,
        period_s: row.get("period_s")?,
        silent_after_s: row.get("silent_after_s")?,
        paused_until: row.get("paused_until")?,
        registered_at: row.get::<Timestamp>("registered_at")?,
        site: row.get("site")?,
        adopts: row.get("adopts")?,
        relay: row.get("relay")?,
        sensors,
        home: Home::from_row(row)?,
    })
}

fn sensor_from(row: &Row) -> Result<Sensor> {
    let checks: Option<String> = row.get("checks")?;
    Ok(Sensor {
        id: row.get("id")?,
        station: row.get("station")?,
        region: row.parse("region")?,
        quantity: row.parse("quantity")?,
        element: row.get("element")?,
        protocol: row.parse("protocol")?,
        period_s: row.get("period_s")?,
        mapping: Mapping {
            name: row.get("name")?,
            factor: row.get("factor")?,
            shift: row.get("shift")?,
            low: row.get("low")?,
            high: row.get("high")?,
        },
        checks: checks.map(|_| row.json("checks")).transpose()?,
        retention: row.get("retention")?,
        retired_at: row.get("retired_at")?,
    })
}
