//! Stories of snapshots: whatever a fold begins at, it ends at the same tables.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{Duration, Id, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Shelf, Snapshot};
use crate::fold::{self, Folded, Plan, Until};
use crate::log::{Book, Class};
use crate::part::Kit;
use crate::segment::Outgoing;
use crate::town::{Scratch, Town};
use crate::{
    Entry, Error, Fact, Home, Lane, Part, Permission, Record, Result, Scope, Slice, Summary, Table,
    Tables, World, params,
};

const READ: Permission = Permission::new("tally.read", "看账");

crate::facts! {
    /// What is counted, also what other nodes count.
    pub enum TallyFact {
        "tally.struck" v 1 => Struck(Struck),
    }
}

crate::facts! {
    /// The same in a program that knows one kind more.
    pub enum LaterTallyFact {
        "tally.struck" v 1 => Hit(Struck),
        "tally.wiped" v 1 => Wiped(Wiped),
    }
}

crate::facts! {
    /// What a node decrees for itself.
    pub enum DecreeFact {
        "decree.made" v 1 => Made(Made),
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Struck {
    name: String,
    amount: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Wiped {}

#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Made {
    name: String,
}

const TALLY: &[Table] = &[Table::facts("tally")];
const DECREE: &[Table] = &[Table::facts("decree")];
const TABLES: &str = "create table if not exists tally (name text primary key, \
    total bigint not null, trace bigint not null); \
    create table if not exists decree (name text primary key, times bigint not null, \
    last_at bigint not null)";

/// The trace depends on the order, and on every amount so far.
fn strike(tables: &mut Tables<'_>, struck: &Struck, factor: i64) {
    tables.run(
        "insert into tally (name, total, trace) values ($1, $2, $2) \
         on conflict (name) do update set total = tally.total + excluded.total, \
         trace = (tally.trace * 31 + excluded.trace) % 1000003",
        params![&struck.name, struck.amount * factor],
    );
}

fn apply_decree(tables: &mut Tables<'_>, entry: &Entry, DecreeFact::Made(made): &DecreeFact) {
    tables.run(
        "insert into decree (name, times, last_at) values ($1, 1, $2) \
         on conflict (name) do update set times = decree.times + 1, last_at = excluded.last_at",
        params![&made.name, entry.at()],
    );
}

fn said<F: Fact>(_: &Entry, _: &F) -> Summary {
    Summary::new("记账", serde_json::json!({}))
}

/// A program: how its slices stand to the first one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Program {
    First,
    /// The tally counts double: another version.
    Doubled,
    /// The tally knows one kind more.
    OneKindMore,
    /// Both slices have another version.
    AllChanged,
}

fn part(program: Program) -> Part {
    let tally = |version, apply: fn(&mut Tables<'_>, &Entry, &TallyFact)| {
        Slice::new::<TallyFact>("tally", version, TALLY, READ, apply, said)
    };
    let once = |tables: &mut Tables<'_>, _: &Entry, TallyFact::Struck(struck): &TallyFact| {
        strike(tables, struck, 1);
    };
    let twice = |tables: &mut Tables<'_>, _: &Entry, TallyFact::Struck(struck): &TallyFact| {
        strike(tables, struck, 2);
    };
    let more = |tables: &mut Tables<'_>, _: &Entry, fact: &LaterTallyFact| match fact {
        LaterTallyFact::Hit(struck) => strike(tables, struck, 1),
        LaterTallyFact::Wiped(_) => tables.run("delete from tally", &[]),
    };
    let slice = match program {
        Program::First => tally(1, once),
        Program::Doubled | Program::AllChanged => tally(2, twice),
        Program::OneKindMore => Slice::new::<LaterTallyFact>("tally", 1, TALLY, READ, more, said),
    };
    let version = if program == Program::AllChanged { 2 } else { 1 };
    let decree = Slice::new::<DecreeFact>("decree", version, DECREE, READ, apply_decree, said);
    Part {
        name: "tallies",
        slices: vec![slice, decree.own_facts_only()],
        permissions: vec![READ],
        ..Part::default()
    }
}

fn kit(program: Program) -> Kit {
    let (mut kit, _) = Kit::fold(vec![part(program)]);
    kit.tables_of_tests = TABLES.to_owned();
    kit
}

fn town_of(origin: &str) -> Town {
    Town::of_origin(origin, vec![part(Program::First)], TABLES)
}

