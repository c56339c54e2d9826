//! A packet from its description.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value as Json};

use super::{Connack, Connect, Packet, Publish, Qos, Version, Will};

/// Why a description is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key:?} is {seen}, expected {expected}")]
pub struct DescriptionError {
    key: String,
    seen: String,
    expected: &'static str,
}

/// The packet that [`super::describe`] describes so; what is not named is absent, 0 or
/// false.
///
/// # Errors
/// [`DescriptionError`] names the key that is not as it should be.
pub fn from_description(document: &Json) -> Result<(Version, Packet), DescriptionError> {
    let empty = Map::new();
    let fields = Fields(document.as_object().unwrap_or(&empty));
    let version = match fields.0.get("version").and_then(Json::as_str) {
        Some("3.1.1") => Version::V3,
        Some("5.0") => Version::V5,
        _ => return Err(fields.wrong("version", "3.1.1 or 5.0")),
    };
    let packet = match fields.0.get("packet").and_then(Json::as_str).unwrap_or_default() {
        "connect" => Packet::Connect(Box::new(connect(version, &fields)?)),
        "connack" => Packet::Connack(Box::new(Connack {
            is_present: fields.flag("session_present")?.unwrap_or(false),
            reason: fields.number("reason")?.unwrap_or(0),
            expiry: fields.number("session_expiry")?,
            receive_max: fields.number("receive_maximum")?,
            max_qos: fields.number("maximum_qos")?,
            retains: fields.flag("retain_available")?,
            max_packet: fields.number("maximum_packet")?,
            client: fields.text("client")?,
            alias_max: fields.number("topic_alias_maximum")?,
            keep_alive: fields.number("keep_alive")?,
            has_identifiers: fields.flag("identifiers_available")?,
            has_shared: fields.flag("shared_available")?,
            text: fields.text("text")?,
        })),
        "publish" => Packet::Publish(Publish {
            qos: fields.qos("qos")?,
            pid: fields.number("id")?.unwrap_or(0),
            is_retained: fields.flag("retain")?.unwrap_or(false),
            is_again: fields.flag("again")?.unwrap_or(false),
            alias: fields.number("alias")?,
            expiry: fields.number("expiry")?,
            response_topic: fields.text("response_topic")?,
            correlation: fields.data("correlation")?,
            content_type: fields.text("content_type")?,
            ..Publish::new(
                fields.text("topic")?.unwrap_or_default(),
                fields.data("payload")?.unwrap_or_default(),
            )
        }),
        "puback" => Packet::Puback { pid: fields.id()?, reason: fields.reason()? },
        "pubrec" => Packet::Pubrec { pid: fields.id()?, reason: fields.reason()? },
        "pubrel" => Packet::Pubrel { pid: fields.id()? },
        "pubcomp" => Packet::Pubcomp { pid: fields.id()?, reason: fields.reason()? },
        "subscribe" => {
            let filters = fields.list("filters")?.iter().map(|filter| {
                let wrong = || fields.wrong("filters", "objects with filter and qos");
                let item = Fields(filter.as_object().ok_or_else(wrong)?);
                Ok((item.text("filter")?.ok_or_else(wrong)?, item.qos("qos")?))
            });
            Packet::Subscribe {
                pid: fields.id()?,
                has_identifier: fields.flag("has_identifier")?.unwrap_or(false),
                filters: filters.collect::<Result<_, DescriptionError>>()?,
            }
        }
        "suback" => Packet::Suback { pid: fields.id()?, codes: fields.codes()? },
        "unsubscribe" => {
            let filters = fields.list("filters")?.iter().map(|filter| {
                let text = filter.as_str().ok_or_else(|| fields.wrong("filters", "texts"))?;
                Ok(Arc::from(text))
            });
            let filters = filters.collect::<Result<_, DescriptionError>>()?;
            Packet::Unsubscribe { pid: fields.id()?, filters }
        }
        "unsuback" => Packet::Unsuback { pid: fields.id()?, codes: fields.codes()? },
        "pingreq" => Packet::Pingreq,
        "pingresp" => Packet::Pingresp,
        "disconnect" => Packet::Disconnect {
            reason: fields.reason()?,
            expiry: fields.number("session_expiry")?,
            text: fields.text("text")?,
        },
        "auth" => Packet::Auth,
        _ => return Err(fields.wrong("packet", "the name of a packet, such as publish")),
    };
    Ok((version, packet))
}

