//! Rivers and rain.

mod muskingum;

pub use muskingum::{Discharge, Reach, ReachError, muskingum};
