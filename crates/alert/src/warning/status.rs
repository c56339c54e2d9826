//! Where a warning stands, and where it may go from there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a warning stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits for its review.
    Proposed,
    /// Waits for a signature.
    Reviewed,
    /// Sent back to be written again.
    Returned,
    /// In force.
    Issued,
    /// A person ended it: the danger is over.
    Lifted,
    /// Its time ran out.
    Expired,
    /// It was never issued and will not be.
    Discarded,
    /// Another warning, issued later, took its place.
    Superseded,
}

/// What can happen to a warning once it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Edit,
    Review,
    Return,
    Issue,
    IssueUrgently,
    ReviewAfterwards,
    MissReview,
    Extend,
    Lift,
    Expire,
    Discard,
    Join,
    PassDanger,
    Supersede,
}

impl Status {
    pub const ALL: [Status; 8] = [
        Status::Proposed,
        Status::Reviewed,
        Status::Returned,
        Status::Issued,
        Status::Lifted,
        Status::Expired,
        Status::Discarded,
        Status::Superseded,
    ];

    /// Where a warning goes from here; `None` when the event makes no sense.
    ///
    /// - What is in force is never edited: an adjusted warning is issued anew and
    ///   takes the place of the old one (突发事件应对法 art. 70).
    /// - The review after an urgent issue is owed even when the warning has ended.
    pub(crate) fn next(self, event: Event) -> Option<Status> {
        use Event::*;
        use Status::*;
        match (self, event) {
            (Proposed | Reviewed | Returned, Edit) => Some(Proposed),
            (Proposed, Review) => Some(Reviewed),
            (Proposed | Reviewed, Return) => Some(Returned),
            (Reviewed, Issue) => Some(Issued),
            (Proposed | Reviewed, IssueUrgently) => Some(Issued),
            (Proposed | Reviewed | Returned, Discard) => Some(Discarded),

            (Issued, Extend) => Some(Issued),
            (Issued, Lift) => Some(Lifted),
            (Issued, Expire) => Some(Expired),
            (Issued | Lifted | Expired | Superseded, ReviewAfterwards | MissReview) => Some(self),

            (Proposed | Reviewed | Returned | Issued, Join | PassDanger) => Some(self),
            (Proposed | Reviewed | Returned | Issued, Supersede) => Some(Superseded),

            (Proposed | Returned, Issue)
            | (Returned, IssueUrgently | Return)
            | (Reviewed | Returned, Review)
            | (Proposed | Reviewed | Returned, Extend | Lift | Expire)
            | (Proposed | Reviewed | Returned | Discarded, ReviewAfterwards | MissReview)
            | (Issued, Edit | Review | Return | Issue | IssueUrgently | Discard)
            | (
                Lifted | Expired | Discarded | Superseded,
                Edit | Review | Return | Issue | IssueUrgently | Extend | Lift | Expire | Discard
                | Join | PassDanger | Supersede,
            ) => None,
        }
    }

    /// Whether something is still to be done with it or it is in force. A returned
    /// one counts: it waits for its author, and a second one beside it would be noise.
    pub fn is_open(self) -> bool {
        matches!(self, Status::Proposed | Status::Reviewed | Status::Returned | Status::Issued)
    }

    pub fn code(self) -> &'static str {
        match self {
            Status::Proposed => "proposed",
            Status::Reviewed => "reviewed",
            Status::Returned => "returned",
            Status::Issued => "issued",
            Status::Lifted => "lifted",
            Status::Expired => "expired",
            Status::Discarded => "discarded",
            Status::Superseded => "superseded",
        }
    }

    pub fn from_code(code: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    const EVENTS: [Event; 14] = [
        Event::Edit,
        Event::Review,
        Event::Return,
        Event::Issue,
        Event::IssueUrgently,
        Event::ReviewAfterwards,
        Event::MissReview,
        Event::Extend,
        Event::Lift,
        Event::Expire,
        Event::Discard,
        Event::Join,
        Event::PassDanger,
        Event::Supersede,
    ];

    #[test]
    fn every_event_in_every_state() {
        let mut table = String::new();
        for status in Status::ALL {
            table.push_str(status.code());
            table.push_str(":\n");
            for event in EVENTS {
                let next = status.next(event).map_or("-", Status::code);
                table.push_str(&format!("  {event:?} {next}\n"));
            }
        }
        expect![[r#"
            proposed:
              Edit proposed
              Review reviewed
              Return returned
              Issue -
              IssueUrgently issued
              ReviewAfterwards -
              MissReview -
              Extend -
              Lift -
              Expire -
              Discard discarded
              Join proposed
              PassDanger proposed
              Supersede superseded
            reviewed:
              Edit proposed
              Review -
              Return returned
              Issue issued
              IssueUrgently issued
              ReviewAfterwards -
              MissReview -
              Extend -
              Lift -
              Expire -
              Discard discarded
              Join reviewed
              PassDanger reviewed
              Supersede superseded
            returned:
              Edit proposed
              Review -
              Return -
              Issue -
              IssueUrgently -
              ReviewAfterwards -
              MissReview -
              Extend -
              Lift -
              Expire -
              Discard discarded
              Join returned
              PassDanger returned
              Supersede superseded
            issued:
              Edit -
              Review -
              Return -
              Issue -
              IssueUrgently -
              ReviewAfterwards issued
              MissReview issued
              Extend issued
              Lift lifted
              Expire expired
              Discard -
              Join issued
              PassDanger issued
              Supersede superseded
            lifted:
              Edit -
              Review -
              Return -
              Issue -
              IssueUrgently -
              ReviewAfterwards lifted
              MissReview lifted
              Extend -
              Lift -
              Expire -
              Discard -
              Join -
              PassDanger -
              Supersede -
            expired:
              Edit -
              Review -
              Return -
              Issue -
              IssueUrgently -
              ReviewAfterwards expired
              MissReview expired
              Extend -
              Lift -
              Expire -
              Discard -
              Join -
              PassDanger -
              Supersede -
            discarded:
              Edit -
              Review -
              Return -
              Issue -
              IssueUrgently -
              ReviewAfterwards -
              MissReview -
              Extend -
              Lift -
              Expire -
              Discard -
              Join -
              PassDanger -
              Supersede -
            superseded:
              Edit -
              Review -
              Return -
              Issue -
              IssueUrgently -
              ReviewAfterwards superseded
              MissReview superseded
              Extend -
              Lift -
              Expire -
              Discard -
              Join -
              PassDanger -
              Supersede -
        "#]]
        .assert_eq(&table);
    }

    #[test]
    fn codes_are_what_json_says() {
        for status in Status::ALL {
            assert_eq!(serde_json::json!(status), status.code());
            assert_eq!(Status::from_code(status.code()), Some(status));
        }
    }
}
