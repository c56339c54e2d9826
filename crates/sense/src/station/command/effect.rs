//! The effect: commands go out on the lines of this node (ADR 16).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::{Id, Timestamp};
use host::document::DocumentRef;
use host::effect::{Attempt, Decision, Errand, Found, InVain, Outcome, Patience, Step, WayOut};
use host::{Effect, Error, Read, Record, Result, Tx, World, params};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::unbounded_channel;

use super::answer::capped;
use super::{AskState, CommandId, store};
use crate::gateway::{Heard, Lines, Order};
use crate::protocol::Protocol;
use crate::protocol::form::{Ask, Keys, Kind};
use crate::source::view::hide_password;
use crate::station::StationId;
use crate::station::fact::{Answered, AskChanged, StationFact};

/// The payload of an errand: nothing secret, for it is kept in clear.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Errands {
    pub command: CommandId,
    pub protocol: Protocol,
    pub code: String,
    pub kind: Kind,
    pub ask: Ask,
}

/// Longer than a session repeats a query: three times 20 s.
const ANSWER_WITHIN: Duration = Duration::from_secs(120);
/// How long a command is good for once it is given to a line; before the patience above ends.
const GOOD_FOR: base::Duration = base::Duration::from_secs(90);
/// After a line ended under a query, or before anything went out.
const PAUSES: &[base::Duration] = &[base::Duration::from_secs(5); 8];

/// Gives commands to the lines of this node.
#[derive(Default)]
pub struct SendCommand {
    lines: Lines,
    /// What came of attempts, until it is recorded.
    told: Mutex<HashMap<Id, Told>>,
}

/// What came of one attempt.
#[derive(Debug, Clone, Default)]
struct Told {
    /// Hexadecimal digits, passwords hidden.
    sent: Option<String>,
    state: Option<AskState>,
    why: Option<String>,
    said: Option<serde_json::Value>,
    documents: Vec<DocumentRef>,
}

impl SendCommand {
    pub const NAME: &str = "station.command";

    /// On which connections stations are; shared with the doors.
    pub(crate) fn lines(&self) -> Lines {
        self.lines.clone()
    }

