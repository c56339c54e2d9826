//! The logs that releases wrote: `fixtures/logs/<version>/`, each a small chronicle.
//!
//! Every release reads what all before it wrote, and folds it to the same tables. How
//! the newest is written anew: `docs/how-to/release.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use host::db::Database;
use host::fact::TableKind;
use host::fold::TableDigest;
use host::log::{Class, Entry};
use host::part::Kit;
use host::town::{Scratch, Town};
use host::world::WorldConfig;
use host::{Clock, Scope, World, backup, segment};
use serde::{Deserialize, Serialize};
use trust::Sessions;

use super::{Chronicle, Regions, Scale, wait};
use crate::config::Config;
use crate::parts::parts;

const LOGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/logs");
/// Set to anything: the log of this version is written anew before it is read.
const WRITE: &str = "FENGSUI_WRITE_RELEASE";
/// All files of one release, in bytes: they stay in the repository for ever.
const LARGEST: u64 = 768 * 1024;

/// What a log folded to when it was written: by slice.
type Tables = BTreeMap<String, SliceTables>;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct SliceTables {
    version: u32,
    tables: BTreeMap<String, TableDigest>,
}

fn kit() -> Kit {
    Kit::fold(parts(&Config::default(), &Sessions::default())).0
}

/// The folders of `fixtures/logs`, the oldest release first.
fn releases() -> Vec<PathBuf> {
    let number = |path: &PathBuf| -> Vec<u32> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.split('.').map(|part| part.parse().expect("a version such as 0.1.0")).collect()
    };
    let entries = fs::read_dir(LOGS).expect("the folder is in the repository");
    let paths = entries.map(|entry| entry.expect("readable").path());
    let mut releases: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    releases.sort_by_key(number);
    releases
}

/// The logs of one release: name, origin, entries.
fn logs(release: &Path) -> Vec<(String, String, Vec<Entry>)> {
    let mut logs = Vec::new();
    for entry in fs::read_dir(release).expect("readable") {
        let path = entry.expect("readable").path();
        if path.extension().is_some_and(|kind| kind == "ndjson") {
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
            let bytes = fs::read(&path).expect("readable");
            let (head, entries) = segment::read(&mut &bytes[..]).expect("a sound log");
            assert_eq!(head.last, entries.len() as i64, "{}", path.display());
            logs.push((name.to_owned(), head.origin, entries));
        }
    }
    logs.sort_by(|one, other| one.0.cmp(&other.0));
    logs
}

fn fold(kit: &Kit, origin: &str, entries: &[Entry]) -> Tables {
    let digests = segment::fold(kit, origin, entries).expect("folds");
    let mut tables = Tables::new();
    for slice in &kit.slices {
        let of_slice = slice.tables.iter().filter(|table| table.kind == TableKind::Facts);
        let of_slice: BTreeMap<String, TableDigest> = of_slice
            .map(|table| {
                let digest = &digests[&format!("{}.{}", slice.name, table.name)];
                (table.name.to_owned(), digest.clone())
            })
            .collect();
        if !of_slice.is_empty() {
            let version = slice.version;
            tables.insert(slice.name.to_owned(), SliceTables { version, tables: of_slice });
        }
    }
    tables
}

/// Writes the log of this version, with what it folds to today.
fn write_newest() {
    let release = Path::new(LOGS).join(env!("CARGO_PKG_VERSION"));
    fs::create_dir_all(&release).expect("writable");
    let scale = Scale { stations: 1, floods: 2, calls: 2, regions: Regions::Few };
    let Chronicle { town, .. } = wait(Chronicle::write(scale));
    let scratch = Scratch::new();
    let real = restored(&town, scratch.path());
    let drill = real.drill("lianxi", "防汛演练").expect("opens");
    for (name, world) in [("node", &real), ("drill", &drill)] {
        let mut bytes = Vec::new();
        // Neither the keys of a node nor those of a drill come out of a backup.
        host::neighbour::announce(world).expect("a key is made");
        let wanted = segment::Outgoing {
            after: 0,
            limit: i64::MAX,
            openness: Class::Sensitive,
            scope: Scope::Node,
        };
        segment::write(world, &wanted, &mut bytes).expect("written");
        fs::write(release.join(format!("{name}.ndjson")), &bytes).expect("writable");
        let (head, entries) = segment::read(&mut &bytes[..]).expect("a sound log");
        let tables = fold(world.kit(), &head.origin, &entries);
        let text = serde_json::to_string_pretty(&tables).expect("plain data");
        fs::write(release.join(format!("{name}.tables.json")), text + "\n").expect("writable");
    }
    drill.close();
    real.close();
}

