//! Readings handed on to a node above: two towns, and a real connection between them.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use base::Timestamp;
use host::town::Town;
use serde_json::{Value as Json, json};
use tokio::task::JoinHandle;

use super::json::{KEY, post};
use super::town::{HUADIAN, Valley, details, quick, text, until};
use crate::gateway::http::router;
use crate::upstream::{Config, Status, Upstream};

/// What the county is called in the city.
const COUNTY: &str = "220282-county";
const LOGGER: &str = "logger-1";
const MIME: &str = "application/json";

/// A door for devices over HTTP; it ends with its task.
async fn door(valley: &Valley, address: SocketAddr) -> (SocketAddr, JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind(address).await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let router = router(valley.gateway.intake());
    let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("served") });
    (address, serving)
}

async fn registered(valley: &Valley, code: &str) -> Json {
    let mut body = details(code, HUADIAN, &["water_level", "rain"]);
    (body["protocol"], body["password"]) = (json!("json"), json!(KEY));
    valley.register("段工", code, body).await
}

fn town(origin: &str) -> Town {
    Town::of_origin(origin, vec![crate::part()], "")
}

/// A county that has a logger, and a city that knows of both.
struct Pair {
    county: Valley,
    city: Valley,
    logger: Json,
    above: Json,
}

impl Pair {
    async fn new() -> Pair {
        let county = Valley::of(town("county"), quick()).await;
        let city = Valley::of(town("city"), quick()).await;
        let logger = registered(&county, LOGGER).await;
        let relay = registered(&city, COUNTY).await;
        let above = registered(&city, LOGGER).await;
        let path = format!("/api/stations/{}/relay", text(&above["id"]));
        let let_speak = city.town.post("段工", &path, json!({ "relay": relay["id"] })).await;
        assert_eq!(let_speak.status, 200, "{}", let_speak.body);
        Pair { county, city, logger, above }
    }

    fn file(&self) -> PathBuf {
        self.county.town.scratch().path().join("upstream")
    }

    fn hands_on(&self, to: SocketAddr) -> Upstream {
        Upstream::open(&self.county.town.world, config(to), &self.file()).expect("opened")
    }

    /// What the logger says to the county, `minutes` ago.
    async fn says(&self, level: f64, minutes: i64) -> Timestamp {
        let at = self.county.now() - base::Duration::from_mins(minutes);
        let body = json!({ "time": at, "values": { "water_level": level, "rain": 0.5 } });
        let (status, answer) =
            post(&self.county, Some((LOGGER, KEY)), MIME, &body.to_string()).await;
        assert_eq!(status, 200, "{answer}");
        at
    }

    /// Waits for the newest level in the city.
    async fn heard(&self, level: f64) {
        let path = format!("/api/stations/{}", text(&self.above["id"]));
        let is_there = |view: &Json| view["sensors"][0]["latest"]["value"] == json!(level);
        self.city.until("桦甸", &path, is_there).await;
    }
}

fn config(to: SocketAddr) -> Config {
    Config {
        url: format!("http://{to}/ingest/json"),
        code: COUNTY.to_owned(),
        key: KEY.to_owned(),
        above: "city".to_owned(),
        log_bytes: 1 << 30,
        every: Duration::from_millis(10),
        retry: Duration::from_millis(10),
        timeout: Duration::from_secs(60),
    }
}

