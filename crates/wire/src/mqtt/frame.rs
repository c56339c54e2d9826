//! What a client says, as the platform hears it.

use std::sync::Arc;

use bytes::Bytes;

use super::{Publish, Qos, Version};

/// One thing that a client said, and who it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    pub peer: Arc<Peer>,
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// It wants in. Settle it as the credentials deserve: only then is it let in. The
    /// bytes of this frame are those of its CONNECT without the password.
    Connect {
        /// Seconds.
        keep_alive: u16,
        is_clean: bool,
        has_will: bool,
    },
    /// It published something.
    Publish(Message),
    /// Its connection is lost, or it said that its will be done; nothing is acknowledged.
    Will(Message),
}

/// A message as it is published.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The whole topic, also where an alias stood for it.
    pub topic: Arc<str>,
    pub payload: Bytes,
    pub qos: Qos,
    /// The client asks to keep it for others. Nothing is kept for others here.
    pub is_retained: bool,
    /// The client sent it before and heard no acknowledgement.
    pub is_again: bool,
    /// Version 5: the MIME type, as the client gives it.
    pub content_type: Option<Arc<str>>,
    /// Version 5: which command this answers.
    pub correlation: Option<Bytes>,
    /// Where the payload begins in the bytes of its packet.
    pub offset: usize,
}

/// A client with the credentials that it showed, which hold for all that it says.
#[derive(Clone, PartialEq, Eq)]
pub struct Peer {
    pub version: Version,
    /// Its identifier; one of ours when it gave none.
    pub client: Arc<str>,
    pub user: Option<Arc<str>>,
    pub password: Option<Bytes>,
}

/// The topics of one station.
///
/// A station publishes where it likes. It hears what is published to its command topic
/// and answers on its answer topic; no station hears another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Topics<'a>(pub &'a str);

impl Peer {
    /// The code that it speaks for: the user name, or the client identifier without one.
    pub fn code(&self) -> &Arc<str> {
        self.user.as_ref().filter(|user| !user.is_empty()).unwrap_or(&self.client)
    }
}

/// A password is not for logs.
impl std::fmt::Debug for Peer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Peer")
            .field("version", &self.version)
            .field("client", &self.client)
            .field("user", &self.user)
            .field("has_password", &self.password.is_some())
            .finish()
    }
}

impl Message {
    /// - `length`: of the packet, of which the payload is the end.
    pub(super) fn of(publish: Publish, topic: Arc<str>, length: usize) -> Message {
        Message {
            topic,
            offset: length.saturating_sub(publish.payload.len()),
            payload: publish.payload,
            qos: publish.qos,
            is_retained: publish.is_retained,
            is_again: publish.is_again,
            content_type: publish.content_type,
            correlation: publish.correlation,
        }
    }
}

impl Topics<'_> {
    /// The first level of every topic of ours.
    pub const ROOT: &'static str = "fengsui";

    /// `fengsui/{code}/command`.
    pub fn command(self) -> Arc<str> {
        format!("{}/{}/command", Topics::ROOT, self.0).into()
    }

    /// `fengsui/{code}/answer`.
    pub fn answer(self) -> Arc<str> {
        format!("{}/{}/answer", Topics::ROOT, self.0).into()
    }

    /// Whether a filter asks only for what is this station's: its first two levels are
    /// written out.
    pub fn are_asked_by(self, filter: &str) -> bool {
        let mut levels = filter.splitn(3, '/');
        levels.next() == Some(Topics::ROOT)
            && levels.next() == Some(self.0)
            && levels.next().is_some()
    }

    /// Whether a code can be a level of a topic.
    pub fn can_be(code: &str) -> bool {
        !code.is_empty() && !code.contains(['/', '+', '#', '\0'])
    }
}

/// Whether a topic is what a filter asks for (§4.7).
pub fn matches(filter: &str, topic: &str) -> bool {
    // A wildcard at the front does not take in what begins with $ (§4.7.2).
    if topic.starts_with('$') && filter.starts_with(['#', '+']) {
        return false;
    }
    let (mut filters, mut levels) = (filter.split('/'), topic.split('/'));
    loop {
        match (filters.next(), levels.next()) {
            (Some("#"), _) => return true,
            (Some("+"), Some(_)) => {}
            (Some(wanted), Some(level)) if wanted == level => {}
            (None, None) => return true,
            _ => return false,
        }
    }
}
