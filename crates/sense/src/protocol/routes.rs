//! The door for people: which protocols there are, and what can be registered in each.

use base::Quantity;
use host::web::{Access, Json};
use host::{Page, Routes};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Element, PasswordForm, Protocol};
use crate::station::Class;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/protocols",
            Access::SignedIn,
            "The protocols that stations may speak, with their elements",
            list,
        )
        .gives::<Page<ProtocolView>>()
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

async fn list() -> Json<Page<ProtocolView>> {
    Json(Page::whole(Protocol::ALL.iter().map(|protocol| view(*protocol)).collect()))
}

fn view(protocol: Protocol) -> ProtocolView {
    ProtocolView {
        protocol,
        word: protocol.word(),
        standard: protocol.standard(),
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
