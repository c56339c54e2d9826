//! The door asks who holds a session; the answer is of now, never of the sign-in.

use base::Id;
use host::web::{Doorkeeper, Session};
use host::world::wall_clock;
use host::{Caller, Error, Lane, Read, Result, World, params};

use super::{Open, Sessions};
use crate::{Office, grant};

impl Doorkeeper for Sessions {
    fn caller(&self, secret: &str, world: &World) -> Option<Session> {
        let digest = crate::office::digest(secret);
        let (session, write) = self.touch(&digest, wall_clock())?;
        if write && let Some(real) = self.0.real.get() {
            let seen = session.seen;
            let noted = real.run_then(
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
        self.holder(&session, world)
    }

    fn holds(&self, session: Id, world: &World) -> Option<Session> {
        self.holder(&self.find(session, wall_clock())?, world)
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
    }
}

impl Sessions {
    /// Who holds a valid session: the identity of the node, the roles of the world.
    fn holder(&self, session: &Open, world: &World) -> Option<Session> {
        let Some(real) = self.0.real.get() else {
            tracing::error!("a session is asked for before the sessions were taken up");
            return None;
        };
        match holder_in(real, world, session) {
            Ok(session) => Some(session),
            Err(Error::NotSignedIn) => None,
            Err(error) => {
                tracing::error!(%error, "a session's holder could not be read");
                None
            }
        }
    }
}

fn holder_in(real: &World, world: &World, session: &Open) -> Result<Session> {
    // Who looks into the past looks with the roles of today.
    let elsewhere = world.name() != real.name() && world.as_of().is_none();
    let mut held = real.read_now(|db| holder(db, session, !elsewhere))?;
    if elsewhere {
        held.caller.grants = world.read_now(|db| grant::held(db, session.account))?;
    }
    Ok(held)
}

/// The holder of a session by the real world's tables, with its roles if asked for.
pub(super) fn holder(db: &mut dyn Read, session: &Open, with_roles: bool) -> Result<Session> {
    let row = db.row(
        "select a.account, a.person, a.name, a.org, a.office, c.must_change from account a \
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
            org: row.get("org")?,
            post: office.map(|office| office.word().to_owned()),
            session: session.id,
            csrf: session.csrf.clone(),
            grants,
            offices: permissions.iter().map(|permission| permission.code.to_owned()).collect(),
        },
        password_due: row.get("must_change")?,
    })
}
