//! The colleagues of the demonstration: they do what people do, through the doors
//! people use, a little later than you could; so a thread is seen to its end even
//! when nobody touches a key. `--hands-off` sends them home.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use serde_json::{Value as Json, json};

use super::people::PASSWORD;
use crate::door::Door;

/// How often somebody looks at the desk.
const LOOK: Duration = Duration::from_secs(5);
/// How many looks a thing waits for you before a colleague takes it: half a minute.
const PATIENCE: u32 = 6;

/// Works until the process ends; what a door refuses is tried again at the next look.
pub async fn work(router: Router) {
    let mut desk = Desk { router, doors: HashMap::new(), waited: HashMap::new() };
    loop {
        pause().await;
        if let Err(error) = desk.look().await {
            tracing::debug!(error, "a colleague was refused");
            // Perhaps a session has ended.
            desk.doors.clear();
        }
    }
}

async fn pause() {
    #[allow(clippy::disallowed_methods, reason = "people of a demonstration live on machine time")]
    tokio::time::sleep(LOOK).await;
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
        for warning in items(&warnings) {
            let id = warning["id"].as_str().unwrap_or_default().to_owned();
            let state = warning["state"].as_str().unwrap_or_default().to_owned();
            if !self.has_waited(&format!("{id} {state}")) {
                continue;
            }
            match state.as_str() {
                "proposed" => {
                    let chief = self.door("sunyiwen").await?;
                    let body = json!({ "comment": "上游站同步上涨，同意" });
                    chief.post(&format!("/api/warnings/{id}/review"), body).await?;
                }
                "reviewed" => {
                    let body = json!({ "expires": expires(&warning) });
                    leader.post(&format!("/api/warnings/{id}/issue"), body).await?;
                }
                "issued" if warning["incident"].is_null() => self.open_incident(&id).await?,
                _ => {}
            }
        }
        self.tasks().await
    }

    async fn open_incident(&mut self, warning: &str) -> Result<(), String> {
        let officer = self.door("hanlichun").await?;
        let incidents = officer.get("/api/incidents?limit=50").await?;
        let known = items(&incidents).into_iter().any(|incident| incident["warning"] == warning);
        if known {
            return Ok(());
        }
        let incident = officer.post("/api/incidents", json!({ "warning": warning })).await?;
        let people = officer.get("/api/people?permission=task.do").await?;
        let team = items(&people).into_iter().find(|person| person["name"] == "赵启明");
        let team = team.ok_or("nobody can take a task")?;
        let id = incident["id"].as_str().unwrap_or_default();
        let task = json!({
            "title": "沿江低洼户巡查，做好转移准备",
            "detail": "红石砬子镇沿江 8 个村，逐户核实人数并报告。",
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
            if self.has_waited(&format!("{id} assigned")) {
                team.post(&format!("/api/tasks/{id}/accept"), json!({})).await?;
            }
        }
        Ok(())
    }

    async fn door(&mut self, account: &'static str) -> Result<Arc<Door>, String> {
        if let Some(door) = self.doors.get(account) {
            return Ok(Arc::clone(door));
        }
        let door = Arc::new(Door::sign_in(&self.router, account, PASSWORD).await?);
        self.doors.insert(account, Arc::clone(&door));
        Ok(door)
    }

    fn has_waited(&mut self, what: &str) -> bool {
        let waited = self.waited.entry(what.to_owned()).or_default();
        *waited += 1;
        PATIENCE <= *waited
    }
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
