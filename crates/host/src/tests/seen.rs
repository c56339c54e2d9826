//! Who sees what: by region, by organisation, by reach, and as far as the class is open.

use serde_json::json;

use super::*;
use crate::scope::SEE_SENSITIVE;
use crate::sight::Sight;

const BUREAU: Id = Id::from_u128(1);
const BRIGADE: Id = Id::from_u128(2);
const MINE: Id = Id::from_u128(3);

/// A town with two regions under one, and a brigade of the bureau beside a mine.
fn two_counties() -> Town {
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
    let town = Town::of_origin("town", vec![part(), live], LAMPS);
    town.regions(&[
        ("220200", "220200"),
        ("220200", "220282"),
        ("220282", "220282"),
        ("220200", "220281"),
        ("220281", "220281"),
    ]);
    town.orgs(&[(BUREAU, BUREAU), (BUREAU, BRIGADE), (BRIGADE, BRIGADE), (MINE, MINE)]);
    town.person("桦甸", "220282", &[READ]);
    town.person("蛟河", "220281", &[READ]);
    town.person("保密", "220282", &[READ, SEE_SENSITIVE]);
    for (name, org) in [("局里", BUREAU), ("大队", BRIGADE), ("矿上", MINE)] {
        town.person(name, "000000", &[]);
        town.works_for(name, org, &[READ]);
    }
    town
}

fn code(text: &str) -> AdminCode {
    text.parse().expect("a code")
}

/// Lights a lamp; a fog keeps the reaction out of the story.
fn light_at(town: &Town, home: Home) -> Id {
    let lit = move |tx: &mut Tx<'_>| {
        let id = tx.new_id();
        let region = home.region.clone().unwrap_or_else(|| code("220000"));
        let out_at = tx.now() + base::Duration::from_hours(9);
        let fact = LampFact::Lit(Lit { name: "fog".to_owned(), region, out_at });
        tx.record(Record::first(id, home, fact))?;
        Ok(id)
    };
    town.world.run(Lane::Urgent, "test", lit).expect("lit")
}

/// Who sees the lamp by the table, by each way into the log, and live.
async fn seers(town: &Town, home: Home) -> Vec<&'static str> {
    let names = ["桦甸", "蛟河", "保密", "局里", "大队", "矿上"];
    let mut screens = Vec::new();
    for name in names {
        let mut screen = town.screen(name, None).await;
        screen.next().await.expect("hello");
        screens.push(screen);
    }
    let id = light_at(town, home);
    // What each of them sees at least: a screen that shows nothing is told apart.
    light_at(town, Home::region(code("220282")).org(Some(MINE)).reach(vec![code("220281")]));
    for org in [BUREAU, BRIGADE] {
        light_at(town, Home::node().org(Some(org)));
    }
    let mut seen = Vec::new();
    for (name, mut screen) in names.into_iter().zip(screens) {
        let caller = town.caller(name);
        let scope = caller.scope(READ).expect("held");
        let sight = Sight::of(town.world.kit(), &caller);
        let (by_table, walked, by_index) = town
            .world
            .read_now(|db| {
                let by_table = load(db, &scope, id).is_ok();
                let mut params = vec![id.into()];
                let condition = sight.condition(&mut params).expect("something");
                let text = format!("log.subject = $1 and {condition}");
                let walked = crate::log::select(db, &text, &params)?.len();
                let mut by_index = 0;
                for way in sight.parts.iter().flat_map(|part| part.by_index()) {
                    let mut params = vec![id.into()];
                    let text = format!("log.subject = $1 and {}", way.condition(&mut params));
                    by_index += crate::log::select(db, &text, &params)?.len();
                }
                Ok((by_table, walked == 1, 0 < by_index))
            })
            .expect("reads");
        assert_eq!(walked, by_index, "{name}: two ways into one log");
        // The first fact on the screen is this one, or one that came after it.
        let (_, fact) = screen.next_of(&["fact"]).await.expect("each sees one of them");
        let live = fact["subject"] == json!(id);
        assert_eq!(live, walked, "{name}: the screen and the log");
        assert_eq!(by_table, walked, "{name}: the table and the log");
        if walked {
            seen.push(name);
        }
    }
    seen
}

#[tokio::test]
async fn a_fact_is_seen_where_it_is_at_home_and_where_it_reaches() {
    let town = two_counties();
    let here = || Home::region(code("220282"));
    assert_eq!(seers(&town, here()).await, ["桦甸", "保密"]);
    assert_eq!(seers(&town, here().reach(vec![code("220281")])).await, ["桦甸", "蛟河", "保密"]);
    assert_eq!(seers(&town, here().org(Some(BRIGADE))).await, ["桦甸", "保密", "局里", "大队"]);
    assert_eq!(seers(&town, Home::node().org(Some(MINE))).await, ["矿上"]);
    assert_eq!(seers(&town, Home::node()).await, [""; 0], "the node's own is in nobody's scope");
}

