//! Ways in: what whoever installs a device is given, word by word.

use std::net::SocketAddr;
use std::path::PathBuf;

use base::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// Stands for the station's key in texts; `{KEY:3}` for its third word.
pub const KEY: &str = "{KEY}";

/// The open doors of this node, as it sees itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Doors {
    /// Of the protocol itself.
    pub tcp: Option<SocketAddr>,
    /// Of whole messages over HTTP.
    pub http: Option<SocketAddr>,
    /// The drop folder of files: that which holds a folder for each sender.
    pub folder: Option<PathBuf>,
}

/// One way to send to this node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WayIn")]
pub struct Way {
    pub kind: WayKind,
    /// `127.0.0.1:7651`, a URL, or a folder.
    pub address: String,
    /// MQTT's topic.
    pub topic: Option<String>,
    /// The name of a file, where the name is part of what is said.
    pub file: Option<String>,
    /// A message as it may look, of one point.
    pub example: Option<String>,
    /// A line for a shell that sends a whole message without any reading, to prove the
    /// way. `{KEY}` stands for the station's key, `{KEY:3}` for its third word.
    pub command: Option<String>,
}

/// By what a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "WayKind")]
pub enum WayKind {
    Tcp,
    Mqtt,
    Http,
    Folder,
}

impl Way {
    pub fn new(kind: WayKind, address: impl ToString) -> Way {
        let address = address.to_string();
        Way { kind, address, topic: None, file: None, example: None, command: None }
    }

    /// Over HTTP: `http://127.0.0.1:7702/ingest/{path}`.
    pub fn http(door: SocketAddr, path: &str) -> Way {
        Way::new(WayKind::Http, format!("http://{door}/ingest/{path}"))
    }
}

/// `20260803090000`, Beijing time: in names of files and in messages.
pub fn compact(moment: Timestamp) -> String {
    moment.to_beijing().chars().filter(char::is_ascii_digit).collect()
}
