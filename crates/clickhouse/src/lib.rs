//! ClickHouse: a second home of the readings, for questions that reach far back.
//!
//! The write-ahead log of the series stays what is acknowledged. A [`Mirror`] inserts
//! what a [`series::Feed`] gives it, at least once; the log keeps what ClickHouse has not
//! answered for. While ClickHouse is away everything goes on.
//!
//! # What it promises
//!
//! - **The same answers.** A version of a reading is told by its sensor, time, value and
//!   quality, so one that came twice is one; of versions of a key the order is that of
//!   their places ([`row`]). [`Answers`] implements [`series::Readings`], and the stories
//!   of the store are told to it too.
//! - **Only what is confirmed is answered from here.** [`Mirrored`] asks ClickHouse up to
//!   the first time that some unconfirmed reading of the series has, and the store from
//!   there on.
//! - **Nothing grows without bound.** When the log has grown to its limit it is let go,
//!   and what was in it is read out of the store's blocks later; these are held meanwhile.
//! - **Two histories never mix.** A node that was restored from a backup goes on in a new
//!   epoch, and what it no longer knows of is not served ([`schema`]).
//!
//! Modules stand here in reading order. Source: ADR 26.

mod config;
mod error;

mod mirror;
mod mirrored;
mod progress;

mod answers;
mod pending;
mod row;
mod schema;
mod state;

mod http;
mod locks;

pub use answers::Answers;
pub use config::Config;
pub use error::ClickHouseError;
pub use mirror::Mirror;
pub use mirrored::Mirrored;
pub use progress::Progress;
