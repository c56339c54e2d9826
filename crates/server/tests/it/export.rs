//! Readings taken along from a running node, as CSV and as Parquet.

use std::time::Duration;

use host::town::Scratch;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use serde_json::json;

use crate::client::Client;
use crate::node::Node;
use crate::patience::until;
use crate::town::{
    ANSWER_MS, HUADIAN, JIAOHE, OFFICER, OFFICER_OF_HUADIAN, QINGSHI, appoint, report,
};

const SPAN: &str = "from=2026-01-01T00:00:00Z&to=2036-01-01T00:00:00Z";

/// The bytes of an answer that must succeed, with its kind and its name.
fn bytes(client: &Client, path: &str) -> (Vec<u8>, String, String) {
    let url = format!("http://{}{path}", client.web);
    let answer = ureq::get(url).header("cookie", &client.cookie).call().expect("an answer");
    let header = |name: &str| {
        let value = answer.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (kind, name) = (header("content-type"), header("content-disposition"));
    (answer.into_body().read_to_vec().expect("whole"), kind, name)
}

#[test]
fn readings_are_taken_along_as_csv_and_parquet_by_whoever_may_read_them_and_the_trail_says_so() {
    let scratch = Scratch::new();
    let node = Node::start(&scratch.path().join("node"));
    for level in [250.25, 251.5, 252.75] {
        assert!(report(&node, QINGSHI, level, ANSWER_MS), "is acknowledged");
    }
    let officer = Client::sign_in(node.web, OFFICER);
    let stations = officer.all("/api/stations");
    let station = stations.iter().find(|it| it["code"] == QINGSHI).expect("is registered");
    let sensors: Vec<String> = station["sensors"]
        .as_array()
        .expect("sensors")
        .iter()
        .map(|sensor| sensor["id"].as_str().expect("an id").to_owned())
        .collect();

    // The same as the record of each sensor, one after the other.
    let mut expected = Vec::new();
    for sensor in &sensors {
        // Newest years in one answer: a sensor's record takes narrower spans.
        let latest = officer.get(&format!("/api/sensors/{sensor}/readings")).ok().body;
        for point in latest["points"].as_array().expect("points") {
            let (time, value) = (point[0].as_i64(), point[1].as_f64());
            expected.push((sensor.clone(), time.expect("ms"), value.expect("a value")));
        }
    }
    assert!(3 <= expected.len(), "{expected:?}");
    let from = expected.iter().map(|(_, time, _)| *time).min().expect("some");
    let from = base::Timestamp::from_millis(from);
    let to = from + base::Duration::from_hours(48);
    let asked = format!("/api/readings/export?sensors={}&from={from}&to={to}", sensors.join(","));
    let (csv, kind, name) = bytes(&officer, &asked);
    assert_eq!(kind, "text/csv; charset=utf-8");
    let day = &from.to_string()[..10];
    assert_eq!(name, format!("attachment; filename=\"readings-{day}.csv\""));
    let csv = String::from_utf8(csv).expect("is text");
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("sensor,time,value,grade,quality,received"));
    let rows: Vec<(String, i64, f64)> = lines
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            let time: base::Timestamp = fields[1].parse().expect("a time");
            (fields[0].to_owned(), time.as_millis(), fields[2].parse().expect("a number"))
        })
        .collect();
    assert_eq!(rows, expected);

    let (file, kind, name) = bytes(&officer, &format!("{asked}&format=parquet"));
    assert_eq!(kind, "application/vnd.apache.parquet");
    assert!(name.ends_with(".parquet\""), "{name}");
    let path = scratch.path().join("taken.parquet");
    std::fs::write(&path, file).expect("writable");
    let reader = SerializedFileReader::new(std::fs::File::open(&path).expect("is there"));
    let reader = reader.expect("is Parquet");
    let found = reader.get_row_iter(None).expect("has rows").map(|row| {
        let row = row.expect("reads");
        let fields: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
        match fields[..] {
            [Field::Str(sensor), Field::TimestampMillis(time), Field::Double(value), ..] => {
                (sensor.clone(), *time, *value)
            }
            ref other => panic!("{other:?}"),
        }
    });
    assert_eq!(found.collect::<Vec<_>>(), expected);

    // All of a region, and what was known before there was anything.
    let region = format!("/api/readings/export?regions={HUADIAN}&from={from}&to={to}");
    let all = officer.get(&region).ok().text;
    assert!(expected.len() < all.lines().count(), "{all}");
    let known = officer.get(&format!("{asked}&known=2026-01-01T00:00:00Z")).ok().text;
    assert_eq!(known.lines().count(), 1, "{known}");

    // Whoever may read there; elsewhere there is nothing to be found.
    let neighbour = appoint(&node, "chenshouye", &["observer".to_owned()], JIAOHE);
    assert_eq!(neighbour.get(&asked).refusal(), (404, "not-found"));
    assert_eq!(neighbour.get(&region).ok().text.lines().count(), 1);
    assert_eq!(Client::nobody(node.web).get(&asked).status, 401);
    let county = Client::sign_in(node.web, OFFICER_OF_HUADIAN);
    assert_eq!(county.get(&asked).ok().text, csv);

    // In a look into the past, what was known then; the trail of the node says it.
    let controller = appoint(&node, "yanlidao", &["drill_controller".to_owned()], "220000");
    // Of punctual readings the second of arrival is kept, rounded up.
    let arrivals = csv.lines().skip(1).filter_map(|line| line.rsplit(',').next()?.parse().ok());
    let newest: base::Timestamp = arrivals.max().expect("there are readings");
    let over = || (newest <= host::world::wall_clock()).then_some(());
    until("the second in which they came is over", Duration::from_secs(60), over);
    let until = host::world::wall_clock().to_string();
    let look = json!({ "name": "look", "kind": "past", "until": until });
    controller.post("/api/worlds", look).ok();
    let past = officer.get(&asked.replacen("/api/", "/api/worlds/look/", 1)).ok();
    assert_eq!(past.text, csv);

    // Asked for wrongly.
    let one = &sensors[0];
    for (query, field) in [
        (format!("sensors={one}&from={from}&to={from}"), "to"),
        (SPAN.to_owned(), "sensors"),
        (format!("sensors={one}&regions={HUADIAN}&{SPAN}"), "sensors"),
        (format!("sensors=x&{SPAN}"), "sensors"),
        (format!("regions=22x&{SPAN}"), "regions"),
        (format!("regions=220000&{SPAN}"), "from"),
    ] {
        let answer = officer.get(&format!("/api/readings/export?{query}"));
        assert_eq!(answer.status, 422, "{query}: {}", answer.text);
        assert_eq!(answer.body["field"], json!(field), "{query}: {}", answer.text);
    }
    let unknown = officer.get(&format!("{asked}&format=xlsx"));
    assert_eq!(unknown.status, 422, "{}", unknown.text);

    let auditor = Client::sign_in(node.web, "audit");
    let notes = auditor.all("/api/trail");
    let taken: Vec<_> = notes.iter().filter(|it| it["kind"] == "reading.exported").collect();
    // CSV, Parquet, the region, what was known; the neighbour's empty one; the county's;
    // and the look into the past.
    assert_eq!(taken.len(), 7, "{taken:?}");
    assert!(taken.iter().any(|note| note.to_string().contains("parquet")), "{taken:?}");
    node.stop();
}
