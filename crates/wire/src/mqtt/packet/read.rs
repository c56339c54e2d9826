//! One whole packet, of either version.

use std::sync::Arc;

use mqtt_proto::{Protocol, QoS, QosPid, TopicFilter, v3, v5};

use super::{Connack, Connect, Packet, PacketError, Publish, Qos, Version, Will};

/// Malformed packet.
const MALFORMED: u8 = 0x81;
/// Protocol error.
const PROTOCOL: u8 = 0x82;

/// Reads one packet, which is all of `bytes`.
///
/// A CONNECT says its version itself; every other packet is of `version`.
///
/// # Errors
/// [`PacketError`] for whatever the standard forbids, bytes behind the end included.
pub fn read(version: Version, bytes: &[u8]) -> Result<Packet, PacketError> {
    let (first, head, remaining) = header(bytes)?;
    if bytes.len() != head + remaining as usize {
        let text = format!(
            "packet has {} bytes, its header says {}",
            bytes.len(),
            head as u64 + u64::from(remaining)
        );
        return Err(PacketError::new(MALFORMED, text));
    }
    let body = &bytes[head..];
    let mut at = 0;
    let packet = match (first >> 4, version) {
        (1, _) => connect(first, body, &mut at)?,
        (_, Version::V3) => of_v3(first, remaining, body, &mut at)?,
        (_, Version::V5) => of_v5(first, remaining, body, &mut at)?,
    };
    if at != body.len() {
        let text = format!("{} bytes follow the end of the packet", body.len().abs_diff(at));
        return Err(PacketError::new(MALFORMED, text));
    }
    Ok(packet)
}

/// The first byte, the length of the fixed header and what it says is to follow.
fn header(bytes: &[u8]) -> Result<(u8, usize, u32), PacketError> {
    let short = || PacketError::new(MALFORMED, "packet ends within its fixed header");
    let (first, rest) = bytes.split_first().ok_or_else(short)?;
    let mut remaining = 0;
    for (index, byte) in rest.iter().take(4).enumerate() {
        remaining |= u32::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok((*first, index + 2, remaining));
        }
    }
    Err(short())
}

fn connect(first: u8, body: &[u8], at: &mut usize) -> Result<Packet, PacketError> {
    if first & 0x0F != 0 {
        return Err(PacketError::new(MALFORMED, "reserved flags of CONNECT are not 0"));
    }
    let protocol = Protocol::decode(body, at).map_err(|error| match error {
        mqtt_proto::Error::InvalidProtocol(name, level) => {
            let name: String = name.chars().take(32).collect();
            let text = format!("protocol is {name:?} level {level}, expected \"MQTT\" 4 or 5");
            PacketError::new(0x84, text)
        }
        other => common(&other),
    })?;
    let flags = body.get(*at).copied().unwrap_or_default();
    let is_without_will = flags & 0b100 == 0;
    if is_without_will && flags & 0b0010_0000 != 0 {
        return Err(PacketError::new(MALFORMED, "will retain is set without a will"));
    }
    let connect = match protocol {
        Protocol::V310 => {
            return Err(PacketError::new(0x84, "protocol is MQTT 3.1, expected 3.1.1 or 5"));
        }
        Protocol::V311 => {
            if flags & 0b1100_0000 == 0b0100_0000 {
                // MQTT-3.1.2-22; version 5 allows it.
                return Err(PacketError::new(MALFORMED, "password is there without a user name"));
            }
            let packet = v3::Connect::decode_buffer_with_protocol(body, at, protocol)
                .map_err(|error| common(&error))?;
            from_v3(packet)
        }
        Protocol::V500 => {
            let header = v5::Header::new_with(first, body.len() as u32, body.len() as u32);
            let header = header.map_err(|error| five(&error))?;
            let packet = v5::Connect::decode_buffer_with_protocol(body, at, header, protocol)
                .map_err(|error| five(&error))?;
            from_v5(packet)?
        }
    };
    let texts = [Some(&connect.client), connect.user.as_ref()];
    if texts.into_iter().flatten().any(|text| text.contains('\0')) {
        return Err(PacketError::new(MALFORMED, "a text holds the character U+0000"));
    }
    Ok(Packet::Connect(Box::new(connect)))
}

