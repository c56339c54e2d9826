//! The contract between a session and whoever drives it.
//!
//! A driver owns the socket and the clock. It hands over what arrived, then
//! takes orders until there are none left:
//!
//! ```text
//! loop {
//!     wait for bytes, or for deadline()
//!     session.input(now, bytes)  or  session.tick(now)
//!     while let Some(order) = session.poll() { … }
//! }
//! ```
//!
//! A frame that needs an acknowledgement is acknowledged only after the driver
//! has said [`Outcome::Stored`] for its token. Drain [`Session::poll`] after
//! every call: what a session holds between calls is bounded by its limits,
//! whatever the peer sends.

use std::sync::Arc;

use base::{Duration, Timestamp};

/// Wakes whoever drives a session, from any thread; see [`Session::wake_by`].
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Names one frame between [`Output::Frame`] and [`Session::settle`]; never used twice by a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

/// Names one command between [`Session::command`] and [`Output::Done`]; never used twice by a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandId(pub u64);

/// What a session asks its driver to do, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Output<F> {
    /// Write these bytes to the peer.
    Send(Vec<u8>),
    /// Judge and keep this frame, then answer with [`Session::settle`].
    ///
    /// `raw` is what was on the wire, all packets of a message in order.
    Frame { token: Token, frame: F, raw: Vec<u8> },
    /// Bytes that are no frame, kept as evidence. A long run comes in pieces.
    Reject { raw: Vec<u8>, reason: String },
    /// A command has ended; its answer, if any, came before as a [`Output::Frame`].
    Done { command: CommandId, result: CommandResult },
    /// Close the connection; nothing useful will follow.
    Close(CloseReason),
}

/// What the driver did with a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// On disk: it may be acknowledged.
    Stored,
    /// Not wanted here (unknown station, wrong password); never acknowledged.
    Refused(String),
    /// On disk as it came, and it makes no sense: to send it again changes nothing. Not
    /// acknowledged, but where the standard can tell a sender not to come again with it.
    Unreadable(String),
    /// No room now: not acknowledged, so the peer sends it again.
    Busy,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandResult {
    /// The peer answered or acknowledged.
    Answered,
    /// Sent as often as the standard allows, and no answer came.
    Unanswered,
    /// The bytes are out and the standard knows no answer.
    Sent,
}

/// Why a command was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    #[error("{waiting} commands are waiting, the limit is {limit}")]
    Full { waiting: usize, limit: usize },
    #[error("{0} has not been heard on this connection")]
    Unheard(String),
    #[error("command cannot be written: {0}")]
    Unwritable(String),
}

/// Why a session wants its connection closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// No whole frame came for this long, in milliseconds.
    Idle { millis: i64 },
    /// The peer ended the conversation in the standard's own way.
    Finished,
    /// What the peer sent cannot be told apart any more, or is forbidden.
    Broken,
    /// The peer was not let in.
    Refused,
    /// There was no room for what it sent; it is to come again and send it again.
    Busy,
    /// The same client came by another connection.
    TakenOver,
}

/// One side of one conversation over a byte stream.
pub trait Session {
    type Frame;
    type Command;

    /// Takes bytes as they came; any cutting of a stream gives the same frames.
    fn input(&mut self, now: Timestamp, bytes: &[u8]);

    /// The next order, or `None` until something happens.
    fn poll(&mut self) -> Option<Output<Self::Frame>>;

    /// Says what became of a frame; a token that is not waiting is ignored.
    fn settle(&mut self, now: Timestamp, token: Token, outcome: Outcome);

    /// Asks the peer for something.
    ///
    /// # Errors
    /// [`CommandError`] when it cannot be taken; nothing was sent then.
    fn command(
        &mut self,
        now: Timestamp,
        command: Self::Command,
    ) -> Result<CommandId, CommandError>;

    /// When [`Session::tick`] is due at the latest.
    fn deadline(&self) -> Option<Timestamp>;

    /// Acts on every deadline that is `now` or earlier.
    fn tick(&mut self, now: Timestamp);

    /// How far the time that goes out in frames is ahead of the session's own, which every
    /// `now` is; 0 until it is said. Stations show it, and some set their clocks by it.
    fn carries(&mut self, ahead: Duration) {
        let _ = ahead;
    }

    /// How to wake the driver when something for this session came by another way (a
    /// take-over, a command given elsewhere). The driver then calls [`Session::tick`].
    fn wake_by(&mut self, wake: Wake) {
        let _ = wake;
    }

    /// The connection has ended and this session did not ask for it. What is to be said
    /// of that comes by [`Session::poll`] (a last will); what it says to send is for the
    /// next connection, if there is one.
    fn lost(&mut self, now: Timestamp) {
        let _ = now;
    }

    /// Whether bytes are better left with the peer until a frame is settled.
    fn is_full(&self) -> bool {
        false
    }

    /// Bytes that were taken and are no frame yet; `None` when the session cannot tell.
    fn held(&self) -> Option<usize> {
        None
    }
}
