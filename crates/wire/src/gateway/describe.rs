//! Messages as JSON for people and scripts: `fengsui decode gateway` and `encode gateway`.

use serde_json::{Map, Value as Json, json};

use super::cipher::{Key, KeyError};
use super::envelope::{Envelope, Failure, Message, MessageError, Response};
use super::open::plain;
use super::payload::{Alarm, Doubt, Payload, PayloadError, Point, Quota, ReportKind, Row};
use super::point::{self, DATA_TYPES, ENTERPRISE_TYPES, PointCode, QuotaCode, find};
use super::value::{Number, Value};

/// One JSON object that says everything the message says.
///
/// - `raw`: the bytes it was read from, with or without `@@`; what would not be written
///   the same way is added as hexadecimal digits, and goes before the rest on the way back.
/// - `key`: with it `plain` (what was closed, as it was) and `report` (what it means, for
///   reading) are added. The key itself never is.
pub fn describe(message: &Message, raw: &[u8], key: Option<&Key>) -> Json {
    let mut out = Map::new();
    let mut put = |name: &str, value: Json| out.insert(name.to_owned(), value);
    put("protocol", json!("gateway"));
    match message {
        Message::Request(envelope) => {
            put("direction", json!("up"));
            put("app_id", json!(envelope.app_id));
            put("service_id", json!(envelope.service_id));
            put("data_id", json!(envelope.data_id));
            if let Some(interface) = &envelope.interface {
                put("interface", json!(interface));
            }
            if let Some(params) = &envelope.params {
                put("params", params.clone());
            }
            put("data", json!(envelope.data));
            if !envelope.more.is_empty() {
                put("more", Json::Object(envelope.more.clone()));
            }
            if let Some(key) = key {
                out.extend(opened(&envelope.data, key));
            }
        }
        Message::Response(response) => {
            put("direction", json!("down"));
            put("success", json!(response.is_success));
            put("data_id", json!(response.data_id));
            if let Some(Failure { code, id, message }) = &response.error {
                put("error", json!({"code": code, "id": id, "message": message}));
            }
            if let Some(data) = &response.data {
                put("data", data.clone());
            }
        }
    }
    let raw = raw.strip_suffix(b"@@").unwrap_or(raw);
    if message.to_json().map(String::into_bytes).as_deref() != Ok(raw) {
        out.insert("raw".to_owned(), json!(hex::encode_upper(raw)));
    }
    Json::Object(out)
}

fn opened(data: &str, key: &Key) -> Map<String, Json> {
    let mut out = Map::new();
    match plain(data, key) {
        // Whoever has the key may know why it does not fit.
        Err(error) => {
            out.insert("open_error".to_owned(), json!(error.cause.to_string()));
        }
        Ok(text) => {
            let as_json = serde_json::from_str::<Json>(&text).ok();
            let as_json =
                as_json.filter(|it| serde_json::to_string(it).is_ok_and(|same| same == text));
            out.insert("plain".to_owned(), as_json.unwrap_or_else(|| json!(text)));
            match Payload::parse(&text) {
                Ok(payload) => out.insert("report".to_owned(), report(&payload)),
                Err(error) => out.insert("report_error".to_owned(), json!(error.to_string())),
            };
        }
    }
    out
}

fn report(payload: &Payload) -> Json {
    let mut out = Map::new();
    let mut put = |name: &str, value: Json| out.insert(name.to_owned(), value);
    put("enterprise", json!(payload.enterprise));
    put("enterprise_name", json!(payload.enterprise_name));
    if let Some(kind) = &payload.enterprise_type {
        let word = find(&ENTERPRISE_TYPES, kind).map(|row| row.word);
        put("enterprise_type", json!({"code": kind, "name": word}));
    }
    put("gateway", json!(payload.gateway));
    put("collected", time(payload.collected));
    put("is_connected", json!(payload.is_connected));
    put("is_caught_up", json!(payload.kind == ReportKind::Continues));
    if let Some(kind) = &payload.data_type {
        let word = find(&DATA_TYPES, kind).map(|row| row.word);
        put("data_type", json!({"code": kind, "name": word}));
    }
    let mut doubts = payload.readings().map(|reading| reading.doubt);
    let rows = payload.rows.iter().map(|it| match it {
        Row::Quota(it) => with_doubt(quota(it), doubts.next()),
        Row::Point(it) => with_doubt(point(it), doubts.next()),
        Row::Alarm(it) => alarm(it),
        Row::Other(members) => json!({"other": members}),
        Row::Bad { reason, row } => json!({"error": reason, "row": row}),
    });
    let rows = rows.collect();
    put("rows", rows);
    Json::Object(out)
}

