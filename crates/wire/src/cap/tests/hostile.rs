//! Bytes that mean harm, and encodings.

use super::super::{Faults, Limits, Message, ReadError, parse, parse_feed};
use super::{GOOD, fixture, good, read};

fn refused(bytes: &[u8]) -> ReadError {
    parse(bytes, &Limits::default()).map(|message| message.alert).expect_err("it is no message")
}

#[test]
fn document_types_and_entities_are_refused() {
    let bomb = GOOD.replace("<alert", "<!DOCTYPE a [<!ENTITY b \"bbbb\">]>\n<alert");
    assert_eq!(refused(bomb.as_bytes()), ReadError::Doctype { line: 2 });
    assert_eq!(refused(&fixture("xee.cap")), ReadError::Doctype { line: 3 });
    let feed = parse_feed(&fixture("xee.atom"), &Limits::default());
    assert_eq!(feed, Err(ReadError::Doctype { line: 3 }));
    let entity = GOOD.replace("暴雨橙色预警", "&xxe;");
    assert!(matches!(refused(entity.as_bytes()), ReadError::Entity { line: 20, .. }));
    let attribute = GOOD.replace("<alert ", "<alert a=\"&xxe;\" ");
    assert!(matches!(refused(attribute.as_bytes()), ReadError::Entity { line: 2, .. }));
    for bad in ["&#0;", "&#x1F;", "&#xFFFE;", "&#xD800;", "&#99999999;"] {
        let text = GOOD.replace("暴雨橙色预警", bad);
        let error = refused(text.as_bytes());
        assert!(matches!(error.code(), "CHARACTER" | "ENTITY"), "{bad}: {error}");
    }
}

#[test]
fn what_is_beyond_a_limit_is_refused_with_its_place() {
    let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
    assert_eq!(refused(deep.as_bytes()), ReadError::Deep { line: 1, most: 32 });
    let endless = "<a>".repeat(1_000_000);
    assert_eq!(refused(endless.as_bytes()), ReadError::Deep { line: 1, most: 32 });
    let many = format!("<alert>{}</alert>", "<a/>".repeat(100_001));
    assert_eq!(refused(many.as_bytes()), ReadError::Many { line: 1, most: 100_000 });
    let attributes: String = (0..33).map(|number| format!(" a{number}=''")).collect();
    let text = format!("<alert{attributes}/>");
    assert_eq!(refused(text.as_bytes()), ReadError::Attributes { line: 1, most: 32 });
    let bindings: String = (0..30).map(|number| format!(" xmlns:a{number}='u'")).collect();
    let text = format!("<a{bindings}><a{bindings}><a{bindings}/></a></a>");
    assert_eq!(refused(text.as_bytes()), ReadError::Attributes { line: 1, most: 64 });
    let large = vec![b' '; (4 << 20) + 1];
    assert!(matches!(refused(&large), ReadError::Large { .. }));
}

#[test]
fn faults_are_counted_and_not_heaped_up() {
    let many = "<geocode><value>x</value></geocode>".repeat(5_000);
    let faults = read(&GOOD.replace("<altitude>", &format!("{many}<altitude>"))).faults;
    assert_eq!((faults.list.len(), faults.more), (Faults::MOST, 5_000 - Faults::MOST));
}

#[test]
fn what_is_said_of_a_document_is_short_however_long_its_words_are() {
    let long = "x".repeat(100_000);
    for text in [
        "<".repeat(100_000),
        format!("<{long}>"),
        format!("<{long}/>"),
        format!("<{long}></b>"),
        format!("<alert xmlns='{long}'/>"),
        format!("<{long}:a/>"),
        format!("<a>&{long};</a>"),
        format!("<a b='&{long};'/>"),
        format!("<a {long} {long}/>"),
        format!("<?xml version='1.0' encoding='{}'?><a/>", &long[..200]),
    ] {
        let error = refused(text.as_bytes()).to_string();
        assert!(error.len() <= 400, "{} bytes: {error:.100}", error.len());
        let error = parse_feed(text.as_bytes(), &Limits::default()).expect_err("no feed");
        assert!(error.to_string().len() <= 400);
    }
    let text = GOOD.replace("Expected", &long);
    let text = text.replace("<code>cn</code>", &format!("<code>cn</code><{long}></{long}>"));
    let faults = read(&text).faults;
    assert_eq!(faults.list.len(), 2);
    assert!(faults.list.iter().all(|fault| fault.to_string().len() <= 400));
}

