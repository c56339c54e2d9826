//! What both engines promise, on whichever the town stands.

use std::path::Path;

use super::{Conn, DbError, Durability, Read, Source, Value};
use crate::town::{Scratch, Town};
use crate::{Error, Lane, Result, Tx, params};

/// A database of its own with one table of every type there is.
struct Desk {
    conn: Conn,
    // Last, so that the connection is closed before its place goes.
    _scratch: Scratch,
}

fn desk() -> Desk {
    let scratch = Scratch::new();
    let source = Source::new(&scratch.database(), scratch.path(), "desk", Durability::Never);
    let mut conn = source.expect("a place").writer().expect("opens");
    conn.alone(|conn| {
        conn.batch(
            "create table thing (id bigint primary key, n bigint, x double precision, \
             t text collate \"C\")",
        )
    })
    .expect("a table");
    Desk { conn, _scratch: scratch }
}

const INSERT: &str = "insert into thing (t, id, x, n) values ($4, $1, $3, $2)";

#[test]
fn every_value_comes_back_as_it_went_and_null_of_every_type() {
    let mut desk = desk();
    let values: &[&[Value]] = &[
        // Nulls first: the statement is prepared before it has seen a number.
        params![1i64, None::<i64>, None::<f64>, None::<&str>],
        params![2i64, i64::MIN, f64::MAX, ""],
        params![3i64, i64::MAX, -0.1, "烽燧 '; drop table thing -- \u{1F525} \"q\" \\ $1"],
        params![4i64, 0i64, f64::INFINITY, "a\nb\tc"],
        params![5i64, true, 1e-300, "e\u{301}"],
    ];
    for row in values {
        assert_eq!(desk.conn.run(INSERT, row).expect("stored"), 1);
    }
    let rows = desk.conn.rows("select id, n, x, t from thing order by id", &[]).expect("rows");
    let found: Vec<&[Value]> = rows.iter().map(|row| row.values()).collect();
    assert_eq!(found, values);
    let null = desk.conn.row("select id from thing where n is null", &[]).expect("one");
    assert_eq!(null.expect("one").get::<i64>("id").expect("an id"), 1);
}

#[test]
fn a_password_of_before_is_the_four_digits_that_frames_carry() {
    let mut desk = desk();
    let before = "create table station_password (station text primary key, password bigint)";
    desk.conn.batch(before).expect("as migration 4 made it");
    for (station, password) in [("a", 0_i64), ("b", 0xA1B2), ("c", 0xFFFF), ("d", 0x00F0)] {
        let sql = "insert into station_password (station, password) values ($1, $2)";
        desk.conn.run(sql, params![station, password]).expect("stored");
    }
    let (.., text) = crate::migration::ALL[9];
    desk.conn.batch(text).expect("migrated");
    let rows = desk.conn.rows("select secret from station_password order by station", &[]);
    let rows = rows.expect("rows");
    let secrets: Vec<String> = rows.iter().map(|row| row.get("secret").expect("text")).collect();
    assert_eq!(secrets, ["0000", "A1B2", "FFFF", "00F0"]);
}

#[test]
fn a_large_result_is_handed_over_row_by_row_and_again() {
    let mut desk = desk();
    desk.conn.begin().expect("begins");
    for n in 0..1_234_i64 {
        desk.conn.run(INSERT, params![n, n * 2, None::<f64>, "x"]).expect("stored");
    }
    desk.conn.commit().expect("committed");
    desk.conn.begin_snapshot().expect("begins");
    for sql in ["select * from thing", "select n from thing", "select * from thing"] {
        let (mut count, mut sum) = (0, 0);
        let read = desk.conn.each(sql, &mut |row| {
            count += 1;
            sum += row.get::<i64>("n").expect("a number");
        });
        read.expect("read");
        assert_eq!((count, sum), (1_234, 1_233 * 1_234));
    }
    desk.conn.rollback().expect("ends");
}