fn connect(version: Version, fields: &Fields<'_>) -> Result<Connect, DescriptionError> {
    let will = match fields.0.get("will") {
        None => None,
        Some(Json::Object(object)) => {
            let will = Fields(object);
            Some(Will {
                topic: will.text("topic")?.unwrap_or_default(),
                payload: will.data("payload")?.unwrap_or_default(),
                qos: will.qos("qos")?,
                is_retained: will.flag("retain")?.unwrap_or(false),
                delay: will.number("delay")?.unwrap_or(0),
            })
        }
        Some(_) => return Err(fields.wrong("will", "an object")),
    };
    Ok(Connect {
        is_clean: fields.flag("clean")?.unwrap_or(false),
        keep_alive: fields.number("keep_alive")?.unwrap_or(0),
        will,
        user: fields.text("user")?,
        password: fields.data("password")?,
        expiry: fields.number("session_expiry")?,
        receive_max: fields.number("receive_maximum")?,
        max_packet: fields.number("maximum_packet")?,
        method: fields.text("method")?,
        ..Connect::new(version, fields.text("client")?.unwrap_or_default())
    })
}

struct Fields<'a>(&'a Map<String, Json>);

impl Fields<'_> {
    fn wrong(&self, key: &str, expected: &'static str) -> DescriptionError {
        let seen = self.0.get(key).map_or_else(|| "missing".to_owned(), Json::to_string);
        DescriptionError { key: key.to_owned(), seen, expected }
    }

    fn text(&self, key: &str) -> Result<Option<Arc<str>>, DescriptionError> {
        match self.0.get(key) {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(Arc::from(text.as_str()))),
            Some(_) => Err(self.wrong(key, "a text")),
        }
    }

    fn flag(&self, key: &str) -> Result<Option<bool>, DescriptionError> {
        match self.0.get(key) {
            None => Ok(None),
            Some(Json::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.wrong(key, "true or false")),
        }
    }

    fn number<N: TryFrom<u64>>(&self, key: &str) -> Result<Option<N>, DescriptionError> {
        let Some(value) = self.0.get(key) else { return Ok(None) };
        let number = value.as_u64().and_then(|number| N::try_from(number).ok());
        number.map(Some).ok_or_else(|| self.wrong(key, "a number within its range"))
    }

    fn id(&self) -> Result<u16, DescriptionError> {
        self.number("id")?.ok_or_else(|| self.wrong("id", "1 to 65535"))
    }

    fn reason(&self) -> Result<u8, DescriptionError> {
        Ok(self.number("reason")?.unwrap_or(0))
    }

    fn qos(&self, key: &str) -> Result<Qos, DescriptionError> {
        let level = self.number(key)?.unwrap_or(0);
        Qos::of(level).ok_or_else(|| self.wrong(key, "0, 1 or 2"))
    }

    fn list(&self, key: &str) -> Result<&[Json], DescriptionError> {
        let list = self.0.get(key).and_then(Json::as_array);
        list.map(Vec::as_slice).ok_or_else(|| self.wrong(key, "a list"))
    }

    fn codes(&self) -> Result<Vec<u8>, DescriptionError> {
        let code = |code: &Json| code.as_u64().and_then(|code| u8::try_from(code).ok());
        let codes = self.list("codes")?.iter().map(code).collect::<Option<_>>();
        codes.ok_or_else(|| self.wrong("codes", "numbers up to 255"))
    }

    /// Bytes as text, or as hexadecimal digits under `{key}_hex`.
    fn data(&self, key: &str) -> Result<Option<Bytes>, DescriptionError> {
        if let Some(text) = self.text(key)? {
            return Ok(Some(Bytes::copy_from_slice(text.as_bytes())));
        }
        let key = format!("{key}_hex");
        let Some(digits) = self.text(&key)? else { return Ok(None) };
        let bytes = hex::decode(digits.as_bytes()).ok();
        bytes.map(|bytes| Some(bytes.into())).ok_or_else(|| self.wrong(&key, "hexadecimal digits"))
    }
}
