//! Tables that people bring: official ones from a terminal, and registers by the door.

use std::collections::BTreeSet;
use std::time::Duration;

use host::town::Scratch;
use serde_json::{Value as Json, json};

use crate::client::{Client, PASSWORD};
use crate::node::{Node, run, run_with, said};
use crate::patience::until;
use crate::town::{ENGINEER, OFFICER, id};

/// How long an import may take on a machine that does much else.
const WAIT: Duration = Duration::from_secs(120);

#[test]
fn an_import_that_is_killed_goes_on_and_takes_each_row_once() {
    const ROWS: usize = 3_000;
    let scratch = Scratch::new();
    let directory = scratch.path().join("node");
    let mut node = Node::start(&directory);
    let header = "测站编码,站名,类别,行政区划代码,要素\n";
    let code = |number: usize| format!("{}", 30_000_000 + number);
    let row = |number: usize| format!("{},{number}号站,rain,220282,PJ\n", code(number));
    let table: String = std::iter::once(header.to_owned()).chain((0..ROWS).map(row)).collect();
    let engineer = Client::sign_in(node.web, ENGINEER);
    let before = engineer.all("/api/stations").len();
    let brought = engineer.bring("/api/imports?register=station&file=stations.csv", table).ok();
    let path = format!("/api/imports/{}", id(&brought.body));
    let state = |client: &Client, wanted: &'static str| {
        until(wanted, WAIT, || {
            let import = client.get(&path).ok().body;
            assert_ne!(import["state"], "failed", "{import}");
            (import["state"] == wanted).then_some(import)
        })
    };
    assert_eq!(state(&engineer, "ready")["counts"]["added"], ROWS);
    engineer.post(&format!("{path}/confirm"), json!({})).ok();
    let mut kills = 0;
    for share in [1, 2, 3] {
        let client = Client::sign_in(node.web, ENGINEER);
        let import = until("some rows are taken", WAIT, || {
            let import = client.get(&path).ok().body;
            let seen = import["counts"]["seen"].as_u64().unwrap_or(0) as usize;
            (ROWS * share / 5 < seen).then_some(import)
        });
        // A fast machine may be done before it can be killed once more.
        kills += usize::from(import["state"] == "running");
        node.kill();
        node = Node::start(&directory);
    }
    assert!(0 < kills, "it was killed while it ran");
    let engineer = Client::sign_in(node.web, ENGINEER);
    let done = state(&engineer, "done");
    let counts = ["seen", "added", "refused"].map(|name| done["counts"][name].as_u64());
    assert_eq!(counts, [Some(ROWS as u64), Some(ROWS as u64), Some(0)]);
    let stations = engineer.all("/api/stations");
    assert_eq!(stations.len(), before + ROWS);
    let codes: BTreeSet<&str> = stations.iter().filter_map(|it| it["code"].as_str()).collect();
    assert!((0..ROWS).all(|number| codes.contains(format!("00{}", code(number)).as_str())));
    node.kill();
    let output = run(&["verify", directory.to_str().expect("plain")]);
    assert!(output.status.success(), "{:?}", said(&output));
}

#[test]
fn a_years_notice_comes_in_by_the_command_and_only_in_the_officers_name() {
    let scratch = Scratch::new();
    let directory = scratch.path().join("node");
    let node = Node::start(&directory);
    let file = scratch.path().join("2027.csv");
    let text = "year,2027\ntitle,通知\nsource,虚构\nrest,2027-01-01,2027-01-03,元旦\n";
    std::fs::write(&file, text).expect("written");
    let (file, directory) = (file.to_str().expect("plain"), directory.to_str().expect("plain"));
    let import = ["import", "calendar", file, "--directory", directory];

    let (_, why) = said(&run_with(&import, "not-the-password"));
    assert!(why.contains("sign-in-refused"), "{why}");
    let officer = [&import[..], &["--account", OFFICER]].concat();
    let (_, why) = said(&run_with(&officer, PASSWORD));
    assert!(why.contains("403"), "{why}");
    let output = run_with(&import, PASSWORD);
    let (told, complaints) = said(&output);
    assert!(output.status.success(), "{complaints}");
    let told: Json = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told["year"], 2027);

    let client = Client::sign_in(node.web, OFFICER);
    let days = client.get("/api/calendar?from=2027-01-03&to=2027-01-03").ok().body;
    assert_eq!(days["items"][0]["why"]["holiday"], "元旦");

    std::fs::write(file, "year,2027\nwork,2027-01-32,,元旦").expect("written");
    let (_, why) = said(&run_with(&import, PASSWORD));
    assert!(why.contains("line 2 has the date") && why.contains("2027-01-32"), "{why}");
}
