//! The protocols that devices speak, and what each tells everybody here.
//!
//! One row in [`protocols!`] and one file beside this one for each. Intake, register,
//! waiting room, source and station ask [`Protocol`] and [`Message`] and name no
//! protocol themselves, so that what a row leaves out the compiler names.
//!
//! In: messages as the sessions of `wire` give them. Out: [`Said`], what a message says
//! of each station, with an [`Omission`] for every value that becomes no reading.

mod element;
mod persons;
mod said;
mod span;
mod way;

pub mod form;

mod coal42;
mod gateway;
mod json;
mod sl651;

mod routes;

use std::str::FromStr;

use base::{AdminCode, Id, Timestamp};
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::form::{Ask, Bad, Form};
use crate::station::Mapping;

pub use coal42::{Coal42, MineFile, Refusal};
pub use element::{Element, PasswordForm, Suggestion};
pub use gateway::Gateway;
pub use json::Json;
pub use persons::{AboutPersons, Masked, PersonColumn, PersonTable};
pub use said::{Definition, Gist, Observation, Omission, Said, Snapshot, Unread, Why};
pub use sl651::Sl651;
pub use span::Span;
pub use way::{Doors, Way, WayKind};

pub(crate) use routes::routes;

/// What a protocol tells: the row of one standard.
///
/// Nothing here knows the register: which station and which sensor is looked up by
/// `intake`, with the texts that are given here. The one form of a text is the one that
/// [`Dialect::code`] and [`Dialect::elements`] give; messages must name the same.
pub trait Dialect: 'static {
    /// One whole message, as the session gives it, all packets together.
    type Message: Send + 'static;

    /// Short, for screens: `SL 651`.
    const WORD: &'static str;
    /// With its edition: `SL 651-2014`.
    const STANDARD: &'static str;
    /// What a password is here, for who types one; `None` when messages carry none.
    const PASSWORD: Option<PasswordForm>;
    /// Whether nothing is taken of a station without a key; else a station without one
    /// is believed by its code.
    const NEEDS_KEY: bool = false;
    /// Whether devices name points as they like, beyond [`Dialect::elements`].
    const IS_OPEN: bool = false;
    /// Whether a sender needs leave to speak for another station (`station.relayed`).
    const NEEDS_LEAVE: bool = false;

    /// The one form of a station's code, of any form that people type.
    ///
    /// # Errors
    /// What was expected.
    fn code(typed: &str) -> Result<String, &'static str>;

    /// The one form of a password, which is kept and handed to [`Dialect::proves`].
    ///
    /// # Errors
    /// What was expected.
    fn password(typed: &str) -> Result<String, &'static str>;

    /// A key that nobody has guessed, in its one form; `None` when messages carry none.
    fn new_key(random: &[u8; 32]) -> Option<String>;

    /// The division that a station's code names, if it names one; whether this node
    /// knows it is not asked here.
    fn division(code: &str) -> Option<AdminCode>;

    /// The points that the standard names; of an open protocol those that are usual.
    fn elements() -> Vec<Element>;

    /// What a point's name suggests; `None` when it is no name of a point. Of an open
    /// protocol every well-formed name has one, with or without a quantity.
    fn suggestion(code: &str) -> Option<Suggestion> {
        let known = Self::elements().into_iter().find(|element| element.code == code);
        known.map(|element| Suggestion {
            quantity: Some(element.quantity),
            mapping: Mapping::default(),
        })
    }

    /// The Chinese word for an element's code, also of one without a quantity here.
    fn element_word(code: &str) -> Option<&'static str>;

    /// The code of the station that sent it, in its one form.
    fn sender(message: &Self::Message) -> String;

    /// Whether it is of whoever holds this key of its sender; a message that came
    /// closed is opened by it, for [`Dialect::read`].
    fn proves(message: &mut Self::Message, key: &str) -> bool;

    /// Whether it only says that its sender is there: answered and counted, not kept.
    fn is_heartbeat(message: &Self::Message) -> bool;

    /// When its sender says that it sent it, by its own clock; `None` where that is not
    /// said, and of what was kept back before it was sent.
    fn sent(_: &Self::Message) -> Option<Timestamp> {
        None
    }

    /// What it says. A confirmation or a picture says nothing here.
    ///
    /// - `received`: by the world's clock, for protocols whose times are not whole.
    ///
    /// # Errors
    /// [`Unread`] when the message is none inside though it is one outside; then
    /// nothing of it is stored and the device hears no acknowledgement.
    fn read(message: &Self::Message, received: Timestamp) -> Result<Vec<Said<'_>>, Unread>;

    /// What it tells of itself when it names persons: who, where, when. Its bytes are then
    /// kept sealed. Of what came closed it is asked again once it is open.
    fn persons(_: &Self::Message) -> Option<AboutPersons> {
        None
    }

    /// Its name, where its sender names it: with its contents what tells one file from
    /// another.
    fn file_name(_: &Self::Message) -> Option<String> {
        None
    }

    /// The words of a type of such messages, in Chinese and in English.
    fn person_kind(_kind: &str) -> Option<(&'static str, &'static str)> {
        None
    }

    /// What such a message says of persons, decoded.
    ///
    /// - `raw`: the bytes that the message was read from.
    fn person_table(_: &Self::Message, _raw: &[u8]) -> Option<PersonTable> {
        None
    }

    /// The message of bytes that were kept of one, to be read anew after a mapping was
    /// mended; closed as they came.
    ///
    /// - `sender`: the code of the station that it was taken of.
    fn again(sender: &str, raw: &[u8]) -> Option<Self::Message>;

    /// Whether this key opens what was kept; it was proved when it came, and what came
    /// open needs none.
    fn reopens(_: &mut Self::Message, _key: &str) -> bool {
        true
    }

    /// How somebody who has its code sends here: what whoever installs it is given.
    fn ways(code: &str, doors: &Doors, now: Timestamp) -> Vec<Way>;

    /// Names every byte of what was kept, in order and without gaps, whatever it is:
    /// one message, all its packets, or bytes that are none. What proves who the sender
    /// is must be called [`Span::PASSWORD`], or everybody sees it; in broken bytes too,
    /// for a single wrong bit leaves the rest as it was.
    fn layout(raw: &[u8]) -> Vec<Span>;

    /// Bytes that stand for those of which passwords were hidden, so that
    /// [`Dialect::layout`] reads them all the same; empty when they cannot be had.
    ///
    /// - `digits`: two a byte, `*` where something was hidden.
    fn unhidden(digits: &str) -> Vec<u8> {
        hex::decode(digits.replace('*', "0")).unwrap_or_default()
    }

    /// Who bytes that are no message are most likely from: a code in its one form.
    fn suspect(raw: &[u8]) -> Option<String>;

    /// What its stations can be asked for; nothing, of most.
    fn forms() -> Vec<Form> {
        Vec::new()
    }

    /// Whether what was filled into a form makes a command.
    ///
    /// # Errors
    /// [`Bad`] names the field.
    fn check(ask: &Ask) -> Result<(), Bad> {
        Err(Bad::new("command", ask.command.as_str(), "nothing: these stations take no commands"))
    }

    /// Which command a message answers by naming it, and how.
    fn answered(_: &Self::Message) -> Option<(Id, Value)> {
        None
    }
}

