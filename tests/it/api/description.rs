//! `/api/v1/openapi.json` held against the answers: every field of an answer, its type and its words.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use skimwatch::clock::Timestamp;
use skimwatch::finding::Severity;
use skimwatch::store::Attempt;

use super::doors::{Doors, stored};
use super::evidence::with_script;
use super::reports::thirty;
use crate::cases::{alert_of, finding};
use crate::database::{Database, now, policy};

#[tokio::test]
async fn the_description_fits_the_answers() {
    let database = Database::new().await;
    let mut segment = thirty(now());
    segment.reports.push(stored("a", "evil.example", now(), 1));
    segment.reports.push(with_script("a"));
    segment
        .policies
        .push(policy(77, "default-src 'self'", now()));
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    let doors = Doors::new(database.store.clone());
    let one = json!({"merchants": [{"key": "a"}]}).to_string();
    doors.api.registry.import(&one, "test").expect("good");
    let found = finding("evil.example", Severity::High, (now().0, 0), &["a", "b"]);
    doors.api.cases.record(&[found]).expect("taken down");
    let alert = format!("/api/v1/alerts/{}", alert_of("evil.example"));
    let closed = doors.patch(
        &alert,
        r#"{"state": "closed", "cause": "test", "note": "x"}"#,
    );
    let closed = closed.await.good(&alert);
    let description = doors.json("/api/v1/openapi.json").await;
    for (route, method, answer) in [
        ("/api/v1/alerts", "get", doors.json("/api/v1/alerts").await),
        ("/api/v1/alerts/{id}", "get", doors.json(&alert).await),
        ("/api/v1/alerts/{id}", "patch", closed),
        (
            "/api/v1/campaigns",
            "get",
            doors.json("/api/v1/campaigns").await,
        ),
        (
            "/api/v1/destinations",
            "get",
            doors.json("/api/v1/destinations").await,
        ),
        (
            "/api/v1/destinations/{name}",
            "get",
            doors.json("/api/v1/destinations/evil.example").await,
        ),
        (
            "/api/v1/merchants",
            "get",
            doors.json("/api/v1/merchants").await,
        ),
        ("/api/v1/openapi.json", "get", description.clone()),
        (
            "/api/v1/reports",
            "get",
            doors.json("/api/v1/reports").await,
        ),
        ("/api/v1/audit", "get", doors.json("/api/v1/audit").await),
        (
            "/api/v1/organizations",
            "get",
            doors.json("/api/v1/organizations").await,
        ),
        (
            "/api/v1/organizations/{organization}",
            "get",
            doors.json("/api/v1/organizations/shop").await,
        ),
        (
            "/api/v1/policies",
            "get",
            doors.json("/api/v1/policies").await,
        ),
        (
            "/api/v1/scripts",
            "get",
            doors.json("/api/v1/scripts").await,
        ),
        ("/api/v1/sites", "get", doors.json("/api/v1/sites").await),
        (
            "/api/v1/sites/{site}",
            "get",
            doors.json("/api/v1/sites/a").await,
        ),
        (
            "/api/v1/merchants/{merchant}",
            "get",
            doors.json("/api/v1/merchants/a").await,
        ),
        (
            "/api/v1/tokens",
            "get",
            doors.json("/api/v1/tokens?organization=shop").await,
        ),
        ("/api/v1/stats", "get", doors.json("/api/v1/stats").await),
    ] {
        let operation = &description["paths"][route][method];
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{method} {route}");
        let breaches = breaches(&description, schema, &answer);
        assert_eq!(breaches, Vec::<String>::new(), "{method} {route}");
        let lists = answer.as_object().into_iter().flatten();
        for (name, list) in lists.filter(|(name, _)| route.ends_with(name.as_str())) {
            assert_ne!(list, &json!([]), "{name}: nothing was held against it");
        }
    }
}

#[tokio::test]
async fn every_refusal_is_a_described_problem() {
    let doors = Doors::to_nowhere();
    let description = doors.json("/api/v1/openapi.json").await;
    let problem = json!({"$ref": "#/components/schemas/Problem"});
    for (path, status, code) in [
        ("/api/v1/alerts?limit=0", 400, "bad_request"),
        ("/api/v1/alerts/0123456789abcdef", 404, "not_found"),
        ("/api/v1/merchants", 503, "unavailable"),
        ("/api/v1/nothing", 404, "not_found"),
    ] {
        let answer = doors.get(path).await;
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let answer = answer.json();
        assert_eq!(
            (&answer["status"], &answer["code"]),
            (&json!(status), &json!(code)),
            "{path}"
        );
        assert_eq!(answer["type"], format!("urn:skimwatch:problem:{code}"));
        assert_eq!(
            breaches(&description, &problem, &answer),
            Vec::<String>::new()
        );
    }
}