fn quota(quota: &Quota) -> Json {
    let word = QuotaCode::parse(&quota.quota_id).map(|code| code.word());
    json!({"point": quota.quota_id, "name": word, "value": value(&quota.value)})
}

fn point(it: &Point) -> Json {
    let code = PointCode::parse(&it.code);
    let kind = code.and_then(|code| find(&point::VALUE_KINDS, code.kind)).map(|row| row.word);
    let status =
        it.status.map(|status| json!({"bits": status.to_string(), "names": status.words()}));
    json!({
        "point": it.code, "kind": kind, "place": it.place, "value": value(&it.value),
        "unit": it.unit, "status": status, "unread_status": it.bad_status,
        "time": it.time.map(time),
    })
}

fn alarm(alarm: &Alarm) -> Json {
    json!({
        "alarm": alarm.code, "related": alarm.related, "start": time(alarm.start),
        "end": alarm.end.map(time), "level": alarm.level, "status": alarm.status,
        "kind": alarm.kind, "description": alarm.description,
    })
}

fn with_doubt(mut row: Json, doubt: Option<Doubt>) -> Json {
    let word = match doubt {
        None | Some(Doubt::None) => return row,
        Some(Doubt::LinkLost) => "link_lost",
        Some(Doubt::Invalid) => "invalid",
        Some(Doubt::Status) => "status",
    };
    row["doubt"] = json!(word);
    row
}

/// A number, null where there is none, or what stands in its place.
fn value(value: &Value) -> Json {
    match value {
        Value::Number(number) => json!(Number::value(number)),
        Value::Empty => Json::Null,
        Value::Bad(text) => json!({"unread": text}),
    }
}

fn time(moment: base::Timestamp) -> Json {
    json!(format!("{}+08:00", moment.to_beijing().replace(' ', "T")))
}

/// Why a description gives no message.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DescriptionError {
    #[error("{name} is {got}, expected {want}")]
    Field { name: &'static str, got: String, want: &'static str },
    #[error("message cannot be written: {0}")]
    Message(#[from] MessageError),
    #[error("plain is no report: {0}")]
    Payload(#[from] PayloadError),
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// The bytes of a message, with its `@@`, of a description as [`describe`] gives it.
///
/// `raw` goes before everything; `data` before `plain`, which needs the key.
///
/// # Errors
/// [`DescriptionError`] names the field.
pub fn from_description(
    description: &Json,
    key: Option<&Key>,
) -> Result<Vec<u8>, DescriptionError> {
    let field = |name: &'static str, want: &'static str| {
        let got = description
            .get(name)
            .map_or("missing".to_owned(), |it| it.to_string().chars().take(60).collect());
        DescriptionError::Field { name, got, want }
    };
    let find = |name: &str| description.get(name).filter(|it| !it.is_null());
    let text = |name: &'static str| {
        let text = find(name).and_then(Json::as_str).map(str::to_owned);
        text.ok_or_else(|| field(name, "text"))
    };
    if find("raw").is_some() {
        let digits = hex::decode(text("raw")?);
        let mut bytes = digits.map_err(|_| field("raw", "pairs of hexadecimal digits"))?;
        bytes.extend(super::END);
        let (_, rest) = super::parse(&bytes)?;
        return match rest.is_empty() {
            true => Ok(bytes),
            false => Err(field("raw", "one message without its @@")),
        };
    }
    if text("direction")? == "down" {
        let is_success = find("success").and_then(Json::as_bool);
        let error = find("error").map(|error| {
            let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
            Failure { code: text("code"), id: text("id"), message: text("message") }
        });
        let response = Response {
            is_success: is_success.ok_or_else(|| field("success", "true or false"))?,
            data_id: find("data_id").map(|_| text("data_id")).transpose()?,
            error,
            data: find("data").cloned(),
        };
        return Ok(response.to_bytes());
    }
    let data = match (find("data"), find("plain"), key) {
        (Some(_), ..) => text("data")?,
        (None, Some(plain), Some(key)) => {
            let plain = plain.as_str().map_or_else(|| plain.to_string(), str::to_owned);
            Payload::parse(&plain)?;
            key.close(plain.as_bytes())
        }
        (None, Some(_), None) => return Err(field("plain", "a key to close it with")),
        (None, None, _) => return Err(field("data", "it, or plain and a key")),
    };
    let envelope = Envelope {
        app_id: text("app_id")?,
        service_id: text("service_id")?,
        data_id: text("data_id")?,
        data,
        interface: find("interface").map(|_| text("interface")).transpose()?,
        params: find("params").cloned(),
        more: find("more").and_then(Json::as_object).cloned().unwrap_or_default(),
    };
    Ok(super::write(&Message::Request(envelope))?)
}
