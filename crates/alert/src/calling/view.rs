//! A calling as the API gives it: its steps with their people, and what came of each.

use std::collections::BTreeSet;

use base::{AdminCode, Hazard, Id, Level, Timestamp};
use host::{Read, Result};
use schemars::JsonSchema;
use serde::Serialize;
use trust::contact::ContactId;

use super::fact::{About, LadderRef};
use super::model::{Answer, End};
use super::{Call, CallState, Calling, CallingId, State, store};
use crate::ladder::Channel;

/// A calling with its ledger.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Calling")]
pub(super) struct CallingView {
    pub id: CallingId,
    region: Option<AdminCode>,
    region_name: Option<String>,
    correlation: Id,
    about: About,
    title: String,
    text: String,
    hazard: Hazard,
    level: Level,
    ladder: LadderRef,
    state: State,
    /// How many steps have been taken.
    step: u32,
    /// When the next comes, or that nobody answered is certain.
    due_at: Option<Timestamp>,
    pub begun_at: Timestamp,
    /// Who answered first.
    answer: Option<Answer>,
    /// How it ended without an answer.
    ended: Option<End>,
    steps: Vec<StepView>,
}

/// A step, as it was when the calling began.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CallingStep")]
struct StepView {
    /// 1 for the first.
    step: u32,
    wait_s: i64,
    channels: Vec<Channel>,
    people: Vec<PersonView>,
}

/// Somebody of a step.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CallingPerson")]
struct PersonView {
    contact: ContactId,
    name: String,
    duty: String,
    /// What was tried, once the step was taken.
    calls: Vec<CallView>,
}

/// A line of the ledger.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CallingCall")]
struct CallView {
    channel: Channel,
    state: CallState,
    /// Since when it stands so.
    at: Timestamp,
    /// How often it was tried.
    times: i64,
    why: Option<String>,
    words: Option<String>,
    /// Who recorded it, by name.
    by: Option<String>,
}

/// What somebody is told inside, on whatever page they are.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OwnCalling {
    id: CallingId,
    about: About,
    title: String,
    text: String,
    hazard: Hazard,
    level: Level,
    state: State,
    begun_at: Timestamp,
}

impl OwnCalling {
    pub fn of(calling: Calling) -> OwnCalling {
        let Calling { id, about, title, text, hazard, level, state, begun_at, .. } = calling;
        OwnCalling { id, about, title, text, hazard, level, state, begun_at }
    }
}

pub(super) fn view(db: &mut dyn Read, calling: Calling) -> Result<CallingView> {
    let region_name = match calling.region() {
        Some(code) => atlas::region::names(db, &BTreeSet::from([code.clone()]))?.remove(code),
        None => None,
    };
    let calls = store::calls(db, calling.id)?;
    let steps = (1..).zip(&calling.steps).map(|(step, rung)| StepView {
        step,
        wait_s: rung.wait_s,
        channels: rung.channels.clone(),
        people: rung
            .people
            .iter()
            .map(|one| PersonView {
                contact: one.contact,
                name: one.name.clone(),
                duty: one.duty.clone(),
                calls: calls
                    .iter()
                    .filter(|call| call.step == step && call.contact == one.contact)
                    .map(CallView::of)
                    .collect(),
            })
            .collect(),
    });
    let steps = steps.collect();
    Ok(CallingView {
        id: calling.id,
        region: calling.home.region,
        region_name,
        correlation: calling.correlation,
        about: calling.about,
        title: calling.title,
        text: calling.text,
        hazard: calling.hazard,
        level: calling.level,
        ladder: calling.ladder,
        state: calling.state,
        step: calling.step,
        due_at: calling.due_at,
        begun_at: calling.begun_at,
        answer: calling.answer,
        ended: calling.ended,
        steps,
    })
}

impl CallView {
    fn of(call: &Call) -> CallView {
        CallView {
            channel: call.channel,
            state: call.state,
            at: call.at,
            times: call.times,
            why: call.why.clone(),
            words: call.words.clone().filter(|words| !words.is_empty()),
            by: call.by.clone(),
        }
    }
}
