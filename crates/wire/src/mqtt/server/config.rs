//! Times and limits of a connection, and what a CONNECT may ask for.

use base::Duration;

use super::Refusal;
use crate::mqtt::{Connect, Qos, Version};

/// Times and limits of a [`super::Server`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerConfig {
    /// How long until CONNECT is whole; 10 s.
    pub connect: Duration,
    /// How long bytes may wait to become a packet; 60 s.
    pub partial: Duration,
    /// How long a connection stays open that met no room, so that the client's own
    /// patience is not met by one connection after another; 5 s.
    pub busy: Duration,
    /// The longest keep-alive, and that of clients that want none; 1 h. Version 3 cannot
    /// be told, so there only clients without one get it.
    pub longest_keep_alive: Duration,
    /// Longest CONNECT, bytes: credentials and a will; 32 KiB.
    pub max_connect: usize,
    /// Longest packet, bytes; 256 KiB.
    pub max_packet: usize,
    /// Longest topic, bytes; 512.
    pub max_topic: usize,
    /// Topics that version 5 clients may give a number; 16.
    pub max_aliases: u16,
    /// Messages of QoS 1 that a version 5 client may have unacknowledged; 100.
    pub receive_max: u16,
    /// Messages of any kind that intake may have; then no more is read. 256.
    pub max_unsettled: usize,
    /// Commands that a client may have unacknowledged; 16, or fewer if it says so.
    pub max_in_flight: usize,
    /// Bytes kept of what breaks the standard; 4 KiB.
    pub max_evidence: usize,
}

impl Default for ServerConfig {
    fn default() -> ServerConfig {
        ServerConfig {
            connect: Duration::from_secs(10),
            partial: Duration::from_secs(60),
            busy: Duration::from_secs(5),
            longest_keep_alive: Duration::from_hours(1),
            max_connect: 32 << 10,
            max_packet: 256 << 10,
            max_topic: 512,
            max_aliases: 16,
            receive_max: 100,
            max_unsettled: 256,
            max_in_flight: 16,
            max_evidence: 4 << 10,
        }
    }
}

impl ServerConfig {
    /// What of a CONNECT is not granted, whoever asks.
    pub(super) fn objection(&self, connect: &Connect) -> Option<(Refusal, &'static str)> {
        let is_v5 = connect.version == Version::V5;
        if connect.method.is_some() {
            return Some((Refusal::Method, "authentication method is none that is known"));
        }
        if connect.client.is_empty() && !connect.is_clean && !is_v5 {
            // MQTT-3.1.3-8 of version 3.
            return Some((Refusal::Identifier, "client identifier is empty, session not clean"));
        }
        if self.max_topic < connect.client.len() {
            return Some((Refusal::Identifier, "client identifier is too long"));
        }
        let will = connect.will.as_ref()?;
        if will.topic.is_empty() || self.max_topic < will.topic.len() {
            return Some((Refusal::WillTopic, "topic of the will is empty or too long"));
        }
        if is_v5 && will.qos == Qos::ExactlyOnce {
            return Some((Refusal::WillQos, "will has QoS 2, the maximum is 1"));
        }
        if is_v5 && will.is_retained {
            return Some((Refusal::WillRetained, "will is retained, nothing is"));
        }
        None
    }
}
