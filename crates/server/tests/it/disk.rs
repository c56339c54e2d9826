//! A disk that fills up under a running node, and empties again.
//!
//! The node's directory is a small tmpfs in a mount namespace of its own
//! (`unshare -rm`, or `unshare -m` for root where users may not have one); this
//! story reaches it through `/proc/PID/root`. Without either it fails and says so.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use base::Timestamp;
use host::town::Scratch;
use sense::simulate::Ledger;
use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::crash::{REPORTS, lines, readings_are_there, simulate};
use crate::node::Node;
use crate::patience::until;
use crate::town::{ENGINEER, HUADIAN, OFFICER};

const WAIT: Duration = Duration::from_secs(180);
const MIB: usize = 256;

/// Mounts the tmpfs where the last argument says, and ends as the node.
fn on_a_small_disk(directory: &Path) -> Vec<String> {
    let allows = |how: &str| {
        let mount = "mount -t tmpfs -o size=1m none /tmp";
        let tried = Command::new("unshare").args([how, "sh", "-c", mount]).output();
        tried.is_ok_and(|output| output.status.success())
    };
    let how = ["-rm", "-m"].into_iter().find(|how| allows(how));
    let how =
        how.expect("a mount namespace: `unshare -rm` must work here, or `unshare -m` as root");
    eprintln!("the disk is a tmpfs of {MIB} MiB by unshare {how}");
    let (path, size) = (directory.display(), format!("size={MIB}m"));
    let script = format!(
        "mount -t tmpfs -o {size} none '{path}' && exec env -u FENGSUI_DISK_COUNTED_GIB \"$0\" \"$@\""
    );
    ["unshare", how, "sh", "-c", &script].map(str::to_owned).to_vec()
}

/// What is free, in per cent, as the node is to see it.
fn free(disk: &Path) -> f64 {
    let seen = rustix::fs::statvfs(disk).expect("the disk is there");
    seen.f_bavail as f64 * 100.0 / seen.f_blocks as f64
}

/// Fills the disk until only so many per cent are free.
fn fill(disk: &Path, name: &str, leave: f64) -> PathBuf {
    let total = (MIB << 20) as f64;
    let bytes = ((free(disk) - leave) / 100.0 * total).max(0.0) as usize;
    let path = disk.join(name);
    std::fs::write(&path, vec![7; bytes]).expect("there is room for it");
    path
}

fn room(client: &Client) -> Json {
    client.get("/api/duty").ok().body["disk"]["room"].clone()
}

fn registers(client: &Client, number: u32) -> crate::client::Answer {
    let body = json!({ "code": format!("1099900{number}"), "name": "满盘时登记", "class": "river",
        "region": HUADIAN, "period_s": 300, "elements": ["Z"] });
    client.post("/api/stations", body)
}

#[test]
fn a_full_disk_refuses_aloud_loses_nothing_and_is_got_over_by_itself() {
    let scratch = Scratch::new();
    let directory = scratch.path().join("disk");
    std::fs::create_dir(&directory).expect("a new directory");
    let program = on_a_small_disk(&directory);
    let program: Vec<&str> = program.iter().map(String::as_str).collect();
    let node = Node::start_under(&program, &directory, [0, 0]);
    let disk = PathBuf::from(format!("/proc/{}/root{}", node.pid(), directory.display()));
    let [officer, engineer] = [OFFICER, ENGINEER].map(|account| Client::sign_in(node.web, account));
    let ballast = disk.join("ballast");
    until("the ballast is made", WAIT, || ballast.exists().then_some(()));
    assert_eq!(room(&officer), "ample");
    assert_eq!(officer.get("/readyz").ok().text, "ready\n");

    let ledgers = ["before.ndjson", "after.ndjson"].map(|name| scratch.path().join(name));
    let minute = Timestamp::from_millis(host::world::wall_clock().as_millis() / 60_000 * 60_000);
    let first = minute - base::Duration::from_hours(15);
    let mut stations = simulate(&node, first, &ledgers[0]);
    until("the river is told", WAIT, || (40 < lines(&ledgers[0])).then_some(()));

    // Below 5 %: readings are refused, and nothing else.
    let some = fill(&disk, "some", 4.0);
    until("readings are refused", WAIT, || (room(&officer) == "no_readings").then_some(()));
    let refused = until("and stations hear nothing", WAIT, || {
        let source = officer.all("/api/sources");
        source.into_iter().find(|source| source["no_room_last_hour"].as_i64() > Some(0))
    });
    let frames = format!("/api/stations/{}/frames", refused["station"].as_str().expect("an id"));
    // As many as are kept: fewer than a page of other lists.
    let kept = officer.get(&format!("{frames}?limit=64")).ok().body["items"]
        .as_array()
        .expect("a list")
        .clone();
    let frame = kept.into_iter().find(|frame| frame["outcome"] == "busy");
    let reason = frame.expect("one was refused")["reason"].clone();
    assert_eq!(reason, "the disk has too little room, so readings are refused");
    let told = officer.get("/readyz").ok().text;
    assert!(told.starts_with("ready, but readings are refused: "), "{told}");
    stations.kill().expect("it is ours");
    stations.wait().expect("it is ours");
    assert!(ballast.exists(), "it is not needed yet");
    registers(&engineer, 1).ok();

    // Below 2 %: the ballast makes room for facts.
    let more = fill(&disk, "more", 1.5);
    until("the ballast is given up", WAIT, || (!ballast.exists()).then_some(()));
    assert_eq!(room(&officer), "no_readings");
    registers(&engineer, 2).ok();
    Client::sign_in(node.web, OFFICER).get("/api/stations").ok();

    // And when that is used up: what is known is still told, nothing is written.
    let last = fill(&disk, "last", 1.0);
    until("the node is read-only", WAIT, || (room(&officer) == "read_only").then_some(()));
    assert_eq!(registers(&engineer, 3).refusal(), (507, "disk-full"));
    assert_eq!(officer.get("/readyz").refusal(), (507, "disk-full"));
    officer.get("/api/disk").ok();
    let listed = officer.all("/api/stations?q=1099900").len();
    assert_eq!(listed, 2);

    for filler in [some, more, last] {
        std::fs::remove_file(filler).expect("it is there");
    }
    until("all is written again", WAIT, || (room(&officer) == "ample").then_some(()));
    registers(&engineer, 3).ok();
    until("there is a ballast again", WAIT, || ballast.exists().then_some(()));
    let second = first + base::Duration::from_mins(i64::from(REPORTS));
    let mut stations = simulate(&node, second, &ledgers[1]);
    until("the river is told again", WAIT, || stations.try_wait().expect("it is ours"));

    let mut compared = Vec::new();
    for (ledger, start) in ledgers.iter().zip([first, second]) {
        let ledger = Ledger::read(ledger).expect("readable");
        assert!(!ledger.is_empty());
        compared.push(readings_are_there(&officer, &ledger, start));
    }
    eprintln!("acknowledged values, all there: {compared:?} before and after the disk was full");
    assert!(compared[0] < compared[1], "the second time nothing was refused");
}
