//! Taking what came: kept first, then recorded, each message once.

use base::{AdminCode, Id, Timestamp};
use host::document::{DocumentRef, LARGEST, NewDocument};
use host::{Caller, Class, Error, Home, Read, Record, Result, Tx, World};
use sha2::{Digest as _, Sha256};
use wire::cap::Message;

use super::fact::{Original, ReceivedFact, Refused, RejectFact, Taken};
use super::model::{Looked, MOST_REACHED, divisions, look, short, taken};
use super::{ReceivedId, store};

/// Messages that share a command, so that an alarm never waits long behind a feed.
const TOGETHER: usize = 20;

/// What became of what came.
#[derive(Debug, Default, serde::Serialize, schemars::JsonSchema)]
#[schemars(rename = "TakenMessages")]
pub(super) struct Outcome {
    /// New ones.
    pub taken: Vec<ReceivedId>,
    /// Those that were here before.
    pub known: Vec<ReceivedId>,
    /// Why some were refused; they are kept for a person to look at.
    pub refused: Vec<String>,
    /// Entries of a feed that only link to their message.
    pub linked: usize,
}

/// One thing that was found.
enum Found {
    Message(Box<Taken>, Vec<AdminCode>),
    Refused(String),
}

/// Takes bytes that `caller` brought, on a thread that may wait.
///
/// # Errors
/// [`Error::Db`]; [`Error::Internal`] when the bytes cannot be kept: then nothing was taken.
pub(super) fn take(
    world: &World,
    caller: &Caller,
    region: Option<&AdminCode>,
    bytes: &[u8],
) -> Result<Outcome> {
    world.check_writable()?;
    let now = world.clock().now();
    let source = short(&caller.name);
    let looked = look(bytes);
    let original = keep(world, bytes, now)?;
    let mut outcome = Outcome::default();
    let found = find(looked, &source, &original, now, &mut outcome);
    let mut left = found.into_iter().peekable();
    while left.peek().is_some() {
        let some: Vec<Found> = left.by_ref().take(TOGETHER).collect();
        let (home, source, original) = (region.cloned(), source.clone(), original.clone());
        let (taken, known, refused) = world.run_as(caller, move |tx| {
            let mut outcome = Outcome::default();
            for found in some {
                record(tx, home.as_ref(), &source, &original, found, &mut outcome)?;
            }
            Ok((outcome.taken, outcome.known, outcome.refused))
        })?;
        outcome.taken.extend(taken);
        outcome.known.extend(known);
        outcome.refused.extend(refused);
    }
    Ok(outcome)
}

fn find(
    looked: Looked,
    source: &str,
    original: &Original,
    now: Timestamp,
    outcome: &mut Outcome,
) -> Vec<Found> {
    let message =
        |message: &Message, in_feed| match taken(message, source, original.clone(), in_feed, now) {
            Ok(taken) => Found::Message(Box::new(taken), divisions(&message.alert)),
            Err(reason) => Found::Refused(reason),
        };
    match looked {
        Looked::Message(one) => vec![message(&one, false)],
        Looked::Neither(error) => vec![Found::Refused(error.to_string())],
        Looked::Feed(feed) => {
            let inside = |item: &wire::cap::Item| item.messages.is_empty() && item.link.is_some();
            outcome.linked = feed.items.iter().filter(|item| inside(item)).count();
            let messages = feed.items.iter().flat_map(|item| &item.messages);
            let found = messages.map(|read| match read {
                Ok(one) => message(one, true),
                Err(error) => Found::Refused(error.to_string()),
            });
            found.collect()
        }
    }
}

/// Records one thing that was found, unless it is here already.
fn record(
    tx: &mut Tx<'_>,
    region: Option<&AdminCode>,
    source: &str,
    original: &Original,
    found: Found,
    outcome: &mut Outcome,
) -> Result<()> {
    let home = region.map_or_else(Home::node, |region| Home::region(region.clone()));
    let reason = match found {
        Found::Refused(reason) => reason,
        Found::Message(taken, codes) => {
            let origin = tx.origin().to_owned();
            let name = (taken.sender.as_str(), taken.identifier.as_str(), taken.sent);
            match store::named(tx, &origin, name)? {
                // A feed changes around a message that stays.
                Some((id, hash)) if hash == original.hash || taken.in_feed => {
                    outcome.known.push(id);
                    return Ok(());
                }
                Some(_) => "another message has this sender, identifier and time, and other \
                            bytes; expected the same bytes or a name of its own"
                    .to_owned(),
                None => {
                    let id = ReceivedId(tx.new_id());
                    let class = if taken.is_real { Class::Public } else { Class::Internal };
                    let reach = known_regions(tx, region, codes)?;
                    let home = home.class(class).reach(reach);
                    tx.record(Record::first(id, home, ReceivedFact::Taken(*taken)))?;
                    outcome.taken.push(id);
                    return Ok(());
                }
            }
        }
    };
    if !store::is_refused(tx, &original.hash, &reason)? {
        let (source, original) = (source.to_owned(), original.clone());
        let refused = Refused { source, reason: reason.clone(), original };
        let id = ReceivedId(tx.new_id());
        tx.record(Record::first(id, home, RejectFact::Refused(refused)))?;
    }
    outcome.refused.push(reason);
    Ok(())
}

/// The divisions that the register has, but the node's own.
fn known_regions(
    db: &mut dyn Read,
    own: Option<&AdminCode>,
    codes: Vec<AdminCode>,
) -> Result<Vec<AdminCode>> {
    let mut known = Vec::new();
    for code in codes {
        if known.len() == MOST_REACHED {
            break;
        }
        if Some(&code) != own && atlas::region::find(db, &code)?.is_some() {
            known.push(code);
        }
    }
    Ok(known)
}

/// Keeps bytes as documents; they are on disk when this returns.
fn keep(world: &World, bytes: &[u8], received: Timestamp) -> Result<Original> {
    let subject = Id::from_bytes(*b"received message");
    let pieces: Vec<NewDocument<'_>> =
        bytes.chunks(LARGEST).map(|bytes| NewDocument { subject, received, bytes }).collect();
    let documents = world
        .documents()
        .put_all(&pieces)
        .map_err(|error| Error::Internal(format!("a message was not kept: {error}")))?;
    Ok(Original { hash: hex::encode(Sha256::digest(bytes)), documents, bytes: bytes.len() as u64 })
}

/// The bytes that came; `None` where they do not lie: in another world, or on another node.
pub(crate) fn original(world: &World, documents: &[DocumentRef]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for document in documents {
        bytes.extend(world.documents().read(document).ok()?);
    }
    Some(bytes)
}
