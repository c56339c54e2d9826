//! CAP at the command line: a message, or a feed with what is in it.

use serde_json::{Value as Json, json};
use wire::cap::{Limits, ReadError, describe, describe_feed, from_description, parse, parse_feed};

use super::Documents;

/// The one message or feed that the bytes are; one with faults is shown and is not good.
pub fn decode(bytes: &[u8]) -> Documents {
    let limits = Limits::default();
    let document = match parse(bytes, &limits) {
        Ok(message) if message.faults.is_empty() => Ok(describe(&message)),
        Ok(message) => Err(describe(&message)),
        Err(ReadError::Root { .. }) => feed(bytes, &limits),
        Err(error) => Err(refused(&error)),
    };
    vec![document]
}

fn feed(bytes: &[u8], limits: &Limits) -> Result<Json, Json> {
    let feed = parse_feed(bytes, limits).map_err(|error| match error {
        ReadError::Root { line, saw, .. } => {
            let expected = "\"alert\" of CAP, or a feed (Atom, RSS, EDXL-DE)";
            refused(&ReadError::Root { line, saw, expected })
        }
        error => refused(&error),
    })?;
    let mut messages = feed.items.iter().flat_map(|item| &item.messages);
    let is_good = |message: &Result<wire::cap::Message, ReadError>| {
        message.as_ref().is_ok_and(|message| message.faults.is_empty())
    };
    if feed.faults.is_empty() && messages.all(is_good) {
        Ok(describe_feed(&feed))
    } else {
        Err(describe_feed(&feed))
    }
}

fn refused(error: &ReadError) -> Json {
    json!({"error": error.to_string(), "code": error.code()})
}

/// The bytes of a message.
///
/// # Errors
/// What is missing, and every rule that it breaks.
pub fn encode(document: &Json) -> Result<Vec<u8>, String> {
    from_description(document).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORM: &[u8] = include_bytes!("../../../../fixtures/cap/thunderstorm.cap");

    #[test]
    fn a_message_is_read_and_written_again() {
        let documents = decode(STORM);
        let [Ok(document)] = &documents[..] else { panic!("a message: {documents:?}") };
        assert_eq!(document["identifier"], "KSTO1055887203");
        let written = encode(document).expect("it keeps the rules");
        assert_eq!(decode(&written), documents);
    }

    #[test]
    fn a_message_with_faults_is_shown_and_is_neither_good_nor_written() {
        let documents = decode(include_bytes!("../../../../fixtures/cap/invalid.cap"));
        let [Err(document)] = &documents[..] else { panic!("no scope: {documents:?}") };
        assert_eq!(document["faults"][0]["path"], "scope");
        assert!(encode(document).is_err_and(|error| error.contains("scope")));
    }

    #[test]
    fn a_feed_is_shown_with_its_messages() {
        let documents = decode(include_bytes!("../../../../fixtures/cap/amber.atom"));
        let [Ok(document)] = &documents[..] else { panic!("a feed: {documents:?}") };
        assert_eq!(document["feed"], "atom");
        assert_eq!(document["items"][0]["messages"][0]["sender"], "KARO@CLETS.DOJ.DC.GOV");
        assert!(encode(document).is_err());
    }

    #[test]
    fn what_is_neither_is_refused_by_both_names() {
        for (bytes, said) in [
            (&b"<html/>"[..], "\"alert\" of CAP, or a feed"),
            (b"GET / HTTP/1.1", "not well formed"),
            (include_bytes!("../../../../fixtures/cap/xee.cap"), "document type"),
        ] {
            let documents = decode(bytes);
            let [Err(refused)] = &documents[..] else { panic!("{documents:?}") };
            assert!(refused["error"].as_str().is_some_and(|it| it.contains(said)), "{refused}");
        }
    }
}
