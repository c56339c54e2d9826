use serde_json::{Value as Json, json};
use wire::sl651::{Coding, Content, Direction, End, Frame, LengthForm, Parameter, describe, write};

use super::*;

fn station() -> StationAddress {
    "0010820551".parse().expect("an address")
}

fn keys() -> Keys {
    Keys { now: "1234".to_owned(), next: "A1B2".to_owned() }
}

fn made(command: &str, values: Json) -> Result<Command, Bad> {
    order(station(), &Ask::new(command, values), Some(&keys()))
}

/// Something that fits a field.
fn example(of: &Of) -> Json {
    match of {
        Of::Number { max, .. } => json!(max),
        Of::Choice { options } => json!(options[0].value),
        Of::Many { options, most } => {
            let some = options.iter().take(*most).map(|option| json!(option.value));
            Json::Array(some.collect())
        }
        Of::Hour => json!("2026-08-03T00:00:00Z"),
        Of::Switches { .. } => json!([true, false, true]),
        Of::Key => json!("0198f3a0-0000-7000-8000-000000000001"),
        Of::Object { .. } => json!({}),
        Of::Parameters { .. } | Of::Text { .. } => Json::Null,
    }
}

/// As it goes out.
fn bytes(command: &Command) -> Vec<u8> {
    let content = command.content.clone();
    let sent = base::Timestamp::from_beijing([2026, 8, 3], [8, 0, 0]).expect("a minute");
    let body = wire::sl651::Body { serial: 0, sent, station: None, content };
    let frame = Frame {
        coding: Coding::Hex,
        direction: Direction::Down,
        centre: 1,
        station: station(),
        password: 0xA1B2,
        function: command.function,
        packet: None,
        length: LengthForm::Twelve,
        body: body.encode(Coding::Hex).expect("a body"),
        end: End::Enq,
    };
    let bytes = write(&frame).expect("a frame");
    assert!(describe(&frame).get("body_error").is_none(), "{:#}", describe(&frame));
    bytes
}

#[test]
fn every_function_that_goes_downward_has_a_form_and_every_form_makes_a_frame() {
    let forms = forms();
    let mut codes: Vec<&str> = forms.iter().map(|form| form.code.as_str()).collect();
    codes.sort_unstable();
    let expected: Vec<String> = FUNCTIONS.iter().map(|(code, _)| format!("{code:02X}")).collect();
    assert_eq!(codes, expected, "annex B: 36 to 3A and 40 to 51");
    for form in &forms {
        assert!(!form.word.zh.is_empty() && form.word.en.is_ascii(), "{form:?}");
        let mut values = json!({});
        for field in &form.fields {
            values[&field.name] = match field.name.as_str() {
                "end" => json!("2026-08-04T00:00:00Z"),
                "openings" => json!("120, 0,35"),
                "parameters" => json!({ "28": "260.5" }),
                _ => example(&field.of),
            };
        }
        if form.code == "40" {
            values = json!({ "parameters": { "0C": "2" } });
        }
        let command = made(&form.code, values).expect(&form.code);
        assert_eq!(command.function.to_string(), form.code);
        assert_eq!(command.is_query(), form.kind == Kind::Query, "{}", form.code);
        bytes(&command);
    }
}

