//! ClickHouse goes away and comes back; nothing is lost and nothing is there twice.

use std::sync::Arc;

use crate::kit::{DAY, Database, at, catch_up, gauges, one, open, reads, same, store};
use crate::server::Server;
use clickhouse::{ClickHouseError, Mirror, Progress};
use series::{Config as SeriesConfig, MemoryDisk, Position, Store};

#[test]
fn a_server_that_is_stopped_for_a_while_has_everything_after_it_was_started_again() {
    let mut server = Server::start();
    let (database, store) = (Database::at(&server.url()), store());
    let series = gauges(&store, 3);
    let mirror = open(&store, &database);
    reads(&store, series[0], DAY, 5_000);
    catch_up(&mirror);
    same(&mirror, &store);

    server.stop();
    reads(&store, series[0], DAY + 50_000_000, 5_000);
    reads(&store, series[1], DAY, 3_000);
    // A correction, a late one, and one from the future.
    one(&store, series[0], DAY, 77.5, 2 * DAY);
    one(&store, series[0], DAY - 5_000, 1.5, 2 * DAY + 1);
    one(&store, series[2], 9 * DAY, 3.5, 2 * DAY);
    let held = store.counts().held;
    for _ in 0..3 {
        let error = mirror.pass().expect_err("nobody answers");
        assert!(matches!(error, ClickHouseError::Unreachable(_)), "{error}");
    }
    assert!(mirror.answers().is_none());
    let status = mirror.status();
    assert_eq!((status.answers, status.failures, status.behind), (false, 3, 11));
    assert!(status.failing_since.is_some() && status.last_error.is_some());
    store.seal().expect("the log stays although all of it is in blocks");

    server.start_again();
    catch_up(&mirror);
    same(&mirror, &store);
    let status = mirror.status();
    assert_eq!((status.answers, status.behind, status.failing_since), (true, 0, None));
    assert_eq!(status.last_error_at, Some(at(crate::kit::NOW)), "what was wrong stays readable");
    assert_eq!(database.ask("select count() from {db}.readings"), held.to_string());
}

#[test]
fn a_server_killed_at_any_moment_of_the_feeding_has_everything_once() {
    let mut server = Server::start();
    let (database, store) = (Database::at(&server.url()), store());
    let series = gauges(&store, 2);
    let mirror = Arc::new(open(&store, &database));
    for round in 0..4 {
        // Many small stretches, so that the kill falls between or into some of them.
        let feeding = {
            let (mirror, store, series) = (mirror.clone(), store.clone(), series.clone());
            std::thread::spawn(move || {
                let mut failed = 0;
                for part in 0..40 {
                    let from = DAY + (round * 40 + part) * 2_000_000;
                    reads(&store, series[(part % 2) as usize], from, 200);
                    failed += u32::from(mirror.pass().is_err());
                }
                failed
            })
        };
        while mirror.status().rows == 0 && !feeding.is_finished() {
            std::thread::yield_now();
        }
        server.kill();
        feeding.join().expect("no panic");
        server.start_again();
        catch_up(&mirror);
        same(&mirror, &store);
    }
    assert_eq!(store.counts().held, 4 * 40 * 200);
}

#[test]
fn a_node_that_dies_before_it_knows_that_its_insert_arrived_inserts_it_again_and_it_counts_once() {
    let (database, disk) = (Database::of_the_tests(), MemoryDisk::new());
    let begin = || {
        // Nothing is sealed by itself, so the log stays.
        let head_age = base::Duration::from_hours(10_000);
        let config = SeriesConfig { segment_bytes: 2_000, head_age, ..SeriesConfig::default() };
        Store::open("/series".as_ref(), Arc::new(disk.clone()), config).expect("opens")
    };
    let store = begin();
    let series = gauges(&store, 1);
    let mirror = open(&store, &database);
    reads(&store, series[0], DAY, 2_000);
    one(&store, series[0], DAY, 50.0, 2 * DAY);
    catch_up(&mirror);
    drop((mirror, store));
    // Released was only what let a file go: so the rest is read, and inserted, again.
    let store = begin();
    let released = store.consumer("clickhouse").expect("is known").released();
    assert!(released < store.position(), "{released:?}");
    let mirror = open(&store, &database);
    catch_up(&mirror);
    same(&mirror, &store);
    // The same stretch with everything before it, as if no acknowledgement had come.
    drop(mirror);
    std::fs::remove_file(database.file()).expect("is there");
    let mirror = open(&store, &database);
    catch_up(&mirror);
    same(&mirror, &store);
    let rows: u64 = database.ask("select count() from {db}.readings").parse().expect("a number");
    assert!(store.counts().held < rows, "{rows} rows, some more than once");
    database.ask("optimize table {db}.readings final");
    same(&mirror, &store);
}

