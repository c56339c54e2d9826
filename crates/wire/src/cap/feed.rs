//! Documents that carry messages or point to them: Atom, RSS and EDXL-DE in, Atom out.
//!
//! Source: RFC 4287 (Atom); RSS 2.0; EDXL-DE 1.0 (from its samples). That summaries stand
//! in an entry as `cap:` elements is what the United States' weather service began.

use base::Timestamp;

use super::Limits;
use super::alert::{Alert, Info, Version};
use super::fault::{Fault, Faults, ReadError, Rule};
use super::read::{Message, is_alert, message};
use super::text::decode;
use super::tree::{Element, tree};
use super::value::short;
use super::word::Word;
use super::write::{DECLARATION, Out, escape};

const ATOM: &str = "http://www.w3.org/2005/Atom";
const EDXL_DE: &str = "urn:oasis:names:tc:emergency:EDXL:DE:1.0";
const CAP_MIME: &str = "application/cap+xml";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeedKind {
    Atom,
    Rss,
    EdxlDe,
}

impl FeedKind {
    pub fn word(self) -> &'static str {
        match self {
            FeedKind::Atom => "atom",
            FeedKind::Rss => "rss",
            FeedKind::EdxlDe => "edxl-de",
        }
    }
}

/// A feed as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    pub kind: FeedKind,
    pub id: Option<String>,
    pub title: Option<String>,
    pub updated: Option<Stamp>,
    pub items: Vec<Item>,
    /// Of the feed and its items; those of messages stand with them.
    pub faults: Faults,
}

/// A time of a feed: as it is written, and the moment when it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    pub text: String,
    pub moment: Option<Timestamp>,
}

/// What points to a message, or carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub line: u32,
    pub id: Option<String>,
    pub title: Option<String>,
    /// Where the message is; of several links the one that says it is CAP.
    pub link: Option<String>,
    pub updated: Option<Stamp>,
    pub summary: Option<String>,
    /// Its `cap:` elements with their texts; pairs as `geocode:FIPS6`.
    pub fields: Vec<(String, String)>,
    /// The messages inside, or why one is none.
    pub messages: Vec<Result<Message, ReadError>>,
}

/// Reads a feed. One bad item or message takes nothing from the others.
///
/// # Errors
/// [`ReadError`] for what is no feed of a known kind, or not well formed.
pub fn parse_feed(bytes: &[u8], limits: &Limits) -> Result<Feed, ReadError> {
    if limits.bytes < bytes.len() {
        return Err(ReadError::Large { got: bytes.len(), most: limits.bytes });
    }
    let document = decode(bytes)?;
    let root = tree(&document.text, limits)?;
    let mut read =
        Reading { text: &document.text, encoding: document.encoding, faults: Faults::default() };
    let feed = match root.name.as_str() {
        "feed" if root.is_in(ATOM) => read.atom(&root),
        "rss" if root.space.is_none() => read.rss(&root),
        "EDXLDistribution" if root.is_in(EDXL_DE) => read.edxl(&root),
        _ => {
            let space = root.space.as_deref().unwrap_or("");
            let saw = format!("{:?} of namespace {:?}", short(&root.name), short(space));
            let expected = "\"feed\" of Atom, \"rss\" or \"EDXLDistribution\"";
            return Err(ReadError::Root { line: root.line, saw, expected });
        }
    };
    Ok(Feed { faults: read.faults, ..feed })
}

struct Reading<'a> {
    text: &'a str,
    encoding: &'static str,
    faults: Faults,
}

