//! Commands on their way through the writer, and the key that makes one count once.

use serde::Serialize;

use crate::db::{Conn, Read as _};
use crate::error::{Error, Result};
use crate::params;
use crate::sealed::Keys;
use crate::tx::Tx;
use crate::web::{Idempotency, Reply};
use crate::writer::{Command, Context};

/// How long a stored reply answers a repeated request.
const IDEMPOTENCY_HOURS: i64 = 24;

/// A command's result, to be waited for.
pub(crate) struct Outcome<T>(pub(super) crossbeam_channel::Receiver<Result<T>>);

impl<T> Outcome<T> {
    pub(crate) fn wait(self) -> Result<T> {
        self.0.recv().map_err(|_| Error::Busy("the world was closed"))?
    }
}

pub(super) struct Typed<T, F, A> {
    pub(super) context: Context,
    pub(super) run: Option<F>,
    pub(super) result: Option<Result<T>>,
    pub(super) answer: A,
}

impl<T, F, A> Command for Typed<T, F, A>
where
    T: Send,
    F: FnOnce(&mut Tx<'_>) -> Result<T> + Send,
    A: FnOnce(Result<T>) + Send,
{
    fn context(&self) -> &Context {
        &self.context
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let Some(run) = self.run.take() else { return false };
        let result = run(tx);
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn fail(&mut self, error: Error) {
        // Who was refused before the commit failed keeps the better reason.
        if !matches!(self.result, Some(Err(_))) {
            self.result = Some(Err(error));
        }
    }

    fn answer(self: Box<Self>) {
        let missing = || Err(Error::Internal("a command was not run".to_owned()));
        (self.answer)(self.result.unwrap_or_else(missing));
    }
}

/// What is kept of a request, to tell another one with the same key: its digest under a
/// key of this node. The digest alone would confirm a guess of what was asked, and a
/// request may be a name and a telephone number. Decision in ADR 20.
fn keyed(keys: &Keys, digest: &str) -> String {
    format!("{KEYED}{}", keys.blind_index("request", digest))
}

/// How a keyed digest begins; one without it was kept by a program before this format.
const KEYED: &str = "k1:";

/// Digests that are put under the node's key in one transaction: a commit for each would
/// let the first start of a busy node wait for the disk as often as it was asked in a day.
const KEYED_AT_ONCE: usize = 1_000;

/// Puts the digests that an older program kept under this node's key, so that their
/// stored replies go on answering.
pub(crate) fn key_requests(conn: &mut Conn, keys: &Keys) -> Result<()> {
    let mut after = (String::new(), String::new());
    loop {
        // An error ends the connection, and what was begun with it.
        conn.begin()?;
        let last = key_some(conn, keys, &after)?;
        conn.commit()?;
        match last {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

/// Keys the next after `after` by owner and key, and gives the last of them; `None` when
/// there was none.
fn key_some(
    conn: &mut Conn,
    keys: &Keys,
    after: &(String, String),
) -> Result<Option<(String, String)>> {
    let rows = conn.rows(
        &format!(
            "select owner, key, request from idempotency \
             where request not like '{KEYED}%' and (owner, key) > ($1, $2) \
             order by owner, key limit {KEYED_AT_ONCE}"
        ),
        params![&after.0, &after.1],
    )?;
    let mut last = None;
    for row in rows {
        let (owner, key): (String, String) = (row.get("owner")?, row.get("key")?);
        let request = keyed(keys, &row.get::<String>("request")?);
        conn.send(
            "update idempotency set request = $3 where owner = $1 and key = $2",
            params![&owner, &key, request],
        )?;
        last = Some((owner, key));
    }
    Ok(last)
}

/// Runs a command once per (owner, key); the second time the stored reply answers.
pub(super) fn once<T: Serialize>(
    tx: &mut Tx<'_>,
    owner: &str,
    key: &Idempotency,
    decide: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<Reply<T>> {
    let Some((key, request)) = key.parts() else {
        let value = decide(tx)?;
        return Reply::of(&value, tx.entries.last().map(|entry| entry.seq));
    };
    let request = keyed(tx.keys(), request);
    let stored = tx.row(
        "select request, reply, seq from idempotency where owner = $1 and key = $2",
        params![owner, key],
    )?;
    if let Some(row) = stored {
        if row.get::<String>("request")? != request {
            return Err(Error::IdempotencyKeyReused);
        }
        return Ok(Reply::stored(row.get("reply")?, row.get("seq")?));
    }
    let value = decide(tx)?;
    let reply = Reply::of(&value, tx.entries.last().map(|entry| entry.seq))?;
    let now = tx.machine_now();
    let expires = now + base::Duration::from_hours(IDEMPOTENCY_HOURS);
    tx.host_work().send("delete from idempotency where expires_at < $1", params![now])?;
    tx.host_work().send(
        "insert into idempotency (owner, key, request, reply, seq, expires_at) \
         values ($1, $2, $3, $4, $5, $6)",
        params![owner, key, request, reply.json(), reply.seq(), expires],
    )?;
    Ok(reply)
}
