use axum::http::Method;
use base::Id;
use expect_test::expect;
use serde_json::{Value as Json, json};

use super::*;
use crate::story::*;

#[tokio::test]
async fn a_finding_tells_the_duty_desk_by_itself_and_wants_an_answer() {
    let town = town();
    town.at("08:05");
    let finding = raise(&town, FLOOD);

    let notices = items(&town, "周牧", "/api/notices").await;
    let [sent] = &notices[..] else { panic!("one notice, not {}", notices.len()) };
    assert_eq!(sent["finding"], json!(finding));
    assert_eq!(sent["correlation"], json!(finding));
    expect![[r#"
        "T-220282-0803-01" "orange" "sent" "青石湾站 洪水橙色风险通知"
        "青石湾站：08:05 水位 264.03 m，达到或超过保证水位 264.00 m（连续 2 次）。请立即核实并反馈处置情况。"
        "水位超保证 v7"
        "桦甸市应急管理局" "2026-08-03T00:15:00.000Z""#]].assert_eq(&format!(
        "{} {} {} {}\n{}\n{}\n{} {}",
        sent["number"],
        sent["level"],
        sent["state"],
        sent["title"],
        sent["text"],
        sent["signer"],
        sent["issuer"],
        sent["due_at"]
    ));

    town.at("08:09");
    let id = sent["id"].as_str().expect("an id");
    let path = format!("/api/notices/{id}/acknowledge");
    let body = json!({ "feedback": "已通知下游撤离 <b>'; drop table notice; --" });
    let answer = town.post("孙亦文", &path, body).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(answer.body["state"], "acknowledged");
    let taken = &answer.body["acknowledged"];
    assert_eq!(taken["by"], "孙亦文");
    assert_eq!(taken["at"], json!(moment(8, 9)));
    assert_eq!(taken["feedback"], "已通知下游撤离 <b>'; drop table notice; --");

    let again = town.post("周牧", &path, json!({ "feedback": "收到" })).await;
    assert_eq!((again.status.as_u16(), &again.body["code"]), (409, &json!("wrong-state")));

    raise(&town, Found { station: "红石站", ..FLOOD });
    town.at("08:30");
    wait_for(&town, "notice.overdue", 1);
    let overdue = items(&town, "周牧", "/api/notices?state=overdue").await;
    assert_eq!(overdue[0]["station_name"], "红石站", "what was acknowledged is not overdue");
}

#[tokio::test]
async fn a_notice_that_nobody_takes_is_overdue_at_the_minute_and_may_still_be_taken() {
    let town = town();
    town.at("08:05");
    raise(&town, FLOOD);
    raise(&town, Found { level: base::Level::Blue, station: "红石站", ..FLOOD });
    town.at("08:14:59");
    assert_eq!(count(&town, "notice.overdue"), 0);
    town.at("08:20");
    wait_for(&town, "notice.overdue", 1);

    let overdue = items(&town, "周牧", "/api/notices?state=overdue").await;
    assert_eq!(overdue.len(), 1, "the blue one has an hour");
    assert_eq!(overdue[0]["level"], "orange");
    let rows = town
        .world
        .read_now(|db| host::log::select(db, "kind = 'notice.overdue' order by seq", &[]));
    assert_eq!(rows.expect("the log reads")[0].at(), moment(8, 15), "the clock at the due time");

    let id = overdue[0]["id"].as_str().expect("an id");
    let path = format!("/api/notices/{id}/acknowledge");
    let answer = town.post("周牧", &path, json!({ "feedback": "迟收" })).await;
    assert_eq!((answer.status.as_u16(), &answer.body["state"]), (200, &json!("acknowledged")));
    assert_eq!(items(&town, "周牧", "/api/notices?state=sent,overdue").await.len(), 1);
    check_fold(&town);
}

