//! Two nodes with a one-way gateway between them: files, carried by nobody they know.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use host::town::Scratch;
use sense::simulate::Dice;
use serde_json::{Value as Json, json};

use crate::client::{Client, PASSWORD};
use crate::crash::{Done, Work, commands, line, verified};
use crate::node::{Node, run, run_with, said};
use crate::patience::until;
use crate::town::{HUADIAN, OFFICER, id, warned};

const WAIT: Duration = Duration::from_secs(300);
/// Of each node.
const KILLS: usize = 3;

/// A node of the pair, which starts again on the same ports.
struct Side {
    directory: PathBuf,
    config: PathBuf,
    origin: &'static str,
    ports: [u16; 2],
}

impl Side {
    fn new(scratch: &Path, origin: &'static str, exchange: &str) -> Side {
        let config = scratch.join(format!("{origin}.toml"));
        std::fs::write(&config, format!("[exchange]\nevery_s = 1\n{exchange}")).expect("written");
        Side { directory: scratch.join(origin), config, origin, ports: [0, 0] }
    }

    fn start(&mut self) -> Node {
        let config = self.config.to_str().expect("a plain path");
        let more = ["--origin", self.origin, "--config", config];
        let node = Node::start_with(&self.directory, self.ports, &more);
        self.ports = [node.web.port(), node.sl651.port()];
        node
    }

    /// Runs `fengsui neighbour …` on this running node, as its security officer.
    fn decides(&self, arguments: &[&str]) -> Json {
        let output = self.asked(arguments, PASSWORD);
        let (told, complaints) = said(&output);
        assert!(output.status.success(), "{arguments:?}: {complaints}");
        serde_json::from_str(&told).expect("JSON")
    }

    fn asked(&self, arguments: &[&str], password: &str) -> Output {
        let directory = self.directory.to_str().expect("a plain path");
        run_with(&[&["neighbour"], arguments, &["--directory", directory]].concat(), password)
    }
}

/// Has everybody stop, also when the story ends early.
struct Stop<'a>([&'a AtomicBool; 2]);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        let [enough, carrying] = self.0;
        enough.store(true, Ordering::Relaxed);
        carrying.store(false, Ordering::Relaxed);
    }
}

/// Segments in a directory, sorted; drafts are nobody's.
fn segments(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).expect("is there");
    let names = entries.map(|entry| entry.expect("reads").file_name().into_string());
    let mut names: Vec<String> = names.map(|name| name.expect("text")).collect();
    names.retain(|name| name.ends_with(".segment") && !name.starts_with('.'));
    names.sort();
    names
}

/// The number of the last entry that a segment's file holds, by its name.
fn last_of(name: &str) -> Option<i64> {
    name.split(['.', '-']).nth(2).and_then(|last| last.parse().ok())
}

/// Carries what is in `out` to `inbox`, as a gateway does that copies slowly under the final
/// name and knows nothing of either node.
fn carry(out: &Path, inbox: &Path) {
    for name in segments(out) {
        let bytes = std::fs::read(out.join(&name)).expect("is there");
        let (first, second) = bytes.split_at(bytes.len() / 2);
        std::fs::write(inbox.join(&name), first).expect("written");
        let mut options = std::fs::OpenOptions::new();
        match options.append(true).open(inbox.join(&name)) {
            Ok(mut file) => std::io::Write::write_all(&mut file, second).expect("written"),
            // The same file was there already, and has just been taken.
            Err(_) => std::fs::write(inbox.join(&name), &bytes).expect("written"),
        }
        std::fs::remove_file(out.join(&name)).expect("carried");
    }
}

/// How far `origin`'s log is at a node.
fn position(system: &Client, origin: &str) -> i64 {
    let Ok(answer) = system.try_ask("GET", "/api/segments", None, None) else { return -1 };
    let origins = answer.body["origins"].as_array().cloned().unwrap_or_default();
    let found = origins.iter().find(|it| it["origin"] == origin);
    found.and_then(|it| it["position"].as_i64()).unwrap_or(0)
}

/// Says of every uncertain file that it is to be written again: nobody has seen it.
fn decide_what_is_uncertain(system: &Client) -> usize {
    let uncertain = system.all("/api/errands?state=uncertain");
    for errand in &uncertain {
        let again = json!({ "decision": "try_again", "reason": "网闸未见此文件" });
        system.post(&format!("/api/errands/{}/resolve", id(errand)), again).ok();
    }
    uncertain.len()
}

