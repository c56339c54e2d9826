//! What holds for any message and any bytes.

use base::Timestamp;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::Map;

use super::super::{
    Alarm, Encoding, Envelope, Form, Key, Message, Names, Payload, Platform, PlatformConfig, Point,
    Quota, ReportKind, Row, Status, TimeForm, Value, close, describe, from_description, layout,
    open, parse, write,
};
use super::{at, bytes};
use crate::session::{Outcome, Output, Session};

fn time() -> impl Strategy<Value = Timestamp> {
    let (first, last) = (946_684_800_i64, 4_102_444_800);
    (first..last).prop_map(|second| Timestamp::from_millis(second * 1_000))
}

fn id() -> impl Strategy<Value = String> {
    "[!-?A-~]{1,40}"
}

fn text() -> impl Strategy<Value = Option<String>> {
    option::of("[ -~储罐井口；]{1,20}")
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        "-?[0-9]{1,6}(\\.[0-9]{1,4})?(e-?[0-9])?",
        Just(String::new()),
        "[A-Za-z断线]{1,8}",
    ]
    .prop_map(|text| Value::parse(&text))
}

fn row(data_type: &'static str) -> impl Strategy<Value = Row> {
    let quota =
        (id(), value(), option::of(any::<bool>())).prop_map(|(quota_id, value, is_valid)| {
            Row::Quota(Quota { quota_id, value, is_valid, more: Map::new() })
        });
    let point = (id(), text(), text(), value(), option::of(any::<u8>()), option::of(time()))
        .prop_map(|(code, place, unit, value, status, time)| {
            let (ksbh, sensor_type, more) = (None, Some("0001".to_owned()), Map::new());
            let (status, bad_status) = (status.map(Status), None);
            let point = Point {
                ksbh,
                code,
                sensor_type,
                place,
                value,
                unit,
                status,
                bad_status,
                time,
                more,
            };
            Row::Point(Box::new(point))
        });
    let alarm = (time(), option::of(time()), text(), text()).prop_map(
        |(start, end, level, description)| {
            let (ksbh, status, kind, related, code) = (None, None, None, None, None);
            let more = Map::new();
            let alarm =
                Alarm { ksbh, start, end, level, status, kind, related, code, description, more };
            Row::Alarm(Box::new(alarm))
        },
    );
    match data_type {
        "1001" => alarm.boxed(),
        "04" => point.boxed(),
        _ => quota.boxed(),
    }
}

prop_compose! {
    fn payload()(data_type in prop_oneof![Just("real"), Just("04"), Just("1001")])(
        ids in (id(), id(), id()),
        names in (text(), text()),
        collected in time(),
        is_connected in option::of(any::<bool>()),
        kind in prop_oneof![
            Just(ReportKind::Report),
            Just(ReportKind::Continues),
            Just(ReportKind::Other("x".to_owned())),
        ],
        rows in vec(row(data_type), 0..6),
        form in (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
        data_type in Just(data_type),
    ) -> Payload {
        let names_of = if form.0 { Names::Mine } else { Names::Hazchem };
        Payload {
            data_id: Some(ids.0),
            enterprise: ids.1,
            enterprise_name: names.0,
            enterprise_type: names.1,
            gateway: ids.2,
            collected,
            is_connected,
            kind,
            data_type: Some(data_type.to_owned()),
            rows,
            form: Form {
                names: names_of,
                is_nested: form.1,
                time: if form.2 { TimeForm::Compact } else { TimeForm::Dashed },
                // Without a flag there is nothing that tells.
                has_text_flags: is_connected.map_or(!form.0, |_| form.3),
            },
            more: Map::new(),
        }
    }
}

fn any_key() -> impl Strategy<Value = Key> {
    let secret = prop_oneof![vec(any::<u8>(), 16), vec(any::<u8>(), 32)];
    (any::<bool>(), any::<bool>(), secret, any::<[u8; 16]>()).prop_map(
        |(is_sm4, is_hex, secret, iv)| {
            let encoding = if is_hex { Encoding::Hex } else { Encoding::Base64 };
            Key::new(is_sm4 && secret.len() == 16, encoding, &secret, &iv).expect("lengths fit")
        },
    )
}

fn ids() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9 .:@/储-]{1,30}".prop_filter("is one", |id| id.trim() == id && !id.contains("@@"))
}

