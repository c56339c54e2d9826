//! Official tables, brought by the system officer from a terminal.

use host::town::Scratch;
use serde_json::Value as Json;

use crate::client::{Client, PASSWORD};
use crate::node::{Node, run_with, said};
use crate::town::OFFICER;

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
