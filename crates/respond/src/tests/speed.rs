//! How fast it went: rows of the view, within a scope, and counted by region and day.

use base::Level;
use expect_test::expect;
use host::view::differences;

use super::*;
use crate::response_time;

const READS: &[Permission] = &[response_time::READ];

/// A row as text: its number, the minutes of each step, the slowest, what is waited for.
fn row(item: &Json) -> String {
    let number = item["incident_number"].as_str().or(item["warning_number"].as_str());
    let took = item["took"].as_array().expect("steps").iter().map(|took| {
        let minutes = took["seconds"].as_i64().expect("seconds") / 60;
        format!("{} {minutes}", took["step"].as_str().expect("a step"))
    });
    let word = |field: &str| item[field]["step"].as_str().unwrap_or("-").to_owned();
    format!(
        "{} | {} | slowest {} | waits for {}",
        number.unwrap_or("-"),
        took.collect::<Vec<_>>().join(", "),
        word("slowest"),
        word("waiting")
    )
}

fn rows(answer: &Answer) -> String {
    let items = answer.body["items"].as_array().unwrap_or_else(|| panic!("{:?}", answer.body));
    items.iter().map(row).collect::<Vec<_>>().join("\n")
}

fn seq(answer: &Answer) -> i64 {
    let seq = answer.headers["fengsui-seq"].to_str().expect("text");
    seq.parse().expect("a seq")
}

async fn read(town: &Town, who: &str, after: i64) -> Answer {
    loop {
        let began = std::time::Instant::now();
        let answer = town.get(who, &format!("/api/response-times?after={after}")).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        let seen = answer.body["view"]["seq"].as_i64().expect("a seq");
        if after <= seen {
            return answer;
        }
        // On a machine that stands still longer than a read waits, the next one has it.
        assert!(2 <= began.elapsed().as_secs(), "nobody waited for {after}, it is at {seen}");
    }
}

#[tokio::test]
async fn a_call_that_became_a_task_has_its_row_with_each_step() {
    let town = county();
    let (_, _, team) = crew(&town);
    hire(&town, "李主任", "220282", READS);
    town.at("08:01");
    let incident = incident_from_call(&town, "韩立春", 1).await;
    town.at("08:05");
    let task = assign(&town, "韩立春", &incident, &team, "09:00").await;
    let given = read(&town, "李主任", seq(&task)).await;
    assert!(seq(&task) <= given.body["view"]["seq"].as_i64().expect("a seq"), "its own write");
    expect!["E-0803-01 | open 0, assign 4 | slowest assign | waits for accept"]
        .assert_eq(&rows(&given));
    let path = format!("/api/tasks/{}", task.body["id"].as_str().expect("an id"));
    // A second task moves nothing: the first of each counts.
    town.at("08:06");
    assign(&town, "韩立春", &incident, &team, "09:00").await;
    town.at("08:15");
    town.post("于海棠", &format!("{path}/accept"), json!({})).await;
    town.at("08:40");
    let report = json!({ "report": "42 户已转移" });
    let done = town.post("于海棠", &format!("{path}/finish"), report).await;
    let read = read(&town, "李主任", seq(&done)).await;
    expect!["E-0803-01 | open 0, assign 4, accept 10, do 25 | slowest do | waits for close"]
        .assert_eq(&rows(&read));
    assert_eq!(read.body["items"][0]["region_name"], "桦甸市");
    assert_eq!(read.body["items"][0]["incident"], json!(incident));
    town.settle();
    assert_eq!(differences(&town.world).expect("builds"), [], "built again it is the same");

    let summary = town.get("李主任", "/api/response-times/summary").await;
    let day = &summary.body["days"][0];
    assert_eq!((&day["day"], &day["matters"]), (&json!("2026-08-03"), &json!(1)));
    let cell = &summary.body["cells"][0];
    assert_eq!((&cell["day"], &cell["region"]), (&json!("2026-08-03"), &json!("220282")));
    assert_eq!(
        (&cell["matters"], &cell["incidents"], &cell["finished"]),
        (&json!(1), &json!(1), &json!(0))
    );
    assert_eq!(
        summary.body["total"]["steps"][3],
        json!({ "step": "do", "count": 1, "median_s": 1500, "p90_s": 1500 })
    );
}

