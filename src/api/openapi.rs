//! `GET /api/v1/openapi.json`: what this API offers, for programs that read such descriptions.
//!
//! It is made from the handlers, their parameters and their answers. What holds for all of them is added here: who may
//! ask, and what refusals look like.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::web::Bytes;
use serde_json::{Map, Value, json};
use utoipa::{OpenApi as _, PartialSchema as _, ToSchema as _};

use super::error::{Code, MEDIA_TYPE, Problem};
use super::routes::Described;

pub(super) const PATH: &str = "/openapi.json";

/// Where all paths begin.
const PREFIX: &str = "/api/v1";

const ABOUT: &str = "Reports of Content-Security-Policy violations from checkout pages, what became of them, and what \
they gave reason to look at. Every answer is cut to what the caller's token may see: what lies outside it is not there. \
`x-right` of an operation names the right that a token's role needs for it; without it, every role may ask. \
Every write takes an `Idempotency-Key`: sent again with the same key within 24 hours, a request is done once, and the \
answer tells how what it changed stands by then.";

static DESCRIPTION: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(describe().to_string()));

/// This description
#[utoipa::path(get, path = PATH, operation_id = "description", tag = "about",
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
pub(super) async fn get() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(DESCRIPTION.clone())
}

fn describe() -> Value {
    let mut whole = serde_json::to_value(Described::openapi()).unwrap_or_default();
    whole["info"] = json!({
        "title": "Skimwatch",
        "version": "1",
        "description": ABOUT,
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    });
    whole["servers"] = json!([{ "url": "/" }]);
    whole["security"] = json!([{ "token": [] }]);
    let paths = whole["paths"].take();
    let paths = paths.as_object().into_iter().flatten();
    let paths = paths.map(|(path, item)| (format!("{PREFIX}{path}"), completed(path, item)));
    whole["paths"] = Value::Object(paths.collect());
    let components = &mut whole["components"];
    components["securitySchemes"] = json!({ "token": {
        "type": "http", "scheme": "bearer", "description": "A token of `/api/v1/tokens`, or the operator's own",
    }});
    components["schemas"]["Problem"] = json!(Problem::schema());
    components["schemas"][Code::name().as_ref()] = json!(Code::schema());
    let responses = REFUSALS.map(|(name, _, what)| (name.to_owned(), refusal(what)));
    components["responses"] = Value::Object(responses.into_iter().collect());
    whole
}

/// Name, status, and when it is the answer.
const REFUSALS: [(&str, &str, &str); 11] = [
    (
        "BadRequest",
        "400",
        "The request cannot be used; `detail` says what is wrong with it",
    ),
    ("Unauthorized", "401", "No valid token was sent"),
    ("Forbidden", "403", "The token's role does not allow it"),
    (
        "NotFound",
        "404",
        "Nothing of that name that the caller may see",
    ),
    (
        "Conflict",
        "409",
        "It does not follow from how things stand, or the same request is under way or was made",
    ),
    ("TooLarge", "413", "The body is too long"),
    ("UnsupportedMediaType", "415", "The body is of another type"),
    (
        "KeyReused",
        "422",
        "The `Idempotency-Key` belongs to another request",
    ),
    (
        "TooManyRequests",
        "429",
        "Too much is under way at once; `Retry-After` says when to ask again",
    ),
    ("Internal", "500", "A fault on this side; its log says what"),
    (
        "Unavailable",
        "503",
        "The reports cannot be read now; `Retry-After` says when to ask again",
    ),
];

fn refusal(what: &str) -> Value {
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    json!({ "description": what, "content": { MEDIA_TYPE: { "schema": schema } } })
}

/// The operations of a path, each with what it shares with the others.
fn completed(path: &str, item: &Value) -> Value {
    let operations = item.as_object().into_iter().flatten();
    let completed = operations.map(|(method, operation)| {
        let mut operation = operation.clone();
        complete(path, method, &mut operation);
        (method.clone(), operation)
    });
    Value::Object(completed.collect())
}

fn complete(path: &str, method: &str, operation: &mut Value) {
    if let Some(parameters) = operation["parameters"].as_array_mut() {
        parameters
            .iter_mut()
            .for_each(|it| never_null(&mut it["schema"]));
    } else {
        operation["parameters"] = json!([]);
    }
    let writes = method != "get";
    if writes && let Some(parameters) = operation["parameters"].as_array_mut() {
        parameters.push(idempotency_key());
    }
    let has = |field: &str| operation.get(field).is_some_and(|it| !it.is_null());
    let asks = operation["parameters"]
        .as_array()
        .is_some_and(|it| !it.is_empty());
    let applies = |status: &str| match status {
        "400" => asks || has("requestBody"),
        "403" => has("x-right"),
        "404" => path.contains('{') || has("x-names"),
        "413" | "415" => has("requestBody"),
        "409" | "422" => writes,
        _ => true,
    };
    let refusals: Map<String, Value> = REFUSALS
        .iter()
        .filter(|(_, status, _)| applies(status))
        .map(|(name, status, _)| {
            let name = format!("#/components/responses/{name}");
            ((*status).to_owned(), json!({ "$ref": name }))
        })
        .collect();
    if let Some(responses) = operation["responses"].as_object_mut() {
        responses.extend(refusals);
    }
}

/// A parameter that is not sent is not there; none is sent as null.
fn never_null(schema: &mut Value) {
    if let Some(types) = schema["type"].as_array() {
        let kept = types.iter().find(|it| *it != "null").cloned();
        schema["type"] = kept.unwrap_or_default();
    }
}

fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "A name for this request, new for each, such as a UUID: sent again, it is not done again",
        "schema": { "type": "string", "minLength": 1, "maxLength": crate::registry::MAX_ONCE_KEY_BYTES,
                    "pattern": "^[!-~]+$" },
    })
}
