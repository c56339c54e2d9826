//! Names every byte of a packet.

use super::describe::{name, read_any};
use super::{Packet, Version};
use crate::span::Span;

/// What proves who the sender is.
const PASSWORD: &str = "password";

/// Names every byte, in order and without gaps; several packets may follow each other.
///
/// Names: `function`, `length`, `protocol`, `flags`, `keep_alive`, `properties`, `client`,
/// `station`, `password`, `will_topic`, `will`, `topic`, `packet_id`, `data`, `reason`,
/// `filter`, `unread`. Of bytes that are no packet and may be a broken CONNECT, all that
/// may hold its password is called so.
pub fn layout(raw: &[u8]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        let rest = &raw[at..];
        let found =
            length(rest).and_then(|length| rest.get(..length)).map(|raw| (raw, read_any(raw)));
        match found {
            Some((packet, Ok((version, read)))) => {
                let mut walk = Walk { raw: packet, at: 0, start: at, spans: &mut spans };
                walk.packet(version, &read);
                at += packet.len();
            }
            _ => {
                spans.extend(broken(rest, at));
                return spans;
            }
        }
    }
    spans
}

/// Bytes of the packet that begins here, by its own word.
fn length(bytes: &[u8]) -> Option<usize> {
    let mut remaining = 0_usize;
    for index in 0..4 {
        let byte = bytes.get(index + 1)?;
        remaining |= usize::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Some(remaining + 2 + index);
        }
    }
    None
}

/// A CONNECT in which one bit is wrong still shows where it begins: by its first byte or
/// by the name of its protocol. All behind is hidden then.
fn broken(raw: &[u8], start: usize) -> Vec<Span> {
    let text = match read_any(raw) {
        Ok(_) => "not whole".to_owned(),
        Err(error) => error.text,
    };
    let is_type = raw.first().is_some_and(|first| first >> 4 == 1);
    let named = raw.windows(2).position(|pair| pair == b"MQ" || pair == b"QT" || pair == b"TT");
    let hidden = match (is_type, named) {
        (true, _) => raw.len().min(2),
        (false, Some(at)) => at,
        (false, None) => raw.len(),
    };
    let span = |start, len, name| Span { start, len, name, text: text.clone() };
    let parts = [span(start, hidden, "unread"), span(start + hidden, raw.len() - hidden, PASSWORD)];
    parts.into_iter().filter(|span| span.len != 0).collect()
}

struct Walk<'a> {
    raw: &'a [u8],
    at: usize,
    /// Where the packet begins.
    start: usize,
    spans: &'a mut Vec<Span>,
}

impl Walk<'_> {
    fn packet(&mut self, version: Version, packet: &Packet) {
        let has_properties = version == Version::V5;
        self.take(1, "function", name(packet).to_owned());
        let length = self.varint();
        self.take(length, "length", (self.raw.len() - 1 - length).to_string());
        match packet {
            Packet::Connect(connect) => {
                self.text("protocol");
                self.take(1, "protocol", super::describe::version_name(version).to_owned());
                self.take(1, "flags", format!("{:08b}", self.byte()));
                self.take(2, "keep_alive", format!("{} s", connect.keep_alive));
                self.properties(has_properties);
                self.text("client");
                if connect.will.is_some() {
                    self.properties(has_properties);
                    self.text("will_topic");
                    self.text("will");
                }
                if connect.user.is_some() {
                    self.text("station");
                }
                if connect.password.is_some() {
                    self.text(PASSWORD);
                }
            }
            Packet::Publish(publish) => {
                self.text("topic");
                if publish.pid != 0 {
                    self.take(2, "packet_id", publish.pid.to_string());
                }
                self.properties(has_properties);
                let payload = String::from_utf8_lossy(&publish.payload);
                let shown = payload.chars().take(200).collect();
                self.take(publish.payload.len(), "data", shown);
            }
            Packet::Subscribe { pid, .. } | Packet::Unsubscribe { pid, .. } => {
                self.take(2, "packet_id", pid.to_string());
                self.properties(has_properties);
                let has_options = matches!(packet, Packet::Subscribe { .. });
                while self.at < self.raw.len() {
                    self.text("filter");
                    if has_options {
                        self.take(1, "flags", format!("QoS {}", self.byte() & 3));
                    }
                }
            }
            Packet::Connack(_) => {
                self.take(1, "flags", format!("{:08b}", self.byte()));
                self.take(1, "reason", format!("{:#04x}", self.byte()));
                self.properties(has_properties);
            }
            Packet::Disconnect { .. } | Packet::Auth => {
                self.take(1, "reason", format!("{:#04x}", self.byte()));
                self.properties(has_properties);
            }
            Packet::Suback { pid, .. } | Packet::Unsuback { pid, .. } => {
                self.take(2, "packet_id", pid.to_string());
                self.properties(has_properties);
                while self.at < self.raw.len() {
                    self.take(1, "reason", format!("{:#04x}", self.byte()));
                }
            }
            Packet::Puback { pid, .. }
            | Packet::Pubrec { pid, .. }
            | Packet::Pubrel { pid }
            | Packet::Pubcomp { pid, .. } => {
                self.take(2, "packet_id", pid.to_string());
                self.take(1, "reason", format!("{:#04x}", self.byte()));
                self.properties(has_properties);
            }
            Packet::Pingreq | Packet::Pingresp => {}
        }
        // Nothing is left of a packet that was read, whatever its kind.
        self.take(self.raw.len() - self.at, "data", String::new());
    }

    fn byte(&self) -> u8 {
        self.raw.get(self.at).copied().unwrap_or_default()
    }

    /// Bytes of the number that begins here.
    fn varint(&self) -> usize {
        let more = self.raw[self.at..].iter().take(4).take_while(|byte| **byte & 0x80 != 0);
        more.count() + 1
    }

    /// What is there of so many bytes, if anything is.
    fn take(&mut self, len: usize, name: &'static str, text: String) {
        let len = len.min(self.raw.len() - self.at);
        if len != 0 {
            self.spans.push(Span { start: self.start + self.at, len, name, text });
            self.at += len;
        }
    }

    /// Two bytes of length and as many more.
    fn text(&mut self, name: &'static str) {
        let Some(head) = self.raw[self.at..].first_chunk::<2>() else { return };
        let len = usize::from(u16::from_be_bytes(*head));
        let body = self.raw[self.at + 2..].get(..len).unwrap_or_default();
        let text = String::from_utf8_lossy(body).chars().take(200).collect();
        self.take(2 + len, name, text);
    }

    fn properties(&mut self, are_there: bool) {
        if !are_there || self.at == self.raw.len() {
            return;
        }
        let head = self.varint();
        let mut len = 0_usize;
        for (index, byte) in self.raw[self.at..].iter().take(head).enumerate() {
            len |= usize::from(byte & 0x7F) << (7 * index);
        }
        self.take(head + len, "properties", format!("{len} bytes"));
    }
}