/// A dialect that stands in the table.
pub trait Listed: Dialect {
    const PROTOCOL: Protocol;

    fn wrap(message: Self::Message) -> Message;
}

/// The one table of protocols, with their codes: folders of `wire`, names of doors and
/// sections of the configuration, and what stands in facts. A row is never taken out.
macro_rules! protocols {
    ($(#[doc = $doc:literal] $Name:ident = $code:literal;)+) => {
        /// How a station speaks.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
        )]
        pub enum Protocol { $(#[doc = $doc] #[serde(rename = $code)] $Name,)+ }

        /// One message of one of them.
        pub enum Message { $($Name(<$Name as Dialect>::Message),)+ }

        impl Protocol {
            pub const ALL: &[Protocol] = &[$(Protocol::$Name,)+];

            /// The stable code, as in JSON, in the database and at the command line.
            pub fn code(self) -> &'static str {
                match self { $(Protocol::$Name => $code,)+ }
            }

            fn row(self) -> &'static Row {
                match self { $(Protocol::$Name => const { &Row::of::<$Name>() },)+ }
            }
        }

        impl Message {
            pub fn protocol(&self) -> Protocol {
                match self { $(Message::$Name(_) => Protocol::$Name,)+ }
            }

            pub(crate) fn proves(&mut self, key: &str) -> bool {
                match self { $(Message::$Name(message) => $Name::proves(message, key),)+ }
            }

            pub(crate) fn reopens(&mut self, key: &str) -> bool {
                match self { $(Message::$Name(message) => $Name::reopens(message, key),)+ }
            }

            pub(crate) fn persons(&self) -> Option<AboutPersons> {
                match self { $(Message::$Name(message) => $Name::persons(message),)+ }
            }

            pub(crate) fn file_name(&self) -> Option<String> {
                match self { $(Message::$Name(message) => $Name::file_name(message),)+ }
            }

            pub(crate) fn person_table(&self, raw: &[u8]) -> Option<PersonTable> {
                match self { $(Message::$Name(message) => $Name::person_table(message, raw),)+ }
            }

            pub(crate) fn answered(&self) -> Option<(Id, Value)> {
                match self { $(Message::$Name(message) => $Name::answered(message),)+ }
            }

            pub(crate) fn is_heartbeat(&self) -> bool {
                match self { $(Message::$Name(message) => $Name::is_heartbeat(message),)+ }
            }

            pub(crate) fn sent(&self) -> Option<Timestamp> {
                match self { $(Message::$Name(message) => $Name::sent(message),)+ }
            }

            pub(crate) fn read(&self, received: Timestamp) -> Result<Vec<Said<'_>>, Unread> {
                match self { $(Message::$Name(message) => $Name::read(message, received),)+ }
            }
        }

        $(impl Listed for $Name {
            const PROTOCOL: Protocol = Protocol::$Name;

            fn wrap(message: Self::Message) -> Message {
                Message::$Name(message)
            }
        })+
    };
}

