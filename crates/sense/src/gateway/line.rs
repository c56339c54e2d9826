//! Lines: on which connection a station was heard last, and what is asked of it there.
//!
//! A station is on a line from its first stored message until another connection brings
//! one, or this one ends. Who only claims a code gets no line: what is asked of a station
//! carries its password.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use base::{Id, Timestamp};
use host::document::DocumentRef;
use serde_json::Value as Json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::protocol::Protocol;
use crate::protocol::form::{Ask, Keys, To};

/// What is heard of a command, in this order; nothing more after the first that ends it.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// These bytes are on their way, each once more when it is repeated.
    Sent(Vec<u8>),
    /// The peer's acknowledgement; what it says comes as a message later, if it does.
    Delivered,
    /// It answered, and the answer is on disk.
    Answered {
        /// In the protocol's own words, where it has any.
        said: Option<Json>,
        /// The bytes of the answer.
        documents: Vec<DocumentRef>,
    },
    /// Asked as often as the standard allows, or where nobody acknowledges (QoS 0 of MQTT).
    Unanswered,
    /// Not asked: what the protocol, or its session, said.
    Untaken(String),
    /// Asked, and the line ended before an answer came.
    Lost,
}

/// All lines of one intake, whichever door they came in by.
#[derive(Debug, Clone, Default)]
pub struct Lines(Arc<Mutex<Board>>);

#[derive(Debug, Default)]
struct Board {
    next: u64,
    lines: HashMap<Protocol, HashMap<String, Line>>,
    /// Stations on no line for whom a command waits.
    wanted: HashSet<(Protocol, String)>,
}

#[derive(Debug)]
struct Line {
    connection: u64,
    orders: UnboundedSender<Box<Order>>,
}

/// One command on its way to a connection; boxed there, because a channel keeps room for
/// thirty of them, and ten thousand idle connections have one each.
#[derive(Debug)]
pub(crate) struct Order {
    pub station: String,
    pub command: Id,
    pub ask: Ask,
    pub keys: Option<Keys>,
    /// How long it is good for, once it is given.
    pub good_for: base::Duration,
    /// Whether its bytes have gone out once.
    pub is_sent: bool,
    /// Who waits for what comes of it. Dropped without an end it is lost.
    pub heard: UnboundedSender<Heard>,
}

impl Order {
    /// - `now`: by the connection's clock.
    pub fn to(&self, now: Timestamp) -> To<'_> {
        To {
            station: &self.station,
            command: self.command,
            until: now + self.good_for,
            keys: self.keys.as_ref(),
        }
    }

    pub fn tell(&self, heard: Heard) {
        // Without a receiver nobody wants to know any more.
        let _ = self.heard.send(heard);
    }
}

/// A connection's end of its lines; they end with it.
#[derive(Debug)]
pub(super) struct Lineman {
    lines: Lines,
    protocol: Protocol,
    connection: u64,
    orders: UnboundedSender<Box<Order>>,
    /// The codes that were put on a line here.
    codes: Vec<String>,
}

impl Lines {
    /// Gives a command to the line on which its station was heard last; whether there is one.
    pub(crate) fn give(&self, protocol: Protocol, order: Order) -> bool {
        let station = order.station.clone();
        let order = Box::new(order);
        self.board(|board| {
            let line = board.lines.get(&protocol).and_then(|lines| lines.get(&station));
            line.is_some_and(|line| line.orders.send(order).is_ok())
        })
    }

    /// Whether a station is on a line; if not, [`Lineman::heard`] says when it is.
    pub(crate) fn is_online_or_wanted(&self, protocol: Protocol, station: &str) -> bool {
        self.board(|board| {
            let is_online = board.lines.get(&protocol).is_some_and(|it| it.contains_key(station));
            if !is_online {
                board.wanted.insert((protocol, station.to_owned()));
            }
            is_online
        })
    }

    /// Whether a station is on a line.
    pub fn is_online(&self, protocol: Protocol, station: &str) -> bool {
        self.board(|board| board.lines.get(&protocol).is_some_and(|it| it.contains_key(station)))
    }

    pub(super) fn connection(
        &self,
        protocol: Protocol,
    ) -> (Lineman, UnboundedReceiver<Box<Order>>) {
        let (orders, received) = unbounded_channel();
        let connection = self.board(|board| {
            board.next += 1;
            board.next
        });
        let (lines, codes) = (self.clone(), Vec::new());
        (Lineman { lines, protocol, connection, orders, codes }, received)
    }

    fn board<R>(&self, at: impl FnOnce(&mut Board) -> R) -> R {
        at(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Lineman {
    /// Whether a station was put on a line here.
    pub fn has(&self, station: &str) -> bool {
        self.codes.iter().any(|code| code == station)
    }

    /// A message of this station was stored; whether somebody waits for it.
    #[must_use]
    pub fn heard(&mut self, station: &str) -> bool {
        let Lineman { lines, protocol, connection, orders, codes } = self;
        let line = || Line { connection: *connection, orders: orders.clone() };
        lines.board(|board| {
            let known = board.lines.entry(*protocol).or_default();
            match known.get_mut(station) {
                Some(same) if same.connection == *connection => return false,
                Some(other) => {
                    *other = line();
                    codes.push(station.to_owned());
                }
                None => {
                    known.insert(station.to_owned(), line());
                    codes.push(station.to_owned());
                }
            }
            !board.wanted.is_empty() && board.wanted.remove(&(*protocol, station.to_owned()))
        })
    }
}

impl Drop for Lineman {
    fn drop(&mut self) {
        let Lineman { lines, protocol, connection, codes, .. } = self;
        lines.board(|board| {
            let Some(known) = board.lines.get_mut(protocol) else { return };
            for code in codes.drain(..) {
                if known.get(&code).is_some_and(|line| line.connection == *connection) {
                    known.remove(&code);
                }
            }
        });
    }
}
