//! Publishing and retiring rules, and who may not.

use base::Quantity;
use expect_test::expect;
use host::Scope;
use host::town::Answer;
use serde_json::{Value as Json, json};

use super::bridge::{AUTHOR, Bridge, OFFICER, register};
use crate::{finding, rule};

#[tokio::test]
async fn a_rule_is_published_listed_and_versioned() {
    let bridge = Bridge::new();
    let answer = bridge.publish(bridge.rule()).await;
    assert_eq!(answer.status, 200);
    assert!(answer.headers.contains_key("fengsui-seq"));
    let first = answer.body;
    assert_eq!((&first["version"], &first["state"]), (&json!(1), &json!("active")));
    assert_eq!((&first["unit"], &first["region"]), (&json!("m"), &json!("220282")));
    assert_eq!(first["published_by"], OFFICER);
    assert_eq!(first["proposed_by"], AUTHOR);
    assert_eq!(first["station"], json!(bridge.station));

    bridge.town.at("09:00");
    let changed = bridge.rule_with(json!({ "id": first["id"], "threshold": 264.2 }));
    let second = bridge.publish(changed).await.body;
    assert_eq!(second["id"], first["id"]);
    assert_eq!((&second["version"], &second["threshold"]), (&json!(2), &json!(264.2)));

    let other = bridge.publish(bridge.rule_with(json!({ "name": "另一条" }))).await.body;
    let get = |query: String| {
        let bridge = &bridge;
        async move { bridge.town.get(OFFICER, &format!("/api/rules{query}")).await.body }
    };
    let all = get(format!("?station={}", bridge.station)).await;
    assert_eq!(all["items"], json!([other, second]), "the newest first");
    assert_eq!(get(format!("?sensor={}", bridge.sensor)).await["items"], all["items"]);
    let nobody = base::Id::from_u128(7);
    assert_eq!(get(format!("?station={nobody}")).await["items"], json!([]));
    let page = get("?limit=1".to_owned()).await;
    assert_eq!(page["items"], json!([other]));
    let cursor = page["next"].as_str().expect("there is more").to_owned();
    let page = get(format!("?limit=1&cursor={cursor}")).await;
    assert_eq!((&page["items"], &page["next"]), (&json!([second]), &Json::Null));
    assert_eq!(get(format!("/{}", second["id"].as_str().expect("an id"))).await, second);
}

