//! JSON of strangers: bounded before anything is built of it, and no name twice.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// How much one document may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Objects and lists inside each other.
    pub depth: usize,
    /// Values, names included, of any kind.
    pub nodes: usize,
}

impl Limits {
    /// Deeper than the deepest message (payload, `report`, `datas`, row) by far, and
    /// as many values as ten thousand rows have.
    pub const DEFAULT: Limits = Limits { depth: 16, nodes: 200_000 };
}

/// Why a document is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    #[error("JSON is deeper than {0} levels")]
    Deep(usize),
    #[error("JSON has more than {0} values")]
    Long(usize),
    #[error("{0}")]
    Syntax(String),
}

impl Limits {
    /// Counts levels and values without building any; what is no JSON passes here.
    pub(super) fn check(self, text: &str) -> Result<(), JsonError> {
        let (mut depth, mut nodes) = (0_usize, 1_usize);
        let (mut is_text, mut is_escaped) = (false, false);
        for byte in text.bytes() {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' if is_text => is_escaped = true,
                b'"' => is_text = !is_text,
                _ if is_text => {}
                b'{' | b'[' => {
                    depth += 1;
                    nodes += 1;
                }
                b'}' | b']' => depth = depth.saturating_sub(1),
                b',' | b':' => nodes += 1,
                _ => {}
            }
            if self.depth < depth {
                return Err(JsonError::Deep(self.depth));
            }
            if self.nodes < nodes {
                return Err(JsonError::Long(self.nodes));
            }
        }
        Ok(())
    }
}

/// The members of one object in their order, values as they are written.
#[derive(Debug)]
pub(super) struct Members<'a>(pub Vec<(Cow<'a, str>, &'a RawValue)>);

/// What one value is, as far as it matters here.
#[derive(Debug)]
pub(super) enum Plain<'a> {
    Null,
    Bool(bool),
    /// As written.
    Number(&'a str),
    Text(Cow<'a, str>),
    Object,
    List,
}

impl<'a> Members<'a> {
    /// # Errors
    /// [`JsonError::Syntax`] when it is no object or a name stands twice.
    pub fn of(text: &'a str) -> Result<Members<'a>, JsonError> {
        serde_json::from_str(text).map_err(|error| JsonError::Syntax(error.to_string()))
    }

    pub fn find(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    /// Takes the first of `names` that is there, and says which.
    pub fn take(&mut self, names: &[&'static str]) -> Option<(&'static str, &'a RawValue)> {
        let index = self.0.iter().position(|(known, _)| names.contains(&&**known))?;
        let (known, value) = self.0.remove(index);
        names.iter().find(|name| **name == known).map(|name| (*name, value))
    }
}

/// The items of a list, as they are written.
pub(super) fn items(value: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(value.get()).ok()
}

/// Reads a value that is known to be JSON.
pub(super) fn plain(value: &RawValue) -> Plain<'_> {
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'n') => Plain::Null,
        Some(b't') => Plain::Bool(true),
        Some(b'f') => Plain::Bool(false),
        Some(b'{') => Plain::Object,
        Some(b'[') => Plain::List,
        Some(b'"') => match serde_json::from_str::<Text<'_>>(text) {
            Ok(Text(text)) => Plain::Text(text),
            // A lone surrogate, which no text has.
            Err(_) => Plain::Text(Cow::Borrowed(text)),
        },
        _ => Plain::Number(text),
    }
}

/// A text that is borrowed where it has no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text<'a>, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Read)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'a>, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members: Vec<(Cow<'de, str>, &'de RawValue)> = Vec::new();
                while let Some((Text(name), value)) = map.next_entry::<Text<'de>, _>()? {
                    // Objects of devices have a dozen names; a stranger's are few enough.
                    if members.len() == MOST_MEMBERS {
                        return Err(serde::de::Error::custom(TOO_MANY));
                    }
                    if members.iter().any(|(known, _)| *known == name) {
                        let name: String = name.chars().take(64).collect();
                        return Err(serde::de::Error::custom(format_args!(
                            "{name:?} stands twice in one object"
                        )));
                    }
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Read)
    }
}

/// Members of one object; comparing each with each stays cheap.
const MOST_MEMBERS: usize = 256;
const TOO_MANY: &str = "an object has more than 256 members";
