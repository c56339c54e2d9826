//! What is recorded when some of it is refused, or the process dies in between.

use std::collections::HashMap;

use base::{Duration, Timestamp};
use expect_test::expect;
use serde_json::json;

use super::{Engine, Outcome, Ruling, Seen};
use crate::tests::bridge::Bridge;

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
    let broken = Seen { time, value: f64::NAN, received: time };
    let outcome = Outcome::Raised { values: vec![broken] };
    bridge.engine.rulings.insert(0, Ruling { outcome, ..first });
    bridge.engine.record().expect_err("one is refused");
    expect![[r#"
        08:00 raised 橙 青石湾站 乙 v1 by 08:00=264
        08:05 cleared 青石湾站 乙 (Back Some(260.0))
    "#]]
    .assert_eq(&bridge.told());
    assert_eq!(bridge.engine.rulings.len(), 3, "what follows from the same rule waits");
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
