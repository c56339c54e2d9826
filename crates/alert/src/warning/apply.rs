//! The only writer of `warning`, `warning_finding` and `warning_number`.

use base::Id;
use host::{Entry, Tables, params, row};
use serde_json::json;

use super::fact::{Edited, Issued, Proposed};
use super::{Signature, Status, WarningFact};
use crate::column::hazard_code;

pub(crate) fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &WarningFact) {
    let id = entry.header.subject;
    match fact {
        WarningFact::Proposed(body) => put(tables, entry, body),
        WarningFact::Joined(body) => {
            link(tables, id, body.finding);
            tables.run("update warning set danger_passed_at = null where id = $1", params![id]);
        }
        WarningFact::Edited(body) => edit(tables, id, body),
        WarningFact::Reviewed(body) => tables.run(
            "update warning set status = $2, reviewer = $3, returned = null where id = $1",
            params![id, Status::Reviewed.code(), hand(entry, Some(&body.by), body.comment.clone())],
        ),
        WarningFact::Returned(body) => tables.run(
            "update warning set status = $2, returned = $3, reviewer = null where id = $1",
            params![
                id,
                Status::Returned.code(),
                hand(entry, Some(&body.by), Some(body.reason.clone()))
            ],
        ),
        WarningFact::Issued(body) => issue(tables, entry, body),
        WarningFact::ReviewedAfterwards(body) => tables.run(
            "update warning set reviewed_afterwards = $2 where id = $1",
            params![id, hand(entry, Some(&body.by), body.comment.clone())],
        ),
        WarningFact::ReviewMissed(_) => {
            tables.run("update warning set review_missed = 1 where id = $1", params![id]);
        }
        WarningFact::Extended(body) => {
            tables.run("update warning set expires = $2 where id = $1", params![id, body.expires]);
        }
        WarningFact::Lifted(body) => {
            close(
                tables,
                entry,
                Status::Lifted,
                hand(entry, Some(&body.by), Some(body.reason.clone())),
            );
        }
        WarningFact::Expired(_) => close(tables, entry, Status::Expired, None),
        WarningFact::Discarded(body) => {
            close(
                tables,
                entry,
                Status::Discarded,
                hand(entry, Some(&body.by), Some(body.reason.clone())),
            );
        }
        WarningFact::DangerPassed(_) => tables
            .run("update warning set danger_passed_at = $2 where id = $1", params![id, entry.at()]),
        WarningFact::Superseded(body) => {
            tables.run("update warning set superseded_by = $2 where id = $1", params![id, body.by]);
            close(tables, entry, Status::Superseded, None);
        }
    }
}

fn put(tables: &mut Tables<'_>, entry: &Entry, body: &Proposed) {
    let hands: Vec<Id> = entry.header.actor.person.into_iter().collect();
    let row = row! {
        correlation: entry.header.correlation,
        status: Status::Proposed.code(),
        hazard: hazard_code(body.hazard),
        level: i64::from(body.level.rank()),
        title: &body.title,
        station: body.station,
        station_name: body.station_name.clone(),
        lon: body.point.map(|point| point.lon()),
        lat: body.point.map(|point| point.lat()),
        finding: body.finding,
        supersedes: body.supersedes,
        starts: body.starts,
        area: &body.area,
        matters: &body.matters,
        measures: &body.measures,
        author: hand(entry, body.by.as_ref(), None),
        hands: json!(hands).to_string(),
        review_missed: false,
        opened_at: entry.at(),
    };
    tables.put("warning", entry, row);
    if let Some(finding) = body.finding {
        link(tables, entry.header.subject, finding);
    }
}

fn link(tables: &mut Tables<'_>, warning: Id, finding: Id) {
    tables.run(
        "insert into warning_finding (finding, warning) values ($1, $2) \
         on conflict (finding, warning) do nothing",
        params![finding, warning],
    );
}

fn edit(tables: &mut Tables<'_>, id: Id, body: &Edited) {
    tables.run(
        "update warning set status = $2, title = $3, level = $4, area = $5, matters = $6, \
         measures = $7, hands = $8, reviewer = null, returned = null where id = $1",
        params![
            id,
            Status::Proposed.code(),
            &body.title,
            i64::from(body.level.rank()),
            &body.area,
            &body.matters,
            &body.measures,
            json!(body.hands).to_string(),
        ],
    );
}

fn issue(tables: &mut Tables<'_>, entry: &Entry, body: &Issued) {
    let urgent = body.urgent.as_ref();
    tables.run(
        "update warning set status = $2, issuer = $3, unit = $4, number = $5, numbered_on = $6, \
         starts = $7, expires = $8, urgent_reason = $9, review_due = $10, issued_at = $11 \
         where id = $1",
        params![
            entry.header.subject,
            Status::Issued.code(),
            hand(entry, Some(&body.signer), None),
            &body.content.issuer,
            &body.number.text,
            body.number.day,
            body.content.starts,
            body.expires,
            urgent.map(|urgent| urgent.reason.clone()),
            urgent.map(|urgent| urgent.review_due),
            entry.at(),
        ],
    );
    let (region, number) = (entry.header.region.clone(), &body.number);
    tables.run(
        "insert into warning_number (origin, region, day, last) values ($1, $2, $3, $4) \
         on conflict (origin, region, day) do update set last = excluded.last",
        params![&entry.header.origin, region, number.day, number.serial],
    );
}

fn close(tables: &mut Tables<'_>, entry: &Entry, status: Status, closed: Option<String>) {
    tables.run(
        "update warning set status = $2, closed = $3, closed_at = $4 where id = $1",
        params![entry.header.subject, status.code(), closed, entry.at()],
    );
}

/// The actor's signature as a column; null for what the system did by itself.
fn hand(entry: &Entry, name: Option<&String>, text: Option<String>) -> Option<String> {
    let signature = Signature {
        person: entry.header.actor.person?,
        name: name.cloned().unwrap_or_default(),
        at: entry.at(),
        text,
    };
    Some(json!(signature).to_string())
}
