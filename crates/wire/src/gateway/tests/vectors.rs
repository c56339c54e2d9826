//! The published vectors, and every way a message cannot be opened.

use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use base64::Engine as _;

use super::super::{
    Cause, Cipher, Encoding, Key, KeyError, Message, OpenError, Payload, close, open, parse,
};
use super::{LEVEL, LEVEL_CLOSED, envelope, key};

const SM4_KEY: &str = "0x0123456789ABCDEFFEDCBA9876543210 0x00000000000000000000000000000000";

#[track_caller]
fn check(words: &str, cipher: Cipher, plain: &str, closed: &str) {
    let key = Key::parse(words).expect("a key");
    assert_eq!(key.cipher(), cipher);
    assert_eq!(key.close(plain.as_bytes()), closed);
    let opened = key.open(closed, |bytes| Ok(bytes.to_vec())).expect("it is of this key");
    assert_eq!(opened, plain.as_bytes());
}

#[test]
fn each_cipher_gives_the_published_text() {
    let aes = "0123456789ABCDEF ABCDEF0123456789";
    check(aes, Cipher::Aes128, r#"{"a":1}"#, "FQJJxypUe9iZShFodtR6JQ==");
    let aes = "aes base64 0123456789ABCDEF0123456789ABCDEF ABCDEF0123456789";
    check(aes, Cipher::Aes256, r#"{"a":1}"#, "6LP/ti65EOXZHlYIThUgzA==");
    let sm4 = format!("sm4 hex {SM4_KEY}");
    check(&sm4, Cipher::Sm4, r#"{"a":1}"#, "DB8F98866DC8B812680B04A54DB32CBA");
    let sm4 = format!("SM4 Base64 {SM4_KEY}");
    check(&sm4, Cipher::Sm4, r#"{"a":1}"#, "24+Yhm3IuBJoCwSlTbMsug==");
    check("0123456789ABCDEF ABCDEF0123456789", Cipher::Aes128, LEVEL, LEVEL_CLOSED);
}

/// FIPS 197 appendix C.1 and C.3, and GB/T 32907-2016 annex A.1.
#[test]
fn each_block_cipher_gives_the_block_of_its_standard() {
    #[track_caller]
    fn check<C: BlockCipherEncrypt + BlockCipherDecrypt + KeyInit>(
        secret: &str,
        plain: &str,
        closed: &str,
    ) {
        let cipher = C::new_from_slice(&hex::decode(secret).expect("hex")).expect("its length");
        let mut block = Array::try_from(&hex::decode(plain).expect("hex")[..]).expect("a block");
        cipher.encrypt_block(&mut block);
        assert_eq!(hex::encode(&block), closed);
        cipher.decrypt_block(&mut block);
        assert_eq!(hex::encode(&block), plain);
    }
    let long = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    let plain = "00112233445566778899aabbccddeeff";
    check::<aes::Aes128>(&long[..32], plain, "69c4e0d86a7b0430d8cdb78070b4c55a");
    check::<aes::Aes256>(long, plain, "8ea2b7ca516745bfeafc49904b496089");
    let both = "0123456789abcdeffedcba9876543210";
    check::<sm4::Sm4>(both, both, "681edf34d206965e86b3e94f536e4246");
}

#[test]
fn the_published_message_is_one_level_of_one_tank() {
    let raw = format!(
        r#"{{"appId":"app-1","serviceId":"svc-1","dataId":"d-0001","data":"{LEVEL_CLOSED}"}}@@"#
    );
    let (Message::Request(read), rest) = parse(raw.as_bytes()).expect("a message") else {
        panic!("it is no answer");
    };
    assert_eq!((read.clone(), rest), (envelope("d-0001", LEVEL_CLOSED), &b""[..]));
    let payload = open(&read, &key()).expect("the dummy key is its own");
    assert_eq!(payload, Payload::parse(LEVEL).expect("a report"));
    let readings: Vec<_> = payload.readings().collect();
    let [reading] = readings[..] else { panic!("one reading: {readings:?}") };
    assert_eq!((reading.point, reading.value.number()), ("220000001001G0001YW001", Some(8.42)));
    assert_eq!(reading.time.to_beijing(), "2019-08-01 08:00:00");
}

#[test]
fn whatever_keeps_a_message_closed_is_said_in_one_sentence() {
    let closed = |text: &[u8]| key().close(text);
    let other = Key::parse("FEDCBA9876543210 ABCDEF0123456789").expect("a key");
    let bad_padding = {
        // One block that decrypts to sixteen bytes of 0x00: no padding has that.
        let engine = base64::engine::general_purpose::STANDARD;
        let two = engine.decode(closed(&[0; 16])).expect("base64");
        engine.encode(&two[..16])
    };
    for (data, cause) in [
        ("not base64!".to_owned(), Cause::Encoding),
        ("AAAA".to_owned(), Cause::Length(3)),
        ("====".to_owned(), Cause::Encoding),
        (bad_padding, Cause::Padding),
        (closed(&[0xFF, 0xFE]), Cause::Text),
    ] {
        let error = open(&envelope("d", &data), &key()).expect_err("it stays closed");
        let OpenError::Unopened(unopened) = &error else { panic!("{error:?}") };
        assert_eq!(unopened.cause, cause);
        assert_eq!(error.to_string(), "data cannot be opened with the key of its sender");
    }
    for data in [other.close(LEVEL.as_bytes()), closed(b"{"), closed(b"[1]"), closed(b"")] {
        let error = open(&envelope("d", &data), &key()).expect_err("it stays closed");
        assert!(matches!(error, OpenError::Unopened(_)), "{error:?}");
        assert_eq!(error.to_string(), "data cannot be opened with the key of its sender");
    }
    let error = open(&envelope("d", &closed(b"{}")), &key()).expect_err("no report");
    assert!(matches!(error, OpenError::Payload(_)), "{error:?}");
}

#[test]
fn every_wrong_padding_is_found_and_every_right_one_taken_off() {
    for length in 0..=33 {
        let text = vec![b'x'; length];
        let closed = key().close(&text);
        assert_eq!(key().open(&closed, |bytes| Ok(bytes.to_vec())), Ok(text), "{length}");
    }
    // The last byte of the block before the last one moves the last byte of the padding.
    let engine = base64::engine::general_purpose::STANDARD;
    let closed = engine.decode(key().close(&[b'x'; 28])).expect("base64");
    assert_eq!(closed.len(), 32);
    for flip in 1..=255_u8 {
        let mut forged = closed.clone();
        forged[15] ^= flip;
        let mut was_read = false;
        let opened = key().open(&engine.encode(&forged), |bytes| {
            was_read = true;
            Ok(bytes.len())
        });
        assert!(was_read, "the work is the same for every padding");
        // Padding was 4 4 4 4: only a last byte of 1 is another right one.
        match 4 ^ flip {
            1 => assert_eq!(opened, Ok(31)),
            _ => assert_eq!(opened.expect_err("wrong").cause, Cause::Padding),
        }
    }
}

#[test]
fn base64_is_read_as_encoders_of_the_field_write_it() {
    let broken: String = LEVEL_CLOSED
        .as_bytes()
        .chunks(76)
        .map(|line| format!("{}\r\n", String::from_utf8_lossy(line)))
        .collect();
    for data in [broken, LEVEL_CLOSED.trim_end_matches('=').to_owned()] {
        let payload = open(&envelope("d-0001", &data), &key()).expect("it is the same message");
        assert_eq!(close(&payload, &key()).len(), LEVEL_CLOSED.len());
    }
    let hex = Key::parse("aes hex 0123456789ABCDEF ABCDEF0123456789").expect("a key");
    assert_eq!(hex.encoding(), Encoding::Hex);
    let closed = hex.close(LEVEL.as_bytes());
    assert!(closed.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F')));
    for data in [closed.clone(), closed.to_lowercase()] {
        assert!(open(&envelope("d", &data), &hex).is_ok());
    }
}

#[test]
fn a_key_has_one_form_and_is_never_shown() {
    for words in [
        "aes base64 0123456789ABCDEF ABCDEF0123456789",
        "sm4 hex 0x0123456789ABCDEFFEDCBA9876543210 0x00000000000000000000000000000000",
    ] {
        let key = Key::parse(words).expect("a key");
        assert_eq!(key.words(), words);
        assert_eq!(Key::parse(&key.words()), Ok(key.clone()));
        let shown = format!("{key:?}");
        assert!(!shown.contains("0123") && !shown.contains("FEDC"), "{shown}");
    }
    for (typed, error) in [
        ("", KeyError::Words(0)),
        ("secret", KeyError::Words(1)),
        ("des base64 0123456789ABCDEF ABCDEF0123456789", KeyError::Cipher),
        ("aes utf8 0123456789ABCDEF ABCDEF0123456789", KeyError::Encoding),
        ("0123456789ABCDEF0123456A ABCDEF0123456789", KeyError::Key(24)),
        ("sm4 hex 0123456789ABCDEF0123456789ABCDEF ABCDEF0123456789", KeyError::Key(32)),
        ("0123456789ABCDEF ABCDEF", KeyError::Iv(6)),
    ] {
        assert_eq!(Key::parse(typed), Err(error.clone()), "{typed}");
        assert!(!error.to_string().contains("0123"));
    }
}
