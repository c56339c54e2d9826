//! Sources and frames as the API gives them.

use base::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::FrameOutcome;
use crate::protocol::Span;
use crate::station::{Class, ClockView, StationId, Status};

/// A station as a source of frames.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Source")]
pub(crate) struct SourceView {
    pub station: StationId,
    pub name: String,
    pub class: Class,
    /// The protocol's short name.
    pub protocol_word: &'static str,
    pub status: Status,
    pub status_word: &'static str,
    /// The peer's address at the last contact.
    pub source: Option<String>,
    /// Frames a minute, from the period.
    pub expected_per_min: f64,
    /// Frames within the last sixty minutes, heartbeats included.
    pub received_last_hour: i64,
    pub last_contact: Option<Timestamp>,
    /// From the newest observation of the last report to its arrival.
    pub delay_ms: Option<i64>,
    /// `null` while too little is known, and of protocols that do not say when they send.
    pub clock: Option<ClockView>,
    /// For so many seconds it may say nothing before it is silent.
    pub silent_after_s: i64,
    /// Nobody waits for it until then.
    pub paused_until: Option<Timestamp>,
    /// Since the last contact, once that is more than one and a half periods ago.
    pub silence_s: Option<i64>,
    pub rejects_last_hour: i64,
    /// Frames not acknowledged because the disk had too little room; the station keeps
    /// them.
    pub no_room_last_hour: i64,
    /// Readings, not frames, from here on.
    pub duplicates_last_hour: i64,
    pub late_last_hour: i64,
    pub future_last_hour: i64,
    pub corrected_last_hour: i64,
    /// Frames that wait for a sensor.
    pub held: i64,
    /// Since when the gateway says that it has lost the instruments behind it.
    pub cut_since: Option<Timestamp>,
    /// By our quality checks; they stay readings like others.
    pub flagged_last_hour: i64,
}

/// A frame with the meaning of its bytes.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RawFrame")]
pub(crate) struct FrameView {
    pub received: Timestamp,
    pub source: String,
    pub hex: String,
    pub outcome: FrameOutcome,
    pub outcome_word: &'static str,
    pub reason: Option<String>,
    /// From the socket to the written acknowledgement; `null` when none was sent.
    pub acknowledged_ms: Option<i64>,
    /// What each byte of `hex` is, in order and without gaps.
    pub spans: Vec<Span>,
    /// SHA-256 of the kept bytes, in pieces of at most 64 KiB.
    pub documents: Vec<String>,
}

/// What stands for a nibble of a password in `hex`.
const HIDDEN: &str = "*";

/// Hides the passwords of frames: in the bytes and in what they say. The check goes with
/// them: whoever knows it and every other byte works out the two that are hidden.
///
/// - `hex`: two digits a byte, of the bytes that `spans` describe.
pub(crate) fn hide_password(hex: &mut String, spans: &mut [Span]) {
    let has_password = spans.iter().any(|span| span.name == Span::PASSWORD);
    let is_hidden = |span: &&mut Span| {
        span.name == Span::PASSWORD || (has_password && span.name == Span::CHECK)
    };
    for span in spans.iter_mut().filter(is_hidden) {
        let digits = 2 * span.start..2 * (span.start + span.len);
        if digits.end <= hex.len() {
            hex.replace_range(digits, &HIDDEN.repeat(2 * span.len));
        }
        span.hide();
    }
}
