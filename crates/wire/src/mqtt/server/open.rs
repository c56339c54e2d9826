//! The beginning and the end of a connection that was let in.

use std::sync::Arc;

use base::{Duration, Timestamp};

use super::link::Link;
use super::{Phase, Refusal, Server, seconds};
use crate::mqtt::hub::{HeldWill, Key};
use crate::mqtt::{
    Connack, Connect, Event, Frame, Message, Packet, Peer, Publish, Qos, Topics, Version, Will,
    write,
};
use crate::session::{CloseReason, CommandResult, Output};

impl Server {
    /// Lets the client in.
    pub(super) fn open(&mut self, now: Timestamp, connect: Connect, peer: Arc<Peer>) {
        let key = Key { code: Arc::clone(peer.code()), client: Arc::clone(&peer.client) };
        let Some(entry) = self.hub.attach(&key, connect.is_clean, self.wake.clone()) else {
            return self.turn_away(peer.version, Refusal::Full, CloseReason::Refused);
        };
        let longest = self.config.longest_keep_alive;
        let wanted = Duration::from_secs(i64::from(connect.keep_alive));
        let is_told = wanted == Duration::ZERO || (longest < wanted && peer.version == Version::V5);
        let keep_alive = if is_told { longest } else { wanted };
        // Clean or not is all that version 3 says of how long its session is to live.
        let expiry = match (peer.version, connect.is_clean) {
            (Version::V3, true) => Duration::ZERO,
            (Version::V3, false) => self.hub.longest_session(),
            (Version::V5, _) => Duration::from_secs(i64::from(connect.expiry.unwrap_or(0)))
                .min(self.hub.longest_session()),
        };
        let connack = Connack {
            is_present: entry.is_present,
            client: connect.client.is_empty().then(|| Arc::clone(&peer.client)),
            keep_alive: is_told.then(|| u16::try_from(seconds(keep_alive)).unwrap_or(u16::MAX)),
            expiry: (connect.expiry.unwrap_or(0) != seconds(expiry)).then(|| seconds(expiry)),
            receive_max: Some(self.config.receive_max),
            max_qos: Some(1),
            retains: Some(false),
            max_packet: u32::try_from(self.config.max_packet).ok(),
            alias_max: Some(self.config.max_aliases),
            has_identifiers: Some(false),
            has_shared: Some(false),
            ..Connack::default()
        };
        self.send(peer.version, &Packet::Connack(Box::new(connack)));
        let window = usize::from(connect.receive_max.unwrap_or(u16::MAX));
        self.phase = Phase::Open(Box::new(Link {
            peer,
            key,
            connection: entry.connection,
            patience: Duration::from_millis(keep_alive.as_millis() * 3 / 2),
            last_heard: now,
            busy_since: None,
            will: connect.will,
            expiry,
            window: window.min(self.config.max_in_flight),
            max_packet: connect.max_packet.map_or(usize::MAX, |most| most as usize),
            aliases: std::collections::BTreeMap::new(),
        }));
        self.deliver(now);
    }

    /// Ends the connection; what the client asked to be done then is done.
    ///
    /// - `reason`: code and words, said in version 5; `None` when nothing is to be said.
    /// - `close`: `None` when there is no connection any more.
    pub(super) fn end(
        &mut self,
        now: Timestamp,
        reason: Option<(u8, &str)>,
        close: Option<CloseReason>,
    ) {
        let Phase::Open(mut link) = std::mem::replace(&mut self.phase, Phase::Closed) else {
            return;
        };
        if link.peer.version == Version::V5
            && let Some((reason, text)) = reason
        {
            let packet = Packet::Disconnect { reason, expiry: None, text: Some(text.into()) };
            let bare = Packet::Disconnect { reason, expiry: None, text: None };
            let fits = |packet| {
                let bytes = write(Version::V5, packet).ok();
                bytes.filter(|bytes| bytes.len() <= link.max_packet)
            };
            self.outputs.extend(fits(&packet).or_else(|| fits(&bare)).map(Output::Send));
        }
        let is_taken_over = close == Some(CloseReason::TakenOver);
        self.expire_of(now, &link);
        self.hub.detach(now, &link.key, link.connection, link.expiry);
        if let Some(will) = link.will.take() {
            self.will(now, &link, will, is_taken_over);
        }
        self.scanner.clear();
        self.outputs.extend(close.map(Output::Close));
    }

    /// Does a client's will, now or when it has not come back (§3.1.3.2.2).
    fn will(&mut self, now: Timestamp, link: &Link, will: Will, is_back: bool) {
        if is_back && will.delay != 0 {
            return;
        }
        let delay = Duration::from_secs(i64::from(will.delay));
        let publish =
            Publish { is_retained: will.is_retained, ..Publish::new(will.topic, will.payload) };
        // A will was on the wire within CONNECT; alone it is the PUBLISH it stands for.
        let Ok(raw) = write(link.peer.version, &Packet::Publish(publish.clone())) else { return };
        let topic = Arc::clone(&publish.topic);
        let event =
            Event::Will(Message { qos: will.qos, ..Message::of(publish, topic, raw.len()) });
        let frame = Frame { peer: Arc::clone(&link.peer), event };
        if will.delay == 0 || link.expiry <= Duration::ZERO {
            let token = self.token();
            self.outputs.push_back(Output::Frame { token, frame, raw });
        } else {
            self.hub.hold_will(now + delay, &link.key, HeldWill { frame, raw });
        }
    }

    fn expire_of(&mut self, now: Timestamp, link: &Link) {
        let over = self.hub.expire(now, &link.key, link.connection);
        let result = CommandResult::Unanswered;
        self.outputs.extend(over.into_iter().map(|command| Output::Done { command, result }));
    }

    /// Sends the commands that the client's window has room for.
    pub(super) fn deliver(&mut self, now: Timestamp) {
        let Phase::Open(link) = &self.phase else { return };
        let topics = Topics(&link.key.code);
        let version = link.peer.version;
        let deliveries = self.hub.deliver(now, &link.key, link.connection, link.window);
        if deliveries.is_empty() {
            return;
        }
        let (topic, answer) = (topics.command(), topics.answer());
        let most = link.max_packet;
        let mut done = Vec::new();
        for delivery in deliveries {
            let left = delivery.command.until.map(|until| seconds(until.since(now)).max(1));
            let qos = if delivery.pid == 0 { Qos::AtMostOnce } else { Qos::AtLeastOnce };
            if qos == Qos::AtMostOnce {
                let (command, result) = (delivery.id, CommandResult::Sent);
                done.push(Output::Done { command, result });
            }
            let publish = Publish {
                qos,
                pid: delivery.pid,
                is_again: delivery.is_again,
                expiry: left,
                response_topic: Some(Arc::clone(&answer)),
                correlation: delivery.command.correlation,
                ..Publish::new(Arc::clone(&topic), delivery.command.payload)
            };
            // A client is never sent what is longer than it takes (MQTT-3.1.2-24): such a
            // command waits until nobody wants it.
            let bytes = write(version, &Packet::Publish(publish)).ok();
            let bytes = bytes.filter(|bytes| bytes.len() <= most);
            self.outputs.extend(bytes.map(Output::Send));
        }
        self.outputs.extend(done);
    }
}