impl Reading<'_> {
    fn atom(&mut self, root: &Element) -> Feed {
        let feed = self.head(FeedKind::Atom, root, ["id", "title", "updated"], "feed");
        let entries = root.children.iter().filter(|it| it.name == "entry" && it.is_in(ATOM));
        let mut items = Vec::new();
        for (number, entry) in (1..).zip(entries) {
            let mut item = self.item(entry, ["id", "title", "updated", "summary"], Stamp::rfc3339);
            item.link = atom_link(entry);
            self.expect_item(&item, number, "entry");
            items.push(item);
        }
        Feed { items, ..feed }
    }

    fn rss(&mut self, root: &Element) -> Feed {
        let channel = root.children.iter().find(|it| it.name == "channel").unwrap_or(root);
        let feed = self.head(FeedKind::Rss, channel, ["link", "title", "pubDate"], "channel");
        let mut items = Vec::new();
        let found = channel.children.iter().filter(|it| it.name == "item");
        for (number, element) in (1..).zip(found) {
            let names = ["guid", "title", "pubDate", "description"];
            let mut item = self.item(element, names, Stamp::rfc822);
            item.link = rss_link(element);
            self.expect_item(&item, number, "item");
            items.push(item);
        }
        Feed { items, ..feed }
    }

    fn edxl(&mut self, root: &Element) -> Feed {
        let names = ["distributionID", "distributionType", "dateTimeSent"];
        let feed = self.head(FeedKind::EdxlDe, root, names, "EDXLDistribution");
        let objects = root.children.iter().filter(|it| it.name == "contentObject");
        let items = objects.map(|object| {
            let names = ["", "contentDescription", "", ""];
            let mut item = self.item(object, names, Stamp::rfc3339);
            let outside = object.children.iter().find(|it| it.name == "nonXMLContent");
            item.link = outside.and_then(|it| value(it, "uri"));
            item
        });
        Feed { items: items.collect(), ..feed }
    }

    fn head(&mut self, kind: FeedKind, root: &Element, names: [&str; 3], path: &str) -> Feed {
        let [id, title, updated] = names;
        let (id, title) = (value(root, id), value(root, title));
        let read = if kind == FeedKind::Rss { Stamp::rfc822 } else { Stamp::rfc3339 };
        let updated = value(root, updated).map(read);
        self.expect(Rule::Id, id.is_some(), path, root.line, "");
        self.expect(Rule::Title, title.is_some(), path, root.line, "");
        // A channel need not say when it was made (RSS 2.0).
        if kind != FeedKind::Rss || updated.is_some() {
            self.expect_stamp(updated.as_ref(), path, root.line);
        }
        Feed { kind, id, title, updated, items: Vec::new(), faults: Faults::default() }
    }

    fn item(&mut self, from: &Element, names: [&str; 4], stamp: fn(String) -> Stamp) -> Item {
        let [id, title, updated, summary] = names;
        let mut messages = Vec::new();
        self.messages(from, &mut messages);
        Item {
            line: from.line,
            id: value(from, id),
            title: value(from, title),
            link: None,
            updated: value(from, updated).map(stamp),
            summary: value(from, summary),
            fields: from.children.iter().flat_map(fields).collect(),
            messages,
        }
    }

    fn messages(&self, from: &Element, found: &mut Vec<Result<Message, ReadError>>) {
        for child in &from.children {
            if is_alert(child) {
                found.push(message(child, self.text, self.encoding));
            } else {
                self.messages(child, found);
            }
        }
    }

    fn expect_item(&mut self, item: &Item, number: usize, name: &str) {
        let path = format!("{name}[{number}]");
        self.expect(Rule::Id, item.id.is_some(), &path, item.line, "");
        self.expect(Rule::Title, item.title.is_some(), &path, item.line, "");
        self.expect_stamp(item.updated.as_ref(), &path, item.line);
        let has_message = item.link.is_some() || !item.messages.is_empty();
        self.expect(Rule::Link, has_message, &path, item.line, "");
    }

    fn expect_stamp(&mut self, stamp: Option<&Stamp>, path: &str, line: u32) {
        let saw = stamp.map_or("", |it| it.text.as_str());
        self.expect(Rule::Updated, stamp.is_some_and(|it| it.moment.is_some()), path, line, saw);
    }

    fn expect(&mut self, rule: Rule, is_there: bool, path: &str, line: u32, saw: &str) {
        if !is_there {
            self.faults.push(Fault { line: Some(line), ..Fault::new(rule, path, saw) });
        }
    }
}

impl Stamp {
    fn rfc3339(text: String) -> Stamp {
        let moment = super::Time::from_text(text.as_str()).moment();
        Stamp { text, moment }
    }

    /// As mail writes it (RFC 822, RFC 2822); many feeds of RSS write RFC 3339 instead.
    fn rfc822(text: String) -> Stamp {
        let mail = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
        match mail.parse_timestamp(&text) {
            Ok(found) => {
                let moment = Some(Timestamp::from_millis(found.as_millisecond()));
                Stamp { text, moment }
            }
            Err(_) => Stamp::rfc3339(text),
        }
    }
}