/// Waits until the province has all that the county has.
fn all_is_there(county: &Client, province: &Client) -> i64 {
    until("all of the county is at the province", WAIT, || {
        decide_what_is_uncertain(county);
        let newest = position(county, "huadian");
        (0 < newest && position(province, "huadian") == newest).then_some(newest)
    })
}

/// Notes of an incident, by their text, as a node shows them.
fn notes(client: &Client, incident: &str) -> Vec<String> {
    let path = format!("/api/incidents/{incident}/timeline?limit=2000");
    let page = client.get(&path).ok().body;
    assert!(page["next"].is_null(), "one page holds them");
    let items = page["items"].as_array().expect("lines").iter();
    let noted = items.filter(|item| item["kind"] == "incident.noted");
    let text = |item: &Json| item["detail"].as_str().or(item["title"].as_str()).map(str::to_owned);
    let mut texts: Vec<String> = noted.map(|item| text(item).expect("text")).collect();
    texts.sort();
    texts
}

/// The end of an origin's chain in a stopped node's log, as `verify` says it.
fn head_of(directory: &Path, origin: &str) -> String {
    let output = run(&["verify", directory.to_str().expect("a plain path")]);
    let (told, complaints) = said(&output);
    assert!(output.status.success(), "{told}{complaints}");
    let wanted = format!("  head {origin}:");
    let found = told.lines().find(|line| line.starts_with(&wanted)).map(str::to_owned);
    found.unwrap_or_else(|| panic!("no {wanted} in {told}"))
}

