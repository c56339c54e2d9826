//! Backups taken and restored, on whichever engine the town stands.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use base::quantity::SeriesKind;
use base::{Duration, Id, Quality, Timestamp};

use super::*;
use crate::clock::machine_now;
use crate::db::Database;
use crate::document::{DocumentRef, NewDocument};
use crate::log::{self, Book};
use crate::params;
use crate::sealed::{self, Opened};
use crate::space::Lines;
use crate::town::{Scratch, Town};
use crate::world::WorldConfig;
use crate::{Clock, Entry, Error, Lane, Result, World, segment};

const PHONE: &str = "13812340417";

fn silent(_: Progress) -> Result<()> {
    Ok(())
}

fn order<'a>(town: &'a Town, to: &'a Path, keys_to: Option<&'a Path>) -> Order<'a> {
    let subjects = of_node(&town.node).expect("the worlds");
    Order {
        subjects,
        kit: town.world.kit(),
        to,
        keys_to,
        keep: None,
        lines: Lines::of_gib(0),
        version: "test",
        now: machine_now(),
    }
}

#[track_caller]
fn taken(town: &Town, to: &Path, keys_to: Option<&Path>) -> Taken {
    let taken = take(order(town, to, keys_to), &mut silent).expect("taken");
    assert!(taken.faults.is_empty(), "{:?}", taken.faults);
    taken
}

/// Restores into a directory, as the plan is changed, and opens what is there.
fn restored(
    town: &Town,
    from: &Path,
    to: &Path,
    database: Database,
    keys: Option<&Path>,
) -> Result<(Restored, World)> {
    let kit = Arc::clone(town.world.kit());
    let witnesses = &[];
    let first = &|_: &World| Ok(());
    let plan = Plan { from, to, database: database.clone(), kit, keys, witnesses, first };
    let restored = restore(&plan, &mut silent)?;
    Ok((restored, serve(town, to, database)))
}

fn serve(town: &Town, directory: &Path, database: Database) -> World {
    let config = WorldConfig {
        name: "real".to_owned(),
        origin: "town".to_owned(),
        directory: directory.join("worlds/real"),
        database,
        clock: Clock::still(town.world.clock().now()),
        durable: true,
    };
    World::open(config, Arc::clone(town.world.kit())).expect("a restored world opens")
}

fn entries(world: &World) -> Vec<Entry> {
    world.read_now(|db| Ok(log::after(db, Book::Log, 0, 100_000)?)).expect("reads")
}

fn hashes(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(|entry| entry.hash.to_text()).collect()
}

/// Records one fact; answers its seq.
fn fact(world: &World, number: u128) -> i64 {
    let destroyed = world.run(Lane::Ordinary, "test", move |tx| {
        sealed::destroy(tx, Id::from_u128(number), "演练")?;
        Ok(tx.entries.last().map(|entry| entry.seq))
    });
    destroyed.expect("recorded").expect("one")
}

fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).expect("readable");
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.expect("readable").file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

fn code<T: std::fmt::Debug>(outcome: Result<T>) -> &'static str {
    outcome.expect_err("refused").status().1
}

/// What writers did, in the order in which it was acknowledged.
#[derive(Default)]
struct Ledger {
    facts: AtomicI64,
    readings: AtomicI64,
    enough: AtomicBool,
}

impl Ledger {
    fn is_enough(&self) -> bool {
        self.enough.load(Ordering::Relaxed)
    }
}

/// Stops the writers when it goes, however it goes.
struct Enough<'a>(&'a Ledger);

