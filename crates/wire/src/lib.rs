//! Bytes in, frames out: the codecs and sessions of the protocols devices speak.
//!
//! One folder per standard. A codec turns bytes into a frame and back; a
//! session keeps one conversation (acknowledge, resend, collect packets) for
//! either side. Nothing here opens a socket, reads a clock, sleeps or spawns:
//! bytes and the time come in, and what should be done comes out.
//!
//! | module | standard | edition | sides |
//! | --- | --- | --- | --- |
//! | [`cap`] | OASIS Common Alerting Protocol, with Atom and RSS feeds | 1.0 to 1.2 | – |
//! | [`coal42`] | 煤安监办〔2019〕42号 annex 2, files of coal mines | 2019 | platform, mine |
//! | [`gateway`] | JSON gateways of hazchem enterprises and mines | 2019 to 2025, as seen | platform, device |
//! | [`mqtt`] | OASIS MQTT, publishing to an endpoint | 3.1.1, 5.0 | server, client |
//! | [`quake`] | earthquakes: USGS GeoJSON, QuakeML, FDSN event text | 1.0, 1.2, 1.2 | reader |
//! | [`readings`] | readings as JSON, NDJSON and CSV | this project | – |
//! | [`sl651`] | SL 651, hydrological data communication | 2014 | centre, station |

pub mod session;

mod decimal;
mod span;

pub mod cap;
pub mod coal42;
pub mod gateway;
pub mod mqtt;
pub mod quake;
pub mod readings;
pub mod sl651;

pub use decimal::{Decimal, DecimalError};
pub use span::Span;
