//! `decode` and `encode` at the command line, on the published frames.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value as Json;

use crate::node::{fengsui, run, said};

/// Origin and licence: fixtures/sl651/README.md.
const FRAMES: &str = include_str!("../../../../fixtures/sl651/sl651_frames.jsonl");

/// Runs `fengsui encode sl651` on what `decode` printed.
fn encode(document: &str) -> (Option<i32>, String) {
    let mut command = fengsui(&["encode", "sl651"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut input = child.stdin.take().expect("piped");
    input.write_all(document.as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    (output.status.code(), said(&output).0)
}

/// The value of an element, wherever in the document it stands.
fn element(document: &Json, id: &str) -> Option<f64> {
    match document {
        Json::Object(fields) if fields.get("id").is_some_and(|name| name == id) => {
            fields.get("value")?.as_f64()
        }
        Json::Object(fields) => fields.values().find_map(|inner| element(inner, id)),
        Json::Array(items) => items.iter().find_map(|inner| element(inner, id)),
        _ => None,
    }
}

#[test]
fn published_frames_decode_and_encode_to_the_same_bytes() {
    let (mut read, mut refused, mut values) = (0, 0, 0);
    for line in FRAMES.lines() {
        let vector: Json = serde_json::from_str(line).expect("a line of JSON");
        let (name, hex) = (&vector["name"], vector["hex"].as_str().expect("hex"));
        let output = run(&["decode", "sl651", hex]);
        let (printed, complaints) = said(&output);
        let expected = &vector["decoded"];
        if expected.is_null() {
            assert_eq!(output.status.code(), Some(1), "{name}");
            let document: Json = serde_json::from_str(printed.trim()).expect("one document");
            assert!(document["error"].is_string(), "{name}: {printed}");
            assert_eq!(document["hex"], hex, "{name}");
            assert_eq!(encode(&printed).0, Some(1), "{name}");
            refused += 1;
            continue;
        }
        assert_eq!(output.status.code(), Some(0), "{name}: {printed}{complaints}");
        assert_eq!(printed.lines().count(), 1, "{name}: one frame, one document");
        let document: Json = serde_json::from_str(&printed).expect("JSON");
        for (field, found) in [
            ("fc", &document["function"]),
            ("dir", &document["direction"]),
            ("station", &document["station"]),
            ("password", &document["password"]),
            ("serial", &document["body"]["serial"]),
            ("station_raw", &document["station"]),
            ("station_decoded", &document["station_code"]),
        ] {
            if let Some(wanted) = expected.get(field) {
                assert_eq!(found, wanted, "{name}: {field}");
                values += 1;
            }
        }
        for (field, id) in [("PJ_mm", "PJ"), ("PT_mm", "PT"), ("Z_m", "Z"), ("VT_V", "VT")] {
            if let Some(wanted) = expected.get(field) {
                assert_eq!(element(&document, id), wanted.as_f64(), "{name}: {field}");
                values += 1;
            }
        }
        assert_eq!(encode(&printed), (Some(0), format!("{hex}\n")), "{name}");
        read += 1;
    }
    assert_eq!((read, refused), (13, 1));
    assert!(30 < values, "{values} values are compared");
}

#[test]
fn what_is_no_frame_is_exit_one() {
    for arguments in [
        &["decode", "sl651", "GET / HTTP/1.1"][..],
        &["decode", "sl651", "00"],
        &["decode", "sl651", ""],
        &["decode", "sl650", "7E7E"],
        &["encode", "sl650"],
        &["decode", "sl651", "--file", "/no/such/file"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {:?}", said(&output));
    }
    assert_eq!(encode("{\"protocol\":\"sl651\"}").0, Some(1));
    assert_eq!(encode("not JSON").0, Some(1));
}

/// The published message of the gateway protocol (crates/wire/src/gateway/README.md).
const LEVEL: &str = concat!(
    r#"{"appId":"app-1","serviceId":"svc-1","dataId":"d-0001","data":"#,
    r#""G38JjRl3IHLzvfOMI75L4XyEvFZ6Gz45ETPvaQ1XzVvVS5Ny1cUHKPdARpVTUMlHdw+fZk4/OivSyrnoSX+rIz1f"#,
    r#"kz2M+foHC1F9bcY4hcjey1N6ykHi+LwXwp298xIH7c/EOQN131h2khf4G3baeRqbWq0E/pERJC06vW6ohGXjX93j"#,
    r#"iwxTBACi4PKyjKSR7QeMrJE8aQS6QYfvrbrFSFTwlQBlbZbGP9YgSwmUEczNoClKx+grA9KN8QJfVuI+JBVNjm3j"#,
    r#"kVea4C2t4QaUodNF9VAfe7tzCkJbb1xQn+c="}@@"#,
);
const KEY: &str = "0123456789ABCDEF ABCDEF0123456789";

#[test]
fn a_gateways_message_opens_with_its_key_and_shows_no_key() {
    let hex = hex::encode(LEVEL);
    let closed = run(&["decode", "gateway", &hex]);
    assert_eq!(closed.status.code(), Some(0));
    let closed: Json = serde_json::from_str(&said(&closed).0).expect("JSON");
    assert_eq!((&closed["data_id"], &closed["plain"]), (&"d-0001".into(), &Json::Null));
    for opened in [run(&["decode", "gateway", &hex, "--key", KEY]), {
        fengsui(&["decode", "gateway", &hex]).env("GATEWAY_KEY", KEY).output().expect("it runs")
    }] {
        let (printed, complaints) = said(&opened);
        let document: Json = serde_json::from_str(&printed).expect("JSON");
        assert_eq!(document["report"]["rows"][0]["value"], 8.42, "{printed}");
        assert!(!format!("{printed}{complaints}").contains("0123456789ABCDEF"));
    }
    // Two in one input, and the body of a request, which has no marks.
    let two = run(&["decode", "gateway", &format!("{hex}{hex}")]);
    assert_eq!(said(&two).0.lines().count(), 2);
    let body = run(&["decode", "gateway", hex.trim_end_matches("4040")]);
    assert_eq!((body.status.code(), said(&body).0.lines().count()), (Some(0), 1));
    for (arguments, complaint) in [
        (
            &["decode", "gateway", &hex, "--key", "secret"][..],
            "expected `aes|sm4 base64|hex KEY IV`",
        ),
        (&["decode", "sl651", "7E7E", "--key", KEY], "sl651 encrypts nothing"),
        (&["decode", "gateway", "7B7D4040"], "appId is missing"),
        (&["decode", "gateway", "7B7D"], "not ended by @@"),
    ] {
        let output = run(arguments);
        let (printed, complaints) = said(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(format!("{printed}{complaints}").contains(complaint), "{printed}{complaints}");
        assert!(!format!("{printed}{complaints}").contains("secret"));
    }
}