/// What programs rely on: whoever changes it looks at what it breaks.
#[tokio::test]
async fn the_description_is_as_it_was_reviewed() {
    let description = Doors::to_nowhere().json("/api/v1/openapi.json").await;
    insta::assert_json_snapshot!("openapi", description);
}

/// Every operation has words for people, a name for programs, and says how it refuses.
#[tokio::test]
async fn nothing_is_left_undescribed() {
    let description = Doors::to_nowhere().json("/api/v1/openapi.json").await;
    let mut names = BTreeSet::new();
    for (path, item) in description["paths"].as_object().expect("an object") {
        for (method, operation) in item.as_object().expect("an object") {
            let at = format!("{method} {path}");
            assert!(operation["summary"].is_string(), "{at}");
            let name = operation["operationId"].as_str().expect("a name");
            assert!(names.insert(name.to_owned()), "{at}: {name}");
            for parameter in operation["parameters"].as_array().expect("a list") {
                assert!(parameter["description"].is_string(), "{at}: {parameter}");
            }
            assert!(operation["responses"]["401"].is_object(), "{at}");
            let gated = operation["x-right"].is_string();
            assert_eq!(gated, operation["responses"]["403"].is_object(), "{at}");
        }
    }
    for (name, schema) in description["components"]["schemas"]
        .as_object()
        .expect("schemas")
    {
        let text = schema.to_string();
        assert!(
            !text.contains("\"$ref\":\"#/components/schemas/View\""),
            "{name}: a name too many"
        );
    }
    let text = description.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().expect("a pointer");
        assert!(
            description.pointer(pointer).is_some(),
            "{pointer} is not described"
        );
    }
}

/// Where a value is not what the schema says; fields that it does not name are breaches too.
fn breaches(description: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(description, schema, ("$".to_owned(), value), &mut found);
    found
}

fn check(whole: &Value, schema: &Value, (at, value): (String, &Value), found: &mut Vec<String>) {
    let schema = resolved(whole, schema);
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = |choice: &&Value| {
            let mut found = Vec::new();
            check(whole, choice, (at.clone(), value), &mut found);
            found.is_empty()
        };
        if choices.iter().filter(fits).count() != 1 {
            found.push(format!("{at} is {value}"));
        }
        return;
    }
    let fields = fields(whole, schema);
    if let (false, Some(object)) = (fields.is_empty(), value.as_object()) {
        let names: BTreeSet<&str> = object.keys().map(String::as_str).collect();
        if !fields.keys().eq(names.iter()) {
            found.push(format!("{at} has {names:?}"));
        }
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let is = |wanted: &Value| match wanted.as_str() {
        Some("integer") => value.is_u64() || value.is_i64(),
        Some("number") => value.is_number(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => value.is_null(),
    };
    if !types.is_empty() && !types.iter().any(is) {
        found.push(format!("{at} is {value}"));
    }
    let words = schema["enum"].as_array();
    if words.is_some_and(|words| !words.contains(value)) {
        found.push(format!("{at} is {value}"));
    }
    let moment = value.as_str().filter(|_| schema["format"] == "date-time");
    if moment.is_some_and(|text| text.parse::<Timestamp>().is_err()) {
        found.push(format!("{at} is {value}"));
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        let more = &schema["additionalProperties"];
        if let Some(schema) = fields
            .get(name.as_str())
            .copied()
            .or(more.is_object().then_some(more))
        {
            check(whole, schema, (format!("{at}.{name}"), inner), found);
        }
    }
    for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
        check(
            whole,
            &schema["items"],
            (format!("{at}[{i}]"), inner),
            found,
        );
    }
}

fn resolved<'a>(whole: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(name) => whole
            .pointer(name.trim_start_matches('#'))
            .expect("it is described"),
        None => schema,
    }
}

fn fields<'a>(whole: &'a Value, schema: &'a Value) -> BTreeMap<&'a str, &'a Value> {
    let schema = resolved(whole, schema);
    let own = schema["properties"].as_object().into_iter().flatten();
    let own = own.map(|(name, schema)| (name.as_str(), schema));
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let parts = parts.flat_map(|part| fields(whole, part));
    own.chain(parts).collect()
}