fn from_v3(packet: v3::Connect) -> Connect {
    Connect {
        is_clean: packet.clean_session,
        keep_alive: packet.keep_alive,
        will: packet.last_will.map(|will| Will {
            topic: Arc::from(&*will.topic_name),
            payload: will.message,
            qos: qos(will.qos),
            is_retained: will.retain,
            delay: 0,
        }),
        user: packet.username,
        password: packet.password,
        ..Connect::new(Version::V3, packet.client_id)
    }
}

fn from_v5(packet: v5::Connect) -> Result<Connect, PacketError> {
    let properties = packet.properties;
    if properties.receive_max == Some(0) || properties.max_packet_size == Some(0) {
        let text = "receive maximum or maximum packet size is 0";
        return Err(PacketError::new(PROTOCOL, text));
    }
    if properties.auth_data.is_some() && properties.auth_method.is_none() {
        let text = "authentication data are there without a method";
        return Err(PacketError::new(PROTOCOL, text));
    }
    Ok(Connect {
        is_clean: packet.clean_start,
        keep_alive: packet.keep_alive,
        will: packet.last_will.map(|will| Will {
            topic: Arc::from(&*will.topic_name),
            payload: will.payload,
            qos: qos(will.qos),
            is_retained: will.retain,
            delay: will.properties.delay_interval.unwrap_or(0),
        }),
        user: packet.username,
        password: packet.password,
        expiry: properties.session_expiry_interval,
        receive_max: properties.receive_max,
        max_packet: properties.max_packet_size,
        method: properties.auth_method,
        ..Connect::new(Version::V5, packet.client_id)
    })
}

fn of_v3(first: u8, remaining: u32, body: &[u8], at: &mut usize) -> Result<Packet, PacketError> {
    let error = |error: mqtt_proto::Error| common(&error);
    let header = v3::Header::new_with(first, remaining, remaining).map_err(error)?;
    again(first)?;
    Ok(match header.typ {
        v3::PacketType::Connect => unreachable_here()?,
        v3::PacketType::Connack => {
            let connack = v3::Connack::decode(body, at).map_err(error)?;
            let (is_present, reason) = (connack.session_present, connack.code as u8);
            Packet::Connack(Box::new(Connack { is_present, reason, ..Connack::default() }))
        }
        v3::PacketType::Publish => {
            let publish = v3::Publish::decode(body, at, header).map_err(error)?;
            let (qos, pid) = numbered(publish.qos_pid);
            topic(&publish.topic_name, false)?;
            Packet::Publish(Publish {
                qos,
                pid,
                is_retained: publish.retain,
                is_again: publish.dup,
                ..Publish::new(&*publish.topic_name, publish.payload)
            })
        }
        v3::PacketType::Puback => Packet::Puback { pid: pid(body, at)?, reason: 0 },
        v3::PacketType::Pubrec => Packet::Pubrec { pid: pid(body, at)?, reason: 0 },
        v3::PacketType::Pubrel => Packet::Pubrel { pid: pid(body, at)? },
        v3::PacketType::Pubcomp => Packet::Pubcomp { pid: pid(body, at)?, reason: 0 },
        v3::PacketType::Subscribe => {
            let packet = v3::Subscribe::decode(body, at, header).map_err(error)?;
            let filters =
                packet.topics.iter().map(|(filter, level)| (text(filter), qos(*level))).collect();
            Packet::Subscribe { pid: packet.pid.value(), has_identifier: false, filters }
        }
        v3::PacketType::Suback => {
            let packet = v3::Suback::decode(body, at, header).map_err(error)?;
            let code = |code: &v3::SubscribeReturnCode| match code {
                v3::SubscribeReturnCode::MaxLevel0 => 0,
                v3::SubscribeReturnCode::MaxLevel1 => 1,
                v3::SubscribeReturnCode::MaxLevel2 => 2,
                v3::SubscribeReturnCode::Failure => 0x80,
            };
            let codes = packet.topics.iter().map(code).collect();
            Packet::Suback { pid: packet.pid.value(), codes }
        }
        v3::PacketType::Unsubscribe => {
            let packet = v3::Unsubscribe::decode(body, at, header).map_err(error)?;
            let filters = packet.topics.iter().map(text).collect();
            Packet::Unsubscribe { pid: packet.pid.value(), filters }
        }
        v3::PacketType::Unsuback => Packet::Unsuback { pid: pid(body, at)?, codes: Vec::new() },
        v3::PacketType::Pingreq => Packet::Pingreq,
        v3::PacketType::Pingresp => Packet::Pingresp,
        v3::PacketType::Disconnect => Packet::Disconnect { reason: 0, expiry: None, text: None },
    })
}

