//! Parameters, and every command that goes downward, both ways.

use expect_test::{Expect, expect};

use super::super::{
    Body, CentreConfig, Channel, Coding, Command, Content, Decimal, ElementId, Function, Gates,
    MEASURED, Parameter, ParameterInfo, RUNNING, Range, Setting, SettingError, StationConfig, Step,
    describe, from_description,
};
use super::town::{Town, at};
use crate::session::Session as _;

fn address() -> super::super::StationAddress {
    "0010820550".parse().expect("an address")
}

/// HEX data of a parameter in a message of `function`, and its words in ASCII.
#[track_caller]
fn check(function: Function, lead: u8, setting: Setting, hex: &str, ascii: &str) {
    let parameter = Parameter::of(function, lead, &setting, Coding::Hex).expect("it fits");
    let definition = parameter.definition.expect("HEX has one");
    assert_eq!(format!("{lead:02X}{definition:02X}{}", hex::encode_upper(&parameter.data)), hex);
    assert_eq!(parameter.setting(function), setting);
    let spelled = Parameter::of(function, lead, &setting, Coding::Ascii).expect("it fits");
    assert_eq!(std::str::from_utf8(&spelled.data), Ok(ascii));
    assert_eq!(spelled.setting(function), setting);
}

/// By tables D.1 and D.3 and §6.6.3.3.
#[test]
fn basic_parameters_are_coded_as_table_d_1_says() {
    let check = |lead, setting, hex, ascii| check(Function::WRITE_BASIC, lead, setting, hex, ascii);
    check(0x01, Setting::Centres([1, 2, 0, 0]), "012001020000", "01020000");
    check(0x02, Setting::Station(address()), "02280010820550", "0010820550");
    check(0x03, Setting::Password(0x1234), "03101234", "1234");
    let channel = Channel::Ip { address: [192, 168, 1, 31], port: 7701 };
    let hex = "045002192168001031007701";
    check(0x04, Setting::Channel(channel), hex, "02192168001031007701");
    // Eleven digits: an odd number begins with A.
    let phone = Channel::Other { kind: 1, digits: "13904310000".to_owned() };
    check(0x05, Setting::Channel(phone), "053801A13904310000", "01A13904310000");
    let off = Channel::Other { kind: 0, digits: String::new() };
    check(0x07, Setting::Channel(off), "070800", "00");
    check(0x0C, Setting::Mode(2), "0C0802", "2");
    let mask = [0x80, 0x01, 0, 0, 0, 0, 0, 0x01];
    check(0x0D, Setting::Mask(mask), "0D408001000000000001", "8001000000000001");
    let named: Vec<&str> = Setting::measured(mask).collect();
    assert_eq!(named, ["降水量", "水位1", "铅"]);
    // Two stations, then one: a whole byte of length (table D.3).
    let ranges = [("2206020001", 2), ("2206020009", 1)]
        .map(|(start, count)| Range { start: start.parse().expect("an address"), count });
    let hex = "0E0C220602000102220602000901";
    check(0x0E, Setting::Ranges(ranges.to_vec()), hex, "220602000102220602000901");
    let card = Setting::Card { kind: 1, number: "13904310000".to_owned() };
    check(0x0F, card, "0F60313133393034333130303030", "113904310000");
}

/// By table D.4.
#[test]
fn running_parameters_have_the_digits_of_table_d_4() {
    let number = |mantissa, decimals| Setting::Number(Decimal::new(mantissa, decimals));
    let check =
        |lead, setting, hex, ascii| check(Function::READ_RUNNING, lead, setting, hex, ascii);
    check(0x20, number(6, 0), "200806", "6");
    check(0x23, number(300, 0), "23100300", "300");
    check(0x25, number(5, 1), "250905", "0.5");
    check(0x28, number(193_456, 3), "282300193456", "193.456");
    // Below zero a byte of F comes first.
    check(0x30, number(-20, 3), "3023FF000020", "-0.020");
    check(0x38, number(500, 2), "38120500", "5.00");
    check(0x59, Setting::Missing, "5922FFFFFFFF", "M");
    check(0xA8, number(1, 3), "A833000000000001", "0.001");
    let leads: Vec<u8> = RUNNING.iter().map(|row| row.lead).collect();
    assert_eq!(leads, (0x20..=0xA8).collect::<Vec<u8>>(), "the table has no gap");
    assert_eq!(MEASURED.iter().filter(|name| name.is_empty()).count(), 5);
}

