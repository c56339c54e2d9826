//! What `alert` and `sense` put on the desk: the only place of this slice that
//! knows them.

use alert::notice::{self, Escalation, Notice, Step};
use alert::warning::{self, Action, Status, Warning};
use base::{Duration, Timestamp};
use host::{Caller, Read, Result};

use super::model::{Clock, ClockKind, DutyAction, Item, ItemKind};
use super::queue::{Gathered, ROWS};
use crate::person::Person;

/// A warning in force comes to the desk when this part of its life is left:
/// a reminder at 80 % (research notes §2.12).
const REMIND_AT_PERCENT: i64 = 80;

pub(super) fn warnings(
    db: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
    gathered: &mut Gathered,
) -> Result<()> {
    let Ok(scope) = caller.scope(warning::READ) else { return Ok(()) };
    let open = warning::open(db, &scope, ROWS + 1)?;
    let open = gathered.cut(open);
    let allowed = warning::allowed(db, caller, &open)?;
    for (warning, allowed) in open.iter().zip(allowed) {
        gathered.clocks.extend(warning_clocks(warning, now));
        match warning_item(warning, &allowed, now) {
            Some(item) => gathered.items.push(item),
            None => gathered.in_force.extend(in_force(warning)),
        }
    }
    Ok(())
}

/// A warning that waits for somebody's hand; one in force that has time is none. One
/// that has ended waits as long as the review of its urgent issue is owed.
fn warning_item(warning: &Warning, allowed: &[Action], now: Timestamp) -> Option<Item> {
    let may = |action, duty| allowed.contains(&action).then_some(duty);
    let owed = warning.urgent.as_ref().filter(|urgent| urgent.reviewed.is_none());
    let (state, due, action) = match (warning.status, owed) {
        (Status::Proposed, _) => ("待审核", None, may(Action::Review, DutyAction::Review)),
        (Status::Reviewed, _) => ("待签发", None, may(Action::Issue, DutyAction::Issue)),
        (Status::Returned, _) => ("已退回，待修改", None, may(Action::Edit, DutyAction::Edit)),
        (Status::Issued, Some(urgent)) => (
            "紧急签发，待补审",
            Some(urgent.review_due),
            may(Action::ReviewAfterwards, DutyAction::ReviewAfter),
        ),
        (Status::Issued, None) if ends_soon(warning, now) => {
            ("将到期，须延期或解除", warning.expires, may(Action::Extend, DutyAction::Extend))
        }
        (Status::Lifted | Status::Expired | Status::Superseded, Some(urgent)) => (
            "紧急签发，已结束仍待补审",
            Some(urgent.review_due),
            may(Action::ReviewAfterwards, DutyAction::ReviewAfter),
        ),
        (Status::Issued | Status::Lifted | Status::Expired | Status::Superseded, None)
        | (Status::Discarded, _) => return None,
    };
    Some(Item {
        kind: ItemKind::Warning,
        id: warning.id.into(),
        level: Some(warning.level),
        title: warning.title.clone(),
        detail: match &warning.number {
            Some(number) => format!("{state} · {number}"),
            None => state.to_owned(),
        },
        since: warning.issuer.as_ref().map_or(warning.opened_at, |issuer| issuer.at),
        owner: None,
        due,
        overdue: due.is_some_and(|due| due <= now),
        action,
        region: Some(warning.region.clone()),
    })
}

/// A warning in force of which nothing is owed now.
fn in_force(warning: &Warning) -> Option<Item> {
    let issuer = warning.issuer.as_ref().filter(|_| warning.status == Status::Issued)?;
    Some(Item {
        kind: ItemKind::Warning,
        id: warning.id.into(),
        level: Some(warning.level),
        title: warning.title.clone(),
        detail: match &warning.number {
            Some(number) => format!("生效中 · {number}"),
            None => "生效中".to_owned(),
        },
        since: issuer.at,
        owner: None,
        due: warning.expires,
        overdue: false,
        action: None,
        region: Some(warning.region.clone()),
    })
}

fn ends_soon(warning: &Warning, now: Timestamp) -> bool {
    let issued = warning.issuer.as_ref().map(|issuer| issuer.at);
    issued.zip(warning.expires).is_some_and(|(issued, expires)| {
        let life = expires.since(issued).as_millis();
        issued + Duration::from_millis(life / 100 * REMIND_AT_PERCENT) <= now
    })
}

