//! Signing out: at once in memory, and in the row as soon as the database takes it.
//!
//! A row that outlives its session would be taken up again by a restart. When the
//! commit is refused the person is told so, and the sign-out is owed: it is written
//! again and again until it stands, and once more when the node closes.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Response};
use host::{Caller, Error, Result, Tx, World, params};

use super::Sessions;
use crate::audit;

/// How long a sign-out that was refused waits before it is written again.
const AGAIN: Duration = Duration::from_secs(1);
/// Sign-outs owed at a time; those beyond are not written again.
const MOST_OWED: usize = 10_000;

/// Who signed out while the database did not take it.
#[derive(Default)]
pub(super) struct Owed {
    by: Mutex<Vec<Caller>>,
    /// Held while they are written, so that whoever waits for it finds them written.
    writing: Mutex<()>,
}

impl Owed {
    pub(super) fn by(&self) -> MutexGuard<'_, Vec<Caller>> {
        self.by.lock().expect("no holder panics")
    }
}

/// `DELETE /api/session`.
pub(super) async fn close(sessions: Sessions, world: World, caller: Caller) -> Result<Response> {
    sessions.end(caller.session);
    let leaving = sessions.clone();
    // Owed where it is refused: whoever goes away meanwhile does not take it along.
    let command = move || {
        let leaver = caller.clone();
        let written = world.run_as(&caller, move |tx| write(tx, &leaver));
        written.inspect_err(|_| leaving.owe(caller))
    };
    let written = host::node::off_the_loop(command).await;
    // Whatever became of the row, the secret leaves the browser.
    let cookie = [(SET_COOKIE, sessions.set_cookie(""))];
    match written {
        Ok(()) => Ok((StatusCode::NO_CONTENT, cookie).into_response()),
        Err(error) => {
            tracing::warn!(%error, "a sign-out is not written down yet");
            let detail = "signed out, and not written down yet: a restart before that undoes it";
            let refused = Error::conflict("sign-out-unwritten", detail);
            Ok((cookie, refused).into_response())
        }
    }
}

fn write(tx: &mut Tx<'_>, caller: &Caller) -> Result<()> {
    let gone = tx.work().run("delete from session where id = $1", params![caller.session])?;
    // One that was written although it looked refused is noted once.
    if gone == 0 { Ok(()) } else { audit::note_signed_out(tx, caller) }
}

impl Sessions {
    /// Writes what is owed, as long as the world is open.
    pub(super) fn watch_owed(&self, world: &World) {
        let (sessions, watched) = (self.clone(), world.clone());
        world.spawn("sign-outs", move || {
            while watched.is_open() {
                sessions.write_owed(&watched);
                std::thread::park_timeout(AGAIN);
            }
        });
    }

    fn owe(&self, caller: Caller) {
        let mut owed = self.0.owed.by();
        if owed.len() < MOST_OWED {
            owed.push(caller);
        }
    }

    /// Writes every sign-out that is owed; one that is refused is owed on. It blocks, of
    /// a database that takes nothing as long as that takes to refuse one.
    pub(super) fn write_owed(&self, world: &World) {
        let _writing = self.0.owed.writing.lock().expect("no holder panics");
        let owed = std::mem::take(&mut *self.0.owed.by());
        let still = still_owed(owed, |caller| {
            let leaver = caller.clone();
            world.run_as(caller, move |tx| write(tx, &leaver))
        });
        still.into_iter().for_each(|caller| self.owe(caller));
    }
}

/// Writes one after the other, and gives what is owed on.
///
/// It stops at the first that the database did not take: each of the others would wait as
/// long. That one goes to the end, so that it keeps no other from being written.
fn still_owed<T>(owed: Vec<T>, mut write: impl FnMut(&T) -> Result<()>) -> Vec<T> {
    let mut refused = Vec::new();
    let mut waiting = owed.into_iter();
    for each in waiting.by_ref() {
        let Err(error) = write(&each) else { continue };
        refused.push(each);
        if matches!(error, Error::Db(_) | Error::Busy(_) | Error::DiskFull) {
            break;
        }
    }
    waiting.chain(refused).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_takes_nothing_is_asked_once_a_pass() {
        let mut asked = Vec::new();
        let mut pass = |owed, refused: u8, error: &Error| {
            asked.clear();
            let still = still_owed(owed, |each| {
                asked.push(*each);
                if *each == refused { Err(error.clone()) } else { Ok(()) }
            });
            (asked.clone(), still)
        };
        for error in [Error::Busy("closed"), Error::DiskFull] {
            let (asked, still) = pass(vec![1, 2, 3, 4], 2, &error);
            assert_eq!((asked, still), (vec![1, 2], vec![3, 4, 2]), "{error}");
        }
        let odd = Error::not_found("session");
        let (asked, still) = pass(vec![1, 2, 3, 4], 2, &odd);
        assert_eq!((asked, still), (vec![1, 2, 3, 4], vec![2]), "only that one was refused");
        assert_eq!(pass(vec![3, 4], 2, &odd).1, Vec::<u8>::new());
    }
}
