//! From readings to findings.

use base::quantity::Grade;
use base::{Duration, Id, Quality, Quantity};
use expect_test::expect;
use host::fact::read;
use host::town::Town;
use host::{Lane, params};
use serde_json::json;
use series::Sample;

use super::bridge::{Bridge, OFFICER, redact};
use crate::finding::FindingFact;

#[tokio::test]
async fn two_readings_on_the_line_make_one_finding_that_ends_below_the_hysteresis() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule()).await;
    bridge.reads("08:00", 263.97);
    bridge.reads("08:05", 264.00);
    bridge.check(expect![[""]]);
    bridge.reads("08:10", 264.03);
    bridge.check(expect![[r#"
        08:10 raised 橙 青石湾站 水位超保证 v1 by 08:05=264 08:10=264.03
    "#]]);
    bridge.reads("08:15", 264.50);
    bridge.reads("08:20", 263.95);
    bridge.reads("08:25", 263.94);
    bridge.check(expect![[r#"
        08:10 raised 橙 青石湾站 水位超保证 v1 by 08:05=264 08:10=264.03
        08:25 cleared 青石湾站 水位超保证 (Back Some(263.94))
    "#]]);
}

#[tokio::test]
async fn a_finding_says_which_readings_and_frames_fired_it_and_how_fast() {
    let mut bridge = Bridge::new();
    let rule = bridge.publish(bridge.rule()).await.body["id"].clone();
    bridge.town.at("08:05");
    let frame = bridge.frame(b"7e7e 264.00");
    bridge.reads("08:05", 264.00);
    bridge.reads("08:10", 264.03);
    bridge.town.at("08:10:02");
    bridge.engine.drain().expect("judged");
    bridge.reads("08:15", 264.61);
    bridge.reads_as("08:20", 270.0, Quality::new(Grade::Bad, Quality::BY_CHECK));

    let facts = bridge.facts();
    let header = &facts[0].header;
    assert_eq!(header.subject, header.correlation, "the finding is the thread");
    assert_eq!(header.via, "rule");
    assert_eq!(header.basis.as_deref(), Some("水位超保证 v1"));
    assert_eq!(header.region.as_ref().map(|code| code.as_str()), Some("220282"));
    assert_eq!(header.at.since(header.known), Duration::from_secs(2));

    let mut answer = bridge.town.get(OFFICER, &format!("/api/findings/{}", header.subject)).await;
    assert_eq!(answer.status, 200);
    let listed = bridge.town.get(OFFICER, "/api/findings?state=active").await;
    assert_eq!(listed.body["items"][0], answer.body);
    assert_eq!(answer.body["values"][0]["frame"], json!(frame));
    answer.body["values"][0]["frame"] = json!("<frame>");
    let rule: Id = rule.as_str().and_then(|id| id.parse().ok()).expect("an id");
    redact(
        &mut answer.body,
        &[
            (header.subject, "finding"),
            (rule, "rule"),
            (bridge.station.into(), "station"),
            (bridge.sensor.into(), "sensor"),
        ],
    );
    let text = serde_json::to_string_pretty(&answer.body).expect("JSON");
    expect![[r#"
        {
          "id": "<finding>",
          "rule": {
            "id": "<rule>",
            "version": 1,
            "name": "水位超保证",
            "measure": {
              "kind": "value"
            },
            "comparison": "at_or_above",
            "threshold": 264.0,
            "hysteresis": 0.05,
            "times": 2,
            "delay_s": 0,
            "line_word": "保证水位"
          },
          "sensor": "<sensor>",
          "station": "<station>",
          "station_name": "青石湾站",
          "region": "220282",
          "point": {
            "lon": 126.9998,
            "lat": 43.032
          },
          "quantity": "water_level",
          "unit": "m",
          "hazard": "flood",
          "level": "orange",
          "state": "active",
          "onset": "2026-08-03T00:05:00.000Z",
          "raised_at": "2026-08-03T00:10:02.000Z",
          "latency_ms": 2000,
          "values": [
            {
              "time": "2026-08-03T00:05:00.000Z",
              "value": 264.0,
              "received": "2026-08-03T00:05:00.000Z",
              "frame": "<frame>",
              "over": null
            },
            {
              "time": "2026-08-03T00:10:00.000Z",
              "value": 264.03,
              "received": "2026-08-03T00:10:00.000Z",
              "frame": null,
              "over": null
            }
          ],
          "late": false,
          "shelved": false,
          "peak": {
            "time": "2026-08-03T00:15:00.000Z",
            "value": 264.61
          },
          "cleared_at": null,
          "cleared_because": null,
          "shaken": null,
          "correlation": "<finding>"
        }"#]]
    .assert_eq(&text);
}

#[tokio::test]
async fn a_crash_between_reading_and_finding_loses_no_alarm_and_makes_none_twice() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule()).await;
    bridge.reads("08:00", 264.00);
    bridge.engine.drain().expect("judged");
    bridge.reads("08:05", 264.03);
    // Stored and acknowledged, not judged.
    bridge.crash();
    bridge.check(expect![[r#"
        08:05 raised 橙 青石湾站 水位超保证 v1 by 08:00=264 08:05=264.03
    "#]]);
    let told = bridge.told();
    // Recorded, and the position not saved: the log is read again from its start.
    bridge.crash();
    bridge.engine.drain().expect("judged again");
    assert_eq!(bridge.told(), told);
    bridge.engine.save().expect("saved");
    bridge.crash();
    bridge.engine.drain().expect("judged again");
    assert_eq!(bridge.told(), told);
    bridge.reads("08:10", 263.0);
    bridge.check(expect![[r#"
        08:05 raised 橙 青石湾站 水位超保证 v1 by 08:00=264 08:05=264.03
        08:10 cleared 青石湾站 水位超保证 (Back Some(263.0))
    "#]]);
}

#[tokio::test]
async fn a_count_survives_a_restart() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule_with(json!({ "times": 3 }))).await;
    bridge.reads("08:00", 264.1);
    bridge.reads("08:05", 264.2);
    bridge.engine.drain().expect("judged");
    bridge.engine.save().expect("saved");
    let series = bridge.town.world.series();
    let rules = (crate::engine::CONSUMER.to_owned(), series.position());
    assert!(series.consumers().contains(&rules), "{:?}", series.consumers());
    bridge.crash();
    bridge.reads("08:10", 264.3);
    bridge.check(expect![[r#"
        08:10 raised 橙 青石湾站 水位超保证 v1 by 08:00=264.1 08:05=264.2 08:10=264.3
    "#]]);
}

#[tokio::test]
async fn without_its_working_state_the_engine_finds_the_same_again() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule()).await;
    for (time, value) in
        [("08:00", 264.1), ("08:05", 264.2), ("08:10", 260.0), ("08:15", 265.0), ("08:20", 265.0)]
    {
        bridge.reads(time, value);
    }
    bridge.engine.drain().expect("judged");
    let told = bridge.told();
    assert_eq!(told.lines().count(), 3);
    let wiped = bridge.town.world.run(Lane::Urgent, "test", |tx| {
        tx.work().run("delete from rule_state", params![])?;
        tx.work().run("delete from rule_position", params![])?;
        Ok(())
    });
    wiped.expect("wiped");
    bridge.crash();
    bridge.engine.drain().expect("judged again");
    assert_eq!(bridge.told(), told);
    bridge.reads("08:25", 262.0);
    bridge.engine.drain().expect("judged");
    let last = bridge.told().lines().last().map(str::to_owned);
    assert_eq!(last.as_deref(), Some("08:25 cleared 青石湾站 水位超保证 (Back Some(262.0))"));
}

#[tokio::test]
async fn bad_and_future_readings_are_not_judged_and_late_ones_end_nothing() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule_with(json!({ "times": 1 }))).await;
    bridge.reads_as("08:00", 300.0, Quality::new(Grade::Bad, Quality::BY_CHECK));
    bridge.town.at("08:01");
    let now = bridge.town.world.clock().now();
    let series = bridge.series;
    let sample = |minutes, value| Sample {
        series,
        time: now + Duration::from_mins(minutes),
        value,
        quality: Quality::GOOD,
    };
    let samples = vec![sample(30, 300.0), sample(0, 262.0), sample(-20, 280.0)];
    bridge.append(now, samples);
    bridge.check(expect![[r#"
        07:41 missed 橙 青石湾站 水位超保证 v1 by 07:41=280
        08:01 cleared 青石湾站 水位超保证 (Back Some(262.0))
    "#]]);
    bridge.reads("08:05", 264.2);
    let late = vec![sample(-1, 200.0), sample(3, 200.0)];
    bridge.append(bridge.town.world.clock().now(), late);
    bridge.check(expect![[r#"
        07:41 missed 橙 青石湾站 水位超保证 v1 by 07:41=280
        08:01 cleared 青石湾站 水位超保证 (Back Some(262.0))
        08:05 raised 橙 青石湾站 水位超保证 v1 by 08:05=264.2
    "#]]);
}

#[tokio::test]
async fn a_new_version_judges_at_once_and_keeps_what_stands() {
    let mut bridge = Bridge::new();
    let id = bridge.publish(bridge.rule()).await.body["id"].clone();
    bridge.reads("08:00", 264.1);
    bridge.reads("08:05", 264.2);
    bridge.engine.drain().expect("judged");
    let lower = bridge.rule_with(json!({ "id": id, "threshold": 263.0, "times": 1 }));
    assert_eq!(bridge.publish(lower).await.body["version"], 2);
    // Crossed for both versions: it stands, and is not found a second time.
    bridge.reads("08:10", 263.5);
    bridge.check(expect![[r#"
        08:05 raised 橙 青石湾站 水位超保证 v1 by 08:00=264.1 08:05=264.2
    "#]]);
    let higher = bridge.rule_with(json!({ "id": id, "threshold": 265.0, "times": 1 }));
    bridge.publish(higher).await;
    bridge.reads("08:15", 263.5);
    bridge.reads("08:20", 265.0);
    bridge.crash();
    bridge.check(expect![[r#"
        08:05 raised 橙 青石湾站 水位超保证 v1 by 08:00=264.1 08:05=264.2
        08:10 cleared 青石湾站 水位超保证 (Back Some(263.5))
        08:20 raised 橙 青石湾站 水位超保证 v3 by 08:20=265
    "#]]);
}

#[tokio::test]
async fn a_new_version_counts_from_nothing() {
    let mut bridge = Bridge::new();
    let id = bridge.publish(bridge.rule()).await.body["id"].clone();
    bridge.reads("08:00", 264.1);
    bridge.engine.drain().expect("judged");
    bridge.publish(bridge.rule_with(json!({ "id": id }))).await;
    // Late for its predecessor, late for it.
    let time = bridge.town.world.clock().now() - Duration::from_mins(5);
    let late = Sample { series: bridge.series, time, value: 264.1, quality: Quality::GOOD };
    bridge.append(bridge.town.world.clock().now(), vec![late]);
    bridge.reads("08:05", 264.1);
    bridge.check(expect![[""]]);
    bridge.reads("08:10", 264.1);
    bridge.check(expect![[r#"
        08:10 raised 橙 青石湾站 水位超保证 v2 by 08:05=264.1 08:10=264.1
    "#]]);
}

#[tokio::test]
async fn a_retired_rule_judges_no_longer_and_what_stood_by_it_ends() {
    let mut bridge = Bridge::new();
    let id = bridge.publish(bridge.rule()).await.body["id"].clone();
    bridge.reads("08:00", 264.1);
    bridge.reads("08:05", 264.2);
    bridge.engine.drain().expect("judged");
    let id = id.as_str().expect("an id");
    bridge.town.at("08:07");
    let path = format!("/api/rules/{id}/retire");
    assert_eq!(bridge.town.post(OFFICER, &path, json!({ "reason": "测站搬迁" })).await.status, 200);
    bridge.reads("08:10", 260.0);
    bridge.reads("08:15", 264.2);
    bridge.reads("08:20", 264.2);
    bridge.check(expect![[r#"
        08:05 raised 橙 青石湾站 水位超保证 v1 by 08:00=264.1 08:05=264.2
        08:07 cleared 青石湾站 水位超保证 (Retired None)
    "#]]);
    let facts = bridge.facts();
    let [raised, cleared] = facts.as_slice() else { panic!("two facts") };
    assert_eq!(cleared.header.correlation, raised.header.subject, "the thread is kept");
    let cause = cleared.header.cause.expect("the retirement");
    let condition = "kind = 'rule.retired' order by seq";
    let retired = bridge.town.world.read_now(|db| host::log::select(db, condition, &[]));
    assert_eq!(cause, retired.expect("the log reads")[0].header.id);
}

#[tokio::test]
async fn a_retirement_that_overtakes_a_ruling_wins() {
    let mut bridge = Bridge::new();
    let id = bridge.publish(bridge.rule()).await.body["id"].clone();
    bridge.reads("08:00", 264.1);
    bridge.engine.drain().expect("judged");
    // The engine knows the rule, the reading is in its inbox, and the rule goes.
    bridge.reads("08:05", 264.2);
    let path = format!("/api/rules/{}/retire", id.as_str().expect("an id"));
    bridge.town.post(OFFICER, &path, json!({ "reason": "误设" })).await;
    bridge.check(expect![[""]]);
}

#[tokio::test]
async fn several_rules_of_one_sensor_are_judged_apart() {
    let mut bridge = Bridge::new();
    bridge.town.at("07:50");
    bridge.publish(bridge.rule()).await;
    let alert = json!({
        "name": "水位超警戒", "level": "yellow", "threshold": 262.5, "line": "warning",
        "line_word": "警戒水位", "times": 1,
    });
    bridge.town.at("07:51");
    bridge.publish(bridge.rule_with(alert)).await;
    let low = json!({
        "name": "水位过低", "level": "blue", "hazard": "drought", "comparison": "at_or_below",
        "threshold": 250.0, "times": 1, "line": "other", "line_word": "最低通航水位",
    });
    bridge.town.at("07:52");
    bridge.publish(bridge.rule_with(low)).await;
    for (time, value) in [("08:00", 262.5), ("08:05", 264.0), ("08:10", 264.0), ("08:15", 250.0)] {
        bridge.reads(time, value);
    }
    bridge.check(expect![[r#"
        08:00 raised 黄 青石湾站 水位超警戒 v1 by 08:00=262.5
        08:10 raised 橙 青石湾站 水位超保证 v1 by 08:05=264 08:10=264
        08:15 cleared 青石湾站 水位超保证 (Back Some(250.0))
        08:15 cleared 青石湾站 水位超警戒 (Back Some(250.0))
        08:15 raised 蓝 青石湾站 水位过低 v1 by 08:15=250
    "#]]);
}

#[tokio::test]
async fn the_peak_of_a_low_water_finding_is_its_lowest() {
    let mut bridge = Bridge::with(Quantity::Voltage);
    let low = json!({
        "name": "电压过低", "comparison": "at_or_below", "threshold": 11.0, "hysteresis": 0.3,
        "times": 1, "level": "blue", "hazard": "other", "line": "other", "line_word": "下限",
    });
    bridge.publish(bridge.rule_with(low)).await;
    for (time, value) in [("08:00", 12.6), ("08:05", 11.0), ("08:10", 9.5), ("08:15", 13.0)] {
        bridge.reads(time, value);
    }
    bridge.engine.drain().expect("judged");
    let answer = bridge.town.get(OFFICER, "/api/findings?state=cleared").await;
    let finding = &answer.body["items"][0];
    assert_eq!(finding["peak"]["value"], 9.5);
    assert_eq!(finding["unit"], "V");
    assert_eq!(finding["cleared_because"], "back");
}

#[tokio::test]
async fn a_storm_of_findings_is_recorded_in_order_and_whole() {
    let mut bridge = Bridge::new();
    for at in 0..40 {
        let rule = json!({ "name": format!("规则{at}"), "times": 1, "hysteresis": 0.0 });
        bridge.publish(bridge.rule_with(rule)).await;
    }
    let start = bridge.town.world.clock().now();
    let samples = (0..6).map(|minute| Sample {
        series: bridge.series,
        time: start + Duration::from_mins(minute),
        value: if minute % 2 == 0 { 264.0 } else { 263.0 },
        quality: Quality::GOOD,
    });
    // One batch: each rule raises and clears three times, 240 facts in all.
    bridge.append(start, samples.collect());
    bridge.engine.drain().expect("judged");
    let facts = bridge.facts();
    assert_eq!(facts.len(), 240);
    let raised =
        |entry: &&host::Entry| matches!(read::<FindingFact>(entry), Some(FindingFact::Raised(_)));
    assert_eq!(facts.iter().filter(raised).count(), 120);
    bridge.crash();
    bridge.engine.drain().expect("judged again");
    assert_eq!(bridge.facts().len(), 240);
    let answer = bridge.town.get(OFFICER, "/api/findings?state=active").await;
    assert_eq!(answer.body["items"], json!([]));
}

#[tokio::test]
async fn on_its_own_thread_the_engine_needs_nobody() {
    let town = host::town::Town::new(vec![sense::part(), crate::part()]);
    let bridge = Bridge::in_town(town, Quantity::WaterLevel);
    bridge.publish(bridge.rule()).await;
    bridge.reads("08:00", 264.1);
    bridge.reads("08:05", 264.2);
    bridge.town.until(|_| !bridge.facts().is_empty());
    // It saves behind, and lets the log go.
    bridge.town.until(|world| world.series().consumers()[0].1 == world.series().position());
    expect![[r#"
        08:05 raised 橙 青石湾站 水位超保证 v1 by 08:00=264.1 08:05=264.2
    "#]]
    .assert_eq(&bridge.told());
}

#[tokio::test]
async fn a_drill_judges_by_the_rules_of_its_base_and_keeps_it_to_itself() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule()).await;
    bridge.reads("08:00", 264.1);
    bridge.reads("08:05", 264.2);
    bridge.engine.drain().expect("judged");
    let told = bridge.told();
    assert_eq!(told.lines().count(), 1);

    let drill = bridge.town.world.drill("flood-2026", "防汛演练").expect("opens");
    let mut engine = crate::Engine::open(&drill).expect("an engine of its own");
    let series = drill.series().series_of(bridge.sensor.into()).expect("came along");
    let read = |minutes, value| {
        let time = drill.clock().now() + Duration::from_mins(minutes);
        drill.clock().set(time);
        let sample = Sample { series, time, value, quality: Quality::GOOD };
        drill.series().append(time, vec![sample]).expect("stored");
    };
    // What stands in the base stands in the drill, and ends there by itself.
    read(5, 264.3);
    read(5, 263.0);
    read(5, 264.5);
    read(5, 264.5);
    engine.drain().expect("judged");
    let condition = "kind in ('finding.raised', 'finding.cleared') order by seq";
    let facts = drill.read_now(|db| host::log::select(db, condition, &[])).expect("reads");
    let kinds: Vec<&str> = facts.iter().map(host::Entry::kind).collect();
    assert_eq!(kinds, ["finding.cleared", "finding.raised"]);
    bridge.engine.drain().expect("nothing to judge");
    assert_eq!(bridge.told(), told, "the real world knows nothing of it");
    drill.close();
}

/// A check may doubt what the rules warn of: it came, it was judged, and the finding
/// says in which frame it came.
#[tokio::test]
async fn no_quality_check_keeps_an_alarm_from_anybody() {
    let by_hand = |part| host::Part { taps: Vec::new(), ..part };
    let town = Town::new(vec![by_hand(sense::part()), by_hand(crate::part())]);
    let mut bridge = Bridge::in_town(town, Quantity::WaterLevel);
    bridge.publish(bridge.rule()).await;
    let mut watch = sense::check::Checks::open(&bridge.town.world).expect("opens");
    bridge.reads("07:50", 261.00);
    bridge.town.at("08:00");
    let frame = bridge.frame(b"7e7e 264.00");
    bridge.reads("08:00", 264.00);
    watch.drain().expect("checks");
    assert_eq!(watch.work().flagged, 1, "three metres in ten minutes are a step");
    bridge.reads("08:05", 264.03);
    watch.drain().expect("checks");
    // The rules are asked last: they see the reading, and then what was said of it.
    bridge.check(expect![[r#"
        08:05 raised 橙 青石湾站 水位超保证 v1 by 08:00=264 08:05=264.03
    "#]]);
    let Some(FindingFact::Raised(raised)) = read(&bridge.facts()[0]) else { panic!("raised") };
    assert_eq!(raised.values[0].frame, Some(frame));
}
