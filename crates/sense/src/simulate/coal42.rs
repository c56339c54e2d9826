//! Simulated mines: their files into a drop folder, or over HTTP with their keys.
//!
//! Over HTTP the ledger holds what was answered 200, so what is on the platform's disk. In
//! a folder a file that is gone was taken, which outlives the platform's process; whether
//! it was believed nobody tells a folder.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration as Machine, Instant};

use base::{Duration, Timestamp};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wire::coal42::host::{Drop, Expected, Fault, Mine, spoil};
use wire::coal42::{Content, File, FileName, KINDS, Limits, NameRule, Presence, Purpose, parse};

use super::{Acknowledged, Dice, Ledger, Summary};

/// Where files go.
#[derive(Debug, Clone)]
pub enum Target {
    /// The folder that holds the mines' folders: `inbox`.
    Folder(PathBuf),
    /// The door for devices over HTTP, and the mines' keys in the order of the mines.
    Http { to: SocketAddr, keys: Vec<String> },
}

/// What is played.
pub struct Options {
    pub mines: Vec<Mine>,
    pub target: Target,
    /// What the mines' clocks show at first.
    pub start: Timestamp,
    /// Whether the mines tell at the start which points they have, as a host does that is
    /// set up, and not only at their hour of the day.
    pub introduce: bool,
    /// How long they send, by their clocks; for ever when absent.
    pub lasting: Option<Duration>,
    /// Seconds of the mines' clocks in one of the machine's; with 0 nobody waits.
    pub speed: f64,
    /// Of each thousand files so many go wrong, each in one of the ways of [`Fault`] or sent
    /// twice.
    pub faults: u32,
    pub seed: u64,
    /// How long an answer is waited for, or a file to be taken.
    pub answer: Machine,
    pub ledger: Ledger,
}

impl Options {
    pub fn new(mines: Vec<Mine>, target: Target, start: Timestamp) -> Options {
        Options {
            mines,
            target,
            start,
            introduce: false,
            lasting: None,
            speed: 1.0,
            faults: 0,
            seed: 1,
            answer: Machine::from_secs(20),
            ledger: Ledger::none(),
        }
    }
}

/// How often a mine's hosts look whether something is due, by their clocks.
const STEP: Duration = Duration::from_secs(30);
const MOMENT: Machine = Machine::from_millis(20);

/// Plays until all mines have sent what was due.
///
/// # Errors
/// I/O of the folder or the ledger. A platform that cannot be reached is waited for as
/// long as [`Options::answer`] says, and then given up with its file.
pub async fn run(options: Options) -> io::Result<Summary> {
    let mut dice = Dice::new(options.seed);
    let mut played = Played { summary: Summary::default(), serial: 0, waiting: Vec::new() };
    let began = Instant::now();
    let mut since = options.start;
    let end = options.lasting.map(|lasting| options.start + lasting);
    if options.introduce {
        for (index, mine) in options.mines.iter().enumerate() {
            let defining = KINDS.iter().filter(|kind| kind.purpose == Purpose::Definition);
            for drop in defining.filter_map(|kind| mine.drop(kind.code, since)) {
                played.send(&options, index, &drop).await?;
            }
        }
    }
    while end.is_none_or(|end| since < end) {
        let until = since + STEP;
        if 0.0 < options.speed {
            let due = until.since(options.start).as_millis() as f64 / options.speed;
            wait_until(began + Machine::from_millis(due as u64)).await;
        }
        for (index, mine) in options.mines.iter().enumerate() {
            for drop in mine.due(since, until) {
                let drop = spoilt(mine, drop, &mut dice, options.faults, &mut played.summary);
                let twice = dice.hits(options.faults);
                played.summary.faults += u64::from(twice);
                for _ in 0..=usize::from(twice) {
                    played.send(&options, index, &drop).await?;
                }
            }
        }
        played.look(&options)?;
        since = until;
    }
    let patience = Instant::now() + options.answer;
    while !played.waiting.is_empty() && Instant::now() < patience {
        pause().await;
        played.look(&options)?;
    }
    played.summary.given_up += played.waiting.len() as u64;
    Ok(played.summary)
}

/// The file with a fault in it, if chance has it so.
fn spoilt(mine: &Mine, drop: Drop, dice: &mut Dice, faults: u32, summary: &mut Summary) -> Drop {
    if !dice.hits(faults) {
        return drop;
    }
    let fault = Fault::ALL[dice.below(Fault::ALL.len())];
    let name = FileName::parse(&drop.name, NameRule::Strict).ok();
    let file = name.and_then(|name| mine.file(&name.kind, name.made));
    match file {
        Some(file) => {
            summary.faults += 1;
            spoil(file, fault)
        }
        None => drop,
    }
}

