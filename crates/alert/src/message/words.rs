//! The words that this project adds to CAP, as data: categories of hazards, names of values.

use base::Hazard;
use serde::Deserialize;
use wire::cap::Category;

const WORDS: &str = include_str!("words.json");

/// What `words.json` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    category: Categories,
    pub value_names: ValueNames,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Categories {
    #[expect(dead_code, reason = "for whoever replaces the rows")]
    source: String,
    #[expect(dead_code, reason = "for whoever replaces the rows")]
    confidence: String,
    rows: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    hazard: Hazard,
    category: Vec<Category>,
}

/// Names of pairs in a message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ValueNames {
    #[expect(dead_code, reason = "for whoever replaces the names")]
    source: String,
    #[expect(dead_code, reason = "for whoever replaces the names")]
    confidence: String,
    /// Of a division's code.
    pub geocode: String,
    pub hazard: String,
    /// 文号.
    pub number: String,
    /// 签发人.
    pub signer: String,
    /// How near the polygons are to the boundaries.
    pub outline: String,
}

impl Words {
    /// Those that the binary carries.
    pub fn carried() -> Words {
        serde_json::from_str(WORDS).expect("the words beside this file read, a test reads them")
    }

    pub fn categories(&self, hazard: Hazard) -> &[Category] {
        let row = self.category.rows.iter().find(|row| row.hazard == hazard);
        row.map_or(&[Category::Unlisted], |row| &row.category)
    }
}

#[cfg(test)]
mod tests {
    use wire::cap::Word as _;

    use super::*;

    #[test]
    fn each_hazard_has_one_row_of_words_that_cap_has() {
        let words = Words::carried();
        for hazard in Hazard::ALL {
            let rows = words.category.rows.iter().filter(|row| row.hazard == hazard).count();
            assert_eq!(rows, 1, "{hazard:?}");
            let known = words.categories(hazard).iter().all(|word| word.is_known());
            assert!(known && !words.categories(hazard).is_empty(), "{hazard:?}");
        }
    }
}
