//! Who is asked: ClickHouse for what reaches far back, the store for the rest, and nobody
//! can tell.

use std::sync::Arc;

use clickhouse::{Mirror, Mirrored};
use series::{Class, Readings as _, SeriesError, SeriesNo, Store};

use crate::kit::{DAY, Database, NOW, at, catch_up, everything, gauges, one, open, reads, store};
use crate::server::Server;

fn both(store: &Store, mirror: &Arc<Mirror>) -> Mirrored {
    Mirrored::new(store.clone(), mirror.clone())
}

#[test]
fn what_is_not_confirmed_yet_is_in_the_answer_all_the_same() {
    let (database, store) = (Database::of_the_tests(), store());
    let series = gauges(&store, 2);
    reads(&store, series[0], 40 * DAY, 20_000);
    let mirror = Arc::new(open(&store, &database));
    let asked = both(&store, &mirror);
    assert_eq!(everything(&asked, series[0]), everything(&store, series[0]));
    assert_eq!(mirror.status().questions, 0, "it has nothing yet");
    catch_up(&mirror);
    assert_eq!(everything(&asked, series[0]), everything(&store, series[0]));
    assert_eq!(mirror.status().questions, 4);
    // New ones, a correction and a late one: from the late one on the store is asked.
    reads(&store, series[0], 50 * DAY, 1_000);
    one(&store, series[0], 41 * DAY, 5.25, 60 * DAY);
    one(&store, series[0], 41 * DAY - 1, 5.5, 60 * DAY);
    assert_eq!(everything(&asked, series[0]), everything(&store, series[0]));
    assert_eq!((mirror.status().questions, mirror.status().unanswered), (8, 0));
    // One before everything that was asked for.
    one(&store, series[0], 1, 5.5, 60 * DAY);
    assert_eq!(everything(&asked, series[0]), everything(&store, series[0]));
    catch_up(&mirror);
    assert_eq!(everything(&asked, series[0]), everything(&store, series[0]));
    assert_eq!(everything(&asked, SeriesNo(77)), everything(&store, SeriesNo(77)));
}

#[test]
fn a_question_about_the_last_days_is_the_stores() {
    let (database, store) = (Database::of_the_tests(), store());
    let series = gauges(&store, 1);
    reads(&store, series[0], NOW - 20 * DAY, 1_000);
    let mirror = Arc::new(open(&store, &database));
    catch_up(&mirror);
    let asked = both(&store, &mirror);
    let found = asked.range(series[0], at(NOW - 30 * DAY), at(NOW), None).expect("reads");
    assert_eq!((found.len(), mirror.status().questions), (1_000, 0));
    let from = at(NOW - 30 * DAY - 1);
    let found = asked.range(series[0], from, at(NOW), None).expect("reads");
    assert_eq!((found.len(), mirror.status().questions), (1_000, 1));
    // And so is a narrow one that the store can answer.
    asked.range(series[0], from, at(NOW - 29 * DAY - 1), None).expect("reads");
    assert_eq!(mirror.status().questions, 1);
}

#[test]
fn what_the_store_let_go_of_is_clickhouses_and_without_it_the_caller_is_told() {
    let mut server = Server::start();
    let (database, store) = (Database::at(&server.url()), store());
    let series = gauges(&store, 2);
    let twin = Store::in_memory(series::Config::default());
    gauges(&twin, 2);
    // Before there are readings: a day that is merged already stays with the class it had.
    let class = Class {
        name: "short".to_owned(),
        readings_days: Some(40),
        minutes_days: None,
        hours_days: None,
        floors: Vec::new(),
    };
    store.set_classes(&[class]).expect("is allowed");
    store.classify(&[(series[0], "short")]).expect("is known");
    for day in 20..100 {
        for store in [&store, &twin] {
            reads(store, series[0], day * DAY, 500);
            reads(store, series[1], day * DAY, 5);
        }
    }
    let mirror = Arc::new(open(&store, &database));
    catch_up(&mirror);
    let asked = both(&store, &mirror);
    store.seal().expect("seals");
    store.merge().expect("merges");
    assert!(0 < store.retain(at(NOW)).expect("retains").readings);
    assert!(store.range(series[0], at(0), at(NOW), None).expect("reads").len() < 80 * 500);

    for series in &series {
        assert_eq!(everything(&asked, *series), everything(&twin, *series));
    }
    // One for a day that is gone here, which only the log has.
    one(&store, series[0], 21 * DAY + 5, 1.5, NOW);
    one(&twin, series[0], 21 * DAY + 5, 1.5, NOW);
    let untold = asked.range(series[0], at(20 * DAY), at(NOW), None).expect_err("not yet");
    assert!(untold.to_string().contains("has not confirmed all"), "{untold}");
    let before = asked.range(series[0], at(20 * DAY), at(21 * DAY), None).expect("before it");
    assert_eq!(before.len(), 500);
    catch_up(&mirror);
    assert_eq!(everything(&asked, series[0]), everything(&twin, series[0]));

    server.stop();
    let gone = asked.range(series[0], at(0), at(NOW), None).expect_err("is gone here");
    assert!(matches!(gone, SeriesError::Elsewhere(_)), "{gone}");
    // Found out once, it is not asked again before it answers.
    one(&store, series[1], NOW, 1.0, NOW);
    mirror.pass().expect_err("is away");
    let questions = mirror.status().questions;
    let gone = asked.stream(series[0], at(0), at(NOW), None).map(|_| ()).expect_err("is gone");
    assert!(gone.to_string().contains("ClickHouse has not answered since"), "{gone}");
    assert_eq!(mirror.status().questions, questions);
    // What the store keeps it answers: all of the other, the last days, and the sums.
    let other = asked.range(series[1], at(0), at(NOW), None).expect("is all here");
    assert_eq!(other.len(), 400);
    let recent = asked.range(series[0], at(NOW - 35 * DAY), at(NOW), None).expect("is here");
    assert_eq!(recent.len(), 35 * 500);
    let sums = asked.downsample(series[0], at(0), at(NOW), 80, None).expect("sums are kept");
    assert_eq!(
        Ok(&sums),
        store.downsample(series[0], at(0), at(NOW), 80, None).as_ref().map_err(|_| ())
    );
    assert!(80 * 500 <= sums.iter().map(|bucket| bucket.count).sum::<u64>());
    server.start_again();
    catch_up(&mirror);
    one(&twin, series[1], NOW, 1.0, NOW);
    assert_eq!(everything(&asked, series[1]), everything(&twin, series[1]));
}
