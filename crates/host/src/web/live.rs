//! `GET /api/live`: facts and readings as server-sent events.
//!
//! `hello` first, then `fact` (id = seq), `readings` (at most once a second),
//! `clock` every ten seconds, and `reset` when more was missed than is kept or when
//! the caller sees another part of the world than before. With each beat of the
//! clock the doorkeeper is asked again: a stream ends with its session. While the
//! database does not say who holds it, the screen goes on as it was, for a minute. A
//! screen that cannot keep up is cut and resumes by `Last-Event-ID`.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use base::Id;
use futures_util::stream;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::Params;
use crate::error::{Error, Result};
use crate::home::{Class, Home};
use crate::inside::Inside;
use crate::live::{LiveMessage, event};
use crate::node::{Node, off_the_loop};
use crate::scope::{Caller, Grant, Permission, Place, Scope};
use crate::world::World;

/// How often a screen hears the clock and the doorkeeper is asked, machine time.
const CLOCK: Duration = Duration::from_secs(10);
/// How long a screen goes on when nobody can say what its holder may see: an outage of
/// seconds darkens no duty desk, and a role that was taken away ends within a minute.
const UNSURE: Duration = Duration::from_secs(60);
/// Messages that are looked at together; between them the clock may beat.
const TOGETHER: usize = 64;

/// Where a screen resumes.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct LiveQuery {
    /// Facts after this seq; a `Last-Event-ID` header counts more.
    pub after: Option<i64>,
}

/// Streams what the caller may see of this world as it happens.
pub async fn live(
    State(node): State<Node>,
    world: World,
    caller: Caller,
    headers: HeaderMap,
    Params(query): Params<LiveQuery>,
) -> Result<Response> {
    let last_id = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let last_id = match last_id {
        None => None,
        Some(text) => Some(text.parse::<i64>().map_err(|_| {
            Error::invalid("Last-Event-ID", text, "the seq of a fact that this stream sent")
        })?),
    };
    let session = caller.session;
    // Before looking: a move meanwhile is looked at with the next beat.
    let insides_at = world.insides_moved();
    let asked = world.clone();
    let reaches = off_the_loop(move || Reaches::of(&asked, &caller)).await?;
    let last = world.last_seq();
    let after = last_id.or(query.after).unwrap_or(last);
    let resume = world.live().resume(after, last);

    let mut first = String::new();
    let now = world.clock().now();
    let hello = serde_json::json!({ "seq": last, "now": now, "world": world.name() });
    event(&mut first, "hello", None, &hello.to_string());
    if resume.reset {
        event(&mut first, "reset", Some(last), &serde_json::json!({ "seq": last }).to_string());
    }
    let mut beat = interval_at(Instant::now() + CLOCK, CLOCK);
    // A screen that did not read for a while hears one beat, not all it missed.
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (receiver, sure_at) = (resume.receiver, Instant::now());
    let missed = resume.missed.iter().filter_map(|message| reaches.show(message));
    let ready = [Bytes::from(first)].into_iter().chain(missed).collect();
    let screen =
        Screen { node, world, session, reaches, insides_at, sure_at, receiver, beat, ready };
    let body = stream::unfold(screen, |mut screen| async move {
        let piece = screen.next().await?;
        Some((Ok::<_, Infallible>(piece), screen))
    });
    let headers = [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-store"),
        ("x-accel-buffering", "no"),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

struct Screen {
    node: Node,
    world: World,
    session: Id,
    reaches: Reaches,
    /// [`World::insides_moved`] when `reaches` was looked up.
    insides_at: u64,
    /// When the doorkeeper last said who holds the session.
    sure_at: Instant,
    receiver: Receiver<Arc<LiveMessage>>,
    beat: Interval,
    ready: VecDeque<Bytes>,
}

impl Screen {
    /// The next piece to send; `None` cuts the screen.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(piece) = self.take() {
                return Some(piece);
            }
            // The beat first: however much flows, a session that ended is noticed.
            let message = tokio::select! {
                biased;
                _ = self.beat.tick() => {
                    self.look_again().await?;
                    continue;
                }
                message = self.receiver.recv() => message,
            };
            match message {
                Ok(message) => self.ready.extend(self.reaches.show(&message)),
                Err(RecvError::Lagged(_) | RecvError::Closed) => return None,
            }
            // What one transaction said arrives together and is written together.
            for _ in 1..TOGETHER {
                match self.receiver.try_recv() {
                    Ok(message) => self.ready.extend(self.reaches.show(&message)),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Lagged(_) | TryRecvError::Closed) => return None,
                }
            }
        }
    }

    /// All that is ready, as one piece.
    fn take(&mut self) -> Option<Bytes> {
        match self.ready.len() {
            0 | 1 => self.ready.pop_front(),
            _ => Some(self.ready.drain(..).collect::<Vec<_>>().concat().into()),
        }
    }

    /// Asks who holds the session and what they may see now; then the clock beats.
    /// `None` when the session or the world is gone, or nothing was known for too long.
    async fn look_again(&mut self) -> Option<()> {
        if !self.world.is_open() || self.node.world(self.world.name()).is_none() {
            return None;
        }
        match self.seen_now().await {
            Ok(None) => self.sure_at = Instant::now(),
            Ok(Some(reaches)) => {
                self.sure_at = Instant::now();
                self.reaches = reaches;
                self.reset();
            }
            Err(Error::NotSignedIn) => return None,
            Err(error) if UNSURE <= self.sure_at.elapsed() => {
                tracing::error!(%error, "a live screen is cut: what it may see is not known");
                return None;
            }
            Err(error) => tracing::warn!(%error, "what a live screen may see is not known now"),
        }
        let mut text = String::new();
        let now = serde_json::json!({ "now": self.world.clock().now() });
        event(&mut text, "clock", None, &now.to_string());
        self.ready.push_back(text.into());
        Some(())
    }

    /// What the holder may see now, if it is something else than before.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`] when the session is over; others when that is not known.
    async fn seen_now(&mut self) -> Result<Option<Reaches>> {
        let insides_at = self.world.insides_moved();
        let held = self.node.doorkeeper().holds(self.session, &self.world).await?;
        let held = held.filter(|held| !held.password_due).ok_or(Error::NotSignedIn)?;
        let same = held.caller.grants == self.reaches.grants
            && held.caller.offices == self.reaches.offices;
        if same && insides_at == self.insides_at {
            return Ok(None);
        }
        let world = self.world.clone();
        let reaches = off_the_loop(move || Reaches::of(&world, &held.caller)).await?;
        self.insides_at = insides_at;
        Ok(Some(reaches).filter(|reaches| *reaches != self.reaches))
    }

    /// From here on anew: what was on its way was for other eyes.
    fn reset(&mut self) {
        let last = self.world.last_seq();
        let resume = self.world.live().resume(last, last);
        self.receiver = resume.receiver;
        let mut text = String::new();
        event(&mut text, "reset", Some(last), &serde_json::json!({ "seq": last }).to_string());
        self.ready.push_back(text.into());
        self.ready.extend(resume.missed.iter().filter_map(|message| self.reaches.show(message)));
    }
}

