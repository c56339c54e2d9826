//! Messages a second through `cap::parse` and `cap::write`, and feeds through `parse_feed`,
//! one thread.
//!
//! `cargo run --release -p wire --example cap_rate [MESSAGES]`

use std::hint::black_box;
use std::time::Instant;

use wire::cap::{Entry, Header, Limits, parse, parse_feed, write, write_feed};

const SMALL: &[u8] = include_bytes!("../../../fixtures/cap/thunderstorm.cap");
const LARGE: &[u8] = include_bytes!("../../../fixtures/cap/canada.cap");

fn main() {
    let messages: usize = match std::env::args().nth(1).map(|text| text.parse()) {
        Some(Ok(messages)) => messages,
        Some(Err(error)) => return eprintln!("number of messages: {error}"),
        None => 100_000,
    };
    let limits = Limits::default();
    for (name, bytes) in [("small", SMALL), ("large", LARGE)] {
        measure(&format!("read, {name}"), bytes.len(), messages, || {
            black_box(parse(black_box(bytes), &limits).expect("the fixture is a message"));
        });
        let alert = parse(bytes, &limits).expect("the fixture is a message").alert;
        measure(&format!("write, {name}"), bytes.len(), messages, || {
            black_box(write(black_box(&alert)).expect("the fixture keeps the rules"));
        });
    }
    let alert = parse(SMALL, &limits).expect("the fixture is a message").alert;
    let updated = alert.sent.moment().expect("it has a time");
    let link = "https://example.org/1";
    let entries = vec![Entry { alert: &alert, link, updated }; 1_000];
    let header = Header { id: link, title: "a", author: "b", link, updated, language: "zh-CN" };
    let feed = write_feed(&header, &entries);
    measure("write a feed of 1000", feed.len(), messages / 1_000, || {
        black_box(write_feed(black_box(&header), &entries));
    });
    measure("read a feed of 1000", feed.len(), messages / 1_000, || {
        black_box(parse_feed(black_box(&feed), &limits).expect("its own"));
    });
}

fn measure(name: &str, bytes: usize, times: usize, run: impl Fn()) {
    let start = Instant::now();
    for _ in 0..times {
        run();
    }
    let each = start.elapsed().as_secs_f64() / times.max(1) as f64;
    println!("{name}: {:.0} a second, {:.0} MB/s", 1.0 / each, bytes as f64 / each / 1e6);
}
