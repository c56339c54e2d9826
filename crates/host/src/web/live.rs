//! `GET /api/live`: facts and readings as server-sent events.
//!
//! `hello` first, then `fact` (id = seq), `readings` (at most once a second),
//! `clock` every ten seconds, and `reset` when more was missed than is kept. A
//! screen that cannot keep up is cut and resumes by `Last-Event-ID`.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use base::AdminCode;
use futures_util::stream;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::Params;
use crate::error::{Error, Result};
use crate::live::LiveMessage;
use crate::params;
use crate::scope::{Caller, Permission, Scope};
use crate::world::World;

/// Screens per node; one browser holds one connection.
const CLOCK: Duration = Duration::from_secs(10);

/// Where a screen resumes.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct LiveQuery {
    /// Facts after this seq; a `Last-Event-ID` header counts more.
    pub after: Option<i64>,
}

/// Streams what the caller may see of this world as it happens.
pub async fn live(
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
    let last = world.last_seq();
    let after = last_id.or(query.after).unwrap_or(last);
    let regions = regions_within(&world, &caller).await?;
    let resume = world.live().resume(after, last);

    let mut first = String::new();
    let now = world.clock().now();
    let hello = serde_json::json!({ "seq": last, "now": now, "world": world.name() });
    event(&mut first, "hello", None, &hello.to_string());
    if resume.reset {
        event(&mut first, "reset", Some(last), &serde_json::json!({ "seq": last }).to_string());
    }
    let sight = Sight { caller, regions };
    for message in &resume.missed {
        if let Some(text) = sight.show(message) {
            first.push_str(&text);
        }
    }
    let screen = Screen { world, sight, receiver: resume.receiver, ready: VecDeque::from([first]) };
    let body = stream::unfold(screen, |mut screen| async move {
        let text = screen.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(text)), screen))
    });
    let headers = [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-store"),
        ("x-accel-buffering", "no"),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

struct Screen {
    world: World,
    sight: Sight,
    receiver: Receiver<Arc<LiveMessage>>,
    ready: VecDeque<String>,
}

impl Screen {
    /// The next piece to send; `None` cuts the screen.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(text) = self.ready.pop_front() {
                return Some(text);
            }
            #[allow(clippy::disallowed_methods, reason = "a socket's keep-alive is machine time")]
            let tick = tokio::time::sleep(CLOCK);
            let message = tokio::select! {
                message = self.receiver.recv() => message,
                () = tick => {
                    if !self.world.is_open() {
                        return None;
                    }
                    let mut text = String::new();
                    let now = serde_json::json!({ "now": self.world.clock().now() });
                    event(&mut text, "clock", None, &now.to_string());
                    return Some(text);
                }
            };
            match message {
                Ok(message) => self.ready.extend(self.sight.show(&message)),
                Err(RecvError::Lagged(_) | RecvError::Closed) => return None,
            }
        }
    }
}

/// What a caller may see.
struct Sight {
    caller: Caller,
    /// Region and its root: the caller's regions, materialised when it connected.
    regions: Vec<(AdminCode, AdminCode)>,
}

impl Sight {
    fn sees(&self, permission: Permission, region: Option<&AdminCode>) -> bool {
        match self.caller.scope(permission) {
            Err(_) => false,
            Ok(Scope::Node) => true,
            Ok(Scope::Regions(roots)) => region.is_some_and(|region| {
                self.regions.iter().any(|(inside, root)| inside == region && roots.contains(root))
            }),
        }
    }

    fn show(&self, message: &LiveMessage) -> Option<String> {
        let mut text = String::new();
        match message {
            LiveMessage::Fact { seq, region, seen_with, json } => {
                if !self.sees(*seen_with, region.as_ref()) {
                    return None;
                }
                event(&mut text, "fact", Some(*seq), json);
            }
            LiveMessage::Readings { at, seen_with, items } => {
                let mut list = String::new();
                for (region, item) in items {
                    if self.sees(*seen_with, Some(region)) {
                        if !list.is_empty() {
                            list.push(',');
                        }
                        list.push_str(item);
                    }
                }
                if list.is_empty() {
                    return None;
                }
                event(
                    &mut text,
                    "readings",
                    None,
                    &format!(r#"{{"at":"{at}","readings":[{list}]}}"#),
                );
            }
        }
        Some(text)
    }
}

fn event(text: &mut String, name: &str, id: Option<i64>, data: &str) {
    let _ = writeln!(text, "event: {name}");
    if let Some(id) = id {
        let _ = writeln!(text, "id: {id}");
    }
    let _ = writeln!(text, "data: {data}\n");
}

async fn regions_within(world: &World, caller: &Caller) -> Result<Vec<(AdminCode, AdminCode)>> {
    let mut roots: Vec<AdminCode> =
        caller.grants.iter().map(|grant| grant.region.clone()).collect();
    roots.sort();
    roots.dedup();
    world
        .read(move |db| {
            let mut all = Vec::new();
            for root in roots {
                let rows = db.rows(
                    "select region from region_within where ancestor = $1 order by region",
                    params![&root],
                )?;
                for row in rows {
                    all.push((row.parse("region")?, root.clone()));
                }
            }
            Ok(all)
        })
        .await
}
