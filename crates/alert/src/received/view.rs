//! Received messages as people see them.

use base::{Level, Timestamp};
use host::World;
use schemars::JsonSchema;
use serde::Serialize;
use wire::cap::{self, Alert, Word as _};

use super::ReceivedId;
use super::model::{Looked, look, short};
use super::store::{Received, Reject};
use super::take::original;

/// Where a received message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ReceivedState")]
pub(super) enum State {
    InForce,
    /// Its sender has said it anew.
    Updated,
    /// Its sender has ended it.
    Cancelled,
    Expired,
    /// It ends another one and warns of nothing.
    Ending,
    /// An exercise, a test or a draft, for some only, or without saying what it is: never
    /// a warning.
    NotReal,
}

/// A message of another authority.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Received")]
pub(super) struct ReceivedView {
    id: ReceivedId,
    state: State,
    /// Who brought it.
    source: String,
    sender: String,
    identifier: String,
    sent: Timestamp,
    /// `Actual`, `Exercise`, `Test` and others; empty when it does not say.
    status: String,
    scope: String,
    msg_type: String,
    /// The authority that issued it.
    sender_name: String,
    event: String,
    headline: String,
    area: String,
    level: Option<Level>,
    severity: Option<String>,
    urgency: Option<String>,
    certainty: Option<String>,
    begins: Option<Timestamp>,
    ends: Option<Timestamp>,
    /// By which message it was replaced or cancelled.
    ended_by: Option<ReceivedId>,
    /// What is wrong with it.
    faults: Vec<String>,
    /// Faults beyond those.
    more_faults: i64,
    /// SHA-256 of what came.
    hash: String,
    bytes: i64,
    received_at: Timestamp,
}

/// A message of another authority, with what it says.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReceivedWhole")]
pub(super) struct WholeView {
    #[serde(flatten)]
    received: ReceivedView,
    /// In each of its languages; empty where the original does not lie.
    infos: Vec<InfoView>,
    /// The whole chain as far as it came, the oldest first.
    chain: Vec<ReceivedView>,
    /// As it came; `null` where it does not lie, or when it is no text.
    original: Option<String>,
    /// The original carries a signature, which is not checked.
    is_signed: bool,
}

/// What a message says in one language.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReceivedInfo")]
struct InfoView {
    language: String,
    category: Vec<String>,
    event: String,
    headline: String,
    description: String,
    instruction: String,
    contact: String,
    web: String,
    areas: Vec<AreaView>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReceivedArea")]
struct AreaView {
    name: String,
    /// Names of lists with values.
    codes: Vec<(String, String)>,
    /// Rings as longitude and latitude; those that cannot be read are left out and counted.
    polygons: Vec<Vec<[f64; 2]>>,
    /// Longitude, latitude, kilometres.
    circles: Vec<[f64; 3]>,
    unreadable: usize,
}

/// What came and was no message.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReceivedReject")]
pub(super) struct RejectView {
    id: ReceivedId,
    source: String,
    /// What was seen and what was expected.
    reason: String,
    hash: String,
    bytes: i64,
    received_at: Timestamp,
}

fn state(received: &Received) -> State {
    if !received.is_real {
        return State::NotReal;
    }
    match (received.msg_type.as_str(), &received.ended_by) {
        ("Cancel", _) => State::Ending,
        (_, Some((_, by))) if by == "Cancel" => State::Cancelled,
        (_, Some(_)) => State::Updated,
        (_, None) if received.expired => State::Expired,
        (_, None) => State::InForce,
    }
}

pub(super) fn view(received: Received) -> ReceivedView {
    ReceivedView {
        state: state(&received),
        id: received.id,
        source: received.source,
        sender: received.sender,
        identifier: received.identifier,
        sent: received.sent,
        status: received.status,
        scope: received.scope,
        msg_type: received.msg_type,
        sender_name: received.sender_name,
        event: received.event,
        headline: received.headline,
        area: received.area,
        level: received.level,
        severity: received.severity,
        urgency: received.urgency,
        certainty: received.certainty,
        begins: received.begins,
        ends: received.ends,
        ended_by: received.ended_by.map(|(id, _)| id),
        faults: received.faults,
        more_faults: received.more_faults,
        hash: received.hash,
        bytes: received.bytes,
        received_at: received.received_at,
    }
}

/// - `chain`: as [`super::store::chain`] gives it.
pub(super) fn whole(world: &World, received: Received, chain: Vec<Received>) -> WholeView {
    let bytes = original(world, &received.documents);
    let read = bytes.as_deref().and_then(|bytes| alert_in(bytes, &received));
    let (infos, is_signed) = match &read {
        Some((alert, is_signed)) => (alert.info.iter().map(info).collect(), *is_signed),
        None => (Vec::new(), false),
    };
    WholeView {
        infos,
        is_signed,
        original: bytes.and_then(|bytes| String::from_utf8(bytes).ok()),
        chain: chain.into_iter().map(view).collect(),
        received: view(received),
    }
}

/// The message among what came, and whether it is signed.
fn alert_in(bytes: &[u8], received: &Received) -> Option<(Alert, bool)> {
    let is_it = |alert: &Alert| {
        alert.sender == received.sender
            && alert.identifier == received.identifier
            && alert.sent.as_str() == received.sent_text
    };
    match look(bytes) {
        Looked::Message(message) => {
            let is_signed = !message.signatures.is_empty();
            Some((message.alert, is_signed))
        }
        Looked::Feed(feed) => {
            let messages = feed.items.into_iter().flat_map(|item| item.messages).flatten();
            let mut found = messages.filter(|message| is_it(&message.alert));
            found.next().map(|message| {
                let is_signed = !message.signatures.is_empty();
                (message.alert, is_signed)
            })
        }
        Looked::Neither(_) => None,
    }
}

fn info(info: &cap::Info) -> InfoView {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    InfoView {
        language: text(&info.language),
        category: info.category.iter().map(|it| it.as_str().to_owned()).collect(),
        event: text(&info.event),
        headline: text(&info.headline),
        description: text(&info.description),
        instruction: text(&info.instruction),
        contact: text(&info.contact),
        web: text(&info.web),
        areas: info.area.iter().map(area).collect(),
    }
}

fn area(area: &cap::Area) -> AreaView {
    let rings = area.polygon.iter().filter_map(|polygon| {
        let ring = polygon.ring().ok()?;
        Some(ring.iter().map(|point| [point.lon, point.lat]).collect())
    });
    let polygons: Vec<Vec<[f64; 2]>> = rings.collect();
    let circles: Vec<[f64; 3]> = area
        .circle
        .iter()
        .filter_map(|circle| circle.centre_and_radius().ok())
        .map(|(centre, radius)| [centre.lon, centre.lat, radius])
        .collect();
    AreaView {
        name: short(area.area_desc.as_deref().unwrap_or_default()),
        codes: area
            .geocode
            .iter()
            .map(|pair| (short(&pair.value_name), short(&pair.value)))
            .collect(),
        unreadable: area.polygon.len() + area.circle.len() - polygons.len() - circles.len(),
        polygons,
        circles,
    }
}

pub(super) fn reject(reject: Reject) -> RejectView {
    let Reject { id, source, reason, hash, bytes, received_at, documents: _ } = reject;
    RejectView { id, source, reason, hash, bytes, received_at }
}
