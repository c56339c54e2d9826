//! The rules of CAP that a schema does not say, and those it does, over a message.
//!
//! Older editions are held against their own rules where those were wider: 1.0 demands
//! neither scope nor category, has `Very Likely` and takes any time with an offset; before
//! 1.2 a resource needs no `mimeType`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::alert::{Alert, Area, Info, Pair, Resource, Version};
use super::fault::{Fault, Faults, Rule};
use super::value::{Time, degrees};
use super::word::{Certainty, MsgType, Scope, Word};

/// Everything in the message that breaks a rule; nothing when it may be sent.
pub fn check(alert: &Alert) -> Faults {
    let mut check = Check { version: alert.version, faults: Faults::default() };
    check.alert(alert);
    check.faults
}

struct Check {
    version: Version,
    faults: Faults,
}

impl Check {
    fn fault(&mut self, rule: Rule, path: impl Into<String>, saw: &str) {
        self.faults.push(Fault::new(rule, path, saw));
    }

    fn alert(&mut self, alert: &Alert) {
        for (name, text) in [("identifier", &alert.identifier), ("sender", &alert.sender)] {
            if text.is_empty() {
                self.fault(Rule::Required, name, "");
            } else if !is_name(text) {
                self.fault(Rule::Name, name, text);
            }
        }
        self.time("sent", Some(&alert.sent));
        self.word("status", alert.status.as_ref(), true);
        self.word("msgType", alert.msg_type.as_ref(), true);
        self.word("scope", alert.scope.as_ref(), self.version != Version::V10);
        if alert.scope == Some(Scope::Restricted) && alert.restriction.is_none() {
            self.fault(Rule::RestrictionNeeded, "restriction", "");
        }
        if alert.scope == Some(Scope::Private) && alert.addresses.is_none() {
            self.fault(Rule::AddressesNeeded, "addresses", "");
        }
        for (name, list) in [("addresses", &alert.addresses), ("incidents", &alert.incidents)] {
            if let Some(Err(error)) = list.as_ref().map(|list| list.items()) {
                self.fault(Rule::List, name, &error.to_string());
            }
        }
        match (&alert.references, &alert.msg_type) {
            (Some(references), _) => {
                if let Err(error) = references.references() {
                    self.fault(Rule::References, "references", &error.to_string());
                }
            }
            (None, Some(MsgType::Update | MsgType::Cancel | MsgType::Ack | MsgType::Error)) => {
                self.fault(Rule::ReferencesNeeded, "references", "");
            }
            (None, _) => {}
        }
        if alert.msg_type == Some(MsgType::Error) && alert.note.is_none() {
            self.fault(Rule::NoteNeeded, "note", "");
        }
        for (at, info) in alert.info.iter().enumerate() {
            self.info(&format!("info[{}]", at + 1), info, &alert.sent);
        }
    }

    fn info(&mut self, path: &str, info: &Info, sent: &Time) {
        let at = |name: &str| format!("{path}.{name}");
        if let Some(language) = info.language.as_ref().filter(|text| !is_language(text)) {
            self.fault(Rule::Language, at("language"), language);
        }
        if info.category.is_empty() && self.version != Version::V10 {
            self.fault(Rule::Required, at("category"), "");
        }
        for (number, word) in (1..).zip(&info.category) {
            self.word(&at(&format!("category[{number}]")), Some(word), true);
        }
        self.text(&at("event"), info.event.as_deref());
        for (number, word) in (1..).zip(&info.response_type) {
            self.word(&at(&format!("responseType[{number}]")), Some(word), true);
        }
        self.word(&at("urgency"), info.urgency.as_ref(), true);
        self.word(&at("severity"), info.severity.as_ref(), true);
        match &info.certainty {
            Some(Certainty::Other(word)) if word == Certainty::VERY_LIKELY => {
                if self.version != Version::V10 {
                    self.fault(Rule::Deprecated, at("certainty"), word);
                }
            }
            certainty => self.word(&at("certainty"), certainty.as_ref(), true),
        }
        self.times(path, info, sent);
        if let Some(web) = info.web.as_ref().filter(|text| !is_absolute(text)) {
            self.fault(Rule::Uri, at("web"), web);
        }
        self.pairs(&at("eventCode"), &info.event_code);
        self.pairs(&at("parameter"), &info.parameter);
        for (number, resource) in (1..).zip(&info.resource) {
            self.resource(&at(&format!("resource[{number}]")), resource);
        }
        for (number, area) in (1..).zip(&info.area) {
            self.area(&at(&format!("area[{number}]")), area);
        }
    }

    fn times(&mut self, path: &str, info: &Info, sent: &Time) {
        let times =
            [("effective", &info.effective), ("onset", &info.onset), ("expires", &info.expires)];
        for (name, time) in times {
            self.time(&format!("{path}.{name}"), time.as_ref());
        }
        let Some(expires) = &info.expires else { return };
        let Some(end) = expires.moment() else { return };
        let begins = [Some(sent), info.effective.as_ref(), info.onset.as_ref()];
        let is_late = |time: &Time| time.moment().is_some_and(|begin| end <= begin);
        if begins.into_iter().flatten().any(is_late) {
            self.fault(Rule::Expired, format!("{path}.expires"), expires.as_str());
        }
    }

