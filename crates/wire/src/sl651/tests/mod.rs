//! Stories and vectors; one file per subject.

mod town;

mod vectors;

mod ascii;
mod descriptions;
mod pictures;
mod random;
mod sessions;
mod settings;
mod streams;

/// Bytes from hexadecimal digits; spaces are ignored.
fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text.replace(char::is_whitespace, "")).expect("hexadecimal digits")
}

/// The frame of that name in `fixtures/sl651/sl651_frames.jsonl`.
fn from_fixture(name: &str) -> Vec<u8> {
    let frames = include_str!("../../../../../fixtures/sl651/sl651_frames.jsonl");
    let vector = frames
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a line of JSON"))
        .find(|vector| vector["name"] == name)
        .expect("a frame of that name");
    bytes(vector["hex"].as_str().expect("hex"))
}

/// The fixture frames, good and broken, and the good ones of the field.
fn all_frames() -> Vec<Vec<u8>> {
    let frames = include_str!("../../../../../fixtures/sl651/sl651_frames.jsonl");
    let fixture = frames.lines().map(|line| {
        let vector: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        bytes(vector["hex"].as_str().expect("hex"))
    });
    fixture.chain(vectors::FIELD.map(bytes)).collect()
}
