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

#[cfg(test)]
mod tests {
    use super::*;

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
