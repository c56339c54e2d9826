//! The elements of a document with their namespaces, lines and texts, within limits.
//!
//! Document types are refused, so there is no entity to expand; comments and processing
//! instructions are left out of texts; CDATA is text.
//! Source: XML 1.0, fifth edition; Namespaces in XML 1.0, third edition.

use std::ops::Range;
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::text::{is_allowed, line_at};
use super::value::short;
use super::{Limits, ReadError};

/// How many prefixes may be bound at one place; each name looks through them.
const MOST_BOUND: usize = 64;

/// One element and what is in it.
#[derive(Debug)]
pub(super) struct Element {
    /// Without its prefix.
    pub name: String,
    pub space: Option<Rc<str>>,
    /// Those without a prefix that bind nothing.
    pub attributes: Vec<(String, String)>,
    /// Its own text, without that of its children; as it stands, blanks too.
    pub text: String,
    pub children: Vec<Element>,
    /// From 1.
    pub line: u32,
    /// Its bytes in the text of the document, tags included.
    pub span: Range<usize>,
}

impl Element {
    /// Its text without blanks at its ends.
    pub fn value(&self) -> &str {
        self.text.trim_matches([' ', '\t', '\n', '\r'])
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    pub fn is_in(&self, space: &str) -> bool {
        self.space.as_deref() == Some(space)
    }
}

/// The document's one element.
///
/// # Errors
/// [`ReadError`], with the line, for what is not well formed or beyond a limit.
pub(super) fn tree(text: &str, limits: &Limits) -> Result<Element, ReadError> {
    let mut reader = Reader::from_str(text);
    let mut build = Build {
        text,
        limits,
        counted: (0, 1),
        elements: 0,
        bound: Vec::new(),
        open: Vec::new(),
        root: None,
    };
    loop {
        let from = position(reader.buffer_position());
        let event = reader.read_event().map_err(|error| ReadError::Xml {
            line: line_at(text, position(reader.error_position())),
            said: short(&error.to_string()),
        })?;
        let to = position(reader.buffer_position());
        match event {
            Event::Start(start) => build.start(&start, from..to)?,
            Event::Empty(start) => {
                build.start(&start, from..to)?;
                build.end(to)?;
            }
            Event::End(_) => build.end(to)?,
            Event::Text(text) => build.text(&text.into_inner(), from)?,
            Event::CData(text) => build.text(&text.into_inner(), from)?,
            Event::GeneralRef(reference) => build.reference(&reference, from)?,
            Event::DocType(_) => return Err(ReadError::Doctype { line: line_at(text, from) }),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    match (build.open.last(), build.root) {
        (Some(open), _) => Err(ReadError::Xml {
            line: open.element.line,
            said: format!("<{}> is not closed", short(&open.element.name)),
        }),
        (None, Some(root)) => Ok(root),
        (None, None) => Err(ReadError::Xml { line: 1, said: "it has no element".to_owned() }),
    }
}

fn position(at: u64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

struct Open {
    element: Element,
    /// How many prefixes were bound outside it.
    bound: usize,
}

struct Build<'a> {
    text: &'a str,
    limits: &'a Limits,
    /// A place and its line; what comes is counted from there.
    counted: (usize, u32),
    elements: usize,
    bound: Vec<(String, Rc<str>)>,
    open: Vec<Open>,
    root: Option<Element>,
}

impl Build<'_> {
    fn line(&mut self, at: usize) -> u32 {
        let (from, line) = self.counted;
        let at = at.clamp(from, self.text.len());
        let more = self.text.as_bytes()[from..at].iter().filter(|byte| **byte == b'\n').count();
        self.counted = (at, line.saturating_add(u32::try_from(more).unwrap_or(u32::MAX)));
        self.counted.1
    }

    fn start(&mut self, start: &BytesStart<'_>, span: Range<usize>) -> Result<(), ReadError> {
        let line = self.line(span.start);
        self.elements += 1;
        if self.limits.elements < self.elements {
            return Err(ReadError::Many { line, most: self.limits.elements });
        }
        if self.limits.depth <= self.open.len() {
            return Err(ReadError::Deep { line, most: self.limits.depth });
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(ReadError::Xml { line, said: "it has a second root element".to_owned() });
        }
        let bound = self.bound.len();
        let mut attributes = Vec::new();
        for (count, attribute) in start.attributes().enumerate() {
            if self.limits.attributes <= count {
                return Err(ReadError::Attributes { line, most: self.limits.attributes });
            }
            let attribute = attribute
                .map_err(|error| ReadError::Xml { line, said: short(&error.to_string()) })?;
            let key = attribute.key.0;
            let value = unescape(&attribute.value)
                .map_err(|error| ReadError::Entity { line, said: short(&error.to_string()) })?
                .into_owned();
            if let Some(bad) = value.chars().find(|it| !is_allowed(*it)) {
                return Err(ReadError::Character { code: u32::from(bad), line });
            }
            match key.strip_prefix("xmlns") {
                Some("") => self.bound.push((String::new(), value.into())),
                Some(prefix) if prefix.starts_with(':') => {
                    self.bound.push((prefix[1..].to_owned(), value.into()));
                }
                _ if key.contains(':') => {}
                _ => attributes.push((key.to_owned(), value)),
            }
            if MOST_BOUND < self.bound.len() {
                return Err(ReadError::Attributes { line, most: MOST_BOUND });
            }
        }
        let name = start.name();
        let (prefix, name) = name.0.split_once(':').unwrap_or(("", name.0));
        let space = match self.bound.iter().rev().find(|(it, _)| it == prefix) {
            Some((_, space)) if space.is_empty() => None,
            Some((_, space)) => Some(Rc::clone(space)),
            None if prefix.is_empty() || prefix == "xml" => None,
            None => {
                let said =
                    format!("prefix {:?} of <{}> is bound to nothing", short(prefix), short(name));
                return Err(ReadError::Xml { line, said });
            }
        };
        let (name, text) = (name.to_owned(), String::new());
        let element = Element { name, space, attributes, text, children: Vec::new(), line, span };
        self.open.push(Open { element, bound });
        Ok(())
    }

    fn end(&mut self, to: usize) -> Result<(), ReadError> {
        let Some(mut open) = self.open.pop() else {
            let said = "a closing tag without its opening one".to_owned();
            return Err(ReadError::Xml { line: self.line(to), said });
        };
        open.element.span.end = to;
        self.bound.truncate(open.bound);
        match self.open.last_mut() {
            Some(parent) => parent.element.children.push(open.element),
            None => self.root = Some(open.element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str, at: usize) -> Result<(), ReadError> {
        match self.open.last_mut() {
            Some(open) => open.element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => {
                let said = "text outside the root element".to_owned();
                let blanks = text.len() - text.trim_start().len();
                return Err(ReadError::Xml { line: self.line(at + blanks), said });
            }
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>, at: usize) -> Result<(), ReadError> {
        let line = self.line(at);
        let wrong = |said: String| ReadError::Entity { line, said: short(&said) };
        let character = reference.resolve_char_ref().map_err(|error| wrong(error.to_string()))?;
        if let Some(character) = character {
            if !is_allowed(character) {
                return Err(ReadError::Character { code: u32::from(character), line });
            }
            return self.text(character.encode_utf8(&mut [0; 4]), at);
        }
        let name: &str = reference;
        match resolve_xml_entity(name) {
            Some(text) => self.text(text, at),
            None => {
                let name: String = name.chars().take(40).collect();
                Err(wrong(format!("&{name}; is declared nowhere")))
            }
        }
    }
}
