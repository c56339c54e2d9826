//! Plain JSON into a payload: every form that was seen, and nothing guessed.

use base::Timestamp;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::super::envelope::{json, rest, shown};
use super::super::json::{JsonError, Limits, Members, Plain, items, plain};
use super::super::value::{Status, Value};
use super::{Alarm, Form, Names, Payload, Point, Quota, ReportKind, Row, TimeForm};

/// Why an open message is no report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    #[error("report is no JSON object: {0}")]
    Json(#[from] JsonError),
    #[error("{name} is {got}, expected {want}")]
    Member { name: &'static str, got: String, want: &'static str },
    #[error("{name} says two things, in the message and in its report")]
    Twice { name: String },
}

impl Payload {
    /// Reads an open message.
    ///
    /// # Errors
    /// [`PayloadError::Json`] when it is no JSON within limits, and the member that is
    /// missing or wrong otherwise. A row that is wrong is a [`Row::Bad`] and no error.
    pub fn parse(text: &str) -> Result<Payload, PayloadError> {
        Limits::DEFAULT.check(text)?;
        let mut members = Members::of(text)?;
        let is_nested =
            members.find("report").is_some_and(|value| matches!(plain(value), Plain::Object));
        if is_nested && let Some((_, inner)) = members.take(&["report"]) {
            for (name, value) in Members::of(inner.get())?.0 {
                match members.find(&name) {
                    Some(same) if same.get() == value.get() => {}
                    Some(_) => return Err(PayloadError::Twice { name: name.into_owned() }),
                    None => members.0.push((name, value)),
                }
            }
        }
        let (enterprise_name, enterprise) =
            id(&mut members, &["enterpriseId", "enterpriseCode"], "enterpriseId")?;
        let (_, gateway) = id(&mut members, &["gatewayId", "gatewayCode"], "gatewayId")?;
        let names = match enterprise_name {
            "enterpriseCode" => Names::Mine,
            _ => Names::Hazchem,
        };
        let (collected, time) = match members.take(&["collectTime"]).map(|it| plain(it.1)) {
            Some(Plain::Text(text)) => {
                let wrong = || member("collectTime", Some(Plain::Text(text.clone())), TIME);
                moment(&text).ok_or_else(wrong)?
            }
            other => return Err(member("collectTime", other, TIME)),
        };
        let (is_connected, has_text_flags) = match members.take(&["isConnectDataSource"]) {
            None => (None, names == Names::Hazchem),
            Some((_, value)) => match (flag(value), plain(value)) {
                (_, Plain::Null) => (None, names == Names::Hazchem),
                (Some(flag), it) => (Some(flag), matches!(it, Plain::Text(_))),
                (None, it) => {
                    return Err(member("isConnectDataSource", Some(it), "true or false"));
                }
            },
        };
        let data_id = optional(&mut members, "dataId")?;
        let data_type = optional(&mut members, "dataType")?;
        let kind = match optional(&mut members, "reportType")?.as_deref() {
            None | Some("report") => ReportKind::Report,
            Some("continues") => ReportKind::Continues,
            Some(other) => ReportKind::Other(other.to_owned()),
        };
        let rows = match members.take(&["datas"]) {
            Some((_, value)) if matches!(plain(value), Plain::List) => items(value)
                .unwrap_or_default()
                .into_iter()
                .map(|row| Row::read(row, data_type.as_deref()))
                .collect(),
            // Who has lost its instruments has nothing to list.
            other if is_connected == Some(false) && is_nothing(other) => Vec::new(),
            other => return Err(member("datas", other.map(|it| plain(it.1)), "a list")),
        };
        Ok(Payload {
            data_id,
            enterprise,
            enterprise_name: optional(&mut members, "enterpriseName")?,
            enterprise_type: optional(&mut members, "enterpriseType")?,
            gateway,
            collected,
            is_connected,
            kind,
            data_type,
            rows,
            form: Form { names, is_nested, time, has_text_flags },
            more: rest(members)?,
        })
    }
}

