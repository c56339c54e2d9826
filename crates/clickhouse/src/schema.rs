//! The tables: versions of readings, and the epochs that say how to read them.
//!
//! An *epoch* is a stretch of the store's history that only went forward. A node restored
//! from a backup begins a new one after the position that the backup had: of the epoch
//! before it the rows up to there count, and the later ones, which the node no longer
//! knows of, stay in the table and are not served.
//!
//! `readings` is divided by about a year of arrival, which is our own clock: no sender
//! decides how many parts there are. It is 18.16's `ReplacingMergeTree`, or whatever of
//! these columns somebody made before us, a replicated one for instance.

use base::{Id, Timestamp};

use crate::ClickHouseError;
use crate::http::Client;

pub(crate) const READINGS: &str = "readings";
const EPOCHS: &str = "epochs";

const READINGS_COLUMNS: &[(&str, &str)] = &[
    ("sensor", "UUID"),
    ("time", "Int64"),
    ("value", "Float64"),
    ("quality", "UInt8"),
    ("received", "Int64"),
    ("epoch", "UInt32"),
    ("position", "UInt64"),
    ("ordinal", "UInt32"),
];
const READINGS_ENGINE: &str = "ReplacingMergeTree() partition by intDiv(received, 31556952000) \
     order by (sensor, time, epoch, position, ordinal)";

const EPOCHS_COLUMNS: &[(&str, &str)] = &[
    ("epoch", "UInt32"),
    ("owner", "UUID"),
    ("token", "UUID"),
    ("began_after", "UInt64"),
    ("at", "Int64"),
];
const EPOCHS_ENGINE: &str = "ReplacingMergeTree() order by (epoch, token)";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Epoch {
    pub epoch: u32,
    pub token: Id,
    pub began_after: u64,
}

/// Whose history it is that is to be written.
pub(crate) struct Own {
    pub owner: Id,
    pub token: Id,
    pub began_after: u64,
    pub now: Timestamp,
}

/// Makes what is missing, and checks what is there. Gives the epochs, ours the last.
///
/// # Errors
/// [`ClickHouseError::Schema`], [`ClickHouseError::Foreign`],
/// [`ClickHouseError::Overtaken`], or those of a request.
pub(crate) fn prepare(client: &Client, own: &Own) -> Result<Vec<Epoch>, ClickHouseError> {
    let database = client.database();
    let known =
        client.lines(&format!("select name from system.databases where name = '{database}'"))?;
    if known.is_empty() {
        client.ask(&format!("create database if not exists `{database}`"))?;
    }
    make(client, READINGS, READINGS_COLUMNS, READINGS_ENGINE)?;
    make(client, EPOCHS, EPOCHS_COLUMNS, EPOCHS_ENGINE)?;
    let epochs = load(client, own.owner)?;
    match epochs.last() {
        Some(last) if last.token == own.token => return Ok(epochs),
        last => {
            if let Some(mine) = epochs.iter().find(|epoch| epoch.token == own.token) {
                let newest = last.map_or(0, |last| last.epoch);
                return Err(ClickHouseError::Overtaken { own: mine.epoch, newest });
            }
        }
    }
    begin(client, own, epochs.last().map_or(1, |last| last.epoch + 1))?;
    load(client, own.owner)
}

fn make(
    client: &Client,
    table: &str,
    columns: &[(&str, &str)],
    engine: &str,
) -> Result<(), ClickHouseError> {
    let listed: Vec<String> = columns.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
    client.ask(&format!(
        "create table if not exists {} ({}) engine = {engine}",
        client.table(table),
        listed.join(", ")
    ))?;
    let database = client.database();
    let found = client.lines(&format!(
        "select name, type from system.columns where database = '{database}' and table = '{table}'"
    ))?;
    for &(column, expected) in columns {
        let kind = found.iter().find(|field| field.first().is_some_and(|it| it == column));
        let seen = kind.and_then(|field| field.get(1)).map_or("absent", String::as_str);
        if seen != expected {
            return Err(ClickHouseError::Schema {
                table: format!("{database}.{table}"),
                column: column.to_owned(),
                seen: seen.to_owned(),
                expected: expected.to_owned(),
            });
        }
    }
    Ok(())
}

fn begin(client: &Client, own: &Own, epoch: u32) -> Result<(), ClickHouseError> {
    let Own { owner, token, began_after, now } = own;
    client.ask(&format!(
        "insert into {} (epoch, owner, token, began_after, at) \
         values ({epoch}, '{owner}', '{token}', {began_after}, {})",
        client.table(EPOCHS),
        now.as_millis()
    ))?;
    tracing::info!(epoch, began_after, "a new epoch of readings begins in ClickHouse");
    Ok(())
}

/// The epochs in order. A row that was inserted twice is one.
fn load(client: &Client, expected: Id) -> Result<Vec<Epoch>, ClickHouseError> {
    let lines = client.lines(&format!(
        "select distinct epoch, owner, token, began_after from {} order by epoch, began_after",
        client.table(EPOCHS)
    ))?;
    let parse = |fields: &[String]| -> Option<(Id, Epoch)> {
        let [epoch, owner, token, began_after] = fields else { return None };
        let epoch = epoch.parse().ok()?;
        let (token, began_after) = (token.parse().ok()?, began_after.parse().ok()?);
        Some((owner.parse().ok()?, Epoch { epoch, token, began_after }))
    };
    let mut epochs = Vec::with_capacity(lines.len());
    for fields in &lines {
        let (owner, epoch) = parse(fields)
            .ok_or_else(|| ClickHouseError::Answer(format!("an epoch of {fields:?}")))?;
        if owner != expected {
            return Err(ClickHouseError::Foreign { owner, expected });
        }
        epochs.push(epoch);
    }
    Ok(epochs)
}
