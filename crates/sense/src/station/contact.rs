//! When a station was last heard: working state, written in batches.

use base::Timestamp;
use host::{Result, Tx, params};

use super::StationId;

/// The last sign of life of a station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// By the world's clock.
    pub at: Timestamp,
    /// The peer's address.
    pub source: String,
    /// From the newest observation of the last report to its arrival; `None` when
    /// the last frame carried none (a heartbeat), which leaves what was there.
    pub delay_ms: Option<i64>,
    /// Whether it has lost the instruments behind it; `None` leaves what was there.
    pub is_cut: Option<bool>,
    /// Who spoke for it: the sender, and before it the systems that the sender names, the
    /// first of them first; empty when it spoke for itself.
    pub via: Vec<String>,
}

impl Contact {
    /// It was heard, and no more is known.
    pub fn heard(at: Timestamp, source: &str) -> Contact {
        Contact { at, source: source.to_owned(), delay_ms: None, is_cut: None, via: Vec::new() }
    }
}

/// Writes the newest contact of each station.
pub fn save(tx: &mut Tx<'_>, contacts: &[(StationId, Contact)]) -> Result<()> {
    for (station, contact) in contacts {
        let via = (!contact.via.is_empty()).then(|| serde_json::json!(contact.via).to_string());
        tx.work().run(
            "insert into station_contact (station, last_contact, source, delay_ms, via) \
             values ($1, $2, $3, $4, $5) \
             on conflict (station) do update set last_contact = excluded.last_contact, \
             source = excluded.source, via = excluded.via, \
             delay_ms = coalesce(excluded.delay_ms, station_contact.delay_ms)",
            params![*station, contact.at, &contact.source, contact.delay_ms, via],
        )?;
        match contact.is_cut {
            None => {}
            Some(true) => {
                // Since when, and not when it was said last.
                tx.work().run(
                    "update station_contact set cut_at = coalesce(cut_at, $2) where station = $1",
                    params![*station, contact.at],
                )?;
            }
            Some(false) => {
                tx.work().run(
                    "update station_contact set cut_at = null where station = $1",
                    params![*station],
                )?;
            }
        }
    }
    Ok(())
}
