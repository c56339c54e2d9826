//! What can happen to a warning. Each body carries the title, so that a line of the
//! duty log is whole by itself.

use base::{Hazard, Id, Level, Point, Timestamp};
use host::{Entry, Summary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Content, WarningId};
use crate::number::Number;

host::facts! {
    /// What can happen to a warning. The subject is the warning.
    pub enum WarningFact {
        "warning.proposed" v 2 => Proposed(Proposed),
        "warning.joined" v 1 => Joined(Joined),
        "warning.edited" v 1 => Edited(Edited),
        "warning.reviewed" v 1 => Reviewed(Reviewed),
        "warning.returned" v 1 => Returned(Returned),
        "warning.issued" v 2 => Issued(Issued),
        "warning.reviewed_afterwards" v 1 => ReviewedAfterwards(ReviewedAfterwards),
        "warning.review_missed" v 1 => ReviewMissed(ReviewMissed),
        "warning.extended" v 1 => Extended(Extended),
        "warning.lifted" v 1 => Lifted(Lifted),
        "warning.expired" v 1 => Expired(Expired),
        "warning.discarded" v 1 => Discarded(Discarded),
        "warning.danger_passed" v 1 => DangerPassed(DangerPassed),
        "warning.superseded" v 1 => Superseded(Superseded),
    } upcast host::fact::less;
}

/// A rule (no actor in the entry) or a person wants a warning.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Proposed {
    pub title: String,
    /// Who drafted it, by name at that time; `None` for a rule.
    pub by: Option<String>,
    pub hazard: Hazard,
    pub level: Level,
    /// The station whose finding it rests on.
    pub station: Option<Id>,
    pub station_name: Option<String>,
    pub point: Option<Point>,
    pub finding: Option<Id>,
    /// When the danger begins; the warning itself begins no earlier than its issue.
    pub starts: Timestamp,
    pub area: String,
    pub matters: String,
    /// One a line.
    pub measures: String,
    /// The warning whose place it takes when it is issued.
    pub supersedes: Option<WarningId>,
}

/// A further finding of the same station and hazard, no more severe than the warning.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Joined {
    pub title: String,
    pub finding: Id,
    pub level: Level,
}

/// Its text or level was changed; it wants a review again.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Edited {
    pub title: String,
    pub level: Level,
    pub area: String,
    pub matters: String,
    pub measures: String,
    /// Everybody who has written in it so far.
    pub hands: Vec<Id>,
}

/// A second person agrees.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Reviewed {
    pub title: String,
    /// Who did it, by name at that time.
    pub by: String,
    pub comment: Option<String>,
}

/// Sent back to be written again.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Returned {
    pub title: String,
    /// Who did it, by name at that time.
    pub by: String,
    pub reason: String,
}

/// Signed and in force.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Issued {
    pub title: String,
    pub hazard: Hazard,
    pub number: Number,
    /// All eight items of art. 64.
    pub content: Content,
    /// 签发人, by name; the entry's actor is the person.
    pub signer: String,
    pub expires: Timestamp,
    pub urgent: Option<UrgentIssue>,
}

/// Issued without the review before it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct UrgentIssue {
    pub reason: String,
    /// Until when another person must have reviewed it.
    pub review_due: Timestamp,
}

/// The review that an urgent issue owes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ReviewedAfterwards {
    pub title: String,
    /// Who did it, by name at that time.
    pub by: String,
    pub comment: Option<String>,
}

/// Nobody reviewed an urgent issue in time. The review is still owed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ReviewMissed {
    pub title: String,
    pub review_due: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Extended {
    pub title: String,
    pub expires: Timestamp,
}

/// A person ended it: the danger is over.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Lifted {
    pub title: String,
    /// Who did it, by name at that time.
    pub by: String,
    pub number: Option<String>,
    pub reason: String,
}

/// Its time ran out.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Expired {
    pub title: String,
    pub number: Option<String>,
    pub expires: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Discarded {
    pub title: String,
    /// Who did it, by name at that time.
    pub by: String,
    pub reason: String,
}

/// All its findings have cleared: a hint. A person lifts.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct DangerPassed {
    pub title: String,
    /// The finding that cleared last.
    pub finding: Id,
}

