//! Stories of a night at the duty desk, told through the doors.

mod call;
mod command;
mod desk;
mod handover;
mod held;
mod nodes;
mod speed;
mod warned;

use axum::http::Method;
use base::{Id, Timestamp};
use host::log::Book;
use host::town::{Answer, Town};
use host::{Caller, Entry, Home, Lane, Part, Permission, Record};
use serde_json::{Value as Json, json};
use trust::account::{AccountFact, Opened};
use trust::grant::{Given, GrantFact};
use trust::role::RoleDefinition;

use crate::{duty, incident, intake, task};

/// What the officers of this story hold.
const OFFICER: &[Permission] = &[
    incident::READ,
    incident::OPEN,
    incident::NOTE,
    intake::WRITE,
    task::READ,
    task::ASSIGN,
    duty::READ,
];
const COMMANDER: &[Permission] =
    &[incident::READ, incident::NOTE, incident::CLOSE, task::READ, task::ASSIGN, duty::READ];
const TEAM: &[Permission] = &[incident::READ, task::READ, task::DO, duty::READ];

fn parts() -> Vec<Part> {
    let config = alert::Config {
        issuing_unit: "桦甸市应急管理局".to_owned(),
        ..alert::Config::default()
    };
    // Devices and the engine have stories of their own; here findings are recorded.
    let devices = Part { taps: Vec::new(), ..sense::part() };
    let findings = Part { taps: Vec::new(), reactions: Vec::new(), ..assess::part() };
    vec![
        devices,
        findings,
        trust::part(&trust::Sessions::default()),
        atlas::part(),
        alert::part(config),
        crate::part(),
    ]
}

/// A county with its real divisions, and nobody in it.
fn county() -> Town {
    let town = Town::new(parts());
    atlas::seed(&town.world).expect("seeded");
    town
}

/// A person who is signed in and whom `trust` knows, so that tasks can be given to them.
fn hire(town: &Town, name: &str, region: &str, permissions: &[Permission]) -> Caller {
    let caller = town.person(name, region, permissions);
    let role = RoleDefinition {
        role: format!("role_{}", caller.person),
        word: name.to_owned(),
        permissions: permissions.iter().map(|permission| permission.code.to_owned()).collect(),
    };
    let given = Given {
        account: caller.person,
        account_name: name.to_owned(),
        role: role.role.clone(),
        place: host::scope::Place::Region(region.parse().expect("a code")),
        place_name: region.to_owned(),
    };
    let opened = Opened {
        account: name.to_owned(),
        person: caller.person,
        name: name.to_owned(),
        org: None,
        office: None,
    };
    trust::role::seed(&town.world, vec![role]).expect("defined");
    let person = caller.person;
    town.world
        .run(Lane::Urgent, "import", move |tx| {
            tx.record(Record::first(person, Home::node(), AccountFact::Opened(opened)))?;
            let id = tx.new_id();
            tx.record(Record::first(id, Home::node(), GrantFact::Given(given)))
        })
        .expect("hired");
    caller
}

/// The three of most stories: 韩立春 at the desk, 周牧 in command, 于海棠 with a team.
fn crew(town: &Town) -> (Caller, Caller, Caller) {
    (
        hire(town, "韩立春", "220282", OFFICER),
        hire(town, "周牧", "220282", COMMANDER),
        hire(town, "于海棠", "220282", TEAM),
    )
}

/// Any id, the same for the same number; browsers make theirs.
fn id(number: u128) -> Id {
    Id::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0000 | number)
}

fn call(number: u128) -> String {
    format!("/api/intakes/{}", id(number))
}

/// A form as it stands when the caller has hung up.
fn form() -> Json {
    json!({
        "caller": "金秀妍",
        "phone": "13812345678",
        "place": "红石砬子镇桦树林村",
        "region": "220282",
        "hazard": "flood",
        "what": "村道过水，金秀妍家进水，回电13812345678",
        "trapped": 2,
    })
}

async fn put(town: &Town, name: &str, path: &str, body: Json) -> Answer {
    town.ask(name, Method::PUT, path, Some(body)).await
}

async fn delete(town: &Town, name: &str, path: &str) -> Answer {
    town.ask(name, Method::DELETE, path, None).await
}

/// Opens an incident from a call and answers its id.
async fn incident_from_call(town: &Town, officer: &str, number: u128) -> String {
    assert_eq!(put(town, officer, &call(number), form()).await.status, 200);
    let opened = town.post(officer, &format!("{}/open", call(number)), json!({})).await;
    assert_eq!(opened.status, 201, "{:?}", opened.body);
    opened.body["id"].as_str().expect("an id").to_owned()
}

/// Gives `assignee` a task that is due at a time of the town's day.
async fn assign(town: &Town, by: &str, incident: &str, assignee: &Caller, due: &str) -> Answer {
    let body = json!({
        "title": "转移低洼户 42 户",
        "detail": "接到镇中心小学",
        "assignee": assignee.person,
        "due_at": moment(due),
    });
    town.post(by, &format!("/api/incidents/{incident}/tasks"), body).await
}

/// A time of the town's day, 2026-08-03.
fn moment(time: &str) -> Timestamp {
    let (hour, minute) = time.split_once(':').expect("HH:MM");
    let fields = [hour.parse().expect("hours"), minute.parse().expect("minutes"), 0];
    Timestamp::from_beijing([2026, 8, 3], fields).expect("a real minute")
}

/// A commit wakes the scheduler, which then looks at the clock.
fn wake(town: &Town) {
    town.world.run(Lane::Urgent, "test", |_| Ok(())).expect("commits");
}

fn refused(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.body["code"].as_str().unwrap_or_default())
}

/// All that either book holds, in order.
fn entries(town: &Town, book: Book) -> Vec<Entry> {
    let read = town.world.read_now(|db| Ok(host::log::after(db, book, 0, 100_000)?));
    read.expect("the book is readable")
}

/// The kinds of the facts after the hiring, in order, but for those of holds: `held.rs`.
fn kinds(town: &Town) -> Vec<String> {
    let hired = ["region.", "role.", "account.", "grant.", "hold."];
    entries(town, Book::Log)
        .iter()
        .map(|entry| entry.kind().to_owned())
        .filter(|kind| !hired.iter().any(|prefix| kind.starts_with(prefix)))
        .collect()
}

/// A list's lines as text, one field each.
fn column(answer: &Answer, list: &str, field: &str) -> String {
    let items = answer.body.pointer(list).and_then(Json::as_array);
    let items = items.unwrap_or_else(|| panic!("{list} of {:?}", answer.body));
    let cells = items.iter().map(|item| match &item[field] {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    });
    cells.collect::<Vec<_>>().join("\n")
}
