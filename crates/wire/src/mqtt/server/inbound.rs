//! What a client that was let in sends, and what it is answered.

use std::sync::Arc;

use base::{Duration, Timestamp};

use super::{Phase, Server, Unsettled};
use crate::mqtt::{Event, Frame, Message, Packet, PacketError, Publish, Qos, Topics, Version};
use crate::session::{CloseReason, CommandResult, Outcome, Output, Token};

/// The best quality of a subscription.
const GRANTED: Qos = Qos::AtLeastOnce;

impl Server {
    pub(super) fn packet(
        &mut self,
        now: Timestamp,
        packet: Packet,
        raw: &[u8],
    ) -> Result<(), PacketError> {
        let Phase::Open(link) = &mut self.phase else { return Ok(()) };
        link.last_heard = now;
        let version = link.peer.version;
        match packet {
            Packet::Publish(publish) => self.publish(publish, raw),
            Packet::Puback { pid, .. } => {
                // One that was never sent is no harm.
                if let Some(command) = self.hub.acknowledge(&link.key, link.connection, pid) {
                    let result = CommandResult::Answered;
                    self.outputs.push_back(Output::Done { command, result });
                    self.deliver(now);
                }
                Ok(())
            }
            Packet::Pubrel { pid } => {
                let reason = match version {
                    Version::V3 => 0,
                    // There never was one: the maximum is QoS 1.
                    Version::V5 => 0x92,
                };
                self.send(version, &Packet::Pubcomp { pid, reason });
                Ok(())
            }
            Packet::Subscribe { pid, has_identifier, filters } => {
                self.subscribe(now, pid, has_identifier, &filters)
            }
            Packet::Unsubscribe { pid, filters } => {
                let (key, connection) = (link.key.clone(), link.connection);
                let code = |filter: &Arc<str>| match self.hub.unsubscribe(&key, connection, filter)
                {
                    true => 0,
                    false => 0x11,
                };
                let codes = filters.iter().map(code).collect();
                self.send(version, &Packet::Unsuback { pid, codes });
                Ok(())
            }
            Packet::Pingreq => {
                self.send(version, &Packet::Pingresp);
                Ok(())
            }
            Packet::Disconnect { reason, expiry, .. } => self.disconnect(now, reason, expiry),
            Packet::Connect(_) => Err(PacketError::new(0x82, "CONNECT came a second time")),
            Packet::Connack(_)
            | Packet::Pubrec { .. }
            | Packet::Pubcomp { .. }
            | Packet::Suback { .. }
            | Packet::Unsuback { .. }
            | Packet::Pingresp
            | Packet::Auth => {
                let text = format!("packet of the type {} comes from no client", raw[0] >> 4);
                Err(PacketError::new(0x82, text))
            }
        }
    }

    fn publish(&mut self, publish: Publish, raw: &[u8]) -> Result<(), PacketError> {
        let Phase::Open(link) = &mut self.phase else { return Ok(()) };
        if link.peer.version == Version::V5 {
            if publish.qos == Qos::ExactlyOnce {
                return Err(PacketError::new(0x9B, "message has QoS 2, the maximum is 1"));
            }
            if publish.is_retained {
                return Err(PacketError::new(0x9A, "message is retained, nothing is"));
            }
            let in_flight = self.unsettled.iter().filter(|it| it.qos != Qos::AtMostOnce).count();
            let most = usize::from(self.config.receive_max);
            if publish.qos != Qos::AtMostOnce && most <= in_flight {
                let text = format!("{most} messages are unacknowledged, that is the maximum");
                return Err(PacketError::new(0x93, text));
            }
        }
        let most = self.config.max_topic;
        if most < publish.topic.len() {
            let text = format!("topic has {} bytes, {most} are taken", publish.topic.len());
            return Err(PacketError::new(0x90, text));
        }
        let topic = link.topic(&publish, self.config.max_aliases)?;
        let peer = Arc::clone(&link.peer);
        let (qos, pid) = (publish.qos, publish.pid);
        let token = self.token();
        self.unsettled.push_back(Unsettled { token, qos, pid, outcome: None });
        let frame = Frame { peer, event: Event::Publish(Message::of(publish, topic, raw.len())) };
        self.outputs.push_back(Output::Frame { token, frame, raw: raw.to_vec() });
        Ok(())
    }

