//! What can happen to an incident. No fact names who called, nor their number.

use base::{Hazard, Id, Level, Point};
use host::{Entry, Summary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

host::facts! {
    /// What can happen to an incident.
    pub enum IncidentFact {
        "incident.opened" v 1 => Opened(Opened),
        "incident.noted" v 1 => Noted(Noted),
        "incident.closed" v 1 => Closed(Closed),
    }
}

/// An incident was opened.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Opened {
    /// `E-0803-01`: month and day in Beijing, and which of that day at this node.
    pub number: String,
    /// The Beijing day of the number, `2026-08-03`.
    pub day: String,
    /// Which of the day, from 1.
    pub serial: i64,
    pub title: String,
    /// What was reported, in full; the caller's name and number are taken out.
    pub detail: Option<String>,
    pub hazard: Hazard,
    pub level: Option<Level>,
    pub region_name: String,
    pub point: Option<Point>,
    /// In words: a station, a village, a road and its kilometre.
    pub place: String,
    pub source: Source,
    pub casualties: Option<Casualties>,
    /// Who opened it, by name at that time.
    pub by: Option<String>,
}

/// Where an incident came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    Warning {
        warning: Id,
    },
    /// The intake is a working row that is forgotten in time; the fact is not.
    Call {
        intake: Id,
    },
}

/// People harmed, as reported; `None` is "not known", which is not 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Casualties {
    pub dead: Option<u32>,
    pub injured: Option<u32>,
    pub trapped: Option<u32>,
}

/// Somebody wrote a line into the time line.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Noted {
    pub text: String,
    /// The entry that this one corrects; that entry stays as it was.
    pub corrects: Option<Id>,
}

/// An incident was ended.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Closed {
    /// Who closed it, by name at that time.
    pub by: String,
    pub reason: String,
}

pub(crate) fn summary(_: &Entry, fact: &IncidentFact) -> Summary {
    match fact {
        IncidentFact::Opened(opened) => {
            let from = match opened.source {
                Source::Warning { .. } => "预警转为事件",
                Source::Call { .. } => "来电立事件",
            };
            Summary::new(
                format!("{from} {}：{}", opened.number, opened.title),
                serde_json::json!({
                    "number": opened.number,
                    "name": opened.title,
                    "state": "open",
                    "level": opened.level,
                    "hazard": opened.hazard,
                    "point": opened.point,
                    "detail": opened.detail,
                }),
            )
        }
        IncidentFact::Noted(noted) => {
            let title = match noted.corrects {
                Some(_) => format!("更正：{}", noted.text),
                None => noted.text.clone(),
            };
            Summary::new(title, serde_json::json!({ "corrects": noted.corrects }))
        }
        IncidentFact::Closed(closed) => Summary::new(
            format!("结束事件：{}", closed.reason),
            serde_json::json!({ "state": "closed" }),
        ),
    }
}
