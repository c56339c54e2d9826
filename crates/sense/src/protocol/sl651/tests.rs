use wire::sl651::{Reading, Value};

use super::meaning::{LEVEL_METER_FAULT, ZT};
use super::*;

#[test]
fn the_standard_groups_of_a_code_name_one_address_and_nonsense_none() {
    assert_eq!(Sl651::code("10820550").expect("eight"), "0010820550");
    assert_eq!(Sl651::code("0010820550").expect("ten"), "0010820550");
    assert_eq!(Sl651::code("220602000035").expect("twelve"), "2206020023");
    assert!(Sl651::code("220602FFFF").is_err(), "all stations of a division are none");
    assert!(Sl651::code("河道").is_err());
    assert!(Sl651::code("").is_err());
}

#[test]
fn an_address_of_table_14_names_its_division_and_a_hydrological_code_none() {
    assert_eq!(Sl651::division("2206020023"), "220602".parse().ok());
    assert_eq!(Sl651::division("0010820550"), None);
    assert_eq!(Sl651::division("河道"), None);
}

#[test]
fn a_password_is_the_frames_in_either_case() {
    assert_eq!(Sl651::password("a1b2").as_deref(), Ok("A1B2"));
    for wrong in ["", "A1B", "A1B2C", "+1B2", "河道"] {
        assert!(Sl651::password(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_password_is_named_in_a_whole_frame_and_in_a_broken_one() {
    let mut frame = hex::decode("7E7E010010820551A1B22F000802000226080308000003").expect("digits");
    let password = |raw: &[u8]| {
        let spans = Sl651::layout(raw);
        let found = spans.iter().find(|span| span.name == Span::PASSWORD);
        found.map(|span| raw[span.start..span.start + span.len].to_vec())
    };
    frame.extend(wire::sl651::crc16(&frame).to_be_bytes());
    assert!(parse(&frame).is_ok(), "{:?}", parse(&frame));
    assert_eq!(password(&frame), Some(vec![0xA1, 0xB2]));
    frame[17] ^= 1;
    assert!(parse(&frame).is_err());
    assert_eq!(password(&frame), Some(vec![0xA1, 0xB2]));
    assert_eq!(password(&frame[..9]), Some(vec![0xA1]));
    assert_eq!(password(&frame[..8]), None);
    assert_eq!(password(b"GET / HTTP/1.1"), None);

    let hidden = |raw: &[u8]| -> Vec<Vec<u8>> {
        let spans = Sl651::layout(raw);
        assert_eq!(spans.iter().map(|span| span.len).sum::<usize>(), raw.len());
        let hidden = spans.iter().filter(|span| span.name == Span::PASSWORD);
        hidden.map(|span| raw[span.start..span.start + span.len].to_vec()).collect()
    };
    let two = [frame.clone(), frame.clone()].concat();
    assert_eq!(hidden(&two), [[0xA1, 0xB2], [0xA1, 0xB2]], "one behind the other");
    for at in [0, 1] {
        let mut frame = frame.clone();
        frame[at] ^= 0x10;
        assert_eq!(hidden(&frame), [[0xA1, 0xB2]], "its byte {at} is wrong");
    }
    assert_eq!(hidden(b"\x010100108205510A1B2"), [b"0A1B2"[..4].to_vec()]);
    assert_eq!(hidden(b"\x030100108205510A1B2"), [b"0A1B2"[..4].to_vec()]);
}

#[test]
fn a_message_of_many_stations_is_read_in_one_walk() {
    // 20 000 readings of 20 000 stations: each of them looked up, not searched for.
    let readings: Vec<Reading> = (0..20_000u32)
        .map(|number| {
            let [_, bytes @ ..] = number.to_be_bytes();
            let station = StationAddress([0, 0, bytes[0], bytes[1], bytes[2]]);
            let status = number % 2 == 0;
            Reading {
                station: Some(station),
                class: None,
                observed: None,
                element: if status { ZT } else { ElementId::from_ascii("Z").expect("a level") },
                value: if status { Value::Bits(LEVEL_METER_FAULT) } else { Value::Missing },
            }
        })
        .collect();
    assert_eq!(doubts(&readings).len(), 10_000);
    let mut told = Told::new(StationAddress([0; 5]));
    for reading in &readings {
        told.of(reading.station.expect("its own")).omissions.push(Omission {
            element: String::new(),
            why: Why::NoQuantity,
            value: String::new(),
        });
    }
    assert_eq!(told.said.len(), 20_000);
    assert!(told.said.iter().all(|said| said.omissions.len() == 1));
    assert_eq!(told.said[0].station, None, "the sender itself");
}

#[test]
fn broken_bytes_of_hex_coding_name_who_they_are_from() {
    let broken = [0x7E, 0x7E, 0x01, 0x00, 0x10, 0x82, 0x05, 0x51, 0xFF];
    assert_eq!(Sl651::suspect(&broken).as_deref(), Some("0010820551"));
    assert_eq!(Sl651::suspect(&broken[..6]), None);
    assert_eq!(Sl651::suspect(b"GET / HTTP/1.1"), None);
}

#[test]
fn a_frame_whose_password_is_hidden_is_read_all_the_same_in_both_codings() {
    let frame = Frame {
        coding: Coding::Hex,
        direction: wire::sl651::Direction::Down,
        centre: 1,
        station: "0010820551".parse().expect("an address"),
        password: 0xA1B2,
        function: Function::QUERY_VERSION,
        packet: None,
        length: wire::sl651::LengthForm::Twelve,
        body: Vec::new(),
        end: End::Enq,
    };
    for coding in [Coding::Hex, Coding::Ascii] {
        let sent = Timestamp::from_beijing([2026, 8, 3], [8, 0, 0]).expect("a minute");
        let content = wire::sl651::Content::Bare;
        let body = Body { serial: 0, sent, station: None, content };
        let body = body.encode(coding).expect("a body");
        let raw = wire::sl651::write(&Frame { coding, body, ..frame.clone() }).expect("a frame");
        let (mut digits, mut spans) = (hex::encode_upper(&raw), Sl651::layout(&raw));
        crate::source::view::hide_password(&mut digits, &mut spans);
        assert!(!digits.contains(if coding == Coding::Hex { "A1B2" } else { "41314232" }));
        assert!(digits.ends_with(if coding == Coding::Hex { "****" } else { "********" }));
        let again = crate::protocol::Protocol::Sl651.layout_hidden(&digits);
        let names = |spans: &[Span]| spans.iter().map(|span| span.name).collect::<Vec<_>>();
        assert_eq!(names(&again), names(&spans), "{digits}");
        assert!(!names(&again).contains(&"unread"));
        let password = again.iter().find(|span| span.name == Span::PASSWORD);
        assert_eq!(password.map(|span| span.text.as_str()), Some("****"));
    }
}
