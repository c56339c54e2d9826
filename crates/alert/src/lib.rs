//! Alert: a finding becomes a notice, which goes out by itself, and a warning, which a person signs.
//!
//! - A **notice** tells the supervising duty desk and the enterprise, at once and without
//!   asking anybody, wants to be taken and verified within minutes, and goes up when it is not.
//! - A **calling** tells people of either by name, up a **ladder**, until one answers.
//! - A **warning** tells the public. It is proposed by a rule or a person, reviewed by
//!   a second person and issued by a third (DESIGN §4).
//! - A **message** is what the public is told of it, as CAP, in a feed.
//! - **Received** warnings are other authorities': shown and passed on, never ours.
//!
//! Not here: other channels that carry a warning to the public; incidents and tasks.

use std::sync::Arc;

use base::AdminCode;

pub mod calling;
pub mod ladder;
pub mod message;
pub mod notice;
pub mod received;
pub mod warning;

mod column;
mod finding;
mod number;

#[cfg(test)]
mod story;

use message::Office;

pub use calling::{Calling, CallingFact, CallingId};
pub use ladder::{Ladder, LadderFact, LadderId};
pub use message::{MessageFact, MessageId, Publication};
pub use notice::{Notice, NoticeFact, NoticeId};
pub use received::{ReceivedFact, ReceivedId};
pub use warning::{Warning, WarningFact, WarningId};

/// What this stage must be told.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// 发布单位: the name that stands on everything that goes out,
    /// such as 桦甸市应急管理局. Warnings cannot be issued while it is blank.
    pub issuing_unit: String,
    pub publication: Publication,
    /// The node's own division: where received warnings are at home, and how far up a
    /// notice is told by this node.
    pub region: Option<AdminCode>,
    /// The server that takes mail; without one nobody is told by mail.
    pub mail: Option<calling::Mail>,
    /// The program that is told by HTTP; without one nobody is told so.
    pub webhook: Option<calling::Webhook>,
}

/// What this stage gives to the binary.
pub fn part(config: Config) -> host::Part {
    let unit: Arc<str> = config.issuing_unit.trim().into();
    let office = Arc::new(Office { unit: unit.to_string(), publication: config.publication });
    host::Part {
        name: "alert",
        slices: vec![
            notice::slice(),
            warning::slice(),
            message::slice(),
            received::slice(),
            received::slice_of_rejects(),
            ladder::slice(),
            calling::slice(),
        ],
        reactions: vec![
            notice::reaction(),
            notice::closing(),
            warning::reaction(),
            calling::reaction(),
        ],
        effects: calling::effects(&unit, config.mail, config.webhook),
        jobs: [notice::jobs(), warning::jobs(), received::jobs(), calling::jobs()].concat(),
        region: config.region.clone(),
        routes: notice::routes(&unit)
            .merge(warning::routes(&office))
            .merge(message::routes(&office))
            .merge(received::routes(config.region))
            .merge(ladder::routes())
            .merge(calling::routes()),
        permissions: vec![
            notice::READ,
            notice::ACKNOWLEDGE,
            notice::FEEDBACK,
            warning::READ,
            warning::DRAFT,
            warning::REVIEW,
            warning::ISSUE,
            warning::ISSUE_URGENTLY,
            warning::LIFT,
            received::READ,
            received::TAKE,
            ladder::READ,
            ladder::MANAGE,
            calling::READ,
            calling::RECORD,
        ],
        ..host::Part::default()
    }
}
