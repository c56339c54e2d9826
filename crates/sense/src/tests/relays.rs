//! Senders that speak for others: who may, what waits until they may, and what way it came.

use axum::http::StatusCode;
use base::Timestamp;
use serde_json::{Value as Json, json};

use super::json::post;
use super::town::{HUADIAN, Valley, details, text};
use crate::station::READ;

const RELAY: &str = "220282-county";
const KEY: &str = "correct-horse-battery";
const MIME: &str = "application/json";

async fn registered(valley: &Valley, code: &str) -> Json {
    let mut body = details(code, HUADIAN, &["water_level"]);
    body["protocol"] = json!("json");
    body["password"] = json!(KEY);
    valley.register("段工", code, body).await
}

/// What the county's system hands on of one station.
fn handed(station: &str, level: f64, at: Timestamp) -> String {
    json!([
        { "time": at, "values": { "water_level": 1.0 } },
        { "station": station, "via": ["plant-7"], "time": at, "values": { "water_level": level } },
    ])
    .to_string()
}

async fn let_speak(valley: &Valley, station: &Json, relay: &Json) -> (StatusCode, Json) {
    let path = format!("/api/stations/{}/relay", text(&station["id"]));
    let answer = valley.town.post("段工", &path, json!({ "relay": relay })).await;
    (answer.status, answer.body)
}

async fn latest(valley: &Valley, station: &Json, wanted: f64) {
    let path = format!("/api/stations/{}", text(&station["id"]));
    let is_there = |view: &Json| view["sensors"][0]["latest"]["value"] == json!(wanted);
    valley.until("桦甸", &path, is_there).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_speaks_for_those_who_let_it_and_the_way_is_kept() {
    let valley = Valley::new().await;
    let (relay, logger) = (registered(&valley, RELAY).await, registered(&valley, "logger-1").await);
    let sender = Some((RELAY, KEY));
    let body = handed("logger-1", 261.5, valley.now());

    let (status, refused) = post(&valley, sender, MIME, &body).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
    let why = refused["detail"].as_str().expect("a reason");
    assert!(why.contains("logger-1") && why.contains(RELAY), "{why}");

    let (status, view) = let_speak(&valley, &logger, &relay["id"]).await;
    assert_eq!((status, &view["relay"]["code"]), (StatusCode::OK, &json!(RELAY)));
    let (status, answer) = post(&valley, sender, MIME, &body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    latest(&valley, &logger, 261.5).await;
    latest(&valley, &relay, 1.0).await;
    let path = |station: &Json| format!("/api/stations/{}/relay", text(&station["id"]));
    let came = |view: &Json| view["via"] == json!(["plant-7", RELAY]);
    valley.until("桦甸", &path(&logger), came).await;
    let view = valley.get("段工", &path(&relay)).await;
    assert_eq!(view["speaks_for"][0]["code"], "logger-1", "{view}");
    assert_eq!((&view["relay"], &view["via"]), (&Json::Null, &json!([])), "{view}");

    // Its own key is good as before, and then it came no other way.
    let own = json!({ "time": valley.now(), "values": { "water_level": 262.0 } }).to_string();
    assert_eq!(post(&valley, Some(("logger-1", KEY)), MIME, &own).await.0, StatusCode::OK);
    valley.until("桦甸", &path(&logger), |view| view["via"] == json!([])).await;

    let (status, view) = let_speak(&valley, &logger, &Json::Null).await;
    assert_eq!((status, &view["relay"]), (StatusCode::OK, &Json::Null));
    let (status, _) = post(&valley, sender, MIME, &body).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_relay_says_of_a_station_that_is_not_registered_waits_for_it() {
    let valley = Valley::new().await;
    let (relay, first) = (registered(&valley, RELAY).await, registered(&valley, "logger-1").await);
    let_speak(&valley, &first, &relay["id"]).await;
    let body = handed("logger-2", 263.25, valley.now());
    let (status, answer) = post(&valley, Some((RELAY, KEY)), MIME, &body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    latest(&valley, &relay, 1.0).await;
    let knocks = |page: &Json| {
        let items = page["items"].as_array();
        items.is_some_and(|items| items.iter().any(|it| it["claimed_code"] == "logger-2"))
    };
    valley.until("桦甸", "/api/waiting-room", knocks).await;
    let path = format!("/api/stations/{}", text(&relay["id"]));
    let is_said = |view: &Json| {
        let omissions = view["omissions"].as_array().expect("a list");
        omissions.iter().any(|it| it["element"] == "logger-2" && it["why"] == "not_spoken_for")
    };
    valley.until("段工", &path, is_said).await;

    let second = registered(&valley, "logger-2").await;
    let held = format!("{path}/held");
    valley.until("段工", &held, |view| view["frames"] == 1).await;
    let_speak(&valley, &second, &relay["id"]).await;
    latest(&valley, &second, 263.25).await;
    valley.until("段工", &held, |view| view["frames"] == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_been_here_before_is_not_taken_again() {
    let valley = Valley::new().await;
    registered(&valley, RELAY).await;
    let own = valley.town.world.origin().to_owned();
    let body = json!({ "via": ["plant-7", own], "time": valley.now(), "values": { "rain": 0 } });
    let (status, refused) = post(&valley, Some((RELAY, KEY)), MIME, &body.to_string()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
    assert!(refused["detail"].as_str().is_some_and(|why| why.contains(&own)), "{refused}");
}

#[tokio::test]
async fn nobody_is_let_speak_who_cannot() {
    let valley = Valley::new().await;
    let station = registered(&valley, "logger-1").await;
    let other = valley.register("段工", "10820055", details("青石", HUADIAN, &["Z"])).await;
    let (status, refused) = let_speak(&valley, &station, &station["id"]).await;
    assert_eq!((status, &refused["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("relay")));
    let (status, refused) = let_speak(&valley, &station, &other["id"]).await;
    assert_eq!((status, &refused["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("relay")));
    let nobody = json!("01890000-0000-7000-8000-000000000000");
    let (status, _) = let_speak(&valley, &station, &nobody).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    valley.town.person("看客", HUADIAN, &[READ]);
    let path = format!("/api/stations/{}/relay", text(&station["id"]));
    let answer = valley.town.post("看客", &path, json!({ "relay": null })).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}
