//! The `@@` gateway protocol of hazchem enterprises and mines: who sends, what opens it,
//! and what points are called here.
//!
//! The `appId` that a gateway is given is its own code (enterprise and two digits), so
//! that who sends is known before anything is opened, and a message whose inside names
//! another gateway is refused. The unit of a point is not on the wire: it is the
//! sensor's mapping.

mod persons;
mod ways;

use std::sync::Arc;

use axum::http::StatusCode;
use base::quantity::Grade;
use base::{AdminCode, Duration, Quality, Quantity, Timestamp};
use wire::gateway::{
    Doubt, Envelope, FailureId, Key, Message, OpenError, Payload, PayloadError, Platform,
    PlatformConfig, QuotaCode, ReportKind, Response, Row, Value, layout, open, parse,
};
use wire::session::{CommandError, CommandId, Outcome, Output, Session, Token};

use super::{
    AboutPersons, Dialect, Doors, Element, Gist, Observation, Omission, PasswordForm, PersonTable,
    Said, Span, Suggestion, Unread, Way, Why,
};
use crate::gateway::Converses;
use crate::gateway::http::{Answer, Posted, Posts, Taken, Untaken};
use crate::station::Mapping;

/// Front-end gateways of enterprises, over TCP and HTTP.
pub struct Gateway;

/// A message on its way: closed as it came, and what was in it once a key has fitted.
pub struct Closed {
    envelope: Envelope,
    opened: Option<Result<Payload, PayloadError>>,
}

/// The two lengths of a gateway's code: enterprise of hazchem (9) or of mines (12), and
/// two digits.
const LENGTHS: [usize; 2] = [11, 14];

impl Dialect for Gateway {
    type Message = Box<Closed>;

    const WORD: &'static str = "网关 JSON";
    const STANDARD: &'static str = "危险化学品与非煤矿山感知数据网关协议";
    const PASSWORD: Option<PasswordForm> = Some(PasswordForm {
        word: "aes 或 sm4，base64 或 hex，密钥，向量（以空格分隔）",
        word_en: "aes or sm4, base64 or hex, key and vector, with blanks between",
        longest: 160,
    });
    const NEEDS_KEY: bool = true;
    const IS_OPEN: bool = true;

