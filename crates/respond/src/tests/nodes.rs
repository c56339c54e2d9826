//! Stories of a province and a county that send each other segments.

use super::*;

const PROVINCE: &[Permission] =
    &[incident::READ, task::READ, task::REQUEST, host::request::READ, host::neighbour::TRUST];

const TAKER: &[Permission] = &[
    incident::READ,
    incident::CLOSE,
    incident::NOTE,
    task::READ,
    task::ASSIGN,
    host::custody::TAKE,
];

/// 桦甸 and the province above it, each believing the other's key.
fn two_nodes() -> (Town, Town) {
    let (county, province) = (county(), Town::of_origin("province", parts(), ""));
    atlas::seed(&province.world).expect("seeded");
    county.announces();
    province.announces();
    county.trusts(&province);
    province.trusts(&county);
    hire(&province, "省厅值班员", "220000", PROVINCE);
    (county, province)
}

/// The county lets the province assign tasks in 桦甸.
async fn lets_assign(county: &Town) {
    county.person("何守安", "220282", &[host::neighbour::TRUST]);
    let grant = json!({ "permission": "task.assign", "region": "220282" });
    let answer = county.post("何守安", "/api/neighbours/province/grants", grant).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
}

fn wanted(assignee: &Caller, due: &str, until: &str) -> Json {
    json!({ "title": "加派一队到桦树林村", "assignee": assignee.person, "due_at": moment(due),
        "until": moment(until) })
}

async fn states(town: &Town, name: &str) -> String {
    column(&town.get(name, "/api/requests").await, "/items", "state")
}

fn same_tables(town: &Town) {
    let (_, differences) = town.world.compare_with_fold().expect("folds");
    assert!(differences.is_empty(), "{differences:?}");
}

#[tokio::test]
async fn a_province_asks_for_a_task_and_the_county_gives_it_once() {
    let (county, province) = two_nodes();
    let (_, _, team) = crew(&county);
    lets_assign(&county).await;
    let incident = incident_from_call(&county, "韩立春", 1).await;
    county.sends(&province);
    let path = format!("/api/incidents/{incident}/task-requests");
    let owner = async |town: &Town, name: &str| {
        let one = town.get(name, &format!("/api/incidents/{incident}")).await.body;
        let all = town.get(name, "/api/incidents").await.body;
        assert_eq!(one["owner"], all["items"][0]["owner"], "in the list as alone");
        one["owner"].clone()
    };
    assert_eq!(owner(&province, "省厅值班员").await, "town", "it says whom to ask");
    assert_eq!(owner(&county, "韩立春").await, Json::Null, "one's own");

    let directly =
        province.post("省厅值班员", &format!("/api/incidents/{incident}/tasks"), json!({})).await;
    assert_eq!(directly.status, 403);
    let asked = province.post("省厅值班员", &path, wanted(&team, "10:00", "09:00")).await;
    assert_eq!(asked.status, 201, "{:?}", asked.body);
    assert_eq!(asked.body["to"], "town");
    assert_eq!(states(&province, "省厅值班员").await, "made");

    let everything = {
        let mut bytes = Vec::new();
        let (openness, scope) = (host::Class::Internal, host::Scope::Node);
        let wanted = host::segment::Outgoing { after: 0, limit: 1_000, openness, scope };
        host::segment::write(&province.world, &wanted, &mut bytes).expect("written");
        bytes
    };
    let take = || host::segment::take_in(&county.world, &mut &everything[..]).expect("taken in");
    assert!(0 < take().new);
    assert_eq!(take().new, 0, "the same file again");
    county.settle();
    let tasks = county.get("周牧", "/api/tasks").await;
    assert_eq!(column(&tasks, "/items", "title"), "加派一队到桦树林村");
    let accept =
        format!("/api/tasks/{}/accept", tasks.body["items"][0]["id"].as_str().expect("an id"));
    assert_eq!(county.post("于海棠", &accept, json!({})).await.status, 200, "it is like any other");
    let log = entries(&county, Book::Log);
    let assigned = log.iter().find(|entry| entry.kind() == "task.assigned").expect("there");
    let request = asked.body["request"].as_str().expect("an id");
    let basis = assigned.header.basis.as_deref().expect("whose wish it was");
    assert_eq!(basis, format!("request {request} of province, 省厅值班员"));
    let answers = log.iter().filter(|entry| entry.kind() == "request.accepted");
    assert_eq!(answers.count(), 1);

    county.sends(&province);
    province.settle();
    let list = province.get("省厅值班员", "/api/requests").await;
    assert_eq!(list.body["items"][0]["state"], "accepted");
    assert_eq!(list.body["items"][0]["answer"]["task"], tasks.body["items"][0]["id"]);
    let one = province.get("省厅值班员", &format!("/api/requests/{request}")).await;
    assert_eq!(one.body, list.body["items"][0]);
    for (state, found) in [("accepted", 1), ("made", 0), ("refused", 0), ("expired", 0)] {
        let some = province.get("省厅值班员", &format!("/api/requests?state={state}")).await;
        assert_eq!(some.body["items"].as_array().map(Vec::len), Some(found), "{state}");
    }
    let odd = province.get("省厅值班员", "/api/requests?state=lost").await;
    assert_eq!(odd.status, 422, "{:?}", odd.body);
    province.person("邻市", "220100", &[host::request::READ]);
    let elsewhere = province.get("邻市", &format!("/api/requests/{request}")).await;
    assert_eq!(elsewhere.status, 404, "what is asked of 桦甸 is not of 长春");
    let seen = province.get("省厅值班员", "/api/tasks").await;
    assert_eq!(column(&seen, "/items", "state"), "accepted", "and what came of it");
    same_tables(&county);
    same_tables(&province);
}

