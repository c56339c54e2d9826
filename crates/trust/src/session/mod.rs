//! Sessions: who is signed in, and how often somebody may try.
//!
//! All of it is working state: secrets and counters, expiring, never in a fact.
//! That somebody signed in, was refused or left is an entry of the trail.
//! Tables: `session`, `sign_in_failure`, `first_start`. Screens: `ui/src/trust/session`.
//! Source: GB/T 22239-2019 8.1.4.1 b (failed sign-ins, timeout); numbers are
//! assessors' practice.

mod attempt;
mod doorkeeper;
mod leave;
mod routes;

#[cfg(test)]
pub(crate) mod story;

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use base::{Duration, Id, Timestamp};
use host::web::{SECURE_SESSION_COOKIE, SESSION_COOKIE};
use host::world::wall_clock;
use host::{Result, Slice, Table, World};

use crate::{audit, password};

pub(crate) use routes::routes;

/// An officer's session ends after this long without a request of theirs, what a page asks
/// by itself not counted; others' after [`IDLE`].
const IDLE_OFFICER: Duration = Duration::from_mins(15);
const IDLE: Duration = Duration::from_mins(30);
/// A duty shift is twelve hours; nobody stays signed in longer.
const ABSOLUTE: Duration = Duration::from_hours(12);
/// How often "last seen" is written down.
const SEEN_EVERY: Duration = Duration::from_mins(1);
/// Worlds whose holder is remembered for each session.
const WORLDS: usize = 4;
/// Sessions of one account at a time; a new one ends the oldest.
const MOST_SESSIONS: usize = 20;

pub(crate) fn slice() -> Slice {
    const TABLES: &[Table] = &[
        Table::working("session"),
        Table::working("sign_in_failure"),
        Table::working("first_start"),
    ];
    Slice::without_facts("session", TABLES, audit::READ_TRAIL)
}

/// The sessions of a node: its doorkeeper.
///
/// Identity belongs to the node: accounts, credentials and sessions are read and
/// written in the real world alone, whichever world a request is about.
#[derive(Clone, Default)]
pub struct Sessions(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// People reach this node by https: the cookie goes by no other way.
    secure: bool,
    /// By the digest of the secret.
    open: Mutex<HashMap<String, Open>>,
    /// The world that identities are in.
    real: OnceLock<World>,
    desk: password::Desk,
    trail: Arc<audit::Collapse>,
    owed: leave::Owed,
    /// Counts passwords that were changed: no fact tells of them.
    passwords: AtomicU64,
}

#[derive(Debug, Clone)]
struct Open {
    id: Id,
    account: Id,
    csrf: String,
    seen: Timestamp,
    written: Timestamp,
    expires: Timestamp,
    idle: Duration,
    /// Who holds it, by the worlds that were asked for last.
    held: Vec<Held>,
}

/// Who holds a session in a world, as of a state of the tables that say so.
#[derive(Debug, Clone)]
struct Held {
    world: Arc<str>,
    as_of: AsOf,
    holder: Arc<host::web::Session>,
}

/// Counts of what a holder is read from: while they are the same, so is the holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct AsOf {
    accounts: u64,
    passwords: u64,
    roles: u64,
}

impl Open {
    fn holds(&self, now: Timestamp) -> bool {
        now < self.expires && now < self.seen + self.idle
    }
}

impl Sessions {
    /// `secure`: people reach the node by https, so its cookie is for https only.
    pub fn new(secure: bool) -> Sessions {
        Sessions(Arc::new(Inner { secure, ..Inner::default() }))
    }

    /// Takes up the sessions that were open when the node stopped, and begins to
    /// count what is refused and to write what is owed. `real` is the node's real world; nobody is let in
    /// before.
    ///
    /// # Errors
    /// [`Error::Db`](host::Error::Db) when the database does not answer.
    pub fn resume(&self, real: &World) -> Result<()> {
        self.resume_at(real, wall_clock())?;
        audit::Collapse::watch(&self.0.trail, real);
        self.watch_owed(real);
        Ok(())
    }

    fn resume_at(&self, real: &World, now: Timestamp) -> Result<()> {
        // Set once: a node has one real world.
        let _ = self.0.real.set(real.clone());
        real.run(host::Lane::Urgent, "node", attempt::key_names)?;
        let rows = real.read_now(|db| {
            Ok(db.rows(
                "select s.secret, s.id, s.account, s.csrf, s.seen_at, s.expires_at, a.office \
                 from session s join account a on a.id = s.account order by s.id",
                &[],
            )?)
        })?;
        let mut open = self.open();
        for row in rows {
            let seen: Timestamp = row.get("seen_at")?;
            let session = Open {
                id: row.get("id")?,
                account: row.get("account")?,
                csrf: row.get("csrf")?,
                seen,
                written: seen,
                expires: row.get("expires_at")?,
                idle: idle_of(row.get::<Option<String>>("office")?.is_some()),
                held: Vec::new(),
            };
            if session.holds(now) {
                open.insert(row.get("secret")?, session);
            }
        }
        Ok(())
    }