#[test]
fn every_parameter_of_d1_and_d4_is_set_by_its_value() {
    let texts = [
        ("01", "1,2,0,0"),
        ("02", "10820551"),
        ("04", "2 10.0.0.1:5020"),
        ("05", "1 13800000000"),
        ("06", "0"),
        ("0E", "0010820551+3,0010820560+99"),
        ("0F", "1 13800000000"),
    ];
    for (function, code) in [(Function::WRITE_BASIC, "40"), (Function::WRITE_RUNNING, "42")] {
        let form = forms().into_iter().find(|form| form.code == code).expect("a form");
        let Of::Parameters { of } = &form.fields[0].of else { panic!("{form:?}") };
        for field in of {
            let text = texts.iter().find(|(name, _)| *name == field.name);
            let value = match (&field.of, text) {
                (Of::Text { .. }, None) => json!("5 0432123456"),
                (_, Some((_, text))) => json!(text),
                (of, None) => example(of),
            };
            let command = made(code, json!({ "parameters": { &field.name: value } }));
            let command = command.unwrap_or_else(|bad| panic!("{} {bad}", field.name));
            bytes(&command);
            let Content::Parameters(parameters) = &command.content else { panic!() };
            let setting = parameters[0].setting(function);
            assert!(!matches!(setting, Setting::Unread | Setting::Nothing), "{field:?}");
            let again = Parameter::of(function, parameters[0].lead, &setting, Coding::Hex);
            assert_eq!(again.as_ref(), Some(&parameters[0]), "{field:?}");
        }
        let count = if code == "40" { BASIC.len() - 1 } else { RUNNING.len() - 2 };
        assert_eq!(of.len(), count, "all but the password and the words of commands");
    }
    let base = made("42", json!({ "parameters": { "28": "-0.5" } })).expect("below the datum");
    let Content::Parameters(parameters) = &base.content else { panic!() };
    let setting = parameters[0].setting(Function::WRITE_RUNNING);
    assert_eq!(setting, Setting::Number(Decimal::new(-500, 3)));
}

#[test]
fn what_does_not_fit_names_its_field_and_sends_nothing() {
    let wrong = [
        ("37", json!({ "elements": ["Z"] }), "values"),
        ("3a", json!({ "elements": ["Z"] }), "command"),
        ("2F", json!({}), "command"),
        ("+7", json!({}), "command"),
        ("3A", json!({}), "elements"),
        ("3A", json!({ "elements": ["NONE"] }), "elements"),
        (
            "38",
            json!({ "start": "2026-08-04T00:00:00Z", "end": "2026-08-03T00:00:00Z",
            "step": "1h", "element": "Z" }),
            "end",
        ),
        (
            "38",
            json!({ "start": "2026-08-03T00:00:00Z", "end": "2026-08-04T00:00:00Z",
            "step": "60m", "element": "Z" }),
            "step",
        ),
        (
            "38",
            json!({ "start": "2026-08-03T00:00:00Z", "end": "2026-08-04T00:00:00Z",
            "step": "河", "element": "Z" }),
            "step",
        ),
        ("41", json!({ "codes": ["03"] }), "codes"),
        ("43", json!({ "codes": ["B0"] }), "codes"),
        ("43", json!({ "codes": "28" }), "codes"),
        ("40", json!({ "parameters": { "03": "1234" } }), "03"),
        ("40", json!({ "parameters": { "04": "2 10.0.0.1" } }), "04"),
        ("40", json!({ "parameters": { "01": "1,2,3" } }), "01"),
        ("40", json!({ "parameters": { "02": "220602FFFF" } }), "02"),
        ("40", json!({ "parameters": { "0D": ["56"] } }), "0D"),
        ("40", json!({ "parameters": { "0E": "0010820551+100" } }), "0E"),
        ("42", json!({ "parameters": { "20": "-1" } }), "20"),
        ("42", json!({ "parameters": { "20": "100" } }), "20"),
        ("42", json!({ "parameters": { "28": "1.2345" } }), "28"),
        ("42", json!({ "parameters": { "28": "NaN" } }), "28"),
        ("42", json!({ "parameters": { "97": "1" } }), "97"),
        ("42", json!({ "parameters": {} }), "parameters"),
        ("4C", json!({ "on": [] }), "on"),
        ("4E", json!({ "on": [true, false], "openings": "120" }), "openings"),
        ("4F", json!({ "quota": "FF" }), "quota"),
    ];
    for (command, values, field) in wrong {
        let bad = made(command, values.clone()).expect_err(&format!("{command} {values}"));
        assert_eq!(bad.field, field, "{bad}");
    }
    let without = order(station(), &Ask::new("49", json!({ "key": "x" })), None);
    assert_eq!(without.expect_err("no keys").field, "key");
}