#[tokio::test]
async fn a_county_refuses_in_words_what_it_does_not_grant_or_cannot_do() {
    let (county, province) = two_nodes();
    let (_, _, team) = crew(&county);
    let stranger = province.person("外人", "220000", &[]);
    let incident = incident_from_call(&county, "韩立春", 1).await;
    county.sends(&province);
    let path = format!("/api/incidents/{incident}/task-requests");
    let ask = async |body: Json| {
        assert_eq!(province.post("省厅值班员", &path, body).await.status, 201);
        province.sends(&county);
        county.settle();
        county.sends(&province);
        let list = province.get("省厅值班员", "/api/requests").await;
        let item = &list.body["items"][0];
        (
            item["state"].as_str().expect("a state").to_owned(),
            item["answer"].as_str().map(str::to_owned),
        )
    };
    let (state, answer) = ask(wanted(&team, "10:00", "09:00")).await;
    assert_eq!(
        (&*state, answer.as_deref()),
        ("refused", Some("this node does not let province ask for task.assign"))
    );
    lets_assign(&county).await;
    province.at("08:01");
    let (state, answer) = ask(wanted(&stranger, "10:00", "09:00")).await;
    assert_eq!(state, "refused");
    assert!(answer.expect("a reason").starts_with("assignee is"), "nobody of the county");
    county.at("09:30");
    province.at("08:02");
    let (state, answer) = ask(wanted(&team, "10:00", "09:00")).await;
    assert_eq!(state, "refused");
    assert!(answer.expect("a reason").contains("after its time"), "it came too late");
    let kinds = kinds(&county);
    assert!(!kinds.iter().any(|kind| kind == "task.assigned"), "{kinds:?}");

    let withdraw = "/api/neighbours/province/grants/withdraw";
    let grant = json!({ "permission": "task.assign", "region": "220282" });
    assert_eq!(county.post("何守安", withdraw, grant.clone()).await.status, 200);
    assert_eq!(county.post("何守安", withdraw, grant).await.status, 404);
    let odd = json!({ "permission": "incident.close", "region": "220282" });
    let odd = county.post("何守安", "/api/neighbours/province/grants", odd).await;
    assert_eq!(odd.status, 422, "nothing that a request needs");
    let own = format!("/api/incidents/{incident}/task-requests");
    hire(&county, "周牧二", "220282", &[task::REQUEST]);
    let own = county.post("周牧二", &own, wanted(&team, "11:00", "10:00")).await;
    assert_eq!(refused(&own), (409, "own-subject"));
    same_tables(&county);
    same_tables(&province);
}

