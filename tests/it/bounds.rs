//! The table of bounds in `src/bounds.md` is whole: what it names is there, and what is there it names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::http::Client;
use crate::support::skimwatch::Skimwatch;

/// The folders of the write path.
const WRITE_PATH: [&str; 11] = [
    "door",
    "intake",
    "enrich",
    "parse",
    "normalize",
    "redact",
    "limit",
    "spool",
    "store",
    "app",
    "engine/face",
];

/// Constants of these folders that bound something else: what is read, shown or searched, not what is written.
const ELSEWHERE: [&str; 36] = [
    // Answers of the reading side.
    "store::MAX_SLICES",
    "store::MAX_REPORTS",
    "store::MAX_POLICIES",
    "store::MAX_SCRIPTS",
    "store::MAX_SOURCES",
    "store::MAX_DESTINATIONS",
    "store::MOST_COUNTED",
    "store::MAX_SPREAD",
    "store::MAX_VALUES",
    "store::MOST_FACETS",
    "store::MAX_FEEDING",
    "store::MAX_BUSY",
    "store::MAX_LATELY",
    "store::MOST_SEGMENTS",
    "store::MOST_MARKS",
    "store::MOST_ROWS",
    "store::MOST_POLICIES",
    // Detection, and the demonstration.
    "app::MOST_BYTES",
    // Notices on their way out.
    "app::MOST_DUE",
    "app::MOST_TURNS",
    "app::MOST_TURNS_OF_ONE",
    // How far a key and the clock may lie apart.
    "enrich::MAX_PERIODS_APART",
    // What makes a word a word, and digits a number.
    "redact::MAX_WORD_CHARS",
    "redact::MAX_DIGITS",
    "redact::MAX_DIGIT_ROW",
    "redact::MAX_LETTERS",
    "redact::MAX_MIXED",
    "redact::MAX_CONSONANTS",
    "redact::MAX_DIGEST_DIGITS",
    "redact::MAX_CHAIN_DIGITS",
    "redact::MAX_GAP_BYTES",
    "redact::MAX_BYTES",
    "redact::MAX_ROW",
    // How often an erasure looks again.
    "store::MOST_ROUNDS",
    // Rates, and only where fuzzing runs.
    "limit::MIN_BURST",
    "face::MAX_UNPACKED_BYTES",
];

/// The rows of the table: bound, metrics.
fn rows() -> Vec<(String, String)> {
    let text = include_str!("../../src/bounds.md");
    let rows = text.lines().filter(|line| line.starts_with('|')).skip(2);
    let cells = |row: &str| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 4, "{row}");
        (cells[0].to_owned(), cells[3].to_owned())
    };
    rows.map(cells).collect()
}

/// What stands in backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// Name and labels as `/metrics` writes them.
fn series(program: &Skimwatch) -> BTreeSet<String> {
    let answer = Client::connect(program.web).and_then(|mut client| client.get("/metrics", &[]));
    let text = answer.expect("metrics").text();
    let lines = text
        .lines()
        .filter_map(|line| line.strip_prefix("skimwatch_"));
    let series = lines.filter_map(|line| line.rsplit_once(' '));
    series.map(|(name, _)| name.replace("_total", "")).collect()
}

#[test]
fn every_metric_of_the_table_is_there_and_every_limit_is_in_the_table() {
    let program = Skimwatch::start(&[]);
    let there = series(&program);
    let rows = rows();
    assert!(rows.len() > 40, "a table");
    let mut named = BTreeSet::new();
    for (bound, metrics) in &rows {
        let names: Vec<_> = quoted(metrics).collect();
        assert!(!names.is_empty() || metrics == "—", "{bound}: {metrics}");
        for name in names {
            let found = |series: &&String| {
                let rest = series.strip_prefix(name);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('{'))
            };
            assert!(there.iter().any(|series| found(&series)), "{bound}: {name}");
            named.insert(name.split('{').next().unwrap_or(name));
        }
    }
    let without_kind = there
        .iter()
        .map(|series| series.split('{').next().unwrap_or(series));
    let limits: BTreeSet<_> = without_kind
        .filter(|name| name.ends_with("_limit") && !name.starts_with("detect_"))
        .collect();
    let missing: Vec<_> = limits.difference(&named).collect();
    assert!(missing.is_empty(), "not in the table: {missing:?}");
}

#[test]
fn every_bound_of_the_write_path_is_in_the_table() {
    let rows = rows();
    let named: BTreeSet<&str> = rows.iter().flat_map(|(bound, _)| quoted(bound)).collect();
    let mut bounds = BTreeSet::new();
    for folder in WRITE_PATH {
        let module = folder.rsplit('/').next().unwrap_or(folder);
        for file in sources(
            &Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("src")
                .join(folder),
        ) {
            let text = std::fs::read_to_string(&file).expect("a source");
            let constants = text.lines().filter_map(|line| line.split_once("const "));
            let names = constants.filter_map(|(_, rest)| rest.split_once(':'));
            let names = names.map(|(name, _)| name).filter(|name| {
                ["MAX_", "MOST_", "MIN_BURST"]
                    .iter()
                    .any(|start| name.starts_with(start))
            });
            bounds.extend(names.map(|name| format!("{module}::{name}")));
        }
    }
    assert!(bounds.len() > 60, "{bounds:?}");
    let listed =
        |bound: &&String| named.contains(bound.as_str()) || ELSEWHERE.contains(&bound.as_str());
    let missing: Vec<_> = bounds.iter().filter(|bound| !listed(bound)).collect();
    assert!(missing.is_empty(), "in no table: {missing:?}");
    let constants = named.iter().copied().chain(ELSEWHERE);
    let constants = constants.filter(|name| name.contains("::") && !name.starts_with("sites::"));
    let gone: Vec<_> = constants.filter(|name| !bounds.contains(*name)).collect();
    assert!(gone.is_empty(), "not in the sources: {gone:?}");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of sources");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = paths.partition(|path| path.is_dir());
    let files = files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "rs"));
    folders
        .iter()
        .flat_map(|folder| sources(folder))
        .chain(files)
        .collect()
}
