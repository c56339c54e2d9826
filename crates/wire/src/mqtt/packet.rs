//! Packets of both versions in one form, read and written by the codec crate.
//!
//! What a session needs of a packet is here; properties that nobody asks for are
//! checked by the codec and dropped (`describe` shows them all). Nothing is allocated
//! for a length that is only claimed: [`read`] gets one whole packet.

mod read;
mod write;

use std::sync::Arc;

use bytes::Bytes;

pub use read::read;
pub use write::write;

/// The protocol's version, as CONNECT says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// MQTT 3.1.1, level 4.
    V3,
    /// MQTT 5.0, level 5.
    V5,
}

/// Quality of service (§4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Qos {
    /// At most once: nobody acknowledges.
    AtMostOnce,
    /// At least once: PUBACK.
    AtLeastOnce,
    /// Exactly once: PUBREC, PUBREL, PUBCOMP.
    ExactlyOnce,
}

/// One control packet (§2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packet {
    Connect(Box<Connect>),
    Connack(Box<Connack>),
    Publish(Publish),
    /// `reason` is 0 in version 3, and below 0x80 when the message was taken.
    Puback {
        pid: u16,
        reason: u8,
    },
    Pubrec {
        pid: u16,
        reason: u8,
    },
    Pubrel {
        pid: u16,
    },
    Pubcomp {
        pid: u16,
        reason: u8,
    },
    Subscribe {
        pid: u16,
        /// Version 5: the packet carries a subscription identifier.
        has_identifier: bool,
        filters: Vec<(Arc<str>, Qos)>,
    },
    Suback {
        pid: u16,
        codes: Vec<u8>,
    },
    Unsubscribe {
        pid: u16,
        filters: Vec<Arc<str>>,
    },
    /// `codes` is empty in version 3.
    Unsuback {
        pid: u16,
        codes: Vec<u8>,
    },
    Pingreq,
    Pingresp,
    Disconnect {
        reason: u8,
        /// Version 5: the session's new expiry, seconds.
        expiry: Option<u32>,
        text: Option<Arc<str>>,
    },
    /// Version 5 only; this endpoint knows no method.
    Auth,
}

/// CONNECT (§3.1).
#[derive(Clone, PartialEq, Eq)]
pub struct Connect {
    pub version: Version,
    /// Clean start; clean session in version 3.
    pub is_clean: bool,
    /// Seconds; 0 is never.
    pub keep_alive: u16,
    pub client: Arc<str>,
    pub will: Option<Will>,
    pub user: Option<Arc<str>>,
    pub password: Option<Bytes>,
    /// Version 5: seconds the session outlives its connection; absent is 0.
    pub expiry: Option<u32>,
    /// Version 5: messages of QoS 1 the client takes before it acknowledges one.
    pub receive_max: Option<u16>,
    /// Version 5: the longest packet the client takes, bytes.
    pub max_packet: Option<u32>,
    /// Version 5: the method of enhanced authentication.
    pub method: Option<Arc<str>>,
}

/// The message that is published when a client's connection is lost (§3.1.2.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Will {
    pub topic: Arc<str>,
    pub payload: Bytes,
    pub qos: Qos,
    pub is_retained: bool,
    /// Version 5: seconds to wait for the client to come back.
    pub delay: u32,
}

/// CONNACK (§3.2); what is absent has the standard's default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Connack {
    pub is_present: bool,
    /// The return code of version 3, the reason code of version 5.
    pub reason: u8,
    pub expiry: Option<u32>,
    pub receive_max: Option<u16>,
    pub max_qos: Option<u8>,
    pub retains: Option<bool>,
    pub max_packet: Option<u32>,
    pub client: Option<Arc<str>>,
    pub alias_max: Option<u16>,
    pub keep_alive: Option<u16>,
    pub has_identifiers: Option<bool>,
    pub has_shared: Option<bool>,
    pub text: Option<Arc<str>>,
}

/// PUBLISH (§3.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    pub topic: Arc<str>,
    pub payload: Bytes,
    pub qos: Qos,
    /// 0 when the quality of service is 0.
    pub pid: u16,
    pub is_retained: bool,
    /// Sent before, perhaps taken before.
    pub is_again: bool,
    /// Version 5.
    pub alias: Option<u16>,
    /// Version 5: seconds after which nobody wants it.
    pub expiry: Option<u32>,
    pub response_topic: Option<Arc<str>>,
    pub correlation: Option<Bytes>,
    pub content_type: Option<Arc<str>>,
}

/// Why a packet was not read or written, with the reason code of version 5 that says so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct PacketError {
    /// §2.4: 0x81 malformed, 0x82 protocol error, and so on.
    pub reason: u8,
    pub text: String,
}

impl PacketError {
    pub(super) fn new(reason: u8, text: impl Into<String>) -> PacketError {
        PacketError { reason, text: text.into() }
    }
}

impl Qos {
    pub fn level(self) -> u8 {
        self as u8
    }

    pub fn of(level: u8) -> Option<Qos> {
        [Qos::AtMostOnce, Qos::AtLeastOnce, Qos::ExactlyOnce].get(usize::from(level)).copied()
    }
}

impl Publish {
    /// A message of quality of service 0 without properties.
    pub fn new(topic: impl Into<Arc<str>>, payload: impl Into<Bytes>) -> Publish {
        Publish {
            topic: topic.into(),
            payload: payload.into(),
            qos: Qos::AtMostOnce,
            pid: 0,
            is_retained: false,
            is_again: false,
            alias: None,
            expiry: None,
            response_topic: None,
            correlation: None,
            content_type: None,
        }
    }
}

impl Connect {
    /// A clean session without will and credentials, kept alive every minute.
    pub fn new(version: Version, client: impl Into<Arc<str>>) -> Connect {
        Connect {
            version,
            is_clean: true,
            keep_alive: 60,
            client: client.into(),
            will: None,
            user: None,
            password: None,
            expiry: None,
            receive_max: None,
            max_packet: None,
            method: None,
        }
    }
}

/// A password is not for logs.
impl std::fmt::Debug for Connect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connect")
            .field("version", &self.version)
            .field("is_clean", &self.is_clean)
            .field("keep_alive", &self.keep_alive)
            .field("client", &self.client)
            .field("will", &self.will)
            .field("user", &self.user)
            .field("has_password", &self.password.is_some())
            .field("expiry", &self.expiry)
            .field("receive_max", &self.receive_max)
            .field("max_packet", &self.max_packet)
            .finish_non_exhaustive()
    }
}
