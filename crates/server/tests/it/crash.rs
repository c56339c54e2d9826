//! What was acknowledged survives SIGKILL, value by value.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use base::Timestamp;
use host::town::Scratch;
use sense::simulate::{Acknowledged, Dice, Ledger};
use serde_json::{Value as Json, json};

use crate::client::{Answer, Client};
use crate::node::{Node, fengsui, run, said};
use crate::patience::until;
use crate::town::{ENGINEER, HUADIAN, OFFICER, OFFICER_OF_HUADIAN};

const KILLS: usize = 5;
/// How much work a node may take until it is ready after a crash, in the middle one of all
/// starts. How long that is says more of the machine: a disk that others write to has been
/// seen to stand for 15 s.
const RESTART: Duration = Duration::from_secs(5);
/// Demonstration stations that report meanwhile.
pub const STATIONS: [&str; 4] = ["0010820551", "0010830039", "0010830042", "0010830074"];
pub const REPORTS: u32 = 400;
const WAIT: Duration = Duration::from_secs(300);

/// A command that the node said yes to.
pub struct Done {
    key: String,
    path: &'static str,
    place: String,
    pub body: Json,
    reply: Json,
    pub seq: i64,
    /// How often the node died before it answered.
    unanswered: u32,
}

/// What writers share.
#[derive(Default)]
pub struct Work {
    pub enough: AtomicBool,
    pub acknowledged: AtomicU64,
}

impl Work {
    fn goes_on(&self) -> bool {
        !self.enough.load(Ordering::Relaxed)
    }
}

/// Sends until there is an answer, however often the node dies meanwhile; answers
/// how often it did.
fn insist(client: &Client, method: &str, path: &str, body: &Json, key: &str) -> (Answer, u32) {
    let mut unanswered = 0;
    let answer = until("an answer", WAIT, || {
        let answer = client.try_ask(method, path, Some(body), Some(key));
        if answer.is_err() {
            unanswered += 1;
            until("the node is back", WAIT, || {
                client.try_ask("GET", "/readyz", None, None).ok().filter(|a| a.status == 200)
            });
        }
        answer.ok()
    });
    (answer, unanswered)
}

/// Posts commands one after the other, each with a key of its own.
pub fn commands(
    work: &Work,
    client: &Client,
    path: &'static str,
    place: &str,
    body: impl Fn(u64) -> Json,
) -> Vec<Done> {
    let mut done = Vec::new();
    for number in 0.. {
        if !work.goes_on() {
            break;
        }
        let (body, key) = (body(number), format!("{path}-{number}"));
        let (answer, unanswered) = insist(client, "POST", place, &body, &key);
        let answer = answer.ok();
        let seq = answer.seq().expect("a command has its place in the log");
        let place = place.to_owned();
        done.push(Done { key, path, place, body, reply: answer.body, seq, unanswered });
        work.acknowledged.fetch_add(1, Ordering::Relaxed);
    }
    done
}

/// Types a call, key by key; what was saved is there again after each crash.
/// Answers the last text and how often it was typed.
fn typing(work: &Work, client: &Client, path: &str) -> (String, u64) {
    let text = |number: u64| format!("第{number}句：河水上涨");
    let (mut number, mut revision) = (0, 0);
    while work.goes_on() {
        let body = json!({ "what": text(number), "region": HUADIAN, "hazard": "flood" });
        match client.try_ask("PUT", path, Some(&body), None) {
            Ok(answer) => {
                let answer = answer.ok();
                let saved = answer.body["revision"].as_i64().expect("a number");
                assert!(revision < saved, "revision {saved} after {revision}");
                (number, revision) = (number + 1, saved);
                work.acknowledged.fetch_add(1, Ordering::Relaxed);
            }
            Err(_) => {
                let kept = until("the call is there again", WAIT, || {
                    client.try_ask("GET", path, None, None).ok()
                });
                if number == 0 && kept.status == 404 {
                    continue;
                }
                let kept = kept.ok().field("what");
                let saved = number.checked_sub(1).map(text);
                let either = [saved, Some(text(number))];
                assert!(either.contains(&Some(kept.clone())), "{kept} after {number} were saved");
                if kept == text(number) {
                    (number, revision) = (number + 1, revision + 1);
                }
            }
        }
    }
    (text(number - 1), number)
}

