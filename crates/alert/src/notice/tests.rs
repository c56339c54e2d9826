use axum::http::Method;
use expect_test::expect;
use serde_json::json;

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

#[test]
fn a_notice_goes_where_it_can_go() {
    use model::Event::{Acknowledge, Expire};
    let next = |state: State| [state.next(Acknowledge), state.next(Expire)];
    assert_eq!(next(State::Sent), [Some(State::Acknowledged), Some(State::Overdue)]);
    assert_eq!(next(State::Overdue), [Some(State::Acknowledged), None]);
    assert_eq!(next(State::Acknowledged), [None, None]);
    for state in State::ALL {
        assert_eq!(json!(state), state.code());
        assert_eq!(State::from_code(state.code()), Some(state));
    }
}
