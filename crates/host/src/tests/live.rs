//! Live screens, read through the door as a browser reads them.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::live::LiveMessage;
use crate::scope::Place;

const FACT: &[&str] = &["fact", "reset"];

/// A town with the live stream, where 韩 sees 220282 and 吉林 all of 220200.
fn watched() -> Town {
    let live = Part {
        name: "live",
        routes: Routes::new().get(
            "/api/live",
            crate::web::Access::SignedIn,
            "Streams",
            crate::web::live,
        ),
        ..Part::default()
    };
    let town = Town::of_origin("town", vec![part(), live, bells()], LAMPS);
    town.regions(&[
        ("220200", "220200"),
        ("220200", "220282"),
        ("220282", "220282"),
        ("220200", "220281"),
        ("220281", "220281"),
    ]);
    town.person("韩", "220282", &[READ, LIGHT]);
    town.person("吉林", "220200", &[READ, LIGHT]);
    town
}

async fn light_in(town: &Town, region: &str, name: &str) {
    let body = json!({ "name": name, "region": region });
    assert_eq!(town.post("吉林", "/api/lamps", body).await.status, 201);
}

fn readings(town: &Town, items: &[(&str, &str)]) {
    let items = items.iter().map(|(region, item)| {
        (
            Arc::new(Home::region(region.parse().expect("a code"))),
            serde_json::Value::from(*item).to_string(),
        )
    });
    let (at, items) = (town.world.clock().now(), items.collect());
    town.world.live().send(LiveMessage::Readings { at, seen_with: READ, items });
}

#[tokio::test]
async fn a_screen_sees_its_own_regions_and_nothing_else() {
    let town = watched();
    town.person("无权", "220200", &[LIGHT]);
    let mut inside = town.screen("韩", None).await;
    let mut above = town.screen("吉林", None).await;
    let mut blind = town.screen("无权", None).await;
    for screen in [&mut inside, &mut above, &mut blind] {
        let (name, hello) = screen.next().await.expect("opens");
        assert_eq!((name.as_str(), &hello["world"]), ("hello", &json!("real")));
    }
    // In a fog nothing is seen: one fact each.
    light_in(&town, "220281", "fog").await;
    light_in(&town, "220282", "fog").await;
    let (_, fact) = inside.next_of(FACT).await.expect("a fact");
    assert_eq!((&fact["region"], &fact["seq"]), (&json!("220282"), &json!(2)));
    let (_, fact) = above.next_of(FACT).await.expect("a fact");
    assert_eq!((&fact["region"], &fact["seq"]), (&json!("220281"), &json!(1)));
    assert_eq!(fact["summary"]["title"], "点亮fog");

    readings(&town, &[("220281", "a"), ("220282", "b")]);
    readings(&town, &[("220281", "c")]);
    readings(&town, &[("220282", "d")]);
    let kinds = &["readings", "fact"];
    assert_eq!(inside.next_of(kinds).await.expect("some").1["readings"], json!(["b"]));
    assert_eq!(inside.next_of(kinds).await.expect("some").1["readings"], json!(["d"]));
    assert_eq!(above.next_of(&["readings"]).await.expect("some").1["readings"], json!(["a", "b"]));
    town.leaves("无权");
    assert_eq!(blind.next_of(kinds).await, None, "who may see nothing hears nothing");
}

#[tokio::test]
async fn a_screen_resumes_after_what_it_had_and_is_reset_when_that_cannot_be() {
    let town = watched();
    for name in ["fog", "fog", "fog"] {
        light_in(&town, "220282", name).await;
    }
    // The screens are told just after the commit.
    town.until(|world| world.live().resume(0, 3).missed.len() == 3);
    let mut screen = town.screen("韩", Some(1)).await;
    assert_eq!(screen.next().await.expect("hello").1["seq"], 3);
    for seq in [2, 3] {
        let (name, fact) = screen.next_of(FACT).await.expect("missed");
        assert_eq!((name.as_str(), &fact["seq"]), ("fact", &json!(seq)));
    }
    light_in(&town, "220282", "fog").await;
    assert_eq!(screen.next_of(FACT).await.expect("live again").1["seq"], 4);

    let mut ahead = town.screen("韩", Some(400)).await;
    let (name, reset) = ahead.next_of(FACT).await.expect("said");
    assert_eq!((name.as_str(), &reset["seq"]), ("reset", &json!(4)), "the log was restored");
}

#[tokio::test]
async fn what_comes_together_is_written_together() {
    let town = watched();
    let mut screen = town.screen("韩", None).await;
    screen.next().await.expect("hello");
    for item in ["one", "two", "three"] {
        readings(&town, &[("220282", item)]);
    }
    for item in ["one", "two", "three"] {
        let (_, data) = screen.next_of(&["readings"]).await.expect("seen");
        assert_eq!(data["readings"], json!([item]));
    }
    assert_eq!(screen.pieces, 2, "the greeting, and all three");
}

