//! Steps of a sign-in one by one, for stories about what happens between them.

use base::{Duration, Id, Timestamp};
use host::world::wall_clock;
use host::{Lane, Result, World, params};

use super::attempt::{self, Credential, Who};
use super::routes::enter;
use super::{ABSOLUTE, IDLE, Open, Sessions};

/// What an account is opened with now.
pub(crate) fn credential_of(world: &World, name: &str) -> Credential {
    let credential = world.read_now(|db| attempt::credential(db, name)).expect("reads");
    credential.expect("an active account")
}

/// The last step of a sign-in: its password was looked at when this was it.
pub(crate) async fn enter_with(
    sessions: &Sessions,
    world: &World,
    name: &str,
    credential: Credential,
    secret: &str,
) -> Result<String> {
    let now = wall_clock();
    let mut random = [0; 10];
    getrandom::fill(&mut random).expect("random");
    let session = Open {
        id: Id::new(now, random),
        account: credential.account,
        csrf: "csrf".to_owned(),
        seen: now,
        written: now,
        expires: now + ABSOLUTE,
        idle: IDLE,
        held: Vec::new(),
    };
    let who = Who::new(world.keys(), name.to_owned(), "story".to_owned());
    let held = enter(sessions, world, &who, credential, secret, session).await?;
    Ok(held.caller.account)
}

/// Wrong passwords for a name, each from a place of its own.
pub(crate) fn guessed_elsewhere(world: &World, name: &str, times: u32) {
    let who = |place| Who::new(world.keys(), name.to_owned(), format!("198.51.100.{place}"));
    let tries: Vec<Who> = (0..times).map(who).collect();
    let guessed = world.run(Lane::Urgent, "test", move |tx| {
        for who in &tries {
            assert!(attempt::begin(tx, who)?.is_ok());
        }
        Ok(())
    });
    guessed.expect("counted");
}

/// Lets half an hour pass for every row.
pub(crate) fn expire(world: &World) {
    let seen = wall_clock() - IDLE - Duration::from_secs(1);
    let aged = world.run(Lane::Urgent, "test", move |tx| {
        tx.work().run("update session set seen_at = $1", params![seen])?;
        Ok(())
    });
    aged.expect("aged");
}

/// A wrong password in a minute that was over long ago.
pub(crate) fn refuse_long_ago(sessions: &Sessions, world: &World, name: &str) {
    sessions.0.trail.sign_in_refused_at(world, name, "192.0.2.7", "wrong", 100);
}

/// Lets every session be idle for so long, in memory; answers since when.
pub(crate) fn idle_for(sessions: &Sessions, long: Duration) -> Timestamp {
    let seen = wall_clock() - long;
    sessions.open().values_mut().for_each(|session| session.seen = seen);
    seen
}

/// When the sessions in memory were last used.
pub(crate) fn last_seen(sessions: &Sessions) -> Vec<Timestamp> {
    sessions.open().values().map(|session| session.seen).collect()
}

pub(crate) fn in_memory(sessions: &Sessions) -> usize {
    sessions.open().len()
}

/// How many sign-outs wait to be written.
pub(crate) fn owed(sessions: &Sessions) -> usize {
    sessions.0.owed.by().len()
}
