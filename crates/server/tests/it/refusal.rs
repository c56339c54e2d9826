//! Every route refuses: nobody, who may not, and who may elsewhere.
//!
//! The routes are those that the running binary declares; one that has no line in
//! the table below fails the story.

use std::collections::{BTreeMap, BTreeSet};

use host::town::Scratch;
use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::node::Node;
use crate::town::{
    ENGINEER, HUADIAN, JIAOHE, OFFICER, OFFICER_OF_HUADIAN, QINGSHI, RESPONDER, all_roles, appoint,
    appoint_at, first, id, report, warned,
};

/// An operation as the node declares it.
#[derive(Debug)]
struct Operation {
    method: String,
    path: String,
    access: Access,
    of_node: bool,
    /// Whether it answers 201: something new.
    makes: bool,
}

#[derive(Debug, PartialEq)]
enum Access {
    Public,
    SignedIn,
    Permission(String),
}

fn operations(node: &Node) -> Vec<Operation> {
    let document = Client::nobody(node.web).get("/api/openapi.json").ok().body;
    let paths = document["paths"].as_object().expect("paths");
    let mut operations = Vec::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().expect("methods") {
            let access = match &operation["x-permission"] {
                _ if operation["security"] == json!([]) => Access::Public,
                Json::String(code) => Access::Permission(code.clone()),
                _ => Access::SignedIn,
            };
            let of_node = operation["x-of-node"] == true;
            let makes = operation["responses"]["201"].is_object();
            let (method, path) = (method.to_uppercase(), path.clone());
            operations.push(Operation { method, path, access, of_node, makes });
        }
    }
    assert!(70 < operations.len(), "{} operations", operations.len());
    operations
}

