//! Senders' own clocks: measured by what they say, told where they are too far off.

use base::Duration;
use serde_json::{Value as Json, json};
use wire::sl651::{Content, Function};

use super::gateways::{self, Enterprise, closed};
use super::town::{QINGSHI, Valley, level, text};

/// The clock of a station once it is as wanted.
async fn clock(valley: &Valley, path: &str, wanted: impl Fn(&Json) -> bool) -> Json {
    valley.until("桦甸", path, |view| wanted(&view["clock"])).await["clock"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_ahead_is_told_beside_the_readings_that_are_of_the_future_by_it() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z"]).await;
    let path = format!("/api/stations/{}", text(&station["id"]));
    let mut device = valley.device(QINGSHI).await;
    let ahead = Duration::from_mins(12);
    for (serial, minute) in [(1, "08:00"), (2, "08:05")] {
        valley.town.at(minute);
        let frame = device.report(serial, valley.now() + ahead, &[level(264_000)]);
        device.send(&frame).await;
        assert_eq!(device.acknowledged().await, serial);
    }
    let heard = |view: &Json| view["last_contact"] == json!(valley.now());
    let early = valley.until("桦甸", &path, heard).await;
    assert_eq!(early["clock"], Json::Null, "two minutes are too few to say anything");

    valley.town.at("08:10");
    let frame = device.report(3, valley.now() + ahead, &[level(264_000)]);
    device.send(&frame).await;
    assert_eq!(device.acknowledged().await, 3);
    let measured = valley.now();
    let told = clock(&valley, &path, |clock| clock.is_object()).await;
    let expected = json!({ "ahead_ms": 720_000, "measured_at": measured, "limit_s": 300,
        "limit_source": "sl651_4a", "is_off": true });
    assert_eq!(told, expected);
    let counted = |page: &Json| page["items"][0]["future_last_hour"] == 3;
    let board = valley.until("桦甸", "/api/sources", counted).await;
    assert_eq!(board["items"][0]["clock"], expected, "the board says the same");

    // What was kept back for hours, and many of them at once, is no clock.
    valley.town.at("08:15");
    for serial in 4..=20 {
        let old = valley.now() - Duration::from_mins(10 * i64::from(serial));
        let frame = device.report(serial, old, &[level(263_000)]);
        device.send(&frame).await;
        assert_eq!(device.acknowledged().await, serial);
    }
    let seen = valley.now();
    let told = clock(&valley, &path, |clock| clock["measured_at"] == json!(seen)).await;
    assert_eq!(told["ahead_ms"], 720_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_heartbeat_tells_the_clock_as_well_and_one_that_is_right_is_not_off() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z"]).await;
    let path = format!("/api/stations/{}", text(&station["id"]));
    let mut device = valley.device(QINGSHI).await;
    for (serial, minute) in [(1, "08:00"), (2, "08:01"), (3, "08:02")] {
        valley.town.at(minute);
        let sent = valley.now() - Duration::from_secs(2);
        let beat = device.frame(Function::HEARTBEAT, serial, sent, Content::Bare);
        device.send(&beat).await;
        // Nobody answers a heartbeat, so its minute goes when it was counted.
        let counted = || valley.gateway.counts().stored == u64::from(serial);
        super::town::until("it is taken", counted).await;
    }
    let told = clock(&valley, &path, |clock| clock.is_object()).await;
    assert_eq!((&told["ahead_ms"], &told["is_off"]), (&json!(-2_000), &json!(false)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_tells_its_clock_by_what_it_reports_and_not_by_what_it_catches_up() {
    let plant = Enterprise::new().await;
    let valley = &plant.valley;
    let mut line = plant.connect().await;
    let behind = Duration::from_mins(6);
    let minutes = [("08:00", ""), ("08:01", ""), ("08:02", ""), ("08:03", CAUGHT_UP)];
    for (minute, members) in minutes {
        valley.town.at(minute);
        let late = if members.is_empty() { behind } else { Duration::from_hours(3) };
        let plain = gateways::plain(gateways::CODE, plant.now() - late, "9000", members);
        line.send(&closed(minute, gateways::KEY, &plain)).await;
        assert_eq!(line.told().await, (true, minute.to_owned()));
    }
    let told = clock(valley, &plant.path, |clock| clock.is_object()).await;
    assert_eq!((&told["ahead_ms"], &told["is_off"]), (&json!(-360_000), &json!(true)));
    assert_eq!(told["limit_source"], "default");
    let third = valley.now() - Duration::from_mins(1);
    assert_eq!(told["measured_at"], json!(third), "what is caught up says nothing of it");
}

const CAUGHT_UP: &str = r#""reportType":"continues","#;