fn record(world: &World, records: Vec<Record>) {
    let recorded = world.run(Lane::Ordinary, "test", move |tx| {
        records.into_iter().try_for_each(|record| tx.record(record).map(|_| ()))
    });
    recorded.expect("recorded");
}

fn struck(name: &str, amount: i64) -> Record {
    let fact = TallyFact::Struck(Struck { name: name.to_owned(), amount });
    Record::first(Id::from_u128(u128::from_le_bytes(crate::tx::random())), Home::node(), fact)
}

fn decreed(name: &str) -> Record {
    Record::first(Id::from_u128(1), Home::node(), DecreeFact::Made(Made { name: name.to_owned() }))
}

/// Chance that is the same at every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: i64) -> i64 {
        // Knuth's MMIX constants.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as i64) % sides
    }
}

/// Every snapshot in a shelf of its own: retention would keep one of a day.
struct Album {
    scratch: Scratch,
    shelves: Vec<(Snapshot, Shelf)>,
}

impl Album {
    fn new() -> Album {
        Album { scratch: Scratch::new(), shelves: Vec::new() }
    }

    fn add(&mut self, world: &World) {
        let snapshot = world.snapshot().expect("made");
        assert_eq!(snapshot.differences, [], "at {}", snapshot.seq);
        let to = self.scratch.path().join(self.shelves.len().to_string());
        copy(&files(world), &to);
        self.shelves.push((snapshot, Shelf::new(to)));
    }
}

fn files(world: &World) -> PathBuf {
    world.directory().join("snapshots")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("writable");
    for entry in std::fs::read_dir(from).expect("there") {
        let entry = entry.expect("readable");
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
    }
}

/// A log of a node whose clock goes to and fro, with a county's entries between, and
/// snapshots made on the way.
fn random_log(seed: u64, album: &mut Album) -> Town {
    let mut dice = Dice(seed);
    let (town, county) = (town_of("town"), town_of("county"));
    county.announces();
    town.trusts(&county);
    let start = town.world.clock().now();
    for number in 0..60 {
        record(&county.world, vec![struck(["a", "b"][number % 2], number as i64), decreed("c")]);
    }
    let mut taken = 0;
    for step in 0..120 {
        // Mostly on, sometimes back by hours.
        let jump = if dice.roll(7) == 0 { -dice.roll(9_000) } else { dice.roll(400) };
        let now = town.world.clock().now() + Duration::from_secs(jump);
        town.world.clock().set(now.max(start));
        match dice.roll(4) {
            0 => {
                let mut bytes = Vec::new();
                let limit = 1 + dice.roll(6);
                let openness = Class::Internal;
                let wanted = Outgoing { after: taken, limit, openness, scope: Scope::Node };
                let head = crate::segment::write(&county.world, &wanted, &mut bytes);
                if let Some(head) = head.expect("written") {
                    taken = head.last;
                    crate::segment::take_in(&town.world, &mut &bytes[..]).expect("taken in");
                }
            }
            1 => record(&town.world, vec![decreed(["x", "y", "z"][dice.roll(3) as usize])]),
            _ => {
                let name = ["a", "b", "d"][dice.roll(3) as usize];
                let strikes = (0..=dice.roll(3)).map(|_| struck(name, dice.roll(1_000)));
                record(&town.world, strikes.collect());
            }
        }
        if step % 24 == 23 {
            album.add(&town.world);
        }
    }
    town
}

/// What a fold comes to: where it ends, the clock there, and the hash of every table.
fn outcome(town: &Town, kit: &Kit, until: Until, shelf: Option<&Shelf>) -> String {
    let folded: Result<(Folded, _)> = town.world.read_now(|db| {
        let mut folded = fold::fold(db, &Plan::whole(kit, "town"), until, shelf)?;
        let digests = fold::digests(&mut folded, kit)?;
        Ok((folded, digests))
    });
    let (folded, digests) = folded.expect("folds");
    format!("{} {} {digests:?}", folded.seq, folded.latest)
}

