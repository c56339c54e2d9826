//! How much a hub remembers.

use base::Duration;

/// Limits of a [`super::Hub`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubLimits {
    /// Sessions, with and without connection; 40 000. Beyond it whoever waits longest for
    /// its client goes.
    pub clients: usize,
    /// How long a session waits for its client, whatever that asks for; 24 h.
    pub longest_session: Duration,
    /// Filters of one client; 8.
    pub filters: usize,
    /// Commands that wait for one client; 64.
    pub commands: usize,
    /// Their payloads together, bytes; 256 KiB.
    pub command_bytes: usize,
}

impl Default for HubLimits {
    fn default() -> HubLimits {
        HubLimits {
            clients: 40_000,
            longest_session: Duration::from_hours(24),
            filters: 8,
            commands: 64,
            command_bytes: 256 << 10,
        }
    }
}
