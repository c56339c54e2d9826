//! Who is asked in these stories what is stored: the store itself. The crate `clickhouse`
//! tells some of them with another in this place, who must say the same.

use series::{Readings, Store};

/// So many random histories are told.
pub const CASES: u32 = 200;

pub struct Witness;

impl Witness {
    pub fn new() -> Witness {
        Witness
    }

    pub fn asked(&self, store: &Store) -> Box<dyn Readings> {
        Box::new(store.clone())
    }

    /// The store is about to be closed.
    pub fn close(&self) {}
}
