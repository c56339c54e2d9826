//! What the engine writes, and what it finds again: rulings become findings, and
//! with them goes the state that they left.

use base::Timestamp;
use host::{Error, Read, Result, Scope, Tx, World, params};
use series::Position;

use super::CONSUMER;
use super::judges::{Judge, Ruling};
use super::model::{Crossing, Memory, Outcome, State};
use super::stored::{self, Stored};
use crate::column::number;
use crate::finding::{self, Value};
use crate::rule::{self, Rule, RuleId};
use crate::station::{self, SensorId};

/// A judge's state on its way to the disk. What stands is not in it: the findings
/// themselves say so.
#[derive(Debug, Clone)]
pub(super) struct Saved {
    rule: RuleId,
    sensor: SensorId,
    version: u32,
    newest: Option<Timestamp>,
    run: String,
    upto: Position,
}

impl Saved {
    /// A judge's state as of a position that it has judged up to.
    pub fn new(judge: &Judge, upto: Position) -> Saved {
        Saved {
            rule: judge.rule,
            sensor: judge.sensor,
            version: judge.version,
            newest: judge.state.newest,
            run: stored::text(&judge.state),
            upto,
        }
    }
}

/// A ruling with the readings' frames, ready to be decided.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub ruling: Ruling,
    values: Vec<Value>,
}

impl Case {
    /// Looks up the frames, which a decision may not do.
    pub fn new(world: &World, ruling: Ruling) -> Case {
        let seen: &[Crossing] = match &ruling.outcome {
            Outcome::Raised { values } | Outcome::Missed { values, .. } => values,
            Outcome::Cleared { .. } => &[],
        };
        let values = seen.iter().map(|seen| value(world, &ruling, seen)).collect();
        Case { ruling, values }
    }

    /// Decides by the rule as it is now: one that was replaced or retired meanwhile
    /// no longer speaks.
    pub fn decide(self, tx: &mut Tx<'_>) -> Result<()> {
        let rule = match rule::load(tx, &Scope::Node, self.ruling.rule) {
            Ok(rule) => rule,
            Err(Error::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        if rule.state != rule::State::Active || rule.version != self.ruling.version {
            return Ok(());
        }
        match self.ruling.outcome {
            Outcome::Raised { .. } => finding::raise(tx, &rule, self.values),
            Outcome::Cleared { onset, by } => finding::clear(tx, &rule, onset, by),
            Outcome::Missed { by, .. } => finding::miss(tx, &rule, self.values, by),
        }
    }
}

fn value(world: &World, ruling: &Ruling, seen: &Crossing) -> Value {
    Value {
        time: seen.time,
        value: seen.value,
        received: seen.received,
        frame: station::frame_of(world, ruling.station, seen.received),
        over: seen.over,
    }
}

/// Writes states; one that is older than what is there already stays away.
pub(super) fn save(tx: &mut Tx<'_>, states: &[Saved]) -> Result<()> {
    for state in states {
        tx.work().run(
            "insert into rule_state (rule, sensor, version, newest, run, upto) \
             values ($1, $2, $3, $4, $5, $6) \
             on conflict (rule, sensor) do update set version = excluded.version, \
             newest = excluded.newest, run = excluded.run, upto = excluded.upto \
             where rule_state.upto <= excluded.upto",
            params![
                state.rule,
                state.sensor,
                state.version,
                state.newest,
                &state.run,
                state.upto.0 as i64,
            ],
        )?;
    }
    Ok(())
}

/// Says that every state is saved as of this position, or later.
pub(super) fn save_position(tx: &mut Tx<'_>, position: Position) -> Result<()> {
    tx.work().run(
        "insert into rule_position (consumer, position) values ($1, $2) \
         on conflict (consumer) do update set position = excluded.position",
        params![CONSUMER, position.0 as i64],
    )?;
    Ok(())
}

/// `None` when nothing was ever saved.
pub(super) fn position(db: &mut dyn Read) -> Result<Option<Position>> {
    let row =
        db.row("select position from rule_position where consumer = $1", params![CONSUMER])?;
    let Some(row) = row else { return Ok(None) };
    let position: i64 = row.get("position")?;
    Ok(Some(Position(u64::try_from(position).unwrap_or(0))))
}

/// A judge for a rule in force, in the state that the database remembers.
///
/// `position`: what a judge without saved state has judged up to.
pub(super) fn judge(
    db: &mut dyn Read,
    rule: &Rule,
    series: series::SeriesNo,
    position: Position,
) -> Result<Judge> {
    let mut judge = Judge {
        rule: rule.id,
        version: rule.version,
        sensor: rule.sensor,
        station: rule.station,
        series,
        limits: rule.limits(),
        state: State::default(),
        upto: position,
    };
    let row = db.row(
        "select version, newest, run, upto from rule_state where rule = $1 and sensor = $2",
        params![rule.id, rule.sensor],
    )?;
    if let Some(row) = row {
        let newest = row.get("newest")?;
        judge.state = match number(&row, "version")? == rule.version {
            true => row.json::<Stored>("run")?.state(newest),
            false => State { newest, memory: Memory::after(newest), ..State::default() },
        };
        let upto: i64 = row.get("upto")?;
        judge.upto = judge.upto.max(Position(u64::try_from(upto).unwrap_or(0)));
    }
    let judged = finding::judged(db, rule.id, rule.sensor)?;
    judge.reconcile(judged.upto, judged.active);
    Ok(judge)
}
