//! The comparison of each subject's row with its newest fact: both say where it is at
//! home, and who may see it.

use std::collections::BTreeSet;

use base::{AdminCode, Id};

use crate::db::Read;
use crate::error::Result;
use crate::home::Home;
use crate::log::Header;
use crate::params;
use crate::part::Kit;

/// Rows that stand elsewhere than their newest fact, as `table id: row, fact`.
///
/// `db` must show log and tables of one moment.
///
/// # Errors
/// [`crate::Error::Db`] when a table cannot be read, or has not the columns of
/// [`crate::Table::subjects`].
pub fn misplaced(db: &mut dyn Read, kit: &Kit) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for slice in &kit.slices {
        for table in slice.subjects() {
            let sql = format!("select id, region, org, class from {table} order by id");
            for row in db.rows(&sql, &[])? {
                let id: Id = row.get("id")?;
                let mut home = Home::from_row(&row)?;
                if let Some(reach) = slice.reach_of(table) {
                    let sql = format!("select region from {reach} where id = $1 order by region");
                    for row in db.rows(&sql, params![id])? {
                        home.reach.push(row.parse("region")?);
                    }
                }
                let said = newest(db, id)?;
                if said.as_ref() != Some(&home) {
                    found.push(format!("{table} {id}: {home:?}, {said:?}"));
                }
            }
        }
    }
    Ok(found)
}

/// What the newest fact that counts says of a subject; its reach sorted, each once.
fn newest(db: &mut dyn Read, subject: Id) -> Result<Option<Home>> {
    let sql = "select header from log where subject = $1 and conflict is null \
               and unapplied is null order by seq desc limit 1";
    let Some(row) = db.row(sql, params![subject])? else { return Ok(None) };
    let home = row.json::<Header>("header")?.home();
    let reach: BTreeSet<AdminCode> = home.reach.iter().cloned().collect();
    Ok(Some(Home { reach: reach.into_iter().collect(), ..home }))
}
