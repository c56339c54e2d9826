//! Incidents and tasks: given, accepted, done, late, and refused.

use expect_test::expect;
use host::log::Book;

use super::*;

#[tokio::test]
async fn a_task_is_given_accepted_and_done_and_the_incident_closed() {
    let town = county();
    let (_, _, team) = crew(&town);
    let incident = incident_from_call(&town, "韩立春", 1).await;
    town.at("08:05");
    let task = assign(&town, "韩立春", &incident, &team, "09:00").await;
    assert_eq!(task.status, 201, "{:?}", task.body);
    assert_eq!(task.body["number"], "R-0001");
    assert_eq!(task.body["accept_by"], json!(moment("08:15")), "ten minutes unless said");
    let path = format!("/api/tasks/{}", task.body["id"].as_str().expect("an id"));
    let close = format!("/api/incidents/{incident}/close");
    let early = town.post("周牧", &close, json!({ "reason": "完" })).await;
    assert_eq!(refused(&early), (409, "tasks-open"));

    town.at("08:07");
    let mine = town.get("于海棠", "/api/tasks?mine=true&state=open").await;
    assert_eq!(column(&mine, "/items", "number"), "R-0001");
    assert_eq!(mine.body["items"][0]["allowed"], json!(["accept", "decline"]));
    let accepted = town.post("于海棠", &format!("{path}/accept"), json!({})).await;
    assert_eq!(accepted.body["state"], "accepted");
    assert_eq!(accepted.body["allowed"], json!(["finish"]));
    town.at("08:40");
    let done = town
        .post("于海棠", &format!("{path}/finish"), json!({ "report": "42 户 117 人已转移" }))
        .await;
    assert_eq!(done.body["done_at"], json!(moment("08:40")));
    let tasks = town.get("周牧", &format!("/api/incidents/{incident}")).await;
    assert_eq!(tasks.body["tasks"], json!({ "open": 0, "overdue": 0, "done": 1 }));
    town.at("08:50");
    let closed = town.post("周牧", &close, json!({ "reason": "险情解除" })).await;
    assert_eq!(closed.body["state"], "closed");
    assert_eq!(closed.body["closed_by"], "周牧");

    let timeline = town.get("周牧", &format!("/api/incidents/{incident}/timeline")).await;
    expect![[r#"
        来电立事件 E-0803-01：红石砬子镇桦树林村：村道过水，报告人家进水，回电138****5678
        派任务 R-0001 转移低洼户 42 户
        接受任务 R-0001 转移低洼户 42 户
        完成任务 R-0001 转移低洼户 42 户
        结束事件：险情解除"#]]
    .assert_eq(&column(&timeline, "/items", "title"));
    expect![[r#"
        韩立春
        韩立春
        于海棠
        于海棠
        周牧"#]]
    .assert_eq(&column(&timeline, "/items", "by"));

    town.person("邻县", "220284", &[crate::incident::READ]);
    // What ran at a moment of the past, whatever became of it since.
    for (at, ran) in [("07:59", 0), ("08:30", 1), ("08:50", 0)] {
        let path = format!("/api/incidents?at={}", moment(at));
        let then = town.get("周牧", &path).await;
        assert_eq!(then.body["items"].as_array().map(Vec::len), Some(ran), "{at}");
        assert_eq!(town.get("邻县", &path).await.body["items"], json!([]));
    }

    // Each fact names what made it happen, back to the call.
    let facts = entries(&town, Book::Log);
    let of_thread = facts.iter().filter(|it| it.header.correlation.to_string() == incident);
    let thread: Vec<_> = of_thread.filter(|it| !it.kind().starts_with("hold.")).collect();
    assert_eq!(thread.len(), 5);
    assert_eq!(thread[0].header.cause, None);
    let ids: Vec<Id> = thread.iter().map(|entry| entry.id()).collect();
    assert_eq!(thread[1].header.cause, Some(ids[0]));
    assert_eq!(thread[2].header.cause, Some(ids[1]));
    assert_eq!(thread[3].header.cause, Some(ids[2]));
    assert_eq!(thread[4].header.cause, Some(ids[0]), "the incident's own last fact");
}

#[tokio::test]
async fn only_the_assignee_answers_and_only_assigner_or_commander_cancels() {
    let town = county();
    let (_, _, team) = crew(&town);
    hire(&town, "赵启明", "220282", OFFICER);
    hire(&town, "崔明哲", "220282", TEAM);
    hire(&town, "吴满仓", "220100", TEAM);
    hire(&town, "白城", "220800", COMMANDER);
    let incident = incident_from_call(&town, "韩立春", 1).await;
    let task = assign(&town, "韩立春", &incident, &team, "09:00").await;
    let path = format!("/api/tasks/{}", task.body["id"].as_str().expect("an id"));
    let reason = || json!({ "reason": "车辆故障" });
    let report = || json!({ "report": "完" });

    let other = town.post("崔明哲", &format!("{path}/accept"), json!({})).await;
    assert_eq!(refused(&other), (409, "not-your-task"));
    let other = town.post("崔明哲", &format!("{path}/decline"), reason()).await;
    assert_eq!(refused(&other), (409, "not-your-task"));
    let far = town.post("吴满仓", &format!("{path}/accept"), json!({})).await;
    assert_eq!(refused(&far), (404, "not-found"), "another city");
    let officer = town.post("韩立春", &format!("{path}/accept"), json!({})).await;
    assert_eq!(refused(&officer), (403, "forbidden"), "assigns, does not do");
    let early = town.post("于海棠", &format!("{path}/finish"), report()).await;
    assert_eq!(refused(&early), (409, "wrong-state"), "not accepted yet");
    let empty = town.post("于海棠", &format!("{path}/decline"), json!({ "reason": " " })).await;
    assert_eq!(refused(&empty), (422, "bad-request"));

    let colleague = town.post("赵启明", &format!("{path}/cancel"), reason()).await;
    assert_eq!(refused(&colleague), (409, "not-your-task"), "neither assigner nor commander");
    let team_cancels = town.post("于海棠", &format!("{path}/cancel"), reason()).await;
    assert_eq!(refused(&team_cancels), (403, "forbidden"));
    let far = town.post("白城", &format!("{path}/cancel"), reason()).await;
    assert_eq!(refused(&far), (404, "not-found"));

    let declined = town.post("于海棠", &format!("{path}/decline"), reason()).await;
    assert_eq!(declined.body["state"], "declined");
    assert_eq!(declined.body["report"], "车辆故障");
    let again = town.post("于海棠", &format!("{path}/accept"), json!({})).await;
    assert_eq!(refused(&again), (409, "wrong-state"));

    for (name, number) in [("韩立春", "R-0002"), ("周牧", "R-0003")] {
        let task = assign(&town, "韩立春", &incident, &team, "09:00").await;
        assert_eq!(task.body["number"], number);
        let path = format!("/api/tasks/{}", task.body["id"].as_str().expect("an id"));
        let cancelled = town.post(name, &format!("{path}/cancel"), reason()).await;
        assert_eq!(cancelled.body["state"], "cancelled", "{name}");
    }
}

#[tokio::test]
async fn a_task_goes_to_somebody_who_does_tasks_within_reach() {
    let town = county();
    let (officer, commander, team) = crew(&town);
    let village = hire(&town, "崔明哲", "220282102", TEAM);
    let far = hire(&town, "吴满仓", "220100", TEAM);
    let incident = incident_from_call(&town, "韩立春", 1).await;

    let people = town.get("韩立春", "/api/people?permission=task.do").await;
    assert_eq!(column(&people, "/items", "name"), "于海棠\n崔明哲");
    assert_eq!(refused(&town.get("于海棠", "/api/people").await), (403, "forbidden"));
    let unknown = town.get("韩立春", "/api/people?permission=task.undo").await;
    assert_eq!(refused(&unknown), (422, "bad-request"));

    for nobody in [&officer, &commander, &far] {
        let answer = assign(&town, "韩立春", &incident, nobody, "09:00").await;
        assert_eq!(refused(&answer), (422, "bad-request"), "{}", nobody.name);
        assert_eq!(answer.body["field"], "assignee");
    }
    let past = assign(&town, "韩立春", &incident, &team, "07:59").await;
    assert_eq!((refused(&past), &past.body["field"]), ((422, "bad-request"), &json!("due_at")));
    let nothing = assign(&town, "于海棠", &incident, &team, "09:00").await;
    assert_eq!(refused(&nothing), (403, "forbidden"));
    hire(&town, "白城", "220800", OFFICER);
    let elsewhere = assign(&town, "白城", &incident, &team, "09:00").await;
    assert_eq!(refused(&elsewhere), (404, "not-found"));
    let missing = assign(&town, "韩立春", &id(9).to_string(), &team, "09:00").await;
    assert_eq!(refused(&missing), (404, "not-found"));

    // One's own task is seen even where its region is wider than one's own.
    let given = assign(&town, "韩立春", &incident, &village, "08:05").await;
    assert_eq!(given.body["accept_by"], json!(moment("08:05")), "no later than it is due");
    let path = format!("/api/tasks/{}", given.body["id"].as_str().expect("an id"));
    assert_eq!(town.get("崔明哲", &path).await.body["number"], "R-0001");
    assert_eq!(town.post("崔明哲", &format!("{path}/accept"), json!({})).await.status, 200);
    town.at("08:01");
    assign(&town, "韩立春", &incident, &team, "09:00").await;
    let seen = town.get("崔明哲", "/api/tasks").await;
    assert_eq!(column(&seen, "/items", "number"), "R-0001", "not the county's other tasks");
    assert_eq!(
        column(&town.get("于海棠", "/api/tasks").await, "/items", "number"),
        "R-0002\nR-0001"
    );
}

#[tokio::test]
async fn a_limit_that_passes_leaves_a_fact_at_its_minute() {
    let town = county();
    let (_, _, team) = crew(&town);
    let incident = incident_from_call(&town, "韩立春", 1).await;
    let task = assign(&town, "韩立春", &incident, &team, "09:00").await;
    let path = format!("/api/tasks/{}", task.body["id"].as_str().expect("an id"));
    let overdue = |town: &Town| {
        let all = entries(town, Book::Log);
        all.into_iter().filter(|entry| entry.kind() == "task.overdue").collect::<Vec<_>>()
    };

    wake(town.at("08:09:59"));
    assert_eq!(town.get("韩立春", &path).await.body["overdue"], json!(false));
    wake(town.at("08:12"));
    town.until(|_| overdue(&town).len() == 1);
    let late = town.get("韩立春", &path).await;
    assert_eq!((&late.body["overdue"], &late.body["state"]), (&json!(true), &json!("assigned")));
    let entry = &overdue(&town)[0];
    assert_eq!(entry.at(), moment("08:10"), "at the minute, though the clock was looked at later");
    assert_eq!(entry.header.via, "job");
    assert_eq!(entry.header.correlation.to_string(), incident);
    let tally = town.get("韩立春", &format!("/api/incidents/{incident}")).await;
    assert_eq!(tally.body["tasks"], json!({ "open": 1, "overdue": 1, "done": 0 }));

    // A late yes is a yes; that it was late stays.
    let accepted = town.post("于海棠", &format!("{path}/accept"), json!({})).await;
    assert_eq!(accepted.body["overdue"], json!(false));
    assert_eq!(accepted.body["was_late"], json!(true));
    wake(town.at("09:00"));
    town.until(|_| overdue(&town).len() == 2);
    let done = town.post("于海棠", &format!("{path}/finish"), json!({ "report": "完" })).await;
    assert_eq!((&done.body["overdue"], &done.body["state"]), (&json!(false), &json!("done")));
    wake(town.at("11:00"));
    assert_eq!(overdue(&town).len(), 2, "each limit once");
    let thread = town.get("周牧", &format!("/api/incidents/{incident}/timeline")).await;
    assert!(column(&thread, "/items", "title").contains("任务 R-0001 转移低洼户 42 户 逾期未应答"));
    assert!(column(&thread, "/items", "title").contains("任务 R-0001 转移低洼户 42 户 逾期未完成"));
}

#[tokio::test]
async fn a_correction_keeps_what_it_corrects() {
    let town = county();
    crew(&town);
    let incident = incident_from_call(&town, "韩立春", 1).await;
    let other = incident_from_call(&town, "韩立春", 2).await;
    let notes = format!("/api/incidents/{incident}/notes");
    let path = format!("/api/incidents/{incident}/timeline");
    let wrong = town.post("韩立春", &notes, json!({ "text": "受伤 3 人" })).await;
    assert_eq!(wrong.status, 201);
    let seq: i64 = wrong.headers["fengsui-seq"].to_str().expect("text").parse().expect("a seq");
    let note = json!({ "text": "受伤 2 人（重复计数）", "corrects": seq });
    assert_eq!(town.post("周牧", &notes, note.clone()).await.status, 201);

    let timeline = town.get("周牧", &path).await;
    assert_eq!(
        column(&timeline, "/items", "title").lines().skip(1).collect::<Vec<_>>(),
        ["受伤 3 人", "更正：受伤 2 人（重复计数）"]
    );
    assert_eq!(timeline.body["items"][2]["corrects"], json!(seq));
    assert_eq!(timeline.body["items"][0]["significant"], json!(true));
    assert_eq!(timeline.body["items"][1]["significant"], json!(false));
    let rest = town.get("周牧", &format!("{path}?after={seq}")).await;
    assert_eq!(rest.body["items"][0]["corrects"], json!(seq), "though it is on an earlier page");
    let one = town.get("周牧", &format!("{path}?limit=1")).await;
    assert_eq!(one.body["next"], json!(one.body["items"][0]["seq"].to_string()));

    // Only a line of this incident is corrected, and only by who may write.
    let foreign = entries(&town, Book::Log)
        .iter()
        .find(|entry| entry.header.subject.to_string() == other)
        .expect("opened")
        .seq;
    for line in [foreign, 1, 999_999] {
        let note = json!({ "text": "x", "corrects": line });
        assert_eq!(refused(&town.post("韩立春", &notes, note).await), (422, "bad-request"));
    }
    assert_eq!(refused(&town.post("于海棠", &notes, note).await), (403, "forbidden"));
    let empty = town.post("韩立春", &notes, json!({ "text": "  " })).await;
    assert_eq!(refused(&empty), (422, "bad-request"));
}

#[tokio::test]
async fn an_incident_is_closed_once_and_nothing_is_added_after() {
    let town = county();
    let (_, _, team) = crew(&town);
    hire(&town, "白城", "220800", COMMANDER);
    let incident = incident_from_call(&town, "韩立春", 1).await;
    let close = format!("/api/incidents/{incident}/close");
    let reason = || json!({ "reason": "误报" });
    assert_eq!(refused(&town.post("韩立春", &close, reason()).await), (403, "forbidden"));
    assert_eq!(refused(&town.post("白城", &close, reason()).await), (404, "not-found"));
    assert_eq!(
        refused(&town.get("白城", &format!("/api/incidents/{incident}")).await),
        (404, "not-found")
    );
    let timeline = format!("/api/incidents/{incident}/timeline");
    assert_eq!(refused(&town.get("白城", &timeline).await), (404, "not-found"));

    let key = Some("5f0c8e1e-2f5b-4a53-9c57-000000000001");
    let first = town.ask_with("周牧", Method::POST, &close, Some(reason()), key).await;
    let second = town.ask_with("周牧", Method::POST, &close, Some(reason()), key).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 200));
    assert_eq!(first.headers["fengsui-seq"], second.headers["fengsui-seq"], "one fact");
    let other = json!({ "reason": "另一个理由" });
    let reused = town.ask_with("周牧", Method::POST, &close, Some(other), key).await;
    assert_eq!(refused(&reused), (422, "idempotency-key-reused"));
    assert_eq!(refused(&town.post("周牧", &close, reason()).await), (409, "incident-closed"));
    let notes = format!("/api/incidents/{incident}/notes");
    let late = town.post("周牧", &notes, json!({ "text": "补记" })).await;
    assert_eq!(refused(&late), (409, "incident-closed"));
    let task = assign(&town, "韩立春", &incident, &team, "09:00").await;
    assert_eq!(refused(&task), (409, "incident-closed"));
    assert_eq!(kinds(&town), ["incident.opened", "incident.closed"]);

    let open = town.get("周牧", "/api/incidents?state=open").await;
    assert_eq!(open.body["items"], json!([]));
    let closed = town.get("周牧", "/api/incidents?state=closed").await;
    assert_eq!(column(&closed, "/items", "number"), "E-0803-01");
}

#[tokio::test]
async fn incidents_are_numbered_by_the_beijing_day_and_listed_page_by_page() {
    let town = county();
    crew(&town);
    for number in 1..=3 {
        incident_from_call(&town, "韩立春", number).await;
    }
    town.at("23:59:59");
    incident_from_call(&town, "韩立春", 4).await;
    let clock = town.world.clock();
    clock.set(clock.now() + base::Duration::from_secs(1));
    incident_from_call(&town, "韩立春", 5).await;

    let page = town.get("周牧", "/api/incidents?limit=3").await;
    assert_eq!(
        column(&page, "/items", "number").lines().take(2).collect::<Vec<_>>(),
        ["E-0804-01", "E-0803-04"]
    );
    let next = page.body["next"].as_str().expect("more");
    let rest = town.get("周牧", &format!("/api/incidents?limit=3&cursor={next}")).await;
    let mut numbers: Vec<String> = [&page, &rest]
        .iter()
        .flat_map(|page| {
            column(page, "/items", "number").lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    numbers.sort();
    assert_eq!(numbers, ["E-0803-01", "E-0803-02", "E-0803-03", "E-0803-04", "E-0804-01"]);
    assert_eq!(rest.body["next"], json!(null));
    let bad = town.get("周牧", "/api/incidents?cursor=%27or").await;
    assert_eq!(refused(&bad), (422, "bad-request"));
}
