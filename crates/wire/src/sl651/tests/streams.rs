//! Streams cut anywhere, broken, or made to hurt.

use base::{Duration, Timestamp};
use expect_test::{Expect, expect};

use super::super::{
    Body, BodyError, Centre, CentreConfig, Content, ElementId, Function, LengthForm, Packet,
    Problem, ScanLimits, Scanned, Scanner, Value, parse, write,
};
use super::town::at;
use super::{bytes, from_fixture};
use crate::session::{Output, Session};

/// What a scanner makes of a stream that comes at once.
#[track_caller]
fn check(stream: &[u8], expected: Expect) {
    let mut scanner = scanner(ScanLimits::FRAME);
    scanner.push(at("08:00:00"), stream);
    expected.assert_eq(&show(&mut scanner));
}

fn scanner(frame: usize) -> Scanner {
    Scanner::new(ScanLimits { frame, patience: Duration::from_secs(30) })
}

/// Everything a scanner says until its patience ends.
fn show(scanner: &mut Scanner) -> String {
    let mut text = String::new();
    loop {
        match scanner.scan(at("08:00:00")).or_else(|| scanner.scan(at("08:00:30"))) {
            None => return text,
            Some(Scanned::Frame { frame, raw }) => {
                text += &format!("frame {} of {} bytes\n", frame.function, raw.len());
            }
            Some(Scanned::Reject(reject)) => {
                let (length, offset, reason) = (reject.raw.len(), reject.offset, reject.reason);
                text += &format!("{length} bytes at {offset}: {reason}\n");
            }
        }
    }
}