/// The same node out of a backup of it: the last entry of its log says so.
fn restored(town: &Town, scratch: &Path) -> World {
    let (from, to) = (scratch.join("backups"), scratch.join("node"));
    fs::create_dir_all(&from).expect("writable");
    let order = backup::Order {
        subjects: backup::of_node(&town.node).expect("its worlds"),
        kit: town.world.kit(),
        to: &from,
        keys_to: None,
        keep: None,
        lines: host::space::Lines::of_gib(0),
        version: env!("CARGO_PKG_VERSION"),
        now: town.world.clock().now(),
    };
    let taken = backup::take(order, &mut |_| Ok(())).expect("taken");
    let plan = backup::Plan {
        from: &taken.directory,
        to: &to,
        database: Database::Embedded,
        kit: Arc::clone(town.world.kit()),
        keys: None,
        witnesses: &[],
        first: &|_| Ok(()),
    };
    backup::restore(&plan, &mut |_| Ok(())).expect("restored");
    let config = WorldConfig {
        name: "real".to_owned(),
        origin: town.world.origin().to_owned(),
        directory: to.join("worlds").join("real"),
        database: Database::Embedded,
        clock: Clock::still(town.world.clock().now()),
        durable: true,
    };
    World::open(config, Arc::clone(town.world.kit())).expect("opens")
}

fn is_asked_to_write() -> bool {
    #[allow(clippy::disallowed_methods, reason = "whoever prepares a release asks here")]
    std::env::var_os(WRITE).is_some()
}

#[test]
fn every_kind_of_fact_has_an_example_in_the_newest_log() {
    if is_asked_to_write() {
        write_newest();
    }
    let releases = releases();
    let newest = releases.last().expect("at least one release");
    let kinds: BTreeSet<String> = logs(newest)
        .iter()
        .flat_map(|(_, _, entries)| entries.iter().map(|entry| entry.kind().to_owned()))
        .collect();
    let kit = kit();
    let known = kit.slices.iter().flat_map(|slice| slice.kinds);
    let missing: Vec<&str> =
        known.map(|kind| kind.name).filter(|kind| !kinds.contains(*kind)).collect();
    assert!(
        missing.is_empty(),
        "{} has no example of {missing:?}: let the chronicle write one, and see docs/how-to/release.md",
        newest.display()
    );
    let files = fs::read_dir(newest).expect("readable");
    let size: u64 = files.map(|file| file.expect("one").metadata().expect("readable").len()).sum();
    assert!(size <= LARGEST, "{} has {size} bytes", newest.display());
}

#[test]
fn what_every_release_wrote_is_read_and_folds_to_the_same_tables() {
    let kit = kit();
    for release in releases() {
        assert!(release.join("README.md").exists(), "{} says its origin", release.display());
        for (name, origin, entries) in logs(&release) {
            for entry in &entries {
                let slice = kit.slice_of(entry.kind());
                let slice = slice.unwrap_or_else(|| panic!("nobody knows {}", entry.kind()));
                let read = slice.summary(entry);
                assert!(read.is_some(), "{} v{}", entry.kind(), entry.header.version);
            }
            let path = release.join(format!("{name}.tables.json"));
            let text = fs::read_to_string(&path).expect("what it folded to stands beside it");
            let then: Tables = serde_json::from_str(&text).expect("as it was written");
            let now = fold(&kit, &origin, &entries);
            for (slice, then) in then {
                let now = now.get(&slice).unwrap_or_else(|| panic!("no slice is called {slice}"));
                // Another version means that its tables mean something else.
                if now.version == then.version {
                    assert_eq!(*now, then, "{slice} of {}", path.display());
                }
            }
        }
    }
}

/// Kinds whose first version said its region too, which the header has.
const SAID_THEIR_REGION: [&str; 8] = [
    "finding.raised",
    "notice.sent",
    "organisation.founded",
    "rule.published",
    "station.changed",
    "station.registered",
    "warning.issued",
    "warning.proposed",
];

#[test]
fn what_said_its_region_too_reads_as_what_leaves_it_out() {
    let kit = kit();
    let newest = releases().pop().expect("at least one release");
    let entries: Vec<Entry> = logs(&newest).into_iter().flat_map(|(_, _, log)| log).collect();
    for kind in SAID_THEIR_REGION {
        let entry = entries.iter().find(|entry| entry.kind() == kind);
        let entry = entry.unwrap_or_else(|| panic!("no example of {kind}"));
        let slice = kit.slice_of(kind).expect("somebody knows it");
        let version = slice.kinds.iter().find(|known| known.name == kind).map(|it| it.version);
        let said = |version: u32, region: Option<&str>| {
            let mut entry = entry.clone();
            let body = entry.body.as_deref().expect("it is open");
            let mut body: serde_json::Value = serde_json::from_str(body).expect("a body");
            let fields = body.as_object_mut().expect("fields");
            fields.remove("region");
            if let Some(region) = region {
                fields.insert("region".to_owned(), region.into());
            }
            entry.header.version = version;
            entry.body = Some(body.to_string());
            slice.summary(&entry)
        };
        let before = said(1, Some("220282"));
        assert!(before.is_some(), "{kind} v1");
        assert_eq!(before, said(version.expect("its own kind"), None), "{kind}");
    }
}
