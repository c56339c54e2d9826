//! Reading a view: what it holds, and how far that is.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use super::build::{Known, ParkedView, builds};
use crate::db::Read;
use crate::error::{Error, Result};
use crate::world::World;

/// How long a read waits for a view to reach the entry that it asks for.
const PATIENCE: Duration = Duration::from_secs(3);

/// How a view stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ViewStanding {
    /// It holds the whole log.
    Current,
    /// It is on its way to the end of the log.
    Behind,
    /// It is being built anew; what is shown is what it held before, if anything.
    Building,
    /// It stopped at an entry that it cannot fold.
    Parked,
}

/// How far a view is: what an answer from it is true at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ViewState {
    pub standing: ViewStanding,
    /// Everything up to this entry is in the answer.
    pub seq: i64,
    /// The newest entry of the log.
    pub log_seq: i64,
    /// How far the new build is, while it is being built anew.
    pub built_seq: Option<i64>,
}

/// An answer from a view, with how far the view is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Viewed<T> {
    pub view: ViewState,
    #[serde(flatten)]
    pub answer: T,
}

/// A view on the health page.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ViewHealth {
    pub name: &'static str,
    pub version: u32,
    pub state: ViewState,
    pub parked: Option<ParkedView>,
}

impl ViewState {
    fn of(known: &Known, log_seq: i64) -> ViewState {
        let building = known.next.is_some();
        let standing = if known.parked().is_some() {
            ViewStanding::Parked
        } else if building {
            ViewStanding::Building
        } else if known.looked < log_seq {
            ViewStanding::Behind
        } else {
            ViewStanding::Current
        };
        let shown = known.live.as_ref().map_or(0, |live| live.seq);
        ViewState {
            standing,
            seq: if building { shown } else { known.looked },
            log_seq,
            built_seq: building.then_some(known.looked),
        }
    }

    /// Entries of the log that the view does not hold yet.
    pub fn lag(&self) -> i64 {
        (self.log_seq - self.built_seq.unwrap_or(self.seq)).max(0)
    }
}

impl World {
    /// Reads a view. With `after`, waits until it holds that entry, for a few seconds;
    /// the answer says how far it is, whether or not it got there.
    ///
    /// # Errors
    /// [`Error::ViewNotBuilt`] while there is nothing to show; [`Error::Internal`] for
    /// a name that no view has.
    pub async fn read_view<T, F>(
        &self,
        name: &'static str,
        after: Option<i64>,
        ask: F,
    ) -> Result<Viewed<T>>
    where
        T: Send + 'static,
        F: FnOnce(&mut dyn Read) -> Result<T> + Send + 'static,
    {
        let at = self.kit().views.iter().position(|view| view.name == name);
        let at = at.ok_or_else(|| Error::Internal(format!("no view is called {name}")))?;
        if let Some(after) = after {
            self.wait_for_view(at, after).await;
        }
        // Asked before the moment that is read: that holds at least as much.
        let known = self.views().of(at);
        let state = ViewState::of(&known, self.last_seq());
        let (seq, of) = (known.looked, state.log_seq);
        let parked = known.parked().is_some();
        let answer = self.read(move |db| match builds(db, name)?.iter().any(|build| build.live) {
            true => ask(db),
            false => Err(Error::ViewNotBuilt { parked, seq, of }),
        });
        Ok(Viewed { view: state, answer: answer.await? })
    }

    async fn wait_for_view(&self, at: usize, after: i64) {
        // An entry that this world does not have is not waited for.
        let after = after.min(self.last_seq());
        let mut moved = self.views().watch();
        let reached =
            async { while !self.views().of(at).holds(after) && moved.changed().await.is_ok() {} };
        // It answers with how far it is either way.
        let _ = tokio::time::timeout(PATIENCE, reached).await;
    }

    /// How each view of this world stands, for the health page.
    pub fn view_health(&self) -> Vec<ViewHealth> {
        let log_seq = self.last_seq();
        let health = |(at, view): (usize, &super::View)| {
            let known = self.views().of(at);
            ViewHealth {
                name: view.name,
                version: view.version,
                state: ViewState::of(&known, log_seq),
                parked: known.parked().cloned(),
            }
        };
        self.kit().views.iter().enumerate().map(health).collect()
    }
}
