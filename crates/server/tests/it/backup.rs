//! A backup of a node under load, and the node that is made of it.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::Duration;

use base::Timestamp;
use host::town::Scratch;
use sense::simulate::Ledger;
use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::crash::{self, Work, commands, line, lines, simulate, verified};
use crate::node::{Node, fengsui, run, said};
use crate::patience::until;
use crate::town::{ENGINEER, HUADIAN, OFFICER};

const WAIT: Duration = Duration::from_secs(300);

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// Runs the binary, which must succeed; answers what it said.
#[track_caller]
fn done(arguments: &[&str]) -> String {
    let output = run(arguments);
    let (told, complaints) = said(&output);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {told}{complaints}");
    told
}

/// Runs the binary, which must refuse; answers all it said.
#[track_caller]
fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    let (told, complaints) = said(&output);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {told}{complaints}");
    told + &complaints
}

/// The backup's directory and its own last number, from what `backup` said.
fn taken(told: &str) -> (PathBuf, i64) {
    let directory = told.lines().next().expect("it names the backup").into();
    let head = told.lines().find_map(|line| line.trim().strip_prefix("head demo:"));
    let seq = head.and_then(|head| head.split(':').next()?.parse().ok());
    (directory, seq.expect("it names the head"))
}

/// What is in a directory of backups, drafts and locks apart; nothing in one that was
/// never made.
fn backups(directory: &Path) -> Vec<String> {
    let entries = match std::fs::read_dir(directory) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        entries => entries.expect("readable"),
    };
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.expect("readable").file_name().to_string_lossy().into_owned()
    };
    entries.map(name).filter(|name| !name.ends_with(".lock")).collect()
}

/// A finding by what makes it one: rule, sensor, onset.
fn key(finding: &Json) -> (String, String, String) {
    let text = |value: &Json| value.as_str().expect("a text").to_owned();
    (text(&finding["rule"]["id"]), text(&finding["sensor"]), text(&finding["onset"]))
}

/// Whether all readings that fired a finding are in this node's series.
fn has_values(client: &Client, finding: &Json) -> bool {
    let sensor = finding["sensor"].as_str().expect("an id");
    let values = finding["values"].as_array().expect("values");
    values.iter().all(|value| {
        let time: Timestamp = value["time"].as_str().expect("a time").parse().expect("a time");
        let to = time + base::Duration::from_millis(1);
        let path = format!("/api/sensors/{sensor}/readings?from={time}&to={to}");
        client.get(&path).ok().body["points"].as_array().is_some_and(|points| points.len() == 1)
    })
}

