//! Tables, long and wide.

use expect_test::{Expect, expect};

use super::super::{Limits, parse_csv};
use super::shown_lines;

#[track_caller]
fn check(text: &str, expected: Expect) {
    expected.assert_eq(&shown_lines(&parse_csv(text.as_bytes(), &Limits::default())));
}

#[test]
fn a_long_table() {
    check(
        "station,time,name,value,quality\nA,2026-08-03T11:00:00+08:00,ch4,0.42,\nB,0,\"a,\"\"b\"\"\",-1,bad\n",
        expect![[r#"
            2: A ch4=0.42 @2026-08-03T03:00:00.000Z Good(0x00)
            3: B a,"b"=-1.0 @1970-01-01T00:00:00.000Z Bad(0x06)
        "#]],
    );
}

#[test]
fn a_wide_table_where_an_empty_cell_is_no_zero() {
    check(
        "time, ch4 ,co\n0,1,\n1000,,0\n",
        expect![[r#"
        2: - ch4=1.0 @1970-01-01T00:00:00.000Z Good(0x00)
        2: - co=none @1970-01-01T00:00:00.000Z Good(0x00)
        3: - ch4=none @1970-01-01T00:00:01.000Z Good(0x00)
        3: - co=0.0 @1970-01-01T00:00:01.000Z Good(0x00)
    "#]],
    );
}

/// As in JSON: found by a fuzzer.
#[test]
fn a_name_has_no_blanks_around_it_in_quotes_either() {
    check(
        "station,time,name,value\n\" A \",0,\"\tch4\"\"\",-1\n",
        expect![[r#"
            2: A ch4"=-1.0 @1970-01-01T00:00:00.000Z Good(0x00)
        "#]],
    );
}

#[test]
fn a_bad_line_is_bad_alone() {
    check(
        "time,ch4\n0,NaN\n0,0x1F\nyesterday,1\n0\n0,1,2\n0,\"1\n0,\"1\"2\n0,1e3\n0,1e999\n0,inf\n",
        expect![[r#"
            2: value is "NaN", expected a number at ch4
            3: value is "0x1F", expected a number at ch4
            4: time is "yesterday", expected RFC 3339 with its offset or milliseconds at time
            5: line has 1 cells, the header 2 at the line
            6: line has 3 cells, the header 2 at the line
            7: quote has no end on its line at the line
            8: something follows a quoted cell at the line
            9: - ch4=1000.0 @1970-01-01T00:00:00.000Z Good(0x00)
            10: value is "1e999", expected a number at ch4
            11: value is "inf", expected a number at ch4
        "#]],
    );
}

#[test]
fn a_header_must_be_one() {
    check(
        "",
        expect![[r#"
        text is empty, expected a header at the header
    "#]],
    );
    check(
        "ch4,co\n1,2\n",
        expect![[r#"
        column "time" is missing at the header
    "#]],
    );
    check(
        "time,a,a\n",
        expect![[r#"
        column "a" is there twice at the header
    "#]],
    );
    check(
        "time,,a\n",
        expect![[r#"
        a column's name is empty or longer than 128 bytes at the header
    "#]],
    );
}

#[test]
fn more_columns_than_are_taken_are_none() {
    let limits = Limits { columns: 2, ..Limits::default() };
    let bad = parse_csv(b"time,a,b\n", &limits).expect_err("three");
    assert_eq!(bad.to_string(), "more than 2 columns, that is the limit at the line");
}