#[test]
fn what_does_not_fit_its_parameter_is_not_written() {
    let of = |function, lead, setting| Parameter::of(function, lead, &setting, Coding::Hex);
    let number = |mantissa, decimals| Setting::Number(Decimal::new(mantissa, decimals));
    assert_eq!(of(Function::WRITE_RUNNING, 0x20, number(100, 0)), None, "two digits");
    assert_eq!(of(Function::WRITE_RUNNING, 0x20, number(15, 1)), None, "no decimals");
    assert_eq!(of(Function::WRITE_RUNNING, 0x20, Setting::Mode(1)), None, "another kind");
    assert_eq!(of(Function::WRITE_RUNNING, 0x0C, Setting::Mode(1)), None, "another table");
    assert_eq!(of(Function::WRITE_BASIC, 0x0C, Setting::Mode(5)), None);
    assert_eq!(of(Function::SET_CARD, 0x45, number(7, 0)), None, "45 is the status word in 4B");
    let station = address();
    let unknown = Command::read(station, Function::READ_RUNNING, &[0x20, 0xA9]);
    let function = Function::READ_RUNNING;
    assert_eq!(unknown, Err(SettingError::Unknown { lead: 0xA9, function }));
    assert_eq!(Command::read(station, function, &[]), Err(SettingError::None));
    let unfit = Command::write(station, Function::WRITE_RUNNING, &[(0x20, Setting::Mode(1))]);
    assert!(matches!(unfit, Err(SettingError::Unfit { lead: 0x20, .. })), "{unfit:?}");
    // A broken value says so, and is kept as it is.
    let broken = |data: &[u8]| {
        let data = data.to_vec();
        Parameter { lead: 0x0C, extension: None, definition: Some(0x08), data }
    };
    for data in [&[0_u8][..], &[5], &[1, 1], &[]] {
        assert_eq!(broken(data).setting(Function::READ_BASIC), Setting::Unread, "{data:?}");
    }
}

/// Every query and setting, answered by a station that had one report acknowledged.
#[track_caller]
fn answers(coding: Coding, commands: &[Command], expected: Expect) {
    let config = StationConfig { coding, ..StationConfig::new(address(), 0xA1B2) };
    let mut town = Town::with(CentreConfig::default(), config);
    town.reads(193_456);
    let mut said = String::new();
    for command in commands {
        let before = town.frames.len();
        town.centre.command(town.now, command.clone()).expect("there is room");
        town.run();
        said += &format!("{} ", command.function);
        match town.frames.get(before) {
            None => said += "no answer\n",
            Some(frame) => {
                let body = Body::decode(frame).expect("a body");
                assert_eq!(from_description(&describe(frame)).as_ref(), Ok(frame));
                said += &match &body.content {
                    Content::Parameters(parameters) => {
                        let each = parameters.iter().map(|it| it.setting(frame.function));
                        format!("{:?}\n", each.collect::<Vec<_>>())
                    }
                    Content::Report(_) => format!("{} readings\n", body.readings().len()),
                    Content::Version(text) => format!("{}\n", String::from_utf8_lossy(text)),
                    other => format!("{other:?}\n"),
                };
            }
        }
    }
    expected.assert_eq(&said);
}

fn commands() -> Vec<Command> {
    let station = address();
    let settings = [
        (0x20, Setting::Number(Decimal::new(6, 0))),
        (0x28, Setting::Number(Decimal::new(-193_456, 3))),
    ];
    let channel = Channel::Ip { address: [192, 168, 1, 31], port: 7701 };
    vec![
        Command::query_now(station),
        Command::query_elements(station, &[ElementId::Lead(0x39)]),
        Command::write(station, Function::WRITE_RUNNING, &settings).expect("it fits"),
        Command::read(station, Function::READ_RUNNING, &[0x20, 0x28]).expect("they are there"),
        Command::write(station, Function::WRITE_BASIC, &[(0x04, Setting::Channel(channel))])
            .expect("it fits"),
        Command::read(station, Function::READ_BASIC, &[0x03, 0x04]).expect("they are there"),
        Command::query_status(station),
        Command::set_card(station, true),
        Command::query_clock(station),
        Command::set_clock(station),
        Command::change_password(station, 0xA1B2, 0x00FF),
        Command::read(station, Function::READ_BASIC, &[0x03]).expect("it is there"),
    ]
}

