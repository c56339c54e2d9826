//! A sheet, its lines and its states, and who may move it. Pure.

use base::{AdminCode, Id, Level, Timestamp};
use host::{Error, Home, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rule::Rule;
use crate::duty::{ClockKind, ItemKind, LogLine};
use crate::person::Person;

base::typed_id!(HandoverId, "A sheet by which a desk changes hands.");
host::db_id!(HandoverId);

/// What a line of a sheet is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "HandoverLineKind")]
pub enum LineKind {
    Warning,
    Notice,
    Task,
    Incident,
    Waiting,
    Intake,
    /// A sensor, a station or a door that says nothing.
    Silence,
}

impl From<ItemKind> for LineKind {
    fn from(kind: ItemKind) -> LineKind {
        match kind {
            ItemKind::Warning => LineKind::Warning,
            ItemKind::Notice => LineKind::Notice,
            ItemKind::Task => LineKind::Task,
            ItemKind::Incident => LineKind::Incident,
            ItemKind::Waiting => LineKind::Waiting,
            ItemKind::Intake => LineKind::Intake,
        }
    }
}

/// Which line is meant.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[schemars(rename = "HandoverLineKey")]
pub struct LineKey {
    pub kind: LineKind,
    pub item: Id,
}

/// Why a line is critical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "HandoverWhy")]
pub enum Why {
    /// By its level.
    Level,
    /// A limit has passed.
    Late,
    /// A limit runs that counts as critical by itself.
    Clock,
}

/// A line of a sheet: what was open, since when, until when, and whose it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverLine")]
pub struct Line {
    #[serde(flatten)]
    pub key: LineKey,
    pub level: Option<Level>,
    /// Of a call, a signed sheet keeps no words.
    pub title: String,
    pub detail: String,
    pub since: Timestamp,
    pub owner: Option<Person>,
    /// The next limit, if one runs.
    pub due: Option<Timestamp>,
    /// What that limit is for, where a clock of the desk says it.
    pub clock: Option<ClockKind>,
    pub overdue: bool,
    /// Empty for a line that is not critical.
    pub critical: Vec<Why>,
    /// Who has it from the second signature on; `null`: nobody is named.
    pub taker: Option<Person>,
    pub note: String,
}

impl Line {
    pub fn is_critical(&self) -> bool {
        !self.critical.is_empty()
    }

    /// As a fact may keep it: who called and in which words is sealed under the call's
    /// own key, and is not copied out of it.
    pub(super) fn kept(mut self) -> Line {
        if self.key.kind == LineKind::Intake {
            self.title = "未完成接报".to_owned();
            self.detail = String::new();
        }
        self
    }
}

/// What happened in the shift that ends with a sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverShift")]
pub struct Shift {
    /// The last hand-over of this desk, or so far back as the first sheet tells.
    pub since: Timestamp,
    /// No hand-over of this desk was before.
    pub first: bool,
    /// How often each kind of fact was recorded, by its code.
    pub counts: Vec<Count>,
    /// The newest of them, newest first.
    pub entries: Vec<LogLine>,
    /// There were more than are listed.
    pub more: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverCount")]
pub struct Count {
    /// A kind of fact, such as `warning.issued`.
    pub kind: String,
    pub times: i64,
}

/// What a sheet says: live while it is a draft, and never changed after the first signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverSheet")]
pub struct Sheet {
    /// When this was true.
    pub at: Timestamp,
    /// Critical ones first, then by kind and limit.
    pub lines: Vec<Line>,
    pub shift: Shift,
    /// A list was longer than a sheet holds; the pages of the slices have all.
    pub truncated: bool,
}

/// What the outgoing officer says of a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverLineWords")]
pub struct LineWords {
    #[serde(flatten)]
    pub key: LineKey,
    /// `null`: whoever it is without a word, see [`named`].
    pub taker: Option<Person>,
    pub note: String,
}

/// What the outgoing officer says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverWords")]
pub struct Words {
    /// Who takes over; `null` while nobody is named.
    pub to: Option<Person>,
    /// Of the whole.
    pub note: String,
    pub lines: Vec<LineWords>,
}

/// Who has a line after the hand-over when nobody says otherwise: whoever has it in hand
/// keeps it, except the officer who leaves; what is critical or theirs goes to who takes
/// over. What is neither and nobody's stays nobody's.
fn by_default(line: &Line, giver: &Person, to: Option<&Person>) -> Option<Person> {
    match &line.owner {
        Some(owner) if owner.person != giver.person => line.is_critical().then(|| owner.clone()),
        Some(_) => to.cloned(),
        None => to.filter(|_| line.is_critical()).cloned(),
    }
}

impl Words {
    /// Puts takers and notes on lines, and the lines in their order.
    pub(super) fn named(&self, mut lines: Vec<Line>, giver: &Person) -> Vec<Line> {
        for line in &mut lines {
            let said = self.lines.iter().find(|said| said.key == line.key);
            let taker = said.and_then(|said| said.taker.clone());
            line.taker = taker.or_else(|| by_default(line, giver, self.to.as_ref()));
            line.note = said.map(|said| said.note.clone()).unwrap_or_default();
        }
        lines.sort_by_key(|line| {
            let level = std::cmp::Reverse(line.level);
            let due = line.due.unwrap_or(Timestamp::MAX);
            (!line.is_critical(), line.key.kind, level, !line.overdue, due, line.since, line.key)
        });
        lines
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "HandoverState")]
pub enum State {
    /// Being written; its lines are live.
    Draft,
    /// The outgoing officer has signed.
    Signed,
    /// Both have signed: the desk has changed hands.
    Received,
    Withdrawn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "HandoverAct")]
pub enum Act {
    Edit,
    Sign,
    Receive,
    Return,
    Withdraw,
}

impl State {
    pub(super) const ALL: [State; 4] =
        [State::Draft, State::Signed, State::Received, State::Withdrawn];

    pub fn code(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Signed => "signed",
            State::Received => "received",
            State::Withdrawn => "withdrawn",
        }
    }

    /// What may happen next.
    pub fn next(self) -> &'static [Act] {
        match self {
            State::Draft => &[Act::Edit, Act::Sign, Act::Withdraw],
            State::Signed => &[Act::Receive, Act::Return, Act::Withdraw],
            State::Received | State::Withdrawn => &[],
        }
    }
}