#[test]
fn what_is_not_well_formed_is_refused_with_its_line() {
    for (text, line) in [
        ("", 1),
        ("   ", 1),
        ("hello", 1),
        ("<alert>\n<a></alert>", 2),
        ("<alert>\n\n<info>", 3),
        ("<alert/>\n<alert/>", 2),
        ("<alert/>\nmore", 2),
        ("</alert>", 1),
        ("<x:alert/>", 1),
        ("<alert a='1' a='2'/>", 1),
        ("<alert a=1/>", 1),
        ("<alert>\n<![CDATA[x", 2),
    ] {
        match refused(text.as_bytes()) {
            ReadError::Xml { line: seen, .. } => assert_eq!(seen, line, "{text}"),
            other => panic!("{text}: {other}"),
        }
    }
}

#[test]
fn texts_in_other_encodings_are_read() {
    let gb = |label: &str| {
        let text = GOOD.replace("UTF-8", label);
        encoding_rs::GB18030.encode(&text).0.into_owned()
    };
    for label in ["GBK", "gb2312", "GB18030"] {
        let message = parse(&gb(label), &Limits::default()).expect("it says what it is");
        assert_eq!(message.alert, good(), "{label}");
    }
    let marked = [b"\xef\xbb\xbf", GOOD.as_bytes()].concat();
    assert_eq!(parse(&marked, &Limits::default()).map(|it| it.alert), Ok(good()));
    for (mark, little) in [(true, true), (true, false), (false, true), (false, false)] {
        let said = GOOD.replace("UTF-8", "UTF-16");
        let units = mark.then_some(0xfeff).into_iter().chain(said.encode_utf16());
        let bytes: Vec<u8> =
            units.flat_map(|it| if little { it.to_le_bytes() } else { it.to_be_bytes() }).collect();
        assert_eq!(parse(&bytes, &Limits::default()).map(|it| it.alert), Ok(good()));
    }
}

#[test]
fn bytes_that_are_not_what_they_say_are_refused() {
    let gb = encoding_rs::GB18030.encode(GOOD).0.into_owned();
    let at = GOOD.find("暴").expect("a Chinese word");
    assert!(matches!(refused(&gb), ReadError::Bytes { encoding: "UTF-8", at: it, .. } if it == at));
    let mut cut = encoding_rs::GB18030.encode(&GOOD.replace("UTF-8", "GBK")).0.into_owned();
    cut[at - 2] = 0xff;
    assert!(
        matches!(refused(&cut), ReadError::Bytes { encoding: "GBK", .. }),
        "{:?}",
        refused(&cut)
    );
    for label in ["UTF-16", "EBCDIC-CP-US", "x\"", ""] {
        let text = GOOD.replacen("\"UTF-8\"", &format!("'{label}'"), 1);
        assert!(matches!(refused(text.as_bytes()), ReadError::Encoding { .. }), "{label}");
    }
    let zero = GOOD.replace("暴雨橙色预警", "a\u{0}b");
    assert_eq!(refused(zero.as_bytes()), ReadError::Character { code: 0, line: 20 });
}

#[test]
fn comments_cdata_instructions_and_attributes_do_not_change_a_value() {
    let headline = "<headline>暴雨橙色预警</headline>";
    for same in [
        "<headline>暴雨<!-- 黄 -->橙色预警</headline>",
        "<headline><![CDATA[暴雨]]>橙色<?x y?>预警</headline>",
        "<headline>&#x66B4;&#38632;橙色预警</headline>",
        "<headline xsi:type=\"xs:string\" xmlns:xsi=\"urn:i\" lang=\"zh\">\r\n 暴雨橙色预警\t</headline>",
    ] {
        let message = read(&GOOD.replace(headline, same));
        assert_eq!((message.alert, message.faults.list), (good(), vec![]), "{same}");
    }
    let markup = read(&GOOD.replace(headline, "<headline><![CDATA[<b>&amp;</b>]]></headline>"));
    assert_eq!(markup.alert.info[0].headline.as_deref(), Some("<b>&amp;</b>"));
}

#[test]
fn a_signature_is_kept_as_it_stands() {
    let bytes = fixture("earthquake_signed.cap");
    let Message { signatures, foreign, .. } = parse(&bytes, &Limits::default()).expect("a message");
    assert_eq!((signatures.len(), foreign.len()), (1, 0));
    let text = String::from_utf8(bytes).expect("plain letters").replace("\r\n", "\n");
    let (from, to) = (text.find("<Signature "), text.find("</alert>"));
    let (from, to) = from.zip(to).expect("both");
    assert_eq!(signatures[0], text[from..to]);
}
