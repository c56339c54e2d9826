//! Files of coal mines: what a name says goes before what the columns look like.

use base::Timestamp;
use serde_json::{Value as Json, json};
use wire::coal42::{
    FileError, FileName, Limits, NameRule, describe, from_description, guess_name, parse, write,
};

use super::Documents;

/// The one file that the bytes are.
///
/// - `name`: the file's, when there is one; a name of another form says nothing.
pub fn decode(bytes: &[u8], name: Option<&str>) -> Documents {
    let named = name.and_then(|name| FileName::parse(name, NameRule::Tolerant).ok());
    let is_named = named.is_some();
    // Bytes that are no file at all are refused for that, not for a type that nobody said.
    let name = named
        .or_else(|| guess_name(bytes))
        .unwrap_or_else(|| FileName::new("000000000000", "UNKNOWN", Timestamp::from_millis(0)));
    // Whoever decodes has no clock to hold a header against.
    vec![match parse(&name, bytes, Timestamp::MAX, Limits::default()) {
        Ok(file) => {
            let mut document = describe(&file);
            if !is_named && let Some(document) = document.as_object_mut() {
                document.insert("type_guessed".to_owned(), json!(true));
            }
            if file.bad_count > 0 { Err(document) } else { Ok(document) }
        }
        Err(FileError::OtherMine { .. }) if !is_named => {
            Err(json!({"error": "its columns are of no type that is known; \
                name the file <mine>_<TYPE>_<time>.txt and give it with --file"}))
        }
        Err(error) => Err(json!({"error": error.to_string(), "code": error.code()})),
    }]
}

/// The bytes of a file.
pub fn encode(document: &Json) -> Result<Vec<u8>, String> {
    let file = from_description(document).map_err(|error| error.to_string())?;
    write(&file).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: &str = "220100000001;样例煤矿;2019-08-01 08:00:00~\
        22010000000101MN0001011A08;甲烷;T1;0.42;%CH4;0;2019-08-01 07:59:58~||";

    #[test]
    fn a_file_is_read_without_its_name_and_written_again() {
        let documents = decode(VALUES.as_bytes(), None);
        let [Ok(document)] = &documents[..] else { panic!("a file: {documents:?}") };
        assert_eq!((&document["type"], &document["type_guessed"]), (&json!("CDSS"), &json!(true)));
        assert_eq!(encode(document).as_deref(), Ok(VALUES.as_bytes()));
    }

    #[test]
    fn a_name_goes_before_what_the_columns_look_like() {
        let raw = decode(VALUES.as_bytes(), Some("220100000001_XXYZ_20190801080000.txt"));
        let [Ok(document)] = &raw[..] else { panic!("kept as it is: {raw:?}") };
        assert_eq!(document["type"], "XXYZ");
        assert!(document["records"][0].is_array());
        let other = decode(VALUES.as_bytes(), Some("220100000002_CDSS_20190801080000.txt"));
        let [Err(refused)] = &other[..] else { panic!("another mine's: {other:?}") };
        assert_eq!(refused["code"], "OTHER_MINE");
    }

    #[test]
    fn a_file_with_bad_records_is_shown_and_is_not_good() {
        let point = "22010000000101MN0001011A08";
        let more: String = (1..=4)
            .map(|n| {
                VALUES
                    .split('~')
                    .nth(1)
                    .map(|record| {
                        format!("{}~", record.replace(point, &format!("22010000000101MN000100{n}")))
                    })
                    .unwrap_or_default()
            })
            .collect();
        let text = VALUES.replace("~||", &format!("~{more}坏~||"));
        let documents = decode(text.as_bytes(), None);
        let [Err(document)] = &documents[..] else { panic!("{documents:?}") };
        assert_eq!(
            (&document["rejected_count"], &document["rejected"][0]["text"]),
            (&json!(1), &json!("坏"))
        );
        assert_eq!(document["records"].as_array().map(Vec::len), Some(5));
    }

    #[test]
    fn what_is_no_file_is_said_to_be_none() {
        for (bytes, said) in [
            (&b"GET / HTTP/1.1"[..], "does not end with ||"),
            ("220100000001;矿;2019-08-01 08:00:00~一;二~||".as_bytes(), "of no type that is known"),
        ] {
            let documents = decode(bytes, None);
            let [Err(refused)] = &documents[..] else { panic!("{documents:?}") };
            assert!(
                refused["error"].as_str().is_some_and(|error| error.contains(said)),
                "{refused}"
            );
        }
    }
}
