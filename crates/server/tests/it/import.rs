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
const WAIT: Duration = Duration::from_secs(300);

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
    for share in [0, 1, 2] {
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

#[test]
fn divisions_and_their_boundaries_come_in_by_the_command() {
    let scratch = Scratch::new();
    let directory = scratch.path().join("node");
    let node = Node::start(&directory);
    let directory = directory.to_str().expect("plain");
    let table = scratch.path().join("regions.csv");
    let rows = "区划代码,名称,上级代码,启用日期,来源\n\
                220299,虚构区,220200,2020-01-01,虚构\n220298,孤区,229999,,虚构\n";
    std::fs::write(&table, rows).expect("written");
    let table = table.to_str().expect("plain");
    let regions = ["import", "regions", table, "--directory", directory];
    let (told, complaints) = said(&run_with(&[&regions[..], &["--check"]].concat(), PASSWORD));
    assert!(told.contains("row 3 refused: parent value"), "{told} {complaints}");
    let (told, complaints) = said(&run_with(&regions, PASSWORD));
    assert!(told.contains(r#""added":1"#), "{told} {complaints}");

    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/boundaries/counties_gbk.zip");
    let boundaries = [
        "import",
        "boundaries",
        file,
        "--source",
        "虚构 & 测试",
        "--from",
        "2020-07-01",
        "--directory",
        directory,
    ];
    let (_, why) = said(&run_with(&boundaries, "not-the-password"));
    assert!(why.contains("sign-in-refused"), "{why}");
    let client = Client::sign_in(node.web, OFFICER);
    let at = || client.get("/api/regions/at?lon=126.3&lat=42.85").ok().body["items"].clone();
    let check = run_with(&[&boundaries[..], &["--check"]].concat(), PASSWORD);
    let (told, complaints) = said(&check);
    assert!(told.contains("codes from XZQDM"), "{told} {complaints}");
    assert!(told.contains("feature 3 refused: geometry unreadable"), "{told}");
    assert_eq!(at(), serde_json::json!([]), "looked at, and not taken");
    let (told, complaints) = said(&run_with(&boundaries, PASSWORD));
    assert!(told.contains(r#"taken: {"added":2"#), "{told} {complaints}");
    assert_eq!((&at()[0]["code"], &at()[0]["source"]), (&"220284".into(), &"虚构 & 测试".into()));
    let wrong = ["import", "boundaries", table, "--source", "虚构", "--directory", directory];
    let (_, why) = said(&run_with(&wrong, PASSWORD));
    assert!(why.contains("neither GeoJSON nor a ZIP"), "{why}");
}
