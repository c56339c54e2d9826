//! What is known of a client that was let in.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::{Duration, Timestamp};

use crate::mqtt::hub::{ConnectionId, Key};
use crate::mqtt::{PacketError, Peer, Publish, Will};

pub(super) struct Link {
    pub peer: Arc<Peer>,
    pub key: Key,
    pub connection: ConnectionId,
    /// Silence that ends the connection: one and a half keep-alives (MQTT-3.1.2-22).
    pub patience: Duration,
    pub last_heard: Timestamp,
    /// Since when there was no room for a message of it.
    pub busy_since: Option<Timestamp>,
    /// With the bytes of the PUBLISH that it stands for.
    pub will: Option<Will>,
    /// How long its session outlives this connection.
    pub expiry: Duration,
    /// Commands that it takes unacknowledged.
    pub window: usize,
    /// The longest packet that it takes, bytes.
    pub max_packet: usize,
    /// Version 5: topics by their number.
    pub aliases: BTreeMap<u16, Arc<str>>,
}

impl Link {
    /// The topic of a message, through its alias if it has one (§3.3.2.3.4).
    pub fn topic(&mut self, publish: &Publish, most: u16) -> Result<Arc<str>, PacketError> {
        let Some(alias) = publish.alias else { return Ok(Arc::clone(&publish.topic)) };
        if alias == 0 || most < alias {
            let text = format!("topic alias is {alias}, expected 1 to {most}");
            return Err(PacketError::new(0x94, text));
        }
        if publish.topic.is_empty() {
            let unknown = || PacketError::new(0x82, format!("topic alias {alias} stands for none"));
            return self.aliases.get(&alias).cloned().ok_or_else(unknown);
        }
        self.aliases.insert(alias, Arc::clone(&publish.topic));
        Ok(Arc::clone(&publish.topic))
    }
}
