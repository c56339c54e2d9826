//! `fengsui segment`: files written, checked and shown at a terminal.

use std::path::{Path, PathBuf};

use host::town::Scratch;
use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::node::{Node, run, said};
use crate::town::{HUADIAN, OFFICER};

/// Runs `fengsui segment …`; answers whether it said yes, and what it said.
fn segment(arguments: &[&str]) -> (bool, String, String) {
    let output = run(&[&["segment"], arguments].concat());
    let (told, complaints) = said(&output);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{:?} {complaints}", output.status);
    (output.status.success(), told, complaints)
}

fn documents(text: &str) -> Vec<Json> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// What `segment write --json` wrote for the province.
fn write(data: &Path, into: &Path, more: &[&str]) -> Json {
    let arguments =
        ["write", "--directory", text(data), "--to", "province", "--into", text(into), "--json"];
    let (yes, told, complaints) = segment(&[&arguments[..], more].concat());
    assert!(yes, "{complaints}");
    documents(&told).remove(0)
}

fn files(written: &Json) -> Vec<PathBuf> {
    let files = written["files"].as_array().expect("a list").iter();
    files.map(|it| PathBuf::from(it["file"].as_str().expect("a path"))).collect()
}

#[test]
fn segments_are_written_checked_and_shown_at_a_terminal_whether_the_node_runs_or_not() {
    let scratch = Scratch::new();
    let [data, out, copy] = ["node", "out", "copy"].map(|name| scratch.path().join(name));
    for directory in [&out, &copy] {
        std::fs::create_dir(directory).expect("made");
    }
    let node = Node::start(&data);
    let system = Client::sign_in(node.web, "system");
    let arguments = ["write", "--directory", text(&data), "--to", "province", "--into", text(&out)];
    let (yes, _, complaints) = segment(&arguments);
    assert!(
        !yes && complaints.contains("nobody here has said what province may read"),
        "{complaints}"
    );
    let reading = json!({ "origin": "province", "regions": ["220000"], "openness": "internal" });
    Client::sign_in(node.web, "security").post("/api/neighbours/readings", reading).ok();

    // The node runs, and moves its own number.
    let written = write(&data, &out, &[]);
    let last = written["last"].as_i64().expect("a number");
    assert_eq!((&written["origin"], &written["after"]), (&json!("demo"), &json!(0)));
    let state = || system.get("/api/segments/exchange").ok().body["outboxes"][0].clone();
    assert_eq!((&state()["neighbour"], &state()["last"]), (&json!("province"), &json!(last)));
    let nothing = segment(&arguments);
    assert_eq!(nothing.1, format!("nothing is new for province after #{last}\n"));
    let again = write(&data, &copy, &["--after", "0"]);
    assert_eq!(again["last"], last);
    let [first, again] = [&written, &again].map(|it| files(it).remove(0));
    assert_eq!(first.file_name(), again.file_name());
    let bytes = std::fs::read(&first).expect("is there");
    assert_eq!(bytes, std::fs::read(&again).expect("is there"), "the same entries, the same bytes");
    let left = std::fs::read_dir(&out).expect("is there").count();
    assert_eq!(left, files(&written).len(), "and no draft");

    // What is in it.
    let (yes, told, _) = segment(&["show", "--json", text(&first)]);
    let shown = documents(&told).remove(0);
    assert!(yes && shown["origin"] == "demo" && shown["first"] == 1, "{told}");
    assert!(5 < shown["kinds"]["station.registered"].as_i64().expect("a number"), "{told}");
    assert!(0 < shown["closed"].as_i64().expect("a number"), "what belongs to the node is closed");
    let (_, told, _) = segment(&["show", text(&first)]);
    assert!(told.contains("station.registered") && told.contains("bodies are withheld"), "{told}");

    // Whose it is, and whether it is whole.
    let key = system.get("/api/node/key").ok();
    let fingerprint = key.field("fingerprint");
    let key_file = scratch.path().join("key.json");
    std::fs::write(&key_file, &key.text).expect("written");
    let typed = format!("{} {}", fingerprint[..32].to_uppercase(), &fingerprint[32..]);
    for against in [["--fingerprint", &typed], ["--key", text(&key_file)]] {
        let (yes, told, complaints) = segment(&[&["check", text(&first)], &against[..]].concat());
        assert!(yes && told.contains("sound, demo #1 to #"), "{against:?}: {complaints}");
    }
    let mut changed = bytes.clone();
    changed[bytes.len() / 2] ^= 1;
    let wrong = scratch.path().join("wrong.segment");
    std::fs::write(&wrong, &changed).expect("written");
    let cut = scratch.path().join("cut.segment");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).expect("written");
    let all = [text(&wrong), text(&first), text(&cut), text(&out), "no such file"];
    let (yes, told, _) =
        segment(&[&["check", "--json", "--fingerprint", &fingerprint], &all[..]].concat());
    let sound: Vec<Json> = documents(&told).iter().map(|it| it["sound"].clone()).collect();
    assert!(!yes);
    assert_eq!(sound, [json!(false), json!(true), json!(false), json!(false), json!(false)]);
    assert!(documents(&told)[0]["reason"].as_str().expect("text").contains("expected"), "{told}");
    let strangers = "0".repeat(64);
    for (against, expected) in [
        (vec!["--fingerprint", &strangers], "signed it, expected 000000"),
        (vec!["--fingerprint", "abc"], "expected 64 hex digits"),
        (vec!["--key", text(&first)], "expected JSON with sm2 and ed25519"),
        (vec!["--directory", text(&data)], "does not take in its own log"),
        (vec!["--directory", text(&out)], "holds no node's records"),
        (vec![], "expected one of --fingerprint"),
    ] {
        let (yes, _, complaints) = segment(&[&["check", text(&first)], &against[..]].concat());
        assert!(!yes && complaints.contains(expected), "{against:?}: {complaints}");
    }

    // The node is stopped, and whoever writes moves the number.
    let officer = Client::sign_in(node.web, OFFICER);
    let call = "/api/intakes/0198f000-0000-7000-8000-000000000009";
    let what = json!({ "what": "河水上涨", "region": HUADIAN, "hazard": "flood" });
    officer.ask("PUT", call, Some(&what)).ok();
    officer.ask("POST", &format!("{call}/open"), None).ok();
    node.stop();
    let later = write(&data, &out, &[]);
    assert_eq!(later["after"], last, "from where it was");
    let (yes, told, _) = segment(&["show", "--json", text(&files(&later)[0])]);
    let shown = documents(&told).remove(0);
    assert!(yes && shown["kinds"]["incident.opened"] == 1, "{told}");
    assert_eq!(shown["first"], last + 1);
    assert!(files(&write(&data, &out, &[])).is_empty());
}
