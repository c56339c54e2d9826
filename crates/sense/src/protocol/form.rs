//! What can be asked of a station: forms that a protocol describes, and what somebody
//! filled into one.
//!
//! A form is data: the screen makes its fields of it, and the dialect reads the values
//! that come back. What is wrong with one is said by the field's name.

use base::{Id, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use wire::Decimal;

pub use crate::words::Words;

/// What somebody asks of a station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "StationAsk")]
pub struct Ask {
    /// The code of the protocol's form: `37`.
    pub command: String,
    /// What was filled in, by the names of its fields.
    #[serde(default)]
    pub values: Map<String, Json>,
}

impl Ask {
    pub fn new(command: &str, values: Json) -> Ask {
        let values = if let Json::Object(values) = values { values } else { Map::new() };
        Ask { command: command.to_owned(), values }
    }
}

/// The passwords of a station for a change of it; in no fact and no errand.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// That it uses now.
    pub now: String,
    pub next: String,
}

/// A password is not for logs.
impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

/// Whom a command is for.
#[derive(Debug, Clone, Copy)]
pub struct To<'a> {
    /// The station's code.
    pub station: &'a str,
    /// The command's id, which an answer may name.
    pub command: Id,
    /// From here on it must not go out, by the connection's clock.
    pub until: Timestamp,
    pub keys: Option<&'a Keys>,
}

/// What a command does to a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "CommandKind")]
pub enum Kind {
    /// It only asks: to ask twice changes nothing.
    Query,
    /// It changes what the device is or does from now on.
    Setting,
    /// It moves something where people may stand: it is not carried out later.
    Control,
}

impl Kind {
    /// As in JSON and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Query => "query",
            Kind::Setting => "setting",
            Kind::Control => "control",
        }
    }

    /// How long a command may wait for its station at most, in minutes.
    pub fn longest_wait_min(self) -> i64 {
        match self {
            Kind::Query | Kind::Setting => 24 * 60,
            Kind::Control => 0,
        }
    }
}

/// One command of a protocol.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "CommandForm")]
pub struct Form {
    pub code: String,
    pub word: Words,
    pub kind: Kind,
    /// What may go wrong, where somebody should think twice.
    pub danger: Option<Words>,
    pub fields: Vec<Field>,
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "CommandField")]
pub struct Field {
    pub name: String,
    pub word: Words,
    #[serde(flatten)]
    pub of: Of,
}

/// What a field holds, and as which JSON.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schemars(rename = "CommandFieldType")]
pub enum Of {
    /// Digits with at most so many decimals, as a text: what goes out is exact.
    Number { min: String, max: String, decimals: u8, unit: &'static str },
    /// A text in this form.
    Text { form: Words, longest: usize },
    /// One of these, by its value.
    Choice { options: Vec<Choice> },
    /// Some of these, by their values, as an array.
    Many { options: Vec<Choice>, most: usize },
    /// A moment, as RFC 3339; of the hour only.
    Hour,
    /// On or off, one for each pump or valve in order, as an array of booleans.
    Switches { most: usize },
    /// Values of some of these fields, as an object.
    Parameters { of: Vec<Field> },
    /// A key of the station, by its id; the key itself is in no command.
    Key,
    /// Any JSON object.
    Object { longest: usize },
}

/// One of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "CommandChoice")]
pub struct Choice {
    pub value: String,
    pub word: Words,
}

impl Choice {
    pub fn new(value: impl Into<String>, word: Words) -> Choice {
        Choice { value: value.into(), word }
    }
}

impl Form {
    pub fn new(code: impl Into<String>, kind: Kind, word: Words) -> Form {
        Form { code: code.into(), word, kind, danger: None, fields: Vec::new() }
    }

    pub fn danger(mut self, zh: &str, en: &str) -> Form {
        self.danger = Some(Words::new(zh, en));
        self
    }

    pub fn field(mut self, name: &str, word: Words, of: Of) -> Form {
        self.fields.push(Field { name: name.to_owned(), word, of });
        self
    }
}

/// Why a command cannot be made of what was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    /// `command`, or the name of a field.
    pub field: String,
    pub got: String,
    pub expected: String,
}

impl Bad {
    pub fn new(
        field: impl Into<String>,
        got: impl Into<String>,
        expected: impl Into<String>,
    ) -> Bad {
        Bad { field: field.into(), got: got.into(), expected: expected.into() }
    }
}

