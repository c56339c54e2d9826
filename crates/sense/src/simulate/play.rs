//! Plays devices of any protocol that converses: each a connection and a clock of its own.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use base::{Duration, Timestamp};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use wire::session::{CommandError, CommandId, CommandResult, Output, Session};

use super::{Acknowledged, Dice, Faults, Ledger};

/// A device of some protocol, as it is played.
pub trait Plays: Clone + Send + Sync + 'static {
    /// The device's side of the conversation.
    type Session: Session<Frame: Send, Command: Send> + Send;
    /// What one report says, kept until it is acknowledged.
    type Values: Clone + Send;

    /// # Errors
    /// Why it cannot be played: an element that it does not know.
    fn check(&self) -> Result<(), String>;

    /// The code under which it is registered.
    fn code(&self) -> String;

    /// - `answer`: how long it waits for an acknowledgement.
    fn open(&self, answer: Duration, now: Timestamp) -> Self::Session;

    /// What it has measured `since` the beginning.
    fn values(&self, since: Duration, period: Duration) -> Self::Values;

    /// The report of what was `observed` then.
    fn report(
        &self,
        observed: Timestamp,
        values: &Self::Values,
    ) -> <Self::Session as Session>::Command;

    /// Whether its session outlives its connections, and makes itself ready for the next
    /// one when one is lost.
    const OUTLIVES: bool = false;

    /// The values by element, in the element's unit, for the ledger.
    fn told(values: &Self::Values) -> BTreeMap<String, f64>;

    /// What an acknowledgement repeats of its report: a serial, a time.
    fn serial(frame: &<Self::Session as Session>::Frame) -> Option<u64>;

    /// What it answers to a command that its session leaves to it.
    ///
    /// - `start`: when its river began.
    fn answer(
        &self,
        frame: &<Self::Session as Session>::Frame,
        start: Timestamp,
    ) -> Option<<Self::Session as Session>::Command> {
        let _ = (frame, start);
        None
    }

    /// How far the device's clock is ahead of the session's, for sessions whose frames
    /// carry the time at which they are sent.
    fn set_clock(session: &mut Self::Session, ahead: Duration) {
        let _ = (session, ahead);
    }

    /// The link broke and there is a new one.
    fn reconnect(session: &mut Self::Session, now: Timestamp) {
        let _ = (session, now);
    }

    /// A message with a fault in it that its receiver must notice.
    fn spoil(&self, bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        let at = dice.below(bytes.len());
        bytes[at] ^= 1;
        bytes
    }
}

/// A simulated network of devices.
#[derive(Debug)]
pub struct Options<D> {
    /// The centre.
    pub address: SocketAddr,
    pub devices: Vec<D>,
    /// What the devices' clocks show at the beginning; the first report is of this
    /// moment.
    pub start: Timestamp,
    /// Seconds of the devices in one of the machine's; above 0.
    pub speed: f64,
    /// Between two reports, by the devices' clocks.
    pub period: Duration,
    /// How many reports each device makes; for ever when `None`.
    pub reports: Option<u32>,
    /// How often a report that nobody acknowledges is tried in another slot, three
    /// times each, before it is given up.
    pub slots: u32,
    /// How long a device waits for its acknowledgement, in machine time.
    pub answer: Duration,
    pub faults: Faults,
    /// The same seed, the same faults.
    pub seed: u64,
    pub ledger: Ledger,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Reports that were acknowledged.
    pub acknowledged: u64,
    /// Reports that were given up.
    pub given_up: u64,
    /// Frames sent, repeats included.
    pub frames: u64,
    /// Faults that were done to frames and acknowledgements.
    pub faults: u64,
    pub connections: u64,
}

impl<D> Options<D> {
    /// `devices` at `address`, in step with the machine, without faults.
    pub fn new(address: SocketAddr, devices: Vec<D>, start: Timestamp) -> Options<D> {
        Options {
            address,
            devices,
            start,
            speed: 1.0,
            period: Duration::from_mins(5),
            reports: None,
            slots: 3,
            answer: Duration::from_secs(20),
            faults: Faults::NONE,
            seed: 1,
            ledger: Ledger::none(),
        }
    }
}

