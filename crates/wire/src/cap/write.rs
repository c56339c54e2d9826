//! From a message to bytes: CAP 1.2, UTF-8, elements in the order of the schema.

use super::alert::{Alert, Area, Info, Pair, Resource, Version};
use super::check::check;
use super::fault::{Fault, Faults, Rule};
use super::text::is_allowed;
use super::word::Word;

/// Writes a message that keeps all rules of CAP 1.2.
///
/// A message of an older edition is brought to 1.2 first ([`Alert::upgraded`]).
///
/// # Errors
/// All its faults; then nothing is written.
pub fn write(alert: &Alert) -> Result<Vec<u8>, Faults> {
    let mut faults = check(alert);
    if alert.version != Version::V12 {
        faults.push(Fault::new(Rule::Edition, "", alert.version.namespace()));
    }
    let out = written(alert);
    for path in out.bad {
        faults.push(Fault::new(Rule::Character, path, "a character of control"));
    }
    if faults.is_empty() { Ok(out.text.into_bytes()) } else { Err(faults) }
}

/// Writes a message with the faults that it has, in the namespace of CAP 1.2: well formed,
/// and read again it is the same ([`Alert::upgraded`]).
///
/// For what was received and is kept or shown; to pass a message on, pass on its bytes.
/// Characters that XML has not become U+FFFD.
pub fn write_as_is(alert: &Alert) -> Vec<u8> {
    written(alert).text.into_bytes()
}

fn written(alert: &Alert) -> Out {
    let mut out = Out { text: DECLARATION.to_owned(), depth: 0, bad: Vec::new() };
    out.text.push_str("<alert xmlns=\"");
    out.text.push_str(Version::V12.namespace());
    out.text.push_str("\">\n");
    out.depth = 1;
    out.alert(alert);
    out.text.push_str("</alert>\n");
    out
}

pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

pub(super) struct Out {
    pub text: String,
    pub depth: usize,
    /// Elements with characters that XML has not.
    pub bad: Vec<&'static str>,
}

impl Out {
    fn alert(&mut self, alert: &Alert) {
        self.element("identifier", &alert.identifier);
        self.element("sender", &alert.sender);
        self.element("sent", alert.sent.as_str());
        self.word("status", alert.status.as_ref());
        self.word("msgType", alert.msg_type.as_ref());
        self.option("source", alert.source.as_deref());
        self.word("scope", alert.scope.as_ref());
        self.option("restriction", alert.restriction.as_deref());
        self.option("addresses", alert.addresses.as_ref().map(|it| it.as_str()));
        for code in &alert.code {
            self.element("code", code);
        }
        self.option("note", alert.note.as_deref());
        self.option("references", alert.references.as_ref().map(|it| it.as_str()));
        self.option("incidents", alert.incidents.as_ref().map(|it| it.as_str()));
        for info in &alert.info {
            self.within("info", |out| out.info(info));
        }
    }

    fn info(&mut self, info: &Info) {
        self.option("language", info.language.as_deref());
        for category in &info.category {
            self.element("category", category.as_str());
        }
        self.option("event", info.event.as_deref());
        for response in &info.response_type {
            self.element("responseType", response.as_str());
        }
        self.word("urgency", info.urgency.as_ref());
        self.word("severity", info.severity.as_ref());
        self.word("certainty", info.certainty.as_ref());
        self.option("audience", info.audience.as_deref());
        self.pairs("eventCode", &info.event_code);
        self.option("effective", info.effective.as_ref().map(|it| it.as_str()));
        self.option("onset", info.onset.as_ref().map(|it| it.as_str()));
        self.option("expires", info.expires.as_ref().map(|it| it.as_str()));
        self.option("senderName", info.sender_name.as_deref());
        self.option("headline", info.headline.as_deref());
        self.option("description", info.description.as_deref());
        self.option("instruction", info.instruction.as_deref());
        self.option("web", info.web.as_deref());
        self.option("contact", info.contact.as_deref());
        self.pairs("parameter", &info.parameter);
        for resource in &info.resource {
            self.within("resource", |out| out.resource(resource));
        }
        for area in &info.area {
            self.within("area", |out| out.area(area));
        }
    }

    fn resource(&mut self, resource: &Resource) {
        self.option("resourceDesc", resource.resource_desc.as_deref());
        self.option("mimeType", resource.mime_type.as_deref());
        self.option("size", resource.size.as_deref());
        self.option("uri", resource.uri.as_deref());
        self.option("derefUri", resource.deref_uri.as_deref());
        self.option("digest", resource.digest.as_deref());
    }

    fn area(&mut self, area: &Area) {
        self.option("areaDesc", area.area_desc.as_deref());
        for polygon in &area.polygon {
            self.element("polygon", polygon.as_str());
        }
        for circle in &area.circle {
            self.element("circle", circle.as_str());
        }
        self.pairs("geocode", &area.geocode);
        self.option("altitude", area.altitude.as_deref());
        self.option("ceiling", area.ceiling.as_deref());
    }

    fn pairs(&mut self, name: &'static str, pairs: &[Pair]) {
        for pair in pairs {
            self.within(name, |out| {
                out.element("valueName", &pair.value_name);
                out.element("value", &pair.value);
            });
        }
    }

    fn word<W: Word>(&mut self, name: &'static str, word: Option<&W>) {
        self.option(name, word.map(W::as_str));
    }

    pub fn option(&mut self, name: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.element(name, text);
        }
    }

    pub fn within(&mut self, name: &'static str, inside: impl FnOnce(&mut Out)) {
        self.indent();
        self.text.push_str(&format!("<{name}>\n"));
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.indent();
        self.text.push_str(&format!("</{name}>\n"));
    }

    pub fn element(&mut self, name: &'static str, text: &str) {
        self.indent();
        self.text.push_str(&format!("<{name}>"));
        if !escape(text, &mut self.text) {
            self.bad.push(name);
        }
        self.text.push_str(&format!("</{name}>\n"));
    }

    pub fn indent(&mut self) {
        for _ in 0..self.depth {
            self.text.push_str("  ");
        }
    }
}

/// Appends a text as it may stand in an element or an attribute; false when something in
/// it had to be put instead of a character that XML has not.
pub(super) fn escape(text: &str, out: &mut String) -> bool {
    let mut is_whole = true;
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            _ if !is_allowed(character) => {
                is_whole = false;
                out.push('\u{fffd}');
            }
            _ => out.push(character),
        }
    }
    is_whole
}
