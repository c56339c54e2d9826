//! Devices of every protocol: as they are registered, and as they are played.

use std::net::SocketAddr;
use std::path::PathBuf;

use base::{Duration, Timestamp};
use sense::simulate::{self, Faults, LOGGED, Ledger, Plays, RisingRiver, Summary, coal42};
use serde_json::{Value as Json, json};
use wire::coal42::host::{Mine, MineConfig};
use wire::gateway::Key;
use wire::mqtt::Version;
use wire::sl651::StationClass;

use crate::console::Asking;
use crate::officer::Present;

/// How all of them are played.
pub struct Course {
    /// What their clocks show at last.
    pub end: Timestamp,
    /// By their clocks.
    pub lasting: Duration,
    pub speed: f64,
    pub faults: u32,
    pub seed: u64,
    pub answer: Duration,
    pub ledgers: PathBuf,
}

/// By the devices' clocks.
const PERIOD: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);
const HYDROLOGICAL: [&str; 4] = ["Z", "PJ", "PT", "VT"];
const SL651_PASSWORD: u16 = 0xA1B2;
const TANKS: usize = 2;
const POINTS: usize = 40;
const PERSONS: usize = 60;

/// Where devices connect to, as the node says it.
struct Doors {
    sl651: SocketAddr,
    gateway: SocketAddr,
    mqtt: SocketAddr,
    http: SocketAddr,
}

/// Devices that a node knows.
pub struct Fleet {
    doors: Doors,
    stations: Vec<simulate::sl651::Device>,
    gateways: Vec<simulate::gateway::Device>,
    loggers: Vec<simulate::mqtt::Device>,
    posting: Vec<simulate::http::Device>,
    mines: Vec<Mine>,
    key: String,
}

/// What came of the devices of one simulator.
pub struct Played {
    pub name: &'static str,
    /// The protocol under which they are registered.
    pub protocol: &'static str,
    pub summary: Summary,
    pub ledger: PathBuf,
}

impl Fleet {
    /// Registers `count` devices of each simulator in a division, under codes that the
    /// moment makes new.
    pub fn register(
        engineer: &Present,
        count: u32,
        region: &str,
        now: Timestamp,
    ) -> Result<Fleet, String> {
        let answers = engineer.ask(vec![Asking::get("/api/protocols")])?;
        let doors = Doors::of(answers.first().unwrap_or(&Json::Null))?;
        let key = secret::<12>()?;
        let fleet = Fleet::new(doors, key, count, region, now)?;
        engineer.ask(fleet.registrations(region))?;
        Ok(fleet)
    }

    fn new(
        doors: Doors,
        key: String,
        count: u32,
        region: &str,
        now: Timestamp,
    ) -> Result<Fleet, String> {
        let tag = now.as_millis().div_euclid(1_000).rem_euclid(10_000);
        let division = region.get(..6).unwrap_or("000000");
        let mut fleet = Fleet {
            doors,
            stations: Vec::new(),
            gateways: Vec::new(),
            loggers: Vec::new(),
            posting: Vec::new(),
            mines: Vec::new(),
            key,
        };
        let gateway_key = format!("aes base64 {} {}", secret::<8>()?, secret::<8>()?);
        let gateway_key = Key::parse(&gateway_key).map_err(|error| error.to_string())?;
        for number in 1..=count {
            let address = format!("0099{tag:04}{number:02}");
            fleet.stations.push(simulate::sl651::Device {
                address: address.parse().map_err(|error| format!("{address}: {error}"))?,
                password: SL651_PASSWORD,
                class: StationClass::RIVER,
                elements: HYDROLOGICAL.map(str::to_owned).to_vec(),
                river: river(number),
            });
            fleet.gateways.push(simulate::gateway::Device {
                code: format!("9{tag:04}00{number:02}01"),
                key: gateway_key.clone(),
                tanks: TANKS,
                seed: u64::from(number),
                is_connected: true,
                scene: simulate::gateway::Scene::default(),
            });
            let is_old = number % 2 == 1;
            fleet.loggers.push(simulate::mqtt::Device {
                code: format!("sim-mqtt-{tag:04}-{number:02}"),
                key: fleet.key.clone(),
                version: if is_old { Version::V3 } else { Version::V5 },
                elements: LOGGED.map(str::to_owned).to_vec(),
                river: river(number),
            });
            fleet.posting.push(simulate::http::Device {
                code: format!("sim-http-{tag:04}-{number:02}"),
                key: fleet.key.clone(),
                elements: LOGGED.map(str::to_owned).to_vec(),
                river: river(number),
                gauges: Vec::new(),
            });
            fleet.mines.push(Mine::new(MineConfig {
                code: format!("{division}{tag:04}{number:02}"),
                name: format!("模拟煤矿{number}"),
                seed: u64::from(number),
                points: POINTS,
                persons: PERSONS,
            }));
        }
        Ok(fleet)
    }

