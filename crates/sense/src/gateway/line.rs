//! Lines: on which connection a station was heard last, and what is asked of it there.
//!
//! A station is on a line from its first stored message until another connection brings
//! one, or this one ends. Who only claims a code gets no line: what is asked of a station
//! carries its password.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value as Json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use crate::protocol::Protocol;

/// What is asked of a station; what a protocol makes of it is said by
/// [`super::Converses::order`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// All current values.
    Now,
    /// What its clock says.
    Clock,
    /// Its clock is set to ours.
    SetClock,
    Version,
    /// Its own state and alarms.
    Status,
    /// What it has for these parameters, by their codes in the standard's tables.
    Parameters {
        table: String,
        codes: Vec<String>,
    },
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// In the protocol's own words, where it has any.
    Answered(Option<Json>),
    /// Asked as often as the standard allows.
    Unanswered,
    /// Not asked: what the protocol, or its session, said.
    Untaken(String),
    /// The station is on no line.
    Offline,
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
}

#[derive(Debug)]
struct Line {
    connection: u64,
    orders: UnboundedSender<Box<Order>>,
}

/// One question on its way to a connection; boxed there, because a channel keeps room for
/// thirty of them, and ten thousand idle connections have one each.
#[derive(Debug)]
pub(super) struct Order {
    pub station: String,
    pub ask: Ask,
    pub heard: oneshot::Sender<Heard>,
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
    /// Asks a station on the line on which it was heard last, and waits for what comes of
    /// it: its session says when it gives up.
    pub async fn ask(&self, protocol: Protocol, station: &str, ask: Ask) -> Heard {
        let (heard, answer) = oneshot::channel();
        let order = Box::new(Order { station: station.to_owned(), ask, heard });
        let sent = self.board(|board| {
            let line = board.lines.get(&protocol).and_then(|lines| lines.get(station));
            line.is_some_and(|line| line.orders.send(order).is_ok())
        });
        match sent {
            true => answer.await.unwrap_or(Heard::Lost),
            false => Heard::Offline,
        }
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
    /// A message of this station was stored.
    pub fn heard(&mut self, station: &str) {
        let Lineman { lines, protocol, connection, orders, codes } = self;
        let line = || Line { connection: *connection, orders: orders.clone() };
        lines.board(|board| {
            let known = board.lines.entry(*protocol).or_default();
            match known.get_mut(station) {
                Some(same) if same.connection == *connection => {}
                Some(other) => {
                    *other = line();
                    codes.push(station.to_owned());
                }
                None => {
                    known.insert(station.to_owned(), line());
                    codes.push(station.to_owned());
                }
            }
        });
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