#[tokio::test]
async fn what_is_sensitive_is_seen_by_those_who_may() {
    let town = two_counties();
    let here = Home::region(code("220282")).class(Class::Sensitive);
    assert_eq!(seers(&town, here).await, ["保密"]);
    let mine = Home::node().org(Some(MINE)).class(Class::Sensitive);
    assert_eq!(seers(&town, mine).await, [""; 0]);
    let open = Home::region(code("220281")).class(Class::Public);
    assert_eq!(seers(&town, open).await, ["蛟河"]);
}

#[test]
fn a_further_fact_is_at_home_where_its_subject_is() {
    let town = two_counties();
    let home = Home::region(code("220282"))
        .org(Some(MINE))
        .class(Class::Sensitive)
        .reach(vec![code("220281")]);
    let id = light_at(&town, home.clone());
    let homes = town.world.run(Lane::Urgent, "test", move |tx| {
        tx.record(Record::next(id, LampFact::Seen(Seen {})))?;
        let before = tx.home_of(id)?;
        let seen = Record::next(id, LampFact::Seen(Seen {}));
        tx.record(seen.moved_to(code("220281")))?;
        Ok((before, tx.home_of(id)?))
    });
    let (before, after) = homes.expect("recorded");
    assert_eq!(before, home);
    assert_eq!(after, Home { region: Some(code("220281")), ..home });
    let stranger = town.world.run(Lane::Urgent, "test", |tx| {
        tx.record(Record::next(Id::from_u128(77), LampFact::Seen(Seen {})))
    });
    assert!(matches!(stranger, Err(Error::Internal(_))), "{stranger:?}");
}

#[test]
fn a_row_stands_where_its_newest_fact_is_at_home_whatever_apply_does() {
    let town = two_counties();
    let reached = Home::region(code("220282")).reach(vec![code("220281")]);
    let moved = light_at(&town, reached.clone());
    let again = light_at(&town, Home::region(code("220282")));
    let closed = light_at(&town, Home::region(code("220282")));
    town.world
        .run(Lane::Urgent, "test", move |tx| {
            let seen = |id| Record::next(id, LampFact::Seen(Seen {}));
            tx.record(seen(moved).at_home(Home::region(code("220281")).org(Some(MINE))))?;
            tx.record(seen(again).at_home(reached.clone()))?;
            tx.record(seen(closed).moved_to(code("220281")))?;
            tx.record(seen(closed))
        })
        .expect("recorded");
    let kit = town.world.kit();
    let (rows, elsewhere) = town
        .world
        .read_now(|db| {
            let mut row = |id| -> Result<Home> {
                let sql = "select region, org, class from lamp where id = $1";
                Ok(Home::from_row(&db.row(sql, params![id])?.expect("its row"))?)
            };
            let rows = [row(moved)?, row(again)?, row(closed)?];
            Ok((rows, crate::fold::misplaced(db, kit)?))
        })
        .expect("reads");
    assert_eq!(
        rows,
        [
            Home::region(code("220281")).org(Some(MINE)),
            Home::region(code("220282")),
            Home::region(code("220281")),
        ]
    );
    assert_eq!(elsewhere, [""; 0], "and so do their reaches");
    let by_hand = town.world.run(Lane::Urgent, "test", move |tx| {
        tx.conn.run("update lamp set region = '220200' where id = $1", params![again])?;
        tx.conn.run("delete from lamp_reach", &[])?;
        let kit = tx.kit;
        crate::fold::misplaced(tx, kit)
    });
    let by_hand = by_hand.expect("reads");
    assert_eq!(by_hand.len(), 1, "{by_hand:?}");
    assert!(by_hand[0].starts_with(&format!("lamp {again}: ")), "{by_hand:?}");
}

