//! Walks a JSON text once, with serde_json for what needs a grammar.
//!
//! serde's own route would round numbers twice and give no place for what is wrong; so
//! structure is walked here, without recursion, and every text, number and skipped value
//! is cut out and checked by serde_json.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::Bad;
use crate::readings::record::shown;

/// A place in a text.
#[derive(Debug, Clone)]
pub(in crate::readings) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Reader<'a> {
        let mut reader = Reader { text, at: 0 };
        reader.blank();
        reader
    }

    pub fn bad(&self, place: impl Into<String>, reason: impl Into<String>) -> Bad {
        let place: String = place.into();
        let place = if place.is_empty() { "the record".to_owned() } else { place };
        Bad::new(place, self.at, reason)
    }

    /// The first byte of what comes next.
    pub fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// What comes next, in a few characters, for a reason.
    pub fn seen(&self) -> String {
        let rest = &self.text[self.at..];
        let end = rest.find([',', '}', ']', '\n']).unwrap_or(rest.len());
        match rest[..end].trim() {
            "" => "nothing".to_owned(),
            seen => shown(seen),
        }
    }

    /// Nothing but blanks may follow.
    pub fn end(&self) -> Result<(), Bad> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.bad("the end", format!("{} follows the document", self.seen()))),
        }
    }

    /// Calls `each` with every key, behind its colon.
    pub fn object(
        &mut self,
        mut each: impl FnMut(&mut Reader<'a>, &str) -> Result<(), Bad>,
    ) -> Result<(), Bad> {
        self.object_of_names(|reader, key| each(reader, &key))
    }

    /// The same, with keys that may be kept.
    pub fn object_of_names(
        &mut self,
        mut each: impl FnMut(&mut Reader<'a>, Cow<'a, str>) -> Result<(), Bad>,
    ) -> Result<(), Bad> {
        self.expect(b'{', "an object")?;
        if self.takes(b'}') {
            return Ok(());
        }
        loop {
            let key = match self.peek() {
                Some(b'"') => self.string()?,
                _ => return Err(self.broken("a key in quotes")),
            };
            self.expect(b':', "a colon")?;
            each(self, key)?;
            if self.takes(b'}') {
                return Ok(());
            }
            self.expect(b',', "a comma or }")?;
        }
    }

    /// Calls `each` with every item and its number.
    pub fn array(
        &mut self,
        mut each: impl FnMut(&mut Reader<'a>, usize) -> Result<(), Bad>,
    ) -> Result<(), Bad> {
        self.expect(b'[', "an array")?;
        if self.takes(b']') {
            return Ok(());
        }
        for index in 0.. {
            each(self, index)?;
            if self.takes(b']') {
                break;
            }
            self.expect(b',', "a comma or ]")?;
        }
        Ok(())
    }

    /// A text, or `None` when something else comes next.
    pub fn text(&mut self) -> Result<Option<Cow<'a, str>>, Bad> {
        match self.peek() {
            Some(b'"') => self.string().map(Some),
            _ => Ok(None),
        }
    }

    /// A number or word, as written; its grammar is checked.
    pub fn literal(&mut self) -> Result<&'a str, Bad> {
        let rest = &self.text.as_bytes()[self.at..];
        let is_part =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let length = rest.iter().take_while(|byte| is_part(byte)).count();
        let literal = &self.text[self.at..self.at + length];
        if serde_json::from_str::<IgnoredAny>(literal).is_err() {
            return Err(self.broken("a JSON value"));
        }
        self.at += length;
        self.blank();
        Ok(literal)
    }

    /// Walks over any value.
    pub fn skip(&mut self) -> Result<(), Bad> {
        let mut stream =
            serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter::<Skipped>();
        match stream.next() {
            Some(Ok(Skipped)) => {
                self.at += stream.byte_offset();
                self.blank();
                Ok(())
            }
            Some(Err(error)) => Err(self.bad("the document", format!("not JSON: {error}"))),
            None => Err(self.broken("a JSON value")),
        }
    }

    /// Cut at its closing quote; what is in it serde_json reads.
    fn string(&mut self) -> Result<Cow<'a, str>, Bad> {
        let bytes = self.text.as_bytes();
        let mut end = self.at + 1;
        let mut is_plain = true;
        loop {
            match bytes.get(end) {
                None => return Err(self.broken("a closing quote")),
                Some(b'"') => break,
                Some(b'\\') => {
                    is_plain = false;
                    end += 2;
                }
                Some(byte) => {
                    is_plain &= 0x20 <= *byte;
                    end += 1;
                }
            }
        }
        let quoted = &self.text[self.at..=end];
        let text = match is_plain {
            true => Cow::Borrowed(&quoted[1..quoted.len() - 1]),
            false => match serde_json::from_str::<String>(quoted) {
                Ok(text) => Cow::Owned(text),
                Err(error) => return Err(self.bad("the document", format!("not JSON: {error}"))),
            },
        };
        self.at = end + 1;
        self.blank();
        Ok(text)
    }

    fn takes(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        if is_there {
            self.at += 1;
            self.blank();
        }
        is_there
    }

    fn expect(&mut self, byte: u8, what: &str) -> Result<(), Bad> {
        match self.takes(byte) {
            true => Ok(()),
            false => Err(self.broken(what)),
        }
    }

    fn broken(&self, expected: &str) -> Bad {
        self.bad("the document", format!("not JSON: {}, expected {expected}", self.seen()))
    }

    fn blank(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.at += rest.iter().take_while(|byte| blank(byte)).count();
    }
}

/// Any value, of which only the length is wanted. serde_json walks it without recursion,
/// so that its depth costs a byte each and no stack.
struct Skipped;

impl<'de> serde::Deserialize<'de> for Skipped {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Skipped, D::Error> {
        deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Skipped)
    }
}
