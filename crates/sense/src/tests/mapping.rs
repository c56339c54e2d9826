//! What a message means here: points that nobody mapped, mappings that are mended, and
//! the keys by which messages are known.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};
use wire::sl651::{Decimal, Element};

use super::town::{QINGSHI, Valley, details, level, report, sensor, text, until};

/// Supply voltage in hundredths of a volt.
fn voltage(hundredths: i64) -> Element {
    Element::number(0x38, Decimal::new(hundredths, 2)).expect("VT has two decimals")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_before_its_point_was_mapped_is_read_when_it_is() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z"]).await;
    let path = format!("/api/stations/{}", text(&station["id"]));
    let mut device = valley.device(QINGSHI).await;
    let frame = device.report(1, valley.now(), &[level(261_500), voltage(1_312)]);
    device.send(&frame).await;
    assert_eq!(device.acknowledged().await, 1, "what is known of it is stored");
    let points = format!("{path}/points");
    let unmapped = |page: &Json| page["items"][0]["element"] == "VT";
    let page = valley.until("桦甸", &points, unmapped).await;
    let point = &page["items"][0];
    assert_eq!((&point["quantity"], &point["sensor"]), (&json!("voltage"), &Json::Null));
    assert_eq!(point["last_value"], "13.12");
    valley.until("桦甸", &format!("{path}/held"), |held| held["frames"] == 1).await;

    let edit = json!({ "add_elements": ["VT"] });
    let edited = valley.town.post("桦甸", &format!("{path}/edit"), edit).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.body);
    valley.until("桦甸", &format!("{path}/held"), |held| held["frames"] == 0).await;
    // The device has sent it once.
    let id = sensor(&edited.body, "VT").clone();
    let record = format!("/api/sensors/{}", text(&id));
    let read = valley.until("桦甸", &path, |view| latest(view, "VT").is_some()).await;
    assert_eq!(latest(&read, "VT"), Some(13.12), "{record}");
    assert_eq!(valley.town.world.series().counts().held, 2, "and the level once");
}