fn warning_clocks(warning: &Warning, now: Timestamp) -> Vec<Clock> {
    let Some(issuer) = &warning.issuer else { return Vec::new() };
    let clock = |kind, title: &str, due: Timestamp, done_at: Option<Timestamp>| Clock {
        kind,
        who: None,
        about: ItemKind::Warning,
        id: warning.id.into(),
        title: title.to_owned(),
        detail: warning.title.clone(),
        started: issuer.at,
        due,
        done_at,
        overdue: due <= done_at.unwrap_or(now),
    };
    let review = warning.urgent.as_ref().map(|urgent| {
        let reviewed = urgent.reviewed.as_ref().map(|reviewer| reviewer.at);
        clock(ClockKind::ReviewAfter, "紧急签发补审", urgent.review_due, reviewed)
    });
    let ends = warning.expires.filter(|_| warning.status == Status::Issued);
    let expiry =
        ends.map(|expires| clock(ClockKind::WarningEnd, "预警到期须延期或解除", expires, None));
    review.into_iter().chain(expiry).collect()
}

pub(super) fn notices(
    db: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
    gathered: &mut Gathered,
) -> Result<()> {
    let Ok(scope) = caller.scope(notice::READ) else { return Ok(()) };
    let stands_here = notice::desk_of(caller).is_some();
    let open = notice::open(db, &scope, ROWS + 1)?;
    for notice in gathered.cut(open) {
        gathered.clocks.extend(notice_clock(&notice, now));
        gathered.items.extend(notice_item(&notice, stands_here, now));
    }
    Ok(())
}

/// A notice that waits to be taken, or to be verified by whoever took it; one that was not
/// verified in time is everybody's again.
fn notice_item(notice: &Notice, stands_here: bool, now: Timestamp) -> Option<Item> {
    let (step, due) = notice.step().zip(notice.limit())?;
    let late = due <= now;
    let (state, action) = match step {
        Step::Acknowledge => ("待签收", stands_here.then_some(DutyAction::Acknowledge)),
        Step::Verify => ("待核实", stands_here.then_some(DutyAction::Verify)),
    };
    let taker = notice.acknowledged.as_ref().filter(|_| step == Step::Verify && !late);
    let owner = taker.and_then(|it| Some(Person { person: it.person?, name: it.by.clone() }));
    let mut detail = vec![state.to_owned()];
    detail.extend(notice.escalated().map(raised));
    detail.push(notice.number.clone());
    detail.push(notice.signer.clone());
    Some(Item {
        kind: ItemKind::Notice,
        id: notice.id.into(),
        level: Some(notice.level),
        title: notice.title.clone(),
        detail: detail.join(" · "),
        since: notice.sent_at,
        owner,
        due: Some(due),
        overdue: late,
        action,
        region: Some(notice.region.clone()),
    })
}

/// Why it came up, for the desk above and the one that let it go.
fn raised(up: &Escalation) -> String {
    let why = up.why.missed();
    match (&up.to, up.told) {
        (Some(_), true) => format!("{}{why}，升级至{}", up.from_name, up.to_name),
        (Some(_), false) => format!("{why}，本节点未能告知{}，请电话报告", up.to_name),
        (None, _) => format!("{why}，没有上级区划"),
    }
}

/// The limit of the step it stands at.
fn notice_clock(notice: &Notice, now: Timestamp) -> Option<Clock> {
    let (step, due) = notice.step().zip(notice.limit())?;
    let taken = notice.acknowledged.as_ref();
    let (kind, title, started, who) = match step {
        Step::Acknowledge => (ClockKind::NoticeFeedback, "风险提示签收", notice.sent_at, None),
        Step::Verify => (
            ClockKind::NoticeVerify,
            "风险提示核实",
            taken.map_or(notice.sent_at, |it| it.at),
            taken.map(|it| it.by.clone()),
        ),
    };
    let detail = match notice.escalated() {
        Some(up) => format!("{} · {}", notice.title, raised(up)),
        None => notice.title.clone(),
    };
    Some(Clock {
        kind,
        who,
        about: ItemKind::Notice,
        id: notice.id.into(),
        title: title.to_owned(),
        detail,
        started,
        due,
        done_at: None,
        overdue: due <= now,
    })
}

/// All waiting devices are one row: they are admitted on their own page.
pub(super) fn waiting(db: &mut dyn Read, caller: &Caller, gathered: &mut Gathered) -> Result<()> {
    let Ok(scope) = caller.scope(sense::waiting::ADMIT) else { return Ok(()) };
    let Some(queue) = sense::waiting::queue(db, &scope)? else { return Ok(()) };
    gathered.items.push(Item {
        kind: ItemKind::Waiting,
        id: queue.first,
        level: None,
        title: format!("{} 台设备等候准入", queue.count),
        detail: String::new(),
        since: queue.since,
        owner: None,
        due: None,
        overdue: false,
        action: Some(DutyAction::Admit),
        region: None,
    });
    Ok(())
}
