//! Commands to MQTT clients: a JSON document on the client's own topic, answered by one
//! that names it.
//!
//! ```json
//! { "command": "0198…", "kind": "query", "name": "read_config", "params": { "of": "pump" } }
//! { "command": "0198…", "status": "ok", "result": { "rpm": 1450 } }
//! ```
//!
//! Its answer says which command it is for: `command` in the document, or in version 5 the
//! correlation data, which hold the same text. Everything else in it is the client's.

use base::Id;
use serde_json::{Map, Value as Json, json};
use wire::mqtt::{Command, Message};

use crate::protocol::form::{Ask, Bad, Form, Kind, Of, To, Words};

/// Bytes of a command's parameters.
const LONGEST_PARAMS: usize = 8 << 10;
const LONGEST_NAME: usize = 64;
/// Of an answer, so that the log holds it.
const LONGEST_ANSWER: usize = 64 << 10;

const QUERY: &str = "query";
const SETTING: &str = "setting";

pub(super) fn forms() -> Vec<Form> {
    let form = |code, kind, word| {
        Form::new(code, kind, word)
            .field(
                "name",
                Words::new("名称", "Name"),
                Of::Text {
                    form: Words::new(
                        "客户端认识的名称：字母、数字、- _ .",
                        "A name that the client knows: letters, digits, - _ .",
                    ),
                    longest: LONGEST_NAME,
                },
            )
            .field(
                "params",
                Words::new("参数", "Parameters"),
                Of::Object { longest: LONGEST_PARAMS },
            )
    };
    vec![
        form(QUERY, Kind::Query, Words::new("查询", "query")),
        form(SETTING, Kind::Setting, Words::new("设置", "setting")),
    ]
}

/// The name and parameters of what was filled in.
///
/// # Errors
/// [`Bad`] names the field.
pub(super) fn check(ask: &Ask) -> Result<(&str, Map<String, Json>), Bad> {
    if ask.command != QUERY && ask.command != SETTING {
        return Err(Bad::new("command", ask.command.as_str(), "query or setting"));
    }
    ask.only(&["name", "params"])?;
    let filled = ask.at("name")?;
    let name = filled.text()?;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !(1..=LONGEST_NAME).contains(&name.len()) || !name.bytes().all(is_part) {
        return Err(filled.bad("1 to 64 letters, digits, - _ or ."));
    }
    let params = match ask.values.get("params") {
        None | Some(Json::Null) => Map::new(),
        Some(Json::Object(params)) => params.clone(),
        Some(_) => return Err(ask.at("params")?.bad("a JSON object")),
    };
    let length = Json::Object(params.clone()).to_string().len();
    if LONGEST_PARAMS < length {
        let expected = format!("at most {LONGEST_PARAMS} bytes");
        return Err(Bad::new("params", format!("{length} bytes"), expected));
    }
    Ok((name, params))
}

/// # Errors
/// [`Bad`] names the field.
pub(super) fn order(to: &To<'_>, ask: &Ask) -> Result<Command, Bad> {
    let (name, params) = check(ask)?;
    let id = to.command.to_string();
    let document =
        json!({ "command": id, "kind": ask.command, "name": name, "params": params }).to_string();
    let correlation = Some(id.into_bytes().into());
    Ok(Command { payload: document.into_bytes().into(), correlation, until: Some(to.until) })
}

/// Which command a message on the answer topic is for, and what it says.
pub(super) fn answered(message: &Message) -> Option<(Id, Json)> {
    let said: Option<Json> = (message.payload.len() <= LONGEST_ANSWER)
        .then(|| serde_json::from_slice(&message.payload).ok())
        .flatten();
    let named = said.as_ref().and_then(|said| said.get("command")?.as_str());
    let correlation = message.correlation.as_deref().and_then(|it| std::str::from_utf8(it).ok());
    let command: Id = named.or(correlation)?.parse().ok()?;
    let said = said.unwrap_or_else(|| {
        // No JSON, or too long of it: the bytes are kept beside this.
        json!({ "text": String::from_utf8_lossy(&message.payload).chars().take(400).collect::<String>() })
    });
    Some((command, said))
}
