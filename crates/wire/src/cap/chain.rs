//! Messages that belong together: what an update refers to, and which of them still holds.
//!
//! Source: CAP 1.2 §3.2.1 (`msgType`, `references`), §3.2.2 (`expires`). That all earlier
//! messages that have not expired are referred to is the custom of profiles (Canada's and
//! the corpus here do so): a receiver that missed some still knows what is replaced.

use std::collections::{HashMap, HashSet};

use base::Timestamp;

use super::alert::Alert;
use super::check::is_name;
use super::value::{Reference, References, short};
use super::word::MsgType;

/// Why nothing may follow these messages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    #[error("there is no earlier message, expected one at least")]
    Empty,
    #[error("{0} has cancelled them, expected a new alert instead")]
    Cancelled(String),
    #[error("{saw} has another {what} than the first, expected messages of one chain")]
    Mixed { saw: String, what: &'static str },
    #[error("{0} cannot be referred to, expected no blanks, commas, '<' or '&' and a time")]
    Nameless(String),
}

/// The references of the message that comes next, an update or a cancellation.
///
/// - `earlier`: the alert and its updates, in any order; one that stands twice counts once.
/// - `now`: what has expired then is left out, but for the newest, which is always there.
/// - Returns them by the moment they were sent, then by identifier.
///
/// # Errors
/// [`ChainError`]. Acks and errors among them are nobody's to update, and are left out.
pub fn references(earlier: &[Alert], now: Timestamp) -> Result<References, ChainError> {
    let is_kept = |alert: &&Alert| !matches!(alert.msg_type, Some(MsgType::Ack | MsgType::Error));
    let mut chain: Vec<(Timestamp, Reference, &Alert)> = Vec::new();
    for alert in earlier.iter().filter(is_kept) {
        let reference = alert.reference();
        let saw = || short(&reference.to_string());
        if alert.msg_type == Some(MsgType::Cancel) {
            return Err(ChainError::Cancelled(saw()));
        }
        if let Some((_, _, first)) = chain.first() {
            for (what, is_other) in
                [("sender", first.sender != alert.sender), ("status", first.status != alert.status)]
            {
                if is_other {
                    return Err(ChainError::Mixed { saw: saw(), what });
                }
            }
        }
        let sent = alert.sent.moment().filter(|_| alert.sent.is_strict());
        match sent.filter(|_| is_name(&alert.sender) && is_name(&alert.identifier)) {
            Some(sent) => chain.push((sent, reference, alert)),
            None => return Err(ChainError::Nameless(saw())),
        }
    }
    chain.sort_by(|(a, x, _), (b, y, _)| a.cmp(b).then_with(|| x.cmp(y)));
    chain.dedup_by(|(_, x, _), (_, y, _)| x == y);
    let newest = chain.len().checked_sub(1).ok_or(ChainError::Empty)?;
    let left = chain.iter().enumerate();
    let left = left.filter(|(at, (_, _, alert))| *at == newest || !has_expired(alert, now));
    Ok(References::from_references(left.map(|(_, (_, reference, _))| reference)))
}

/// Which messages hold at `now`: alerts and updates that have not expired and that no later
/// one replaces or cancels.
///
/// A reference counts when it comes from the same sender and has the same status: nobody
/// ends another's warning, and an exercise ends no real one. The standard leaves both to
/// the receiver; what is not counted holds until it expires.
///
/// - Returns their places in `messages`, rising.
pub fn in_force(messages: &[Alert], now: Timestamp) -> Vec<usize> {
    let mut places: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (at, alert) in messages.iter().enumerate() {
        places.entry((&alert.sender, &alert.identifier)).or_default().push(at);
    }
    let mut ended = HashSet::new();
    for alert in messages {
        if !matches!(alert.msg_type, Some(MsgType::Update | MsgType::Cancel)) {
            continue;
        }
        let named = alert.references.as_ref().and_then(|text| text.references().ok());
        for reference in named.unwrap_or_default() {
            let key = (reference.sender.as_str(), reference.identifier.as_str());
            for at in places.get(&key).into_iter().flatten() {
                let other = &messages[*at];
                let is_it = other.sent == reference.sent
                    || (other.sent.moment().is_some()
                        && other.sent.moment() == reference.sent.moment());
                let may = other.sender == alert.sender && other.status == alert.status;
                if is_it && may && !std::ptr::eq(other, alert) {
                    ended.insert(*at);
                }
            }
        }
    }
    let holds = |(at, alert): &(usize, &Alert)| {
        matches!(alert.msg_type, Some(MsgType::Alert | MsgType::Update))
            && !ended.contains(at)
            && !has_expired(alert, now)
    };
    messages.iter().enumerate().filter(holds).map(|(at, _)| at).collect()
}

/// Whether all that it says is over; what names no end is not.
fn has_expired(alert: &Alert, now: Timestamp) -> bool {
    let ends = |info: &super::Info| info.expires.as_ref().and_then(super::Time::moment);
    !alert.info.is_empty() && alert.info.iter().all(|info| ends(info).is_some_and(|end| end <= now))
}
