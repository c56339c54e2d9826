//! Lines to begin with, with the source of every number; data, not code.
//!
//! Nothing of it is in force by itself: it is what an author begins from. Where the line
//! is the station's, the tank's or the dam's own, the table says which value it is and
//! what share of it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use base::{Confidence, Hazard, Level, Quantity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Accepts, Comparison, Line, Measure};
use super::shelving::Bound;

/// What is said in both languages.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DefaultWords")]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub zh: String,
    pub en: String,
}

/// All of `defaults.json`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RuleTables")]
#[serde(deny_unknown_fields)]
pub(super) struct Tables {
    /// Of this table; a day.
    pub version: String,
    /// What the sources' names stand for: document, edition, place, and how it was read.
    pub sources: BTreeMap<String, Words>,
    /// What lines are shares of, each of the place that a rule is for.
    pub bases: BTreeMap<String, Words>,
    pub tables: Vec<Table>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RuleTable")]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub code: String,
    pub name: Words,
    pub entries: Vec<Entry>,
}

/// A rule to begin with.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DefaultRule")]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub code: String,
    pub name: Words,
    pub quantity: Quantity,
    pub hazard: Hazard,
    pub level: Level,
    #[serde(default)]
    pub measure: Measure,
    #[serde(default)]
    pub accepts: Accepts,
    pub comparison: Comparison,
    pub threshold: Threshold,
    #[serde(default)]
    pub hysteresis: f64,
    #[serde(default = "once")]
    pub times: u32,
    #[serde(default)]
    pub delay_s: u32,
    pub line: Line,
    pub line_word: String,
    /// One of the table's sources.
    pub source: String,
    pub clause: String,
    pub confidence: Confidence,
}

fn once() -> u32 {
    1
}

/// Where the line is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DefaultThreshold")]
#[serde(untagged)]
pub(super) enum Threshold {
    /// Everywhere the same, in the unit of what is measured.
    Fixed { fixed: f64 },
    /// A share of what the place itself has; `of` names one of the bases.
    Of { of: String, factor: f64 },
}

impl Tables {
    pub fn all() -> &'static Tables {
        static ALL: OnceLock<Tables> = OnceLock::new();
        ALL.get_or_init(|| {
            let text = include_str!("defaults.json");
            serde_json::from_str(text).expect("the table in the program reads, as a test shows")
        })
    }
}

/// What rules can begin with, and for how long one may be shelved.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RuleDefaults")]
pub(super) struct Defaults {
    #[serde(flatten)]
    tables: &'static Tables,
    shelving: &'static Bound,
}

