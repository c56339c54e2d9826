//! What a file of positioning says, as a table, and what of it is shown to whom.

use wire::coal42::{FieldInfo, File};

use super::super::{Masked, PersonColumn, PersonTable};

/// What is no person's: places, and the counts and times of alarms about places.
const PLACES: [&str; 9] =
    ["presence", "area", "station", "alarm_type", "approved", "count", "area_name", "start", "end"];

pub fn table(file: &File) -> PersonTable {
    let rows: Vec<Vec<String>> =
        (0..file.content.len()).filter_map(|at| file.content.texts(at)).map(|it| it.1).collect();
    let fields = file.content.shape().fields();
    let mut columns: Vec<PersonColumn> = fields.iter().map(column).collect();
    // Of a type whose order nobody knows all may be a person's.
    let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
    for number in columns.len()..widest {
        columns.push(PersonColumn { name: (number + 1).to_string(), masked: Masked::Nothing });
    }
    let width = columns.len();
    let even = |mut row: Vec<String>| {
        row.resize(width, String::new());
        row
    };
    PersonTable { columns, rows: rows.into_iter().map(even).collect() }
}

fn column(field: &FieldInfo) -> PersonColumn {
    let masked = match field.name {
        "name" => Masked::Name,
        "card" => Masked::Card,
        name if PLACES.contains(&name) => Masked::Whole,
        _ => Masked::Nothing,
    };
    PersonColumn { name: field.name.to_owned(), masked }
}

#[cfg(test)]
mod tests {
    use base::Timestamp;
    use wire::coal42::host::{Mine, MineConfig};
    use wire::coal42::{FieldKind, KINDS, Kind};

    use super::*;

    #[test]
    fn nothing_of_a_person_stands_in_a_masked_table_of_any_type() {
        let (code, name) = ("220100000001".to_owned(), "样例煤矿".to_owned());
        let mine = Mine::new(MineConfig { code, name, seed: 7, points: 24, persons: 90 });
        let now = Timestamp::from_beijing([2026, 8, 3], [9, 10, 0]).expect("a minute");
        let personal = KINDS.iter().filter(|info| Kind(info.code.to_owned()).is_personal());
        let mut seen = 0;
        for info in personal {
            let Some(file) = mine.file(info.code, now) else { continue };
            let (whole, masked) = (table(&file), table(&file).masked());
            assert_eq!(whole.rows.len(), masked.rows.len(), "{}", info.code);
            seen += whole.rows.len();
            let secret: Vec<usize> = file
                .content
                .shape()
                .fields()
                .iter()
                .enumerate()
                .filter(|(_, field)| field.kind == FieldKind::Personal)
                .map(|(at, _)| at)
                .collect();
            for (row, shown) in whole.rows.iter().zip(&masked.rows) {
                for at in &secret {
                    let text = &row[*at];
                    let is_shown = shown.iter().any(|it| it == text);
                    assert!(
                        text.is_empty() || !is_shown,
                        "{} {}",
                        info.code,
                        whole.columns[*at].name
                    );
                }
            }
        }
        assert!(40 < seen, "{seen} records");
    }
}
