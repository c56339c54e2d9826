//! The bytes of a packet, of either version.

use std::sync::Arc;

use bytes::Bytes;
use mqtt_proto::{Pid, Protocol, QoS, QosPid, TopicFilter, TopicName, v3, v5};

use super::{Connack, Connect, Packet, PacketError, Publish, Qos, Version, Will};

/// Writes one packet.
///
/// # Errors
/// [`PacketError`] for what has no bytes: a text beyond 65 535 bytes, a topic with
/// wildcards, a reason code that the standard does not know, a packet identifier of 0.
pub fn write(version: Version, packet: &Packet) -> Result<Vec<u8>, PacketError> {
    match version {
        Version::V3 => match packet {
            Packet::Suback { pid, codes } => suback_v3(*pid, codes),
            _ => Ok(of_v3(packet)?.encode().map_err(error)?.as_ref().to_vec()),
        },
        Version::V5 => Ok(of_v5(packet)?.encode().map_err(error)?.as_ref().to_vec()),
    }
}

fn of_v3(packet: &Packet) -> Result<v3::Packet, PacketError> {
    Ok(match packet {
        Packet::Connect(connect) => v3::Packet::Connect(connect_v3(connect)?),
        Packet::Connack(connack) => {
            let code = v3::ConnectReturnCode::from_u8(connack.reason).map_err(error)?;
            v3::Packet::Connack(v3::Connack::new(connack.is_present, code))
        }
        Packet::Publish(publish) => v3::Packet::Publish(v3::Publish {
            dup: publish.is_again,
            retain: publish.is_retained,
            qos_pid: numbered(publish)?,
            topic_name: topic(&publish.topic)?,
            payload: publish.payload.clone(),
        }),
        Packet::Puback { pid, .. } => v3::Packet::Puback(id(*pid)?),
        Packet::Pubrec { pid, .. } => v3::Packet::Pubrec(id(*pid)?),
        Packet::Pubrel { pid } => v3::Packet::Pubrel(id(*pid)?),
        Packet::Pubcomp { pid, .. } => v3::Packet::Pubcomp(id(*pid)?),
        Packet::Subscribe { pid, filters, .. } => {
            let filters = filters.iter().map(|(text, qos)| Ok((filter(text)?, level(*qos))));
            let filters = filters.collect::<Result<_, PacketError>>()?;
            v3::Packet::Subscribe(v3::Subscribe::new(id(*pid)?, filters))
        }
        Packet::Suback { .. } => return Err(none("SUBACK is written apart")),
        Packet::Unsubscribe { pid, filters } => {
            let filters = filters.iter().map(|text| filter(text)).collect::<Result<_, _>>()?;
            v3::Packet::Unsubscribe(v3::Unsubscribe::new(id(*pid)?, filters))
        }
        Packet::Unsuback { pid, .. } => v3::Packet::Unsuback(id(*pid)?),
        Packet::Pingreq => v3::Packet::Pingreq,
        Packet::Pingresp => v3::Packet::Pingresp,
        Packet::Disconnect { .. } => v3::Packet::Disconnect,
        Packet::Auth => return Err(none("AUTH is a packet of version 5")),
    })
}