#[test]
fn a_backup_under_load_becomes_a_node_with_all_that_was_acknowledged_before_it() {
    let scratch = Scratch::new();
    let path = |name: &str| scratch.path().join(name);
    let (directory, ledger) = (path("node"), path("ledger.ndjson"));
    let node = Node::start(&directory);
    let [officer, engineer] = [OFFICER, ENGINEER].map(|who| Client::sign_in(node.web, who));
    let call = "/api/intakes/0198f000-0000-7000-8000-000000000012";
    let said_first = json!({ "what": "河水上涨", "region": HUADIAN, "hazard": "flood" });
    officer.ask("PUT", call, Some(&said_first)).ok();
    let incident = officer.ask("POST", &format!("{call}/open"), None).ok().field("id");
    let notes = format!("/api/incidents/{incident}/notes");
    let start = Timestamp::from_millis(host::world::wall_clock().as_millis() / 60_000 * 60_000)
        - base::Duration::from_hours(12);
    let mut stations = simulate(&node, start, &ledger);

    let work = Work::default();
    let (told, before, mut noted, mut registered) = std::thread::scope(|scope| {
        let noting = scope.spawn(|| {
            commands(&work, &officer, "/notes", &notes, |number| json!({ "text": line(number) }))
        });
        let registering = scope.spawn(|| {
            commands(&work, &engineer, "/stations", "/api/stations", |number| {
                json!({ "code": format!("1099{number:04}"), "name": format!("新站{number}"),
                    "class": "river", "region": HUADIAN, "period_s": 300, "elements": ["Z"] })
            })
        });
        // About when the river passes its line.
        until("the river rises", WAIT, || (560 < lines(&ledger)).then_some(()));
        let before = (lines(&ledger), work.acknowledged.load(Ordering::Relaxed));
        let to = path("backups");
        let output = run(&["backup", "--directory", text(&directory), "--to", text(&to)]);
        let (reports, acknowledged) = (lines(&ledger), work.acknowledged.load(Ordering::Relaxed));
        until("the node goes on", WAIT, || {
            let more = reports < lines(&ledger)
                && acknowledged < work.acknowledged.load(Ordering::Relaxed);
            more.then_some(())
        });
        work.enough.store(true, Ordering::Relaxed);
        let written = "a writer does not panic";
        let (noted, registered) =
            (noting.join().expect(written), registering.join().expect(written));
        (output, before, noted, registered)
    });
    let (told, complaints) = said(&told);
    assert!(complaints.contains("real: readings"), "it says how far it is: {told}{complaints}");
    let (backup, seq) = taken(&told);
    until("the stations have told everything", WAIT, || stations.try_wait().expect("it is ours"));
    stations.wait().expect("it ended");
    let found = officer.all("/api/findings");
    assert!(!found.is_empty(), "the river passed its line");
    let trail = Client::sign_in(node.web, "audit").all("/api/trail");
    let of_backup = |entry: &&Json| entry["kind"] == "backup.taken";
    assert_eq!(trail.iter().filter(of_backup).count(), 1, "who reads the trail sees it: {trail:?}");
    node.stop();

    assert_eq!(backups(&path("backups")).len(), 1);
    assert!(done(&["verify", text(&backup), "--fold"]).ends_with("verified\n"));
    let (into, copy) = (path("restored"), text(&backup).to_owned());
    let told = done(&["restore", "--from", &copy, "--to", text(&into)]);
    assert!(told.contains(&format!("after its #{seq} is lost")), "{told}");
    assert!(
        refused(&["restore", "--from", &copy, "--to", text(&into)]).contains("expected an empty")
    );

    let node = Node::start(&into);
    let [officer, engineer] = [OFFICER, ENGINEER].map(|who| Client::sign_in(node.web, who));
    let ledger = Ledger::read(&ledger).expect("readable");
    let values = crash::readings_are_there(&officer, &ledger[..before.0 as usize], start);
    let all = noted.len() + registered.len();
    noted.retain(|done| done.seq <= seq);
    registered.retain(|done| done.seq <= seq);
    let kept = noted.len() + registered.len();
    assert!(before.1 as usize <= kept && kept < all, "{} of {kept} of {all}", before.1);
    crash::notes_are_there(&officer, &incident, &noted);
    crash::stations_are_there(&engineer, &registered);

    let expected: BTreeSet<_> =
        found.iter().filter(|finding| has_values(&officer, finding)).map(key).collect();
    let again = until("every reading is judged", WAIT, || {
        let again = officer.all("/api/findings");
        (expected.len() <= again.len()).then_some(again)
    });
    let keys: BTreeSet<_> = again.iter().map(key).collect();
    assert_eq!(keys.len(), again.len(), "none is there twice");
    assert_eq!(keys, expected);
    eprintln!("{values} values, {kept} of {all} commands, {} findings", keys.len());
    let facts = Client::sign_in(node.web, "audit").all("/api/facts?kind=node.restored");
    assert_eq!(facts.len(), 1);
    assert_eq!(facts[0]["seq"], seq + 1);
    node.stop();
    verified(&into);
    assert!(done(&["verify", text(&into), "--fold"]).contains("0 tables differ"));
}

