//! Builds of views: which slot holds what, how far it is, and what is known of it here.

use std::sync::{Mutex, MutexGuard};

use base::Timestamp;

use super::{Slot, View};
use crate::db::{Conn, DbError, Read, Row};
use crate::params;
use crate::part::Kit;

/// One build of a view, as its row in `view_build` says it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Build {
    pub slot: Slot,
    version: i64,
    kinds: String,
    /// Reads are answered from it.
    pub live: bool,
    /// The last entry that changed it.
    pub seq: i64,
    pub parked: Option<ParkedView>,
}

/// A view that stopped at an entry. It is tried again at the next start.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct ParkedView {
    /// The entry it failed on; 0 when it could not begin.
    pub seq: i64,
    pub error: String,
    pub at: Timestamp,
}

/// What this process knows of a view.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// What reads are answered from.
    pub live: Option<Build>,
    /// What takes its place once it has reached the end of the log.
    pub next: Option<Build>,
    /// How far the log was looked through for the build that grows: at least its seq.
    pub looked: i64,
}

impl Known {
    /// The build that today's program adds to.
    pub fn growing(&self) -> Option<&Build> {
        self.next.as_ref().or(self.live.as_ref())
    }

    pub fn parked(&self) -> Option<&ParkedView> {
        self.growing().and_then(|build| build.parked.as_ref())
    }

    /// Whether there is nothing to wait for: it holds all up to `seq`, or never will.
    pub fn holds(&self, seq: i64) -> bool {
        self.parked().is_some()
            || (self.next.is_none() && self.live.is_some() && seq <= self.looked)
    }
}

/// What is known of all views of a world, and whoever waits for them.
pub(crate) struct Board {
    known: Vec<Mutex<Known>>,
    moved: tokio::sync::watch::Sender<()>,
}

impl Board {
    pub fn new(known: Vec<Known>) -> Board {
        let known = known.into_iter().map(Mutex::new).collect();
        Board { known, moved: tokio::sync::watch::Sender::new(()) }
    }

    pub fn of(&self, at: usize) -> Known {
        self.lock(at).clone()
    }

    /// Whether no view has anything before `seq` left to do.
    pub fn hold(&self, seq: i64) -> bool {
        (0..self.known.len()).all(|at| self.lock(at).holds(seq))
    }

    pub(super) fn change(&self, at: usize, change: impl FnOnce(&mut Known)) {
        change(&mut self.lock(at));
        self.moved.send_replace(());
    }

    pub(super) fn watch(&self) -> tokio::sync::watch::Receiver<()> {
        self.moved.subscribe()
    }

    fn lock(&self, at: usize) -> MutexGuard<'_, Known> {
        self.known[at].lock().expect("no holder panics")
    }
}

impl Build {
    pub(super) fn fresh(view: &View, kit: &Kit, slot: Slot, live: bool) -> Build {
        let (version, kinds) = (i64::from(view.version), kinds(view, kit));
        Build { slot, version, kinds, live, seq: 0, parked: None }
    }

    fn from_row(row: &Row) -> Result<Build, DbError> {
        let slot = if row.get::<String>("slot")? == "a" { Slot::A } else { Slot::B };
        let parked = match row.get::<Option<Timestamp>>("parked_at")? {
            None => None,
            Some(at) => {
                let (seq, error) = (row.get("failed_seq")?, row.get("error")?);
                Some(ParkedView { seq, error, at })
            }
        };
        Ok(Build {
            slot,
            version: row.get("version")?,
            kinds: row.get("kinds")?,
            live: row.get("live")?,
            seq: row.get("seq")?,
            parked,
        })
    }

    /// Whether today's program goes on with it.
    fn is_of(&self, view: &View, kit: &Kit) -> bool {
        (self.version, &self.kinds) == (i64::from(view.version), &kinds(view, kit))
    }

    pub(super) fn save(&self, conn: &mut Conn, name: &str) -> Result<(), DbError> {
        let parked = self.parked.as_ref();
        conn.send(
            "insert into view_build \
             (name, slot, version, kinds, live, seq, failures, failed_seq, error, parked_at) \
             values ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9) \
             on conflict (name, slot) do update set version = excluded.version, \
             kinds = excluded.kinds, live = excluded.live, seq = excluded.seq, failures = 0, \
             failed_seq = excluded.failed_seq, error = excluded.error, \
             parked_at = excluded.parked_at",
            params![
                name,
                self.slot.name(),
                self.version,
                &self.kinds,
                self.live,
                self.seq,
                parked.map(|parked| parked.seq),
                parked.map(|parked| parked.error.clone()),
                parked.map(|parked| parked.at),
            ],
        )
    }