#[test]
fn a_fold_from_any_snapshot_ends_at_the_same_tables_as_one_from_the_beginning() {
    for seed in [1, 2] {
        let mut album = Album::new();
        let town = random_log(seed, &mut album);
        let entries = town.world.read_now(|db| Ok(crate::log::after(db, Book::Log, 0, 10_000)?));
        let entries = entries.expect("reads");
        let back = entries.windows(2).filter(|pair| pair[1].arrived < pair[0].arrived).count();
        let foreign = entries.iter().filter(|entry| entry.header.origin == "county").count();
        assert!(5 < back && 20 < foreign, "seed {seed}: {back} set back, {foreign} foreign");
        let mut ends = vec![Until::End];
        for entry in entries.iter().step_by(entries.len() / 6) {
            ends.push(Until::Seq(entry.seq));
            for millis in [-1, 0] {
                let moment = entry.arrived + Duration::from_millis(millis);
                ends.push(Until::Moment(moment));
            }
        }
        let kit = kit(Program::First);
        let (mut begun, plan) = (0, Plan::whole(&kit, "town"));
        for until in ends {
            let expected = outcome(&town, &kit, until, None);
            for (snapshot, shelf) in &album.shelves {
                begun += usize::from(snapshot.serves(&plan, until));
                let seen = outcome(&town, &kit, until, Some(shelf));
                assert_eq!(seen, expected, "seed {seed}, {until:?} from {}", snapshot.seq);
            }
        }
        assert!(20 < begun, "{begun} folds began at a snapshot");
        assert!(album.shelves.iter().all(|(_, shelf)| shelf.damaged() == 0));
    }
}

#[test]
fn a_slice_that_changed_since_is_not_taken_from_a_snapshot() {
    let mut album = Album::new();
    let town = random_log(4, &mut album);
    let wiped = Record::first(Id::from_u128(9), Home::node(), LaterTallyFact::Wiped(Wiped {}));
    assert!(town.world.run(Lane::Urgent, "test", |tx| tx.record(wiped)).is_err(), "unknown here");
    let first = outcome(&town, &kit(Program::First), Until::End, None);
    for program in [Program::Doubled, Program::OneKindMore, Program::AllChanged] {
        let kit = kit(program);
        let plan = Plan::whole(&kit, "town");
        let expected = outcome(&town, &kit, Until::End, None);
        assert_eq!(expected == first, program == Program::OneKindMore, "{program:?}");
        for (snapshot, shelf) in &album.shelves {
            // The decrees are taken from it; where nothing can be, it is ignored.
            let serves = program != Program::AllChanged;
            let host_only: Vec<&Slice> =
                kit.slices.iter().filter(|slice| snapshot.holds(slice)).collect();
            let of_ours = host_only.iter().any(|slice| slice.name == "decree");
            assert_eq!(of_ours, serves, "{program:?}");
            assert!(!host_only.iter().any(|slice| slice.name == "tally"));
            let ours = kit.slices.iter().filter(|slice| slice.name != "world");
            let ours = ours.filter(|slice| ["tally", "decree"].contains(&slice.name));
            let only_ours = Plan { slices: ours.collect(), ..Plan::whole(&kit, "town") };
            assert_eq!(snapshot.serves(&only_ours, Until::End), serves, "{program:?}");
            assert!(snapshot.serves(&plan, Until::End), "the host's own slices are the same");
            assert_eq!(outcome(&town, &kit, Until::End, Some(shelf)), expected, "{program:?}");
        }
    }
}

#[test]
fn tables_are_folded_anew_from_the_nearest_snapshot_that_was_made_by_slices_as_they_are() {
    let town = town_of("town");
    record(&town.world, vec![struck("a", 5), struck("b", 6), decreed("x")]);
    let made = town.world.snapshot().expect("made");
    record(&town.world, vec![struck("a", 7)]);
    let digests = || town.world.read_now(|db| fold::digests(db, town.world.kit()));
    let before = digests().expect("reads");
    let mut conn = town.raw();
    // Bodies closed since: only whoever begins at the snapshot knows what they held.
    conn.run("update log set body = null where seq <= $1", params![made.seq]).expect("closed");
    let other = "update slice_version set kinds = 'a later program''s' where slice = 'tally'";
    conn.run(other, &[]).expect("another program was here");
    conn.run("delete from tally", &[]).expect("and left nothing");
    let kit = town.world.kit();
    let refolded = fold::refold_changed(&mut conn, kit, "town", town.world.shelf());
    assert_eq!(refolded.expect("refolds"), ["tally"]);
    assert_eq!(digests().expect("reads"), before);
}

