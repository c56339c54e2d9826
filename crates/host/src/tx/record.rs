//! A fact on its way into the log.

use base::{AdminCode, Id, Timestamp};

use crate::fact::Fact;
use crate::home::Home;

/// A fact on its way into the log, with what the entry must say beside it.
pub struct Record {
    pub(super) kind: crate::fact::Kind,
    pub(super) body: String,
    pub(super) subject: Id,
    pub(super) is_first: bool,
    /// `None`: where the subject is at home already.
    pub(super) home: Option<Home>,
    pub(super) moved_to: Option<AdminCode>,
    /// Another subject, whose thread it goes on.
    pub(super) follows: Option<Id>,
    pub(super) basis: Option<String>,
    pub(super) cause: Option<Id>,
    pub(super) correlation: Option<Id>,
    pub(super) occurred: Option<Timestamp>,
    pub(super) known: Option<Timestamp>,
}

/// Where a recorded fact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    pub seq: i64,
    pub id: Id,
}

impl Record {
    /// The first fact about `subject`, which says where it is at home. It happened now,
    /// caused by what the command reacts to (if anything), and begins a thread of its own
    /// unless it is a reaction or [follows](Record::follows) another subject.
    pub fn first(subject: impl Into<Id>, home: Home, fact: impl Fact) -> Record {
        Record { is_first: true, home: Some(home), ..Record::next(subject, fact) }
    }

    /// One more fact about a subject that the log knows: it is at home where the subject
    /// is, belongs to its thread, and is caused by the subject's newest fact unless the
    /// command reacts to another.
    pub fn next(subject: impl Into<Id>, fact: impl Fact) -> Record {
        Record {
            kind: fact.kind(),
            body: fact.to_body(),
            subject: subject.into(),
            is_first: false,
            home: None,
            moved_to: None,
            follows: None,
            basis: None,
            cause: None,
            correlation: None,
            occurred: None,
            known: None,
        }
    }

    /// It comes out of another subject, as a task does out of an incident: it belongs to
    /// that one's thread, and is caused by its newest fact unless the command reacts to
    /// another.
    pub fn follows(mut self, subject: impl Into<Id>) -> Record {
        self.follows = Some(subject.into());
        self
    }

    /// The subject is at home there from now on.
    pub fn at_home(mut self, home: Home) -> Record {
        self.home = Some(home);
        self
    }

    /// The subject is at home in another region from now on.
    pub fn moved_to(mut self, region: AdminCode) -> Record {
        self.moved_to = Some(region);
        self
    }

    /// The rule, plan or law it rests on, with its version.
    pub fn basis(mut self, basis: impl Into<String>) -> Record {
        self.basis = Some(basis.into());
        self
    }

    /// The entry that made this one happen, when it is not what it would be by itself.
    pub fn cause(mut self, entry: impl Into<Option<Id>>) -> Record {
        self.cause = entry.into();
        self
    }

    /// The thread it belongs to, when it is not what it would be by itself.
    pub fn correlation(mut self, thread: impl Into<Id>) -> Record {
        self.correlation = Some(thread.into());
        self
    }

    /// When it happened outside, if not now.
    pub fn occurred(mut self, moment: Timestamp) -> Record {
        self.occurred = Some(moment);
        self
    }

    /// When we came to know of it, if not now.
    pub fn known(mut self, moment: Timestamp) -> Record {
        self.known = Some(moment);
        self
    }
}

/// Whether a body, as `serde_json` writes it, has a NUL character in a text.
pub(super) fn writes_nul(body: &str) -> bool {
    body.match_indices("\\u0000").any(|(at, _)| {
        let before = body[..at].bytes().rev().take_while(|byte| *byte == b'\\').count();
        before % 2 == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_in_a_body_is_seen_and_its_name_is_none() {
        let body = |text: &str| serde_json::to_string(&[text]).expect("text");
        assert!(writes_nul(&body("a\0b")));
        assert!(writes_nul(&body("\\\0")));
        assert!(!writes_nul(&body("\\u0000")));
        assert!(!writes_nul(&body("u0000")));
    }
}
