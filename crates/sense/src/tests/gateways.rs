//! Front-end gateways: what opens their messages, who they may speak for, and what they
//! catch up. Over TCP and over HTTP.

use std::net::SocketAddr;

use axum::http::StatusCode;
use base::{Duration, Timestamp};
use host::town::Scratch;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use wire::gateway::{Envelope, Key, Message, Response, parse, write};

use super::town::{HUADIAN, Valley, sensor, text, until};
use crate::gateway::{self, Config, Listening, http};
use crate::protocol::Gateway;
use crate::simulate::gateway::{Device, Scene};
use crate::simulate::{Faults, Ledger, Options, Plays as _, run};
use crate::{Protocol, station};

pub(super) const CODE: &str = "22028200101";
pub(super) const KEY: &str = "aes base64 0123456789ABCDEF ABCDEF0123456789";
const LEVEL: &str = "220282001001G0001YW001";
const GAS: &str = "220282001001Q0001KR001";

/// An enterprise with one tank, whose level is told in millimetres.
pub(super) struct Enterprise {
    pub valley: Valley,
    door: Listening,
    pub path: String,
    view: Json,
}

fn plant() -> Json {
    json!({
        "protocol": "gateway",
        "name": "辉发河化工厂",
        "class": "chemical",
        "region": HUADIAN,
        "period_s": 60,
        "password": KEY,
        "sensors": [
            { "element": LEVEL, "factor": 0.001, "name": "1号甲醇罐", "low": 0.0, "high": 12.0 },
            { "element": GAS },
        ],
    })
}

impl Enterprise {
    pub async fn new() -> Enterprise {
        let valley = Valley::new().await;
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let config = Config::<Gateway>::default();
        let door = gateway::listen(valley.gateway.intake(), address, config).await.expect("port 0");
        let view = valley.register("段工", CODE, plant()).await;
        let path = format!("/api/stations/{}", text(&view["id"]));
        Enterprise { valley, door, path, view }
    }

    pub async fn connect(&self) -> Line {
        let stream = TcpStream::connect(self.door.address()).await.expect("it listens");
        stream.set_nodelay(true).expect("an option of every socket");
        Line { stream, heard: Vec::new() }
    }

    /// The latest value of a point, with its time and quality.
    async fn latest(&self, element: &str, wanted: impl Fn(&Json) -> bool) -> Json {
        let find = |view: &Json| {
            let sensors = view["sensors"].as_array().expect("sensors");
            let found = sensors.iter().find(|sensor| sensor["element"] == element);
            found.expect("it is registered")["latest"].clone()
        };
        find(&self.valley.until("桦甸", &self.path, |view| wanted(&find(view))).await)
    }

    pub fn now(&self) -> Timestamp {
        self.valley.now()
    }
}

/// A connection of a gateway.
pub(super) struct Line {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Line {
    pub async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.expect("the platform reads");
    }

    async fn hear(&mut self) -> Response {
        loop {
            if let Ok((Message::Response(response), rest)) = parse(&self.heard) {
                self.heard = rest.to_vec();
                return response;
            }
            let mut buffer = [0; 1_024];
            let patience = std::time::Duration::from_secs(120);
            let read = tokio::time::timeout(patience, self.stream.read(&mut buffer)).await;
            let count = read.expect("it answers in time").expect("a whole connection");
            assert_ne!(count, 0, "the platform hung up");
            self.heard.extend_from_slice(&buffer[..count]);
        }
    }

    pub async fn told(&mut self) -> (bool, String) {
        let response = self.hear().await;
        (response.is_success, response.data_id.unwrap_or_default())
    }
}

/// What a gateway says of its two points, as plain JSON.
pub(super) fn plain(gateway: &str, at: Timestamp, millimetres: &str, members: &str) -> String {
    let time = at.to_beijing().replace(['-', ' ', ':'], "");
    format!(
        r#"{{"enterpriseId":"220282001","gatewayId":"{gateway}","collectTime":"{time}",{members}"datas":[{{"quotaId":"{LEVEL}","value":"{millimetres}"}},{{"quotaId":"{GAS}","value":"1.5"}}]}}"#
    )
}

pub(super) fn closed(data_id: &str, key: &str, plain: &str) -> Vec<u8> {
    message(data_id, &Key::parse(key).expect("a key").close(plain.as_bytes()))
}