/// All of them, the last of which leaves nothing to answer.
fn all_commands() -> Vec<Command> {
    let station = address();
    let mut all = commands();
    let gates = Gates { count: 2, open: vec![0b10], openings: vec![0, 150] };
    all.extend([
        Command::query_version(station),
        Command::switch(station, Function::SWITCH_PUMPS, vec![0b101]),
        Command::switch(station, Function::SWITCH_VALVES, vec![0b1]),
        Command::switch_gates(station, gates),
        Command::set_quota(station, true),
        Command::query_events(station),
        Command::factory_reset(station),
        Command::clear_storage(station),
        Command::query_now(station),
    ]);
    all
}

/// What a station answers says the same in both codings.
const ANSWERS: Expect = expect![[r#"
    37 1 readings
    3A 1 readings
    42 [Number(Decimal { mantissa: 6, decimals: 0 }), Number(Decimal { mantissa: -193456, decimals: 3 })]
    43 [Number(Decimal { mantissa: 6, decimals: 0 }), Number(Decimal { mantissa: -193456, decimals: 3 })]
    40 [Channel(Ip { address: [192, 168, 1, 31], port: 7701 })]
    41 [Password(41394), Channel(Ip { address: [192, 168, 1, 31], port: 7701 })]
    46 1 readings
    4B 1 readings
    51 Bare
    4A Bare
    49 [Password(255)]
    41 [Password(255)]
    45 Fengsui simulated station
    4C Switches([5])
    4D Switches([1])
    4E Gates(Gates { count: 2, open: [2], openings: [0, 150] })
    4F Quota(255)
    50 Events([0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 18, 36, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    48 Bare
    47 Bare
    37 no answer
"#]];

#[test]
fn queries_and_settings_are_answered_in_hex() {
    answers(Coding::Hex, &all_commands(), ANSWERS);
}

#[test]
fn queries_and_settings_are_answered_in_ascii() {
    answers(Coding::Ascii, &all_commands(), ANSWERS);
}

/// Answers of the field, quoted as facts from the repository named in `fixtures/sl651/README.md`.
#[track_caller]
fn field(hex: &str, expected: Expect) {
    let raw = hex::decode(hex).expect("hexadecimal digits");
    let (frame, rest) = super::super::parse(&raw).expect("a frame");
    assert!(rest.is_empty());
    let body = Body::decode(&frame).expect("a body");
    assert_eq!(body.encode(frame.coding).as_ref(), Ok(&frame.body));
    assert_eq!(from_description(&describe(&frame)).as_ref(), Ok(&frame));
    let mut text = String::new();
    match &body.content {
        Content::Parameters(parameters) => {
            for parameter in parameters {
                let info = ParameterInfo::of(frame.function, parameter.lead).expect("a row");
                let setting = parameter.setting(frame.function);
                text += &format!("{} {setting:?}{}\n", info.name, info.unit);
                // The station writes it as this crate would, but for decimals of its own.
                let ours = Parameter::of(frame.function, info.lead, &setting, Coding::Hex);
                if ours.as_ref() != Some(parameter) {
                    text += &format!("  otherwise {parameter:?}\n");
                }
            }
        }
        Content::Version(version) => text += &String::from_utf8_lossy(version),
        Content::Report(_) => {
            for reading in body.readings() {
                text += &format!("{} {:?}\n", reading.element, reading.value);
            }
        }
        other => text += &format!("{other:?}"),
    }
    expected.assert_eq(&text);
}

#[test]
fn basic_parameters_of_a_station_of_the_field() {
    field(
        "7E7E050011223344123441005102001E170718101813F1F100112233440120050000000228001122334403101234045002218094153172009708053801A130123456780C08020D4080010000000000000F6831303133313132333435363738036F60",
        expect![[r#"
            中心站地址 Centres([5, 0, 0, 0])
            遥测站地址 Station(0011223344)
            密码 Password(4660)
            中心站1主信道类型及地址 Channel(Ip { address: [218, 94, 153, 172], port: 9708 })
            中心站1备用信道类型及地址 Channel(Other { kind: 1, digits: "13012345678" })
            工作方式 Mode(2)
            遥测站采集要素设置 Mask([128, 1, 0, 0, 0, 0, 0, 0])
            遥测站通信设备识别号 Card { kind: 1, number: "013112345678" }
        "#]],
    );
}

#[test]
fn running_parameters_of_a_station_of_the_field() {
    field(
        "7E7E050011223344123443003F020020170718101935F1F1001122334420080121080522080823100300240805250910260910270802282300010000301B00020038120500401200034112002003AF1B",
        expect![[r#"
            定时报时间间隔 Number(Decimal { mantissa: 1, decimals: 0 })h
            加报时间间隔 Number(Decimal { mantissa: 5, decimals: 0 })min
            降水量日起始时间 Number(Decimal { mantissa: 8, decimals: 0 })h
            采样间隔 Number(Decimal { mantissa: 300, decimals: 0 })s
            水位数据存储间隔 Number(Decimal { mantissa: 5, decimals: 0 })min
            雨量计分辨力 Number(Decimal { mantissa: 10, decimals: 1 })mm
            水位计分辨力 Number(Decimal { mantissa: 10, decimals: 1 })cm
            雨量加报阈值 Number(Decimal { mantissa: 2, decimals: 0 })mm
            水位基值1 Number(Decimal { mantissa: 10000, decimals: 3 })m
            水位修正基值1 Number(Decimal { mantissa: 200, decimals: 3 })m
            加报水位1 Number(Decimal { mantissa: 500, decimals: 2 })m
            加报水位以上加报阈值 Number(Decimal { mantissa: 3, decimals: 2 })m
            加报水位以下加报阈值 Number(Decimal { mantissa: 20, decimals: 2 })m
        "#]],
    );
}

#[test]
fn version_pumps_and_events_of_a_station_of_the_field() {
    field(
        "7E7E0500112233441234450021020022170718101955F1F10011223344114441544138362D53572D56312E3228482903C476",
        expect!["DATA86-SW-V1.2(H)"],
    );
    field(
        "7E7E0500112233441234440035020020170718110226F1F1001122334448F0F01707181005701902200371190220037219022003731902200374190220037519022003037E6D",
        expect![[r#"
            VTA Number(Decimal { mantissa: 22003, decimals: 1 })
            VTB Number(Decimal { mantissa: 22003, decimals: 1 })
            VTC Number(Decimal { mantissa: 22003, decimals: 1 })
            VIA Number(Decimal { mantissa: 22003, decimals: 1 })
            VIB Number(Decimal { mantissa: 22003, decimals: 1 })
            VIC Number(Decimal { mantissa: 22003, decimals: 1 })
        "#]],
    );
    field(
        "7E7E05001122334403E838002A020035170718110128F1F1001122334448F0F017071810050418000005F4600500000014FFFFFFFFFF000003E8AB",
        expect![[r#"
            DRP Number(Decimal { mantissa: 5, decimals: 1 })
            DRP Number(Decimal { mantissa: 0, decimals: 1 })
            DRP Number(Decimal { mantissa: 0, decimals: 1 })
            DRP Number(Decimal { mantissa: 0, decimals: 1 })
            DRP Number(Decimal { mantissa: 20, decimals: 1 })
            DRP Missing
            DRP Missing
            DRP Missing
            DRP Missing
            DRP Missing
            DRP Number(Decimal { mantissa: 0, decimals: 1 })
            DRP Number(Decimal { mantissa: 0, decimals: 1 })
        "#]],
    );
}

/// Table 37 and §6.6.4.11: what a centre asks, as bytes.
#[test]
fn a_period_is_asked_for_in_whole_hours_and_a_step() {
    let command = Command::query_period(
        address(),
        (at("06:00:00"), at("08:00:00")),
        Step { hours: 1, ..Step::default() },
        ElementId::Lead(0x39),
    );
    let body = Body { serial: 0, sent: at("08:00:00"), station: None, content: command.content };
    let bytes = body.encode(Coding::Hex).expect("it has a form");
    assert_eq!(hex::encode_upper(bytes), "0000260803080000260803062608030804180001003923");
    let bytes = body.encode(Coding::Ascii).expect("it has a form");
    assert_eq!(String::from_utf8_lossy(&bytes), "000026080308000026080306 26080308 DRH01 Z ");
}
