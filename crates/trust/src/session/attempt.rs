//! Trying a password: five tries, then a lock that grows.
//!
//! Counted by the name that was typed and where it came from, whether or not such
//! an account exists, so that a refusal tells nothing about accounts and nobody
//! elsewhere locks an officer out; and, looser, by the name alone, for guesses that
//! come from many places. A try counts before its password is looked at, so that
//! tries side by side are as many as one after the other.

use base::{Duration, Id, Timestamp};
use host::sealed::Keys;
use host::{Error, Read, Result, Tx, params};

/// Wrong passwords from one source before a lock.
const TRIES: i64 = 5;
/// Wrong passwords for one name, from wherever, before a lock.
const TRIES_OF_NAME: i64 = 50;
const FIRST_LOCK: Duration = Duration::from_mins(15);
/// Locks double up to this many times: 15 min to 4 h.
const DOUBLINGS: i64 = 4;
/// Counters are forgotten after a quiet day.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(24);
/// The source under which a name is counted from wherever.
const ANYWHERE: &str = "";

/// Where a counter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Count {
    failures: i64,
    locks: i64,
    locked_until: Option<Timestamp>,
}

impl Count {
    fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }

    /// After one more wrong password at `now`.
    fn after_failure(self, now: Timestamp, tries: i64) -> Count {
        let failures = self.failures + 1;
        if failures < tries {
            return Count { failures, ..self };
        }
        let minutes = FIRST_LOCK.as_millis() << self.locks.clamp(0, DOUBLINGS);
        let until = now + Duration::from_millis(minutes);
        Count { failures: 0, locks: self.locks + 1, locked_until: Some(until) }
    }
}

/// Where a name stands, at one source and from anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Standing {
    here: Count,
    anywhere: Count,
}

impl Standing {
    pub(crate) fn is_locked(&self, now: Timestamp) -> bool {
        self.here.is_locked(now) || self.anywhere.is_locked(now)
    }

    fn after_failure(self, now: Timestamp) -> Standing {
        Standing {
            here: self.here.after_failure(now, TRIES),
            anywhere: self.anywhere.after_failure(now, TRIES_OF_NAME),
        }
    }

    pub(crate) fn refusal(&self, now: Timestamp) -> Error {
        let locks = [self.here.locked_until, self.anywhere.locked_until];
        let locked_until = locks.into_iter().flatten().filter(|until| now < *until).max();
        let left = u32::try_from(TRIES - self.here.failures).ok();
        Error::SignInRefused {
            tries_left: if locked_until.is_some() { None } else { left },
            locked_until,
        }
    }
}

/// Who tries a password: the name that was typed, and from where.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub name: String,
    pub source: String,
    /// The name as it is counted. Many a password was typed into the field of the name,
    /// so a name that may be none is kept under this node's key only.
    counted: String,
}

/// How a counted name begins; one without it was kept in clear by an older program.
const KEYED: &str = "k1:";

impl Who {
    pub(crate) fn new(keys: &Keys, name: String, source: String) -> Who {
        let counted = counted(keys, &name);
        Who { name, source, counted }
    }

    /// The name as the trail shows it: one of an account as it is, any other as a mark
    /// that is the same whenever the same is typed, and tells nothing of it.
    pub(crate) fn shown(&self, db: &mut dyn Read) -> Result<String> {
        let known = db.row("select id from account where account = $1", params![&self.name])?;
        let mark: String = self.counted.chars().skip(KEYED.len()).take(8).collect();
        Ok(known.map_or_else(|| format!("{UNKNOWN}{mark}"), |_| self.name.clone()))
    }
}

/// How the mark of an unknown name begins; no account is called so.
const UNKNOWN: &str = "unknown:";

fn counted(keys: &Keys, name: &str) -> String {
    format!("{KEYED}{}", keys.blind_index("sign-in", name))
}

/// Puts the names that an older program counted in clear under this node's key: a lock
/// goes on, and what was typed is gone.
pub(crate) fn key_names(tx: &mut Tx<'_>) -> Result<()> {
    let rows = tx.rows(
        "select distinct name from sign_in_failure where name not like 'k1:%' order by name",
        &[],
    )?;
    for row in rows {
        let name: String = row.get("name")?;
        let keyed = counted(tx.keys(), &name);
        // What was counted under the key already is newer.
        let older = "delete from sign_in_failure where name = $1 and source in \
                     (select source from sign_in_failure where name = $2)";
        tx.work().run(older, params![&name, &keyed])?;
        let sql = "update sign_in_failure set name = $2 where name = $1";
        tx.work().run(sql, params![name, keyed])?;
    }
    Ok(())
}

pub(crate) fn standing(db: &mut dyn Read, who: &Who) -> Result<Standing> {
    let here = count(db, &who.counted, &who.source)?;
    Ok(Standing { here, anywhere: count(db, &who.counted, ANYWHERE)? })
}

