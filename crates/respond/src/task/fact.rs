//! What can happen to a task.

use base::{Id, Timestamp};
use host::{Entry, Summary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::person::Person;

host::facts! {
    /// What can happen to a task.
    pub enum TaskFact {
        "task.assigned" v 1 => Assigned(Assigned),
        "task.accepted" v 1 => Accepted(Accepted),
        "task.declined" v 1 => Declined(Declined),
        "task.finished" v 1 => Finished(Finished),
        "task.cancelled" v 1 => Cancelled(Cancelled),
        "task.overdue" v 1 => Overdue(Overdue),
    }
}

/// Somebody was told to do something.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Assigned {
    /// `R-0217`: counted at this node.
    pub number: String,
    /// The number as a number, from 1.
    pub serial: i64,
    pub incident: Id,
    pub incident_title: String,
    pub title: String,
    pub detail: String,
    pub assignee: Person,
    /// Who gave it, by name at that time.
    pub assigned_by: Option<String>,
    /// No answer by then is overdue.
    pub accept_by: Timestamp,
    /// Not done by then is overdue.
    pub due_at: Timestamp,
}

/// The facts of a task repeat its number and title, so that a line of the log
/// reads without looking anything up.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Accepted {
    pub number: String,
    pub title: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Declined {
    pub number: String,
    pub title: String,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Finished {
    pub number: String,
    pub title: String,
    pub report: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Cancelled {
    pub number: String,
    pub title: String,
    pub reason: String,
}

/// A limit passed; the task goes on, the record stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Overdue {
    pub number: String,
    pub title: String,
    pub assignee: Person,
    pub limit: Limit,
    pub at: Timestamp,
}

/// The two limits of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Nobody said yes or no.
    Accept,
    /// It was not done.
    Due,
}

pub(crate) fn summary(_: &Entry, fact: &TaskFact) -> Summary {
    let line = |what: &str, number: &str, title: &str| format!("{what}任务 {number} {title}");
    let data = |state: &str, number: &str| serde_json::json!({ "state": state, "number": number });
    match fact {
        TaskFact::Assigned(task) => Summary::new(
            line("派", &task.number, &task.title),
            serde_json::json!({
                "state": "assigned",
                "number": task.number,
                "name": task.title,
                "incident": task.incident,
                "assignee": task.assignee,
                "accept_by": task.accept_by,
                "due_at": task.due_at,
                "detail": format!("受令 {}", task.assignee.name),
            }),
        ),
        TaskFact::Accepted(task) => {
            Summary::new(line("接受", &task.number, &task.title), data("accepted", &task.number))
        }
        TaskFact::Declined(task) => {
            let mut data = data("declined", &task.number);
            data["detail"] = serde_json::json!(task.reason);
            Summary::new(line("拒绝", &task.number, &task.title), data)
        }
        TaskFact::Finished(task) => {
            let mut data = data("done", &task.number);
            data["detail"] = serde_json::json!(task.report);
            Summary::new(line("完成", &task.number, &task.title), data)
        }
        TaskFact::Cancelled(task) => {
            let mut data = data("cancelled", &task.number);
            data["detail"] = serde_json::json!(task.reason);
            Summary::new(line("撤销", &task.number, &task.title), data)
        }
        TaskFact::Overdue(task) => {
            let what = match task.limit {
                Limit::Accept => "未应答",
                Limit::Due => "未完成",
            };
            Summary::new(
                format!("任务 {} {} 逾期{what}", task.number, task.title),
                serde_json::json!({
                    "number": task.number,
                    "overdue": true,
                    "limit": task.limit,
                    "detail": format!("受令 {}", task.assignee.name),
                }),
            )
        }
    }
}