fn of_v5(first: u8, remaining: u32, body: &[u8], at: &mut usize) -> Result<Packet, PacketError> {
    let error = |error: v5::ErrorV5| five(&error);
    let header = v5::Header::new_with(first, remaining, remaining).map_err(error)?;
    again(first)?;
    Ok(match header.typ {
        v5::PacketType::Connect => unreachable_here()?,
        v5::PacketType::Connack => {
            let packet = v5::Connack::decode(body, at, header).map_err(error)?;
            let (code, said) = (packet.reason_code as u8, packet.properties);
            Packet::Connack(Box::new(Connack {
                is_present: packet.session_present,
                reason: code,
                expiry: said.session_expiry_interval,
                receive_max: said.receive_max,
                max_qos: said.max_qos.map(|level| level as u8),
                retains: said.retain_available,
                max_packet: said.max_packet_size,
                client: said.assigned_client_id,
                alias_max: said.topic_alias_max,
                keep_alive: said.server_keep_alive,
                has_identifiers: said.subscription_id_available,
                has_shared: said.shared_subscription_available,
                text: said.reason_string,
            }))
        }
        v5::PacketType::Publish => {
            let publish = v5::Publish::decode(body, at, header).map_err(error)?;
            let (qos, pid) = numbered(publish.qos_pid);
            let said = publish.properties;
            topic(&publish.topic_name, said.topic_alias.is_some())?;
            Packet::Publish(Publish {
                qos,
                pid,
                is_retained: publish.retain,
                is_again: publish.dup,
                alias: said.topic_alias,
                expiry: said.message_expiry_interval,
                response_topic: said.response_topic.as_deref().map(Arc::from),
                correlation: said.correlation_data,
                content_type: said.content_type,
                ..Publish::new(&*publish.topic_name, publish.payload)
            })
        }
        v5::PacketType::Puback => {
            let packet = v5::Puback::decode(body, at, header).map_err(error)?;
            Packet::Puback { pid: packet.pid.value(), reason: packet.reason_code as u8 }
        }
        v5::PacketType::Pubrec => {
            let packet = v5::Pubrec::decode(body, at, header).map_err(error)?;
            Packet::Pubrec { pid: packet.pid.value(), reason: packet.reason_code as u8 }
        }
        v5::PacketType::Pubrel => {
            let packet = v5::Pubrel::decode(body, at, header).map_err(error)?;
            Packet::Pubrel { pid: packet.pid.value() }
        }
        v5::PacketType::Pubcomp => {
            let packet = v5::Pubcomp::decode(body, at, header).map_err(error)?;
            Packet::Pubcomp { pid: packet.pid.value(), reason: packet.reason_code as u8 }
        }
        v5::PacketType::Subscribe => {
            let packet = v5::Subscribe::decode(body, at, header).map_err(error)?;
            let filter = |(filter, options): &(TopicFilter, v5::SubscriptionOptions)| {
                (text(filter), qos(options.max_qos))
            };
            Packet::Subscribe {
                pid: packet.pid.value(),
                has_identifier: packet.properties.subscription_id.is_some(),
                filters: packet.topics.iter().map(filter).collect(),
            }
        }
        v5::PacketType::Suback => {
            let packet = v5::Suback::decode(body, at, header).map_err(error)?;
            let codes = packet.topics.iter().map(|code| *code as u8).collect();
            Packet::Suback { pid: packet.pid.value(), codes }
        }
        v5::PacketType::Unsubscribe => {
            let packet = v5::Unsubscribe::decode(body, at, header).map_err(error)?;
            let filters = packet.topics.iter().map(text).collect();
            Packet::Unsubscribe { pid: packet.pid.value(), filters }
        }
        v5::PacketType::Unsuback => {
            let packet = v5::Unsuback::decode(body, at, header).map_err(error)?;
            let codes = packet.topics.iter().map(|code| *code as u8).collect();
            Packet::Unsuback { pid: packet.pid.value(), codes }
        }
        v5::PacketType::Pingreq => Packet::Pingreq,
        v5::PacketType::Pingresp => Packet::Pingresp,
        v5::PacketType::Disconnect => {
            let packet = v5::Disconnect::decode(body, at, header).map_err(error)?;
            let (expiry, text) =
                (packet.properties.session_expiry_interval, packet.properties.reason_string);
            Packet::Disconnect { reason: packet.reason_code as u8, expiry, text }
        }
        v5::PacketType::Auth => {
            v5::Auth::decode(body, at, header).map_err(error)?;
            Packet::Auth
        }
    })
}

