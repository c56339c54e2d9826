//! Commands: what people ask of a station, how far that is, and what it answered.
//!
//! In: a form of the station's protocol, filled in by somebody who may. Out:
//! `station.asked`, `.ask_changed`, `.answered`. Tables: `station_command`. Screens: the
//! place 远程命令 of a sender's page, `ui/src/sense/command`.
//!
//! A command goes out after it is committed (ADR 16), when its station is on a line, and
//! not after its time: most stations are on one for a short while only (ADR 31). One goes
//! out after another; a setting goes out once, and whether it was carried out is not known
//! until the station answers. An answer that comes late, or names its command itself, is
//! written down whenever it comes.

mod model;

mod answer;
mod effect;
mod routes;
mod store;

pub use effect::SendCommand;
pub use model::{AskState, CommandId};

pub(crate) use answer::{answered, hasten};
pub(crate) use routes::notes;
pub(super) use routes::routes;
pub use routes::{CommandNote, CommandRead};

use host::Permission;

pub const ASK: Permission = Permission::new("station.ask", "远程查询测站");
pub const SET: Permission = Permission::new("station.set", "远程设置和控制测站");
