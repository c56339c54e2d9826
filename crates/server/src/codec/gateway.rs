//! The `@@` gateway protocol at the command line: closed without a key, open with one.

use base::Timestamp;
use serde_json::{Value as Json, json};
use wire::gateway::{
    Key, Message, MessageError, ScanLimits, Scanned, Scanner, describe, from_description,
};

/// Every message in a stream, or in the body of one HTTP request, which has no `@@`.
pub fn decode(bytes: &[u8], key: Option<&str>) -> Vec<Result<Json, Json>> {
    let key = match key.map(Key::parse).transpose() {
        Ok(key) => key,
        Err(error) => return vec![Err(json!({"error": error.to_string()}))],
    };
    let start = Timestamp::from_millis(0);
    let mut scanner = Scanner::new(ScanLimits::DEFAULT);
    let mut found = Vec::new();
    scanner.push(start, bytes);
    // What has not ended when the input does never will.
    let end = start + ScanLimits::DEFAULT.patience;
    while let Some(scanned) = scanner.scan(start).or_else(|| scanner.scan(end)) {
        found.push(match scanned {
            Scanned::Message { message, raw } => Ok(describe(&message, &raw, key.as_ref())),
            Scanned::Reject { raw, error: MessageError::Short { got } } if raw.len() == got => {
                alone(&raw, key.as_ref())
            }
            Scanned::Reject { raw, error } => Err(refused(&raw, &error)),
        });
    }
    found
}

fn alone(raw: &[u8], key: Option<&Key>) -> Result<Json, Json> {
    match Message::parse(raw.trim_ascii()) {
        Ok(message) => Ok(describe(&message, raw.trim_ascii(), key)),
        Err(_) => Err(refused(raw, &MessageError::Short { got: raw.len() })),
    }
}

fn refused(raw: &[u8], error: &MessageError) -> Json {
    json!({"error": error.to_string(), "hex": hex::encode_upper(raw)})
}

/// The bytes of one description, with their `@@`.
///
/// # Errors
/// What is missing or wrong, never the key.
pub fn encode(document: &Json, key: Option<&str>) -> Result<Vec<u8>, String> {
    let key = key.map(Key::parse).transpose().map_err(|error| error.to_string())?;
    from_description(document, key.as_ref()).map_err(|error| error.to_string())
}
