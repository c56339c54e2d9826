//! It takes two to put a rule in force.

use serde_json::{Value as Json, json};

use super::bridge::{AUTHOR, Bridge, OFFICER};
use crate::{finding, rule};

#[tokio::test]
async fn who_proposes_a_rule_does_not_publish_it() {
    let bridge = Bridge::new();
    let town = &bridge.town;
    let proposed = town.post(OFFICER, "/api/rules/proposals", bridge.rule()).await;
    assert_eq!((proposed.status.as_u16(), &proposed.body["state"]), (201, &json!("open")));
    let id = proposed.body["id"].as_str().expect("an id").to_owned();
    let (publish, give_back) =
        (format!("/api/rules/proposals/{id}/publish"), format!("/api/rules/proposals/{id}/return"));
    assert_eq!(town.get(OFFICER, &format!("/api/rules/{id}")).await.status, 404, "not in force");
    for (path, body) in [(&publish, json!({})), (&give_back, json!({ "reason": "再想想" }))] {
        let own = town.post(OFFICER, path, body).await;
        assert_eq!((own.status.as_u16(), &own.body["code"]), (409, &json!("same-person")));
    }
    let refused = town.post(AUTHOR, &publish, json!({})).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.body["permission"]),
        (403, &json!("rule.publish"))
    );
    town.person("邻县", "220284", &[rule::READ, rule::PUBLISH, finding::READ]);
    assert_eq!(town.post("邻县", &publish, json!({})).await.status, 404);
    assert_eq!(town.get("邻县", "/api/rules/proposals").await.body["items"], json!([]));
    assert_eq!(town.get("邻县", &format!("/api/rules/proposals/{id}")).await.status, 404);

    town.person("周牧", "220282", &[rule::READ, rule::PUBLISH, finding::READ]);
    let rule = town.post("周牧", &publish, json!({})).await;
    assert_eq!(
        (&rule.body["proposed_by"], &rule.body["published_by"]),
        (&json!(OFFICER), &json!("周牧"))
    );
    let again = town.post("周牧", &publish, json!({})).await;
    assert_eq!((again.status.as_u16(), &again.body["code"]), (409, &json!("proposal-decided")));
    let decided = town.get(OFFICER, &format!("/api/rules/proposals/{id}")).await.body;
    assert_eq!((&decided["state"], &decided["decided_by"]), (&json!("published"), &json!("周牧")));
    let open = town.get(OFFICER, "/api/rules/proposals?state=open").await.body;
    assert_eq!(open["items"], json!([]));
    let folded = town.world.compare_with_fold();
    assert_eq!(folded.expect("the log folds").1, [], "state is a fold");
}

#[tokio::test]
async fn a_proposal_is_given_back_with_a_reason_and_made_again() {
    let bridge = Bridge::new();
    let town = &bridge.town;
    let rule = bridge.publish(bridge.rule()).await.body;
    let id = rule["id"].as_str().expect("an id").to_owned();
    let changed = |threshold: f64| bridge.rule_with(json!({ "id": id, "threshold": threshold }));
    let proposed = bridge.propose(changed(300.0)).await.body;
    assert_eq!((&proposed["version"], &proposed["draft"]["threshold"]), (&json!(2), &json!(300.0)));
    // Another's proposal waits behind it, and the author's own takes its place.
    let other = town.post(OFFICER, "/api/rules/proposals", changed(265.0)).await;
    assert_eq!((other.status.as_u16(), &other.body["code"]), (409, &json!("proposal-open")));
    assert_eq!(bridge.propose(changed(301.0)).await.status, 201);
    let path = format!("/api/rules/proposals/{id}/return");
    assert_eq!(town.post(OFFICER, &path, json!({ "reason": " " })).await.status, 422);
    let returned = town.post(OFFICER, &path, json!({ "reason": "高于坝顶" })).await.body;
    assert_eq!(
        (&returned["state"], &returned["decided_because"]),
        (&json!("returned"), &json!("高于坝顶"))
    );
    assert_eq!(town.get(OFFICER, &format!("/api/rules/{id}")).await.body, rule, "it is as it was");
    assert_eq!(bridge.publish(changed(265.0)).await.body["version"], 2);
}

