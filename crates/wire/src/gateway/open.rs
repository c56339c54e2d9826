//! Between envelope and payload: the one place where a key is used.

use super::cipher::{Cause, Key, Unopened};
use super::envelope::Envelope;
use super::payload::{Payload, PayloadError};

/// Why an envelope gives no payload.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Of a stranger, or broken on the way: the sender hears one sentence and no cause.
    #[error(transparent)]
    Unopened(#[from] Unopened),
    /// Whoever wrote it has the key, and wrote no report.
    #[error(transparent)]
    Payload(PayloadError),
}

/// Opens a message with the key of its sender.
///
/// # Errors
/// [`OpenError::Unopened`] for a wrong key, wrong padding, what is no base64 or hex, no
/// UTF-8 or no JSON: all say the same, after the same work. [`OpenError::Payload`] when
/// it was opened and is no report.
pub fn open(envelope: &Envelope, key: &Key) -> Result<Payload, OpenError> {
    key.open(&envelope.data, read)?.map_err(OpenError::Payload)
}

/// Closes a report with the key of its sender, as `data`.
pub fn close(payload: &Payload, key: &Key) -> String {
    key.close(payload.to_json().as_bytes())
}

/// The text inside, for people who hold the key.
pub(super) fn plain(data: &str, key: &Key) -> Result<String, Unopened> {
    key.open(data, |bytes| Ok(std::str::from_utf8(bytes).map_err(|_| Cause::Text)?.to_owned()))
}

fn read(bytes: &[u8]) -> Result<Result<Payload, PayloadError>, Cause> {
    let text = std::str::from_utf8(bytes).map_err(|_| Cause::Text)?;
    match Payload::parse(text) {
        Err(PayloadError::Json(error)) => Err(Cause::Json(error.to_string())),
        other => Ok(other),
    }
}
