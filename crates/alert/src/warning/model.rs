//! What a warning is, who may do what with it, and what follows. Pure.

use base::{AdminCode, Duration, Hazard, Id, Level, Point, Timestamp};
use host::{Error, Home, Permission, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::*;
use super::status::{Event, Status};
use super::{Content, DRAFT, ISSUE, ISSUE_URGENTLY, LIFT, READ, REVIEW, WarningId, content};
use crate::number::Number;

/// Within how long another person must review an urgent issue (DESIGN §4; our rule).
pub(crate) const REVIEW_AFTERWARDS_WITHIN: Duration = Duration::from_mins(30);
/// The longest time in force that one signature gives. Ours: the longest warning
/// period that we found in law is the earthquake's, 10 + 20 days.
pub(crate) const LONGEST_IN_FORCE: Duration = Duration::from_hours(30 * 24);

/// A warning, as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    pub id: WarningId,
    pub region: AdminCode,
    pub home: Home,
    pub correlation: Id,
    pub status: Status,
    pub hazard: Hazard,
    pub level: Level,
    pub title: String,
    pub station: Option<Id>,
    pub station_name: Option<String>,
    pub point: Option<Point>,
    pub finding: Option<Id>,
    pub supersedes: Option<WarningId>,
    pub superseded_by: Option<WarningId>,
    pub starts: Timestamp,
    pub area: String,
    pub matters: String,
    pub measures: String,
    /// `None`: a rule proposed it.
    pub author: Option<Signature>,
    /// Everybody who has written in it: the author and the editors.
    pub hands: Vec<Id>,
    /// Who agreed to the text as it stands; gone after an edit.
    pub reviewer: Option<Signature>,
    pub returned: Option<Signature>,
    pub issuer: Option<Signature>,
    /// 发布单位, once issued.
    pub unit: Option<String>,
    pub number: Option<String>,
    pub urgent: Option<Urgent>,
    pub expires: Option<Timestamp>,
    /// Who lifted or discarded it.
    pub closed: Option<Signature>,
    pub closed_at: Option<Timestamp>,
    /// When all its findings had cleared; gone when another one is raised.
    pub danger_passed_at: Option<Timestamp>,
    pub opened_at: Timestamp,
}

/// A person's hand under something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    pub person: Id,
    /// The name at that moment.
    pub name: String,
    pub at: Timestamp,
    /// The comment or the reason given.
    pub text: Option<String>,
}

/// An issue without the review before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Urgent {
    pub reason: String,
    pub review_due: Timestamp,
    /// Nobody had reviewed it when the review was due; stays so.
    pub missed: bool,
    pub reviewed: Option<Signature>,
}

/// What a person may do with a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Edit,
    Review,
    Return,
    Issue,
    #[serde(rename = "issue_urgent")]
    IssueUrgently,
    #[serde(rename = "review_after")]
    ReviewAfterwards,
    Extend,
    Lift,
    Discard,
}

/// A person before a warning: who, and what they may do where it is at home.
#[derive(Debug, Clone)]
pub(crate) struct Officer {
    pub person: Id,
    pub name: String,
    pub holds: Vec<Permission>,
}

impl Action {
    pub const ALL: [Action; 9] = [
        Action::Edit,
        Action::Review,
        Action::Return,
        Action::Issue,
        Action::IssueUrgently,
        Action::ReviewAfterwards,
        Action::Extend,
        Action::Lift,
        Action::Discard,
    ];

    /// Any one of these is enough.
    pub(crate) fn permissions(self) -> &'static [Permission] {
        match self {
            Action::Edit => &[DRAFT],
            Action::Review | Action::ReviewAfterwards | Action::Discard => &[REVIEW],
            // Whoever is asked to sign may also send it back.
            Action::Return => &[REVIEW, ISSUE],
            Action::Issue => &[ISSUE],
            Action::IssueUrgently => &[ISSUE_URGENTLY],
            Action::Extend | Action::Lift => &[LIFT],
        }
    }

    /// What the door asks for before the warning is known.
    pub(crate) fn door(self) -> Permission {
        match self.permissions() {
            [only] => *only,
            _ => READ,
        }
    }

    fn event(self) -> Event {
        match self {
            Action::Edit => Event::Edit,
            Action::Review => Event::Review,
            Action::Return => Event::Return,
            Action::Issue => Event::Issue,
            Action::IssueUrgently => Event::IssueUrgently,
            Action::ReviewAfterwards => Event::ReviewAfterwards,
            Action::Extend => Event::Extend,
            Action::Lift => Event::Lift,
            Action::Discard => Event::Discard,
        }
    }
}

/// A change to a warning's text or level; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edit {
    pub title: Option<String>,
    pub level: Option<Level>,
    pub area: Option<String>,
    pub matters: Option<String>,
    pub measures: Option<String>,
}