#[tokio::test]
async fn a_proposal_for_a_version_that_has_passed_is_stale() {
    let bridge = Bridge::new();
    let town = &bridge.town;
    let rule = bridge.publish(bridge.rule()).await.body;
    let id = rule["id"].as_str().expect("an id").to_owned();
    bridge.propose(bridge.rule_with(json!({ "id": id, "threshold": 265.0 }))).await;
    let mut own = bridge.rule_with(json!({ "id": id, "threshold": 266.0 }));
    own["source"] = json!("本级规定");
    let own = serde_json::from_value(own).expect("a rule");
    rule::publish_in(&town.world, own).expect("the node's own command");
    let answer = town.post(OFFICER, &format!("/api/rules/proposals/{id}/publish"), json!({})).await;
    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (409, &json!("proposal-stale")));
    let retired =
        town.post(OFFICER, &format!("/api/rules/{id}/retire"), json!({ "reason": "停用" })).await;
    assert_eq!(retired.status, 200);
    let answer = town.post(OFFICER, &format!("/api/rules/proposals/{id}/publish"), json!({})).await;
    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (409, &json!("rule-retired")));
}

#[tokio::test]
async fn a_condition_that_makes_no_sense_is_refused_by_its_field() {
    let bridge = Bridge::new();
    let change =
        |within_s: i64| json!({ "kind": "change", "direction": "rising", "within_s": within_s });
    let cases: [(Json, Json); 9] = [
        (change(0), json!({})),
        (change(604_801), json!({})),
        (change(60), json!({ "comparison": "at_or_below" })),
        (change(60), json!({ "threshold": 0.0, "hysteresis": 0.0 })),
        (json!({ "kind": "still", "tolerance": -1.0 }), json!({})),
        (json!({ "kind": "still", "tolerance": 0.0 }), json!({ "threshold": 604_801.0 })),
        (
            json!({ "kind": "count", "comparison": "at_or_above", "line": 1.0, "within_s": 60 }),
            json!({ "threshold": 1.5 }),
        ),
        (json!({ "kind": "sum", "within_s": 60 }), json!({})),
        (json!({ "kind": "mean", "within_s": 60 }), json!({})),
    ];
    let mut told = Vec::new();
    for (measure, changes) in cases {
        let mut rule = bridge.rule_with(changes);
        rule["measure"] = measure;
        let answer = bridge.propose(rule).await;
        told.push(format!("{} {}", answer.status.as_u16(), answer.body["field"]));
    }
    assert_eq!(
        told,
        [
            r#"422 "within_s""#,
            r#"422 "within_s""#,
            r#"422 "comparison""#,
            r#"422 "threshold""#,
            r#"422 "tolerance""#,
            r#"422 "threshold""#,
            r#"422 "threshold""#,
            r#"422 "sensor""#,
            r#"422 "body""#,
        ]
    );
}

/// A rule of another kind goes the whole way: it is published, judges, and its finding says
/// what it came to.
#[tokio::test]
async fn a_fast_rise_is_found_and_says_from_where() {
    let mut bridge = Bridge::new();
    let mut rise = bridge.rule_with(json!({ "name": "水位骤涨", "threshold": 1.0, "times": 1 }));
    rise["measure"] = json!({ "kind": "change", "direction": "rising", "within_s": 3_600 });
    bridge.publish(rise).await;
    bridge.reads("08:00", 260.0);
    bridge.reads("08:20", 260.9);
    bridge.reads("08:40", 261.0);
    bridge.engine.drain().expect("judged");
    bridge.engine.save().expect("saved");
    bridge.crash();
    bridge.reads("09:45", 261.02);
    bridge.engine.drain().expect("judged");
    let found = bridge.town.get(OFFICER, "/api/findings").await.body["items"][0].clone();
    let over = &found["values"][0]["over"];
    assert_eq!((&over["value"], &over["from"]), (&json!(1.0), &json!(260.0)));
    assert_eq!(
        (&found["state"], &found["rule"]["measure"]["kind"]),
        (&json!("active"), &json!("change"))
    );
    bridge.reads("09:50", 261.02);
    bridge.engine.drain().expect("judged");
    assert!(bridge.told().contains("09:50 cleared"), "{}", bridge.told());
}

/// A rule that judges only what nobody doubts is neither fired nor ended by doubt.
#[tokio::test]
async fn a_doubtful_reading_does_what_the_rule_says() {
    use base::Quality;
    use base::quantity::Grade;
    let doubted = Quality::new(Grade::Uncertain, Quality::BY_LINK);
    let bad = Quality::new(Grade::Bad, Quality::BY_DEVICE);
    for (accepts, fired) in [("good", ""), ("not_bad", "08:05"), ("any", "08:00")] {
        let mut bridge = Bridge::new();
        bridge.publish(bridge.rule_with(json!({ "times": 1, "accepts": accepts }))).await;
        bridge.reads_as("08:00", 270.0, bad);
        bridge.reads_as("08:05", 270.0, doubted);
        bridge.engine.drain().expect("judged");
        assert_eq!(bridge.told().get(..5).unwrap_or_default(), fired, "{accepts}");
        bridge.reads_as("08:10", 270.0, Quality::GOOD);
        bridge.reads_as("08:15", 100.0, doubted);
        bridge.engine.drain().expect("judged");
        assert_eq!(bridge.told().contains("cleared"), accepts != "good", "{accepts}");
    }
}

