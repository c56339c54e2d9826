//! The device side: devices that report as real ones do, faults included.
//!
//! For demonstrations, acceptance and tests: the same sessions as the platform's, at
//! the other end of a socket. What was acknowledged is written down by the device,
//! so that a test can compare it with what the platform holds, value by value.

mod faults;
mod ledger;
mod scenario;

mod play;

pub mod coal42;
pub mod gateway;
pub mod http;
pub mod mqtt;
pub mod sl651;

pub use faults::{Dice, Faults};
pub use ledger::{Acknowledged, Ledger};
pub use play::{Options, Plays, Summary, run};
pub use scenario::{LOGGED, RisingRiver};
