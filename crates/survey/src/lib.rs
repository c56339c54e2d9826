//! Survey: what stands where, and what can be done. The registers of enterprises and of
//! what is dangerous there: mines, tailings ponds, major hazard sources, tanks.
//!
//! Forces, stores and shelters come with the stages that move them. Invariant: a record of
//! a register is changed by saying all of it anew, so each fact alone tells what it was
//! from then on.

mod cas;
mod credit_code;

mod field;
mod life;
mod search;
mod table;

mod history;
mod record;

pub mod enterprise;
pub mod site;

mod standing;

pub use cas::{Cas, CasError};
pub use credit_code::{CreditCode, CreditCodeError};
pub use enterprise::{Enterprise, EnterpriseId};
pub use life::{State, Turn};
pub use site::{Site, SiteId};
pub use standing::{Standing, standing, standing_called};

/// What this bank gives to the binary.
pub fn part() -> host::Part {
    let mut registers = vec![enterprise::register_of_enterprises()];
    registers.extend(site::registers());
    host::Part {
        name: "survey",
        slices: vec![enterprise::slice(), site::slice()],
        notes: vec![enterprise::notes()],
        registers,
        routes: enterprise::routes().merge(site::routes()),
        permissions: vec![enterprise::READ, enterprise::REGISTER, enterprise::CONTACTS],
        ..host::Part::default()
    }
}

#[cfg(test)]
mod tests;