impl Defaults {
    pub fn all() -> Defaults {
        Defaults { tables: Tables::all(), shelving: Bound::now() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use base::{Duration, Timestamp};

    use super::*;
    use crate::engine::model::{Outcome, Seen, State, step};
    use crate::rule::NewRule;

    /// Where the line is at a place whose own value is 10.
    fn line(threshold: &Threshold) -> f64 {
        match threshold {
            Threshold::Fixed { fixed } => *fixed,
            Threshold::Of { factor, .. } => (10.0 * factor * 1e6).round() / 1e6,
        }
    }

    fn rule(of: &Entry) -> NewRule {
        NewRule {
            id: None,
            name: of.name.zh.clone(),
            sensor: base::Id::from_u128(1).into(),
            hazard: of.hazard,
            level: of.level,
            measure: of.measure,
            accepts: of.accepts,
            comparison: of.comparison,
            threshold: line(&of.threshold),
            hysteresis: of.hysteresis,
            times: of.times,
            delay_s: of.delay_s,
            line: of.line,
            line_word: of.line_word.clone(),
            source: of.clause.clone(),
            confidence: of.confidence,
        }
    }

    /// Readings that come to these values one after another, a minute apart: of a sum or a
    /// change what is added to nothing, and a window between one value and the next.
    fn tells(of: &Entry, values: &[f64]) -> String {
        let (limits, mut state) = (rule(of).limits(), State::default());
        let mut told = String::new();
        for (at, value) in values.iter().enumerate() {
            let apart = if of.measure.is_value() { 1 } else { 3 * 1_440 };
            let time = Timestamp::from_millis(0) + Duration::from_mins(at as i64 * apart);
            let seen = |minute: i64, value| {
                let time = time + Duration::from_mins(minute);
                Seen { time, value, received: time }
            };
            let mut outcomes = Vec::new();
            if !of.measure.is_value() {
                outcomes.extend(step(&limits, &mut state, seen(-1, 0.0)));
            }
            outcomes.extend(step(&limits, &mut state, seen(0, *value)));
            told += match &outcomes[..] {
                [] => ".",
                [Outcome::Raised { .. }] => "!",
                [Outcome::Cleared { .. }] => "-",
                [Outcome::Cleared { .. }, Outcome::Raised { .. }] => "-!",
                _ => "?",
            };
        }
        told
    }

    /// At the line it holds, just before it does not; it ends beyond the hysteresis.
    #[test]
    fn every_line_of_every_table_holds_where_it_lies() {
        for of in Tables::all().tables.iter().flat_map(|table| &table.entries) {
            let line = line(&of.threshold);
            let little = 0.001;
            let (before, beyond) = match of.comparison {
                Comparison::AtOrAbove => (line - little, line + little),
                Comparison::AtOrBelow => (line + little, line - little),
            };
            let [before, beyond] = [before, beyond].map(|it| (it * 1e6).round() / 1e6);
            assert_eq!(tells(of, &[before]), ".", "{} just before", of.code);
            assert_eq!(tells(of, &[line]), "!", "{} at the line", of.code);
            assert_eq!(tells(of, &[beyond]), "!", "{} beyond", of.code);
            if !of.measure.is_value() {
                continue;
            }
            let back = if of.comparison == Comparison::AtOrAbove { -1.0 } else { 1.0 };
            let edge = ((line + back * of.hysteresis) * 1e6).round() / 1e6;
            let safe = ((edge + back * little) * 1e6).round() / 1e6;
            assert_eq!(tells(of, &[line, edge, safe]), "!.-", "{} on its way back", of.code);
        }
    }

    /// The list of the standards' notes: 0.99 nothing, 1.00 alarm, 1.49 alarm, 1.50 cut,
    /// 1.00 still cut, 0.99 restored.
    #[test]
    fn methane_at_a_face_alarms_cuts_and_is_restored() {
        let of = |code: &str| {
            let entries = Tables::all().tables.iter().flat_map(|table| &table.entries);
            entries.into_iter().find(|it| it.code == code).expect("there")
        };
        let course = [0.99, 1.00, 1.49, 1.50, 1.00, 0.99];
        assert_eq!(tells(of("coal_face_t1_alarm"), &course), ".!...-");
        assert_eq!(tells(of("coal_face_t1_cut"), &course), "...!.-");
        assert_eq!(tells(of("coal_return_t2_cut"), &course), ".!...-");
    }

    #[test]
    fn every_entry_has_a_source_and_would_be_taken_as_a_rule() {
        let all = Tables::all();
        let is_han = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
        let in_both = |said: &Words| {
            assert!(said.zh.chars().any(is_han), "{}", said.zh);
            assert!(!said.en.is_empty() && !said.en.chars().any(is_han), "{}", said.en);
        };
        all.sources.values().chain(all.bases.values()).for_each(in_both);
        let mut codes = HashSet::new();
        for table in &all.tables {
            in_both(&table.name);
            for of in &table.entries {
                in_both(&of.name);
                assert!(codes.insert(&of.code), "{} stands twice", of.code);
                assert!(all.sources.contains_key(&of.source), "{}", of.code);
                assert!(!of.clause.is_empty() && of.name.zh.chars().count() <= 60, "{}", of.code);
                if let Threshold::Of { of: base, factor } = &of.threshold {
                    assert!(all.bases.contains_key(base) && 0.0 < *factor, "{}", of.code);
                }
                let site = crate::station::Site {
                    station: base::Id::from_u128(2).into(),
                    station_name: "某站".to_owned(),
                    point: None,
                    quantity: of.quantity,
                };
                rule(of).publish(site, None).expect(&of.code);
            }
        }
        assert_eq!(codes.len(), 66);
        assert_eq!(Bound::now().longest_s, 86_400);
    }
}
