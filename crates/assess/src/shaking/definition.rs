//! By what an earthquake's shaking is estimated, and which degree raises what: data.

use std::sync::OnceLock;

use base::Level;
use science::earthquake::{Origin, Zone};
use serde::Deserialize;

/// The definitions that ship with the program.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Definition {
    pub version: String,
    /// The relation that counts.
    pub model: Model,
    pub name: String,
    zone: ZoneCode,
    pub zone_origin: Origin,
    /// A relation of intensity shown beside it: they differ.
    pub second: String,
    pub second_name: String,
    /// What a magnitude without a scale is taken for: Ms.
    pub unsaid_scale: Origin,
    /// Kinds of events, as agencies write them, that are earthquakes; any other is none.
    kinds: Vec<String>,
    /// From which degree on a county or a town is listed.
    pub told_from_degree: u8,
    /// For how long after it an earthquake raises something.
    pub recent_hours: i64,
    /// Which degree raises what, the gravest first.
    pub lines: Vec<Line>,
    pub rule: RuleName,
    pub lines_origin: Origin,
    /// What the estimate does not know, by codes of the screens.
    pub unknown: Vec<String>,
}

/// The relations there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Model {
    #[serde(rename = "yu_2013")]
    Yu2013,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ZoneCode {
    East,
    Stable,
}

/// From this degree on, this level.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub degree: u8,
    pub level: Level,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleName {
    pub version: u32,
    pub name: String,
}

impl Model {
    /// Its name in estimates.
    pub fn id(self) -> &'static str {
        match self {
            Model::Yu2013 => "yu_2013",
        }
    }
}

impl Definition {
    pub fn shipped() -> &'static Definition {
        static SHIPPED: OnceLock<Definition> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            serde_json::from_str(include_str!("definition.json")).expect("a test reads it")
        })
    }

    pub fn zone(&self) -> Zone {
        match self.zone {
            ZoneCode::East => Zone::East,
            ZoneCode::Stable => Zone::Stable,
        }
    }

    /// Whether an event of this kind is an earthquake; one that nobody says is taken for
    /// one.
    pub fn is_earthquake(&self, kind: Option<&str>) -> bool {
        kind.is_none_or(|kind| self.kinds.iter().any(|known| known.eq_ignore_ascii_case(kind)))
    }

    /// The line that a degree has reached; `None` below all of them.
    pub fn line(&self, degree: u8) -> Option<&Line> {
        self.lines.iter().find(|line| line.degree <= degree)
    }
}

/// `Ⅶ`: degrees are written so, 1 to 12.
pub(super) fn roman(degree: u8) -> &'static str {
    const DEGREES: [&str; 12] = ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "Ⅵ", "Ⅶ", "Ⅷ", "Ⅸ", "Ⅹ", "Ⅺ", "Ⅻ"];
    DEGREES[usize::from(degree.clamp(1, 12)) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fall_with_the_degree_and_each_level_stands_once() {
        let definition = Definition::shipped();
        assert!(definition.lines.is_sorted_by(|one, other| other.degree < one.degree));
        assert!(definition.lines.is_sorted_by(|one, other| other.level < one.level));
        let level = |degree| definition.line(degree).map(|line| line.level);
        assert_eq!(level(4), None);
        assert_eq!((level(5), level(12)), (Some(Level::Blue), Some(Level::Red)));
        assert_eq!((roman(1), roman(7), roman(12)), ("Ⅰ", "Ⅶ", "Ⅻ"));
    }

    #[test]
    fn a_blast_is_no_earthquake_and_an_unsaid_kind_is() {
        let definition = Definition::shipped();
        assert!(definition.is_earthquake(None) && definition.is_earthquake(Some("Earthquake")));
        assert!(!definition.is_earthquake(Some("quarry blast")));
        let relations = science::earthquake::Relations::shipped();
        assert!(relations.find(&definition.second).is_some(), "the second opinion ships");
    }
}
