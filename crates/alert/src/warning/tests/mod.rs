//! Stories of warnings, told through the doors.

mod course;
mod doors;
mod signing;

use expect_test::Expect;
use host::town::{Answer, Town};
use serde_json::{Value as Json, json};

use crate::story::*;

/// The newest warning that this person sees.
async fn newest(town: &Town, name: &str) -> Json {
    items(town, name, "/api/warnings").await.swap_remove(0)
}

/// Does something with a warning as `name`.
async fn act(town: &Town, name: &str, warning: &Json, verb: &str, body: Json) -> Answer {
    let id = warning["id"].as_str().expect("an id");
    town.post(name, &format!("/api/warnings/{id}/{verb}"), body).await
}

/// Like [`act`], for what must succeed; answers the warning.
#[track_caller]
fn done(answer: Answer) -> Json {
    assert!(answer.status.is_success(), "{} {:?}", answer.status, answer.body);
    answer.body
}

/// Like [`act`], for what must be refused with this status and code.
#[track_caller]
fn refused(answer: Answer, status: u16, code: &str) {
    assert_eq!(
        (answer.status.as_u16(), answer.body["code"].as_str()),
        (status, Some(code)),
        "{:?}",
        answer.body
    );
}

fn until(hour: i8, minute: i8) -> Json {
    json!({ "expires": moment(hour, minute) })
}

/// Raises a finding, and has it reviewed by 周牧 and issued by 孙亦文 until 14:00.
async fn in_force(town: &Town, found: Found) -> Json {
    raise(town, found);
    let warning = newest(town, "周牧").await;
    done(act(town, "周牧", &warning, "review", json!({})).await);
    done(act(town, "孙亦文", &warning, "issue", until(14, 0)).await)
}

async fn check_allowed(town: &Town, name: &str, expected: Expect) {
    let allowed = newest(town, name).await["allowed"].clone();
    let words: Vec<&str> =
        allowed.as_array().expect("a list").iter().filter_map(Json::as_str).collect();
    expected.assert_eq(&words.join(" "));
}

fn draft() -> Json {
    json!({
        "title": "红石砬子镇 洪水黄色预警",
        "hazard": "flood",
        "level": "yellow",
        "region": "220282",
        "area": "红石砬子镇沿河 8 村",
        "matters": "上游来水增大。",
    })
}
