//! Live screens: the log tailed, and the latest readings beside it.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use base::Timestamp;
use bytes::Bytes;
use tokio::sync::broadcast;

use crate::home::Home;
use crate::scope::Permission;

/// How many facts a screen may have missed and still resume without a reset.
const BUFFER: usize = 8_192;
/// How many messages a slow screen may lag before it is cut and resumes.
const LAG: usize = 1_024;

/// One message to the screens. Encoded once; who may see it is asked per screen.
#[derive(Debug)]
pub enum LiveMessage {
    /// `event`: as every screen gets it that may see it.
    Fact {
        seq: i64,
        home: Home,
        seen_with: Permission,
        event: Bytes,
    },
    Readings {
        at: Timestamp,
        seen_with: Permission,
        items: Vec<(Arc<Home>, String)>,
    },
}

/// Writes a server-sent event; `data` is one line.
pub(crate) fn event(text: &mut String, name: &str, id: Option<i64>, data: &str) {
    let _ = writeln!(text, "event: {name}");
    if let Some(id) = id {
        let _ = writeln!(text, "id: {id}");
    }
    let _ = writeln!(text, "data: {data}\n");
}

/// The hub of one world.
pub struct Live {
    recent: Mutex<VecDeque<Arc<LiveMessage>>>,
    sender: broadcast::Sender<Arc<LiveMessage>>,
}

/// Where a resuming screen starts.
pub struct Resume {
    pub missed: Vec<Arc<LiveMessage>>,
    /// The buffer no longer holds all that was missed: fetch everything again.
    pub reset: bool,
    pub receiver: broadcast::Receiver<Arc<LiveMessage>>,
}

impl Default for Live {
    fn default() -> Live {
        let (sender, _) = broadcast::channel(LAG);
        Live { recent: Mutex::new(VecDeque::new()), sender }
    }
}

impl Live {
    pub fn send(&self, message: LiveMessage) {
        let message = Arc::new(message);
        let mut recent = self.recent.lock().expect("no holder panics");
        if matches!(*message, LiveMessage::Fact { .. }) {
            if recent.len() == BUFFER {
                recent.pop_front();
            }
            recent.push_back(Arc::clone(&message));
        }
        // Sent under the lock, so that whoever subscribes sees each message once.
        // Nobody listening is no error.
        let _ = self.sender.send(message);
    }

    /// Subscribes from just after `seq`; `last` is the log's newest seq.
    pub fn resume(&self, seq: i64, last: i64) -> Resume {
        let recent = self.recent.lock().expect("no holder panics");
        let missed: Vec<_> = recent
            .iter()
            .filter(|message| matches!(***message, LiveMessage::Fact { seq: at, .. } if seq < at))
            .cloned()
            .collect();
        let oldest = recent.iter().find_map(|message| match **message {
            LiveMessage::Fact { seq, .. } => Some(seq),
            LiveMessage::Readings { .. } => None,
        });
        // Ahead of the log is who saw one that a restore has taken back.
        let behind = seq < last && oldest.is_some_and(|oldest| oldest <= seq + 1);
        let covered = seq == last || behind;
        let reset = !covered;
        Resume {
            missed: if reset { Vec::new() } else { missed },
            reset,
            receiver: self.sender.subscribe(),
        }
    }
}
