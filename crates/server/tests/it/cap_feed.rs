//! The feed of public warnings, as a subscriber who knows nothing of this program reads it:
//! over HTTP, by links, and by the schema of OASIS.

use std::io::Write as _;
use std::process::{Command, Stdio};

use base::{Duration, Timestamp};
use host::town::Scratch;
use serde_json::json;

use crate::client::{Answer, Client};
use crate::node::Node;
use crate::town::{OFFICER, id, warned};

#[test]
fn a_warning_and_its_end_are_valid_messages_in_a_well_formed_feed() {
    let scratch = Scratch::new();
    let node = Node::start(scratch.path());
    let warning = warned(&node);
    let [reviewer, issuer] = ["sunyiwen", "zhoumu"].map(|name| Client::sign_in(node.web, name));
    let opened: Timestamp =
        warning["opened_at"].as_str().and_then(|at| at.parse().ok()).expect("a time");
    let act = |who: &Client, verb: &str, body| {
        who.post(&format!("/api/warnings/{}/{verb}", id(&warning)), body).ok()
    };
    let until = |hours| json!({ "expires": opened + Duration::from_hours(hours) });
    act(&reviewer, "review", json!({}));
    act(&issuer, "issue", until(2));
    act(&issuer, "extend", until(4));
    act(&issuer, "lift", json!({ "reason": "水位已回落" }));

    assert_eq!(Client::nobody(node.web).get("/feeds/cap.atom").status, 401, "it is not opened");
    let subscriber = Client::sign_in(node.web, OFFICER);
    let feed = subscriber.get("/feeds/cap.atom").ok();
    if let Some(valid) = xmllint(&["--noout"], &feed) {
        assert_eq!(valid, Ok(()));
    }
    let links: Vec<&str> = feed.text.split("href=\"").skip(2).filter_map(path_of).collect();
    assert_eq!(links.len(), 3, "{}", feed.text);
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/cap/cap12.xsd");
    for (link, kind) in links.iter().zip(["Cancel", "Update", "Alert"]) {
        let message = subscriber.get(link).ok();
        assert_eq!(message.header("content-type"), "application/cap+xml");
        assert!(message.text.contains(&format!("<msgType>{kind}</msgType>")), "{}", message.text);
        assert!(message.text.contains("<status>Test</status>"), "a demonstration warns nobody");
        if let Some(valid) = xmllint(&["--noout", "--schema", schema], &message) {
            assert_eq!(valid, Ok(()), "{kind}");
        }
    }
}

/// The path of an address up to its closing quote.
fn path_of(rest: &str) -> Option<&str> {
    let address = rest.split('"').next()?;
    address.find("/feeds/").map(|at| &address[at..])
}

/// Where `xmllint` is missing this is skipped, unless nothing may be.
fn xmllint(arguments: &[&str], answer: &Answer) -> Option<Result<(), String>> {
    let started = Command::new("xmllint")
        .arg("--nonet")
        .args(arguments)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => {
            let must = std::env::var_os("SKIP_NOTHING").is_some();
            assert!(!must, "xmllint is not there: {error}; make tools installs it");
            eprintln!("skipped: no xmllint");
            return None;
        }
    };
    let mut stdin = child.stdin.take().expect("it is a pipe");
    stdin.write_all(answer.text.as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if output.status.success() { Ok(()) } else { Err(said) })
}
