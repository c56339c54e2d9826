//! Loads and lists tasks: within a scope, and one's own wherever they are.

use std::collections::HashMap;

use base::{Id, Timestamp};
use host::job::waiting;
use host::{Caller, Due, Error, Home, Read, Result, Row, Scope, Value, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Hand, Task, TaskId, TaskState};
use super::{ASSIGN, DO, READ};
use crate::incident::{self, IncidentId};
use crate::person::Person;

const COLUMNS: &str = "t.id, t.number, t.incident, t.incident_title, t.region, t.title, t.detail, \
    t.assignee, t.assignee_name, t.assigner, t.assigner_name, t.state, t.accept_by, t.due_at, \
    t.accept_missed, t.due_missed, t.org, t.class, t.assigned_at, t.accepted_at, \
    t.ended_at, t.report";

/// Somebody before tasks: which they see, and what they may do with them.
#[derive(Debug, Clone)]
pub struct Viewer {
    person: Id,
    /// Regions whose tasks are seen; one's own are seen wherever they are.
    scope: Scope,
    does: bool,
    assigns: bool,
    commands: Option<Scope>,
}

impl Viewer {
    /// What `caller` sees with `task.read`, `task.assign` or `task.do`.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for one who holds none of them.
    pub fn of(caller: &Caller) -> Result<Viewer> {
        let held: Vec<Scope> =
            [READ, ASSIGN, DO].into_iter().filter_map(|held| caller.scope(held).ok()).collect();
        let scope = Scope::any_of(held).ok_or(Error::Forbidden { permission: READ.code })?;
        Ok(Viewer {
            person: caller.person,
            scope,
            does: caller.may(DO),
            assigns: caller.may(ASSIGN),
            commands: caller.scope(incident::CLOSE).ok(),
        })
    }

    /// The node itself, in jobs: it sees all tasks and gives none.
    pub(super) fn node() -> Viewer {
        Viewer {
            person: Id::from_u128(0),
            scope: Scope::Node,
            does: false,
            assigns: false,
            commands: None,
        }
    }

    pub(crate) fn person(&self) -> Id {
        self.person
    }

    /// What they act on.
    fn holds(&self, params: &mut Vec<Value>) -> String {
        let inside = self.scope.filter("t", params);
        self.or_own(inside, params)
    }

    /// What they look at: also tasks that only reach into the scope.
    fn sees(&self, params: &mut Vec<Value>) -> String {
        let inside = self.scope.filter_reaching("t", "task_reach", params);
        self.or_own(inside, params)
    }

    fn or_own(&self, inside: String, params: &mut Vec<Value>) -> String {
        params.push(self.person.into());
        format!("({inside} or t.assignee = ${})", params.len())
    }

    /// How they stand before a task that is at home there.
    pub(super) fn hand(&self, db: &mut dyn Read, home: &Home) -> Result<Hand> {
        let commands = match &self.commands {
            Some(scope) => scope.holds(db, home)?,
            None => false,
        };
        Ok(Hand { person: self.person, does: self.does, assigns: self.assigns, commands })
    }
}

/// How many tasks of an incident are where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tally {
    /// Assigned or accepted.
    pub open: u32,
    /// Of the open ones, those past a limit.
    pub overdue: u32,
    pub done: u32,
}

/// Which tasks are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub incident: Option<IncidentId>,
    pub state: Option<WantedState>,
    /// Only those given to the one who asks.
    pub mine: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WantedState {
    /// Assigned or accepted.
    Open,
    Assigned,
    Accepted,
    Done,
    Declined,
    Cancelled,
}

impl WantedState {
    fn condition(self) -> &'static str {
        match self {
            WantedState::Open => "t.state in ('assigned', 'accepted')",
            WantedState::Assigned => "t.state = 'assigned'",
            WantedState::Accepted => "t.state = 'accepted'",
            WantedState::Done => "t.state = 'done'",
            WantedState::Declined => "t.state = 'declined'",
            WantedState::Cancelled => "t.state = 'cancelled'",
        }
    }
}

