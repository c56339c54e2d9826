//! Proposals: who writes a rule does not put it in force; another person does, or gives it
//! back with a reason.

use base::{AdminCode, Id, Quantity, Timestamp};
use host::db::DbError;
use host::web::text;
use host::{Error, Read, Record, Result, Row, Scope, Tx, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::{Proposed, Returned, RuleFact};
use super::{NewRule, Rule, RuleId, load};
use crate::column::from_code;
use crate::station::{self, SensorId, StationId};

/// A rule that somebody has proposed, the last of this rule.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "RuleProposal")]
pub struct Proposal {
    /// The rule's; of a new rule it is not there yet.
    pub id: RuleId,
    pub region: AdminCode,
    pub station: StationId,
    pub station_name: String,
    pub sensor: SensorId,
    pub quantity: Quantity,
    /// Of the line: mostly the quantity's.
    pub unit: &'static str,
    /// The version that it will be.
    pub version: u32,
    pub draft: NewRule,
    pub state: Decision,
    /// Who may not publish it.
    pub author: Option<Id>,
    /// The author's name at that time.
    pub proposed_by: Option<String>,
    pub proposed_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub decided_by: Option<String>,
    /// Why it was given back.
    pub decided_because: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ProposalState")]
pub enum Decision {
    Open,
    Published,
    Returned,
}

impl Proposal {
    /// # Errors
    /// [`Error::Conflict`] when it is decided, and for its own author.
    fn check(&self, person: Id) -> Result<()> {
        if self.state != Decision::Open {
            return Err(Error::conflict("proposal-decided", "the proposal was decided already"));
        }
        if self.author == Some(person) {
            let detail = "who proposed a rule does not decide on it";
            return Err(Error::conflict("same-person", detail));
        }
        Ok(())
    }
}

/// Proposes a rule, or a new version of one; an open proposal of the same author gives way.
pub(super) fn propose(
    tx: &mut Tx<'_>,
    scope: &Scope,
    new: NewRule,
    author: Id,
) -> Result<Proposal> {
    let site = station::site(tx, scope, new.sensor)?;
    let before = new.id.map(|id| load(tx, scope, id)).transpose()?;
    let published = new.publish(site, before.as_ref())?;
    let home = tx.home_of(published.station)?;
    scope.require(tx, &home)?;
    if let Some(before) = &before
        && let Some(open) = find(tx, before.id)?
        && open.state == Decision::Open
        && open.author != Some(author)
    {
        let detail = "another proposal for this rule waits: decide on that one first";
        return Err(Error::conflict("proposal-open", detail));
    }
    let proposed = Proposed {
        version: published.version,
        station: published.station,
        station_name: published.station_name,
        quantity: published.quantity,
        draft: new,
        author: Some(author),
        proposed_by: tx.actor_name().map(str::to_owned),
    };
    let fact = RuleFact::from(proposed);
    let id = match &before {
        Some(before) => before.id,
        None => RuleId(tx.new_id()),
    };
    tx.record(match before {
        Some(_) => Record::next(id, fact).at_home(home),
        None => Record::first(id, home, fact),
    })?;
    load_proposal(tx, scope, id)
}

/// Puts a proposed rule in force.
///
/// # Errors
/// [`Error::Conflict`] for its author, when it was decided, and when the rule has had
/// another version since.
pub(super) fn publish(tx: &mut Tx<'_>, scope: &Scope, id: RuleId, person: Id) -> Result<Rule> {
    let proposal = load_proposal(tx, scope, id)?;
    proposal.check(person)?;
    let site = station::site(tx, scope, proposal.sensor)?;
    let before = proposal.draft.id.map(|id| load(tx, scope, id)).transpose()?;
    let mut published = proposal.draft.publish(site, before.as_ref())?;
    if published.version != proposal.version {
        let detail = format!("the rule has had version {} since", published.version - 1);
        return Err(Error::conflict("proposal-stale", detail));
    }
    published.published_by = tx.actor_name().map(str::to_owned);
    published.proposed_by = proposal.proposed_by;
    let home = tx.home_of(published.station)?;
    scope.require(tx, &home)?;
    tx.record(Record::next(id, RuleFact::from(published)).at_home(home))?;
    load(tx, scope, id)
}

/// Gives a proposal back.
///
/// # Errors
/// [`Error::Conflict`] for its author and when it was decided.
pub(super) fn give_back(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: RuleId,
    (reason, person): (&str, Id),
) -> Result<Proposal> {
    let proposal = load_proposal(tx, scope, id)?;
    proposal.check(person)?;
    let returned = Returned {
        reason: text("reason", reason, 1, 400)?,
        name: proposal.draft.name,
        version: proposal.version,
        station: proposal.station,
        station_name: proposal.station_name,
        sensor: proposal.sensor,
        by: tx.actor_name().map(str::to_owned),
    };
    tx.record(Record::next(id, RuleFact::from(returned)))?;
    load_proposal(tx, scope, id)
}

const COLUMNS: &str = "p.id, p.region, p.proposed, p.proposed_at, p.state, p.decided_at, \
    p.decided_by, p.decided_because";

/// # Errors
/// [`Error::NotFound`], also for what lies outside the scope.
pub(super) fn load_proposal(db: &mut dyn Read, scope: &Scope, id: RuleId) -> Result<Proposal> {
    let mut params = vec![Value::from(id)];
    let within = scope.filter("p", &mut params);
    let sql = format!("select {COLUMNS} from rule_proposal p where p.id = $1 and {within}");
    let row = db.row(&sql, &params)?.ok_or(Error::not_found("proposal"))?;
    Ok(from_row(&row)?)
}

/// The last proposal of a rule, whoever asks.
fn find(db: &mut dyn Read, id: RuleId) -> Result<Option<Proposal>> {
    match load_proposal(db, &Scope::Node, id) {
        Ok(proposal) => Ok(Some(proposal)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Proposals, the newest first: `limit` of them after `position`.
pub(super) fn list(
    db: &mut dyn Read,
    scope: &Scope,
    state: Option<Decision>,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Proposal>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let mut params = vec![Value::from(at), Value::from(id), Value::from(limit)];
    let mut conditions = vec![scope.filter("p", &mut params)];
    if let Some(state) = state {
        params.push(crate::column::to_code(state).into());
        conditions.push(format!("p.state = ${}", params.len()));
    }
    let sql = format!(
        "select {COLUMNS} from rule_proposal p \
         where (p.proposed_at < $1 or (p.proposed_at = $1 and p.id < $2)) and {} \
         order by p.proposed_at desc, p.id desc limit $3",
        conditions.join(" and ")
    );
    let rows = db.rows(&sql, &params)?;
    Ok(rows.iter().map(from_row).collect::<Result<_, _>>()?)
}

fn from_row(row: &Row) -> Result<Proposal, DbError> {
    let proposed: Proposed = row.json("proposed")?;
    Ok(Proposal {
        id: row.get("id")?,
        region: row.parse("region")?,
        station: proposed.station,
        station_name: proposed.station_name,
        sensor: proposed.draft.sensor,
        quantity: proposed.quantity,
        unit: proposed.draft.measure.unit().unwrap_or(proposed.quantity.unit()),
        version: proposed.version,
        draft: proposed.draft,
        state: from_code(row, "state")?,
        author: proposed.author,
        proposed_by: proposed.proposed_by,
        proposed_at: row.get("proposed_at")?,
        decided_at: row.get("decided_at")?,
        decided_by: row.get("decided_by")?,
        decided_because: row.get("decided_because")?,
    })
}
