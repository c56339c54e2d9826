//! SL 651-2014: parse, decode, describe, and a centre that hears the bytes cut in two ways.

#![no_main]

use base::{Duration, Timestamp};
use libfuzzer_sys::fuzz_target;
use wire::session::{Outcome, Output, Session};
use wire::sl651::{
    Body, Centre, CentreConfig, Frame, describe, from_description, layout, parse, write,
};

fuzz_target!(|data: &[u8]| {
    let covered: usize = layout(data).iter().map(|span| span.len).sum();
    assert_eq!(covered, data.len());
    if let Ok((frame, rest)) = parse(data) {
        check(&frame, &data[..data.len() - rest.len()]);
    }
    // The first byte says how long the chunks are.
    let size = data.first().map_or(1, |byte| usize::from(*byte % 64) + 1);
    let whole = said(std::iter::once(data));
    assert_eq!(whole, said(data.chunks(size)));
});

fn check(frame: &Frame, raw: &[u8]) {
    let written = write(frame).expect("what was read can be written");
    if raw.starts_with(b"~~") {
        assert_eq!(written, raw);
    } else {
        // Hexadecimal digits of an ASCII header may be lower case.
        assert_eq!(parse(&written).expect("what was written is read").0, *frame);
    }
    assert_eq!(from_description(&describe(frame)).as_ref(), Ok(frame));
    if let Ok(body) = Body::decode(frame) {
        let _ = body.readings();
        let _ = body.encode(frame.coding);
    }
}

/// Everything a centre says but acknowledgements, whose order follows the driver.
fn said<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Vec<Output<Frame>> {
    let now = Timestamp::from_millis(1_785_733_200_000);
    let mut centre = Centre::new(CentreConfig::default(), now);
    let mut told = Vec::new();
    let mut drain = |centre: &mut Centre| {
        while let Some(output) = centre.poll() {
            match output {
                Output::Send(bytes) => {
                    parse(&bytes).expect("a centre sends frames");
                }
                Output::Frame { token, ref frame, .. } => {
                    centre.settle(now, token, Outcome::Stored);
                    if let Ok(body) = Body::decode(frame) {
                        let _ = body.readings();
                    }
                    told.push(output);
                }
                other => told.push(other),
            }
        }
    };
    for chunk in chunks {
        centre.input(now, chunk);
        drain(&mut centre);
    }
    for seconds in [10, 20, 30, 40] {
        centre.tick(now + Duration::from_secs(seconds));
        drain(&mut centre);
    }
    told
}