    fn resource(&mut self, path: &str, resource: &Resource) {
        let at = |name: &str| format!("{path}.{name}");
        self.text(&at("resourceDesc"), resource.resource_desc.as_deref());
        if self.version == Version::V12 {
            self.text(&at("mimeType"), resource.mime_type.as_deref());
        }
        let is_whole = |text: &str| text.len() <= 20 && text.bytes().all(|it| it.is_ascii_digit());
        if let Some(size) = resource.size.as_ref().filter(|text| !is_whole(text)) {
            self.fault(Rule::Number, at("size"), size);
        }
        if let Some(uri) = resource.uri.as_ref().filter(|text| !is_uri(text)) {
            self.fault(Rule::Uri, at("uri"), uri);
        }
        if let Some(inside) = &resource.deref_uri {
            let blanks: &[_] = &[' ', '\t', '\n', '\r'];
            if STANDARD.decode(inside.replace(blanks, "")).is_err() {
                self.fault(Rule::Base64, at("derefUri"), inside);
            }
        }
        let is_sha1 =
            |text: &str| text.len() == 40 && text.bytes().all(|it| it.is_ascii_hexdigit());
        if let Some(digest) = resource.digest.as_ref().filter(|text| !is_sha1(text)) {
            self.fault(Rule::Digest, at("digest"), digest);
        }
    }

    fn area(&mut self, path: &str, area: &Area) {
        let at = |name: &str| format!("{path}.{name}");
        self.text(&at("areaDesc"), area.area_desc.as_deref());
        for (number, polygon) in (1..).zip(&area.polygon) {
            if let Err(error) = polygon.ring() {
                self.fault(Rule::Polygon, at(&format!("polygon[{number}]")), &error.to_string());
            }
        }
        for (number, circle) in (1..).zip(&area.circle) {
            if let Err(error) = circle.centre_and_radius() {
                self.fault(Rule::Circle, at(&format!("circle[{number}]")), &error.to_string());
            }
        }
        self.pairs(&at("geocode"), &area.geocode);
        for (name, text) in [("altitude", &area.altitude), ("ceiling", &area.ceiling)] {
            if let Some(text) = text.as_ref().filter(|text| degrees(text).is_none()) {
                self.fault(Rule::Number, at(name), text);
            }
        }
        let Some(ceiling) = &area.ceiling else { return };
        let low = area.altitude.as_deref().and_then(degrees);
        // What is no number has been said already.
        let is_over = |high: f64| low.is_some_and(|low| low <= high);
        if area.altitude.is_none()
            || (low.is_some() && degrees(ceiling).is_some_and(|it| !is_over(it)))
        {
            self.fault(Rule::Ceiling, at("ceiling"), ceiling);
        }
    }

    fn pairs(&mut self, path: &str, pairs: &[Pair]) {
        for (number, pair) in (1..).zip(pairs) {
            if pair.value_name.is_empty() {
                self.fault(Rule::Required, format!("{path}[{number}].valueName"), "");
            }
        }
    }

    fn text(&mut self, path: &str, text: Option<&str>) {
        if text.is_none_or(str::is_empty) {
            self.fault(Rule::Required, path, "");
        }
    }

    fn word<W: Word>(&mut self, path: &str, word: Option<&W>, is_needed: bool) {
        match word {
            Some(word) if !word.is_known() => self.fault(Rule::Word, path, word.as_str()),
            None if is_needed => self.fault(Rule::Required, path, ""),
            _ => {}
        }
    }

    fn time(&mut self, path: &str, time: Option<&Time>) {
        let Some(time) = time else { return };
        let is_good = time.is_strict() || (self.version == Version::V10 && time.moment().is_some());
        if !is_good {
            self.fault(Rule::Time, path, time.as_str());
        }
    }
}

/// Whether a text may stand as identifier or sender, and so in references (§3.2.1).
pub fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(|it: char| it.is_whitespace() || matches!(it, ',' | '<' | '&'))
}

/// `xs:language`: letters, then groups of letters and digits, each of 1 to 8.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_short = |part: &str| (1..=8).contains(&part.len());
    let first = parts.next().unwrap_or_default();
    is_short(first)
        && first.bytes().all(|it| it.is_ascii_alphabetic())
        && parts.all(|part| is_short(part) && part.bytes().all(|it| it.is_ascii_alphanumeric()))
}

/// With a scheme, without blanks and what no URI has unescaped.
fn is_absolute(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|it: char| it.is_ascii_alphabetic())
        && scheme.bytes().all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it));
    is_scheme && !rest.is_empty() && is_uri(text)
}

fn is_uri(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(|it: char| {
            it.is_whitespace() || it.is_control() || "<>\"{}|\\^`".contains(it)
        })
}
