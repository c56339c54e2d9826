//! Rules that call nobody for a while.

use base::Quantity;
use expect_test::expect;
use serde_json::{Value as Json, json};

use super::bridge::{AUTHOR, Bridge, OFFICER, register};
use crate::rule;

async fn rule(bridge: &Bridge) -> String {
    let published = bridge.publish(bridge.rule_with(json!({ "times": 1 }))).await;
    published.body["id"].as_str().expect("an id").to_owned()
}

fn until(bridge: &Bridge, hours: i64) -> Json {
    json!(bridge.town.world.clock().now() + base::Duration::from_hours(hours))
}

#[tokio::test]
async fn a_shelved_rule_goes_on_judging_and_what_stands_at_the_end_is_told_then() {
    let mut bridge = Bridge::new();
    let id = rule(&bridge).await;
    bridge.town.at("08:00");
    let shelve = json!({ "reason": "闸门检修，水位失真", "until": until(&bridge, 2) });
    let path = format!("/api/rules/{id}/shelve");
    let shelved = bridge.town.post(OFFICER, &path, shelve).await.body["shelved"].clone();
    assert_eq!(
        (&shelved["by"], &shelved["reason"]),
        (&json!(OFFICER), &json!("闸门检修，水位失真"))
    );
    bridge.reads("08:10", 264.5);
    bridge.reads("08:20", 263.0);
    bridge.reads("08:30", 264.6);
    bridge.check(expect![[r#"
        08:10 raised in silence 橙 青石湾站 水位超保证 v1 by 08:10=264.5
        08:20 cleared 青石湾站 水位超保证 (Back Some(263.0))
        08:30 raised in silence 橙 青石湾站 水位超保证 v1 by 08:30=264.6
    "#]]);
    let found = bridge.town.get(OFFICER, "/api/findings?state=active").await.body;
    assert_eq!(found["items"][0]["shelved"], json!(true));
    bridge.town.at("10:00");
    let told = "select count(*) as n from log where kind = 'finding.unshelved'";
    bridge.town.until(|world| {
        let row = world.read_now(|db| Ok(db.row(told, &[])?));
        row.expect("reads").is_some_and(|row| row.get::<i64>("n").is_ok_and(|n| n == 1))
    });
    bridge.check(expect![[r#"
        08:10 raised in silence 橙 青石湾站 水位超保证 v1 by 08:10=264.5
        08:20 cleared 青石湾站 水位超保证 (Back Some(263.0))
        08:30 raised in silence 橙 青石湾站 水位超保证 v1 by 08:30=264.6
        told again 青石湾站 水位超保证
    "#]]);
    let found = bridge.town.get(OFFICER, "/api/findings?state=active").await.body;
    assert_eq!(found["items"][0]["shelved"], json!(false));
    assert_eq!(
        bridge.town.get(OFFICER, &format!("/api/rules/{id}")).await.body["shelved"],
        Json::Null
    );
    bridge.reads("10:10", 263.0);
    bridge.reads("10:20", 264.7);
    bridge.engine.drain().expect("judged");
    assert!(bridge.told().ends_with("10:20 raised 橙 青石湾站 水位超保证 v1 by 10:20=264.7\n"));
}

#[tokio::test]
async fn a_shelving_is_bounded_reasoned_ended_early_and_done_by_who_may() {
    let bridge = Bridge::new();
    let id = rule(&bridge).await;
    let town = &bridge.town;
    let (shelve, unshelve) =
        (format!("/api/rules/{id}/shelve"), format!("/api/rules/{id}/unshelve"));
    let ask = |reason: &str, hours| json!({ "reason": reason, "until": until(&bridge, hours) });
    let mut told = String::new();
    for (reason, hours) in [("", 1), ("检修", 0), ("检修", 25), ("检修", 24)] {
        let answer = town.post(OFFICER, &shelve, ask(reason, hours)).await;
        told += &format!("{} {}\n", answer.status.as_u16(), answer.body["field"]);
    }
    expect![[r#"
        422 "reason"
        422 "until"
        422 "until"
        200 null
    "#]]
    .assert_eq(&told);
    let refused = town.post(AUTHOR, &shelve, ask("检修", 1)).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.body["permission"]),
        (403, &json!("rule.shelve"))
    );
    town.person("邻县", "220284", &[rule::READ, rule::SHELVE]);
    assert_eq!(town.post("邻县", &shelve, ask("检修", 1)).await.status, 404);
    let reason = json!({ "reason": "已修好" });
    assert_eq!(town.post("邻县", &unshelve, reason.clone()).await.status, 404);
    let ended = town.post(OFFICER, &unshelve, reason.clone()).await;
    assert_eq!((ended.status.as_u16(), &ended.body["shelved"]), (200, &Json::Null));
    let again = town.post(OFFICER, &unshelve, reason.clone()).await;
    assert_eq!((again.status.as_u16(), &again.body["code"]), (409, &json!("not-shelved")));
    town.post(OFFICER, &format!("/api/rules/{id}/retire"), reason).await;
    let late = town.post(OFFICER, &shelve, ask("检修", 1)).await;
    assert_eq!((late.status.as_u16(), &late.body["code"]), (409, &json!("rule-retired")));
    let folded = town.world.compare_with_fold();
    assert_eq!(folded.expect("the log folds").1, [], "state is a fold");
}

#[tokio::test]
async fn a_new_version_and_another_rule_do_not_end_a_shelving() {
    let bridge = Bridge::new();
    let id = rule(&bridge).await;
    let shelve = json!({ "reason": "检修", "until": until(&bridge, 2) });
    bridge.town.post(OFFICER, &format!("/api/rules/{id}/shelve"), shelve).await;
    let changed = bridge.rule_with(json!({ "id": id, "threshold": 264.2 }));
    assert_eq!(bridge.publish(changed).await.body["shelved"]["reason"], "检修");
    let (_, other) = register(&bridge.town, "0010820552", "蛟河站", "220282", Quantity::WaterLevel);
    let other = bridge.publish(bridge.rule_with(json!({ "sensor": other }))).await;
    assert_eq!(other.body["shelved"], Json::Null);
}
