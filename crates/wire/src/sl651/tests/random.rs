//! What holds for any frame and any bytes.

use base::{Duration, Timestamp};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::super::{
    Attachment, Block, Body, Centre, CentreConfig, Coded, Coding, Content, Direction, Element,
    ElementId, End, Frame, Function, Gates, Identifier, Kind, LengthForm, Packet, Parameter,
    Section, Series, StationAddress, StationClass, Step, describe, from_description, layout, parse,
    write,
};
use super::all_frames;
use super::town::at;
use crate::session::{Outcome, Output, Session};

fn packet() -> impl Strategy<Value = Packet> {
    (1..=0xFFF_u16, any::<u16>())
        .prop_map(|(total, random)| Packet { total, number: 1 + random % total })
}

prop_compose! {
    /// Any frame that may be written, with any bytes as body.
    fn any_frame()(
        is_hex in any::<bool>(),
        is_up in any::<bool>(),
        centre in any::<u8>(),
        station in any::<[u8; 5]>(),
        password in any::<u16>(),
        function in any::<u8>(),
        packet in option::weighted(0.2, packet()),
        body in vec(any::<u8>(), 1..200),
        end in 0..5_usize,
    ) -> Frame {
        let (up, down) = ([End::Etx, End::Etb], [End::Enq, End::Ack, End::Nak, End::Eot, End::Esc]);
        Frame {
            coding: if is_hex { Coding::Hex } else { Coding::Ascii },
            direction: if is_up { Direction::Up } else { Direction::Down },
            centre,
            station: StationAddress(station),
            password,
            function: Function(function),
            packet,
            length: LengthForm::Twelve,
            body,
            end: if is_up { up[end % 2] } else { down[end] },
        }
    }
}

fn time() -> impl Strategy<Value = Timestamp> {
    // Whole minutes of the years 2000 to 2099 in Beijing.
    let (first, last) = (at_year(2000), at_year(2100));
    (first / 60_000..last / 60_000).prop_map(|minute| Timestamp::from_millis(minute * 60_000))
}

fn at_year(year: i16) -> i64 {
    Timestamp::from_beijing([year, 1, 1], [0, 0, 0]).expect("a day").as_millis()
}

fn coded() -> impl Strategy<Value = Coded> {
    (vec(any::<u8>(), 0..=31), 0..8_u8)
        .prop_map(|(data, decimals)| Coded::new(&data, decimals).expect("within limits"))
}

fn element_id() -> impl Strategy<Value = ElementId> {
    // Lead bytes from F0 on head groups of their own.
    prop_oneof![(0..0xF0_u8).prop_map(ElementId::Lead), any::<u8>().prop_map(ElementId::User),]
}

prop_compose! {
    fn element()(id in element_id(), coded in coded()) -> Element {
        Element::coded(id, coded)
    }
}

prop_compose! {
    fn block()(
        observed in time(),
        elements in vec(element(), 0..6),
        attachment in option::weighted(0.1, vec(any::<u8>(), 0..50)),
    ) -> Block {
        let attachment = attachment.map(|bytes| Attachment { kind: Kind::Picture, bytes });
        Block { observed: Some(observed), series: None, elements, attachment }
    }
}

/// What a uniform report holds after its step.
fn series() -> impl Strategy<Value = Block> {
    let step = prop_oneof![
        (1..=31_u8).prop_map(|days| Step { days, ..Step::default() }),
        (1..=23_u8).prop_map(|hours| Step { hours, ..Step::default() }),
        (1..=59_u8).prop_map(|minutes| Step { minutes, ..Step::default() }),
    ];
    let rows = (1..=31_usize, 0..8_u8).prop_flat_map(|(length, decimals)| {
        (vec(vec(any::<u8>(), length), 0..8), Just((length, decimals)))
    });
    (time(), step, element_id(), rows).prop_map(
        |(observed, step, id, (rows, (length, decimals)))| {
            let elements = rows
                .iter()
                .map(|row| Element::coded(id, Coded::new(row, decimals).expect("within limits")))
                .collect();
            let columns = vec![Identifier { id, definition: (length as u8) << 3 | decimals }];
            let series = Some(Series { step, columns });
            Block { observed: Some(observed), series, elements, attachment: None }
        },
    )
}

