//! One connection of devices that converse: drives the platform's side of the session.

mod orders;

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::Timestamp;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::{Notify, watch};
use wire::session::{CommandId, Outcome, Output, Session, Token};

use self::orders::Answering;
use super::line::{Lineman, Order};
use super::{Converses, Hub, pause, told_to_stop};
use crate::intake::budget::{Holder, Share};
use crate::intake::{Arrival, Note, Refuse, Verdict};

/// What one look at the socket takes in.
const READ: usize = 4_096;
/// Frames that one connection may have unsettled, fewer than a session remembers.
const MOST_UNSETTLED: usize = 512;
/// How long a connection sleeps at most before it looks around.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);
/// What a frame costs beyond its bytes while it is in flight.
const FRAME_COST: usize = 512;

/// Serves one connection until either side ends it.
pub(super) async fn serve<P: Converses>(
    stream: TcpStream,
    peer: SocketAddr,
    hub: &Hub<P>,
    mut stopped: watch::Receiver<bool>,
) {
    let (settled, verdicts) = mpsc::unbounded_channel();
    let woken = Arc::new(Notify::new());
    let mut session = P::open(&hub.config.session, &hub.shared, hub.clock.now());
    let waker = Arc::clone(&woken);
    session.wake_by(Arc::new(move || waker.notify_one()));
    let (lineman, mut orders) = hub.intake.lines().connection(P::PROTOCOL);
    let mut connection = Connection {
        hub,
        source: Arc::from(peer.to_string()),
        session,
        woken,
        share: hub.intake.budget().share(Holder::peer(peer.ip())),
        unsettled: HashMap::new(),
        lineman,
        unheard: None,
        asked: HashMap::new(),
        last: None,
        answers: HashMap::new(),
        late: None,
        unsettled_bytes: 0,
        last_heard: None,
        out: Vec::new(),
        owed: Vec::new(),
        settled,
        phase: Phase::Greeting { since: hub.clock.now() },
        held: Duration::ZERO,
        held_since: None,
    };
    let mut inbox = verdicts;
    let ended = run(&mut connection, &stream, &mut inbox, &mut orders, &mut stopped).await;
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "connection ended");
    }
    // What is to be said of the end of the connection; nobody hears the answer.
    connection.end();
    // What is still to be settled goes into the frames' list without an acknowledgement.
    inbox.close();
    while let Ok((_, verdict)) = inbox.try_recv() {
        if let Some(note) = verdict.note {
            hub.intake.keep(note);
        }
    }
}

type Settled = (Token, Verdict);

struct Connection<'a, P: Converses> {
    hub: &'a Hub<P>,
    source: Arc<str>,
    session: P::Session,
    /// Something came for the session by another way.
    woken: Arc<Notify>,
    share: Share,
    unsettled: HashMap<Token, Unsettled>,
    lineman: Lineman,
    /// A station that is heard here and does not listen to commands yet.
    unheard: Option<String>,
    /// Commands that end with this connection.
    asked: HashMap<CommandId, Order>,
    /// The frame that came last while something was asked, and what it says.
    last: Option<(Token, Option<serde_json::Value>)>,
    /// Answers on their way to the disk.
    answers: HashMap<Token, Answering>,
    /// The command that was given up last, and when.
    late: Option<(Order, Timestamp)>,
    unsettled_bytes: usize,
    /// The station heard last: who broken bytes are most likely from.
    last_heard: Option<String>,
    /// Bytes to be written.
    out: Vec<u8>,
    /// Frames whose acknowledgements are in `out`.
    owed: Vec<(Instant, Note)>,
    settled: UnboundedSender<Settled>,
    phase: Phase,
    /// How long our disk kept us from reading, though the peer may have sent.
    held: Duration,
    held_since: Option<Instant>,
}

/// A frame on its way to the disk.
struct Unsettled {
    read: Instant,
    cost: usize,
    sender: String,
}

/// How far the conversation is.
#[derive(Clone, Copy)]
enum Phase {
    /// No whole frame came yet; by the connection's own time.
    Greeting {
        since: Timestamp,
    },
    Talking,
    /// Nothing more is read; what is owed is still written.
    Leaving {
        since: Instant,
    },
}