/// One task, to act on it; out of sight there is none.
pub fn load(db: &mut dyn Read, viewer: &Viewer, id: TaskId) -> Result<Task> {
    one(db, viewer, id, Viewer::holds)
}

/// One task, to look at it: also one that only reaches into the scope.
pub fn see(db: &mut dyn Read, viewer: &Viewer, id: TaskId) -> Result<Task> {
    one(db, viewer, id, Viewer::sees)
}

fn one(
    db: &mut dyn Read,
    viewer: &Viewer,
    id: TaskId,
    within: fn(&Viewer, &mut Vec<Value>) -> String,
) -> Result<Task> {
    let mut params = vec![Value::from(id)];
    let seen = within(viewer, &mut params);
    let row =
        db.row(&format!("select {COLUMNS} from task t where t.id = $1 and {seen}"), &params)?;
    let mut task = from_row(&row.ok_or(Error::not_found("task"))?)?;
    let hand = viewer.hand(db, &task.home)?;
    task.allowed = task.allowed(&hand);
    Ok(task)
}

/// Tasks from the newest on, after `position` (assigned at, id); `limit + 1` at most.
pub fn list(
    db: &mut dyn Read,
    viewer: &Viewer,
    wanted: &Wanted,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Task>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let mut params = vec![Value::from(at), Value::from(id), Value::from(limit + 1)];
    let mut conditions = vec![
        "(t.assigned_at < $1 or (t.assigned_at = $1 and t.id < $2))".to_owned(),
        viewer.sees(&mut params),
    ];
    if let Some(incident) = wanted.incident {
        params.push(incident.into());
        conditions.push(format!("t.incident = ${}", params.len()));
    }
    if let Some(state) = wanted.state {
        conditions.push(state.condition().to_owned());
    }
    if wanted.mine {
        params.push(viewer.person.into());
        conditions.push(format!("t.assignee = ${}", params.len()));
    }
    let sql = format!(
        "select {COLUMNS} from task t where {} order by t.assigned_at desc, t.id desc limit $3",
        conditions.join(" and ")
    );
    let rows = db.rows(&sql, &params)?;
    from_rows(db, viewer, &rows)
}

/// Open tasks by the limit that runs, the earliest first.
pub fn open_by_limit(db: &mut dyn Read, viewer: &Viewer, limit: i64) -> Result<Vec<Task>> {
    let mut params = vec![Value::from(limit)];
    let seen = viewer.sees(&mut params);
    let sql = format!(
        "select {COLUMNS} from task t where t.state in ('assigned', 'accepted') and {seen} \
         order by case when t.state = 'assigned' and t.accept_by < t.due_at then t.accept_by \
         else t.due_at end, t.id limit $1"
    );
    let rows = db.rows(&sql, &params)?;
    from_rows(db, viewer, &rows)
}

