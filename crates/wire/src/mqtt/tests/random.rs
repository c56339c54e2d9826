//! What holds for any packet and any bytes.

use bytes::Bytes;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::super::{
    Connect, Event, Frame, Hub, Packet, Publish, Qos, Server, ServerConfig, Version, Will,
    describe, from_description, layout, read, write,
};
use super::town::{T0, at, connect};
use crate::session::{Outcome, Output, Session};

fn version() -> impl Strategy<Value = Version> {
    prop_oneof![Just(Version::V3), Just(Version::V5)]
}

fn qos() -> impl Strategy<Value = Qos> {
    prop_oneof![Just(Qos::AtMostOnce), Just(Qos::AtLeastOnce), Just(Qos::ExactlyOnce)]
}

fn blob() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..40).prop_map(Bytes::from)
}

prop_compose! {
    fn any_publish(version: Version)(
        topic in "[a-z/中]{1,12}",
        payload in blob(),
        qos in qos(),
        pid in 1..=u16::MAX,
        (is_retained, is_again) in any::<(bool, bool)>(),
        alias in option::of(any::<u16>()),
        expiry in option::of(any::<u32>()),
        correlation in option::of(blob()),
        content_type in option::of("[a-z/]{0,9}"),
    ) -> Publish {
        let is_five = version == Version::V5;
        let is_numbered = qos != Qos::AtMostOnce;
        Publish {
            qos,
            pid: if is_numbered { pid } else { 0 },
            is_retained,
            is_again: is_again && is_numbered,
            alias: alias.filter(|_| is_five),
            expiry: expiry.filter(|_| is_five),
            correlation: correlation.filter(|_| is_five),
            content_type: content_type.filter(|_| is_five).map(Into::into),
            response_topic: None,
            ..Publish::new(topic, payload)
        }
    }
}

prop_compose! {
    fn any_connect(version: Version)(
        client in "[a-z0-9]{0,23}",
        (is_clean, keep_alive) in any::<(bool, u16)>(),
        user in "[a-z]{0,9}",
        password in option::of(blob()),
        will in option::of(("[a-z/]{1,9}", blob(), qos(), any::<bool>(), any::<u32>())),
        expiry in option::of(any::<u32>()),
        receive_max in option::of(1..=u16::MAX),
    ) -> Connect {
        let is_five = version == Version::V5;
        let will = will.map(|(topic, payload, qos, is_retained, delay)| Will {
            topic: topic.into(),
            payload,
            qos,
            is_retained,
            delay: if is_five { delay } else { 0 },
        });
        Connect {
            is_clean,
            keep_alive,
            user: Some(user.into()),
            password,
            will,
            expiry: expiry.filter(|_| is_five),
            receive_max: receive_max.filter(|_| is_five),
            ..Connect::new(version, client)
        }
    }
}

fn any_packet() -> impl Strategy<Value = (Version, Packet)> {
    let filter = "[a-z/]{1,9}";
    version().prop_flat_map(move |version| {
        let packet = prop_oneof![
            any_publish(version).prop_map(Packet::Publish),
            any_connect(version).prop_map(|connect| Packet::Connect(Box::new(connect))),
            (1..=u16::MAX).prop_map(|pid| Packet::Puback { pid, reason: 0 }),
            (1..=u16::MAX).prop_map(|pid| Packet::Pubrel { pid }),
            (1..=u16::MAX, vec((filter, qos()), 1..4)).prop_map(|(pid, filters)| {
                let filters = filters.into_iter().map(|(text, qos)| (text.into(), qos)).collect();
                Packet::Subscribe { pid, has_identifier: false, filters }
            }),
            (1..=u16::MAX, vec(filter, 1..4)).prop_map(|(pid, filters)| {
                let filters = filters.into_iter().map(Into::into).collect();
                Packet::Unsubscribe { pid, filters }
            }),
            Just(Packet::Pingreq),
            Just(Packet::Disconnect { reason: 0, expiry: None, text: None }),
        ];
        packet.prop_map(move |packet| (version, packet))
    })
}

/// All that a platform says of bytes in these chunks but what it sends: how much was
/// settled before a connection ends follows the driver.
fn said<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Vec<Output<Frame>> {
    let mut server = Server::new(ServerConfig::default(), Hub::default(), T0);
    let mut told = Vec::new();
    let mut drain = |server: &mut Server| {
        while let Some(output) = server.poll() {
            match output {
                Output::Send(_) => {}
                Output::Frame { token, ref frame, .. } => {
                    let outcome = match &frame.event {
                        Event::Publish(message) if message.payload.first() == Some(&7) => {
                            Outcome::Unreadable("seven".to_owned())
                        }
                        _ => Outcome::Stored,
                    };
                    server.settle(T0, token, outcome);
                    told.push(output);
                }
                // How much of what is no packet was there by then depends on the chunks.
                Output::Reject { raw, reason } => {
                    told.push(Output::Reject { raw: raw[..1].to_vec(), reason });
                }
                other => told.push(other),
            }
        }
    };
    for chunk in chunks {
        server.input(T0, chunk);
        drain(&mut server);
    }
    server.tick(at(100_000));
    drain(&mut server);
    server.lost(at(100_000));
    drain(&mut server);
    told
}

proptest! {
    #[test]
    fn what_is_written_reads_back((version, packet) in any_packet()) {
        let bytes = write(version, &packet).expect("it has bytes");
        prop_assert_eq!(read(version, &bytes), Ok(packet.clone()));
        prop_assert_eq!(from_description(&describe(version, &packet)), Ok((version, packet)));
    }

    #[test]
    fn any_bytes_read_or_say_why_not(version in version(), raw in vec(any::<u8>(), 0..200)) {
        if let Ok(packet) = read(version, &raw) {
            prop_assert!(write(version, &packet).is_ok());
        }
    }

    #[test]
    fn a_broken_packet_reads_or_says_why_not(
        (version, packet) in any_packet(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = write(version, &packet).expect("it has bytes");
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = read(version, &bytes);
        let covered: usize = layout(&bytes).iter().map(|span| span.len).sum();
        prop_assert_eq!(covered, bytes.len());
    }

    #[test]
    fn any_chunking_gives_the_same(
        version in version(),
        packets in vec(any_packet(), 0..12),
        noise in vec(any::<u8>(), 0..20),
        size in 1..64_usize,
    ) {
        let mut stream =
            write(version, &Packet::Connect(Box::new(connect(version)))).expect("it has bytes");
        for (other, packet) in &packets {
            if *other == version {
                stream.extend(write(version, packet).expect("it has bytes"));
            }
        }
        stream.extend(noise);
        let whole = said(std::iter::once(&stream[..]));
        prop_assert_eq!(whole, said(stream.chunks(size)));
    }

    #[test]
    fn any_bytes_at_all_never_panic(raw in vec(any::<u8>(), 0..400), size in 1..64_usize) {
        said(raw.chunks(size));
    }
}
