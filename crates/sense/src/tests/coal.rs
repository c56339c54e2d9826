//! Files of coal mines: out of the drop folder and over HTTP, good ones and bad ones.

use std::path::{Path, PathBuf};
use std::time::Duration;

use base::Timestamp;
use host::town::Scratch;
use serde_json::{Value as Json, json};
use wire::coal42::host::{Expected, Fault, Mine, MineConfig, spoil};

use super::town::{HUADIAN, Valley, sensor, text, until};
use crate::gateway::folder::{Config, watch};
use crate::simulate::coal42::{Options, Target, run};
use crate::simulate::{Acknowledged, Ledger};
use crate::{Protocol, station};

pub(super) const MINE: &str = "220282000001";
pub(super) const POINT: &str = "22028200000101MN00010001A";

/// A valley with a coal mine in it, whose folder is watched.
pub(super) struct Pit {
    pub valley: Valley,
    pub scratch: Scratch,
    pub mine: Mine,
}

impl Pit {
    pub async fn new() -> Pit {
        let pit = Pit::unwatched().await;
        pit.watch(Duration::from_secs(600));
        pit
    }

    pub async fn unwatched() -> Pit {
        let (code, name) = (MINE.to_owned(), "样例煤矿".to_owned());
        let mine = Mine::new(MineConfig { code, name, seed: 3, points: 24, persons: 90 });
        Pit { valley: Valley::new().await, scratch: Scratch::new(), mine }
    }

    pub fn watch(&self, patience: Duration) {
        let quick = Duration::from_millis(10);
        let directory = self.scratch.path().to_owned();
        let config = Config { look_every: quick, patience, again: quick, ..Config::new(directory) };
        watch(self.valley.gateway.intake(), config).expect("a folder of our own");
    }

    pub async fn registered(&self) -> Json {
        let body = json!({
            "protocol": "coal42", "name": "样例煤矿", "class": "mine", "region": HUADIAN,
            "period_s": 30, "elements": ["RYSS", "RYQJ"], "adopts": true,
            "password": "Key0123456789",
        });
        self.valley.register("段工", MINE, body).await
    }

    pub fn inbox(&self) -> PathBuf {
        let inbox = self.scratch.path().join("inbox").join(MINE);
        std::fs::create_dir_all(&inbox).expect("writable");
        inbox
    }

    /// Leaves a file in the mine's folder, whole from the first moment.
    pub fn leave(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let hidden = self.inbox().join(format!(".{name}"));
        std::fs::write(&hidden, bytes).expect("writable");
        let path = self.inbox().join(name);
        std::fs::rename(hidden, &path).expect("the same folder");
        path
    }

    pub fn file(&self, kind: &str, at: Timestamp) -> (String, Vec<u8>) {
        let drop = self.mine.drop(kind, at).expect("the mine writes it");
        (drop.name, drop.bytes)
    }

    pub fn send(&self, kind: &str, at: Timestamp) -> PathBuf {
        let (name, bytes) = self.file(kind, at);
        self.leave(&name, &bytes)
    }

    /// What lies in `quarantine`: names without their serial numbers, and their reasons.
    pub fn quarantine(&self) -> Vec<(String, String)> {
        let folder = self.scratch.path().join("quarantine").join(MINE);
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().into_string().expect("text");
            if let Some(of) = name.strip_suffix(".reason.txt") {
                let reason = std::fs::read_to_string(entry.path()).expect("readable");
                assert!(entry.path().with_file_name(of).symlink_metadata().is_ok(), "{of}");
                let of = of.split_once('+').map_or(of, |it| it.1);
                found.push((of.to_owned(), reason.trim_end().to_owned()));
            }
        }
        found.sort();
        found
    }
}

pub(super) async fn gone(path: &Path) {
    until(&format!("{} is taken", path.display()), || path.symlink_metadata().is_err()).await;
}

