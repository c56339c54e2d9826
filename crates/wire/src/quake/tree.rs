//! The elements of one QuakeML event that are looked at, and nothing of the others.

use quick_xml::events::{BytesStart, Event as Token};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::event::Document;
use super::limit::{Limits, ReadError, short};

/// Namespace of the basic event description.
const BED: &str = "http://quakeml.org/xmlns/bed/1.2";
/// Namespace of the root.
const ROOT: &str = "http://quakeml.org/xmlns/quakeml/1.2";

/// Which children of an element are kept.
const KEPT: [(&str, &[&str]); 12] = [
    (
        "event",
        &[
            "origin",
            "magnitude",
            "preferredOriginID",
            "preferredMagnitudeID",
            "type",
            "description",
            "creationInfo",
        ],
    ),
    (
        "origin",
        &[
            "time",
            "longitude",
            "latitude",
            "depth",
            "depthType",
            "originUncertainty",
            "evaluationMode",
            "evaluationStatus",
            "creationInfo",
        ],
    ),
    (
        "magnitude",
        &["mag", "type", "originID", "evaluationMode", "evaluationStatus", "creationInfo"],
    ),
    ("time", VALUE),
    ("longitude", VALUE),
    ("latitude", VALUE),
    ("depth", VALUE),
    ("mag", VALUE),
    ("originUncertainty", &["horizontalUncertainty"]),
    ("description", &["text", "type"]),
    ("creationInfo", &["agencyID", "creationTime", "version"]),
    ("eventParameters", &["event"]),
];

const VALUE: &[&str] = &["value", "uncertainty"];

/// An element with what is kept of it.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub name: String,
    pub public_id: Option<String>,
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub fn first(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }
}

/// Walks a document and hands over one event after the other.
///
/// # Errors
/// [`ReadError`] for a DOCTYPE, an entity that is not XML's own, another document, or what
/// is beyond `limits`.
pub(super) fn walk(
    text: &str,
    limits: &Limits,
    document: &mut Document,
    mut take: impl FnMut(&mut Document, usize, Node),
) -> Result<(), ReadError> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    // Elements that are open, those that are kept of one event, and how many are open
    // within one that is passed over.
    let (mut depth, mut open, mut passing) = (0usize, Vec::<Node>::new(), 0usize);
    let (mut events, mut parts, mut rooted) = (0usize, 0usize, false);
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let xml = |error: &dyn std::fmt::Display| ReadError::Xml {
            at,
            problem: short(&error.to_string()).to_owned(),
        };
        let (namespace, token) = reader.read_resolved_event().map_err(|error| xml(&error))?;
        match token {
            Token::DocType(_) => return Err(ReadError::Doctype { at }),
            Token::Decl(declaration) => {
                let encoding = declaration.encoding().transpose().map_err(|error| xml(&error))?;
                if let Some(encoding) = encoding
                    && !["utf-8", "us-ascii"].contains(&encoding.to_ascii_lowercase().as_str())
                {
                    return Err(ReadError::Encoding(short(&encoding).to_owned()));
                }
            }
            Token::Start(start) => {
                depth += 1;
                if limits.depth < depth {
                    return Err(ReadError::TooDeep { at, most: limits.depth });
                }
                let local = start.local_name();
                let name = local.as_ref();
                let within = match namespace {
                    ResolveResult::Bound(namespace) => namespace.0,
                    _ => "",
                };
                if passing > 0 {
                    passing += 1;
                } else if depth == 1 {
                    if (within, name) != (ROOT, "quakeml") || rooted {
                        let seen = format!("{:?} of {:?}", short(name), short(within));
                        return Err(ReadError::Other { seen, expected: "QuakeML 1.2" });
                    }
                    rooted = true;
                } else {
                    let parent = match open.last() {
                        Some(node) => node.name.as_str(),
                        None if depth == 2 => "quakeml",
                        None => "eventParameters",
                    };
                    if within != BED {
                        document.pass(parent, &format!("/{{{}}}{name}", short(within)));
                        passing = 1;
                    } else if depth == 2 && name == "eventParameters" {
                        // Its events come one by one.
                    } else if !is_kept(parent, name) {
                        document.pass(parent, &format!("/{name}"));
                        passing = 1;
                    } else {
                        if open.is_empty() {
                            parts = 0;
                            events += 1;
                            if limits.events < events {
                                return Err(ReadError::TooManyEvents(limits.events));
                            }
                        }
                        parts += 1;
                        if limits.parts < parts {
                            return Err(ReadError::TooManyParts { at, most: limits.parts });
                        }
                        let public_id = public_id(&start, at)?;
                        open.push(Node { name: name.to_owned(), public_id, ..Node::default() });
                    }
                }
            }
            Token::End(_) => {
                depth = depth.saturating_sub(1);
                if passing > 0 {
                    passing -= 1;
                } else if let Some(node) = open.pop() {
                    match open.last_mut() {
                        Some(parent) => parent.children.push(node),
                        None => take(document, events - 1, node),
                    }
                }
            }
            Token::Text(piece) if passing == 0 => add(&mut open, &piece.xml10_content()),
            Token::CData(piece) if passing == 0 => add(&mut open, &piece.xml10_content()),
            Token::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => character,
                    Ok(None) => own(&reference.into_inner())
                        .map_err(|name| ReadError::Entity { at, name })?,
                    Err(error) => return Err(xml(&error)),
                };
                if passing == 0 {
                    add(&mut open, character.encode_utf8(&mut [0; 4]));
                }
            }
            Token::Eof if depth == 0 && rooted => return Ok(()),
            Token::Eof => {
                let problem = format!("it ends with {depth} elements open");
                return Err(ReadError::Xml { at, problem });
            }
            Token::Empty(_)
            | Token::Text(_)
            | Token::CData(_)
            | Token::Comment(_)
            | Token::PI(_) => {}
        }
    }
}

fn is_kept(parent: &str, name: &str) -> bool {
    KEPT.iter().any(|(known, children)| *known == parent && children.contains(&name))
}

fn add(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

/// The five entities that XML has without a DTD.
fn own(name: &str) -> Result<char, String> {
    match name {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        other => Err(short(other).to_owned()),
    }
}

/// Attributes are not compared with each other: a sender may write a million of them.
fn public_id(start: &BytesStart<'_>, at: usize) -> Result<Option<String>, ReadError> {
    for attribute in start.attributes().with_checks(false) {
        let problem = |error: &dyn std::fmt::Display| ReadError::Xml {
            at,
            problem: short(&error.to_string()).to_owned(),
        };
        let attribute = attribute.map_err(|error| problem(&error))?;
        if attribute.key.as_ref() == "publicID" {
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|error| problem(&error))?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}
