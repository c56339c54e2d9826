//! Files and records a second through `parse`, one thread.
//!
//! `cargo run --release -p wire --example coal42_rate [ROUNDS]`

use std::hint::black_box;
use std::time::Instant;

use base::Timestamp;
use wire::coal42::host::{Mine, MineConfig};
use wire::coal42::{Encoding, FileName, Limits, NameRule, parse, write};

fn main() {
    let rounds: usize = match std::env::args().nth(1).map(|text| text.parse()) {
        Some(Ok(rounds)) => rounds,
        Some(Err(error)) => return eprintln!("number of rounds: {error}"),
        None => 2_000,
    };
    let now = Timestamp::from_beijing([2026, 8, 3], [9, 0, 0]).expect("a day");
    let (code, name) = ("220100000001".to_owned(), "样例煤矿".to_owned());
    // As many points and persons as a larger mine of the province has.
    let mine = Mine::new(MineConfig { code, name, seed: 1, points: 400, persons: 900 });
    for kind in ["CDSS", "CDDY", "RYSS", "JZSS"] {
        for encoding in [Encoding::Utf8, Encoding::Gb18030] {
            let mut file = mine.file(kind, now).expect("the mine writes it");
            file.encoding = encoding;
            let bytes = write(&file).expect("it can be written");
            let name = FileName::parse(&file.name().to_string(), NameRule::Strict);
            let name = name.expect("its own name");
            let start = Instant::now();
            for _ in 0..rounds {
                let read = parse(&name, black_box(&bytes), now, Limits::default());
                black_box(&read.expect("what was written is read"));
            }
            let seconds = start.elapsed().as_secs_f64() / rounds as f64;
            let records = file.content.len() as f64 / seconds / 1e6;
            let speed = bytes.len() as f64 / seconds / 1e6;
            let (size, encoding) = (bytes.len() / 1000, encoding.word());
            println!("{kind} {encoding}, {size} kB: {records:.2} M records/s, {speed:.0} MB/s");
        }
    }
}