    fn code(typed: &str) -> Result<String, &'static str> {
        let typed = typed.trim();
        let is_one = LENGTHS.contains(&typed.len()) && typed.bytes().all(|it| it.is_ascii_digit());
        is_one.then(|| typed.to_owned()).ok_or("11 or 14 digits: enterprise and gateway")
    }

    fn password(typed: &str) -> Result<String, &'static str> {
        let key = Key::parse(typed).map(|key| key.words());
        key.map_err(|_| "aes|sm4 base64|hex KEY IV, of 16 or 32 and 16 characters")
    }

    /// AES-256: thirty-two hexadecimal digits for the key and sixteen for the vector, all
    /// of them characters that every encoder of the field takes.
    fn new_key(random: &[u8; 32]) -> Option<String> {
        let digits = hex::encode(random);
        Some(format!("aes base64 {} {}", digits.get(..32)?, digits.get(32..48)?))
    }

    /// The division that an enterprise's number begins with; inferred, and only a
    /// suggestion for whoever admits it.
    fn division(code: &str) -> Option<AdminCode> {
        code.get(..6)?.parse().ok()
    }

    /// A point is called by its enterprise's numbers; none is everybody's.
    fn elements() -> Vec<Element> {
        Vec::new()
    }

    fn suggestion(code: &str) -> Option<Suggestion> {
        let is_one = (1..=64).contains(&code.len())
            && code.bytes().all(|byte| byte.is_ascii_graphic())
            && !code.contains("@@");
        if !is_one {
            return None;
        }
        let quota = QuotaCode::parse(code);
        let name = quota.map(|quota| quota.word());
        let quantity = quota.and_then(|quota| quantity(quota.indicator));
        Some(Suggestion { quantity, mapping: Mapping { name, ..Mapping::default() } })
    }

    fn element_word(code: &str) -> Option<&'static str> {
        Some(QuotaCode::parse(code)?.indicator()?.word)
    }

    fn sender(message: &Box<Closed>) -> String {
        message.envelope.app_id.clone()
    }

    fn proves(message: &mut Box<Closed>, key: &str) -> bool {
        let Ok(key) = Key::parse(key) else { return false };
        message.opened = match open(&message.envelope, &key) {
            Ok(payload) => Some(Ok(payload)),
            Err(OpenError::Payload(error)) => Some(Err(error)),
            Err(OpenError::Unopened(_)) => None,
        };
        message.opened.is_some()
    }

    /// None was seen in this protocol.
    fn is_heartbeat(_: &Box<Closed>) -> bool {
        false
    }

    /// When the values were collected, of what is told at once; what was stored while the
    /// link was broken tells of then.
    fn sent(message: &Box<Closed>) -> Option<Timestamp> {
        let payload = message.opened.as_ref()?.as_ref().ok()?;
        (payload.kind == ReportKind::Report).then_some(payload.collected)
    }

    fn read(message: &Box<Closed>, _: Timestamp) -> Result<Vec<Said<'_>>, Unread> {
        let unread = |reason: String| Unread { reason, offset: None };
        let payload = match &message.opened {
            Some(Ok(payload)) => payload,
            Some(Err(error)) => return Err(unread(error.to_string())),
            None => return Err(unread("message is closed, expected one that was opened".into())),
        };
        let (gateway, sender) = (&payload.gateway, &message.envelope.app_id);
        if gateway != sender {
            let reason = format!("message of {sender} speaks for gateway {gateway}");
            return Err(unread(reason));
        }
        // What was stored while the link was broken tells of then.
        let is_now = payload.kind == ReportKind::Report;
        let is_cut = payload.is_connected.filter(|_| is_now).map(|connected| !connected);
        let mut said = Said { is_cut, ..Said::default() };
        for reading in payload.readings() {
            let why = match reading.value {
                Value::Number(number) => {
                    said.observations.push(Observation {
                        element: reading.point.into(),
                        time: reading.time,
                        value: number.value(),
                        quality: quality(reading.doubt),
                    });
                    continue;
                }
                Value::Empty => (Why::Missing, String::new()),
                Value::Bad(text) => (Why::Unreadable, text.to_string()),
            };
            let element = reading.point.to_owned();
            said.omissions.push(Omission { element, why: why.0, value: why.1 });
        }
        let kind = payload.data_type.as_deref().unwrap_or("datas");
        said.omissions.extend(payload.rows.iter().filter_map(|row| kept(row, kind)));
        if persons::about(payload).is_some() {
            // Who is where goes no further than the sealed message.
            said.omissions.iter_mut().for_each(|omission| omission.value.clear());
        }
        Ok(vec![said])
    }

    fn persons(message: &Box<Closed>) -> Option<AboutPersons> {
        persons::about(message.opened.as_ref()?.as_ref().ok()?)
    }

    fn person_kind(kind: &str) -> Option<(&'static str, &'static str)> {
        persons::word(kind)
    }

    fn person_table(message: &Box<Closed>, _: &[u8]) -> Option<PersonTable> {
        Some(persons::table(message.opened.as_ref()?.as_ref().ok()?))
    }

    fn again(_: &str, raw: &[u8]) -> Option<Box<Closed>> {
        closed(raw)
    }

    fn reopens(message: &mut Box<Closed>, key: &str) -> bool {
        Gateway::proves(message, key)
    }

    fn ways(code: &str, doors: &Doors, now: Timestamp) -> Vec<Way> {
        ways::ways(code, doors, now)
    }

    fn layout(raw: &[u8]) -> Vec<Span> {
        layout(raw).into_iter().map(Span::from).collect()
    }

    /// The digits that stand where an `appId` should.
    fn suspect(raw: &[u8]) -> Option<String> {
        let text = String::from_utf8_lossy(raw.get(..raw.len().min(4_096))?);
        let (_, after) = text.split_once("\"appId\"")?;
        let (_, after) = after.split_once('"')?;
        let (id, _) = after.split_once('"')?;
        Self::code(id).ok()
    }
}

/// A message as it came, by either door.
fn closed(raw: &[u8]) -> Option<Box<Closed>> {
    let message = match parse(raw) {
        Ok((message, _)) => message,
        // The body of a request has no marks.
        Err(_) => Message::parse(raw.trim_ascii()).ok()?,
    };
    match message {
        Message::Request(envelope) => Some(Box::new(Closed { envelope, opened: None })),
        Message::Response(_) => None,
    }
}

/// What the two letters of an indicator measure; the table of letters says how sure.
/// Of a toxic gas nobody knows the unit before its register does.
fn quantity(indicator: &str) -> Option<Quantity> {
    Some(match indicator {
        "YW" => Quantity::LiquidLevel,
        "YL" => Quantity::GaugePressure,
        "WD" => Quantity::MediumTemperature,
        "LL" => Quantity::VolumeFlow,
        "KR" => Quantity::CombustibleGas,
        _ => return None,
    })
}

fn quality(doubt: Doubt) -> Quality {
    match doubt {
        Doubt::None => Quality::GOOD,
        Doubt::LinkLost => Quality::new(Grade::Uncertain, Quality::BY_LINK),
        Doubt::Invalid | Doubt::Status => Quality::new(Grade::Bad, Quality::BY_DEVICE),
    }
}

