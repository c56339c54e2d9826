//! The effects: messages of a calling leave this node (ADR 16). One machinery for every
//! channel; what carries a message is a [`Way`].

use std::sync::Arc;

use base::{AdminCode, Duration, Level};
use host::effect::{Attempt, Decision, Errand, InVain, Order, Outcome, Patience, Step, WayOut};
use host::sealed::Opened;
use host::{Effect, Record, Result, Scope, Tx, World};
use serde::{Deserialize, Serialize};
use trust::contact::{self, ContactId};

use super::fact::{NewCall, Told};
use super::mail::Mail;
use super::model::Event;
use super::webhook::Webhook;
use super::{Call, CallState, Calling, CallingFact, CallingId, store};
use crate::ladder::Channel;

/// From then on nobody wants to be called for it; our own choice.
const GOOD_FOR: Duration = Duration::from_mins(120);
/// After a failure; four attempts within six minutes.
const PAUSES: &[Duration] =
    &[Duration::from_secs(10), Duration::from_secs(60), Duration::from_secs(300)];
const ANSWER_WITHIN: std::time::Duration = std::time::Duration::from_secs(30);
/// Messages under way at one time.
const AT_ONCE: usize = 8;

/// The payload of an errand: which line of which ledger, and nothing of a person.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Line {
    step: u32,
    contact: ContactId,
}

/// What somebody is to read, and who they are.
#[derive(Debug, Clone)]
pub struct Message {
    pub calling: CallingId,
    pub level: Level,
    pub region: Option<AdminCode>,
    pub name: String,
    pub duty: String,
    /// The title alone, without what stands before it in a mailbox.
    pub title: String,
    pub mobile: Option<String>,
    pub email: Option<String>,
    /// One line.
    pub subject: String,
    pub text: String,
}

/// What carries a message out, and blocks while it does.
pub trait Way: Send + Sync + 'static {
    fn send(&self, message: &Message, attempt: &Attempt) -> Outcome;
}

/// Tells people by one channel.
pub struct Tell {
    channel: Channel,
    name: &'static str,
    unit: Arc<str>,
    /// `None` when the node has none: then nobody is told, and the ledger says so.
    way: Option<Box<dyn Way>>,
}

/// The effects of every channel that leaves this node.
pub(crate) fn effects(
    unit: &Arc<str>,
    mail: Option<Mail>,
    webhook: Option<Webhook>,
) -> Vec<Arc<dyn Effect>> {
    let ways = [
        (Channel::Mail, mail.map(|way| Box::new(way) as Box<dyn Way>)),
        (Channel::Webhook, webhook.map(|way| Box::new(way) as Box<dyn Way>)),
    ];
    let effect = |(channel, way): (Channel, _)| {
        let name = channel.effect()?;
        Some(Arc::new(Tell { channel, name, unit: unit.clone(), way }) as Arc<dyn Effect>)
    };
    ways.into_iter().filter_map(effect).collect()
}

/// Orders the message of a line that leaves this node.
pub(super) fn order(tx: &mut Tx<'_>, calling: &Calling, step: u32, call: &NewCall) -> Result<()> {
    let Some(effect) = call.channel.effect() else { return Ok(()) };
    let line = Line { step, contact: call.contact };
    let payload = serde_json::json!(line);
    let title = format!("叫应{}：{}", call.channel.word(), calling.title);
    let until = tx.arrived() + GOOD_FOR;
    let order = Order::new(effect, calling.id, title, payload);
    tx.send_out(order.key(key(calling.id, line)).until(until))?;
    Ok(())
}

/// Takes back the message of a line, if it has not gone out.
pub(super) fn withdraw(tx: &mut Tx<'_>, calling: CallingId, call: &Call) -> Result<bool> {
    let Some(effect) = call.channel.effect() else { return Ok(false) };
    tx.withdraw(effect, &key(calling, Line { step: call.step, contact: call.contact }))
}

/// The same line is ordered once, whatever happens.
fn key(calling: CallingId, line: Line) -> String {
    format!("{calling}/{}/{}", line.step, line.contact)
}

