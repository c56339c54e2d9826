//! What stands between two `@@`: the closed message of a gateway, and the platform's answer.

use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use super::json::{JsonError, Limits, Members, Plain, plain};

/// The two bytes after every message, in both directions.
pub const END: [u8; 2] = *b"@@";

/// One message as a gateway sends it; who it is from is for the caller to find by
/// `app_id`, and what it says is opened with that one's key ([`super::open`]).
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// Issued to the enterprise's gateway.
    pub app_id: String,
    /// Issued with the key; one key and vector for each service.
    pub service_id: String,
    /// Names the message; the answer repeats it.
    pub data_id: String,
    /// The closed payload, base64 or hex.
    pub data: String,
    /// What kind of call it is; none is the report of real-time data.
    pub interface: Option<String>,
    pub params: Option<Json>,
    /// Members that this protocol does not have, in their order.
    pub more: Map<String, Json>,
}

/// What the platform says to one message.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    pub is_success: bool,
    /// `None` where nothing that came could be named.
    pub data_id: Option<String>,
    pub error: Option<Failure>,
    pub data: Option<Json>,
}

/// Why a message was not taken, as its sender is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// `400`, `401`.
    pub code: String,
    pub id: String,
    pub message: String,
}

/// The failures that are known to be answered (from code of the field).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureId {
    /// No such service was issued.
    InvalidServiceId,
    InvalidInterface,
    /// Everything else.
    SystemError,
}

/// One message of either direction.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    Request(Envelope),
    Response(Response),
}

/// Why bytes are no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    #[error("message is not ended by @@ after {got} bytes")]
    Short { got: usize },
    #[error("message has more than the {limit} bytes taken")]
    Long { limit: usize },
    #[error("message is no UTF-8 text, from byte {0} on")]
    Text(usize),
    #[error("message is no JSON object: {0}")]
    Json(#[from] JsonError),
    #[error("{name} is {got}, expected {want}")]
    Member { name: &'static str, got: String, want: &'static str },
}

impl FailureId {
    pub const ALL: [FailureId; 3] =
        [FailureId::InvalidServiceId, FailureId::InvalidInterface, FailureId::SystemError];

    pub fn code(self) -> &'static str {
        match self {
            FailureId::InvalidServiceId => "401",
            FailureId::InvalidInterface | FailureId::SystemError => "400",
        }
    }

    pub fn id(self) -> &'static str {
        match self {
            FailureId::InvalidServiceId => "INVALID_SERVICE_ID",
            FailureId::InvalidInterface => "INVALID_INTERFACE",
            FailureId::SystemError => "SYSTEM_ERROR",
        }
    }

    /// The id that a reason begins with; every other reason is a [`FailureId::SystemError`].
    pub fn of(reason: &str) -> FailureId {
        let named = |it: &FailureId| reason.starts_with(it.id());
        FailureId::ALL.into_iter().find(named).unwrap_or(FailureId::SystemError)
    }

    /// What is said with it; one sentence each, so that nobody learns by trying.
    fn message(self) -> &'static str {
        match self {
            FailureId::InvalidServiceId => "service is not issued here",
            FailureId::InvalidInterface => "interface is not served here",
            FailureId::SystemError => "message is not taken",
        }
    }
}

/// Names of interfaces of the same family that carry no readings (dual prevention).
pub const OTHER_INTERFACES: [&str; 8] = [
    "RECEIVE_OBJECT_LIST",
    "RECEIVE_UNIT_LIST",
    "RECEIVE_EVENT_LIST",
    "RECEIVE_CONTROL_MEASURES_LIST",
    "RECEIVE_MEASURES_TASK_LIST",
    "RECEIVE_MEASURES_TASK_RECORD_LIST",
    "RECEIVE_DANGER_INVESTIGATION_LIST",
    "RECEIVE_IMGT_LIST",
];

/// Reads one message and its `@@`; returns it and the rest. Blanks before it are passed over.
///
/// # Errors
/// [`MessageError::Short`] when no `@@` comes, and what is wrong before it otherwise.
pub fn parse(bytes: &[u8]) -> Result<(Message, &[u8]), MessageError> {
    let end = super::scan::find_end(bytes, 0);
    let Some(end) = end else { return Err(MessageError::Short { got: bytes.len() }) };
    Ok((Message::parse(&bytes[..end])?, &bytes[end + END.len()..]))
}

