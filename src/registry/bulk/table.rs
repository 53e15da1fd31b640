//! Sites as a table, for people who keep their merchants in a spreadsheet.
//!
//! The rule: what is written is read back as it was, and no cell is a formula to a spreadsheet.

use serde_json::{Value, json};

use super::super::error::RegistryError;
use super::super::sites::SiteEntry;
use super::lines::{Line, MAX_MERCHANTS, Told};

/// The columns, in the order in which they are written.
pub(super) const COLUMNS: [&str; 18] = [
    "key",
    "name",
    "country",
    "platform",
    "domains",
    "checkout_paths",
    "admin_paths",
    "integration",
    "psp",
    "policy",
    "harmless_parameters",
    "rate",
    "retention_days",
    "merchant",
    "merchant_name",
    "labels",
    "site",
    "keys",
];

/// The columns that tell what is so and that an import passes over.
const TOLD_ONLY: [&str; 2] = ["site", "keys"];

/// What a spreadsheet takes to begin a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The lines of a table.
pub(super) fn read(text: &[u8]) -> Result<Vec<Line>, RegistryError> {
    // Spreadsheets put a byte order mark first.
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let head = reader.headers().map_err(unreadable)?.clone();
    let head: Vec<String> = head.iter().map(|name| name.trim().to_lowercase()).collect();
    if !head.iter().any(|name| name == "key") {
        let what = "the first line names no column `key`".to_owned();
        return Err(RegistryError::NotTable(what));
    }
    if let Some(unknown) = head.iter().find(|name| !COLUMNS.contains(&name.as_str())) {
        let known = COLUMNS.join(", ");
        let what = format!("there is no column {unknown:?}; there are {known}");
        return Err(RegistryError::NotTable(what));
    }
    let mut lines = Vec::new();
    let mut counter = Counter {
        text,
        at: 0,
        number: 1,
    };
    for record in reader.records() {
        if lines.len() >= MAX_MERCHANTS {
            return Err(RegistryError::TooMany(lines.len() + 1));
        }
        let record = record.map_err(unreadable)?;
        let number = counter.line_of(&record);
        lines.push(line(&head, number, &record));
    }
    Ok(lines)
}

/// Counts lines as an editor does. The reader's own count is one behind where lines end with CR LF.
struct Counter<'a> {
    text: &'a [u8],
    at: usize,
    number: usize,
}

impl Counter<'_> {
    fn line_of(&mut self, record: &csv::StringRecord) -> usize {
        let begin = record.position().map_or(0, csv::Position::byte);
        let begin = usize::try_from(begin).unwrap_or(usize::MAX);
        let rest = self.text.get(begin..).unwrap_or_default();
        let blank = rest
            .iter()
            .take_while(|byte| b"\r\n".contains(byte))
            .count();
        let passed = self.text.get(self.at..begin.saturating_add(blank));
        let ends = memchr::memchr_iter(b'\n', passed.unwrap_or_default());
        self.number += ends.count();
        self.at = begin.saturating_add(blank);
        self.number
    }
}

fn unreadable(error: csv::Error) -> RegistryError {
    RegistryError::NotTable(error.to_string())
}

fn line(head: &[String], number: usize, record: &csv::StringRecord) -> Line {
    let mut key = String::new();
    let mut told = serde_json::Map::new();
    let mut wrong = None;
    if record.len() != head.len() {
        let (cells, columns) = (record.len(), head.len());
        wrong = Some(format!(
            "it has {cells} cells, the first line has {columns}"
        ));
    }
    for (name, cell) in head.iter().zip(record) {
        let cell = plain(cell);
        if name == "key" {
            key = cell.to_owned();
        }
        // An empty cell says nothing, so that a table may leave out what it does not know.
        if cell.is_empty() || TOLD_ONLY.contains(&name.as_str()) {
            continue;
        }
        match value(name, cell) {
            Ok(value) => {
                told.insert(name.clone(), value);
            }
            Err(what) => wrong = wrong.or(Some(what)),
        }
    }
    let told = match wrong {
        Some(what) => Err(what),
        None => serde_json::from_value::<Told>(Value::Object(told)).map_err(|e| e.to_string()),
    };
    Line { number, key, told }
}

fn value(name: &str, cell: &str) -> Result<Value, String> {
    match name {
        "domains" | "checkout_paths" | "admin_paths" | "harmless_parameters" | "labels" => {
            Ok(cell.split_whitespace().collect())
        }
        "rate" | "retention_days" => match cell.parse::<u32>() {
            Ok(number) => Ok(json!(number)),
            Err(_) => Err(format!("{name} is {cell:?}, no number")),
        },
        _ => Ok(json!(cell)),
    }
}

/// The cells of a site.
pub(super) fn cells(entry: &SiteEntry, (key, merchant_name): (&str, &str)) -> Vec<String> {
    let record = &entry.record;
    let told = |field: &str| entry.payment.get(field).and_then(Value::as_str);
    let number = |number: Option<u32>| number.map(|it| it.to_string()).unwrap_or_default();
    let keys: Vec<&str> = record.keys.iter().map(|it| it.key.as_str()).collect();
    let cells = [
        key.to_owned(),
        record.name.clone(),
        entry.country.clone(),
        entry.platform.clone(),
        record.domains.join(" "),
        record.checkout_paths.join(" "),
        record.admin_paths.join(" "),
        told("integration").unwrap_or_default().to_owned(),
        told("psp").unwrap_or_default().to_owned(),
        entry.policy.clone(),
        record.harmless_parameters.join(" "),
        number(record.rate),
        record.retention_days.to_string(),
        entry.merchant.to_string(),
        merchant_name.to_owned(),
        entry.labels.join(" "),
        record.id.to_string(),
        keys.join(" "),
    ];
    cells.iter().map(|cell| harmless_cell(cell)).collect()
}

/// A cell that no spreadsheet takes for a formula: with an apostrophe before what would begin one.
pub fn harmless_cell(cell: &str) -> String {
    if cell.trim_start_matches('\'').starts_with(FORMULA) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// The cell without what [`harmless_cell`] put before it.
fn plain(cell: &str) -> &str {
    let cell = cell.trim();
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA) => rest,
        _ => cell,
    }
}