#[tokio::test]
async fn a_request_without_an_answer_expires_and_a_late_answer_still_counts() {
    let (county, province) = two_nodes();
    let (_, _, team) = crew(&county);
    lets_assign(&county).await;
    let incident = incident_from_call(&county, "韩立春", 1).await;
    county.sends(&province);
    let path = format!("/api/incidents/{incident}/task-requests");
    province.post("省厅值班员", &path, wanted(&team, "10:00", "09:00")).await;
    province.sends(&county);
    county.settle();
    province.at("09:00");
    wake(&province);
    province.until(|world| {
        let newest = world.read_now(|db| host::log::before(db, Book::Log, i64::MAX, 1));
        newest.is_ok_and(|entries| entries.iter().any(|entry| entry.kind() == "request.expired"))
    });
    assert_eq!(states(&province, "省厅值班员").await, "expired");
    county.sends(&province);
    assert_eq!(states(&province, "省厅值班员").await, "accepted", "it was done in time");
    province.sends(&county);
    county.person("看", "220282", &[host::request::READ]);
    assert_eq!(states(&county, "看").await, "accepted", "seen the same from below");
    same_tables(&county);
    same_tables(&province);
}

fn count(town: &Town, kind: &str, origin: &str) -> usize {
    let log = entries(town, Book::Log);
    log.iter().filter(|entry| entry.kind() == kind && entry.header.origin == origin).count()
}

async fn custody(town: &Town, name: &str) -> Json {
    town.get(name, "/api/custody").await.body
}