fn message(data_id: &str, data: &str) -> Vec<u8> {
    let envelope = Envelope {
        app_id: CODE.to_owned(),
        service_id: "hazchem".to_owned(),
        data_id: data_id.to_owned(),
        data: data.to_owned(),
        interface: None,
        params: None,
        more: serde_json::Map::new(),
    };
    write(&Message::Request(envelope)).expect("ids are plain")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_messages_in_one_read_and_one_in_three_are_stored_and_then_answered() {
    let plant = Enterprise::new().await;
    let mut line = plant.connect().await;
    let at = plant.now() - Duration::from_mins(3);
    let first = closed("d-1", KEY, &plain(CODE, at, "8420", ""));
    let second = closed("d-2", KEY, &plain(CODE, at + Duration::from_mins(1), "8430", ""));
    line.send(&[first, second].concat()).await;
    let mut told = [line.told().await, line.told().await];
    told.sort();
    assert_eq!(told, [(true, "d-1".to_owned()), (true, "d-2".to_owned())]);

    let third = closed("d-3", KEY, &plain(CODE, at + Duration::from_mins(2), "8440", ""));
    // Between the two marks, and within what is closed.
    let (head, mark) = third.split_at(third.len() - 1);
    let (head, middle) = head.split_at(80);
    for piece in [head, middle, mark] {
        line.send(piece).await;
        super::town::moment().await;
    }
    assert_eq!(line.told().await, (true, "d-3".to_owned()));
    let latest = plant.latest(LEVEL, |latest| latest["value"] == 8.44).await;
    assert_eq!(latest["value"], 8.44);
    let points = plant.valley.points(sensor(&plant.view, LEVEL)).await;
    let values: Vec<f64> = points.into_iter().map(|(_, value)| value).collect();
    assert_eq!(values, [8.42, 8.43, 8.44], "millimetres became metres");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_cannot_be_opened_hears_the_same_as_who_is_nobody() {
    let plant = Enterprise::new().await;
    let mut line = plant.connect().await;
    let said = plain(CODE, plant.now(), "8420", "");
    let other = "aes base64 FEDCBA9876543210 ABCDEF0123456789";
    let good = Key::parse(KEY).expect("a key").close(said.as_bytes());
    let mut tampered = good.clone().into_bytes();
    let last = tampered.len() - 10;
    tampered[last] = if tampered[last] == b'A' { b'B' } else { b'A' };
    let stranger =
        String::from_utf8(closed("d", KEY, &said)).expect("text").replace(CODE, "22028200102");
    let mut answers = Vec::new();
    for bytes in [
        closed("d", other, &said),
        message("d", &String::from_utf8(tampered).expect("text")),
        message("d", "no base64!"),
        message("d", "AAAA"),
        closed("d", KEY, "[]"),
        closed("d", KEY, &said.replace("8420", "84\u{1}20")),
        stranger.into_bytes(),
        // Opened, and another gateway's inside.
        closed("d", KEY, &plain("22028200102", plant.now(), "8420", "")),
        // Opened, and no report.
        closed("d", KEY, "{}"),
    ] {
        line.send(&bytes).await;
        answers.push(line.hear().await);
    }
    assert!(!answers[0].is_success);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(plant.valley.gateway.counts().readings, 0);

    // People here see more: the reason, and the bytes as they came.
    let page =
        plant.valley.until("桦甸", "/api/rejects", |page| page["items"][7].is_object()).await;
    let items = page["items"].as_array().expect("items");
    let reasons: Vec<&str> = items.iter().filter_map(|item| item["reason"].as_str()).collect();
    let of = |reason: &str| reasons.iter().filter(|it| it.contains(reason)).count();
    assert_eq!(of("no key of the station is that of the message"), 6, "{reasons:?}");
    assert_eq!(of("speaks for gateway 22028200102"), 1, "{reasons:?}");
    assert_eq!(of("enterpriseId is missing"), 1, "{reasons:?}");
    assert!(!page.to_string().contains("0123456789ABCDEF"), "a key is nowhere");
    let knocked = |page: &Json| page["items"][0]["claimed_code"] == "22028200102";
    plant.valley.until("桦甸", "/api/waiting-room", knocked).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_caught_up_late_changes_no_newer_state() {
    let plant = Enterprise::new().await;
    let mut line = plant.connect().await;
    let now = plant.now();
    line.send(&closed("d-1", KEY, &plain(CODE, now, "9000", ""))).await;
    assert_eq!(line.told().await, (true, "d-1".to_owned()));
    let late = plain(CODE, now - Duration::from_hours(2), "11900", r#""reportType":"continues","#);
    line.send(&closed("d-2", KEY, &late)).await;
    assert_eq!(line.told().await, (true, "d-2".to_owned()));
    // The same again is stored once.
    line.send(&closed("d-2", KEY, &late)).await;
    assert_eq!(line.told().await, (true, "d-2".to_owned()));
    let points = plant.valley.points(sensor(&plant.view, LEVEL)).await;
    let values: Vec<f64> = points.into_iter().map(|(_, value)| value).collect();
    assert_eq!(values, [11.9, 9.0]);
    let latest = plant.latest(LEVEL, |latest| !latest.is_null()).await;
    assert_eq!(latest["value"], 9.0, "the latest is the latest by its time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_gateway_without_instruments_says_is_uncertain_and_no_number_is_no_reading() {
    let plant = Enterprise::new().await;
    let mut line = plant.connect().await;
    let now = plant.now();
    let blind = plain(CODE, now, "8420", r#""isConnectDataSource":"false","#);
    line.send(&closed("d-1", KEY, &blind)).await;
    assert!(line.told().await.0);
    let latest = plant.latest(LEVEL, |latest| !latest.is_null()).await;
    let quality = base::Quality::new(base::quantity::Grade::Uncertain, base::Quality::BY_LINK);
    assert_eq!(latest["quality"], json!(quality), "{latest}");
    let cut = |page: &Json| page["items"][0]["cut_since"].as_str().map(str::to_owned);
    let board = plant.valley.until("桦甸", "/api/sources", |page| cut(page).is_some()).await;
    assert_eq!(cut(&board), Some(now.to_string()), "the board says since when");
    // Said again it is cut since then still; what is caught up tells of then.
    plant.valley.town.at("08:01");
    let caught_up = r#""isConnectDataSource":true,"reportType":"continues","#;
    for members in [r#""isConnectDataSource":false,"#, caught_up] {
        line.send(&closed("d-1", KEY, &plain(CODE, now, "8420", members))).await;
        assert!(line.told().await.0);
    }
    let heard = plant.now().to_string();
    let again = |page: &Json| page["items"][0]["last_contact"] == heard.as_str();
    assert_eq!(cut(&plant.valley.until("桦甸", "/api/sources", again).await), cut(&board));
    let whole = plain(CODE, now, "8420", r#""isConnectDataSource":"true","#);
    line.send(&closed("d-1", KEY, &whole)).await;
    assert!(line.told().await.0);
    plant.valley.until("桦甸", "/api/sources", |page| cut(page).is_none()).await;
    for (number, value) in ["", "NaN", "0x1F", "Infinity"].into_iter().enumerate() {
        let at = now + Duration::from_secs(number as i64 + 1);
        line.send(&closed("d-2", KEY, &plain(CODE, at, value, ""))).await;
        assert!(line.told().await.0, "{value:?} is kept with its frame");
    }
    let points = plant.valley.points(sensor(&plant.view, LEVEL)).await;
    assert_eq!(points.len(), 1, "none of them is a reading, and none is 0: {points:?}");
    assert_eq!(plant.valley.points(sensor(&plant.view, GAS)).await.len(), 5, "the other row is");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_made_here_and_the_old_one_is_good_until_its_overlap_ends() {
    let plant = Enterprise::new().await;
    let keys = format!("{}/keys", plant.path);
    let issued = plant.valley.town.post("桦甸", &keys, json!({ "overlap_h": 1 })).await;
    assert_eq!(issued.status, StatusCode::CREATED, "{}", issued.body);
    let secret = format!("{keys}/{}/secret", text(&issued.body["id"]));
    let made = plant.valley.get("桦甸", &secret).await;
    let made = text(&made["key"]).to_owned();
    assert_eq!(Key::parse(&made).expect("it is one").cipher(), wire::gateway::Cipher::Aes256);
    let mut line = plant.connect().await;
    let mut number = 0;
    let mut says = async |line: &mut Line, key: &str, at: Timestamp| {
        number += 1;
        line.send(&closed(&format!("d-{number}"), key, &plain(CODE, at, "8420", ""))).await;
        line.told().await.0
    };
    assert!(says(&mut line, KEY, plant.now()).await, "the old one");
    assert!(says(&mut line, &made, plant.now()).await, "the new one");
    plant.valley.town.world.clock().set(plant.now() + Duration::from_mins(61));
    assert!(!says(&mut line, KEY, plant.now()).await, "over");
    assert!(says(&mut line, &made, plant.now()).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_envelope_is_taken_over_http() {
    let plant = Enterprise::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("port 0 is free");
    let address = listener.local_addr().expect("bound");
    let router = http::router(plant.valley.gateway.intake());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = tokio::spawn(async move { axum::serve(listener, service).await });
    let ask = async |body: &[u8]| {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        let head = format!(
            "POST /ingest/gateway HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).await.expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("it answers");
        let answer = String::from_utf8(answer).expect("text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        (head.split(' ').nth(1).expect("a status").to_owned(), body.to_owned())
    };
    let bytes = closed("d-1", KEY, &plain(CODE, plant.now(), "8420", ""));
    let (bare, _) = bytes.split_at(bytes.len() - 2);
    let stored = r#"{"success":true,"dataId":"d-1"}"#;
    assert_eq!(ask(bare).await, ("200".to_owned(), stored.to_owned()));
    assert_eq!(ask(&bytes).await, ("200".to_owned(), stored.to_owned()), "with its marks as well");
    let other = "aes base64 FEDCBA9876543210 ABCDEF0123456789";
    let (status, body) = ask(&closed("d-2", other, &plain(CODE, plant.now(), "1", ""))).await;
    assert_eq!(status, "403");
    assert!(body.starts_with(r#"{"success":false,"dataId":"d-2""#), "{body}");
    assert_eq!(ask(b"{}").await.0, "400");
    let latest = plant.latest(LEVEL, |latest| !latest.is_null()).await;
    assert_eq!(latest["value"], 8.42);
    serving.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_faulty_gateways_were_told_is_stored_is_stored_value_by_value() {
    let plant = Enterprise::new().await;
    let device = |number: u32| Device {
        code: format!("2202829{number:02}01"),
        key: Key::parse(KEY).expect("a key"),
        tanks: 3,
        seed: u64::from(number),
        is_connected: true,
        scene: Scene::default(),
    };
    let devices: Vec<Device> = (0..4).map(device).collect();
    for device in &devices {
        let sensors: Vec<Json> =
            device.points().into_iter().map(|element| json!({ "element": element })).collect();
        let mut body = plant_of(sensors);
        body["name"] = json!(format!("{} 号厂", device.seed));
        plant.valley.register("段工", &device.code(), body).await;
    }
    let scratch = Scratch::new();
    let path = scratch.path().join("ledger.ndjson");
    let start = plant.now() - Duration::from_hours(4);
    let options = Options {
        speed: 12_000.0,
        reports: Some(40),
        answer: Duration::from_millis(600),
        slots: 200,
        faults: Faults::all(40),
        seed: 20_261_130,
        ledger: Ledger::create(&path).expect("a new file"),
        ..Options::new(plant.door.address(), devices, start)
    };
    let limit = std::time::Duration::from_secs(300);
    let summary = tokio::time::timeout(limit, run(options)).await.expect("in time").expect("ran");
    assert_eq!((summary.acknowledged, summary.given_up), (4 * 40, 0), "{summary:?}");
    assert!(40 < summary.faults, "{summary:?}");
    let ledger = Ledger::read(&path).expect("readable");
    let world = &plant.valley.town.world;
    let mut compared = 0;
    for line in &ledger {
        let found =
            world.read_now(|db| station::find_by_code(db, Protocol::Gateway, &line.station));
        let station = found.expect("read").expect("registered");
        for (element, value) in &line.values {
            let sensor = station.sensors.iter().find(|sensor| sensor.element == *element);
            let sensor = sensor.expect("a sensor for each point");
            let series = world.series().series_of(sensor.id.into()).expect("a series");
            let (from, to) = (line.observed, line.observed + Duration::from_millis(1));
            let readings = world.series().range(series, from, to, None).expect("read");
            assert_eq!(readings.len(), 1, "{} {element}", line.station);
            assert_eq!(readings[0].value, *value, "{} {element}", line.station);
            compared += 1;
        }
    }
    assert_eq!(compared, 4 * 40 * 3 * 4);
    until("broken ones were refused", || 0 < plant.door.counts().refused).await;
}

fn plant_of(sensors: Vec<Json>) -> Json {
    let mut body = plant();
    body["sensors"] = Json::Array(sensors);
    body
}
