use axum::http::Method;
use host::town::{Answer, Town};
use serde_json::{Value as Json, json};
use trust::contact;

use super::*;
use crate::story::*;

fn town() -> Town {
    let town = town_with(vec![trust::part(&trust::Sessions::default())], crate::Config::default());
    let duties = [contact::READ, contact::MANAGE, READ, MANAGE];
    town.person("周牧", "220282", &duties);
    town.person("磐石值班", "220284", &duties);
    town.person("读者", "220282", &[READ]);
    town
}

async fn contact(town: &Town, by: &str, region: &str) -> String {
    let details = json!({ "name": "于海棠", "duty": "村主任", "region": region });
    let body = json!({ "details": details, "address": { "mobile": "13812345678" } });
    let answer = town.post(by, "/api/contacts", body).await;
    answer.body["id"].as_str().expect("an id").to_owned()
}

fn plan(level: &str, who: &str) -> Json {
    let step = json!({ "contacts": [who], "channels": ["phone"], "wait_minutes": 5 });
    json!({ "name": "桦甸防汛", "levels": [level], "steps": [step] })
}

fn refusal(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.body["code"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_ladder_is_drawn_changed_once_by_who_read_it_and_retired() {
    let town = town();
    let who = contact(&town, "周牧", "220282").await;
    let start = town.get("周牧", "/api/ladders/default").await;
    assert_eq!((start.status.as_u16(), &start.body["wait_minutes"]), (200, &json!(5)));
    assert!(start.body["source"].as_str().expect("a source").contains("Our default"));

    let draw = |level: &str| json!({ "region": "220282", "plan": plan(level, &who) });
    let ladder = town.post("周牧", "/api/ladders", draw("red")).await;
    assert_eq!(ladder.status, 201, "{:?}", ladder.body);
    assert_eq!(ladder.body["people"][0]["name"], "于海棠");
    let of = format!("/api/ladders/{}", ladder.body["id"].as_str().expect("an id"));
    let put = async |revision: i64, level: &str| {
        let body = json!({ "revision": revision, "plan": plan(level, &who) });
        town.ask("周牧", Method::PUT, &of, Some(body)).await
    };
    assert_eq!(put(1, "orange").await.body["revision"], 2);
    assert_eq!(refusal(&put(1, "blue").await), (409, "stale-revision"));
    assert_eq!(town.post("周牧", "/api/ladders", draw("red")).await.status, 201, "it is free now");
    assert_eq!(refusal(&put(2, "red").await), (409, "level-has-ladder"));
    let retired = town.post("周牧", &format!("{of}/retire"), json!({ "reason": "重编" })).await;
    assert_eq!((retired.status.as_u16(), &retired.body["retired"]), (200, &json!(true)));
    assert_eq!(refusal(&put(3, "blue").await), (409, "wrong-state"));
    assert_eq!(items(&town, "读者", "/api/ladders").await.len(), 1);
    assert_eq!(items(&town, "读者", "/api/ladders?retired=true").await.len(), 2);
    check_fold(&town);
}

#[tokio::test]
async fn a_ladder_is_drawn_inside_its_region_of_people_who_are_there() {
    let town = town();
    let who = contact(&town, "周牧", "220282").await;
    let elsewhere = contact(&town, "磐石值班", "220284").await;
    let draw = |who: &str| json!({ "region": "220282", "plan": plan("red", who) });
    let out = town.post("磐石值班", "/api/ladders", draw(&elsewhere)).await;
    assert_eq!(refusal(&out), (404, "not-found"));
    assert_eq!(town.post("读者", "/api/ladders", draw(&who)).await.status, 403);
    assert_eq!(town.post("", "/api/ladders", draw(&who)).await.status, 401);
    let stranger = town.post("周牧", "/api/ladders", draw(&elsewhere)).await;
    assert_eq!((stranger.status.as_u16(), &stranger.body["field"]), (422, &json!("contacts")));
    let retire = format!("/api/contacts/{who}/retire");
    assert_eq!(town.post("周牧", &retire, json!({ "reason": "离任" })).await.status, 200);
    let gone = town.post("周牧", "/api/ladders", draw(&who)).await;
    assert_eq!((gone.status.as_u16(), &gone.body["field"]), (422, &json!("contacts")));
    assert_eq!(count(&town, "ladder.drawn"), 0);
}
