//! The routes as the description has them, and requests made from it, so that a new route is tried without a word here.

use std::collections::BTreeMap;

use actix_web::http::Method;
use serde_json::{Value, json};

/// A method of a path.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    /// With names in braces.
    pub(super) path: String,
    pub(super) method: Method,
    /// The right that it asks for, if every role does not have it.
    pub(super) right: Option<String>,
    /// Parameters of the query string, and those that must be there with a value.
    pub(super) parameters: Vec<(String, Option<String>)>,
    /// A body that it takes.
    pub(super) body: Option<Value>,
}

impl Operation {
    /// All of them.
    pub(super) fn all(description: &Value) -> Vec<Self> {
        let paths = description["paths"].as_object().expect("an object");
        let operations = paths.iter().flat_map(|(path, item)| {
            let methods = item.as_object().expect("an object").iter();
            methods.map(move |(method, operation)| Self::of(description, path, (method, operation)))
        });
        operations.collect()
    }

    fn of(description: &Value, path: &str, (method, operation): (&str, &Value)) -> Self {
        let parameters = operation["parameters"].as_array().expect("a list");
        let parameters = parameters.iter().filter(|it| it["in"] == "query");
        let parameters = parameters.map(|it| {
            let name = it["name"].as_str().expect("a name").to_owned();
            let needed = it["required"] == true;
            let value = needed.then(|| sample(description, &it["schema"]));
            (name, value.map(|it| it.as_str().unwrap_or("1").to_owned()))
        });
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        Self {
            path: path.to_owned(),
            method: method.to_uppercase().parse().expect("a method"),
            right: operation["x-right"].as_str().map(str::to_owned),
            parameters: parameters.collect(),
            body: body.is_object().then(|| sample(description, body)),
        }
    }

    /// Its address: names in braces stand for what `fill` says, and what must be asked for is.
    pub(super) fn address(&self, fill: impl Fn(&str) -> String, more: &str) -> String {
        let mut path = String::new();
        for part in self.path.split_inclusive(['{', '}']) {
            match part.strip_suffix('}') {
                Some(name) => path.push_str(&fill(name)),
                None => path.push_str(part.trim_end_matches('{')),
            }
        }
        let named = |name: &str| more.split('&').any(|it| it.split('=').next() == Some(name));
        let needed = self.parameters.iter().filter(|(name, _)| !named(name));
        let needed = needed.filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)));
        let query: Vec<String> = needed
            .chain((!more.is_empty()).then(|| more.to_owned()))
            .collect();
        match query.is_empty() {
            true => path,
            false => format!("{path}?{}", query.join("&")),
        }
    }
}

/// Every path, filled in, with the methods that it answers.
pub(super) fn routes(description: &Value) -> BTreeMap<String, Vec<Method>> {
    let mut routes: BTreeMap<String, Vec<Method>> = BTreeMap::new();
    for operation in Operation::all(description) {
        let fill = |name: &str| match name {
            "id" => "0123456789abcdef".to_owned(),
            _ => "evil.example".to_owned(),
        };
        let path = operation.address(fill, "");
        let path = path.split('?').next().unwrap_or_default().to_owned();
        routes.entry(path).or_default().push(operation.method);
    }
    routes
}

/// A value of which the schema says that it is one.
fn sample(description: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let schema = description.pointer(name.trim_start_matches('#'));
        return sample(description, schema.expect("it is described"));
    }
    for found in [
        &schema["example"],
        &schema["examples"][0],
        &schema["default"],
        &schema["enum"][0],
    ] {
        if !found.is_null() {
            return found.clone();
        }
    }
    match schema["type"].as_str() {
        Some("object") => {
            let needed = schema["required"].as_array().into_iter().flatten();
            let needed = needed.filter_map(Value::as_str);
            let value = |name| sample(description, &schema["properties"][name]);
            needed.map(|name| (name.to_owned(), value(name))).collect()
        }
        Some("array") => json!([]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        _ => json!("x"),
    }
}
