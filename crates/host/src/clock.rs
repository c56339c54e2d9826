//! The world's clock: the machine's, one moved by hand, or one with its own pace.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, RwLock};

use base::Timestamp;

/// The machine's clock: sockets, sessions, leases, and `recorded`.
#[allow(clippy::disallowed_methods, reason = "the one place that reads it")]
pub fn machine_now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let millis = since.map_or(0, |span| i64::try_from(span.as_millis()).unwrap_or(i64::MAX));
    Timestamp::from_millis(millis)
}

/// A world's clock; clones tell the same time.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Hands>);

#[derive(Debug)]
enum Hands {
    Machine,
    /// Moved by hand: tests, and worlds folded up to a moment.
    Still(AtomicI64),
    /// A drill's: paused, in step, or faster.
    Paced(RwLock<Pace>),
}

/// From `anchor` on, world time runs `rate` thousandths as fast as machine time.
#[derive(Debug, Clone, Copy)]
struct Pace {
    world: Timestamp,
    machine: Timestamp,
    rate: i64,
}

impl Clock {
    pub fn machine() -> Clock {
        Clock(Arc::new(Hands::Machine))
    }

    /// A clock that stands at `now` until [`Clock::set`] moves it.
    pub fn still(now: Timestamp) -> Clock {
        Clock(Arc::new(Hands::Still(AtomicI64::new(now.as_millis()))))
    }

    /// A clock that starts at `now`, paused.
    pub fn paced(now: Timestamp) -> Clock {
        let pace = Pace { world: now, machine: machine_now(), rate: 0 };
        Clock(Arc::new(Hands::Paced(RwLock::new(pace))))
    }

    pub fn now(&self) -> Timestamp {
        match &*self.0 {
            Hands::Machine => machine_now(),
            Hands::Still(millis) => Timestamp::from_millis(millis.load(Ordering::SeqCst)),
            Hands::Paced(pace) => pace.read().expect("no holder panics").now(),
        }
    }

    /// Jumps to `now`. A machine clock cannot be moved and stays.
    pub fn set(&self, now: Timestamp) {
        match &*self.0 {
            Hands::Machine => {}
            Hands::Still(millis) => millis.store(now.as_millis(), Ordering::SeqCst),
            Hands::Paced(pace) => {
                let mut pace = pace.write().expect("no holder panics");
                *pace = Pace { world: now, machine: machine_now(), rate: pace.rate };
            }
        }
    }

    /// Thousandths of machine speed: 0 pauses, 1 000 is in step, 60 000 is ×60.
    pub fn set_rate(&self, rate: u32) {
        if let Hands::Paced(pace) = &*self.0 {
            let mut pace = pace.write().expect("no holder panics");
            *pace = Pace { world: pace.now(), machine: machine_now(), rate: i64::from(rate) };
        }
    }

    /// Thousandths of machine speed at which it runs now.
    pub fn rate(&self) -> u32 {
        match &*self.0 {
            Hands::Machine => 1_000,
            Hands::Still(_) => 0,
            Hands::Paced(pace) => {
                u32::try_from(pace.read().expect("no holder panics").rate).unwrap_or(0)
            }
        }
    }

    /// How much machine time passes until `due`; `None` while it never comes by itself.
    pub fn until(&self, due: Timestamp) -> Option<std::time::Duration> {
        let world = u64::try_from(due.since(self.now()).as_millis()).unwrap_or(0);
        let rate = match &*self.0 {
            Hands::Machine => 1_000,
            Hands::Still(_) => 0,
            Hands::Paced(pace) => pace.read().expect("no holder panics").rate,
        };
        match (world, u64::try_from(rate).unwrap_or(0)) {
            (0, _) => Some(std::time::Duration::ZERO),
            (_, 0) => None,
            (world, rate) => {
                Some(std::time::Duration::from_millis(world.saturating_mul(1_000) / rate))
            }
        }
    }
}

impl Pace {
    fn now(&self) -> Timestamp {
        let passed = machine_now().since(self.machine).as_millis();
        self.world + base::Duration::from_millis(passed.saturating_mul(self.rate) / 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_still_clock_moves_by_hand_and_a_paused_one_stands() {
        let start = Timestamp::from_millis(1_000_000);
        let clock = Clock::still(start);
        assert_eq!(clock.now(), start);
        assert_eq!(clock.until(start + base::Duration::from_secs(1)), None);
        clock.set(start + base::Duration::from_secs(1));
        assert_eq!(clock.until(start), Some(std::time::Duration::ZERO));

        let drill = Clock::paced(start);
        assert_eq!(drill.now(), start);
        drill.set_rate(60_000);
        let wait = drill.until(start + base::Duration::from_mins(60)).expect("it runs");
        assert!(wait <= std::time::Duration::from_secs(60), "×60: an hour passes in a minute");
    }
}
