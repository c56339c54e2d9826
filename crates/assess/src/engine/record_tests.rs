//! What is recorded when some of it is refused, or the process dies in between.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base::{Duration, Timestamp};
use expect_test::expect;
use serde_json::json;
use series::{Batch, Position, Sample, SeriesNo};

use super::{Crossing, Engine, Outcome, Ruling};
use crate::tests::bridge::{Bridge, OFFICER};

/// Judges what is in the log, and records nothing.
fn judge(engine: &mut Engine) {
    engine.refresh().expect("the rules read");
    engine.catch_up().expect("the log reads");
}

#[tokio::test]
async fn a_crash_between_two_transactions_loses_no_ruling() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule_with(json!({ "times": 1 }))).await;
    for (time, value) in [("08:00", 264.0), ("08:05", 260.0), ("08:10", 264.5)] {
        bridge.reads(time, value);
    }
    judge(&mut bridge.engine);
    let rulings = std::mem::take(&mut bridge.engine.rulings);
    assert_eq!(rulings.len(), 3);
    let mut open = HashMap::from([(rulings[0].rule, 3)]);
    bridge.engine.record_group(&rulings[..2], &mut open).expect("recorded");
    bridge.crash();
    bridge.check(expect![[r#"
        08:00 raised 橙 青石湾站 水位超保证 v1 by 08:00=264
        08:05 cleared 青石湾站 水位超保证 (Back Some(260.0))
        08:10 raised 橙 青石湾站 水位超保证 v1 by 08:10=264.5
    "#]]);
}

#[tokio::test]
async fn what_the_tap_left_out_is_read_from_the_log() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule()).await;
    bridge.reads("08:00", 264.0);
    bridge.reads("08:05", 264.0);
    // As if there had been no room for the first.
    bridge.engine.inbox.try_recv().expect("the first");
    let second = bridge.engine.inbox.try_recv().expect("the second");
    bridge.engine.take_all(second).expect("judged");
    bridge.engine.record().expect("recorded");
    expect![[r#"
        08:05 raised 橙 青石湾站 水位超保证 v1 by 08:00=264 08:05=264
    "#]]
    .assert_eq(&bridge.told());
}

#[tokio::test]
async fn a_rule_published_before_a_reading_judges_it_whenever_the_engine_looked_last() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule_with(json!({ "times": 1 }))).await;
    bridge.reads("08:00", 264.0);
    // As if it had asked for new rules just before this one was there.
    bridge.engine.catch_up().expect("judged");
    bridge.engine.record().expect("recorded");
    expect![[r#"
        08:00 raised 橙 青石湾站 水位超保证 v1 by 08:00=264
    "#]]
    .assert_eq(&bridge.told());
}

#[tokio::test]
async fn alarms_that_wait_together_are_recorded_together() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule_with(json!({ "times": 1 }))).await;
    for (time, value) in [("08:00", 264.0), ("08:05", 260.0), ("08:10", 264.5)] {
        bridge.reads(time, value);
    }
    let first = bridge.engine.inbox.try_recv().expect("the first");
    bridge.engine.take_all(first).expect("judged");
    assert_eq!(bridge.engine.rulings.len(), 3, "for one transaction");
}

#[test]
fn a_full_inbox_leaves_batches_to_the_log_and_counts_right() {
    let (sender, inbox) = std::sync::mpsc::sync_channel(2);
    let waiting = Arc::new(AtomicUsize::new(0));
    let tap = super::tap(sender, Arc::clone(&waiting));
    let time = Timestamp::from_millis(0);
    let batch = |position, samples: usize| {
        let quality = base::Quality::GOOD;
        let sample = Sample { series: SeriesNo(0), time, value: 0.0, quality };
        let samples = vec![sample; samples].into();
        Batch { position: Position(position), received: time, samples }
    };
    for (position, samples) in [(1, 5), (2, super::INBOX_SAMPLES), (3, 7), (4, 9)] {
        tap(&batch(position, samples));
    }
    assert_eq!(waiting.load(Ordering::Relaxed), 12, "too many samples, then too many batches");
    let positions: Vec<u64> = inbox.try_iter().map(|batch: Batch| batch.position.0).collect();
    assert_eq!(positions, [1, 3]);
}

