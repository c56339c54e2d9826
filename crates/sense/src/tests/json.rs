//! MQTT and HTTP: the same readings by two doors, with clients that are ours and that are not.

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use base::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use host::town::{Scratch, oneshot};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wire::mqtt::{Connect, Packet, Publish, Qos, Scanner, Version, Will, read, write};

use super::simulated::{compare, river};
use super::town::{HUADIAN, Valley, details, text, until};
use crate::Protocol;
use crate::gateway::http::router;
use crate::gateway::{self, Config, Listening};
use crate::protocol::Json as Dialect;
use crate::simulate::mqtt::Device;
use crate::simulate::{Faults, Ledger, Options, run};

pub(super) const CODE: &str = "220282-gas-1";
pub(super) const KEY: &str = "correct-horse-battery";
const NAMES: [&str; 3] = ["water_level", "rain", "voltage"];

/// A valley with the door for MQTT beside the one of SL 651, on the same intake.
pub async fn open(valley: &Valley) -> Listening {
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let config = Config::<Dialect>::default();
    gateway::listen(valley.gateway.intake(), address, config).await.expect("port 0 is free")
}

pub(super) async fn registered(valley: &Valley, code: &str, names: &[&str]) -> Json {
    let mut body = details(code, HUADIAN, names);
    body["protocol"] = json!("json");
    body["password"] = json!(KEY);
    valley.register("段工", code, body).await
}

/// A client by hand.
struct Client {
    stream: TcpStream,
    scanner: Scanner,
    version: Version,
}

impl Client {
    async fn connect(door: &Listening, connect: Connect) -> (Client, u8) {
        let stream = TcpStream::connect(door.address()).await.expect("the door is open");
        let version = connect.version;
        let mut client = Client { stream, scanner: Scanner::default(), version };
        client.send(&Packet::Connect(Box::new(connect))).await;
        match client.hear().await {
            Some(Packet::Connack(connack)) => (client, connack.reason),
            other => panic!("expected CONNACK, found {other:?}"),
        }
    }

    async fn send(&mut self, packet: &Packet) {
        let bytes = write(self.version, packet).expect("it has bytes");
        self.stream.write_all(&bytes).await.expect("the door reads");
    }

    /// The next packet, or `None` when the door hung up.
    async fn hear(&mut self) -> Option<Packet> {
        let now = Timestamp::from_millis(0);
        loop {
            if let Some(raw) = self.scanner.cut(now, 1 << 20).expect("packets") {
                return Some(read(self.version, &raw).expect("a packet"));
            }
            let mut buffer = [0; 1_024];
            let read =
                tokio::time::timeout(Duration::from_secs(120), self.stream.read(&mut buffer));
            match read.await.expect("the door answers in time") {
                Ok(0) | Err(_) => return None,
                Ok(count) => self.scanner.push(now, &buffer[..count]),
            }
        }
    }

    async fn publish(&mut self, pid: u16, payload: String) -> Option<Packet> {
        let publish = Publish { qos: Qos::AtLeastOnce, pid, ..Publish::new("t", payload) };
        self.send(&Packet::Publish(publish)).await;
        self.hear().await
    }
}

fn hello(version: Version, client: &str) -> Connect {
    Connect {
        user: Some(CODE.into()),
        password: Some(bytes::Bytes::from_static(KEY.as_bytes())),
        ..Connect::new(version, client)
    }
}

pub fn level(valley: &Valley, metres: f64) -> String {
    json!({ "time": valley.now(), "values": { "water_level": metres } }).to_string()
}

