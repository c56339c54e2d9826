//! Shelving: a rule goes on judging and calls nobody, for a reason and until a moment.

use std::sync::OnceLock;

use base::{Confidence, Duration, Timestamp};
use host::job::waiting;
use host::web::text;
use host::{Due, Error, Job, Read, Record, Result, Scope, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::{RuleFact, Shelved, Unshelved};
use super::{Rule, RuleId, State, load};

/// For how long a rule may be shelved; data.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ShelvingBound")]
pub(super) struct Bound {
    /// In seconds.
    pub longest_s: u32,
    pub source: String,
    pub confidence: Confidence,
}

impl Bound {
    pub fn now() -> &'static Bound {
        static BOUND: OnceLock<Bound> = OnceLock::new();
        BOUND.get_or_init(|| {
            let text = include_str!("shelving.json");
            serde_json::from_str(text).expect("the table in the program reads, as a test shows")
        })
    }
}

/// That a rule calls nobody for a while.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "RuleShelving")]
pub struct Shelving {
    pub until: Timestamp,
    pub since: Timestamp,
    /// The person's name at that time.
    pub by: Option<String>,
    pub reason: String,
}

/// Why a rule calls again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "UnshelvedBecause")]
pub enum Because {
    /// Its time is over.
    Over,
    /// Somebody ended it.
    Person,
}

/// When, and why.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct ShelveRule {
    /// 1 to 400 characters.
    pub reason: String,
    /// Later than now, and not by more than a day: `/api/rules/defaults` has how long.
    pub until: Timestamp,
}

impl Rule {
    /// # Errors
    /// [`Error::Conflict`] when it is retired; [`Error::Invalid`] for an end that is past
    /// or too far.
    fn shelve(&self, ask: &ShelveRule, by: Option<&str>, now: Timestamp) -> Result<Shelved> {
        if self.state == State::Retired {
            return Err(Error::conflict("rule-retired", "a retired rule judges nothing"));
        }
        let longest = Bound::now().longest_s;
        if ask.until <= now || now + Duration::from_secs(i64::from(longest)) < ask.until {
            let expected = format!("a time after {now}, by {longest} seconds at most");
            return Err(Error::invalid("until", ask.until, expected));
        }
        Ok(Shelved {
            reason: text("reason", &ask.reason, 1, 400)?,
            until: ask.until,
            name: self.name.clone(),
            version: self.version,
            station: self.station,
            station_name: self.station_name.clone(),
            sensor: self.sensor,
            by: by.map(str::to_owned),
        })
    }

    fn unshelve(&self, because: Because, reason: Option<String>, by: Option<&str>) -> Unshelved {
        Unshelved {
            because,
            reason,
            name: self.name.clone(),
            version: self.version,
            station: self.station,
            station_name: self.station_name.clone(),
            sensor: self.sensor,
            by: by.map(str::to_owned),
        }
    }
}

pub(super) fn shelve(tx: &mut Tx<'_>, scope: &Scope, id: RuleId, ask: &ShelveRule) -> Result<Rule> {
    let shelved = load(tx, scope, id)?.shelve(ask, tx.actor_name(), tx.now())?;
    tx.record(Record::next(id, RuleFact::from(shelved)))?;
    load(tx, scope, id)
}

/// # Errors
/// [`Error::Conflict`] when it is not shelved.
pub(super) fn unshelve(tx: &mut Tx<'_>, scope: &Scope, id: RuleId, reason: &str) -> Result<Rule> {
    let rule = load(tx, scope, id)?;
    if rule.shelved.is_none() {
        return Err(Error::conflict("not-shelved", "the rule is not shelved"));
    }
    let reason = Some(text("reason", reason, 1, 400)?);
    let unshelved = rule.unshelve(Because::Person, reason, tx.actor_name());
    tx.record(Record::next(id, RuleFact::from(unshelved)))?;
    load(tx, scope, id)
}

const UNSHELVE: &str = "rule.unshelve";

/// The end of a shelving.
pub(crate) fn job() -> Job {
    Job { name: UNSHELVE, next, run }
}

fn next(db: &mut dyn Read) -> Result<Option<Due>> {
    let sql = format!(
        "select shelved_until as at, id from rule where shelved_until is not null and {} \
         order by shelved_until, id limit 1",
        waiting(UNSHELVE, "rule")
    );
    Due::first(db, &sql)
}

fn run(tx: &mut Tx<'_>, due: &Due) -> Result<()> {
    let rule = load(tx, &Scope::Node, due.subject.into())?;
    let is_over = rule.shelved.as_ref().is_some_and(|shelving| shelving.until <= tx.now());
    if is_over {
        let unshelved = rule.unshelve(Because::Over, None, None);
        tx.record(Record::next(rule.id, RuleFact::from(unshelved)))?;
    }
    Ok(())
}
