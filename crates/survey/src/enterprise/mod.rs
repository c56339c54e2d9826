//! Enterprises: who runs what is dangerous, where, and who is to be called.
//!
//! In: the register by hand, or by import.
//! Out: `enterprise.registered`, `.changed`, `.started`, `.suspended`, `.closed`,
//! `.contact_named`, `.contact_removed`; into the trail `enterprise.contact_viewed`.
//! Tables: `enterprise`, `enterprise_kind`, `enterprise_contact`.
//! Screens: `ui/src/survey/enterprise`.
//! Source: GB 32100-2015 (credit code), GB/T 4754-2017 (industry).
//!
//! Its home is its region and its own organisation, or the supervising one where it has
//! none in the register of organisations: its people see it, and whoever is above them in
//! that tree. Its mines, ponds, hazard sources and tanks are [`crate::site`]s.
//!
//! Not here: its stations, gateways and keys. They are downstream, name the enterprise by
//! its id, and put themselves on its page (`ui/src/survey/enterprise/tabs.ts`).

mod contact;
mod fact;
mod model;

mod change;
mod store;

mod import;
mod routes;

pub use change::{Registering, register_in};
pub use contact::{Contact, ContactId, ContactShown, Duty, Person};
pub use fact::{Changed, ContactNamed, ContactRemoved, Description, EnterpriseFact, Registered};
pub use model::{Enterprise, EnterpriseDetails, EnterpriseId, Kind};
pub use store::{Wanted, find_by_access_code, find_by_credit_code, list, load};

pub(crate) use change::beginning;
pub(crate) use fact::slice;
pub(crate) use import::register_of_enterprises;
pub(crate) use routes::{notes, routes};
pub(crate) use store::names;

use host::Permission;

pub const READ: Permission = Permission::new("enterprise.read", "查看企业与风险源");
pub const REGISTER: Permission = Permission::new("enterprise.register", "登记与变更企业与风险源");
pub const CONTACTS: Permission = Permission::new("enterprise.contacts", "查看企业联系人姓名电话");
