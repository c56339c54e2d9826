//! Gathers the desk: one list per face, then whose it is.

use base::{Id, Timestamp};
use host::sealed::Keys;
use host::{Caller, Read, Result, World};

use super::model::{Clock, ClockKind, Desk, DutyAction, Groups, Item, ItemKind, sort_clocks};
use super::{claim, lines, upstream};
use crate::handover;
use crate::incident::{self, Incident, IncidentState};
use crate::intake::{self, IntakeState};
use crate::person::Person;
use crate::task::{self, Task, TaskState};

/// The most rows that one face gives.
pub(super) const ROWS: i64 = 200;
/// The most clocks on the strip.
const CLOCKS: usize = 60;
/// How long a limit that was met stays on the strip.
const MET: base::Duration = base::Duration::from_mins(30);

/// What the faces gave.
#[derive(Default)]
pub(crate) struct Gathered {
    pub items: Vec<Item>,
    /// Warnings in force that have time: nobody's work now, and what a sheet must say.
    pub in_force: Vec<Item>,
    pub clocks: Vec<Clock>,
    pub truncated: bool,
}

impl Gathered {
    /// Takes a face's rows, which are one more than `ROWS` when there are more.
    pub(super) fn cut<T>(&mut self, mut rows: Vec<T>) -> Vec<T> {
        let most = usize::try_from(ROWS).unwrap_or(usize::MAX);
        self.truncated |= most < rows.len();
        rows.truncate(most);
        rows
    }
}

/// The caller's whole desk, in one read. `end` is where the log ends.
pub(super) fn desk(
    db: &mut dyn Read,
    world: &World,
    caller: &Caller,
    end: i64,
    now: Timestamp,
) -> Result<Desk> {
    let kit = world.kit();
    let Gathered { items, mut clocks, truncated, .. } = gather(db, world.keys(), caller, now)?;
    let done = lines::done(db, kit, caller, end, now)?;
    let log = lines::newest(db, kit, caller, end)?;
    sort_clocks(&mut clocks);
    clocks.truncate(CLOCKS);
    let groups = Groups::of(items, done, caller.person);
    let watch = handover::watch(db, caller)?;
    let disk = kit.space.disk();
    Ok(Desk { now, seq: end, groups, clocks, log, disk, truncated, watch })
}

/// An open item of the caller's desk, if it stands there.
pub(super) fn find(
    db: &mut dyn Read,
    keys: &Keys,
    caller: &Caller,
    now: Timestamp,
    (kind, id): (ItemKind, Id),
) -> Result<Option<Item>> {
    let gathered = gather(db, keys, caller, now)?;
    Ok(gathered.items.into_iter().find(|item| item.kind == kind && item.id == id))
}

/// All that is open on the caller's desk, and whose it is.
pub(crate) fn gather(
    db: &mut dyn Read,
    keys: &Keys,
    caller: &Caller,
    now: Timestamp,
) -> Result<Gathered> {
    let mut gathered = Gathered::default();
    upstream::warnings(db, caller, now, &mut gathered)?;
    upstream::notices(db, caller, now, &mut gathered)?;
    upstream::waiting(db, caller, &mut gathered)?;
    tasks(db, caller, now, &mut gathered)?;
    incidents(db, caller, &mut gathered)?;
    intakes(db, keys, caller, &mut gathered)?;
    let all = gathered.items.iter().chain(&gathered.in_force);
    let claims = claim::of(db, all.map(|item| item.id))?;
    for item in gathered.items.iter_mut().chain(&mut gathered.in_force) {
        // Whoever took it last has it, whosever it was by itself.
        if let Some(claim) = claims.get(&(item.kind, item.id)) {
            item.owner = Some(claim.person.clone());
        }
    }
    Ok(gathered)
}

fn tasks(
    db: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
    gathered: &mut Gathered,
) -> Result<()> {
    let Ok(viewer) = task::Viewer::of(caller) else { return Ok(()) };
    let open = task::open_by_limit(db, &viewer, ROWS + 1)?;
    for task in gathered.cut(open) {
        gathered.clocks.extend(task_clock(&task, now));
        gathered.items.push(task_item(&task, &viewer, now));
    }
    Ok(())
}

