//! The duty desk: whose it is, what is late, what was done.

use expect_test::expect;

use super::*;

#[tokio::test]
async fn the_desk_parts_what_is_mine_from_what_others_have() {
    let town = county();
    let (_, _, team) = crew(&town);
    hire(&town, "赵启明", "220282", OFFICER);
    hire(&town, "白城", "220800", OFFICER);
    let incident = incident_from_call(&town, "韩立春", 1).await;
    assign(&town, "韩立春", &incident, &team, "09:00").await;
    town.at("08:01");
    assert_eq!(put(&town, "韩立春", &call(2), json!({ "what": "冒烟" })).await.status, 200);

    let groups = |answer: &Answer| {
        let part = |name: &str| {
            let items = answer.body["groups"][name].as_array().expect("a list").clone();
            let lines = items.iter().map(|item| {
                format!(
                    "{name} {} {} {} {} overdue={}",
                    item["kind"].as_str().unwrap_or_default(),
                    item["title"].as_str().unwrap_or_default(),
                    item["owner"]["name"].as_str().unwrap_or("-"),
                    item["action"].as_str().unwrap_or("-"),
                    item["overdue"],
                )
            });
            lines.collect::<Vec<_>>().join("\n")
        };
        ["mine", "others", "done"].map(part).join("\n")
    };
    expect![[r#"
        mine incident 红石砬子镇桦树林村：村道过水，报告人家进水，回电138****5678 韩立春 handle overdue=false
        mine intake 冒烟 韩立春 continue overdue=false
        others task 任务 R-0001 转移低洼户 42 户 于海棠 - overdue=false
    "#]]
    .assert_eq(&groups(&town.get("韩立春", "/api/duty").await));
    expect![[r#"
        mine task 任务 R-0001 转移低洼户 42 户 于海棠 accept overdue=false
        others incident 红石砬子镇桦树林村：村道过水，报告人家进水，回电138****5678 韩立春 - overdue=false
    "#]]
    .assert_eq(&groups(&town.get("于海棠", "/api/duty").await));
    assert_eq!(groups(&town.get("白城", "/api/duty").await).trim(), "", "another city's desk");

    // Late, the task is its assigner's trouble, and stands first.
    wake(town.at("08:10"));
    town.until(|_| kinds(&town).iter().any(|kind| kind == "task.overdue"));
    expect![[r#"
        mine task 任务 R-0001 转移低洼户 42 户 韩立春 chase overdue=true
        mine incident 红石砬子镇桦树林村：村道过水，报告人家进水，回电138****5678 韩立春 handle overdue=false
        mine intake 冒烟 韩立春 continue overdue=false

    "#]]
    .assert_eq(&groups(&town.get("韩立春", "/api/duty").await));

    // A colleague takes the incident over; the log says so by itself.
    let claim = json!({ "kind": "incident", "id": incident });
    let taken = town.post("赵启明", "/api/duty/claims", claim.clone()).await;
    assert_eq!(taken.status, 204);
    let again = town.post("赵启明", "/api/duty/claims", claim.clone()).await;
    assert_eq!(again.status, 204);
    assert_eq!(kinds(&town).iter().filter(|kind| *kind == "duty.claimed").count(), 1);
    let desk = town.get("赵启明", "/api/duty").await;
    assert_eq!(desk.body["groups"]["mine"][0]["owner"]["name"], "赵启明");
    assert_eq!(
        desk.body["log"][0]["text"],
        "认领事件 红石砬子镇桦树林村：村道过水，报告人家进水，回电138****5678"
    );
    assert_eq!(town.post("周牧", "/api/duty/claims", claim.clone()).await.status, 204);
    let desk = town.get("周牧", "/api/duty").await;
    assert!(desk.body["log"][0]["text"].as_str().expect("text").starts_with("从 赵启明 接手事件"));

    let far = town.post("白城", "/api/duty/claims", claim).await;
    assert_eq!(refused(&far), (404, "not-found"));
    let wrong_kind = json!({ "kind": "warning", "id": incident });
    let answer = town.post("赵启明", "/api/duty/claims", wrong_kind).await;
    assert_eq!(refused(&answer), (404, "not-found"));
    town.person("过客", "220282", &[incident::READ]);
    assert_eq!(refused(&town.get("过客", "/api/duty").await), (403, "forbidden"));
}

#[tokio::test]
async fn clocks_run_are_met_and_are_late() {
    let town = county();
    let (_, _, team) = crew(&town);
    let incident = incident_from_call(&town, "韩立春", 1).await;
    let clocks = |answer: &Answer| {
        let clocks = answer.body["clocks"].as_array().expect("a list").iter();
        let lines = clocks.map(|clock| {
            format!(
                "{} {} done={} overdue={}",
                clock["title"].as_str().unwrap_or_default(),
                clock["due"].as_str().unwrap_or_default(),
                clock["done_at"].as_str().unwrap_or("-"),
                clock["overdue"]
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    let first = assign(&town, "韩立春", &incident, &team, "09:00").await;
    town.at("08:05");
    assign(&town, "韩立春", &incident, &team, "08:30").await;
    expect![[r#"
        任务回执 于海棠 2026-08-03T00:10:00.000Z done=- overdue=false
        任务回执 于海棠 2026-08-03T00:15:00.000Z done=- overdue=false"#]]
    .assert_eq(&clocks(&town.get("韩立春", "/api/duty").await));
    let path = format!("/api/tasks/{}", first.body["id"].as_str().expect("an id"));
    assert_eq!(town.post("于海棠", &format!("{path}/accept"), json!({})).await.status, 200);
    town.at("08:15");
    expect![[r#"
        任务回执 于海棠 2026-08-03T00:15:00.000Z done=- overdue=true
        任务完成 于海棠 2026-08-03T01:00:00.000Z done=- overdue=false
        任务回执 于海棠 2026-08-03T00:10:00.000Z done=2026-08-03T00:05:00.000Z overdue=false"#]]
    .assert_eq(&clocks(&town.get("韩立春", "/api/duty").await));

    let report = json!({ "report": "完" });
    assert_eq!(town.post("于海棠", &format!("{path}/finish"), report).await.status, 200);
    let desk = town.get("韩立春", "/api/duty").await;
    assert_eq!(column(&desk, "/groups/done", "title"), "完成任务 R-0001 转移低洼户 42 户");
    assert_eq!(desk.body["groups"]["done"][0]["owner"]["name"], "于海棠");
    assert_eq!(desk.body["now"], json!(moment("08:15")));
    assert_eq!(desk.body["truncated"], json!(false));
}

#[tokio::test]
async fn the_log_shows_what_the_caller_may_see_and_no_more() {
    let town = county();
    let (_, _, team) = crew(&town);
    let incident = incident_from_call(&town, "韩立春", 1).await;
    assign(&town, "韩立春", &incident, &team, "09:00").await;
    hire(&town, "值班", "220282", &[duty::READ, incident::READ]);
    hire(&town, "白城", "220800", OFFICER);
    let desk = town.get("值班", "/api/duty").await;
    assert_eq!(column(&desk, "/log", "kind"), "incident.opened", "no tasks: not theirs to see");
    assert_eq!(desk.body["log"][0]["subject"], json!(incident));
    assert_eq!(town.get("白城", "/api/duty").await.body["log"], json!([]));
}

#[tokio::test]
async fn the_tables_are_what_the_log_folds_to() {
    let town = county();
    let (_, _, team) = crew(&town);
    let incident = incident_from_call(&town, "韩立春", 1).await;
    let task = assign(&town, "韩立春", &incident, &team, "09:00").await;
    let path = format!("/api/tasks/{}", task.body["id"].as_str().expect("an id"));
    assert_eq!(town.post("于海棠", &format!("{path}/accept"), json!({})).await.status, 200);
    let claim = json!({ "kind": "incident", "id": incident });
    assert_eq!(town.post("周牧", "/api/duty/claims", claim).await.status, 204);
    let (_, differences) = town.world.compare_with_fold().expect("folds");
    assert!(differences.is_empty(), "{differences:?}");
}

#[tokio::test]
async fn waiting_devices_are_one_row_for_who_may_admit_them() {
    let town = county();
    hire(&town, "通信", "220282", &[duty::READ, sense::waiting::ADMIT]);
    hire(&town, "白城", "220800", &[duty::READ, sense::waiting::ADMIT]);
    hire(&town, "韩立春", "220282", OFFICER);
    let first_seen = moment("07:00");
    let knocked = town.world.run(Lane::Urgent, "test", move |tx| {
        for (number, state) in [(1, "waiting"), (2, "waiting"), (3, "refused")] {
            let seen = first_seen + base::Duration::from_mins(number);
            tx.work().run(
                "insert into waiting_device (id, protocol, code, region, class, source, first_seen, \
                 last_seen, frames, last_hex, state) \
                 values ($1, 'sl651', $2, '220282', 'internal', '10.0.0.9', $3, $3, 1, '7e7e', $4)",
                host::params![id(number as u128), format!("220282000{number}"), seen, state],
            )?;
        }
        Ok(())
    });
    knocked.expect("they knock");
    let desk = town.get("通信", "/api/duty").await;
    assert_eq!(column(&desk, "/groups/mine", "title"), "2 台设备等候准入");
    assert_eq!(desk.body["groups"]["mine"][0]["since"], json!(moment("07:01")));
    for name in ["白城", "韩立春"] {
        assert_eq!(town.get(name, "/api/duty").await.body["groups"]["mine"], json!([]), "{name}");
    }
}
