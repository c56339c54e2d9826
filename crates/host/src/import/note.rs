//! What the trail says of imports: that many facts at once were one person's doing.

use base::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::Result;
use crate::home::Home;
use crate::trail::{Notes, Said};
use crate::tx::{Record, Tx};

crate::facts! {
    /// What people do with imports.
    pub enum ImportNote {
        "import.confirmed" v 1 => Confirmed(Confirmed),
        "import.ended" v 1 => Ended(Ended),
    }
}

/// A file was confirmed, and its rows are being taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Confirmed {
    pub register: String,
    /// SHA-256 of the file, hex.
    pub digest: String,
    pub rows: i64,
}

/// Its rows have been taken, or it was stopped, or could not go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ended {
    pub register: String,
    pub digest: String,
    pub added: i64,
    pub changed: i64,
    pub refused: i64,
    /// Whether all of its rows were dealt with.
    pub whole: bool,
}

pub(super) fn notes() -> Notes {
    Notes::new::<ImportNote>("import", |note| {
        Said::new(match note {
            ImportNote::Confirmed(it) => {
                json!({ "register": it.register, "digest": it.digest, "rows": it.rows })
            }
            ImportNote::Ended(it) => json!({
                "register": it.register,
                "digest": it.digest,
                "added": it.added,
                "changed": it.changed,
                "refused": it.refused,
                "whole": it.whole,
            }),
        })
    })
}

pub(super) fn put(tx: &mut Tx<'_>, import: Id, note: impl Into<ImportNote>) -> Result<()> {
    tx.note(Record::first(import, Home::node(), note.into()))
}
