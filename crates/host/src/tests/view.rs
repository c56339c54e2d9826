//! Stories of views: what lags, is built anew, and may fail without stopping anything.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::*;
use crate::clock::Clock;
use crate::part::Kit;
use crate::view::{ViewStanding, ViewTables, Viewed, differences};
use crate::world::WorldConfig;
use crate::{View, view_table};

const TABLES: &str = "create table if not exists lamp_count_a (region text collate \"C\" primary key, \
    lit bigint not null, gone bigint not null); \
    create table if not exists lamp_count_b (region text collate \"C\" primary key, \
    lit bigint not null, gone bigint not null); \
    create table if not exists lamp_newest_a (one bigint primary key, name text not null); \
    create table if not exists lamp_newest_b (one bigint primary key, name text not null)";

/// While a story holds it, no view that asks for it gets on.
static GATE: Mutex<()> = Mutex::const_new(());

fn pass_gate() {
    while GATE.try_lock().is_err() {
        std::thread::yield_now();
    }
}

fn count(tables: &mut ViewTables<'_>, entry: &Entry) {
    let (lit, gone): (i64, i64) = if entry.kind() == "lamp.lit" { (1, 0) } else { (0, 1) };
    tables.run(
        "insert into lamp_count (region, lit, gone) values ($1, $2, $3) on conflict (region) \
         do update set lit = lamp_count.lit + excluded.lit, gone = lamp_count.gone + excluded.gone",
        params![entry.header.region.clone(), lit, gone],
    );
}

/// Another meaning of the same rows: it counts in dozens.
fn count_dozens(tables: &mut ViewTables<'_>, entry: &Entry) {
    pass_gate();
    for _ in 0..12 {
        count(tables, entry);
    }
}

fn newest(tables: &mut ViewTables<'_>, entry: &Entry) {
    if let Some(LampFact::Lit(lit)) = crate::fact::read(entry) {
        tables.run(
            "insert into lamp_newest (one, name) values (1, $1) \
             on conflict (one) do update set name = excluded.name",
            params![&lit.name],
        );
    }
}

