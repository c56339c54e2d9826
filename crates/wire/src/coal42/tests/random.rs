//! Any file comes back, and any bytes do no harm.

use base::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;

use super::super::host::{Fault, Mine, MineConfig, spoil};
use super::super::{
    Encoding, File, FileName, KINDS, Kind, Limits, NameRule, describe, from_description,
    guess_name, layout, parse, write,
};
use super::{MINE, UPLOADED, name, read};

/// A text that may stand in a field: no separators, no blanks around it.
fn text() -> impl Strategy<Value = String> {
    "[ -:<-{}\u{b0}-\u{b3}\u{400}-\u{410}一-龥億魚𠀀-𠀎]{0,12}".prop_map(|text| {
        text.replace("||", "|").trim_matches(super::super::parse::is_blank).to_owned()
    })
}

/// A record of a type, its fields right or anything at all.
fn record(kind: &'static str) -> impl Strategy<Value = String> {
    let now = super::at("2026-08-03 09:10:00");
    let (code, name) = (MINE.to_owned(), "样例煤矿".to_owned());
    let mut mine = Mine::new(MineConfig { code, name, seed: 1, points: 40, persons: 40 });
    mine.tell(0, 160);
    let rows: Vec<Vec<String>> = match mine.file(kind, now) {
        Some(file) => (0..file.content.len())
            .filter_map(|i| file.content.texts(i))
            .map(|(_, row)| row)
            .collect(),
        None => Vec::new(),
    };
    let rows = if rows.is_empty() { vec![vec!["1".to_owned(), "2".to_owned()]] } else { rows };
    (prop::sample::select(rows), vec((any::<prop::sample::Index>(), text()), 0..3)).prop_map(
        |(mut row, changes)| {
            for (place, text) in changes {
                let place = place.index(row.len());
                row[place] = text;
            }
            row.join(";")
        },
    )
}

fn any_file() -> impl Strategy<Value = (FileName, Vec<u8>)> {
    let kinds = prop::sample::select(KINDS.iter().map(|info| info.code).collect::<Vec<_>>());
    kinds.prop_flat_map(|kind| {
        let encoding = prop::sample::select(Encoding::ALL.to_vec());
        (vec(record(kind), 0..12), text(), encoding).prop_filter_map(
            "GB 18030 has no sign for some characters",
            move |(records, word, encoding)| {
                let more = Kind(kind.to_owned()).header().len() - 3;
                let more = format!("{word};").repeat(more);
                let body: String = records.iter().map(|record| format!("{record}~")).collect();
                let text = format!("{MINE};样例煤矿;{more}{UPLOADED}~{body}||");
                Some((name(kind), encoding.encode(&text)?))
            },
        )
    })
}

fn spans_cover(raw: &[u8], name: Option<&FileName>) -> Result<(), TestCaseError> {
    let mut end = 0;
    for span in layout(name, raw) {
        prop_assert_eq!(span.start, end);
        prop_assert!(span.len > 0);
        end += span.len;
    }
    prop_assert_eq!(end, raw.len());
    Ok(())
}

fn same(back: &File, file: &File) -> Result<(), TestCaseError> {
    let texts = |file: &File| -> Vec<Vec<String>> {
        (0..file.content.len()).filter_map(|i| file.content.texts(i)).map(|(_, it)| it).collect()
    };
    prop_assert_eq!(&back.header, &file.header);
    prop_assert_eq!(texts(back), texts(file));
    Ok(())
}

