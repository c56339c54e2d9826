//! A desk changes hands though the node dies between the two signatures.

use host::town::Scratch;
use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::node::Node;
use crate::town::{HUADIAN, OFFICER_OF_HUADIAN, RESPONDER, appoint, id, warned};

fn sheet(client: &Client, path: &str) -> Json {
    client.get(path).ok().body
}

#[test]
fn a_node_that_dies_between_the_signatures_has_the_sheet_as_it_was_signed() {
    let scratch = Scratch::new();
    let node = Node::start(scratch.path());
    let relief = appoint(&node, "jieban", &["duty_officer".to_owned()], HUADIAN);
    let officer = Client::sign_in(node.web, OFFICER_OF_HUADIAN);
    let warning = warned(&node);
    let begun = officer.post("/api/handovers", json!({ "region": HUADIAN })).ok();
    let path = format!("/api/handovers/{}", begun.field("id"));
    let to = relief.get("/api/session").ok().body["person"]["id"].clone();
    let words = json!({ "revision": begun.body["revision"], "to": to, "note": "水位上涨",
        "lines": [{ "kind": "warning", "item": id(&warning), "note": "等局长意见" }] });
    let drafted = officer.ask("PUT", &path, Some(&words)).ok().body;
    let read = json!({ "revision": drafted["revision"] });
    let signed = officer.post(&format!("{path}/sign"), read.clone()).ok().body;
    let lines = signed["sheet"]["lines"].as_array().expect("lines");
    assert!(lines.iter().any(|line| line["item"] == warning["id"]), "{lines:?}");
    node.kill();

    let node = Node::start(scratch.path());
    let officer = Client::sign_in(node.web, OFFICER_OF_HUADIAN);
    let relief = Client::sign_in(node.web, "jieban");
    let seen = sheet(&relief, &path);
    assert_eq!((&seen["state"], &seen["sheet"]), (&json!("signed"), &signed["sheet"]));
    let again = officer.post(&format!("{path}/sign"), read);
    assert_eq!(again.refusal(), (409, "wrong-state"), "a signature is made once");
    let added = seen["added"].as_array().expect("a list").iter();
    let confirmed: Vec<Json> =
        added.map(|line| json!({ "kind": line["kind"], "item": line["item"] })).collect();
    let receipt = json!({ "note": "已核对", "confirmed": confirmed });
    let received = relief.post(&format!("{path}/receive"), receipt).ok().body;
    node.kill();

    let node = Node::start(scratch.path());
    let relief = Client::sign_in(node.web, "jieban");
    let seen = sheet(&relief, &path);
    assert_eq!(seen["state"], "received");
    assert_eq!((&seen["sheet"], &seen["receipt"]), (&signed["sheet"], &received["receipt"]));
    let desk = relief.get("/api/duty").ok().body;
    assert_eq!(desk["watch"]["on_duty"][0]["person"]["person"], to);
    // What passed is theirs, once each.
    let passed = seen["receipt"]["passed"].as_array().expect("a list").len();
    assert!(0 < passed, "the warning and its notice pass");
    let log = desk["log"].as_array().expect("a log").iter();
    assert_eq!(log.filter(|line| line["kind"] == "duty.claimed").count(), passed);
    let stranger = Client::sign_in(node.web, RESPONDER);
    assert_eq!(stranger.post(&format!("{path}/withdraw"), json!({ "reason": "试试" })).status, 403);
}
