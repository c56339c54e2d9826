//! From the elements of a document to a message, with everything that is odd about it.

use base64::Engine as _;

use super::Limits;
use super::alert::{Alert, Area, Info, Pair, Resource, Version};
use super::check::check;
use super::fault::{Fault, Faults, ReadError, Rule};
use super::text::decode;
use super::tree::{Element, tree};
use super::value::{Circle, List, Polygon, References, Time, short};
use super::word::Word;

/// The namespace of XML signatures (XML-DSig).
pub const SIGNATURES: &str = "http://www.w3.org/2000/09/xmldsig#";

/// A message as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub alert: Alert,
    /// Nothing here changes what was read: a fault is said, and the value is kept.
    pub faults: Faults,
    /// Elements `Signature`, as they stand in the text. **Nobody has checked them.**
    pub signatures: Vec<String>,
    /// Elements that the standard has not at their place, and repeated ones.
    pub foreign: Vec<Foreign>,
    /// The encoding it came in.
    pub encoding: &'static str,
}

/// An element that has no place in the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// Of the element that it stands in.
    pub path: String,
    pub line: u32,
    /// As it stands in the text, tags included; prefixes may be bound further out.
    pub text: String,
}

/// Reads one message of CAP 1.0, 1.1 or 1.2.
///
/// A message without a namespace is read as CAP 1.2, and that is a fault of it.
/// Blanks at the ends of values are left out; an empty element says nothing.
///
/// # Errors
/// [`ReadError`] for bytes that are no message, and for one without `identifier`, `sender`
/// or `sent`: nothing could refer to it.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Message, ReadError> {
    if limits.bytes < bytes.len() {
        return Err(ReadError::Large { got: bytes.len(), most: limits.bytes });
    }
    let document = decode(bytes)?;
    let root = tree(&document.text, limits)?;
    if !is_alert(&root) {
        let space = root.space.as_deref().unwrap_or("");
        let saw = format!("{:?} of namespace {:?}", short(&root.name), short(space));
        let expected = "\"alert\" of CAP";
        return Err(ReadError::Root { line: root.line, saw, expected });
    }
    message(&root, &document.text, document.encoding)
}

/// Whether it is an alert of any edition, or of none.
pub(super) fn is_alert(element: &Element) -> bool {
    element.name == "alert" && (element.space.is_none() || version(element).is_some())
}

fn version(element: &Element) -> Option<Version> {
    Version::ALL.into_iter().find(|version| element.is_in(version.namespace()))
}

/// The message that an element `alert` is.
///
/// # Errors
/// [`ReadError::Nameless`].
pub(super) fn message(
    root: &Element,
    text: &str,
    encoding: &'static str,
) -> Result<Message, ReadError> {
    let mut read = Reading {
        text,
        space: root.space.as_deref(),
        version: version(root).unwrap_or_default(),
        faults: Faults::default(),
        signatures: Vec::new(),
        foreign: Vec::new(),
    };
    if root.space.is_none() {
        read.fault(Rule::Namespace, "", "no namespace", root.line);
    }
    let alert = read.alert(root)?;
    let Reading { mut faults, signatures, foreign, .. } = read;
    let checked = check(&alert);
    for mut fault in checked.list {
        fault.line = Some(line_of(root, &fault.path));
        faults.push(fault);
    }
    faults.more += checked.more;
    Ok(Message { alert, faults, signatures, foreign, encoding })
}

/// The line of what a path names, or of the innermost element that is there.
fn line_of(root: &Element, path: &str) -> u32 {
    let mut at = root;
    for step in path.split('.') {
        let (name, number) = step.split_once('[').unwrap_or((step, "1]"));
        let number: usize = number.trim_end_matches(']').parse().unwrap_or(1);
        let mut named = at.children.iter().filter(|child| child.name == name);
        match named.nth(number.saturating_sub(1)) {
            Some(child) => at = child,
            None => break,
        }
    }
    at.line
}

/// The children that an element may have, in the order of the schema; `*` after those that
/// may be there several times.
type Slots = &'static [&'static str];