fn count(db: &mut dyn Read, name: &str, source: &str) -> Result<Count> {
    let row = db.row(
        "select failures, locks, locked_until from sign_in_failure \
         where name = $1 and source = $2",
        params![name, source],
    )?;
    match row {
        None => Ok(Count::default()),
        Some(row) => Ok(Count {
            failures: row.get("failures")?,
            locks: row.get("locks")?,
            locked_until: row.get("locked_until")?,
        }),
    }
}

/// Counts a try as failed, before its password is looked at. `Err` of the inner
/// result: the name is locked, and the password is not to be looked at.
pub(crate) fn begin(tx: &mut Tx<'_>, who: &Who) -> Result<std::result::Result<Standing, Standing>> {
    let now = tx.machine_now();
    let old = now - FORGOTTEN_AFTER;
    tx.work().run("delete from sign_in_failure where last_at < $1", params![old])?;
    let before = standing(tx, who)?;
    if before.is_locked(now) {
        return Ok(Err(before));
    }
    let after = before.after_failure(now);
    save(tx, &who.counted, &who.source, after.here)?;
    save(tx, &who.counted, ANYWHERE, after.anywhere)?;
    Ok(Ok(after))
}

/// The password was right: this source begins anew, and what it counted is taken
/// off the name; what others tried stays.
pub(crate) fn succeed(tx: &mut Tx<'_>, who: &Who) -> Result<()> {
    let Standing { here, anywhere } = standing(tx, who)?;
    tx.work().run(
        "delete from sign_in_failure where name = $1 and source = $2",
        params![&who.counted, &who.source],
    )?;
    // A lock of this source swallowed its count.
    let own = if here.failures == 0 { TRIES } else { here.failures };
    let failures = (anywhere.failures - own).max(0);
    save(tx, &who.counted, ANYWHERE, Count { failures, ..anywhere })
}

fn save(tx: &mut Tx<'_>, name: &str, source: &str, count: Count) -> Result<()> {
    let now = tx.machine_now();
    tx.work().run(
        "insert into sign_in_failure (name, source, failures, locks, locked_until, last_at) \
         values ($1, $2, $3, $4, $5, $6) on conflict (name, source) do update set \
         failures = excluded.failures, locks = excluded.locks, \
         locked_until = excluded.locked_until, last_at = excluded.last_at",
        params![name, source, count.failures, count.locks, count.locked_until, now],
    )?;
    Ok(())
}

/// What an account is opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credential {
    pub account: Id,
    pub hash: String,
    pub officer: bool,
}

/// The credential of an active account.
pub(crate) fn credential(db: &mut dyn Read, name: &str) -> Result<Option<Credential>> {
    let row = db.row(
        "select a.id, a.office, c.hash from account a \
         join credential c on c.account = a.id where a.account = $1 and a.state = 'active'",
        params![name],
    )?;
    match row {
        None => Ok(None),
        Some(row) => Ok(Some(Credential {
            account: row.get("id")?,
            hash: row.get("hash")?,
            officer: row.get::<Option<String>>("office")?.is_some(),
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_754_161_200_000);

    #[test]
    fn five_wrong_passwords_lock_and_each_lock_is_longer() {
        let mut standing = Standing::default();
        for left in [4, 3, 2, 1] {
            standing = standing.after_failure(NOW);
            assert!(!standing.is_locked(NOW));
            let Error::SignInRefused { tries_left, .. } = standing.refusal(NOW) else {
                panic!("a refusal");
            };
            assert_eq!(tries_left, Some(left));
        }
        standing = standing.after_failure(NOW);
        assert_eq!(standing.here.locked_until, Some(NOW + Duration::from_mins(15)));
        let later = NOW + Duration::from_mins(15);
        assert!(!standing.is_locked(later), "the lock ends by itself");
        for _ in 0..5 {
            standing = standing.after_failure(later);
        }
        assert_eq!(standing.here.locked_until, Some(later + Duration::from_mins(30)));
    }

    #[test]
    fn fifty_from_wherever_lock_the_name() {
        let mut anywhere = Count::default();
        for _ in 0..49 {
            anywhere = anywhere.after_failure(NOW, TRIES_OF_NAME);
        }
        assert!(!Standing { anywhere, ..Standing::default() }.is_locked(NOW));
        let anywhere = anywhere.after_failure(NOW, TRIES_OF_NAME);
        let standing = Standing { anywhere, ..Standing::default() };
        assert!(standing.is_locked(NOW));
        let Error::SignInRefused { tries_left: None, locked_until: Some(until) } =
            standing.refusal(NOW)
        else {
            panic!("a refusal that says until when");
        };
        assert_eq!(until, NOW + Duration::from_mins(15));
    }
}
