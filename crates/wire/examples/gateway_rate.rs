//! Messages a second through `parse` and `open`, one thread.
//!
//! `cargo run --release -p wire --example gateway_rate [MESSAGES]`

use std::hint::black_box;
use std::time::Instant;

use base::Timestamp;
use serde_json::Map;
use wire::gateway::{
    Envelope, Form, Key, Message, Payload, Quota, ReportKind, Row, Value, close, open, parse, write,
};

fn main() {
    let messages: usize = match std::env::args().nth(1).map(|text| text.parse()) {
        Some(Ok(messages)) => messages,
        Some(Err(error)) => return eprintln!("number of messages: {error}"),
        None => 200_000,
    };
    let short = "0123456789ABCDEF ABCDEF0123456789";
    let long = "0123456789ABCDEF0123456789ABCDEF ABCDEF0123456789";
    for (name, words) in [
        ("AES-128", short.to_owned()),
        ("AES-256", long.to_owned()),
        ("SM4", format!("sm4 base64 {short}")),
    ] {
        let key = Key::parse(&words).expect("the constants are keys");
        for rows in [1, 50] {
            let raw = message(rows, &key);
            let rounds = messages.div_ceil(rows);
            let start = Instant::now();
            let mut readings = 0;
            for _ in 0..rounds {
                let (read, _) = parse(black_box(&raw)).expect("it was written");
                let Message::Request(envelope) = read else { return };
                let payload = open(&envelope, &key).expect("it was closed with this key");
                readings += black_box(payload.readings().count());
            }
            let seconds = start.elapsed().as_secs_f64();
            let (messages, bytes) =
                (rounds as f64 / seconds, (rounds * raw.len()) as f64 / seconds);
            println!(
                "{name}, {rows} values: {:.1} k messages/s, {:.2} M values/s, {:.0} MB/s",
                messages / 1e3,
                readings as f64 / seconds / 1e6,
                bytes / 1e6,
            );
        }
    }
}

fn message(rows: usize, key: &Key) -> Vec<u8> {
    let row = |number| {
        Row::Quota(Quota {
            quota_id: format!("220000001001G{number:04}YW001"),
            value: Value::parse("8.42"),
            is_valid: None,
            more: Map::new(),
        })
    };
    let payload = Payload {
        data_id: Some("d-1".to_owned()),
        enterprise: "220000001".to_owned(),
        enterprise_name: None,
        enterprise_type: None,
        gateway: "22000000101".to_owned(),
        collected: Timestamp::from_millis(1_785_733_200_000),
        is_connected: Some(true),
        kind: ReportKind::Report,
        data_type: None,
        rows: (1..=rows).map(row).collect(),
        form: Form::HAZCHEM,
        more: Map::new(),
    };
    let envelope = Envelope {
        app_id: "app-1".to_owned(),
        service_id: "svc-1".to_owned(),
        data_id: "d-1".to_owned(),
        data: close(&payload, key),
        interface: None,
        params: None,
        more: Map::new(),
    };
    write(&Message::Request(envelope)).expect("ids are plain")
}
