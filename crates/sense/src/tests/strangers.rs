//! Devices that nobody has registered, and who may let them in.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};
use wire::sl651::{Block, Content, Function, Section, StationClass};

use super::town::{HUADIAN, PANSHI, QINGSHI, Valley, details, level, report, sensor, text, until};

fn waits(page: &Json) -> bool {
    page["items"][0].is_object()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_waits_is_admitted_by_a_person_and_its_next_frame_is_stored() {
    let valley = Valley::new().await;
    let mut device = valley.device(QINGSHI).await;
    let frame = device.report(1, valley.now(), &[level(264_060)]);
    device.send(&frame).await;
    device.send(&frame).await;
    let twice = |page: &Json| page["items"][0]["frames"] == 2;
    let page = valley.until("桦甸", "/api/waiting-room", twice).await;
    let stranger = &page["items"][0];
    assert_eq!(stranger["claimed_code"], QINGSHI);
    assert_eq!(stranger["last_hex"], hex::encode_upper(&frame));
    assert_eq!(stranger["state"], "waiting");
    let nothing = device.stream.try_read(&mut [0; 64]).expect_err("not acknowledged");
    assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);

    let path = format!("/api/waiting-room/{}/admit", text(&stranger["id"]));
    let body = details("青石湾水文站", HUADIAN, &["Z"]);
    let answer = valley.town.post("桦甸", &path, body.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.body);
    let station = answer.body;
    assert_eq!(station["code"], QINGSHI);
    assert_eq!(valley.get("桦甸", "/api/waiting-room").await["items"], json!([]));
    let again = valley.town.post("桦甸", &path, body).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);

    device.send(&frame).await;
    assert_eq!(device.acknowledged().await, 1, "the station had kept its report");
    assert_eq!(valley.points(sensor(&station, "Z")).await, [(0, 264.06)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_device_stays_refused_and_counted_until_somebody_admits_it() {
    let valley = Valley::new().await;
    let mut device = valley.device(QINGSHI).await;
    let frame = device.report(1, valley.now(), &[level(264_060)]);
    device.send(&frame).await;
    let page = valley.until("桦甸", "/api/waiting-room", waits).await;
    let path = format!("/api/waiting-room/{}", text(&page["items"][0]["id"]));
    let refuse = format!("{path}/refuse");
    let reason = json!({ "reason": "非本局设备" });
    let answer = valley.town.post("桦甸", &refuse, json!({ "reason": "  " })).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = valley.town.post("桦甸", &refuse, reason.clone()).await;
    assert_eq!((answer.status, &answer.body["state"]), (StatusCode::OK, &json!("refused")));
    let answer = valley.town.post("桦甸", &refuse, reason).await;
    assert_eq!(answer.body["code"], "already-refused");
    device.send(&frame).await;
    let counted = |page: &Json| page["items"][0]["frames"] == 2;
    let page = valley.until("桦甸", "/api/waiting-room", counted).await;
    assert_eq!(page["items"][0]["state"], "refused");
    let body = details("青石湾水文站", HUADIAN, &["Z"]);
    let answer = valley.town.post("桦甸", &format!("{path}/admit"), body).await;
    assert_eq!(answer.status, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_whose_address_names_a_county_is_seen_there_and_nowhere_else() {
    let valley = Valley::new().await;
    let mut device = valley.device("220284000035").await;
    let frame = device.report(1, valley.now(), &[level(200_000)]);
    device.send(&frame).await;
    let page = valley.until("磐石", "/api/waiting-room", waits).await;
    assert_eq!(page["items"][0]["region"], PANSHI);
    assert_eq!(valley.get("桦甸", "/api/waiting-room").await["items"], json!([]));
    let path = format!("/api/waiting-room/{}/admit", text(&page["items"][0]["id"]));
    let stolen = valley.town.post("桦甸", &path, details("站", HUADIAN, &["Z"])).await;
    assert_eq!(stolen.status, StatusCode::NOT_FOUND);
    let elsewhere = valley.town.post("磐石", &path, details("站", HUADIAN, &["Z"])).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "into a region that is not theirs");
    let own = valley.town.post("磐石", &path, details("站", PANSHI, &["Z"])).await;
    assert_eq!(own.status, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_speaks_for_stations_known_and_unknown() {
    let valley = Valley::new().await;
    let relay = valley.register("段工", "220282060001", details("中继", HUADIAN, &["VT"])).await;
    let station = valley.qingshi(&["Z"]).await;
    let mut device = valley.device("220282060001").await;
    let now = valley.now();
    let section = |code: &str, millimetres| Section {
        station: Some(code.parse().expect("an address")),
        class: Some(StationClass::RIVER),
        blocks: vec![Block {
            observed: Some(now),
            elements: vec![level(millimetres)],
            ..Block::default()
        }],
    };
    let content = Content::Report(vec![section(QINGSHI, 264_060), section("0010820599", 200_000)]);
    let frame = device.frame(Function::TIMED, 1, now, content);
    device.send(&frame).await;
    assert_eq!(device.acknowledged().await, 1);
    assert_eq!(valley.points(sensor(&station, "Z")).await, [(0, 264.06)]);
    let page = valley.until("桦甸", "/api/waiting-room", waits).await;
    assert_eq!(page["items"][0]["claimed_code"], "0010820599");
    for id in [&relay["id"], &station["id"]] {
        let path = format!("/api/stations/{}", text(id));
        valley.until("桦甸", &path, |station| station["status"] == "online").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_of_strangers_is_bounded_and_harms_nobody() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z"]).await;
    let mut crowd = valley.device(QINGSHI).await;
    let mut sent = 0;
    for number in 0..1_500_u32 {
        crowd.address = format!("10{number:06}").parse().expect("eight digits");
        let frame = crowd.report(1, valley.now(), &[level(200_000)]);
        crowd.send(&frame).await;
        sent += 1;
    }
    until("all were turned away", || valley.gateway.counts().refused == sent).await;
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 264_060).await;
    assert_eq!(valley.points(sensor(&station, "Z")).await, [(0, 264.06)]);
    let intake = valley.gateway.intake().clone();
    tokio::task::spawn_blocking(move || intake.write_now()).await.expect("ran").expect("written");
    let full = |page: &Json| page["items"].as_array().is_some_and(|items| items.len() == 200);
    let page = valley.until("桦甸", "/api/waiting-room?limit=200", full).await;
    assert!(page["next"].is_string());
}