/// Runs all devices until each has made its reports; drop it to stop earlier.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] for a speed or device that cannot be, and any
/// error of the ledger. A centre that is not there is waited for.
pub async fn run<D: Plays>(options: Options<D>) -> io::Result<Summary> {
    if !(options.speed.is_finite() && 0.0 < options.speed) {
        let text = format!("speed is {}, expected a number above 0", options.speed);
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    for device in &options.devices {
        let invalid = |text| io::Error::new(io::ErrorKind::InvalidInput, text);
        device.check().map_err(invalid)?;
    }
    let options = Arc::new(options);
    let mut devices = JoinSet::new();
    let began = Instant::now();
    for (index, device) in options.devices.iter().enumerate() {
        let run = Run::new(Arc::clone(&options), device.clone(), index, began);
        devices.spawn(run.serve());
    }
    let mut summary = Summary::default();
    while let Some(ended) = devices.join_next().await {
        let one = ended.map_err(io::Error::other)??;
        summary.acknowledged += one.acknowledged;
        summary.given_up += one.given_up;
        summary.frames += one.frames;
        summary.faults += one.faults;
        summary.connections += one.connections;
    }
    Ok(summary)
}

/// A report that is still to be acknowledged.
#[derive(Debug, Clone)]
struct Planned<V> {
    observed: Timestamp,
    values: V,
    due: Instant,
    slots_left: u32,
}

/// One device at work.
struct Run<D: Plays> {
    options: Arc<Options<D>>,
    device: D,
    began: Instant,
    session: D::Session,
    dice: Dice,
    /// The next report to plan.
    number: u32,
    /// In order of `due`.
    waiting: VecDeque<Planned<D::Values>>,
    sent: HashMap<CommandId, Planned<D::Values>>,
    last_serial: u64,
    is_deaf: bool,
    summary: Summary,
}

/// How a conversation ended.
enum End {
    Finished,
    Lost,
}

/// Reports planned ahead; more than two, so that one can be held back.
const AHEAD: usize = 8;
/// Between two attempts to connect, in machine time.
const RETRY: std::time::Duration = std::time::Duration::from_millis(200);

impl<D: Plays> Run<D> {
    fn new(options: Arc<Options<D>>, device: D, index: usize, began: Instant) -> Run<D> {
        Run {
            session: device.open(options.answer, options.start),
            dice: Dice::new(options.seed ^ (index as u64).rotate_left(32)),
            options,
            device,
            began,
            number: 0,
            waiting: VecDeque::new(),
            sent: HashMap::new(),
            last_serial: 0,
            is_deaf: false,
            summary: Summary::default(),
        }
    }

    async fn serve(mut self) -> io::Result<Summary> {
        loop {
            let Ok(stream) = TcpStream::connect(self.options.address).await else {
                pause(RETRY).await;
                continue;
            };
            if 0 < self.summary.connections {
                let now = self.now();
                D::reconnect(&mut self.session, now);
            }
            self.summary.connections += 1;
            let _ = stream.set_nodelay(true);
            match self.talk(stream).await? {
                End::Finished => return Ok(self.summary),
                End::Lost if D::OUTLIVES => {
                    let now = self.now();
                    self.session.lost(now);
                }
                End::Lost => {}
            }
        }
    }

    async fn talk(&mut self, mut stream: TcpStream) -> io::Result<End> {
        loop {
            self.plan();
            self.report();
            while let Some(output) = self.session.poll() {
                match output {
                    Output::Send(bytes) => {
                        if self.send(&mut stream, bytes).await.is_err() {
                            return Ok(End::Lost);
                        }
                    }
                    Output::Frame { frame, .. } => {
                        self.last_serial = D::serial(&frame).unwrap_or(self.last_serial);
                        if let Some(answer) = self.device.answer(&frame, self.options.start) {
                            // Without room it answers nothing, as a busy device does.
                            let _ = self.session.command(self.now(), answer);
                        }
                    }
                    Output::Done { command, result } => self.done(command, result)?,
                    Output::Reject { .. } => {}
                    Output::Close(_) => {
                        if !D::OUTLIVES {
                            self.renew();
                        }
                        return Ok(End::Lost);
                    }
                }
            }
            if self.is_finished() {
                // The centre sees the end of the stream and settles what it owes.
                let _ = stream.shutdown().await;
                return Ok(End::Finished);
            }
            tokio::select! {
                ready = stream.readable() => {
                    if ready.is_err() || !self.hear(&stream) {
                        return Ok(End::Lost);
                    }
                }
                () = pause(self.patience()) => {
                    let now = self.now();
                    self.session.tick(now);
                }
            }
        }
    }

    /// The session's time: the machine's, from where the devices began.
    fn now(&self) -> Timestamp {
        let passed = self.began.elapsed().as_millis();
        self.options.start + Duration::from_millis(i64::try_from(passed).unwrap_or(i64::MAX))
    }

    /// The device's clock, which runs at its own speed.
    fn clock(&self) -> Timestamp {
        let passed = self.began.elapsed().as_secs_f64() * self.options.speed * 1_000.0;
        self.options.start + Duration::from_millis(passed as i64)
    }

    /// When the device's clock is so long after the beginning.
    fn instant(&self, since: Duration) -> Instant {
        let seconds = since.as_millis() as f64 / 1_000.0 / self.options.speed;
        self.began + std::time::Duration::from_secs_f64(seconds.clamp(0.0, 1e9))
    }

    /// Plans the next reports, some of them late or in the wrong order.
    fn plan(&mut self) {
        let faults = self.options.faults;
        while self.waiting.len() < AHEAD
            && self.options.reports.is_none_or(|reports| self.number < reports)
        {
            let since = Duration::from_millis(
                self.options.period.as_millis().saturating_mul(i64::from(self.number)),
            );
            self.number += 1;
            let mut due = since;
            if self.dice.hits(faults.late) {
                self.summary.faults += 1;
                due = due_after(due, self.options.period, 3);
            }
            let planned = Planned {
                observed: self.options.start + since,
                values: self.device.values(since, self.options.period),
                due: self.instant(due),
                slots_left: self.options.slots.max(1),
            };
            self.wait(planned);
            let last = self.waiting.len().wrapping_sub(1);
            if 1 < self.waiting.len() && self.dice.hits(faults.swapped) {
                self.summary.faults += 1;
                let (before, after) = (self.waiting[last - 1].due, self.waiting[last].due);
                self.waiting.swap(last - 1, last);
                (self.waiting[last - 1].due, self.waiting[last].due) = (before, after);
            }
        }
    }

    fn wait(&mut self, planned: Planned<D::Values>) {
        let at = self.waiting.partition_point(|other| other.due <= planned.due);
        self.waiting.insert(at, planned);
    }

    /// Hands the session what is due.
    fn report(&mut self) {
        let now = self.now();
        let ahead = self.clock().since(now);
        D::set_clock(&mut self.session, ahead);
        let machine = Instant::now();
        while self.waiting.front().is_some_and(|planned| planned.due <= machine)
            && let Some(planned) = self.waiting.pop_front()
        {
            let report = self.device.report(planned.observed, &planned.values);
            match self.session.command(now, report) {
                Ok(id) => {
                    self.sent.insert(id, planned);
                }
                Err(CommandError::Full { .. }) => {
                    // The device's memory is full: it tries again when something is out.
                    self.waiting.push_front(planned);
                    return;
                }
                // A clock outside 2000–2099 has no form in a frame.
                Err(_) => self.summary.given_up += 1,
            }
        }
    }

    /// Writes a frame, as whole and as often as chance allows.
    async fn send(&mut self, stream: &mut TcpStream, mut bytes: Vec<u8>) -> io::Result<()> {
        let faults = self.options.faults;
        self.summary.frames += 1;
        if self.dice.hits(faults.cut) {
            self.summary.faults += 1;
            stream.write_all(&bytes[..bytes.len() / 2]).await?;
            return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "cut on purpose"));
        }
        if self.dice.hits(faults.broken) {
            self.summary.faults += 1;
            bytes = self.device.spoil(&bytes, &mut self.dice);
        }
        if self.dice.hits(faults.doubled) {
            self.summary.faults += 1;
            stream.write_all(&bytes).await?;
        }
        if self.dice.hits(faults.deaf) {
            self.summary.faults += 1;
            self.is_deaf = true;
        }
        if self.dice.hits(faults.split) && 1 < bytes.len() {
            self.summary.faults += 1;
            // Between the two last bytes, which may be the two halves of an end.
            let last = bytes.split_off(bytes.len() - 1);
            stream.write_all(&bytes).await?;
            tokio::task::yield_now().await;
            return stream.write_all(&last).await;
        }
        stream.write_all(&bytes).await
    }

    /// Reads what has come; `false` when the centre is gone.
    fn hear(&mut self, stream: &TcpStream) -> bool {
        let mut buffer = [0; 1_024];
        match stream.try_read(&mut buffer) {
            Ok(0) => false,
            Ok(count) => {
                if !std::mem::take(&mut self.is_deaf) {
                    let now = self.now();
                    self.session.input(now, &buffer[..count]);
                }
                true
            }
            Err(error) => error.kind() == io::ErrorKind::WouldBlock,
        }
    }

    fn done(&mut self, command: CommandId, result: CommandResult) -> io::Result<()> {
        let Some(mut planned) = self.sent.remove(&command) else { return Ok(()) };
        if result == CommandResult::Answered {
            self.summary.acknowledged += 1;
            return self.options.ledger.write(&Acknowledged {
                station: self.device.code(),
                serial: self.last_serial,
                observed: planned.observed,
                values: D::told(&planned.values),
            });
        }
        planned.slots_left -= 1;
        if planned.slots_left == 0 {
            self.summary.given_up += 1;
            return Ok(());
        }
        let later = self.clock().since(self.options.start);
        planned.due = self.instant(due_after(later, self.options.period, 1));
        self.wait(planned);
        Ok(())
    }

    /// A device that was told to go begins anew; what it had sent it sends again.
    fn renew(&mut self) {
        self.session = self.device.open(self.options.answer, self.now());
        for (_, planned) in std::mem::take(&mut self.sent) {
            self.wait(planned);
        }
    }

    fn is_finished(&self) -> bool {
        self.options.reports.is_some_and(|reports| reports <= self.number)
            && self.waiting.is_empty()
            && self.sent.is_empty()
    }

    fn patience(&self) -> std::time::Duration {
        let next = self.waiting.front().map(|planned| planned.due);
        let next = next.map(|due| due.saturating_duration_since(Instant::now()));
        let session = self.session.deadline().map(|due| due.since(self.now()).as_millis());
        let session = session
            .map(|millis| std::time::Duration::from_millis(u64::try_from(millis).unwrap_or(0)));
        let longest = std::time::Duration::from_secs(60);
        let wait = [next, session].into_iter().flatten().min().unwrap_or(longest);
        wait.min(longest) + std::time::Duration::from_millis(1)
    }
}

fn due_after(since: Duration, period: Duration, periods: i64) -> Duration {
    Duration::from_millis(since.as_millis() + period.as_millis().saturating_mul(periods))
}

/// Waits for machine time.
async fn pause(span: std::time::Duration) {
    #[allow(clippy::disallowed_methods, reason = "simulated devices live on machine time")]
    tokio::time::sleep(span).await;
}