#[test]
fn a_snapshot_is_compared_with_the_tables_while_the_world_goes_on() {
    let town = town_of("town");
    record(&town.world, vec![decreed("x")]);
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (world, stopped) = (town.world.clone(), Arc::clone(&stop));
    let busy = std::thread::spawn(move || {
        let mut number = 0;
        while !stopped.load(std::sync::atomic::Ordering::SeqCst) {
            number += 1;
            record(&world, vec![struck("a", number), decreed("y")]);
        }
    });
    for _ in 0..10 {
        let before = town.world.last_seq();
        let snapshot = town.world.snapshot().expect("made");
        assert_eq!(snapshot.differences, []);
        assert!(before <= snapshot.seq && snapshot.seq <= town.world.last_seq());
        let (_, differences) = town.world.compare_with_fold().expect("folds");
        assert_eq!(differences, []);
    }
    stop.store(true, std::sync::atomic::Ordering::SeqCst);
    busy.join().expect("it only records");
    assert_eq!(town.world.shelf().list().len(), 1, "one of a day is kept");
    let left = std::fs::read_dir(files(&town.world)).expect("there").count();
    assert_eq!(left, 2, "a file and its description, and nothing else");
}

#[test]
fn a_table_that_is_not_what_the_log_folds_to_is_told_with_the_snapshot() {
    let town = town_of("town");
    record(&town.world, vec![struck("a", 5), decreed("x")]);
    town.raw().run("update tally set total = 6", &[]).expect("tampered");
    let snapshot = town.world.snapshot().expect("made all the same");
    let names: Vec<&str> = snapshot.differences.iter().map(|one| one.table.as_str()).collect();
    assert_eq!(names, ["tally.tally"]);
    assert_eq!(town.world.shelf().newest().expect("kept").differences, snapshot.differences);
    // What it holds is what the log says.
    let kit = town.world.kit();
    let from_it = outcome(&town, kit, Until::End, Some(town.world.shelf()));
    assert_eq!(from_it, outcome(&town, kit, Until::End, None));
}

