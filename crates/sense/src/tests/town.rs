//! A town with a river, a gateway on port 0, and devices that connect to it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use base::Timestamp;
use host::Permission;
use host::town::{Answer, Town};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wire::sl651::{
    Body, Coding, Content, Decimal, Direction, Element, End, Frame, Function, LengthForm, Section,
    StationAddress, StationClass, parse, write,
};

use crate::gateway::{self, Config, Listening};
use crate::intake::{self, Intake};
use crate::protocol::Sl651;
use crate::{reject, station, waiting};

/// How long any story waits for anything.
pub const PATIENCE: Duration = Duration::from_secs(120);

pub const HUADIAN: &str = "220282";
pub const PANSHI: &str = "220284";
pub const QINGSHI: &str = "0010820551";
pub const ALL: [Permission; 6] = [
    station::READ,
    station::REGISTER,
    station::command::ASK,
    station::command::SET,
    waiting::ADMIT,
    reject::READ,
];

/// A town whose gateway is open.
pub struct Valley {
    pub gateway: Listening,
    pub town: Town,
}

impl Valley {
    pub async fn new() -> Valley {
        Valley::with(quick()).await
    }

    /// 段工 registers in the whole city, 桦甸 and 磐石 have an engineer each.
    pub async fn with(limits: Limits) -> Valley {
        Valley::of(Town::new(vec![crate::part()]), limits).await
    }

    /// The same in a town of its own.
    pub async fn of(town: Town, limits: Limits) -> Valley {
        town.regions(&[
            ("220200", "220200"),
            ("220200", HUADIAN),
            ("220200", PANSHI),
            (HUADIAN, HUADIAN),
            (PANSHI, PANSHI),
        ]);
        town.person("段工", "220200", &ALL);
        town.person("桦甸", HUADIAN, &ALL);
        town.person("磐石", PANSHI, &ALL);
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let intake = Intake::open(&town.world, limits.intake);
        let gateway = gateway::listen(&intake, address, limits.door);
        Valley { gateway: gateway.await.expect("port 0 is free"), town }
    }

    pub fn now(&self) -> Timestamp {
        self.town.world.clock().now()
    }

    /// Registers 青石湾 in 桦甸 with a period of five minutes; answers its view.
    pub async fn qingshi(&self, elements: &[&str]) -> Json {
        let body = details("青石湾水文站", HUADIAN, elements);
        self.register("段工", QINGSHI, body).await
    }

    pub async fn register(&self, who: &str, code: &str, mut body: Json) -> Json {
        body["code"] = json!(code);
        let answer = self.town.post(who, "/api/stations", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.body);
        answer.body
    }

    pub async fn device(&self, address: &str) -> Device {
        Device::connect(self.gateway.address(), address).await
    }

    /// Asks until the answer is as wanted.
    pub async fn until(&self, who: &str, path: &str, wanted: impl Fn(&Json) -> bool) -> Json {
        let began = Instant::now();
        loop {
            let Answer { status, body, .. } = self.town.get(who, path).await;
            if status == StatusCode::OK && wanted(&body) {
                return body;
            }
            assert!(began.elapsed() < PATIENCE, "{path} stays {status} {body:#}");
            moment().await;
        }
    }

    pub async fn get(&self, who: &str, path: &str) -> Json {
        let answer = self.town.get(who, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {:?}", answer.body);
        answer.body
    }

    /// `[minutes after 08:00, value]` of one sensor within a day before and after.
    pub async fn points(&self, sensor: &Json) -> Vec<(i64, f64)> {
        let eight = Timestamp::from_beijing([2026, 8, 3], [8, 0, 0]).expect("a real minute");
        let (from, to) =
            (eight - base::Duration::from_hours(24), eight + base::Duration::from_hours(24));
        let path = format!("/api/sensors/{}/readings?from={from}&to={to}", text(sensor));
        let record = self.get("段工", &path).await;
        let points = record["points"].as_array().expect("points").iter();
        points
            .map(|point| {
                let ms = point[0].as_i64().expect("milliseconds");
                ((ms - eight.as_millis()) / 60_000, point[1].as_f64().expect("a number"))
            })
            .collect()
    }
}

/// The limits of a door for SL 651 and of the intake behind it.
pub struct Limits {
    pub door: Config<Sl651>,
    pub intake: intake::Config,
}

/// Limits that a story can wait for.
pub fn quick() -> Limits {
    let door = Config::<Sl651>::default();
    let intake =
        intake::Config { write_every: Duration::from_millis(20), ..intake::Config::default() };
    Limits { door, intake }
}

/// Gives half a frame up soon. Only where none has to be whole in time: this process may
/// stand still for longer between two of its pieces.
pub fn impatient() -> Limits {
    let mut limits = quick();
    limits.door.session.partial = base::Duration::from_millis(200);
    limits
}

pub fn details(name: &str, region: &str, elements: &[&str]) -> Json {
    json!({
        "name": name,
        "class": "river",
        "region": region,
        "river": "辉发河",
        "point": { "lon": 126.9998, "lat": 43.032 },
        "period_s": 300,
        "elements": elements,
    })
}

/// The id of a station or sensor.
pub fn text(id: &Json) -> &str {
    id.as_str().expect("an id is text")
}

/// The sensor of an element, out of a station's view.
pub fn sensor<'a>(station: &'a Json, element: &str) -> &'a Json {
    let sensors = station["sensors"].as_array().expect("sensors");
    let found = sensors.iter().find(|sensor| sensor["element"] == element);
    &found.expect("the element is registered")["id"]
}