const TIME: &str = "yyyy-MM-dd HH:mm:ss or yyyyMMddHHmmss, Beijing time";
const ID: &str = "1 to 64 visible ASCII characters without @@";

impl Row {
    fn read(row: &RawValue, data_type: Option<&str>) -> Row {
        let bad = |reason: String| {
            let row = json(row).unwrap_or_else(|_| Json::from(row.get()));
            Row::Bad { reason, row }
        };
        let members = match Members::of(row.get()) {
            Ok(members) => members,
            Err(error) => return bad(error.to_string()),
        };
        let read = if members.find("quotaId").is_some() {
            Quota::read(members).map(Row::Quota)
        } else if data_type == Some("1001") {
            Alarm::read(members).map(|alarm| Row::Alarm(Box::new(alarm)))
        } else if data_type == Some("04") || members.find("pointValue").is_some() {
            Point::read(members).map(|point| Row::Point(Box::new(point)))
        } else {
            rest(members).map(Row::Other).map_err(PayloadError::from)
        };
        read.unwrap_or_else(|error| bad(error.to_string()))
    }
}

impl Quota {
    fn read(mut members: Members<'_>) -> Result<Quota, PayloadError> {
        let (_, quota_id) = id(&mut members, &["quotaId"], "quotaId")?;
        let value = value(&mut members, "value")?;
        let is_valid = match members.take(&["isValid"]) {
            None => None,
            Some((_, it)) => match (flag(it), plain(it)) {
                (_, Plain::Null) => None,
                (Some(flag), _) => Some(flag),
                (None, it) => return Err(member("isValid", Some(it), "true or false")),
            },
        };
        Ok(Quota { quota_id, value, is_valid, more: rest(members)? })
    }
}

impl Point {
    fn read(mut members: Members<'_>) -> Result<Point, PayloadError> {
        let (_, code) = id(&mut members, &["pointCode"], "pointCode")?;
        let value = value(&mut members, "pointValue")?;
        let said = optional(&mut members, "pointStatus")?;
        let status = said.as_deref().and_then(Status::parse);
        let mut place = optional(&mut members, "pointLocation")?;
        if place.is_none() {
            place = optional(&mut members, "pointName")?;
        }
        Ok(Point {
            ksbh: optional(&mut members, "ksbh")?,
            code,
            sensor_type: optional(&mut members, "sensorType")?,
            place,
            value,
            unit: optional(&mut members, "valueUnit")?,
            bad_status: said.filter(|_| status.is_none()),
            status,
            time: time(&mut members, "dataTime")?,
            more: rest(members)?,
        })
    }
}

impl Alarm {
    fn read(mut members: Members<'_>) -> Result<Alarm, PayloadError> {
        let start = time(&mut members, "alarmStartTime")?
            .ok_or_else(|| member("alarmStartTime", None, TIME))?;
        let mut code = optional(&mut members, "Alarmcode")?;
        if code.is_none() {
            code = optional(&mut members, "alarmCode")?;
        }
        Ok(Alarm {
            ksbh: optional(&mut members, "ksbh")?,
            start,
            end: time(&mut members, "alarmOverTime")?,
            level: optional(&mut members, "alarmLevel")?,
            status: optional(&mut members, "alarmStatus")?,
            kind: optional(&mut members, "alarmType")?,
            related: optional(&mut members, "relatedObj")?,
            code,
            description: optional(&mut members, "alarmDesc")?,
            more: rest(members)?,
        })
    }
}

fn member(name: &'static str, got: Option<Plain<'_>>, want: &'static str) -> PayloadError {
    PayloadError::Member { name, got: shown(got), want }
}

