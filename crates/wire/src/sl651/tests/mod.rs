//! Stories and vectors; one file per subject.

mod vectors;

/// Bytes from hexadecimal digits; spaces are ignored.
fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text.replace(char::is_whitespace, "")).expect("hexadecimal digits")
}