/// Gives others a moment; never what a story's outcome depends on.
pub async fn moment() {
    let never = std::future::pending::<()>();
    let _ = tokio::time::timeout(Duration::from_millis(5), never).await;
}

/// Waits until something is so.
pub async fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "in vain: {what}");
        moment().await;
    }
}

/// A device on a real socket.
pub struct Device {
    pub stream: TcpStream,
    pub address: StationAddress,
    pub password: u16,
    heard: Vec<u8>,
}

impl Device {
    pub async fn connect(gateway: SocketAddr, address: &str) -> Device {
        let stream = TcpStream::connect(gateway).await.expect("the gateway listens");
        stream.set_nodelay(true).expect("an option of every socket");
        let address = address.parse().expect("an address");
        Device { stream, address, password: 0xA1B2, heard: Vec::new() }
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.expect("the gateway reads");
    }

    /// The next frame from the centre.
    pub async fn hear(&mut self) -> Frame {
        let began = Instant::now();
        loop {
            if let Ok((frame, rest)) = parse(&self.heard) {
                self.heard = rest.to_vec();
                return frame;
            }
            assert!(began.elapsed() < PATIENCE, "the centre says nothing");
            let mut buffer = [0; 512];
            let read = tokio::time::timeout(PATIENCE, self.stream.read(&mut buffer)).await;
            let count = read.expect("the centre answers in time").expect("a whole connection");
            assert_ne!(count, 0, "the centre hung up");
            self.heard.extend_from_slice(&buffer[..count]);
        }
    }

    /// The serial that the centre acknowledges next.
    pub async fn acknowledged(&mut self) -> u16 {
        let frame = self.hear().await;
        assert_eq!((frame.direction, frame.end), (Direction::Down, End::Esc));
        frame.serial().expect("an acknowledgement has a serial")
    }

    /// Waits for the centre to hang up; answers whether it said anything before.
    pub async fn hung_up(&mut self) -> bool {
        let mut said = Vec::new();
        let read = tokio::time::timeout(PATIENCE, self.stream.read_to_end(&mut said)).await;
        // A reset is a way of hanging up.
        let _ = read.expect("the centre hangs up in time");
        !said.is_empty()
    }

    /// A timed report (32) of elements observed at one time.
    pub fn report(&self, serial: u16, observed: Timestamp, elements: &[Element]) -> Vec<u8> {
        self.message(Function::TIMED, serial, observed, elements)
    }

    pub fn message(
        &self,
        function: Function,
        serial: u16,
        observed: Timestamp,
        elements: &[Element],
    ) -> Vec<u8> {
        let class = StationClass::RIVER;
        let section = Section::observed(self.address, class, observed, elements.to_vec());
        self.frame(function, serial, observed, Content::Report(vec![section]))
    }

    pub fn frame(
        &self,
        function: Function,
        serial: u16,
        sent: Timestamp,
        content: Content,
    ) -> Vec<u8> {
        let body = Body { serial, sent, station: None, content };
        let body = body.encode(Coding::Hex).expect("a body of this century");
        self.bytes(function, body)
    }

    /// A frame with any body.
    pub fn bytes(&self, function: Function, body: Vec<u8>) -> Vec<u8> {
        let frame = Frame {
            coding: Coding::Hex,
            direction: Direction::Up,
            centre: 1,
            station: self.address,
            password: self.password,
            function,
            packet: None,
            length: LengthForm::Twelve,
            body,
            end: End::Etx,
        };
        write(&frame).expect("a frame of ordinary size")
    }
}

/// A water level in millimetres.
pub fn level(millimetres: i64) -> Element {
    Element::number(0x39, Decimal::new(millimetres, 3)).expect("Z has three decimals")
}

/// Sends one report and waits for its acknowledgement.
pub async fn report(device: &mut Device, serial: u16, observed: Timestamp, millimetres: i64) {
    let frame = device.report(serial, observed, &[level(millimetres)]);
    device.send(&frame).await;
    assert_eq!(device.acknowledged().await, serial);
}

/// Source of the station's line, from `/api/sources`, by name.
pub fn by_name(page: &Json) -> BTreeMap<String, Json> {
    let items = page["items"].as_array().expect("items").iter();
    items.map(|item| (text(&item["name"]).to_owned(), item.clone())).collect()
}
