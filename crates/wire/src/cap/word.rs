//! The words of CAP, as enums that keep what they do not know.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A closed list of words.
pub trait Word: Sized + 'static {
    /// All that CAP 1.2 has, in its order.
    const KNOWN: &'static [Self];

    /// As it stands in a message.
    fn as_str(&self) -> &str;

    /// A word that is in no list is kept; capitals count.
    fn parse(text: &str) -> Self;

    fn is_known(&self) -> bool;
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($variant,)+
            /// A word that CAP 1.2 has not, as it was written.
            Other(String),
        }

        impl Word for $name {
            const KNOWN: &'static [$name] = &[$($name::$variant),+];

            fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $word,)+
                    $name::Other(word) => word,
                }
            }

            fn parse(text: &str) -> $name {
                match text {
                    $($word => $name::$variant,)+
                    other => $name::Other(other.to_owned()),
                }
            }

            fn is_known(&self) -> bool {
                !matches!(self, $name::Other(_))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                Ok($name::parse(&String::deserialize(deserializer)?))
            }
        }
    )+};
}

words! {
    /// How a message is to be handled (§3.2.1 `status`).
    Status {
        Actual = "Actual", Exercise = "Exercise", System = "System", Test = "Test",
        Draft = "Draft",
    }

    /// What a message does (§3.2.1 `msgType`).
    MsgType {
        Alert = "Alert", Update = "Update", Cancel = "Cancel", Ack = "Ack", Error = "Error",
    }

    /// Whom a message is for (§3.2.1 `scope`).
    Scope { Public = "Public", Restricted = "Restricted", Private = "Private" }

    /// What an event is about (§3.2.2 `category`).
    Category {
        Geo = "Geo", Met = "Met", Safety = "Safety", Security = "Security", Rescue = "Rescue",
        Fire = "Fire", Health = "Health", Env = "Env", Transport = "Transport",
        Infra = "Infra", Cbrne = "CBRNE", Unlisted = "Other",
    }

    /// What those concerned should do (§3.2.2 `responseType`).
    ResponseType {
        Shelter = "Shelter", Evacuate = "Evacuate", Prepare = "Prepare", Execute = "Execute",
        Avoid = "Avoid", Monitor = "Monitor", Assess = "Assess", AllClear = "AllClear",
        None = "None",
    }

    /// How soon something should be done (§3.2.2 `urgency`).
    Urgency {
        Immediate = "Immediate", Expected = "Expected", Future = "Future", Past = "Past",
        Unknown = "Unknown",
    }

    /// How bad it is (§3.2.2 `severity`).
    Severity {
        Extreme = "Extreme", Severe = "Severe", Moderate = "Moderate", Minor = "Minor",
        Unknown = "Unknown",
    }

    /// How sure it is (§3.2.2 `certainty`).
    Certainty {
        Observed = "Observed", Likely = "Likely", Possible = "Possible",
        Unlikely = "Unlikely", Unknown = "Unknown",
    }
}

impl Certainty {
    /// What CAP 1.0 has between `Likely` and what is observed; 1.1 and 1.2 read it as
    /// `Likely` (§3.2.2).
    pub const VERY_LIKELY: &'static str = "Very Likely";
}