const ALERT: Slots = &[
    "identifier",
    "sender",
    "sent",
    "status",
    "msgType",
    "source",
    "scope",
    "restriction",
    "addresses",
    "code*",
    "note",
    "references",
    "incidents",
    "info*",
];
const INFO: Slots = &[
    "language",
    "category*",
    "event",
    "responseType*",
    "urgency",
    "severity",
    "certainty",
    "audience",
    "eventCode*",
    "effective",
    "onset",
    "expires",
    "senderName",
    "headline",
    "description",
    "instruction",
    "web",
    "contact",
    "parameter*",
    "resource*",
    "area*",
];
const RESOURCE: Slots = &["resourceDesc", "mimeType", "size", "uri", "derefUri", "digest"];
const AREA: Slots = &["areaDesc", "polygon*", "circle*", "geocode*", "altitude", "ceiling"];
const PAIR: Slots = &["valueName", "value"];

struct Reading<'a> {
    text: &'a str,
    space: Option<&'a str>,
    version: Version,
    faults: Faults,
    signatures: Vec<String>,
    foreign: Vec<Foreign>,
}

/// The children of one element, by their slot.
struct Children<'t> {
    slots: Slots,
    found: Vec<(usize, &'t Element)>,
}

impl<'t> Children<'t> {
    fn all(&self, name: &str) -> impl Iterator<Item = &'t Element> {
        let slot = self.slots.iter().position(|slot| slot.trim_end_matches('*') == name);
        self.found.iter().filter(move |(at, _)| Some(*at) == slot).map(|(_, element)| *element)
    }

    /// The first one's text, unless it is empty.
    fn value(&self, name: &str) -> Option<&'t str> {
        self.all(name).next().map(Element::value).filter(|value| !value.is_empty())
    }

    fn text(&self, name: &str) -> Option<String> {
        self.value(name).map(str::to_owned)
    }

    fn word<W: Word>(&self, name: &str) -> Option<W> {
        self.value(name).map(W::parse)
    }

    fn words<W: Word>(&self, name: &str) -> Vec<W> {
        self.values(name).map(W::parse).collect()
    }

    fn time(&self, name: &str) -> Option<Time> {
        self.value(name).map(Time::from_text)
    }

    /// All texts, also empty ones: that one is there says something.
    fn values(&self, name: &str) -> impl Iterator<Item = &'t str> {
        self.all(name).map(Element::value)
    }
}

