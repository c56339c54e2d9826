//! The `@@` gateway protocol: parse, open, describe, and a platform that hears the bytes cut in two ways.
//!
//! What is fuzzed is the stream; each message is tried as plain payload too, closed with
//! the dummy key, or the cipher would keep everything behind it from being reached.

#![no_main]

use base::{Duration, Timestamp};
use libfuzzer_sys::fuzz_target;
use wire::gateway::{
    Envelope, Key, Message, Payload, Platform, PlatformConfig, describe, from_description, layout,
    open, parse, write,
};
use wire::session::{Outcome, Output, Session};

fuzz_target!(|data: &[u8]| {
    let covered: usize = layout(data).iter().map(|span| span.len).sum();
    assert_eq!(covered, data.len());
    let key = Key::parse("0123456789ABCDEF ABCDEF0123456789").expect("a key");
    if let Ok((message, rest)) = parse(data) {
        check(&message, &data[..data.len() - rest.len()], &key);
    }
    if let Ok(text) = std::str::from_utf8(data) {
        check_payload(text, &key);
        let _ = Key::parse(text);
    }
    // The first byte says how long the chunks are.
    let size = data.first().map_or(1, |byte| usize::from(*byte % 64) + 1);
    let whole = said(std::iter::once(data), &key);
    assert_eq!(whole, said(data.chunks(size), &key));
});

fn check(message: &Message, raw: &[u8], key: &Key) {
    let text = describe(message, raw, Some(key));
    let back = from_description(&text, None).expect("what was described can be written");
    assert_eq!(parse(&back).expect("and read").0, *message);
    if let Ok(written) = write(message) {
        assert_eq!(parse(&written).expect("what was written is read").0, *message);
    }
}

fn check_payload(text: &str, key: &Key) {
    let closed = key.close(text.as_bytes());
    let opened = key.open(&closed, |bytes| Ok(bytes.to_vec())).expect("it is of this key");
    assert_eq!(opened, text.as_bytes());
    if let Ok(payload) = Payload::parse(text) {
        for reading in payload.readings() {
            assert!(reading.value.number().is_none_or(f64::is_finite));
        }
        let _ = Payload::parse(&payload.to_json());
    }
}

/// Everything a platform says but answers, whose order follows the driver.
fn said<'a>(chunks: impl Iterator<Item = &'a [u8]>, key: &Key) -> Vec<Output<Envelope>> {
    let now = Timestamp::from_millis(1_785_733_200_000);
    let config = PlatformConfig { max_message: 2_000, ..PlatformConfig::default() };
    let mut platform = Platform::new(config, now);
    let mut told = Vec::new();
    let mut drain = |platform: &mut Platform| {
        while let Some(output) = platform.poll() {
            match output {
                Output::Send(bytes) => {
                    let (message, rest) = parse(&bytes).expect("a platform sends messages");
                    assert!(matches!(message, Message::Response(_)) && rest.is_empty());
                }
                Output::Frame { token, ref frame, .. } => {
                    let _ = open(frame, key);
                    platform.settle(now, token, Outcome::Stored);
                    told.push(output);
                }
                other => told.push(other),
            }
        }
    };
    for chunk in chunks {
        platform.input(now, chunk);
        drain(&mut platform);
    }
    platform.tick(now + Duration::from_hours(1));
    drain(&mut platform);
    told
}
