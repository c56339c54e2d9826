//! Conditions that lists of the registers have in common.

use base::AdminCode;
use host::Value;

/// What lies inside a region, whoever asks.
pub(crate) fn within(alias: &str, region: &AdminCode, values: &mut Vec<Value>) -> String {
    values.push(region.into());
    let place = values.len();
    format!(
        "exists (select 1 from region_within i where i.region = {alias}.region \
         and i.ancestor = ${place})"
    )
}

/// The texts that begin with another: from it, up to but not with the first that does not.
/// As a range it is found by an index, which no pattern with a sign in front is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Prefix(String);

/// `None` for blanks alone: everything begins with nothing.
pub(crate) fn prefix(text: &str) -> Option<Prefix> {
    let text: String = text.trim().chars().filter(|c| *c != '\0').take(100).collect();
    (!text.is_empty()).then_some(Prefix(text))
}

impl Prefix {
    /// `{from} <= name < {to}`, in the case it was typed in.
    pub fn bind(&self, values: &mut Vec<Value>) -> (String, String) {
        let (from, to) = ends(&self.0);
        values.push(from.into());
        values.push(to.into());
        (format!("${}", values.len() - 1), format!("${}", values.len()))
    }

    /// The same of codes, which are kept in upper case.
    pub fn bind_code(&self, values: &mut Vec<Value>) -> (String, String) {
        Prefix(self.0.to_ascii_uppercase()).bind(values)
    }
}

/// Bytes decide the order in both engines, and no text goes on with the last character.
fn ends(text: &str) -> (String, String) {
    (text.to_owned(), format!("{text}\u{10FFFF}"))
}

/// What a map draws at most: a browser moves so many without a stutter.
const MOST_POINTS: usize = 20_000;

/// Places for a map, all at once.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
#[schemars(rename = "PointsOf{P}")]
pub(crate) struct Points<P> {
    items: Vec<P>,
    /// There are more than can be drawn: the oldest of the register are here.
    more: bool,
}

impl<P> Points<P> {
    /// How many to ask for: the extra one only says that there are more.
    pub const ASKED: i64 = MOST_POINTS as i64 + 1;

    pub fn cut(mut items: Vec<P>) -> Points<P> {
        let more = MOST_POINTS < items.len();
        items.truncate(MOST_POINTS);
        Points { items, more }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_told_when_there_is_more_than_it_gets() {
        let whole = Points::cut(vec![0u8; MOST_POINTS]);
        assert_eq!((whole.items.len(), whole.more), (MOST_POINTS, false));
        let cut = Points::cut(vec![0u8; MOST_POINTS + 1]);
        assert_eq!((cut.items.len(), cut.more), (MOST_POINTS, true));
    }

    #[test]
    fn a_prefix_is_a_range_of_bytes() {
        let (from, to) = ends("吉林");
        for name in ["吉林", "吉林省化工", "吉林\u{10FFFE}"] {
            assert!(from.as_str() <= name && name < to.as_str(), "{name}");
        }
        for name in ["吉", "吉杯", "长春吉林"] {
            assert!(!(from.as_str() <= name && name < to.as_str()), "{name}");
        }
        assert_eq!(prefix("  "), None);
        let mut values = Vec::new();
        let code = prefix(" wk-0").expect("text").bind_code(&mut values);
        assert_eq!(code, ("$1".to_owned(), "$2".to_owned()));
        assert_eq!(values[0], Value::from("WK-0"));
    }
}