/// Why somebody opened a sheet who had not taken the desk over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverStandIn")]
pub struct StandIn {
    /// Who took the desk over last.
    pub instead_of: Person,
    pub reason: String,
}

/// What the second signature said and did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverReceipt")]
pub struct Receipt {
    pub note: String,
    /// Critical lines that came after the first signature, each confirmed.
    pub added: Vec<Line>,
    /// What passed to whom.
    pub passed: Vec<Passed>,
}

/// An item that changed hands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverPassed")]
pub struct Passed {
    #[serde(flatten)]
    pub key: LineKey,
    pub by: Person,
    pub from: Option<Person>,
}

/// Who turned a sheet back, or took it away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandoverTurned")]
pub struct Turned {
    pub by: Person,
    pub at: Timestamp,
    pub reason: String,
}

/// A sheet as the API gives it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Handover {
    pub id: HandoverId,
    /// `J-0803-01`: by the day at this node.
    pub number: String,
    pub region: Option<AdminCode>,
    pub region_name: String,
    /// The unit of who hands over.
    pub org: Option<Id>,
    pub state: State,
    /// Goes up with each change; a change and the first signature say which one was read.
    pub revision: i64,
    pub giver: Person,
    /// `null` when the giver took the desk over, or nobody had.
    pub stands_in: Option<StandIn>,
    pub begun_at: Timestamp,
    pub words: Words,
    pub signed_at: Option<Timestamp>,
    /// Live in a draft, as far as the caller sees; what was signed afterwards. `null` in a
    /// list, and on a sheet that was withdrawn unsigned.
    pub sheet: Option<Sheet>,
    /// How many lines a signed sheet has.
    pub line_count: Option<i64>,
    /// How many of them are critical.
    pub critical_count: Option<i64>,
    /// Of a signed sheet that waits: critical lines that came since, as far as the caller
    /// sees.
    pub added: Vec<Line>,
    pub receiver: Option<Person>,
    pub received_at: Option<Timestamp>,
    pub receipt: Option<Receipt>,
    /// Of a draft: why it came back, last. Of a withdrawn one: why.
    pub turned_back: Option<Turned>,
    /// What the caller may do with it now.
    pub allowed: Vec<Act>,
    /// What makes a line critical.
    pub rule: Option<Rule>,
    #[serde(skip)]
    pub(super) home: Home,
    #[serde(skip)]
    pub(super) since: Option<Timestamp>,
}

