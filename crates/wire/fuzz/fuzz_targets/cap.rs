//! CAP: messages and feeds of any bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::cap::{
    Limits, check, describe, describe_feed, from_description, parse, parse_feed, write, write_as_is,
};

fuzz_target!(|data: &[u8]| {
    let limits = Limits::default();
    if let Ok(feed) = parse_feed(data, &limits) {
        describe_feed(&feed);
    }
    let Ok(message) = parse(data, &limits) else { return };
    let alert = message.alert.clone().upgraded();
    let again = parse(&write_as_is(&alert), &limits).expect("what was written is read");
    assert_eq!(again.alert, alert);
    let strict = write(&alert);
    assert_eq!(strict.is_ok(), check(&alert).is_empty());
    assert_eq!(from_description(&describe(&message)).ok(), strict.ok());
});
