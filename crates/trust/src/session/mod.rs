//! Sessions: who is signed in, and how often somebody may try.
//!
//! All of it is working state: secrets and counters, expiring, never in a fact.
//! That somebody signed in, was refused or left is an entry of the trail.
//! Tables: `session`, `sign_in_failure`, `first_start`. Screens: `ui/src/trust/session`.
//! Source: GB/T 22239-2019 8.1.4.1 b (failed sign-ins, timeout); numbers are
//! assessors' practice.

mod attempt;
mod routes;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use base::{Duration, Id, Timestamp};
use host::world::wall_clock;
use host::{Caller, Error, Lane, Read, Result, Slice, Table, World, params};

use crate::{Office, audit, grant};

pub(crate) use routes::routes;

/// An officer's session ends after this long without a request; others' after [`IDLE`].
const IDLE_OFFICER: Duration = Duration::from_mins(15);
const IDLE: Duration = Duration::from_mins(30);
/// A duty shift is twelve hours; nobody stays signed in longer.
const ABSOLUTE: Duration = Duration::from_hours(12);
/// How often "last seen" is written down.
const SEEN_EVERY: Duration = Duration::from_mins(1);

pub(crate) fn slice() -> Slice {
    const TABLES: &[Table] = &[
        Table::working("session"),
        Table::working("sign_in_failure"),
        Table::working("first_start"),
        Table::facts("organisation"),
    ];
    Slice::without_facts("session", TABLES, audit::READ_TRAIL)
}

/// The sessions of a node: its doorkeeper.
#[derive(Clone, Default)]
pub struct Sessions(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// By the digest of the secret.
    open: Mutex<HashMap<String, Open>>,
    /// The world that identities and roles of the node itself are in.
    real: OnceLock<World>,
    trail: audit::Collapse,
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
}

impl Sessions {
    /// Takes up the sessions that were open when the node stopped.
    ///
    /// # Errors
    /// [`Error::Db`] when the database does not answer.
    pub fn resume(&self, world: &World) -> Result<()> {
        // Set once: a node has one real world.
        let _ = self.0.real.set(world.clone());
        let rows = world.read_now(|db| {
            Ok(db.rows(
                "select s.secret, s.id, s.account, s.csrf, s.seen_at, s.expires_at, a.office \
                 from session s join account a on a.id = s.account",
                &[],
            )?)
        })?;
        let mut open = self.0.open.lock().expect("no holder panics");
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
            };
            open.insert(row.get("secret")?, session);
        }
        Ok(())
    }

    /// Ends all sessions of an account, at once.
    pub fn forget_account(&self, account: Id) {
        let mut open = self.0.open.lock().expect("no holder panics");
        open.retain(|_, session| session.account != account);
    }

    /// The session of a secret that is valid now, with its idle time begun anew.
    fn touch(&self, digest: &str, now: Timestamp) -> Option<(Open, bool)> {
        let mut open = self.0.open.lock().expect("no holder panics");
        let session = open.get_mut(digest)?;
        if session.expires <= now || session.seen + session.idle <= now {
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
}

fn idle_of(officer: bool) -> Duration {
    if officer { IDLE_OFFICER } else { IDLE }
}

/// The caller behind an account, in a world.
fn caller_of(db: &mut dyn Read, session: &Open) -> Result<Caller> {
    let row = db.row(
        "select account, person, name, org, office from account where id = $1 and state = 'active'",
        params![session.account],
    )?;
    let row = row.ok_or(Error::NotSignedIn)?;
    let office = row.get::<Option<String>>("office")?;
    let office = office.as_deref().and_then(Office::of);
    let permissions = office.map(Office::permissions).unwrap_or_default();
    Ok(Caller {
        person: row.get("person")?,
        account: row.get("account")?,
        name: row.get("name")?,
        org: row.get("org")?,
        post: office.map(|office| office.word().to_owned()),
        session: session.id,
        csrf: session.csrf.clone(),
        grants: grant::held(db, session.account)?,
        offices: permissions.iter().map(|permission| permission.code.to_owned()).collect(),
    })
}

impl host::web::Doorkeeper for Sessions {
    fn caller(&self, secret: &str, world: &World) -> Option<host::web::Session> {
        let digest = crate::office::digest(secret);
        let (session, write) = self.touch(&digest, wall_clock())?;
        if write {
            let seen = session.seen;
            let noted = world.run_then(
                Lane::Ordinary,
                "node",
                move |tx| {
                    tx.work().run(
                        "update session set seen_at = $2 where secret = $1",
                        params![digest, seen],
                    )?;
                    Ok(())
                },
                // The memory above is what decides; the row is for a restart.
                |_| {},
            );
            if let Err(error) = noted {
                tracing::warn!(%error, "a session's last use was not written down");
            }
        }
        // Who looks into the past looks with the roles of today.
        let world = match self.0.real.get() {
            Some(real) if world.as_of().is_some() => real,
            _ => world,
        };
        match world.read_now(|db| caller_of(db, &session)) {
            Ok(caller) => Some(host::web::Session { caller }),
            Err(Error::NotSignedIn) => None,
            Err(error) => {
                tracing::error!(%error, "a session's holder could not be read");
                None
            }
        }
    }

    fn refused(&self, world: &World, caller: Option<&Caller>, route: &str, error: &Error) {
        if let Some(caller) = caller {
            let (_, code) = error.status();
            self.0.trail.refused(world, caller, route, code);
        }
    }
}