async fn settled(upstream: &Upstream, wanted: impl Fn(&Status) -> bool) -> Status {
    until("it hands on", || wanted(&upstream.status())).await;
    upstream.status()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_county_reads_the_city_has_with_its_way_and_each_value_once() {
    let pair = Pair::new().await;
    pair.says(261.5, 3).await;
    let (address, _door) = door(&pair.city, ([127, 0, 0, 1], 0).into()).await;
    let upstream = pair.hands_on(address);
    pair.heard(261.5).await;
    pair.says(261.7, 2).await;
    pair.heard(261.7).await;
    // A correction is one there too.
    let at = pair.says(261.8, 1).await;
    pair.heard(261.8).await;
    let body = json!({ "time": at, "values": { "water_level": 262.1 } }).to_string();
    assert_eq!(post(&pair.county, Some((LOGGER, KEY)), MIME, &body).await.0, 200);
    pair.heard(262.1).await;

    let way = format!("/api/stations/{}/relay", text(&pair.above["id"]));
    let came = |view: &Json| view["via"] == json!(["county", COUNTY]);
    pair.city.until("段工", &way, came).await;
    let status = settled(&upstream, |status| status.handed == 7).await;
    assert_eq!((status.behind, status.rejected, status.left.looped), (0, 0, 0), "{status:?}");
    let counts = pair.city.gateway.counts();
    assert_eq!((counts.readings, counts.duplicates), (7, 0), "{counts:?}");
    let (here, there) = (&pair.logger["sensors"][0]["id"], &pair.above["sensors"][0]["id"]);
    let stored = pair.county.points(here).await;
    assert_eq!((pair.city.points(there).await, stored.len()), (stored, 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_city_is_away_everything_waits_and_the_page_says_since_when() {
    let pair = Pair::new().await;
    let (address, serving) = door(&pair.city, ([127, 0, 0, 1], 0).into()).await;
    let upstream = pair.hands_on(address);
    pair.says(261.0, 9).await;
    pair.heard(261.0).await;
    serving.abort();
    let _ = serving.await;
    for minute in 0..5 {
        pair.says(262.0 + minute as f64, 8 - minute).await;
    }
    let status = settled(&upstream, |status| status.failing_since.is_some()).await;
    assert!(!status.answers && 0 < status.failures, "{status:?}");
    let (_, _door) = door(&pair.city, address).await;
    pair.heard(266.0).await;
    let status = settled(&upstream, |status| status.answers && status.handed == 12).await;
    assert_eq!((status.failing_since, status.behind), (None, 0), "{status:?}");
    assert!(status.last_error.is_some(), "{status:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_who_lets_it_speak_is_a_failure_and_no_reading_is_lost_over_it() {
    let pair = Pair::new().await;
    let path = format!("/api/stations/{}/relay", text(&pair.above["id"]));
    let silent = pair.city.town.post("段工", &path, json!({ "relay": null })).await;
    assert_eq!(silent.status, 200);
    let (address, _door) = door(&pair.city, ([127, 0, 0, 1], 0).into()).await;
    let upstream = pair.hands_on(address);
    pair.says(263.0, 1).await;
    let status = settled(&upstream, |status| status.last_error.is_some()).await;
    let (error, _) = status.last_error.expect("one");
    assert!(error.contains("422") && error.contains(LOGGER), "{error}");
    assert!(!error.contains(KEY), "{error}");
    let relays = pair.city.get("段工", "/api/stations?limit=50").await;
    let items = relays["items"].as_array().expect("a list");
    let relay = items.iter().find(|it| it["code"] == COUNTY).expect("the county");
    let let_speak = pair.city.town.post("段工", &path, json!({ "relay": relay["id"] })).await;
    assert_eq!(let_speak.status, 200);
    pair.heard(263.0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_from_above_or_has_two_meanings_there_is_left_and_counted() {
    let pair = Pair::new().await;
    // The county's logger was heard through the city.
    let relay = registered(&pair.county, "220200-city").await;
    let path = format!("/api/stations/{}/relay", text(&pair.logger["id"]));
    let let_speak = pair.county.town.post("段工", &path, json!({ "relay": relay["id"] })).await;
    assert_eq!(let_speak.status, 200);
    let body = json!([{ "station": LOGGER, "via": ["city"], "time": pair.county.now(),
        "values": { "water_level": 264.0 } }]);
    let sender = Some(("220200-city", KEY));
    assert_eq!(post(&pair.county, sender, MIME, &body.to_string()).await.0, 200);
    let came = |view: &Json| view["via"] == json!(["city", "220200-city"]);
    pair.county.until("段工", &path, came).await;
    // A code that a hydrological station has, and a client too.
    for protocol in ["sl651", "json"] {
        let mut body = details("0012345678", HUADIAN, &[]);
        body["protocol"] = json!(protocol);
        body["password"] = json!(if protocol == "json" { KEY } else { "A1B2" });
        body["elements"] = json!([if protocol == "json" { "water_level" } else { "Z" }]);
        pair.county.register("段工", "0012345678", body).await;
    }
    let body = json!({ "time": pair.county.now(), "values": { "water_level": 1.5 } }).to_string();
    assert_eq!(post(&pair.county, Some(("0012345678", KEY)), MIME, &body).await.0, 200);

    let (address, _door) = door(&pair.city, ([127, 0, 0, 1], 0).into()).await;
    let upstream = pair.hands_on(address);
    let status = settled(&upstream, |status| status.left.ambiguous == 1).await;
    assert_eq!((status.left.looped, status.handed), (1, 0), "{status:?}");
    assert_eq!(pair.city.gateway.counts().readings, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_node_above_the_log_is_let_go_and_a_spoilt_memory_is_said() {
    let pair = Pair::new().await;
    for minute in 0..4 {
        pair.says(261.0 + minute as f64, 10 - minute).await;
    }
    pair.county.town.world.series().seal().expect("sealed");
    let (address, _door) = door(&pair.city, ([127, 0, 0, 1], 0).into()).await;
    let upstream = pair.hands_on(address);
    let status = settled(&upstream, |status| status.answers && status.handed == 8).await;
    assert_eq!(status.behind, 0, "{status:?}");
    let held = |name: &str| {
        let consumers = pair.county.town.world.series().consumers();
        consumers.iter().any(|(known, _)| known == name)
    };
    assert!(held("upstream"));
    assert!(pair.file().exists());

    // A memory that somebody spoilt stops the node aloud.
    let good = std::fs::read_to_string(pair.file()).expect("readable");
    let spoilt = pair.file().with_extension("spoilt");
    std::fs::write(&spoilt, &good[..good.len() - 1]).expect("writable");
    let error = Upstream::open(&pair.county.town.world, config(address), &spoilt).map(|_| ());
    assert!(error.expect_err("spoilt").contains("spoilt"));
    drop(upstream);
    Upstream::forget(&pair.county.town.world, &pair.file()).expect("forgotten");
    assert!(!held("upstream") && !pair.file().exists());
}
