//! The contact book 通讯录: whom a notice or a warning is told to, by name and duty.
//!
//! In: whoever keeps the book.
//! Out: `contact.entered`, `.changed`, `.retired`; into the trail `contact.opened`.
//! Tables: `contact`. Screens: `ui/src/trust/contact`.
//! Source: 突发事件应对法 (2024) art. 64 (responsible people are told); ADR 42.
//!
//! A name and a duty are what an office answers for, and stand in clear as names of
//! accounts do. Mobile and e-mail are sealed under a key of the contact, which goes when
//! they are retired. An account makes that they can be told inside, and answer there.

mod address;
mod fact;
mod store;

mod change;
mod routes;

pub use address::Address;
pub use fact::{Changed, ContactFact, Description, Entered, Retired};
pub use store::{Contact, find, find_all, find_by_mobile, load, open_for_work};

pub(crate) use fact::slice;
pub(crate) use routes::{notes, routes};

use host::Permission;

base::typed_id!(ContactId, "Somebody in the contact book; the key of mobile and e-mail is theirs.");
host::db_id!(ContactId);

pub const READ: Permission = Permission::new("contact.read", "查看通讯录");
pub const MANAGE: Permission = Permission::new("contact.manage", "维护通讯录");
pub const OPEN: Permission = Permission::new("contact.open", "查看通讯录完整号码与邮箱");
