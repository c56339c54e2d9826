//! A node whose readings are in a ClickHouse too.

use std::collections::BTreeSet;
use std::time::Duration;

use base::Timestamp;
use host::town::Scratch;
use sense::simulate::Ledger;
use serde_json::Value as Json;

use crate::client::Client;
use crate::crash::{REPORTS, lines, readings_are_there, simulate};
use crate::node::{Node, said};
use crate::patience::until;
use crate::town::{ANSWER_MS, OFFICER, QINGSHI, report};

const WAIT: Duration = Duration::from_secs(120);

/// Sensor, milliseconds, bits of the value, quality.
type Row = (String, i64, u64, i64);

/// What a ClickHouse answers to a statement.
fn ask(url: &str, statement: &str) -> String {
    let answer = ureq::post(url).query("wait_end_of_query", "1").send(statement);
    let mut answer = answer.unwrap_or_else(|error| panic!("{statement}: {error}"));
    answer.body_mut().read_to_string().expect("is text").trim().to_owned()
}

/// Every version in a copy, each once.
fn copied(url: &str, database: &str) -> BTreeSet<Row> {
    let statement = format!(
        "select distinct toString(sensor), time, reinterpretAsUInt64(reinterpretAsString(value)), \
         quality from {database}.readings format TSV"
    );
    let row = |line: &str| -> Option<Row> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [sensor, time, value, quality] = fields[..] else { return None };
        let (time, value, quality) = (time.parse(), value.parse(), quality.parse());
        Some((sensor.to_owned(), time.ok()?, value.ok()?, quality.ok()?))
    };
    ask(url, &statement).lines().map(|line| row(line).expect("four fields")).collect()
}

/// Everything that the node serves of a span, of all sensors.
fn served(client: &Client, from: Timestamp, to: Timestamp) -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    for station in client.all("/api/stations") {
        for sensor in station["sensors"].as_array().expect("sensors") {
            let id = sensor["id"].as_str().expect("an id");
            let path = format!("/api/sensors/{id}/readings?from={from}&to={to}");
            let record = client.get(&path).ok().body;
            for point in record["points"].as_array().expect("points") {
                let [time, quality] = [0, 2].map(|at| point[at].as_i64().expect("a number"));
                let value = point[1].as_f64().expect("a value").to_bits();
                rows.insert((id.to_owned(), time, value, quality));
            }
        }
    }
    rows
}

#[test]
#[ignore = "needs a ClickHouse: make test-clickhouse tells it"]
fn a_node_killed_while_it_feeds_its_copy_has_all_that_it_acknowledged_there_too() {
    #[allow(clippy::disallowed_methods, reason = "where the server of the tests is")]
    let url = std::env::var("FENGSUI_TEST_CLICKHOUSE").expect("scripts/with-clickhouse says it");
    let database = format!("node_{}", std::process::id());
    let scratch = Scratch::new();
    let (directory, ledger) = (scratch.path().join("node"), scratch.path().join("ledger.ndjson"));
    let file = scratch.path().join("fengsui.toml");
    let section = format!("[clickhouse]\nurl = \"{url}\"\ndatabase = \"{database}\"\n");
    std::fs::write(&file, section).expect("writable");
    let config = file.to_str().expect("a plain path");
    let begin = |ports| Node::start_with(&directory, ports, &["--config", config]);
    let mut node = begin([0, 0]);
    let ports = [node.web.port(), node.sl651.port()];
    let start = Timestamp::from_millis(host::world::wall_clock().as_millis() / 60_000 * 60_000)
        - base::Duration::from_hours(12);
    let mut stations = simulate(&node, start, &ledger);
    for kill in 1..=3 {
        until("more is acknowledged and copied", WAIT, || {
            let is_copied = ask(&url, &format!("exists table {database}.readings")) == "1"
                && ask(&url, &format!("select count() from {database}.readings")) != "0";
            (is_copied && kill * 150 <= lines(&ledger)).then_some(())
        });
        node.kill();
        node = begin(ports);
    }
    until("the stations have told everything", WAIT, || stations.try_wait().expect("it is ours"));
    let told = said(&stations.wait_with_output().expect("it ended"));
    let ledger = Ledger::read(&ledger).expect("readable");
    assert!(REPORTS as usize <= ledger.len(), "{} reports: {told:?}", ledger.len());

    let (officer, system) =
        (Client::sign_in(node.web, OFFICER), Client::sign_in(node.web, "system"));
    let copy = until("the copy has everything", WAIT, || {
        let copy = system.get("/api/health").ok().body["copy"].clone();
        let is_whole = copy["behind"] == 0 && copy["filling"].is_null() && copy["answers"] == true;
        is_whole.then_some(copy)
    });
    assert_eq!(copy["let_go"], 0, "{copy}");
    let values = readings_are_there(&officer, &ledger, start);
    let to = start + base::Duration::from_mins(i64::from(REPORTS));
    let (from_ms, to_ms) = (start.as_millis(), to.as_millis());
    let mut there = copied(&url, &database);
    there.retain(|(_, time, ..)| from_ms <= *time && *time < to_ms);
    let here = served(&officer, start, to);
    assert!(values <= here.len(), "{values} acknowledged, {} here", here.len());
    assert!(there == here, "{} there, {} here", there.len(), here.len());

    // It needs nobody else to be ready, and says since when it is alone.
    let metrics = ureq::get(format!("http://{}/metrics", node.web)).call().expect("answers");
    let metrics = metrics.into_body().read_to_string().expect("is text");
    assert!(metrics.contains("\nfengsui_copy_answers 1\n"), "{metrics}");
    assert_eq!(copy["last_error"], Json::Null, "{copy}");
    node.stop();
    ask(&url, &format!("drop database {database}"));
}

