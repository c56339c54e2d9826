//! How far each import is, and what is wrong with which row: working state.

use std::path::PathBuf;

use base::{Id, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::layout::Layout;
use super::{Change, Reach};
use crate::db::{Read, Row, Value};
use crate::error::{Error, Result};
use crate::log::Actor;
use crate::params;
use crate::scope::Scope;
use crate::tx::Tx;
use crate::world::World;

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ImportState")]
pub(super) enum State {
    /// A column that the register needs stands nowhere.
    Unmapped,
    /// It is being looked through.
    Reading,
    /// It waits to be confirmed.
    Ready,
    /// Rows are being taken.
    Running,
    Done,
    /// Somebody stopped it; what was taken stays.
    Stopped,
    /// It could not go on, and says why.
    Failed,
    /// It is being thrown away.
    Expired,
}

impl State {
    pub fn code(self) -> &'static str {
        match self {
            State::Unmapped => "unmapped",
            State::Reading => "reading",
            State::Ready => "ready",
            State::Running => "running",
            State::Done => "done",
            State::Stopped => "stopped",
            State::Failed => "failed",
            State::Expired => "expired",
        }
    }

    fn of(code: &str) -> State {
        const ALL: [State; 8] = [
            State::Unmapped,
            State::Reading,
            State::Ready,
            State::Running,
            State::Done,
            State::Stopped,
            State::Failed,
            State::Expired,
        ];
        ALL.into_iter().find(|state| state.code() == code).unwrap_or(State::Failed)
    }

    pub fn is_ended(self) -> bool {
        matches!(self, State::Done | State::Stopped | State::Failed)
    }
}

/// Rows by what becomes of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ImportCounts")]
pub(super) struct Counts {
    pub seen: i64,
    pub added: i64,
    pub changed: i64,
    pub same: i64,
    pub refused: i64,
}

impl Counts {
    pub fn add(&mut self, change: Change) {
        match change {
            Change::New => self.added += 1,
            Change::Changed => self.changed += 1,
            Change::Same => self.same += 1,
        }
    }
}

/// A row that would change something, for people to look at before they confirm.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ImportSample")]
pub(super) struct Sample {
    pub row: u32,
    pub key: String,
    pub change: String,
}

/// An import.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub id: Id,
    pub register: String,
    pub person: Id,
    pub person_name: String,
    pub actor: Actor,
    pub reach: Reach,
    pub file: String,
    pub bytes: i64,
    pub digest: String,
    pub layout: Layout,
    pub state: State,
    pub problem: Option<String>,
    /// Rows of the table, as far as it has been looked through.
    pub rows: i64,
    pub counts: Counts,
    /// The first row that has not been dealt with, by its number in the file.
    pub row_next: i64,
    pub sample: Vec<Sample>,
    /// The longest that rows of one command held the writer, µs.
    pub longest_us: i64,
    pub created_at: Timestamp,
}

const COLUMNS: &str = "id, register, person, person_name, actor, scope, sees, file, bytes, digest, \
     layout, state, problem, rows, rows_seen, row_next, added, changed, same, refused, sample, longest_us, \
     created_at";

/// Imports of one person that are kept with their faults and files.
pub(super) const MOST_KEPT: i64 = 20;

/// Where the file of an import is.
pub(super) fn file(world: &World, id: Id) -> PathBuf {
    directory(world).join(id.to_string())
}

pub(super) fn directory(world: &World) -> PathBuf {
    world.directory().join("imports")
}

pub(super) fn insert(tx: &mut Tx<'_>, run: &Run) -> Result<()> {
    let json = |value: serde_json::Result<String>| {
        value.map_err(|error| Error::Internal(format!("an import is no JSON: {error}")))
    };
    let (scope, sees) = run.reach.to_json()?;
    let values = params![
        run.id,
        &run.register,
        run.person,
        &run.person_name,
        json(serde_json::to_string(&run.actor))?,
        scope,
        &run.file,
        run.bytes,
        &run.digest,
        json(serde_json::to_string(&run.layout))?,
        run.state.code(),
        run.created_at,
        sees,
    ]
    .to_vec();
    tx.work().run(
        "insert into import_run (id, register, person, person_name, actor, scope, file, bytes, \
         digest, layout, state, rows, rows_seen, row_next, added, changed, same, refused, sample, \
         created_at, updated_at, sees) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0, 0, \
         0, 0, 0, '[]', $12, $12, $13)",
        &values,
    )?;
    Ok(())
}

