//! Messages a second through the platform's side of MQTT, one thread: cut, read, told,
//! settled, acknowledged.
//!
//! `cargo run --release -p wire --example mqtt_rate [MESSAGES]`

use std::hint::black_box;
use std::time::Instant;

use base::Timestamp;
use wire::mqtt::{Connect, Hub, Packet, Publish, Qos, Server, ServerConfig, Version, write};
use wire::session::{Outcome, Output, Session};

/// Messages that arrive together: what fits the window.
const WINDOW: u16 = 100;

fn main() {
    let messages: usize = match std::env::args().nth(1).map(|text| text.parse()) {
        Some(Ok(messages)) => messages,
        Some(Err(error)) => return eprintln!("number of messages: {error}"),
        None => 5_000_000,
    };
    for version in [Version::V3, Version::V5] {
        let now = Timestamp::from_millis(1_785_733_200_000);
        let mut server = Server::new(ServerConfig::default(), Hub::default(), now);
        let connect = Connect { user: Some("1".into()), ..Connect::new(version, "1") };
        let connect = write(version, &Packet::Connect(Box::new(connect))).expect("it has bytes");
        let publish = |pid| {
            let payload = r#"{"time":1785733200000,"values":{"ch4":0.42}}"#;
            let publish = Publish { qos: Qos::AtLeastOnce, pid, ..Publish::new("data", payload) };
            write(version, &Packet::Publish(publish)).expect("it has bytes")
        };
        let window: Vec<u8> = (1..=WINDOW).flat_map(publish).collect();
        server.input(now, &connect);
        settle(&mut server, now);
        let start = Instant::now();
        let mut acknowledged = 0;
        while acknowledged < messages {
            server.input(now, black_box(&window));
            acknowledged += settle(&mut server, now);
        }
        let rate = acknowledged as f64 / start.elapsed().as_secs_f64() / 1e6;
        println!("{version:?}: {rate:.2} M messages/s");
    }
}

/// Settles what the server tells; says how many bytes' worth of PUBACK it sent.
fn settle(server: &mut Server, now: Timestamp) -> usize {
    let mut sent = 0;
    while let Some(output) = server.poll() {
        match output {
            Output::Frame { token, frame, .. } => {
                black_box(frame);
                server.settle(now, token, Outcome::Stored);
            }
            Output::Send(bytes) => sent += bytes.len() / 4,
            _ => {}
        }
    }
    sent
}