/// A port of the loopback that is bound as long as the first is kept, and listened on by
/// nobody: whoever connects is refused.
fn taken_port() -> (std::os::fd::OwnedFd, u16) {
    use rustix::net::{AddressFamily, SocketType, bind, getsockname, socket};
    let taken = socket(AddressFamily::INET, SocketType::STREAM, None).expect("a socket");
    let any = std::net::SocketAddrV4::new(std::net::Ipv4Addr::LOCALHOST, 0);
    bind(&taken, &any).expect("a port is free");
    let address = getsockname(&taken).expect("it is bound");
    let address = std::net::SocketAddr::try_from(address).expect("of IP");
    (taken, address.port())
}

#[test]
fn a_node_whose_clickhouse_is_away_is_ready_and_says_since_when() {
    let scratch = Scratch::new();
    let file = scratch.path().join("fengsui.toml");
    // Nobody listens there, nor can anybody: the port is taken, and stays so.
    let taken = taken_port();
    let port = taken.1;
    let section = format!(
        "[clickhouse]\nurl = \"http://127.0.0.1:{port}\"\npassword = \"nobody may see this\"\n"
    );
    std::fs::write(&file, section).expect("writable");
    let directory = scratch.path().join("node");
    let config = file.to_str().expect("a plain path");
    let node = Node::start_with(&directory, [0, 0], &["--config", config]);
    let system = Client::sign_in(node.web, "system");
    let copy = until("an attempt has failed", WAIT, || {
        let copy = system.get("/api/health").ok().body["copy"].clone();
        copy["failing_since"].is_string().then_some(copy)
    });
    assert_eq!(copy["answers"], false);
    let said = copy["last_error"].as_str().expect("why");
    assert!(said.starts_with("ClickHouse does not answer"), "{said}");
    assert!(report(&node, QINGSHI, 250.0, ANSWER_MS), "it stores on");
    until("it is behind", WAIT, || {
        let behind = system.get("/api/health").ok().body["copy"]["behind"].as_i64();
        behind.is_some_and(|behind| 0 < behind).then_some(())
    });
    // It is read out of the node's standard error by a thread of its own.
    let complaints = until("it is said", WAIT, || {
        Some(node.complaints()).filter(|it| it.contains("ClickHouse gets no readings"))
    });
    assert!(!complaints.contains("nobody may see this"), "{complaints}");
    let officer = Client::sign_in(node.web, OFFICER);
    assert_eq!(officer.get("/api/health").status, 403, "and who may not know is not told");
    node.stop();
}