    fn told<R>(&self, at: impl FnOnce(&mut HashMap<Id, Told>) -> R) -> R {
        at(&mut self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Gives the command to its line and waits for what comes of it.
    fn send(
        &self,
        world: &World,
        (station, errands): (StationId, &Errands),
        told: &mut Told,
    ) -> Outcome {
        let keys = match keys_of(world, station, &errands.ask) {
            Ok(keys) => keys,
            Err(error) => return Outcome::Failed(error.to_string()),
        };
        let (tell, mut heard) = unbounded_channel();
        let order = Order {
            station: errands.code.clone(),
            command: errands.command.into(),
            ask: errands.ask.clone(),
            keys,
            good_for: GOOD_FOR,
            is_sent: false,
            heard: tell,
        };
        if !self.lines.give(errands.protocol, order) {
            return Outcome::Failed("the station is on no line".to_owned());
        }
        let mut done = |state: AskState, why: Option<String>| {
            told.state = Some(state);
            told.why = why;
            Outcome::Done(state.code().to_owned())
        };
        let mut sent = None;
        let outcome = loop {
            match heard.blocking_recv() {
                Some(Heard::Sent(raw)) => sent = Some(shown(errands.protocol, &raw)),
                Some(Heard::Delivered) => break done(AskState::Delivered, None),
                Some(Heard::Answered { said, documents }) => {
                    let outcome = done(AskState::Answered, None);
                    (told.said, told.documents) = (said.map(capped), documents);
                    break outcome;
                }
                Some(Heard::Unanswered) => break done(AskState::TimedOut, None),
                Some(Heard::Untaken(why)) => break done(AskState::Refused, Some(why)),
                Some(Heard::Lost) | None => {
                    break match (&sent, errands.kind) {
                        (None, _) => {
                            Outcome::Failed("the line ended before it went out".to_owned())
                        }
                        (Some(_), Kind::Query) => {
                            Outcome::Failed("the line ended before an answer came".to_owned())
                        }
                        (Some(_), Kind::Setting | Kind::Control) => {
                            Outcome::Uncertain("the line ended before an answer came".to_owned())
                        }
                    };
                }
            }
        };
        told.sent = sent;
        outcome
    }
}

/// The password that the station uses now, and the one that a change of it names.
fn keys_of(world: &World, station: StationId, ask: &Ask) -> Result<Option<Keys>> {
    let Some(next) = ask.values.get("key").and_then(|id| id.as_str()) else { return Ok(None) };
    let (next, now) = (next.to_owned(), world.clock().now());
    world.read_now(move |db| pair(db, station, &next, now))
}

/// The newest other key that is good, and the one that is named.
pub(super) fn pair(
    db: &mut dyn Read,
    station: StationId,
    next: &str,
    now: Timestamp,
) -> Result<Option<Keys>> {
    let rows = db.rows(
        "select x.id, x.secret, coalesce(k.until_at, x.until_at) as until_at, \
         coalesce(k.issued_at, 0) as issued_at from station_secret x \
         left join station_key k on k.id = x.id where x.station = $1 \
         order by issued_at desc, x.id desc",
        params![station],
    )?;
    let (mut used, mut wanted) = (None, None);
    for row in &rows {
        let (id, secret): (Id, String) = (row.get("id")?, row.get("secret")?);
        let until: Option<Timestamp> = row.get("until_at")?;
        if until.is_some_and(|until| until <= now) {
            continue;
        }
        match id.to_string() == next {
            true => wanted = Some(secret),
            false => used = used.or(Some(secret)),
        }
    }
    Ok(used.zip(wanted).map(|(now, next)| Keys { now, next }))
}

/// Bytes as they may be shown to whoever sees the station.
fn shown(protocol: Protocol, raw: &[u8]) -> String {
    let (mut digits, mut spans) = (hex::encode_upper(raw), protocol.layout(raw));
    hide_password(&mut digits, &mut spans);
    digits
}

impl Effect for SendCommand {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn is_ready(&self, errand: &Errand) -> bool {
        let errands = serde_json::from_value::<Errands>(errand.payload.clone());
        // One that cannot be read is attempted, and refused.
        errands.map_or(true, |it| self.lines.is_online_or_wanted(it.protocol, &it.code))
    }

    fn act(&self, way_out: &WayOut, attempt: &Attempt) -> Outcome {
        let Ok(errands) = serde_json::from_value::<Errands>(attempt.payload.clone()) else {
            return Outcome::Refused("the errand is none of this program's".to_owned());
        };
        let mut told = Told::default();
        let station = attempt.subject.into();
        let outcome = self.send(way_out.world(), (station, &errands), &mut told);
        self.told(|all| all.insert(attempt.errand, told));
        outcome
    }

    fn record(&self, tx: &mut Tx<'_>, errand: &Errand, step: &Step) -> Result<()> {
        let Ok(Errands { command, .. }) = serde_json::from_value(errand.payload.clone()) else {
            return Ok(());
        };
        let told = match step {
            Step::Done { .. } | Step::Failed { .. } | Step::Uncertain { .. } => {
                self.told(|all| all.remove(&errand.id)).unwrap_or_default()
            }
            _ => Told::default(),
        };
        let station: StationId = errand.subject.into();
        let found = store::find(tx, station, command)?;
        let Some(before) = found else { return Ok(()) };
        let (state, why) = match step {
            Step::Attempted { .. } => (AskState::Sent, None),
            Step::Done { .. } => (told.state.unwrap_or(AskState::Uncertain), told.why.clone()),
            Step::Failed { why, .. } => (AskState::Asked, Some(why.clone())),
            Step::Uncertain { why } => (AskState::Uncertain, Some(why.clone())),
            Step::Ended { why } | Step::Parked { why } => (AskState::Expired, Some(why.clone())),
            Step::Suppressed => (AskState::Suppressed, None),
            Step::Resolved(resolved) => {
                let state = match resolved.decision {
                    Decision::TryAgain => AskState::Asked,
                    Decision::WentOut => AskState::Confirmed,
                    Decision::GiveUp => AskState::GivenUp,
                };
                (state, Some(resolved.reason.clone()))
            }
        };
        let Told { sent, said, documents, .. } = told;
        // Its own words may come before the acknowledgement, which then tells of the bytes.
        let is_answered = before.state == AskState::Answered;
        if is_answered && (sent.is_none() || before.sent.is_some()) {
            return Ok(());
        }
        let fact = match state {
            _ if is_answered => {
                let (state, why) = (AskState::Answered, None);
                StationFact::AskChanged(AskChanged { command, state, why, sent, by: None })
            }
            AskState::Answered => {
                StationFact::Answered(Answered { command, sent, said, documents })
            }
            _ => StationFact::AskChanged(AskChanged { command, state, why, sent, by: None }),
        };
        tx.record(Record::next(errand.subject, fact)).map(|_| ())
    }

    /// A query is asked again; what a setting did, nobody here knows.
    fn find_out(&self, _: &WayOut, attempt: &Attempt) -> Found {
        match serde_json::from_value::<Errands>(attempt.payload.clone()) {
            Ok(Errands { kind: Kind::Query, .. }) => Found::DidNot,
            _ => Found::Unknown,
        }
    }

    /// One station after another would keep a city waiting; commands of one take turns.
    fn patience(&self) -> Patience {
        Patience {
            answer_within: ANSWER_WITHIN,
            pauses: PAUSES,
            at_once: 32,
            is_in_turn: true,
            in_vain: InVain::Ends,
        }
    }
}

/// The effect of a world's parts.
///
/// # Errors
/// [`Error::Internal`] when it has none.
pub(super) fn of(world: &World) -> Result<Arc<SendCommand>> {
    let found = world.effect::<SendCommand>();
    found.ok_or_else(|| Error::Internal("no part sends commands".to_owned()))
}