#[tokio::test]
async fn a_rule_that_makes_no_sense_is_refused_by_its_field() {
    let bridge = Bridge::new();
    let cases = [
        json!({ "hysteresis": -0.01 }),
        json!({ "times": 0 }),
        json!({ "times": 101 }),
        json!({ "delay_s": 86_401 }),
        json!({ "name": " " }),
        json!({ "name": "长".repeat(61) }),
        json!({ "line_word": "" }),
        json!({ "source": "" }),
        json!({ "threshold": null }),
        json!({ "threshold": "264" }),
        json!({ "level": "purple" }),
        json!({ "comparison": "above" }),
        json!({ "hazard": "dragon" }),
    ];
    let mut told = String::new();
    for case in cases {
        let answer = bridge.publish(bridge.rule_with(case)).await;
        told += &format!("{} {}\n", answer.status.as_u16(), answer.body["field"]);
    }
    expect![[r#"
        422 "hysteresis"
        422 "times"
        422 "times"
        422 "delay_s"
        422 "name"
        422 "name"
        422 "line_word"
        422 "source"
        422 "body"
        422 "body"
        422 "body"
        422 "body"
        422 "body"
    "#]]
    .assert_eq(&told);
    let text = bridge.rule().to_string().replace("264.0", "1e999");
    assert!(serde_json::from_str::<Json>(&text).is_err(), "JSON has no infinity to send");
    assert_eq!(bridge.town.get(OFFICER, "/api/rules").await.body["items"], json!([]));
}

#[tokio::test]
async fn a_state_or_a_direction_has_no_line() {
    for quantity in [Quantity::StatusWord, Quantity::WindDirection] {
        let bridge = Bridge::with(quantity);
        let answer = bridge.publish(bridge.rule()).await;
        assert_eq!((answer.status.as_u16(), &answer.body["field"]), (422, &json!("sensor")));
    }
}

#[tokio::test]
async fn a_person_needs_the_permission_and_sees_no_other_county() {
    let bridge = Bridge::new();
    let id = bridge.publish(bridge.rule()).await.body["id"].clone();
    let id = id.as_str().expect("an id");
    let retire = format!("/api/rules/{id}/retire");
    let reason = json!({ "reason": "试" });
    let town = &bridge.town;

    assert_eq!(town.get("", "/api/rules").await.status, 401);
    town.person("无权", "220282", &[]);
    town.person("只读", "220282", &[rule::READ, finding::READ]);
    let refused = |answer: Answer| (answer.status.as_u16(), answer.body["permission"].clone());
    let forbidden = |code: &str| (403, json!(code));
    assert_eq!(refused(town.get("无权", "/api/rules").await), forbidden("rule.read"));
    assert_eq!(refused(town.get("无权", "/api/findings").await), forbidden("finding.read"));
    assert_eq!(
        refused(town.post("只读", "/api/rules/proposals", bridge.rule()).await),
        forbidden("rule.propose")
    );
    assert_eq!(
        refused(town.post("只读", &retire, reason.clone()).await),
        forbidden("rule.publish")
    );

    let everything = [rule::READ, rule::PROPOSE, rule::PUBLISH, finding::READ];
    town.person("邻县", "220284", &everything);
    town.person("市局", "220200", &everything);
    assert_eq!(town.get("邻县", "/api/rules").await.body["items"], json!([]));
    assert_eq!(town.get("邻县", &format!("/api/rules/{id}")).await.status, 404);
    assert_eq!(town.post("邻县", "/api/rules/proposals", bridge.rule()).await.status, 404);
    assert_eq!(town.post("邻县", &retire, reason.clone()).await.status, 404);
    assert_eq!(town.get("市局", &format!("/api/rules/{id}")).await.status, 200);

    // A new version of a rule that one may not see, for a sensor that one may.
    let (_, own) = register(town, "0010820552", "蛟河站", "220284", Quantity::WaterLevel);
    let stolen = bridge.rule_with(json!({ "id": id, "sensor": own }));
    assert_eq!(town.post("邻县", "/api/rules/proposals", stolen.clone()).await.status, 404);
    let answer = town.post("市局", "/api/rules/proposals", stolen).await;
    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (409, &json!("other-sensor")));
    let unknown = bridge.rule_with(json!({ "sensor": base::Id::from_u128(7) }));
    assert_eq!(bridge.publish(unknown).await.status, 404);
    assert_eq!(town.get(OFFICER, "/api/findings/nothing").await.status, 404);
    let missing = format!("/api/findings/{}", base::Id::from_u128(7));
    assert_eq!(town.get(OFFICER, &missing).await.status, 404);
}

#[tokio::test]
async fn findings_are_seen_within_their_county() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule()).await;
    bridge.reads("08:00", 264.1);
    bridge.reads("08:05", 264.2);
    bridge.engine.drain().expect("judged");
    let town = &bridge.town;
    town.person("邻县", "220284", &[finding::READ]);
    let id = bridge.facts()[0].header.subject;
    assert_eq!(town.get("邻县", "/api/findings").await.body["items"], json!([]));
    assert_eq!(town.get("邻县", &format!("/api/findings/{id}")).await.status, 404);
    assert_eq!(town.get(OFFICER, &format!("/api/findings/{id}")).await.status, 200);
    let of_station = format!("/api/findings?station={}", bridge.station);
    assert_eq!(town.get(OFFICER, &of_station).await.body["items"][0]["id"], json!(id));
    let wanted = finding::Wanted { station: Some(bridge.station), ..finding::Wanted::default() };
    let seen = town.world.read_now(|db| finding::list(db, &Scope::Node, &wanted, None, 10));
    assert_eq!(seen.expect("reads").len(), 1);
}

