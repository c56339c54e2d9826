//! Trust: who people are, what they may do, and what was done in whose name.
//!
//! Three officers from the first start (三员分立): system, security, audit. They
//! exclude each other in code, and none of them holds a permission of the river.

pub mod account;
pub mod contact;
pub mod grant;
pub mod organisation;
pub mod role;
pub mod session;

mod audit;
mod office;
mod password;

pub use account::Account;
pub use office::{Office, first_start};
pub use role::RoleDefinition;
pub use session::Sessions;

/// What this bank gives to the binary. `sessions` is the node's doorkeeper.
pub fn part(sessions: &Sessions) -> host::Part {
    host::Part {
        name: "trust",
        slices: vec![
            organisation::slice(),
            account::slice(),
            role::slice(),
            grant::slice(),
            session::slice(),
            contact::slice(),
            audit::slice(),
        ],
        notes: vec![audit::notes(), contact::notes()],
        // Identity belongs to the node; what happened, to each world.
        routes: session::routes(sessions)
            .merge(office::routes(sessions))
            .merge(organisation::routes())
            .merge(account::routes(sessions))
            .merge(role::routes())
            .merge(grant::routes())
            .merge(audit::trail_routes())
            .of_node()
            .merge(audit::log_routes())
            .merge(contact::routes()),
        permissions: vec![
            organisation::MANAGE,
            account::MANAGE,
            account::LIST,
            role::MANAGE,
            grant::MANAGE,
            contact::READ,
            contact::MANAGE,
            contact::OPEN,
            audit::READ_LOG,
            audit::READ_TRAIL,
        ],
        names: Some(account::names),
        ..host::Part::default()
    }
}

#[cfg(test)]
mod tests;