/// The text of the first child of that name in no namespace but its parent's.
fn value(parent: &Element, name: &str) -> Option<String> {
    let mut named = parent.children.iter().filter(|it| it.name == name && it.space == parent.space);
    named.next().map(Element::value).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn atom_link(entry: &Element) -> Option<String> {
    let links = entry.children.iter().filter(|it| it.name == "link" && it.is_in(ATOM));
    let rank = |link: &&Element| match (link.attribute("type"), link.attribute("rel")) {
        (Some(CAP_MIME), _) => 0,
        (_, None | Some("alternate")) => 1,
        _ => 2,
    };
    let link = links.min_by_key(rank)?;
    link.attribute("href").map(str::to_owned).filter(|text| !text.is_empty())
}

fn rss_link(item: &Element) -> Option<String> {
    let mut enclosures = item.children.iter().filter(|it| it.name == "enclosure");
    let file = enclosures.find(|it| it.attribute("type") == Some(CAP_MIME));
    let file = file.and_then(|it| it.attribute("url")).map(str::to_owned);
    file.or_else(|| value(item, "link"))
}

fn fields(child: &Element) -> Vec<(String, String)> {
    let is_cap = Version::ALL.iter().any(|version| child.is_in(version.namespace()));
    if !is_cap || is_alert(child) {
        return Vec::new();
    }
    if child.children.is_empty() {
        return vec![(child.name.clone(), child.value().to_owned())];
    }
    // Several pairs stand one behind the other in one element.
    let mut found = Vec::new();
    let mut name = "";
    for part in &child.children {
        match part.name.as_str() {
            "valueName" => name = part.value(),
            "value" => found.push((format!("{}:{name}", child.name), part.value().to_owned())),
            _ => {}
        }
    }
    found
}

/// What a feed says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Header<'a> {
    /// An IRI that never changes.
    pub id: &'a str,
    pub title: &'a str,
    pub author: &'a str,
    /// Where it can be fetched.
    pub link: &'a str,
    pub updated: Timestamp,
    /// Of several infos the first in this language is summed up (`zh-CN`), or else the first.
    pub language: &'a str,
}

/// A message in a feed.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub alert: &'a Alert,
    /// Where the message can be fetched; the entry's id too.
    pub link: &'a str,
    pub updated: Timestamp,
}

/// Writes an Atom feed: each entry links to its message and sums it up in `cap:` elements.
pub fn write_feed(header: &Header<'_>, entries: &[Entry<'_>]) -> Vec<u8> {
    let mut out = Out { text: DECLARATION.to_owned(), depth: 0, bad: Vec::new() };
    out.text
        .push_str(&format!("<feed xmlns=\"{ATOM}\" xmlns:cap=\"{}\">\n", Version::V12.namespace()));
    out.depth = 1;
    out.element("id", header.id);
    out.element("title", header.title);
    out.element("updated", &header.updated.to_string());
    out.within("author", |out| out.element("name", header.author));
    link(&mut out, "self", "application/atom+xml", header.link);
    for entry in entries {
        out.within("entry", |out| write_entry(out, entry, header.language));
    }
    out.text.push_str("</feed>\n");
    out.text.into_bytes()
}

fn link(out: &mut Out, rel: &str, mime: &str, href: &str) {
    out.indent();
    out.text.push_str(&format!("<link rel=\"{rel}\" type=\"{mime}\" href=\""));
    escape(href, &mut out.text);
    out.text.push_str("\"/>\n");
}

fn write_entry(out: &mut Out, entry: &Entry<'_>, language: &str) {
    let alert = entry.alert;
    let in_language = |info: &&Info| info.language.as_deref() == Some(language);
    let info = alert.info.iter().find(in_language).or(alert.info.first());
    let title = info.and_then(|info| info.headline.as_ref().or(info.event.as_ref()));
    out.element("id", entry.link);
    out.element("title", title.unwrap_or(&alert.identifier));
    out.element("updated", &entry.updated.to_string());
    link(out, "alternate", CAP_MIME, entry.link);
    out.option("summary", info.and_then(|info| info.description.as_deref()));
    out.element("cap:identifier", &alert.identifier);
    out.element("cap:sender", &alert.sender);
    out.element("cap:sent", alert.sent.as_str());
    out.option("cap:status", alert.status.as_ref().map(Word::as_str));
    out.option("cap:msgType", alert.msg_type.as_ref().map(Word::as_str));
    out.option("cap:scope", alert.scope.as_ref().map(Word::as_str));
    let Some(info) = info else { return };
    for category in &info.category {
        out.element("cap:category", category.as_str());
    }
    out.option("cap:event", info.event.as_deref());
    out.option("cap:urgency", info.urgency.as_ref().map(Word::as_str));
    out.option("cap:severity", info.severity.as_ref().map(Word::as_str));
    out.option("cap:certainty", info.certainty.as_ref().map(Word::as_str));
    out.option("cap:effective", info.effective.as_ref().map(super::Time::as_str));
    out.option("cap:expires", info.expires.as_ref().map(super::Time::as_str));
    for area in &info.area {
        out.option("cap:areaDesc", area.area_desc.as_deref());
        for polygon in &area.polygon {
            out.element("cap:polygon", polygon.as_str());
        }
    }
}
