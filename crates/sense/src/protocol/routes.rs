//! The door for people: which protocols there are, what can be registered in each, and
//! how a registered station sends here.

use std::sync::Arc;

use axum::extract::State;
use base::Quantity;
use host::door::Door;
use host::web::{Access, Json, Path, Scoped};
use host::{Node, Page, Result, Routes, World};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Doors, Element, PasswordForm, Protocol, Way};
use crate::gateway::http;
use crate::station::{self, Class, StationId};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/protocols",
            Access::SignedIn,
            "The protocols that stations may speak, with their elements",
            list,
        )
        .gives::<Page<ProtocolView>>()
        .get(
            "/api/stations/{id}/ways",
            station::REGISTER,
            "How a station's device sends here: addresses, an example, and a line that proves it",
            ways,
        )
        .gives::<Page<Way>>()
}

/// A protocol as the API gives it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ProtocolDetails")]
pub(crate) struct ProtocolView {
    pub protocol: Protocol,
    /// Short: `SL 651`.
    pub word: &'static str,
    /// With its edition: `SL 651-2014`.
    pub standard: &'static str,
    /// Where its devices connect to, as this node sees itself: `127.0.0.1:7651`; `null`
    /// when they do not, or the door is closed.
    pub tcp: Option<String>,
    /// Where they may send whole messages: `http://127.0.0.1:7702/ingest/…`.
    pub http: Option<String>,
    /// What a station's password is; `null` when its messages carry none.
    pub password: Option<PasswordForm>,
    /// Whether nothing is taken of a station without a key.
    pub needs_key: bool,
    /// Whether devices name points as they like, beyond the elements.
    pub open: bool,
    /// What a sensor may be registered for, in the order of the standard.
    pub elements: Vec<ElementView>,
}

/// An element of a protocol as the API gives it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ProtocolElement")]
pub(crate) struct ElementView {
    pub code: &'static str,
    pub word: &'static str,
    pub word_en: &'static str,
    pub quantity: Quantity,
    pub unit: &'static str,
    /// Whether stations usually send it.
    pub common: bool,
    /// Classes of stations that usually measure it.
    pub usual_for: Vec<Class>,
}

async fn list(State(node): State<Node>) -> Json<Page<ProtocolView>> {
    let doors = node.doors();
    Json(Page::whole(Protocol::ALL.iter().map(|protocol| view(*protocol, &doors)).collect()))
}

async fn ways(
    State(node): State<Node>,
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
) -> Result<Json<Page<Way>>> {
    let station = world.read(move |db| station::load(db, &scope, id)).await?;
    let (protocol, open) = (station.protocol, node.doors());
    let address = |name: &str| open.iter().find(|door| door.name == name)?.address();
    let doors = Doors {
        tcp: address(protocol.code()),
        http: address(http::DOOR).filter(|_| http::posts(protocol)),
        folder: node.folder(protocol.code()),
    };
    Ok(Json(Page::whole(protocol.ways(&station.code, &doors, world.clock().now()))))
}

fn view(protocol: Protocol, doors: &[Arc<Door>]) -> ProtocolView {
    let address = |name: &str| doors.iter().find(|door| door.name == name)?.address();
    let http = address(http::DOOR).filter(|_| http::posts(protocol));
    ProtocolView {
        protocol,
        word: protocol.word(),
        standard: protocol.standard(),
        tcp: address(protocol.code()).map(|address| address.to_string()),
        http: http.map(|address| format!("http://{address}/ingest/{}", protocol.code())),
        password: protocol.password_form(),
        needs_key: protocol.needs_key(),
        open: protocol.is_open(),
        elements: protocol.elements().into_iter().map(element).collect(),
    }
}

fn element(element: Element) -> ElementView {
    ElementView {
        code: element.code,
        word: element.word,
        word_en: element.word_en,
        quantity: element.quantity,
        unit: element.quantity.unit(),
        common: element.is_common,
        usual_for: element.usual_for.to_vec(),
    }
}
