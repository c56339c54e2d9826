use super::*;

#[test]
fn a_protocols_code_is_what_json_and_the_database_hold() {
    for protocol in Protocol::ALL {
        assert_eq!(serde_json::to_value(protocol).expect("a word"), protocol.code());
        assert_eq!(protocol.code().parse::<Protocol>().expect("its own code"), *protocol);
    }
    assert!("sl650".parse::<Protocol>().is_err());
}

#[test]
fn every_element_has_its_words_and_stands_once() {
    for protocol in Protocol::ALL {
        let elements = protocol.elements();
        assert!(protocol.is_open() || !elements.is_empty(), "{}", protocol.code());
        for (number, element) in elements.iter().enumerate() {
            let named = format!("{} {}", protocol.code(), element.code);
            assert!(!element.word.is_empty() && element.word_en.is_ascii(), "{named}");
            assert!(!element.word_en.is_empty(), "{named} has no English word");
            assert_eq!(protocol.element_word(element.code), element.word, "{named}");
            let again = elements[..number].iter().any(|other| other.code == element.code);
            assert!(!again, "{named} stands twice");
            assert!(element.is_common || element.usual_for.is_empty(), "{named}");
        }
    }
}

#[test]
fn a_layout_covers_any_bytes_once_and_in_order() {
    let noises: [&[u8]; 5] =
        [b"", b"\x7E", b"GET / HTTP/1.1\r\n\r\n", &[0x7E; 40], "烽燧".as_bytes()];
    for (protocol, raw) in Protocol::ALL.iter().flat_map(|it| noises.map(|raw| (it, raw))) {
        let mut at = 0;
        for span in protocol.layout(raw) {
            assert_eq!(span.start, at, "{} {raw:?}", protocol.code());
            at += span.len;
        }
        assert_eq!(at, raw.len(), "{} {raw:?}", protocol.code());
    }
}

#[test]
fn a_code_and_a_password_have_one_form() {
    for protocol in Protocol::ALL {
        for nonsense in ["", "河道", "\n"] {
            assert!(protocol.station_code(nonsense).is_err(), "{}", protocol.code());
        }
        if let Some(key) = protocol.new_key(&[0xA7; 32]) {
            assert_eq!(protocol.password(&key).expect("its own key"), key);
            assert_ne!(protocol.new_key(&[0xA8; 32]), Some(key), "{}", protocol.code());
        }
        assert!(protocol.new_key(&[0; 32]).is_some() || !protocol.needs_key());
        if protocol.password_form().is_none() {
            assert!(protocol.password("1234").is_err(), "{} carries none", protocol.code());
        }
        let error = protocol.password("").expect_err("no password is empty");
        let Error::Invalid { field, .. } = error else { panic!("{error:?}") };
        assert_eq!(field, "password", "{}", protocol.code());
    }
}
