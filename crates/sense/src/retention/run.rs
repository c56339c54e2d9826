//! What retention did, day by day: a row while it is at it, and a note of what went.

use std::collections::BTreeMap;

use base::{Id, Timestamp};
use host::trail::{Notes, Said};
use host::{Home, Read, Record, Result, Row, Tx, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use series::Retained;

/// Rows that are kept: more than a year of days.
const KEPT: i64 = 400;

/// How a day's run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It was begun, and is not at its end; a restart goes on with it.
    Running,
    Done,
    /// The clock is too far ahead of what sensors say: nothing was let go of.
    Refused,
    /// The store could not; it is tried again.
    Failed,
}

/// What one day's run did.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "RetentionRun")]
pub struct Run {
    /// The day in Beijing.
    pub day: String,
    pub state: RunState,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Why it was refused or failed.
    pub why: Option<String>,
    /// What went, by the code of the class; "" of what had none.
    pub gone: BTreeMap<String, Gone>,
    /// Blocks that stay because somebody holds a part of them.
    pub held: u64,
}

/// What went of one class: days of readings, of sums by minute and by hour.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RetentionGone")]
pub struct Gone {
    pub readings: u64,
    pub minutes: u64,
    pub hours: u64,
    pub bytes: u64,
    /// Readings before it are over, but for what is held.
    pub before: Option<Timestamp>,
}

host::facts! {
    /// What is noted of retention.
    pub enum RetentionNote {
        "reading.let_go" v 1 => LetGo(LetGo),
    }
}

/// Readings went because their time was over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LetGo {
    pub day: String,
    /// By the code of their class.
    pub gone: BTreeMap<String, Gone>,
    pub held: u64,
}

pub(crate) fn notes() -> Notes {
    Notes::new::<RetentionNote>("hold", |note| {
        let RetentionNote::LetGo(let_go) = note;
        let bytes: u64 = let_go.gone.values().map(|gone| gone.bytes).sum();
        let blocks = |gone: &Gone| gone.readings + gone.minutes + gone.hours;
        let blocks: u64 = let_go.gone.values().map(blocks).sum();
        Said::new(json!({ "day": let_go.day, "gone": let_go.gone, "blocks": blocks,
            "bytes": bytes, "held": let_go.held }))
    })
}

impl Run {
    pub(super) fn begun(day: String, now: Timestamp) -> Run {
        let (state, gone) = (RunState::Running, BTreeMap::new());
        Run { day, state, started_at: now, ended_at: None, why: None, gone, held: 0 }
    }

    /// Adds what one pass of the store did.
    pub(super) fn add(&mut self, pass: &Retained) {
        for (class, dropped) in &pass.by_class {
            let gone = self.gone.entry(class.clone()).or_default();
            gone.readings += dropped.readings;
            gone.minutes += dropped.minutes;
            gone.hours += dropped.hours;
            gone.bytes += dropped.bytes;
            let day_ms = base::Duration::from_hours(24).as_millis();
            let before = dropped.newest_day.map(|day| (day + 1).saturating_mul(day_ms));
            gone.before = gone.before.max(before.map(Timestamp::from_millis));
        }
        // Each pass finds all that are held.
        self.held = pass.held;
    }

    pub(super) fn save(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.work().run(
            "insert into retention_run (day, state, started_at, ended_at, why, gone, held) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (day) do update set \
             state = excluded.state, ended_at = excluded.ended_at, why = excluded.why, \
             gone = excluded.gone, held = excluded.held",
            params![
                &self.day,
                self.state.code(),
                self.started_at,
                self.ended_at,
                self.why.clone(),
                json!(self.gone).to_string(),
                i64::try_from(self.held).unwrap_or(i64::MAX),
            ],
        )?;
        tx.work().run(
            "delete from retention_run where day < (select min(day) from \
             (select day from retention_run order by day desc limit $1) as newest)",
            params![KEPT],
        )?;
        Ok(())
    }

    /// Notes what went; nothing when nothing did.
    pub(super) fn note(&self, tx: &mut Tx<'_>) -> Result<()> {
        if self.gone.is_empty() {
            return Ok(());
        }
        let (day, gone, held) = (self.day.clone(), self.gone.clone(), self.held);
        let note = RetentionNote::LetGo(LetGo { day, gone, held });
        let subject: Id = tx.new_id();
        tx.note(Record::first(subject, Home::node(), note))
    }
}

impl RunState {
    const ALL: [RunState; 4] =
        [RunState::Running, RunState::Done, RunState::Refused, RunState::Failed];

    fn code(self) -> &'static str {
        match self {
            RunState::Running => "running",
            RunState::Done => "done",
            RunState::Refused => "refused",
            RunState::Failed => "failed",
        }
    }
}

/// The newest run, for health pages.
///
/// # Errors
/// [`host::Error::Db`].
pub fn last_run(db: &mut dyn Read) -> Result<Option<Run>> {
    Ok(runs(db, 1)?.pop())
}

/// Runs, the newest first.
pub(super) fn runs(db: &mut dyn Read, limit: i64) -> Result<Vec<Run>> {
    let rows = db.rows(
        "select day, state, started_at, ended_at, why, gone, held from retention_run \
         order by day desc limit $1",
        params![limit],
    )?;
    rows.iter().map(from_row).collect()
}

pub(super) fn run_of(db: &mut dyn Read, day: &str) -> Result<Option<Run>> {
    let row = db.row(
        "select day, state, started_at, ended_at, why, gone, held from retention_run \
         where day = $1",
        params![day],
    )?;
    row.as_ref().map(from_row).transpose()
}

fn from_row(row: &Row) -> Result<Run> {
    let code: String = row.get("state")?;
    let state = RunState::ALL.into_iter().find(|state| state.code() == code);
    Ok(Run {
        day: row.get("day")?,
        state: state.unwrap_or(RunState::Failed),
        started_at: row.get("started_at")?,
        ended_at: row.get("ended_at")?,
        why: row.get("why")?,
        gone: row.json("gone")?,
        held: u64::try_from(row.get::<i64>("held")?).unwrap_or(0),
    })
}