/// Who does not find what an operation's path names.
enum Names {
    /// Whoever may do this elsewhere only: 404, and 404 for this valid body.
    Record(&'static str, Json),
    /// What an officer of the node has in hand: no role of a region opens it.
    OfOffice(&'static str, Json),
    /// Nothing of a region. The path names something that does not exist: 404.
    OfNode(&'static str, Json),
}

use Names::{OfNode, OfOffice, Record};

/// One line for every operation whose path names something.
fn table(responder: &str, told: &str) -> Vec<(&'static str, &'static str, Names)> {
    let reason = || json!({ "reason": "看看是否被拒绝" });
    let expires = || json!({ "expires": "2099-01-01T00:00:00Z", "reason": "看看是否被拒绝" });
    let task = json!({ "title": "巡堤", "assignee": responder, "due_at": "2099-01-01T00:00:00Z" });
    let details = json!({ "name": "未准入", "class": "river", "region": JIAOHE, "period_s": 300,
        "elements": ["Z"] });
    let role = json!({ "role": "observer", "region": JIAOHE });
    // A colleague says which revision they have read.
    let call = json!({ "what": "河水漫过便桥，改写", "region": HUADIAN, "hazard": "flood",
        "revision": 1 });
    let ask = || json!({ "permission": "task.assign", "region": JIAOHE });
    let none = || Json::Null;
    let stands =
        json!({ "region": JIAOHE, "place": null, "site": null, "reason": "看看是否被拒绝" });
    let turn = || json!({ "since": "2026-01-01", "reason": "看看是否被拒绝" });
    let edit = |details: Json| json!({ "revision": 0, "details": details });
    let contact =
        json!({ "duty": "safety", "person": { "name": "于海棠", "phone": "13812345678" } });
    let book = || json!({ "name": "于海棠", "duty": "村主任", "region": HUADIAN });
    let gone = json!({ "contact": NOBODY_KNOWS, "reason": "离职" });
    let ladder = json!({ "revision": 0, "plan": { "name": "叫应", "levels": ["red"],
        "steps": [{ "contacts": [NOBODY_KNOWS], "channels": ["phone"], "wait_minutes": 5 }] } });
    let heard = json!({ "contact": told, "outcome": "missed" });
    vec![
        ("GET", "/api/ladders/{id}", Record("ladder", none())),
        ("PUT", "/api/ladders/{id}", Record("ladder", ladder)),
        ("POST", "/api/ladders/{id}/retire", Record("ladder", reason())),
        ("GET", "/api/callings/{id}", Record("calling", none())),
        ("POST", "/api/callings/{id}/answer", OfNode(NOBODY_KNOWS, json!({ "answer": "taken" }))),
        ("POST", "/api/callings/{id}/record", Record("calling", heard)),
        ("POST", "/api/callings/{id}/end", Record("calling", reason())),
        ("GET", "/api/contacts/{id}", Record("contact", none())),
        ("PUT", "/api/contacts/{id}", Record("contact", edit(book()))),
        ("GET", "/api/contacts/{id}/address", Record("contact", none())),
        ("POST", "/api/contacts/{id}/retire", Record("contact", reason())),
        ("GET", "/api/enterprises/{id}", Record("enterprise", none())),
        ("PUT", "/api/enterprises/{id}", Record("enterprise", edit(enterprise()))),
        ("GET", "/api/enterprises/{id}/history", Record("enterprise", none())),
        ("POST", "/api/enterprises/{id}/start", Record("enterprise", turn())),
        ("POST", "/api/enterprises/{id}/suspend", Record("enterprise", turn())),
        ("POST", "/api/enterprises/{id}/close", Record("enterprise", turn())),
        ("GET", "/api/enterprises/{id}/contacts", Record("enterprise", none())),
        ("POST", "/api/enterprises/{id}/contacts", Record("enterprise", contact)),
        ("POST", "/api/enterprises/{id}/contacts/remove", Record("enterprise", gone)),
        ("GET", "/api/sites/{id}", Record("site", none())),
        ("PUT", "/api/sites/{id}", Record("site", edit(tank()))),
        ("GET", "/api/sites/{id}/history", Record("site", none())),
        ("POST", "/api/sites/{id}/start", Record("site", turn())),
        ("POST", "/api/sites/{id}/suspend", Record("site", turn())),
        ("POST", "/api/sites/{id}/close", Record("site", turn())),
        ("GET", "/api/stations/{id}", Record("station", none())),
        ("POST", "/api/stations/{id}/edit", Record("station", json!({ "name": "改名" }))),
        ("GET", "/api/stations/{id}/frames", Record("station", none())),
        ("GET", "/api/stations/{id}/points", Record("station", none())),
        ("GET", "/api/stations/{id}/ways", Record("station", none())),
        ("GET", "/api/stations/{id}/underground", Record("station", none())),
        ("GET", "/api/rejects/{id}", Record("reject", none())),
        ("GET", "/api/stations/{id}/person-files", Record("station", none())),
        // Whoever may not know of a station finds none of its files: `sense`, `person_files`.
        ("GET", "/api/person-files/{id}", OfNode(NOBODY_KNOWS, none())),
        ("POST", "/api/person-files/{id}/open", OfNode(NOBODY_KNOWS, reason())),
        ("GET", "/api/stations/{id}/place", Record("station", none())),
        ("POST", "/api/stations/{id}/place", Record("station", stands)),
        ("GET", "/api/stations/{id}/held", Record("station", none())),
        ("GET", "/api/stations/{id}/relay", Record("station", none())),
        ("POST", "/api/stations/{id}/relay", Record("station", json!({ "relay": null }))),
        ("POST", "/api/stations/{id}/silence", Record("station", reason())),
        ("POST", "/api/stations/{id}/replay", Record("station", json!({}))),
        ("GET", "/api/stations/{id}/line", Record("station", none())),
        ("GET", "/api/stations/{id}/forms", Record("station", none())),
        ("GET", "/api/stations/{id}/commands", Record("station", none())),
        (
            "POST",
            "/api/stations/{id}/queries",
            Record("station", json!({ "command": "37", "values": {} })),
        ),
        (
            "POST",
            "/api/stations/{id}/settings",
            Record("station", json!({ "command": "4A", "values": {}, "reason": "校时" })),
        ),
        ("GET", "/api/stations/{id}/commands/{command}", Record("station command", none())),
        ("POST", "/api/stations/{id}/commands/{command}/cancel", Record("station command", none())),
        ("GET", "/api/stations/{id}/keys", Record("station", none())),
        ("POST", "/api/stations/{id}/keys", Record("station", json!({}))),
        ("GET", "/api/stations/{id}/keys/{key}/secret", Record("station key", none())),
        ("POST", "/api/stations/{id}/keys/{key}/end", Record("station key", none())),
        ("POST", "/api/waiting-room/{id}/refuse", Record("device", reason())),
        ("POST", "/api/waiting-room/{id}/admit", Record("device", details)),
        ("GET", "/api/sensors/{id}/readings", Record("sensor", none())),
        ("GET", "/api/sensors/{id}/checks", Record("sensor", none())),
        ("POST", "/api/sensors/{id}/checks", Record("sensor", reason())),
        ("GET", "/api/sensors/{id}/retention", Record("sensor", none())),
        (
            "POST",
            "/api/sensors/{id}/retention",
            Record("sensor", json!({ "class": "for_ever", "reason": "看看是否被拒绝" })),
        ),
        ("GET", "/api/holds/{id}", Record("hold", none())),
        ("POST", "/api/holds/{id}/end", Record("hold", reason())),
        (
            "POST",
            "/api/sensors/{id}/checks/preview",
            Record("sensor", json!({ "settings": reason() })),
        ),
        ("GET", "/api/rules/{id}", Record("rule", none())),
        ("POST", "/api/rules/{id}/retire", Record("rule", reason())),
        (
            "POST",
            "/api/rules/{id}/shelve",
            Record("rule", json!({ "reason": "检修", "until": "2099-01-01T00:00:00Z" })),
        ),
        ("POST", "/api/rules/{id}/unshelve", Record("rule", reason())),
        ("GET", "/api/rules/proposals/{id}", Record("rule", none())),
        ("POST", "/api/rules/proposals/{id}/publish", Record("rule", none())),
        ("POST", "/api/rules/proposals/{id}/return", Record("rule", reason())),
        ("GET", "/api/findings/{id}", Record("finding", none())),
        // A silence of another county is not found: `assess`, `tests/silence.rs`.
        ("GET", "/api/silences/{id}", OfNode(NOBODY_KNOWS, none())),
        ("GET", "/api/silences/{id}/members", OfNode(NOBODY_KNOWS, none())),
        // What the ground does is no county's secret: whoever may read earthquakes finds all.
        ("GET", "/api/earthquakes/{id}", OfNode(NOBODY_KNOWS, none())),
        ("GET", "/api/earthquakes/{id}/shaking", OfNode(NOBODY_KNOWS, none())),
        ("GET", "/api/earthquakes/{id}/exposed", OfNode(NOBODY_KNOWS, none())),
        (
            "POST",
            "/api/earthquakes/{id}/withdraw",
            OfNode(NOBODY_KNOWS, json!({ "report": NOBODY_KNOWS, "reason": "误登" })),
        ),
        ("GET", "/api/earthquake-messages/{id}/raw", OfNode(NOBODY_KNOWS, none())),
        ("GET", "/api/notices/{id}", Record("notice", none())),
        (
            "POST",
            "/api/notices/{id}/acknowledge",
            Record("notice", json!({ "feedback": "已知悉" })),
        ),
        (
            "POST",
            "/api/notices/{id}/verify",
            Record("notice", json!({ "verdict": "checking", "words": "已派人查看" })),
        ),
        (
            "POST",
            "/api/notices/{id}/feedback",
            Record("notice", json!({ "verdict": "checking", "words": "已派人查看" })),
        ),
        ("GET", "/api/warnings/{id}", Record("warning", none())),
        ("GET", "/api/received-warnings/{id}", Record("received", none())),
        ("GET", "/api/received-warnings/{id}/original", Record("received", none())),
        ("GET", "/api/received-rejects/{id}/original", OfNode(NOBODY_KNOWS, none())),
        ("GET", "/api/warnings/{id}/messages", Record("warning", none())),
        ("GET", "/api/warnings/{id}/cap", Record("warning", none())),
        ("POST", "/api/warnings/{id}/edit", Record("warning", json!({ "title": "改题" }))),
        ("POST", "/api/warnings/{id}/review", Record("warning", json!({ "comment": "同意" }))),
        ("POST", "/api/warnings/{id}/return", Record("warning", reason())),
        ("POST", "/api/warnings/{id}/issue", Record("warning", expires())),
        ("POST", "/api/warnings/{id}/issue-urgently", Record("warning", expires())),
        (
            "POST",
            "/api/warnings/{id}/review-afterwards",
            Record("warning", json!({ "comment": "同意" })),
        ),
        ("POST", "/api/warnings/{id}/extend", Record("warning", expires())),
        ("POST", "/api/warnings/{id}/lift", Record("warning", reason())),
        ("POST", "/api/warnings/{id}/discard", Record("warning", reason())),
        ("GET", "/api/incidents/{id}", Record("incident", none())),
        ("GET", "/api/incidents/{id}/timeline", Record("incident", none())),
        ("POST", "/api/incidents/{id}/notes", Record("incident", json!({ "text": "一行" }))),
        ("POST", "/api/incidents/{id}/tasks", Record("incident", task.clone())),
        ("POST", "/api/incidents/{id}/task-requests", Record("incident", task)),
        ("POST", "/api/incidents/{id}/close", Record("incident", reason())),
        ("GET", "/api/intakes/{id}", Record("intake", none())),
        ("PUT", "/api/intakes/{id}", Record("intake", call)),
        ("POST", "/api/intakes/{id}/open", Record("intake", none())),
        ("DELETE", "/api/intakes/{id}", Record("intake", none())),
        ("GET", "/api/tasks/{id}", Record("task", none())),
        ("POST", "/api/tasks/{id}/accept", Record("task", none())),
        ("POST", "/api/tasks/{id}/decline", Record("task", reason())),
        ("POST", "/api/tasks/{id}/finish", Record("task", json!({ "report": "已完成" }))),
        ("POST", "/api/tasks/{id}/cancel", Record("task", reason())),
        ("GET", "/api/handovers/{id}", Record("handover", none())),
        ("PUT", "/api/handovers/{id}", Record("handover", json!({ "revision": 1 }))),
        ("POST", "/api/handovers/{id}/sign", Record("handover", json!({ "revision": 1 }))),
        ("POST", "/api/handovers/{id}/receive", Record("handover", json!({}))),
        ("POST", "/api/handovers/{id}/return", Record("handover", reason())),
        ("POST", "/api/handovers/{id}/withdraw", Record("handover", reason())),
        ("GET", "/api/chains/{correlation}", Record("thread", none())),
        ("POST", "/api/accounts/{id}/disable", OfOffice("system", reason())),
        ("POST", "/api/accounts/{id}/enable", OfOffice("system", none())),
        ("POST", "/api/accounts/{id}/grants", OfOffice("security", role)),
        (
            "PUT",
            "/api/organisations/{id}",
            OfOffice("system", json!({ "name": "桦甸市应急救援大队" })),
        ),
        ("POST", "/api/organisations/{id}/close", OfOffice("system", reason())),
        ("DELETE", "/api/grants/{id}", OfOffice("security", none())),
        (
            "POST",
            "/api/neighbours/{origin}/distrust",
            OfOffice("security", json!({ "fingerprint": "00".repeat(32), "reason": "机器失窃" })),
        ),
        ("POST", "/api/neighbours/{origin}/grants", OfOffice("security", ask())),
        ("POST", "/api/neighbours/{origin}/grants/withdraw", OfOffice("security", ask())),
        ("GET", "/api/requests/{id}", OfNode(NOBODY_KNOWS, none())),
        ("GET", "/api/segments/for/{neighbour}", OfOffice("system", none())),
        ("PUT", "/api/segments/for/{neighbour}/sent", OfOffice("system", json!({ "last": 0 }))),
        ("POST", "/api/custody/proposals/{id}/confirm", OfNode(NOBODY_KNOWS, none())),
        ("GET", "/api/errands/{id}", OfNode(NOBODY_KNOWS, none())),
        (
            "POST",
            "/api/errands/{id}/resolve",
            OfNode(NOBODY_KNOWS, json!({ "decision": "give_up", "reason": "不再需要" })),
        ),
        ("GET", "/api/imports/registers/{name}/template", OfNode("no-such-register", none())),
        ("GET", "/api/imports/{id}", OfNode(NOBODY_KNOWS, none())),
        ("GET", "/api/imports/{id}/faults", OfNode(NOBODY_KNOWS, none())),
        ("GET", "/api/imports/{id}/report", OfNode(NOBODY_KNOWS, none())),
        ("POST", "/api/imports/{id}/columns", OfNode(NOBODY_KNOWS, json!({}))),
        ("POST", "/api/imports/{id}/confirm", OfNode(NOBODY_KNOWS, none())),
        ("POST", "/api/imports/{id}/stop", OfNode(NOBODY_KNOWS, none())),
        ("DELETE", "/api/worlds/{name}", OfNode("no-such-world", none())),
        ("GET", "/api/map/layers/{id}", OfNode("..%2F..%2FCargo.toml", none())),
        ("GET", "/api/map/relief/{shade}", OfNode("purple", none())),
    ]
}

/// What is said of an enterprise in 桦甸市.
fn enterprise() -> Json {
    json!({ "name": "虚构化工有限公司", "credit_code": "91220282MA0FAY001F", "kinds": ["hazchem"],
        "region": HUADIAN })
}

/// And of a tank of it.
fn tank() -> Json {
    json!({ "name": "1# 球罐", "code": "G0001", "region": HUADIAN, "particulars": { "tank":
        { "medium": "液氨", "shape": "sphere", "volume_m3": 400 } } })
}

/// What there is in 桦甸市 when the others come and look, by kind.
fn records(node: &Node) -> BTreeMap<&'static str, String> {
    let [officer, engineer] = [OFFICER, ENGINEER].map(|account| Client::sign_in(node.web, account));
    let of_huadian = Client::sign_in(node.web, OFFICER_OF_HUADIAN);
    let mut records = BTreeMap::new();
    let contact = json!({ "details": { "name": "于海棠", "duty": "村主任", "region": HUADIAN },
        "address": { "mobile": "13812345678" } });
    let contact = engineer.post("/api/contacts", contact).ok().field("id");
    let step = json!({ "contacts": [contact], "channels": ["phone"], "wait_minutes": 120 });
    let plan = json!({ "name": "叫应", "levels": ["red", "orange", "yellow"],
        "steps": [step] });
    let ladder = engineer.post("/api/ladders", json!({ "region": HUADIAN, "plan": plan }));
    records.insert("ladder", ladder.ok().field("id"));
    records.insert("contact", contact);
    // Only what goes out from now on is told by the ladder.
    let warning = warned(node);
    records.insert("calling", id(&first(&officer, "/api/callings", |_| true)));
    let new = json!({ "details": enterprise(), "since": "2025-01-01" });
    let made = engineer.post("/api/enterprises", new).ok().field("id");
    let new = json!({ "enterprise": made, "details": tank(), "since": "2025-01-01" });
    records.insert("site", engineer.post("/api/sites", new).ok().field("id"));
    records.insert("enterprise", made);
    let station = first(&officer, "/api/stations", |station| station["code"] == QINGSHI);
    records.insert("station", id(&station));
    records.insert("sensor", id(&station["sensors"][0]));
    let keys = format!("/api/stations/{}/keys", id(&station));
    let key = engineer.post(&keys, json!({})).ok();
    records.insert("station key", format!("{} {}", id(&station), key.field("id")));
    assert!(!report(node, QINGSHI, 262.0, 300), "its frames are to have the key now");
    let rejected = |reject: &Json| reject["station"] == station["id"];
    records.insert("reject", id(&first(&engineer, "/api/rejects", rejected)));
    let queries = format!("/api/stations/{}/queries", id(&station));
    let asked = engineer.post(&queries, json!({ "command": "45", "values": {} })).ok();
    records.insert("station command", format!("{} {}", id(&station), asked.field("id")));
    let rules = format!("/api/rules?station={}", id(&station));
    records.insert("rule", id(&first(&officer, &rules, |_| true)));
    let finding = first(&officer, "/api/findings", |_| true);
    records.insert("finding", id(&finding));
    records.insert("thread", finding["correlation"].as_str().expect("a thread").to_owned());
    records.insert("notice", id(&first(&officer, "/api/notices", |_| true)));
    records.insert("warning", id(&warning));
    records.insert("received", received(&officer));
    let opened = officer.post("/api/incidents", json!({ "warning": id(&warning) })).ok();
    records.insert("incident", opened.field("id"));
    records.insert("hold", id(&first(&engineer, "/api/holds", |_| true)));
    let responder = of_huadian.get("/api/people?permission=task.do").ok();
    let people = responder.body["items"].as_array().expect("a list");
    let name = Client::sign_in(node.web, RESPONDER).get("/api/session").ok();
    let responder = name.body["person"]["id"].as_str().expect("a person").to_owned();
    assert!(people.iter().any(|person| person["person"] == responder.as_str()), "{people:?}");
    let task = json!({ "title": "巡堤", "assignee": responder, "due_at": "2099-01-01T00:00:00Z" });
    let assigned = officer.post(&format!("/api/incidents/{}/tasks", opened.field("id")), task);
    records.insert("task", assigned.ok().field("id"));
    records.insert("responder", responder);
    let sheet = of_huadian.post("/api/handovers", json!({ "region": HUADIAN })).ok();
    records.insert("handover", sheet.field("id"));
    let intake = "0198f000-0000-7000-8000-000000000001".to_owned();
    let call = json!({ "caller": "于海棠", "phone": "13812345678", "place": "口前镇",
        "region": HUADIAN, "hazard": "flood", "what": "河水漫过便桥" });
    of_huadian.ask("PUT", &format!("/api/intakes/{intake}"), Some(&call)).ok();
    records.insert("intake", intake);
    assert!(!report(node, "2202820001", 100.0, 50), "nobody registered it");
    let device = first(&engineer, "/api/waiting-room", |device| device["region"] == HUADIAN);
    records.insert("device", id(&device));
    records
}

/// A message of another authority that concerns 桦甸.
fn received(officer: &Client) -> String {
    let message = format!(
        "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>QX-1</identifier>\
         <sender>qx@example.cn</sender><sent>2026-08-03T07:30:00+08:00</sent>\
         <status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info>\
         <language>zh-CN</language><category>Met</category><event>暴雨</event>\
         <urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>\
         <headline>暴雨橙色预警</headline><area><areaDesc>桦甸市</areaDesc><geocode>\
         <valueName>GB/T 2260</valueName><value>{HUADIAN}</value></geocode></area></info></alert>"
    );
    let taken = officer.bring("/api/received-warnings", message).ok();
    taken.body["taken"][0].as_str().expect("it is new").to_owned()
}

/// The path with what it names put in; unknown names where none is known.
fn path_of(template: &str, name: &str) -> String {
    // Of what is part of something, both names in the order of the path.
    let mut names = name.split(' ').cycle();
    let words = template.split('/').map(|word| match word.starts_with('{') {
        true => names.next().unwrap_or(name),
        false => word,
    });
    words.collect::<Vec<_>>().join("/")
}

/// The same path in another world.
fn in_world(path: &str, world: Option<&str>) -> String {
    match world {
        None => path.to_owned(),
        Some(world) => path.replacen("/api/", &format!("/api/worlds/{world}/"), 1),
    }
}

const NOBODY_KNOWS: &str = "0198f000-0000-7000-8000-00000000dead";

#[test]
fn every_route_refuses() {
    let scratch = Scratch::new();
    let node = Node::start(scratch.path());
    let operations = operations(&node);
    let records = records(&node);
    let table = table(&records["responder"], &records["contact"]);

    let declared: BTreeSet<(&str, &str)> = operations
        .iter()
        .filter(|operation| operation.path.contains('{') && operation.access != Access::Public)
        .map(|operation| (operation.method.as_str(), operation.path.as_str()))
        .collect();
    let listed: BTreeSet<(&str, &str)> = table.iter().map(|(m, path, _)| (*m, *path)).collect();
    assert_eq!(declared, listed, "the table above has a line for every path that names something");

    let roles = all_roles(&node);
    assert!(7 <= roles.len(), "{roles:?}");
    let idle = appoint(&node, "idle", &[], HUADIAN);
    let outsider = appoint(&node, "outsider", &roles, JIAOHE);
    let insider = appoint(&node, "insider", &roles, HUADIAN);
    let mine = json!({ "name": "虚构矿业有限公司", "kind": "enterprise", "region": HUADIAN });
    let mine = Client::sign_in(node.web, "system").post("/api/organisations", mine).ok();
    let of_mine = appoint_at(&node, "miner", &roles, &json!({ "org": mine.field("id") }));
    let drill = json!({ "name": "lianxi", "kind": "drill", "purpose": "看看谁被拒绝" });
    insider.post("/api/worlds", drill).ok();

    for world in [None, Some("lianxi")] {
        strangers_are_refused(&node, &operations, &records, &idle, world);
        outsiders_find_nothing(&node, &table, &records, &outsider, world);
        outsiders_list_nothing(&operations, &records, &outsider, &insider, world);
    }
    // An organisation that lies here is elsewhere too: what is here is not its own.
    outsiders_find_nothing(&node, &table, &records, &of_mine, None);
    outsiders_list_nothing(&operations, &records, &of_mine, &insider, None);
    outsiders_make_nothing(&operations, &records, &[&outsider, &of_mine], &insider);
    reached_look_and_touch_nothing(&node, &table, &records["responder"], &outsider);
    // Last, for it changes what is there.
    insiders_find_it(&table, &records, &insider);
}

/// Nobody is asked to sign in; who is signed in and may not is told what is missing.
fn strangers_are_refused(
    node: &Node,
    operations: &[Operation],
    records: &BTreeMap<&str, String>,
    idle: &Client,
    world: Option<&str>,
) {
    let nobody = Client::nobody(node.web);
    let mut refused = 0;
    for Operation { method, path, access, of_node, .. } in operations {
        if *access == Access::Public {
            continue;
        }
        let empty = (method != "GET").then(|| json!({}));
        let path = in_world(&path_of(path, &records["warning"]), world);
        let told = nobody.ask(method, &path, empty.as_ref());
        if *of_node && world.is_some() {
            assert_eq!(told.refusal(), (404, "not-found"), "{method} {path}");
            continue;
        }
        assert_eq!(told.refusal(), (401, "not-signed-in"), "{method} {path}");
        assert_eq!(told.header("content-type"), "application/problem+json", "{method} {path}");
        if let Access::Permission(permission) = access {
            let told = idle.ask(method, &path, empty.as_ref());
            assert_eq!(told.refusal(), (403, "forbidden"), "{method} {path}: {}", told.text);
            assert_eq!(told.body["permission"], permission.as_str(), "{method} {path}");
            refused += 1;
        }
    }
    assert!(40 < refused, "{refused} operations need a permission");
}

/// Who holds every role elsewhere finds nothing here, whatever the request says.
fn outsiders_find_nothing(
    node: &Node,
    table: &[(&str, &str, Names)],
    records: &BTreeMap<&str, String>,
    outsider: &Client,
    world: Option<&str>,
) {
    for (method, template, names) in table {
        let (name, body) = match names {
            Record(kind, body) => (records[kind].as_str(), body),
            OfOffice(..) if world.is_some() => continue,
            OfOffice(_, body) => (NOBODY_KNOWS, body),
            OfNode(name, body) => (*name, body),
        };
        // Working state, which a drill begins without: there is nothing to find.
        if world.is_some() && matches!(names, Record("intake" | "device", _)) {
            continue;
        }
        let path = in_world(&path_of(template, name), world);
        let valid = (!body.is_null()).then_some(body);
        if let OfOffice(office, _) = names {
            let told = outsider.ask(method, &path, valid);
            assert_eq!(told.refusal(), (403, "forbidden"), "{method} {path}: {}", told.text);
            let told = Client::sign_in(node.web, office).ask(method, &path, valid);
            assert_eq!(told.refusal(), (404, "not-found"), "{method} {path}: {}", told.text);
            continue;
        }
        if world.is_some() && *template == "/api/worlds/{name}" {
            let told = outsider.ask(method, &path, None);
            assert_eq!(told.refusal(), (409, "not-the-real-world"), "{method} {path}");
            continue;
        }
        if *method != "GET" {
            let told = outsider.ask(method, &path, Some(&json!({})));
            let is_refused = matches!(told.status, 404 | 422);
            assert!(is_refused, "{method} {path}: {} {}", told.status, told.text);
        }
        let told = outsider.ask(method, &path, valid);
        assert_eq!(told.refusal(), (404, "not-found"), "{method} {path}: {}", told.text);
    }
}

/// No list gives away a record; and the insider's lists do have it.
fn outsiders_list_nothing(
    operations: &[Operation],
    records: &BTreeMap<&str, String>,
    outsider: &Client,
    insider: &Client,
    world: Option<&str>,
) {
    let mut seen = BTreeSet::new();
    for Operation { method, path, access, of_node, .. } in operations {
        let is_stream = path == "/api/live";
        let is_elsewhere = *of_node && world.is_some();
        if method != "GET"
            || path.contains('{')
            || *access == Access::Public
            || is_stream
            || is_elsewhere
        {
            continue;
        }
        let path = in_world(path, world);
        let told = outsider.get(&path);
        for (kind, record) in records {
            assert!(!told.text.contains(record.as_str()), "{path} tells of a {kind} outside");
        }
        let known = insider.get(&path).text;
        seen.extend(records.iter().filter(|(_, id)| known.contains(id.as_str())).map(|(k, _)| *k));
    }
    // Calls, devices and rejects are working state, which a drill begins without; what is a
    // part of something stands in no list of its own.
    let expected: BTreeSet<&str> = match world {
        None => records.keys().copied().filter(|kind| !kind.contains(' ')).collect(),
        Some(_) => {
            let is_copied = |kind: &&str| {
                let of_work = ["intake", "device", "reject", "station key", "station command"];
                !of_work.contains(kind)
            };
            records.keys().copied().filter(is_copied).collect()
        }
    };
    assert_eq!(seen, expected, "an insider's lists show the records in {world:?}");
}

/// Something new is made by who holds where it will be at home; each operation that makes
/// something, and whose path names nothing, is asked or belongs to an officer of the node.
fn outsiders_make_nothing(
    operations: &[Operation],
    records: &BTreeMap<&str, String>,
    outsiders: &[&Client],
    insider: &Client,
) {
    let station = json!({ "code": "10829001", "name": "外站", "class": "river", "region": HUADIAN,
        "period_s": 300, "elements": ["Z"] });
    let rule = json!({ "name": "水位超警戒", "sensor": records["sensor"], "hazard": "flood",
        "level": "yellow", "comparison": "at_or_above", "threshold": 262.5, "line": "warning",
        "line_word": "警戒", "source": "虚构", "confidence": "demo" });
    let draft = json!({ "title": "洪水蓝色预警", "hazard": "flood", "level": "blue",
        "region": HUADIAN, "area": "沿江", "matters": "远离河道" });
    let incident = json!({ "warning": records["warning"] });
    let claim = json!({ "kind": "warning", "id": records["warning"] });
    let desk = json!({ "region": HUADIAN });
    let takeover = json!({ "of": { "subjects": [records["incident"]] }, "region": HUADIAN,
        "reason": "对方节点失联" });
    let hold = json!({ "name": "洪水复盘", "reason": "看看是否被拒绝", "region": HUADIAN,
        "from": "2026-01-01T00:00:00Z" });
    let earthquake = json!({ "time": "2020-01-01T00:00:00Z", "lon": 126.75, "lat": 42.97,
        "depth_km": 10, "magnitude": 3.0, "scale": "ML", "place": "桦甸市", "standing": "reviewed",
        "source": "省地震局", "reason": "看看是否被拒绝" });
    let mut other = enterprise();
    other["credit_code"] = json!("91220282MA0FAY002J");
    let mut other_tank = tank();
    other_tank["code"] = json!("G0002");
    let contact = json!({ "details": { "name": "于海棠", "duty": "村主任", "region": HUADIAN },
        "address": { "mobile": "13812345678" } });
    let step = json!({ "contacts": [records["contact"]], "channels": ["phone"],
        "wait_minutes": 5 });
    let ladder = json!({ "region": HUADIAN,
        "plan": { "name": "叫应二", "levels": ["blue"], "steps": [step] } });
    let bodies = [
        ("/api/contacts", contact),
        ("/api/ladders", ladder),
        ("/api/enterprises", json!({ "details": other })),
        ("/api/sites", json!({ "enterprise": records["enterprise"], "details": other_tank })),
        ("/api/stations", station),
        ("/api/rules/proposals", rule),
        ("/api/warnings", draft),
        ("/api/incidents", incident),
        ("/api/duty/claims", claim),
        ("/api/handovers", desk),
        ("/api/holds", hold),
        ("/api/earthquakes", earthquake),
        ("/api/custody/proposals", takeover),
    ];
    for operation in operations.iter().filter(|it| it.makes && !it.path.contains('{')) {
        let Access::Permission(permission) = &operation.access else { continue };
        let path = operation.path.as_str();
        let is_asked = bodies.iter().any(|(asked, _)| *asked == path);
        assert!(is_asked || OF_NO_PLACE.contains(&path), "{path} by {permission} is not asked");
    }
    for (path, body) in bodies {
        for outsider in outsiders {
            let told = outsider.post(path, body.clone());
            assert_eq!(told.refusal(), (404, "not-found"), "{path}: {}", told.text);
        }
        let told = insider.post(path, body);
        // What is refused is the act, not the place: the node owns it itself, a sheet is open.
        let refused = [(409, "own-subject"), (409, "handover-open")];
        let made = told.status < 300 || refused.contains(&told.refusal());
        assert!(made, "{path}: {}", told.text);
    }
}

/// What is made of no place: by the three officers in their office, a drill, which is
/// a world of its own, and an import, which is its bringer's.
const OF_NO_PLACE: [&str; 7] = [
    "/api/accounts",
    "/api/calendar/notices",
    "/api/imports",
    "/api/neighbours",
    "/api/organisations",
    "/api/roles",
    "/api/worlds",
];

/// Who is only reached sees what the city shares, and changes nothing of it.
fn reached_look_and_touch_nothing(
    node: &Node,
    table: &[(&str, &str, Names)],
    responder: &str,
    reached: &Client,
) {
    let officer = Client::sign_in(node.web, OFFICER);
    let draft = json!({ "title": "洪水蓝色预警", "hazard": "flood", "level": "blue",
        "region": HUADIAN, "reach": [JIAOHE], "area": "沿江", "matters": "远离河道" });
    let warning = officer.post("/api/warnings", draft).ok().field("id");
    let incident = officer.post("/api/incidents", json!({ "warning": warning })).ok().field("id");
    let task = json!({ "title": "巡堤", "assignee": responder, "due_at": "2099-01-01T00:00:00Z" });
    let task = officer.post(&format!("/api/incidents/{incident}/tasks"), task).ok().field("id");
    let shared = BTreeMap::from([("warning", warning), ("incident", incident), ("task", task)]);
    let mut touched = 0;
    for (method, template, names) in table {
        let Record(kind, body) = names else { continue };
        let Some(name) = shared.get(kind) else { continue };
        let path = path_of(template, name);
        let told = reached.ask(method, &path, (!body.is_null()).then_some(body));
        if *method == "GET" {
            assert_eq!(told.status, 200, "{path}: {}", told.text);
        } else {
            let refusals = [(403, "forbidden"), (404, "not-found"), (409, "only-reached")];
            assert!(refusals.contains(&told.refusal()), "{method} {path}: {}", told.text);
            touched += 1;
        }
    }
    assert!(15 < touched, "{touched} ways to touch what is shared");
    for (kind, name) in &shared {
        let list = reached.get(&format!("/api/{kind}s")).text;
        assert!(list.contains(name.as_str()), "the list of {kind}s has what reaches here");
    }
}

/// The same requests by who may do this here are not refused for who they are.
fn insiders_find_it(
    table: &[(&str, &str, Names)],
    records: &BTreeMap<&str, String>,
    insider: &Client,
) {
    for (method, template, names) in table {
        let Record(kind, body) = names else { continue };
        let path = path_of(template, &records[kind]);
        let mut body = body.clone();
        if template.ends_with("/admit") || template.ends_with("/place") {
            body["region"] = json!(HUADIAN);
        }
        let told = insider.ask(method, &path, (!body.is_null()).then_some(&body));
        let is_let_in = match *method {
            "GET" => told.status == 200,
            // Done, or a state in which it makes no sense.
            _ => matches!(told.status, 200..=299 | 409),
        };
        assert!(is_let_in, "{method} {path}: {} {}", told.status, told.text);
    }
}