/// Another warning took its place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Superseded {
    pub title: String,
    pub by: WarningId,
    pub by_number: String,
}

pub(crate) fn summary(entry: &Entry, fact: &WarningFact) -> Summary {
    match fact {
        WarningFact::Proposed(body) => {
            let by = if entry.header.actor.person.is_some() {
                "起草预警"
            } else {
                "规则建议预警"
            };
            let data = json!({
                "state": "proposed", "title": body.title, "level": body.level,
                "hazard": body.hazard, "station": body.station, "finding": body.finding,
                "supersedes": body.supersedes,
            });
            Summary::new(format!("{by}：{}", body.title), data)
        }
        WarningFact::Joined(body) => Summary::new(
            format!("又一{}色判定并入预警：{}", body.level.word(), body.title),
            json!({ "title": body.title, "finding": body.finding, "danger_passed": false }),
        ),
        WarningFact::Edited(body) => Summary::new(
            format!("修改预警，待重新审核：{}", body.title),
            json!({ "state": "proposed", "title": body.title, "level": body.level }),
        ),
        WarningFact::Reviewed(body) => Summary::new(
            format!("审核通过：{}{}", body.title, remark(body.comment.as_deref())),
            json!({ "state": "reviewed", "title": body.title }),
        ),
        WarningFact::Returned(body) => Summary::new(
            format!("退回预警：{}{}", body.title, remark(Some(&body.reason))),
            json!({ "state": "returned", "title": body.title }),
        ),
        WarningFact::Issued(body) => issued(body),
        WarningFact::ReviewedAfterwards(body) => Summary::new(
            format!("紧急签发已补审：{}{}", body.title, remark(body.comment.as_deref())),
            json!({ "title": body.title, "reviewed_afterwards": true }),
        ),
        WarningFact::ReviewMissed(body) => Summary::new(
            format!("紧急签发逾期未补审：{}", body.title),
            json!({ "title": body.title, "review_missed": true, "review_due": body.review_due }),
        ),
        WarningFact::Extended(body) => Summary::new(
            format!("预警延期至 {}：{}", minute(body.expires), body.title),
            json!({ "title": body.title, "expires": body.expires }),
        ),
        WarningFact::Lifted(body) => Summary::new(
            format!("解除预警：{}{}", body.title, remark(Some(&body.reason))),
            json!({ "state": "lifted", "title": body.title, "number": body.number }),
        ),
        WarningFact::Expired(body) => Summary::new(
            format!("预警到期：{}", body.title),
            json!({ "state": "expired", "title": body.title, "number": body.number }),
        ),
        WarningFact::Discarded(body) => Summary::new(
            format!("不予发布：{}{}", body.title, remark(Some(&body.reason))),
            json!({ "state": "discarded", "title": body.title }),
        ),
        WarningFact::DangerPassed(body) => Summary::new(
            format!("判定条件已解除，可考虑解除预警：{}", body.title),
            json!({ "title": body.title, "danger_passed": true, "finding": body.finding }),
        ),
        WarningFact::Superseded(body) => Summary::new(
            format!("预警由 {} 替代：{}", body.by_number, body.title),
            json!({ "state": "superseded", "title": body.title, "by": body.by }),
        ),
    }
}

fn issued(body: &Issued) -> Summary {
    let how = if body.urgent.is_some() { "紧急签发" } else { "签发" };
    let title = format!(
        "{how} {} {}，有效至 {}，{} {}",
        body.number.text,
        body.title,
        minute(body.expires),
        body.content.issuer,
        body.signer
    );
    let data = json!({
        "state": "issued", "title": body.title, "level": body.content.level,
        "hazard": body.hazard, "number": body.number.text, "expires": body.expires,
        "review_due": body.urgent.as_ref().map(|urgent| urgent.review_due),
    });
    Summary::new(title, data)
}

fn remark(text: Option<&str>) -> String {
    text.map_or(String::new(), |text| format!("（{text}）"))
}

/// `08-03 09:09`, Beijing time.
fn minute(moment: Timestamp) -> String {
    let ([_, month, day], [hour, minute, _]) = moment.beijing_fields();
    format!("{month:02}-{day:02} {hour:02}:{minute:02}")
}