/// One import of a person's own; another's is not found.
pub(super) fn load(db: &mut dyn Read, person: Id, id: Id) -> Result<Run> {
    let sql = format!(
        "select {COLUMNS} from import_run where id = $1 and person = $2 and state <> 'expired'"
    );
    let row = db.row(&sql, params![id, person])?;
    Run::read(&row.ok_or(Error::not_found("import"))?)
}

/// A person's own, newest first.
pub(super) fn list(
    db: &mut dyn Read,
    person: Id,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Run>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let sql = format!(
        "select {COLUMNS} from import_run where person = $1 and state <> 'expired' \
         and (created_at < $2 or (created_at = $2 and id < $3)) \
         order by created_at desc, id desc limit $4"
    );
    let rows = db.rows(&sql, params![person, at, id, limit])?;
    rows.iter().map(Run::read).collect()
}

/// The oldest import that the engine has something to do for.
pub(super) fn next(db: &mut dyn Read) -> Result<Option<Run>> {
    let sql = format!(
        "select {COLUMNS} from import_run where state in ('reading', 'running', 'expired') \
         order by created_at, id limit 1"
    );
    let row = db.row(&sql, &[])?;
    row.as_ref().map(Run::read).transpose()
}

/// Moves an import from one state to another; answers whether it was there.
pub(super) fn turn(tx: &mut Tx<'_>, id: Id, from: State, to: State) -> Result<bool> {
    let now = tx.machine_now();
    let moved = tx.work().run(
        "update import_run set state = $3, updated_at = $4 where id = $1 and state = $2",
        params![id, from.code(), to.code(), now],
    )?;
    Ok(moved == 1)
}

/// A fault of a row, as it is listed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ImportFaultView")]
pub(super) struct FaultView {
    /// Its number in the file.
    pub row: i64,
    #[serde(skip)]
    pub place: i64,
    #[serde(flatten)]
    pub fault: super::Fault,
}

/// Faults by row, after a place of the list.
pub(super) fn faults(
    db: &mut dyn Read,
    id: Id,
    after: (i64, i64),
    limit: i64,
) -> Result<Vec<FaultView>> {
    let rows = db.rows(
        "select position, place, column_name, code, seen, expected from import_fault \
         where run = $1 and (position > $2 or (position = $2 and place > $3)) \
         order by position, place limit $4",
        params![id, after.0, after.1, limit],
    )?;
    let view = |row: &Row| {
        Ok(FaultView {
            row: row.get("position")?,
            place: row.get("place")?,
            fault: super::Fault {
                column: row.get("column_name")?,
                code: row.get("code")?,
                seen: row.get("seen")?,
                expected: row.get("expected")?,
            },
        })
    };
    rows.iter().map(view).collect()
}

/// Writes the faults of one row.
pub(super) fn put_faults(tx: &mut Tx<'_>, id: Id, row: u32, faults: &[super::Fault]) -> Result<()> {
    for (place, fault) in faults.iter().enumerate() {
        let values: [Value; 7] = [
            id.into(),
            row.into(),
            (place as i64).into(),
            (&fault.column).into(),
            (&fault.code).into(),
            (&fault.seen).into(),
            (&fault.expected).into(),
        ];
        tx.work().send(
            "insert into import_fault (run, position, place, column_name, code, seen, expected) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (run, position, place) do update set \
             column_name = excluded.column_name, code = excluded.code, seen = excluded.seen, \
             expected = excluded.expected",
            &values,
        )?;
    }
    Ok(())
}

impl Run {
    fn read(row: &Row) -> Result<Run> {
        Ok(Run {
            id: row.get("id")?,
            register: row.get("register")?,
            person: row.get("person")?,
            person_name: row.get("person_name")?,
            actor: row.json("actor")?,
            reach: Reach {
                scope: Scope::of_grounds(row.json("scope")?),
                sees: row.json_opt("sees")?.map(Scope::of_grounds),
            },
            file: row.get("file")?,
            bytes: row.get("bytes")?,
            digest: row.get("digest")?,
            layout: row.json("layout")?,
            state: State::of(&row.get::<String>("state")?),
            problem: row.get("problem")?,
            rows: row.get("rows")?,
            counts: Counts {
                seen: row.get("rows_seen")?,
                added: row.get("added")?,
                changed: row.get("changed")?,
                same: row.get("same")?,
                refused: row.get("refused")?,
            },
            row_next: row.get("row_next")?,
            sample: row.json("sample")?,
            longest_us: row.get("longest_us")?,
            created_at: row.get("created_at")?,
        })
    }
}
