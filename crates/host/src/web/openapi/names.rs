//! One name for each type, whether it is sent, taken or both.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

/// Where a type that is taken stands until it has its name.
pub(super) const TAKEN: &str = "/components/taken";
const SENT: &str = "/components/schemas";

/// Puts the types that are taken beside those that are sent, and mends the references in
/// `paths`. A type that goes both ways stands once, as it is sent; another one of the same
/// name, or one that holds such a one, gets `Taken` behind its name.
pub(super) fn join(
    mut sent: Map<String, Json>,
    taken: Map<String, Json>,
    paths: &mut Map<String, Json>,
) -> Map<String, Json> {
    let apart = apart(&sent, &taken);
    let name = |name: &str| {
        if apart.contains(name) { format!("{name}Taken") } else { name.to_owned() }
    };
    for (of, mut schema) in taken {
        refer(&mut schema, &name);
        sent.entry(name(&of)).or_insert(schema);
    }
    for path in paths.values_mut() {
        refer(path, &name);
    }
    sent
}

/// The names that mean one thing where they are sent and another where they are taken.
fn apart(sent: &Map<String, Json>, taken: &Map<String, Json>) -> BTreeSet<String> {
    let both: Vec<&String> = taken.keys().filter(|name| sent.contains_key(*name)).collect();
    let mut apart: BTreeSet<String> = both
        .iter()
        .filter(|name| shape(&taken[**name]) != shape(&sent[**name]))
        .map(|name| (*name).clone())
        .collect();
    loop {
        let more: Vec<String> = both
            .iter()
            .filter(|name| !apart.contains(**name))
            .filter(|name| names(&taken[**name]).iter().any(|held| apart.contains(held)))
            .map(|name| (*name).clone())
            .collect();
        if more.is_empty() {
            return apart;
        }
        apart.extend(more);
    }
}

/// A schema without what may differ between its two ways: what may be left out.
fn shape(schema: &Json) -> Json {
    match schema {
        Json::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(named) {
                return Json::from(name);
            }
            if let Some(only) = fields.get("anyOf").and_then(one_or_null) {
                return shape(only);
            }
            let kept = fields.iter().filter(|(key, _)| !LEFT_OUT.contains(&key.as_str()));
            let kept = kept.map(|(key, value)| match value {
                Json::Array(types) if key == "type" => {
                    let types = types.iter().filter(|of| *of != "null").cloned();
                    (key.clone(), one(types.collect()))
                }
                _ => (key.clone(), shape(value)),
            });
            Json::Object(kept.collect())
        }
        Json::Array(parts) => Json::Array(parts.iter().map(shape).collect()),
        other => other.clone(),
    }
}

const LEFT_OUT: [&str; 3] = ["required", "default", "description"];

fn one(mut parts: Vec<Json>) -> Json {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => parts.into_iter().chain(last).collect(),
    }
}

/// `T` of "a `T` or null".
fn one_or_null(parts: &Json) -> Option<&Json> {
    match parts.as_array()?.as_slice() {
        [only, null] if null["type"] == "null" => Some(only),
        _ => None,
    }
}

/// The name behind a reference of either way.
fn named(reference: &Json) -> Option<&str> {
    let path = reference.as_str()?.strip_prefix('#')?;
    let path = path.strip_prefix(TAKEN).or_else(|| path.strip_prefix(SENT))?;
    path.strip_prefix('/')
}

fn names(schema: &Json) -> Vec<String> {
    match schema {
        Json::Object(fields) => {
            let own = fields.get("$ref").and_then(named).map(str::to_owned);
            own.into_iter().chain(fields.values().flat_map(names)).collect()
        }
        Json::Array(parts) => parts.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

/// Lets every reference to a type that is taken point to where it stands.
fn refer(schema: &mut Json, name: &impl Fn(&str) -> String) {
    match schema {
        Json::Object(fields) => {
            if let Some(Json::String(reference)) = fields.get_mut("$ref")
                && let Some(of) = reference.strip_prefix(&format!("#{TAKEN}/"))
            {
                *reference = format!("#{SENT}/{}", name(of));
            }
            fields.values_mut().for_each(|part| refer(part, name));
        }
        Json::Array(parts) => parts.iter_mut().for_each(|part| refer(part, name)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Json) -> Map<String, Json> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn two_types_of_one_name_stay_two_and_one_that_goes_both_ways_stays_one() {
        let sent = map(json!({
            "State": { "enum": ["open", "closed"] },
            "Line": {
                "type": "object",
                "required": ["to"],
                "properties": { "to": { "anyOf": [{ "$ref": "#/components/schemas/State" }, { "type": "null" }] } }
            },
            "Both": {
                "type": "object",
                "required": ["word"],
                "properties": { "word": { "type": ["string", "null"] } }
            }
        }));
        let taken = map(json!({
            "State": { "enum": ["first", "second"] },
            "Line": { "type": "object", "properties": { "to": { "$ref": "#/components/taken/State" } } },
            "Both": { "type": "object", "properties": { "word": { "type": "string" } } },
            "New": { "type": "object", "properties": { "both": { "$ref": "#/components/taken/Both" } } }
        }));
        let mut paths = map(json!({ "/a": { "post": { "body": [
            { "$ref": "#/components/taken/Line" },
            { "$ref": "#/components/taken/Both" },
            { "$ref": "#/components/schemas/Line" }
        ] } } }));
        let all = join(sent.clone(), taken, &mut paths);
        assert_eq!(all["Both"], sent["Both"]);
        assert_eq!(all["State"], sent["State"]);
        assert_eq!(all["StateTaken"], json!({ "enum": ["first", "second"] }));
        assert_eq!(all["LineTaken"]["properties"]["to"]["$ref"], "#/components/schemas/StateTaken");
        assert_eq!(all["New"]["properties"]["both"]["$ref"], "#/components/schemas/Both");
        assert_eq!(
            paths["/a"]["post"]["body"],
            json!([
                { "$ref": "#/components/schemas/LineTaken" },
                { "$ref": "#/components/schemas/Both" },
                { "$ref": "#/components/schemas/Line" }
            ])
        );
    }
}
