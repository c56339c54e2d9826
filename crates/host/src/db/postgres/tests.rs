//! What only a server can do: lose a connection, and serve two at once.
//!
//! They need a PostgreSQL and are ignored without: `make test-postgres` runs them.

use std::sync::Arc;

use base::Id;

use crate::db::{Database, DbError, Read as _, Value};
use crate::part::Kit;
use crate::town::{Scratch, Town};
use crate::world::WorldConfig;
use crate::{Clock, Error, Lane, Result, Tx, World, params, sealed};

fn town() -> Town {
    let town = Town::new(Vec::new());
    let database = town.database();
    assert!(matches!(database, Database::Postgres(_)), "FENGSUI_TEST_POSTGRES names no server");
    town
}

fn pid(db: &mut dyn crate::Read) -> Result<i64> {
    let row = db.row("select pg_backend_pid() as pid", &[])?;
    Ok(row.map(|row| row.get("pid")).transpose()?.unwrap_or_default())
}

/// Ends a session of the server from another, and waits until it is gone.
fn end(town: &Town, pid: i64) {
    let sql = "select pg_terminate_backend(cast($1 as integer), 60000) as done";
    let ended = town.raw().rows(sql, &[pid.to_string().into()]).expect("asks");
    assert!(ended[0].get::<bool>("done").expect("a flag"), "{pid} lives on");
}

fn destroy(world: &World, number: u128) -> Result<()> {
    world.run(Lane::Urgent, "test", move |tx| sealed::destroy(tx, Id::from_u128(number), "x"))
}

fn sound(world: &World, entries: u64) {
    let report = world.read_now(|db| crate::verify::book(db, crate::log::Book::Log));
    let report = report.expect("verifies");
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    assert_eq!(report.entries, entries);
}

#[test]
#[ignore = "needs a PostgreSQL: make test-postgres"]
fn a_writer_whose_connection_was_lost_takes_another() {
    let town = town();
    destroy(&town.world, 1).expect("a fact");
    town.settle();
    let writer = town.world.run(Lane::Urgent, "test", |tx| pid(tx)).expect("asks");
    end(&town, writer);
    destroy(&town.world, 2).expect("the next command works");
    let next = town.world.run(Lane::Urgent, "test", |tx| pid(tx)).expect("asks");
    assert_ne!(writer, next);
    sound(&town.world, 2);
}

#[test]
#[ignore = "needs a PostgreSQL: make test-postgres"]
fn a_connection_lost_inside_a_command_fails_its_group_and_leaves_nothing() {
    let town = town();
    destroy(&town.world, 1).expect("a fact");
    town.settle();
    let lost = town.world.run(Lane::Urgent, "test", |tx| {
        sealed::destroy(tx, Id::from_u128(2), "x")?;
        tx.rows("select pg_terminate_backend(pg_backend_pid()) as done", &[])?;
        Ok(())
    });
    assert!(matches!(lost, Err(Error::Db(_))), "{lost:?}");
    let overlooked = town.world.run(Lane::Urgent, "test", |tx: &mut Tx<'_>| {
        sealed::destroy(tx, Id::from_u128(3), "x")?;
        let _ = tx.rows("select pg_terminate_backend(pg_backend_pid()) as done", &[]);
        Ok(())
    });
    assert!(matches!(overlooked, Err(Error::Db(_))), "{overlooked:?}");
    destroy(&town.world, 4).expect("the next command works");
    sound(&town.world, 2);
}

#[test]
#[ignore = "needs a PostgreSQL: make test-postgres"]
fn a_reader_whose_connection_was_lost_takes_another() {
    let town = town();
    for _ in 0..8 {
        let reader = town.world.read_now(pid).expect("asks");
        end(&town, reader);
    }
    let limit = town.world.read_now(|db| Ok(db.row("show statement_timeout", &[])?));
    let limit = limit.expect("asks").expect("a setting");
    assert_eq!(limit.get::<String>("statement_timeout").expect("a text"), "5s");
}

#[test]
#[ignore = "needs a PostgreSQL: make test-postgres"]
fn a_refusal_that_a_command_overlooks_fails_it_all_the_same() {
    let town = town();
    let overlooked = town.world.run(Lane::Urgent, "test", |tx| {
        let _ = tx.rows("select 1 / 0 as nothing", &[]);
        sealed::destroy(tx, Id::from_u128(1), "x").or(Ok(()))
    });
    assert!(matches!(overlooked, Err(Error::Db(DbError::Statement { .. }))), "{overlooked:?}");
    let zero = town.world.run(Lane::Urgent, "test", |tx| {
        tx.host_work().run(
            "insert into idempotency (owner, key, request, reply, expires_at) \
             values ('desk', $1, '', '', 0)",
            params!["a\0b"],
        )?;
        Ok(())
    });
    assert!(matches!(zero, Err(Error::Db(_))), "the server keeps no zero byte: {zero:?}");
    destroy(&town.world, 2).expect("the next command works");
    sound(&town.world, 1);
}

#[test]
#[ignore = "needs a PostgreSQL: make test-postgres"]
fn two_processes_that_start_and_write_at_once_leave_no_gap() {
    const FACTS: u128 = 100;
    let scratch = Scratch::new();
    let open = |origin: &str| {
        let (kit, _) = Kit::fold(Vec::new());
        let config = WorldConfig {
            name: "real".to_owned(),
            origin: origin.to_owned(),
            directory: scratch.path().join(origin),
            database: scratch.database(),
            clock: Clock::machine(),
            durable: false,
        };
        World::open(config, Arc::new(kit)).expect("opens")
    };
    let work = |origin: &str, from: u128| {
        let world = open(origin);
        for number in from..from + FACTS {
            destroy(&world, number).expect("a fact");
        }
        world
    };
    let (a, b) = std::thread::scope(|scope| {
        let a = scope.spawn(|| work("a", 0));
        let b = scope.spawn(|| work("b", 1_000));
        (a.join().expect("worked"), b.join().expect("worked"))
    });
    sound(&a, 2 * FACTS as u64);
    let mixed = a.read_now(|db| {
        let sql = "select count(*) as n from log l join log m on m.seq = l.seq + 1 \
                   where l.origin <> m.origin";
        Ok(db.row(sql, &[])?)
    });
    assert!(0 < mixed.expect("asks").expect("a row").get::<i64>("n").expect("a count"));
    a.close();
    b.close();
}

#[test]
#[ignore = "needs a PostgreSQL: make test-postgres"]
fn a_value_of_another_type_is_refused_in_words() {
    let town = town();
    let mut conn = town.raw();
    let refused = conn.run("update log_head set seq = $1", &[Value::Text("five".to_owned())]);
    let error = refused.expect_err("no number").to_string();
    assert!(error.contains("bigint"), "{error}");
    let refused = conn.rows("select $1 as a, $2 as b", &[Value::Int(1)]);
    assert!(refused.expect_err("one too few").to_string().contains("1 values"));
}
