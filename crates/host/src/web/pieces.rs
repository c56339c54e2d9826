//! A body that is worked on as it arrives, piece by piece, on a thread that may wait.
//!
//! Whoever sends it may go away at any moment, and the handler is dropped then. The work
//! goes on to its end on its own thread, and holds its place as long; it sees an error
//! where the body broke off, so that what was not whole is never taken for it.

use std::io::{self, Read as _};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::error::{Error, Result};

/// How long the next piece may take, of machine time.
const PIECE_TIME: Duration = Duration::from_secs(30);
/// And all of them together.
const BODY_TIME: Duration = Duration::from_secs(900);

/// Reads a body on a thread by `work`, which holds `place` until it ends. Memory holds a
/// few pieces of it.
///
/// # Errors
/// Those of `work`; [`Error::TooSlow`]; [`Error::Invalid`] for a body that broke off.
pub(crate) async fn read<T: Send + 'static>(
    body: Body,
    place: OwnedSemaphorePermit,
    work: impl FnOnce(&mut Pieces) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (sender, receiver) = mpsc::channel(4);
    let working = tokio::task::spawn_blocking(move || {
        let _place = place;
        work(&mut Pieces { receiver, rest: Bytes::new(), whole: false })
    });
    let timed = tokio::time::timeout(BODY_TIME, hand_over(body.into_data_stream(), &sender));
    let handed = timed.await.unwrap_or(Err(Error::TooSlow { limit_s: BODY_TIME.as_secs() }));
    drop(sender);
    let worked = working.await;
    handed?;
    worked.map_err(|error| Error::Internal(format!("reading a body panicked: {error}")))?
}

/// Reads a body as a whole, and then works on it by `work`, which holds `place` until it
/// ends: for what cannot be read piece by piece.
///
/// # Errors
/// Those of [`read`]; [`Error::TooLarge`] for more than `limit` bytes.
pub async fn whole<T: Send + 'static>(
    body: Body,
    place: OwnedSemaphorePermit,
    limit: usize,
    work: impl FnOnce(Vec<u8>) -> Result<T> + Send + 'static,
) -> Result<T> {
    read(body, place, move |pieces| {
        let mut bytes = Vec::new();
        io::Read::take(pieces, limit as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| Error::invalid("body", error.to_string(), "a whole body"))?;
        if limit < bytes.len() {
            return Err(Error::TooLarge { limit });
        }
        work(bytes)
    })
    .await
}

/// What is handed over.
enum Piece {
    Bytes(Bytes),
    /// That was all of it. Without this an end is no reason to believe so: whoever sent it
    /// went away, or was too slow.
    Whole,
}

/// Hands a body over until its end, or until nobody takes more of it.
async fn hand_over(mut body: BodyDataStream, sender: &mpsc::Sender<Piece>) -> Result<()> {
    loop {
        let piece = tokio::time::timeout(PIECE_TIME, body.next());
        let piece = piece.await.map_err(|_| Error::TooSlow { limit_s: PIECE_TIME.as_secs() })?;
        let piece = match piece {
            None => Piece::Whole,
            Some(Ok(bytes)) => Piece::Bytes(bytes),
            Some(Err(error)) => {
                return Err(Error::invalid("body", error.to_string(), "a whole body"));
            }
        };
        let is_last = matches!(piece, Piece::Whole);
        // Whoever works on it may have seen enough, and says why.
        let is_wanted = sender.send(piece).await.is_ok();
        if is_last || !is_wanted {
            return Ok(());
        }
    }
}

/// A body as something to be read, on a thread that may wait.
pub(crate) struct Pieces {
    receiver: mpsc::Receiver<Piece>,
    rest: Bytes,
    whole: bool,
}

impl io::Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() && !self.whole {
            match self.receiver.blocking_recv() {
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
                Some(Piece::Bytes(bytes)) => self.rest = bytes,
                Some(Piece::Whole) => self.whole = true,
            }
        }
        let count = self.rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.rest.split_to(count));
        Ok(count)
    }
}