    pub(super) fn forget(conn: &mut Conn, name: &str, slot: Slot) -> Result<(), DbError> {
        let sql = "delete from view_build where name = $1 and slot = $2";
        conn.send(sql, params![name, slot.name()])
    }
}

/// What a view folds, in one text: one more kind or version of a kind is a changed
/// meaning, and so is whose.
fn kinds(view: &View, kit: &Kit) -> String {
    let mut words = Vec::new();
    for name in view.kinds {
        let slice = kit.slice_of(name).expect("the kit was folded with a slice for each kind");
        let kind = slice.kinds.iter().find(|kind| kind.name == *name);
        words.push(format!("{name} v{}", kind.map_or(0, |kind| kind.version)));
    }
    let whose = if view.foreign { "all" } else { "own" };
    format!("{whose}: {}", words.join(", "))
}

pub(super) fn builds(db: &mut dyn Read, name: &str) -> Result<Vec<Build>, DbError> {
    let rows = db.rows(
        "select slot, version, kinds, live, seq, failed_seq, error, parked_at \
         from view_build where name = $1 order by slot",
        params![name],
    )?;
    rows.iter().map(Build::from_row).collect()
}

/// Finds the builds that are there when a world opens, and begins those that are not.
///
/// `last_seq` is the log's end. A drill's log does not hold what it stands on: `is_base`
/// says that nothing can be built anew from it.
pub(crate) fn open(
    conn: &mut Conn,
    kit: &Kit,
    last_seq: i64,
    is_base: bool,
    now: Timestamp,
) -> Result<Vec<Known>, DbError> {
    let mut all = Vec::new();
    conn.begin()?;
    for view in &kit.views {
        let known = open_one(conn, kit, view, last_seq, is_base, now)?;
        show(conn, view, known.live.as_ref().map(|live| live.slot))?;
        all.push(known);
    }
    conn.commit()?;
    Ok(all)
}

fn open_one(
    conn: &mut Conn,
    kit: &Kit,
    view: &View,
    last_seq: i64,
    is_base: bool,
    now: Timestamp,
) -> Result<Known, DbError> {
    let (mut live, mut next) = (None, None);
    for build in builds(conn, view.name)? {
        // What failed is tried again: this may be a better program.
        let build = Build { parked: None, ..build };
        let place = if build.live { &mut live } else { &mut next };
        *place = Some(build);
    }
    let is_good = |build: &Option<Build>| build.as_ref().is_some_and(|b| b.is_of(view, kit));
    let (live_is_good, next_is_good) = (is_good(&live), is_good(&next));
    if let Some(stale) = next.take_if(|_| live_is_good || !next_is_good) {
        Build::forget(conn, view.name, stale.slot)?;
    }
    if !live_is_good && next.is_none() {
        let slot = live.as_ref().map_or(Slot::A, |live| live.slot.other());
        for table in view.tables {
            conn.run(&format!("delete from {}", slot.of(table)), &[])?;
        }
        let mut fresh = Build::fresh(view, kit, slot, last_seq == 0 && live.is_none() && !is_base);
        if is_base {
            let error = "this drill was opened by an earlier version: open it anew".to_owned();
            fresh.parked = Some(ParkedView { seq: 0, error, at: now });
        }
        let place = if fresh.live { &mut live } else { &mut next };
        *place = Some(fresh);
    }
    for build in live.iter().chain(&next) {
        build.save(conn, view.name)?;
    }
    let looked = next.as_ref().or(live.as_ref()).map_or(0, |build| build.seq);
    Ok(Known { live, next, looked })
}

/// Lets the names of a view's tables stand for one of their slots, or for nothing.
pub(super) fn show(conn: &mut Conn, view: &View, slot: Option<Slot>) -> Result<(), DbError> {
    for table in view.tables {
        conn.run(&format!("drop view if exists {}", table.name), &[])?;
        if let Some(slot) = slot {
            let (name, of) = (table.name, slot.of(table));
            conn.run(&format!("create view {name} as select * from {of}"), &[])?;
        }
    }
    Ok(())
}