#[tokio::test]
async fn a_notice_is_seen_and_taken_only_inside_its_region_and_with_permission() {
    let town = town();
    raise(&town, FLOOD);
    town.person("读者", "220200", &[READ]);
    let notices = items(&town, "读者", "/api/notices").await;
    assert_eq!(notices.len(), 1, "the city sees its county");
    let id = notices[0]["id"].as_str().expect("an id");
    let (path, taking) = (format!("/api/notices/{id}"), format!("/api/notices/{id}/acknowledge"));
    let body = json!({ "feedback": "收到" });

    assert_eq!(items(&town, "磐石值班", "/api/notices").await.len(), 0);
    assert_eq!(town.get("磐石值班", &path).await.status, 404);
    assert_eq!(town.post("磐石值班", &taking, body.clone()).await.status, 404);
    assert_eq!(town.post("读者", &taking, body.clone()).await.status, 403);
    assert_eq!(town.post("", &taking, body).await.status, 401);
    assert_eq!(town.get("", &path).await.status, 401);
    assert_eq!(town.post("周牧", &taking, json!({ "feedback": " " })).await.status, 422);
    assert_eq!(town.get("周牧", "/api/notices?state=lost").await.status, 422);
    assert_eq!(items(&town, "读者", "/api/notices?region=220284").await.len(), 0);
    assert_eq!(items(&town, "读者", "/api/notices?region=220282").await.len(), 1);
    assert_eq!(count(&town, "notice.acknowledged"), 0);
}

#[tokio::test]
async fn the_same_request_twice_takes_a_notice_once() {
    let town = town();
    raise(&town, FLOOD);
    let notices = items(&town, "周牧", "/api/notices").await;
    let path = format!("/api/notices/{}/acknowledge", notices[0]["id"].as_str().expect("an id"));
    let key = Some("7c9e6679-7425-40de-944b-e07fc1f90ae7");
    let body = json!({ "feedback": "收到" });
    let first = town.ask_with("周牧", Method::POST, &path, Some(body.clone()), key).await;
    let again = town.ask_with("周牧", Method::POST, &path, Some(body), key).await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(first.headers["fengsui-seq"], again.headers["fengsui-seq"]);
    assert_eq!(count(&town, "notice.acknowledged"), 1);
    let other = json!({ "feedback": "别的" });
    let other = town.ask_with("周牧", Method::POST, &path, Some(other), key).await;
    assert_eq!(other.status, 422);
    assert_eq!(other.body["code"], "idempotency-key-reused");
}

#[tokio::test]
async fn a_notice_is_taken_then_verified_and_closed_when_the_danger_is_over() {
    let town = town();
    town.at("08:05");
    let finding = raise(&town, FLOOD);
    let id = newest(&town).await["id"].as_str().expect("an id").to_owned();
    let [take, verify] = ["acknowledge", "verify"].map(|act| format!("/api/notices/{id}/{act}"));
    let says = |verdict: &str, words: &str| json!({ "verdict": verdict, "words": words });
    let early = town.post("周牧", &verify, says("confirmed", "属实")).await;
    assert_eq!((early.status.as_u16(), &early.body["code"]), (409, &json!("wrong-state")));

    town.at("08:07");
    let taken = town.post("孙亦文", &take, json!({})).await;
    assert_eq!(taken.status, 200, "{:?}", taken.body);
    assert_eq!(taken.body["acknowledged"]["feedback"], Json::Null);
    assert_eq!(taken.body["step"], "verify");
    assert_eq!(
        taken.body["verify_by"],
        json!(moment(8, 37)),
        "orange: 30 min from when it is taken"
    );
    assert_eq!(items(&town, "周牧", "/api/notices?standing=open").await.len(), 1);

    assert_eq!(town.post("周牧", &verify, says("checking", " ")).await.status, 422);
    assert_eq!(town.post("周牧", &verify, says("maybe", "看")).await.status, 422);
    for (minute, words) in [("08:10", "已派人"), ("08:20", "人已到站")] {
        town.at(minute);
        let said = town.post("周牧", &verify, says("checking", words)).await;
        assert_eq!((said.status.as_u16(), &said.body["state"]), (200, &json!("acknowledged")));
    }
    town.at("08:30");
    let said = town.post("周牧", &verify, says("false_alarm", "浮子卡住")).await;
    assert_eq!(said.body["state"], "verified");
    assert_eq!(said.body["next_at"], Json::Null);
    town.at("08:50");
    let said = town.post("孙亦文", &verify, says("confirmed", "人工水尺同样超线")).await;
    let verified = &said.body["verified"];
    assert_eq!((&verified["verdict"], &verified["by"]), (&json!("confirmed"), &json!("孙亦文")));
    assert_eq!(verified["in_time"], true, "the first final word was");
    assert_eq!(said.body["checks"].as_array().map(Vec::len), Some(4));
    assert_eq!(items(&town, "周牧", "/api/notices?standing=open").await.len(), 0);

    town.at("09:30");
    clear(&town, finding, assess::finding::Because::Back);
    let closed = newest(&town).await;
    assert_eq!((&closed["state"], &closed["closed_at"]), (&json!("closed"), &json!(moment(9, 30))));
    let late = town.post("周牧", &verify, says("checking", "再看")).await;
    assert_eq!(late.status, 409);
    assert_eq!([count(&town, "notice.overdue"), count(&town, "notice.escalated")], [0, 0]);
    check_fold(&town);
}

