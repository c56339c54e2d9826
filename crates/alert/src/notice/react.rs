//! What notices do when something is found, and when it is over.

use host::{Entry, Reaction, Record, Result, Scope, Tx};

use super::limit::{self, Step};
use super::{NoticeFact, Sent, store};
use crate::finding::{self, Evidence, Happened};

pub(crate) fn reaction() -> Reaction {
    Reaction {
        name: "notice.send",
        kinds: &[finding::RAISED, finding::UNSHELVED],
        foreign: false,
        react: send,
    }
}

fn send(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    let Some(Happened::Raised(found)) = finding::happened(entry)? else { return Ok(()) };
    if store::was_sent(tx, found.finding)? {
        return Ok(());
    }
    let now = tx.now();
    let number = store::next_number(tx, &entry.header.origin, &found.region, now)?;
    let Evidence { finding, station, station_name, hazard, level, measured, basis, .. } = found;
    let sent = Sent {
        number,
        finding,
        station,
        title: format!("{station_name} {}{}色风险通知", hazard.word(), level.word()),
        text: format!("{station_name}：{measured}。请立即核实并反馈处置情况。"),
        station_name,
        hazard,
        level,
        signer: basis.clone(),
        due_at: limit::until(level, Step::Acknowledge, now),
    };
    let id = tx.new_id();
    tx.record(Record::first(id, entry.home(), NoticeFact::Sent(sent)).basis(basis))?;
    Ok(())
}

/// What is verified is closed when its finding is over. What is not waits on: that the
/// reading is back says nothing of what happened there.
pub(crate) fn closing() -> Reaction {
    Reaction { name: "notice.close", kinds: &[finding::CLEARED], foreign: false, react: close }
}

fn close(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    let Some(finding) = finding::over(entry) else { return Ok(()) };
    for id in store::of_finding(tx, finding)? {
        let notice = store::load(tx, &Scope::Node, id)?;
        let Some(closed) = notice.close() else { continue };
        tx.record(Record::next(id, NoticeFact::Closed(closed)))?;
    }
    Ok(())
}