/// Who is at the desk, and which sheets are on their way.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[schemars(rename = "HandoverWatch")]
pub struct Watch {
    /// Of each desk in scope, who took it over last; the newest few.
    pub on_duty: Vec<OnDuty>,
    /// Sheets that wait for a signature; the newest few.
    pub open: Vec<Open>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "OnDuty")]
pub struct OnDuty {
    pub handover: HandoverId,
    pub region: Option<AdminCode>,
    pub region_name: String,
    pub person: Person,
    pub since: Timestamp,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "HandoverOpen")]
pub struct Open {
    pub handover: HandoverId,
    pub number: String,
    pub region: Option<AdminCode>,
    pub region_name: String,
    pub state: State,
    pub giver: Person,
    pub to: Option<Person>,
}

impl Handover {
    /// What `person` may do next; `holds` is whether they hold the desk.
    pub(super) fn allowed(&self, person: Id, holds: bool) -> Vec<Act> {
        let may = |act: &&Act| holds && self.permit(**act, person).is_ok();
        self.state.next().iter().filter(may).copied().collect()
    }

    /// # Errors
    /// [`Error::Conflict`] `wrong-state`, `not-your-handover`, or `own-handover` for a second
    /// signature by who made the first.
    pub(super) fn permit(&self, act: Act, person: Id) -> Result<()> {
        if !self.state.next().contains(&act) {
            let text = format!("the sheet is {}", self.state.code());
            return Err(Error::conflict("wrong-state", text));
        }
        let is_giver = self.giver.person == person;
        match act {
            Act::Edit | Act::Sign if !is_giver => {
                Err(Error::conflict("not-your-handover", "another officer hands over"))
            }
            Act::Receive | Act::Return if is_giver => {
                let text = "who hands over does not take over: the second signature is another's";
                Err(Error::conflict("own-handover", text))
            }
            Act::Receive | Act::Return
                if self.words.to.as_ref().is_some_and(|to| to.person != person) =>
            {
                Err(Error::conflict("not-your-handover", "another officer is named to take over"))
            }
            Act::Edit | Act::Sign | Act::Receive | Act::Return | Act::Withdraw => Ok(()),
        }
    }
}

/// Refuses while a critical line has nobody who takes it.
///
/// # Errors
/// [`Error::Conflict`] `critical-untaken`, which names them.
pub(super) fn require_takers(lines: &[Line]) -> Result<()> {
    let untaken = lines.iter().filter(|line| line.is_critical() && line.taker.is_none());
    match few(untaken) {
        None => Ok(()),
        Some(few) => {
            Err(Error::conflict("critical-untaken", format!("nobody is named to take {few}")))
        }
    }
}

/// The critical lines of now that are not critical on the sheet that was signed.
pub(super) fn added(now: Vec<Line>, signed: &Sheet) -> Vec<Line> {
    let was = |key: LineKey| signed.lines.iter().any(|line| line.key == key && line.is_critical());
    now.into_iter().filter(|line| line.is_critical() && !was(line.key)).collect()
}

/// Refuses while one of them was not confirmed.
///
/// # Errors
/// [`Error::Conflict`] `critical-unconfirmed`, which names them.
pub(super) fn require_confirmed(added: &[Line], confirmed: &[LineKey]) -> Result<()> {
    let unseen = added.iter().filter(|line| !confirmed.contains(&line.key));
    match few(unseen) {
        None => Ok(()),
        Some(few) => {
            let text = format!("after the first signature came {few}");
            Err(Error::conflict("critical-unconfirmed", text))
        }
    }
}

/// How many lines, and the first of them by title; `None` of none.
fn few<'a>(lines: impl Iterator<Item = &'a Line>) -> Option<String> {
    let titles: Vec<&str> = lines.map(|line| line.title.as_str()).collect();
    let few = titles[..titles.len().min(5)].join("; ");
    (!titles.is_empty()).then(|| format!("{}: {few}", titles.len()))
}
