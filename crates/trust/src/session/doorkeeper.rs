//! The door asks who holds a session; the answer is of now, never of the sign-in.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use base::{Id, Timestamp};
use host::web::{Asked, Doorkeeper, Holder, Session};
use host::world::wall_clock;
use host::{Caller, Error, Lane, Read, Result, Tx, World, params};

use super::{AsOf, Held, Open, Sessions, WORLDS};
use crate::{Office, grant};

impl Doorkeeper for Sessions {
    fn caller<'a>(&'a self, secret: &'a str, world: &'a World, asked: Asked) -> Holder<'a> {
        Box::pin(async move {
            let real = self.real()?;
            let digest = crate::office::digest(secret);
            let now = wall_clock();
            let found = match asked {
                Asked::ByPerson => self.touch(&digest, now),
                Asked::ByPage => self.look(&digest, now).map(|session| (session, false)),
            };
            let Some((session, write)) = found else { return Ok(None) };
            if write {
                write_seen(real, digest, session.seen);
            }
            self.holder(real, session, world).await
        })
    }

    fn holds<'a>(&'a self, session: Id, world: &'a World) -> Holder<'a> {
        Box::pin(async move {
            let real = self.real()?;
            match self.find(session, wall_clock()) {
                Some(session) => self.holder(real, session, world).await,
                None => Ok(None),
            }
        })
    }

    fn cookie(&self) -> &'static str {
        self.cookie_name()
    }

    fn refused(&self, world: &World, caller: Option<&Caller>, route: &str, error: &Error) {
        // Nothing is written into the past: who looks there is noted today.
        let world = match self.0.real.get() {
            Some(real) if world.as_of().is_some() => real,
            _ => world,
        };
        if let Some(caller) = caller {
            let (_, code) = error.status();
            self.0.trail.refused(world, caller, route, code);
        }
    }

    fn close(&self) {
        self.0.trail.write_all();
        if let Some(real) = self.0.real.get() {
            self.write_owed(real);
        }
    }
}

impl Sessions {
    fn real(&self) -> Result<&World> {
        self.0.real.get().ok_or(Error::Busy("the sessions of this node are not taken up yet"))
    }

    /// A password was changed, or may have been.
    pub(super) fn password_changed(&self) {
        self.0.passwords.fetch_add(1, Ordering::SeqCst);
    }

    /// Who holds a valid session: the identity of the node, the roles of the world. From
    /// memory, unless something that says so was changed since it was read.
    async fn holder(&self, real: &World, session: Open, world: &World) -> Result<Option<Session>> {
        // Before reading: what is committed meanwhile makes it old at once.
        let as_of = self.as_of(real, world);
        let name = world.name();
        if let Some(held) = session.held.iter().find(|held| &*held.world == name)
            && held.as_of == as_of
        {
            return Ok(Some((*held.holder).clone()));
        }
        let (real, asked, id) = (real.clone(), world.clone(), session.id);
        let read = host::node::off_the_loop(move || holder_in(&real, &asked, &session)).await;
        match read {
            Ok(holder) => {
                let world = Arc::from(name);
                self.remember(id, Held { world, as_of, holder: Arc::new(holder.clone()) });
                Ok(Some(holder))
            }
            Err(Error::NotSignedIn) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn as_of(&self, real: &World, world: &World) -> AsOf {
        let roles = if has_own_roles(real, world) { world } else { real };
        AsOf {
            accounts: real.moved(&["account"]),
            passwords: self.0.passwords.load(Ordering::SeqCst),
            roles: roles.moved(&["role", "role_grant"]),
        }
    }

    fn remember(&self, id: Id, held: Held) {
        let mut open = self.open();
        let Some(session) = open.values_mut().find(|session| session.id == id) else { return };
        session.held.retain(|other| other.world != held.world);
        if session.held.len() == WORLDS {
            session.held.remove(0);
        }
        session.held.push(held);
    }
}

/// Writes down when a session was last used. The memory is what decides; the row is
/// for a restart.
fn write_seen(real: &World, digest: String, seen: Timestamp) {
    let note = move |tx: &mut Tx<'_>| {
        let sql = "update session set seen_at = $2 where secret = $1";
        tx.work().run(sql, params![digest, seen])?;
        Ok(())
    };
    if let Err(error) = real.run_then(Lane::Ordinary, "node", note, |_| {}) {
        tracing::warn!(%error, "a session's last use was not written down");
    }
}

/// Who looks into the past looks with the roles of today.
fn has_own_roles(real: &World, world: &World) -> bool {
    world.name() != real.name() && world.as_of().is_none()
}

fn holder_in(real: &World, world: &World, session: &Open) -> Result<Session> {
    let elsewhere = has_own_roles(real, world);
    let mut held = real.read_now(|db| holder(db, session, !elsewhere))?;
    if elsewhere {
        held.caller.grants = world.read_now(|db| grant::held(db, session.account))?;
    }
    Ok(held)
}

/// The holder of a session by the real world's tables, with its roles if asked for.
pub(super) fn holder(db: &mut dyn Read, session: &Open, with_roles: bool) -> Result<Session> {
    let row = db.row(
        "select a.account, a.person, a.name, a.works_for, a.office, c.must_change from account a \
         join credential c on c.account = a.id where a.id = $1 and a.state = 'active'",
        params![session.account],
    )?;
    let row = row.ok_or(Error::NotSignedIn)?;
    let office = row.get::<Option<String>>("office")?;
    let office = office.as_deref().and_then(Office::of);
    let permissions = office.map(Office::permissions).unwrap_or_default();
    let grants =
        if with_roles { grant::held(db, session.account)? } else { std::sync::Arc::from([]) };
    Ok(Session {
        caller: Caller {
            person: row.get("person")?,
            account: row.get("account")?,
            name: row.get("name")?,
            org: row.get("works_for")?,
            post: office.map(|office| office.word().to_owned()),
            session: session.id,
            csrf: session.csrf.clone(),
            grants,
            offices: permissions.iter().map(|permission| permission.code.to_owned()).collect(),
        },
        password_due: row.get("must_change")?,
    })
}
