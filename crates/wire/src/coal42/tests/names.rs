//! File names.

use expect_test::{Expect, expect};

use super::super::{FileName, NameRule};

#[track_caller]
fn check(name: &str, rule: NameRule, expected: Expect) {
    let said = match FileName::parse(name, rule) {
        Ok(read) => {
            let form = (read.system.as_deref().unwrap_or("-"), read.has_millis);
            assert_eq!(read.to_string(), name.replace(".TXT", ".txt"), "it comes back");
            format!("{} {} {} {form:?}", read.mine, read.kind, read.made.to_beijing())
        }
        Err(error) => error.to_string(),
    };
    expected.assert_eq(&said);
}

#[test]
fn a_name_of_the_annex() {
    let name = "220100000001_CDSS_20190801080000.txt";
    let read = expect![[r#"220100000001 CDSS 2019-08-01 08:00:00 ("-", false)"#]];
    check(name, NameRule::Strict, read);
    assert_eq!(name.len(), 36);
}

#[test]
fn forms_of_the_field_are_read_only_where_they_are_borne() {
    for (name, read) in [
        (
            "220100000001_01_CDSS_20190801080000123.txt",
            expect![[r#"220100000001 CDSS 2019-08-01 08:00:00 ("01", true)"#]],
        ),
        (
            "2201000001_CDSS_20190801080000.TXT",
            expect![[r#"2201000001 CDSS 2019-08-01 08:00:00 ("-", false)"#]],
        ),
        (
            "150622004499_DBCXCDSS_20241216080000.txt",
            expect![[r#"150622004499 DBCXCDSS 2024-12-16 08:00:00 ("-", false)"#]],
        ),
    ] {
        check(name, NameRule::Tolerant, read);
    }
    for name in ["220100000001_01_CDSS_20190801080000123.txt", "2201000001_CDSS_20190801080000.TXT"]
    {
        assert!(FileName::parse(name, NameRule::Strict).is_err(), "{name}");
    }
}

#[test]
fn what_is_no_name_is_refused_with_what_was_expected() {
    let tolerant = NameRule::Tolerant;
    let ends = expect![[
        r#"file name is "620823009203_RYSS_20260923101319.txt.tmp", expected an ending .txt"#
    ]];
    check("620823009203_RYSS_20260923101319.txt.tmp", tolerant, ends);
    let folder = expect!["file name has a folder in it, expected the name alone"];
    check("../620823009203_RYSS_20260923101319.txt", tolerant, folder);
    let hidden = expect!["file name begins with a point: a hidden or half-sent file"];
    check(".220100000001_CDSS_20190801080000.txt", tolerant, hidden);
    let letters = expect![[
        r#"file name is "620823009203_ryss_20260923101319.txt", expected a type of 4 to 8 capital letters"#
    ]];
    check("620823009203_ryss_20260923101319.txt", tolerant, letters);
    let day = expect![[
        r#"file name is "220100000001_CDSS_20190231080000.txt", expected a time of 14 digits last"#
    ]];
    check("220100000001_CDSS_20190231080000.txt", tolerant, day);
    // Seen at a host whose mines have 21 characters: another form, with other columns.
    let mine = expect![[
        r#"file name is "150622B0012000200092_RYSS_20250101000000.txt", expected a mine of 12 digits first"#
    ]];
    check("150622B0012000200092_RYSS_20250101000000.txt", tolerant, mine);
    for nonsense in ["", ".", "..", "/", "a\0b", "煤矿.txt", "_.txt", "é.txt", "____.txt"] {
        assert!(FileName::parse(nonsense, tolerant).is_err(), "{nonsense:?}");
    }
}