#[tokio::test]
async fn the_same_ruling_twice_is_one_finding() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule_with(json!({ "times": 1 }))).await;
    bridge.reads("08:00", 264.0);
    judge(&mut bridge.engine);
    let ruling = bridge.engine.rulings[0].clone();
    bridge.engine.rulings.extend([ruling.clone(), ruling]);
    bridge.check(expect![[r#"
        08:00 raised 橙 青石湾站 水位超保证 v1 by 08:00=264
    "#]]);
    bridge.reads("08:05", 260.0);
    bridge.check(expect![[r#"
        08:00 raised 橙 青石湾站 水位超保证 v1 by 08:00=264
        08:05 cleared 青石湾站 水位超保证 (Back Some(260.0))
    "#]]);
}

#[tokio::test]
async fn a_version_that_was_replaced_before_its_ruling_was_recorded_says_nothing() {
    let mut bridge = Bridge::new();
    let id = bridge.publish(bridge.rule_with(json!({ "times": 1 }))).await.body["id"].clone();
    bridge.reads("08:00", 264.0);
    judge(&mut bridge.engine);
    assert_eq!(bridge.engine.rulings.len(), 1);
    bridge.publish(bridge.rule_with(json!({ "id": id, "times": 1, "threshold": 264.5 }))).await;
    bridge.engine.record().expect("refused in peace");
    bridge.check(expect![[""]]);
    bridge.reads("08:05", 264.5);
    bridge.check(expect![[r#"
        08:05 raised 橙 青石湾站 水位超保证 v2 by 08:05=264.5
    "#]]);

    // The other way round: what stood before still stands for the new version.
    bridge.reads("08:10", 260.0);
    judge(&mut bridge.engine);
    bridge.publish(bridge.rule_with(json!({ "id": id, "times": 1, "threshold": 250.0 }))).await;
    bridge.reads("08:15", 260.0);
    bridge.reads("08:20", 249.0);
    bridge.check(expect![[r#"
        08:05 raised 橙 青石湾站 水位超保证 v2 by 08:05=264.5
        08:20 cleared 青石湾站 水位超保证 (Back Some(249.0))
    "#]]);
}

#[tokio::test]
async fn a_rule_that_was_retired_before_its_ruling_was_recorded_says_nothing() {
    let mut bridge = Bridge::new();
    let id = bridge.publish(bridge.rule_with(json!({ "times": 1 }))).await.body["id"].clone();
    bridge.reads("08:00", 264.0);
    judge(&mut bridge.engine);
    let path = format!("/api/rules/{}/retire", id.as_str().expect("an id"));
    let answer = bridge.town.post(OFFICER, &path, json!({ "reason": "误设" })).await;
    assert_eq!(answer.status, 200);
    bridge.engine.record().expect("refused in peace");
    bridge.check(expect![[""]]);
}

#[tokio::test]
async fn a_state_saved_with_its_finding_says_up_to_where_it_has_judged() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule()).await;
    bridge.engine.drain().expect("nothing to judge");
    bridge.engine.save().expect("saved");
    let saved = bridge.engine.position;
    bridge.reads("08:00", 264.0);
    bridge.reads("08:05", 264.0);
    bridge.engine.drain().expect("judged");
    let judged = bridge.engine.position;
    let rule = bridge.engine.judges.unsaved();
    assert_eq!(rule, [], "the state went with the finding");
    bridge.crash();
    assert_eq!(bridge.engine.position, saved, "the log is read again from there");
    let judges = bridge.engine.judges.unsaved();
    let judge = bridge.engine.judges.get(judges[0]).expect("seated");
    assert_eq!(judge.upto, judged);
    assert_ne!(saved, judged);
}

#[tokio::test]
async fn a_ruling_that_is_refused_holds_up_its_own_rule_only() {
    let mut bridge = Bridge::new();
    for (time, name) in [("07:50", "甲"), ("07:51", "乙")] {
        bridge.town.at(time);
        bridge.publish(bridge.rule_with(json!({ "name": name, "times": 1 }))).await;
    }
    bridge.reads("08:00", 264.0);
    bridge.reads("08:05", 260.0);
    judge(&mut bridge.engine);
    // No number: such a fact does not read back, so the log refuses it.
    let first = bridge.engine.rulings[0].clone();
    let time = Timestamp::from_millis(0) + Duration::from_mins(1);
    let broken = Crossing { time, value: f64::NAN, received: time, over: None };
    let outcome = Outcome::Raised { values: vec![broken] };
    bridge.engine.rulings.insert(0, Ruling { outcome, ..first });
    bridge.engine.record().expect_err("one is refused");
    expect![[r#"
        08:00 raised 橙 青石湾站 乙 v1 by 08:00=264
        08:05 cleared 青石湾站 乙 (Back Some(260.0))
    "#]]
    .assert_eq(&bridge.told());
    assert_eq!(bridge.engine.refused.len(), 3, "what follows from the same rule waits");
    bridge.engine.save().expect("nothing is tried again so soon");
    // The state of the rule that waits was not saved: after a crash it is judged again.
    bridge.crash();
    bridge.check(expect![[r#"
        08:00 raised 橙 青石湾站 乙 v1 by 08:00=264
        08:05 cleared 青石湾站 乙 (Back Some(260.0))
        08:00 raised 橙 青石湾站 甲 v1 by 08:00=264
        08:05 cleared 青石湾站 甲 (Back Some(260.0))
    "#]]);
}