#[tokio::test]
async fn two_persons_take_over_from_a_dead_node_and_it_stops_when_it_comes_back() {
    let (county, province) = two_nodes();
    let third = Town::of_origin("city", parts(), "");
    atlas::seed(&third.world).expect("seeded");
    third.announces();
    third.trusts(&county);
    third.trusts(&province);
    third.person("看", "220000", &[host::custody::TAKE, task::READ]);
    let (_, _, team) = crew(&county);
    county.person("何守安", "220282", &[host::neighbour::TRUST]);
    let grant = json!({ "permission": "custody.take", "region": "220000" });
    let answer = county.post("何守安", "/api/neighbours/province/grants", grant).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    let incident = incident_from_call(&county, "韩立春", 1).await;
    let task = assign(&county, "韩立春", &incident, &team, "10:00").await.body;
    let task = format!("/api/tasks/{}", task["id"].as_str().expect("an id"));
    county.settle();
    county.sends(&province);
    // From here on nobody hears of the county; it works on.
    county.at("08:05").post("于海棠", &format!("{task}/accept"), json!({})).await;

    hire(&province, "甲", "220000", TAKER);
    hire(&province, "乙", "220000", TAKER);
    province.person("丙", "220200", TAKER);
    let note = format!("/api/incidents/{incident}/notes");
    let early = province.post("甲", &note, json!({ "text": "代记" })).await;
    assert_eq!(refused(&early), (409, "not-owned"));
    let body = json!({ "of": { "origin": "town" }, "region": "220282", "reason": "县局机房进水" });
    let elsewhere = province.post(
        "丙",
        "/api/custody/proposals",
        json!({ "of": { "origin": "town" },
        "region": "220000", "reason": "县局机房进水" }),
    );
    assert_eq!(elsewhere.await.status, 404, "not in their regions");
    let proposed = province.post("甲", "/api/custody/proposals", body).await;
    assert_eq!(proposed.status, 201, "{:?}", proposed.body);
    let id = proposed.body["id"].as_str().expect("an id").to_owned();
    let decided = json!({ "id": id, "of": { "origin": "town" }, "from": "town", "to": "province" });
    assert_eq!(proposed.body, decided);
    let first = province.caller("甲");
    let listed = custody(&province, "甲").await;
    assert_eq!(listed["proposals"][0]["id"], id.as_str());
    assert_eq!(listed["proposals"][0]["proposer"], json!(first.person));
    assert_eq!(listed["proposals"][0]["region"], "220282");
    assert_eq!(listed["moves"], json!([]), "nothing has moved yet");
    let heard = &listed["nodes"];
    assert_eq!((&heard[0]["origin"], &heard[0]["owner"]), (&json!("town"), &json!("town")));
    let sent = entries(&province, Book::Log);
    let sent = sent.iter().filter(|entry| entry.header.origin == "town").count();
    assert_eq!(heard[0]["position"], sent, "as far as the county was heard");
    assert!(heard[0]["last_at"].is_string(), "{heard:?}");
    let confirm = format!("/api/custody/proposals/{id}/confirm");
    assert_eq!(refused(&province.post("甲", &confirm, json!({})).await), (409, "same-person"));
    assert_eq!(province.post("甲", &note, json!({ "text": "代记" })).await.status, 409, "not yet");
    let taken = province.post("乙", &confirm, json!({})).await;
    assert_eq!(taken.body, decided);
    let listed = custody(&province, "甲").await;
    assert_eq!(listed["origins"][0]["owner"], "province", "{listed}");
    assert_eq!(listed["nodes"][0]["owner"], "province");
    let moved = &listed["moves"][0];
    assert_eq!((&moved["from"], &moved["to"]), (&json!("town"), &json!("province")));
    assert_eq!((&moved["taken"], &moved["by"]), (&json!(true), &json!(["甲", "乙"])));
    assert_eq!(moved["known"], sent, "what it had of the county is said");
    province.person("丁", "220100", TAKER);
    let seen = custody(&province, "丁").await;
    assert_eq!(seen["moves"], json!([]), "桦甸's change of hands is not theirs to see");
    let incident_now = province.get("甲", &format!("/api/incidents/{incident}")).await;
    assert_eq!(incident_now.body["owner"], Json::Null, "it acts for it now");
    assert_eq!(refused(&province.post("乙", &confirm, json!({})).await), (409, "already-taken"));

    province.at("08:10");
    wake(&province);
    province.until(|_| count(&province, "task.overdue", "province") == 1);
    assert_eq!(province.post("甲", &note, json!({ "text": "省厅代管" })).await.status, 201);
    let cancel = json!({ "reason": "改由省队办理" });
    let cancelled = province.post("乙", &format!("{task}/cancel"), cancel).await;
    assert_eq!(cancelled.body["state"], "cancelled", "{:?}", cancelled.body);

    // The county is back: what it did meanwhile is shown, and changes nothing.
    county.sends(&province);
    province.person("安", "220000", &[host::neighbour::TRUST]);
    let heard = province.get("安", "/api/neighbours").await.body;
    assert_eq!(
        (&heard["heard"][0]["origin"], &heard["heard"][0]["conflicts"]),
        (&json!("town"), &json!(1))
    );
    let may_ask = heard["may_ask"].as_array().expect("a list");
    let may_ask: Vec<_> = may_ask.iter().map(|it| it["code"].as_str().expect("a code")).collect();
    assert_eq!(may_ask, ["custody.take", "task.assign"]);
    let seen = custody(&province, "甲").await;
    let conflicts = seen["conflicts"].as_array().expect("a list");
    assert_eq!(conflicts.len(), 1, "{conflicts:?}");
    assert_eq!(
        (&conflicts[0]["kind"], &conflicts[0]["owner"]),
        (&json!("task.accepted"), &json!("province"))
    );
    assert_eq!(province.get("甲", &task).await.body["state"], "cancelled");
    let line = province.get("甲", &format!("/api/incidents/{incident}/timeline")).await;
    assert!(column(&line, "/items", "title").contains("（已归 province，未采用）接受任务 R-0001"));

    // It learns of it, and stops; its jobs too.
    province.sends(&county);
    assert_eq!(county.get("周牧", &task).await.body["state"], "cancelled");
    let late = county.post("周牧", &note, json!({ "text": "县局恢复" })).await;
    assert_eq!(refused(&late), (409, "not-owned"));
    assert!(late.body["detail"].as_str().expect("words").starts_with("province owns this"));
    let fresh = put(&county, "韩立春", &call(2), form()).await;
    assert_eq!(fresh.status, 200, "a call is taken down all the same");
    let fresh = county.post("韩立春", &format!("{}/open", call(2)), json!({})).await;
    assert_eq!(refused(&fresh), (409, "not-owned"), "what it would make is the province's too");
    county.person("安", "220282", &[host::neighbour::TRUST]);
    let key = county.post("安", "/api/node/key/change", json!({})).await;
    assert_eq!(key.status, 200, "its own key is its own");

    // Whoever granted the province nothing goes on believing the county.
    county.sends(&third);
    province.sends(&third);
    assert_eq!(third.get("看", &task).await.body["state"], "accepted");
    let seen = custody(&third, "看").await;
    assert_eq!(
        (seen["origins"].as_array().map(Vec::len), seen["conflicts"].as_array().map(Vec::len)),
        (Some(0), Some(4))
    );

    let back = json!({ "of": { "origin": "town" }, "to": "town", "region": "220282", "reason": "县局已恢复" });
    let back = province.post("甲", "/api/custody/pass", back).await;
    assert_eq!(back.body["to"], "town", "{:?}", back.body);
    assert_eq!(custody(&province, "甲").await["origins"][0]["owner"], "town");
    province.sends(&county);
    assert_eq!(county.post("周牧", &note, json!({ "text": "县局恢复" })).await.status, 201);
    assert_eq!(
        refused(&province.post("甲", &note, json!({ "text": "又" })).await),
        (409, "not-owned")
    );
    county.sends(&province);
    for town in [&county, &province, &third] {
        same_tables(town);
    }
}

