//! The colleagues of the demonstration: they do what people do, through the doors
//! people use, a little later than you could; so a thread is seen to its end even
//! when nobody touches a key. `--hands-off` sends them home.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use serde_json::{Value as Json, json};

use super::Pace;
use super::people::PASSWORD;
use crate::door::Door;

/// How often somebody looks at the desk.
const LOOK: base::Duration = base::Duration::from_secs(5);
/// How many looks a thing waits for you before a colleague takes it: twenty seconds.
const PATIENCE: u32 = 4;
/// How many looks a team is out before it reports: half a minute.
const OUT: u32 = 6;
/// At which look the telephone rings about an earthquake: after a minute and a half.
const QUAKE: u32 = 18;

/// Works until the process ends; what a door refuses is tried again at the next look.
///
/// - `quakes`: whether an earthquake is reported to them.
pub async fn work(router: Router, pace: Pace, quakes: bool) {
    let mut desk = Desk { router, doors: HashMap::new(), waited: HashMap::new() };
    let look = std::time::Duration::from_millis(pace.of(LOOK).as_millis().unsigned_abs());
    let mut looks = 0;
    loop {
        pause(look).await;
        looks += 1;
        if quakes
            && looks == QUAKE
            && let Err(error) = desk.quake().await
        {
            tracing::debug!(error, "the report of an earthquake was refused");
        }
        if let Err(error) = desk.look().await {
            tracing::debug!(error, "a colleague was refused");
            // Perhaps a session has ended.
            desk.doors.clear();
        }
    }
}

async fn pause(look: std::time::Duration) {
    #[allow(clippy::disallowed_methods, reason = "people of a demonstration live on machine time")]
    tokio::time::sleep(look).await;
}

struct Desk {
    router: Router,
    /// Who has signed in. They stay: an account has so many sessions, and one more ends
    /// the oldest, which may be that of whoever plays with the demonstration.
    doors: HashMap<&'static str, Arc<Door>>,
    /// How many looks each thing has waited.
    waited: HashMap<String, u32>,
}

impl Desk {
    async fn look(&mut self) -> Result<(), String> {
        let leader = self.door("zhoumu").await?;
        let warnings = leader.get("/api/warnings?limit=50").await?;
        let mut refused = Ok(());
        for warning in items(&warnings) {
            // One that a door refuses keeps nobody from the others.
            refused = self.further(&leader, &warning).await.and(refused);
        }
        self.tasks().await.and(refused)
    }

