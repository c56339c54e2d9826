//! Messages that name persons: what may be said of them without opening them, and what
//! they say once they are open.

use base::{Timestamp, mask};

/// What a message that names persons tells of itself, and nothing of anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AboutPersons {
    /// Its type in its protocol: `RYSS`.
    pub kind: String,
    /// What its sender calls it: the name of the file.
    pub name: String,
    /// As of when it tells, by its sender.
    pub made: Timestamp,
    /// Records that were read, and those that were not.
    pub records: usize,
    pub bad: usize,
}

/// What such a message says, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonTable {
    pub columns: Vec<PersonColumn>,
    /// As many texts as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// A column: its stable name, and what of it is shown to who may not open it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonColumn {
    pub name: String,
    pub masked: Masked,
}

/// What is shown of a field without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Masked {
    /// A place, a count, a time of an alarm: as it is.
    Whole,
    /// The first character of a name.
    Name,
    /// All but the last five digits of a card, which are the person.
    Card,
    Nothing,
}

impl Masked {
    pub fn show(self, text: &str) -> String {
        match self {
            Masked::Whole => text.to_owned(),
            Masked::Name => mask::name(text),
            Masked::Card => {
                let kept = text.chars().count().saturating_sub(5);
                let front: String = text.chars().take(kept).collect();
                if text.is_empty() { front } else { front + "*****" }
            }
            Masked::Nothing => String::new(),
        }
    }
}

/// How many persons stand at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Crowd {
    pub place: String,
    pub persons: usize,
}

impl PersonTable {
    /// Without what says who: the columns that are shown at all.
    pub fn masked(&self) -> PersonTable {
        let shown: Vec<usize> = (0..self.columns.len())
            .filter(|at| self.columns[*at].masked != Masked::Nothing)
            .collect();
        let row = |row: &Vec<String>| {
            let cell = |at: &usize| self.columns[*at].masked.show(&row[*at]);
            shown.iter().map(cell).collect()
        };
        PersonTable {
            columns: shown.iter().map(|at| self.columns[*at].clone()).collect(),
            rows: self.rows.iter().map(row).collect(),
        }
    }

    /// How many stand at each place of a column, the most first; nobody without a place.
    ///
    /// - `among`: rows that count, by their places in the table.
    pub fn crowds(&self, column: &str, among: &[usize]) -> Vec<Crowd> {
        let Some(at) = self.column(column) else { return Vec::new() };
        let mut counts = std::collections::BTreeMap::<&str, usize>::new();
        for row in among {
            let place = self.rows[*row][at].as_str();
            if !place.is_empty() {
                *counts.entry(place).or_default() += 1;
            }
        }
        let crowd = |(place, persons): (&str, usize)| Crowd { place: place.to_owned(), persons };
        let mut crowds: Vec<Crowd> = counts.into_iter().map(crowd).collect();
        crowds.sort_by_key(|crowd| std::cmp::Reverse(crowd.persons));
        crowds
    }

    /// The rows of whoever is underground; all rows of a table that does not say.
    pub fn underground(&self) -> Vec<usize> {
        let presence = self.column("presence");
        let is_down = |row: &usize| presence.is_none_or(|at| self.rows[*row][at] == "1");
        (0..self.rows.len()).filter(is_down).collect()
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_masked_tells_where_and_not_who() {
        let column = |name: &str, masked| PersonColumn { name: name.to_owned(), masked };
        let table = PersonTable {
            columns: vec![
                column("card", Masked::Card),
                column("name", Masked::Name),
                column("presence", Masked::Whole),
                column("area", Masked::Whole),
                column("track", Masked::Nothing),
            ],
            rows: [
                ["22028200000100017", "于海棠", "1", "2202820000010002", "t"],
                ["22028200000100018", "王", "1", "2202820000010002", "t"],
                ["22028200000100019", "", "1", "", "t"],
                ["", "骆家驹", "2", "2202820000010001", "t"],
            ]
            .map(|row| row.map(str::to_owned).to_vec())
            .to_vec(),
        };
        let masked = table.masked();
        assert_eq!(masked.columns.len(), 4);
        let shown: Vec<_> =
            masked.rows.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
        let front = "220282000001*****";
        assert_eq!(shown, [(front, "于**"), (front, "**"), (front, ""), ("", "骆**")]);
        let down = table.underground();
        assert_eq!(down, [0, 1, 2]);
        let crowds = table.crowds("area", &down);
        assert_eq!(crowds, [Crowd { place: "2202820000010002".to_owned(), persons: 2 }]);
        assert_eq!(table.crowds("station", &down), []);
        assert_eq!(Masked::Card.show("12"), "*****");
    }
}