#[tokio::test]
async fn a_late_reading_that_shows_a_missed_alarm_is_found_and_calls_nobody() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule()).await;
    bridge.reads("08:00", 263.0);
    bridge.reads("08:10", 264.1);
    bridge.reads("08:20", 263.0);
    let late = bridge.town.world.clock().now() - base::Duration::from_mins(5);
    let sample = series::Sample {
        series: bridge.series,
        time: late,
        value: 264.3,
        quality: base::Quality::GOOD,
    };
    bridge.town.at("08:30");
    bridge.append(bridge.town.world.clock().now(), vec![sample]);
    bridge.check(expect_test::expect![[r#"
        08:15 missed 橙 青石湾站 水位超保证 v1 by 08:10=264.1 08:15=264.3
        08:20 cleared 青石湾站 水位超保证 (Back Some(263.0))
    "#]]);
    bridge.crash();
    bridge.engine.drain().expect("read again");
    assert_eq!(bridge.facts().len(), 2, "and no second time");
}

#[tokio::test]
async fn a_dry_run_says_how_often_when_and_what_it_would_have_missed() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule_with(json!({ "times": 1 }))).await;
    for (time, value) in [
        ("08:00", 263.0),
        ("08:10", 264.0),
        ("08:20", 263.0),
        ("08:30", 264.6),
        ("08:40", 264.7),
        ("08:50", 263.0),
    ] {
        bridge.reads(time, value);
    }
    bridge.reads_as(
        "08:55",
        270.0,
        base::Quality::new(base::quantity::Grade::Bad, base::Quality::BY_DEVICE),
    );
    bridge.engine.drain().expect("judged");
    let town = &bridge.town;
    let now = town.world.clock().now();
    let before = town.world.last_seq();
    let run = async |who: &str, changes: Json, from: base::Timestamp| {
        let ask = json!({ "rule": bridge.rule_with(changes), "from": from, "to": now });
        town.post(who, "/api/rules/dry-run", ask).await
    };
    let from = now - base::Duration::from_hours(1);
    let told = run(AUTHOR, json!({ "times": 1, "threshold": 264.5 }), from).await.body;
    assert_eq!((&told["fired"], &told["known"], &told["new"]), (&json!(1), &json!(2), &json!(0)));
    assert_eq!(
        (&told["readings"], &told["unjudged"], &told["stood_s"]),
        (&json!(6), &json!(0), &json!(1_200))
    );
    assert_eq!(told["episodes"][0]["value"], json!(264.6));
    assert_eq!(told["missed"].as_array().map(Vec::len), Some(1), "that of 08:10");
    assert_eq!(told["reached"], told["to"]);
    let told =
        run(AUTHOR, json!({ "times": 1, "threshold": 262.5, "hysteresis": 0.0 }), from).await.body;
    assert_eq!((&told["fired"], &told["episodes"][0]["until"]), (&json!(1), &Json::Null));
    assert_eq!(town.world.last_seq(), before, "nothing is set");

    let refused = run("", json!({}), from).await;
    assert_eq!(refused.status, 401);
    town.person("只读", "220282", &[rule::READ, finding::READ]);
    assert_eq!(run("只读", json!({}), from).await.body["permission"], "rule.propose");
    town.person("邻县", "220284", &[rule::READ, rule::PROPOSE, finding::READ]);
    assert_eq!(run("邻县", json!({}), from).await.status, 404);
    let long = run(AUTHOR, json!({}), now - base::Duration::from_hours(24 * 401)).await;
    assert_eq!((long.status.as_u16(), &long.body["field"]), (422, &json!("to")));
    assert_eq!(run(AUTHOR, json!({ "times": 0 }), from).await.body["field"], "times");
}

#[tokio::test]
async fn lines_to_begin_with_say_where_they_are_from() {
    let bridge = Bridge::new();
    let told = bridge.town.get(AUTHOR, "/api/rules/defaults").await.body;
    let first = &told["tables"][0]["entries"][0];
    assert!(told["sources"][first["source"].as_str().expect("a source")]["zh"].is_string());
    assert_eq!(told["shelving"]["longest_s"], 86_400);
}
