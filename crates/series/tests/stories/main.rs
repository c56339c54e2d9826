//! Stories about the store, told through its door.

mod town;
mod witness;

mod consumers;
mod copies;
mod damage;
mod keeps;
mod limits;
mod merges;
mod model;
mod moves;
mod power;
mod promises;
mod repairs;
