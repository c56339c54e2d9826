//! Stories of the host itself, told with a slice as small as one can be.

mod exchange;
mod foreign;
mod live;
mod neighbour;
mod reaction;
mod seen;
mod view;

use base::{AdminCode, Id};
use serde::{Deserialize, Serialize};

use crate::db::Database;
use crate::home::Home;
use crate::log::{Book, Class};
use crate::town::Town;
use crate::web::{Body, Path, Scoped};
use crate::{
    Caller, Due, Entry, Error, Idempotency, Job, Lane, Part, Permission, Reaction, Read, Record,
    Reply, Result, Routes, Scope, Slice, Summary, Table, Tables, Tx, World, params,
};

const READ: Permission = Permission::new("lamp.read", "看灯");
const LIGHT: Permission = Permission::new("lamp.light", "点灯");

crate::facts! {
    /// What can happen to a lamp.
    pub enum LampFact {
        "lamp.lit" v 1 => Lit(Lit),
        "lamp.seen" v 1 => Seen(Seen),
        "lamp.burnt_out" v 1 => BurntOut(BurntOut),
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Lit {
    pub name: String,
    pub region: AdminCode,
    /// When it will have burnt out.
    pub out_at: base::Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Seen {}

#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BurntOut {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
struct Lamp {
    id: Id,
    name: String,
    seen: i64,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct LightLamp {
    name: String,
    region: AdminCode,
}

fn part() -> Part {
    const TABLES: &[Table] = &[
        Table::subjects("lamp"),
        Table::facts("lamp_reach"),
        Table::facts("lamp_wick"),
        Table::facts("region_within"),
    ];
    Part {
        name: "lamps",
        slices: vec![Slice::new::<LampFact>(
            "lamp",
            1,
            TABLES,
            READ,
            apply,
            |_, fact| match fact {
                LampFact::Lit(lit) => Summary::new(
                    format!("点亮{}", lit.name),
                    serde_json::json!({ "name": lit.name }),
                ),
                LampFact::Seen(_) => Summary::new("看见灯火", serde_json::json!({})),
                LampFact::BurntOut(_) => Summary::new("灯火已灭", serde_json::json!({})),
            },
        )],
        reactions: vec![Reaction {
            name: "lamp.see",
            kinds: &["lamp.lit"],
            foreign: false,
            react: |tx, entry| {
                let lit: LampFact = crate::fact::read(entry).expect("its own kind");
                match lit {
                    LampFact::Lit(lit) if lit.name == "fog" => {
                        Err(Error::conflict("fog", "nothing is seen in fog"))
                    }
                    LampFact::Lit(_) => {
                        let seen = LampFact::Seen(Seen {});
                        tx.record(Record::next(entry.header.subject, seen))?;
                        Ok(())
                    }
                    _ => Ok(()),
                }
            },
        }],
        jobs: vec![Job {
            name: "lamp.burn_out",
            next: |db| {
                let sql = format!(
                    "select out_at as at, id from lamp where out = 0 and {} \
                     order by out_at, id limit 1",
                    crate::job::not_parked("lamp.burn_out", "lamp")
                );
                Due::first(db, &sql)
            },
            run: |tx, due| {
                let row = tx.row("select name from lamp where id = $1", params![due.subject])?;
                let name: String = row.expect("it is due").get("name")?;
                if name == "everlasting" {
                    return Err(Error::conflict("everlasting", "this lamp does not burn out"));
                }
                if name == "forgotten" {
                    return Ok(());
                }
                tx.record(Record::next(due.subject, LampFact::BurntOut(BurntOut {})))?;
                Ok(())
            },
        }],
        routes: Routes::new()
            .get("/api/lamps/{id}", READ, "Gives a lamp", show)
            .gives::<Lamp>()
            .post("/api/lamps", LIGHT, "Lights a lamp", light)
            .takes::<LightLamp>()
            .creates::<Lamp>()
            .post("/api/lamps/{id}/panic", LIGHT, "Falls over", fall),
        permissions: vec![READ, LIGHT],
        ..Part::default()
    }
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &LampFact) {
    let id = entry.header.subject;
    match fact {
        LampFact::Lit(lit) => {
            let row = crate::row! { name: &lit.name, out_at: lit.out_at, seen: 0, out: 0 };
            tables.put("lamp", entry, row);
            // A lamp has one wick: lit twice, it is refused.
            tables.run("insert into lamp_wick (lamp) values ($1)", params![id]);
        }
        LampFact::Seen(_) => {
            tables.run("update lamp set seen = seen + 1 where id = $1", params![id])
        }
        LampFact::BurntOut(_) => tables.run("update lamp set out = 1 where id = $1", params![id]),
    }
}

fn load(db: &mut dyn Read, scope: &Scope, id: Id) -> Result<Lamp> {
    let mut params = vec![id.into()];
    let inside = scope.filter_reaching("lamp", "lamp_reach", &mut params);
    let row =
        db.row(&format!("select id, name, seen from lamp where id = $1 and {inside}"), &params)?;
    let row = row.ok_or(Error::not_found("lamp"))?;
    Ok(Lamp { id: row.get("id")?, name: row.get("name")?, seen: row.get("seen")? })
}

async fn show(world: World, Scoped(scope): Scoped, Path(id): Path<Id>) -> Result<axum::Json<Lamp>> {
    Ok(axum::Json(world.read(move |db| load(db, &scope, id)).await?))
}

async fn light(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(body): Body<LightLamp>,
) -> Result<Reply<Lamp>> {
    let reply = world.commit(&caller, key, move |tx| {
        let id = lit(tx, &body.name, body.region)?;
        load(tx, &scope, id)
    });
    Ok(reply.await?.created())
}

async fn fall(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<Id>,
) -> Result<Reply<()>> {
    world
        .commit(&caller, key, move |tx| {
            tx.record(Record::next(id, LampFact::Seen(Seen {})))?;
            panic!("the ladder broke");
        })
        .await
}

fn lit(tx: &mut Tx<'_>, name: &str, region: AdminCode) -> Result<Id> {
    let id = tx.new_id();
    let out_at = tx.now() + base::Duration::from_hours(1);
    let fact = LampFact::Lit(Lit { name: name.to_owned(), region: region.clone(), out_at });
    tx.record(Record::first(id, Home::region(region), fact))?;
    Ok(id)
}

const LAMPS: &str = "create table if not exists lamp (id text primary key, origin text not null, \
    name text not null, region text, org text, class text not null, out_at bigint not null, seen bigint not null, out bigint not null); \
    create table if not exists lamp_wick (lamp text primary key); \
    create table if not exists lamp_reach (id text not null, region text not null, \
    primary key (id, region)); \
    create index if not exists lamp_by_out on lamp (out, out_at, id)";

fn town() -> Town {
    town_of("town")
}

fn town_of(origin: &str) -> Town {
    let town = Town::of_origin(origin, vec![part()], LAMPS);
    town.regions(&[("220200", "220282"), ("220282", "220282"), ("220281", "220281")]);
    town
}

fn body(name: &str) -> serde_json::Value {
    serde_json::json!({ "name": name, "region": "220282" })
}

#[tokio::test]
async fn a_command_is_one_fact_and_the_same_key_again_changes_nothing() {
    let town = town();
    town.person("韩", "220282", &[READ, LIGHT]);
    let ask =
        |body, key| town.ask_with("韩", axum::http::Method::POST, "/api/lamps", Some(body), key);
    let first = ask(body("east"), Some("k1")).await;
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(first.headers["fengsui-seq"], "1");
    town.settle();
    let again = ask(body("east"), Some("k1")).await;
    assert_eq!((again.status.as_u16(), &again.body), (201, &first.body));
    let other = ask(body("west"), Some("k1")).await;
    assert_eq!(other.body["code"], "idempotency-key-reused");
    town.settle();
    town.until(|world| 2 <= world.last_seq());
    assert_eq!(town.world.last_seq(), 2, "one lit, one seen");
}

#[tokio::test]
async fn what_was_asked_is_kept_as_a_digest_that_confirms_no_guess() {
    use sha2::Digest as _;
    let town = town();
    town.person("韩", "220282", &[READ, LIGHT]);
    let ask =
        |body, key| town.ask_with("韩", axum::http::Method::POST, "/api/lamps", Some(body), key);
    let first = ask(body("east"), Some("k1")).await;
    assert_eq!(first.status, 201, "{}", first.body);

    // Whoever guesses the whole request has its digest, and not the node's key.
    let request = format!("POST\0/api/lamps\0{}", body("east"));
    let digest = hex::encode(sha2::Sha256::digest(request));
    let kept = |conn: &mut crate::db::Conn| {
        let row = conn.row("select request from idempotency", &[]).expect("reads");
        row.expect("one").get::<String>("request").expect("a text")
    };
    let keys = town.world.keys();
    let keyed = format!("k1:{}", keys.blind_index("request", &digest));
    let mut conn = town.raw();
    assert_eq!(kept(&mut conn), keyed);
    assert!(!keyed.contains(&digest));

    // As a program before this format kept it.
    conn.run("update idempotency set request = $1", params![&digest]).expect("older");
    crate::world::key_requests(&mut conn, keys).expect("keyed");
    assert_eq!(kept(&mut conn), keyed);
    crate::world::key_requests(&mut conn, keys).expect("nothing to do");
    assert_eq!(kept(&mut conn), keyed);
    let again = ask(body("east"), Some("k1")).await;
    assert_eq!((again.status.as_u16(), &again.body), (201, &first.body));
    assert_eq!(ask(body("west"), Some("k1")).await.body["code"], "idempotency-key-reused");
}

/// Of 2 500 digests the last, too: they are put under the key in several transactions.
#[tokio::test]
async fn the_digests_of_a_busy_day_are_keyed_to_the_last() {
    let town = town();
    let mut conn = town.raw();
    let sql = "insert into idempotency (owner, key, request, reply, expires_at) \
         values ($1, $2, $3, '{}', 1)";
    conn.begin().expect("begins");
    for number in 0..2_500 {
        let owner = format!("owner {}", number % 7);
        conn.send(sql, params![owner, format!("key {number}"), format!("{number:064x}")])
            .expect("sent");
    }
    conn.commit().expect("as an older program kept them");
    crate::world::key_requests(&mut conn, town.world.keys()).expect("keyed");
    let rows = conn.rows("select key, request from idempotency order by key", &[]);
    let rows = rows.expect("reads");
    assert_eq!(rows.len(), 2_500);
    for row in rows {
        let key: String = row.get("key").expect("a text");
        let number: u32 = key[4..].parse().expect("a number");
        let keyed = town.world.keys().blind_index("request", &format!("{number:064x}"));
        assert_eq!(row.get::<String>("request").expect("a text"), format!("k1:{keyed}"), "{key}");
    }
}

#[tokio::test]
async fn what_lies_outside_the_scope_is_not_found() {
    let town = town();
    town.person("桦甸", "220282", &[READ, LIGHT]);
    town.person("蛟河", "220281", &[READ, LIGHT]);
    town.person("吉林", "220200", &[READ]);
    town.person("无权", "220282", &[]);
    let lamp = town.post("桦甸", "/api/lamps", body("east")).await.body;
    let path = format!("/api/lamps/{}", lamp["id"].as_str().expect("an id"));
    for (who, expected) in [("桦甸", 200), ("吉林", 200), ("蛟河", 404), ("无权", 403), ("", 401)]
    {
        assert_eq!(town.get(who, &path).await.status, expected, "{who}");
    }
    assert_eq!(town.get("桦甸", "/api/lamps/not-an-id").await.status, 404);
    assert_eq!(town.get("桦甸", "/api/worlds/real/regions-of-nowhere").await.status, 404);
    assert_eq!(town.get("桦甸", &path.replace("/api/", "/api/worlds/real/")).await.status, 200);
    assert_eq!(town.get("桦甸", &path.replace("/api/", "/api/worlds/drill/")).await.status, 404);
    let answer = town.post("吉林", "/api/lamps", body("x")).await;
    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (403, &"forbidden".into()));
}

#[tokio::test]
async fn a_panic_fails_its_command_and_nobody_elses() {
    let town = town();
    town.person("韩", "220282", &[READ, LIGHT]);
    let lamp = town.post("韩", "/api/lamps", body("east")).await.body;
    town.settle();
    town.until(|world| world.last_seq() == 2);
    let before = town.world.last_seq();
    let path = format!("/api/lamps/{}/panic", lamp["id"].as_str().expect("an id"));
    let (fallen, fine) = tokio::join!(
        town.post("韩", &path, serde_json::json!({})),
        town.post("韩", "/api/lamps", body("west"))
    );
    assert_eq!(fallen.status, 500);
    assert!(!fallen.body.to_string().contains("ladder"), "the text is for the log only");
    assert_eq!(fine.status, 201);
    town.settle();
    town.until(|world| before + 2 <= world.last_seq());
    assert_eq!(town.world.last_seq(), before + 2, "the fallen one left nothing");
    assert!(sound(&town), "and no gap");
}

#[tokio::test]
async fn a_reaction_that_fails_five_times_parks_the_fact_and_goes_on() {
    let town = town();
    town.person("韩", "220282", &[READ, LIGHT]);
    town.post("韩", "/api/lamps", body("fog")).await;
    let clear = town.post("韩", "/api/lamps", body("clear")).await.body;
    town.settle();
    let parked = town.world.read_now(crate::reaction::parked).expect("answers");
    assert_eq!(parked.len(), 1);
    assert_eq!(parked[0].error, "nothing is seen in fog");
    let path = format!("/api/lamps/{}", clear["id"].as_str().expect("an id"));
    assert_eq!(town.get("韩", &path).await.body["seen"], 1);
}

#[tokio::test]
async fn due_work_that_fails_five_times_is_parked_and_the_rest_gets_its_turn() {
    let town = town();
    town.person("韩", "220282", &[READ, LIGHT]);
    town.post("韩", "/api/lamps", body("everlasting")).await;
    town.post("韩", "/api/lamps", body("forgotten")).await;
    town.at("08:01");
    let lamp = town.post("韩", "/api/lamps", body("east")).await.body;
    town.settle();
    town.at("12:00");
    let subject = lamp["id"].as_str().expect("an id").to_owned();
    town.until(|world| {
        let out = world.read_now(|db| {
            let sql = "select count(*) as out from lamp where id = $1 and out = 1";
            Ok(db.row(sql, params![&subject])?.map_or(Ok(0), |row| row.get::<i64>("out"))?)
        });
        out.is_ok_and(|out| out == 1)
    });
    let parked = town.world.read_now(crate::job::parked).expect("answers");
    assert_eq!(parked.len(), 2, "{parked:?}");
    assert!(parked.iter().all(|work| work.job == "lamp.burn_out"));
    assert!(parked.iter().all(|work| work.due_at.to_beijing() == "2026-08-03 09:00:00"));
    let errors: Vec<&str> = parked.iter().map(|work| work.error.as_str()).collect();
    assert!(errors.contains(&"this lamp does not burn out"), "{errors:?}");
    assert!(errors.contains(&"due work leaves its due time where it was"), "{errors:?}");
}

#[tokio::test]
async fn due_work_runs_at_its_due_time_whenever_the_clock_gets_there() {
    let town = town();
    town.person("韩", "220282", &[READ, LIGHT]);
    town.post("韩", "/api/lamps", body("east")).await;
    // Or somebody might see it after it has burnt out, and that would be the last entry.
    town.settle();
    town.at("12:00");
    town.until(|world| {
        let entry = world.read_now(|db| crate::log::before(db, Book::Log, i64::MAX, 1));
        entry.is_ok_and(|entries| entries.iter().any(|entry| entry.kind() == "lamp.burnt_out"))
    });
    let entries = town.world.read_now(|db| crate::log::before(db, Book::Log, i64::MAX, 1));
    assert_eq!(entries.expect("answers")[0].at().to_beijing(), "2026-08-03 09:00:00");
}

#[test]
fn a_handler_cannot_write_a_fact_table_and_apply_cannot_write_anothers() {
    let town = town();
    let refused = town.world.run(Lane::Urgent, "test", |tx| {
        tx.work().run("update lamp set seen = 9", &[])?;
        Ok(())
    });
    assert!(matches!(refused, Err(Error::Db(_))), "{refused:?}");
    for sql in ["delete from log", "update log_head set seq = 9", "delete from idempotency"] {
        let refused =
            town.world.run(Lane::Urgent, "test", move |tx| Ok(tx.work().run(sql, &[])?));
        assert!(matches!(refused, Err(Error::Db(_))), "{sql}: {refused:?}");
    }
}

#[tokio::test]
async fn the_tables_are_what_the_log_folds_to_and_a_changed_slice_gets_them_anew() {
    let town = town();
    town.person("韩", "220282", &[READ, LIGHT]);
    for name in ["a", "b", "c"] {
        town.post("韩", "/api/lamps", body(name)).await;
    }
    town.settle();
    let mut conn = town.raw();
    let kit = town.world.kit().clone();
    // The town's regions are drawn by hand, beside the log.
    let lamps = |differences: Vec<crate::fold::Difference>| {
        differences.into_iter().filter(|one| one.table == "lamp.lamp").count()
    };
    let compared = |conn: &mut crate::db::Conn| {
        conn.begin_snapshot().expect("begins");
        let compared = crate::fold::compare(conn, &kit, "town").expect("folds");
        conn.rollback().expect("ends");
        compared
    };
    let (seq, differences) = compared(&mut conn);
    assert_eq!((seq, lamps(differences)), (6, 0));
    conn.run("update lamp set seen = 7", &[]).expect("tampered");
    let (_, differences) = compared(&mut conn);
    assert_eq!(lamps(differences), 1, "a changed table is found");
    conn.run("update slice_version set version = 0 where slice = 'lamp'", &[]).expect("older");
    let shelf = town.world.shelf();
    let refolded = crate::fold::refold_changed(&mut conn, &kit, "town", shelf).expect("refolds");
    assert_eq!(refolded, ["lamp"]);
    let (_, differences) = compared(&mut conn);
    assert_eq!(lamps(differences), 0, "and mended by its log");
}

#[test]
fn a_log_that_is_not_small_folds_to_the_same_tables() {
    let town = town();
    let region: AdminCode = "220282".parse().expect("a code");
    for round in 0..40 {
        let region = region.clone();
        let done = town.world.run(Lane::Ordinary, "test", move |tx| {
            for number in 0..50 {
                lit(tx, &format!("{round}-{number}"), region.clone())?;
            }
            Ok(())
        });
        done.expect("lit");
    }
    town.settle();
    town.at("12:00");
    let burnt_out = |world: &World| -> Result<i64> {
        let count = "select count(*) as n from lamp where out = 1";
        world.read_now(|db| Ok(db.row(count, &[])?.map_or(Ok(0), |row| row.get("n"))?))
    };
    town.until(|world| burnt_out(world).is_ok_and(|count| count == 2_000));
    let (seq, differences) = town.world.compare_with_fold().expect("folds");
    assert_eq!(seq, 6_000, "lit, seen and burnt out");
    assert!(differences.iter().all(|one| one.table != "lamp.lamp"), "{differences:?}");
    let kit = town.world.kit().clone();
    let digests = town.world.read_now(|db| crate::fold::digests(db, &kit)).expect("reads");
    assert_eq!(digests["lamp.lamp"].rows, 2_000);
}

fn sound(town: &Town) -> bool {
    let report = town.world.read_now(|db| crate::verify::book(db, Book::Log)).expect("verifies");
    report.faults.is_empty() && 0 < report.entries
}

#[tokio::test]
async fn one_changed_byte_is_named_by_its_entry() {
    let town = town();
    town.person("韩", "220282", &[READ, LIGHT]);
    for name in ["a", "b", "c", "d"] {
        town.post("韩", "/api/lamps", body(name)).await;
    }
    town.settle();
    assert!(sound(&town));
    town.world.close();
    let mut conn = town.raw();
    let cases = [
        (
            "update log set body = replace(body, '\"b\"', '\"B\"') where body like '%\"b\"%'",
            "body is not",
        ),
        (
            "update log set header = replace(header, '\"web\"', '\"job\"') where seq = 1",
            "header or digest",
        ),
        ("update log set kind = 'lamp.seen' where seq = 1", "header does not read"),
        ("delete from log where seq = 2", "missing"),
        ("delete from log where seq = (select max(seq) from log)", "does not end"),
        ("update log set hash = prev where seq = 2", "header or digest"),
    ];
    for (change, expected) in cases {
        conn.begin().expect("begins");
        assert_eq!(conn.run(change, &[]).expect("changes"), 1, "{change}");
        let faults = crate::verify::book(&mut conn, Book::Log).expect("reads").faults;
        assert!(faults.iter().any(|fault| fault.what.contains(expected)), "{change}: {faults:?}");
        conn.rollback().expect("as it was");
    }
    // By another program than the one that wrote it, from what is stored alone.
    let verify = |witnessed: &[String]| match town.database() {
        Database::Embedded => {
            crate::verify::file(&town.world.directory().join("facts.db"), witnessed)
        }
        Database::Postgres(server) => crate::verify::server(&server, "real", witnessed),
    };
    assert!(verify(&[]).expect("reads")[0].faults.is_empty());
    let reports = verify(&["town:2:0000".to_owned()]).expect("reads");
    assert!(reports[0].faults[0].what.contains("witness"));
}

#[tokio::test]
async fn bad_json_and_a_body_too_large_are_refused_in_words() {
    let town = town();
    town.person("韩", "220282", &[READ, LIGHT]);
    let answer = town.post("韩", "/api/lamps", serde_json::json!({ "name": 5 })).await;
    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (422, &"bad-request".into()));
    let large = "x".repeat(2 << 20);
    let answer = town.post("韩", "/api/lamps", serde_json::json!({ "name": large })).await;
    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (413, &"too-large".into()));
    let key = "k".repeat(200);
    let method = axum::http::Method::POST;
    let answer = town.ask_with("韩", method, "/api/lamps", Some(body("a")), Some(&key)).await;
    assert_eq!(answer.status, 422);
}

#[tokio::test]
async fn live_screens_see_what_their_scope_holds_and_resume() {
    let town = town();
    town.person("韩", "220282", &[READ, LIGHT]);
    town.post("韩", "/api/lamps", body("east")).await;
    // The screens are told just after the commit.
    town.until(|world| world.last_seq() == 2 && world.live().resume(0, 2).missed.len() == 2);
    let last = town.world.last_seq();
    assert_eq!(town.world.live().resume(0, last).missed.len(), 2);
    assert_eq!(town.world.live().resume(1, last).missed.len(), 1);
    assert!(!town.world.live().resume(last, last).reset);
}

/// A segment of `town`'s log, with bodies up to `openness`.
fn lamps_equal_their_fold(town: &Town) -> bool {
    let (_, differences) = town.world.compare_with_fold().expect("folds");
    differences.iter().all(|one| one.table != "lamp.lamp")
}

#[tokio::test]
async fn a_world_of_the_past_shows_what_was_and_takes_nothing() {
    let town = town();
    town.person("韩", "220282", &[READ, LIGHT]);
    town.post("韩", "/api/lamps", body("early")).await;
    town.settle();
    town.at("08:30").post("韩", "/api/lamps", body("late")).await;
    town.settle();
    let moment = base::Timestamp::from_beijing([2026, 8, 3], [8, 10, 0]).expect("a minute");
    let past = town.world.past("replay-1", crate::fold::Until::Moment(moment)).expect("folds");
    let names = |world: &World| {
        let rows = world.read_now(|db| Ok(db.rows("select name from lamp order by name", &[])?));
        let rows = rows.expect("reads");
        rows.iter().map(|row| row.get::<String>("name").expect("a name")).collect::<Vec<_>>()
    };
    assert_eq!(names(&past), ["early"]);
    assert_eq!(names(&town.world), ["early", "late"]);
    assert_eq!((past.last_seq(), past.clock().now(), past.as_of()), (2, moment, Some(moment)));
    let refused = past.run(Lane::Urgent, "test", |_| Ok(()));
    assert!(matches!(refused, Err(Error::Conflict { code: "past-world", .. })), "{refused:?}");
    town.node.add_world(past).expect("a free name");
    let answer = town.post("韩", "/api/worlds/replay-1/lamps", body("never")).await;
    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (409, &"past-world".into()));
    let early = town.world.past("replay-2", crate::fold::Until::Seq(0));
    assert!(matches!(early, Err(Error::Invalid { .. })));
}