#[tokio::test]
async fn an_owner_passes_one_subject_and_nobody_passes_what_is_not_theirs() {
    let (county, province) = two_nodes();
    crew(&county);
    county.person("局长", "220282", TAKER);
    province.person("甲", "220000", TAKER);
    let first = incident_from_call(&county, "韩立春", 1).await;
    let second = incident_from_call(&county, "韩立春", 2).await;
    county.sends(&province);
    let of = |incident: &str, to: &str| {
        json!({ "of": { "subjects": [incident] }, "to": to,
        "region": "220282", "reason": "跨县事件由省厅牵头" })
    };
    let stolen = province.post("甲", "/api/custody/pass", of(&first, "province")).await;
    assert_eq!(refused(&stolen), (409, "not-owned"));
    for odd in [json!([]), json!(vec![Id::from_u128(7); 201])] {
        let mut body = of(&first, "province");
        body["of"]["subjects"] = odd;
        assert_eq!(county.post("局长", "/api/custody/pass", body).await.status, 422);
    }
    let unknown = county
        .post("局长", "/api/custody/pass", of(&Id::from_u128(7).to_string(), "province"))
        .await;
    assert_eq!(unknown.status, 404);
    let passed = county.post("局长", "/api/custody/pass", of(&first, "province")).await;
    assert_eq!((&passed.body["from"], &passed.body["to"]), (&json!("town"), &json!("province")));
    let listed = custody(&county, "局长").await;
    assert_eq!(listed["subjects"], 1, "{listed}");
    let moved = &listed["moves"][0];
    assert_eq!((&moved["to"], &moved["taken"]), (&json!("province"), &json!(false)));
    assert_eq!((&moved["by"], moved["known"].is_null()), (&json!(["局长"]), true));
    assert_eq!(moved["named"][0]["subject"], first.as_str());
    assert_eq!(moved["named"][0]["kind"], "incident.opened");
    assert!(moved["named"][0]["title"].is_string(), "named as people know it: {moved}");
    // Who may take over and read no incidents learns which record moved, not what is in it.
    county.person("管", "220282", &[host::custody::TAKE]);
    let unnamed = json!([{ "subject": first, "kind": "incident.opened", "title": null }]);
    assert_eq!(custody(&county, "管").await["moves"][0]["named"], unnamed);
    county.sends(&province);
    let again = of(&second, "province");
    let again = json!({ "of": again["of"], "region": "220282", "reason": "跨县事件由省厅牵头" });
    let proposed = province.post("甲", "/api/custody/proposals", again).await;
    assert_eq!(proposed.status, 201, "{:?}", proposed.body);
    province.person("管", "220000", &[host::custody::TAKE]);
    for (who, named) in [("甲", true), ("管", false)] {
        let listed = custody(&province, who).await;
        let first = &listed["proposals"][0]["named"][0];
        assert_eq!(first["subject"], second.as_str(), "{who}");
        assert_eq!(first["title"].is_string(), named, "{who}: {first}");
    }
    let note = |incident: &str| format!("/api/incidents/{incident}/notes");
    let text = json!({ "text": "一行" });
    assert_eq!(province.post("甲", &note(&first), text.clone()).await.status, 201);
    assert_eq!(province.post("甲", &note(&second), text.clone()).await.status, 409);
    assert_eq!(county.post("周牧", &note(&first), text.clone()).await.status, 409);
    assert_eq!(county.post("周牧", &note(&second), text).await.status, 201);
    province.sends(&county);
    assert_eq!(custody(&county, "局长").await["conflicts"], json!([]));
    same_tables(&county);
    same_tables(&province);
}
