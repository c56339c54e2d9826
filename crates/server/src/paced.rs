//! A connection whose peer must take what it asked for.
//!
//! An answer on its way holds memory, and a live stream a place at the door. A peer
//! that does not read would hold them for ever, so the time that writes wait for it
//! adds up, each byte that it takes buys some back, and beyond a limit it is cut.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// How long writes may wait for the peer, all together.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes a second at which a peer may read for ever.
const SLOWEST: u32 = 4 << 10;

/// A stream that is cut when its peer reads slower than 4 KiB/s for 20 s.
pub struct Paced<S> {
    stream: S,
    /// Told before the error: what was written and not taken is to be forgotten.
    cut: fn(&S),
    /// How long writes have waited, less what was bought back.
    waited: Duration,
    /// Since when a write waits.
    since: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl<S> Paced<S> {
    pub fn new(stream: S, cut: fn(&S)) -> Paced<S> {
        Paced { stream, cut, waited: Duration::ZERO, since: None, timer: None }
    }

    /// What becomes of an attempt to write.
    fn judge(
        &mut self,
        context: &mut Context<'_>,
        attempt: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let now = Instant::now();
        match attempt {
            Poll::Ready(Ok(count)) => {
                self.waited += self.since.take().map_or(Duration::ZERO, |since| now - since);
                let count_u32 = u32::try_from(count).unwrap_or(u32::MAX);
                let bought = Duration::from_secs(1) * count_u32 / SLOWEST;
                self.waited = self.waited.saturating_sub(bought);
                Poll::Ready(Ok(count))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                let since = *self.since.get_or_insert(now);
                let due = since + PATIENCE.saturating_sub(self.waited);
                let timer = match &mut self.timer {
                    Some(timer) => {
                        if timer.deadline() != due {
                            timer.as_mut().reset(due);
                        }
                        timer
                    }
                    None => self.timer.insert(Box::pin(tokio::time::sleep_until(due))),
                };
                ready!(timer.as_mut().poll(context));
                (self.cut)(&self.stream);
                let text = format!("the peer took too little for {} s", PATIENCE.as_secs());
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, text)))
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(context, attempt)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.judge(context, attempt)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    static ANSWER: [u8; 64 << 10] = [7; 64 << 10];

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_nothing_is_cut_and_one_that_reads_slowly_is_not() {
        let (ours, _theirs) = duplex(1 << 10);
        let error = Paced::new(ours, |_| ()).write_all(&ANSWER).await.expect_err("nobody reads");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);

        let (ours, mut theirs) = duplex(1 << 10);
        let reading = tokio::spawn(async move {
            let mut bytes = [0; 1 << 10];
            for _ in 0..64 {
                tokio::time::advance(Duration::from_millis(200)).await;
                theirs.read_exact(&mut bytes).await.expect("it comes");
            }
        });
        Paced::new(ours, |_| ()).write_all(&ANSWER).await.expect("5 KiB/s is enough");
        reading.await.expect("read");
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_a_drop_now_and_then_is_cut_all_the_same() {
        let (ours, mut theirs) = duplex(1 << 10);
        tokio::spawn(async move {
            while theirs.read_u8().await.is_ok() {
                tokio::time::advance(Duration::from_secs(1)).await;
            }
        });
        let error = Paced::new(ours, |_| ()).write_all(&ANSWER).await.expect_err("a byte a second");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
