//! Frames a second through `parse` and `Body::decode`, one thread.
//!
//! `cargo run --release -p wire --example sl651_rate [FRAMES]`

use std::hint::black_box;
use std::time::Instant;

use wire::sl651::{Body, parse};

/// A timed report of a river station with rain, total, level and voltage: 60 bytes.
const RIVER: &str = "7E7E010010820550A1B232002B020008240801080005F1F1001082055048F0F0240801080020190001252619001234392300193456381212650319F4";
/// An hourly report with twelve rain amounts and twelve levels: 116 bytes.
const HOURLY: &str = "7E7E010010820550A1B234006302000B240801110003F1F1001082055048F0F02408011000F4600000050A1423FF0F05000000F0F024080111002619001324F0F02408011000F5C004B004B304B704BF04CCFFFF04E704EE04F204F304F204F1F0F024080111003923001945203812123803A075";

fn main() {
    let frames: usize = match std::env::args().nth(1).map(|text| text.parse()) {
        Some(Ok(frames)) => frames,
        Some(Err(error)) => return eprintln!("number of frames: {error}"),
        None => 5_000_000,
    };
    for (name, hex) in [("timed report, 4 readings", RIVER), ("hourly report, 28 readings", HOURLY)]
    {
        let raw = hex::decode(hex).expect("the constants are hexadecimal");
        // Many frames in a row, as a socket would give them.
        let stream = raw.repeat(1000);
        let rounds = frames.div_ceil(1000);
        for (what, unroll) in [("parse + decode", false), ("parse + decode + readings", true)] {
            let start = Instant::now();
            let mut elements = 0;
            for _ in 0..rounds {
                let mut rest = black_box(&stream[..]);
                while !rest.is_empty() {
                    let (frame, after) = parse(rest).expect("the constants are frames");
                    let body = Body::decode(&frame).expect("the constants have bodies");
                    elements += if unroll { black_box(body.readings()).len() } else { 1 };
                    black_box(&body);
                    rest = after;
                }
            }
            black_box(elements);
            let seconds = start.elapsed().as_secs_f64();
            let rate = (rounds * 1000) as f64 / seconds / 1e6;
            let bytes = rate * raw.len() as f64;
            println!("{name}, {what}: {rate:.2} M frames/s, {bytes:.0} MB/s");
        }
    }
}