fn of_v5(packet: &Packet) -> Result<v5::Packet, PacketError> {
    Ok(match packet {
        Packet::Connect(connect) => v5::Packet::Connect(connect_v5(connect)?),
        Packet::Connack(connack) => v5::Packet::Connack(connack_v5(connack)?),
        Packet::Publish(publish) => v5::Packet::Publish(v5::Publish {
            dup: publish.is_again,
            retain: publish.is_retained,
            qos_pid: numbered(publish)?,
            topic_name: topic(&publish.topic)?,
            payload: publish.payload.clone(),
            properties: v5::PublishProperties {
                message_expiry_interval: publish.expiry,
                topic_alias: publish.alias,
                response_topic: publish.response_topic.as_deref().map(topic).transpose()?,
                correlation_data: publish.correlation.clone().map(data).transpose()?,
                content_type: publish.content_type.clone().map(words).transpose()?,
                ..v5::PublishProperties::default()
            },
        }),
        Packet::Puback { pid, reason } => {
            let code = v5::PubackReasonCode::from_u8(*reason).ok_or_else(|| unknown(*reason))?;
            v5::Packet::Puback(v5::Puback::new(id(*pid)?, code))
        }
        Packet::Pubrec { pid, reason } => {
            let code = v5::PubrecReasonCode::from_u8(*reason).ok_or_else(|| unknown(*reason))?;
            v5::Packet::Pubrec(v5::Pubrec::new(id(*pid)?, code))
        }
        Packet::Pubrel { pid } => v5::Packet::Pubrel(v5::Pubrel::new_success(id(*pid)?)),
        Packet::Pubcomp { pid, reason } => {
            let code = v5::PubcompReasonCode::from_u8(*reason).ok_or_else(|| unknown(*reason))?;
            v5::Packet::Pubcomp(v5::Pubcomp::new(id(*pid)?, code))
        }
        Packet::Subscribe { pid, has_identifier, filters } => {
            let filters = filters.iter().map(|(text, qos)| {
                let options = v5::SubscriptionOptions {
                    retain_as_published: false,
                    ..v5::SubscriptionOptions::new(level(*qos))
                };
                Ok((filter(text)?, options))
            });
            let filters = filters.collect::<Result<_, PacketError>>()?;
            let mut packet = v5::Subscribe::new(id(*pid)?, filters);
            if *has_identifier {
                packet.properties.subscription_id = v5::VarByteInt::try_from(1).ok();
            }
            v5::Packet::Subscribe(packet)
        }
        Packet::Suback { pid, codes } => {
            let code =
                |code: &u8| v5::SubscribeReasonCode::from_u8(*code).ok_or_else(|| unknown(*code));
            let codes = codes.iter().map(code).collect::<Result<_, _>>()?;
            v5::Packet::Suback(v5::Suback::new(id(*pid)?, codes))
        }
        Packet::Unsubscribe { pid, filters } => {
            let filters = filters.iter().map(|text| filter(text)).collect::<Result<_, _>>()?;
            v5::Packet::Unsubscribe(v5::Unsubscribe::new(id(*pid)?, filters))
        }
        Packet::Unsuback { pid, codes } => {
            let code =
                |code: &u8| v5::UnsubscribeReasonCode::from_u8(*code).ok_or_else(|| unknown(*code));
            let codes = codes.iter().map(code).collect::<Result<_, _>>()?;
            v5::Packet::Unsuback(v5::Unsuback::new(id(*pid)?, codes))
        }
        Packet::Pingreq => v5::Packet::Pingreq,
        Packet::Pingresp => v5::Packet::Pingresp,
        Packet::Disconnect { reason, expiry, text } => {
            let code =
                v5::DisconnectReasonCode::from_u8(*reason).ok_or_else(|| unknown(*reason))?;
            let mut packet = v5::Disconnect::new(code);
            packet.properties.session_expiry_interval = *expiry;
            packet.properties.reason_string = text.clone().map(words).transpose()?;
            v5::Packet::Disconnect(packet)
        }
        Packet::Auth => v5::Packet::Auth(v5::Auth::new(v5::AuthReasonCode::ContinueAuthentication)),
    })
}

/// The codec crate writes the return code of a failure as 3; the standard says 0x80
/// (§3.9.3), and its figure 3.26 is a test.
fn suback_v3(pid: u16, codes: &[u8]) -> Result<Vec<u8>, PacketError> {
    if let Some(code) = codes.iter().find(|code| !matches!(**code, 0..=2 | 0x80)) {
        return Err(unknown(*code));
    }
    let mut body = id(pid)?.value().to_be_bytes().to_vec();
    body.extend_from_slice(codes);
    let mut bytes = vec![0x90];
    let mut left = body.len();
    loop {
        let more = if left < 0x80 { 0 } else { 0x80 };
        bytes.push((left % 0x80) as u8 | more);
        left /= 0x80;
        if left == 0 {
            break;
        }
    }
    bytes.extend(body);
    Ok(bytes)
}

fn connect_v3(connect: &Connect) -> Result<v3::Connect, PacketError> {
    let will = connect.will.as_ref().map(|will: &Will| {
        Ok::<_, PacketError>(v3::LastWill {
            qos: level(will.qos),
            retain: will.is_retained,
            topic_name: topic(&will.topic)?,
            message: data(will.payload.clone())?,
        })
    });
    Ok(v3::Connect {
        protocol: Protocol::V311,
        clean_session: connect.is_clean,
        keep_alive: connect.keep_alive,
        client_id: words(connect.client.clone())?,
        last_will: will.transpose()?,
        username: connect.user.clone().map(words).transpose()?,
        password: connect.password.clone().map(data).transpose()?,
    })
}

