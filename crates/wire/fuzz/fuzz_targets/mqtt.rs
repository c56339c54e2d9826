//! MQTT: read, describe, layout, and a platform that hears the bytes cut in two ways.

#![no_main]

use base::{Duration, Timestamp};
use libfuzzer_sys::fuzz_target;
use wire::mqtt::{
    Event, Frame, Hub, Server, ServerConfig, Version, describe, from_description, layout, read,
    write,
};
use wire::session::{Outcome, Output, Session};

fuzz_target!(|data: &[u8]| {
    let covered: usize = layout(data).iter().map(|span| span.len).sum();
    assert_eq!(covered, data.len());
    for version in [Version::V3, Version::V5] {
        if let Ok(packet) = read(version, data) {
            let written = write(version, &packet);
            // A CONNECT says its own version.
            if !matches!(&packet, wire::mqtt::Packet::Connect(it) if it.version != version) {
                let written = written.expect("what was read can be written");
                assert_eq!(read(version, &written).as_ref(), Ok(&packet));
                assert_eq!(from_description(&describe(version, &packet)), Ok((version, packet)));
            }
        }
    }
    // The first byte says how long the chunks are, the rest is the stream.
    let Some((first, stream)) = data.split_first() else { return };
    let size = usize::from(*first % 64) + 1;
    let whole = said(std::iter::once(stream));
    assert_eq!(whole, said(stream.chunks(size)));
});

/// Everything a platform says but what it sends, which follows the driver.
fn said<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Vec<Output<Frame>> {
    let now = Timestamp::from_millis(1_785_733_200_000);
    let mut server = Server::new(ServerConfig::default(), Hub::default(), now);
    let mut told = Vec::new();
    let mut drain = |server: &mut Server| {
        while let Some(output) = server.poll() {
            match output {
                Output::Send(_) => {}
                Output::Reject { raw, reason } => {
                    assert!(raw.len() <= 4_096);
                    told.push(Output::Reject { raw: raw.first().copied().into_iter().collect(), reason });
                }
                Output::Frame { token, ref frame, .. } => {
                    let outcome = match &frame.event {
                        Event::Publish(it) if it.payload.first() == Some(&b'!') => {
                            Outcome::Unreadable("!".to_owned())
                        }
                        _ => Outcome::Stored,
                    };
                    server.settle(now, token, outcome);
                    told.push(output);
                }
                other => told.push(other),
            }
        }
    };
    for chunk in chunks {
        server.input(now, chunk);
        drain(&mut server);
    }
    server.tick(now + Duration::from_hours(200));
    drain(&mut server);
    server.lost(now + Duration::from_hours(200));
    drain(&mut server);
    told
}
