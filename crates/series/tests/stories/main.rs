//! Stories about the store, told through its door.

mod town;

mod promises;
