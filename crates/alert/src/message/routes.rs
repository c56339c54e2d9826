//! The doors of messages for those who read warnings.

use std::sync::Arc;

use base::Timestamp;
use host::web::{Json, Path, Scoped};
use host::{Error, Page, Result, Routes, World};
use schemars::JsonSchema;
use serde::Serialize;
use wire::cap;

use super::make::{Office, draft};
use super::store::{self, Message};
use super::{MessageId, READ};
use crate::warning::{self, WarningId};

/// What was told of a warning.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CapMessage")]
struct MessageView {
    id: MessageId,
    /// This one, or one whose place it took.
    warning: WarningId,
    /// `Alert`, `Update` or `Cancel`.
    msg_type: String,
    /// `Actual`, `Exercise` or `Test`.
    status: String,
    sender: String,
    identifier: String,
    sent: Timestamp,
    ends: Option<Timestamp>,
    /// As every subscriber gets it.
    xml: String,
    made_at: Timestamp,
}

pub(crate) fn routes(office: &Arc<Office>) -> Routes {
    let office = Arc::clone(office);
    Routes::new()
        .get(
            "/api/warnings/{id}/messages",
            READ,
            "Lists what was told of a warning as CAP, with its chain, the oldest first",
            messages,
        )
        .gives::<Page<MessageView>>()
        .get(
            "/api/warnings/{id}/cap",
            READ,
            "Gives the newest CAP message of a warning, or the draft of what would be told",
            move |world, scope, id| newest(Arc::clone(&office), world, scope, id),
        )
}

async fn messages(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<WarningId>,
) -> Result<Json<Page<MessageView>>> {
    world
        .read(move |db| {
            let warning = warning::load(db, &scope, id)?;
            let messages = store::along(db, &[warning.id])?;
            Ok(Json(Page::whole(messages.into_iter().map(view).collect())))
        })
        .await
}

async fn newest(
    office: Arc<Office>,
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<WarningId>,
) -> Result<([(&'static str, &'static str); 1], Vec<u8>)> {
    let now = world.clock().now();
    let xml = world
        .read(move |db| {
            let warning = warning::load(db, &scope, id)?;
            let own = store::along(db, &[warning.id])?;
            if let Some(newest) = own.into_iter().rfind(|message| message.warning == id) {
                return Ok(newest.xml.into_bytes());
            }
            if warning.issuer.is_some() {
                // It was issued before messages were made, or is not for the public.
                return Err(Error::not_found("message"));
            }
            Ok(cap::write_as_is(&draft(db, &office, &warning, now)?))
        })
        .await?;
    Ok(([("content-type", "application/cap+xml")], xml))
}

fn view(message: Message) -> MessageView {
    let Message { id, warning, msg_type, status, sender, identifier, sent, ends, xml, made_at } =
        message;
    MessageView { id, warning, msg_type, status, sender, identifier, sent, ends, xml, made_at }
}
