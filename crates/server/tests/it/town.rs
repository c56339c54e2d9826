//! What stories begin with: a river above its line, and people in their posts.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::client::{Client, PASSWORD};
use crate::node::{Node, run, said};
use crate::patience::until;

/// The demonstration's station in 桦甸市 whose 警戒 line is at 262.50 m.
pub const QINGSHI: &str = "0010820551";
pub const HUADIAN: &str = "220282";
/// A county that does not report to 桦甸市, nor it to this one.
pub const JIAOHE: &str = "220281";

/// The demonstration's posts, by account.
pub const OFFICER: &str = "hanlichun";
pub const OFFICER_OF_HUADIAN: &str = "liujingxing";
pub const RESPONDER: &str = "zhaoqiming";
pub const ENGINEER: &str = "luojiaju";

const WAIT: Duration = Duration::from_secs(120);
/// How long a station waits for its acknowledgement where it is to get one, ms.
pub const ANSWER_MS: u32 = 90_000;

/// Opens an account with these roles over `region`, and signs in.
pub fn appoint(node: &Node, account: &str, roles: &[String], region: &str) -> Client {
    appoint_at(node, account, roles, &json!({ "region": region }))
}

/// Like [`appoint`], over a region or an organisation.
pub fn appoint_at(node: &Node, account: &str, roles: &[String], place: &Json) -> Client {
    const HANDED_OUT: &str = "Change-At-Once-1";
    let system = Client::sign_in(node.web, "system");
    let new = json!({ "account": account, "name": "测试人员", "password": HANDED_OUT });
    let id = system.post("/api/accounts", new).ok().field("id");
    let security = Client::sign_in(node.web, "security");
    for role in roles {
        let mut grant = place.clone();
        grant["role"] = json!(role);
        security.post(&format!("/api/accounts/{id}/grants"), grant).ok();
    }
    let holder = Client::sign_in_with(node.web, account, HANDED_OUT);
    let change = json!({ "current": HANDED_OUT, "new": PASSWORD });
    holder.post("/api/session/password", change).ok();
    Client::sign_in(node.web, account)
}

/// Every role that a new node knows.
pub fn all_roles(node: &Node) -> Vec<String> {
    let answer = Client::sign_in(node.web, "security").get("/api/roles").ok();
    let roles = answer.body.as_array().or(answer.body["items"].as_array()).cloned();
    let names = |role: &Json| role["role"].as_str().map(str::to_owned);
    roles.unwrap_or_default().iter().filter_map(names).collect()
}

/// Sends one report of a station whose level is `level`, and says whether the node
/// acknowledged it.
pub fn report(node: &Node, station: &str, level: f64, answer_ms: u32) -> bool {
    let (to, level) = (node.sl651.to_string(), level.to_string());
    let answer = answer_ms.to_string();
    let arguments = ["simulate", "sl651", "--to", &to, "--station", station, "--reports", "1"];
    let values = ["--base", &level, "--crest", &level, "--answer", &answer, "--speed", "1000"];
    let output = run(&[&arguments[..], &values[..]].concat());
    let (told, complaints) = said(&output);
    assert!(output.status.success(), "{complaints}");
    told.starts_with("acknowledged 1,")
}

/// The first item of a list that is as wanted, as soon as there is one.
#[track_caller]
pub fn first(client: &Client, path: &str, wanted: impl Fn(&Json) -> bool) -> Json {
    until(path, WAIT, || client.all(path).into_iter().find(|item| wanted(item)))
}

/// The warning that the node proposes when 青石湾站 passes its line.
pub fn warned(node: &Node) -> Json {
    assert!(report(node, QINGSHI, 263.0, ANSWER_MS), "the report is acknowledged");
    let officer = Client::sign_in(node.web, OFFICER);
    first(&officer, "/api/warnings", |warning| warning["region"] == HUADIAN)
}

/// The id of something.
#[track_caller]
pub fn id(of: &Json) -> String {
    of["id"].as_str().unwrap_or_else(|| panic!("no id: {of}")).to_owned()
}