#[test]
fn a_damaged_snapshot_is_set_aside_and_the_one_before_serves() {
    let town = town_of("town");
    let mut album = Album::new();
    for amount in 0..6 {
        record(&town.world, vec![struck("a", amount), decreed("x")]);
        album.add(&town.world);
    }
    // As if of six days.
    for number in 0..6 {
        copy(&album.scratch.path().join(number.to_string()), &files(&town.world));
    }
    let seqs: Vec<i64> = album.shelves.iter().map(|(snapshot, _)| snapshot.seq).collect();
    let shelf = town.world.shelf();
    let path = |seq: i64, kind: &str| files(&town.world).join(format!("{seq}.{kind}"));
    let mut bytes = std::fs::read(path(seqs[5], "db")).expect("there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path(seqs[5], "db"), &bytes).expect("one bit turned");
    std::fs::write(path(seqs[4], "db"), &bytes[..100]).expect("cut short");
    std::fs::remove_file(path(seqs[3], "db")).expect("lost");
    std::fs::write(path(seqs[2], "json"), [0xff, 0xfe, b'{']).expect("no text");
    let text = std::fs::read_to_string(path(seqs[1], "json")).expect("there");
    std::fs::write(path(seqs[1], "json"), text.replace("\"seq\"", "\"SEQ\"")).expect("other");
    let kit = town.world.kit();
    let expected = outcome(&town, kit, Until::End, None);
    assert_eq!(outcome(&town, kit, Until::End, Some(shelf)), expected);
    assert_eq!(shelf.damaged(), 5);
    let left: Vec<i64> = shelf.list().iter().map(|snapshot| snapshot.seq).collect();
    assert_eq!(left, seqs[..1], "the oldest is sound, and served");

    // What is of another log is not used either.
    let mut conn = town.raw();
    conn.run("update log set hash = prev where seq = $1", params![seqs[0]]).expect("another log");
    assert_eq!(outcome(&town, kit, Until::End, Some(shelf)), expected);
    assert_eq!((shelf.damaged(), shelf.list().len()), (6, 0));
    record(&town.world, vec![decreed("y")]);
    town.world.snapshot().expect("from the beginning");
    assert_eq!((shelf.damaged(), shelf.list().len()), (3, 1), "a few are kept to look into");
}

#[test]
fn the_past_and_a_drill_begin_at_a_snapshot() {
    let town = town_of("town");
    let real = &town.world;
    record(real, vec![struck("a", 5), decreed("x")]);
    let made = real.snapshot().expect("made");
    town.at("08:30");
    record(real, vec![struck("a", 7), decreed("y")]);
    // Whoever begins at the first entry does not see it.
    let mut conn = town.raw();
    conn.run("update log set body = null where seq = 1", &[]).expect("closed");
    let total = |world: &World| -> i64 {
        let row = world.read_now(|db| Ok(db.row("select total from tally", &[])?));
        row.expect("reads").expect("one").get("total").expect("a number")
    };
    let entries = |world: &World| {
        let entries = world.read_now(|db| Ok(crate::log::after(db, Book::Log, 0, 100)?));
        let hashes = entries.expect("reads").into_iter().map(|entry| entry.hash.to_text());
        hashes.collect::<Vec<_>>()
    };
    let past = real.past("then", Until::Seq(made.seq)).expect("folds");
    assert_eq!((total(&past), past.last_seq()), (5, 2));
    assert_eq!(entries(&past), entries(real)[..2]);
    let later = real.past("later", Until::End).expect("folds");
    assert_eq!((total(&later), entries(&later)), (12, entries(real)));
    let drill = real.drill("lianxi", "看看从何处起").expect("opens");
    assert_eq!(total(&drill), 12);
    for world in [&past, &drill] {
        let refused = world.snapshot();
        let is_refused = matches!(refused, Err(Error::Conflict { code: "not-the-whole-log", .. }));
        assert!(is_refused, "{refused:?}");
    }
    drill.close();
    let empty = town_of("empty").world.snapshot();
    assert!(matches!(empty, Err(Error::Conflict { code: "log-empty", .. })), "{empty:?}");
}

#[test]
fn a_world_of_the_past_from_a_snapshot_knows_whom_its_facts_reached() {
    let town = town_of("town");
    let reaching = |n: u128, region: &str| {
        let (home, region) = (Home::node(), region.parse().expect("a code"));
        let struck = TallyFact::Struck(Struck { name: "a".to_owned(), amount: 1 });
        Record::first(Id::from_u128(n), Home { reach: vec![region], ..home }, struck)
    };
    record(&town.world, vec![reaching(1, "220281"), reaching(2, "220282")]);
    town.world.snapshot().expect("made");
    record(&town.world, vec![reaching(3, "220283")]);
    let past = town.world.past("then", Until::End).expect("folds");
    let reached = |world: &World| {
        let sql = "select seq, region from log_reach order by seq";
        let rows = world.read_now(|db| Ok(db.rows(sql, &[])?)).expect("reads");
        let pair = |row: crate::db::Row| (row.get("seq"), row.get("region"));
        rows.into_iter()
            .map(pair)
            .map(|(seq, region)| (seq.expect("a number"), region.expect("a code")))
            .collect::<Vec<(i64, String)>>()
    };
    assert_eq!(reached(&past).len(), 3);
    assert_eq!(reached(&past), reached(&town.world));
}

#[test]
fn without_room_on_the_disk_no_snapshot_is_made_and_none_is_half_there() {
    use crate::space::Room;
    let town = town_of("town");
    record(&town.world, vec![struck("a", 5)]);
    town.world.snapshot().expect("made");
    record(&town.world, vec![struck("a", 6)]);
    let code = |refused: Result<Snapshot>| match refused.err() {
        Some(Error::Conflict { code, .. }) => code,
        other => panic!("{other:?}"),
    };
    town.world.space().set(Room::NoReadings);
    assert_eq!(code(town.world.snapshot()), "disk-low");
    town.world.space().set(Room::Ample);
    town.world.space().set_spare(1_000);
    assert_eq!(code(town.world.snapshot()), "disk-low", "the newest one is larger than that");
    town.world.space().set_spare(u64::MAX);
    assert_eq!(town.world.shelf().newest().map(|newest| newest.seq), Some(1));
    assert_eq!(town.world.snapshot().expect("there is room again").seq, 2);
}

#[test]
fn a_snapshot_is_made_every_day_by_the_worlds_clock() {
    let town = town_of("town");
    record(&town.world, vec![struck("a", 5)]);
    town.at("23:59");
    record(&town.world, vec![struck("a", 6)]);
    assert!(town.world.shelf().list().is_empty(), "not before its hour");
    for (day, seq) in [(1, 3), (2, 4)] {
        let morning = Timestamp::from_beijing([2026, 8, 3 + day], [3, 0, 0]).expect("a minute");
        town.world.clock().set(morning);
        record(&town.world, vec![struck("a", 7)]);
        let newest = |world: &World| world.shelf().newest().map(|snapshot| snapshot.seq);
        town.until(|world| newest(world) == Some(seq));
    }
    let made: Vec<i64> = town.world.shelf().list().iter().map(|one| one.seq).collect();
    assert_eq!(made, [4, 3]);
}