/// What is signed besides the text: by which unit, under which number, how long.
#[derive(Debug, Clone)]
pub(crate) struct Issue {
    pub unit: String,
    pub number: Number,
    pub expires: Timestamp,
}

impl Warning {
    /// What this person may do with it now.
    pub(crate) fn allowed(&self, officer: &Officer) -> Vec<Action> {
        Action::ALL.into_iter().filter(|action| self.check(*action, officer).is_ok()).collect()
    }

    /// Whether this person may do this now; the refusal and the buttons are one rule.
    ///
    /// # Errors
    /// `forbidden`; conflicts `wrong-state`, `same-person`, `not-our-authority`.
    pub(crate) fn check(&self, action: Action, officer: &Officer) -> Result<()> {
        let needed = action.permissions();
        if !needed.iter().any(|permission| officer.holds.contains(permission)) {
            return Err(Error::Forbidden { permission: needed[0].code });
        }
        if self.status.next(action.event()).is_none() {
            let detail = format!("{action:?} makes no sense while it is {}", self.status.code());
            return Err(Error::conflict("wrong-state", detail));
        }
        let wrote = self.hands.contains(&officer.person);
        let signed = |by: &Option<Signature>| {
            by.as_ref().is_some_and(|signature| signature.person == officer.person)
        };
        match action {
            Action::Review if wrote => Err(same_person("who wrote it does not review it")),
            Action::Issue if wrote => Err(same_person("who wrote it does not issue it")),
            Action::Issue if signed(&self.reviewer) => {
                Err(same_person("who reviewed it does not issue it"))
            }
            Action::Issue | Action::IssueUrgently if self.hazard.has_its_own_authority() => {
                let detail = "warnings of this hazard belong to another authority: \
                              they are received and passed on, never issued by us";
                Err(Error::conflict("not-our-authority", detail))
            }
            Action::ReviewAfterwards => match &self.urgent {
                None => Err(Error::conflict("wrong-state", "it was reviewed before its issue")),
                Some(urgent) if urgent.reviewed.is_some() => {
                    Err(Error::conflict("wrong-state", "it has been reviewed afterwards"))
                }
                Some(_) if wrote => Err(same_person("who wrote it does not review it")),
                Some(_) if signed(&self.issuer) => {
                    Err(same_person("who issued it does not review it"))
                }
                Some(_) => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Changes the text or the level. With a new level, a title and measures that are
    /// still those of the old level follow it.
    pub(crate) fn edit(&self, officer: &Officer, edit: Edit) -> Result<Edited> {
        self.check(Action::Edit, officer)?;
        let level = edit.level.unwrap_or(self.level);
        let of_level = |level| {
            let place = self.station_name.as_deref()?;
            Some(content::title(place, self.hazard, level))
        };
        let title =
            if of_level(self.level).as_ref() == Some(&self.title) { of_level(level) } else { None };
        let measures = if self.measures == content::measures(self.level) {
            content::measures(level)
        } else {
            self.measures.clone()
        };
        let mut hands = self.hands.clone();
        if !hands.contains(&officer.person) {
            hands.push(officer.person);
        }
        let edited = Edited {
            title: edit.title.or(title).unwrap_or_else(|| self.title.clone()),
            level,
            area: edit.area.unwrap_or_else(|| self.area.clone()),
            matters: edit.matters.unwrap_or_else(|| self.matters.clone()),
            measures: edit.measures.unwrap_or(measures),
            hands,
        };
        let before = (&self.title, self.level, &self.area, &self.matters, &self.measures);
        let after = (&edited.title, edited.level, &edited.area, &edited.matters, &edited.measures);
        if before == after {
            return Err(Error::invalid("body", "no change", "a changed text or level"));
        }
        Ok(edited)
    }

    pub(crate) fn review(&self, officer: &Officer, comment: Option<String>) -> Result<Reviewed> {
        self.check(Action::Review, officer)?;
        Ok(Reviewed { title: self.title.clone(), by: officer.name.clone(), comment })
    }

    pub(crate) fn send_back(&self, officer: &Officer, reason: String) -> Result<Returned> {
        self.check(Action::Return, officer)?;
        Ok(Returned { title: self.title.clone(), by: officer.name.clone(), reason })
    }

    pub(crate) fn issue(&self, officer: &Officer, issue: Issue, now: Timestamp) -> Result<Issued> {
        self.check(Action::Issue, officer)?;
        self.sign(officer, issue, None, now)
    }

    /// Issues without the review before it; another person owes it within 30 minutes.
    pub(crate) fn issue_urgently(
        &self,
        officer: &Officer,
        issue: Issue,
        reason: String,
        now: Timestamp,
    ) -> Result<Issued> {
        self.check(Action::IssueUrgently, officer)?;
        let urgent = UrgentIssue { reason, review_due: now + REVIEW_AFTERWARDS_WITHIN };
        self.sign(officer, issue, Some(urgent), now)
    }

    fn sign(
        &self,
        officer: &Officer,
        issue: Issue,
        urgent: Option<UrgentIssue>,
        now: Timestamp,
    ) -> Result<Issued> {
        check_expiry(issue.expires, now, now)?;
        let content = Content {
            starts: self.starts.max(now),
            issued_at: Some(now),
            ..self.content(&issue.unit)
        };
        if let Some(item) = content.missing() {
            let detail = format!("{item} is blank: art. 64 asks for all eight items");
            return Err(Error::conflict("content-incomplete", detail));
        }
        if issue.expires <= content.starts {
            let expected = format!("later than its start {}", content.starts);
            return Err(Error::invalid("expires", issue.expires, expected));
        }
        Ok(Issued {
            title: self.title.clone(),
            hazard: self.hazard,
            number: issue.number,
            content,
            signer: officer.name.clone(),
            expires: issue.expires,
            urgent,
        })
    }

    /// The eight items as they stand; `unit` stands in until it is issued.
    pub(crate) fn content(&self, unit: &str) -> Content {
        Content {
            class: self.hazard.word().to_owned(),
            level: self.level,
            starts: self.starts,
            area: self.area.clone(),
            matters: self.matters.clone(),
            measures: self.measures.clone(),
            issuer: self.unit.clone().unwrap_or_else(|| unit.to_owned()),
            issued_at: self.issuer.as_ref().map(|issuer| issuer.at),
        }
    }

    pub(crate) fn review_afterwards(
        &self,
        officer: &Officer,
        comment: Option<String>,
    ) -> Result<ReviewedAfterwards> {
        self.check(Action::ReviewAfterwards, officer)?;
        Ok(ReviewedAfterwards { title: self.title.clone(), by: officer.name.clone(), comment })
    }

    /// Keeps it in force until later.
    pub(crate) fn extend(
        &self,
        officer: &Officer,
        expires: Timestamp,
        now: Timestamp,
    ) -> Result<Extended> {
        self.check(Action::Extend, officer)?;
        check_expiry(expires, self.expires.unwrap_or(now).max(now), now)?;
        Ok(Extended { title: self.title.clone(), expires })
    }

    pub(crate) fn lift(&self, officer: &Officer, reason: String) -> Result<Lifted> {
        self.check(Action::Lift, officer)?;
        Ok(Lifted {
            title: self.title.clone(),
            by: officer.name.clone(),
            number: self.number.clone(),
            reason,
        })
    }

    pub(crate) fn discard(&self, officer: &Officer, reason: String) -> Result<Discarded> {
        self.check(Action::Discard, officer)?;
        Ok(Discarded { title: self.title.clone(), by: officer.name.clone(), reason })
    }

    /// Ends it when its time has run out at `now`.
    pub(crate) fn expire(&self, now: Timestamp) -> Option<Expired> {
        let expires = self.expires.filter(|expires| *expires <= now)?;
        self.status.next(Event::Expire)?;
        Some(Expired { title: self.title.clone(), number: self.number.clone(), expires })
    }

    /// Notes that the review of an urgent issue is late at `now`.
    pub(crate) fn miss_review(&self, now: Timestamp) -> Option<ReviewMissed> {
        let urgent = self.urgent.as_ref()?;
        self.status.next(Event::MissReview)?;
        let late = urgent.review_due <= now && urgent.reviewed.is_none() && !urgent.missed;
        late.then(|| ReviewMissed { title: self.title.clone(), review_due: urgent.review_due })
    }

    /// Takes a further finding under this warning.
    pub(crate) fn join(&self, finding: Id, level: Level) -> Option<Joined> {
        self.status.next(Event::Join)?;
        Some(Joined { title: self.title.clone(), finding, level })
    }

    /// The hint that all its findings have cleared.
    pub(crate) fn pass_danger(&self, finding: Id) -> Option<DangerPassed> {
        self.status.next(Event::PassDanger)?;
        let news = self.danger_passed_at.is_none();
        news.then(|| DangerPassed { title: self.title.clone(), finding })
    }

    /// Gives its place to a warning that was just issued.
    pub(crate) fn supersede(&self, by: WarningId, by_number: &str) -> Option<Superseded> {
        self.status.next(Event::Supersede)?;
        Some(Superseded { title: self.title.clone(), by, by_number: by_number.to_owned() })
    }
}

fn same_person(detail: &'static str) -> Error {
    Error::conflict("same-person", detail)
}

fn check_expiry(expires: Timestamp, after: Timestamp, now: Timestamp) -> Result<()> {
    let latest = now + LONGEST_IN_FORCE;
    if after < expires && expires <= latest {
        return Ok(());
    }
    Err(Error::invalid("expires", expires, format!("later than {after}, at the latest {latest}")))
}
