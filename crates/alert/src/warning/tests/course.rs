//! What becomes of a warning: joined, superseded, extended, ended.

use assess::finding::Because;
use base::{Hazard, Level};
use serde_json::{Value as Json, json};

use super::*;

#[tokio::test]
async fn each_fact_names_its_cause_back_to_the_finding() {
    let town = town();
    let finding = raise(&town, FLOOD);
    let proposed = newest(&town, "周牧").await;
    done(act(&town, "周牧", &proposed, "review", json!({})).await);
    done(act(&town, "孙亦文", &proposed, "issue", until(14, 0)).await);
    let entries = town.world.read_now(|db| {
        let chain = "kind not in ('notice.sent', 'message.made', 'region.added') order by seq";
        host::log::select(db, chain, &[])
    });
    let entries = entries.expect("the log reads");
    assert_eq!(entries.len(), 4);
    for pair in entries.windows(2) {
        assert_eq!(pair[1].header.cause, Some(pair[0].id()), "{}", pair[1].kind());
        assert_eq!(pair[1].header.correlation, finding);
    }
    assert_eq!(entries[1].header.basis.as_deref(), Some("水位超保证 v7"));
}

#[tokio::test]
async fn two_findings_of_one_station_and_hazard_make_one_warning() {
    let town = town();
    let first = raise(&town, FLOOD);
    let second = raise(&town, Found { level: Level::Yellow, ..FLOOD });
    let warnings = items(&town, "周牧", "/api/warnings").await;
    assert_eq!(warnings.len(), 1);
    let mut findings = vec![json!(first), json!(second)];
    findings.sort_by_key(ToString::to_string);
    assert_eq!(warnings[0]["findings"], json!(findings));
    assert_eq!(items(&town, "周牧", "/api/notices").await.len(), 2, "each is told at once");

    raise(&town, Found { station: "红石站", ..FLOOD });
    raise(&town, Found { hazard: Hazard::Geological, ..FLOOD });
    assert_eq!(items(&town, "周牧", "/api/warnings").await.len(), 3);
}

#[tokio::test]
async fn a_returned_proposal_is_no_reason_for_a_second_one_and_a_discarded_one_is() {
    let town = town();
    raise(&town, FLOOD);
    let warning = newest(&town, "周牧").await;
    let reason = json!({ "reason": "范围不清" });
    let returned = done(act(&town, "周牧", &warning, "return", reason).await);
    assert_eq!(returned["returned"]["reason"], "范围不清");
    raise(&town, FLOOD);
    assert_eq!(items(&town, "周牧", "/api/warnings").await.len(), 1);

    let reason = json!({ "reason": "传感器检修" });
    let discarded = done(act(&town, "孙亦文", &warning, "discard", reason).await);
    assert_eq!(discarded["discarded"]["reason"], "传感器检修");
    assert_eq!(discarded["allowed"], json!([]));
    raise(&town, FLOOD);
    assert_eq!(items(&town, "周牧", "/api/warnings").await.len(), 2);
}

#[tokio::test]
async fn a_more_severe_warning_takes_the_place_of_the_others_when_it_is_issued() {
    let town = town();
    let blue = in_force(&town, Found { level: Level::Blue, ..FLOOD }).await;
    raise(&town, Found { level: Level::Yellow, ..FLOOD });
    let yellow = newest(&town, "周牧").await;
    assert_eq!(yellow["supersedes"], blue["id"]);
    raise(&town, Found { level: Level::Red, ..FLOOD });
    let red = newest(&town, "周牧").await;
    assert_eq!(red["supersedes"], yellow["id"]);
    assert_eq!(items(&town, "周牧", "/api/warnings?state=issued").await.len(), 1);

    done(act(&town, "周牧", &red, "review", json!({})).await);
    let red = done(act(&town, "孙亦文", &red, "issue", until(14, 0)).await);
    assert_eq!(red["number"], "Y-220282-0803-02");
    for old in items(&town, "周牧", "/api/warnings?state=superseded").await {
        assert_eq!(old["superseded_by"], red["id"]);
        assert_eq!(old["allowed"], json!([]));
    }
    assert_eq!(count(&town, "warning.superseded"), 2, "the one in force and the proposal");
    refused(act(&town, "周牧", &yellow, "review", json!({})).await, 409, "wrong-state");
    check_fold(&town);
}

#[tokio::test]
async fn a_hand_drafted_adjustment_takes_the_place_of_the_warning_in_force() {
    let town = town();
    let orange = in_force(&town, FLOOD).await;
    let mut body = draft();
    body["supersedes"] = orange["id"].clone();
    body["hazard"] = json!("geological");
    refused(town.post("刘景行", "/api/warnings", body.clone()).await, 422, "bad-request");
    body["hazard"] = json!("flood");
    let yellow = done(town.post("刘景行", "/api/warnings", body.clone()).await);
    assert_eq!(yellow["correlation"], orange["correlation"], "one thread");

    done(act(&town, "周牧", &yellow, "review", json!({})).await);
    done(act(&town, "孙亦文", &yellow, "issue", until(15, 0)).await);
    let superseded = items(&town, "周牧", "/api/warnings?state=superseded").await;
    assert_eq!(superseded.len(), 1);
    assert_eq!(superseded[0]["id"], orange["id"]);
    refused(town.post("刘景行", "/api/warnings", body).await, 409, "wrong-state");
}