struct Played {
    summary: Summary,
    serial: u64,
    /// Files in the folder that nobody has taken yet, with what they say.
    waiting: Vec<(PathBuf, Vec<Acknowledged>)>,
}

impl Played {
    async fn send(&mut self, options: &Options, index: usize, drop: &Drop) -> io::Result<()> {
        self.summary.frames += 1;
        self.serial += 1;
        let mine = &options.mines[index].config.code;
        let is_good = matches!(drop.expected, Expected::Taken | Expected::TakenInPart);
        let lines = if is_good { said(drop, mine, self.serial) } else { Vec::new() };
        match &options.target {
            Target::Folder(inbox) => {
                let path = leave(&inbox.join(mine), drop)?;
                // What is refused goes as well, but nobody may say that it was believed.
                if is_good {
                    self.waiting.push((path, lines));
                }
            }
            Target::Http { to, keys } => {
                let key = keys.get(index).map_or("", String::as_str);
                let patience = Instant::now() + options.answer;
                let status = loop {
                    self.summary.connections += 1;
                    match put(*to, mine, key, drop).await {
                        Ok(429 | 503) | Err(_) if Instant::now() < patience => pause().await,
                        answer => break answer.ok(),
                    }
                };
                match (status, is_good) {
                    (Some(200), _) => self.acknowledged(options, &lines)?,
                    (_, true) => self.summary.given_up += 1,
                    (_, false) => {}
                }
            }
        }
        Ok(())
    }

    /// What is gone from the folder was taken.
    fn look(&mut self, options: &Options) -> io::Result<()> {
        let (there, gone): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|(path, _)| path.exists());
        self.waiting = there;
        for (_, lines) in gone {
            self.acknowledged(options, &lines)?;
        }
        Ok(())
    }

    fn acknowledged(&mut self, options: &Options, lines: &[Acknowledged]) -> io::Result<()> {
        self.summary.acknowledged += 1;
        lines.iter().try_for_each(|line| options.ledger.write(line))
    }
}

/// Leaves a file in a mine's folder, hidden until it is whole, as good clients do.
fn leave(folder: &Path, drop: &Drop) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let hidden = folder.join(format!(".{}.part", drop.name));
    std::fs::write(&hidden, &drop.bytes)?;
    let path = folder.join(&drop.name);
    std::fs::rename(hidden, &path)?;
    Ok(path)
}

/// What a file says of values and of heads underground, by the time of each.
fn said(drop: &Drop, mine: &str, serial: u64) -> Vec<Acknowledged> {
    let Some(file) = read(drop) else { return Vec::new() };
    let uploaded = file.header.uploaded;
    let mut times: BTreeMap<Timestamp, BTreeMap<String, f64>> = BTreeMap::new();
    match &file.content {
        Content::PointValue(records) => {
            for (_, record) in records {
                if let Some(value) = record.value {
                    let values = times.entry(record.data_time).or_default();
                    values.insert(record.point.as_str().to_owned(), value.to_f64());
                }
            }
        }
        Content::PersonState(records) => {
            let down = records.iter().filter(|(_, it)| it.presence == Presence::Underground);
            let heads = down.count() as f64;
            times.entry(uploaded).or_default().insert("RYSS".to_owned(), heads);
        }
        _ => {}
    }
    let line = |(observed, values)| {
        let station = mine.to_owned();
        Acknowledged { station, serial, observed, values }
    };
    times.into_iter().map(line).collect()
}

fn read(drop: &Drop) -> Option<File> {
    let name = FileName::parse(&drop.name, NameRule::Tolerant).ok()?;
    parse(&name, &drop.bytes, Timestamp::MAX, Limits::default()).ok()
}

/// Sends one file; the status of the answer.
async fn put(to: SocketAddr, mine: &str, key: &str, drop: &Drop) -> io::Result<u16> {
    let mut stream = TcpStream::connect(to).await?;
    let credentials = STANDARD.encode(format!("{mine}:{key}"));
    let (name, length) = (&drop.name, drop.bytes.len());
    let head = format!(
        "PUT /ingest/coal42/{name} HTTP/1.1\r\nHost: {to}\r\nAuthorization: Basic {credentials}\r\n\
         Content-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&drop.bytes).await?;
    let mut answer = Vec::new();
    // What an answer says beyond its status is not needed.
    (&mut stream).take(64 * 1024).read_to_end(&mut answer).await?;
    let status = answer.get(9..12).and_then(|it| std::str::from_utf8(it).ok()?.parse().ok());
    status.ok_or_else(|| io::Error::other("the answer has no status"))
}

async fn wait_until(then: Instant) {
    #[allow(clippy::disallowed_methods, reason = "simulated devices live on machine time")]
    tokio::time::sleep(then.saturating_duration_since(Instant::now())).await;
}

async fn pause() {
    wait_until(Instant::now() + MOMENT).await;
}