#[tokio::test]
async fn a_warning_and_its_incident_are_one_row() {
    let town = county();
    crew(&town);
    hire(&town, "李主任", "220282", READS);
    warned::signers(&town);
    warned::raise(&town, "220282", Level::Orange);
    let warning = warned::only_warning(&town, "孙亦文").await;
    let path = format!("/api/warnings/{warning}");
    town.at("08:02");
    town.post("孙亦文", &format!("{path}/review"), json!({ "comment": "属实" })).await;
    town.at("08:07");
    let body = json!({ "expires": moment("14:00") });
    assert_eq!(town.post("刘景行", &format!("{path}/issue"), body).await.status, 200);
    let opened = town.post("韩立春", "/api/incidents", json!({ "warning": warning })).await;
    assert_eq!(opened.status, 201, "{:?}", opened.body);
    let read = read(&town, "李主任", seq(&opened)).await;
    expect!["E-0803-01 | review 2, issue 5, open 0 | slowest issue | waits for assign"]
        .assert_eq(&rows(&read));
    assert_eq!(read.body["items"][0]["warning"], json!(warning));
    assert!(read.body["items"][0]["warning_number"].is_string());
}

#[tokio::test]
async fn times_are_seen_within_the_scope_and_not_above_the_class() {
    let town = county();
    crew(&town);
    for (name, region) in
        [("本县", "220282"), ("全市", "220200"), ("邻县", "220281"), ("外市", "220800")]
    {
        hire(&town, name, region, READS);
    }
    hire(&town, "无权", "220282", &[incident::READ]);
    incident_from_call(&town, "韩立春", 1).await;
    town.settle();
    for (who, expected) in [("本县", 1), ("全市", 1), ("邻县", 0), ("外市", 0)] {
        let list = town.get(who, "/api/response-times").await;
        assert_eq!(list.body["items"].as_array().map(Vec::len), Some(expected), "{who}");
        let summary = town.get(who, "/api/response-times/summary").await;
        assert_eq!(summary.body["total"]["matters"], expected, "{who}");
    }
    for path in ["/api/response-times", "/api/response-times/summary"] {
        assert_eq!(refused(&town.get("无权", path).await), (403, "forbidden"));
        assert_eq!(refused(&town.get("", path).await), (401, "not-signed-in"));
    }
    // A region is a filter, and widens nothing.
    let near = town.get("全市", "/api/response-times?region=220282").await;
    assert_eq!(near.body["items"].as_array().map(Vec::len), Some(1));
    let outside = town.get("邻县", "/api/response-times?region=220282").await;
    assert_eq!(outside.body["items"], json!([]));
}

#[tokio::test]
async fn days_are_beijing_days_and_pages_follow_each_other() {
    let town = county();
    crew(&town);
    hire(&town, "李主任", "220282", READS);
    for number in 1..=3 {
        town.at(&format!("08:0{number}"));
        incident_from_call(&town, "韩立春", u128::from(number as u8)).await;
    }
    town.settle();
    for (days, expected) in [
        ("from=2026-08-03&to=2026-08-03", 3),
        ("from=2026-08-04", 0),
        ("to=2026-08-02", 0),
        ("from=2026-08-01&to=2026-08-31", 3),
    ] {
        let list = town.get("李主任", &format!("/api/response-times?{days}")).await;
        assert_eq!(list.body["items"].as_array().map(Vec::len), Some(expected), "{days}");
    }
    for days in ["from=2026-8-3", "from=yesterday", "to=2026-02-30", "from=2026-08-03-1"] {
        let answer = town.get("李主任", &format!("/api/response-times?{days}")).await;
        assert_eq!(refused(&answer), (422, "bad-request"), "{days}");
    }
    let first = town.get("李主任", "/api/response-times?limit=2").await;
    let next = first.body["next"].as_str().expect("more follow");
    let second = town.get("李主任", &format!("/api/response-times?limit=2&cursor={next}")).await;
    let numbers = format!(
        "{} {}",
        column(&first, "/items", "incident_number"),
        column(&second, "/items", "incident_number")
    );
    assert_eq!(numbers.replace('\n', " "), "E-0803-03 E-0803-02 E-0803-01");
    assert_eq!(second.body["next"], Json::Null);
}