#[tokio::test]
async fn whom_a_warning_only_reaches_sees_it_and_does_not_end_it() {
    let town = town();
    town.person("吉林市局", "220200", &ALL);
    let mut body = draft();
    body["region"] = json!("220200");
    body["reach"] = json!(["220800"]);
    refused(town.post("吉林市局", "/api/warnings", body.clone()).await, 404, "not-found");
    body["reach"] = json!(["220282"]);
    let city = done(town.post("吉林市局", "/api/warnings", body).await);
    let path = format!("/api/warnings/{}", city["id"].as_str().expect("an id"));
    let seen = town.get("刘景行", &path).await;
    assert_eq!(seen.status, 200, "it concerns 桦甸");
    let reach = json!([{ "region": "220282", "name": "桦甸市" }]);
    assert_eq!((&seen.body["reach"], &seen.body["only_reached"]), (&reach, &json!(true)));
    assert_eq!((&city["reach"], &city["only_reached"]), (&reach, &json!(false)));
    let listed = &items(&town, "刘景行", "/api/warnings?standing=open").await[0];
    assert_eq!((&listed["reach"], &listed["only_reached"]), (&reach, &json!(true)));
    refused(town.get("磐石值班", &path).await, 404, "not-found");
    refused(act(&town, "周牧", &city, "review", json!({})).await, 403, "forbidden");
    let mut own = draft();
    own["supersedes"] = city["id"].clone();
    refused(town.post("刘景行", "/api/warnings", own).await, 409, "only-reached");
}

#[tokio::test]
async fn a_warning_ends_at_the_minute_it_says_unless_it_is_extended() {
    let town = town();
    let first = in_force(&town, FLOOD).await;
    let second = in_force(&town, Found { station: "红石站", ..FLOOD }).await;
    let earlier = act(&town, "周牧", &second, "extend", until(13, 0)).await;
    refused(earlier, 422, "bad-request");
    let extended = done(act(&town, "周牧", &second, "extend", until(16, 0)).await);
    assert_eq!(extended["expires"], json!(moment(16, 0)));

    town.at("15:00");
    wait_for(&town, "warning.expired", 1);
    let expired = items(&town, "周牧", "/api/warnings?state=expired").await;
    assert_eq!(expired[0]["id"], first["id"]);
    assert_eq!(expired[0]["closed_at"], json!(moment(14, 0)), "the clock at the due time");
    refused(act(&town, "周牧", &first, "extend", until(18, 0)).await, 409, "wrong-state");

    town.at("16:00");
    wait_for(&town, "warning.expired", 2);
}

#[tokio::test]
async fn a_warning_in_force_is_lifted_with_a_reason() {
    let town = town();
    let issued = in_force(&town, FLOOD).await;
    refused(act(&town, "周牧", &issued, "lift", json!({ "reason": "" })).await, 422, "bad-request");
    let lifted = done(act(&town, "周牧", &issued, "lift", json!({ "reason": "退水" })).await);
    assert_eq!(lifted["state"], "lifted");
    assert_eq!(lifted["lifted"]["reason"], "退水");
    refused(
        act(&town, "周牧", &issued, "lift", json!({ "reason": "退水" })).await,
        409,
        "wrong-state",
    );
}

#[tokio::test]
async fn the_danger_has_passed_when_the_last_finding_clears_and_is_back_with_the_next() {
    let town = town();
    let first = raise(&town, FLOOD);
    let second = raise(&town, FLOOD);
    clear(&town, first, Because::Back);
    assert_eq!(newest(&town, "周牧").await["danger_passed_at"], Json::Null);
    town.at("09:00");
    clear(&town, second, Because::Back);
    let hint = newest(&town, "周牧").await;
    assert_eq!(hint["danger_passed_at"], json!(moment(9, 0)));
    assert_eq!(hint["state"], "proposed", "a hint: a person decides");

    let third = raise(&town, FLOOD);
    assert_eq!(newest(&town, "周牧").await["danger_passed_at"], Json::Null);
    clear(&town, third, Because::Retired);
    let still = newest(&town, "周牧").await;
    assert_eq!(still["danger_passed_at"], Json::Null, "a retired rule says nothing of the water");
    assert_eq!(count(&town, "warning.danger_passed"), 1);
    check_fold(&town);
}

#[tokio::test]
async fn numbers_have_no_gaps_and_begin_anew_by_region_and_day() {
    let town = town();
    let mut numbers = Vec::new();
    numbers.push(in_force(&town, FLOOD).await["number"].clone());
    raise(&town, Found { station: "红石站", ..FLOOD });
    let refused_one = newest(&town, "周牧").await;
    let answer = act(&town, "孙亦文", &refused_one, "issue", until(14, 0)).await;
    refused(answer, 409, "wrong-state");
    numbers.push(in_force(&town, Found { station: "桦郊站", ..FLOOD }).await["number"].clone());

    raise(&town, Found { station: "磐石站", region: "220284", ..FLOOD });
    let other = newest(&town, "磐石值班").await;
    let urgent = json!({ "reason": "夜间水位陡涨", "expires": moment(14, 0) });
    let other = done(act(&town, "磐石值班", &other, "issue-urgently", urgent).await);
    numbers.push(other["number"].clone());

    let next_day = moment(23, 59) + base::Duration::from_mins(1);
    town.world.clock().set(next_day);
    raise(&town, Found { station: "新站", ..FLOOD });
    let warning = newest(&town, "周牧").await;
    done(act(&town, "周牧", &warning, "review", json!({})).await);
    let expires = json!({ "expires": next_day + base::Duration::from_hours(6) });
    let issued = done(act(&town, "孙亦文", &warning, "issue", expires).await);
    numbers.push(issued["number"].clone());
    let expected = ["Y-220282-0803-01", "Y-220282-0803-02", "Y-220284-0803-01", "Y-220282-0804-01"];
    assert_eq!(json!(numbers), json!(expected));
}
