//! Which byte says what: the map for showing bytes beside decoded fields.

use super::envelope::{END, Message, MessageError};
use super::json::Members;
use super::scan::find_end;
use crate::Span;

/// Names every byte of `raw`, in order and without overlap: one message or several.
///
/// One of: `app`, `service`, `message`, `data`, `interface`, `params`, `success`,
/// `failure`, `syntax` (names, marks and blanks of JSON), `end`, `unread`. Values are
/// named with their quotation marks. What `data` says stays closed; nothing else here
/// proves who the sender is.
pub fn layout(raw: &[u8]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        let end = find_end(raw, at);
        let inside = &raw[at..end.unwrap_or(raw.len())];
        let named = named(inside);
        for (start, len, name, text) in named {
            spans.push(Span { start: at + start, len, name, text });
        }
        at += inside.len();
        if end.is_some() {
            spans.push(Span { start: at, len: END.len(), name: "end", text: "@@".to_owned() });
            at += END.len();
        }
    }
    spans
}

type Named = (usize, usize, &'static str, String);

/// The bytes of one message without its end.
fn named(inside: &[u8]) -> Vec<Named> {
    let all = |name, text: String| match inside.len() {
        0 => Vec::new(),
        len => vec![(0, len, name, text)],
    };
    let trimmed = inside.trim_ascii();
    if trimmed.is_empty() {
        return all("syntax", String::new());
    }
    if let Err(error) = Message::parse(trimmed) {
        return all("unread", error.to_string());
    }
    let members = match std::str::from_utf8(inside).map(Members::of) {
        Ok(Ok(members)) => members,
        _ => return all("unread", MessageError::Text(0).to_string()),
    };
    let mut named = Vec::new();
    let mut at = 0;
    for (name, value) in &members.0 {
        let Some(name) = name_of(name) else { continue };
        // A value lies inside the text that it was read from.
        let start = (value.get().as_ptr() as usize).wrapping_sub(inside.as_ptr() as usize);
        let (len, fits) = (value.get().len(), at <= start && start <= inside.len());
        if !fits || inside.len() - start < len {
            continue;
        }
        if at < start {
            named.push((at, start - at, "syntax", String::new()));
        }
        let text = match name {
            "data" => format!("{} characters", len.saturating_sub(2)),
            _ => value.get().trim_matches('"').chars().take(128).collect(),
        };
        named.push((start, len, name, text));
        at = start + len;
    }
    if at < inside.len() {
        named.push((at, inside.len() - at, "syntax", String::new()));
    }
    named
}

fn name_of(member: &str) -> Option<&'static str> {
    Some(match member {
        "appId" => "app",
        "serviceId" => "service",
        "dataId" => "message",
        "data" => "data",
        "interfaceCode" => "interface",
        "params" => "params",
        "success" => "success",
        "error" => "failure",
        _ => return None,
    })
}