protocols! {
    /// Hydrological stations: SL 651-2014.
    Sl651 = "sl651";
    /// Coal mines: files of 煤安监办〔2019〕42号, annex 2.
    Coal42 = "coal42";
    /// Readings as JSON, NDJSON or CSV, over MQTT and HTTP.
    Json = "json";
    /// Front-end gateways of enterprises: JSON, encrypted, `@@`.
    Gateway = "gateway";
}

/// What a dialect tells without a message at hand.
struct Row {
    word: &'static str,
    standard: &'static str,
    password_form: Option<PasswordForm>,
    needs_key: bool,
    needs_leave: bool,
    is_open: bool,
    code: fn(&str) -> Result<String, &'static str>,
    password: fn(&str) -> Result<String, &'static str>,
    division: fn(&str) -> Option<AdminCode>,
    new_key: fn(&[u8; 32]) -> Option<String>,
    elements: fn() -> Vec<Element>,
    suggestion: fn(&str) -> Option<Suggestion>,
    again: fn(&str, &[u8]) -> Option<Message>,
    element_word: fn(&str) -> Option<&'static str>,
    person_kind: fn(&str) -> Option<(&'static str, &'static str)>,
    ways: fn(&str, &Doors, Timestamp) -> Vec<Way>,
    layout: fn(&[u8]) -> Vec<Span>,
    unhidden: fn(&str) -> Vec<u8>,
    forms: fn() -> Vec<Form>,
    check: fn(&Ask) -> Result<(), Bad>,
}

impl Row {
    const fn of<D: Listed>() -> Row {
        Row {
            word: D::WORD,
            standard: D::STANDARD,
            password_form: D::PASSWORD,
            needs_key: D::NEEDS_KEY,
            needs_leave: D::NEEDS_LEAVE,
            is_open: D::IS_OPEN,
            code: D::code,
            password: D::password,
            division: D::division,
            new_key: D::new_key,
            elements: D::elements,
            suggestion: D::suggestion,
            again: |sender, raw| D::again(sender, raw).map(D::wrap),
            element_word: D::element_word,
            person_kind: D::person_kind,
            ways: D::ways,
            layout: D::layout,
            unhidden: D::unhidden,
            forms: D::forms,
            check: D::check,
        }
    }
}