#[tokio::test]
async fn a_rule_is_retired_once_and_gets_no_new_version() {
    let bridge = Bridge::new();
    let id = bridge.publish(bridge.rule()).await.body["id"].clone();
    let path = format!("/api/rules/{}/retire", id.as_str().expect("an id"));
    let retire =
        |reason: &'static str| bridge.town.post(OFFICER, &path, json!({ "reason": reason }));
    assert_eq!(retire("").await.status, 422);
    let answer = retire("换用新断面").await;
    assert_eq!((answer.status.as_u16(), &answer.body["state"]), (200, &json!("retired")));
    let answer = retire("再来").await;
    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (409, &json!("already-retired")));
    let answer = bridge.publish(bridge.rule_with(json!({ "id": id }))).await;
    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (409, &json!("rule-retired")));
}

#[tokio::test]
async fn the_same_request_twice_is_one_rule() {
    let bridge = Bridge::new();
    let key = Some("0198f3c2-0000-7000-8000-000000000001");
    let post = |body: Json| {
        bridge.town.ask_with(OFFICER, axum_post(), "/api/rules/proposals", Some(body), key)
    };
    let before = bridge.town.world.last_seq();
    let first = post(bridge.rule()).await;
    let again = post(bridge.rule()).await;
    assert_eq!((again.status.as_u16(), &again.body), (201, &first.body));
    assert_eq!(bridge.town.world.last_seq(), before + 1);
    let other = post(bridge.rule_with(json!({ "threshold": 265.0 }))).await;
    assert_eq!(
        (other.status.as_u16(), &other.body["code"]),
        (422, &json!("idempotency-key-reused"))
    );
}

fn axum_post() -> axum::http::Method {
    axum::http::Method::POST
}

