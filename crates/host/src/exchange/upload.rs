//! A segment that comes by HTTP: taken in piece by piece, as it arrives.

use std::io;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::sync::{Semaphore, mpsc};

use super::note::{self, SegmentNote, Uploaded};
use crate::Caller;
use crate::error::{Error, Result};
use crate::segment::{self, SegmentHead, Taken};
use crate::world::World;

/// Uploads at one time: each may hold 256 MiB of the disk.
const AT_ONCE: usize = 2;
/// How long the next piece may take, of machine time.
const PIECE_TIME: Duration = Duration::from_secs(30);
/// And all of them together.
const BODY_TIME: Duration = Duration::from_secs(900);

/// Room for uploads.
#[derive(Debug)]
pub(super) struct Places(Semaphore);

impl Default for Places {
    fn default() -> Places {
        Places(Semaphore::new(AT_ONCE))
    }
}

/// Takes in the segment that a body is, and notes who brought it. Memory holds a few pieces of it, the disk all.
///
/// # Errors
/// As [`segment::take_in`]; [`Error::Busy`] while others upload; [`Error::TooSlow`].
pub(super) async fn take(
    places: &Places,
    world: World,
    caller: Caller,
    body: Body,
) -> Result<(SegmentHead, Taken)> {
    let _place = places.0.try_acquire().map_err(|_| Error::Busy("other segments are coming in"))?;
    let (sender, receiver) = mpsc::channel(4);
    let taking = tokio::task::spawn_blocking(move || {
        let mut pieces = Pieces { receiver, rest: Bytes::new() };
        let (head, taken) = segment::take_in_with_head(&world, &mut pieces)?;
        let (origin, first, last) = (head.origin.clone(), head.first, head.last);
        let uploaded = Uploaded { origin, first, last, new: taken.new };
        world.run_as(&caller, |tx| note::put(tx, SegmentNote::Uploaded(uploaded)))?;
        Ok((head, taken))
    });
    let timed = tokio::time::timeout(BODY_TIME, hand_over(body.into_data_stream(), &sender));
    let handed = timed.await.unwrap_or(Err(Error::TooSlow { limit_s: BODY_TIME.as_secs() }));
    if handed.is_err() {
        // An end is no reason to believe that it was all.
        let _ = sender.send(Err(io::ErrorKind::UnexpectedEof.into())).await;
    }
    drop(sender);
    let taken = taking.await;
    handed?;
    taken.map_err(|error| Error::Internal(format!("taking in panicked: {error}")))?
}

/// Hands a body over until its end, or until nobody takes more of it.
async fn hand_over(
    mut body: BodyDataStream,
    sender: &mpsc::Sender<io::Result<Bytes>>,
) -> Result<()> {
    loop {
        let piece = tokio::time::timeout(PIECE_TIME, body.next());
        let piece = piece.await.map_err(|_| Error::TooSlow { limit_s: PIECE_TIME.as_secs() })?;
        match piece {
            None => return Ok(()),
            Some(Ok(piece)) => {
                if sender.send(Ok(piece)).await.is_err() {
                    // Whoever takes it in has seen enough, and says why.
                    return Ok(());
                }
            }
            Some(Err(error)) => {
                return Err(Error::invalid("body", error.to_string(), "a whole segment"));
            }
        }
    }
}

/// A body as something to be read, on a thread that may wait.
struct Pieces {
    receiver: mpsc::Receiver<io::Result<Bytes>>,
    rest: Bytes,
}

impl io::Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.receiver.blocking_recv() {
                None => return Ok(0),
                Some(piece) => self.rest = piece?,
            }
        }
        let count = self.rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.rest.split_to(count));
        Ok(count)
    }
}