#[tokio::test(start_paused = true)]
async fn the_clock_beats_however_much_flows_that_the_screen_may_not_see() {
    let town = watched();
    let mut screen = town.screen("韩", None).await;
    screen.next().await.expect("hello");
    let began = tokio::time::Instant::now();
    let busy = async {
        for _ in 0..35 {
            #[allow(clippy::disallowed_methods, reason = "time that stands still, moved on")]
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            readings(&town, &[("220281", "not for this screen")]);
        }
    };
    let beats = async {
        for beat in 1..=3 {
            let (name, _) = screen.next().await.expect("goes on");
            assert_eq!((name.as_str(), began.elapsed().as_secs()), ("clock", beat * 10));
        }
    };
    tokio::join!(beats, busy);
}

#[tokio::test(start_paused = true)]
async fn a_screen_ends_with_its_session_although_messages_flow() {
    let town = watched();
    let mut screen = town.screen("韩", None).await;
    screen.next_of(&["clock"]).await.expect("the session holds");
    town.leaves("韩");
    let began = tokio::time::Instant::now();
    readings(&town, &[("220282", "in flight")]);
    assert_eq!(screen.next_of(&["clock", "reset", "fact"]).await, None);
    assert!(began.elapsed().as_secs() <= 10, "within one beat");
}

#[tokio::test(start_paused = true)]
async fn a_screen_goes_on_for_a_minute_when_nobody_knows_whose_it_is() {
    let town = watched();
    let mut screen = town.screen("韩", None).await;
    screen.next_of(&["clock"]).await.expect("the session holds");
    town.knows_nobody(true);
    for _ in 0..5 {
        screen.next_of(&["clock"]).await.expect("goes on");
    }
    readings(&town, &[("220281", "another's"), ("220282", "own")]);
    let (_, heard) = screen.next_of(&["readings"]).await.expect("goes on");
    assert_eq!(heard["readings"], json!(["own"]), "as it was");
    town.knows_nobody(false);
    screen.next_of(&["clock"]).await.expect("known again");
    town.knows_nobody(true);
    let began = tokio::time::Instant::now();
    assert_eq!(screen.next_of(&["never"]).await, None);
    assert_eq!(began.elapsed().as_secs(), 60);
    let answer = town.get("韩", "/api/live").await;
    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (503, &json!("holder-unknown")));
    town.knows_nobody(false);
    town.leaves("韩");
    assert_eq!(town.get("韩", "/api/live").await.status, 401);
}

#[test]
fn a_commit_moves_the_tables_of_its_facts_and_one_of_unknown_outcome_moves_all() {
    let town = watched();
    let tables = || [&["lamp"][..], &["key_destroyed"], &["nobody's"]].map(|t| town.world.moved(t));
    let before = tables();
    let record = |name: &'static str| {
        town.world.run(Lane::Urgent, "test", move |tx| {
            let lit = LampFact::Lit(Lit {
                name: name.to_owned(),
                region: "220282".parse().expect("a code"),
                out_at: tx.now() + base::Duration::from_mins(60),
            });
            let id = tx.new_id();
            tx.record(Record::first(id, Home::node(), lit)).map(|_| ())
        })
    };
    record("fog").expect("recorded");
    let after = tables();
    assert_eq!((before[0] + 1, before[1], before[2]), (after[0], after[1], after[2]));
    let away = crate::town::Refusing::new(town.scratch(), &town.world, "log_head");
    record("fog").expect_err("nothing can be committed");
    drop(away);
    // The town's engines may have failed to commit something as well.
    let unsure = tables();
    assert!((0..3).all(|at| after[at] < unsure[at]), "{after:?} {unsure:?}");
}

#[tokio::test(start_paused = true)]
async fn a_screen_is_reset_when_its_holder_sees_another_part_of_the_world() {
    let town = watched();
    let mut screen = town.screen("韩", None).await;
    screen.next_of(&["clock"]).await.expect("the session holds");
    town.moves("韩", "220281", &[READ]);
    assert_eq!(screen.next_of(&["reset", "clock"]).await.expect("told").0, "reset");
    readings(&town, &[("220282", "no more"), ("220281", "from now on")]);
    let (_, heard) = screen.next_of(&["readings"]).await.expect("goes on");
    assert_eq!(heard["readings"], json!(["from now on"]));

    // A division is put under the one that is watched: the grants are the same.
    town.regions(&[("220281", "220221")]);
    light_in(&town, "220281", "fog").await;
    assert_eq!(screen.next_of(&["reset"]).await.expect("told").0, "reset");
    readings(&town, &[("220221", "new")]);
    let (_, heard) = screen.next_of(&["readings"]).await.expect("goes on");
    assert_eq!(heard["readings"], json!(["new"]));
    town.moves("韩", "220281", &[]);
    assert_eq!(screen.next_of(&["reset"]).await.expect("told").0, "reset", "nothing is left");
}

#[tokio::test(start_paused = true)]
async fn a_screen_ends_with_its_world() {
    let town = watched();
    light_in(&town, "220282", "fog").await;
    let past = town.world.past("replay-1", crate::fold::Until::End).expect("folds");
    town.node.add_world(past).expect("a name of its own");
    let mut screen = town.screen_of("replay-1", "韩", None).await;
    assert_eq!(screen.next().await.expect("hello").1["world"], "replay-1");
    town.node.close_branch("replay-1").expect("closed");
    assert_eq!(screen.next_of(&["clock"]).await, None);
}

