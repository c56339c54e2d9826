//! MQTT packets at the command line, and the readings that they carry.

use base::Timestamp;
use serde_json::{Value as Json, json};
use wire::mqtt::{Packet, Scanner, Version, describe, from_description, read, read_any, write};
use wire::readings::{Bad, Limits, parse_csv, parse_json, parse_ndjson};

/// Longest packet, bytes: what the standard's length can say.
const LONGEST: usize = 268_435_460;

/// Every packet in a stream. CONNECT says the version of those behind it; without one each
/// is read as version 5 if it can be.
pub fn decode(bytes: &[u8]) -> Vec<Result<Json, Json>> {
    let now = Timestamp::from_millis(0);
    let mut scanner = Scanner::default();
    let mut known: Option<Version> = None;
    let mut found = Vec::new();
    scanner.push(now, bytes);
    loop {
        let raw = match scanner.cut(now, LONGEST) {
            Ok(Some(raw)) => raw,
            Ok(None) => break,
            Err(error) => {
                found.push(Err(refused(scanner.rest(), &error.to_string())));
                return found;
            }
        };
        let packet = match known {
            Some(version) => read(version, &raw).map(|packet| (version, packet)),
            None => read_any(&raw),
        };
        found.push(match packet {
            Ok((version, packet)) => {
                if let Packet::Connect(connect) = &packet {
                    known = Some(connect.version);
                }
                Ok(describe(version, &packet))
            }
            Err(error) => Err(refused(&raw, &error.text)),
        });
    }
    if !scanner.rest().is_empty() {
        found.push(Err(refused(scanner.rest(), "packet is not whole")));
    }
    found
}

/// The bytes of one packet.
///
/// # Errors
/// What of the document is not as it should be.
pub fn encode(document: &Json) -> Result<Vec<u8>, String> {
    let (version, packet) = from_description(document).map_err(|error| error.to_string())?;
    write(version, &packet).map_err(|error| error.text)
}

/// Every record of a JSON document, of lines or of a table, by what it looks like.
pub fn decode_readings(bytes: &[u8]) -> Vec<Result<Json, Json>> {
    let limits = Limits { bytes: usize::MAX, ..Limits::default() };
    let whole = match parse_json(bytes, &limits) {
        Ok(records) => return records.iter().map(|it| Ok(wire::readings::describe(it))).collect(),
        Err(bad) => bad,
    };
    let first = bytes.trim_ascii_start().first();
    let lines = match first {
        Some(b'[') => return vec![Err(why(None, &whole))],
        Some(b'{') => parse_ndjson(bytes, &limits),
        _ => parse_csv(bytes, &limits),
    };
    match lines {
        Err(bad) => vec![Err(why(None, &bad))],
        // One object that is no record is a document, and its own words say more.
        Ok(lines) if first == Some(&b'{') && lines.iter().all(|line| line.record.is_err()) => {
            vec![Err(why(None, &whole))]
        }
        Ok(lines) => lines
            .iter()
            .map(|line| match &line.record {
                Ok(record) => Ok(wire::readings::describe(record)),
                Err(bad) => Err(why(Some(line.number), bad)),
            })
            .collect(),
    }
}

fn why(line: Option<usize>, bad: &Bad) -> Json {
    match line {
        Some(line) => json!({ "error": bad.to_string(), "line": line }),
        None => json!({ "error": bad.to_string(), "offset": bad.offset }),
    }
}

fn refused(raw: &[u8], reason: &str) -> Json {
    json!({ "error": reason, "hex": hex::encode_upper(raw) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_read_in_the_version_of_its_connect() {
        let connect = "101400044D5154540402003C0008".to_owned() + "6C6F676765722D31";
        let stream = hex::decode(connect + "3207000161000A7879" + "C000").expect("hex");
        let documents = decode(&stream);
        let kinds: Vec<_> =
            documents.iter().map(|it| it.as_ref().map(|it| it["packet"].clone())).collect();
        assert_eq!(kinds, [Ok(json!("connect")), Ok(json!("publish")), Ok(json!("pingreq"))]);
        let again: Vec<u8> = documents
            .iter()
            .flat_map(|it| encode(it.as_ref().expect("a packet")).expect("it has bytes"))
            .collect();
        assert_eq!(again, stream);
        assert!(decode(&stream[..10]).iter().all(Result::is_err));
    }

    #[test]
    fn readings_are_read_by_what_they_look_like() {
        for (text, good, bad) in [
            ("{\"time\":0,\"values\":{\"a\":1}}", 1, 0),
            ("[{\"time\":0,\"values\":{\"a\":1}},{\"time\":0,\"values\":{\"a\":1}}]", 2, 0),
            ("{\"time\":0,\"values\":{\"a\":1}}\n{\"time\":0}\n", 1, 1),
            ("time,a\n0,1\n0,x\n", 1, 1),
            ("nonsense", 0, 1),
            ("{\"time\":0,\"values\":{\"a\":NaN}}", 0, 1),
        ] {
            let documents = decode_readings(text.as_bytes());
            let found = documents.iter().filter(|it| it.is_ok()).count();
            assert_eq!((found, documents.len() - found), (good, bad), "{text}");
        }
    }
}
