//! MQTT 3.1.1 and 5.0, the endpoint that devices publish to; no broker.
//!
//! In: control packets over any stream. Out: [`Frame`], a client's CONNECT, message or
//! will, each with the credentials that it showed.
//! Sides: [`Server`] for the platform, with a [`Hub`] for what outlives a connection;
//! [`Client`] for a simulated device.
//! Fixtures: `fixtures/fuzz/mqtt`. Source and what differs from a broker: `README.md` beside
//! this file.

mod packet;
mod scan;

mod frame;

mod hub;
mod server;

mod client;

mod describe;
mod layout;
mod undescribe;

pub use client::{Client, ClientConfig, Heard, Report};
pub use describe::{describe, read_any};
pub use frame::{Event, Frame, Message, Peer, Topics, matches};
pub use hub::{Due, Hub, HubLimits};
pub use layout::layout;
pub use packet::{Connack, Connect, Packet, PacketError, Publish, Qos, Version, Will, read, write};
pub use scan::{ScanError, Scanner};
pub use server::{Command, Server, ServerConfig};
pub use undescribe::{DescriptionError, from_description};

#[cfg(test)]
mod tests;