/// Writes one message and its `@@`.
///
/// # Errors
/// [`MessageError::Member`] when a member of it cannot stand in a message.
pub fn write(message: &Message) -> Result<Vec<u8>, MessageError> {
    let mut bytes = message.to_json()?.into_bytes();
    bytes.extend(END);
    Ok(bytes)
}

impl Message {
    /// Reads what stands before `@@`, or is the body of an HTTP request.
    ///
    /// # Errors
    /// [`MessageError`] names the member.
    pub fn parse(bytes: &[u8]) -> Result<Message, MessageError> {
        let text =
            std::str::from_utf8(bytes).map_err(|error| MessageError::Text(error.valid_up_to()))?;
        Limits::DEFAULT.check(text)?;
        let members = Members::of(text)?;
        match members.find("success") {
            Some(_) => Response::read(members).map(Message::Response),
            None => Envelope::read(members).map(Message::Request),
        }
    }

    /// Without the `@@`.
    ///
    /// # Errors
    /// As [`write`].
    pub fn to_json(&self) -> Result<String, MessageError> {
        match self {
            Message::Request(envelope) => envelope.to_json(),
            Message::Response(response) => Ok(response.to_json()),
        }
    }
}

impl Envelope {
    /// The longest id that is taken, in characters.
    pub const LONGEST_ID: usize = 128;

    fn read(mut members: Members<'_>) -> Result<Envelope, MessageError> {
        let envelope = Envelope {
            app_id: id(&mut members, "appId")?,
            service_id: id(&mut members, "serviceId")?,
            data_id: id(&mut members, "dataId")?,
            data: match members.take(&["data"]).map(|(_, value)| plain(value)) {
                Some(Plain::Text(text)) if !text.is_empty() => text.into_owned(),
                other => return Err(wrong("data", other, "base64 or hex text")),
            },
            interface: match members.take(&["interfaceCode"]).map(|(_, value)| plain(value)) {
                None | Some(Plain::Null) => None,
                Some(Plain::Text(text)) if text.is_empty() => None,
                Some(Plain::Text(text)) => Some(checked("interfaceCode", text.into_owned())?),
                other => return Err(wrong("interfaceCode", other, "text")),
            },
            params: match members.take(&["params"]) {
                None => None,
                Some((_, value)) => Some(json(value)?).filter(|value| !value.is_null()),
            },
            more: rest(members)?,
        };
        Ok(envelope)
    }

    fn to_json(&self) -> Result<String, MessageError> {
        let mut out = Map::new();
        for (name, id) in
            [("appId", &self.app_id), ("serviceId", &self.service_id), ("dataId", &self.data_id)]
        {
            out.insert(name.to_owned(), Json::from(checked(name, id.clone())?));
        }
        if let Some(interface) = &self.interface {
            let interface = checked("interfaceCode", interface.clone())?;
            out.insert("interfaceCode".to_owned(), Json::from(interface));
        }
        out.insert("data".to_owned(), Json::from(self.data.clone()));
        if let Some(params) = &self.params {
            out.insert("params".to_owned(), params.clone());
        }
        for (name, value) in &self.more {
            out.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let text = Json::Object(out).to_string();
        match text.contains("@@") || self.data.is_empty() {
            true => Err(MessageError::Member {
                name: "message",
                got: "one with @@ inside, or without data".to_owned(),
                want: "none of both",
            }),
            false => Ok(text),
        }
    }
}

impl Response {
    pub fn success(data_id: &str) -> Response {
        let data_id = Some(data_id.to_owned());
        Response { is_success: true, data_id, error: None, data: None }
    }

    pub fn failure(data_id: Option<&str>, id: FailureId) -> Response {
        let error = Failure {
            code: id.code().to_owned(),
            id: id.id().to_owned(),
            message: id.message().to_owned(),
        };
        let data_id = data_id.map(str::to_owned);
        Response { is_success: false, data_id, error: Some(error), data: None }
    }

