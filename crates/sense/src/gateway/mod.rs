//! Gateways: listeners that devices connect to, each of one protocol and one world.
//!
//! In: bytes. Out: arrivals at `intake`, acknowledgements to devices.
//! Sockets live on machine time; what they carry is received by the world's clock.
//!
//! A connection costs a task and what its session holds, so ten thousand idle ones
//! are cheap. Each is limited: how long until its first frame, between frames, for
//! a frame to be completed and for a write to be taken, and how many bytes it has
//! in flight.

pub mod folder;
pub mod http;
mod line;
mod session;

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base::Timestamp;
use host::World;
use host::door::{Door, Place, Pool};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use wire::session::{CommandId, CommandResult, Session};

pub(crate) use line::Order;
pub use line::{Heard, Lines};

use crate::intake::{Arrival, Counts, Intake, Verdict};
use crate::protocol::form::{Ask, Bad, To};
use crate::protocol::{Gateway, Json, Listed, Protocol, Sl651};

/// A protocol whose devices converse over a byte stream: what the driver needs of it
/// beyond [`crate::protocol::Dialect`].
pub trait Converses: Listed {
    /// The platform's side of one conversation.
    type Session: Session<Frame = Self::Message> + Send;
    /// The session's own times and limits.
    type Limits: Clone + Send + Sync;
    /// What the conversations of one listener know of each other; `()` for most.
    type Shared: Default + Send + Sync;

    /// What a listener allows unless it is told otherwise.
    fn limits() -> Self::Limits;

    fn open(limits: &Self::Limits, shared: &Arc<Self::Shared>, now: Timestamp) -> Self::Session;

    /// Whether a command outlives the connection on which it was given, and its id is
    /// that of no other on the listener; its answer is then a message that names it
    /// ([`crate::protocol::Dialect::answered`]).
    const OUTLIVES: bool = false;

    /// What the conversations of a listener leave to be said when its time has come;
    /// asked for every second.
    fn due(_: &Self::Shared, _: Timestamp) -> Vec<Overdue<Self::Message>> {
        Vec::new()
    }

    /// The command that asks a station for something.
    ///
    /// # Errors
    /// What cannot be asked, and why; of a protocol without commands everything.
    fn order(to: &To<'_>, ask: &Ask) -> Result<<Self::Session as Session>::Command, Bad> {
        let _ = to;
        Err(Bad::new("command", ask.command.as_str(), "nothing: these take no commands"))
    }

    /// Whether bytes that go out carry this command.
    fn is_order(raw: &[u8], to: &To<'_>, ask: &Ask) -> bool {
        let _ = (raw, to, ask);
        false
    }

    /// Whether the peer listens to commands by now.
    fn takes_orders(session: &Self::Session) -> bool {
        let _ = session;
        true
    }

    /// Which command a message is the answer to as far as its kind tells, by the code of
    /// its form: how an answer is known that comes when nobody waits for it.
    fn answers(message: &Self::Message) -> Option<String> {
        let _ = message;
        None
    }

    /// What a message says as the answer to a command, for people.
    fn answer(message: &Self::Message) -> Option<serde_json::Value> {
        let _ = message;
        None
    }

    /// The longest time that a session waits for bytes it has begun to take, or for an
    /// answer: a deadline beyond it is that of an idle connection, which holds none.
    fn longest_wait(limits: &Self::Limits) -> base::Duration;
}

/// What became due without a connection.
pub enum Overdue<M> {
    /// A message, with the bytes to be kept of it.
    Message(M, Vec<u8>),
    /// A command has ended.
    Done(CommandId, CommandResult),
}

/// Limits and times of a listener, all in machine time.
#[derive(Debug, Clone)]
pub struct Config<P: Converses> {
    /// Connections at the same time; one more is closed at once. Default [`CONNECTIONS`].
    pub connections: usize,
    /// Places that it shares with other doors.
    pub pool: Option<Arc<Pool>>,
    /// How long a new connection may take until its first whole frame. Default 2 min.
    pub first_frame: Duration,
    /// How long a peer may take to accept an acknowledgement. Default 10 s.
    pub write: Duration,
    /// How long the last acknowledgements may take after the peer has closed its
    /// side, and when the listener is closed. Default 5 s.
    pub farewell: Duration,
    /// The session's own times and limits. Default [`Converses::limits`].
    pub session: P::Limits,
}