/// Tasks that were done, declined or cancelled after `since`, the latest first.
pub fn ended_since(
    db: &mut dyn Read,
    viewer: &Viewer,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Task>> {
    let mut params = vec![Value::from(since), Value::from(limit)];
    let seen = viewer.sees(&mut params);
    let sql = format!(
        "select {COLUMNS} from task t where t.ended_at > $1 and {seen} \
         order by t.ended_at desc, t.id desc limit $2"
    );
    let rows = db.rows(&sql, &params)?;
    from_rows(db, viewer, &rows)
}

/// The tasks of one incident, counted.
pub(crate) fn tally(db: &mut dyn Read, incident: IncidentId) -> Result<Tally> {
    Ok(tallies(db, &[incident])?.remove(&incident).unwrap_or_default())
}

/// The tasks of several incidents, counted; one without tasks is not in the map.
pub(crate) fn tallies(
    db: &mut dyn Read,
    incidents: &[IncidentId],
) -> Result<HashMap<IncidentId, Tally>> {
    if incidents.is_empty() {
        return Ok(HashMap::new());
    }
    let params: Vec<Value> = incidents.iter().map(|id| Value::from(*id)).collect();
    let places: Vec<String> = (1..=params.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "select incident, \
         sum(case when state in ('assigned', 'accepted') then 1 else 0 end) as open, \
         sum(case when (state = 'assigned' and accept_missed = 1) \
         or (state in ('assigned', 'accepted') and due_missed = 1) then 1 else 0 end) as overdue, \
         sum(case when state = 'done' then 1 else 0 end) as done \
         from task where incident in ({}) group by incident order by incident",
        places.join(", ")
    );
    let rows = db.rows(&sql, &params)?;
    rows.iter()
        .map(|row| {
            let count = |column| -> Result<u32> {
                Ok(u32::try_from(row.get::<i64>(column)?).unwrap_or(u32::MAX))
            };
            let tally =
                Tally { open: count("open")?, overdue: count("overdue")?, done: count("done")? };
            Ok((row.get("incident")?, tally))
        })
        .collect()
}

/// The next number at this node.
pub(super) fn next_serial(db: &mut dyn Read, origin: &str) -> Result<i64> {
    let row = db.row("select max(serial) as last from task where origin = $1", params![origin])?;
    let last: Option<i64> = row.map_or(Ok(None), |row| row.get("last"))?;
    Ok(last.unwrap_or(0) + 1)
}

/// The task whose limit comes first and has no fact yet.
pub(super) fn next_limit(db: &mut dyn Read, job: &str) -> Result<Option<Due>> {
    let waits = waiting(job, "task");
    let accept = format!(
        "select accept_by as at, id from task where state = 'assigned' and accept_missed = 0 \
         and {waits} order by accept_by, id limit 1"
    );
    let due = format!(
        "select due_at as at, id from task where state in ('assigned', 'accepted') \
         and due_missed = 0 and {waits} order by due_at, id limit 1"
    );
    let (accept, due) = (Due::first(db, &accept)?, Due::first(db, &due)?);
    Ok(accept.into_iter().chain(due).min_by_key(|due| due.at))
}

/// Tasks with what the caller may do with them; asked once per home.
fn from_rows(db: &mut dyn Read, viewer: &Viewer, rows: &[Row]) -> Result<Vec<Task>> {
    let mut hands: HashMap<Home, Hand> = HashMap::new();
    let mut tasks = Vec::with_capacity(rows.len());
    for row in rows {
        let mut task = from_row(row)?;
        if task.is_open() {
            let hand = match hands.get(&task.home) {
                Some(hand) => *hand,
                None => viewer.hand(db, &task.home)?,
            };
            task.allowed = task.allowed(&hand);
            hands.insert(task.home.clone(), hand);
        }
        tasks.push(task);
    }
    Ok(tasks)
}

fn from_row(row: &Row) -> Result<Task> {
    let code: String = row.get("state")?;
    let state = TaskState::ALL.into_iter().find(|state| state.code() == code);
    let state = state.ok_or_else(|| Error::Internal(format!("a task is in the state {code:?}")))?;
    let assigner: Option<Id> = row.get("assigner")?;
    let assigner_name: Option<String> = row.get("assigner_name")?;
    let accept_missed: bool = row.get("accept_missed")?;
    let due_missed: bool = row.get("due_missed")?;
    let open = matches!(state, TaskState::Assigned | TaskState::Accepted);
    let ended_at: Option<Timestamp> = row.get("ended_at")?;
    Ok(Task {
        id: row.get("id")?,
        number: row.get("number")?,
        incident: row.get("incident")?,
        incident_title: row.get("incident_title")?,
        region: row.parse("region")?,
        title: row.get("title")?,
        detail: row.get("detail")?,
        assignee: Person { person: row.get("assignee")?, name: row.get("assignee_name")? },
        state,
        assigned_at: row.get("assigned_at")?,
        assigned_by: assigner
            .map(|person| Person { person, name: assigner_name.unwrap_or_default() }),
        accept_by: row.get("accept_by")?,
        due_at: row.get("due_at")?,
        accepted_at: row.get("accepted_at")?,
        ended_at,
        done_at: ended_at.filter(|_| state == TaskState::Done),
        overdue: (state == TaskState::Assigned && accept_missed) || (open && due_missed),
        was_late: accept_missed || due_missed,
        report: row.get("report")?,
        allowed: Vec::new(),
        home: Home::from_row(row)?,
        accept_missed,
        due_missed,
    })
}