fn latest(view: &Json, element: &str) -> Option<f64> {
    let sensors = view["sensors"].as_array().expect("sensors");
    let found = sensors.iter().find(|sensor| sensor["element"] == element)?;
    found["latest"]["value"].as_f64()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mended_mapping_makes_readings_anew_and_the_old_ones_stay_as_superseded() {
    let valley = Valley::new().await;
    let mut body = details("青石湾水文站", "220282", &[]);
    body["sensors"] = json!([{ "element": "Z", "factor": 0.001, "high": 300.0 }]);
    let station = valley.register("段工", QINGSHI, body).await;
    let path = format!("/api/stations/{}", text(&station["id"]));
    let id = sensor(&station, "Z").clone();
    let mut device = valley.device(QINGSHI).await;
    let at = valley.now();
    report(&mut device, 1, at, 261_500).await;
    let wrong = valley.until("桦甸", &path, |view| latest(view, "Z").is_some()).await;
    assert!((latest(&wrong, "Z").expect("a value") - 0.2615).abs() < 1e-12);

    let mend = json!({ "mend_sensors": [{ "sensor": id, "factor": 1.0 }] });
    let mended = valley.town.post("桦甸", &format!("{path}/edit"), mend).await;
    assert_eq!(mended.body["sensors"][0]["mapping"]["factor"], 1.0, "{}", mended.body);
    assert_eq!(mended.body["sensors"][0]["mapping"]["high"], 300.0, "what is not said stays");
    let replay = format!("{path}/replay");
    let since = json!({ "since": at });
    assert_eq!(valley.town.post("磐石", &replay, since.clone()).await.status, 404);
    assert_eq!(valley.town.post("桦甸", &replay, since).await.status, StatusCode::OK);
    valley.until("桦甸", &path, |view| latest(view, "Z") == Some(261.5)).await;
    let series = valley.town.world.series().clone();
    let number = series.series_of(text(&id).parse().expect("an id")).expect("registered");
    let day = base::Duration::from_hours(24);
    let superseded = series.superseded(number, at - day, at + day).expect("reads");
    assert_eq!(superseded.len(), 1, "what was served is still there to be seen");

    // A bound that is `null` is none any more.
    let emptied = json!({ "mend_sensors": [{ "sensor": id, "high": null }] });
    let emptied = valley.town.post("桦甸", &format!("{path}/edit"), emptied).await;
    assert!(emptied.body["sensors"][0]["mapping"]["high"].is_null(), "{}", emptied.body);
    assert_eq!(emptied.body["sensors"][0]["mapping"]["factor"], 1.0, "what is not said stays");
    let bounded = json!({ "mend_sensors": [{ "sensor": id, "high": 300.0 }] });
    let bounded = valley.town.post("桦甸", &format!("{path}/edit"), bounded).await;
    assert_eq!(bounded.body["sensors"][0]["mapping"]["high"], 300.0, "{}", bounded.body);

    // What cannot be measured is kept and doubted.
    report(&mut device, 2, at + base::Duration::from_mins(5), 300_001).await;
    let view = valley.until("桦甸", &path, |view| latest(view, "Z") == Some(300.001)).await;
    let quality = view["sensors"][0]["latest"]["quality"].as_u64().expect("a byte");
    let quality = base::Quality(u8::try_from(quality).expect("a byte"));
    assert_eq!(quality, base::Quality::GOOD.doubted(base::Quality::BY_CHECK));
    assert!(quality.is_judged(), "it may be the very thing to warn of");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retired_sensor_takes_no_more_and_its_element_may_be_measured_otherwise() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z"]).await;
    let path = format!("/api/stations/{}", text(&station["id"]));
    let edit = format!("{path}/edit");
    let first = sensor(&station, "Z").clone();
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 261_500).await;
    let again = valley.town.post("桦甸", &edit, json!({ "add_elements": ["Z"] })).await;
    assert_eq!((again.status.as_u16(), &again.body["code"]), (409, &json!("element-taken")));
    let swap = json!({
        "retire_sensors": [first],
        "add_sensors": [{ "element": "Z", "shift": 0.25, "name": "右岸" }],
    });
    let swapped = valley.town.post("桦甸", &edit, swap).await;
    assert_eq!(swapped.status, StatusCode::OK, "{}", swapped.body);
    let sensors = swapped.body["sensors"].as_array().expect("sensors");
    assert_eq!(sensors.len(), 2, "its record stays");
    assert!(sensors[0]["retired_at"].is_string() && sensors[1]["retired_at"].is_null());
    assert_eq!(sensors[1]["mapping"]["name"], "右岸");
    let twice = valley.town.post("桦甸", &edit, json!({ "retire_sensors": [first] })).await;
    assert_eq!((twice.status.as_u16(), &twice.body["code"]), (409, &json!("sensor-retired")));
    report(&mut device, 2, valley.now() + base::Duration::from_mins(5), 262_000).await;
    let read = |view: &Json| view["sensors"][1]["latest"]["value"] == 262.25;
    let view = valley.until("桦甸", &path, read).await;
    assert_eq!(view["sensors"][0]["latest"]["value"], 261.5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotated_key_leaves_the_old_one_good_for_a_while_and_an_ended_one_is_over() {
    let valley = Valley::new().await;
    let mut body = details("青石湾水文站", "220282", &["Z"]);
    body["password"] = json!("A1B2");
    let station = valley.register("段工", QINGSHI, body).await;
    let keys = format!("/api/stations/{}/keys", text(&station["id"]));
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 261_500).await;

    assert_eq!(valley.town.get("磐石", &keys).await.status, 404);
    let issued = valley.town.post("桦甸", &keys, json!({ "key": "c0de", "overlap_h": 1 })).await;
    assert_eq!(issued.status, StatusCode::CREATED, "{}", issued.body);
    assert!(!issued.body.to_string().contains("C0DE"), "no answer that is kept holds it");
    let again = valley.town.post("桦甸", &keys, json!({ "key": "C0DE" })).await;
    assert_eq!((again.status.as_u16(), &again.body["code"]), (409, &json!("key-used")));
    let secret = format!("{keys}/{}/secret", text(&issued.body["id"]));
    assert_eq!(valley.town.get("磐石", &secret).await.status, 404);
    assert_eq!(valley.get("桦甸", &secret).await, json!({ "key": "C0DE" }));
    let noted =
        valley.town.world.read_now(|db| Ok(host::log::after(db, host::log::Book::Trail, 0, 100)?));
    let kinds: Vec<String> =
        noted.expect("reads").into_iter().map(|entry| entry.header.kind).collect();
    assert!(kinds.contains(&"station.key_read".to_owned()), "{kinds:?}");

    // Both are good within the hour.
    report(&mut device, 2, valley.now(), 261_510).await;
    device.password = 0xC0DE;
    report(&mut device, 3, valley.now(), 261_520).await;
    valley.town.world.clock().set(valley.now() + base::Duration::from_mins(61));
    report(&mut device, 4, valley.now(), 261_530).await;
    device.password = 0xA1B2;
    let before = valley.gateway.counts().refused;
    let frame = device.report(5, valley.now(), &[level(261_540)]);
    device.send(&frame).await;
    until("the old key is refused", || before < valley.gateway.counts().refused).await;

    let end = format!("{keys}/{}/end", text(&issued.body["id"]));
    assert_eq!(valley.town.post("磐石", &end, json!({})).await.status, 404);
    let ended = valley.town.post("桦甸", &end, json!({})).await;
    assert_eq!((ended.status, &ended.body["good"]), (StatusCode::OK, &json!(false)));
    // A station whose keys have all ended is not one without.
    device.password = 0xC0DE;
    let before = valley.gateway.counts().refused;
    let frame = device.report(6, valley.now(), &[level(261_550)]);
    device.send(&frame).await;
    until("no key is good", || before < valley.gateway.counts().refused).await;
    let listed = valley.get("桦甸", &keys).await;
    let good: Vec<&Json> =
        listed["items"].as_array().expect("keys").iter().map(|it| &it["good"]).collect();
    assert_eq!(good, [&json!(false), &json!(false)]);
}