/// How often a listener looks for what is due without a connection.
const LOOK_AROUND: Duration = Duration::from_secs(1);

/// Connections of one listener, unless it is told otherwise.
pub const CONNECTIONS: usize = 20_000;

impl<P: Converses> Default for Config<P> {
    fn default() -> Config<P> {
        Config {
            connections: CONNECTIONS,
            pool: None,
            first_frame: Duration::from_secs(120),
            write: Duration::from_secs(10),
            farewell: Duration::from_secs(5),
            session: P::limits(),
        }
    }
}

/// An open listener.
pub struct Listening {
    protocol: Protocol,
    address: SocketAddr,
    intake: Intake,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
    door: Arc<Door>,
}

/// What all connections of a listener share.
struct Hub<P: Converses> {
    world: World,
    intake: Intake,
    config: Config<P>,
    shared: Arc<P::Shared>,
    /// Commands that outlive their connections, until they end.
    given: Mutex<HashMap<CommandId, Order>>,
    /// How many of them have not gone out yet.
    unsent: AtomicUsize,
    clock: MachineClock,
    door: Arc<Door>,
}

/// Machine time that never jumps, for deadlines.
struct MachineClock {
    wall: Timestamp,
    start: Instant,
}

impl MachineClock {
    fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.start.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.wall + base::Duration::from_millis(passed)
    }
}

/// Whether devices of a protocol converse over TCP, so that it has a door of its own.
pub fn converses(protocol: Protocol) -> bool {
    match protocol {
        Protocol::Sl651 | Protocol::Json | Protocol::Gateway => true,
        Protocol::Coal42 => false,
    }
}

/// Opens the door of a protocol, with the connections of a pool.
///
/// # Errors
/// When the address cannot be bound, or the protocol's devices do not converse.
pub async fn open(
    protocol: Protocol,
    intake: &Intake,
    address: SocketAddr,
    pool: &Arc<Pool>,
) -> io::Result<Listening> {
    match protocol {
        Protocol::Sl651 => within::<Sl651>(intake, address, pool).await,
        Protocol::Coal42 => Err(io::Error::other("devices of this protocol do not converse")),
        Protocol::Json => within::<Json>(intake, address, pool).await,
        Protocol::Gateway => within::<Gateway>(intake, address, pool).await,
    }
}

async fn within<P: Converses>(
    intake: &Intake,
    address: SocketAddr,
    pool: &Arc<Pool>,
) -> io::Result<Listening> {
    let pool = Some(Arc::clone(pool));
    listen::<P>(intake, address, Config { pool, ..Config::default() }).await
}

/// Opens a listener whose messages go to `intake`, and so to its world.
///
/// # Errors
/// When the address cannot be bound.
pub async fn listen<P: Converses>(
    intake: &Intake,
    address: SocketAddr,
    config: Config<P>,
) -> io::Result<Listening> {
    let listener = host::door::listen(address)?;
    let address = listener.local_addr()?;
    let (intake, world) = (intake.clone(), intake.world().clone());
    let clock = MachineClock { wall: host::world::wall_clock(), start: Instant::now() };
    let protocol = P::PROTOCOL;
    let door = match &config.pool {
        Some(pool) => Door::of_pool(pool, protocol.code(), config.connections),
        None => Door::new(protocol.code(), config.connections),
    };
    door.listens(address);
    let hub = Hub {
        world,
        intake: intake.clone(),
        config,
        shared: Arc::default(),
        given: Mutex::default(),
        unsent: AtomicUsize::new(0),
        clock,
        door: Arc::clone(&door),
    };
    let (stop, stopped) = watch::channel(false);
    let accepting = tokio::spawn(accept(listener, Arc::new(hub), stopped));
    tracing::info!(%address, protocol = protocol.code(), "gateway listens");
    Ok(Listening { protocol, address, intake, stop, accepting, door })
}

impl Listening {
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Where it listens; the port is a real one even when 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn intake(&self) -> &Intake {
        &self.intake
    }

    pub fn counts(&self) -> Counts {
        self.intake.counts()
    }

    /// How many connections there are, and how many were turned away.
    pub fn door(&self) -> Arc<Door> {
        Arc::clone(&self.door)
    }

