//! Encodings, ends, quotes, dialects, and what makes a whole file fail.

use expect_test::{Expect, expect};

use super::super::{Content, FileError};
use super::super::{Encoding, Limits, Presence, ends_whole, parse};
use super::{MINE, UPLOADED, at, file, name, read, said};

const GOOD: &str =
    "22010000000101MN0001011A08;甲烷;1301综采工作面T1;0.42;%CH4;0;2019-08-01 07:59:58~";
/// The example of our research, as one line.
const EXAMPLE: &str = "220100000001;样例煤矿;2019-08-01 08:00:00~\
    22010000000101MN0001011A08;甲烷;1301综采工作面T1;0.42;%CH4;0;2019-08-01 07:59:58~\
    22010000000101KG1008012B01;烟雾;主运胶带机头;0;;0;2019-08-01 07:59:58~||";

#[track_caller]
fn check(kind: &str, bytes: &[u8], expected: Expect) {
    expected.assert_eq(&said(kind, bytes));
}

#[test]
fn the_example_is_read() {
    check("CDSS", EXAMPLE.as_bytes(), expect!["2 good"]);
    let read = read("CDSS", EXAMPLE.as_bytes()).expect("the example");
    assert_eq!(super::super::write(&read).as_deref(), Ok(EXAMPLE.as_bytes()));
    assert_eq!(read.header.uploaded, at(UPLOADED));
}

#[test]
fn no_record_at_all_is_an_empty_snapshot() {
    check("RYSS", file("").as_bytes(), expect!["0 good"]);
}

#[test]
fn a_file_without_its_end_is_incomplete_wherever_it_is_cut() {
    for end in 0..EXAMPLE.len() {
        let cut = &EXAMPLE.as_bytes()[..end];
        assert_eq!(read("CDSS", cut), Err(FileError::Incomplete), "{end}");
        assert!(!ends_whole(cut), "{end}");
    }
    assert!(ends_whole(EXAMPLE.as_bytes()) && ends_whole(b"~||\r\n  ") && ends_whole(b"||\"\n"));
    // The last byte of `億` and one bar look like two bars.
    let cut =
        [Encoding::Gb18030.encode(&format!("{MINE};億")).expect("text"), b"|".to_vec()].concat();
    assert!(ends_whole(&cut), "as far as bytes show");
    assert_eq!(read("CDSS", &cut), Err(FileError::Incomplete));
}

#[test]
fn encodings_of_the_field_say_the_same() {
    let text = file("22010000000101MN0001011A08;甲烷;魚億巷T1;0.42;%CH4;0;2019-08-01 07:59:58~");
    let plain = read("CDSS", text.as_bytes()).expect("UTF-8");
    for encoding in Encoding::ALL {
        let bytes = encoding.encode(&text).expect("every encoding has these");
        let other = read("CDSS", &bytes).expect("the same text");
        assert_eq!((&other.content, &other.header), (&plain.content, &plain.header));
        assert_eq!(other.encoding, encoding);
        assert_eq!(super::super::write(&other), Ok(bytes), "{encoding:?}");
    }
    let gbk = Encoding::Gb18030.encode(&text).expect("GBK");
    // `魚` ends in `~` and `億` in `|`: cut before decoding, there would be two records more.
    assert!(
        gbk.windows(2).any(|pair| pair == b"\xF4\x7E")
            && gbk.windows(2).any(|pair| pair == b"\x83\x7C")
    );
    check("CDSS", &gbk, expect!["1 good; ENCODING"]);
    // A character of four bytes, which GBK has not.
    let text = file("22010000000101MN0001011A08;甲烷;𠀀巷;0.42;%CH4;0;2019-08-01 07:59:58~");
    let bytes = Encoding::Gb18030.encode(&text).expect("GB 18030");
    assert_eq!(read("CDSS", &bytes).map(|file| file.content.len()), Ok(1));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    check(
        "CDSS",
        &[file("").as_bytes(), b"\xFF||"].concat(),
        expect!["ENCODING: bytes are neither UTF-8 (wrong at byte 48) nor GB 18030"],
    );
    check(
        "CDSS",
        b"PK\x03\x04\x14\0||",
        expect!["NOT_TEXT: byte 2 is 0x03, expected text: this is a binary file"],
    );
    check(
        "CDSS",
        b"\xFF\xFE2\0||",
        expect!["ENCODING: text is UTF-16, expected UTF-8 or GB 18030"],
    );
    check(
        "CDSS",
        b"\xEF\xBB\xBF\xC1\xAA||",
        expect!["ENCODING: bytes are neither UTF-8 (wrong at byte 3) nor GB 18030"],
    );
}

