//! Which byte says what: the map for showing bytes beside decoded fields.

use super::body::Trace;
use super::{Body, BodyError, Coding, Direction, Frame, Problem, parse};
use crate::Span;

/// Names every byte of `raw`, in order and without overlap.
///
/// What is no frame, what follows a frame, and what a body error leaves unread
/// is named as well (`unread`, `after`), so the ranges always cover `raw`.
///
/// One of: `start`, `centre`, `station`, `password`, `function`, `length`,
/// `text`, `packet`, `serial`, `sent`, `station_lead`, `class`,
/// `observed_lead`, `observed`, `step`, `element`, `definition`, `data`,
/// `attachment_lead`, `manual`, `picture`, `batch`, `attachment`,
/// `parameter`, `period_start`, `period_end`, `count`, `version`,
/// `switches`, `opening`, `quota`, `events`, `raw`, `space`, `part`,
/// `unread`, `end`, `checksum`, `after`.
pub fn layout(raw: &[u8]) -> Vec<Span> {
    let mut spans = Spans { at: 0, spans: Vec::new() };
    match parse(raw) {
        Ok((frame, rest)) => {
            spans.frame(&frame, raw.len() - rest.len());
            spans.upto(raw.len(), "after", format!("{} bytes", rest.len()));
        }
        Err(error) => spans.upto(raw.len(), "unread", error.to_string()),
    }
    spans.spans
}

struct Spans {
    at: usize,
    spans: Vec<Span>,
}

impl Spans {
    fn next(&mut self, len: usize, name: &'static str, text: String) {
        self.spans.push(Span { start: self.at, len, name, text });
        self.at += len;
    }

    /// Names what is left before `end`, if anything is.
    fn upto(&mut self, end: usize, name: &'static str, text: String) {
        if self.at < end {
            self.next(end - self.at, name, text);
        }
    }

    fn frame(&mut self, frame: &Frame, end: usize) {
        // One byte is one byte in HEX and two characters in ASCII.
        let (width, start, start_text) = match frame.coding {
            Coding::Hex => (1, 2, "7E 7E, HEX/BCD"),
            Coding::Ascii => (2, 1, "SOH, ASCII"),
        };
        let centre = |spans: &mut Spans| spans.next(width, "centre", frame.centre.to_string());
        let station = |spans: &mut Spans| {
            let code = frame.station.code().unwrap_or_else(|| frame.station.to_string());
            spans.next(5 * width, "station", code);
        };
        self.next(start, "start", start_text.to_owned());
        match frame.direction {
            Direction::Up => {
                centre(self);
                station(self);
            }
            Direction::Down => {
                station(self);
                centre(self);
            }
        }
        self.next(2 * width, "password", format!("{:04X}", frame.password));
        let name = frame.function.name().unwrap_or("自定义");
        self.next(width, "function", format!("{} {name}", frame.function));
        let count = if frame.packet.is_some() { 3 * width } else { 0 };
        let length = frame.body.len() + count;
        let direction = match frame.direction {
            Direction::Up => "up",
            Direction::Down => "down",
        };
        self.next(2 * width, "length", format!("{direction}, {length} bytes"));
        match frame.packet {
            None => self.next(1, "text", "STX".to_owned()),
            Some(packet) => {
                self.next(1, "text", "SYN".to_owned());
                self.next(count, "packet", format!("{} of {}", packet.number, packet.total));
            }
        }
        self.body(frame);
        self.next(1, "end", frame.end.name().to_owned());
        self.upto(end, "checksum", "CRC-16".to_owned());
    }

    fn body(&mut self, frame: &Frame) {
        let (start, end) = (self.at, self.at + frame.body.len());
        let mut trace = Listener { start, spans: Vec::new() };
        let result = Body::decode_traced(frame, &mut trace);
        for span in trace.spans {
            // Only the spaces between ASCII words have no name of their own.
            self.upto(span.start, "space", String::new());
            if span.start == self.at {
                self.at += span.len;
                self.spans.push(span);
            }
        }
        match result {
            Ok(_) => self.upto(end, "space", String::new()),
            Err(BodyError { problem: Problem::Part { total, number }, .. }) => {
                self.upto(end, "part", format!("{number} of {total}"));
            }
            Err(error) => self.upto(end, "unread", error.to_string()),
        }
    }
}

struct Listener {
    start: usize,
    spans: Vec<Span>,
}

impl Trace for Listener {
    fn span(
        &mut self,
        start: usize,
        end: usize,
        name: &'static str,
        text: impl FnOnce() -> String,
    ) {
        self.spans.push(Span { start: self.start + start, len: end - start, name, text: text() });
    }
}