fn task_item(task: &Task, viewer: &task::Viewer, now: Timestamp) -> Item {
    let due = task.limit();
    let late = task.overdue || due.is_some_and(|due| due <= now);
    let mine = task.assignee.person == viewer.person();
    let action = match (mine, task.state) {
        (true, TaskState::Assigned) => Some(DutyAction::Accept),
        (true, TaskState::Accepted) => Some(DutyAction::Finish),
        _ if late => task.allowed.contains(&task::Action::Cancel).then_some(DutyAction::Chase),
        _ => None,
    };
    // A late task is its assigner's trouble until it moves again.
    let owner = if late && !mine { task.assigned_by.clone() } else { Some(task.assignee.clone()) };
    Item {
        kind: ItemKind::Task,
        id: task.id.into(),
        level: None,
        title: format!("任务 {} {}", task.number, task.title),
        detail: format!(
            "{} · {}{}",
            task.assignee.name,
            if task.state == TaskState::Assigned { "未应答" } else { "办理中" },
            if task.incident_title.is_empty() {
                String::new()
            } else {
                format!(" · {}", task.incident_title)
            },
        ),
        since: task.accepted_at.unwrap_or(task.assigned_at),
        owner,
        due,
        overdue: late,
        action,
        region: Some(task.region.clone()),
    }
}

/// The limit that runs, and for a while the answer that came.
fn task_clock(task: &Task, now: Timestamp) -> Vec<Clock> {
    let (about, id) = (ItemKind::Task, task.id.into());
    let detail = format!("{} {}", task.number, task.title);
    let who = Some(task.assignee.name.clone());
    let answer = Clock {
        kind: ClockKind::TaskAnswer,
        who: who.clone(),
        about,
        id,
        title: format!("任务回执 {}", task.assignee.name),
        detail: detail.clone(),
        started: task.assigned_at,
        due: task.accept_by,
        done_at: task.accepted_at,
        overdue: task.accept_by <= task.accepted_at.unwrap_or(now),
    };
    let work = |started| Clock {
        kind: ClockKind::TaskWork,
        who,
        about,
        id,
        title: format!("任务完成 {}", task.assignee.name),
        detail,
        started,
        due: task.due_at,
        done_at: None,
        overdue: task.due_at <= now,
    };
    match task.accepted_at {
        None => vec![answer],
        Some(accepted) if now - MET <= accepted => vec![work(accepted), answer],
        Some(accepted) => vec![work(accepted)],
    }
}

fn incidents(db: &mut dyn Read, caller: &Caller, gathered: &mut Gathered) -> Result<()> {
    let Ok(scope) = caller.scope(incident::READ) else { return Ok(()) };
    let wanted =
        incident::Wanted { state: Some(IncidentState::Open), ..incident::Wanted::default() };
    let open = incident::list(db, &scope, &wanted, None, ROWS)?;
    let handles = caller.scope(incident::NOTE).ok();
    for incident in gathered.cut(open) {
        // What only reaches here is another's to handle.
        let handles = match &handles {
            Some(scope) => scope.holds(db, &incident.home)?,
            None => false,
        };
        gathered.items.push(incident_item(&incident, handles));
    }
    Ok(())
}

fn incident_item(incident: &Incident, handles: bool) -> Item {
    let tasks = incident.tasks;
    Item {
        kind: ItemKind::Incident,
        id: incident.id.into(),
        level: incident.level,
        title: incident.title.clone(),
        detail: format!(
            "{} · {} · 任务 {} 在办 {} 逾期 {} 完成",
            incident.number, incident.place, tasks.open, tasks.overdue, tasks.done
        ),
        since: incident.opened_at,
        owner: incident
            .opener
            .map(|person| Person { person, name: incident.opened_by.clone().unwrap_or_default() }),
        due: None,
        overdue: false,
        action: handles.then_some(DutyAction::Handle),
        region: Some(incident.region.clone()),
    }
}

fn intakes(db: &mut dyn Read, keys: &Keys, caller: &Caller, gathered: &mut Gathered) -> Result<()> {
    let Ok(desk) = intake::Desk::of(caller) else { return Ok(()) };
    let drafts = intake::list(db, &desk, IntakeState::Draft, None, ROWS)?;
    for draft in gathered.cut(drafts) {
        let line = draft.line(keys)?;
        let title = match (line.place.as_str(), line.what.as_str()) {
            ("", "") => "来电登记中".to_owned(),
            (place, "") => place.to_owned(),
            ("", what) => what.to_owned(),
            (place, what) => format!("{place}：{what}"),
        };
        let mine = line.owner.person == caller.person;
        gathered.items.push(Item {
            kind: ItemKind::Intake,
            id: line.id.into(),
            level: None,
            title,
            detail: [line.caller, line.phone].join(" ").trim().to_owned(),
            since: line.started_at,
            owner: Some(line.owner),
            due: None,
            overdue: false,
            action: mine.then_some(DutyAction::Continue),
            region: line.region,
        });
    }
    Ok(())
}