    fn read(mut members: Members<'_>) -> Result<Response, MessageError> {
        let is_success = match members.take(&["success"]).map(|(_, value)| plain(value)) {
            Some(Plain::Bool(is_success)) => is_success,
            Some(Plain::Text(text)) if text == "true" => true,
            Some(Plain::Text(text)) if text == "false" => false,
            other => return Err(wrong("success", other, "true or false")),
        };
        let data_id = match members.take(&["dataId"]).map(|(_, value)| plain(value)) {
            None | Some(Plain::Null) => None,
            Some(Plain::Text(text)) => Some(text.into_owned()),
            other => return Err(wrong("dataId", other, "text")),
        };
        let error = match members.take(&["error"]) {
            None => None,
            Some((_, value)) if matches!(plain(value), Plain::Null) => None,
            Some((_, value)) => Some(Failure::read(value)?),
        };
        let data = match members.take(&["data"]) {
            None => None,
            Some((_, value)) => Some(json(value)?).filter(|value| !value.is_null()),
        };
        Ok(Response { is_success, data_id, error, data })
    }

    /// One line of JSON, without `@@`; a text that would bring one is broken by an escape.
    pub fn to_json(&self) -> String {
        let mut out = Map::new();
        out.insert("success".to_owned(), Json::from(self.is_success));
        out.insert("dataId".to_owned(), Json::from(self.data_id.clone()));
        if let Some(Failure { code, id, message }) = &self.error {
            let error = serde_json::json!({"code": code, "id": id, "message": message});
            out.insert("error".to_owned(), error);
        }
        if let Some(data) = &self.data {
            out.insert("data".to_owned(), data.clone());
        }
        Json::Object(out).to_string().replace("@@", "@\\u0040")
    }

    /// The bytes for a stream.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.to_json().into_bytes();
        bytes.extend(END);
        bytes
    }
}

impl Failure {
    fn read(value: &RawValue) -> Result<Failure, MessageError> {
        let mut members = Members::of(value.get())?;
        let mut text = |name| match members.take(&[name]).map(|(_, value)| plain(value)) {
            Some(Plain::Text(text)) => text.into_owned(),
            Some(Plain::Number(number)) => number.to_owned(),
            _ => String::new(),
        };
        Ok(Failure { code: text("code"), id: text("id"), message: text("message") })
    }
}

fn id(members: &mut Members<'_>, name: &'static str) -> Result<String, MessageError> {
    match members.take(&[name]).map(|(_, value)| plain(value)) {
        Some(Plain::Text(text)) => checked(name, text.into_owned()),
        other => Err(wrong(name, other, ID)),
    }
}

const ID: &str = "1 to 128 characters, none of control, without @@ and blanks at the ends";

fn checked(name: &'static str, id: String) -> Result<String, MessageError> {
    let length = id.chars().count();
    let is_one = (1..=Envelope::LONGEST_ID).contains(&length)
        && !id.contains("@@")
        && id.trim() == id
        && !id.chars().any(char::is_control);
    match is_one {
        true => Ok(id),
        false => Err(wrong(name, Some(Plain::Text(id.into())), ID)),
    }
}

pub(super) fn wrong(
    name: &'static str,
    got: Option<Plain<'_>>,
    want: &'static str,
) -> MessageError {
    MessageError::Member { name, got: shown(got), want }
}

/// What was there instead, cut to what fits a line.
pub(super) fn shown(got: Option<Plain<'_>>) -> String {
    match got {
        None => "missing".to_owned(),
        Some(Plain::Null) => "null".to_owned(),
        Some(Plain::Bool(it)) => it.to_string(),
        Some(Plain::Number(text)) => text.chars().take(40).collect(),
        Some(Plain::Text(text)) => format!("{:?}", text.chars().take(40).collect::<String>()),
        Some(Plain::Object) => "an object".to_owned(),
        Some(Plain::List) => "a list".to_owned(),
    }
}

pub(super) fn json(value: &RawValue) -> Result<Json, JsonError> {
    serde_json::from_str(value.get()).map_err(|error| JsonError::Syntax(error.to_string()))
}

/// What is left after everything known was taken.
pub(super) fn rest(members: Members<'_>) -> Result<Map<String, Json>, JsonError> {
    members.0.into_iter().map(|(name, value)| Ok((name.into_owned(), json(value)?))).collect()
}