    /// Takes a warning one step on, once it has waited.
    async fn further(&mut self, leader: &Door, warning: &Json) -> Result<(), String> {
        let id = warning["id"].as_str().unwrap_or_default();
        let state = warning["state"].as_str().unwrap_or_default();
        let hazard = warning["hazard"].as_str().unwrap_or_default();
        if !self.has_waited(&format!("{id} {state}"), PATIENCE) {
            return Ok(());
        }
        match state {
            // Rainstorm signals are the weather service's to give.
            "proposed" if hazard == "rainstorm" => {
                let chief = self.door("sunyiwen").await?;
                let body = json!({ "reason": "暴雨预警由气象台发布，雨情已电话通报气象台" });
                chief.post(&format!("/api/warnings/{id}/discard"), body).await?;
            }
            "proposed" => {
                let chief = self.door("sunyiwen").await?;
                let body = json!({ "comment": agreed(hazard) });
                chief.post(&format!("/api/warnings/{id}/review"), body).await?;
            }
            "reviewed" => {
                let body = json!({ "expires": expires(warning) });
                leader.post(&format!("/api/warnings/{id}/issue"), body).await?;
            }
            "issued" if warning["incident"].is_null() => {
                if let Some(task) = task(hazard) {
                    self.open_incident(warning, task).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    async fn open_incident(
        &mut self,
        of: &Json,
        (title, detail): (&str, &str),
    ) -> Result<(), String> {
        let warning = of["id"].as_str().unwrap_or_default();
        let officer = self.door("hanlichun").await?;
        let incidents = officer.get("/api/incidents?limit=50").await?;
        // What took the place of another warning goes on in that one's incident.
        let follows = &of["supersedes"];
        let known = items(&incidents).into_iter().any(|incident| {
            let its = &incident["warning"];
            its == warning || its.is_string() && its == follows
        });
        if known {
            return Ok(());
        }
        let incident = officer.post("/api/incidents", json!({ "warning": warning })).await?;
        let people = officer.get("/api/people?permission=task.do").await?;
        let team = items(&people).into_iter().find(|person| person["name"] == "赵启明");
        let team = team.ok_or("nobody can take a task")?;
        let id = incident["id"].as_str().unwrap_or_default();
        let task = json!({
            "title": title,
            "detail": detail,
            "assignee": team["person"],
            "due_at": incident["opened_at"].as_str().map(in_an_hour),
        });
        officer.post(&format!("/api/incidents/{id}/tasks"), task).await?;
        Ok(())
    }

    async fn tasks(&mut self) -> Result<(), String> {
        let team = self.door("zhaoqiming").await?;
        let tasks = team.get("/api/tasks?mine=true&state=assigned").await?;
        for task in items(&tasks) {
            let id = task["id"].as_str().unwrap_or_default().to_owned();
            if self.has_waited(&format!("{id} assigned"), PATIENCE) {
                team.post(&format!("/api/tasks/{id}/accept"), json!({})).await?;
            }
        }
        let tasks = team.get("/api/tasks?mine=true&state=accepted").await?;
        for task in items(&tasks) {
            let id = task["id"].as_str().unwrap_or_default().to_owned();
            if self.has_waited(&format!("{id} accepted"), OUT) {
                let report =
                    json!({ "report": "已到现场处置，人员清点完毕，无人受伤；情况仍在观察。" });
                team.post(&format!("/api/tasks/{id}/finish"), report).await?;
            }
        }
        Ok(())
    }

    /// A small earthquake at 松原, as an agency's feed tells of it; no more than a line to read.
    async fn quake(&mut self) -> Result<(), String> {
        let officer = self.door("hanlichun").await?;
        let node = officer.get("/api/node").await?;
        let now = node["now"].as_str().and_then(|now| now.parse::<base::Timestamp>().ok());
        let now = now.ok_or("a node without a time")?.as_millis();
        let quaked = now - 120_000;
        let feature = json!({
            "type": "Feature", "id": format!("demo{quaked}"),
            "properties": { "mag": 3.1, "magType": "ml", "place": "演示地震",
                "time": quaked, "updated": now, "status": "automatic", "net": "us",
                "type": "earthquake" },
            "geometry": { "type": "Point", "coordinates": [124.86, 45.21, 9.0] },
        });
        let document = feature.to_string().into_bytes();
        officer.bring("/api/earthquake-reports?source=demo", document).await.map(drop)
    }

    async fn door(&mut self, account: &'static str) -> Result<Arc<Door>, String> {
        if let Some(door) = self.doors.get(account) {
            return Ok(Arc::clone(door));
        }
        let door = Arc::new(Door::sign_in(&self.router, account, PASSWORD).await?);
        self.doors.insert(account, Arc::clone(&door));
        Ok(door)
    }

    fn has_waited(&mut self, what: &str, patience: u32) -> bool {
        let waited = self.waited.entry(what.to_owned()).or_default();
        *waited += 1;
        patience <= *waited
    }
}

/// What the chief says to a proposed warning.
fn agreed(hazard: &str) -> &'static str {
    match hazard {
        "flood" => "上游站同步上涨，同意",
        "hazardous_chemical" => "已与企业调度室电话核实，探测器正常，同意",
        "coal_mine" => "已与矿调度核实，工作面已撤人，同意",
        _ => "已核实，同意",
    }
}

/// Title and detail of what a team is sent to do; `None`: a warning is enough.
fn task(hazard: &str) -> Option<(&'static str, &'static str)> {
    Some(match hazard {
        "flood" => ("沿江低洼户巡查，做好转移准备", "红石砬子镇沿江 8 个村，逐户核实人数并报告。"),
        "hazardous_chemical" => (
            "液氨罐区外围警戒，核实堵漏",
            "上风向集结，500 米内人员劝离；与企业一起核实泄漏点并报告。",
        ),
        "coal_mine" => ("到矿核实甲烷超限处置", "核实工作面撤人、断电和通风情况，甲烷回落后报告。"),
        _ => return None,
    })
}

fn items(page: &Json) -> Vec<Json> {
    page["items"].as_array().cloned().unwrap_or_default()
}

/// Six hours after the moment that the warning's danger began.
fn expires(warning: &Json) -> Option<String> {
    let starts = warning["content"]["starts"].as_str()?.parse::<base::Timestamp>().ok()?;
    Some((starts + base::Duration::from_hours(6)).to_string())
}

fn in_an_hour(moment: &str) -> String {
    match moment.parse::<base::Timestamp>() {
        Ok(moment) => (moment + base::Duration::from_hours(1)).to_string(),
        Err(_) => moment.to_owned(),
    }
}