#[tokio::test]
async fn what_is_over_before_it_is_verified_waits_for_the_word_and_closes_with_it() {
    let town = town();
    town.at("08:05");
    let finding = raise(&town, FLOOD);
    clear(&town, finding, assess::finding::Because::Back);
    let notice = newest(&town).await;
    assert_eq!(notice["state"], "sent", "a reading that is back says nothing of what happened");
    act(&town, "周牧", &notice, "acknowledge", json!({})).await;
    let body = json!({ "verdict": "confirmed", "words": "洪峰已过" });
    assert_eq!(act(&town, "周牧", &notice, "verify", body).await["state"], "closed");
    check_fold(&town);
}

/// A node of the province, with a desk in the county's city.
fn province() -> host::town::Town {
    let config = crate::Config {
        issuing_unit: UNIT.to_owned(),
        region: "220000".parse().ok(),
        ..crate::Config::default()
    };
    let town = town_with(Vec::new(), config);
    town.person("市值班", "220200", &[READ, ACKNOWLEDGE]);
    town.person("省值班", "220000", &[READ, ACKNOWLEDGE]);
    town
}

#[tokio::test]
async fn what_nobody_takes_goes_up_to_the_city_and_to_the_province_once_each() {
    let town = province();
    town.at("08:05");
    raise(&town, FLOOD);
    town.at("08:15");
    wait_for(&town, "notice.escalated", 1);
    let up = newest_of(&town, "市值班").await;
    assert_eq!((&up["state"], &up["step"]), (&json!("overdue"), &json!("acknowledge")));
    expect![[r#"
        "桦甸市" -> "220200" "吉林市" "acknowledge" told true at "2026-08-03T00:15:00.000Z"
    "#]]
    .assert_eq(&ways(&up));
    assert_eq!(up["next_at"], json!(moment(8, 25)), "the city has its minutes");
    town.at("08:25");
    wait_for(&town, "notice.escalated", 2);
    assert_eq!(ways(&newest_of(&town, "省值班").await).lines().count(), 2);
    assert_eq!(newest(&town).await["next_at"], Json::Null, "nobody is above the province");
    assert_eq!(count(&town, "notice.overdue"), 1);

    // Another that is late hours later shows that the job has looked, and that the first
    // went no further.
    town.at("12:00");
    raise(&town, Found { station: "红石站", ..FLOOD });
    town.at("12:10");
    wait_for(&town, "notice.overdue", 2);
    wait_for(&town, "notice.escalated", 3);
    let log = town
        .world
        .read_now(|db| host::log::select(db, "kind = 'notice.escalated' order by seq", &[]))
        .expect("the log reads");
    let reach =
        |at: usize| log[at].header.reach.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(reach(0), ["220200"]);
    assert_eq!(reach(1), ["220200", "220000"], "the city keeps it");
    assert_eq!(log[0].header.region.as_ref().map(ToString::to_string).as_deref(), Some("220282"));

    let first = items(&town, "磐石值班", "/api/notices").await;
    assert_eq!(first.len(), 0, "the county beside it was not told");
    let notices = items(&town, "周牧", "/api/notices").await;
    assert_eq!(act(&town, "市值班", &notices[1], "acknowledge", json!({})).await["step"], "verify");
    check_fold(&town);
}

#[tokio::test]
async fn what_is_taken_and_not_verified_goes_up_from_where_it_stands() {
    let town = province();
    town.at("08:05");
    raise(&town, FLOOD);
    town.at("08:10");
    act(&town, "周牧", &newest(&town).await, "acknowledge", json!({})).await;
    town.at("08:40");
    wait_for(&town, "notice.escalated", 1);
    let late = newest(&town).await;
    assert_eq!((&late["state"], &late["step"]), (&json!("unverified"), &json!("verify")));
    expect![[r#"
        "桦甸市" -> "220200" "吉林市" "verify" told true at "2026-08-03T00:40:00.000Z"
    "#]]
    .assert_eq(&ways(&late));
    assert_eq!(late["next_at"], json!(moment(9, 10)));
    town.at("08:50");
    let body = json!({ "verdict": "confirmed", "words": "市局电话核实" });
    let said = act(&town, "市值班", &late, "verify", body).await;
    assert_eq!(said["verified"]["in_time"], false);
    assert_eq!(said["next_at"], Json::Null);
    check_fold(&town);
}

#[tokio::test]
async fn after_a_standstill_the_city_has_its_minutes() {
    let town = province();
    town.at("08:05");
    raise(&town, FLOOD);
    town.at("10:00");
    wait_for(&town, "notice.escalated", 1);
    assert_eq!(newest(&town).await["next_at"], json!(moment(10, 10)));
}

#[tokio::test]
async fn a_node_of_one_county_says_that_it_told_nobody_above() {
    let town = town();
    town.at("08:05");
    raise(&town, FLOOD);
    town.at("08:15");
    wait_for(&town, "notice.escalated", 1);
    let notice = newest(&town).await;
    expect![[r#"
        "桦甸市" -> "220200" "吉林市" "acknowledge" told false at "2026-08-03T00:15:00.000Z"
    "#]]
    .assert_eq(&ways(&notice));
    assert_eq!(notice["next_at"], Json::Null);
    assert!(duty_log(&town, "notice").contains("未能告知，请电话报告"));
    // Taken late and not verified: it has gone up as far as this node can say.
    town.at("08:20");
    act(&town, "周牧", &notice, "acknowledge", json!({})).await;
    town.at("08:50");
    wait_for(&town, "notice.overdue", 2);
    assert_eq!(count(&town, "notice.escalated"), 1);
    assert_eq!(newest(&town).await["state"], "unverified");
    check_fold(&town);
}

#[tokio::test]
async fn an_enterprise_sees_what_is_about_its_own_and_says_what_it_found() {
    const MINE: Id = Id::from_u128(0x0198_0000_0000_7000_8000_0000_0000_00a1);
    const OTHER: Id = Id::from_u128(0x0198_0000_0000_7000_8000_0000_0000_00a2);
    let town = town();
    town.orgs(&[(MINE, MINE), (OTHER, OTHER)]);
    for (name, org) in [("矿调度", MINE), ("别家", OTHER)] {
        town.person(name, "220282", &[]);
        town.works_for(name, org, &[READ, FEEDBACK, ACKNOWLEDGE]);
    }
    town.at("08:05");
    raise_of(&town, FLOOD, Some(MINE));
    raise(&town, Found { station: "红石站", ..FLOOD });
    let own = items(&town, "矿调度", "/api/notices").await;
    assert_eq!(own.len(), 1, "of the two");
    assert_eq!(own[0]["org"], json!(MINE));
    let id = own[0]["id"].as_str().expect("an id");
    let [one, take, verify, feedback] =
        ["", "/acknowledge", "/verify", "/feedback"].map(|act| format!("/api/notices/{id}{act}"));
    let body = json!({ "verdict": "false_alarm", "words": "传感器检修" });

    assert_eq!(items(&town, "别家", "/api/notices").await.len(), 0);
    assert_eq!(town.get("别家", &one).await.status, 404);
    assert_eq!(town.post("别家", &feedback, body.clone()).await.status, 404);
    // Whatever it was given: nobody supervises themselves.
    assert_eq!(town.post("矿调度", &take, json!({})).await.status, 403);
    assert_eq!(town.post("矿调度", &verify, body.clone()).await.status, 403);

    let said = town.post("矿调度", &feedback, body.clone()).await;
    assert_eq!(said.status, 200, "{:?}", said.body);
    assert_eq!(said.body["state"], "sent", "it is heard, and the desk's clock runs on");
    assert_eq!(said.body["verified"], Json::Null);
    let seen = items(&town, "周牧", "/api/notices").await;
    let seen = seen.iter().find(|notice| notice["id"] == own[0]["id"]).expect("the desk's");
    assert_eq!(seen["checks"][0]["side"], "enterprise");
    assert_eq!(seen["checks"][0]["by"], "矿调度");
    assert_eq!(town.post("周牧", &feedback, body).await.status, 403);
    town.at("08:16");
    wait_for(&town, "notice.overdue", 2);
    check_fold(&town);
}

#[test]
fn what_was_written_before_there_were_steps_reads_as_it_was_meant() {
    use host::fact::Fact as _;
    let read = |kind, version, body: Json| {
        NoticeFact::from_body(kind, version, &body.to_string()).expect("known").expect("reads")
    };
    let body = json!({ "title": "青石湾站 洪水橙色风险通知", "by": "周牧", "feedback": "收到" });
    match read("notice.acknowledged", 1, body) {
        NoticeFact::Acknowledged(old) => {
            assert_eq!(old.feedback.as_deref(), Some("收到"));
            assert_eq!(old.verify_by, None, "no clock begins years later");
        }
        other => panic!("{other:?}"),
    }
    let body = json!({ "title": "青石湾站", "due_at": moment(8, 15) });
    match read("notice.overdue", 1, body) {
        NoticeFact::Overdue(old) => assert_eq!(old.step, Step::Acknowledge),
        other => panic!("{other:?}"),
    }
    assert!(NoticeFact::from_body("notice.acknowledged", 3, "{}").is_none(), "newer ones are kept");
}

#[test]
fn a_notice_goes_where_it_can_go() {
    use model::Event;
    let mut table = String::new();
    for state in State::ALL {
        for event in Event::ALL {
            let next = state.next(event).map_or("-", State::code);
            table.push_str(&format!("{} {event:?} {next}\n", state.code()));
        }
        assert_eq!(json!(state), state.code());
        assert_eq!(State::from_code(state.code()), Some(state));
    }
    assert_eq!(table.lines().count(), State::ALL.len() * Event::ALL.len());
    let goes = table.lines().filter(|line| !line.ends_with('-')).count();
    assert_eq!(goes, model::TRANSITIONS.len(), "no pair stands twice");
    expect![[r#"
        sent Acknowledge acknowledged
        sent Expire overdue
        sent Escalate -
        sent Note -
        sent Verify -
        sent Report sent
        sent Clear -
        overdue Acknowledge acknowledged
        overdue Expire -
        overdue Escalate overdue
        overdue Note -
        overdue Verify -
        overdue Report overdue
        overdue Clear -
        acknowledged Acknowledge -
        acknowledged Expire unverified
        acknowledged Escalate -
        acknowledged Note acknowledged
        acknowledged Verify verified
        acknowledged Report acknowledged
        acknowledged Clear -
        unverified Acknowledge -
        unverified Expire -
        unverified Escalate unverified
        unverified Note unverified
        unverified Verify verified
        unverified Report unverified
        unverified Clear -
        verified Acknowledge -
        verified Expire -
        verified Escalate -
        verified Note verified
        verified Verify verified
        verified Report verified
        verified Clear closed
        closed Acknowledge -
        closed Expire -
        closed Escalate -
        closed Note -
        closed Verify -
        closed Report -
        closed Clear -
    "#]]
    .assert_eq(&table);
}

async fn newest_of(town: &host::town::Town, name: &str) -> Json {
    items(town, name, "/api/notices").await.remove(0)
}

async fn newest(town: &host::town::Town) -> Json {
    newest_of(town, "周牧").await
}

async fn act(town: &host::town::Town, name: &str, notice: &Json, act: &str, body: Json) -> Json {
    let path = format!("/api/notices/{}/{act}", notice["id"].as_str().expect("an id"));
    let answer = town.post(name, &path, body).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer.body
}

/// How a notice went up, a line for each step.
fn ways(notice: &Json) -> String {
    let steps = notice["escalations"].as_array().expect("a list");
    let line = |up: &Json| {
        format!(
            "{} -> {} {} {} told {} at {}\n",
            up["from_name"], up["to"], up["to_name"], up["why"], up["told"], up["at"]
        )
    };
    steps.iter().map(line).collect()
}
