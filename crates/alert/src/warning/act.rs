//! One action on one warning, as a command: may, load, decide, commit.

use std::sync::Arc;

use base::Timestamp;
use host::web::Idempotency;
use host::{Caller, Record, Recorded, Reply, Result, Scope, Tx, World};

use super::model::{Issue, Officer};
use super::view::{Viewer, WarningView, officer};
use super::{Action, Warning, WarningFact, WarningId, store};
use crate::message::{self, Act, Office};

/// Carries out `action` as `decide` decides, and answers the warning as it then stands.
pub(super) async fn act<F>(
    office: Arc<Office>,
    world: World,
    caller: Caller,
    key: Idempotency,
    action: Action,
    id: WarningId,
    decide: F,
) -> Result<Reply<WarningView>>
where
    F: FnOnce(&mut Tx<'_>, &Warning, &Officer) -> Result<WarningFact> + Send + 'static,
{
    let scope = caller.scope(action.door())?;
    let (acting, is_real) = (caller.clone(), world.is_real());
    world
        .commit(&caller, key, move |tx| {
            let warning = store::load(tx, &scope, id)?;
            let officer = officer(tx, &acting, &warning.home)?;
            let fact = decide(tx, &warning, &officer)?;
            let recorded = record(tx, &warning, fact.clone())?;
            if let WarningFact::Issued(issued) = &fact {
                give_way(tx, &warning, &issued.number.text, recorded)?;
            }
            let warning = store::load(tx, &scope, id)?;
            if let Some(told) = told(&fact) {
                message::publish(tx, &office, is_real, &warning, &told)?;
            }
            Viewer::new(&acting, &scope, &office.unit).view(tx, warning)
        })
        .await
}

/// What the public is told of a fact, if anything. That a warning's time runs out was told
/// with it, and what takes its place says so itself.
fn told(fact: &WarningFact) -> Option<Act> {
    match fact {
        WarningFact::Issued(_) => Some(Act::Issue),
        WarningFact::Extended(_) => Some(Act::Extend),
        WarningFact::Lifted(lifted) => {
            Some(Act::Lift { by: lifted.by.clone(), reason: lifted.reason.clone() })
        }
        _ => None,
    }
}

/// Records the next fact of a warning's life.
pub(super) fn record(tx: &mut Tx<'_>, warning: &Warning, fact: WarningFact) -> Result<Recorded> {
    let basis = match &fact {
        WarningFact::Issued(_) => Some("突发事件应对法（2024）第六十四条"),
        WarningFact::Lifted(_) | WarningFact::Superseded(_) => {
            Some("突发事件应对法（2024）第七十条")
        }
        _ => None,
    };
    let mut record = Record::next(warning.id, fact);
    if let Some(basis) = basis {
        record = record.basis(basis);
    }
    tx.record(record)
}

/// The one that it supersedes, and less severe ones of its station and hazard, give
/// their place to a warning that was just issued.
fn give_way(tx: &mut Tx<'_>, issued: &Warning, number: &str, by: Recorded) -> Result<()> {
    let mut others = match issued.station {
        Some(station) => store::open_at(tx, station, issued.hazard)?,
        None => Vec::new(),
    };
    others.retain(|other| other.level < issued.level && other.id != issued.id);
    let named = issued.supersedes.filter(|named| others.iter().all(|other| other.id != *named));
    if let Some(named) = named {
        others.extend(store::find(tx, &Scope::Node, named)?);
    }
    for other in others {
        let Some(superseded) = other.supersede(issued.id, number) else { continue };
        let record = Record::next(other.id, WarningFact::Superseded(superseded))
            .cause(by.id)
            .basis("突发事件应对法（2024）第七十条");
        tx.record(record)?;
    }
    Ok(())
}

/// What is signed besides the text.
pub(super) fn signature(
    tx: &mut Tx<'_>,
    warning: &Warning,
    origin: &str,
    unit: &str,
    expires: Timestamp,
) -> Result<Issue> {
    let now = tx.now();
    let number = store::next_number(tx, origin, &warning.region, now)?;
    Ok(Issue { unit: unit.to_owned(), number, expires })
}
