//! What a line does to frames: cuts, joins, breaks, repeats, and clocks that are wrong.

use base::{Duration, Timestamp};
use serde_json::{Value as Json, json};
use wire::sl651::{Decimal, Element, Function, crc16};

use super::town::{
    Device, QINGSHI, Valley, by_name, details, impatient, level, report, sensor, text, until,
};

async fn valley() -> (Valley, Json, Device) {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z"]).await;
    let device = valley.device(QINGSHI).await;
    (valley, station, device)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_in_three_pieces_and_two_in_one_are_three_frames() {
    let (valley, station, mut device) = valley().await;
    let minute = |minutes| valley.now() - Duration::from_mins(minutes);
    let frame = device.report(1, minute(20), &[level(263_000)]);
    for (start, end) in [(0, 5), (5, 30)] {
        device.send(&frame[start..end]).await;
        // Read on its own: what was read so far is in flight.
        let read = || valley.gateway.intake().bytes_in_flight() == end;
        until("the piece was read", read).await;
    }
    device.send(&frame[30..]).await;
    assert_eq!(device.acknowledged().await, 1);
    let two = [
        device.report(2, minute(10), &[level(263_100)]),
        device.report(3, minute(0), &[level(263_200)]),
    ];
    device.send(&two.concat()).await;
    assert_eq!((device.acknowledged().await, device.acknowledged().await), (2, 3));
    let points = valley.points(sensor(&station, "Z")).await;
    assert_eq!(points, [(-20, 263.0), (-10, 263.1), (0, 263.2)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_frame_is_kept_as_evidence_and_the_next_one_is_read() {
    let (valley, station, mut device) = valley().await;
    let mut broken = device.report(1, valley.now(), &[level(264_060)]);
    broken[40] ^= 0x10;
    let good = device.report(2, valley.now(), &[level(264_070)]);
    device.send(&[broken.clone(), good].concat()).await;
    assert_eq!(device.acknowledged().await, 2, "what is broken is not acknowledged");
    assert_eq!(valley.points(sensor(&station, "Z")).await, [(0, 264.07)]);
    let there = |page: &Json| page["items"][0].is_object();
    let rejects = valley.until("桦甸", "/api/rejects", there).await;
    let reject = &rejects["items"][0];
    assert_eq!(reject["hex"], hex::encode_upper(&broken));
    assert!(text(&reject["reason"]).contains("checksum"), "{}", reject["reason"]);
    assert_eq!(reject["station"], station["id"]);
    assert_eq!(valley.get("磐石", "/api/rejects").await["items"], json!([]));
    let counted = |page: &Json| by_name(page)["青石湾水文站"]["rejects_last_hour"] == 1;
    valley.until("桦甸", "/api/sources", counted).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lying_length_swallows_nothing() {
    let valley = Valley::with(impatient()).await;
    let station = valley.qingshi(&["Z"]).await;
    let mut device = valley.device(QINGSHI).await;
    let mut lying = device.report(1, valley.now(), &[level(264_060)]);
    lying[11..13].copy_from_slice(&[0x0F, 0xFF]);
    let good = device.report(2, valley.now(), &[level(264_070)]);
    device.send(&[lying, good].concat()).await;
    assert_eq!(device.acknowledged().await, 2, "found once the length was not kept");
    assert_eq!(valley.points(sensor(&station, "Z")).await, [(0, 264.07)]);
    let stalled = |page: &Json| {
        let items = page["items"].as_array().expect("items");
        items.iter().any(|item| text(&item["reason"]).contains("not completed in time"))
    };
    valley.until("桦甸", "/api/rejects", stalled).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_that_nobody_knows_is_kept_and_says_nothing() {
    let (valley, station, mut device) = valley().await;
    let body = [&[0, 9][..], &[0x26, 0x08, 0x03, 0x08, 0, 0], b"vendor's own"].concat();
    let frame = device.bytes(Function(0xE1), body);
    device.send(&frame).await;
    let answer = device.hear().await;
    assert_eq!((answer.function, answer.serial()), (Function(0xE1), Some(9)));
    assert_eq!(valley.points(sensor(&station, "Z")).await, []);
    let path = format!("/api/stations/{}/frames", text(&station["id"]));
    let frames = valley.until("桦甸", &path, |page| page["items"][0].is_object()).await;
    assert_eq!(frames["items"][0]["hex"], hex::encode_upper(&frame));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_does_not_read_is_refused_with_the_place() {
    let (valley, station, mut device) = valley().await;
    let mut frame = device.report(1, valley.now(), &[level(264_060)]);
    // The month of the observation time; the check is made good again.
    let at = frame.windows(2).position(|pair| pair == [0xF0, 0xF0]).expect("a time") + 3;
    frame[at] = 0x13;
    let end = frame.len() - 2;
    let check = crc16(&frame[..end]).to_be_bytes();
    frame[end..].copy_from_slice(&check);
    let good = device.report(2, valley.now(), &[level(264_070)]);
    device.send(&[frame, good].concat()).await;
    assert_eq!(device.acknowledged().await, 2);
    let there = |page: &Json| page["items"][0].is_object();
    let rejects = valley.until("桦甸", "/api/rejects", there).await;
    let offset = rejects["items"][0]["offset"].as_u64().expect("the place is known") as usize;
    assert!((at - 1..=at).contains(&offset), "{offset} is near {at}");
    let path = format!("/api/stations/{}/frames", text(&station["id"]));
    let two = |page: &Json| page["items"][1].is_object();
    let frames = valley.until("桦甸", &path, two).await;
    let refused = &frames["items"].as_array().expect("frames").iter();
    let refused = refused.clone().find(|frame| frame["outcome"] == "refused").expect("one");
    assert!(text(&refused["reason"]).contains("does not read"));
    assert_eq!(refused["acknowledged_ms"], json!(null));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_frame_again_is_acknowledged_again_and_stored_once() {
    let (valley, station, mut device) = valley().await;
    let frame = device.report(7, valley.now(), &[level(264_060)]);
    for _ in 0..2 {
        device.send(&frame).await;
        assert_eq!(device.acknowledged().await, 7);
    }
    assert_eq!(valley.points(sensor(&station, "Z")).await, [(0, 264.06)]);
    assert_eq!(valley.gateway.counts().duplicates, 1);
    let path = format!("/api/stations/{}/frames", text(&station["id"]));
    let frames = valley.until("桦甸", &path, |page| page["items"][1].is_object()).await;
    let outcomes = ["duplicate", "stored"].map(Json::from);
    let seen = [0, 1].map(|index| frames["items"][index]["outcome"].clone());
    assert_eq!(seen, outcomes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn late_future_and_turned_back_clocks_are_counted_and_spoil_nothing() {
    let (valley, station, mut device) = valley().await;
    let now = valley.now();
    report(&mut device, 1, now, 264_000).await;
    report(&mut device, 2, now - Duration::from_mins(30), 263_000).await;
    report(&mut device, 3, now + Duration::from_hours(2), 270_000).await;
    // The device's clock jumps back by a day, and goes on from there.
    report(&mut device, 4, now - Duration::from_hours(23), 262_000).await;
    report(&mut device, 5, now - Duration::from_hours(22), 262_100).await;

    let points = valley.points(sensor(&station, "Z")).await;
    let expected = [(-1_380, 262.0), (-1_320, 262.1), (-30, 263.0), (0, 264.0), (120, 270.0)];
    assert_eq!(points, expected);
    let path = format!("/api/stations/{}", text(&station["id"]));
    let seen = valley.get("桦甸", &path).await;
    assert_eq!(seen["sensors"][0]["latest"]["value"], 264.0, "the future is never the latest");
    let counted = |page: &Json| page["items"][0]["received_last_hour"] == 5;
    let page = valley.until("桦甸", "/api/sources", counted).await;
    let source = &page["items"][0];
    assert_eq!((&source["late_last_hour"], &source["future_last_hour"]), (&json!(3), &json!(1)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corrected_value_is_served_and_the_first_one_stays_readable() {
    let (valley, station, mut device) = valley().await;
    let now = valley.now();
    report(&mut device, 1, now, 266_480).await;
    report(&mut device, 2, now, 264_000).await;
    assert_eq!(valley.points(sensor(&station, "Z")).await, [(0, 264.0)]);
    let to = now + Duration::from_mins(1);
    let path = format!("/api/sensors/{}/readings?to={to}", text(sensor(&station, "Z")));
    let record = valley.get("桦甸", &path).await;
    let known = now.as_millis();
    assert_eq!(record["superseded"], json!([[now.as_millis(), 266.48, known]]));
    let counted = |page: &Json| page["items"][0]["corrected_last_hour"] == 1;
    valley.until("桦甸", "/api/sources", counted).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_is_refused_and_never_shown_to_be_wrong_by_an_answer() {
    let valley = Valley::new().await;
    let mut body = details("青石湾水文站", "220282", &["Z"]);
    body["password"] = json!("A1B2");
    let station = valley.register("段工", QINGSHI, body).await;
    assert_eq!(station["has_password"], true);
    let mut device = valley.device(QINGSHI).await;
    device.password = 0x1234;
    let wrong = device.report(1, valley.now(), &[level(200_000)]);
    device.password = 0xA1B2;
    let right = device.report(2, valley.now(), &[level(264_060)]);
    device.send(&[wrong.clone(), right].concat()).await;
    assert_eq!(device.acknowledged().await, 2);
    assert_eq!(valley.points(sensor(&station, "Z")).await, [(0, 264.06)]);
    let there = |page: &Json| page["items"][0].is_object();
    let rejects = valley.until("桦甸", "/api/rejects", there).await;
    let reject = &rejects["items"][0];
    assert_eq!((&reject["hex"], &reject["offset"]), (&json!(hex::encode_upper(wrong)), &json!(8)));
    assert!(!reject["reason"].to_string().contains("A1B2"), "the right one is a secret");

    // Whoever reads frames without keeping the register sees neither digits nor words of it.
    valley.town.person("读者", "220282", &[crate::station::READ, crate::reject::READ]);
    let path = format!("/api/stations/{}/frames", text(&station["id"]));
    let kept = valley.until("桦甸", &path, there).await;
    let seen = valley.get("读者", &path).await;
    let refused = valley.get("读者", "/api/rejects").await;
    assert!(kept.to_string().contains("A1B2"), "the register's keeper does");
    for page in [&seen, &refused] {
        let told = page.to_string();
        assert!(
            told.contains("****") && !told.contains("A1B2") && !told.contains("1234\""),
            "{told}"
        );
    }
    let hex = |page: &Json| page["items"][0]["hex"].as_str().expect("hex").to_owned();
    // With its check, by which two bytes could be worked out.
    let mut bytes = hex(&kept).replacen("A1B2", "****", 1);
    bytes.replace_range(bytes.len() - 4.., "****");
    assert_eq!((hex(&seen), hex(&refused).len()), (bytes, hex(&rejects).len()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_becomes_no_reading_is_counted_with_its_reason() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z", "GH"]).await;
    let mut device = valley.device(QINGSHI).await;
    let number = |lead, mantissa, decimals| {
        Element::number(lead, Decimal::new(mantissa, decimals)).expect("of annex C")
    };
    let elements = [
        Element::missing(0x39).expect("Z"),
        number(0x09, 55_500, 2), // GH: free flow, a state
        number(0x38, 1265, 2),   // VT: no sensor registered
        number(0x4A, 31, 1),     // CODMN: no quantity
        Element::group(0xF5, [Some(12); 12]).expect("DRZ1"),
    ];
    for serial in [1, 2] {
        let frame = device.report(serial, valley.now(), &elements);
        device.send(&frame).await;
        assert_eq!(device.acknowledged().await, serial);
    }
    let test = device.message(Function::TEST, 3, valley.now(), &[level(1_000)]);
    device.send(&test).await;
    assert_eq!(device.acknowledged().await, 3);
    assert_eq!(valley.points(sensor(&station, "Z")).await, [], "nor from a test report");
    assert_eq!(valley.points(sensor(&station, "GH")).await, []);

    let path = format!("/api/stations/{}", text(&station["id"]));
    let all = |station: &Json| station["omissions"].as_array().is_some_and(|all| all.len() == 6);
    let seen = valley.until("桦甸", &path, all).await;
    let mut told: Vec<String> = seen["omissions"]
        .as_array()
        .expect("omissions")
        .iter()
        .map(|it| format!("{} {} {}", text(&it["element"]), text(&it["why"]), it["times"]))
        .collect();
    told.sort();
    let expected = [
        "CODMN no_quantity 2",
        "DRZ1 relative 24",
        "GH state 2",
        "VT no_sensor 2",
        "Z missing 2",
        "Z test 1",
    ];
    assert_eq!(told, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_hour_of_rain_stands_at_its_five_minutes() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["DRP"]).await;
    let mut device = valley.device(QINGSHI).await;
    let mut rain = [Some(0); 12];
    (rain[2], rain[3], rain[4]) = (Some(5), Some(125), None);
    let element = Element::group(0xF4, rain).expect("DRP");
    let hour: Timestamp = valley.now() - Duration::from_hours(1);
    let frame = device.message(Function::HOURLY, 1, hour, &[element]);
    device.send(&frame).await;
    assert_eq!(device.acknowledged().await, 1);
    let points = valley.points(sensor(&station, "DRP")).await;
    assert_eq!(points.len(), 11, "the invalid one is left out");
    assert_eq!(&points[1..4], [(-55, 0.0), (-50, 0.5), (-45, 12.5)]);
    assert_eq!(points[4], (-35, 0.0));
}