impl Reading<'_> {
    fn fault(&mut self, rule: Rule, path: &str, saw: &str, line: u32) {
        let mut fault = Fault::new(rule, path, saw);
        fault.line = Some(line);
        self.faults.push(fault);
    }

    fn keep(&mut self, element: &Element, path: &str) {
        let text = self.text.get(element.span.clone()).unwrap_or_default().to_owned();
        self.foreign.push(Foreign { path: path.to_owned(), line: element.line, text });
    }

    fn children<'t>(&mut self, parent: &'t Element, path: &str, slots: Slots) -> Children<'t> {
        let mut found: Vec<(usize, &Element)> = Vec::with_capacity(parent.children.len());
        let mut seen = vec![false; slots.len()];
        let mut reached = 0;
        for child in &parent.children {
            let is_ours = child.space.as_deref() == self.space;
            let slot = slots.iter().position(|slot| slot.trim_end_matches('*') == child.name);
            let Some(slot) = slot.filter(|_| is_ours) else {
                if child.name == "Signature" && child.is_in(SIGNATURES) {
                    let text = self.text.get(child.span.clone()).unwrap_or_default();
                    self.signatures.push(text.to_owned());
                } else {
                    self.fault(Rule::Unknown, path, &format!("<{}>", child.name), child.line);
                    self.keep(child, path);
                }
                continue;
            };
            if slot < reached {
                self.fault(Rule::Order, path, &format!("<{}> too late", child.name), child.line);
            }
            reached = reached.max(slot);
            if seen[slot] && !slots[slot].ends_with('*') {
                let saw = format!("<{}> again: {}", child.name, short(child.value()));
                self.fault(Rule::Twice, path, &saw, child.line);
                self.keep(child, path);
                continue;
            }
            seen[slot] = true;
            found.push((slot, child));
        }
        Children { slots, found }
    }

    fn alert(&mut self, root: &Element) -> Result<Alert, ReadError> {
        let of = self.children(root, "", ALERT);
        let line = root.line;
        let needed = |name: &'static str| of.text(name).ok_or(ReadError::Nameless { line, name });
        let mut alert = Alert {
            version: self.version,
            identifier: needed("identifier")?,
            sender: needed("sender")?,
            sent: Time::from_text(needed("sent")?),
            status: of.word("status"),
            msg_type: of.word("msgType"),
            source: of.text("source"),
            scope: of.word("scope"),
            restriction: of.text("restriction"),
            addresses: of.value("addresses").map(List::from_text),
            code: of.values("code").map(str::to_owned).collect(),
            note: of.text("note"),
            references: of.value("references").map(References::from_text),
            incidents: of.value("incidents").map(List::from_text),
            info: Vec::new(),
        };
        for (number, info) in (1..).zip(of.all("info")) {
            let info = self.info(info, &format!("info[{number}]"));
            alert.info.push(info);
        }
        Ok(alert)
    }

    fn info(&mut self, element: &Element, path: &str) -> Info {
        let of = self.children(element, path, INFO);
        let mut info = Info {
            language: of.text("language"),
            category: of.words("category"),
            event: of.text("event"),
            response_type: of.words("responseType"),
            urgency: of.word("urgency"),
            severity: of.word("severity"),
            certainty: of.word("certainty"),
            audience: of.text("audience"),
            event_code: self.pairs(&of, path, "eventCode"),
            effective: of.time("effective"),
            onset: of.time("onset"),
            expires: of.time("expires"),
            sender_name: of.text("senderName"),
            headline: of.text("headline"),
            description: of.text("description"),
            instruction: of.text("instruction"),
            web: of.text("web"),
            contact: of.text("contact"),
            parameter: self.pairs(&of, path, "parameter"),
            resource: Vec::new(),
            area: Vec::new(),
        };
        for (number, resource) in (1..).zip(of.all("resource")) {
            let of = self.children(resource, &format!("{path}.resource[{number}]"), RESOURCE);
            info.resource.push(Resource {
                resource_desc: of.text("resourceDesc"),
                mime_type: of.text("mimeType"),
                size: of.text("size"),
                uri: of.text("uri"),
                deref_uri: of.text("derefUri"),
                digest: of.text("digest"),
            });
        }
        for (number, area) in (1..).zip(of.all("area")) {
            let area = self.area(area, &format!("{path}.area[{number}]"));
            info.area.push(area);
        }
        info
    }

    fn area(&mut self, element: &Element, path: &str) -> Area {
        let of = self.children(element, path, AREA);
        Area {
            area_desc: of.text("areaDesc"),
            polygon: of.values("polygon").map(Polygon::from_text).collect(),
            circle: of.values("circle").map(Circle::from_text).collect(),
            geocode: self.pairs(&of, path, "geocode"),
            altitude: of.text("altitude"),
            ceiling: of.text("ceiling"),
        }
    }

    /// Names with values; CAP 1.0 writes them as `name=value`.
    fn pairs(&mut self, of: &Children<'_>, path: &str, name: &str) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (number, element) in (1..).zip(of.all(name)) {
            let path = format!("{path}.{name}[{number}]");
            if self.version == Version::V10 && element.children.is_empty() {
                let (name, value) =
                    element.value().split_once('=').unwrap_or(("", element.value()));
                pairs.push(Pair { value_name: name.trim().into(), value: value.trim().into() });
                continue;
            }
            let of = self.children(element, &path, PAIR);
            if of.all("value").next().is_none() {
                self.fault(Rule::Required, &format!("{path}.value"), "", element.line);
            }
            let text = |name| of.text(name).unwrap_or_default();
            pairs.push(Pair { value_name: text("valueName"), value: text("value") });
        }
        pairs
    }
}

impl Resource {
    /// The file itself, when the message carries it.
    ///
    /// `None` without one, or with one that is no Base64.
    pub fn file(&self) -> Option<Vec<u8>> {
        let text: String = self.deref_uri.as_ref()?.split_ascii_whitespace().collect();
        base64::engine::general_purpose::STANDARD.decode(text).ok()
    }
}
