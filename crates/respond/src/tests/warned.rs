//! From a finding to a finished task: one thread, and each fact with its cause.

use alert::{notice, warning};
use assess::finding::{FindingFact, Raised, RuleRef, Value};
use assess::rule::Comparison;
use base::{AdminCode, Duration, Hazard, Level, Quantity};
use expect_test::expect;
use host::log::Book;

use super::*;

/// Records a finding as `assess` does, and waits for the notice and the warning.
pub(super) fn raise(town: &Town, region: &str, level: Level) -> Id {
    let region: AdminCode = region.parse().expect("a code");
    let finding = town
        .world
        .run(Lane::Urgent, "rule", move |tx| {
            let (id, now) = (tx.new_id(), tx.now());
            let raised = Raised {
                rule: RuleRef {
                    id: Id::from_bytes(*b"one rule of many").into(),
                    version: 7,
                    name: "水位超保证".to_owned(),
                    measure: assess::rule::Measure::Value,
                    comparison: Comparison::AtOrAbove,
                    threshold: 264.0,
                    hysteresis: 0.05,
                    times: 2,
                    delay_s: 0,
                    line_word: "保证水位".to_owned(),
                },
                sensor: Some(id.into()),
                station: Some(id.into()),
                station_name: "青石湾站".to_owned(),
                point: base::Point::new(126.95, 43.02).ok(),
                quantity: Quantity::WaterLevel,
                hazard: Hazard::Flood,
                level,
                onset: now - Duration::from_mins(5),
                values: vec![Value {
                    time: now,
                    value: 264.06,
                    received: now,
                    frame: None,
                    over: None,
                }],
                late: false,
                shelved: false,
                shaken: None,
            };
            let record = Record::first(id, Home::region(region), FindingFact::Raised(raised));
            tx.record(record.basis("水位超保证 v7"))?;
            Ok(id)
        })
        .expect("a finding is recorded");
    town.settle();
    finding
}

/// Those who sign: one person each.
pub(super) fn signers(town: &Town) {
    hire(town, "孙亦文", "220282", &[warning::READ, warning::REVIEW, duty::READ]);
    hire(town, "刘景行", "220282", &[warning::READ, warning::ISSUE, duty::READ]);
}

pub(super) async fn only_warning(town: &Town, name: &str) -> String {
    let list = town.get(name, "/api/warnings").await;
    column(&list, "/items", "id")
}

pub(super) async fn issue(town: &Town, warning: &str) {
    let path = format!("/api/warnings/{warning}");
    let reviewed =
        town.post("孙亦文", &format!("{path}/review"), json!({ "comment": "属实" })).await;
    assert_eq!(reviewed.status, 200, "{:?}", reviewed.body);
    let body = json!({ "expires": moment("14:00") });
    let issued = town.post("刘景行", &format!("{path}/issue"), body).await;
    assert_eq!(issued.status, 200, "{:?}", issued.body);
}