#[tokio::test]
async fn a_route_of_the_node_is_not_found_in_another_world() {
    let own = Part {
        name: "own",
        routes: Routes::new()
            .get("/api/own", crate::web::Access::Public, "Of the node", || async { "own" })
            .of_node()
            .get("/api/each", crate::web::Access::Public, "Of each world", || async { "each" }),
        ..Part::default()
    };
    let town = Town::of_origin("town", vec![part(), own], LAMPS);
    town.regions(&[("220282", "220282")]);
    town.person("韩", "220282", &[READ, LIGHT]);
    assert_eq!(town.post("韩", "/api/lamps", body("fog")).await.status, 201);
    let past = town.world.past("replay-1", crate::fold::Until::End).expect("folds");
    town.node.add_world(past).expect("a name of its own");
    for (path, expected) in [
        ("/api/own", 200),
        ("/api/worlds/real/own", 200),
        ("/api/worlds/replay-1/own", 404),
        ("/api/worlds/replay-1/each", 200),
    ] {
        assert_eq!(town.get("韩", path).await.status, expected, "{path}");
    }
}

crate::facts! {
    /// What says nothing of where anything is.
    pub enum BellFact {
        "bell.rung" v 1 => Rung(Seen),
    }
}

/// A slice without tables: its facts move the log, and nothing that is looked up.
fn bells() -> Part {
    let slice = Slice::new::<BellFact>(
        "bell",
        1,
        &[],
        READ,
        |_, _, _| {},
        |_, _| Summary::new("钟响", json!({})),
    );
    Part { name: "bells", slices: vec![slice], ..Part::default() }
}

fn ring(town: &Town) {
    let ring = |tx: &mut Tx<'_>| {
        let id = tx.new_id();
        tx.record(Record::first(id, Home::node(), BellFact::Rung(Seen {}))).map(|_| ())
    };
    town.world.run(Lane::Urgent, "test", ring).expect("rings");
}

fn inside(town: &Town, root: &str) -> Arc<crate::inside::Inside> {
    let root = Place::Region(root.parse().expect("a code"));
    town.world.inside(&[root]).expect("is read")
}

#[tokio::test(start_paused = true)]
async fn screens_of_the_same_roots_hold_one_set_and_it_goes_with_them() {
    let town = watched();
    town.person("孙", "220282", &[READ]);
    let mut first = town.screen("韩", None).await;
    let mut second = town.screen("孙", None).await;
    let set = inside(&town, "220282");
    // 韩 sees by two permissions, 孙 by one.
    assert_eq!(Arc::strong_count(&set), 1 + 2 + 1);
    assert!(!Arc::ptr_eq(&set, &inside(&town, "220200")));

    // What is moved elsewhere leaves the set as it was, and the screens undisturbed.
    town.regions(&[("220200", "220283"), ("220283", "220283")]);
    for screen in [&mut first, &mut second] {
        assert_eq!(screen.next_of(&["reset", "clock"]).await.expect("goes on").0, "clock");
    }
    assert!(Arc::ptr_eq(&set, &inside(&town, "220282")));
    assert_eq!(Arc::strong_count(&set), 1 + 2 + 1);

    drop((first, second));
    let gone = Arc::downgrade(&set);
    assert_eq!(Arc::strong_count(&set), 1);
    drop(set);
    assert!(gone.upgrade().is_none(), "nobody looks from there");
}

#[tokio::test(start_paused = true)]
async fn a_region_that_was_moved_is_seen_at_once() {
    let town = watched();
    town.person("孙", "220282", &[READ, LIGHT]);
    let mut before = town.screen("韩", None).await;
    before.next().await.expect("hello");
    let set = inside(&town, "220282");
    town.regions(&[("220282", "220221")]);
    let mut after = town.screen("孙", None).await;
    readings(&town, &[("220221", "new")]);
    let (_, heard) = after.next_of(&["readings"]).await.expect("opens");
    assert_eq!(heard["readings"], json!(["new"]));
    // Who looked already is told with the next beat, and both hold the new set.
    assert_eq!(before.next_of(&["reset"]).await.expect("told").0, "reset");
    let anew = inside(&town, "220282");
    assert_eq!((Arc::strong_count(&set), Arc::strong_count(&anew)), (1, 1 + 2 + 2));
}

#[tokio::test(start_paused = true)]
async fn a_log_that_moves_makes_no_screen_read_again_what_reports_to_what() {
    let town = watched();
    town.person("孙", "220282", &[READ]);
    let mut first = town.screen("韩", None).await;
    first.next().await.expect("hello");
    let away = crate::town::Refusing::new(town.scratch(), &town.world, "region_within");
    // Longer than a screen goes on that asks and is told nothing.
    for _ in 0..8 {
        ring(&town);
        first.next_of(&["clock"]).await.expect("goes on");
    }
    let mut second = town.screen("孙", None).await;
    assert_eq!(second.next().await.expect("needs no table").0, "hello");
    drop(away);
}
