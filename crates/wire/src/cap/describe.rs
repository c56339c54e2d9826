//! Messages and feeds as JSON for people and scripts: `fengsui decode cap`, `encode cap`.

use serde_json::{Value as Json, json};

use super::alert::Alert;
use super::fault::Faults;
use super::feed::{Feed, Item, Stamp};
use super::read::Message;
use super::write::write;

/// Why a description gives no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DescriptionError {
    #[error("it is no message as decode shows one: {0}")]
    Shape(String),
    #[error("the message breaks rules: {0}")]
    Faults(String),
}

/// Keys that say how a message was read; [`from_description`] does not look at them.
const ASIDE: [&str; 6] = ["protocol", "encoding", "faults", "faults_more", "signatures", "foreign"];

/// One JSON object: the elements by their names in CAP, and how the message was read.
pub fn describe(message: &Message) -> Json {
    let mut out = json!({"protocol": "cap", "encoding": message.encoding});
    let alert = serde_json::to_value(&message.alert).unwrap_or_default();
    if let (Some(out), Json::Object(alert)) = (out.as_object_mut(), alert) {
        out.extend(alert);
        put_faults(out, &message.faults);
        if !message.signatures.is_empty() {
            let unchecked = |text: &String| json!({"checked": false, "text": text});
            out.insert("signatures".into(), message.signatures.iter().map(unchecked).collect());
        }
        if !message.foreign.is_empty() {
            let foreign = message.foreign.iter();
            let foreign =
                foreign.map(|it| json!({"in": it.path, "line": it.line, "text": it.text}));
            out.insert("foreign".into(), foreign.collect());
        }
    }
    out
}

/// One JSON object: what the feed says, its items, and the messages inside.
pub fn describe_feed(feed: &Feed) -> Json {
    let mut out = json!({
        "protocol": "cap", "feed": feed.kind.word(), "id": feed.id, "title": feed.title,
        "updated": stamp(feed.updated.as_ref()),
        "items": feed.items.iter().map(item).collect::<Vec<_>>(),
    });
    if let Some(out) = out.as_object_mut() {
        put_faults(out, &feed.faults);
    }
    out
}

fn item(item: &Item) -> Json {
    let fields = item.fields.iter().map(|(name, value)| json!([name, value])).collect::<Vec<_>>();
    let messages = item.messages.iter().map(|message| match message {
        Ok(message) => describe(message),
        Err(error) => json!({"error": error.to_string(), "code": error.code()}),
    });
    json!({
        "id": item.id, "title": item.title, "link": item.link,
        "updated": stamp(item.updated.as_ref()), "summary": item.summary, "fields": fields,
        "messages": messages.collect::<Vec<_>>(),
    })
}

fn stamp(stamp: Option<&Stamp>) -> Json {
    match stamp {
        Some(Stamp { moment: Some(moment), .. }) => json!(moment),
        Some(Stamp { text, moment: None }) => json!(text),
        None => Json::Null,
    }
}

fn put_faults(out: &mut serde_json::Map<String, Json>, faults: &Faults) {
    if faults.is_empty() {
        return;
    }
    let list = faults.list.iter().map(|fault| {
        json!({"rule": fault.rule.code(), "path": fault.path, "line": fault.line,
               "clause": fault.rule.clause(), "error": fault.to_string()})
    });
    out.insert("faults".into(), list.collect());
    if 0 < faults.more {
        out.insert("faults_more".into(), json!(faults.more));
    }
}

/// The bytes of a message that is described, as CAP 1.2.
///
/// # Errors
/// [`DescriptionError`] for what is no message, or breaks a rule: what is sent keeps them all.
pub fn from_description(document: &Json) -> Result<Vec<u8>, DescriptionError> {
    let mut document = document.clone();
    if let Some(map) = document.as_object_mut() {
        map.retain(|key, _| !ASIDE.contains(&key.as_str()));
    }
    let alert: Alert = serde_json::from_value(document)
        .map_err(|error| DescriptionError::Shape(error.to_string()))?;
    write(&alert.upgraded()).map_err(|faults| {
        let said: Vec<String> = faults.list.iter().map(ToString::to_string).collect();
        DescriptionError::Faults(said.join("; "))
    })
}