    /// Ends all sessions of an account, at once.
    pub fn forget_account(&self, account: Id) {
        self.open().retain(|_, session| session.account != account);
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Open>> {
        self.0.open.lock().expect("no holder panics")
    }

    /// Lets a new session in, and out whatever has expired and what is one too many
    /// of its account.
    fn admit(&self, digest: String, session: Open) {
        let (account, now) = (session.account, session.seen);
        let mut open = self.open();
        open.retain(|_, session| session.holds(now));
        open.insert(digest, session);
        let mut own: Vec<(Timestamp, Id)> = open
            .values()
            .filter(|session| session.account == account)
            .map(|session| (session.expires, session.id))
            .collect();
        if MOST_SESSIONS < own.len() {
            own.sort();
            let ended = &own[..own.len() - MOST_SESSIONS];
            open.retain(|_, session| !ended.iter().any(|(_, id)| *id == session.id));
        }
    }

    /// Ends one session.
    fn end(&self, id: Id) {
        self.open().retain(|_, session| session.id != id);
    }

    /// The session of a secret that is valid now, with its idle time begun anew, and
    /// whether that is to be written down.
    fn touch(&self, digest: &str, now: Timestamp) -> Option<(Open, bool)> {
        let mut open = self.open();
        let session = open.get_mut(digest)?;
        if !session.holds(now) {
            open.remove(digest);
            return None;
        }
        session.seen = now;
        let write = session.written + SEEN_EVERY <= now;
        if write {
            session.written = now;
        }
        Some((session.clone(), write))
    }

    /// The session of a secret that is valid now; its idle time runs on.
    fn look(&self, digest: &str, now: Timestamp) -> Option<Open> {
        self.open().get(digest).filter(|session| session.holds(now)).cloned()
    }

    /// A session that is valid now, by its id; its idle time runs on.
    fn find(&self, id: Id, now: Timestamp) -> Option<Open> {
        self.open().values().find(|session| session.id == id && session.holds(now)).cloned()
    }

    fn cookie_name(&self) -> &'static str {
        if self.0.secure { SECURE_SESSION_COOKIE } else { SESSION_COOKIE }
    }

    /// The `Set-Cookie` that gives a secret to its holder; an empty one takes it away.
    fn set_cookie(&self, secret: &str) -> String {
        let (name, secure) = (self.cookie_name(), if self.0.secure { "; Secure" } else { "" });
        let gone = if secret.is_empty() { "; Max-Age=0" } else { "" };
        format!("{name}={secret}; Path=/; HttpOnly; SameSite=Strict{secure}{gone}")
    }

    /// Where passwords are hashed and checked.
    pub(crate) fn desk(&self) -> &password::Desk {
        &self.0.desk
    }
}

/// Ends every session of a world that nobody serves yet: what a backup knew of who is
/// signed in is not true any more.
///
/// # Errors
/// [`Error::Db`](host::Error::Db) when the database does not answer.
pub fn end_all(world: &World) -> Result<u64> {
    world.run(host::Lane::Ordinary, "restore", |tx| {
        Ok(tx.work().run("delete from session", host::params![])?)
    })
}

fn idle_of(officer: bool) -> Duration {
    if officer { IDLE_OFFICER } else { IDLE }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_754_161_200_000);

    fn session(number: u128, account: u128, opened: Timestamp) -> Open {
        Open {
            id: Id::from_u128(number),
            account: Id::from_u128(account),
            csrf: String::new(),
            seen: opened,
            written: opened,
            expires: opened + ABSOLUTE,
            idle: IDLE,
            held: Vec::new(),
        }
    }

    #[test]
    fn a_session_ends_idle_or_old_and_looking_does_not_keep_it() {
        let sessions = Sessions::default();
        sessions.admit("a".to_owned(), session(1, 1, NOW));
        let id = Id::from_u128(1);
        assert!(sessions.find(id, NOW + Duration::from_mins(29)).is_some());
        assert!(sessions.look("a", NOW + Duration::from_mins(29)).is_some());
        assert!(sessions.find(id, NOW + IDLE).is_none(), "it looked, it did not touch");
        assert!(sessions.look("a", NOW + IDLE).is_none(), "a page by itself is let in no longer");
        assert!(sessions.touch("a", NOW + Duration::from_mins(29)).is_some());
        assert!(sessions.find(id, NOW + IDLE).is_some(), "touched");
        let mut now = NOW;
        while now < NOW + ABSOLUTE {
            assert!(sessions.touch("a", now).is_some());
            now = now + Duration::from_mins(20);
        }
        assert!(sessions.touch("a", now).is_none(), "twelve hours are enough");
    }

    #[test]
    fn the_expired_and_the_oldest_of_too_many_make_room() {
        let sessions = Sessions::default();
        for number in 0..25u32 {
            let opened = NOW + Duration::from_secs(i64::from(number));
            sessions.admit(format!("a{number}"), session(number.into(), 1, opened));
        }
        sessions.admit("b".to_owned(), session(100, 2, NOW + Duration::from_secs(30)));
        assert_eq!(sessions.open().len(), 20 + 1, "another account's counts for itself");
        assert!(sessions.touch("a4", NOW).is_none() && sessions.touch("a5", NOW).is_some());
        sessions.admit("c".to_owned(), session(101, 3, NOW + Duration::from_hours(1)));
        assert_eq!(sessions.open().len(), 1, "the others sat idle for an hour");
    }

    #[test]
    fn over_https_the_cookie_is_for_this_host_and_for_https_only() {
        let plain = "fengsui_session=s; Path=/; HttpOnly; SameSite=Strict";
        assert_eq!(Sessions::default().set_cookie("s"), plain);
        let secure = "__Host-fengsui_session=s; Path=/; HttpOnly; SameSite=Strict; Secure";
        assert_eq!(Sessions::new(true).set_cookie("s"), secure);
    }
}