#[tokio::test]
async fn the_node_itself_publishes_through_the_same_fact() {
    let bridge = Bridge::new();
    let new = serde_json::from_value(bridge.rule()).expect("a new rule");
    let id = rule::publish_in(&bridge.town.world, new).expect("published");
    let rule = bridge.town.world.read_now(|db| rule::load(db, &Scope::Node, id)).expect("there");
    assert_eq!((rule.version, rule.published_by), (1, None));
    let condition = "kind = 'rule.published' order by seq";
    let facts = bridge.town.world.read_now(|db| host::log::select(db, condition, &[]));
    let facts = facts.expect("the log reads");
    let slice = crate::rule::slice();
    let titles: Vec<String> =
        facts.iter().filter_map(|entry| slice.summary(entry)).map(|it| it.title).collect();
    expect![[r#"

        青石湾站 发布规则 水位超保证 v1（≥ 264.00 m，连续 2 次）"#]]
    .assert_eq(&format!("\n{}", titles.join("\n")));
}

#[tokio::test]
async fn what_stood_at_a_moment_is_told_as_it_stood() {
    let mut bridge = Bridge::new();
    bridge.publish(bridge.rule()).await;
    bridge.reads("08:00", 264.00);
    bridge.reads("08:05", 264.03);
    bridge.engine.drain().expect("judged");
    bridge.reads("08:10", 263.0);
    bridge.engine.drain().expect("judged");
    bridge.town.person("邻县", "220284", &[finding::READ]);
    let whole = bridge.town.get(OFFICER, "/api/findings").await.body["items"][0].clone();
    assert_eq!(whole["state"], "cleared");
    let moment = |field: &str| -> base::Timestamp {
        whole[field].as_str().expect("a time").parse().expect("a time")
    };
    let (raised, cleared) = (moment("raised_at"), moment("cleared_at"));
    let before = raised - base::Duration::from_millis(1);
    for (at, stood) in [(before, 0), (raised, 1), (cleared, 0)] {
        let path = format!("/api/findings?at={at}");
        let then = bridge.town.get(OFFICER, &path).await.body["items"].clone();
        assert_eq!(then.as_array().map(Vec::len), Some(stood), "{at}");
        assert_eq!(bridge.town.get("邻县", &path).await.body["items"], json!([]));
        if stood == 1 {
            let ended = (&then[0]["state"], &then[0]["cleared_at"], &then[0]["cleared_because"]);
            assert_eq!(ended, (&json!("active"), &json!(null), &json!(null)));
        }
    }
}

#[tokio::test]
async fn a_rule_is_made_by_who_holds_its_station_and_may_see_it() {
    let bridge = Bridge::new();
    let town = &bridge.town;
    let mine = base::Id::from_u128(7);
    town.orgs(&[(mine, mine)]);
    let permissions = [rule::READ, rule::PROPOSE];
    town.person("保密员", "220282", &[&permissions[..], &[host::scope::SEE_SENSITIVE]].concat());
    town.person("矿上", "220282", &[]);
    town.works_for("矿上", mine, &permissions);
    let refused = async |name: &str| {
        let told = town.post(name, "/api/rules/proposals", bridge.rule()).await;
        assert_eq!(
            (told.status.as_u16(), &told.body["code"]),
            (404, &json!("not-found")),
            "{name}"
        );
    };
    refused("矿上").await;
    let station = bridge.station;
    let change = move |home: fn(host::Home, base::Id) -> host::Home| {
        let changed = sense::station::Changed {
            name: "青石湾站".to_owned(),
            class: sense::station::Class::River,
            river: None,
            point: None,
            original: None,
            period_s: 300,
            site: None,
            adopts: false,
            added: Vec::new(),
            mended: Vec::new(),
            retired: Vec::new(),
        };
        town.world
            .run(host::Lane::Urgent, "test", move |tx| {
                let home = home(tx.home_of(station)?, mine);
                let fact = sense::station::StationFact::from(changed);
                tx.record(host::Record::next(station, fact).at_home(home)).map(|_| ())
            })
            .expect("moved");
    };
    change(|home, mine| home.org(Some(mine)));
    assert_eq!(town.post("矿上", "/api/rules/proposals", bridge.rule()).await.status, 201);
    change(|home, _| home.class(host::Class::Sensitive));
    refused("矿上").await;
    refused(OFFICER).await;
    assert_eq!(town.post("保密员", "/api/rules/proposals", bridge.rule()).await.status, 201);
    assert_eq!(
        town.get(OFFICER, "/api/rules/proposals").await.body["items"].as_array().map(Vec::len),
        Some(1)
    );
}

/// What older programs recorded held the reading itself, and judged all that was not bad.
#[test]
fn facts_of_older_programs_still_read() {
    let id = base::Id::from_u128(7);
    let published = json!({
        "version": 1, "name": "水位超保证", "sensor": id, "station": id,
        "station_name": "青石湾站", "quantity": "water_level", "hazard": "flood",
        "level": "orange", "comparison": "at_or_above", "threshold": 264.0, "hysteresis": 0.05,
        "times": 2, "delay_s": 0, "line": "guarantee", "line_word": "保证水位",
        "source": "演示数据", "confidence": "demo", "published_by": null,
    });
    let published: rule::Published = serde_json::from_value(published).expect("reads");
    assert_eq!(
        (published.measure, published.accepts, published.proposed_by),
        (rule::Measure::Value, rule::Accepts::NotBad, None)
    );
    let time = "2026-08-03T00:05:00.000Z";
    let raised = json!({
        "rule": { "id": id, "version": 1, "name": "水位超保证", "comparison": "at_or_above",
            "threshold": 264.0, "hysteresis": 0.05, "times": 2, "delay_s": 0,
            "line_word": "保证水位" },
        "sensor": id, "station": id, "station_name": "青石湾站", "point": null,
        "quantity": "water_level", "hazard": "flood", "level": "orange", "onset": time,
        "values": [{ "time": time, "value": 264.0, "received": time, "frame": null }],
    });
    let raised: finding::Raised = serde_json::from_value(raised).expect("reads");
    assert_eq!((raised.late, raised.shelved, raised.values[0].over), (false, false, None));
    assert_eq!(raised.rule.measure, rule::Measure::Value);
}
