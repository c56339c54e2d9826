//! Reading the log while it is being written.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

use crate::disk::DiskFile;
use crate::frame::{self, Header};
use crate::wal::{Record, Wal, decode};
use crate::{Position, SeriesError};

/// How much one look at the file takes in: small frames come by the hundred, and each would
/// cost three calls of its own.
const AHEAD: u64 = 64 << 10;

/// Reads batches out of the log; it ends when it has caught up, and goes on when
/// asked again after more has been stored.
pub(crate) struct WalReader {
    wal: Arc<Wal>,
    next: Position,
    at: Option<Place>,
    ahead: Ahead,
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

/// Bytes of the file at a [`Place`] that were read before they were asked for.
#[derive(Default)]
struct Ahead {
    /// Where they begin.
    offset: u64,
    bytes: Vec<u8>,
    /// Frames up to this one were whole on disk when they were read; what lies behind may
    /// have been half written.
    whole: Position,
}

impl WalReader {
    /// A reader that begins with the batch at `next`.
    pub fn new(wal: Arc<Wal>, next: Position) -> WalReader {
        WalReader { wal, next, at: None, ahead: Ahead::default() }
    }

    /// Whether the next batch is the one after `position`.
    pub fn has_read_to(&self, position: Position) -> bool {
        self.next == position.next()
    }

    /// The next batch, or nothing when all that is on disk has been read.
    pub fn read(&mut self) -> Result<Option<Record>, SeriesError> {
        let durable = self.wal.durable();
        if self.next > durable {
            return Ok(None);
        }
        loop {
            let place = match self.at.take() {
                Some(place) => place,
                None => {
                    self.ahead = Ahead::default();
                    self.wal.locate(self.next)?
                }
            };
            let place = self.at.insert(place);
            if !self.ahead.reaches(place) && !self.ahead.look(place, durable)? {
                // Whatever comes next stands at the start of a later segment.
                let (segment, path, end) = (place.segment, place.path.clone(), place.offset);
                let later = self.wal.locate(self.next)?;
                if later.segment == segment {
                    let what = format!("position {} is missing at its end", self.next.0);
                    return Err(SeriesError::damaged(&path, end, what));
                }
                self.ahead = Ahead::default();
                self.at = Some(later);
                continue;
            }
            let (header, payload) = self.ahead.frame(place)?;
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

impl Ahead {
    /// Whether a frame's header is there, and its bytes are what is on disk.
    fn reaches(&self, place: &Place) -> bool {
        place.position <= self.whole && frame::HEADER <= self.from(place.offset).len()
    }

    /// What is there from an offset on.
    fn from(&self, offset: u64) -> &[u8] {
        let start = offset.checked_sub(self.offset).and_then(|start| usize::try_from(start).ok());
        start.and_then(|start| self.bytes.get(start..)).unwrap_or(&[])
    }

    /// Reads on from a place; false at the end of its file.
    fn look(&mut self, place: &Place, durable: Position) -> Result<bool, SeriesError> {
        let fail = |action, error: &_| SeriesError::disk(action, &place.path, error);
        let length = place.file.len().map_err(|error| fail("measure", &error))?;
        if length <= place.offset {
            return Ok(false);
        }
        if length < place.offset + frame::HEADER as u64 {
            return Err(cut_short(place));
        }
        let much = AHEAD.min(length - place.offset) as usize;
        // Nothing of it counts until all of it is read.
        self.whole = Position::default();
        self.offset = place.offset;
        self.bytes.resize(much, 0);
        place.file.read_at(place.offset, &mut self.bytes).map_err(|error| fail("read", &error))?;
        self.whole = durable;
        Ok(true)
    }

    /// The frame at a place that it reaches: of a short one what was read ahead, of a long
    /// one what the file has.
    fn frame<'a>(&'a self, place: &Place) -> Result<(Header, Cow<'a, [u8]>), SeriesError> {
        let damaged = |what: &str| SeriesError::damaged(&place.path, place.offset, what);
        let (head, rest) =
            self.from(place.offset).split_first_chunk().ok_or_else(|| cut_short(place))?;
        let header = Header::parse(head).map_err(damaged)?;
        if header.sequence != place.position.0 {
            let (seen, want) = (header.sequence, place.position.0);
            return Err(damaged(&format!("position {seen} stands where {want} belongs")));
        }
        if header.length < rest.len() {
            return Ok((header, Cow::Borrowed(header.payload(rest).map_err(damaged)?)));
        }
        let mut body = vec![0; header.length + 1];
        let read = place.file.read_at(place.offset + frame::HEADER as u64, &mut body);
        read.map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => cut_short(place),
            _ => SeriesError::disk("read", &place.path, &error),
        })?;
        header.payload(&body).map_err(damaged)?;
        body.pop();
        Ok((header, Cow::Owned(body)))
    }
}

fn cut_short(place: &Place) -> SeriesError {
    SeriesError::damaged(&place.path, place.offset, "the frame is cut short")
}
