//! Reading the log while it is being written.

use std::path::PathBuf;
use std::sync::Arc;

use crate::disk::DiskFile;
use crate::frame::{self, Header};
use crate::wal::{Record, Wal, decode};
use crate::{Position, SeriesError};

/// Reads batches out of the log; it ends when it has caught up, and goes on when
/// asked again after more has been stored.
pub(crate) struct WalReader {
    wal: Arc<Wal>,
    next: Position,
    at: Option<Place>,
}

/// Where a frame lies.
pub(crate) struct Place {
    /// The first position of its file.
    pub segment: Position,
    pub path: PathBuf,
    pub file: Arc<dyn DiskFile>,
    pub offset: u64,
    /// The position of the frame at `offset`.
    pub position: Position,
}

impl WalReader {
    /// A reader that begins with the batch at `next`.
    pub fn new(wal: Arc<Wal>, next: Position) -> WalReader {
        WalReader { wal, next, at: None }
    }

    /// The next batch, or nothing when all that is on disk has been read.
    pub fn read(&mut self) -> Result<Option<Record>, SeriesError> {
        if self.next > self.wal.durable() {
            return Ok(None);
        }
        loop {
            let place = match self.at.take() {
                Some(place) => place,
                None => self.wal.locate(self.next)?,
            };
            let place = self.at.insert(place);
            let length = place
                .file
                .len()
                .map_err(|error| SeriesError::disk("measure", &place.path, &error))?;
            if place.offset >= length {
                // Whatever comes next stands at the start of a later segment.
                let (segment, path) = (place.segment, place.path.clone());
                let later = self.wal.locate(self.next)?;
                if later.segment == segment {
                    let what = format!("position {} is missing at its end", self.next.0);
                    return Err(SeriesError::damaged(&path, length, what));
                }
                self.at = Some(later);
                continue;
            }
            let (header, payload) = read_frame(place, length)?;
            let (here, offset) = (place.position, place.offset);
            place.offset += header.frame_length() as u64;
            place.position = here.next();
            if here < self.next {
                continue;
            }
            let record = decode(here, &payload)
                .map_err(|what| SeriesError::damaged(&place.path, offset, what))?;
            self.next = here.next();
            return Ok(Some(record));
        }
    }
}

fn read_frame(place: &Place, length: u64) -> Result<(Header, Vec<u8>), SeriesError> {
    let damaged = |what: &str| SeriesError::damaged(&place.path, place.offset, what);
    let fail = |error| SeriesError::disk("read", &place.path, &error);
    if place.offset + frame::HEADER as u64 > length {
        return Err(damaged("the frame is cut short"));
    }
    let mut head = [0; frame::HEADER];
    place.file.read_at(place.offset, &mut head).map_err(fail)?;
    let header = Header::parse(&head).map_err(damaged)?;
    if place.offset + header.frame_length() as u64 > length {
        return Err(damaged("the frame is cut short"));
    }
    if header.sequence != place.position.0 {
        let (seen, want) = (header.sequence, place.position.0);
        return Err(damaged(&format!("position {seen} stands where {want} belongs")));
    }
    let mut body = vec![0; header.length + 1];
    place.file.read_at(place.offset + frame::HEADER as u64, &mut body).map_err(fail)?;
    header.payload(&body).map_err(damaged)?;
    body.pop();
    Ok((header, body))
}
