//! A simulated logger at a river of its own, which posts readings over HTTP.
//!
//! Each report is a request on a connection of its own: of two answers on one connection
//! nobody could say which report the second belongs to when a request went out twice.

use std::collections::{BTreeMap, VecDeque};

use base::{Duration, Timestamp};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wire::session::{
    CloseReason, CommandError, CommandId, CommandResult, Outcome, Output, Session, Token,
};

use super::scenario::{check_logged, document, logged};
use super::{Dice, Plays, RisingRiver};

/// One simulated client.
#[derive(Debug, Clone, PartialEq)]
pub struct Device {
    /// Its code, which is the user of HTTP Basic.
    pub code: String,
    pub key: String,
    /// Of [`super::LOGGED`].
    pub elements: Vec<String>,
    pub river: RisingRiver,
    /// What else it measures.
    pub gauges: Vec<Gauge>,
}

/// Something that moves a little within a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Gauge {
    /// As the messages name it.
    pub name: String,
    /// In the middle, and how far it moves from there, in its own unit.
    pub middle: f64,
    pub swing: f64,
}

impl Plays for Device {
    type Session = Posting;
    type Values = Vec<(String, f64)>;

    const OUTLIVES: bool = true;

    fn check(&self) -> Result<(), String> {
        check_logged(&self.elements)
    }

    /// A body carries no check: a wrong digit is a wrong number that nobody can tell, so
    /// what is broken is the method.
    fn spoil(&self, bytes: &[u8], _: &mut Dice) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        bytes[0] = 0;
        bytes
    }

    fn code(&self) -> String {
        self.code.clone()
    }

    fn open(&self, answer: Duration, _: Timestamp) -> Posting {
        Posting::new(&self.code, &self.key, answer)
    }

    fn values(&self, since: Duration, period: Duration) -> Vec<(String, f64)> {
        let mut values = logged(&self.river, &self.elements, since, period);
        let day = Duration::from_hours(24).as_millis() as f64;
        let wave = (std::f64::consts::TAU * since.as_millis() as f64 / day).sin();
        values.extend(self.gauges.iter().map(|gauge| {
            let value = gauge.middle + gauge.swing * wave;
            (gauge.name.clone(), (value * 1_000.0).round() / 1_000.0)
        }));
        values
    }

    fn report(&self, observed: Timestamp, values: &Vec<(String, f64)>) -> Vec<u8> {
        document(observed, values)
    }

    fn told(values: &Vec<(String, f64)>) -> BTreeMap<String, f64> {
        values.iter().cloned().collect()
    }

    /// An answer repeats no serial of the report.
    fn serial((): &()) -> Option<u64> {
        None
    }

    fn reconnect(session: &mut Posting, now: Timestamp) {
        session.reconnect(now);
    }
}

/// The client's side of `POST /ingest/json`: one report after the other (RFC 9112).
///
/// A report is answered when its status is 200; what was asked on a connection that broke
/// is asked again on the next one.
#[derive(Debug)]
pub struct Posting {
    /// Everything of a request but the length and the body.
    head: String,
    answer: Duration,
    waiting: VecDeque<(CommandId, Vec<u8>)>,
    asked: Option<Asked>,
    /// Of the answer, so far.
    heard: Vec<u8>,
    /// This connection has had its one answer.
    is_over: bool,
    orders: VecDeque<Output<()>>,
    last_id: u64,
}

#[derive(Debug)]
struct Asked {
    id: CommandId,
    body: Vec<u8>,
    until: Timestamp,
}

/// Reports that wait behind the one that is asked.
const MOST_WAITING: usize = 16;
/// Of an answer's head, in bytes and fields.
const LONGEST_HEAD: usize = 16 << 10;
const MOST_FIELDS: usize = 32;

impl Posting {
    pub fn new(code: &str, key: &str, answer: Duration) -> Posting {
        let credentials = STANDARD.encode(format!("{code}:{key}"));
        let head = format!(
            "POST /ingest/json HTTP/1.1\r\nHost: platform\r\n\
             Authorization: Basic {credentials}\r\n\
             Content-Type: application/json\r\nConnection: close\r\n"
        );
        Posting {
            head,
            answer,
            waiting: VecDeque::new(),
            asked: None,
            heard: Vec::new(),
            is_over: false,
            orders: VecDeque::new(),
            last_id: 0,
        }
    }

    /// There is a new connection.
    pub fn reconnect(&mut self, now: Timestamp) {
        self.is_over = false;
        self.ask(now);
    }

    /// Sends the next report when this connection has asked nothing yet.
    fn ask(&mut self, now: Timestamp) {
        if self.is_over || self.asked.is_some() {
            return;
        }
        let Some((id, body)) = self.waiting.pop_front() else { return };
        let mut request = format!("{}Content-Length: {}\r\n\r\n", self.head, body.len());
        request.push_str(&String::from_utf8_lossy(&body));
        self.orders.push_back(Output::Send(request.into_bytes()));
        self.asked = Some(Asked { id, body, until: now + self.answer });
    }

    fn end(&mut self, result: CommandResult, reason: CloseReason) {
        if let Some(Asked { id, .. }) = self.asked.take() {
            self.orders.push_back(Output::Done { command: id, result });
        }
        self.orders.push_back(Output::Close(reason));
        self.is_over = true;
    }
}