#[test]
fn two_frames_in_one_read() {
    let stream = [from_fixture("2F heartbeat"), from_fixture("32 timed report river")].concat();
    check(
        &stream,
        expect![[r#"
        frame 2F of 25 bytes
        frame 32 of 60 bytes
    "#]],
    );
}

#[test]
fn a_frame_cut_in_three() {
    let raw = from_fixture("32 timed report river");
    let (now, mut scanner) = (at("08:00:00"), scanner(ScanLimits::FRAME));
    for part in [&raw[..1], &raw[1..30]] {
        scanner.push(now, part);
        assert_eq!(scanner.scan(now), None);
        assert_eq!(scanner.deadline(), Some(at("08:00:30")));
    }
    scanner.push(now, &raw[30..]);
    assert!(matches!(scanner.scan(now), Some(Scanned::Frame { .. })));
    assert_eq!(scanner.scan(now), None);
    assert_eq!(scanner.deadline(), None);
}

#[test]
fn noise_before_between_and_after_frames_has_its_place() {
    let good = from_fixture("2F heartbeat");
    let stream = [b"AT+CSQ\r\n", &good[..], b"\x7E\x01~", &good[..], b"OK"].concat();
    check(
        &stream,
        expect![[r#"
        8 bytes at 0: no frame starts here
        frame 2F of 25 bytes
        2 bytes at 33: no frame starts here
        1 bytes at 35: text starts with 0x08, expected 0x02 or 0x16
        frame 2F of 25 bytes
        2 bytes at 61: no frame starts here
    "#]],
    );
}

#[test]
fn a_frame_with_a_wrong_check_costs_only_itself() {
    let broken = from_fixture("NEGATIVE: bit flip in body -> CRC must fail");
    let stream = [b"x", &broken[..], &from_fixture("2F heartbeat")[..]].concat();
    check(
        &stream,
        expect![[r#"
        1 bytes at 0: no frame starts here
        60 bytes at 1: checksum is 0x19f4, the bytes give 0xe5a5
        frame 2F of 25 bytes
    "#]],
    );
}

#[test]
fn a_frame_inside_a_broken_frame_is_found() {
    // 32H that announces its own length plus the heartbeat inside: the check fails, the inner frame holds.
    let inner = from_fixture("2F heartbeat");
    let mut stream = bytes("7E7E010010820550A1B232 0019 02");
    stream.extend(&inner);
    stream.extend(bytes("03 0000"));
    check(
        &stream,
        expect![[r#"
        14 bytes at 0: checksum is 0x0000, the bytes give 0x3f24
        frame 2F of 25 bytes
        3 bytes at 39: no frame starts here
    "#]],
    );
}

#[test]
fn a_length_that_lies_is_given_up_at_the_deadline_and_what_it_swallowed_is_read() {
    let now = at("08:00:00");
    let mut centre = Centre::new(CentreConfig::default(), now);
    let mut stream = bytes("7E7E010010820550A1B232 0FFF 02 00");
    stream.extend(from_fixture("2F heartbeat"));
    centre.input(now, &stream);
    assert_eq!(centre.poll(), None);
    assert_eq!(centre.deadline(), Some(at("08:00:30")));
    centre.tick(at("08:00:29"));
    assert_eq!(centre.poll(), None);
    centre.tick(at("08:00:30"));
    let Some(Output::Reject { raw, reason }) = centre.poll() else { panic!() };
    assert_eq!((raw.len(), &stream[..15]), (15, &raw[..]));
    assert_eq!(reason, "frame was not completed in time, 40 of 4112 bytes came (byte 0)");
    assert!(matches!(centre.poll(), Some(Output::Frame { .. })));
    assert_eq!(centre.poll(), None);
}

#[test]
fn a_frame_that_drips_byte_by_byte_is_given_up_at_the_same_deadline() {
    let now = at("08:00:00");
    let mut centre = Centre::new(CentreConfig::default(), now);
    let drip = bytes("7E7E010010820550A1B232 0FFF 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
    for (second, byte) in drip.iter().enumerate() {
        centre.input(now + Duration::from_secs(second as i64), &[*byte]);
    }
    assert_eq!(centre.deadline(), Some(now + Duration::from_secs(30)));
    centre.tick(now + Duration::from_secs(30));
    assert!(matches!(centre.poll(), Some(Output::Reject { raw, .. }) if raw.len() == drip.len()));
    assert_eq!(centre.poll(), None);
}

#[test]
fn a_frame_longer_than_the_limit_is_refused_at_once() {
    let mut scanner = scanner(300);
    scanner.push(at("08:00:00"), &bytes("7E7E010010820550A1B232 0FFF 02"));
    assert_eq!(
        show(&mut scanner),
        "14 bytes at 0: frame announces 4112 bytes, at most 300 are taken\n"
    );
}

#[test]
fn ten_thousand_bytes_of_noise_stay_within_bounds() {
    let now = at("08:00:00");
    let mut centre = Centre::new(CentreConfig::default(), now);
    // 7E and 01 are the bytes that make a scanner look closer.
    let mut state = 1_u32;
    let noise: Vec<u8> = (0..10_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            [0x7E, 0x7E, 0x01, 0x02, 0x16, (state >> 8) as u8][(state >> 24) as usize % 6]
        })
        .collect();
    let mut rejected = 0;
    for chunk in noise.chunks(100) {
        centre.input(now, chunk);
        while let Some(output) = centre.poll() {
            let Output::Reject { raw, .. } = output else { panic!("no frame is in there") };
            assert!(raw.len() <= Scanner::PIECE);
            rejected += raw.len();
        }
    }
    // What one frame may announce, and one piece of noise.
    assert!(noise.len() - rejected <= ScanLimits::FRAME + Scanner::PIECE);
    centre.tick(now + Duration::from_secs(30));
    while let Some(output) = centre.poll() {
        let Output::Reject { raw, .. } = output else { panic!("no frame is in there") };
        rejected += raw.len();
    }
    assert_eq!(rejected, noise.len());
    assert_eq!(centre.deadline(), Some(now + CentreConfig::default().idle));
}

#[test]
fn an_unknown_function_is_kept_raw() {
    let mut frame = parse(&from_fixture("32 timed report river")).expect("a frame").0;
    frame.function = Function(0xE7);
    let raw = write(&frame).expect("it fits");
    let (frame, _) = parse(&raw).expect("a frame");
    assert_eq!(frame.function.name(), None);
    let body = Body::decode(&frame).expect("a body");
    assert_eq!(body.serial, 8);
    assert_eq!(body.station, Some(frame.station));
    let Content::Raw(data) = &body.content else { panic!("{body:?}") };
    assert!(data.starts_with(b"H\xF0\xF0"));
    assert_eq!(body.encode(frame.coding), Ok(frame.body));
}

/// The readings of a 32H report whose elements are these bytes, or why not.
#[track_caller]
fn check_elements(elements: &str, expected: Expect) {
    let mut frame = parse(&from_fixture("2F heartbeat")).expect("a frame").0;
    frame.function = Function::TIMED;
    frame.body.extend(bytes("F1F1 0010820550 48 F0F0 2408010800"));
    frame.body.extend(bytes(elements));
    let text = match Body::decode(&frame) {
        Err(error) => error.to_string(),
        Ok(body) => {
            assert_eq!(body.encode(frame.coding).as_ref(), Ok(&frame.body));
            let readings = body.readings();
            let each = readings.iter().map(|reading| match reading.value {
                Value::Number(number) => format!("{} {number}", reading.element),
                other => format!("{} {other:?}", reading.element),
            });
            each.collect::<Vec<_>>().join(", ")
        }
    };
    expected.assert_eq(&text);
}

#[test]
fn values_of_every_kind() {
    check_elements("39 23 00193456 20 19 FFFFFF", expect!["Z 193.456, PJ Missing"]);
    // Negative: FF for an even number of digits, FF0 for an odd one.
    check_elements(
        "39 2B FF00000360 02 19 FF0052 38 1A FF1265",
        expect!["Z -0.360, AI -5.2, VT -12.65"],
    );
    // The definition byte goes before the table: a level with two decimals in three bytes.
    check_elements("39 1A 019345", expect!["Z 193.45"]);
    // HH.mm: minutes, not a decimal fraction; sixty minutes are none.
    check_elements(
        "05 12 0130 05 08 02 05 12 0160",
        expect!["DT Minutes(90), DT Minutes(120), DT Invalid"],
    );
    // No decimal digits, a reserved lead byte, a user's own, no data at all.
    check_elements(
        "39 20 0A193456 80 11 0125 FF07 10 0099 19 00",
        expect!["Z Invalid, 80H 12.5, FF07H 99, NS Invalid"],
    );
    // More digits than fit, then leading zeros.
    check_elements(
        "32 63 999999999999999999999999 32 63 000000000000000012345678",
        expect!["SW Invalid, SW 12345.678"],
    );
}

#[test]
fn an_element_that_overruns_names_its_place() {
    check_elements(
        "20 19 000005 39 23 0019",
        expect!["at byte 28 of the body: element Z announces 4 bytes, 2 are left"],
    );
    check_elements("20", expect!["at byte 24 of the body: definition needs 1 bytes, 0 are left"]);
    check_elements("FF", expect!["at byte 23 of the body: element needs 2 bytes, 1 are left"]);
    check_elements(
        "F0F0 24",
        expect!["at byte 25 of the body: observed needs 5 bytes, 1 are left"],
    );
    check_elements(
        "F1F1 0010",
        expect!["at byte 25 of the body: station needs 5 bytes, 2 are left"],
    );
}

#[test]
fn a_calendar_that_does_not_exist_is_an_error_of_the_body() {
    for (sent, is_good) in [
        ("240229000000", true),
        ("230229000000", false),
        ("241301000000", false),
        ("240101240000", false),
        ("24010100005A", false),
        ("991231235959", true),
    ] {
        let mut frame = parse(&from_fixture("2F heartbeat")).expect("a frame").0;
        frame.body = bytes(&format!("0007{sent}"));
        assert_eq!(Body::decode(&frame).is_ok(), is_good, "{sent}");
        if !is_good {
            let error = Body::decode(&frame).expect_err("no such time");
            let problem = Problem::Time { what: "sent", got: sent.to_owned() };
            assert_eq!(error, BodyError { offset: 2, problem });
        }
    }
}

#[test]
fn two_digit_years_are_2000_to_2099() {
    let sent = |digits: &str| {
        let mut frame = parse(&from_fixture("2F heartbeat")).expect("a frame").0;
        frame.body = bytes(&format!("0001{digits}0101000000"));
        Body::decode(&frame).expect("a body").sent
    };
    let beijing = |year| Timestamp::from_beijing([year, 1, 1], [0, 0, 0]).expect("a day");
    assert_eq!(sent("00"), beijing(2000));
    assert_eq!(sent("59"), beijing(2059));
    assert_eq!(sent("99"), beijing(2099));
    let body = Body { serial: 1, sent: beijing(2100), station: None, content: Content::Bare };
    assert!(body.encode(super::super::Coding::Hex).is_err());
}

#[test]
fn a_uniform_report_gives_each_value_its_time() {
    let raw = from_fixture("31 uniform period, 1 h step, 3 values, middle missing (all F)");
    let (frame, _) = parse(&raw).expect("a frame");
    let readings = Body::decode(&frame).expect("a body").readings();
    let times: Vec<_> = readings.iter().map(|reading| reading.observed).collect();
    let hour = |hour| Timestamp::from_beijing([2024, 8, 1], [hour, 0, 0]);
    assert_eq!(times, [hour(9), hour(10), hour(11)]);
    assert!(readings.iter().all(|reading| reading.element == ElementId::Lead(0x1A)));
    assert_eq!(readings[1].value, Value::Missing);
}

#[test]
fn both_lengths_of_a_packet_frame_are_read() {
    let (mut frame, _) = parse(&from_fixture("36 M3 part 2/2")).expect("a frame");
    for length in [1, 4092, 4093, 32_765, 40_000, 65_532] {
        frame.body = vec![0x41; length];
        frame.length = if length < 4093 { LengthForm::Twelve } else { LengthForm::Sixteen };
        let raw = write(&frame).expect("it fits");
        assert!(parse(&raw) == Ok((frame.clone(), &[][..])), "{length} bytes");
    }
    // Downwards without a direction nibble: the end byte tells.
    let (mut frame, _) = parse(&from_fixture("36 M3 downlink NAK asking part 1")).expect("a frame");
    frame.length = LengthForm::Sixteen;
    let raw = write(&frame).expect("it fits");
    assert_eq!(raw[11], 0x00);
    assert_eq!(parse(&raw), Ok((frame, &[][..])));
}

#[test]
fn what_the_standard_does_not_allow_is_not_written() {
    let (good, _) = parse(&from_fixture("36 M3 part 2/2")).expect("a frame");
    for (body, packet, length) in [
        (vec![], None, LengthForm::Twelve),
        (vec![0; 4096], None, LengthForm::Twelve),
        (vec![0; 4093], good.packet, LengthForm::Twelve),
        (vec![0; 65_533], good.packet, LengthForm::Sixteen),
        (vec![0; 10], None, LengthForm::Sixteen),
        (vec![0; 10], Some(Packet { total: 2, number: 3 }), LengthForm::Twelve),
        (vec![0; 10], Some(Packet { total: 2, number: 0 }), LengthForm::Twelve),
    ] {
        let frame = super::super::Frame { body, packet, length, ..good.clone() };
        assert!(write(&frame).is_err(), "{:?} {:?} {}", packet, length, frame.body.len());
    }
}

#[test]
fn a_packet_frame_without_room_for_its_count_is_refused_before_its_end_comes() {
    // The byte where an end would stand is ENQ; it must not change the reason.
    for cut in 14..16 {
        let raw = bytes("7E7E010010820550A1B236 0000 16 05 0000");
        let refused = parse(&raw[..cut]).expect_err("no length");
        assert_eq!(refused.to_string(), "length is 0, expected 3 to 4095");
    }
}

#[test]
fn a_centre_takes_sixteen_bits_of_length_when_it_is_told_to() {
    let now = at("08:00:00");
    let (mut frame, _) = parse(&from_fixture("36 M3 part 1/2")).expect("a frame");
    frame.body.resize(5000, 0x41);
    frame.length = LengthForm::Sixteen;
    frame.packet = Some(Packet { total: 1, number: 1 });
    let raw = write(&frame).expect("it fits");
    let config = CentreConfig { max_frame: 65_552, ..CentreConfig::default() };
    let mut wide = Centre::new(config, now);
    wide.input(now, &raw);
    assert!(matches!(wide.poll(), Some(Output::Frame { raw: kept, .. }) if kept == raw));
    let mut narrow = Centre::new(CentreConfig::default(), now);
    narrow.input(now, &raw);
    let Some(Output::Reject { reason, .. }) = narrow.poll() else { panic!("it is too long") };
    assert_eq!(reason, "frame announces 5020 bytes, at most 4124 are taken (byte 0)");
}

#[test]
fn a_frame_that_is_too_long_is_so_whether_it_is_all_there_or_not() {
    // Read with twelve bits its check fails; with sixteen it would be longer than is taken.
    let header = bytes("7E7E010010820550A1B236 8004 16");
    let whole = [&header[..], &[0; 40_000][..]].concat();
    for stream in [&header[..], &whole[..100], &whole] {
        let mut scanner = scanner(ScanLimits::FRAME);
        scanner.push(at("08:00:00"), stream);
        let first = scanner.scan(at("08:00:30")).expect("a reject");
        let Scanned::Reject(reject) = first else { panic!("no frame is in there") };
        let reason = reject.reason.to_string();
        match stream.len() {
            14 => assert_eq!(reason, "frame was not completed in time, 14 of 21 bytes came"),
            _ => assert_eq!(reason, "frame announces 32789 bytes, at most 4124 are taken"),
        }
    }
}
