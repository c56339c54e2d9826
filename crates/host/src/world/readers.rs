//! The read-only connections of a world.

use std::sync::{Condvar, Mutex};
use std::time::Duration;

use crate::db::{Conn, DbError, Source};

/// Read-only connections kept open; more are opened while all are in use.
const READERS_KEPT: usize = 4;
/// How long a read waits for one of a server's few connections.
const READER_WAIT: Duration = Duration::from_secs(5);

/// Read-only connections, and those who wait for one.
pub(super) struct Readers {
    pub(super) source: Source,
    pool: Mutex<Pool>,
    put_back: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Conn>,
    lent: usize,
}

/// A connection on loan.
pub(super) struct Reader<'a> {
    readers: &'a Readers,
    conn: Option<Conn>,
}

impl Readers {
    pub(super) fn new(source: Source) -> Readers {
        Readers { source, pool: Mutex::default(), put_back: Condvar::new() }
    }

    pub(super) fn take(&self) -> Result<Reader<'_>, DbError> {
        let most = self.source.most_readers();
        let pool = self.pool.lock().expect("no holder panics");
        let (mut pool, waited) = self
            .put_back
            .wait_timeout_while(pool, READER_WAIT, |pool| most <= pool.lent)
            .expect("no holder panics");
        if waited.timed_out() {
            return Err(DbError::Engine(format!("all {most} readers are in use, for 5 s now")));
        }
        pool.lent += 1;
        let mut reader = Reader { readers: self, conn: pool.idle.pop() };
        drop(pool);
        if reader.conn.is_none() {
            reader.conn = Some(self.source.reader()?);
        }
        Ok(reader)
    }

    pub(super) fn drop_idle(&self) {
        self.pool.lock().expect("no holder panics").idle.clear();
    }
}

impl Reader<'_> {
    pub(super) fn conn(&mut self) -> &mut Conn {
        self.conn.as_mut().expect("it has one until it is dropped")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.pool.lock().expect("no holder panics");
        pool.lent -= 1;
        // Who panicked may have left anything behind.
        if pool.idle.len() < READERS_KEPT && !std::thread::panicking() {
            pool.idle.extend(self.conn.take());
        }
        drop(pool);
        self.readers.put_back.notify_one();
    }
}