impl Drop for Enough<'_> {
    fn drop(&mut self) {
        self.0.enough.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_backup_taken_under_load_has_all_that_was_acknowledged_before_it_and_folds() {
    let town = Town::new(Vec::new());
    let world = &town.world;
    let series = world.series().register(Id::from_u128(42), SeriesKind::Gauge).expect("registers");
    let start = world.clock().now();
    let ledger = Ledger::default();
    let scratch = Scratch::new();
    let (to, into) = (scratch.path().join("backups"), scratch.path().join("node"));
    let documents = std::sync::Mutex::new(Vec::<DocumentRef>::new());
    let (taken, before, documents) = std::thread::scope(|scope| {
        let _enough = Enough(&ledger);
        scope.spawn(|| {
            for number in 1.. {
                if ledger.is_enough() {
                    break;
                }
                ledger.facts.store(fact(world, number), Ordering::Release);
            }
        });
        scope.spawn(|| {
            for number in 1.. {
                if ledger.is_enough() {
                    break;
                }
                let text = format!("frame {number}");
                let subject = Id::from_u128(42);
                let frame = NewDocument { subject, received: start, bytes: text.as_bytes() };
                let kept = world.documents().put_all(&[frame]).expect("kept");
                documents.lock().expect("no holder panics").extend(kept);
                let (time, value) = (start + Duration::from_secs(number), number as f64);
                let sample = series::Sample { series, time, value, quality: Quality::GOOD };
                world.series().append(time, vec![sample]).expect("stored");
                ledger.readings.store(number, Ordering::Release);
                if number % 50 == 0 {
                    world.series().seal().expect("seals");
                }
            }
        });
        town.until(|_| 100 < ledger.facts.load(Ordering::Acquire));
        town.until(|_| 100 < ledger.readings.load(Ordering::Acquire));
        let before =
            (ledger.facts.load(Ordering::Acquire), ledger.readings.load(Ordering::Acquire));
        let kept = documents.lock().expect("no holder panics").clone();
        let taken = taken(&town, &to, None);
        let more = (ledger.facts.load(Ordering::Acquire), ledger.readings.load(Ordering::Acquire));
        town.until(|_| more.0 < ledger.facts.load(Ordering::Acquire));
        (taken, before, kept)
    });
    assert!(check(&taken.directory, &[], &mut silent).expect("checks").is_sound());

    let there = Scratch::new();
    let (outcome, copy) =
        restored(&town, &taken.directory, &into, there.database(), None).expect("restored");
    let (ours, theirs) = (entries(world), entries(&copy));
    let seq = outcome.origin_seq as usize;
    assert!(before.0 <= outcome.origin_seq && seq < ours.len(), "{seq} of {}", ours.len());
    assert_eq!(hashes(&theirs[..seq]), hashes(&ours[..seq]));
    assert_eq!(theirs.len(), seq + 1);
    let last = crate::fact::read::<NodeFact>(&theirs[seq]).expect("it says that it was restored");
    let NodeFact::Restored(last) = last;
    let hash = hex::encode(ours[seq - 1].hash.sm3);
    assert_eq!((last.origin_seq, last.hash), (outcome.origin_seq, hash));
    assert_eq!(copy.compare_with_fold().expect("folds").1, vec![]);
    let reports = copy.read_now(|db| crate::verify::book(db, Book::Log)).expect("reads");
    assert_eq!(reports.faults, vec![]);

    let again = copy.series().series_of(Id::from_u128(42)).expect("registered");
    let to = start + Duration::from_hours(999);
    let found = copy.series().range(again, start, to, None).expect("readable");
    let values: Vec<f64> = found.iter().map(|reading| reading.value).collect();
    assert_eq!(values, (1..=values.len()).map(|n| n as f64).collect::<Vec<_>>());
    assert!(before.1 as usize <= values.len());
    for (number, document) in documents.iter().enumerate() {
        let bytes = copy.documents().read(document).expect("there");
        assert_eq!(bytes, format!("frame {}", number + 1).as_bytes());
    }
    assert!(fact(&copy, u128::MAX) == outcome.origin_seq + 2, "it goes on");
    copy.close();
}

/// A town that has sealed a telephone number under two keys.
fn town_with_secrets() -> (Town, [crate::Sealed<String>; 2]) {
    let town = Town::new(Vec::new());
    let now = town.world.clock().now();
    let seal = |holder| {
        town.world.keys().seal(Id::from_u128(holder), &PHONE.to_owned(), now).expect("seals")
    };
    let sealed = [seal(7), seal(8)];
    (town, sealed)
}

#[test]
fn a_destroyed_key_does_not_come_back_with_an_old_backup() {
    let (town, [over, kept]) = town_with_secrets();
    let scratch = Scratch::new();
    let path = |name: &str| scratch.path().join(name);
    let old = taken(&town, &path("backups"), Some(&path("keys")));
    assert_eq!(names(&path("keys")), ["town.keys.db"]);
    assert!(!old.manifest.files.iter().any(|file| file.path.contains("keys")));
    let older_keys = path("keys-of-yesterday");
    std::fs::create_dir(&older_keys).expect("made");
    std::fs::copy(path("keys/town.keys.db"), older_keys.join("town.keys.db")).expect("copied");

    fact(&town.world, 7);
    town.settle();
    assert_eq!(town.world.keys().unseal(&over).expect("says so"), Opened::Destroyed);
    let new = taken(&town, &path("backups"), Some(&path("keys")));

    // The old backup beside the keys of today, and the backup of today beside old keys.
    for (name, backup, keys) in
        [("a", &old, &path("keys")), ("b", &new, &older_keys), ("c", &new, &path("keys"))]
    {
        let there = Scratch::new();
        let (outcome, copy) =
            restored(&town, &backup.directory, &path(name), there.database(), Some(keys))
                .expect("restored");
        assert!(outcome.has_keys);
        assert_eq!(copy.keys().unseal(&over).expect("says so"), Opened::Destroyed, "{name}");
        let opened = copy.keys().unseal(&kept).expect("opens");
        assert_eq!(opened, Opened::Open(PHONE.to_owned()), "{name}");
        copy.close();
    }
    let there = Scratch::new();
    let (outcome, copy) =
        restored(&town, &new.directory, &path("d"), there.database(), None).expect("restored");
    assert!(!outcome.has_keys);
    assert_eq!(copy.keys().unseal(&kept).expect("says so"), Opened::Closed);
    copy.close();
    let missing = restored(&town, &new.directory, &path("e"), there.database(), Some(&path("no")));
    assert_eq!(code(missing.map(|it| it.0)), "no-keys");
    assert_eq!(names(&path("e")), [""; 0]);
}

#[test]
fn keys_are_never_copied_beside_what_they_open() {
    let (town, _) = town_with_secrets();
    let scratch = Scratch::new();
    let to = scratch.path().join("backups");
    for keys in [to.clone(), to.join("keys"), scratch.path().to_owned()] {
        let refused = take(order(&town, &to, Some(&keys)), &mut silent);
        assert_eq!(code(refused), "keys-beside-backup");
    }
    assert!(!to.exists());
}

#[test]
fn a_changed_byte_of_any_file_is_named_and_not_restored() {
    let town = Town::new(Vec::new());
    for number in 1..20 {
        fact(&town.world, number);
    }
    let bytes = b"7E7E 01".as_slice();
    let frame = NewDocument { subject: Id::from_u128(1), received: Timestamp::MIN, bytes };
    town.world.documents().put_all(&[frame]).expect("kept");
    let scratch = Scratch::new();
    let backup = taken(&town, scratch.path(), None).directory;
    let all = files::list(&backup).expect("listed");
    assert!(all.len() > 6, "{all:?}");
    for name in &all {
        let path = backup.join(name);
        let whole = std::fs::read(&path).expect("readable");
        for at in [0, whole.len() / 2, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(&path, &bytes).expect("written");
            let faults = match check(&backup, &[], &mut silent) {
                Ok(checked) => checked.faults.join("\n"),
                Err(error) => error.to_string(),
            };
            assert!(faults.contains(name.as_str()), "{name} at {at}: {faults}");
            let into = scratch.path().join("node");
            let refused = restored(&town, &backup, &into, Database::Embedded, None);
            assert_eq!(code(refused.map(|it| it.0)), "backup-damaged", "{name} at {at}");
            assert_eq!(names(&into), [""; 0]);
        }
        std::fs::write(&path, &whole).expect("written");
    }
    std::fs::write(backup.join("more.txt"), "not ours").expect("written");
    let checked = check(&backup, &[], &mut silent).expect("checks");
    assert_eq!(checked.faults, ["more.txt: is not in the manifest"]);
    std::fs::remove_file(backup.join("more.txt")).expect("removed");
    std::fs::remove_file(backup.join(&all[3])).expect("removed");
    let checked = check(&backup, &[], &mut silent).expect("checks");
    assert!(checked.faults.iter().any(|fault| fault.starts_with(&all[3])), "{checked:?}");
}

#[test]
fn a_backup_that_is_given_up_leaves_nothing_and_a_second_one_is_refused_meanwhile() {
    let town = Town::new(Vec::new());
    fact(&town.world, 1);
    let scratch = Scratch::new();
    let backups = |directory: &Path| -> Vec<String> {
        let mut names = names(directory);
        names.retain(|name| !name.starts_with('.'));
        names
    };
    let stages = ["real: database", "real: digest of the database", "real: readings"];
    for stage in stages {
        let given_up = take(order(&town, scratch.path(), None), &mut |progress| {
            let second = take(order(&town, scratch.path(), None), &mut silent);
            assert_eq!(code(second), "backup-running");
            assert_eq!(backups(scratch.path()), [""; 0], "nothing looks like a backup yet");
            match progress.what == stage {
                true => Err(Error::Busy("whoever asked went away")),
                false => Ok(()),
            }
        });
        assert_eq!(code(given_up), "busy", "{stage}");
        assert_eq!(names(scratch.path()), [".town.lock"], "{stage}");
    }
    // As after a power cut.
    std::fs::create_dir_all(scratch.path().join(".town-20260101T000000000Z.partial/worlds"))
        .expect("made");
    std::fs::create_dir(scratch.path().join("town-of-somebody")).expect("made");
    let mut seen = Vec::new();
    let taken = take(order(&town, scratch.path(), None), &mut |progress| {
        seen.push(progress.what);
        Ok(())
    });
    let name = taken.expect("taken").manifest.name;
    assert_eq!(names(scratch.path()), [".town.lock", &name, "town-of-somebody"]);
    seen.dedup();
    assert_eq!(seen, stages, "no document is in this town");
}

#[test]
fn so_many_backups_of_this_node_are_kept_and_nothing_else_is_removed() {
    let town = Town::new(Vec::new());
    fact(&town.world, 1);
    let scratch = Scratch::new();
    let to = scratch.path();
    let start = machine_now();
    for name in ["a-note", "town-of-somebody", "node-20260101T000000000Z"] {
        std::fs::create_dir(to.join(name)).expect("made");
    }
    let take_at = |second: i64, keep: usize| {
        let now = start + Duration::from_secs(second);
        let order = Order { keep: Some(keep), now, ..order(&town, to, None) };
        take(order, &mut silent).expect("taken")
    };
    let names_of = |taken: &[&Taken]| -> Vec<String> {
        taken.iter().map(|taken| taken.manifest.name.clone()).collect()
    };
    let (first, second) = (take_at(1, 2), take_at(2, 2));
    assert_eq!((first.removed.len(), second.removed.len()), (0, 0));
    let third = take_at(3, 2);
    assert_eq!(third.removed, names_of(&[&first]));
    let fourth = take_at(4, 0);
    assert_eq!(fourth.removed, names_of(&[&second, &third]), "the newest always stays");
    let mut left = names(to);
    left.retain(|name| !name.starts_with('.'));
    let others = ["a-note", "node-20260101T000000000Z", &fourth.manifest.name];
    assert_eq!(left, [&others[..], &["town-of-somebody"]].concat());
}

#[test]
fn a_restore_refuses_a_place_that_is_taken_and_a_backup_that_others_know_to_be_old() {
    let town = Town::new(Vec::new());
    fact(&town.world, 1);
    let scratch = Scratch::new();
    let backup = taken(&town, &scratch.path().join("backups"), None);
    fact(&town.world, 2);
    let into = scratch.path().join("node");
    std::fs::create_dir(&into).expect("made");
    std::fs::write(into.join("mine.txt"), "").expect("written");
    let refused = restored(&town, &backup.directory, &into, Database::Embedded, None);
    assert_eq!(code(refused.map(|it| it.0)), "not-empty");
    std::fs::remove_file(into.join("mine.txt")).expect("removed");

    // Left by a restore that was interrupted: no node starts here, another try may.
    std::fs::create_dir_all(into.join(".restoring/worlds/real")).expect("made");
    assert!(was_interrupted(&into));
    let kit = town.world.kit();
    let heads: Vec<String> = entries(&town.world)
        .iter()
        .map(|entry| format!("town:{}:{}", entry.header.origin_seq, hex::encode(entry.hash.sm3)))
        .collect();
    let with = |witnesses: &[String]| {
        let (from, to, kit) = (&*backup.directory, &*into, Arc::clone(kit));
        let (database, keys, first) = (Database::Embedded, None, &|_: &World| Ok(()));
        restore(&Plan { from, to, database, kit, keys, witnesses, first }, &mut silent)
    };
    assert_eq!(code(with(&heads)), "others-hold-more");
    assert_eq!(with(&heads[..1]).expect("restored").origin_seq, 1);
    assert!(!was_interrupted(&into));
    assert_eq!(names(&into), ["worlds"]);
    assert_eq!(code(with(&heads[..1])), "not-empty");
}

#[test]
fn a_node_that_holds_what_was_lost_does_not_take_the_new_history_for_it() {
    let town = Town::new(Vec::new());
    town.announces();
    fact(&town.world, 1);
    let scratch = Scratch::new();
    let backup = taken(&town, &scratch.path().join("backups"), None);
    fact(&town.world, 2);
    let upper = Town::of_origin("province", Vec::new(), "");
    upper.trusts(&town);
    let send = |world: &World| {
        let mut bytes = Vec::new();
        let openness = crate::Class::Sensitive;
        let wanted =
            segment::Outgoing { after: 0, limit: 100, openness, scope: crate::Scope::Node };
        segment::write(world, &wanted, &mut bytes).expect("written");
        segment::take_in(&upper.world, &mut bytes.as_slice())
    };
    assert_eq!(send(&town.world).expect("taken in").new, 3);
    let into = scratch.path().join("node");
    let (_, copy) =
        restored(&town, &backup.directory, &into, Database::Embedded, None).expect("restored");
    // The key is in no backup: the restored node makes another, and people compare it.
    crate::neighbour::announce(&copy).expect("a key of its own");
    assert_eq!(code(send(&copy)), "unknown-key");
    upper.trusts_world(&copy);
    assert_eq!(code(send(&copy)), "origin-restored");
    copy.close();
}

#[test]
fn drills_come_along_open_ones_and_closed_ones() {
    let town = Town::new(Vec::new());
    fact(&town.world, 1);
    let open = town.world.drill("flood", "防汛演练").expect("opens");
    town.node.add_world(open.clone()).expect("there");
    fact(&open, 2);
    let over = town.world.drill("quake", "地震演练").expect("opens");
    fact(&over, 3);
    over.retire().expect("closed");
    let scratch = Scratch::new();
    let taken = taken(&town, &scratch.path().join("backups"), None);
    let kinds: Vec<(&str, Kind)> =
        taken.manifest.worlds.iter().map(|world| (world.name.as_str(), world.kind)).collect();
    let expected = [("real", Kind::Real), ("flood", Kind::Drill), ("quake", Kind::ClosedDrill)];
    assert_eq!(kinds, expected);

    let there = Scratch::new();
    let into = scratch.path().join("node");
    let (_, copy) =
        restored(&town, &taken.directory, &into, there.database(), None).expect("restored");
    let drills = crate::drill::resume(&copy).expect("resumes");
    let names: Vec<&str> = drills.iter().map(World::name).collect();
    assert_eq!(names, ["flood"]);
    assert_eq!(hashes(&entries(&drills[0])), hashes(&entries(&open)));
    drills.iter().for_each(World::close);
    copy.close();
    open.close();
}

#[test]
fn a_node_at_rest_is_copied_as_it_lies() {
    let town = Town::new(Vec::new());
    fact(&town.world, 1);
    let scratch = Scratch::new();
    let first = taken(&town, &scratch.path().join("backups"), None);
    let into = scratch.path().join("node");
    let there = Scratch::new();
    let (_, copy) =
        restored(&town, &first.directory, &into, there.database(), None).expect("restored");
    let expected = hashes(&entries(&copy));
    copy.close();
    drop(copy);

    let kit = Arc::clone(town.world.kit());
    let subjects = at_rest(&into, &there.database()).expect("a node was here");
    let to = scratch.path().join("more");
    let order = Order {
        subjects,
        kit: &kit,
        to: &to,
        keys_to: None,
        keep: None,
        lines: Lines::of_gib(0),
        version: "test",
        now: machine_now(),
    };
    let second = take(order, &mut silent).expect("taken");
    assert!(check(&second.directory, &[], &mut silent).expect("checks").is_sound());
    let again = Scratch::new();
    let path: PathBuf = scratch.path().join("third");
    let (_, copy) =
        restored(&town, &second.directory, &path, again.database(), None).expect("restored");
    assert_eq!(hashes(&entries(&copy)[..expected.len()]), expected);
    copy.close();
    assert_eq!(code(at_rest(scratch.path(), &Database::Embedded).map(|_| ())), "no-node");
}

#[test]
#[ignore = "needs a PostgreSQL: make test-postgres"]
fn a_backup_goes_from_either_engine_to_the_other() {
    let town = Town::new(Vec::new());
    for number in 1..500 {
        fact(&town.world, number);
    }
    town.settle();
    let scratch = Scratch::new();
    let path = |name: &str| scratch.path().join(name);
    assert!(matches!(scratch.database(), Database::Postgres(_)), "the stories' own server");
    let first = taken(&town, &path("backups"), None);
    let (_, embedded) =
        restored(&town, &first.directory, &path("a"), Database::Embedded, None).expect("restored");
    assert_eq!(embedded.compare_with_fold().expect("folds").1, vec![]);
    let expected = hashes(&entries(&embedded));
    embedded.close();
    drop(embedded);
    let subjects = at_rest(&path("a"), &Database::Embedded).expect("a node was here");
    let kit = town.world.kit();
    let to = path("more");
    let order = Order {
        subjects,
        kit,
        to: &to,
        keys_to: None,
        keep: None,
        lines: Lines::of_gib(0),
        version: "test",
        now: machine_now(),
    };
    let second = take(order, &mut silent).expect("taken");
    let (_, server) =
        restored(&town, &second.directory, &path("b"), scratch.database(), None).expect("restored");
    assert_eq!(server.compare_with_fold().expect("folds").1, vec![]);
    assert_eq!(hashes(&entries(&server)[..expected.len()]), expected);
    let cursors = server.read_now(|db| {
        Ok(db.rows("select reaction from reaction_cursor where seq > $1", params![0i64])?.len())
    });
    assert!(0 < cursors.expect("reads"), "working state came along");
    server.close();

    let taken = restored(&town, &second.directory, &path("c"), scratch.database(), None);
    assert_eq!(code(taken.map(|it| it.0)), "database-not-empty");
    assert_eq!(names(&path("c")), [""; 0]);
}
