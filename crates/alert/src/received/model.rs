//! What bytes from outside say. Pure.

use base::{AdminCode, Timestamp};
use wire::cap::{
    self, Alert, Feed, Info, Limits, Message, MsgType, Profile, ReadError, Scope, Status, Time,
    Word,
};

use super::fact::{Named, Original, Taken};

/// Earlier messages that are remembered of one, and faults; the original has the others.
const MOST_REFERENCES: usize = 200;
const MOST_FAULTS: usize = 20;
/// Characters of a text in a list.
const LONGEST: usize = 300;
/// Divisions that one message may concern here; a province has as many counties.
pub(super) const MOST_REACHED: usize = 60;

/// What was found in some bytes.
pub(super) enum Looked {
    Message(Box<Message>),
    Feed(Feed),
    Neither(ReadError),
}

/// Looks at bytes that came: a message, or a feed of messages.
pub(super) fn look(bytes: &[u8]) -> Looked {
    let limits = Limits::default();
    match cap::parse(bytes, &limits) {
        Ok(message) => Looked::Message(Box::new(message)),
        // Well formed, and no message: perhaps a feed.
        Err(wrong @ ReadError::Root { .. }) => match cap::parse_feed(bytes, &limits) {
            Ok(feed) => Looked::Feed(feed),
            Err(ReadError::Root { .. }) => Looked::Neither(wrong),
            Err(wrong) => Looked::Neither(wrong),
        },
        Err(wrong) => Looked::Neither(wrong),
    }
}

/// Characters of a name that messages refer to; ours, those of the corpus have some fifty.
const LONGEST_NAME: usize = 500;

/// A message as a fact.
///
/// # Errors
/// Why nothing could refer to it: what was seen and what was expected.
pub(super) fn taken(
    message: &Message,
    source: &str,
    original: Original,
    in_feed: bool,
    now: Timestamp,
) -> Result<Taken, String> {
    let alert = &message.alert;
    let sent = alert.sent.moment().ok_or_else(|| {
        let expected = "a moment as 2026-08-03T11:14:26+08:00";
        format!("sent is {:?}, expected {expected}", short(alert.sent.as_str()))
    })?;
    for (what, name) in [("identifier", &alert.identifier), ("sender", &alert.sender)] {
        let length = name.chars().count();
        if LONGEST_NAME < length {
            let expected = format!("at most {LONGEST_NAME}");
            return Err(format!("{what} has {length} characters, expected {expected}"));
        }
    }
    let info = alert.info.iter().find(|info| is_chinese(info)).or(alert.info.first());
    let ends = ends(alert);
    let text = |text: Option<&String>| short(text.map_or("", String::as_str));
    let sender_name = text(info.and_then(|info| info.sender_name.as_ref()));
    let event = text(info.and_then(|info| info.event.as_ref()));
    let headline = text(info.and_then(|info| info.headline.as_ref()));
    let first = |texts: [&str; 3]| {
        texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned()
    };
    let areas = info.into_iter().flat_map(|info| &info.area);
    let areas: Vec<&str> = areas.filter_map(|area| area.area_desc.as_deref()).collect();
    let begins = info.and_then(|info| info.onset.as_ref().or(info.effective.as_ref()));
    let named = alert.references.as_ref().and_then(|text| text.references().ok());
    let named = named.unwrap_or_default().into_iter().filter_map(|it| {
        let sent = it.sent.moment()?;
        Some(Named { sender: it.sender, identifier: it.identifier, sent })
    });
    let mut references: Vec<Named> = named.take(MOST_REFERENCES).collect();
    references.sort();
    references.dedup();
    let faults = &message.faults;
    let shown = faults.list.iter().take(MOST_FAULTS).map(ToString::to_string).collect();
    let more = faults.list.len().saturating_sub(MOST_FAULTS) + faults.more;
    Ok(Taken {
        source: source.to_owned(),
        sender: alert.sender.clone(),
        identifier: alert.identifier.clone(),
        sent,
        sent_text: alert.sent.as_str().to_owned(),
        status: word(alert.status.as_ref()),
        scope: word(alert.scope.as_ref()),
        msg_type: word(alert.msg_type.as_ref()),
        sender_name: first([&sender_name, &alert.sender, ""]),
        headline: first([&headline, &event, &alert.identifier]),
        event,
        area: short(&areas.join("；")),
        level: alert.info.iter().filter_map(|info| Profile::china().level(info)).max(),
        severity: info.and_then(|info| info.severity.as_ref()).map(|it| short(it.as_str())),
        urgency: info.and_then(|info| info.urgency.as_ref()).map(|it| short(it.as_str())),
        certainty: info.and_then(|info| info.certainty.as_ref()).map(|it| short(it.as_str())),
        begins: begins.and_then(Time::moment),
        ends,
        was_over: ends.is_some_and(|end| end <= now),
        is_real: is_real(alert),
        references,
        faults: shown,
        more_faults: u32::try_from(more).unwrap_or(u32::MAX),
        original,
        in_feed,
    })
}

/// Whether it warns in earnest, and everybody: what says nothing of it does not.
fn is_real(alert: &Alert) -> bool {
    alert.status == Some(Status::Actual)
        && alert.scope == Some(Scope::Public)
        && matches!(alert.msg_type, Some(MsgType::Alert | MsgType::Update | MsgType::Cancel))
}

/// When all that it says is over; `None` when some of it names no end.
fn ends(alert: &Alert) -> Option<Timestamp> {
    let ends: Option<Vec<Timestamp>> =
        alert.info.iter().map(|info| info.expires.as_ref().and_then(Time::moment)).collect();
    ends?.into_iter().max()
}

/// Division codes that its areas name, as far as they have the form of one.
pub(super) fn divisions(alert: &Alert) -> Vec<AdminCode> {
    let areas = alert.info.iter().flat_map(|info| &info.area);
    let values = areas.flat_map(|area| &area.geocode).map(|pair| pair.value.trim());
    let mut codes: Vec<AdminCode> = values.filter_map(|value| value.parse().ok()).collect();
    codes.sort();
    codes.dedup();
    codes
}

pub(super) fn is_chinese(info: &Info) -> bool {
    info.language.as_deref().is_some_and(|language| language.starts_with("zh"))
}

fn word<W: Word>(word: Option<&W>) -> String {
    word.map_or(String::new(), |word| short(word.as_str()))
}

/// As much of a text as a list shows.
pub(super) fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
