//! Answers that nobody waits for, and stations that somebody waits for: what the doors tell.

use host::{Lane, Read, Record, Result, Tx, World, params};
use serde_json::{Value, json};

use super::{CommandId, SendCommand, store};
use crate::intake::Answer;
use crate::protocol::Protocol;
use crate::station::StationId;
use crate::station::fact::{Answered, StationFact};

/// The most of an answer that a fact holds, in bytes of JSON; its own bytes are kept whole.
const LONGEST_SAID: usize = 16 << 10;

/// What is too long for a fact is read from the kept bytes.
pub(super) fn capped(said: Value) -> Value {
    let text = said.to_string();
    // A fact cannot hold NUL.
    match text.len() <= LONGEST_SAID && !text.contains("\\u0000") {
        true => said,
        false => json!({ "too_long": text.len() }),
    }
}

/// Writes down an answer of a station to its command; one to another's, to none or to one
/// that never went out is a message like others.
pub(crate) fn answered(world: &World, answer: Answer) {
    let Answer { protocol, station, command, said, documents } = answer;
    let command: CommandId = command.into();
    let decide = move |tx: &mut Tx<'_>| {
        let row = tx.row(
            "select s.id from station_command c join station s on s.id = c.station \
             where c.id = $1 and s.protocol = $2 and s.code = $3",
            params![command, protocol.code(), station],
        )?;
        let Some(row) = row else { return Ok(()) };
        let station: StationId = row.get("id")?;
        let Some(before) = store::find(tx, station, command)? else { return Ok(()) };
        if !before.state.may_be_answered() {
            return Ok(());
        }
        let said = said.map(capped);
        let fact = Answered { command, sent: None, said, documents };
        tx.record(Record::next(station, StationFact::Answered(fact)))?;
        tx.went_out(SendCommand::NAME, &command.to_string(), "answered")
    };
    ordinary(world, "an answer was not written down", decide);
}

/// A station for which a command waits is on a line.
pub(crate) fn hasten(world: &World, protocol: Protocol, station: String) {
    let decide = move |tx: &mut Tx<'_>| {
        let rows = tx.rows(
            "select id from station where protocol = $1 and code = $2",
            params![protocol.code(), station],
        )?;
        rows.iter().try_for_each(|row| tx.hasten(SendCommand::NAME, row.get::<StationId>("id")?))
    };
    ordinary(world, "a command that waits was not hastened", decide);
}

fn ordinary(
    world: &World,
    what: &'static str,
    decide: impl FnOnce(&mut Tx<'_>) -> Result<()> + Send + 'static,
) {
    let done = move |result: Result<()>| {
        if let Err(error) = result {
            tracing::error!(%error, what);
        }
    };
    if let Err(error) = world.run_then(Lane::Ordinary, "gateway", decide, done) {
        tracing::error!(%error, what);
    }
}