    /// Acknowledges in the order in which messages came, whatever order intake has.
    pub(super) fn settled(&mut self, now: Timestamp, token: Token, outcome: Outcome) {
        // Tokens grow, so the place is found without a walk.
        let Ok(index) = self.unsettled.binary_search_by_key(&token, |it| it.token) else { return };
        self.unsettled[index].outcome = Some(outcome);
        while let Some(first) = self.unsettled.front_mut()
            && let Some(outcome) = first.outcome.take()
        {
            let (qos, pid) = (first.qos, first.pid);
            self.unsettled.pop_front();
            self.acknowledge(now, qos, pid, outcome);
        }
    }

    fn acknowledge(&mut self, now: Timestamp, qos: Qos, pid: u16, outcome: Outcome) {
        let Phase::Open(link) = &mut self.phase else { return };
        let version = link.peer.version;
        let reason = match (outcome, version) {
            (Outcome::Busy, _) => {
                link.busy_since.get_or_insert(now);
                return;
            }
            (Outcome::Refused(_), Version::V3) => {
                return self.end(now, None, Some(CloseReason::Refused));
            }
            (Outcome::Refused(_), Version::V5) => 0x87,
            (Outcome::Unreadable(_), Version::V5) => 0x99,
            (Outcome::Stored, _) | (Outcome::Unreadable(_), Version::V3) => 0,
        };
        match qos {
            Qos::AtMostOnce => {}
            Qos::AtLeastOnce => self.send(version, &Packet::Puback { pid, reason }),
            Qos::ExactlyOnce => self.send(version, &Packet::Pubrec { pid, reason }),
        }
    }

    fn subscribe(
        &mut self,
        now: Timestamp,
        pid: u16,
        has_identifier: bool,
        filters: &[(Arc<str>, Qos)],
    ) -> Result<(), PacketError> {
        let Phase::Open(link) = &self.phase else { return Ok(()) };
        if has_identifier {
            return Err(PacketError::new(0xA1, "subscription identifiers are not supported"));
        }
        if link.peer.version == Version::V5
            && filters.iter().any(|(filter, _)| filter.starts_with("$share/"))
        {
            return Err(PacketError::new(0x9E, "shared subscriptions are not supported"));
        }
        let (version, key, connection) = (link.peer.version, link.key.clone(), link.connection);
        let code = |(filter, wanted): &(Arc<str>, Qos)| {
            let refused = match version {
                Version::V3 => |_| 0x80,
                Version::V5 => |code| code,
            };
            if !Topics(&key.code).are_asked_by(filter) {
                return refused(0x87);
            }
            let granted = GRANTED.min(*wanted);
            match self.hub.subscribe(&key, connection, (filter, granted)) {
                true => granted.level(),
                false => refused(0x97),
            }
        };
        let codes = filters.iter().map(code).collect();
        self.send(version, &Packet::Suback { pid, codes });
        self.deliver(now);
        Ok(())
    }

    /// The client goes of its own accord: its will is dropped, unless it says otherwise.
    fn disconnect(
        &mut self,
        now: Timestamp,
        reason: u8,
        expiry: Option<u32>,
    ) -> Result<(), PacketError> {
        let Phase::Open(link) = &mut self.phase else { return Ok(()) };
        if let Some(seconds) = expiry {
            // A session that was to end with its connection cannot outlive it (§3.14.2.2.2).
            if link.expiry == Duration::ZERO && seconds != 0 {
                let text = "session expiry is set at the end, and was 0 at the beginning";
                return Err(PacketError::new(0x82, text));
            }
            link.expiry = Duration::from_secs(i64::from(seconds));
        }
        if reason == 0 {
            link.will = None;
        }
        self.end(now, None, Some(CloseReason::Finished));
        Ok(())
    }
}
