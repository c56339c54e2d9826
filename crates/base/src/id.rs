//! Identifiers: 128 bits, made by the owner, sortable by the time they were made.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A time-ordered 128-bit identifier (RFC 9562, version 7).
///
/// Text form is the hyphenated lower-case UUID; text order is time order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(#[serde(with = "text")] uuid::Uuid);

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("identifier is {0:?}, expected a hyphenated UUID")]
pub struct IdError(String);

impl Id {
    /// Makes an id from the moment of making and 80 random bits.
    ///
    /// Both are parameters, so that a decision that makes ids stays repeatable.
    pub fn new(now: Timestamp, random: [u8; 10]) -> Id {
        let millis = u64::try_from(now.as_millis()).unwrap_or(0);
        Id(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// The same id for the same bytes, for records that were born elsewhere
    /// (seeded registers, foreign keys). Not time-ordered.
    pub fn from_bytes(bytes: [u8; 16]) -> Id {
        Id(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// The 128 bits as a number; order is kept.
    pub fn as_u128(self) -> u128 {
        self.0.as_u128()
    }

    /// The inverse of [`Id::as_u128`].
    pub const fn from_u128(bits: u128) -> Id {
        Id(uuid::Uuid::from_u128(bits))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.as_hyphenated(), f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Id {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Id, IdError> {
        // Only the canonical form: two spellings of one id would be two keys in a table.
        if text.len() == 36
            && text.bytes().all(|b| !b.is_ascii_uppercase())
            && let Ok(uuid) = uuid::Uuid::try_parse(text)
        {
            return Ok(Id(uuid));
        }
        Err(IdError(text.chars().take(64).collect()))
    }
}

impl JsonSchema for Id {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "format": "uuid" })
    }
}

mod text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(id: &uuid::Uuid, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&id.as_hyphenated())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(de: D) -> Result<uuid::Uuid, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(de)?;
        text.parse::<super::Id>().map(|id| id.0).map_err(D::Error::custom)
    }
}

/// Declares a typed id: `typed_id!(WarningId, "A warning.")`.
///
/// It derives what ids need and converts from and to [`Id`] by `From`.
#[macro_export]
macro_rules! typed_id {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(
            Clone,
            Copy,
            PartialEq,
            Eq,
            PartialOrd,
            Ord,
            Hash,
            serde::Serialize,
            serde::Deserialize,
            schemars::JsonSchema,
        )]
        #[serde(transparent)]
        #[schemars(inline)]
        pub struct $name(pub $crate::Id);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::id::IdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }

        impl From<$crate::Id> for $name {
            fn from(id: $crate::Id) -> Self {
                $name(id)
            }
        }

        impl From<$name> for $crate::Id {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let earlier = Id::new(Timestamp::from_millis(1_000), [0xff; 10]);
        let later = Id::new(Timestamp::from_millis(1_001), [0x00; 10]);
        assert!(earlier < later);
        assert!(earlier.to_string() < later.to_string());
    }

    #[test]
    fn text_round_trips_and_only_one_spelling_is_an_id() {
        let id = Id::new(Timestamp::from_millis(1_754_161_200_000), [7; 10]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().to_uppercase().parse::<Id>().is_err());
        assert!("".parse::<Id>().is_err());
        assert!("0198-not-an-id".parse::<Id>().is_err());
    }
}
