//! Sites: what stands somewhere and is dangerous. Mines, tailings ponds, major hazard
//! sources and their tanks, buildings of fireworks works, each of an enterprise.
//!
//! In: the register by hand, or by import; `enterprise.changed` of its enterprise.
//! Out: `site.registered`, `.changed`, `.started`, `.suspended`, `.closed`, `.rehomed`.
//! Tables: `site`. Screens: `ui/src/survey/site`.
//! Source: 42号文 annex 2 (mines), GB 50863-2013 (ponds), GB 18218-2018 (hazard sources).
//!
//! A further kind is a file beside `mine.rs` and a line in each `match` of
//! `particulars.rs`, and its words and fields on the screens.

mod fireworks;
mod hazard_source;
mod mine;
mod particulars;
mod pond;
mod tank;

mod fact;
mod model;

mod change;
mod store;

mod import;
mod routes;

pub use change::{Registering, register_in};
pub use fact::{Changed, Description, Registered, SiteFact};
pub use fireworks::{FireworksBuilding, HazardClass, Use};
pub use hazard_source::{HazardSource, Substance, Unit};
pub use mine::{GasGrade, Method, Mine, Mineral};
pub use model::{Site, SiteDetails, SiteId};
pub use particulars::{Kind, Particulars};
pub use pond::{Dam, Pond};
pub use store::{Wanted, find_by_code, list, load};
pub use tank::{Roof, Shape, Tank};

pub(crate) use change::follow;
pub(crate) use fact::slice;
pub(crate) use import::registers;
pub(crate) use routes::routes;
pub(crate) use store::{counts, open_of};
