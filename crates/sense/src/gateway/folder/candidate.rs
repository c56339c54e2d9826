//! What lies in the inbox, in the order in which it is to be read.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::Timestamp;
use wire::coal42::{FileName, KINDS, NameRule};

use super::MINES;
use super::disk::{Entry, Folder};
use crate::protocol::{Coal42, Dialect as _};

/// Files of one mine that are looked at in one round; the others wait for the next.
const FILES: usize = 2_000;
/// Folders below a mine's own.
const DEPTH: usize = 2;

/// A file of the inbox that may be taken.
pub(super) struct Candidate {
    pub mine: String,
    pub folder: Arc<Folder>,
    pub place: PathBuf,
    pub entry: Entry,
    /// Order: when it was made, then definitions before what they define.
    rank: (Timestamp, u8),
}

/// # Errors
/// When the inbox itself cannot be read. A mine's folder that cannot is passed over.
pub(super) fn candidates(inbox: &Folder) -> io::Result<Vec<Candidate>> {
    let mut candidates = Vec::new();
    for mine in inbox.folders(MINES)? {
        // What is no mine's folder is not ours.
        if Coal42::code(&mine).as_deref() != Ok(mine.as_str()) {
            continue;
        }
        match inbox.open(&mine) {
            Ok(folder) => look(&mine, &Arc::new(folder), Path::new(&mine), 0, &mut candidates),
            Err(error) => tracing::warn!(%error, %mine, "a mine's folder could not be opened"),
        }
    }
    candidates.sort_by(|one, other| {
        (one.rank, &one.entry.name, &one.place).cmp(&(other.rank, &other.entry.name, &other.place))
    });
    Ok(candidates)
}

fn look(
    mine: &str,
    folder: &Arc<Folder>,
    place: &Path,
    depth: usize,
    candidates: &mut Vec<Candidate>,
) {
    let Ok(entries) = folder.entries(FILES) else { return };
    for entry in entries {
        // Temporary files of programs that upload, and of people.
        if entry.name.starts_with('.') {
            continue;
        }
        let place = place.join(&entry.name);
        if entry.is_folder {
            if depth < DEPTH
                && let Ok(inner) = folder.open(&entry.name)
            {
                look(mine, &Arc::new(inner), &place, depth + 1, candidates);
            }
            continue;
        }
        let name = FileName::parse(&entry.name, NameRule::Tolerant).ok();
        let rank = name.map_or((Timestamp::MIN, 0), |name| (name.made, purpose(&name.kind)));
        let (mine, folder) = (mine.to_owned(), Arc::clone(folder));
        candidates.push(Candidate { mine, folder, place, entry, rank });
    }
}

/// Definitions before states before events of one second.
fn purpose(kind: &str) -> u8 {
    KINDS.iter().find(|info| info.code == kind).map_or(3, |info| info.purpose as u8)
}
