//! Alert: a finding becomes a notice, which goes out by itself, and a warning, which a person signs.
//!
//! - A **notice** tells the supervising duty desk, at once and without asking anybody,
//!   and wants an answer within minutes.
//! - A **warning** tells the public. It is proposed by a rule or a person, reviewed by
//!   a second person and issued by a third (DESIGN §4).
//!
//! Not here: which channels carry a warning, and who answered; incidents and tasks.

pub mod notice;
pub mod warning;

mod column;
mod finding;
mod number;

#[cfg(test)]
mod story;

pub use notice::{Notice, NoticeFact, NoticeId};
pub use warning::{Warning, WarningFact, WarningId};

/// What this stage must be told.
#[derive(Debug, Clone)]
pub struct Config {
    /// 发布单位: the name that stands on everything that goes out,
    /// such as 桦甸市应急管理局. Warnings cannot be issued while it is blank.
    pub issuing_unit: String,
}

/// What this stage gives to the binary.
pub fn part(config: Config) -> host::Part {
    let unit: std::sync::Arc<str> = config.issuing_unit.trim().into();
    host::Part {
        name: "alert",
        slices: vec![notice::slice(), warning::slice()],
        reactions: vec![notice::reaction(), warning::reaction()],
        jobs: notice::jobs().into_iter().chain(warning::jobs()).collect(),
        routes: notice::routes(&unit).merge(warning::routes(&unit)),
        permissions: vec![
            notice::READ,
            notice::ACKNOWLEDGE,
            warning::READ,
            warning::DRAFT,
            warning::REVIEW,
            warning::ISSUE,
            warning::ISSUE_URGENTLY,
            warning::LIFT,
        ],
        ..host::Part::default()
    }
}
