//! NDJSON: a line is bad alone.

use expect_test::expect;

use super::super::{Limits, Lines, parse_ndjson};
use super::shown_lines;

#[test]
fn the_good_lines_are_taken_and_the_bad_ones_named() {
    let text = concat!(
        "{\"time\": 0, \"values\": {\"a\": 1}}\r\n",
        "\n",
        "{\"time\": 0, \"values\": {\"a\": NaN}}\n",
        "{\"time\": 0, \"values\": {\"a\": 2}} trailing\n",
        "   \n",
        "{\"time\": 1000, \"station\": \"b\", \"values\": {\"a\": 3}}",
    );
    expect![[r#"
        1: - a=1.0 @1970-01-01T00:00:00.000Z Good(0x00)
        3: value is NaN, expected a number, true, false or null at /values/a
        4: trailing follows the document at the end
        6: b a=3.0 @1970-01-01T00:00:01.000Z Good(0x00)
    "#]]
    .assert_eq(&shown_lines(&parse_ndjson(text.as_bytes(), &Limits::default())));
}

#[test]
fn lines_that_are_no_text_or_too_long_are_bad_alone() {
    let mut text = b"\xFF\xFE\n".to_vec();
    text.extend(vec![b'x'; 70_000]);
    text.extend(b"\n{\"time\": 0, \"values\": {}}\n");
    let lines = parse_ndjson(&text, &Limits::default()).expect("three lines");
    let good: Vec<bool> = lines.iter().map(|line| line.record.is_ok()).collect();
    assert_eq!(good, [false, false, true]);
}

#[test]
fn more_lines_than_are_taken_are_none() {
    let limits = Limits { lines: 2, ..Limits::default() };
    let bad = parse_ndjson(b"{}\n{}\n{}\n", &limits).expect_err("three");
    assert_eq!(bad.to_string(), "more than 2 lines, that is the limit at the text");
}

#[test]
fn lines_are_counted_as_editors_do() {
    let found: Vec<_> = Lines::new(b"\xEF\xBB\xBFa\n\r\nb\r\n\n c ").collect();
    assert_eq!(found, [(1, &b"a"[..]), (3, &b"b"[..]), (5, &b" c "[..])]);
}