fn section(blocks: impl Strategy<Value = Vec<Block>>) -> impl Strategy<Value = Section> {
    (any::<[u8; 5]>(), b'A'..=b'Z', blocks).prop_map(|(station, class, mut blocks)| {
        // An attachment takes the rest of the body.
        if let Some(last) = blocks.iter().position(|block| block.attachment.is_some()) {
            blocks.truncate(last + 1);
        }
        Section { station: Some(StationAddress(station)), class: Some(StationClass(class)), blocks }
    })
}

fn content() -> impl Strategy<Value = (Direction, Function, Content)> {
    let report = vec(section(vec(block(), 0..4)), 1..3).prop_map(|mut sections| {
        let has = |section: &Section| section.blocks.iter().any(|block| block.attachment.is_some());
        if let Some(last) = sections.iter().position(has) {
            sections.truncate(last + 1);
        }
        (Direction::Up, Function::HOURLY, Content::Report(sections))
    });
    let uniform = section(vec(series(), 1))
        .prop_map(|section| (Direction::Up, Function::UNIFORM, Content::Report(vec![section])));
    let parameters = vec((0..0xFF_u8, vec(any::<u8>(), 0..=31)), 1..6).prop_map(|list| {
        let parameter = |(lead, data): (u8, Vec<u8>)| {
            let length = data.len() as u8;
            let definition = if lead == 0x0E { length } else { length << 3 };
            Parameter { lead, extension: None, definition: Some(definition), data }
        };
        let content = Content::Parameters(list.into_iter().map(parameter).collect());
        (Direction::Down, Function::WRITE_BASIC, content)
    });
    let identifiers = vec((element_id(), any::<u8>()), 1..6).prop_map(|list| {
        let identifier = |(id, definition)| Identifier { id, definition };
        let content = Content::Identifiers(list.into_iter().map(identifier).collect());
        (Direction::Down, Function::QUERY_ELEMENTS, content)
    });
    prop_oneof![report, uniform, parameters, identifiers, control()]
}

/// Counts, bits and states, which either coding carries.
fn control() -> impl Strategy<Value = (Direction, Function, Content)> {
    let version = vec(any::<u8>(), 0..=255)
        .prop_map(|text| (Direction::Up, Function::QUERY_VERSION, Content::Version(text)));
    let direction = || prop_oneof![Just(Direction::Up), Just(Direction::Down)];
    let switches = (direction(), any::<bool>(), vec(any::<u8>(), 0..=255)).prop_map(
        |(direction, is_pump, bits)| {
            let function = if is_pump { Function::SWITCH_PUMPS } else { Function::SWITCH_VALVES };
            (direction, function, Content::Switches(bits))
        },
    );
    let gates =
        (direction(), vec((any::<u8>(), 0..=9_999_u16), 0..=255)).prop_map(|(direction, gates)| {
            let count = gates.len() as u8;
            let open = gates.iter().step_by(8).map(|gate| gate.0).collect();
            let openings = gates.iter().map(|gate| gate.1).collect();
            let content = Content::Gates(Gates { count, open, openings });
            (direction, Function::SWITCH_GATES, content)
        });
    let quota = (direction(), any::<u8>())
        .prop_map(|(direction, state)| (direction, Function::SET_QUOTA, Content::Quota(state)));
    let events = any::<[u16; 32]>()
        .prop_map(|events| (Direction::Up, Function::QUERY_EVENTS, Content::Events(events)));
    prop_oneof![version, switches, gates, quota, events]
}

/// Frames, broken frames, halves and noise in any order.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let frames = all_frames();
    let piece = (0..frames.len(), 0..5_u8, any::<prop::sample::Index>(), vec(any::<u8>(), 0..40))
        .prop_map(move |(index, kind, place, noise)| {
            let mut raw = frames[index].clone();
            let at = place.index(raw.len());
            match kind {
                0 | 1 => {}
                2 => raw[at] ^= 0x10,
                3 => raw.truncate(at),
                _ => raw = [&[0x7E, 0x7E][..], &noise].concat(),
            }
            raw
        });
    vec(piece, 1..12).prop_map(|pieces| pieces.concat())
}