impl std::fmt::Display for Bad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is {:?}, expected {}", self.field, self.got, self.expected)
    }
}

impl From<Bad> for host::Error {
    fn from(bad: Bad) -> host::Error {
        host::Error::invalid(bad.field, bad.got, bad.expected)
    }
}

/// One value that was filled in, under its name.
#[derive(Debug, Clone, Copy)]
pub struct Filled<'a> {
    pub name: &'a str,
    pub value: &'a Json,
}

impl Ask {
    /// What was filled into a field.
    ///
    /// # Errors
    /// [`Bad`] when nothing was.
    pub fn at<'a>(&'a self, name: &'a str) -> Result<Filled<'a>, Bad> {
        match self.values.get(name) {
            Some(value) if !value.is_null() => Ok(Filled { name, value }),
            _ => Err(Bad::new(name, "nothing", "a value")),
        }
    }

    /// Nothing may be filled in beyond these fields: a name with a slip of the pen in it
    /// would be a setting that is left out.
    ///
    /// # Errors
    /// [`Bad`] names the one that is none.
    pub fn only(&self, names: &[&str]) -> Result<(), Bad> {
        match self.values.keys().find(|name| !names.contains(&name.as_str())) {
            None => Ok(()),
            Some(odd) => Err(Bad::new("values", odd.as_str(), format!("of {names:?} only"))),
        }
    }
}

impl<'a> Filled<'a> {
    pub fn bad(self, expected: impl Into<String>) -> Bad {
        let got: String = self.value.to_string().chars().take(100).collect();
        Bad::new(self.name, got, expected)
    }

    /// # Errors
    /// [`Bad`] when it is no text.
    pub fn text(self) -> Result<&'a str, Bad> {
        self.value.as_str().map(str::trim).ok_or_else(|| self.bad("a text"))
    }

    /// An exact number of so many decimals.
    ///
    /// # Errors
    /// [`Bad`] when it is none, or has more of them.
    pub fn number(self, decimals: u8) -> Result<Decimal, Bad> {
        let text = match self.value {
            Json::String(text) => text.trim().to_owned(),
            Json::Number(number) => number.to_string(),
            _ => return Err(self.bad("a number")),
        };
        let number: Option<Decimal> = text.parse().ok();
        let number = number.and_then(|number| number.rescale(decimals));
        number.ok_or_else(|| self.bad(format!("a number with at most {decimals} decimals")))
    }

    /// A whole number within these.
    ///
    /// # Errors
    /// [`Bad`] when it is none.
    pub fn whole(self, low: i64, high: i64) -> Result<i64, Bad> {
        let number = self.number(0)?.mantissa;
        match (low..=high).contains(&number) {
            true => Ok(number),
            false => Err(self.bad(format!("a whole number of {low} to {high}"))),
        }
    }

    /// # Errors
    /// [`Bad`] when it is no moment.
    pub fn moment(self) -> Result<Timestamp, Bad> {
        let moment = self.text()?.parse().ok();
        moment.ok_or_else(|| self.bad("a moment like 2026-08-03T00:00:00Z"))
    }

    /// At least one text of a list.
    ///
    /// # Errors
    /// [`Bad`] when it is no list of texts, is empty or has more than `most`.
    pub fn texts(self, most: usize) -> Result<Vec<&'a str>, Bad> {
        let expected = || self.bad(format!("a list of 1 to {most} texts"));
        let list = self.value.as_array().ok_or_else(expected)?;
        if list.is_empty() || most < list.len() {
            return Err(expected());
        }
        list.iter().map(|item| item.as_str().ok_or_else(expected)).collect()
    }

    /// At least one switch.
    ///
    /// # Errors
    /// [`Bad`] when it is no list of booleans, is empty or has more than `most`.
    pub fn switches(self, most: usize) -> Result<Vec<bool>, Bad> {
        let expected = || self.bad(format!("a list of 1 to {most} booleans"));
        let list = self.value.as_array().ok_or_else(expected)?;
        if list.is_empty() || most < list.len() {
            return Err(expected());
        }
        list.iter().map(|item| item.as_bool().ok_or_else(expected)).collect()
    }

    /// # Errors
    /// [`Bad`] when it is no object, is empty or has more than `most` fields.
    pub fn object(self, most: usize) -> Result<&'a Map<String, Json>, Bad> {
        let object = self.value.as_object().filter(|it| (1..=most).contains(&it.len()));
        object.ok_or_else(|| self.bad(format!("an object of 1 to {most} fields")))
    }
}
