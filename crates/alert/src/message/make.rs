//! Making a message in the transaction of the fact that it tells of.

use base::{Date, Timestamp};
use host::{Class, Error, Read, Record, Result, Tx};
use wire::cap::{self, Alert, ChainError, MsgType, Profile, Status};

use super::compose::{Division, Telling, compose};
use super::{Made, MessageFact, MessageId, store};
use crate::warning::{self, Warning};

/// How this node publishes.
#[derive(Debug, Clone, Default)]
pub struct Publication {
    /// `sender` of its messages: no blanks, commas, `<` or `&`. Of chains that are under
    /// way the old one stays.
    pub sender: String,
    /// Three digits of GB/T 4657 in identifiers; 000 when empty.
    pub organisation: String,
    /// Messages say that they are of a test.
    pub is_test: bool,
    /// Whether whoever reaches the port may read the feed; else who reads warnings may.
    pub is_open: bool,
    /// Whether received warnings stand in the feed too, as they came.
    pub passes_on: bool,
    /// Where the feed is reached: `https://…`, without a slash at the end.
    pub address: String,
}

/// By whom warnings are issued, and how they are told.
#[derive(Debug)]
pub(crate) struct Office {
    /// 发布单位.
    pub unit: String,
    pub publication: Publication,
}

impl Office {
    fn status(&self, is_real: bool) -> Status {
        match (is_real, self.publication.is_test) {
            (false, _) => Status::Exercise,
            (true, true) => Status::Test,
            (true, false) => Status::Actual,
        }
    }
}

/// What is told of a warning.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// It is in force, in the place of an earlier one or not.
    Issue,
    /// It stays in force.
    Extend,
    Lift {
        by: String,
        reason: String,
    },
}

/// The serials of one second (the profile has one digit).
const SERIALS: u8 = 10;

/// Makes the message of what was just recorded.
///
/// - `is_real`: whether this is the real world; a drill's messages say that they are one.
///
/// A warning of a sensitive class is not told to the public. That a message cannot be
/// written keeps no warning from being issued: its page shows that there is none.
///
/// # Errors
/// [`Error::Db`].
pub(crate) fn publish(
    tx: &mut Tx<'_>,
    office: &Office,
    is_real: bool,
    warning: &Warning,
    act: &Act,
) -> Result<()> {
    if warning.home.class == Class::Sensitive {
        return Ok(());
    }
    let status = office.status(is_real);
    let chain = store::chain(tx, &[warning.id], &status)?;
    if chain.is_empty() && matches!(act, Act::Lift { .. }) {
        // Nobody was told that it began: it was issued before messages were made.
        return Ok(());
    }
    let id = MessageId(tx.new_id());
    let sent = tx.now();
    let telling = tell(tx, office, status, warning, act, &chain, sent)?;
    let alert = compose(&telling);
    let xml = match cap::write(&alert) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(faults) => {
            let fault = faults.list.first().map(ToString::to_string).unwrap_or_default();
            tracing::error!(warning.id = %warning.id, fault, "a warning has no CAP message");
            return Ok(());
        }
    };
    let made = Made {
        warning: warning.id,
        title: warning.title.clone(),
        number: warning.number.clone(),
        msg_type: cap::Word::as_str(&telling.msg_type).to_owned(),
        status: cap::Word::as_str(&telling.status).to_owned(),
        sender: alert.sender,
        identifier: alert.identifier,
        sent: Timestamp::from_millis(sent.as_millis().div_euclid(1_000) * 1_000),
        ends: warning.expires,
        xml,
    };
    let reach = warning::reach(tx, warning.id)?;
    // What is told to the public is public.
    let home = warning.home.clone().class(Class::Public).reach(reach);
    tx.record(Record::first(id, home, MessageFact::Made(made)).follows(warning.id))?;
    Ok(())
}

/// What would be told if it were issued now: the same message, marked as a draft.
pub(crate) fn draft(
    db: &mut dyn Read,
    office: &Office,
    warning: &Warning,
    now: Timestamp,
) -> Result<Alert> {
    let place: Vec<_> = std::iter::once(warning.id).chain(warning.supersedes).collect();
    let chain = store::chain(db, &place, &office.status(true))?;
    let act = Act::Issue;
    let telling = tell(db, office, Status::Draft, warning, &act, &chain, now)?;
    Ok(compose(&telling))
}

fn tell<'a>(
    db: &mut dyn Read,
    office: &'a Office,
    status: Status,
    warning: &'a Warning,
    act: &'a Act,
    chain: &'a [Alert],
    sent: Timestamp,
) -> Result<Telling<'a>> {
    // A chain keeps the sender that it began with: references of another's end nothing.
    let newest = chain.last();
    let sender = newest.map_or(office.publication.sender.as_str(), |newest| newest.sender.as_str());
    let own: Vec<Alert> = chain.iter().filter(|it| it.sender == sender).cloned().collect();
    let references = match cap::references(&own, sent) {
        Ok(references) => Some(references),
        Err(ChainError::Empty) => None,
        Err(error) => {
            tracing::error!(warning.id = %warning.id, %error, "a message begins a new chain");
            None
        }
    };
    let msg_type = match (act, &references) {
        (Act::Lift { .. }, _) => MsgType::Cancel,
        (_, Some(_)) => MsgType::Update,
        (_, None) => MsgType::Alert,
    };
    let (signer, reason) = match act {
        Act::Lift { by, reason } => (Some(by.as_str()), Some(reason.as_str())),
        _ => (warning.issuer.as_ref().map(|issuer| issuer.name.as_str()), None),
    };
    Ok(Telling {
        warning,
        msg_type,
        status,
        sender,
        identifier: identifier(db, office, sender, warning, sent)?,
        sent,
        unit: warning.unit.as_deref().unwrap_or(&office.unit),
        signer,
        references,
        divisions: divisions(db, warning, Date::of(sent))?,
        web: None,
        reason,
    })
}

fn divisions(db: &mut dyn Read, warning: &Warning, on: Date) -> Result<Vec<Division>> {
    let reach = warning::reach(db, warning.id)?;
    let codes = std::iter::once(warning.region.clone()).chain(reach);
    let mut divisions = Vec::new();
    for code in codes {
        let name = warning::region_name(db, &code)?;
        let outline = atlas::region::outline(db, &code, on)?;
        divisions.push(Division { code, name, outline });
    }
    Ok(divisions)
}

/// An identifier by the profile that no message of this sender has.
///
/// More messages of one division and second than there are serials take the seconds
/// after it; what they say of their sending stays as it is.
fn identifier(
    db: &mut dyn Read,
    office: &Office,
    sender: &str,
    warning: &Warning,
    sent: Timestamp,
) -> Result<String> {
    let profile = Profile::china();
    let organisation = match office.publication.organisation.as_str() {
        "" => "000",
        digits => digits,
    };
    let area: String = warning.region.as_str().chars().take(6).collect();
    let mut moment = sent;
    loop {
        for serial in 0..SERIALS {
            let serial = serial.to_string();
            let values = [
                ("area", area.as_str()),
                ("organisation", organisation),
                ("serial", serial.as_str()),
            ];
            let identifier = profile
                .identifier(&values, moment)
                .map_err(|error| Error::Internal(error.to_string()))?;
            if !store::is_taken(db, sender, &identifier)? {
                return Ok(identifier);
            }
        }
        moment = moment + base::Duration::from_secs(1);
    }
}
