//! Both sides against each other, without a socket.

use std::collections::VecDeque;

use base::{Duration, Timestamp};

use super::super::{
    Device, DeviceConfig, Envelope, FailureId, Form, Message, Payload, Platform, PlatformConfig,
    Quota, ReportKind, Response, Row, Value, open, parse,
};
use super::{LEVEL_CLOSED, at, bytes, key};
use crate::session::{CloseReason, CommandResult, Outcome, Output, Session, Token};

/// A level of one tank, collected then.
fn level(seconds: i64, value: &str) -> Payload {
    Payload {
        data_id: None,
        enterprise: "220000001".to_owned(),
        enterprise_name: None,
        enterprise_type: None,
        gateway: "22000000101".to_owned(),
        collected: at(seconds),
        is_connected: Some(true),
        kind: ReportKind::Report,
        data_type: None,
        rows: vec![Row::Quota(Quota {
            quota_id: "220000001001G0001YW001".to_owned(),
            value: Value::parse(value),
            is_valid: None,
            more: serde_json::Map::new(),
        })],
        form: Form::HAZCHEM,
        more: serde_json::Map::new(),
    }
}

/// A device, a platform, and the wire between them.
struct Link {
    device: Device,
    platform: Platform,
    now: Timestamp,
    /// What the platform's driver says to each message, in order; stored when empty.
    outcomes: VecDeque<Outcome>,
    stored: Vec<Payload>,
    done: Vec<CommandResult>,
    answers: Vec<Response>,
    closed: Vec<CloseReason>,
    is_cut: bool,
}

impl Link {
    fn new() -> Link {
        let config = DeviceConfig::new("app-1", "svc-1", key());
        Link {
            device: Device::new(config, at(0)),
            platform: Platform::new(PlatformConfig::default(), at(0)),
            now: at(0),
            outcomes: VecDeque::new(),
            stored: Vec::new(),
            done: Vec::new(),
            answers: Vec::new(),
            closed: Vec::new(),
            is_cut: false,
        }
    }

    fn report(&mut self, seconds: i64, value: &str) {
        self.device.command(self.now, level(seconds, value)).expect("there is room");
        self.run();
    }

    fn run(&mut self) {
        loop {
            let mut moved = false;
            while let Some(output) = self.device.poll() {
                moved = true;
                match output {
                    Output::Send(bytes) if !self.is_cut => self.platform.input(self.now, &bytes),
                    Output::Send(_) => {}
                    Output::Frame { frame, .. } => self.answers.push(frame),
                    Output::Done { result, .. } => self.done.push(result),
                    Output::Close(reason) => self.closed.push(reason),
                    Output::Reject { reason, .. } => panic!("{reason}"),
                }
            }
            while let Some(output) = self.platform.poll() {
                moved = true;
                match output {
                    Output::Send(bytes) => self.device.input(self.now, &bytes),
                    Output::Frame { token, frame, .. } => self.judge(token, &frame),
                    Output::Close(reason) => self.closed.push(reason),
                    other => panic!("{other:?}"),
                }
            }
            if !moved {
                return;
            }
        }
    }

    fn judge(&mut self, token: Token, frame: &Envelope) {
        let outcome = self.outcomes.pop_front().unwrap_or(Outcome::Stored);
        if outcome == Outcome::Stored {
            self.stored.push(open(frame, &key()).expect("of its key"));
        }
        self.platform.settle(self.now, token, outcome);
    }

    fn pass(&mut self, seconds: i64) {
        self.now = self.now + Duration::from_secs(seconds);
        self.device.tick(self.now);
        self.run();
    }

    fn told(&self) -> Vec<(String, &str)> {
        let told = |payload: &Payload| {
            let value = payload.readings().next().and_then(|it| it.value.number());
            (
                value.unwrap_or_default().to_string(),
                if payload.kind == ReportKind::Continues { "caught up" } else { "live" },
            )
        };
        self.stored.iter().map(told).collect()
    }
}