#[test]
fn breaks_marks_blanks_and_quotes_are_taken_off() {
    // A mark, CRLF after segments, a blank segment, a line break at the very end.
    let text = format!("\u{FEFF}{MINE};样例煤矿;{UPLOADED}\r\n~ {GOOD}\r\n~\n~||\r\n");
    let noted = expect!["1 good; ENCODING; LINE_BREAKS"];
    check("CDSS", text.as_bytes(), noted);
    let broken = file(GOOD).replace("综采", "综\r\n采");
    assert_eq!(
        read("CDSS", broken.as_bytes()).map(|f| f.content),
        read("CDSS", file(GOOD).as_bytes()).map(|f| f.content)
    );
    let quoted = format!("\"{}\"\n", file(GOOD));
    check("CDSS", quoted.as_bytes(), expect!["1 good; LINE_BREAKS; QUOTED"]);
    // One host ends its only record by the end mark.
    let open = file(GOOD.trim_end_matches('~'));
    check("CDSS", open.as_bytes(), expect!["1 good; OPEN_RECORD"]);
    let trailing = file(&GOOD.replace('~', ";~"));
    check("CDSS", trailing.as_bytes(), expect!["1 good; TRAILING_SEPARATOR"]);
}

#[test]
fn full_width_separators_are_errors_and_no_separators() {
    let text = file(&[GOOD.repeat(4).as_str(), &GOOD.replacen(';', "；", 1)].concat());
    // Four with one key are one; the fifth is bad.
    let one = expect![[
        r#"1 good; 1 is repeated; 2 is repeated; 3 is repeated; 5 is FULL_WIDTH_SEPARATOR in "": "`；` after 26 characters", expected the ASCII separator `;`"#
    ]];
    check("CDSS", text.as_bytes(), one);
    let header = file(GOOD).replacen(';', "；", 2);
    let whole =
        expect!["FULL_WIDTH_SEPARATOR: header has a full-width separator `；`, expected `;`"];
    check("CDSS", header.as_bytes(), whole);
}

#[test]
fn other_dialects_are_refused_and_never_read_with_these_columns() {
    // A personnel list of the older provincial form, as a public program writes it.
    let provincial = "MK-2;露天矿人员定位系统;样例厂家;2021-01-01 00:00:00;2~\
        1;甲;220100000000000000;司机;一队;是;男;大专;已婚;1;地址;;~2;乙;;;;;;;;;;;~||";
    check(
        "RYCS",
        provincial.as_bytes(),
        expect![[
            r#"DIALECT_UNSUPPORTED: header begins with "MK-2", expected a mine's code of 12 digits: the older provincial form (system's model first)"#
        ]],
    );
    let model = "KJ90X;系统;厂家;2021-01-01 00:00:00;1~1~||";
    check(
        "CDSS",
        model.as_bytes(),
        expect![[
            r#"DIALECT_UNSUPPORTED: header begins with "KJ90X", expected a mine's code of 12 digits: the older provincial form (system's model first)"#
        ]],
    );
    // Alarms and switches of older hosts: the end mark stands after the header already.
    let time_first = "2021-01-01 00:00:00;1;~||\r\n01A;1;2021-01-01 00:00:00;~||\r\n";
    let refused = expect![[
        r#"DIALECT_UNSUPPORTED: header begins with "2021-01-01 00:00:00", expected a mine's code of 12 digits: the older form with its time first"#
    ]];
    check("KGBH", time_first.as_bytes(), refused);
    let empty = "2021-01-01 00:00:00;0;~||";
    check(
        "YCBJ",
        empty.as_bytes(),
        expect![[
            r#"DIALECT_UNSUPPORTED: header begins with "2021-01-01 00:00:00", expected a mine's code of 12 digits: the older form with its time first"#
        ]],
    );
    // Metal mines, by the same program that writes coal files.
    let caret = format!("{MINE};某矿;{UPLOADED}^1;甲^]]]");
    check(
        "NRYSS",
        caret.as_bytes(),
        expect![[
            r#"DIALECT_UNSUPPORTED: header begins with "220100000001", expected a mine's code of 12 digits: the form of metal mines (`^` and `]]]`)"#
        ]],
    );
}

#[test]
fn a_header_that_is_wrong_fails_the_file() {
    let other = file(GOOD).replacen(MINE, "220100000002", 1);
    check(
        "CDSS",
        other.as_bytes(),
        expect!["OTHER_MINE: header is of mine 220100000002, the name of mine 220100000001"],
    );
    let short = format!("{MINE};样例煤矿~{GOOD}||");
    check("CDSS", short.as_bytes(), expect!["HEADER_SEGMENTS: header has 2 segments, expected 3"]);
    check(
        "RYXX",
        file("").as_bytes(),
        expect!["HEADER_SEGMENTS: header has 3 segments, expected 8"],
    );
    check(
        "CDDY",
        file("").as_bytes(),
        expect!["HEADER_SEGMENTS: header has 3 segments, expected 7"],
    );
    let slashes = file("").replace("2019-08-01", "2019/08/01");
    check(
        "CDSS",
        slashes.as_bytes(),
        expect![[
            r#"HEADER_TIME: header's time is "2019/08/01 08:00:00", expected yyyy-MM-dd HH:mm:ss"#
        ]],
    );
    let twice = [file(GOOD), file(GOOD)].concat();
    check("CDSS", twice.as_bytes(), expect!["AFTER_END: 114 characters follow the end mark ||"]);
}