prop_compose! {
    fn any_envelope()(
        ids in (ids(), ids(), ids()),
        data in "[A-Za-z0-9+/]{1,60}",
        interface in option::of(ids()),
    ) -> Envelope {
        let (params, more) = (None, Map::new());
        Envelope { app_id: ids.0, service_id: ids.1, data_id: ids.2, data, interface, params, more }
    }
}

/// Messages, broken ones and noise in any order.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = (0..5_u8, any::<prop::sample::Index>(), vec(any::<u8>(), 0..40)).prop_map(
        |(kind, place, noise)| {
            let mut raw = bytes("d-1", "AAAA");
            let at = place.index(raw.len());
            match kind {
                0 | 1 => {}
                2 => raw[at] ^= 0x10,
                3 => raw.truncate(at),
                _ => raw = noise,
            }
            raw
        },
    );
    vec(piece, 1..12).prop_map(|pieces| pieces.concat())
}

/// Everything a platform says about chunks that come at one moment, and long after.
fn said<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Vec<Output<Envelope>> {
    let config = PlatformConfig { max_message: 150, ..PlatformConfig::default() };
    let mut platform = Platform::new(config, at(0));
    let (mut told, mut sent) = (Vec::new(), Vec::new());
    let mut drain = |platform: &mut Platform| {
        while let Some(output) = platform.poll() {
            match output {
                // How soon an answer follows depends on when the driver polls.
                Output::Send(bytes) => sent.push(bytes),
                Output::Frame { token, .. } => {
                    platform.settle(at(0), token, Outcome::Stored);
                    told.push(output);
                }
                other => told.push(other),
            }
        }
    };
    for chunk in chunks {
        platform.input(at(0), chunk);
        drain(&mut platform);
    }
    platform.tick(at(3_600));
    drain(&mut platform);
    sent.sort();
    told.extend(sent.into_iter().map(Output::Send));
    told
}

proptest! {
    #[test]
    fn any_payload_comes_back_from_its_message(payload in payload(), key in any_key()) {
        prop_assert_eq!(Payload::parse(&payload.to_json()), Ok(payload.clone()));
        let envelope = super::envelope("d-1", &close(&payload, &key));
        let raw = write(&Message::Request(envelope.clone())).expect("it can stand");
        prop_assert_eq!(parse(&raw), Ok((Message::Request(envelope.clone()), &b""[..])));
        prop_assert_eq!(open(&envelope, &key), Ok(payload));
        prop_assert_eq!(Key::parse(&key.words()), Ok(key));
    }

    #[test]
    fn any_envelope_comes_back_from_its_bytes_and_its_description(envelope in any_envelope()) {
        let message = Message::Request(envelope);
        let raw = write(&message).expect("the generator keeps to the rules");
        prop_assert_eq!(parse(&raw), Ok((message.clone(), &b""[..])));
        prop_assert_eq!(from_description(&describe(&message, &raw, None), None), Ok(raw));
    }

    #[test]
    fn any_bytes_do_no_harm(bytes in vec(any::<u8>(), 0..300), key in any_key()) {
        let _ = parse(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        let _ = Payload::parse(&text);
        let _ = open(&super::envelope("d", &text), &key);
        let _ = Key::parse(&text);
        let mut end = 0;
        for span in layout(&bytes) {
            prop_assert_eq!(span.start, end);
            end += span.len;
        }
        prop_assert_eq!(end, bytes.len());
    }

    #[test]
    fn any_json_does_no_harm(text in "[{}\\[\\]\",:0-9a-z\\\\ ]{0,80}", name in "(datas|report|value)") {
        let _ = Payload::parse(&text);
        let _ = Payload::parse(&format!(r#"{{"enterpriseId":"1","gatewayId":"11","collectTime":"20191217100530","{name}":{text}}}"#));
    }

    #[test]
    fn any_cutting_of_a_stream_says_the_same(
        stream in stream(),
        cuts in vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        places.extend([0, stream.len()]);
        places.sort_unstable();
        let chunks = places.windows(2).map(|pair| &stream[pair[0]..pair[1]]);
        let whole = said(std::iter::once(&stream[..]));
        prop_assert_eq!(said(chunks), whole.clone());
        prop_assert_eq!(said(stream.chunks(1)), whole);
    }
}