/// Everything a centre says about chunks that come at one moment, and at the deadline after it.
fn said<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Vec<Output<Frame>> {
    let now = at("08:00:00");
    let mut centre = Centre::new(CentreConfig::default(), now);
    let mut outputs = Vec::new();
    let mut drain = |centre: &mut Centre| {
        while let Some(output) = centre.poll() {
            if let Output::Frame { token, .. } = output {
                centre.settle(now, token, Outcome::Stored);
            }
            outputs.push(output);
        }
    };
    for chunk in chunks {
        centre.input(now, chunk);
        drain(&mut centre);
    }
    centre.tick(now + Duration::from_secs(30));
    drain(&mut centre);
    // How soon an acknowledgement follows its frame depends on when the driver polls.
    let (sent, mut told): (Vec<_>, Vec<_>) =
        outputs.into_iter().partition(|output| matches!(output, Output::Send(_)));
    told.extend(sent);
    told
}

fn comes_back(
    body: &Body,
    coding: Coding,
    direction: Direction,
    function: Function,
) -> Result<(), TestCaseError> {
    let bytes = body.encode(coding).expect("the generator keeps to the standard");
    let frame = Frame {
        coding,
        direction,
        centre: 1,
        station: StationAddress([0; 5]),
        password: 0,
        function,
        packet: None,
        length: LengthForm::Twelve,
        body: bytes,
        end: if direction == Direction::Up { End::Etx } else { End::Enq },
    };
    let back = Body::decode(&frame).expect("what was written is read");
    prop_assert_eq!(&back, body);
    back.readings();
    if frame.body.len() <= 0xFFF {
        prop_assert_eq!(from_description(&describe(&frame)), Ok(frame));
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_frame_comes_back_from_its_bytes(frame in any_frame(), after in vec(any::<u8>(), 0..20)) {
        let raw = write(&frame).expect("the generator keeps to the standard");
        let stream = [&raw[..], &after[..]].concat();
        let (back, rest) = parse(&stream).expect("what was written is read");
        prop_assert_eq!(back, frame);
        prop_assert_eq!(rest, &after[..]);
    }

    #[test]
    fn any_frame_comes_back_from_its_description(frame in any_frame()) {
        let description = describe(&frame);
        prop_assert_eq!(from_description(&description), Ok(frame), "{}", description);
    }

    #[test]
    fn any_content_comes_back_from_its_body(
        (direction, function, content) in content(),
        serial in any::<u16>(),
        sent in time(),
    ) {
        let body = Body { serial, sent, station: None, content };
        comes_back(&body, Coding::Hex, direction, function)?;
    }

    #[test]
    fn counts_bits_and_states_come_back_from_ascii(
        (direction, function, content) in control(),
        station in option::of(any::<[u8; 5]>()),
        serial in any::<u16>(),
        sent in time(),
    ) {
        let body = Body { serial, sent, station: station.map(StationAddress), content };
        comes_back(&body, Coding::Ascii, direction, function)?;
    }

    #[test]
    fn any_bytes_do_no_harm(bytes in vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes);
        let covered: usize = layout(&bytes).iter().map(|span| span.len).sum();
        prop_assert_eq!(covered, bytes.len());
    }

    #[test]
    fn any_body_does_no_harm(frame in any_frame()) {
        if let Ok(body) = Body::decode(&frame) {
            body.readings();
            let _ = body.encode(Coding::Hex);
            let _ = body.encode(Coding::Ascii);
        }
        let raw = write(&frame).expect("the generator keeps to the standard");
        let mut end = 0;
        for span in layout(&raw) {
            prop_assert_eq!(span.start, end);
            end += span.len;
        }
        prop_assert_eq!(end, raw.len());
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

    #[test]
    fn no_byte_of_a_stream_is_lost(stream in stream()) {
        let mut kept = Vec::new();
        for output in said(std::iter::once(&stream[..])) {
            if let Output::Frame { raw, .. } | Output::Reject { raw, .. } = output {
                kept.extend(raw);
            }
        }
        // Only packets of a message that is not whole yet are still held.
        prop_assert!(kept.len() <= stream.len());
        let held: usize = stream.len() - kept.len();
        let most = all_frames().iter().map(Vec::len).max().expect("frames");
        prop_assert!(held <= 2 * most, "{held} bytes held");
    }
}