impl Protocol {
    /// Short, for screens.
    pub fn word(self) -> &'static str {
        self.row().word
    }

    /// The standard with its edition.
    pub fn standard(self) -> &'static str {
        self.row().standard
    }

    pub(crate) fn password_form(self) -> Option<PasswordForm> {
        self.row().password_form
    }

    /// The one form of a station's code.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the field `code`.
    pub(crate) fn station_code(self, typed: &str) -> Result<String> {
        (self.row().code)(typed).map_err(|expected| Error::invalid("code", typed, expected))
    }

    /// The one form of a password.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the field `password`.
    pub(crate) fn password(self, typed: &str) -> Result<String> {
        // What was typed is a secret, whatever is wrong with it.
        let refused = |expected| Error::invalid("password", "something else", expected);
        (self.row().password)(typed).map_err(refused)
    }

    /// Whether nothing is taken of a station without a key.
    pub(crate) fn needs_leave(self) -> bool {
        self.row().needs_leave
    }

    pub(crate) fn needs_key(self) -> bool {
        self.row().needs_key
    }

    /// Whether devices name points as they like.
    pub(crate) fn is_open(self) -> bool {
        self.row().is_open
    }

    pub(crate) fn new_key(self, random: &[u8; 32]) -> Option<String> {
        (self.row().new_key)(random)
    }

    /// What a point's name suggests.
    pub(crate) fn suggestion(self, element: &str) -> Option<Suggestion> {
        (self.row().suggestion)(element)
    }

    /// The message of bytes that were kept of one.
    pub(crate) fn again(self, sender: &str, raw: &[u8]) -> Option<Message> {
        (self.row().again)(sender, raw)
    }

    pub(crate) fn division(self, code: &str) -> Option<AdminCode> {
        (self.row().division)(code)
    }

    pub(crate) fn elements(self) -> Vec<Element> {
        (self.row().elements)()
    }

    /// The Chinese word of an element; its code when the standard has none.
    pub(crate) fn element_word(self, code: &str) -> String {
        (self.row().element_word)(code).unwrap_or(code).to_owned()
    }

    /// The words of a type of messages that name persons; its code when nobody knows it.
    pub(crate) fn person_kind(self, kind: &str) -> (String, String) {
        let words = (self.row().person_kind)(kind);
        words.map_or((kind.to_owned(), kind.to_owned()), |(word, word_en)| {
            (word.to_owned(), word_en.to_owned())
        })
    }

    pub(crate) fn ways(self, code: &str, doors: &Doors, now: Timestamp) -> Vec<Way> {
        (self.row().ways)(code, doors, now)
    }

    pub(crate) fn layout(self, raw: &[u8]) -> Vec<Span> {
        (self.row().layout)(raw)
    }

    /// What bytes say of which passwords were hidden: `*` stands in their digits, two a
    /// byte.
    pub(crate) fn layout_hidden(self, digits: &str) -> Vec<Span> {
        let mut spans = self.layout(&(self.row().unhidden)(digits));
        let is_hidden = |span: &&mut Span| span.name == Span::PASSWORD || span.name == Span::CHECK;
        spans.iter_mut().filter(is_hidden).for_each(Span::hide);
        spans
    }

    /// What its stations can be asked for.
    pub(crate) fn forms(self) -> Vec<Form> {
        (self.row().forms)()
    }

    /// Whether what was filled into a form makes a command.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the field.
    pub(crate) fn check(self, ask: &Ask) -> Result<()> {
        (self.row().check)(ask).map_err(Error::from)
    }
}

/// What requests mean that were written when there was one.
impl Default for Protocol {
    fn default() -> Protocol {
        Protocol::Sl651
    }
}

impl FromStr for Protocol {
    type Err = Error;

    fn from_str(text: &str) -> Result<Protocol> {
        let found = Protocol::ALL.iter().find(|protocol| protocol.code() == text);
        found.copied().ok_or_else(|| Error::invalid("protocol", text, "a protocol of this node"))
    }
}

#[cfg(test)]
mod tests;