impl Tell {
    /// What is to be sent to whom, read when it goes out.
    ///
    /// # Errors
    /// The outcome that there is nothing to send.
    fn message(&self, world: &World, id: CallingId, line: Line) -> Result<Message, Outcome> {
        let trouble = |error: host::Error| Outcome::Failed(error.to_string());
        let read = move |db: &mut dyn host::Read| {
            let calling = store::load(db, &Scope::Node, id)?;
            Ok((calling, contact::find(db, line.contact)?))
        };
        let (calling, found) = world.read_now(read).map_err(trouble)?;
        if calling.state.next(Event::End).is_none() {
            return Err(Outcome::Refused("已有人应答或已结束".to_owned()));
        }
        let found = found.filter(|found| !found.is_retired);
        let found = found.ok_or_else(|| Outcome::Refused("已移出通讯录".to_owned()))?;
        let address = match contact::open_for_work(world, &found).map_err(trouble)? {
            Opened::Open(address) => address,
            Opened::Destroyed => return Err(Outcome::Refused("号码已销毁".to_owned())),
            Opened::Closed => return Err(Outcome::Refused("号码的密钥不在本节点".to_owned())),
        };
        let level = calling.level.word();
        let text = format!(
            "{}：\n{}\n\n{}\n\n级别：{level}\n发布单位：{}\n请立即处置，并登录系统签收或向值班室答复。\n",
            found.description.name, calling.title, calling.text, self.unit
        );
        Ok(Message {
            calling: id,
            level: calling.level,
            region: calling.region().cloned(),
            name: found.description.name,
            duty: found.description.duty,
            title: calling.title.clone(),
            mobile: address.mobile,
            email: address.email,
            subject: format!("【叫应】{}", calling.title),
            text,
        })
    }
}

impl Effect for Tell {
    fn name(&self) -> &'static str {
        self.name
    }

    fn act(&self, way_out: &WayOut, attempt: &Attempt) -> Outcome {
        let Ok(line) = serde_json::from_value::<Line>(attempt.payload.clone()) else {
            return Outcome::Refused("the errand is none of this program's".to_owned());
        };
        let Some(way) = &self.way else {
            return Outcome::Refused(format!("本节点未配置{}渠道", self.channel.word()));
        };
        match self.message(way_out.world(), attempt.subject.into(), line) {
            Ok(message) => way.send(&message, attempt),
            Err(outcome) => outcome,
        }
    }

    fn record(&self, tx: &mut Tx<'_>, errand: &Errand, step: &Step) -> Result<()> {
        let Ok(line) = serde_json::from_value::<Line>(errand.payload.clone()) else {
            return Ok(());
        };
        let id: CallingId = errand.subject.into();
        let Some(call) = store::call(tx, id, (line.step, line.contact, self.channel))? else {
            return Ok(());
        };
        let (state, said, again_at) = match step {
            Step::Attempted { .. } => (CallState::Attempted, None, None),
            Step::Done { receipt } => (CallState::Delivered, Some(receipt.clone()), None),
            Step::Failed { why, again_at } => {
                (CallState::Failed, Some(why.clone()), Some(*again_at))
            }
            Step::Uncertain { why } => (CallState::Uncertain, Some(why.clone()), None),
            Step::Parked { why } | Step::Ended { why } => {
                (CallState::Failed, Some(why.clone()), None)
            }
            Step::Suppressed => (CallState::Suppressed, None, None),
            Step::Resolved(resolved) => {
                let reason = Some(resolved.reason.clone());
                match resolved.decision {
                    Decision::TryAgain => (CallState::Queued, reason, Some(tx.now())),
                    Decision::WentOut => (CallState::Delivered, reason, None),
                    Decision::GiveUp => (CallState::Failed, reason, None),
                }
            }
        };
        let title = store::load(tx, &Scope::Node, id)?.title;
        let (step, contact, channel) = (call.step, call.contact, call.channel);
        let told = Told { title, step, contact, name: call.name, channel, state, said, again_at };
        tx.record(Record::next(id, CallingFact::Told(told))).map(|_| ())
    }

    fn patience(&self) -> Patience {
        Patience {
            answer_within: ANSWER_WITHIN,
            pauses: PAUSES,
            at_once: AT_ONCE,
            is_in_turn: false,
            in_vain: InVain::Ends,
        }
    }
}
