//! One client's session: what it listens to and what is on its way to it.

use std::collections::VecDeque;
use std::sync::Arc;

use base::Timestamp;

use super::{ConnectionId, HubLimits};
use crate::mqtt::{Command, Qos, Topics, matches};
use crate::session::{CommandError, CommandId, Wake};

#[derive(Default)]
pub(super) struct Client {
    pub attached: Option<Attached>,
    /// When the session ends, while no connection is there.
    pub ends: Option<Timestamp>,
    /// When its will is done, while one waits.
    pub will_due: Option<Timestamp>,
    filters: Vec<(Arc<str>, Qos)>,
    /// In the order given; those with a packet identifier come first.
    queue: VecDeque<Waiting>,
    /// Bytes of all payloads in `queue`.
    bytes: usize,
    last_pid: u16,
}

/// The connection that a client has now.
pub(super) struct Attached {
    pub connection: ConnectionId,
    pub wake: Option<Wake>,
}

struct Waiting {
    id: CommandId,
    command: Command,
    /// It was sent under this identifier, on this connection or one before.
    pid: Option<u16>,
    /// It is unacknowledged on this connection.
    is_in_flight: bool,
}

/// A command to be sent now.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::mqtt) struct Delivery {
    pub id: CommandId,
    /// 0 when the client listens with QoS 0: then it is out with being sent.
    pub pid: u16,
    /// It was sent on a connection before (MQTT-4.4.0-1).
    pub is_again: bool,
    pub command: Command,
}

impl Client {
    pub fn is_of(&self, connection: ConnectionId) -> bool {
        self.attached.as_ref().is_some_and(|attached| attached.connection == connection)
    }

    pub fn subscribe(&mut self, filter: &Arc<str>, qos: Qos, most: usize) -> bool {
        if let Some(known) = self.filters.iter_mut().find(|(other, _)| other == filter) {
            known.1 = qos;
            return true;
        }
        if most <= self.filters.len() {
            return false;
        }
        self.filters.push((Arc::clone(filter), qos));
        true
    }

    pub fn unsubscribe(&mut self, filter: &str) -> bool {
        let before = self.filters.len();
        self.filters.retain(|(other, _)| &**other != filter);
        self.filters.len() < before
    }

    /// With which quality it hears commands, if it does (§3.3.4: the best that matches).
    pub fn listens(&self, code: &str) -> Option<Qos> {
        if self.filters.is_empty() {
            return None;
        }
        let topic = Topics(code).command();
        let heard = self.filters.iter().filter(|(filter, _)| matches(filter, &topic));
        heard.map(|(_, qos)| *qos).max()
    }

    pub fn give(
        &mut self,
        id: CommandId,
        command: Command,
        limits: &HubLimits,
    ) -> Result<(), CommandError> {
        let (waiting, limit) = (self.queue.len(), limits.commands);
        if limit <= waiting {
            return Err(CommandError::Full { waiting, limit });
        }
        let bytes = self.bytes + command.payload.len();
        if limits.command_bytes < bytes {
            let (waiting, limit) = (bytes, limits.command_bytes);
            return Err(CommandError::Unwritable(format!(
                "{waiting} bytes of commands would wait, the limit is {limit}"
            )));
        }
        self.bytes = bytes;
        self.queue.push_back(Waiting { id, command, pid: None, is_in_flight: false });
        Ok(())
    }

    /// What to send: again what was sent before, in its order, then what is new.
    pub fn deliver(&mut self, now: Timestamp, code: &str, window: usize) -> Vec<Delivery> {
        if self.queue.is_empty() {
            return Vec::new();
        }
        match self.listens(code) {
            None => return Vec::new(),
            Some(Qos::AtMostOnce) => return self.send_all(now),
            Some(_) => {}
        }
        let mut room = window.saturating_sub(self.in_flight());
        let mut found = Vec::new();
        let mut last_pid = self.last_pid;
        for index in 0..self.queue.len() {
            if room == 0 {
                break;
            }
            let waiting = &self.queue[index];
            let is_over = waiting.command.until.is_some_and(|until| until <= now);
            if waiting.is_in_flight || is_over {
                continue;
            }
            let is_again = waiting.pid.is_some();
            let pid = match waiting.pid {
                Some(pid) => pid,
                None => {
                    last_pid = self.free_pid(last_pid);
                    last_pid
                }
            };
            let waiting = &mut self.queue[index];
            waiting.pid = Some(pid);
            waiting.is_in_flight = true;
            room -= 1;
            let (id, command) = (waiting.id, waiting.command.clone());
            found.push(Delivery { id, pid, is_again, command });
        }
        self.last_pid = last_pid;
        found
    }

    /// Takes out all that is still wanted and not in flight.
    fn send_all(&mut self, now: Timestamp) -> Vec<Delivery> {
        let mut found = Vec::new();
        for waiting in std::mem::take(&mut self.queue) {
            let is_over = waiting.command.until.is_some_and(|until| until <= now);
            if waiting.is_in_flight || is_over {
                self.queue.push_back(waiting);
                continue;
            }
            self.bytes -= waiting.command.payload.len();
            let Waiting { id, command, .. } = waiting;
            found.push(Delivery { id, pid: 0, is_again: false, command });
        }
        found
    }

    fn in_flight(&self) -> usize {
        self.queue.iter().filter(|waiting| waiting.is_in_flight).count()
    }

    /// The identifier after `last` that nothing has; there are more than commands.
    fn free_pid(&self, last: u16) -> u16 {
        let mut pid = last;
        loop {
            pid = pid.checked_add(1).unwrap_or(1);
            if self.queue.iter().all(|waiting| waiting.pid != Some(pid)) {
                return pid;
            }
        }
    }

    pub fn acknowledge(&mut self, pid: u16) -> Option<CommandId> {
        let found = |waiting: &Waiting| waiting.is_in_flight && waiting.pid == Some(pid);
        let index = self.queue.iter().position(found)?;
        let waiting = self.queue.remove(index)?;
        self.bytes -= waiting.command.payload.len();
        Some(waiting.id)
    }

    /// The connection is gone: what was not acknowledged is to be sent again.
    pub fn forget_flight(&mut self) {
        for waiting in &mut self.queue {
            waiting.is_in_flight = false;
        }
    }

    /// Takes out what nobody wants any more; what is in flight may still be acknowledged.
    pub fn expire(&mut self, now: Timestamp) -> Vec<CommandId> {
        let mut over = Vec::new();
        let bytes = &mut self.bytes;
        self.queue.retain(|waiting| {
            let is_over = waiting.command.until.is_some_and(|until| until <= now);
            if is_over {
                *bytes -= waiting.command.payload.len();
                over.push(waiting.id);
            }
            !is_over
        });
        over
    }

    pub fn next_expiry(&self) -> Option<Timestamp> {
        self.queue.iter().filter_map(|waiting| waiting.command.until).min()
    }

    pub fn commands(&self) -> impl Iterator<Item = CommandId> {
        self.queue.iter().map(|waiting| waiting.id)
    }
}