/// How far what a caller holds reaches, counted out: a screen asks it of every message.
#[derive(Debug, PartialEq, Eq)]
struct Reaches {
    /// What it was made of.
    grants: Arc<[Grant]>,
    offices: Arc<[String]>,
    /// One that is not here shows nothing.
    by_permission: HashMap<String, Reach>,
}

#[derive(Debug, PartialEq, Eq)]
enum Reach {
    Node,
    Within(Vec<Seen>),
}

/// All that reports to some roots, and how closed a thing may be there to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    inside: Arc<Inside>,
    openness: Class,
}

impl Reach {
    fn holds(&self, home: &Home) -> bool {
        match self {
            Reach::Node => true,
            Reach::Within(grounds) => grounds.iter().any(|seen| seen.holds(home)),
        }
    }
}

impl Seen {
    fn holds(&self, home: &Home) -> bool {
        home.class <= self.openness && self.inside.holds(home)
    }
}

impl Reaches {
    /// Materialises the caller's scopes; it asks the database.
    fn of(world: &World, caller: &Caller) -> Result<Reaches> {
        let mut by_permission: HashMap<String, Reach> = HashMap::new();
        let held = caller.grants.iter().flat_map(|grant| grant.permissions.iter());
        for code in held.chain(caller.offices.iter()) {
            if by_permission.contains_key(code) {
                continue;
            }
            let reach = match caller.scope_of(code) {
                None => continue,
                Some(Scope::Node) => Reach::Node,
                Some(Scope::Within(grounds)) => {
                    let mut by_openness: BTreeMap<Class, Vec<Place>> = BTreeMap::new();
                    for ground in grounds.iter() {
                        by_openness.entry(ground.openness).or_default().push(ground.place.clone());
                    }
                    let mut seen = Vec::new();
                    for (openness, places) in by_openness {
                        seen.push(Seen { inside: world.inside(&places)?, openness });
                    }
                    Reach::Within(seen)
                }
            };
            by_permission.insert(code.clone(), reach);
        }
        let (grants, offices) = (Arc::clone(&caller.grants), Arc::clone(&caller.offices));
        Ok(Reaches { grants, offices, by_permission })
    }

    fn reach(&self, permission: Permission) -> Option<&Reach> {
        self.by_permission.get(permission.code)
    }

    fn show(&self, message: &LiveMessage) -> Option<Bytes> {
        match message {
            LiveMessage::Fact { home, seen_with, event, .. } => {
                self.reach(*seen_with).filter(|reach| reach.holds(home))?;
                Some(event.clone())
            }
            LiveMessage::Readings { at, seen_with, items } => {
                let reach = self.reach(*seen_with)?;
                let mut list = String::new();
                for (home, item) in items {
                    if reach.holds(home) {
                        if !list.is_empty() {
                            list.push(',');
                        }
                        list.push_str(item);
                    }
                }
                if list.is_empty() {
                    return None;
                }
                let mut text = String::new();
                let data = format!(r#"{{"at":"{at}","readings":[{list}]}}"#);
                event(&mut text, "readings", None, &data);
                Some(text.into())
            }
        }
    }
}
