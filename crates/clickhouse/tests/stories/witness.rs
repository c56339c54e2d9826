//! Who is asked in the stories of the store: ClickHouse alone, once it has all.

use std::cell::RefCell;

use clickhouse::Mirror;
use series::{Readings, Store};

use crate::kit::{Database, catch_up, open};

/// So many random histories are told: each question is a request.
pub const CASES: u32 = 6;

pub struct Witness {
    database: Database,
    mirror: RefCell<Option<Mirror>>,
}

impl Witness {
    pub fn new() -> Witness {
        Witness { database: Database::of_the_tests(), mirror: RefCell::new(None) }
    }

    pub fn asked(&self, store: &Store) -> Box<dyn Readings> {
        let mut mirror = self.mirror.borrow_mut();
        let mirror = mirror.get_or_insert_with(|| open(store, &self.database));
        catch_up(mirror);
        Box::new(mirror.answers().expect("it has caught up"))
    }

    /// The store is about to be closed.
    pub fn close(&self) {
        self.mirror.borrow_mut().take();
    }
}