/// [`read`] sends CONNECT another way.
fn unreachable_here() -> Result<Packet, PacketError> {
    Err(PacketError::new(PROTOCOL, "CONNECT is no packet of a connection in use"))
}

/// A message of QoS 0 is never sent again (MQTT-3.3.1-2).
fn again(first: u8) -> Result<(), PacketError> {
    match first >> 4 == 3 && first & 0b1110 == 0b1000 {
        true => Err(PacketError::new(MALFORMED, "DUP is set on a message of QoS 0")),
        false => Ok(()),
    }
}

/// A topic has a character at least (§4.7.3), unless an alias stands for it.
fn topic(name: &str, has_alias: bool) -> Result<(), PacketError> {
    match name.is_empty() && !has_alias {
        true => Err(PacketError::new(PROTOCOL, "topic is empty and there is no alias")),
        false => Ok(()),
    }
}

fn pid(body: &[u8], at: &mut usize) -> Result<u16, PacketError> {
    let Some(bytes) = body.first_chunk::<2>() else {
        return Err(PacketError::new(MALFORMED, "packet ends before its packet identifier"));
    };
    *at = 2;
    match u16::from_be_bytes(*bytes) {
        0 => Err(PacketError::new(MALFORMED, "packet identifier is 0")),
        pid => Ok(pid),
    }
}

fn numbered(found: QosPid) -> (Qos, u16) {
    (qos(found.qos()), found.pid().map_or(0, |pid| pid.value()))
}

fn qos(level: QoS) -> Qos {
    match level {
        QoS::Level0 => Qos::AtMostOnce,
        QoS::Level1 => Qos::AtLeastOnce,
        QoS::Level2 => Qos::ExactlyOnce,
    }
}

fn text(filter: &TopicFilter) -> Arc<str> {
    Arc::from(&**filter)
}

fn common(error: &mqtt_proto::Error) -> PacketError {
    use mqtt_proto::Error;
    let reason = match error {
        Error::EmptySubscription => PROTOCOL,
        Error::InvalidTopicName(_) => 0x90,
        Error::InvalidTopicFilter(_) => 0x8F,
        _ => MALFORMED,
    };
    let text = match error {
        // The codec's own text would repeat what the peer sent, whole.
        Error::InvalidTopicName(_) => "topic name is none, or holds + # or U+0000".to_owned(),
        Error::InvalidTopicFilter(_) => "topic filter is none".to_owned(),
        Error::IoError(_) => "packet ends within a field".to_owned(),
        other => other.to_string(),
    };
    PacketError::new(reason, text)
}

fn five(error: &v5::ErrorV5) -> PacketError {
    use v5::ErrorV5;
    match error {
        ErrorV5::Common(error) => common(error),
        ErrorV5::InvalidPayloadFormat => PacketError::new(0x99, error.to_string()),
        ErrorV5::InvalidResponseTopic => PacketError::new(PROTOCOL, error.to_string()),
        ErrorV5::InvalidByteProperty(..) | ErrorV5::DuplicatedProperty(_) => {
            PacketError::new(PROTOCOL, error.to_string())
        }
        _ => PacketError::new(MALFORMED, error.to_string()),
    }
}