pub(super) fn latest(view: &Json, element: &str) -> Option<f64> {
    let sensors = view["sensors"].as_array().expect("sensors");
    let found = sensors.iter().find(|sensor| sensor["element"] == element)?;
    found["latest"]["value"].as_f64()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mines_files_become_sensors_and_readings_and_nobody_is_named() {
    let mut pit = Pit::new().await;
    let station = pit.registered().await;
    let path = format!("/api/stations/{}", text(&station["id"]));
    pit.mine.tell(0, 102);
    let now = pit.valley.now();
    // Values come before anybody said what they are.
    for kind in ["CDSS", "RYSS", "RYXX", "CDDY", "RYJZ", "JZSS", "TJSJ", "CGKCDDY", "CGKCDSS"] {
        gone(&pit.send(kind, now)).await;
    }
    let view = pit
        .valley
        .until("桦甸", &path, |view| {
            latest(view, POINT).is_some() && latest(view, "RYSS").is_some()
        })
        .await;
    assert_eq!(latest(&view, POINT), Some(1.02), "held until its point was defined");
    let heads = latest(&view, "RYSS").expect("heads");
    assert!(20.0 < heads && heads < 40.0, "{heads}");
    let sensors = view["sensors"].as_array().expect("sensors");
    let methane = sensors.iter().find(|it| it["element"] == POINT).expect("adopted");
    assert_eq!(
        (&methane["quantity"], &methane["mapping"]["high"]),
        (&json!("methane"), &json!(4.0))
    );
    assert_eq!(methane["mapping"]["name"], "1301综采工作面T11号");
    assert!(pit.quarantine().is_empty(), "{:?}", pit.quarantine());

    // Whose name is where, nobody reads: not in the API, and not on the disk.
    let persons = String::from_utf8(pit.file("RYSS", now).1).expect("UTF-8");
    let card = persons.split('~').nth(1).and_then(|it| it.split(';').next()).expect("a card");
    let points = pit.valley.get("桦甸", &format!("{path}/points")).await;
    assert!(!view.to_string().contains(card) && !points.to_string().contains(card));
    let directory = pit.valley.town.world.directory().to_owned();
    let holding = files(&directory).into_iter().chain(files(pit.scratch.path())).find(|path| {
        let bytes = std::fs::read(path).unwrap_or_default();
        bytes.windows(card.len()).any(|window| window == card.as_bytes())
    });
    assert_eq!(holding, None, "a card stands somewhere in clear");
}

/// Every file below a folder.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(files(&entry.path())),
            Ok(kind) if kind.is_file() => found.push(entry.path()),
            _ => {}
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_ends_where_it_should() {
    let pit = Pit::new().await;
    pit.registered().await;
    let now = pit.valley.now();
    let mut refused = Vec::new();
    for (number, fault) in (0..).zip(Fault::ALL) {
        // A minute each, so that no two have one name.
        let at = now - base::Duration::from_mins(60 - number);
        let at = if matches!(fault, Fault::Future | Fault::Ahead) { now } else { at };
        let drop = spoil(pit.mine.file("CDSS", at).expect("values"), fault);
        let path = pit.leave(&drop.name, &drop.bytes);
        match drop.expected {
            Expected::Waits => {}
            Expected::Refused(code) => {
                gone(&path).await;
                refused.push((drop.name, code));
            }
            Expected::Taken | Expected::TakenInPart => gone(&path).await,
        }
    }
    until("all bad ones are put away", || pit.quarantine().len() == refused.len()).await;
    refused.sort();
    for ((name, reason), (want, code)) in pit.quarantine().iter().zip(&refused) {
        assert_eq!(name, want);
        assert!(reason.starts_with(code), "{name}: {reason}");
    }
    let half: Vec<PathBuf> = files(&pit.inbox());
    assert_eq!(half.len(), 1, "half a file waits: {half:?}");
    let rejects =
        |page: &Json| page["items"].as_array().is_some_and(|it| it.len() == refused.len());
    let page = pit.valley.until("桦甸", "/api/rejects", rejects).await;
    assert!(page.to_string().contains("TOO_MANY_BAD"), "{page}");
    // Records that alone could not be read are said at the station.
    let omitted = |page: &Json| page.to_string().contains("FIELD_COUNT");
    let station =
        pit.valley.town.world.read_now(|db| station::find_by_code(db, Protocol::Coal42, MINE));
    let id = station.expect("reads").expect("registered").id;
    pit.valley.until("桦甸", &format!("/api/stations/{id}"), omitted).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_file_is_taken_when_it_is_whole_and_put_away_when_it_never_is() {
    let pit = Pit::unwatched().await;
    pit.registered().await;
    let now = pit.valley.now();
    let (name, bytes) = pit.file("CDSS", now);
    let growing = pit.inbox().join(&name);
    std::fs::write(&growing, &bytes[..bytes.len() / 2]).expect("writable");
    pit.watch(Duration::from_secs(600));
    // One that is whole, behind it, shows that the first was looked at.
    gone(&pit.send("JZSS", now)).await;
    assert!(growing.exists() && pit.quarantine().is_empty());
    std::fs::write(&growing, &bytes).expect("writable");
    gone(&growing).await;

    let lazy = Pit::unwatched().await;
    lazy.registered().await;
    let half = lazy.leave(&name, &bytes[..100]);
    lazy.watch(Duration::ZERO);
    gone(&half).await;
    until("it is put away", || lazy.quarantine().len() == 1).await;
    assert!(lazy.quarantine()[0].1.starts_with("INCOMPLETE"), "{:?}", lazy.quarantine());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_pipes_and_names_with_tricks_lead_nowhere() {
    let pit = Pit::new().await;
    pit.registered().await;
    let now = pit.valley.now();
    let (name, bytes) = pit.file("CDSS", now);
    // A secret that a link points at, in the form of a file that would be taken.
    let secret = pit.scratch.path().join("secret");
    std::fs::write(&secret, &bytes).expect("writable");
    let link = pit.inbox().join(&name);
    std::os::unix::fs::symlink(&secret, &link).expect("a link");
    let folder = pit.scratch.path().join("elsewhere");
    std::fs::create_dir_all(&folder).expect("writable");
    let (other, content) = pit.file("CDSS", now - base::Duration::from_mins(1));
    std::fs::write(folder.join(&other), &content).expect("writable");
    std::os::unix::fs::symlink(&folder, pit.inbox().join("jxry")).expect("a link");
    let hidden = pit.inbox().join(".220282000001_CDSS_20260803000000.txt.part");
    std::fs::write(&hidden, &content).expect("writable");
    let stray = pit.inbox().join("readme.doc");
    std::fs::write(&stray, "||").expect("writable");
    // Whole folders are walked, two deep.
    let deep = pit.inbox().join("aqjk").join(MINE);
    std::fs::create_dir_all(&deep).expect("writable");
    let (third, content) = pit.file("CDSS", now - base::Duration::from_mins(2));
    std::fs::write(deep.join(&third), &content).expect("writable");

    for path in [&link, &stray, &deep.join(&third), &pit.inbox().join("jxry")] {
        gone(path).await;
    }
    until("the tricks are put away", || pit.quarantine().len() == 3).await;
    let reasons: Vec<String> = pit.quarantine().into_iter().map(|it| it.1).collect();
    assert!(reasons.iter().filter(|it| it.starts_with("NOT_A_FILE")).count() == 2, "{reasons:?}");
    assert!(reasons.iter().any(|it| it.starts_with("NAME")), "{reasons:?}");
    assert_eq!(std::fs::read(&secret).expect("it is there"), bytes);
    assert!(folder.join(&other).exists() && hidden.exists(), "nobody followed a link");
    until("one file was delivered", || pit.valley.gateway.counts().delivered == 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mine_that_nobody_knows_waits_and_is_taken_in_when_it_is_registered() {
    let pit = Pit::new().await;
    let now = pit.valley.now();
    gone(&pit.send("CDDY", now)).await;
    let knocked = |page: &Json| page["items"][0]["claimed_code"] == MINE;
    pit.valley.until("桦甸", "/api/waiting-room", knocked).await;
    assert_eq!(pit.valley.gateway.counts().stored, 0);
    pit.registered().await;
    until("it is stored", || pit.valley.gateway.counts().stored == 1).await;
    assert!(pit.quarantine().is_empty());
    let taken = pit.scratch.path().join("taken").join(MINE);
    until("and gone", || files(&taken).is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_taken_before_a_crash_is_read_again_and_stored_once() {
    let pit = Pit::unwatched().await;
    pit.registered().await;
    let now = pit.valley.now();
    let (name, bytes) = pit.file("RYSS", now);
    // As it lies when the process ended between the rename and the settlement, twice.
    let taken = pit.scratch.path().join("taken").join(MINE);
    std::fs::create_dir_all(&taken).expect("writable");
    for serial in ["000000000004", "000000000007"] {
        std::fs::write(taken.join(format!("{serial}+{name}")), &bytes).expect("writable");
    }
    pit.watch(Duration::from_secs(600));
    until("both are read", || pit.valley.gateway.counts().stored == 2).await;
    let counts = pit.valley.gateway.counts();
    assert_eq!((counts.readings, counts.duplicates), (1, 1), "{counts:?}");
    until("and gone", || files(&taken).is_empty()).await;
}

/// The door for devices over HTTP, on a port of its own.
pub(super) async fn http(pit: &Pit) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("port 0");
    let address = listener.local_addr().expect("bound");
    let router = crate::gateway::http::router(pit.valley.gateway.intake());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// The status and the body of one request.
pub(super) async fn put(
    to: std::net::SocketAddr,
    path: &str,
    account: Option<&str>,
    body: &[u8],
) -> (u16, String) {
    use base64::Engine as _;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let account = account.map(|it| base64::engine::general_purpose::STANDARD.encode(it));
    let account = account.map(|it| format!("Authorization: Basic {it}\r\n")).unwrap_or_default();
    let length = body.len();
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: {to}\r\n{account}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    let mut stream = tokio::net::TcpStream::connect(to).await.expect("it listens");
    stream.write_all(&[head.as_bytes(), body].concat()).await.expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("text");
    let status = answer.get(9..12).and_then(|it| it.parse().ok()).expect("a status");
    (status, answer.split_once("\r\n\r\n").map_or(String::new(), |it| it.1.to_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_files_come_over_http_with_the_mines_key() {
    let pit = Pit::unwatched().await;
    pit.registered().await;
    let to = http(&pit).await;
    let now = pit.valley.now();
    let (name, bytes) = pit.file("RYSS", now);
    let path = format!("/ingest/coal42/{name}");
    let account = format!("{MINE}:Key0123456789");
    assert_eq!(put(to, &path, None, &bytes).await.0, 401);
    let wrong = put(to, &path, Some(&format!("{MINE}:Key01234567890")), &bytes).await;
    let unknown =
        put(to, &path.replace(MINE, "220282000009"), Some("220282000009:Key0123456789"), &[]).await;
    assert_eq!(wrong.0, 403);
    assert_eq!(unknown.0, 422, "nothing at all is no file: {}", unknown.1);
    let (other, content) = {
        let mut mine = pit.mine.clone();
        mine.config.code = "220282000009".to_owned();
        let drop = mine.drop("RYSS", now).expect("positions");
        (drop.name, drop.bytes)
    };
    let stranger =
        put(to, &format!("/ingest/coal42/{other}"), Some("220282000009:Key0123456789"), &content)
            .await;
    assert_eq!(stranger, wrong, "nobody hears which of code and key is wrong");
    let foreign = put(to, &format!("/ingest/coal42/{other}"), Some(&account), &content).await;
    assert_eq!((foreign.0, foreign.1.contains("other-mine")), (403, true), "{}", foreign.1);
    let half = put(to, &path, Some(&account), &bytes[..90]).await;
    assert_eq!((half.0, half.1.contains("INCOMPLETE")), (422, true), "{}", half.1);
    let tricks = put(to, "/ingest/coal42/..%2F..%2Fetc%2Fpasswd", Some(&account), &bytes).await;
    assert_eq!(tricks.0, 422);
    assert_eq!(pit.valley.gateway.counts().stored, 0);

    let good = put(to, &path, Some(&account), &bytes).await;
    assert_eq!(good.0, 200, "{}", good.1);
    let again = put(to, &path, Some(&account), &bytes).await;
    assert_eq!(again.0, 200, "what is known is stored as well");
    let counts = pit.valley.gateway.counts();
    assert_eq!((counts.stored, counts.readings, counts.duplicates), (2, 1, 1), "{counts:?}");
    // What was wrong of it is kept without what it says of persons.
    let page = pit
        .valley
        .until("桦甸", "/api/rejects", |page| page.to_string().contains("INCOMPLETE"))
        .await;
    let card =
        String::from_utf8_lossy(&bytes).split('~').nth(1).map(|it| hex::encode_upper(&it[..17]));
    assert!(!page.to_string().contains(&card.expect("a record")), "{page}");
}

/// Whether there is a reading for every key of the ledger.
fn is_there(pit: &Pit, ledger: &[Acknowledged]) -> bool {
    let world = &pit.valley.town.world;
    let station = world.read_now(|db| station::find_by_code(db, Protocol::Coal42, MINE));
    let station = station.expect("reads").expect("registered");
    ledger.iter().flat_map(|line| line.values.keys().map(move |it| (line, it))).all(|(line, it)| {
        let Some(found) = station.sensors.iter().find(|sensor| sensor.element == *it) else {
            return false;
        };
        let Some(series) = world.series().series_of(found.id.into()) else { return false };
        let next = line.observed + base::Duration::from_millis(1);
        !world.series().range(series, line.observed, next, None).expect("reads").is_empty()
    })
}

/// Every value of the ledger is what the platform serves for that key.
fn compare(pit: &Pit, ledger: &[Acknowledged]) -> usize {
    let world = &pit.valley.town.world;
    let station = world.read_now(|db| station::find_by_code(db, Protocol::Coal42, MINE));
    let station = station.expect("reads").expect("registered");
    let mut compared = 0;
    for line in ledger {
        for (element, value) in &line.values {
            let found = station.sensors.iter().find(|sensor| sensor.element == *element);
            let found = found.unwrap_or_else(|| panic!("{element} has no sensor"));
            let series = world.series().series_of(found.id.into()).expect("a series");
            let next = line.observed + base::Duration::from_millis(1);
            let readings = world.series().range(series, line.observed, next, None).expect("reads");
            assert_eq!(readings.len(), 1, "{element} at {}", line.observed);
            assert_eq!(readings[0].value, found.mapping.apply(*value).0, "{element}");
            compared += 1;
        }
    }
    compared
}

async fn played(pit: &Pit, target: Target, ledger: &Path) -> Vec<Acknowledged> {
    let start = pit.valley.now() - base::Duration::from_mins(20);
    let options = Options {
        lasting: Some(base::Duration::from_mins(10)),
        speed: 0.0,
        faults: 100,
        seed: 20_260_803,
        ledger: Ledger::create(ledger).expect("a new file"),
        ..Options::new(vec![pit.mine.clone()], target, start)
    };
    let summary = run(options).await.expect("ran");
    assert_eq!(summary.given_up, 0, "{summary:?}");
    assert!(3 < summary.faults && 50 < summary.acknowledged, "{summary:?}");
    Ledger::read(ledger).expect("readable")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_simulated_mines_left_in_their_folder_is_stored_value_by_value() {
    let pit = Pit::new().await;
    let station = pit.registered().await;
    gone(&pit.send("CDDY", pit.valley.now())).await;
    let target = Target::Folder(pit.scratch.path().join("inbox"));
    let ledger = played(&pit, target, &pit.scratch.path().join("ledger.ndjson")).await;
    let taken = pit.scratch.path().join("taken").join(MINE);
    until("all is settled", || files(&taken).is_empty()).await;
    let path = format!("/api/stations/{}", text(&station["id"]));
    pit.valley.until("桦甸", &path, is_adopted).await;
    until("what came before its point was a sensor is read", || is_there(&pit, &ledger)).await;
    assert!(compare(&pit, &ledger) > 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_simulated_mines_were_told_over_http_is_stored_is_stored_value_by_value() {
    let pit = Pit::unwatched().await;
    let station = pit.registered().await;
    let to = http(&pit).await;
    let (name, bytes) = pit.file("CDDY", pit.valley.now());
    let account = format!("{MINE}:Key0123456789");
    let sent = put(to, &format!("/ingest/coal42/{name}"), Some(&account), &bytes).await;
    assert_eq!(sent.0, 200, "{}", sent.1);
    let path = format!("/api/stations/{}", text(&station["id"]));
    pit.valley.until("桦甸", &path, is_adopted).await;
    let target = Target::Http { to, keys: vec!["Key0123456789".to_owned()] };
    let ledger = played(&pit, target, &pit.scratch.path().join("ledger.ndjson")).await;
    assert!(compare(&pit, &ledger) > 400);
}

/// Whether the methane point has become a sensor.
pub(super) fn is_adopted(view: &Json) -> bool {
    let sensors = view["sensors"].as_array().expect("sensors");
    sensors.iter().any(|it| it["element"] == POINT) && sensor(view, POINT).is_string()
}
