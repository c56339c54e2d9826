//! What a protocol says of its points and its passwords, for who registers a station.

use base::Quantity;
use schemars::JsonSchema;
use serde::Serialize;

use crate::station::{Class, Mapping};

/// Something that a sensor may be registered for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// As messages name it: `PJ`.
    pub code: &'static str,
    /// The Chinese word of the standard.
    pub word: &'static str,
    pub word_en: &'static str,
    pub quantity: Quantity,
    /// Whether stations usually send it, so that it is offered first.
    pub is_common: bool,
    /// The classes of stations that usually measure it.
    pub usual_for: &'static [Class],
}

/// What a point's name says of it, for who registers a sensor.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Suggestion {
    /// What it measures, if its name says so and we have a quantity for it.
    pub quantity: Option<Quantity>,
    /// From the usual unit of the wire to that of the quantity.
    pub mapping: Mapping,
}

/// What a password is in a protocol, for who types one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PasswordForm {
    /// What is expected, in Chinese: `4 位十六进制`.
    pub word: &'static str,
    /// The same in English.
    pub word_en: &'static str,
    /// Characters, at most.
    pub longest: usize,
}