    fn registrations(&self, region: &str) -> Vec<Asking> {
        let station = |protocol: &str, class: &str, code: String, password: &str, more: Json| {
            let mut body = json!({
                "protocol": protocol, "class": class, "code": code, "password": password,
                "name": format!("模拟 {code}"), "region": region, "period_s": 60,
            });
            for (name, value) in more.as_object().into_iter().flatten() {
                body[name] = value.clone();
            }
            Asking::post("/api/stations", body)
        };
        let named = |names: &[&str]| json!({ "elements": names });
        let password = format!("{SL651_PASSWORD:04X}");
        let hydrological = self.stations.iter().map(|device| {
            station("sl651", "river", device.code(), &password, named(&HYDROLOGICAL))
        });
        let gateways = self.gateways.iter().map(|device| {
            let more = json!({ "elements": device.points() });
            station("gateway", "chemical", device.code(), &device.key.words(), more)
        });
        let logger =
            |code: &String| station("json", "river", code.clone(), &self.key, named(&LOGGED));
        let loggers = self.loggers.iter().map(|device| logger(&device.code));
        let posting = self.posting.iter().map(|device| logger(&device.code));
        let mines = self.mines.iter().map(|mine| {
            let more = json!({ "elements": ["RYSS"], "adopts": true });
            station("coal42", "mine", mine.config.code.clone(), &self.key, more)
        });
        hydrological.chain(gateways).chain(loggers).chain(posting).chain(mines).collect()
    }

    /// Plays all of them at the same time.
    pub async fn play(self, course: &Course) -> Result<Vec<Played>, String> {
        let Doors { sl651, gateway, mqtt, http } = self.doors;
        let keys = self.mines.iter().map(|_| self.key.clone()).collect();
        let target = coal42::Target::Http { to: http, keys };
        let (stations, gateways, loggers, posting, mines) = tokio::join!(
            course.play("sl651", "sl651", sl651, self.stations),
            course.play("gateway", "gateway", gateway, self.gateways),
            course.play("mqtt", "json", mqtt, self.loggers),
            course.play("http", "json", http, self.posting),
            course.dig(target, self.mines),
        );
        Ok(vec![stations?, gateways?, loggers?, posting?, mines?])
    }
}

impl Doors {
    fn of(protocols: &Json) -> Result<Doors, String> {
        let of = |protocol: &str, road: &str| {
            let items = protocols["items"].as_array().into_iter().flatten();
            let found = items.into_iter().find(|it| it["protocol"] == protocol);
            let text = found.and_then(|it| it[road].as_str()).unwrap_or_default();
            let address = text.strip_prefix("http://").unwrap_or(text).split('/').next();
            address.unwrap_or_default().parse().map_err(|_| {
                format!("the door of {protocol} ({road}) is {text:?}, expected it to be open")
            })
        };
        Ok(Doors {
            sl651: of("sl651", "tcp")?,
            gateway: of("gateway", "tcp")?,
            mqtt: of("json", "tcp")?,
            http: of("json", "http")?,
        })
    }
}

impl Course {
    async fn play<D: Plays>(
        &self,
        name: &'static str,
        protocol: &'static str,
        to: SocketAddr,
        devices: Vec<D>,
    ) -> Result<Played, String> {
        let mut options = simulate::Options::new(to, devices, self.end - self.lasting);
        options.speed = self.speed;
        options.period = PERIOD;
        let reports = self.lasting.as_millis() / PERIOD.as_millis();
        options.reports = Some(u32::try_from(reports).map_err(|error| error.to_string())?);
        options.slots = 50;
        options.answer = self.answer;
        options.faults = Faults::all(self.faults);
        options.seed = self.seed;
        let (ledger, file) = self.ledger(name)?;
        options.ledger = file;
        let summary = simulate::run(options).await.map_err(|error| format!("{name}: {error}"))?;
        Ok(Played { name, protocol, summary, ledger })
    }

    /// Mines say once in a day which points they have: their clocks begin just before.
    async fn dig(&self, target: coal42::Target, mines: Vec<Mine>) -> Result<Played, String> {
        let days = (self.end - self.lasting).as_millis().div_euclid(DAY.as_millis());
        let start = Timestamp::from_millis(days * DAY.as_millis() - 1_000);
        let mut options = coal42::Options::new(mines, target, start);
        options.lasting = Some(self.lasting);
        options.speed = self.speed;
        options.faults = self.faults;
        options.seed = self.seed;
        let millis = u64::try_from(self.answer.as_millis()).unwrap_or(0);
        options.answer = std::time::Duration::from_millis(millis);
        let (ledger, file) = self.ledger("coal42")?;
        options.ledger = file;
        let summary = coal42::run(options).await.map_err(|error| format!("coal42: {error}"))?;
        Ok(Played { name: "coal42", protocol: "coal42", summary, ledger })
    }

    fn ledger(&self, name: &str) -> Result<(PathBuf, Ledger), String> {
        let path = self.ledgers.join(format!("{name}.ndjson"));
        let file = Ledger::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok((path, file))
    }
}

/// Each its own, so that values of one device are not by chance those of another.
fn river(number: u32) -> RisingRiver {
    RisingRiver {
        base: 200.0 + f64::from(number),
        crest: 203.0 + f64::from(number),
        lead: Duration::from_mins(30),
        rise: Duration::from_hours(3),
        rain_mm: 80.0,
    }
}

/// So many random bytes in hexadecimal digits.
fn secret<const BYTES: usize>() -> Result<String, String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| format!("random bytes: {error}"))?;
    Ok(hex::encode(bytes))
}
