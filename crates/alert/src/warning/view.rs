//! A warning as the API gives it: with the region's name, and what the caller may do.

use std::collections::BTreeMap;

use base::{AdminCode, Hazard, Id, Level, Point, Timestamp};
use host::{Caller, Permission, Read, Result};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::Officer;
use super::{
    Action, Content, DRAFT, ISSUE, ISSUE_URGENTLY, LIFT, REVIEW, Signature, Status, Warning,
    WarningId, store,
};

/// A warning as the API gives it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Warning")]
pub(crate) struct WarningView {
    id: WarningId,
    /// 文号, such as `Y-220282-0803-02`.
    number: Option<String>,
    level: Level,
    hazard: Hazard,
    title: String,
    state: Status,
    region: AdminCode,
    region_name: String,
    station: Option<Id>,
    station_name: Option<String>,
    point: Option<Point>,
    /// The finding that it was proposed for.
    finding: Option<Id>,
    /// All findings that it rests on.
    findings: Vec<Id>,
    correlation: Id,
    content: Content,
    /// `null`: proposed by a rule.
    author: Option<Signed>,
    reviewer: Option<Commented>,
    /// Why it was sent back, while it is returned.
    returned: Option<Reasoned>,
    issuer: Option<Signed>,
    urgent: Option<UrgentView>,
    expires: Option<Timestamp>,
    lifted: Option<Reasoned>,
    discarded: Option<Reasoned>,
    closed_at: Option<Timestamp>,
    supersedes: Option<WarningId>,
    superseded_by: Option<WarningId>,
    /// A hint to lift it: when all its findings had cleared.
    danger_passed_at: Option<Timestamp>,
    opened_at: Timestamp,
    /// What the caller may do with it now.
    allowed: Vec<Action>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Signed {
    person: Id,
    name: String,
    at: Timestamp,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Commented {
    person: Id,
    name: String,
    at: Timestamp,
    comment: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Reasoned {
    person: Id,
    name: String,
    at: Timestamp,
    reason: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Urgent")]
struct UrgentView {
    reason: String,
    review_due: Timestamp,
    /// The review was late, or is.
    missed: bool,
    reviewed_at: Option<Timestamp>,
    reviewed_by: Option<String>,
    comment: Option<String>,
}

/// Shows warnings to one caller; remembers what it has asked per region.
pub(crate) struct Viewer<'a> {
    caller: &'a Caller,
    unit: &'a str,
    regions: BTreeMap<AdminCode, (String, Officer)>,
}

impl<'a> Viewer<'a> {
    /// - `unit`: 发布单位 of what is not issued yet.
    pub(crate) fn new(caller: &'a Caller, unit: &'a str) -> Viewer<'a> {
        Viewer { caller, unit, regions: BTreeMap::new() }
    }

    pub(crate) fn view(&mut self, db: &mut dyn Read, warning: Warning) -> Result<WarningView> {
        if !self.regions.contains_key(&warning.region) {
            let name = region_name(db, &warning.region)?;
            let officer = officer(db, self.caller, &warning.region)?;
            self.regions.insert(warning.region.clone(), (name, officer));
        }
        let (region_name, officer) = &self.regions[&warning.region];
        let allowed = warning.allowed(officer);
        let content = warning.content(self.unit);
        let findings = store::findings(db, warning.id)?;
        let closed = |status| warning.closed.clone().filter(|_| warning.status == status);
        let (lifted, discarded) = (closed(Status::Lifted), closed(Status::Discarded));
        Ok(WarningView {
            id: warning.id,
            number: warning.number,
            level: warning.level,
            hazard: warning.hazard,
            title: warning.title,
            state: warning.status,
            region: warning.region,
            region_name: region_name.clone(),
            station: warning.station,
            station_name: warning.station_name,
            point: warning.point,
            finding: warning.finding,
            findings,
            correlation: warning.correlation,
            content,
            author: warning.author.map(signed),
            reviewer: warning.reviewer.map(commented),
            returned: warning.returned.map(reasoned),
            issuer: warning.issuer.map(signed),
            urgent: warning.urgent.map(|urgent| {
                let reviewed = urgent.reviewed;
                UrgentView {
                    reason: urgent.reason,
                    review_due: urgent.review_due,
                    missed: urgent.missed,
                    reviewed_at: reviewed.as_ref().map(|signature| signature.at),
                    comment: reviewed.as_ref().and_then(|signature| signature.text.clone()),
                    reviewed_by: reviewed.map(|signature| signature.name),
                }
            }),
            expires: warning.expires,
            lifted: lifted.map(reasoned),
            discarded: discarded.map(reasoned),
            closed_at: warning.closed_at,
            supersedes: warning.supersedes,
            superseded_by: warning.superseded_by,
            danger_passed_at: warning.danger_passed_at,
            opened_at: warning.opened_at,
            allowed,
        })
    }
}

/// What the caller may do with each of these warnings now, in their order.
pub fn allowed(
    db: &mut dyn Read,
    caller: &Caller,
    warnings: &[Warning],
) -> Result<Vec<Vec<Action>>> {
    let mut officers: BTreeMap<&AdminCode, Officer> = BTreeMap::new();
    let mut each = Vec::with_capacity(warnings.len());
    for warning in warnings {
        if !officers.contains_key(&warning.region) {
            officers.insert(&warning.region, officer(db, caller, &warning.region)?);
        }
        each.push(warning.allowed(&officers[&warning.region]));
    }
    Ok(each)
}

/// The caller as an officer of one region.
pub(crate) fn officer(db: &mut dyn Read, caller: &Caller, region: &AdminCode) -> Result<Officer> {
    let mut holds: Vec<Permission> = Vec::new();
    for permission in [DRAFT, REVIEW, ISSUE, ISSUE_URGENTLY, LIFT] {
        let Ok(scope) = caller.scope(permission) else { continue };
        if scope.holds_region(db, region)? {
            holds.push(permission);
        }
    }
    Ok(Officer { person: caller.person, name: caller.name.clone(), holds })
}

/// The region's name; its code while the register does not have it.
pub(crate) fn region_name(db: &mut dyn Read, region: &AdminCode) -> Result<String> {
    let found = atlas::region::find(db, region)?;
    Ok(found.map_or_else(|| region.to_string(), |region| region.name))
}

fn signed(signature: Signature) -> Signed {
    Signed { person: signature.person, name: signature.name, at: signature.at }
}

fn commented(signature: Signature) -> Commented {
    let Signature { person, name, at, text } = signature;
    Commented { person, name, at, comment: text }
}

fn reasoned(signature: Signature) -> Reasoned {
    let Signature { person, name, at, text } = signature;
    Reasoned { person, name, at, reason: text.unwrap_or_default() }
}
