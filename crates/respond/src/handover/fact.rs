//! What can happen to a sheet, and the only writer of its table.

use base::Timestamp;
use host::{Entry, Summary, Tables, params, row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::model::{Receipt, Sheet, StandIn, Turned, Words};
use crate::person::Person;

host::facts! {
    /// What can happen to a sheet. The subject is the sheet.
    pub enum HandoverFact {
        "handover.begun" v 1 => Begun(Begun),
        "handover.drafted" v 1 => Drafted(Drafted),
        "handover.signed" v 1 => Signed(Signed),
        "handover.returned" v 1 => Returned(Returned),
        "handover.withdrawn" v 1 => Withdrawn(Withdrawn),
        "handover.received" v 1 => Received(Received),
    }
}

/// The officer at the desk opened a sheet.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverBegun")]
pub struct Begun {
    /// `J-0803-01`: by the day at this node.
    pub number: String,
    pub day: String,
    pub serial: i64,
    pub region_name: String,
    pub giver: Person,
    /// Why it is not who took the desk over last.
    pub stands_in: Option<StandIn>,
    /// The last hand-over of this desk; `null` when there was none.
    pub since: Option<Timestamp>,
}

/// What the outgoing officer says, all of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverDrafted")]
pub struct Drafted {
    pub number: String,
    pub words: Words,
}

/// The first signature: what was open at that moment, and who takes it on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverSigned")]
pub struct Signed {
    pub number: String,
    pub giver: Person,
    pub to: Option<Person>,
    pub note: String,
    pub sheet: Sheet,
}

/// Who was to take over sent it back; the first signature holds no more.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverReturned")]
pub struct Returned {
    pub number: String,
    pub by: Person,
    pub reason: String,
}

/// It was taken away before the second signature.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverWithdrawn")]
pub struct Withdrawn {
    pub number: String,
    pub by: Person,
    pub reason: String,
}

/// The second signature: from now on the desk is theirs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverReceived")]
pub struct Received {
    pub number: String,
    pub giver: Person,
    pub by: Person,
    pub receipt: Receipt,
}

pub(super) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &HandoverFact) {
    let id = entry.header.subject;
    match fact {
        HandoverFact::Begun(begun) => {
            let row = row! {
                day: &begun.day,
                serial: begun.serial,
                number: &begun.number,
                region_name: &begun.region_name,
                state: "draft",
                revision: 1,
                giver: begun.giver.person,
                giver_name: &begun.giver.name,
                stands_in: begun.stands_in.as_ref().map(|it| json!(it).to_string()),
                since: begun.since,
                begun_at: entry.at(),
                words: json!(Words::default()).to_string(),
            };
            tables.put("handover", entry, row);
        }
        HandoverFact::Drafted(drafted) => tables.run(
            "update handover set revision = revision + 1, words = $2 where id = $1",
            params![id, json!(drafted.words).to_string()],
        ),
        HandoverFact::Signed(signed) => {
            let lines = &signed.sheet.lines;
            let critical = lines.iter().filter(|line| line.is_critical()).count();
            let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
            tables.run(
                "update handover set revision = revision + 1, state = 'signed', signed_at = $2, \
                 sheet = $3, lines = $4, critical = $5 where id = $1",
                params![
                    id,
                    entry.at(),
                    json!(signed.sheet).to_string(),
                    count(lines.len()),
                    count(critical),
                ],
            );
        }
        HandoverFact::Returned(returned) => tables.run(
            "update handover set revision = revision + 1, state = 'draft', signed_at = null, \
             sheet = null, lines = null, critical = null, turned_back = $2 where id = $1",
            params![id, turned(entry, &returned.by, &returned.reason)],
        ),
        HandoverFact::Withdrawn(withdrawn) => tables.run(
            "update handover set revision = revision + 1, state = 'withdrawn', turned_back = $2 \
             where id = $1",
            params![id, turned(entry, &withdrawn.by, &withdrawn.reason)],
        ),
        HandoverFact::Received(received) => tables.run(
            "update handover set revision = revision + 1, state = 'received', receiver = $2, \
             receiver_name = $3, received_at = $4, receipt = $5 where id = $1",
            params![
                id,
                received.by.person,
                &received.by.name,
                entry.at(),
                json!(received.receipt).to_string(),
            ],
        ),
    }
}

fn turned(entry: &Entry, by: &Person, reason: &str) -> String {
    json!(Turned { by: by.clone(), at: entry.at(), reason: reason.to_owned() }).to_string()
}

pub(super) fn summary(_: &Entry, fact: &HandoverFact) -> Summary {
    let (title, state, number) = match fact {
        HandoverFact::Begun(it) => {
            let title = match &it.stands_in {
                Some(stands_in) => format!(
                    "代 {} 填写交接班 {}：{}",
                    stands_in.instead_of.name, it.number, stands_in.reason
                ),
                None => format!("填写交接班 {}（{}）", it.number, it.region_name),
            };
            (title, "draft", &it.number)
        }
        HandoverFact::Drafted(it) => (format!("改写交接班 {}", it.number), "draft", &it.number),
        HandoverFact::Signed(it) => {
            let critical = it.sheet.lines.iter().filter(|line| line.is_critical()).count();
            let count = it.sheet.lines.len();
            let title = format!("{} 签字交班 {}：未结 {count} 项", it.giver.name, it.number);
            let title = match critical {
                0 => title,
                some => format!("{title}，其中重要 {some} 项"),
            };
            (title, "signed", &it.number)
        }
        HandoverFact::Returned(it) => {
            (format!("退回交接班 {}：{}", it.number, it.reason), "draft", &it.number)
        }
        HandoverFact::Withdrawn(it) => {
            (format!("撤回交接班 {}：{}", it.number, it.reason), "withdrawn", &it.number)
        }
        HandoverFact::Received(it) => {
            let title = format!("{} 接班，{} 交班 {}", it.by.name, it.giver.name, it.number);
            (title, "received", &it.number)
        }
    };
    Summary::new(title, json!({ "state": state, "number": number }))
}