    /// Stops listening, lets connections send the acknowledgements they owe, and
    /// writes what was counted. Call it before the world is closed.
    pub async fn close(self) {
        // Without receivers the listener has ended already.
        let _ = self.stop.send(true);
        if let Err(error) = self.accepting.await {
            tracing::error!(%error, "the listener ended badly");
        }
        let intake = self.intake;
        let written = host::node::off_the_loop(move || intake.write_now()).await;
        if let Err(error) = written {
            tracing::error!(%error, "what the gateway counted last was not written");
        }
    }
}

async fn accept<P: Converses>(
    listener: TcpListener,
    hub: Arc<Hub<P>>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    let told = stopped.clone();
    loop {
        tokio::select! {
            () = told_to_stop(&mut stopped) => break,
            Some(ended) = connections.join_next(), if !connections.is_empty() => ended_well(ended),
            () = pause(LOOK_AROUND) => late(&hub),
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    if let Some(place) = hub.door.enter(peer) {
                        let hub = Arc::clone(&hub);
                        connections.spawn(one(stream, peer, hub, place, told.clone()));
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    // Most likely out of descriptors: the next try fails as well.
                    pause(Duration::from_millis(100)).await;
                }
            }
        }
    }
    drop(listener);
    let all_ended = async {
        while let Some(ended) = connections.join_next().await {
            ended_well(ended);
        }
    };
    // Twice, so that each connection's own farewell ends first.
    if tokio::time::timeout(hub.config.farewell * 2, all_ended).await.is_err() {
        tracing::warn!("connections were cut at the end");
    }
}

/// Delivers what no connection is there for any more.
fn late<P: Converses>(hub: &Hub<P>) {
    for due in P::due(&hub.shared, hub.clock.now()) {
        let (message, raw) = match due {
            Overdue::Message(message, raw) => (message, raw),
            Overdue::Done(command, result) => {
                hub.done(command, result);
                continue;
            }
        };
        let keeper = hub.intake.clone();
        let settle = Box::new(move |verdict: Verdict| {
            if let Some(note) = verdict.note {
                keeper.keep(note);
            }
        });
        hub.intake.deliver(Arrival {
            source: Arc::from(P::PROTOCOL.code()),
            sender: P::sender(&message),
            received: hub.world.clock().now(),
            raw,
            message: P::wrap(message),
            settle,
        });
    }
}

impl<P: Converses> Hub<P> {
    fn given<R>(&self, at: impl FnOnce(&mut HashMap<CommandId, Order>) -> R) -> R {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let result = at(&mut given);
        let unsent = given.values().filter(|order| !order.is_sent).count();
        self.unsent.store(unsent, Ordering::Relaxed);
        result
    }

    /// Bytes go out on some connection: whose command they are, hears it.
    fn sent(&self, raw: &[u8]) {
        if self.unsent.load(Ordering::Relaxed) == 0 {
            return;
        }
        let now = self.clock.now();
        self.given(|given| given.values_mut().for_each(|order| went_out::<P>(order, raw, now)));
    }

    /// A command that outlives its connections has ended.
    fn done(&self, command: CommandId, result: CommandResult) {
        let Some(order) = self.given(|given| given.remove(&command)) else { return };
        order.tell(match result {
            CommandResult::Answered => Heard::Delivered,
            CommandResult::Sent | CommandResult::Unanswered => Heard::Unanswered,
        });
    }
}

/// Tells whoever waits for a command that these bytes carry it out, the first time.
fn went_out<P: Converses>(order: &mut Order, raw: &[u8], now: Timestamp) {
    if !order.is_sent && P::is_order(raw, &order.to(now), &order.ask) {
        order.is_sent = true;
        order.tell(Heard::Sent(raw.to_vec()));
    }
}

fn ended_well(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a connection ended in a bug; the others go on");
    }
}

async fn one<P: Converses>(
    stream: TcpStream,
    peer: SocketAddr,
    hub: Arc<Hub<P>>,
    place: Place,
    stopped: watch::Receiver<bool>,
) {
    // Acknowledgements are small and wanted at once; without the option they are late.
    let _ = stream.set_nodelay(true);
    session::serve(stream, peer, &hub, stopped).await;
    drop(place);
}

/// Resolves when the listener is to stop, or its owner is gone.
async fn told_to_stop(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// Waits for machine time.
async fn pause(span: Duration) {
    #[allow(clippy::disallowed_methods, reason = "a gateway's sockets live on machine time")]
    tokio::time::sleep(span).await;
}
