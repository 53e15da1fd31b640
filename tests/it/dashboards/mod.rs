//! What analysts bring to the tables: Grafana's dashboards, worked queries, and what runs both in containers.
//!
//! Grafana is not here, so [`grafana`] does what its plugin does with a text before it sends it. Everything that is asked
//! runs on the real engine, over what [`filled`] put there, and must find something.

mod compose;
mod filled;
mod grafana;
mod models;
mod panels;
mod queries;
mod users;
mod views;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::database::Database;

/// A file or folder of the repository.
fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A database with something for every question.
struct Filled(Database);

/// An answer with the names and types of its columns.
struct Answer {
    /// Name and type.
    columns: Vec<(String, String)>,
    rows: Vec<Vec<Value>>,
}

impl Answer {
    /// What the engine says; a text that it refuses is the failure of the test that `name` tells.
    async fn to(database: &Database, name: &str, sql: &str) -> Self {
        let mut answer = database.store.raw(sql, "JSONCompact").expect("a format");
        let mut text = Vec::new();
        loop {
            match answer.next().await {
                Ok(Some(piece)) => text.extend_from_slice(&piece),
                Ok(None) => break,
                Err(error) => panic!("{name}: {error}\n{sql}"),
            }
        }
        let mut whole: Value = serde_json::from_slice(&text).expect("JSON");
        let columns = whole["meta"].as_array().expect("columns").iter();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Self {
            columns: columns
                .map(|it| (text(&it["name"]), text(&it["type"])))
                .collect(),
            rows: serde_json::from_value(whole["data"].take()).expect("rows"),
        }
    }

    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, _)| name == column)
    }

    fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.columns.iter().map(|(_, kind)| Kind::of(kind))
    }

    fn count(&self, kind: Kind) -> usize {
        self.kinds().filter(|it| *it == kind).count()
    }
}

/// What Grafana takes a column for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Time,
    Number,
    Text,
    Other,
}

impl Kind {
    fn of(kind: &str) -> Self {
        let begins = |names: &[&str]| names.iter().any(|name| kind.starts_with(name));
        if begins(&["Date"]) {
            Self::Time
        } else if begins(&["UInt", "Int", "Float"]) {
            Self::Number
        } else if begins(&["String", "LowCardinality(String)"]) {
            Self::Text
        } else {
            Self::Other
        }
    }
}
