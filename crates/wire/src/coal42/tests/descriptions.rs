//! Files as JSON and back.

use expect_test::expect;
use serde_json::{Value as Json, json};

use super::super::{describe, from_description, write};
use super::{MINE, UPLOADED, file, read};

const GOOD: &str = "22010000000101MN0001011A08;甲烷;T1;0.42;%CH4;0;2019-08-01 07:59:58~";

#[test]
fn a_file_says_everything_it_says() {
    let text = file(&[&GOOD.repeat(4), "坏~"].concat());
    let text = text.replace("样例煤矿", "样例煤矿 ");
    // Three of four repeat, so one of five is bad: a fifth.
    let said = describe(&read("CDSS", text.as_bytes()).expect("a file"));
    expect![[r#"
        {
          "protocol": "coal42",
          "type": "CDSS",
          "type_word": "测点实时值",
          "encoding": "utf-8",
          "header": {
            "mine": "220100000001",
            "mine_name": "样例煤矿",
            "uploaded": "2019-08-01 08:00:00"
          },
          "records": [
            {
              "point": "22010000000101MN0001011A08",
              "type_name": "甲烷",
              "location": "T1",
              "value": 0.42,
              "unit": "%CH4",
              "state": "0",
              "data_time": "2019-08-01 07:59:58"
            }
          ],
          "rejected_count": 1,
          "rejected": [
            {
              "number": 5,
              "reason": "FIELD_COUNT",
              "field": "",
              "error": "\"1\", expected 7 fields",
              "text": "坏"
            }
          ],
          "repeated": [
            1,
            2,
            3
          ]
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&said).expect("JSON"));
    let back = from_description(&said).expect("its own description");
    assert_eq!(write(&back), Ok(file(GOOD).into_bytes()));
}

#[test]
fn a_description_written_by_hand_is_enough() {
    let description = json!({
        "type": "CDDY",
        "header": {"mine": MINE, "mine_name": "样例煤矿", "system_model": "KJ90X", "uploaded": UPLOADED},
        "records": [{"point": "22010000000101MN0001011A08", "alarm_high": "1.00", "cut_high": 1.5}],
    });
    let bytes = write(&from_description(&description).expect("enough")).expect("written");
    let text = format!(
        "{MINE};样例煤矿;KJ90X;;;;{UPLOADED}~22010000000101MN0001011A08;;;;;;;;1.00;;;;1.5;;;;;;;;;;;~||"
    );
    assert_eq!(String::from_utf8(bytes).as_deref(), Ok(&text[..]));
}

#[test]
fn a_list_of_texts_is_a_record_as_well() {
    let record: Vec<&str> = GOOD.trim_end_matches('~').split(';').collect();
    let header = json!({"mine": MINE, "mine_name": "样例煤矿", "uploaded": UPLOADED});
    let description = json!({"type": "CDSS", "header": header, "records": [record]});
    let file = from_description(&description).expect("texts");
    assert_eq!(write(&file), Ok(super::file(GOOD).into_bytes()));
    let unknown = json!({"type": "XXYZ", "header": header, "records": [["1", "二"]]});
    let file = from_description(&unknown).expect("texts");
    assert_eq!(write(&file), Ok(super::file("1;二~").into_bytes()));
    assert_eq!(describe(&file)["records"], json!([["1", "二"]]));
}

#[test]
fn what_is_no_description_is_refused_at_its_place() {
    let check = |change: &dyn Fn(&mut Json), expected: expect_test::Expect| {
        let header = json!({"mine": MINE, "mine_name": "样例煤矿", "uploaded": UPLOADED});
        let mut description = json!({"type": "CDSS", "header": header, "records": [{
            "point": "22010000000101MN0001011A08", "data_time": UPLOADED,
        }]});
        assert!(from_description(&description).is_ok());
        change(&mut description);
        expected.assert_eq(&from_description(&description).expect_err("changed").to_string());
    };
    check(
        &|it| it["type"] = json!(7.5),
        expect![[
            r#"name: file name is "220100000001_7.5_20190801080000.txt", expected a type of 4 to 8 capital letters"#
        ]],
    );
    check(&|it| it["type"] = json!(null), expect!["type is missing, expected a text"]);
    check(
        &|it| it["header"]["mine"] = json!("煤"),
        expect![[
            r#"name: file name is "煤_CDSS_20190801080000.txt", expected a mine of 12 digits first"#
        ]],
    );
    check(
        &|it| it["header"]["uploaded"] = json!("now"),
        expect![[r#"uploaded is "now", expected a time"#]],
    );
    check(
        &|it| it["encoding"] = json!("latin1"),
        expect![[r#"encoding is "latin1", expected utf-8, utf-8-bom or gb18030"#]],
    );
    check(&|it| it["records"] = json!(1), expect!["records is 1, expected a list"]);
    check(
        &|it| it["records"][0]["valeu"] = json!(1),
        expect![[r#"record 1 is "valeu", expected a field of the type"#]],
    );
    check(
        &|it| it["records"][0]["value"] = json!("NaN"),
        expect![[r#"record 1: value is "NaN", expected a decimal number"#]],
    );
    check(
        &|it| it["records"][0]["value"] = json!([1]),
        expect!["record 1.value is [1], expected a text"],
    );
    check(
        &|it| it["records"][0]["location"] = json!("a;b"),
        expect!["record 1 location has ';', which would end it"],
    );
    check(
        &|it| it["records"][0]["location"] = json!(" a"),
        expect!["record 1 location has blanks around it, which would be lost"],
    );
    check(
        &|it| it["header"]["mine_name"] = json!("a||b"),
        expect!["header mine_name has '|', which would end it"],
    );
}