async fn served(valley: &Valley, station: &Json, name: &str, value: f64) {
    let path = format!("/api/stations/{}", text(&station["id"]));
    let is_there = |view: &Json| {
        let sensors = view["sensors"].as_array().expect("sensors").iter();
        sensors.clone().any(|it| it["element"] == name && it["latest"]["value"] == value)
    };
    valley.until("桦甸", &path, is_there).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_published_is_acknowledged_when_it_is_stored() {
    let valley = Valley::new().await;
    let door = open(&valley).await;
    let station = registered(&valley, CODE, &NAMES).await;
    for (clock, version, metres) in [("08:00", Version::V3, 261.5), ("08:05", Version::V5, 261.75)]
    {
        valley.town.at(clock);
        let (mut client, reason) = Client::connect(&door, hello(version, "a")).await;
        assert_eq!(reason, 0);
        let heard = client.publish(1, level(&valley, metres)).await;
        assert_eq!(heard, Some(Packet::Puback { pid: 1, reason: 0 }));
        served(&valley, &station, "water_level", metres).await;
    }
    door.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_key_nobody_is_let_in_and_a_stranger_waits_to_be_admitted() {
    let valley = Valley::new().await;
    let door = open(&valley).await;
    registered(&valley, CODE, &NAMES).await;
    let wrong = Connect { password: Some("wrong-horse".into()), ..hello(Version::V5, "a") };
    let (mut client, reason) = Client::connect(&door, wrong).await;
    assert_eq!((reason, client.hear().await), (0x87, None));
    let none = Connect { password: None, ..hello(Version::V3, "a") };
    assert_eq!(Client::connect(&door, none).await.1, 5);
    let stranger = Connect { user: Some("nobody-1".into()), ..hello(Version::V5, "a") };
    assert_eq!(Client::connect(&door, stranger).await.1, 0x87);
    let waiting = valley
        .until("段工", "/api/waiting-room", |page| {
            page["items"].as_array().is_some_and(|it| !it.is_empty())
        })
        .await;
    assert_eq!(waiting["items"][0]["claimed_code"], "nobody-1");
    let hex = text(&waiting["items"][0]["last_hex"]);
    assert!(!hex.contains(&hex::encode_upper(KEY)), "a key is nobody's to see");
    door.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_makes_no_sense_is_kept_and_the_client_goes_on() {
    let valley = Valley::new().await;
    let door = open(&valley).await;
    let station = registered(&valley, CODE, &NAMES).await;
    for (version, reason) in [(Version::V3, 0), (Version::V5, 0x99)] {
        let (mut client, _) = Client::connect(&door, hello(version, "a")).await;
        let nan = r#"{"time": 0, "values": {"water_level": NaN}}"#.to_owned();
        assert_eq!(client.publish(1, nan).await, Some(Packet::Puback { pid: 1, reason }));
        let other = r#"{"station": "qingshi", "time": 0, "values": {"water_level": 1}}"#.to_owned();
        assert_eq!(client.publish(2, other).await, Some(Packet::Puback { pid: 2, reason }));
        let good = level(&valley, 262.0);
        assert_eq!(client.publish(3, good).await, Some(Packet::Puback { pid: 3, reason: 0 }));
    }
    served(&valley, &station, "water_level", 262.0).await;
    let rejects = valley
        .until("段工", "/api/rejects", |page| {
            page["items"].as_array().is_some_and(|it| it.len() == 4)
        })
        .await;
    let reasons = rejects["items"].to_string();
    assert!(
        reasons.contains("value is NaN") && reasons.contains("the key is that of"),
        "{reasons}"
    );
    door.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_connection_ends_the_first_and_its_will_is_kept_as_a_frame() {
    let valley = Valley::new().await;
    let door = open(&valley).await;
    let station = registered(&valley, CODE, &NAMES).await;
    let will = Will {
        topic: "gone".into(),
        payload: bytes::Bytes::from_static(b"offline"),
        qos: Qos::AtLeastOnce,
        is_retained: false,
        delay: 0,
    };
    let first = Connect { will: Some(will), ..hello(Version::V5, "same") };
    let (mut first, _) = Client::connect(&door, first).await;
    let (mut second, reason) = Client::connect(&door, hello(Version::V5, "same")).await;
    assert_eq!(reason, 0);
    let heard = first.hear().await;
    assert!(matches!(heard, Some(Packet::Disconnect { reason: 0x8E, .. })), "{heard:?}");
    assert_eq!(first.hear().await, None);
    second.send(&Packet::Pingreq).await;
    assert_eq!(second.hear().await, Some(Packet::Pingresp));
    let path = format!("/api/stations/{}/frames", text(&station["id"]));
    let frames = valley
        .until("段工", &path, |page| page["items"].as_array().is_some_and(|it| it.len() == 1))
        .await;
    assert_eq!(frames["items"][0]["outcome"], "stored");
    door.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_faulty_clients_were_told_is_stored_is_stored_value_by_value() {
    for version in [Version::V3, Version::V5] {
        let valley = Valley::new().await;
        let door = open(&valley).await;
        let code = |number: u32| format!("logger-{number}");
        for number in 0..6 {
            registered(&valley, &code(number), &NAMES).await;
        }
        let device = |number| Device {
            code: code(number),
            key: KEY.to_owned(),
            version,
            elements: NAMES.map(str::to_owned).to_vec(),
            river: river(),
        };
        let scratch = Scratch::new();
        let path = scratch.path().join("ledger.ndjson");
        let options = Options {
            speed: 12_000.0,
            reports: Some(60),
            answer: base::Duration::from_millis(600),
            slots: 200,
            faults: Faults::all(40),
            seed: 20_260_803,
            ledger: Ledger::create(&path).expect("a new file"),
            ..Options::new(
                door.address(),
                (0..6).map(device).collect(),
                valley.now() - base::Duration::from_hours(8),
            )
        };
        let limit = Duration::from_secs(300);
        let summary =
            tokio::time::timeout(limit, run(options)).await.expect("in time").expect("ran");
        assert_eq!((summary.acknowledged, summary.given_up), (6 * 60, 0), "{summary:?}");
        assert!(50 < summary.faults, "{summary:?}");
        let ledger = Ledger::read(&path).expect("readable");
        assert_eq!(ledger.len(), 6 * 60);
        assert_eq!(compare(&valley, Protocol::Json, &ledger), 6 * 60 * NAMES.len());
        door.close().await;
    }
}

/// `POST /ingest/json`; the status and what was answered.
pub(super) async fn post(
    valley: &Valley,
    account: Option<(&str, &str)>,
    mime: &str,
    body: &str,
) -> (StatusCode, Json) {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri("/ingest/json")
        .header(header::CONTENT_TYPE, mime)
        .header(header::CONTENT_LENGTH, body.len());
    if let Some((code, key)) = account {
        let basic = format!("Basic {}", STANDARD.encode(format!("{code}:{key}")));
        request = request.header(header::AUTHORIZATION, basic);
    }
    let request = request.body(Body::from(body.to_owned())).expect("a request");
    let answer = oneshot(&router(valley.gateway.intake()), request).await;
    (answer.status, answer.body)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_tells_what_was_taken_line_by_line() {
    let valley = Valley::new().await;
    let station = registered(&valley, CODE, &NAMES).await;
    let mine = Some((CODE, KEY));
    let one = level(&valley, 261.5);
    let (status, report) = post(&valley, mine, "application/json", &one).await;
    assert_eq!(
        (status, &report["records"], &report["values"]),
        (StatusCode::OK, &json!(1), &json!(1)),
        "{report}"
    );
    served(&valley, &station, "water_level", 261.5).await;
    let (status, _) = post(&valley, mine, "application/json", &one).await;
    assert_eq!(status, StatusCode::OK, "the same again is stored already");
    assert_eq!(valley.town.world.series().counts().held, 1);

    let later = valley.now() + base::Duration::from_mins(1);
    let lines = format!(
        "{{\"time\":\"{later}\",\"values\":{{\"water_level\":261.75}}}}\n{{\"time\":0}}\nnonsense\n"
    );
    let (status, report) = post(&valley, mine, "application/x-ndjson; charset=utf-8", &lines).await;
    assert_eq!(
        (status, &report["records"], &report["rejected"]),
        (StatusCode::OK, &json!(1), &json!(2)),
        "{report}"
    );
    assert_eq!(report["lines"][0]["line"], 2);
    assert_eq!(report["lines"][0]["reason"], "key \"values\" is missing");

    let table = format!("time,water_level,rain\n{later},,0\n{later},x,1\n");
    let (status, report) = post(&valley, mine, "text/csv", &table).await;
    assert_eq!((status, &report["rejected"]), (StatusCode::OK, &json!(1)), "{report}");
    served(&valley, &station, "rain", 0.0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_that_is_not_taken_says_why() {
    let valley = Valley::new().await;
    let station = registered(&valley, CODE, &NAMES).await;
    let mine = Some((CODE, KEY));
    let good = level(&valley, 261.5);
    let long = format!("{good}{}", " ".repeat(1 << 20));
    for (account, mime, body, status, code) in [
        (None, "application/json", good.as_str(), 401, "no-account"),
        (Some((CODE, "wrong-horse")), "application/json", &good, 403, "refused"),
        (Some(("nobody-1", KEY)), "application/json", &good, 403, "refused"),
        (mine, "application/xml", &good, 415, "unsupported-media-type"),
        (mine, "application/json", "{\"time\": 0}", 422, "unreadable"),
        (mine, "application/json", &long, 413, "too-large"),
        (mine, "text/csv", "ch4,co\n1,2\n", 422, "unreadable"),
    ] {
        let (seen, problem) = post(&valley, account, mime, body).await;
        assert_eq!((seen.as_u16(), &problem["code"]), (status, &json!(code)), "{problem}");
    }
    let (status, problem) = post(&valley, mine, "application/x-ndjson", "1\n2\n").await;
    assert_eq!((status.as_u16(), &problem["lines"][1]["line"]), (422, &json!(2)), "{problem}");
    let strangers = post(&valley, Some(("nobody-1", KEY)), "application/json", &good).await;
    let wrong = post(&valley, Some((CODE, "wrong-horse")), "application/json", &good).await;
    assert_eq!(strangers, wrong, "nobody is told whether a code is known");
    let readings = valley.get("段工", &format!("/api/stations/{}", text(&station["id"]))).await;
    assert_eq!(readings["sensors"][0]["latest"], Json::Null);
}

/// Debian's, which has the system's packages whatever else is on the path.
pub const PYTHON: &str = "/usr/bin/python3";

/// A program that is not there is said to be skipped; `make test` installs them all and
/// takes no excuse.
pub fn is_there(program: &str, argument: &str) -> bool {
    let mut run = Command::new(program);
    let status = run.arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_there = status.is_ok_and(|status| program != PYTHON || status.success());
    #[allow(clippy::disallowed_methods, reason = "set by `make test`, which skips nothing")]
    let must = std::env::var_os("SKIP_NOTHING").is_some();
    assert!(is_there || !must, "{program} {argument} is not installed");
    if !is_there {
        eprintln!("skipped: {program} {argument} is not installed (make tools)");
    }
    is_there
}

async fn ran(program: &str, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(program);
    command.args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = output.expect("no panic").expect("it starts");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mosquitto_pub_publishes_with_every_version_and_quality() {
    if !is_there("mosquitto_pub", "--help") {
        return;
    }
    let valley = Valley::new().await;
    let door = open(&valley).await;
    let station = registered(&valley, CODE, &NAMES).await;
    let port = door.address().port().to_string();
    let start = valley.now() - base::Duration::from_hours(1);
    let mut metres = 261.0;
    for (version, qualities) in [("mqttv311", &["0", "1", "2"][..]), ("mqttv5", &["0", "1"])] {
        for qos in qualities {
            metres += 0.25;
            let time = start + base::Duration::from_mins(((metres - 261.0) * 4.0) as i64);
            let payload = json!({ "time": time, "values": { "water_level": metres } }).to_string();
            let arguments = [
                "-V",
                version,
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-u",
                CODE,
                "-P",
                KEY,
                "-q",
                qos,
                "-t",
                "any/topic",
                "-m",
                &payload,
                "-d",
            ];
            let (is_well, said) = ran("mosquitto_pub", &arguments).await;
            assert!(is_well, "{version} {qos}: {said}");
            served(&valley, &station, "water_level", metres).await;
        }
        let arguments = [
            "-V",
            version,
            "-h",
            "127.0.0.1",
            "-p",
            &port,
            "-u",
            CODE,
            "-P",
            "wrong-horse",
            "-t",
            "t",
            "-m",
            "{}",
        ];
        let (is_well, said) = ran("mosquitto_pub", &arguments).await;
        assert!(!is_well && said.to_lowercase().contains("not authori"), "{said}");
    }
    let refused = [
        "-V",
        "mqttv5",
        "-h",
        "127.0.0.1",
        "-p",
        &port,
        "-u",
        CODE,
        "-P",
        KEY,
        "-q",
        "1",
        "-t",
        "t",
        "-m",
        "nonsense",
        "-d",
    ];
    let (_, said) = ran("mosquitto_pub", &refused).await;
    assert!(said.contains("RC:153"), "payload format invalid: {said}");
    door.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paho_publishes_a_thousand_messages_and_hears_each_acknowledged() {
    if !is_there(PYTHON, "-cimport paho.mqtt.client") {
        return;
    }
    let valley = Valley::new().await;
    let door = open(&valley).await;
    registered(&valley, CODE, &NAMES).await;
    let start = (valley.now() - base::Duration::from_hours(20)).as_millis().to_string();
    let port = door.address().port().to_string();
    for (version, count) in [("4", 1_000_u64), ("5", 2_000)] {
        let arguments = ["-c", PAHO, &port, CODE, KEY, version, &start, "1000"];
        let (is_well, said) = ran(PYTHON, &arguments).await;
        assert!(is_well && said.contains("acknowledged 1000"), "version {version}: {said}");
        assert_eq!(valley.town.world.series().counts().held as u64, count.min(1_000), "{said}");
    }
    until("all are counted", || door.counts().stored >= 2_000).await;
    door.close().await;
}

const PAHO: &str = r#"
import json, sys, threading
import paho.mqtt.client as mqtt
port, code, key, version, start, count = sys.argv[1:7]
version = mqtt.MQTTv5 if version == "5" else mqtt.MQTTv311
kinds = getattr(mqtt, "CallbackAPIVersion", None)
first = [kinds.VERSION1] if kinds else []
client = mqtt.Client(*first, client_id="paho", protocol=version)
client.username_pw_set(code, key)
done, acknowledged = threading.Event(), []
def published(*_):
    acknowledged.append(1)
    if len(acknowledged) == int(count):
        done.set()
client.on_publish = published
client.connect("127.0.0.1", int(port))
client.loop_start()
for number in range(int(count)):
    payload = {"time": int(start) + number * 1000, "values": {"water_level": 261 + number / 1000}}
    client.publish("paho/topic", json.dumps(payload), qos=1)
done.wait(150)
client.disconnect()
client.loop_stop()
print("acknowledged", len(acknowledged))
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_idle_clients_hold_nothing_and_one_more_is_served() {
    let most = 1_000;
    let valley = Valley::new().await;
    let door = open(&valley).await;
    registered(&valley, CODE, &NAMES).await;
    let mut idle = Vec::new();
    for number in 0..most {
        let (client, reason) =
            Client::connect(&door, hello(Version::V3, &format!("c{number}"))).await;
        assert_eq!(reason, 0);
        idle.push(client);
    }
    let (mut client, _) = Client::connect(&door, hello(Version::V5, "one more")).await;
    let heard = client.publish(1, level(&valley, 261.5)).await;
    assert_eq!(heard, Some(Packet::Puback { pid: 1, reason: 0 }));
    assert_eq!(valley.gateway.intake().bytes_in_flight(), 0, "the idle hold nothing");
    door.close().await;
}