proptest! {
    #[test]
    fn any_file_comes_back_from_its_bytes_and_from_its_description((name, bytes) in any_file()) {
        spans_cover(&bytes, Some(&name))?;
        let Ok(file) = read(&name.kind, &bytes) else { return Ok(()) };
        let written = write(&file).expect("what was read can be written");
        let back = read(&name.kind, &written).expect("what was written is read");
        same(&back, &file)?;
        prop_assert_eq!(write(&back), Ok(written));
        let described = from_description(&describe(&file)).expect("its own description");
        same(&described, &file)?;
    }

    #[test]
    fn any_bytes_do_no_harm(bytes in vec(any::<u8>(), 0..300), end in any::<bool>()) {
        let bytes = if end { [&bytes[..], b"||"].concat() } else { bytes };
        for kind in ["CDSS", "RYSS", "XXYZ"] {
            let _ = read(kind, &bytes);
        }
        guess_name(&bytes);
        spans_cover(&bytes, None)?;
        spans_cover(&bytes, Some(&name("CDSS")))?;
    }

    #[test]
    fn any_text_of_separators_does_no_harm(text in "[;~|&；\\r\\n\" 0-9;~:一-]{0,200}", broken in any::<prop::sample::Index>()) {
        let bytes = [format!("{MINE};煤;{UPLOADED}~").as_bytes(), text.as_bytes(), b"~||"].concat();
        for kind in ["CDSS", "RYSS", "FZDY", "XXYZ"] {
            let _ = read(kind, &bytes);
            spans_cover(&bytes, Some(&name(kind)))?;
        }
        let mut bytes = bytes;
        let place = broken.index(bytes.len());
        bytes[place] ^= 0x80;
        let _ = read("CDSS", &bytes);
        spans_cover(&bytes, None)?;
    }

    #[test]
    fn any_name_comes_back_or_is_refused(text in "[0-9A-Za-z_./]{0,50}") {
        if let Ok(name) = FileName::parse(&text, NameRule::Tolerant) {
            prop_assert_eq!(FileName::parse(&name.to_string(), NameRule::Tolerant), Ok(name));
        }
    }

    #[test]
    fn any_mine_with_any_fault_is_judged_alike(seed in any::<u64>(), fault in prop::sample::select(Fault::ALL.to_vec())) {
        let (code, name) = (MINE.to_owned(), "样例煤矿".to_owned());
        let mine = Mine::new(MineConfig { code, name, seed, points: 30, persons: 30 });
        let file = mine.file("CDSS", super::at(UPLOADED)).expect("values");
        let drop = spoil(file, fault);
        let name = FileName::parse(&drop.name, NameRule::Tolerant).expect("a name");
        let came = parse(&name, &drop.bytes, name.made, Limits::default());
        spans_cover(&drop.bytes, Some(&name))?;
        prop_assert_eq!(parse(&name, &drop.bytes, name.made, Limits::default()), came);
    }
}

/// Work that grew with the square of these would not end while anybody waits.
#[test]
fn a_megabyte_of_any_separator_is_judged_and_laid_out() {
    for (piece, code) in [
        ("~", "0 records"),
        (";", "TOO_MANY_BAD"),
        ("a~", "TOO_MANY_BAD"),
        ("a;b;c~", "TOO_MANY_BAD"),
        ("|", "AFTER_END"),
        ("&", "TOO_MANY_BAD"),
        ("；~", "TOO_MANY_BAD"),
        ("\r\n", "0 records"),
        ("\"", "TOO_MANY_BAD"),
        ("億", "TOO_MANY_BAD"),
    ] {
        let text = format!("{MINE};煤;{UPLOADED}~{}~||", piece.repeat(1_000_000 / piece.len()));
        let limits = Limits { records: usize::MAX, ..Limits::default() };
        let said = match parse(&name("CDSS"), text.as_bytes(), Timestamp::MAX, limits) {
            Ok(file) => format!("{} records", file.content.len()),
            Err(error) => error.code().to_owned(),
        };
        assert_eq!(said, code, "{piece:?}");
        let _ = parse(&name("XXYZ"), text.as_bytes(), Timestamp::MAX, limits);
        assert!(layout(Some(&name("XXYZ")), text.as_bytes()).len() < 20_000);
        guess_name(text.as_bytes());
    }
}
