//! What an update refers to, and what holds.

use base::Timestamp;

use super::super::{
    Alert, ChainError, MsgType, Reference, References, Status, Time, check, in_force, references,
};
use super::good;

fn at(hour: i8) -> Timestamp {
    Timestamp::from_beijing([2026, 8, 3], [hour, 0, 0]).expect("an hour")
}

/// A message of `hour`, in force until `end`.
fn message(name: &str, msg_type: MsgType, hour: i8, end: i8) -> Alert {
    let mut alert = good();
    alert.identifier = name.into();
    alert.msg_type = Some(msg_type);
    alert.sent = Time::beijing(at(hour));
    alert.info[0].expires = Some(Time::beijing(at(end)));
    alert
}

fn names(references: &References) -> Vec<String> {
    references.references().expect("triples").into_iter().map(|it| it.identifier).collect()
}

fn after(name: &str, msg_type: MsgType, hour: i8, end: i8, earlier: &[Alert]) -> Alert {
    let references = references(earlier, at(hour)).expect("a chain");
    Alert { references: Some(references), ..message(name, msg_type, hour, end) }
}

#[test]
fn an_update_names_all_that_has_not_expired_in_the_order_of_sending() {
    let first = message("a", MsgType::Alert, 1, 4);
    let second = after("b", MsgType::Update, 2, 12, std::slice::from_ref(&first));
    assert_eq!(names(second.references.as_ref().expect("one")), ["a"]);
    let third =
        after("c", MsgType::Update, 3, 12, &[second.clone(), first.clone(), second.clone()]);
    assert_eq!(names(third.references.as_ref().expect("two")), ["a", "b"]);
    assert_eq!(check(&third).list, []);
    // At five the first has expired.
    let end = after("d", MsgType::Cancel, 5, 12, &[third.clone(), first.clone(), second.clone()]);
    assert_eq!(names(end.references.as_ref().expect("two")), ["b", "c"]);
    assert_eq!(check(&end).list, []);

    let all = [end, third, first, second];
    assert_eq!(in_force(&all[2..3], at(3)), [0]);
    assert_eq!(in_force(&all[1..], at(3)), [0], "the third replaces what it names");
    assert_eq!(in_force(&all, at(6)), [] as [usize; 0]);
}

#[test]
fn the_newest_is_named_though_all_have_expired() {
    let chain = [message("a", MsgType::Alert, 1, 2), message("b", MsgType::Update, 2, 3)];
    assert_eq!(names(&references(&chain, at(9)).expect("a chain")), ["b"]);
    let mut endless = message("a", MsgType::Alert, 1, 2);
    endless.info[0].expires = None;
    let chain = [endless, message("b", MsgType::Update, 2, 3)];
    assert_eq!(names(&references(&chain, at(9)).expect("a chain")), ["a", "b"]);
}

#[test]
fn what_cannot_be_followed_is_refused() {
    let first = message("a", MsgType::Alert, 1, 4);
    assert_eq!(references(&[], at(1)), Err(ChainError::Empty));
    let ack = Alert { msg_type: Some(MsgType::Ack), ..first.clone() };
    assert_eq!(references(&[ack], at(1)), Err(ChainError::Empty));
    let cancelled = [first.clone(), message("b", MsgType::Cancel, 2, 4)];
    assert!(matches!(references(&cancelled, at(3)), Err(ChainError::Cancelled(_))));
    let stranger = Alert { sender: "other".into(), ..first.clone() };
    let mixed = references(&[first.clone(), stranger], at(3));
    assert!(matches!(mixed, Err(ChainError::Mixed { what: "sender", .. })));
    let real = Alert { status: Some(Status::Actual), ..first.clone() };
    let mixed = references(&[first.clone(), real], at(3));
    assert!(matches!(mixed, Err(ChainError::Mixed { what: "status", .. })));
    for (identifier, sent) in [("a b", "2026-08-03T01:00:00+08:00"), ("a", "2026-08-03T01:00:00Z")]
    {
        let bad =
            Alert { identifier: identifier.into(), sent: Time::from_text(sent), ..first.clone() };
        assert!(matches!(references(&[bad], at(3)), Err(ChainError::Nameless(_))), "{identifier}");
    }
}

#[test]
fn nobody_ends_the_warning_of_another_and_an_exercise_ends_no_real_one() {
    let first = Alert { status: Some(Status::Actual), ..message("a", MsgType::Alert, 1, 12) };
    let end = Alert {
        status: Some(Status::Actual),
        ..after("b", MsgType::Cancel, 2, 12, std::slice::from_ref(&first))
    };
    let stranger = Alert { sender: "other".into(), ..end.clone() };
    let exercise = Alert { status: Some(Status::Exercise), ..end.clone() };
    for other in [stranger, exercise] {
        assert_eq!(in_force(&[other, first.clone()], at(3)), [1]);
    }
    assert_eq!(in_force(&[end.clone(), first.clone()], at(3)), [] as [usize; 0]);
    // The same moment on another clock is the same message.
    let elsewhere =
        Reference { sent: Time::from_text("2026-08-02T17:00:00+00:00"), ..first.reference() };
    let end = Alert { references: Some(References::from_references([&elsewhere])), ..end };
    assert_eq!(in_force(&[end, first], at(3)), [] as [usize; 0]);
}
