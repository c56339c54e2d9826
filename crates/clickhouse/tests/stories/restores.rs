//! A node that comes back from a backup, moves, or meets somebody else's tables.

use std::path::Path;
use std::sync::Arc;

use base::Id;
use clickhouse::{ClickHouseError, Mirror};
use series::{Config, MemoryDisk, RealDisk, Store, Survival};

use crate::kit::{DAY, Database, Folder, NOW, at, catch_up, gauges, one, open, reads, same, store};

fn opened(disk: &MemoryDisk) -> Store {
    let config = Config { segment_bytes: 5_000, ..Config::default() };
    Store::open("/series".as_ref(), Arc::new(disk.clone()), config).expect("opens")
}

fn on_disk(folder: &Folder) -> Store {
    Store::open(folder.path(), Arc::new(RealDisk), Config::default()).expect("opens")
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("is there") {
        let entry = entry.expect("reads");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("has one").is_dir() {
            std::fs::create_dir_all(&target).expect("can be made");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("is copied");
        }
    }
}

#[test]
fn what_a_restored_node_no_longer_knows_of_is_not_served_and_the_rest_is() {
    let (database, node, backup) = (Database::of_the_tests(), Folder::new(), Folder::new());
    let store = on_disk(&node);
    let series = gauges(&store, 2);
    let mirror = open(&store, &database);
    reads(&store, series[0], DAY, 3_000);
    one(&store, series[0], DAY, 2.5, 2 * DAY);
    catch_up(&mirror);
    drop((mirror, store));
    // The backup: the files as they are now, and without the mirror's own.
    copy(node.path(), backup.path());
    let store = on_disk(&node);
    let mirror = open(&store, &database);
    one(&store, series[0], DAY, 3.5, 3 * DAY);
    reads(&store, series[1], 3 * DAY, 2_000);
    catch_up(&mirror);
    drop((mirror, store));

    let restored = on_disk(&backup);
    std::fs::remove_file(database.file()).expect("is there");
    let mirror = open(&restored, &database);
    // It goes on at once, with other readings at the same positions.
    one(&restored, series[0], DAY, 4.5, 4 * DAY);
    reads(&restored, series[1], 4 * DAY, 1_000);
    catch_up(&mirror);
    same(&mirror, &restored);
    assert_eq!(database.ask("select max(epoch) from {db}.epochs"), "2");
    drop((mirror, restored));
    // And after a restart it stands in the same epoch.
    let restored = on_disk(&backup);
    let mirror = open(&restored, &database);
    reads(&restored, series[1], 5 * DAY, 1_000);
    catch_up(&mirror);
    same(&mirror, &restored);
    assert_eq!(database.ask("select max(epoch) from {db}.epochs"), "2");
}

#[test]
fn of_two_copies_of_a_node_the_one_that_began_first_stops_and_says_why() {
    let (database, other) = (Database::of_the_tests(), store());
    let first = store();
    gauges(&first, 1);
    gauges(&other, 1);
    let old = open(&first, &database);
    catch_up(&old);
    let mut moved = Database::at(&database.config.url);
    moved.config.database = database.config.database.clone();
    catch_up(&open(&other, &moved));
    drop(old);
    let old = open(&first, &database);
    let error = old.pass().expect_err("another has begun");
    assert!(matches!(error, ClickHouseError::Overtaken { own: 1, newest: 2 }), "{error}");
}

#[test]
fn a_database_of_another_node_is_left_alone() {
    let (database, store) = (Database::of_the_tests(), store());
    gauges(&store, 1);
    catch_up(&open(&store, &database));
    let clock = Box::new(|| at(NOW));
    std::fs::remove_file(database.file()).expect("is there");
    let (config, file) = (database.config.clone(), database.file());
    let stranger = Mirror::open(store, config, Id::from_u128(99), &file, clock).expect("opens");
    let error = stranger.pass().expect_err("is not ours");
    assert!(matches!(error, ClickHouseError::Foreign { .. }), "{error}");
    assert_eq!(database.ask("select count() from {db}.epochs"), "1");
}

#[test]
fn tables_of_another_shape_are_refused_by_column_until_they_are_put_right() {
    let (database, store) = (Database::of_the_tests(), store());
    let series = gauges(&store, 1);
    database.ask("create database {db}");
    database.ask(
        "create table {db}.readings (sensor UUID, time DateTime, value Float64) \
         engine = MergeTree() order by time partition by tuple()",
    );
    let mirror = open(&store, &database);
    reads(&store, series[0], DAY, 10);
    let error = mirror.pass().expect_err("is another table").to_string();
    let expected = format!("column time of table {}.readings", database.config.database);
    assert!(error.contains(&expected) && error.contains("DateTime, expected Int64"), "{error}");
    assert!(mirror.answers().is_none());
    database.ask("drop table {db}.readings");
    // One with more columns than ours, as an administrator may make it.
    database.ask(
        "create table {db}.readings (sensor UUID, time Int64, value Float64, quality UInt8, \
         received Int64, epoch UInt32, position UInt64, ordinal UInt32, \
         day Date default toDate(intDiv(time, 1000))) engine = MergeTree() \
         partition by toYYYYMM(day) order by (sensor, time)",
    );
    catch_up(&mirror);
    same(&mirror, &store);
}

#[test]
fn a_power_cut_of_the_node_loses_nothing_that_was_acknowledged() {
    let (database, disk) = (Database::of_the_tests(), MemoryDisk::new());
    let store = opened(&disk);
    let series = gauges(&store, 1);
    let mirror = open(&store, &database);
    for round in 0..5 {
        reads(&store, series[0], (1 + round) * DAY, 700);
        if round % 2 == 0 {
            catch_up(&mirror);
        }
    }
    disk.cut_power_at(1);
    drop((mirror, store));
    disk.restart(Survival::Nothing);
    let store = opened(&disk);
    assert_eq!(store.counts().held, 5 * 700);
    let mirror = open(&store, &database);
    catch_up(&mirror);
    same(&mirror, &store);
}

#[test]
fn a_wrong_password_is_said_and_never_repeated() {
    let (mut database, store) = (Database::of_the_tests(), store());
    database.config.user = "fengsui".to_owned();
    database.config.password = "not the right one".to_owned();
    let mirror = open(&store, &database);
    let error = mirror.pass().expect_err("is refused");
    assert!(matches!(error, ClickHouseError::Refused { status: 401 | 403 | 516, .. }), "{error}");
    let status = format!("{:?} {error} {error:?}", mirror.status());
    assert!(!status.contains("not the right one"), "{status}");
    database.config.password = "an open secret of the tests".to_owned();
    catch_up(&open(&store, &database));
}