async fn run<P: Converses>(
    connection: &mut Connection<'_, P>,
    stream: &TcpStream,
    inbox: &mut UnboundedReceiver<Settled>,
    orders: &mut UnboundedReceiver<Box<Order>>,
    stopped: &mut watch::Receiver<bool>,
) -> io::Result<()> {
    let mut stream = Writing(stream);
    let woken = Arc::clone(&connection.woken);
    loop {
        if connection.is_over() {
            return Ok(());
        }
        let budget = Arc::clone(connection.share.budget());
        let freed = budget.freed();
        tokio::pin!(freed);
        // Before the question, or bytes freed in between would be missed.
        freed.as_mut().enable();
        let may_read = connection.may_read();
        // Only for frames that wait for our disk: bytes that wait for their peer must
        // grow old, or a full budget of half frames would stay full.
        connection.hold(!may_read && !connection.unsettled.is_empty());
        let is_leaving = matches!(connection.phase, Phase::Leaving { .. });
        tokio::select! {
            biased;
            Some(settled) = inbox.recv() => {
                connection.settle(settled);
                while let Ok(settled) = inbox.try_recv() {
                    connection.settle(settled);
                }
            }
            () = told_to_stop(stopped), if !is_leaving => connection.leave(),
            Some(order) = orders.recv(), if !is_leaving => connection.ask(*order),
            ready = stream.0.readable(), if may_read => {
                ready?;
                // Asked again: others may have read while this one waited for bytes.
                if connection.may_read() {
                    connection.read(stream.0)?;
                }
            }
            () = &mut freed, if !may_read && !is_leaving => {}
            () = woken.notified(), if !is_leaving => connection.tick(),
            () = pause(connection.patience()) => connection.tick(),
        }
        connection.drain();
        stream.write(connection).await?;
    }
}

/// The socket's writing side.
struct Writing<'a>(&'a TcpStream);

impl Writing<'_> {
    /// Writes what is owed; the peer must take it within its time.
    async fn write<P: Converses>(&mut self, connection: &mut Connection<'_, P>) -> io::Result<()> {
        if !connection.out.is_empty() {
            let limit = connection.hub.config.write;
            let written = tokio::time::timeout(limit, write_all(self.0, &connection.out)).await;
            connection.out.clear();
            let late = || io::Error::new(io::ErrorKind::TimedOut, "the peer takes no bytes");
            written.map_err(|_| late()).flatten()?;
        }
        for (read, note) in connection.owed.drain(..) {
            connection.hub.intake.keep(note.acknowledged(read.elapsed()));
        }
        Ok(())
    }
}

