//! Devices of every protocol at once, with faults, at a node that dies under them.

use std::path::Path;
use std::time::Duration;

use host::town::Scratch;

use crate::client::{Client, PASSWORD};
use crate::node::{Node, run_with, said};
use crate::patience::until;
use crate::town::ENGINEER;

const WAIT: Duration = Duration::from_secs(300);
/// Reports of each device but the mines', which send files by their own times.
const REPORTS: usize = 150;
const DEVICES: usize = 2;

/// A configuration under which a node opens its doors again where they were.
pub fn doors_of(node: &Node) -> String {
    let protocols = Client::sign_in(node.web, ENGINEER).get("/api/protocols").ok().body;
    let address = |protocol: &str, road: &str| {
        let items = protocols["items"].as_array().expect("a page");
        let found = items.iter().find(|it| it["protocol"] == protocol).expect("it is listed");
        let text = found[road].as_str().expect("the door is open").trim_start_matches("http://");
        text.split('/').next().expect("an address").to_owned()
    };
    let section = |name: &str, address: String| format!("[{name}]\nlisten = \"{address}\"\n");
    section("gateway", address("gateway", "tcp"))
        + &section("json", address("json", "tcp"))
        + &section("devices", address("json", "http"))
}

fn lines(ledger: &Path) -> usize {
    std::fs::read_to_string(ledger).map_or(0, |text| text.lines().count())
}

#[test]
fn what_devices_of_every_protocol_were_told_outlives_kills_value_by_value() {
    let scratch = Scratch::new();
    let directory = scratch.path().join("node");
    let mut node = Node::start(&directory);
    let config = scratch.path().join("node.toml");
    std::fs::write(&config, doors_of(&node)).expect("written");
    let ports = [node.web.port(), node.sl651.port()];
    let ledgers = scratch.path().join("ledgers");
    let path = |path: &Path| path.to_str().expect("a plain path").to_owned();
    let (of_node, of_ledgers, config) = (path(&directory), path(&ledgers), path(&config));
    let (devices, speed) = (DEVICES.to_string(), "600");
    let minutes = (REPORTS as f64 / 600.0).to_string();
    let arguments = [
        ["simulate", "all"],
        ["--directory", &of_node],
        ["--account", ENGINEER],
        ["--ledgers", &of_ledgers],
        ["--devices", &devices],
        ["--minutes", &minutes],
        ["--speed", speed],
        ["--faults", "20"],
        ["--answer", "3000"],
    ]
    .concat();
    let output = std::thread::scope(|scope| {
        let playing = scope.spawn(|| run_with(&arguments, PASSWORD));
        for share in [1, 2] {
            // The slowest of them says how far they are; early, so that none is done before.
            let far = REPORTS * DEVICES * share / 6;
            until("every door has acknowledged something", WAIT, || {
                let names = ["sl651", "gateway", "mqtt", "http"];
                let least = names.map(|name| lines(&ledgers.join(format!("{name}.ndjson"))));
                let is_over = playing.is_finished();
                let coal = lines(&ledgers.join("coal42.ndjson"));
                (is_over || least.iter().all(|it| far <= *it) && 0 < coal).then_some(())
            });
            assert!(!playing.is_finished(), "it was killed while they were played");
            node.kill();
            node = Node::start_with(&directory, ports, &["--config", &config]);
        }
        playing.join().expect("it does not panic")
    });
    let (told, why) = said(&output);
    assert!(output.status.success(), "{told}\n{why}");
    let whole = format!("acknowledged {}, given up 0", REPORTS * DEVICES);
    assert_eq!(told.matches(&whole).count(), 4, "{told}");
    assert_eq!(told.matches("missing 0, different 0").count(), 5, "{told}");
}
