//! What a backup leaves in the log and in the trail.

use base::{Id, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Taken;
use crate::error::Result;
use crate::home::Home;
use crate::trail::{Notes, Said};
use crate::tx::Record;
use crate::{Lane, Part, Slice, Summary, World};

crate::facts! {
    /// What can happen to a node.
    pub enum NodeFact {
        "node.restored" v 1 => Restored(Restored),
    }
}

/// The node began again from a backup; what it had recorded after that is not in its
/// log any more. The first entry after those of the backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Restored {
    /// The backup's name, and when it was taken.
    pub backup: String,
    pub taken: Timestamp,
    /// This origin's last entry in it (0 for none), and its SM3 hash.
    pub origin_seq: i64,
    pub hash: String,
}

crate::facts! {
    /// What the trail says of backups.
    pub enum BackupNote {
        "backup.taken" v 1 => Taken(Noted),
    }
}

/// Everything but the keys of personal data left the node's directory.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Noted {
    pub backup: String,
    pub directory: String,
    pub bytes: u64,
    /// Where the keys were copied to, if they were.
    pub keys: Option<String>,
}

pub(crate) fn part() -> Part {
    let seen_with = crate::drill::MANAGE;
    let summary = |_: &crate::Entry, fact: &NodeFact| {
        let NodeFact::Restored(restored) = fact;
        let (backup, seq) = (&restored.backup, restored.origin_seq);
        let title = format!("系统由备份 {backup} 恢复，本机第 {seq} 条之后的记录不再存在");
        Summary::new(title, serde_json::json!({ "backup": backup, "origin_seq": seq }))
    };
    let slice = Slice::new::<NodeFact>("node", 1, &[], seen_with, |_, _, _| (), summary);
    let notes = vec![Notes::new::<BackupNote>("node", |note| {
        let BackupNote::Taken(noted) = note;
        Said::new(serde_json::json!({
            "backup": noted.backup,
            "directory": noted.directory,
            "bytes": noted.bytes,
            "keys": noted.keys,
        }))
    })];
    Part { name: "backup", slices: vec![slice.own_facts_only()], notes, ..Part::default() }
}

/// Notes in the trail that a backup was taken.
///
/// # Errors
/// [`crate::Error::Db`] when the trail does not take it.
pub fn note(world: &World, taken: &Taken) -> Result<()> {
    let text = |path: &std::path::Path| path.display().to_string();
    let noted = Noted {
        backup: taken.manifest.name.clone(),
        directory: text(&taken.directory),
        bytes: taken.manifest.bytes(),
        keys: taken.keys.as_deref().map(text),
    };
    world.run(Lane::Ordinary, "console", move |tx| {
        let subject: Id = tx.new_id();
        tx.note(Record::first(subject, Home::node(), BackupNote::Taken(noted)))
    })
}
