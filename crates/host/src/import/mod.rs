//! Imports: a table in a file becomes facts of a register, row by row.
//!
//! In: a file at the door (XLSX, CSV), its columns confirmed by whoever brought it.
//! Out: what each register records for a row; `import.confirmed`, `.ended` in the trail.
//! Tables: `import_run`, `import_fault`; working state, with the file beside them.
//! Screens: `ui/src/survey/imports`.
//!
//! First everything is looked at and nothing is written: each row that cannot be taken is
//! shown with its column, what was seen and what was expected. Once confirmed, rows are
//! taken by the writer's ordinary lane, [`ROWS_TOGETHER`] in a command, and the command
//! also moves the place in the file. So whenever the process ends, each row is taken once.
//!
//! A register is a plain struct in its [`Part`](crate::Part): columns with the words they
//! go by, and how a row becomes an [`Item`]. The engine knows no register.

mod cells;
pub mod sheet;

mod layout;
mod run;
mod store;

mod note;
mod routes;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Read;
use crate::error::{Error, Result};
use crate::fact::{Slice, Table};
use crate::scope::{Caller, Permission, Scope};
use crate::tx::Tx;

pub use cells::Cells;

/// Bringing tables in. What a row may make is asked of the register's own permission.
pub const IMPORT: Permission = Permission::new("import.run", "批量导入登记表");

/// Rows that share a command at most; a command ends before when it has held the writer
/// for long (`run::HOLD`), so that an alarm behind it does not wait.
pub const ROWS_TOGETHER: usize = 32;

/// A register that takes rows.
#[derive(Clone)]
pub struct Register {
    /// Stable: `station`.
    pub name: &'static str,
    /// Its Chinese and English names.
    pub words: [&'static str; 2],
    /// What whoever imports must hold; its scope is how far rows may reach.
    pub permission: Permission,
    /// With what permission things are seen that rows may name beside what they make; of
    /// most registers none.
    pub sees: Option<Permission>,
    pub columns: &'static [Column],
    /// What a row says; `None` when it noted a fault. Pure: it asks nobody.
    pub read: fn(&mut Cells<'_>) -> Option<Box<dyn Item>>,
}

/// A column of a register's table.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct Column {
    /// Stable: `code`.
    pub name: &'static str,
    /// What its header may say, the usual one first; Chinese and English.
    pub words: &'static [&'static str],
    pub needed: bool,
    /// What stands in it, in Chinese and in English.
    pub hint: [&'static str; 2],
}

impl Column {
    /// - `hint`: what stands in it, in Chinese and in English.
    pub const fn new(
        name: &'static str,
        words: &'static [&'static str],
        needed: bool,
        hint: [&'static str; 2],
    ) -> Column {
        Column { name, words, needed, hint }
    }
}

/// How far the rows of an import may reach.
#[derive(Debug, Clone)]
pub struct Reach {
    /// What they may make and change.
    pub scope: Scope,
    /// What they may name beside it, by [`Register::sees`]; nothing when whoever imports
    /// does not hold that.
    pub sees: Option<Scope>,
}

impl Reach {
    /// # Errors
    /// [`Error::Forbidden`] for who may not fill the register.
    fn of(caller: &Caller, register: &Register) -> Result<Reach> {
        let sees = register.sees.and_then(|permission| caller.scope(permission).ok());
        Ok(Reach { scope: caller.scope(register.permission)?, sees })
    }

    /// As it is kept: the one, and if there is one the other.
    fn to_json(&self) -> Result<(String, Option<String>)> {
        let json = |scope: &Scope| {
            serde_json::to_string(&scope.to_grounds())
                .map_err(|error| Error::Internal(format!("a scope is no JSON: {error}")))
        };
        Ok((json(&self.scope)?, self.sees.as_ref().map(json).transpose()?))
    }
}

/// A row that reads, on its way into a register.
pub trait Item: Send + Sync {
    /// What the register knows it by. Two rows of a file with one key are a mistake.
    fn key(&self) -> String;

    /// What other rows of the table call it, where that is not its key.
    fn name(&self) -> String {
        self.key()
    }

    /// What it would change. `ahead` are the rows before it that can be taken.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Conflict`] and [`Error::NotFound`] refuse the row;
    /// every other error stops the import where it is.
    fn plan(&self, db: &mut dyn Read, reach: &Reach, ahead: &Keys) -> Result<Change>;

    /// Records it, after [`Item::plan`] has answered new or changed in this command.
    fn take(&self, tx: &mut Tx<'_>, reach: &Reach) -> Result<()>;
}

/// What a row does to the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    New,
    Changed,
    /// The register says the same already.
    Same,
}

/// Keys of rows with their numbers, and the names of those that can be taken.
#[derive(Debug, Default)]
pub struct Keys {
    rows: HashMap<String, u32>,
    names: HashSet<String>,
}

impl Keys {
    /// Whether a row before can be taken that goes by this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}

/// One thing that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ImportFault")]
pub struct Fault {
    /// The register's column; empty when it is the row as a whole.
    pub column: String,
    /// Stable, kebab-case; screens have words for it: `missing`, `duplicate`, `date`.
    pub code: String,
    pub seen: String,
    pub expected: String,
}

impl Fault {
    pub fn new(
        column: &str,
        code: &str,
        seen: impl Into<String>,
        expected: impl Into<String>,
    ) -> Fault {
        let short = |text: String| text.chars().take(200).collect::<String>();
        Fault {
            column: column.to_owned(),
            code: code.to_owned(),
            seen: short(seen.into()),
            expected: short(expected.into()),
        }
    }

    /// Why a register refuses a row; the error again when it is not the row's.
    fn of(error: Error) -> Result<Fault> {
        match error {
            Error::Invalid { field, seen, expected } => {
                Ok(Fault::new(&field, "value", seen, expected))
            }
            Error::Conflict { code, detail } => Ok(Fault::new("", code, detail, "")),
            // As everywhere: what is outside is not there.
            Error::NotFound { what } => Ok(Fault::new(what, "outside", "", "")),
            other => Err(other),
        }
    }
}

pub(crate) fn part() -> crate::Part {
    const TABLES: &[Table] = &[Table::working("import_run"), Table::working("import_fault")];
    crate::Part {
        name: "imports",
        slices: vec![Slice::without_facts("import", TABLES, IMPORT)],
        notes: vec![note::notes()],
        taps: vec![run::start],
        routes: routes::routes(),
        permissions: vec![IMPORT],
        ..crate::Part::default()
    }
}
