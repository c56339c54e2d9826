//! Science: numbers in, numbers out. One file per published method.
//!
//! Each function says where it comes from, where it holds, and proves it with its
//! published example. No tables, no clock, no configuration.

pub mod earthquake;
pub mod tailings;
pub mod water;
