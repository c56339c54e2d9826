//! Survey: what stands where, and what can be done. The registers of enterprises,
//! sites, hazard sources, forces, stores and shelters.
//!
//! The registers themselves come with the readings at full width; what every one of
//! them keys on is here already: the code that names an organisation.

mod credit_code;

pub use credit_code::{CreditCode, CreditCodeError};