fn connect_v5(connect: &Connect) -> Result<v5::Connect, PacketError> {
    let will = connect.will.as_ref().map(|will: &Will| {
        let properties = v5::WillProperties {
            delay_interval: (will.delay != 0).then_some(will.delay),
            ..v5::WillProperties::default()
        };
        Ok::<_, PacketError>(v5::LastWill {
            qos: level(will.qos),
            retain: will.is_retained,
            topic_name: topic(&will.topic)?,
            payload: data(will.payload.clone())?,
            properties,
        })
    });
    Ok(v5::Connect {
        protocol: Protocol::V500,
        clean_start: connect.is_clean,
        keep_alive: connect.keep_alive,
        properties: v5::ConnectProperties {
            session_expiry_interval: connect.expiry,
            receive_max: connect.receive_max,
            max_packet_size: connect.max_packet,
            auth_method: connect.method.clone().map(words).transpose()?,
            ..v5::ConnectProperties::default()
        },
        client_id: words(connect.client.clone())?,
        last_will: will.transpose()?,
        username: connect.user.clone().map(words).transpose()?,
        password: connect.password.clone().map(data).transpose()?,
    })
}

fn connack_v5(connack: &Connack) -> Result<v5::Connack, PacketError> {
    let code = v5::ConnectReasonCode::from_u8(connack.reason);
    let code = code.ok_or_else(|| unknown(connack.reason))?;
    let max_qos = connack.max_qos.map(QoS::from_u8).transpose().map_err(error)?;
    Ok(v5::Connack {
        session_present: connack.is_present,
        reason_code: code,
        properties: v5::ConnackProperties {
            session_expiry_interval: connack.expiry,
            receive_max: connack.receive_max,
            max_qos,
            retain_available: connack.retains,
            max_packet_size: connack.max_packet,
            assigned_client_id: connack.client.clone().map(words).transpose()?,
            topic_alias_max: connack.alias_max,
            reason_string: connack.text.clone().map(words).transpose()?,
            subscription_id_available: connack.has_identifiers,
            shared_subscription_available: connack.has_shared,
            server_keep_alive: connack.keep_alive,
            ..v5::ConnackProperties::default()
        },
    })
}

fn numbered(publish: &Publish) -> Result<QosPid, PacketError> {
    Ok(match publish.qos {
        Qos::AtMostOnce => QosPid::Level0,
        Qos::AtLeastOnce => QosPid::Level1(id(publish.pid)?),
        Qos::ExactlyOnce => QosPid::Level2(id(publish.pid)?),
    })
}

fn words(text: Arc<str>) -> Result<Arc<str>, PacketError> {
    fits(text.len()).map(|()| text)
}

fn data(bytes: Bytes) -> Result<Bytes, PacketError> {
    fits(bytes.len()).map(|()| bytes)
}

/// The codec writes lengths of two bytes without looking.
fn fits(length: usize) -> Result<(), PacketError> {
    match length <= usize::from(u16::MAX) {
        true => Ok(()),
        false => Err(none("a field has more than 65535 bytes")),
    }
}

fn topic(name: &str) -> Result<TopicName, PacketError> {
    TopicName::try_from(name).map_err(|_| none("topic holds a wildcard, U+0000 or too many bytes"))
}

fn filter(text: &str) -> Result<TopicFilter, PacketError> {
    TopicFilter::try_from(text).map_err(|_| none("topic filter is none"))
}

fn id(pid: u16) -> Result<Pid, PacketError> {
    Pid::try_from(pid).map_err(|_| none("packet identifier is 0"))
}

fn level(qos: Qos) -> QoS {
    match qos {
        Qos::AtMostOnce => QoS::Level0,
        Qos::AtLeastOnce => QoS::Level1,
        Qos::ExactlyOnce => QoS::Level2,
    }
}

fn unknown(reason: u8) -> PacketError {
    none(&format!("reason code {reason:#04x} is not one of this packet"))
}

fn none(text: &str) -> PacketError {
    PacketError::new(0x81, text)
}

fn error(error: mqtt_proto::Error) -> PacketError {
    none(&error.to_string())
}