#[test]
fn a_whole_number_goes_into_a_real_column_and_what_is_no_number_is_null() {
    let mut desk = desk();
    let whole = [Value::Int(1), Value::Null, Value::Int(5), Value::Null];
    let broken = [Value::Int(2), Value::Null, Value::Real(2.5), Value::Null];
    let not_a_number = [Value::Int(3), Value::Null, Value::Real(f64::NAN), Value::Null];
    for row in [whole, broken, not_a_number] {
        desk.conn.run(INSERT, &row).expect("stored");
    }
    let rows = desk.conn.rows("select x from thing order by id", &[]).expect("rows");
    let found: Vec<Option<f64>> = rows.iter().map(|row| row.get("x").expect("a real")).collect();
    assert_eq!(found, [Some(5.0), Some(2.5), None]);
}

#[test]
fn parameters_stand_in_any_order_and_more_than_once() {
    let mut desk = desk();
    let row = desk
        .conn
        .row("select $2 as b, $1 as a, $2 as c, $3 as d", params![1i64, "two", None::<&str>]);
    let row = row.expect("a statement").expect("a row");
    assert_eq!(row.get::<i64>("a").expect("a number"), 1);
    assert_eq!(row.get::<String>("b").expect("a text"), "two");
    assert_eq!(row.get::<String>("c").expect("a text"), "two");
    assert_eq!(row.get::<Option<String>>("d").expect("a null"), None);
}

#[test]
fn counts_sums_and_comparisons_are_whole_numbers_and_averages_are_not() {
    let mut desk = desk();
    for id in 1..=4i64 {
        desk.conn.run(INSERT, params![id, id * 1_000_000_000_000, 0.5, "t"]).expect("stored");
    }
    let row = desk.conn.row(
        "select count(*) as n, sum(n) as sum, avg(id) as mean, sum(x) as x, min(t) as t, \
         max(id) > 3 as over from thing",
        &[],
    );
    let row = row.expect("a statement").expect("a row");
    assert_eq!(row.get::<i64>("n").expect("a count"), 4);
    assert_eq!(row.get::<i64>("sum").expect("a sum"), 10_000_000_000_000);
    assert_eq!(row.get::<f64>("mean").expect("a mean"), 2.5);
    assert_eq!(row.get::<f64>("x").expect("a sum"), 2.0);
    assert_eq!(row.get::<String>("t").expect("a text"), "t");
    assert!(row.get::<bool>("over").expect("a flag"));
}

#[test]
fn changed_rows_are_counted_and_upserts_return_theirs() {
    let mut desk = desk();
    for id in 1..=3i64 {
        desk.conn.run(INSERT, params![id, 7i64, 0.5, "t"]).expect("stored");
    }
    assert_eq!(desk.conn.run("update thing set n = 8 where id > $1", params![1i64]).ok(), Some(2));
    assert_eq!(desk.conn.run("delete from thing where id = $1", params![9i64]).ok(), Some(0));
    let rows = desk.conn.rows(
        "insert into thing (id, n) values ($1, $2) on conflict (id) do update set n = excluded.n \
         returning n",
        params![3i64, 9i64],
    );
    assert_eq!(rows.expect("upserted")[0].get::<i64>("n").expect("a number"), 9);
}

#[test]
fn what_was_sent_is_there_after_the_commit_or_not_at_all() {
    let mut desk = desk();
    desk.conn.begin().expect("begins");
    for id in 1..=2_000i64 {
        desk.conn.send(INSERT, params![id, id, 0.5, "t"]).expect("on its way");
    }
    desk.conn.commit().expect("committed");
    desk.conn.begin().expect("begins");
    desk.conn.send(INSERT, params![2_001i64, 1i64, 0.5, "t"]).expect("on its way");
    let refused =
        desk.conn.send(INSERT, params![1i64, 1i64, 0.5, "twice"]).and_then(|()| desk.conn.commit());
    assert!(matches!(refused, Err(DbError::Statement { .. })), "{refused:?}");
    desk.conn.rollback().expect("rolled back");
    let row = desk.conn.row("select count(*) as n from thing", &[]).expect("rows");
    assert_eq!(row.expect("a row").get::<i64>("n").expect("a count"), 2_000);
}