type Apply = fn(&mut ViewTables<'_>, &Entry);

fn counting(version: u32, apply: Apply) -> View {
    View {
        name: "lamp_count",
        version,
        tables: &[view_table!("lamp_count")],
        kinds: &["lamp.lit", "lamp.burnt_out"],
        foreign: false,
        apply,
    }
}

fn newest_of(foreign: bool) -> View {
    View {
        name: "lamp_newest",
        version: 1,
        tables: &[view_table!("lamp_newest")],
        kinds: &["lamp.lit"],
        foreign,
        apply: newest,
    }
}

fn town_with(origin: &str, views: Vec<View>) -> Town {
    let tables = format!("{LAMPS}; {TABLES}");
    Town::of_origin(origin, vec![Part { views, ..part() }], &tables)
}

/// The same files again, under a program with these views.
fn again(town: &Town, views: Vec<View>) -> World {
    town.world.close();
    let (mut kit, _) = Kit::fold(vec![Part { views, ..part() }]);
    kit.tables_of_tests = format!("{LAMPS}; {TABLES}");
    let config = WorldConfig {
        name: "real".to_owned(),
        origin: "town".to_owned(),
        directory: town.world.directory().to_owned(),
        database: town.database(),
        clock: Clock::still(town.world.clock().now()),
        durable: false,
    };
    World::open(config, Arc::new(kit)).expect("opens again")
}

fn light_one(world: &World, name: &'static str) -> i64 {
    let region: AdminCode = "220282".parse().expect("a code");
    world.run(Lane::Urgent, "test", move |tx| lit(tx, name, region)).expect("lit");
    world.last_seq()
}

async fn counted(world: &World, after: Option<i64>) -> Result<Viewed<Counts>> {
    // Of the one region that has lamps.
    let sql = "select coalesce(max(lit), 0) as lit, coalesce(max(gone), 0) as gone from lamp_count";
    world
        .read_view("lamp_count", after, |db| {
            let rows = db.rows(sql, &[])?;
            Ok(Counts { lit: rows[0].get("lit")?, gone: rows[0].get("gone")? })
        })
        .await
}

#[derive(Debug, PartialEq, Serialize)]
struct Counts {
    lit: i64,
    gone: i64,
}

fn name_of_newest(world: &World) -> Option<String> {
    let sql = "select name from lamp_newest";
    let row = world.read_now(|db| Ok(db.row(sql, &[])?)).expect("reads");
    row.map(|row| row.get("name").expect("a name"))
}

fn until_current(world: &World) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(120);
    while !world.views().hold(world.last_seq()) {
        assert!(std::time::Instant::now() < deadline, "{:?}", world.view_health());
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn who_wrote_reads_it_in_the_view_by_its_seq() {
    let town = town_with("town", vec![counting(1, count), newest_of(false)]);
    let before = counted(&town.world, None).await.expect("an empty view is a view");
    assert_eq!(
        (before.answer, before.view.standing),
        (Counts { lit: 0, gone: 0 }, ViewStanding::Current)
    );
    for round in 1..=20 {
        let seq = light_one(&town.world, "east");
        let read = loop {
            let began = std::time::Instant::now();
            let read = counted(&town.world, Some(seq)).await.expect("answers");
            if seq <= read.view.seq {
                break read;
            }
            // On a machine that stands still longer than a read waits, the next one has it.
            assert!(2 <= began.elapsed().as_secs(), "nobody waited for {seq}: {:?}", read.view);
        };
        assert_eq!(read.answer.lit, round);
        assert!(seq <= read.view.seq, "{:?}", read.view);
    }
    // Nobody waits for what is not there.
    let read = counted(&town.world, Some(i64::MAX)).await.expect("answers");
    assert_eq!(read.answer.lit, 20);
    town.settle();
    assert_eq!(town.world.view_health()[0].state.lag(), 0, "facts that it does not fold, too");
}

#[tokio::test]
async fn a_view_of_another_version_is_built_anew_while_the_old_one_answers() {
    let town = town_with("town", vec![counting(1, count)]);
    for name in ["a", "b", "c"] {
        light_one(&town.world, name);
    }
    town.settle();
    let gate = GATE.lock().await;
    let world = again(&town, vec![counting(2, count_dozens), newest_of(false)]);
    let old = counted(&world, None).await.expect("the old one answers");
    assert_eq!((old.answer.lit, old.view.standing), (3, ViewStanding::Building));
    assert_eq!(old.view.built_seq, Some(0));
    drop(gate);
    until_current(&world);
    let new = counted(&world, Some(world.last_seq())).await.expect("answers");
    assert_eq!((new.answer.lit, new.view.standing), (36, ViewStanding::Current));
    assert_eq!(name_of_newest(&world).as_deref(), Some("c"), "one that is new is built, too");
    light_one(&world, "d");
    until_current(&world);
    assert_eq!(counted(&world, None).await.expect("answers").answer.lit, 48);
    assert_eq!(differences(&world).expect("compares"), []);
    // And back again: into the slot that the first one was in.
    world.close();
    let world = again(&town, vec![counting(3, count)]);
    until_current(&world);
    assert_eq!(counted(&world, None).await.expect("answers").answer.lit, 4);
    world.close();
}

#[tokio::test]
async fn a_view_that_was_never_whole_says_how_far_it_is() {
    fn gated(tables: &mut ViewTables<'_>, entry: &Entry) {
        pass_gate();
        count(tables, entry);
    }
    let town = town_with("town", Vec::new());
    light_one(&town.world, "a");
    // The lamp is answered by a reaction, whose fact is the second.
    town.settle();
    let gate = GATE.lock().await;
    let world = again(&town, vec![counting(1, gated)]);
    let refused = counted(&world, None).await.expect_err("nothing to show");
    assert_eq!(refused.status(), (503, "view-building"));
    let problem = refused.to_problem();
    assert_eq!((&problem["seq"], &problem["of"]), (&0.into(), &world.last_seq().into()));
    drop(gate);
    until_current(&world);
    assert_eq!(counted(&world, None).await.expect("answers").answer.lit, 1);
    world.close();
}

#[tokio::test]
async fn a_view_that_fails_is_parked_with_its_entry_and_stops_nothing_else() {
    fn refused(tables: &mut ViewTables<'_>, entry: &Entry) {
        match crate::fact::read(entry) {
            Some(LampFact::Lit(lit)) if lit.name == "fog" => {
                tables.run("update lamp set seen = 9", &[]);
            }
            _ => count(tables, entry),
        }
    }
    fn falls(tables: &mut ViewTables<'_>, entry: &Entry) {
        match crate::fact::read(entry) {
            Some(LampFact::Lit(lit)) if lit.name == "fog" => panic!("nothing is seen in fog"),
            _ => count(tables, entry),
        }
    }
    let cases: [(Apply, &str); 2] = [(refused, "may not run"), (falls, "nothing is seen in fog")];
    for (apply, expected) in cases {
        let town = town_with("town", vec![counting(1, apply), newest_of(false)]);
        light_one(&town.world, "clear");
        let fog = light_one(&town.world, "fog");
        let last = light_one(&town.world, "east");
        town.settle();
        let health = &town.world.view_health()[0];
        let parked = health.parked.as_ref().expect("it stopped");
        assert!(parked.error.contains(expected), "{parked:?}");
        assert!(fog <= last && parked.seq <= last, "{parked:?}");
        let entries =
            town.world.read_now(|db| Ok(crate::log::after(db, Book::Log, parked.seq - 1, 1)?));
        assert!(
            entries.expect("reads")[0].body.as_deref().is_some_and(|body| body.contains("fog"))
        );
        assert_eq!(name_of_newest(&town.world).as_deref(), Some("east"), "the others go on");
        // It answers with what it held, and says that it stopped; nobody waits for more.
        let read = counted(&town.world, Some(last)).await.expect("answers");
        assert_eq!((read.answer.lit, read.view.standing), (1, ViewStanding::Parked));
        assert!(read.view.seq < parked.seq, "{read:?}");
        assert!(0 < read.view.lag());
        // A mended program begins with the entry that it stood at.
        let world = again(&town, vec![counting(1, count), newest_of(false)]);
        until_current(&world);
        assert_eq!(counted(&world, None).await.expect("answers").answer.lit, 3);
        world.close();
    }
}

#[tokio::test]
async fn a_world_of_the_past_and_a_drill_have_their_views() {
    let town = town_with("town", vec![counting(1, count)]);
    light_one(&town.world, "early");
    town.settle();
    let early = town.world.last_seq();
    town.at("08:30");
    light_one(&town.world, "late");
    town.settle();
    let past = town.world.past("replay", crate::fold::Until::Seq(early)).expect("folds");
    let read = counted(&past, Some(early)).await.expect("answers");
    assert_eq!((read.answer.lit, read.view.standing), (1, ViewStanding::Current));
    let drill = town.world.drill("flood", "演练").expect("opens");
    assert_eq!(counted(&drill, None).await.expect("answers").answer.lit, 2, "what it stands on");
    light_one(&drill, "of the drill");
    until_current(&drill);
    assert_eq!(counted(&drill, None).await.expect("answers").answer.lit, 3);
    assert_eq!(counted(&town.world, None).await.expect("answers").answer.lit, 2);
    drill.close();
}

#[tokio::test]
async fn a_view_built_again_from_nothing_is_the_live_one_and_a_changed_row_is_found() {
    let town = town_with("town", vec![counting(1, count), newest_of(true)]);
    for name in ["a", "b", "c"] {
        light_one(&town.world, name);
    }
    town.at("12:00");
    town.until(|world| world.last_seq() == 9);
    town.settle();
    assert_eq!(
        counted(&town.world, None).await.expect("answers").answer,
        Counts { lit: 3, gone: 3 }
    );
    assert_eq!(differences(&town.world).expect("compares"), []);
    town.raw().run("update lamp_count_a set lit = 7", &[]).expect("tampered");
    let found = differences(&town.world).expect("compares");
    let tables: Vec<&str> = found.iter().map(|one| one.table.as_str()).collect();
    assert_eq!(tables, ["lamp_count.lamp_count"]);
}

#[test]
fn a_view_folds_another_nodes_facts_only_when_it_says_so() {
    let county = town_with("county", Vec::new());
    county.announces();
    for foreign in [false, true] {
        let city = town_with("city", vec![newest_of(foreign)]);
        city.trusts(&county);
        light_one(&county.world, "of the county");
        county.settle();
        assert!(0 < county.sends(&city));
        city.settle();
        assert_eq!(name_of_newest(&city.world).is_some(), foreign);
    }
}

#[test]
fn a_command_cannot_write_the_table_of_a_view() {
    let town = town_with("town", vec![counting(1, count)]);
    for table in ["lamp_count", "lamp_count_a", "view_build_b"] {
        let sql = format!("delete from {table}");
        let refused =
            town.world.run(Lane::Urgent, "test", move |tx| Ok(tx.work().run(&sql, &[])?));
        assert!(matches!(refused, Err(Error::Db(_))), "{table}: {refused:?}");
    }
}
