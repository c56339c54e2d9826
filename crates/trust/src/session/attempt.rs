//! Trying to sign in: five tries, then a lock that grows.
//!
//! Counted by the name that was typed, whether or not such an account exists, so
//! that a refusal tells nothing about accounts.

use base::{Duration, Id, Timestamp};
use host::{Error, Read, Result, Tx, params};

/// Wrong passwords before a lock.
pub(crate) const TRIES: i64 = 5;
const FIRST_LOCK: Duration = Duration::from_mins(15);
/// Locks double up to this many times: 15 min to 4 h.
const DOUBLINGS: i64 = 4;
/// Counters are forgotten after a quiet day.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(24);

/// Where a name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Standing {
    pub failures: i64,
    pub locks: i64,
    pub locked_until: Option<Timestamp>,
}

impl Standing {
    pub(crate) fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }

    /// After one more wrong password at `now`.
    pub(crate) fn after_failure(self, now: Timestamp) -> Standing {
        let failures = self.failures + 1;
        if failures < TRIES {
            return Standing { failures, ..self };
        }
        let minutes = FIRST_LOCK.as_millis() << self.locks.clamp(0, DOUBLINGS);
        let until = now + Duration::from_millis(minutes);
        Standing { failures: 0, locks: self.locks + 1, locked_until: Some(until) }
    }

    pub(crate) fn refusal(&self, now: Timestamp) -> Error {
        let locked_until = self.locked_until.filter(|until| now < *until);
        let left = u32::try_from(TRIES - self.failures).ok();
        Error::SignInRefused {
            tries_left: if locked_until.is_some() { None } else { left },
            locked_until,
        }
    }
}

pub(crate) fn standing(db: &mut dyn Read, name: &str) -> Result<Standing> {
    let row = db.row(
        "select failures, locks, locked_until from sign_in_failure where name = $1",
        params![name],
    )?;
    match row {
        None => Ok(Standing::default()),
        Some(row) => Ok(Standing {
            failures: row.get("failures")?,
            locks: row.get("locks")?,
            locked_until: row.get("locked_until")?,
        }),
    }
}

pub(crate) fn save(tx: &mut Tx<'_>, name: &str, standing: Standing) -> Result<()> {
    let now = tx.machine_now();
    let old = now - FORGOTTEN_AFTER;
    tx.work().run("delete from sign_in_failure where last_at < $1", params![old])?;
    tx.work().run(
        "insert into sign_in_failure (name, failures, locks, locked_until, last_at) \
         values ($1, $2, $3, $4, $5) on conflict (name) do update set \
         failures = excluded.failures, locks = excluded.locks, \
         locked_until = excluded.locked_until, last_at = excluded.last_at",
        params![name, standing.failures, standing.locks, standing.locked_until, now],
    )?;
    Ok(())
}

pub(crate) fn clear(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    tx.work().run("delete from sign_in_failure where name = $1", params![name])?;
    Ok(())
}

/// The account behind a name, its kept hash, and whether the password must change.
pub(crate) fn credential(
    db: &mut dyn Read,
    name: &str,
) -> Result<Option<(Id, String, bool, bool)>> {
    let row = db.row(
        "select a.id, a.office, c.hash, c.must_change from account a \
         join credential c on c.account = a.id where a.account = $1 and a.state = 'active'",
        params![name],
    )?;
    match row {
        None => Ok(None),
        Some(row) => Ok(Some((
            row.get("id")?,
            row.get("hash")?,
            row.get("must_change")?,
            row.get::<Option<String>>("office")?.is_some(),
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_passwords_lock_and_each_lock_is_longer() {
        let now = Timestamp::from_millis(1_754_161_200_000);
        let mut standing = Standing::default();
        for left in [4, 3, 2, 1] {
            standing = standing.after_failure(now);
            assert!(!standing.is_locked(now));
            let Error::SignInRefused { tries_left, .. } = standing.refusal(now) else {
                panic!("a refusal");
            };
            assert_eq!(tries_left, Some(left));
        }
        standing = standing.after_failure(now);
        assert_eq!(standing.locked_until, Some(now + Duration::from_mins(15)));
        let later = now + Duration::from_mins(15);
        assert!(!standing.is_locked(later), "the lock ends by itself");
        for _ in 0..5 {
            standing = standing.after_failure(later);
        }
        assert_eq!(standing.locked_until, Some(later + Duration::from_mins(30)));
    }
}