async fn write_all(stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        stream.writable().await?;
        match stream.try_write(bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

impl<P: Converses> Connection<'_, P> {
    /// The time that counts against the peer: it stands still while our disk keeps us
    /// from reading, or a peer would be late because we are.
    fn now(&self) -> Timestamp {
        let held = self.held + self.held_since.map_or(Duration::ZERO, |since| since.elapsed());
        let held = i64::try_from(held.as_millis()).unwrap_or(i64::MAX);
        self.hub.clock.now() - base::Duration::from_millis(held)
    }

    /// The same, for the session: what goes out carries the world's time, because stations
    /// show it and some set their clocks by it.
    fn timed(&mut self) -> Timestamp {
        let now = self.now();
        self.session.carries(self.hub.world.clock().now().since(now));
        now
    }

    fn hold(&mut self, is_held: bool) {
        match (is_held, self.held_since) {
            (true, None) => self.held_since = Some(Instant::now()),
            (false, Some(since)) => {
                self.held += since.elapsed();
                self.held_since = None;
            }
            _ => {}
        }
    }

    fn may_read(&self) -> bool {
        !matches!(self.phase, Phase::Leaving { .. })
            && self.unsettled.len() < MOST_UNSETTLED
            && !self.session.is_full()
            && self.share.may_read()
    }

    fn is_over(&self) -> bool {
        match self.phase {
            Phase::Greeting { since } => since + span(self.hub.config.first_frame) <= self.now(),
            Phase::Talking => false,
            Phase::Leaving { since } => {
                self.unsettled.is_empty() || self.hub.config.farewell <= since.elapsed()
            }
        }
    }

    /// Tells the session that its connection is gone.
    fn end(&mut self) {
        let now = self.now();
        self.session.lost(now);
        self.drain();
    }

    fn leave(&mut self) {
        self.phase = Phase::Leaving { since: Instant::now() };
    }

    /// How long until something is due though nothing happens.
    fn patience(&self) -> Duration {
        let now = self.now();
        let first_frame = match self.phase {
            Phase::Greeting { since } => Some(since + span(self.hub.config.first_frame)),
            _ => None,
        };
        let due = self.session.deadline().into_iter().chain(first_frame).min();
        let until = |due: Timestamp| u64::try_from(due.since(now).as_millis()).unwrap_or(0);
        let wait = match self.phase {
            Phase::Leaving { since } => self.hub.config.farewell.saturating_sub(since.elapsed()),
            _ if self.held_since.is_some() => LONGEST_WAIT,
            _ => due.map_or(LONGEST_WAIT, |due| Duration::from_millis(until(due))),
        };
        // A millisecond more than the deadline, which is in whole ones.
        wait.min(LONGEST_WAIT) + Duration::from_millis(1)
    }

    fn tick(&mut self) {
        let now = self.timed();
        self.session.tick(now);
    }

    /// Reads what has come, once.
    fn read(&mut self, stream: &TcpStream) -> io::Result<()> {
        // On the stack of this call and not of the task: an idle connection holds none.
        let mut buffer = [0; READ];
        match stream.try_read(&mut buffer) {
            Ok(0) => self.leave(),
            Ok(count) => {
                self.share.take(count);
                let now = self.timed();
                self.session.input(now, &buffer[..count]);
                self.look_who_listens();
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Takes the session's orders until it has none left.
    fn drain(&mut self) {
        let received = self.hub.world.clock().now();
        while let Some(output) = self.session.poll() {
            match output {
                Output::Send(bytes) => {
                    self.sent(&bytes);
                    self.out.extend(bytes);
                }
                Output::Frame { token, frame, raw } => self.deliver(received, token, frame, raw),
                Output::Reject { raw, reason } => self.refuse(received, raw, reason),
                Output::Done { command, result } => self.done(command, result),
                Output::Close(_) => self.leave(),
            }
        }
        self.recount();
    }

    /// Bytes that the session dropped without a word (a packet sent twice) are no
    /// longer in flight: when it waits for nothing, only the unsettled are.
    fn recount(&mut self) {
        if let Some(held) = self.session.held() {
            return self.share.set(self.unsettled_bytes + held);
        }
        let longest = P::longest_wait(&self.hub.config.session);
        let waits = self.session.deadline().is_some_and(|due| due <= self.now() + longest);
        if !waits && self.share.held() != self.unsettled_bytes {
            self.share.set(self.unsettled_bytes);
        }
    }

    fn deliver(&mut self, received: Timestamp, token: Token, message: P::Message, raw: Vec<u8>) {
        if matches!(self.phase, Phase::Greeting { .. }) {
            self.phase = Phase::Talking;
        }
        let sender = P::sender(&message);
        if self.last_heard.as_ref() != Some(&sender) {
            self.last_heard = Some(sender.clone());
        }
        let cost = raw.len() + FRAME_COST;
        self.share.take(FRAME_COST);
        self.unsettled_bytes += cost;
        self.look_for_answer(token, &sender, &message);
        let unsettled = Unsettled { read: Instant::now(), cost, sender: sender.clone() };
        self.unsettled.insert(token, unsettled);
        let (settled, intake) = (self.settled.clone(), self.hub.intake.clone());
        let settle = Box::new(move |verdict| {
            if let Err(unheard) = settled.send((token, verdict))
                && let Some(note) = unheard.0.1.note
            {
                // The connection is gone; the frame was stored all the same.
                intake.keep(note);
            }
        });
        let source = Arc::clone(&self.source);
        let message = P::wrap(message);
        self.hub.intake.deliver(Arrival { source, sender, received, raw, message, settle });
    }

    fn refuse(&mut self, received: Timestamp, raw: Vec<u8>, reason: String) {
        self.share.give(raw.len());
        let suspects = P::suspect(&raw).into_iter().chain(self.last_heard.clone()).collect();
        let source = Arc::clone(&self.source);
        let protocol = P::PROTOCOL;
        self.hub.intake.refuse(Refuse { source, received, protocol, raw, reason, suspects });
    }

    /// Tells the session what became of a frame.
    fn settle(&mut self, (token, verdict): Settled) {
        let Some(Unsettled { read, cost, sender }) = self.unsettled.remove(&token) else { return };
        if verdict.outcome == Outcome::Stored {
            if matches!(self.share.holder(), Holder::Peer(_)) {
                self.share.belongs_to(Holder::sender(P::PROTOCOL, &sender));
            }
            self.hear(&sender);
        }
        self.judged(token, &sender, &verdict);
        self.unsettled_bytes = self.unsettled_bytes.saturating_sub(cost);
        self.share.give(cost);
        let before = self.out.len();
        let now = self.timed();
        self.session.settle(now, token, verdict.outcome);
        self.drain();
        if let Some(note) = verdict.note {
            match before < self.out.len() {
                true => self.owed.push((read, note)),
                false => self.hub.intake.keep(note),
            }
        }
    }
}

fn span(duration: Duration) -> base::Duration {
    base::Duration::from_millis(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
}