/// What of a row becomes no reading though it is no value: counted, and kept in its frame.
fn kept(row: &Row, kind: &str) -> Option<Omission> {
    let omission = |element: &str, why, value: String| {
        let (element, value) = (element.to_owned(), value.chars().take(120).collect());
        Some(Omission { element, why, value })
    };
    match row {
        Row::Quota(_) | Row::Point(_) => None,
        Row::Alarm(alarm) => {
            let element = alarm.related.as_deref().unwrap_or(kind);
            let value = alarm.description.clone().unwrap_or_default();
            omission(element, Why::NoQuantity, value)
        }
        Row::Other(members) => {
            omission(kind, Why::NoQuantity, serde_json::to_string(members).unwrap_or_default())
        }
        Row::Bad { reason, .. } => omission(kind, Why::Unreadable, reason.clone()),
    }
}

/// The platform's session, whose frames can be opened.
pub struct Talk(Platform);

impl Session for Talk {
    type Frame = Box<Closed>;
    type Command = std::convert::Infallible;

    fn input(&mut self, now: Timestamp, bytes: &[u8]) {
        self.0.input(now, bytes);
    }

    fn poll(&mut self) -> Option<Output<Box<Closed>>> {
        Some(match self.0.poll()? {
            Output::Frame { token, frame: envelope, raw } => {
                let frame = Box::new(Closed { envelope, opened: None });
                Output::Frame { token, frame, raw }
            }
            Output::Send(bytes) => Output::Send(bytes),
            Output::Reject { raw, reason } => Output::Reject { raw, reason },
            Output::Done { command, result } => Output::Done { command, result },
            Output::Close(reason) => Output::Close(reason),
        })
    }

    fn settle(&mut self, now: Timestamp, token: Token, outcome: Outcome) {
        self.0.settle(now, token, outcome);
    }

    fn command(
        &mut self,
        _: Timestamp,
        command: std::convert::Infallible,
    ) -> Result<CommandId, CommandError> {
        match command {}
    }

    fn deadline(&self) -> Option<Timestamp> {
        self.0.deadline()
    }

    fn tick(&mut self, now: Timestamp) {
        self.0.tick(now);
    }
}

impl Converses for Gateway {
    type Session = Talk;
    type Limits = PlatformConfig;
    type Shared = ();

    fn limits() -> PlatformConfig {
        PlatformConfig::default()
    }

    fn open(limits: &PlatformConfig, _: &Arc<()>, now: Timestamp) -> Talk {
        Talk(Platform::new(limits.clone(), now))
    }

    fn longest_wait(limits: &PlatformConfig) -> Duration {
        limits.partial
    }
}

/// `POST /ingest/gateway` of the same envelope, with or without its `@@`. The key is in
/// what is closed, so HTTP's own credentials are not asked for.
impl Posts for Gateway {
    type Ticket = String;

    const LONGEST: usize = 1 << 20;

    fn take(posted: Posted<'_>) -> Result<Taken<Gateway>, Untaken> {
        let raw = posted.body;
        let Some(message) = closed(&raw) else {
            let reason = match Message::parse(raw.trim_ascii()) {
                Ok(_) => "message is an answer, expected one of a gateway".to_owned(),
                Err(error) => error.to_string(),
            };
            let suspect = <Gateway as Dialect>::suspect(&raw);
            return Err(Untaken {
                status: StatusCode::BAD_REQUEST,
                code: "no-message",
                reason,
                evidence: Some((raw, suspect)),
            });
        };
        let ticket = message.envelope.data_id.clone();
        Ok(Taken { message, raw, ticket })
    }

    fn answer(data_id: String, outcome: &Outcome, _: Option<Gist>) -> Answer {
        let (status, response) = match outcome {
            Outcome::Stored => (StatusCode::OK, Response::success(&data_id)),
            Outcome::Refused(reason) => {
                let failure = FailureId::of(reason);
                (StatusCode::FORBIDDEN, Response::failure(Some(&data_id), failure))
            }
            // It opened, and says nothing that can be read: to send it again changes nothing.
            Outcome::Unreadable(reason) => {
                let failure = FailureId::of(reason);
                (StatusCode::UNPROCESSABLE_ENTITY, Response::failure(Some(&data_id), failure))
            }
            Outcome::Busy => {
                let failure = FailureId::SystemError;
                (StatusCode::TOO_MANY_REQUESTS, Response::failure(Some(&data_id), failure))
            }
        };
        let content_type = "application/json";
        Answer { status, content_type, body: response.to_json().into_bytes() }
    }
}