/// The status of an answer whose head is whole.
///
/// # Errors
/// What is no head of an answer.
fn status(bytes: &[u8]) -> Result<Option<u16>, httparse::Error> {
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    let parsed = response.parse(bytes)?;
    Ok(if parsed.is_complete() { response.code } else { None })
}

impl Session for Posting {
    type Frame = ();
    /// A JSON document.
    type Command = Vec<u8>;

    fn input(&mut self, _: Timestamp, bytes: &[u8]) {
        if self.is_over {
            return;
        }
        self.heard.extend_from_slice(bytes);
        match status(&self.heard) {
            Ok(Some(200)) => self.end(CommandResult::Answered, CloseReason::Finished),
            Ok(Some(_)) => self.end(CommandResult::Unanswered, CloseReason::Finished),
            Ok(None) if self.heard.len() <= LONGEST_HEAD => {}
            Ok(None) | Err(_) => self.end(CommandResult::Unanswered, CloseReason::Broken),
        }
    }

    fn poll(&mut self) -> Option<Output<()>> {
        self.orders.pop_front()
    }

    fn settle(&mut self, _: Timestamp, _: Token, _: Outcome) {}

    fn command(&mut self, now: Timestamp, body: Vec<u8>) -> Result<CommandId, CommandError> {
        let waiting = self.waiting.len();
        if MOST_WAITING <= waiting {
            return Err(CommandError::Full { waiting, limit: MOST_WAITING });
        }
        self.last_id += 1;
        let id = CommandId(self.last_id);
        self.waiting.push_back((id, body));
        self.ask(now);
        Ok(id)
    }

    fn deadline(&self) -> Option<Timestamp> {
        self.asked.as_ref().map(|asked| asked.until)
    }

    fn tick(&mut self, now: Timestamp) {
        if let Some(asked) = &self.asked
            && asked.until <= now
        {
            let millis = self.answer.as_millis();
            self.end(CommandResult::Unanswered, CloseReason::Idle { millis });
        }
    }

    fn lost(&mut self, _: Timestamp) {
        self.orders.clear();
        self.heard.clear();
        self.is_over = true;
        if let Some(Asked { id, body, .. }) = self.asked.take() {
            self.waiting.push_front((id, body));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn sent(posting: &mut Posting) -> String {
        match posting.poll() {
            Some(Output::Send(bytes)) => String::from_utf8(bytes).expect("text"),
            other => panic!("expected a request, found {other:?}"),
        }
    }

    #[test]
    fn one_report_is_asked_on_a_connection_and_its_answer_is_its_own() {
        let mut posting = Posting::new("logger", "secret", Duration::from_secs(5));
        let first = posting.command(at(0), b"{\"a\":1}".to_vec()).expect("room");
        let second = posting.command(at(0), b"{\"a\":2}".to_vec()).expect("room");
        let request = sent(&mut posting);
        assert!(request.starts_with("POST /ingest/json HTTP/1.1\r\n"), "{request}");
        assert!(request.ends_with("Content-Length: 7\r\n\r\n{\"a\":1}"), "{request}");
        assert!(!request.contains("secret"), "{request}");
        assert_eq!(posting.poll(), None, "one at a time");
        posting.input(at(1), b"HTTP/1.1 200 O");
        assert_eq!(posting.poll(), None, "the head is not whole");
        posting.input(at(1), b"K\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
        let result = CommandResult::Answered;
        assert_eq!(posting.poll(), Some(Output::Done { command: first, result }));
        assert_eq!(posting.poll(), Some(Output::Close(CloseReason::Finished)));
        assert_eq!(posting.poll(), None, "the second answer is nobody's");
        posting.lost(at(1));
        posting.reconnect(at(2));
        assert!(sent(&mut posting).ends_with("{\"a\":2}"));
        posting.input(at(2), b"HTTP/1.1 503 Busy\r\n\r\n");
        let result = CommandResult::Unanswered;
        assert_eq!(posting.poll(), Some(Output::Done { command: second, result }));
    }

    #[test]
    fn what_broke_off_is_asked_again_and_what_is_silent_is_given_up() {
        let mut posting = Posting::new("logger", "secret", Duration::from_secs(5));
        let id = posting.command(at(0), b"1".to_vec()).expect("room");
        sent(&mut posting);
        posting.input(at(1), b"HTTP/1.1 2");
        posting.lost(at(1));
        assert_eq!(posting.poll(), None);
        posting.reconnect(at(2));
        sent(&mut posting);
        posting.tick(at(6));
        assert_eq!(posting.poll(), None, "its time begins anew");
        posting.tick(at(7));
        let result = CommandResult::Unanswered;
        assert_eq!(posting.poll(), Some(Output::Done { command: id, result }));
        assert_eq!(posting.poll(), Some(Output::Close(CloseReason::Idle { millis: 5_000 })));
        for bytes in [&b"\0\0"[..], &[b'x'; LONGEST_HEAD + 1]] {
            let mut posting = Posting::new("logger", "secret", Duration::from_secs(5));
            posting.command(at(0), b"1".to_vec()).expect("room");
            sent(&mut posting);
            posting.input(at(1), bytes);
            assert!(matches!(posting.poll(), Some(Output::Done { .. })));
            assert_eq!(posting.poll(), Some(Output::Close(CloseReason::Broken)));
        }
    }
}
