//! From a device's bytes to the screens of those who watch.

use std::sync::{Arc, Condvar, Mutex};

use base::Duration;
use host::live::LiveMessage;
use serde_json::json;
use wire::sl651::{Content, Decimal, Element, Function};

use super::town::{QINGSHI, Valley, by_name, level, quick, report, sensor, text, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_stored_acknowledged_with_its_serial_and_shown() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z", "PJ", "VT"]).await;
    assert_eq!(station["status"], "never");
    let mut device = valley.device(QINGSHI).await;
    let rain = Element::number(0x20, Decimal::new(125, 1)).expect("PJ");
    let power = Element::number(0x38, Decimal::new(1265, 2)).expect("VT");
    let frame = device.report(280, valley.now(), &[rain, level(264_060), power]);
    device.send(&frame).await;
    assert_eq!(device.acknowledged().await, 280);

    assert_eq!(valley.points(sensor(&station, "Z")).await, [(0, 264.06)]);
    assert_eq!(valley.points(sensor(&station, "PJ")).await, [(0, 12.5)]);
    assert_eq!(valley.points(sensor(&station, "VT")).await, [(0, 12.65)]);

    let path = format!("/api/stations/{}/frames", text(&station["id"]));
    let frames = valley.until("桦甸", &path, |page| page["items"][0].is_object()).await;
    let kept = &frames["items"][0];
    assert_eq!(kept["hex"], hex::encode_upper(&frame));
    assert_eq!((&kept["outcome"], &kept["reason"]), (&json!("stored"), &json!(null)));
    assert!(kept["acknowledged_ms"].is_i64());
    let spans = kept["spans"].as_array().expect("spans");
    let end = spans.iter().fold(0, |end, span| {
        assert_eq!(span["start"], end, "spans leave no byte out");
        end + span["len"].as_u64().expect("bytes")
    });
    assert_eq!(end, frame.len() as u64);
    assert!(spans.iter().any(|span| span["name"] == "checksum"));

    let path = format!("/api/stations/{}", text(&station["id"]));
    let seen = valley.until("桦甸", &path, |station| station["status"] == "online").await;
    assert_eq!(seen["sensors"][0]["latest"]["value"], 264.06);
    assert_eq!(seen["sensors"][0]["latest"]["time"], valley.now().to_string());
    assert_eq!(seen["omissions"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_acknowledged_before_bytes_and_readings_are_on_disk() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z"]).await;
    let mut device = valley.device(QINGSHI).await;
    let frame = device.report(1, valley.now(), &[level(264_060)]);

    // The series calls its taps when a batch is on disk and not yet answered.
    let gate = Arc::new((Mutex::new((0, false)), Condvar::new()));
    let tapped = Arc::clone(&gate);
    valley.town.world.series().tap(Box::new(move |_| {
        let (state, changed) = &*tapped;
        let mut state = state.lock().expect("no holder panics");
        state.0 += 1;
        while !state.1 {
            state = changed.wait(state).expect("no holder panics");
        }
    }));
    device.send(&frame).await;
    until("the reading is on disk", || gate.0.lock().expect("no holder panics").0 == 1).await;

    let id = text(&station["id"]).parse().expect("an id");
    let kept = valley.town.world.documents().recent(id, 9);
    assert_eq!(kept.len(), 1, "the bytes were kept before the reading");
    let bytes = valley.town.world.documents().read(&kept[0].1).expect("they are there");
    assert_eq!(bytes, frame);
    let nothing = device.stream.try_read(&mut [0; 64]).expect_err("no acknowledgement yet");
    assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);

    gate.0.lock().expect("no holder panics").1 = true;
    gate.1.notify_all();
    assert_eq!(device.acknowledged().await, 1);
    let (frame_id, received) = (id.into(), kept[0].0);
    let found = crate::station::frame_of(&valley.town.world, frame_id, received);
    assert_eq!(found.as_ref(), Some(&kept[0].1), "a reading finds its frame");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_falls_silent_is_seen_and_heartbeats_keep_it_alive() {
    let valley = Valley::new().await;
    valley.qingshi(&["Z"]).await;
    let mut device = valley.device(QINGSHI).await;
    // Observation times are whole minutes.
    let observed = valley.now() - Duration::from_mins(1);
    report(&mut device, 1, observed, 264_000).await;
    let heard = |page: &serde_json::Value| {
        page["items"][0]["last_contact"].is_string() && page["items"][0]["received_last_hour"] == 1
    };
    let page = valley.until("桦甸", "/api/sources", heard).await;
    let source = &by_name(&page)["青石湾水文站"];
    assert_eq!(source["expected_per_min"], 0.2);
    assert_eq!((&source["delay_ms"], &source["silence_s"]), (&json!(60_000), &json!(null)));

    valley.town.at("08:10");
    let page = valley.get("桦甸", "/api/sources").await;
    let source = &page["items"][0];
    assert_eq!((&source["status"], &source["silence_s"]), (&json!("stale"), &json!(600)));
    valley.town.at("08:16");
    let page = valley.get("桦甸", "/api/sources").await;
    assert_eq!(page["items"][0]["status"], "silent");

    let heartbeat = device.frame(Function::HEARTBEAT, 1, valley.now(), Content::Bare);
    device.send(&heartbeat).await;
    let online = |page: &serde_json::Value| {
        page["items"][0]["status"] == "online" && page["items"][0]["received_last_hour"] == 2
    };
    let page = valley.until("桦甸", "/api/sources", online).await;
    assert_eq!(page["items"][0]["delay_ms"], 60_000, "a heartbeat says nothing of delay");
    let nothing = device.stream.try_read(&mut [0; 64]).expect_err("a heartbeat is not answered");
    assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_live_screens_get_what_is_new_and_only_that() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z", "VT"]).await;
    let mut live = valley.town.world.live().resume(0, 0).receiver;
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 264_060).await;
    let items = loop {
        let waited = tokio::time::timeout(std::time::Duration::from_secs(120), live.recv()).await;
        let message = waited.expect("in time").expect("the world is open");
        if let LiveMessage::Readings { seen_with, items, .. } = &*message {
            assert_eq!(*seen_with, crate::station::READ);
            break items.clone();
        }
    };
    let (home, item) = &items[0];
    let region = home.region.as_ref().expect("one");
    let item: serde_json::Value = serde_json::from_str(item).expect("JSON");
    let expected = json!([
        station["id"],
        sensor(&station, "Z"),
        "water_level",
        valley.now().as_millis(),
        264.06,
        0,
    ]);
    assert_eq!((items.len(), region.as_str(), &item), (1, "220282", &expected));
    let latest = valley.get("桦甸", "/api/readings/latest").await;
    assert_eq!(latest, json!([expected]));
    assert_eq!(valley.get("磐石", "/api/readings/latest").await, json!([]));
    let there = valley.get("段工", "/api/readings/latest?regions=220284").await;
    assert_eq!(there, json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_the_gateway_sends_what_is_owed_and_writes_what_was_counted() {
    let mut limits = quick();
    // A disk that stands still meanwhile is another story.
    limits.door.farewell = std::time::Duration::from_secs(60);
    let valley = Valley::with(limits).await;
    let station = valley.qingshi(&["Z"]).await;
    let mut device = valley.device(QINGSHI).await;
    let frames: Vec<u8> = (1..=50)
        .flat_map(|serial| {
            let observed = valley.now() - Duration::from_mins(i64::from(serial));
            device.report(serial, observed, &[level(264_000)])
        })
        .collect();
    device.send(&frames).await;
    until("all frames were read", || valley.gateway.counts().delivered == 50).await;
    let Valley { gateway, town } = valley;
    gateway.close().await;
    for serial in 1..=50 {
        assert_eq!(device.acknowledged().await, serial);
    }
    assert!(!device.hung_up().await, "and nothing more");
    let page = town.get("桦甸", "/api/sources").await.body;
    assert_eq!(page["items"][0]["received_last_hour"], 50);
    let path = format!("/api/stations/{}/frames?limit=64", text(&station["id"]));
    let frames = town.get("桦甸", &path).await.body;
    assert_eq!(frames["items"].as_array().expect("frames").len(), 50);
}