/// Lines of a file that is being written.
pub fn lines(path: &Path) -> u64 {
    let bytes = std::fs::read(path).unwrap_or_default();
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

pub fn simulate(node: &Node, start: Timestamp, ledger: &Path) -> Child {
    let mut command = fengsui(&["simulate", "sl651", "--faults", "15", "--seed", "20260803"]);
    command.args(["--to", &node.sl651.to_string(), "--start", &start.to_string()]);
    command.args(["--period", "60", "--speed", "1800", "--answer", "400"]);
    command.args(["--reports", &REPORTS.to_string(), "--rise", "240", "--lead", "60"]);
    for code in STATIONS {
        command.args(["--station", code]);
    }
    command.arg("--ledger").arg(ledger).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the binary starts")
}

#[test]
fn kill_minus_nine_loses_nothing_acknowledged() {
    let scratch = Scratch::new();
    let (directory, ledger) = (scratch.path().join("node"), scratch.path().join("ledger.ndjson"));
    let mut node = Node::start(&directory);
    eprintln!("first start: ready after {:?}", node.ready_after);
    let ports = [node.web.port(), node.sl651.port()];
    let [officer, of_huadian, engineer] =
        [OFFICER, OFFICER_OF_HUADIAN, ENGINEER].map(|account| Client::sign_in(node.web, account));
    let call = "/api/intakes/0198f000-0000-7000-8000-000000000002";
    let said_first = json!({ "what": "河水上涨", "region": HUADIAN, "hazard": "flood" });
    officer.ask("PUT", call, Some(&said_first)).ok();
    let incident = officer.ask("POST", &format!("{call}/open"), None).ok().field("id");
    let notes = format!("/api/incidents/{incident}/notes");
    // A day of the river fits before now: the stations' clocks run fast.
    let start = Timestamp::from_millis(host::world::wall_clock().as_millis() / 60_000 * 60_000)
        - base::Duration::from_hours(12);
    let mut stations = simulate(&node, start, &ledger);

    let work = Work::default();
    let typed = "/api/intakes/0198f000-0000-7000-8000-000000000003";
    let mut ready = Vec::new();
    let mut dice = Dice::new(0x0F_E6_50_1E);
    let (node, noted, registered, call) = std::thread::scope(|scope| {
        let noting = scope.spawn(|| {
            commands(&work, &officer, "/notes", &notes, |number| json!({ "text": line(number) }))
        });
        let registering = scope.spawn(|| {
            commands(&work, &engineer, "/stations", "/api/stations", |number| {
                json!({ "code": format!("1099{number:04}"), "name": format!("新站{number}"),
                    "class": "river", "region": HUADIAN, "period_s": 300, "elements": ["Z"] })
            })
        });
        let typing = scope.spawn(|| typing(&work, &of_huadian, typed));
        for kill in 1..=KILLS {
            // In the midst of it, somewhere after a few more of each.
            let commands = work.acknowledged.load(Ordering::Relaxed) + 10 + dice.below(80) as u64;
            let reports = lines(&ledger) + 20 + dice.below(120) as u64;
            until("more is acknowledged", WAIT, || {
                let is_enough = commands <= work.acknowledged.load(Ordering::Relaxed)
                    && reports <= lines(&ledger);
                is_enough.then_some(())
            });
            node.kill();
            if kill == KILLS {
                verified(&directory);
            }
            node = Node::start_on(&directory, ports);
            let (after, work) = (node.ready_after, node.ready_work);
            eprintln!("start {kill} after a kill: ready after {after:?}, {work:?} of work");
            ready.push(work);
        }
        work.enough.store(true, Ordering::Relaxed);
        let written = "a writer does not panic";
        let (noted, registered) =
            (noting.join().expect(written), registering.join().expect(written));
        (node, noted, registered, typing.join().expect(written))
    });
    ready.sort();
    assert!(ready[KILLS / 2] < RESTART, "{ready:?}");
    until("the stations have told everything", WAIT, || stations.try_wait().expect("it is ours"));
    let told = said(&stations.wait_with_output().expect("it ended"));
    eprintln!("{}{}", told.0, told.1);

    let ledger = Ledger::read(&ledger).expect("readable");
    assert!(4 * REPORTS as usize / 2 < ledger.len(), "{} reports", ledger.len());
    let values = readings_are_there(&officer, &ledger, start);
    let unanswered = noted.iter().chain(&registered).map(|done| done.unanswered).sum::<u32>();
    eprintln!(
        "{} reports, {values} values, {} notes, {} stations, {} keys typed, {unanswered} commands \
         sent again",
        ledger.len(),
        noted.len(),
        registered.len(),
        call.1
    );
    again_is_the_same(&officer, &noted);
    again_is_the_same(&engineer, &registered);
    notes_are_there(&officer, &incident, &noted);
    stations_are_there(&engineer, &registered);
    assert_eq!(of_huadian.get(typed).ok().field("what"), call.0);
    node.stop();
    verified(&directory);
}

pub fn line(number: u64) -> String {
    format!("第{number}行：水位平稳")
}

pub fn verified(directory: &Path) {
    let output = run(&["verify", directory.to_str().expect("a plain path")]);
    let (told, complaints) = said(&output);
    assert_eq!(output.status.code(), Some(0), "{told}{complaints}");
    assert!(told.ends_with("verified\n"), "{told}");
}

/// Every value of the ledger is served at its time; answers how many were compared.
pub fn readings_are_there(client: &Client, ledger: &[Acknowledged], start: Timestamp) -> usize {
    let mut served: BTreeMap<(String, String, i64), f64> = BTreeMap::new();
    let to = start + base::Duration::from_mins(i64::from(REPORTS));
    for station in client.all("/api/stations") {
        let code = station["code"].as_str().expect("a code").to_owned();
        for sensor in station["sensors"].as_array().expect("sensors") {
            if !STATIONS.contains(&code.as_str()) {
                continue;
            }
            let id = sensor["id"].as_str().expect("an id");
            let path = format!("/api/sensors/{id}/readings?from={start}&to={to}");
            let record = client.get(&path).ok().body;
            assert!(record["buckets"].is_null(), "few enough to be given as they are");
            assert_eq!(record["superseded"], json!([]), "nothing was corrected");
            for point in record["points"].as_array().expect("points") {
                let element = sensor["element"].as_str().expect("an element").to_owned();
                let key = (code.clone(), element, point[0].as_i64().expect("ms"));
                let value = point[1].as_f64().expect("a value");
                assert_eq!(served.insert(key, value), None, "one value at a time");
            }
        }
    }
    let mut compared = 0;
    for line in ledger {
        for (element, value) in &line.values {
            let key = (line.station.clone(), element.clone(), line.observed.as_millis());
            assert_eq!(served.get(&key), Some(value), "{key:?} was acknowledged");
            compared += 1;
        }
    }
    compared
}

/// The same requests again, after the crashes: the same replies, and no second fact.
fn again_is_the_same(client: &Client, done: &[Done]) {
    let (recent, before) = (done.len().saturating_sub(20), done.len());
    let again = (0..before).filter(|at| recent <= *at || 0 < done[*at].unanswered);
    for Done { key, path, place, body, reply, seq, .. } in again.map(|at| &done[at]) {
        let answer = client.try_ask("POST", place, Some(body), Some(key)).expect("it is there");
        assert_eq!(answer.body, *reply, "{path} {key}");
        assert_eq!(answer.seq(), Some(*seq), "{path} {key}");
    }
    let Done { key, place, body, .. } = &done[0];
    let mut other = body.clone();
    let field = if body["text"].is_string() { "text" } else { "name" };
    other[field] = json!("另一句");
    let answer = client.try_ask("POST", place, Some(&other), Some(key)).expect("it is there");
    assert_eq!(answer.refusal(), (422, "idempotency-key-reused"));
}

/// Each note stands once in the time line, where its reply said.
pub fn notes_are_there(client: &Client, incident: &str, done: &[Done]) {
    let mut written: BTreeMap<i64, String> = BTreeMap::new();
    let mut after = 0;
    loop {
        let path = format!("/api/incidents/{incident}/timeline?limit=2000&after={after}");
        let page = client.get(&path).ok().body;
        for item in page["items"].as_array().expect("lines") {
            if item["kind"] == "incident.noted" {
                let text = item["detail"].as_str().or(item["title"].as_str());
                written.insert(item["seq"].as_i64().expect("a seq"), text.expect("text").into());
            }
        }
        match page["next"].as_str() {
            Some(next) => after = next.parse().expect("a seq"),
            None => break,
        }
    }
    let expected: BTreeMap<i64, String> = done
        .iter()
        .map(|done| (done.seq, done.body["text"].as_str().expect("text").to_owned()))
        .collect();
    assert_eq!(written, expected);
}

/// Each station is there as it was answered, by one fact.
pub fn stations_are_there(client: &Client, done: &[Done]) {
    let listed = client.all("/api/stations?q=1099");
    let mut facts: BTreeMap<String, i64> = BTreeMap::new();
    for fact in client.all("/api/facts?kind=station.registered") {
        let subject = fact["subject"].as_str().expect("a subject").to_owned();
        let seq = fact["seq"].as_i64().expect("a seq");
        assert_eq!(facts.insert(subject, seq), None, "a station is registered once");
    }
    assert_eq!(listed.len(), done.len(), "as many as were acknowledged, and no other");
    for Done { body, reply, seq, .. } in done {
        let id = reply["id"].as_str().expect("an id");
        let station = listed.iter().find(|station| station["id"] == id);
        let station = station.unwrap_or_else(|| panic!("{reply} was acknowledged"));
        assert_eq!(station["name"], body["name"]);
        assert_eq!(station["code"], reply["code"]);
        assert_eq!(station["sensors"][0]["id"], reply["sensors"][0]["id"]);
        assert_eq!(facts.get(id), Some(seq), "{id}");
    }
}
