//! What stands on the desk, in which group and in which order. Pure.

use std::cmp::Reverse;

use base::{AdminCode, Id, Level, Timestamp};
use host::space::Disk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lines::LogLine;
use crate::handover;
use crate::person::Person;

/// The desk of one caller at one moment.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Desk {
    /// The world's clock: what ages and countdowns are counted from.
    pub now: Timestamp,
    /// The log's end that this is true at, or just before it.
    pub seq: i64,
    pub groups: Groups,
    /// What runs: late first, then by what ends next, then what was met lately.
    pub clocks: Vec<Clock>,
    /// Newest first.
    pub log: Vec<LogLine>,
    /// How full the node's disk is, and what it therefore refuses.
    pub disk: Disk,
    /// A list was longer than the desk shows; the pages of the slices have all.
    pub truncated: bool,
    /// Who took over last, and which sheets are on their way; empty for who may not see them.
    pub watch: handover::Watch,
}

#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Groups {
    /// 需要你
    pub mine: Vec<Item>,
    /// 他人处理中
    pub others: Vec<Item>,
    /// 今晚已办: of the last twelve hours, newest first.
    pub done: Vec<Item>,
}

/// One row of the desk.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Item {
    pub kind: ItemKind,
    pub id: Id,
    pub level: Option<Level>,
    pub title: String,
    pub detail: String,
    pub since: Timestamp,
    pub owner: Option<Person>,
    pub due: Option<Timestamp>,
    pub overdue: bool,
    /// What the caller may do about it next; `null` when that is not theirs.
    pub action: Option<DutyAction>,
    /// Where what is no subject of the log is at home: a device that waits, a call.
    #[serde(skip)]
    pub(crate) region: Option<AdminCode>,
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    Warning,
    Notice,
    Task,
    Incident,
    Waiting,
    Intake,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DutyAction {
    Review,
    Issue,
    ReviewAfter,
    /// A returned warning wants its author's pen.
    Edit,
    /// A warning in force ends soon: extend it or lift it.
    Extend,
    Acknowledge,
    /// A notice that somebody has: say whether it is so.
    Verify,
    Accept,
    Finish,
    /// Somebody else's task is late: call them.
    Chase,
    Handle,
    Admit,
    Continue,
}

/// What a limit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// A risk notice is to be taken. The code is older than the step after it.
    NoticeFeedback,
    /// A risk notice is to be verified.
    NoticeVerify,
    /// An answer to a task.
    TaskAnswer,
    /// A task's work.
    TaskWork,
    /// The review after an urgent issue.
    ReviewAfter,
    /// A warning is extended or lifted before its end.
    WarningEnd,
}

/// A limit that runs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Clock {
    pub kind: ClockKind,
    /// Whose time runs, where that is one person's.
    pub who: Option<String>,
    /// What it is about.
    pub about: ItemKind,
    pub id: Id,
    pub title: String,
    pub detail: String,
    pub started: Timestamp,
    pub due: Timestamp,
    pub done_at: Option<Timestamp>,
    pub overdue: bool,
}

impl ItemKind {
    const ALL: [ItemKind; 6] = [
        ItemKind::Warning,
        ItemKind::Notice,
        ItemKind::Task,
        ItemKind::Incident,
        ItemKind::Waiting,
        ItemKind::Intake,
    ];

    pub fn code(self) -> &'static str {
        match self {
            ItemKind::Warning => "warning",
            ItemKind::Notice => "notice",
            ItemKind::Task => "task",
            ItemKind::Incident => "incident",
            ItemKind::Waiting => "waiting",
            ItemKind::Intake => "intake",
        }
    }

    pub fn from_code(code: &str) -> Option<ItemKind> {
        ItemKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    pub fn word(self) -> &'static str {
        match self {
            ItemKind::Warning => "预警",
            ItemKind::Notice => "风险提示",
            ItemKind::Task => "任务",
            ItemKind::Incident => "事件",
            ItemKind::Waiting => "待准入设备",
            ItemKind::Intake => "接报",
        }
    }
}

impl Groups {
    /// Parts open items into what needs `person` and what others have in hand.
    pub(super) fn of(items: Vec<Item>, done: Vec<Item>, person: Id) -> Groups {
        let needs_me = |item: &Item| match &item.owner {
            Some(owner) => owner.person == person,
            None => item.action.is_some(),
        };
        let (mut mine, mut others): (Vec<Item>, Vec<Item>) = items.into_iter().partition(needs_me);
        sort(&mut mine);
        sort(&mut others);
        Groups { mine, others, done }
    }
}

/// Red and orange that nobody has taken, then what is late, then by the next limit;
/// what has no limit stands last, oldest first.
fn sort(items: &mut [Item]) {
    items.sort_by_key(|item| {
        let alarm = item.level.filter(|level| item.owner.is_none() && Level::Orange <= *level);
        (
            Reverse(alarm),
            Reverse(item.overdue),
            item.due.unwrap_or(Timestamp::MAX),
            item.since,
            item.id,
        )
    });
}

/// Late ones first, then by what ends next, then those that were met, latest first.
pub(super) fn sort_clocks(clocks: &mut [Clock]) {
    clocks.sort_by_key(|clock| {
        let met = clock.done_at.map(Reverse);
        (clock.done_at.is_some(), Reverse(clock.overdue), met, clock.due, clock.started)
    });
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn item(title: &str, level: Option<Level>, owner: Option<u128>, due: Option<i64>) -> Item {
        let since = Timestamp::from_millis(0);
        let due = due.map(Timestamp::from_millis);
        let now = Timestamp::from_millis(100);
        Item {
            kind: ItemKind::Warning,
            id: Id::from_u128(title.len() as u128),
            level,
            title: title.to_owned(),
            detail: String::new(),
            since,
            owner: owner
                .map(|person| Person { person: Id::from_u128(person), name: format!("p{person}") }),
            due,
            overdue: due.is_some_and(|due| due <= now),
            action: Some(DutyAction::Review),
            region: None,
        }
    }

    #[test]
    fn untaken_red_and_orange_stand_first_then_late_then_by_limit() {
        let me = 1;
        let watched = Item { action: None, ..item("yellow, not mine to do", None, None, Some(9)) };
        let items = vec![
            item("no limit", None, None, None),
            item("blue in time", Some(Level::Blue), None, Some(300)),
            item("blue late", Some(Level::Blue), None, Some(50)),
            item("orange taken by me, late", Some(Level::Orange), Some(me), Some(60)),
            item("orange untaken", Some(Level::Orange), None, Some(900)),
            item("red untaken", Some(Level::Red), None, None),
            item("yellow sooner", Some(Level::Yellow), None, Some(200)),
            item("red of another", Some(Level::Red), Some(2), Some(1)),
            watched,
        ];
        let groups = Groups::of(items, Vec::new(), Id::from_u128(me));
        let titles = |items: &[Item]| {
            items.iter().map(|item| item.title.clone()).collect::<Vec<_>>().join("\n")
        };
        expect![[r#"
            red untaken
            orange untaken
            blue late
            orange taken by me, late
            yellow sooner
            blue in time
            no limit
            --
            red of another
            yellow, not mine to do"#]]
        .assert_eq(&format!("{}\n--\n{}", titles(&groups.mine), titles(&groups.others)));
    }

    #[test]
    fn kinds_have_codes_that_come_back() {
        for kind in ItemKind::ALL {
            assert_eq!(ItemKind::from_code(kind.code()), Some(kind));
        }
    }
}