/// What the console says to these bytes.
fn console(directory: &Path, asked: &[u8]) -> String {
    let mut stream = UnixStream::connect(directory.join("console")).expect("it is open");
    stream.write_all(asked).expect("it listens");
    let mut said = String::new();
    stream.read_to_string(&mut said).expect("it answers and hangs up");
    said
}

#[test]
fn the_console_refuses_what_it_does_not_know_and_holds_up_no_stop() {
    let scratch = Scratch::new();
    let directory = scratch.path().join("node");
    let node = Node::start(&directory);
    let mode = std::fs::metadata(directory.join("console")).expect("a socket").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    for wrong in [
        &b"\n"[..],
        b"\xff\xfe\n",
        b"{\"restore\":{}}\n",
        b"{\"backup\":{\"to\":\"backups\",\"keys_to\":null,\"keep\":null}}\n",
        b"{\"backup\":{\"to\":\"/proc/no\",\"keys_to\":null,\"keep\":null}}\n",
    ] {
        let said = console(&directory, wrong);
        assert!(said.is_empty() || said.starts_with("{\"refused\":"), "{said}");
    }
    // Beyond what a request may be: it is not even read to its end.
    let mut stream = UnixStream::connect(directory.join("console")).expect("it is open");
    let _ = stream.write_all(&vec![b' '; 1 << 20]);
    let silent = UnixStream::connect(directory.join("console")).expect("it is open");
    node.stop();
    drop(silent);
    assert!(!directory.join("console").exists());
}

#[test]
fn a_killed_node_is_copied_too_and_a_broken_or_full_disk_is_said() {
    let scratch = Scratch::new();
    let path = |name: &str| scratch.path().join(name);
    let directory = path("node");
    let node = Node::start(&directory);
    crate::town::warned(&node);
    let session = Client::sign_in(node.web, OFFICER);
    node.kill();
    let (data, to, keys) = (path("node"), path("backups"), path("keys"));
    let arguments =
        |to: &Path| ["backup", "--directory", text(&data), "--to", text(to)].map(str::to_owned);

    // As on a full disk: writing beyond 64 KiB fails.
    let mut full = Command::new("sh");
    full.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"]);
    full.arg(fengsui(&[]).get_program()).args(arguments(&path("full")));
    let output = full.stdin(Stdio::null()).output().expect("it runs");
    let (told, complaints) = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}{complaints}");
    assert_eq!(backups(&path("full")), [""; 0], "{complaints}");

    let first = arguments(&to);
    let first: Vec<&str> = first.iter().map(String::as_str).collect();
    let (backup, _) = taken(&done(&[&first[..], &["--keys-to", text(&keys)]].concat()));
    assert_eq!(backups(&keys), ["demo.keys.db"]);
    let copy = text(&backup).to_owned();
    done(&["verify", &copy]);
    let frames = backup.join("worlds/real/documents/00000001.pack");
    let database = backup.join("worlds/real/facts.db");
    for file in [&frames, &database, &backup.join("manifest.json")] {
        let whole = std::fs::read(file).expect("readable");
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 0x10;
        std::fs::write(file, changed).expect("written");
        let name = file.file_name().expect("a name").to_str().expect("plain");
        for told in [
            refused(&["verify", &copy]),
            refused(&["restore", "--from", &copy, "--to", text(&path("never"))]),
        ] {
            assert!(told.contains(name), "{name}: {told}");
        }
        std::fs::write(file, whole).expect("written");
    }
    let into = path("restored");
    done(&["restore", "--from", &copy, "--to", text(&into), "--keys", text(&keys)]);
    let node = Node::start(&into);
    let mut old = session;
    old.web = node.web;
    assert_eq!(old.get("/api/session").status, 401, "who was signed in signs in anew");
    let warnings = Client::sign_in(node.web, OFFICER).all("/api/warnings");
    assert_eq!(warnings.len(), 1);
}