#[test]
fn a_header_of_four_minutes_ahead_is_borne_and_of_six_is_not() {
    let read = |now: &str| parse(&name("CDSS"), file("").as_bytes(), at(now), Limits::default());
    assert!(read("2019-08-01 07:56:00").is_ok());
    assert!(read("2019-08-01 07:55:00").is_ok(), "exactly five minutes");
    let future = read("2019-08-01 07:54:00").expect_err("six minutes");
    assert_eq!(future.code(), "FUTURE");
    assert!(read("2019-08-05 00:00:00").is_ok(), "late files are history, not errors");
}

#[test]
fn a_fifth_of_the_records_may_be_bad_and_more_fails_the_file() {
    let point = |n: usize| GOOD.replace("011A08", &format!("{n:06}"));
    for (bad, is_taken) in [(0, true), (19, true), (20, true), (21, false), (100, false)] {
        let good: String = (0..100 - bad).map(point).collect();
        let text = file(&[good, "x;y~".repeat(bad)].concat());
        match read("CDSS", text.as_bytes()) {
            Ok(read) => {
                assert!(is_taken, "{bad}");
                assert_eq!((read.content.len(), read.bad_count), (100 - bad, bad));
            }
            Err(error) => {
                assert!(!is_taken, "{bad}: {error}");
                assert_eq!(error.code(), "TOO_MANY_BAD");
                let FileError::TooManyBad { first, .. } = error else { panic!("{error:?}") };
                assert_eq!(first.len(), bad, "their bytes are kept");
            }
        }
    }
}

#[test]
fn limits_hold() {
    let limits = Limits { bytes: 200, records: 2, kept: 1, ..Limits::default() };
    let read = |text: String| parse(&name("CDSS"), text.as_bytes(), at(UPLOADED), limits);
    let size = read(file(&"x".repeat(200))).expect_err("too long");
    assert_eq!(size.code(), "SIZE");
    assert_eq!(read(file("a~b~c~")).expect_err("three").code(), "TOO_MANY_RECORDS");
    let Err(FileError::TooManyBad { bad: 2, total: 2, first }) = read(file("a~b~")) else {
        panic!("both are bad")
    };
    assert_eq!(first.len(), 1);
    // A refused record is kept up to a thousand characters.
    let long = file(&format!("{}~", "长".repeat(3000)));
    let Err(FileError::TooManyBad { first, .. }) = super::read("CDSS", long.as_bytes()) else {
        panic!("it is bad")
    };
    assert_eq!(first[0].text.chars().count(), 1000);
}

#[test]
fn of_two_records_with_one_key_the_later_is_taken() {
    let second = GOOD.replace("0.42", "0.50");
    let text = file(&[GOOD, &GOOD.replace("011A08", "011A09"), &second].concat());
    let read = read("CDSS", text.as_bytes()).expect("good records");
    let Content::PointValue(values) = read.content else { panic!("values") };
    let said: Vec<(u32, String)> = values
        .iter()
        .map(|(number, it)| (*number, it.value.expect("a value").to_string()))
        .collect();
    assert_eq!(said, [(3, "0.50".to_owned()), (2, "0.42".to_owned())]);
    assert_eq!(read.repeated, [1]);
}

#[test]
fn heads_underground_are_those_with_flag_one() {
    let row = |card: u32, flag: u8| format!("{MINE}{card:05};甲;{flag};;;;;;;三八制;;正常;0;0;~");
    let text = file(&[row(1, 1), row(2, 1), row(3, 2), row(4, 0)].concat());
    let read = read("RYSS", text.as_bytes()).expect("a snapshot");
    let Content::PersonState(persons) = read.content else { panic!("persons") };
    let down = persons.iter().filter(|(_, it)| it.presence == Presence::Underground);
    assert_eq!(down.count(), 2);
}

#[test]
fn a_type_that_no_table_has_is_kept_as_it_is() {
    let text = format!("{MINE};样例煤矿;a;b;{UPLOADED}~1; 二 ;3~任意~||");
    let read = read("XXYZ", text.as_bytes()).expect("kept");
    let raw = vec![(1, "1;二;3".to_owned()), (2, "任意".to_owned())];
    assert_eq!(read.content, Content::Raw(raw));
    assert_eq!(read.header.more, ["a", "b"]);
}
