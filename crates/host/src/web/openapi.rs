//! OpenAPI 3.1, written from the table of routes.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};

use super::{Access, PageQuery, Routes};

mod names;

/// The document for `/api/openapi.json` and the generated reference.
pub fn document(routes: &Routes, version: &str) -> Json {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    // What is sent always has its nulls; what is taken may leave them out.
    let mut sent = settings.clone().for_serialize().into_generator();
    let settings = settings.with(|settings| settings.definitions_path = names::TAKEN.into());
    let mut taken = settings.for_deserialize().into_generator();
    let mut paths = Map::new();
    for route in routes.iter() {
        let mut operation = Map::new();
        operation
            .insert("operationId".into(), json!(operation_id(route.method.as_str(), route.path)));
        operation.insert("summary".into(), json!(route.says));
        operation.insert("tags".into(), json!([tag(route.path)]));
        let mut parameters: Vec<Json> = path_parameters(route.path);
        if let Some(query) = route.query {
            parameters.extend(query_parameters(&query(&mut taken)));
        }
        if route.paged {
            let page = taken.root_schema_for::<PageQuery>();
            parameters.extend(query_parameters(&page));
        }
        if !parameters.is_empty() {
            operation.insert("parameters".into(), json!(parameters));
        }
        if let Some(body) = route.body {
            let schema = body(&mut taken);
            let content = json!({ "application/json": { "schema": schema } });
            operation.insert("requestBody".into(), json!({ "required": true, "content": content }));
        }
        if route.streams {
            let content = json!({ "application/octet-stream": {} });
            operation.insert("requestBody".into(), json!({ "required": true, "content": content }));
        }
        let mut responses = Map::new();
        let answer = match route.reply {
            Some(reply) => {
                let schema = reply(&mut sent);
                json!({ "description": "done", "content": { "application/json": { "schema": schema } } })
            }
            None => json!({ "description": "done" }),
        };
        let status = if route.reply.is_none() && route.method != axum::http::Method::GET {
            204
        } else {
            route.status
        };
        responses.insert(status.to_string(), answer);
        responses.insert("default".into(), json!({ "$ref": "#/components/responses/Problem" }));
        operation.insert("responses".into(), Json::Object(responses));
        match route.access {
            Access::Public => operation.insert("security".into(), json!([])),
            Access::SignedIn => operation.insert("x-permission".into(), json!(null)),
            Access::Permission(permission) => {
                operation.insert("x-permission".into(), json!(permission.code))
            }
        };
        if route.of_node {
            operation.insert("x-of-node".into(), json!(true));
        }
        let path = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(route.method.as_str().to_lowercase(), Json::Object(operation));
        }
    }
    let mut schemas =
        names::join(sent.take_definitions(true), taken.take_definitions(true), &mut paths);
    schemas.insert("Problem".into(), problem_schema());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Fengsui",
            "version": version,
            "description": "Every path also exists below /api/worlds/{world}/ for another world, \
                but for what is the node's own (x-of-node). \
                Writes need X-CSRF-Token; with an Idempotency-Key the same request again gets the same answer.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" }
        },
        "security": [{ "session": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": super::SESSION_COOKIE }
            },
            "responses": {
                "Problem": {
                    "description": "why it was not done (RFC 9457)",
                    "content": { "application/problem+json": {
                        "schema": { "$ref": "#/components/schemas/Problem" }
                    } }
                }
            }
        }
    })
}

fn problem_schema() -> Json {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "code": { "type": "string" },
            "detail": { "type": "string" }
        },
        "additionalProperties": true
    })
}

/// `get /api/warnings/{id}/issue` becomes `get_warnings_by_id_issue`.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.split('/').filter(|word| !word.is_empty() && *word != "api").map(|word| {
        match word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
            Some(name) => format!("by_{name}"),
            None => word.replace(['-', '.'], "_"),
        }
    });
    std::iter::once(method.to_lowercase()).chain(words).collect::<Vec<_>>().join("_")
}

fn tag(path: &str) -> &str {
    path.split('/').find(|word| !word.is_empty() && *word != "api").unwrap_or("node")
}

fn path_parameters(path: &str) -> Vec<Json> {
    path.split('/')
        .filter_map(|word| word.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
        })
        .collect()
}

fn query_parameters(schema: &schemars::Schema) -> Vec<Json> {
    let value = schema.as_value();
    let required: Vec<&str> = value["required"]
        .as_array()
        .map(|names| names.iter().filter_map(Json::as_str).collect())
        .unwrap_or_default();
    let properties = value["properties"].as_object();
    properties
        .into_iter()
        .flatten()
        .map(|(name, schema)| {
            let needed = required.contains(&name.as_str());
            json!({ "name": name, "in": "query", "required": needed, "schema": schema })
        })
        .collect()
}