/// An id under one of two names, which must agree where both stand.
fn id(
    members: &mut Members<'_>,
    names: &[&'static str],
    shown_as: &'static str,
) -> Result<(&'static str, String), PayloadError> {
    let (name, value) = members.take(names).ok_or_else(|| member(shown_as, None, ID))?;
    let text = match plain(value) {
        Plain::Text(text) => text.into_owned(),
        Plain::Number(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.to_owned()
        }
        other => return Err(member(shown_as, Some(other), ID)),
    };
    let is_one = (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !text.contains("@@");
    if !is_one {
        return Err(member(shown_as, Some(Plain::Text(text.into())), ID));
    }
    match members.take(names) {
        Some((_, other)) if !matches!(plain(other), Plain::Text(same) if same == text) => {
            Err(PayloadError::Twice { name: shown_as.to_owned() })
        }
        _ => Ok((name, text)),
    }
}

/// Text that may be missing, null or empty; numbers and flags are taken as written.
fn optional(members: &mut Members<'_>, name: &'static str) -> Result<Option<String>, PayloadError> {
    let Some((_, value)) = members.take(&[name]) else { return Ok(None) };
    match plain(value) {
        Plain::Null => Ok(None),
        Plain::Text(text) => Ok(Some(text.into_owned()).filter(|text| !text.is_empty())),
        Plain::Number(text) => Ok(Some(text.to_owned())),
        Plain::Bool(it) => Ok(Some(it.to_string())),
        other => Err(member(name, Some(other), "text")),
    }
}

fn value(members: &mut Members<'_>, name: &'static str) -> Result<Value, PayloadError> {
    match members.take(&[name]).map(|(_, value)| plain(value)) {
        None | Some(Plain::Null) => Ok(Value::Empty),
        Some(Plain::Text(text)) => Ok(Value::parse(&text)),
        Some(Plain::Number(text)) => Ok(Value::parse(text)),
        // A switch that is told as a flag; what it means is the register's.
        Some(Plain::Bool(it)) => Ok(Value::parse(if it { "1" } else { "0" })),
        other => Err(member(name, other, "a number")),
    }
}

fn time(members: &mut Members<'_>, name: &'static str) -> Result<Option<Timestamp>, PayloadError> {
    let Some(text) = optional(members, name)? else { return Ok(None) };
    match moment(&text) {
        Some((moment, _)) => Ok(Some(moment)),
        None => Err(member(name, Some(Plain::Text(text.into())), TIME)),
    }
}

fn flag(value: &RawValue) -> Option<bool> {
    match plain(value) {
        Plain::Bool(it) => Some(it),
        Plain::Text(text) => match text.trim() {
            "true" | "TRUE" | "True" | "1" => Some(true),
            "false" | "FALSE" | "False" | "0" => Some(false),
            _ => None,
        },
        Plain::Number("1") => Some(true),
        Plain::Number("0") => Some(false),
        _ => None,
    }
}

fn is_nothing(value: Option<(&'static str, &RawValue)>) -> bool {
    value.is_none_or(|(_, value)| matches!(plain(value), Plain::Null))
}

/// Both forms, and nothing after them.
fn moment(text: &str) -> Option<(Timestamp, TimeForm)> {
    let (digits, form) = match text.len() {
        14 => (text.to_owned(), TimeForm::Compact),
        19 => {
            let marks = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
            let bytes = text.as_bytes();
            if !marks.iter().all(|(at, mark)| bytes[*at] == *mark) {
                return None;
            }
            let digits = text.replace(['-', ' ', ':'], "");
            (digits, TimeForm::Dashed)
        }
        _ => return None,
    };
    if digits.len() != 14 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let at = |from: usize, to: usize| digits[from..to].parse::<i16>().ok();
    let small = |from: usize| digits[from..from + 2].parse::<i8>().ok();
    let date = [at(0, 4)?, at(4, 6)?, at(6, 8)?];
    let moment = Timestamp::from_beijing(date, [small(8)?, small(10)?, small(12)?])?;
    Some((moment, form))
}
