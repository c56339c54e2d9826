//! Stories and vectors; one file per subject.

mod town;

mod vectors;

mod commands;
mod entry;
mod messages;
mod sessions;
mod violations;

mod descriptions;

mod random;

/// Bytes from hexadecimal digits; spaces are ignored.
fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text.replace(char::is_whitespace, "")).expect("hexadecimal digits")
}