#[test]
fn files_go_one_way_and_nothing_is_lost_or_twice_whoever_dies() {
    let scratch = Scratch::new();
    let [out, inbox] = ["out", "in"].map(|name| scratch.path().join(name));
    for directory in [&out, &inbox] {
        std::fs::create_dir(directory).expect("made");
    }
    let to = format!("[[exchange.outbox]]\nneighbour = \"province\"\ndirectory = {out:?}\n");
    let mut below = Side::new(scratch.path(), "huadian", &to);
    let mut above = Side::new(scratch.path(), "province", &format!("inbox = {inbox:?}\n"));
    let (county, province) = (below.start(), above.start());

    // Nothing is written before somebody said what may be read; wrong passwords say nothing.
    let warning = warned(&county);
    let refused = below.asked(&["let-read", "province", "--region", "220000"], "wrong");
    assert!(!refused.status.success() && said(&refused).1.contains("sign-in-refused"));
    let system = Client::sign_in(county.web, "system");
    let state = system.get("/api/segments/exchange").ok().body;
    assert_eq!(
        (&state["outboxes"][0]["may_read"], &state["outboxes"][0]["last"]),
        (&json!(false), &json!(0))
    );
    assert_eq!(segments(&out), [""; 0]);
    below.decides(&["let-read", "province", "--region", "220000", "--openness", "sensitive"]);
    until("a file is written", WAIT, || (!segments(&out).is_empty()).then_some(()));

    // A file from a stranger waits; the key is compared, and it is taken by itself.
    carry(&out, &inbox);
    let system_above = Client::sign_in(province.web, "system");
    let waits = until("it waits", WAIT, || {
        let state = system_above.get("/api/segments/exchange").ok().body;
        let waiting = state["inbox"]["waiting"].as_array().cloned().unwrap_or_default();
        waiting.first().cloned()
    });
    assert_eq!((&waits["why"], &waits["origin"]), (&json!("untrusted"), &json!("huadian")));
    assert!(system_above.get("/metrics").text.contains("fengsui_inbox_waiting 1\n"));
    let key = below.decides(&["key"]);
    let fingerprint = key["fingerprint"].as_str().expect("a fingerprint");
    let trusted = above.decides(&["trust", "huadian", fingerprint, "--region", "220000"]);
    assert_eq!(trusted["fingerprint"], fingerprint);
    let [officer, officer_above] =
        [&county, &province].map(|node| Client::sign_in(node.web, OFFICER));
    let seen = until("the county's warning is at the province", WAIT, || {
        carry(&out, &inbox);
        officer_above.all("/api/warnings").into_iter().find(|it| it["region"] == HUADIAN)
    });
    assert_eq!((&seen["id"], &seen["title"]), (&warning["id"], &warning["title"]));

    // Both die again and again while the county writes and the gateway carries.
    let opened = officer.post("/api/incidents", json!({ "warning": id(&warning) })).ok();
    let incident = opened.field("id");
    let path = format!("/api/incidents/{incident}/notes");
    let (work, carrying) = (Work::default(), AtomicBool::new(true));
    let mut dice = Dice::new(0x0F_E6_50_1F);
    let mut nodes = (county, province);
    let (county, province, noted): (Node, Node, Vec<Done>) = std::thread::scope(|scope| {
        let _stop = Stop([&work.enough, &carrying]);
        let noting = scope.spawn(|| {
            commands(&work, &officer, "/notes", &path, |number| json!({ "text": line(number) }))
        });
        scope.spawn(|| {
            while carrying.load(Ordering::Relaxed) {
                carry(&out, &inbox);
                std::thread::park_timeout(Duration::from_millis(20));
            }
        });
        for kill in 0..2 * KILLS {
            let enough = work.acknowledged.load(Ordering::Relaxed) + 5 + dice.below(20) as u64;
            until("more is acknowledged", WAIT, || {
                (enough <= work.acknowledged.load(Ordering::Relaxed)).then_some(())
            });
            if kill % 2 == 0 {
                nodes.0.kill();
                nodes.0 = below.start();
            } else {
                nodes.1.kill();
                nodes.1 = above.start();
            }
        }
        work.enough.store(true, Ordering::Relaxed);
        let noted = noting.join().expect("a writer does not panic");
        all_is_there(&system, &system_above);
        (nodes.0, nodes.1, noted)
    });
    let mut acknowledged: Vec<String> =
        noted.iter().map(|done| done.body["text"].as_str().expect("text").to_owned()).collect();
    acknowledged.sort();
    assert_eq!(notes(&officer, &incident), acknowledged);
    assert_eq!(notes(&officer_above, &incident), acknowledged, "{} notes", acknowledged.len());
    eprintln!("{} notes went one way", acknowledged.len());

    // One byte is enough to refuse a file, and the right one is taken afterwards.
    let before = position(&system_above, "huadian");
    officer.post(&path, json!({ "text": "末一行" })).ok();
    let newest = position(&system, "huadian");
    // Not one that was decided to be written again.
    let is_last = |name: &String| last_of(name).is_some_and(|last| newest <= last);
    let name = until("the last file", WAIT, || segments(&out).pop().filter(is_last));
    let right = std::fs::read(out.join(&name)).expect("is there");
    let mut wrong = right.clone();
    wrong[right.len() / 2] ^= 1;
    std::fs::write(inbox.join(&name), &wrong).expect("carried");
    let refused = until("it is refused", WAIT, || {
        let state = system_above.get("/api/segments/exchange").ok().body;
        let refused = state["inbox"]["refused"].as_array().cloned().unwrap_or_default();
        refused.into_iter().find(|it| it["file"] == name.as_str())
    });
    let beside = inbox.join("refused").join(format!("{name}.reason.txt"));
    let beside = until("it is beside it", WAIT, || std::fs::read_to_string(&beside).ok());
    assert!(beside.contains(refused["reason"].as_str().expect("text")), "{beside} {refused}");
    assert!(beside.contains("expected") || beside.contains("came"), "{beside}");
    assert_eq!(position(&system_above, "huadian"), before);
    std::fs::write(inbox.join(&name), &right).expect("carried");
    until("it is taken", WAIT, || (before < position(&system_above, "huadian")).then_some(()));

    // No second warning, no second finding: the province saw, and did not react.
    let all = officer_above.all("/api/warnings");
    assert_eq!(all.len(), 1, "{all:?}");
    for kind in ["warning.proposed", "finding.raised", "notice.sent", "incident.opened"] {
        let of = |client: &Client| -> Vec<String> {
            let facts = client.all(&format!("/api/facts?kind={kind}"));
            let mut subjects: Vec<String> = facts
                .iter()
                .map(|fact| fact["subject"].as_str().expect("text").to_owned())
                .collect();
            subjects.sort();
            subjects
        };
        assert!(!of(&officer).is_empty(), "{kind}");
        assert_eq!(of(&officer), of(&officer_above), "{kind}");
    }
    let health = system_above.get("/api/health").ok().body;
    assert_eq!(
        health["unapplied"],
        json!({ "refused": 0, "unread": 0, "outside": 0,
        "conflicts": 0, "unknown": 0 }),
        "{}",
        health["unapplied"]
    );
    county.stop();
    province.stop();
    verified(&above.directory);
    let sent = last_of(&name);
    let ends = head_of(&above.directory, "huadian");
    assert!(ends.starts_with(&format!("  head huadian:{}:", sent.expect("a number"))), "{ends}");
    assert_eq!(head_of(&below.directory, "huadian"), ends, "the same chain, to its end");
}