#[tokio::test]
async fn every_fact_from_the_finding_to_the_closed_incident_names_its_cause() {
    let town = county();
    let (_, _, team) = crew(&town);
    signers(&town);
    let finding = raise(&town, "220282", Level::Orange);
    let warning = only_warning(&town, "孙亦文").await;
    town.at("08:04");
    issue(&town, &warning).await;
    town.at("08:06");
    let opened = town.post("韩立春", "/api/incidents", json!({ "warning": warning })).await;
    assert_eq!(opened.status, 201, "{:?}", opened.body);
    assert_eq!(opened.body["level"], "orange");
    assert_eq!(opened.body["place"], "青石湾站");
    assert_eq!(opened.body["point"], json!({ "lon": 126.95, "lat": 43.02 }));
    assert_eq!(opened.body["warning"], json!(warning));
    assert_eq!(opened.body["correlation"], json!(finding));
    let incident = opened.body["id"].as_str().expect("an id").to_owned();
    town.at("08:08");
    let task = assign(&town, "韩立春", &incident, &team, "09:00").await;
    let path = format!("/api/tasks/{}", task.body["id"].as_str().expect("an id"));
    assert_eq!(town.post("于海棠", &format!("{path}/accept"), json!({})).await.status, 200);
    let report = json!({ "report": "已转移" });
    assert_eq!(town.post("于海棠", &format!("{path}/finish"), report).await.status, 200);
    let close = format!("/api/incidents/{incident}/close");
    assert_eq!(town.post("周牧", &close, json!({ "reason": "水退" })).await.status, 200);

    let thread: Vec<Entry> = entries(&town, Book::Log)
        .into_iter()
        .filter(|entry| entry.header.correlation == finding)
        .collect();
    // Two reactions of the finding; which of them comes first is nobody's promise.
    let (notices, river): (Vec<&str>, Vec<&str>) =
        thread.iter().map(Entry::kind).partition(|kind| kind.starts_with("notice."));
    assert_eq!(notices, ["notice.sent"]);
    let (holds, river): (Vec<&str>, Vec<&str>) =
        river.into_iter().partition(|kind| kind.starts_with("hold."));
    assert_eq!(holds, ["hold.placed", "hold.limited"], "the readings around it");
    expect![[r#"
        finding.raised
        warning.proposed
        warning.reviewed
        warning.issued
        incident.opened
        task.assigned
        task.accepted
        task.finished
        incident.closed"#]]
    .assert_eq(&river.join("\n"));
    for entry in &thread[1..] {
        let mut at = entry;
        while let Some(cause) = at.header.cause {
            at = thread.iter().find(|other| other.id() == cause).expect("a cause in the thread");
        }
        assert_eq!(at.header.subject, finding, "{} leads back to the finding", entry.kind());
    }
    let cause_of = |kind: &str| {
        let entry = thread.iter().find(|entry| entry.kind() == kind).expect("recorded");
        let cause = thread.iter().find(|other| Some(other.id()) == entry.header.cause);
        cause.map(|entry| entry.kind().to_owned())
    };
    assert_eq!(cause_of("incident.opened").as_deref(), Some("warning.issued"));
    assert_eq!(cause_of("task.finished").as_deref(), Some("task.accepted"));

    // Who sees less of the log sees less of the time line.
    let timeline = format!("/api/incidents/{incident}/timeline");
    let of_commander = town.get("周牧", &timeline).await;
    assert_eq!(
        column(&of_commander, "/items", "kind").lines().next(),
        Some("incident.opened"),
        "a commander without the permissions of the stages before"
    );
    hire(
        &town,
        "审阅",
        "220282",
        &[incident::READ, task::READ, warning::READ, notice::READ, assess::finding::READ],
    );
    let whole = town.get("审阅", &timeline).await;
    assert_eq!(whole.body["items"].as_array().map(Vec::len), Some(10));
    assert_eq!(whole.body["items"][0]["significant"], json!(true));
}

#[tokio::test]
async fn whom_a_warning_only_reaches_opens_no_incident_of_it() {
    let town = county();
    hire(&town, "韩立春", "220282", OFFICER);
    town.person("吉林市局", "220200", &[warning::READ, warning::DRAFT]);
    let draft = json!({ "title": "洪水预警", "hazard": "flood", "level": "orange",
        "region": "220200", "area": "沿江", "matters": "转移", "reach": ["220282"] });
    let city = town.post("吉林市局", "/api/warnings", draft).await;
    assert_eq!(city.status, 201, "{}", city.body);
    let body = json!({ "warning": city.body["id"] });
    let opened = town.post("韩立春", "/api/incidents", body).await;
    assert_eq!(refused(&opened), (409, "only-reached"));
}

#[tokio::test]
async fn whom_an_incident_reaches_sees_what_the_log_shows_and_acts_on_nothing() {
    let town = county();
    let (_, _, team) = crew(&town);
    let all = &[incident::READ, incident::OPEN, incident::NOTE, incident::CLOSE, task::READ];
    let more = &[task::ASSIGN, task::DO, duty::READ, warning::READ, warning::DRAFT];
    let all: Vec<Permission> = all.iter().chain(more).copied().collect();
    hire(&town, "吉林市局", "220200", &all);
    hire(&town, "蛟河", "220281", &all);
    hire(&town, "白城", "220800", &all);
    let draft = json!({ "title": "洪水预警", "hazard": "flood", "level": "orange",
        "region": "220282", "area": "沿江", "matters": "转移", "reach": ["220281"] });
    let warned = town.post("吉林市局", "/api/warnings", draft).await;
    assert_eq!(warned.status, 201, "{}", warned.body);
    let body = json!({ "warning": warned.body["id"] });
    let opened = town.post("吉林市局", "/api/incidents", body).await;
    assert_eq!(opened.status, 201, "{}", opened.body);
    let incident = opened.body["id"].as_str().expect("an id");
    let given = assign(&town, "吉林市局", incident, &team, "09:00").await;
    assert_eq!(given.status, 201, "{}", given.body);
    let task = given.body["id"].as_str().expect("an id");

    let (incident, task) = (format!("/api/incidents/{incident}"), format!("/api/tasks/{task}"));
    let looks = [&incident, &format!("{incident}/timeline"), &task];
    for path in looks {
        assert_eq!(town.get("蛟河", path).await.status, 200, "{path}");
        assert_eq!(town.get("白城", path).await.status, 404, "{path}");
    }
    for (list, subject) in
        [("/api/incidents", &opened.body["id"]), ("/api/tasks", &given.body["id"])]
    {
        assert_eq!(&town.get("蛟河", list).await.body["items"][0]["id"], subject, "{list}");
        assert_eq!(town.get("白城", list).await.body["items"], json!([]), "{list}");
    }
    assert_eq!(town.get("蛟河", &task).await.body["allowed"], json!([]));
    let acts = [
        (format!("{incident}/notes"), json!({ "text": "他县的话" })),
        (format!("{incident}/close"), json!({ "reason": "他县的话" })),
        (format!("{task}/cancel"), json!({ "reason": "他县的话" })),
    ];
    for (path, body) in acts {
        let acted = town.post("蛟河", &path, body).await;
        assert_eq!(refused(&acted), (404, "not-found"), "{path}");
    }
    let desk = town.get("蛟河", "/api/duty").await;
    let claim = json!({ "kind": "incident", "id": opened.body["id"] });
    let taken = town.post("蛟河", "/api/duty/claims", claim).await;
    assert_eq!(refused(&taken), (409, "only-reached"));
    let of_incident = desk.body["groups"]["others"]
        .as_array()
        .and_then(|items| items.iter().find(|item| item["kind"] == "incident"));
    assert_eq!(of_incident.expect("it is seen")["action"], json!(null));
}

#[tokio::test]
async fn a_warning_becomes_one_incident_whoever_presses_first() {
    let town = county();
    crew(&town);
    signers(&town);
    hire(&town, "赵启明", "220282", OFFICER);
    hire(&town, "白城", "220800", OFFICER);
    raise(&town, "220282", Level::Red);
    let warning = only_warning(&town, "孙亦文").await;
    let body = json!({ "warning": warning, "title": "青石湾站险情" });
    let far = town.post("白城", "/api/incidents", body.clone()).await;
    assert_eq!(refused(&far), (404, "not-found"));
    let team = town.post("于海棠", "/api/incidents", body.clone()).await;
    assert_eq!(refused(&team), (403, "forbidden"));
    let missing = town.post("韩立春", "/api/incidents", json!({ "warning": id(9) })).await;
    assert_eq!(refused(&missing), (404, "not-found"));

    let key = Some("5f0c8e1e-2f5b-4a53-9c57-000000000002");
    let post =
        |key| town.ask_with("韩立春", Method::POST, "/api/incidents", Some(body.clone()), key);
    let first = post(key).await;
    let repeated = post(key).await;
    let colleague = town.post("赵启明", "/api/incidents", json!({ "warning": warning })).await;
    assert_eq!(first.body["title"], "青石湾站险情");
    for answer in [&repeated, &colleague] {
        assert_eq!((answer.status.as_u16(), &answer.body["id"]), (201, &first.body["id"]));
    }
    let opened = kinds(&town).iter().filter(|kind| *kind == "incident.opened").count();
    assert_eq!(opened, 1);
    let of_warning = town.get("周牧", &format!("/api/incidents?warning={warning}")).await;
    assert_eq!(column(&of_warning, "/items", "number"), "E-0803-01");

    let incident = first.body["id"].as_str().expect("an id");
    let close = format!("/api/incidents/{incident}/close");
    assert_eq!(town.post("周牧", &close, json!({ "reason": "误报" })).await.status, 200);
    let after = town.post("赵启明", "/api/incidents", json!({ "warning": warning })).await;
    assert_eq!(refused(&after), (409, "incident-closed"));
}

#[tokio::test]
async fn a_warning_that_is_over_becomes_no_incident() {
    let town = county();
    crew(&town);
    signers(&town);
    raise(&town, "220282", Level::Yellow);
    let warning = only_warning(&town, "孙亦文").await;
    let discard = format!("/api/warnings/{warning}/discard");
    let answer = town.post("孙亦文", &discard, json!({ "reason": "仪器故障" })).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    let opened = town.post("韩立春", "/api/incidents", json!({ "warning": warning })).await;
    assert_eq!(refused(&opened), (409, "warning-over"));
}

#[tokio::test]
async fn the_desk_asks_the_one_who_may_and_puts_the_untaken_alarm_first() {
    let town = county();
    let (_, _, team) = crew(&town);
    signers(&town);
    let notices = &[notice::READ, notice::ACKNOWLEDGE, duty::READ, incident::READ, task::READ];
    hire(&town, "值班员", "220282", notices);
    let incident = incident_from_call(&town, "韩立春", 1).await;
    assign(&town, "韩立春", &incident, &team, "09:00").await;
    raise(&town, "220282", Level::Orange);
    raise(&town, "220100", Level::Red);
    let warning = only_warning(&town, "孙亦文").await;

    let first = |answer: &Answer| {
        let item = &answer.body["groups"]["mine"][0];
        let text = |field: &str| item[field].as_str().unwrap_or("-").to_owned();
        format!("{} {} {} {}", text("kind"), text("level"), text("action"), text("detail"))
    };
    let reviewer = town.get("孙亦文", "/api/duty").await;
    assert_eq!(first(&reviewer), "warning orange review 待审核");
    assert_eq!(reviewer.body["groups"]["mine"].as_array().map(Vec::len), Some(1), "not 长春's");
    let signer = town.get("刘景行", "/api/duty").await;
    assert_eq!(signer.body["groups"]["mine"], json!([]), "nothing to sign yet");
    assert_eq!(column(&signer, "/groups/others", "kind"), "warning");

    let desk = town.get("值班员", "/api/duty").await;
    assert!(
        first(&desk).starts_with("notice orange acknowledge 待签收 · T-220282-0803-01"),
        "{}",
        first(&desk)
    );
    assert_eq!(column(&desk, "/clocks", "title"), "风险提示签收\n任务回执 于海棠");
    assert_eq!(column(&desk, "/clocks", "kind"), "notice_feedback\ntask_answer");
    assert_eq!(column(&desk, "/clocks", "who"), "null\n于海棠");
    let notice = desk.body["groups"]["mine"][0]["id"].clone();
    let claim = json!({ "kind": "notice", "id": notice });
    assert_eq!(town.post("值班员", "/api/duty/claims", claim).await.status, 204);
    let claimed = entries(&town, Book::Log).pop().expect("claimed");
    let sent = entries(&town, Book::Log)
        .into_iter()
        .find(|entry| json!(entry.header.subject) == notice)
        .expect("sent");
    assert_eq!(claimed.header.cause, Some(sent.id()));
    assert_eq!(claimed.header.correlation, sent.header.correlation, "in the finding's thread");
    let taken = format!("/api/notices/{}/acknowledge", notice.as_str().expect("an id"));
    let answer = town.post("值班员", &taken, json!({ "feedback": "已通知乡镇" })).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    let desk = town.get("值班员", "/api/duty").await;
    assert_eq!(desk.body["groups"]["done"][0]["kind"], "notice");
    assert_eq!(column(&desk, "/clocks", "title"), "任务回执 于海棠\n风险提示核实");
    assert!(first(&desk).starts_with("notice orange verify 待核实"), "{}", first(&desk));
    let found = format!("/api/notices/{}/verify", notice.as_str().expect("an id"));
    let body = json!({ "verdict": "confirmed", "words": "水位已过保证线" });
    assert_eq!(town.post("值班员", &found, body).await.status, 200);
    let desk = town.get("值班员", "/api/duty").await;
    assert_eq!(column(&desk, "/clocks", "title"), "任务回执 于海棠");

    issue(&town, &warning).await;
    let signer = town.get("刘景行", "/api/duty").await;
    assert_eq!(signer.body["groups"]["others"], json!([]), "in force, and with time left");
    assert_eq!(column(&signer, "/clocks", "title"), "预警到期须延期或解除");
    assert_eq!(column(&signer, "/groups/done", "kind"), "warning\nwarning");
    town.person("解除", "220282", &[warning::READ, warning::LIFT, duty::READ]);
    town.at("12:47");
    assert_eq!(town.get("解除", "/api/duty").await.body["groups"]["mine"], json!([]));
    town.at("12:49");
    let late = town.get("解除", "/api/duty").await;
    assert!(
        first(&late).starts_with("warning orange extend 将到期"),
        "four fifths of its time are over"
    );
}

#[tokio::test]
async fn an_urgent_issue_asks_for_its_review_until_it_is_late() {
    let town = county();
    signers(&town);
    let night = &[warning::READ, warning::ISSUE_URGENTLY, duty::READ];
    hire(&town, "夜班", "220282", night);
    raise(&town, "220282", Level::Red);
    let warning = only_warning(&town, "孙亦文").await;
    let path = format!("/api/warnings/{warning}");
    let body = json!({ "reason": "水位陡涨", "expires": moment("14:00") });
    let issued = town.post("夜班", &format!("{path}/issue-urgently"), body).await;
    assert_eq!(issued.status, 200, "{:?}", issued.body);

    let desk = town.get("孙亦文", "/api/duty").await;
    assert_eq!(desk.body["groups"]["mine"][0]["action"], "review_after");
    assert_eq!(desk.body["groups"]["mine"][0]["due"], json!(moment("08:30")));
    assert_eq!(column(&desk, "/clocks", "title"), "紧急签发补审\n预警到期须延期或解除");
    let own = town.get("夜班", "/api/duty").await;
    assert_eq!(own.body["groups"]["mine"], json!([]), "who issued it does not review it");
    town.at("08:30");
    let desk = town.get("孙亦文", "/api/duty").await;
    assert_eq!(desk.body["groups"]["mine"][0]["overdue"], json!(true));
    let late = format!("{path}/review-afterwards");
    let review = town.post("孙亦文", &late, json!({ "comment": "属实" })).await;
    assert_eq!(review.status, 200, "{:?}", review.body);
    let desk = town.get("孙亦文", "/api/duty").await;
    assert_eq!(desk.body["groups"]["mine"], json!([]));
    assert_eq!(desk.body["clocks"][1]["done_at"], json!(moment("08:30")));
}

#[tokio::test]
async fn a_warning_that_has_ended_stays_until_its_urgent_issue_is_reviewed() {
    let town = county();
    signers(&town);
    let night = &[warning::READ, warning::ISSUE_URGENTLY, warning::LIFT, duty::READ];
    hire(&town, "夜班", "220282", night);
    raise(&town, "220282", Level::Red);
    let warning = only_warning(&town, "孙亦文").await;
    let path = format!("/api/warnings/{warning}");
    let body = json!({ "reason": "水位陡涨", "expires": moment("14:00") });
    let issued = town.post("夜班", &format!("{path}/issue-urgently"), body).await;
    assert_eq!(issued.status, 200, "{:?}", issued.body);
    town.at("08:10");
    let lifted = town.post("夜班", &format!("{path}/lift"), json!({ "reason": "退水" })).await;
    assert_eq!(lifted.status, 200, "{:?}", lifted.body);

    town.at("09:00");
    let desk = town.get("孙亦文", "/api/duty").await;
    let owed = &desk.body["groups"]["mine"][0];
    assert_eq!((&owed["id"], &owed["action"]), (&json!(warning), &json!("review_after")));
    assert_eq!((&owed["due"], &owed["overdue"]), (&json!(moment("08:30")), &json!(true)));
    assert_eq!(column(&desk, "/clocks", "title"), "紧急签发补审", "it runs out no more");
    let claim = json!({ "kind": "warning", "id": warning });
    let claimed = town.post("孙亦文", "/api/duty/claims", claim).await;
    assert_eq!(claimed.status, 204, "{:?}", claimed.body);

    let review = format!("{path}/review-afterwards");
    let review = town.post("孙亦文", &review, json!({ "comment": "属实" })).await;
    assert_eq!(review.status, 200, "{:?}", review.body);
    let desk = town.get("孙亦文", "/api/duty").await;
    assert_eq!(desk.body["groups"]["mine"], json!([]));
    assert_eq!(desk.body["clocks"], json!([]));
}

#[tokio::test]
async fn what_comes_of_a_sensitive_thing_is_made_by_those_who_may_see_it() {
    let town = county();
    let (_, _, team) = crew(&town);
    let all = &[incident::READ, incident::OPEN, task::READ, task::ASSIGN, task::DO];
    let more = &[intake::WRITE, intake::READ, duty::READ, warning::READ, warning::DRAFT];
    let all: Vec<Permission> = all.iter().chain(more).copied().collect();
    hire(&town, "值班员", "220282", &all);
    hire(&town, "保密员", "220282", &[all.as_slice(), &[host::scope::SEE_SENSITIVE]].concat());
    let brigade = Id::from_u128(7);
    town.orgs(&[(brigade, brigade)]);
    hire(&town, "大队", "220282", &[]);
    town.works_for("大队", brigade, &all);

    let draft = json!({ "title": "洪水预警", "hazard": "flood", "level": "orange",
        "region": "220282", "area": "沿江", "matters": "转移" });
    let drafted = town.post("大队", "/api/warnings", draft.clone()).await;
    assert_eq!(refused(&drafted), (404, "not-found"), "it is in no region of theirs");
    let warned = town.post("保密员", "/api/warnings", draft).await;
    assert_eq!(warned.status, 201, "{}", warned.body);
    let warning: Id = warned.body["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    town.world
        .run(Lane::Urgent, "test", move |tx| {
            let home = tx.home_of(warning)?.class(host::Class::Sensitive);
            let passed = warning::DangerPassed { title: "洪水".to_owned(), finding: warning };
            let fact = warning::WarningFact::DangerPassed(passed);
            tx.record(Record::next(warning, fact).at_home(home)).map(|_| ())
        })
        .expect("moved");
    let body = json!({ "warning": warning });
    for name in ["值班员", "大队"] {
        let opened = town.post(name, "/api/incidents", body.clone()).await;
        assert_eq!(refused(&opened), (404, "not-found"), "{name}");
    }
    let opened = town.post("保密员", "/api/incidents", body).await;
    assert_eq!(opened.status, 201, "{}", opened.body);
    let incident = opened.body["id"].as_str().expect("an id");
    for name in ["值班员", "大队"] {
        let given = assign(&town, name, incident, &team, "09:00").await;
        assert_eq!(refused(&given), (404, "not-found"), "{name}");
    }
    let given = assign(&town, "保密员", incident, &team, "09:00").await;
    assert_eq!(given.status, 201, "{}", given.body);

    // Whoever picks up the telephone writes it down; to open it takes the place.
    let call = "0198f000-0000-7000-8000-000000000009";
    let path = format!("/api/intakes/{call}");
    let said = json!({ "what": "河水漫过便桥", "region": "220282", "hazard": "flood" });
    let saved = town.ask("大队", Method::PUT, &path, Some(said)).await;
    assert_eq!(saved.status, 200, "{}", saved.body);
    let opened = town.post("大队", &format!("{path}/open"), json!({})).await;
    assert_eq!(refused(&opened), (404, "not-found"));
    assert_eq!(town.get("值班员", "/api/incidents").await.body["items"], json!([]));
}