#[test]
fn a_statement_that_is_wrong_is_named_with_the_reason() {
    let mut desk = desk();
    for sql in
        ["select nothing from nowhere", "select from", "insert into thing (id) values (1, 1)"]
    {
        let refused = desk.conn.rows(sql, &[]);
        let Err(DbError::Statement { statement, reason, blame: super::Blame::Engine }) = refused
        else {
            panic!("{sql}: {refused:?}");
        };
        assert_eq!((statement.as_str(), reason.is_empty()), (sql, false));
    }
    let row = desk.conn.row("select 1 as one", &[]).expect("goes on").expect("a row");
    assert_eq!(row.get::<i64>("one").expect("a number"), 1);
}

/// One row of working state under a key; a second under the same key is refused.
fn keep(tx: &mut Tx<'_>, key: &str) -> Result<()> {
    tx.host_work().send(
        "insert into idempotency (owner, key, request, reply, seq, expires_at) \
         values ($1, $2, '', '', $3, 0)",
        params!["desk", key, None::<i64>],
    )?;
    Ok(())
}

fn kept(town: &Town) -> Vec<String> {
    let rows = town.world.read_now(|db| {
        Ok(db.rows("select key from idempotency where owner = 'desk' order by key", &[])?)
    });
    rows.expect("reads").iter().map(|row| row.get("key").expect("a key")).collect()
}

#[test]
fn a_refused_write_fails_its_command_and_nobody_elses() {
    let town = Town::new(Vec::new());
    let world = &town.world;
    let start = |keys: &'static [&str]| {
        let context = crate::writer::Context::system("test");
        world
            .start(Lane::Ordinary, context, move |tx| keys.iter().try_for_each(|key| keep(tx, key)))
    };
    let orders: &[&'static [&str]] = &[&["a"], &["b", "a", "c"], &["d"], &["e", "e"], &["f"]];
    let outcomes: Vec<_> = orders.iter().map(|keys| start(keys).expect("queued")).collect();
    let done: Vec<bool> = outcomes.into_iter().map(|outcome| outcome.wait().is_ok()).collect();
    assert_eq!(done, [true, false, true, false, true]);
    assert_eq!(kept(&town), ["a", "d", "f"], "a refused command leaves nothing");
}

#[test]
fn a_panic_after_a_write_undoes_it_and_the_next_command_goes_on() {
    let town = Town::new(Vec::new());
    let run = |key: &'static str, fall: bool| {
        town.world.run(Lane::Urgent, "test", move |tx| {
            keep(tx, key)?;
            assert!(!fall, "off the ladder");
            Ok(())
        })
    };
    assert!(run("a", false).is_ok());
    assert!(matches!(run("b", true), Err(Error::Internal(_))));
    assert!(run("c", false).is_ok());
    assert_eq!(kept(&town), ["a", "c"]);
}

#[test]
fn readers_cannot_write() {
    let town = Town::new(Vec::new());
    let refused = town.world.read_now(|db| Ok(db.rows("delete from log_head returning seq", &[])?));
    assert!(matches!(refused, Err(Error::Db(DbError::Statement { .. }))), "{refused:?}");
    assert!(town.world.read_now(|db| Ok(db.rows("select seq from log_head", &[])?)).is_ok());
}

#[test]
fn an_address_says_where_and_never_how_to_get_in() {
    let url = "postgresql://officer:Spring-River@127.0.0.1:5432/county?connect_timeout=3";
    let database = super::Database::from_url(url).expect("an address");
    let shown = format!("{database:?}");
    assert!(shown.contains("127.0.0.1") && shown.contains("county"), "{shown}");
    assert!(!shown.contains("Spring-River") && !shown.contains("officer"), "{shown}");
    for wrong in ["postgresql://officer:Spring-River@127.0.0.1:x/county", "Spring-River"] {
        let error = super::Database::from_url(wrong).expect_err("no address").to_string();
        assert!(!error.contains("Spring-River"), "{error}");
    }
    let place = super::Database::from_url("").expect("embedded");
    assert!(matches!(place, super::Database::Embedded));
    let server = super::Database::from_url(url).expect("an address");
    let long = "x".repeat(60);
    for world in ["a\"b", long.as_str(), "a b"] {
        assert!(Source::new(&server, Path::new(""), world, Durability::Full).is_err(), "{world}");
    }
}
