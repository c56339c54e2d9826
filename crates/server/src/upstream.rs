//! The node above, if readings are handed on to one.

use std::sync::Arc;

use base::Timestamp;
use host::World;
use schemars::JsonSchema;
use sense::upstream::{Left, Status, Upstream};
use serde::Serialize;

use crate::config;

/// Its memory in the directory of the real world; no backup has it.
const FILE: &str = "upstream";

/// What routes are handed of it.
#[derive(Clone)]
pub struct Above(pub Option<Arc<Upstream>>);

/// Begins to hand on what a world reads, as configured. Without a node above, nothing is
/// held for it any longer.
///
/// # Errors
/// A sentence for the terminal. That it does not answer is none.
pub fn open(config: &config::Upstream, world: &World) -> Result<Above, String> {
    let file = world.directory().join(FILE);
    let Some(target) = config.target()? else {
        Upstream::forget(world, &file)?;
        return Ok(Above(None));
    };
    if !config.is_local() {
        tracing::warn!("readings go to a node on another machine without TLS: use a tunnel");
    }
    Ok(Above(Some(Arc::new(Upstream::open(world, target, &file)?))))
}

/// How it is with the node above. That it does not answer stops nothing here.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UpstreamView {
    /// Whether the last request was answered as hoped for.
    answers: bool,
    failing_since: Option<Timestamp>,
    /// For those who see the whole node.
    last_error: Option<String>,
    last_error_at: Option<Timestamp>,
    /// When the newest batch that it answered for reached this node.
    confirmed_received: Option<Timestamp>,
    /// Batches that it has not answered for.
    behind: u64,
    /// Bytes of the write-ahead log, and to what it may grow for it.
    log_bytes: u64,
    log_limit: u64,
    /// Series done and series in all, while something is given out of the blocks.
    filling: Option<(u32, u64)>,
    /// Values that it answered for, since this node was started.
    handed: u64,
    /// Lines that it answered for and did not take.
    rejected: u64,
    failures: u64,
    /// How often the log was let go of for its size.
    let_go: u64,
    /// Values of stations whose code another station has too, by another protocol.
    left_ambiguous: u64,
    /// Values whose station or point has a name that cannot be one there.
    left_unnameable: u64,
    /// Values that went through the node above already, or through too many systems.
    left_looped: u64,
    /// Values of series that no registered sensor has.
    left_unknown: u64,
}

impl Above {
    /// Why it fails is told to those only who see the whole node.
    pub fn view(&self, tells_why: bool) -> Option<UpstreamView> {
        let Status {
            answers,
            failing_since,
            last_error,
            confirmed_received,
            behind,
            log_bytes,
            log_limit,
            filling,
            handed,
            rejected,
            failures,
            left: Left { ambiguous, unnameable, looped, unknown },
            let_go,
        } = self.0.as_ref()?.status();
        Some(UpstreamView {
            answers,
            failing_since,
            last_error_at: last_error.as_ref().map(|(_, at)| *at),
            last_error: last_error.map(|(error, _)| error).filter(|_| tells_why),
            confirmed_received,
            behind,
            log_bytes,
            log_limit,
            filling,
            handed,
            rejected,
            failures,
            let_go,
            left_ambiguous: ambiguous,
            left_unnameable: unnameable,
            left_looped: looped,
            left_unknown: unknown,
        })
    }
}

impl UpstreamView {
    /// Says its counters by name, type, help and value.
    pub fn measures(&self, line: &mut impl FnMut(&str, &str, &str, String)) {
        let answers = u8::from(self.answers).to_string();
        line("fengsui_upstream_answers", "gauge", "1 while the node above answers.", answers);
        let help = "Batches of readings that the node above has not answered for.";
        line("fengsui_upstream_behind", "gauge", help, self.behind.to_string());
        let left = [self.left_ambiguous, self.left_unnameable, self.left_looped, self.left_unknown];
        for (name, help, value) in [
            ("handed", "Values that the node above answered for.", self.handed),
            ("rejected", "Lines that the node above did not take.", self.rejected),
            ("left", "Values that are not handed on.", left.iter().sum()),
            ("failures", "Attempts to hand on that failed.", self.failures),
        ] {
            line(&format!("fengsui_upstream_{name}_total"), "counter", help, value.to_string());
        }
    }
}
