//! The door over HTTP: `POST /ingest/json` with a station's code and key, and a report of
//! what was taken.

use std::sync::Arc;

use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};
use wire::mqtt::{Event, Peer, Topics, Version};
use wire::readings::{Bad, Format, Limits};
use wire::session::Outcome;

use super::{Json, parse, posted};
use crate::gateway::http::{Answer, Posted, Posts, Taken, Untaken};
use crate::protocol::Gist;

/// Rejected lines that an answer names; the rest is counted.
const NAMED: usize = 100;

impl Posts for Json {
    /// The payload, of which the answer tells line by line; it is shared, not copied.
    type Ticket = wire::mqtt::Frame;

    const LONGEST: usize = 1 << 20;

    fn take(posted_: Posted<'_>) -> Result<Taken<Json>, Untaken> {
        let Posted { tail, content_type, account, body, .. } = posted_;
        if !tail.is_empty() {
            let reason = format!("path goes on with {tail:?}, expected its end");
            return Err(untaken(StatusCode::NOT_FOUND, "not-found", reason));
        }
        let account = account.filter(|(code, _)| Topics::can_be(code));
        let Some((code, key)) = account else {
            let reason = "no account, expected the station's code and key by HTTP Basic";
            return Err(untaken(StatusCode::UNAUTHORIZED, "no-account", reason.to_owned()));
        };
        let Some(format) = content_type.and_then(Format::of_mime) else {
            let seen = content_type.unwrap_or("missing");
            let reason = format!(
                "content type is {seen}, expected {}, {} or {}",
                Format::Json.mime(),
                Format::Ndjson.mime(),
                Format::Csv.mime()
            );
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(untaken(status, "unsupported-media-type", reason));
        };
        let raw = body.clone();
        let peer = Peer {
            version: Version::V5,
            client: Arc::from("http"),
            user: Some(code.into()),
            password: Some(Bytes::from(key)),
        };
        let message = posted(peer, Some(format.mime().into()), Bytes::from(body));
        Ok(Taken { ticket: message.clone(), message, raw })
    }

    fn answer(frame: wire::mqtt::Frame, outcome: &Outcome, gist: Option<Gist>) -> Answer {
        let Event::Publish(message) = &frame.event else { return Answer::plain(outcome) };
        match outcome {
            Outcome::Stored => {
                if let Some(gist) = gist.filter(|gist| gist.is_whole) {
                    return stored(gist.records, gist.values, &[]);
                }
                let Ok(read) = parse(message) else { return Answer::plain(outcome) };
                let values: usize = read.records.iter().map(|record| record.values.len()).sum();
                stored(read.records.len(), values, &read.rejected)
            }
            Outcome::Unreadable(reason) => {
                let mut answer =
                    Answer::problem(StatusCode::UNPROCESSABLE_ENTITY, "unreadable", reason);
                let rejected = match parse_lines(message) {
                    Some(rejected) if !rejected.is_empty() => rejected,
                    _ => return answer,
                };
                if let Ok(Value::Object(mut body)) = serde_json::from_slice(&answer.body) {
                    body.insert("rejected".to_owned(), json!(rejected.len()));
                    body.insert("lines".to_owned(), named(&rejected));
                    answer.body = Value::Object(body).to_string().into_bytes();
                }
                answer
            }
            Outcome::Refused(_) | Outcome::Busy => Answer::plain(outcome),
        }
    }
}

/// What was taken, and each bad line.
fn stored(records: usize, values: usize, rejected: &[(usize, Bad)]) -> Answer {
    let body = json!({
        "stored": true,
        "records": records,
        "values": values,
        "rejected": rejected.len(),
        "lines": named(rejected),
    });
    Answer::json(StatusCode::OK, &body)
}

/// The bad lines of a text of which no line is good.
fn parse_lines(message: &wire::mqtt::Message) -> Option<Vec<(usize, Bad)>> {
    let limits = Limits::default();
    let lines = match message.content_type.as_deref().and_then(Format::of_mime)? {
        Format::Json => return None,
        Format::Ndjson => wire::readings::parse_ndjson(&message.payload, &limits).ok()?,
        Format::Csv => wire::readings::parse_csv(&message.payload, &limits).ok()?,
    };
    let bad = lines.into_iter().filter_map(|line| Some((line.number, line.record.err()?)));
    Some(bad.collect())
}

fn named(rejected: &[(usize, Bad)]) -> Value {
    let line =
        |(line, bad): &(usize, Bad)| json!({ "line": line, "at": bad.place, "reason": bad.reason });
    rejected.iter().take(NAMED).map(line).collect()
}

fn untaken(status: StatusCode, code: &'static str, reason: String) -> Untaken {
    Untaken { status, code, reason, evidence: None }
}
