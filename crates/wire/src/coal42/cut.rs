//! A record cut into its fields.

use super::parse::bare;
use super::record::{Fault, Reason};
use super::records::Shape;

impl Shape {
    /// Fields of a record, cut and without blanks around them; one empty field too many
    /// at the end, which hosts make by ending a record with `;`, is dropped.
    ///
    /// # Errors
    /// [`Fault`] with what was counted.
    pub(super) fn cut(self, record: &str) -> Result<(Vec<&str>, bool), Fault> {
        if record.contains('；') {
            let at = record.chars().take_while(|letter| *letter != '；').count();
            let got = format!("`；` after {at} characters");
            return Err(Fault::new(Reason::FullWidthSeparator, &got, "the ASCII separator `;`"));
        }
        if self == Shape::Raw {
            return Ok((Vec::new(), false));
        }
        let (least, most) = (self.least(), self.fields().len());
        // A record of separators alone must not make a list of its length.
        let mut fields: Vec<&str> = record.split(';').take(most + 2).map(bare).collect();
        let trailing = fields.len() == most + 1 && fields[most].is_empty();
        if trailing {
            fields.pop();
        }
        if (least..=most).contains(&fields.len()) {
            return Ok((fields, trailing));
        }
        let counted = record.bytes().filter(|byte| *byte == b';').count() + 1;
        let mut fault = Fault::new(Reason::FieldCount, &counted.to_string(), "");
        fault.want = COUNTS.get(most).copied().unwrap_or("fewer fields");
        Err(fault)
    }
}

/// How many fields a record should have, in words that need no allocation.
const COUNTS: [&str; 25] = [
    "0 fields",
    "1 field",
    "2 fields",
    "3 fields",
    "4 fields",
    "5 fields",
    "6 fields",
    "7 fields",
    "8 fields",
    "9 fields",
    "10 fields",
    "11 fields",
    "12 fields",
    "13 fields",
    "14 fields",
    "15 fields",
    "16 fields",
    "17 fields",
    "18 fields",
    "19 fields",
    "20 fields",
    "21 fields",
    "22 fields",
    "23 fields",
    "24 fields",
];
