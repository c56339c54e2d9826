//! Which byte says what.

use expect_test::{Expect, expect};

use super::super::{Encoding, guess_name, layout, layout_marked};
use super::{MINE, UPLOADED, file, name};

fn picture(kind: Option<&str>, raw: &[u8]) -> String {
    let mut end = 0;
    let mut out = String::new();
    for (span, personal) in layout_marked(kind.map(name).as_ref(), raw) {
        assert_eq!(span.start, end);
        end += span.len;
        let mark = if personal { "*" } else { "" };
        out += &format!("{}{mark} {} {}\n", span.len, span.name, span.text);
    }
    assert_eq!(end, raw.len());
    out
}

#[track_caller]
fn check(kind: Option<&str>, raw: &[u8], expected: Expect) {
    expected.assert_eq(&picture(kind, raw));
}

#[test]
fn a_file_with_everything_around_it() {
    let text = format!(
        "\u{FEFF} \"{MINE};样例煤矿;{UPLOADED}~\r\n22010000000101MN0001011A08;甲烷;T1;0.42;%CH4;0;2019-08-01 07:59:58~\r\n坏~ ~||\"\r\n"
    );
    check(
        Some("CDSS"),
        text.as_bytes(),
        expect![[r#"
        3 bom 
        1 space 
        1 quote 
        13 mine 220100000001
        13 mine_name 样例煤矿
        20 uploaded 2019-08-01 08:00:00
        29 point 22010000000101MN0001011A08
        7 type_name 甲烷
        3 location T1
        5 value 0.42
        5 unit %CH4
        2 state 0
        20 data_time 2019-08-01 07:59:58
        6 rejected 坏
        2 space 
        2 end 
        3 after 
    "#]],
    );
}

#[test]
fn characters_of_gbk_have_two_bytes_and_some_end_as_separators_do() {
    let text = file("22010000000101MN0001011A08;甲烷;魚億;0.42;%CH4;0;2019-08-01 07:59:58");
    let raw = Encoding::Gb18030.encode(&text).expect("GBK");
    check(
        Some("CDSS"),
        &raw,
        expect![[r#"
        13 mine 220100000001
        9 mine_name 样例煤矿
        20 uploaded 2019-08-01 08:00:00
        27 point 22010000000101MN0001011A08
        5 type_name 甲烷
        5 location 魚億
        5 value 0.42
        5 unit %CH4
        2 state 0
        19 data_time 2019-08-01 07:59:58
        2 end 
    "#]],
    );
}

#[test]
fn what_is_about_persons_is_marked() {
    let text = file(&format!("{MINE}90001;甲一;1;;;;;;;三八制;;正常;0;0;~"));
    check(
        Some("RYSS"),
        text.as_bytes(),
        expect![[r#"
        13 mine 220100000001
        13 mine_name 样例煤矿
        20 uploaded 2019-08-01 08:00:00
        18* card 22010000000190001
        7* name 甲一
        2 presence 1
        1 time_in 
        1 time_out 
        1 area 
        1 area_in 
        1 station 
        1 station_in 
        10 shift 三八制
        1 distance 
        7* state 正常
        2 is_leader 0
        2 is_special 0
        1* track 
        2 end 
    "#]],
    );
    // Nobody knows what a type of positioning without a table says.
    let unknown = picture(Some("RYYJ"), file("甲;乙~").as_bytes());
    assert!(unknown.contains("4* field 甲") && unknown.contains("4* field 乙"), "{unknown}");
}

#[test]
fn bytes_that_are_no_file_are_one_range() {
    check(
        Some("CDSS"),
        b"GET / HTTP/1.1\r\n",
        expect!["16* unread file does not end with ||: it is not complete\n"],
    );
    check(None, b"", expect![""]);
}

#[test]
fn a_long_file_is_shown_in_part() {
    let record = "22010000000101MN0001011A08;甲烷;T1;0.42;%CH4;0;2019-08-01 07:59:58~";
    let spans = layout(Some(&name("CDSS")), file(&record.repeat(1000)).as_bytes());
    assert_eq!(spans.len(), 3 + 200 * 7 + 2);
    assert_eq!((spans[1403].name, &spans[1403].text[..]), ("records", "800 records"));
}

#[test]
fn a_type_is_guessed_from_the_columns() {
    let guess = |text: String| guess_name(text.as_bytes()).map(|name| name.kind);
    let value = "22010000000101MN0001011A08;甲烷;T1;0.42;%CH4;0;2019-08-01 07:59:58~";
    assert_eq!(guess(file(value)).as_deref(), Some("CDSS"));
    assert_eq!(
        guess(file(&format!("{MINE}90001;甲一;1;;;;;;;三八制;;正常;0;0;~"))).as_deref(),
        Some("RYSS")
    );
    assert_eq!(guess(file(&format!("{MINE}0008000120;0;1;{UPLOADED}~"))).as_deref(), Some("JZSS"));
    let person = format!("{MINE};样例煤矿;500;KJ251;系统;厂家;2030-01-01;{UPLOADED}~||");
    assert_eq!(guess(person).as_deref(), Some("RYXX"));
    assert_eq!(guess(file("")), None);
    assert_eq!(guess(file("一;二~")), None);
    assert_eq!(guess("GET".to_owned()), None);
}
