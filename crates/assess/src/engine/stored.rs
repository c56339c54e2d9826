//! A judge's state as text in the database.

use base::{Duration, Timestamp};
use serde::{Deserialize, Serialize};

use super::memory::{Memory, Told};
use super::model::{Crossing, Seen, State};

/// What older programs wrote is the run alone.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Stored {
    Run(Vec<Crossing>),
    All(All),
}

#[derive(Serialize, Deserialize)]
pub(super) struct All {
    run: Vec<Crossing>,
    floor: Option<i64>,
    /// `[ms, value, ms from then to its arrival]`
    recent: Vec<(i64, f64, i64)>,
    /// `[ms of the onset, ms of the end]`
    told: Vec<(i64, i64)>,
}

/// What stands is not in it, and neither is the newest time.
pub(super) fn text(state: &State) -> String {
    let seen = |seen: &Seen| {
        (seen.time.as_millis(), seen.value, seen.received.since(seen.time).as_millis())
    };
    let memory = &state.memory;
    let all = All {
        run: state.run.clone(),
        floor: memory.floor.map(Timestamp::as_millis),
        recent: memory.recent.iter().map(seen).collect(),
        told: memory.told.iter().map(|it| (it.onset.as_millis(), it.until.as_millis())).collect(),
    };
    serde_json::to_string(&all).expect("times and finite numbers")
}

impl Stored {
    pub fn state(self, newest: Option<Timestamp>) -> State {
        let at = Timestamp::from_millis;
        let (run, memory) = match self {
            Stored::Run(run) => {
                let seen =
                    |it: &Crossing| Seen { time: it.time, value: it.value, received: it.received };
                let recent = run.iter().map(seen).collect();
                (run, Memory { recent, ..Memory::after(newest) })
            }
            Stored::All(All { run, floor, recent, told }) => {
                let seen = |(time, value, after)| {
                    let time = at(time);
                    Seen { time, value, received: time + Duration::from_millis(after) }
                };
                let over = |(onset, until)| Told { onset: at(onset), until: at(until) };
                let memory = Memory {
                    recent: recent.into_iter().map(seen).collect(),
                    told: told.into_iter().map(over).collect(),
                    floor: floor.map(at),
                };
                (run, memory)
            }
        };
        State { newest, active: None, run, memory }
    }
}
