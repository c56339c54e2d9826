//! A packet as JSON, for people and for `encode`.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::{Connect, Packet, PacketError, Publish, Qos, Version, read};

/// Reads one packet whose version nobody said: a packet that reads as one of version 5 is
/// one, since the properties of a version 5 packet are hardly ever found by chance.
///
/// # Errors
/// [`PacketError`] of version 3 when it is of neither.
pub fn read_any(raw: &[u8]) -> Result<(Version, Packet), PacketError> {
    match read(Version::V5, raw) {
        Ok(Packet::Connect(connect)) => Ok((connect.version, Packet::Connect(connect))),
        Ok(packet) => Ok((Version::V5, packet)),
        Err(_) => read(Version::V3, raw).map(|packet| (Version::V3, packet)),
    }
}

/// What a packet says. A password is there, since a packet without it is another one:
/// whoever shows a description to others takes it out.
pub fn describe(version: Version, packet: &Packet) -> Json {
    let mut object = Map::new();
    let mut put = |key: &str, value: Json| {
        // What is absent is not named.
        if !value.is_null() {
            object.insert(key.to_owned(), value);
        }
    };
    put("packet", json!(name(packet)));
    put("version", json!(version_name(version)));
    match packet {
        Packet::Connect(connect) => connect_fields(connect, &mut put),
        Packet::Connack(connack) => {
            put("session_present", json!(connack.is_present));
            put("reason", json!(connack.reason));
            put("session_expiry", json!(connack.expiry));
            put("receive_maximum", json!(connack.receive_max));
            put("maximum_qos", json!(connack.max_qos));
            put("retain_available", json!(connack.retains));
            put("maximum_packet", json!(connack.max_packet));
            put("client", json!(connack.client.as_deref()));
            put("topic_alias_maximum", json!(connack.alias_max));
            put("keep_alive", json!(connack.keep_alive));
            put("identifiers_available", json!(connack.has_identifiers));
            put("shared_available", json!(connack.has_shared));
            put("text", json!(connack.text.as_deref()));
        }
        Packet::Publish(publish) => publish_fields(publish, &mut put),
        Packet::Puback { pid, reason }
        | Packet::Pubrec { pid, reason }
        | Packet::Pubcomp { pid, reason } => {
            put("id", json!(pid));
            put("reason", json!(reason));
        }
        Packet::Pubrel { pid } => put("id", json!(pid)),
        Packet::Subscribe { pid, has_identifier, filters } => {
            let filter =
                |(filter, qos): &(Arc<str>, Qos)| json!({"filter": &**filter, "qos": qos.level()});
            put("id", json!(pid));
            put("has_identifier", json!(has_identifier));
            put("filters", filters.iter().map(filter).collect());
        }
        Packet::Suback { pid, codes } | Packet::Unsuback { pid, codes } => {
            put("id", json!(pid));
            put("codes", json!(codes));
        }
        Packet::Unsubscribe { pid, filters } => {
            put("id", json!(pid));
            put("filters", filters.iter().map(|filter| json!(&**filter)).collect());
        }
        Packet::Disconnect { reason, expiry, text } => {
            put("reason", json!(reason));
            put("session_expiry", json!(expiry));
            put("text", json!(text.as_deref()));
        }
        Packet::Pingreq | Packet::Pingresp | Packet::Auth => {}
    }
    Json::Object(object)
}

fn connect_fields(connect: &Connect, put: &mut impl FnMut(&str, Json)) {
    put("clean", json!(connect.is_clean));
    put("keep_alive", json!(connect.keep_alive));
    put("client", json!(&*connect.client));
    put("user", json!(connect.user.as_deref()));
    if let Some(password) = &connect.password {
        data("password", password, put);
    }
    put("session_expiry", json!(connect.expiry));
    put("receive_maximum", json!(connect.receive_max));
    put("maximum_packet", json!(connect.max_packet));
    put("method", json!(connect.method.as_deref()));
    if let Some(will) = &connect.will {
        let mut object = Map::new();
        let mut put_will = |key: &str, value: Json| {
            object.insert(key.to_owned(), value);
        };
        put_will("topic", json!(&*will.topic));
        data("payload", &will.payload, &mut put_will);
        put_will("qos", json!(will.qos.level()));
        put_will("retain", json!(will.is_retained));
        put_will("delay", json!(will.delay));
        put("will", Json::Object(object));
    }
}

fn publish_fields(publish: &Publish, put: &mut impl FnMut(&str, Json)) {
    put("topic", json!(&*publish.topic));
    put("qos", json!(publish.qos.level()));
    put("id", if publish.pid == 0 { Json::Null } else { json!(publish.pid) });
    put("retain", json!(publish.is_retained));
    put("again", json!(publish.is_again));
    put("alias", json!(publish.alias));
    put("expiry", json!(publish.expiry));
    put("response_topic", json!(publish.response_topic.as_deref()));
    if let Some(correlation) = &publish.correlation {
        data("correlation", correlation, put);
    }
    put("content_type", json!(publish.content_type.as_deref()));
    data("payload", &publish.payload, put);
}

/// Text as text, other bytes as hexadecimal digits under a name that says so.
fn data(key: &str, bytes: &[u8], put: &mut impl FnMut(&str, Json)) {
    match std::str::from_utf8(bytes) {
        Ok(text) => put(key, json!(text)),
        Err(_) => {
            put(&format!("{key}_hex"), json!(hex::encode_upper(bytes)));
        }
    }
}

pub(super) fn name(packet: &Packet) -> &'static str {
    match packet {
        Packet::Connect(_) => "connect",
        Packet::Connack(_) => "connack",
        Packet::Publish(_) => "publish",
        Packet::Puback { .. } => "puback",
        Packet::Pubrec { .. } => "pubrec",
        Packet::Pubrel { .. } => "pubrel",
        Packet::Pubcomp { .. } => "pubcomp",
        Packet::Subscribe { .. } => "subscribe",
        Packet::Suback { .. } => "suback",
        Packet::Unsubscribe { .. } => "unsubscribe",
        Packet::Unsuback { .. } => "unsuback",
        Packet::Pingreq => "pingreq",
        Packet::Pingresp => "pingresp",
        Packet::Disconnect { .. } => "disconnect",
        Packet::Auth => "auth",
    }
}

pub(super) fn version_name(version: Version) -> &'static str {
    match version {
        Version::V3 => "3.1.1",
        Version::V5 => "5.0",
    }
}