#[test]
fn a_report_is_answered_only_when_it_is_stored() {
    let mut platform = Platform::new(PlatformConfig::default(), at(0));
    platform.input(at(0), &bytes("d-7", LEVEL_CLOSED));
    let Some(Output::Frame { token, frame, raw }) = platform.poll() else { panic!("a frame") };
    assert_eq!((frame.app_id.as_str(), raw), ("app-1", bytes("d-7", LEVEL_CLOSED)));
    assert_eq!(platform.poll(), None, "nothing is said before the disk has it");
    platform.settle(at(1), token, Outcome::Stored);
    let Some(Output::Send(answer)) = platform.poll() else { panic!("an answer") };
    assert_eq!(answer, br#"{"success":true,"dataId":"d-7"}@@"#);
    platform.settle(at(1), token, Outcome::Stored);
    assert_eq!(platform.poll(), None, "once");
}

#[test]
fn reports_go_out_in_order_and_are_all_answered() {
    let mut link = Link::new();
    for number in 0..5 {
        link.report(number, &format!("8.{number}"));
    }
    let values: Vec<String> = link.told().into_iter().map(|told| told.0).collect();
    assert_eq!(values, ["8", "8.1", "8.2", "8.3", "8.4"]);
    assert_eq!(link.done, [CommandResult::Answered; 5]);
    assert_eq!(link.device.unanswered(), 0);
    let ids: Vec<_> = link.answers.iter().filter_map(|it| it.data_id.as_deref()).collect();
    assert_eq!(ids, ["d-1", "d-2", "d-3", "d-4", "d-5"]);
}

#[test]
fn a_busy_platform_is_silent_and_hears_the_same_message_again() {
    let mut link = Link::new();
    link.outcomes = VecDeque::from([Outcome::Busy]);
    link.report(0, "8.42");
    assert_eq!((link.done.len(), link.device.unanswered()), (0, 1));
    link.pass(19);
    assert_eq!(link.stored.len(), 0);
    link.pass(1);
    assert_eq!(link.told(), [("8.42".to_owned(), "live")], "the link never broke");
    assert_eq!(link.done, [CommandResult::Answered]);
}

#[test]
fn after_two_repeats_a_report_is_given_back() {
    let mut link = Link::new();
    link.outcomes = VecDeque::from(vec![Outcome::Busy; 3]);
    link.report(0, "8.42");
    link.pass(20);
    link.pass(20);
    assert_eq!(link.done, []);
    link.pass(20);
    assert_eq!((&link.done[..], link.outcomes.len()), (&[CommandResult::Unanswered][..], 0));
}

#[test]
fn what_a_broken_link_swallowed_is_caught_up_as_such() {
    let mut link = Link::new();
    link.is_cut = true;
    link.report(0, "8.1");
    link.report(30, "8.2");
    assert_eq!((link.stored.len(), link.device.unanswered()), (0, 2));
    link.is_cut = false;
    link.platform = Platform::new(PlatformConfig::default(), link.now);
    link.device.reconnect(link.now);
    link.run();
    link.report(60, "8.3");
    // The second was never out, so it is still news when it goes.
    let expected = [("8.1", "caught up"), ("8.2", "live"), ("8.3", "live")];
    assert_eq!(link.told(), expected.map(|(value, kind)| (value.to_owned(), kind)));
    assert_eq!(link.stored[0].data_id.as_deref(), Some("d-1"), "it keeps its name");
    assert_eq!(link.device.unanswered(), 0);
}

#[test]
fn a_refusal_says_the_same_whatever_the_reason() {
    let mut link = Link::new();
    let reasons = ["unknown station", "wrong password", "INVALID_SERVICE_ID: no such service"];
    link.outcomes = reasons.map(|reason| Outcome::Refused(reason.to_owned())).into();
    for number in 0..3 {
        link.report(number, "8");
    }
    let told: Vec<_> = link.answers.iter().map(|it| it.error.clone().expect("why")).collect();
    assert_eq!(told[0], told[1]);
    assert_eq!((told[0].code.as_str(), told[0].id.as_str()), ("400", "SYSTEM_ERROR"));
    assert_eq!((told[2].code.as_str(), told[2].id.as_str()), ("401", "INVALID_SERVICE_ID"));
    assert_eq!(link.done, [CommandResult::Unanswered; 3]);
    assert_eq!(FailureId::of("INVALID_INTERFACE"), FailureId::InvalidInterface);
}

#[test]
fn what_is_no_message_is_answered_and_one_without_end_ends_the_connection() {
    let config = PlatformConfig { max_message: 200, ..PlatformConfig::default() };
    let mut platform = Platform::new(config, at(0));
    platform.input(at(0), b"hello@@");
    assert!(matches!(platform.poll(), Some(Output::Reject { .. })));
    let Some(Output::Send(answer)) = platform.poll() else { panic!("an answer") };
    let Ok((Message::Response(answer), _)) = parse(&answer) else { panic!("an answer") };
    assert_eq!((answer.is_success, answer.data_id), (false, None));
    assert_eq!(platform.poll(), None, "the connection stays");
    platform.input(at(1), &[b'x'; 203]);
    assert!(matches!(platform.poll(), Some(Output::Reject { .. })));
    assert!(matches!(platform.poll(), Some(Output::Send(_))), "told before it is closed");
    assert_eq!(platform.poll(), Some(Output::Close(CloseReason::Broken)));
    platform.input(at(2), &bytes("d-1", "AAAA"));
    assert_eq!((platform.poll(), platform.deadline()), (None, None));
}

#[test]
fn a_silent_connection_is_closed() {
    let mut platform = Platform::new(PlatformConfig::default(), at(0));
    platform.input(at(60), &bytes("d-1", "AAAA"));
    while platform.poll().is_some() {}
    assert_eq!(platform.deadline(), Some(at(60 + 15 * 60)));
    platform.tick(at(60 + 15 * 60 - 1));
    assert_eq!(platform.poll(), None);
    platform.tick(at(60 + 15 * 60));
    assert_eq!(platform.poll(), Some(Output::Close(CloseReason::Idle { millis: 900_000 })));
}

#[test]
fn messages_that_nobody_settles_are_forgotten_beyond_their_limit() {
    let config = PlatformConfig { max_unsettled: 2, ..PlatformConfig::default() };
    let mut platform = Platform::new(config, at(0));
    for number in 0..3 {
        platform.input(at(0), &bytes(&format!("d-{number}"), "AAAA"));
    }
    while platform.poll().is_some() {}
    platform.settle(at(0), Token(1), Outcome::Stored);
    assert_eq!(platform.poll(), None);
    platform.settle(at(0), Token(2), Outcome::Stored);
    assert!(matches!(platform.poll(), Some(Output::Send(_))));
}
