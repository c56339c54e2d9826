//! A door for connections: how many are open, how many it may hold, and how many
//! were turned away. Used by every listener, so that all refuse aloud alike.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpSocket};

/// How often the log says that a door turns connections away.
const SAID_EVERY: Duration = Duration::from_secs(60);

/// Connections that wait to be accepted: after an outage all devices come at once,
/// and who finds no place here tries again only after seconds.
const WAITING: u32 = 8_192;

/// Opens a listener; the system may allow fewer to wait than are asked for.
///
/// # Errors
/// When the address cannot be bound.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// The connections of one listener.
#[derive(Debug)]
pub struct Door {
    /// `web`, or the protocol's name.
    pub name: &'static str,
    /// Connections at the same time; one more is closed at once.
    pub limit: usize,
    /// What it shares with other doors.
    pool: Option<Arc<Pool>>,
    open: AtomicUsize,
    turned_away: AtomicU64,
    /// Where it listens.
    address: OnceLock<SocketAddr>,
    /// When the log said so last.
    said: Mutex<Option<Instant>>,
}

/// Connections that several doors may hold together: each may take what the others leave,
/// for nobody knows beforehand by which the devices come.
#[derive(Debug)]
pub struct Pool {
    limit: usize,
    open: AtomicUsize,
}

impl Pool {
    pub fn new(limit: usize) -> Arc<Pool> {
        Arc::new(Pool { limit, open: AtomicUsize::new(0) })
    }

    pub fn limit(&self) -> usize {
        self.limit
    }

    fn enter(&self) -> bool {
        let is_in = self.open.fetch_add(1, Ordering::Relaxed) < self.limit;
        if !is_in {
            self.leave();
        }
        is_in
    }

    fn leave(&self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// One connection's place, given back when it is dropped.
#[derive(Debug)]
pub struct Place(Arc<Door>);

impl Door {
    pub fn new(name: &'static str, limit: usize) -> Arc<Door> {
        Door::of(None, name, limit)
    }

    /// A door that shares its places with others.
    pub fn of_pool(pool: &Arc<Pool>, name: &'static str, limit: usize) -> Arc<Door> {
        Door::of(Some(Arc::clone(pool)), name, limit.min(pool.limit))
    }

    fn of(pool: Option<Arc<Pool>>, name: &'static str, limit: usize) -> Arc<Door> {
        Arc::new(Door {
            name,
            limit,
            pool,
            open: AtomicUsize::new(0),
            turned_away: AtomicU64::new(0),
            address: OnceLock::new(),
            said: Mutex::new(None),
        })
    }

    /// Says where it listens; the first word stands.
    pub fn listens(&self, address: SocketAddr) {
        let _ = self.address.set(address);
    }

    /// Where it listens, as this machine sees it.
    pub fn address(&self) -> Option<SocketAddr> {
        self.address.get().copied()
    }

    /// A place for a connection; `None` when all are taken: that is counted, and said
    /// in the log at most once a minute.
    pub fn enter(self: &Arc<Door>, peer: SocketAddr) -> Option<Place> {
        let is_in = self.open.fetch_add(1, Ordering::Relaxed) < self.limit;
        if is_in && self.pool.as_ref().is_none_or(|pool| pool.enter()) {
            return Some(Place(Arc::clone(self)));
        }
        self.open.fetch_sub(1, Ordering::Relaxed);
        let turned_away = self.turned_away.fetch_add(1, Ordering::Relaxed) + 1;
        if self.is_to_be_said(Instant::now()) {
            let Door { name, limit, .. } = **self;
            tracing::warn!(door = name, %peer, limit, turned_away, "too many connections: more are turned away");
        }
        None
    }

    fn is_to_be_said(&self, now: Instant) -> bool {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = said.is_none_or(|said| SAID_EVERY <= now.duration_since(said));
        if is_due {
            *said = Some(now);
        }
        is_due
    }

    /// Connections that are open now.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Connections that were closed at once because there were too many.
    pub fn turned_away(&self) -> u64 {
        self.turned_away.load(Ordering::Relaxed)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
        if let Some(pool) = &self.0.pool {
            pool.leave();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_door_turns_away_counts_and_says_so_once_a_minute() {
        let peer = SocketAddr::from(([127, 0, 0, 1], 7));
        let door = Door::new("test", 2);
        let first = door.enter(peer).expect("there is room");
        let _second = door.enter(peer).expect("there is room");
        assert!(door.enter(peer).is_none());
        assert_eq!((door.open(), door.turned_away()), (2, 1));
        drop(first);
        assert!(door.enter(peer).is_some());

        let pool = Pool::new(2);
        let (one, other) = (Door::of_pool(&pool, "one", 9), Door::of_pool(&pool, "other", 1));
        let place = one.enter(peer).expect("there is room");
        let _second = other.enter(peer).expect("there is room");
        assert!(one.enter(peer).is_none(), "the pool is empty");
        drop(place);
        assert!(other.enter(peer).is_none(), "its own limit");
        assert!(one.enter(peer).is_some());
        assert_eq!((one.open(), other.open(), one.limit), (0, 1, 2));

        let now = Instant::now();
        assert!(!door.is_to_be_said(now), "it was said just now");
        assert!(door.is_to_be_said(now + SAID_EVERY));
        assert!(!door.is_to_be_said(now + SAID_EVERY + SAID_EVERY / 2));
    }
}
