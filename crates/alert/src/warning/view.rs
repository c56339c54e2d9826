//! A warning as the API gives it: with the region's name, and what the caller may do.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use atlas::region;
use base::{AdminCode, Hazard, Id, Level, Point, Timestamp};
use host::{Caller, Error, Home, Read, Result, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::Officer;
use super::store::Beside;
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
    /// Other divisions that it concerns, which see it as their own do.
    reach: Vec<Reached>,
    /// The caller sees it only because it reaches into what they see: others decide.
    only_reached: bool,
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

/// A division that a warning concerns beside its own.
#[derive(Debug, Serialize, JsonSchema)]
struct Reached {
    region: AdminCode,
    name: String,
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

/// Shows warnings to one caller.
pub(crate) struct Viewer<'a> {
    caller: &'a Caller,
    /// What the caller reads by.
    scope: &'a Scope,
    unit: &'a str,
}

impl<'a> Viewer<'a> {
    /// - `unit`: 发布单位 of what is not issued yet.
    pub(crate) fn new(caller: &'a Caller, scope: &'a Scope, unit: &'a str) -> Viewer<'a> {
        Viewer { caller, scope, unit }
    }

    pub(crate) fn view(&self, db: &mut dyn Read, warning: Warning) -> Result<WarningView> {
        let seen = self.views(db, vec![warning])?.pop();
        seen.ok_or_else(|| Error::Internal("a page of one warning is empty".to_owned()))
    }

    /// A page of warnings in its order. What stands beside the rows is asked once for
    /// all of them, so that a page costs the same number of questions however long it is.
    pub(crate) fn views(
        &self,
        db: &mut dyn Read,
        warnings: Vec<Warning>,
    ) -> Result<Vec<WarningView>> {
        let ids: Vec<WarningId> = warnings.iter().map(|warning| warning.id).collect();
        let mut beside = store::beside(db, self.scope, &ids)?;
        let officers = officers(db, self.caller, &homes(&warnings))?;
        let mut named: BTreeSet<AdminCode> =
            warnings.iter().map(|warning| warning.region.clone()).collect();
        named.extend(beside.reach.values().flatten().cloned());
        let names = region::names(db, &named)?;
        Ok(warnings
            .into_iter()
            .map(|warning| self.one(warning, &officers, &names, &mut beside))
            .collect())
    }

    fn one(
        &self,
        warning: Warning,
        officers: &HashMap<Home, Officer>,
        names: &BTreeMap<AdminCode, String>,
        beside: &mut Beside,
    ) -> WarningView {
        let name = |code: &AdminCode| names.get(code).map_or(code.to_string(), String::clone);
        let allowed =
            officers.get(&warning.home).map_or(Vec::new(), |officer| warning.allowed(officer));
        let region_name = name(&warning.region);
        let reached = beside.reach.remove(&warning.id).unwrap_or_default().into_iter();
        let reach = reached.map(|region| Reached { name: name(&region), region }).collect();
        let only_reached = !beside.at_home.contains(&warning.id);
        let findings = beside.findings.remove(&warning.id).unwrap_or_default();
        let content = warning.content(self.unit);
        let closed = |status| warning.closed.clone().filter(|_| warning.status == status);
        let (lifted, discarded) = (closed(Status::Lifted), closed(Status::Discarded));
        WarningView {
            id: warning.id,
            number: warning.number,
            level: warning.level,
            hazard: warning.hazard,
            title: warning.title,
            state: warning.status,
            region: warning.region,
            region_name,
            reach,
            only_reached,
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
        }
    }
}

/// What the caller may do with each of these warnings now, in their order.
pub fn allowed(
    db: &mut dyn Read,
    caller: &Caller,
    warnings: &[Warning],
) -> Result<Vec<Vec<Action>>> {
    let officers = officers(db, caller, &homes(warnings))?;
    let each = |warning: &Warning| {
        officers.get(&warning.home).map_or(Vec::new(), |officer| warning.allowed(officer))
    };
    Ok(warnings.iter().map(each).collect())
}

fn homes(warnings: &[Warning]) -> Vec<Home> {
    let homes: HashSet<&Home> = warnings.iter().map(|warning| &warning.home).collect();
    homes.into_iter().cloned().collect()
}

/// The caller as an officer before what is at home in each of these: for each permission
/// as many questions as for one.
fn officers(db: &mut dyn Read, caller: &Caller, homes: &[Home]) -> Result<HashMap<Home, Officer>> {
    let mut officers: HashMap<Home, Officer> = HashMap::new();
    for home in homes {
        let officer =
            Officer { person: caller.person, name: caller.name.clone(), holds: Vec::new() };
        officers.insert(home.clone(), officer);
    }
    for permission in [DRAFT, REVIEW, ISSUE, ISSUE_URGENTLY, LIFT] {
        let Ok(scope) = caller.scope(permission) else { continue };
        for home in scope.held(db, homes)? {
            if let Some(officer) = officers.get_mut(&home) {
                officer.holds.push(permission);
            }
        }
    }
    Ok(officers)
}

/// The caller as an officer before what is at home there.
pub(crate) fn officer(db: &mut dyn Read, caller: &Caller, home: &Home) -> Result<Officer> {
    let one = officers(db, caller, std::slice::from_ref(home))?.remove(home);
    one.ok_or_else(|| Error::Internal(format!("no officer of {home:?} among those asked for")))
}

/// The region's name; its code while the register does not have it.
pub(crate) fn region_name(db: &mut dyn Read, code: &AdminCode) -> Result<String> {
    let found = region::find(db, code)?;
    Ok(found.map_or_else(|| code.to_string(), |region| region.name))
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
