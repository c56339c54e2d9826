//! Commands on one connection: given to the session, and told of as far as they get.

use base::Id;
use serde_json::Value as Json;
use wire::session::{CommandId, CommandResult, Outcome, Session as _, Token};

use super::super::line::{Heard, Order};
use super::super::{Converses, went_out};
use super::Connection;
use crate::intake::{Answer, Note, Verdict};

/// How long after a command was given up its answer is still known as one.
const LATE: base::Duration = base::Duration::from_mins(10);

/// An answer that counts once it is stored: whoever only claims a code answers nothing.
pub(super) enum Answering {
    InTime(Order, Option<Json>),
    Late(Id, Option<Json>),
}

impl<P: Converses> Connection<'_, P> {
    /// Hands a command to the session; whoever asked hears at once when it is not taken.
    pub(super) fn ask(&mut self, order: Order) {
        let now = self.timed();
        let made = P::order(&order.to(self.hub.clock.now()), &order.ask);
        let taken = made.map_err(|bad| bad.to_string()).and_then(|command| {
            self.session.command(now, command).map_err(|error| error.to_string())
        });
        match taken {
            Ok(command) if P::OUTLIVES => {
                self.hub.given(|given| given.insert(command, order));
            }
            Ok(command) => {
                self.asked.insert(command, order);
            }
            Err(why) => order.tell(Heard::Untaken(why)),
        }
    }

    pub(super) fn sent(&mut self, bytes: &[u8]) {
        if P::OUTLIVES {
            return self.hub.sent(bytes);
        }
        let now = self.hub.clock.now();
        self.asked.values_mut().for_each(|order| went_out::<P>(order, bytes, now));
    }

    /// Remembers what a frame says that may be an answer: the session tells after it.
    pub(super) fn look_for_answer(&mut self, token: Token, sender: &str, message: &P::Message) {
        if !self.asked.is_empty() {
            self.last = Some((token, P::answer(message)));
        }
        let Some((order, since)) = &self.late else { return };
        let is_asked_again = self.asked.values().any(|it| it.ask.command == order.ask.command);
        let is_late = self.hub.clock.now() < *since + LATE;
        if order.station == sender
            && is_late
            && !is_asked_again
            && P::answers(message).is_some_and(|code| code == order.ask.command)
        {
            self.answers.insert(token, Answering::Late(order.command, P::answer(message)));
            self.late = None;
        }
    }

    pub(super) fn done(&mut self, command: CommandId, result: CommandResult) {
        if P::OUTLIVES {
            return self.hub.done(command, result);
        }
        let Some(order) = self.asked.remove(&command) else { return };
        match (result, self.last.take()) {
            (CommandResult::Answered, Some((token, said))) => {
                self.answers.insert(token, Answering::InTime(order, said));
            }
            (CommandResult::Answered, None) => {
                order.tell(Heard::Answered { said: None, documents: Vec::new() });
            }
            (CommandResult::Sent | CommandResult::Unanswered, _) => {
                order.tell(Heard::Unanswered);
                self.late = Some((order, self.hub.clock.now()));
            }
        }
    }

    /// An answer was judged.
    pub(super) fn judged(&mut self, token: Token, sender: &str, verdict: &Verdict) {
        let Some(answer) = self.answers.remove(&token) else { return };
        let documents = verdict.note.as_ref().map(Note::documents).unwrap_or_default();
        let is_kept = matches!(verdict.outcome, Outcome::Stored | Outcome::Unreadable(_));
        match answer {
            Answering::InTime(order, said) if is_kept => {
                order.tell(Heard::Answered { said, documents });
            }
            Answering::InTime(order, _) => order.tell(match verdict.outcome {
                Outcome::Busy => Heard::Lost,
                _ => Heard::Unanswered,
            }),
            Answering::Late(command, said) if is_kept => {
                let (protocol, station) = (P::PROTOCOL, sender.to_owned());
                self.hub.intake.answered(Answer { protocol, station, command, said, documents });
            }
            Answering::Late(..) => {}
        }
    }

    /// A message of a station was stored.
    pub(super) fn hear(&mut self, station: &str) {
        if !self.lineman.has(station) && !P::takes_orders(&self.session) {
            self.unheard = Some(station.to_owned());
        } else if self.lineman.heard(station) {
            self.hub.intake.reached(P::PROTOCOL, station);
        }
    }

    pub(super) fn look_who_listens(&mut self) {
        if self.unheard.is_some()
            && P::takes_orders(&self.session)
            && let Some(station) = self.unheard.take()
        {
            self.hear(&station);
        }
    }
}
