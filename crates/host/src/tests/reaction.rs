//! Stories of reactions whose program changes under them.

use std::sync::Arc;

use super::*;
use crate::clock::Clock;
use crate::part::Kit;
use crate::world::WorldConfig;

/// Whoever looks after the lamps: sees what it is told of, and does nothing else.
fn keeper(kinds: &'static [&'static str]) -> Reaction {
    Reaction {
        name: "lamp.keep",
        kinds,
        foreign: false,
        react: |tx, entry| {
            tx.record(Record::next(entry.header.subject, LampFact::Seen(Seen {})))?;
            Ok(())
        },
    }
}

fn program(kinds: &'static [&'static str]) -> Part {
    Part { reactions: vec![keeper(kinds)], ..part() }
}

/// The same files again, under a program whose keeper is told of these kinds.
fn again(town: &Town, before: &World, kinds: &'static [&'static str]) -> World {
    before.close();
    let (mut kit, _) = Kit::fold(vec![program(kinds)]);
    kit.tables_of_tests = LAMPS.to_owned();
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

fn light_one(world: &World, name: &'static str) -> Id {
    let region: AdminCode = "220282".parse().expect("a code");
    world.run(Lane::Urgent, "test", move |tx| lit(tx, name, region)).expect("lit")
}

fn put_out(world: &World, lamp: Id) {
    let out = LampFact::BurntOut(BurntOut {});
    world.run(Lane::Urgent, "test", move |tx| tx.record(Record::next(lamp, out))).expect("out");
}

/// How often each lamp was seen, once the keeper has nothing more to see.
fn seen(world: &World) -> Vec<i64> {
    let keeper = world.kit().reactions.iter().find(|it| it.name == "lamp.keep").expect("is there");
    let waits = || world.read_now(|db| crate::reaction::waits(db, world.origin(), keeper));
    while waits().expect("answers") {
        std::thread::yield_now();
    }
    let rows = world.read_now(|db| Ok(db.rows("select seen from lamp order by name", &[])?));
    rows.expect("reads").iter().map(|row| row.get("seen").expect("a count")).collect()
}

#[test]
fn a_kind_that_a_reaction_gains_has_no_past_for_it() {
    let town = Town::of_origin("town", vec![program(&["lamp.burnt_out"])], LAMPS);
    town.regions(&[("220282", "220282")]);
    let first = light_one(&town.world, "a");
    light_one(&town.world, "b");
    assert_eq!(seen(&town.world), [0, 0], "nobody was told that they were lit");

    let world = again(&town, &town.world, &["lamp.burnt_out", "lamp.lit"]);
    assert_eq!(seen(&world), [0, 0], "nor is anybody told now, of what was before");
    light_one(&world, "c");
    assert_eq!(seen(&world), [0, 0, 1]);
    put_out(&world, first);
    assert_eq!(seen(&world), [1, 0, 1], "the kind that it had goes on");

    let world = again(&town, &world, &["lamp.burnt_out"]);
    light_one(&world, "d");
    let world = again(&town, &world, &["lamp.burnt_out", "lamp.lit"]);
    assert_eq!(seen(&world), [1, 0, 1, 0], "what was while it did not listen is past too");
    world.close();
}

#[test]
fn what_a_reaction_had_not_seen_before_it_gained_a_kind_is_not_lost() {
    let town = Town::of_origin("town", vec![program(&["lamp.burnt_out"])], LAMPS);
    town.regions(&[("220282", "220282")]);
    let lamp = light_one(&town.world, "a");
    put_out(&town.world, lamp);
    assert_eq!(seen(&town.world), [1]);
    town.world.close();
    // As if the power had gone before it was seen: the cursor is where it was.
    town.raw().run("update reaction_cursor set seq = 1", &[]).expect("put back");
    let world = again(&town, &town.world, &["lamp.burnt_out", "lamp.lit"]);
    assert_eq!(seen(&world), [2]);
    world.close();
}
