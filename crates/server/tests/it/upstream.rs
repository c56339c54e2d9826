//! A county's node that hands its readings on to the city's.

use std::collections::BTreeSet;
use std::time::Duration;

use base::Timestamp;
use host::town::Scratch;
use serde_json::{Value as Json, json};

use crate::all_doors::doors_of;
use crate::client::Client;
use crate::crash::{REPORTS, STATIONS, lines, simulate};
use crate::node::{Node, said};
use crate::patience::until;
use crate::town::{ENGINEER, HUADIAN, OFFICER};

const WAIT: Duration = Duration::from_secs(180);
const CODE: &str = "220282-county";
const KEY: &str = "nobody-may-see-this";

/// Station, point, milliseconds, bits of the value.
type Row = (String, String, i64, u64);

/// The stations of the simulator by one protocol.
fn stations(client: &Client, protocol: &str) -> Vec<Json> {
    let mut stations = client.all("/api/stations");
    stations
        .retain(|it| it["protocol"] == protocol && STATIONS.iter().any(|code| it["code"] == *code));
    stations
}

/// What a node serves of the stations of the simulator by one protocol.
fn served(client: &Client, protocol: &str, from: Timestamp, to: Timestamp) -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    for station in stations(client, protocol) {
        for sensor in station["sensors"].as_array().expect("sensors") {
            let id = sensor["id"].as_str().expect("an id");
            let path = format!("/api/sensors/{id}/readings?from={from}&to={to}");
            let record = client.get(&path).ok().body;
            let text = |of: &Json| of.as_str().expect("a text").to_owned();
            for point in record["points"].as_array().expect("points") {
                let time = point[0].as_i64().expect("ms");
                let value = point[1].as_f64().expect("a value").to_bits();
                rows.insert((text(&station["code"]), text(&sensor["element"]), time, value));
            }
        }
    }
    rows
}

/// Registers above the county, and the stations that it speaks for.
fn register(city: &Client, county: &Client) {
    let relay = json!({ "protocol": "json", "code": CODE, "name": "桦甸市平台", "class": "river",
        "region": HUADIAN, "period_s": 60, "elements": ["water_level"], "password": KEY });
    let relay = city.post("/api/stations", relay).ok().field("id");
    for station in stations(county, "sl651") {
        let sensors = station["sensors"].as_array().expect("sensors");
        let sensors: Vec<Json> = sensors
            .iter()
            .map(|it| json!({ "element": it["element"], "quantity": it["quantity"] }))
            .collect();
        let body = json!({ "protocol": "json", "code": station["code"], "name": station["name"],
            "class": "river", "region": HUADIAN, "period_s": 60, "sensors": sensors,
            "password": "good-for-the-station" });
        let above = city.post("/api/stations", body).ok().field("id");
        city.post(&format!("/api/stations/{above}/relay"), json!({ "relay": relay })).ok();
    }
}

#[test]
fn what_a_county_reads_is_in_the_city_value_by_value_though_both_are_killed() {
    let scratch = Scratch::new();
    let [of_county, of_city] = ["county", "city"].map(|name| scratch.path().join(name));
    let ledger = scratch.path().join("ledger.ndjson");
    let file = |name: &str, text: &str| {
        let path = scratch.path().join(name);
        std::fs::write(&path, text).expect("writable");
        path.to_str().expect("a plain path").to_owned()
    };
    let mut city = Node::start_with(&of_city, [0, 0], &["--origin", "city"]);
    let city_ports = [city.web.port(), city.sl651.port()];
    let doors = doors_of(&city);
    let above = file("city.toml", &doors);
    let devices = doors.lines().skip_while(|line| *line != "[devices]").nth(1).expect("open");
    let address = devices.trim_start_matches("listen = \"").trim_end_matches('"');
    let config = file(
        "county.toml",
        &format!(
            "[upstream]\nurl = \"http://{address}/ingest/json\"\ncode = \"{CODE}\"\n\
             key = \"{KEY}\"\norigin = \"city\"\n"
        ),
    );
    let begin =
        |ports| Node::start_with(&of_county, ports, &["--origin", "county", "--config", &config]);
    let mut county = begin([0, 0]);
    let ports = [county.web.port(), county.sl651.port()];
    // Nobody up there knows it yet, and that is said here.
    let system = Client::sign_in(county.web, "system");
    register(&Client::sign_in(city.web, ENGINEER), &Client::sign_in(county.web, OFFICER));

    let start = Timestamp::from_millis(host::world::wall_clock().as_millis() / 60_000 * 60_000)
        - base::Duration::from_hours(12);
    let mut simulated = simulate(&county, start, &ledger);
    let acknowledged = |count: u64| {
        until("more is acknowledged", WAIT, || (count <= lines(&ledger)).then_some(()));
    };
    acknowledged(150);
    county.kill();
    county = begin(ports);
    acknowledged(400);
    city.kill();
    acknowledged(600);
    city = Node::start_with(&of_city, city_ports, &["--origin", "city", "--config", &above]);
    until("the stations have told everything", WAIT, || simulated.try_wait().expect("it is ours"));
    let told = said(&simulated.wait_with_output().expect("it ended"));

    let whole = until("the city has everything", WAIT, || {
        let upstream = system.get("/api/health").ok().body["upstream"].clone();
        (upstream["behind"] == 0 && upstream["answers"] == true).then_some(upstream)
    });
    assert_eq!((&whole["rejected"], &whole["left_looped"]), (&json!(0), &json!(0)), "{whole}");
    let to = start + base::Duration::from_mins(i64::from(REPORTS));
    let here = served(&Client::sign_in(county.web, OFFICER), "sl651", start, to);
    let there = served(&Client::sign_in(city.web, OFFICER), "json", start, to);
    assert!(REPORTS as usize <= here.len(), "{} readings: {told:?}", here.len());
    assert!(here == there, "{} here, {} there", here.len(), there.len());
    assert!(!county.complaints().contains(KEY), "a key is in the log");
    let officer = Client::sign_in(county.web, OFFICER);
    assert_eq!(officer.get("/api/health").status, 403, "and who may not know is not told");
    let metrics = ureq::get(format!("http://{}/metrics", county.web)).call().expect("answers");
    let metrics = metrics.into_body().read_to_string().expect("is text");
    assert!(metrics.contains("\nfengsui_upstream_answers 1\n"), "{metrics}");
    county.stop();
    city.stop();
}
