//! How long the duty desk takes with a thousand open items: `GET /api/duty` through
//! the door, on a world in a temporary directory.
//!
//! `cargo run --release -p respond --example duty_desk`

use std::time::Instant;

use assess::finding::{FindingFact, Raised, RuleRef, Value};
use assess::rule::Comparison;
use axum::http::Method;
use base::{AdminCode, Duration, Hazard, Id, Level, Quantity};
use host::town::Town;
use host::{Caller, Error, Home, Lane, Part, Permission, Record};
use respond::task;
use serde_json::json;
use trust::account::{AccountFact, Opened};
use trust::grant::{Given, GrantFact};
use trust::role::RoleDefinition;

const FINDINGS: u64 = 200;
const INCIDENTS: u128 = 250;
const TASKS: usize = 350;
const RUNS: usize = 50;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let devices = Part { taps: Vec::new(), ..sense::part() };
    let findings = Part { taps: Vec::new(), reactions: Vec::new(), ..assess::part() };
    let config = alert::Config {
        issuing_unit: "桦甸市应急管理局".to_owned(),
        ..alert::Config::default()
    };
    let town = Town::new(vec![
        devices,
        findings,
        trust::part(&trust::Sessions::default()),
        atlas::part(),
        alert::part(config),
        respond::part(),
    ]);
    atlas::seed(&town.world)?;
    let everything: Vec<Permission> = town.world.kit().permissions.clone();
    let officer = town.person("officer", "220000", &everything);
    let team = town.person("team", "220282", &[task::DO]);
    for person in [&officer, &team] {
        hire(&town, person)?;
    }
    for number in 0..FINDINGS {
        raise(&town, number)?;
    }
    town.settle();
    let mut incidents = Vec::new();
    for number in 0..INCIDENTS {
        let call = format!("/api/intakes/{}", Id::from_u128(number + 1));
        let form = json!({ "what": "过水", "region": "220282", "hazard": "flood", "phone": "1" });
        town.ask("officer", Method::PUT, &call, Some(form)).await;
        let opened = town.post("officer", &format!("{call}/open"), json!({})).await;
        incidents.push(opened.body["id"].as_str().unwrap_or_default().to_owned());
    }
    let due = town.world.clock().now() + Duration::from_hours(4);
    for number in 0..TASKS {
        let path = format!("/api/incidents/{}/tasks", incidents[number % incidents.len()]);
        let body = json!({ "title": "转移", "assignee": team.person, "due_at": due });
        let answer = town.post("officer", &path, body).await;
        assert_eq!(answer.status, 201, "{:?}", answer.body);
    }
    let mut millis: Vec<f64> = Vec::with_capacity(RUNS);
    let mut bytes = 0;
    let mut rows = 0;
    for _ in 0..RUNS {
        let start = Instant::now();
        let desk = town.get("officer", "/api/duty").await;
        millis.push(start.elapsed().as_secs_f64() * 1_000.0);
        assert_eq!(desk.status, 200, "{:?}", desk.body);
        bytes = desk.body.to_string().len();
        let count = |group: &str| desk.body["groups"][group].as_array().map_or(0, Vec::len);
        rows = count("mine") + count("others");
    }
    millis.sort_by(f64::total_cmp);
    println!(
        "{} open items, {rows} rows shown, {bytes} bytes, {} facts: p50 {:.1} ms, max {:.1} ms",
        2 * FINDINGS as usize + INCIDENTS as usize + TASKS,
        town.world.last_seq(),
        millis[RUNS / 2],
        millis[RUNS - 1]
    );
    Ok(())
}

fn hire(town: &Town, caller: &Caller) -> Result<(), Error> {
    let role = RoleDefinition {
        role: caller.account.clone(),
        word: caller.name.clone(),
        permissions: caller.grants[0].permissions.to_vec(),
    };
    trust::role::seed(&town.world, vec![role])?;
    let opened = Opened {
        account: caller.account.clone(),
        person: caller.person,
        name: caller.name.clone(),
        org: None,
        office: None,
    };
    let given = Given {
        account: caller.person,
        account_name: caller.account.clone(),
        role: caller.account.clone(),
        place: caller.grants[0].place.clone(),
        place_name: String::new(),
    };
    let person = caller.person;
    town.world.run(Lane::Urgent, "import", move |tx| {
        tx.record(Record::first(person, Home::node(), AccountFact::Opened(opened)))?;
        let id = tx.new_id();
        tx.record(Record::first(id, Home::node(), GrantFact::Given(given))).map(|_| ())
    })
}

/// A finding of a station of its own: one notice and one proposed warning.
fn raise(town: &Town, number: u64) -> Result<(), Error> {
    let counties = ["220281", "220282", "220283", "220284", "220221"];
    let region = counties[number as usize % counties.len()].parse::<AdminCode>();
    let region = region.map_err(|error| Error::Internal(error.to_string()))?;
    town.world.run(Lane::Urgent, "rule", move |tx| {
        let (id, now) = (tx.new_id(), tx.now());
        let raised = Raised {
            rule: RuleRef {
                id: Id::from_u128(7).into(),
                version: 1,
                name: "水位超警戒".to_owned(),
                measure: assess::rule::Measure::Value,
                comparison: Comparison::AtOrAbove,
                threshold: 262.5,
                hysteresis: 0.05,
                times: 1,
                delay_s: 0,
                line_word: "警戒水位".to_owned(),
            },
            sensor: Some(id.into()),
            station: Some(id.into()),
            station_name: format!("站{number}"),
            point: None,
            quantity: Quantity::WaterLevel,
            hazard: Hazard::Flood,
            level: Level::Yellow,
            onset: now,
            values: vec![Value { time: now, value: 262.6, received: now, frame: None, over: None }],
            late: false,
            shelved: false,
            shaken: None,
        };
        tx.record(Record::first(id, Home::region(region), FindingFact::Raised(raised))).map(|_| ())
    })
}
