//! What notices do when something is found: they go out.

use host::{Entry, Reaction, Record, Result, Tx};

use super::{NoticeFact, Sent, model, store};
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
        due_at: model::due_at(level, now),
    };
    let id = tx.new_id();
    tx.record(Record::first(id, entry.home(), NoticeFact::Sent(sent)).basis(basis))?;
    Ok(())
}
