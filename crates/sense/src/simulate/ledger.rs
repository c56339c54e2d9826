//! What devices were told is stored: one JSON object a line.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use base::Timestamp;
use serde::{Deserialize, Serialize};

/// A report that the centre acknowledged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// The code under which the station is registered.
    pub station: String,
    /// The number that report and acknowledgement carried.
    pub serial: u64,
    /// The observation time, by the device's clock.
    pub observed: Timestamp,
    /// By element, in the element's unit.
    pub values: BTreeMap<String, f64>,
}

/// Where they are written; each line is out before the next report is sent.
#[derive(Debug)]
pub struct Ledger(Option<Mutex<File>>);

impl Ledger {
    /// Writes nothing.
    pub fn none() -> Ledger {
        Ledger(None)
    }

    /// Writes a new file.
    ///
    /// # Errors
    /// Any I/O error, also when the file exists: a ledger is never overwritten.
    pub fn create(path: &Path) -> io::Result<Ledger> {
        Ok(Ledger(Some(Mutex::new(File::create_new(path)?))))
    }

    pub(super) fn write(&self, line: &Acknowledged) -> io::Result<()> {
        let Some(file) = &self.0 else { return Ok(()) };
        let mut text = serde_json::to_string(line).map_err(io::Error::other)?;
        text.push('\n');
        file.lock().unwrap_or_else(PoisonError::into_inner).write_all(text.as_bytes())
    }

    /// Reads a ledger back.
    ///
    /// # Errors
    /// Any I/O error; a line that does not read is [`io::ErrorKind::InvalidData`].
    pub fn read(path: &Path) -> io::Result<Vec<Acknowledged>> {
        let text = std::fs::read_to_string(path)?;
        text.lines().map(|line| serde_json::from_str(line).map_err(io::Error::from)).collect()
    }
}