#[test]
fn a_log_that_grew_to_its_limit_is_let_go_and_what_was_in_it_comes_out_of_blocks() {
    let mut server = Server::start();
    let disk = MemoryDisk::new();
    let config = SeriesConfig { segment_bytes: 4_000, ..SeriesConfig::default() };
    let store = Store::open("/series".as_ref(), Arc::new(disk), config).expect("opens");
    let mut database = Database::at(&server.url());
    database.config.log_bytes = 100_000;
    let series = gauges(&store, 3);
    let mirror = open(&store, &database);
    reads(&store, series[0], DAY, 2_000);
    one(&store, series[0], DAY, 5.5, 2 * DAY);
    catch_up(&mirror);

    server.stop();
    for day in 3..9 {
        reads(&store, series[1], day * DAY, 2_000);
        one(&store, series[0], DAY, 10.0 + day as f64, day * DAY);
        store.seal().expect("seals");
        mirror.pass().expect_err("nobody answers");
    }
    let status = mirror.status();
    assert!(0 < status.let_go, "{status:?}");
    assert!(store.counts().wal_bytes < 110_000, "{}", store.counts().wal_bytes);
    let held = store.held_ranges();
    assert_eq!(held.len(), 1, "what ClickHouse has not got stays in the store");
    assert_eq!(held[0].from, at(DAY), "from the correction on");
    // A correction to what was fed and to what was let go, told by the log again.
    one(&store, series[0], DAY, 99.0, 9 * DAY);
    one(&store, series[1], 3 * DAY, 98.0, 9 * DAY);

    server.start_again();
    // Also across a restart in the middle of it.
    drop(mirror);
    let mirror = open(&store, &database);
    catch_up(&mirror);
    same(&mirror, &store);
    assert_eq!(store.held_ranges(), []);
}

#[test]
fn a_store_that_was_there_before_is_filled_from_its_blocks_a_piece_at_a_time() {
    let (database, disk) = (Database::of_the_tests(), Arc::new(MemoryDisk::new()));
    let config = SeriesConfig { segment_bytes: 50_000, ..SeriesConfig::default() };
    let store = Store::open("/series".as_ref(), disk, config).expect("opens");
    let series = gauges(&store, 30);
    for (number, series) in series.iter().enumerate() {
        reads(&store, *series, DAY, 100 * number as i64);
        one(&store, *series, DAY, 0.25, 3 * DAY);
    }
    // More than fits into one insert, and more than one question may ask for.
    for day in 1..26 {
        reads(&store, series[0], 10 * DAY + day * DAY, 8_640);
    }
    store.seal().expect("seals");
    store.merge().expect("merges");
    for (number, series) in series.iter().enumerate() {
        one(&store, *series, DAY, 1.0 + number as f64, 4 * DAY);
    }
    let mirror = open(&store, &database);
    assert_eq!(mirror.pass().expect("takes"), Progress::More);
    assert!(mirror.answers().is_none(), "not before it has all");
    catch_up(&mirror);
    same(&mirror, &store);
    let answers = mirror.answers().expect("has all");
    let pieces = series::Readings::stream(&answers, series[0], at(0), at(200 * DAY), None);
    let sizes: Vec<usize> =
        pieces.expect("reads").map(|piece| piece.expect("reads").len()).collect();
    assert!(4 < sizes.len() && sizes.iter().all(|size| *size <= 50_000), "{sizes:?}");
}

#[test]
fn who_has_no_clickhouse_any_more_holds_no_log_and_may_have_one_again() {
    let (database, store) = (Database::of_the_tests(), store());
    let series = gauges(&store, 1);
    let mirror = open(&store, &database);
    reads(&store, series[0], DAY, 100);
    catch_up(&mirror);
    drop(mirror);
    for _ in 0..2 {
        Mirror::forget(&store, &database.file()).expect("forgets");
        assert_eq!((store.consumers(), store.held_ranges()), (Vec::new(), Vec::new()));
    }
    reads(&store, series[0], 2 * DAY, 100);
    store.seal().expect("seals");
    let mirror = open(&store, &database);
    catch_up(&mirror);
    same(&mirror, &store);
}

#[test]
fn its_thread_follows_by_itself_and_ends_when_it_is_told() {
    let (mut database, store) = (Database::of_the_tests(), store());
    database.config.every = std::time::Duration::from_millis(1);
    let series = gauges(&store, 1);
    let mirror = open(&store, &database);
    mirror.start().expect("a thread");
    reads(&store, series[0], DAY, 500);
    while mirror.answers().is_none() || 0 < mirror.status().behind {
        std::thread::yield_now();
    }
    same(&mirror, &store);
    drop(mirror);
    assert_eq!(store.position(), Position(1));
}
