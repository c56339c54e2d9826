//! Stories of the registers, told through the doors.

mod contacts;
mod enterprises;
mod imports;
mod rows;
mod sites;

use axum::http::Method;
use base::Timestamp;
use host::log::{self, Book};
use host::town::{Answer, Town};
use host::{Entry, Permission};
use serde_json::{Value as Json, json};

use crate::enterprise::{CONTACTS, READ, REGISTER};

const KEEPER: &[Permission] = &[READ, REGISTER, CONTACTS];

/// Credit codes made for these stories: the first seventeen characters are invented, the
/// last is what they give.
const ACME: &str = "91220282MA0FAY001F";
const OTHER: &str = "91220282MA0FAY002J";

/// A county with its real divisions, who keeps its registers, who only looks, and a
/// keeper of the county next to it.
fn county() -> Town {
    let town =
        Town::new(vec![trust::part(&trust::Sessions::default()), atlas::part(), crate::part()]);
    atlas::seed(&town.world).expect("seeded");
    town.person("骆家驹", "220282", KEEPER);
    town.person("韩立春", "220282", &[READ]);
    town.person("邻县", "220281", KEEPER);
    town.person("省厅", "220000", KEEPER);
    town
}

fn details(name: &str, credit_code: &str) -> Json {
    json!({
        "name": name,
        "short_name": name.trim_end_matches("有限公司"),
        "credit_code": credit_code,
        "industry": "C2614",
        "kinds": ["hazchem"],
        "region": "220282",
        "address": "桦甸市虚构路 1 号",
        "place": { "original": [126.75, 42.97], "datum": "cgcs2000" },
        "access_code": null,
    })
}

async fn registered(town: &Town, name: &str, credit_code: &str) -> Json {
    let new = json!({ "details": details(name, credit_code), "since": "2020-05-01" });
    let made = town.post("骆家驹", "/api/enterprises", new).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body
}

async fn put(town: &Town, name: &str, path: &str, body: Json) -> Answer {
    town.ask(name, Method::PUT, path, Some(body)).await
}

fn id(of: &Json) -> String {
    of["id"].as_str().unwrap_or_else(|| panic!("no id: {of}")).to_owned()
}

#[track_caller]
fn refused(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.body["code"].as_str().unwrap_or("no code"))
}

/// The field that a refusal names.
#[track_caller]
fn field(answer: &Answer) -> &str {
    assert_eq!(refused(answer), (422, "bad-request"), "{}", answer.body);
    answer.body["field"].as_str().expect("a field")
}

fn names(list: &Answer) -> Vec<&str> {
    let items = list.body["items"].as_array().unwrap_or_else(|| panic!("{}", list.body));
    items.iter().map(|item| item["name"].as_str().expect("a name")).collect()
}

fn moment(hour: i8, minute: i8) -> Timestamp {
    Timestamp::from_beijing([2026, 8, 3], [hour, minute, 0]).expect("a real minute")
}

fn entries(town: &Town, book: Book) -> Vec<Entry> {
    town.world.read_now(|db| Ok(log::after(db, book, 0, 1_000)?)).expect("reads")
}

fn turn(since: &str, reason: &str) -> Json {
    json!({ "since": since, "reason": reason })
}

/// What the log folds to is what the tables hold.
#[track_caller]
fn check_fold(town: &Town) {
    let (_, differences) = town.world.compare_with_fold().expect("the log folds");
    assert!(differences.is_empty(), "{differences:?}");
}