#[test]
fn a_fact_is_caused_by_its_subjects_newest_unless_it_reacts_or_follows() {
    let town = two_counties();
    let lamp = light_at(&town, Home::region(code("220282")));
    let headers = town.world.run(Lane::Urgent, "test", move |tx| {
        let seen = || LampFact::Seen(Seen {});
        let first = tx.record(Record::next(lamp, seen()))?;
        let second = tx.record(Record::next(lamp, seen()))?;
        let other = tx.new_id();
        let home = tx.home_of(lamp)?;
        let third = tx.record(Record::first(other, home, seen()).follows(lamp))?;
        tx.cause = Some((first.id, Id::from_u128(5)));
        let fourth = tx.record(Record::next(other, seen()))?;
        let alone = tx.new_id();
        let fifth = tx.record(Record::first(alone, Home::node(), seen()))?;
        let entries = [first, second, third, fourth, fifth];
        let header = |seq| &tx.entries.iter().find(|entry| entry.seq == seq).expect("there").header;
        Ok(entries.map(|it| (it.id, header(it.seq).cause, header(it.seq).correlation)))
    });
    let [first, second, third, fourth, fifth] = headers.expect("recorded");
    assert_eq!(second.1, Some(first.0));
    assert_eq!((third.1, third.2), (Some(second.0), lamp), "of another's thread");
    assert_eq!(
        (fourth.1, fourth.2),
        (Some(first.0), lamp),
        "a reaction's cause is what it reacts to"
    );
    assert_eq!((fifth.1, fifth.2), (Some(first.0), Id::from_u128(5)));
}

#[test]
fn what_is_not_a_slices_own_row_is_refused() {
    const TABLES: &[Table] = &[Table::subjects("lamp"), Table::facts("region_within")];
    type Apply = fn(&mut Tables<'_>, &Entry, &LampFact);
    let refused: [Apply; 4] = [
        |tables, entry, _| {
            let sql = "insert into lamp (id) values ($1)";
            tables.run(sql, params![entry.header.subject]);
        },
        |tables, entry, _| tables.put("region_within", entry, crate::row! {}),
        |tables, entry, _| tables.put("session", entry, crate::row! {}),
        |tables, _, _| tables.run("delete from session", &[]),
    ];
    for apply in refused {
        let slice = Slice::new::<LampFact>("lamp", 1, TABLES, READ, apply, |_, _| {
            Summary::new("", serde_json::json!({}))
        });
        let part = Part { name: "lamps", slices: vec![slice], ..Part::default() };
        let town = Town::of_origin("town", vec![part], LAMPS);
        let light = |home: Home| {
            let fact = LampFact::BurntOut(BurntOut {});
            town.world.run(Lane::Urgent, "test", move |tx| {
                let id = tx.new_id();
                tx.record(Record::first(id, home, fact)).map(|_| ())
            })
        };
        let error = light(Home::node()).expect_err("refused");
        assert!(matches!(error, Error::Db(_)), "{error:?}");
        let far = Home::node().reach(vec![code("220281")]);
        let error = light(far).expect_err("it has no table for what it reaches");
        assert!(matches!(error, Error::Internal(_)), "{error:?}");
    }
}

#[test]
fn a_drill_knows_where_its_base_is_at_home_and_writes_for_it() {
    let town = two_counties();
    let home = Home::region(code("220282")).org(Some(MINE));
    let id = light_at(&town, home.clone());
    town.settle();
    let drill = town.world.drill("flood-2026", "防汛演练").expect("opens");
    let after = drill.run(Lane::Urgent, "test", move |tx| {
        tx.record(Record::next(id, LampFact::BurntOut(BurntOut {})))?;
        tx.home_of(id)
    });
    assert_eq!(after.expect("recorded"), home);
    assert_eq!(
        town.world
            .read_now(|db| Ok(db.rows("select id from lamp where out = 1", &[])?.len()))
            .expect("reads"),
        0
    );
    drill.close();
}

#[tokio::test]
async fn something_new_is_made_where_its_region_or_organisation_is_held_and_its_class_is_open() {
    let town = two_counties();
    let makers = |home: Home| -> Vec<&'static str> {
        let names = ["桦甸", "蛟河", "保密", "局里", "大队", "矿上"];
        let may = |name: &&'static str| {
            let scope = town.caller(name).scope(READ).expect("held");
            let made = town.world.read_now(|db| scope.require(db, &home));
            if let Err(refused) = &made {
                assert_eq!(refused.status(), (404, "not-found"), "{name}");
            }
            made.is_ok()
        };
        names.into_iter().filter(may).collect()
    };
    let here = || Home::region(code("220282"));
    assert_eq!(makers(here()), ["桦甸", "保密"], "an organisation alone makes nothing here");
    assert_eq!(makers(here().org(Some(BRIGADE))), ["桦甸", "保密", "局里", "大队"]);
    assert_eq!(makers(here().class(Class::Sensitive)), ["保密"]);
    let of_brigade = here().org(Some(BRIGADE)).class(Class::Sensitive);
    assert_eq!(makers(of_brigade), ["保密"], "a brigade that may not see it does not make it");
    assert_eq!(makers(here().reach(vec![code("220281")])), ["桦甸", "保密"], "reach is no home");
    assert_eq!(makers(Home::node().org(Some(MINE))), ["矿上"]);
    assert_eq!(makers(Home::node()), [""; 0], "the node's own is made by its officers");
}
