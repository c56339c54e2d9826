//! The section of the drop folder.

use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use sense::gateway::folder::Config;
use serde::{Deserialize, Serialize};

/// The folder that files of coal mines are left in, by SFTP or otherwise.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Folder {
    /// Whether it is watched.
    pub enabled: bool,
    /// Holds `inbox/<mine>/`, and what was taken and put away; `coal42` in the node's own directory when empty.
    pub directory: PathBuf,
    /// Seconds after its last change until a file without its end is put away.
    pub half_after_s: u32,
}

impl Default for Folder {
    fn default() -> Folder {
        Folder { enabled: false, directory: PathBuf::new(), half_after_s: 600 }
    }
}

impl Folder {
    /// What is to be watched, if anything is.
    pub fn watched(&self, node: &Path) -> Option<Config> {
        let directory = match self.directory.as_os_str().is_empty() {
            true => node.join("coal42"),
            false => self.directory.clone(),
        };
        let patience = Duration::from_secs(u64::from(self.half_after_s));
        self.enabled.then(|| Config { patience, ..Config::new(directory) })
    }
}
