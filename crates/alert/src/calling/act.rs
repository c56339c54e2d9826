//! What moves a calling, within a transaction: steps, and what people say.

use base::{Id, Timestamp};
use host::{Error, Record, Result, Scope, Tx};
use trust::contact::ContactId;

use super::fact::Told;
use super::model::{Said, Turn, is_refused_by_all};
use super::{Call, CallState, Calling, CallingFact, CallingId, effect, store};
use crate::ladder::Channel;

/// What somebody said, or did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Taken,
    Refused,
    Missed,
}

/// Goes one step further, and on over steps that reach nobody. `now` is when people are
/// told, which after a standstill is later than it was due.
pub(super) fn climb(tx: &mut Tx<'_>, id: CallingId, now: Timestamp) -> Result<()> {
    loop {
        let calling = store::load(tx, &Scope::Node, id)?;
        let turn = match calling.climb(now) {
            None => return Ok(()),
            Some(Turn::Exhausted(it)) => {
                tx.record(Record::next(id, CallingFact::Exhausted(it)))?;
                return Ok(());
            }
            Some(Turn::Step(it)) => it,
        };
        let reaches = turn.calls.iter().any(|call| call.unreachable.is_none());
        tx.record(Record::next(id, CallingFact::Stepped(turn.clone())))?;
        for call in turn.calls.iter().filter(|call| call.unreachable.is_none()) {
            effect::order(tx, &calling, turn.step, call)?;
        }
        if reaches {
            return Ok(());
        }
    }
}

/// What somebody says who was told inside, from their own account.
///
/// # Errors
/// [`Error::NotFound`] for one who was not told; [`Error::Conflict`] `calling-ended`.
pub(super) fn say(
    tx: &mut Tx<'_>,
    (id, person): (CallingId, Id),
    (outcome, words): (Outcome, String),
) -> Result<Calling> {
    let calling = store::load(tx, &Scope::Node, id)?;
    let calls = store::calls(tx, id)?;
    let own = calls.iter().rev().find(|call| {
        call.person == Some(person)
            && call.channel == Channel::InApp
            && call.state != CallState::Unreachable
    });
    let own = own.ok_or(Error::not_found("calling"))?;
    let (step, contact, name) = (own.step, own.contact, own.name.clone());
    let said = Said { step, contact, name, channel: Channel::InApp, words, recorded_by: None };
    settle(tx, &calling, said, outcome)
}

/// What an officer heard on the phone.
///
/// # Errors
/// [`Error::Invalid`] for somebody who is not on a step that was taken; [`Error::Conflict`]
/// `calling-ended`.
pub(super) fn record(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: CallingId,
    (contact, name): (ContactId, Option<String>),
    (outcome, words): (Outcome, String),
) -> Result<Calling> {
    let calling = store::load(tx, scope, id)?;
    let calls = store::calls(tx, id)?;
    let called: Option<&Call> = calls.iter().rev().find(|call| call.contact == contact);
    let expected = "somebody of a step that was taken";
    let called = called.ok_or_else(|| Error::invalid("contact", contact, expected))?;
    // Somebody else may have picked up.
    let name = name.unwrap_or_else(|| called.name.clone());
    let recorded_by = Some(tx.actor_name().unwrap_or_default().to_owned());
    let step = called.step;
    let said = Said { step, contact, name, channel: Channel::Phone, words, recorded_by };
    settle(tx, &calling, said, outcome)
}

/// Takes back what has not gone out, since nobody needs to be told any more.
pub(super) fn withdraw(tx: &mut Tx<'_>, calling: &Calling) -> Result<()> {
    for call in store::calls(tx, calling.id)? {
        let is_waiting = matches!(call.state, CallState::Queued | CallState::Failed);
        if is_waiting && effect::withdraw(tx, calling.id, &call)? {
            let told = Told {
                title: calling.title.clone(),
                step: call.step,
                contact: call.contact,
                name: call.name,
                channel: call.channel,
                state: CallState::Withdrawn,
                said: None,
                again_at: None,
            };
            tx.record(Record::next(calling.id, CallingFact::Told(told)))?;
        }
    }
    Ok(())
}

fn settle(tx: &mut Tx<'_>, calling: &Calling, said: Said, outcome: Outcome) -> Result<Calling> {
    let id = calling.id;
    let fact = match outcome {
        Outcome::Taken => CallingFact::Answered(calling.answer(said)?),
        Outcome::Refused => CallingFact::Refused(calling.refuse(said)?),
        Outcome::Missed => {
            let by = said.recorded_by.clone().unwrap_or_default();
            CallingFact::Missed(calling.miss(said, by)?)
        }
    };
    tx.record(Record::next(id, fact))?;
    if outcome == Outcome::Taken {
        withdraw(tx, calling)?;
    }
    if outcome == Outcome::Refused && is_refused_by_all(&store::calls(tx, id)?, calling.step) {
        let now = tx.now();
        climb(tx, id, now)?;
    }
    store::load(tx, &Scope::Node, id)
}
