//! The house rules that the compiler does not know: who may import whom, and where SQL and `unsafe` stand.
//!
//! A module imports only modules of a lower rank. [`RANKS`] is the one table of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::source::Source;

/// From the vocabulary up to the assembly. A new module gets its place here first.
const RANKS: [(u8, &[&str]); 15] = [
    (
        0,
        &[
            "ids",
            "clock",
            "generations",
            "language",
            "metrics",
            "private",
            "role",
            "scope",
        ],
    ),
    (1, &["outcome", "csp", "erasure", "services", "trust"]),
    (2, &["parse", "enrich", "lookalike"]),
    (3, &["normalize"]),
    (4, &["redact"]),
    (5, &["sighting", "finding", "canary", "limit"]),
    (6, &["sites", "spool"]),
    (7, &["store"]),
    (8, &["registry"]),
    (9, &["detect", "policy"]),
    (10, &["cases"]),
    (11, &["notify", "evidence", "door"]),
    (12, &["intake", "api", "web", "ops", "onboard", "engine"]),
    (13, &["backtest", "replay", "demo"]),
    (14, &["telemetry", "config", "app", "cli", "main", "lib"]),
];

/// Ranks that are read from left to right: the vocabulary and the assembly. Elsewhere neighbors are strangers.
const ORDERED: [u8; 2] = [0, 14];

/// Words that begin a statement. In capitals, as SQL is written here.
const SQL: [&str; 9] = [
    "SELECT ",
    "INSERT INTO",
    "CREATE TABLE",
    "CREATE DATABASE",
    "ALTER TABLE",
    "DELETE FROM",
    "DROP TABLE",
    "DROP DATABASE",
    "OPTIMIZE TABLE",
];

/// What a rank from 2 to 5 would need to reach the network.
const NETWORK: [&str; 5] = ["tokio", "actix_web", "TcpStream", "UdpSocket", "clickhouse"];

/// Rank, and place in it if its rank is ordered.
fn place(module: &str) -> Option<(u8, usize)> {
    let (rank, row) = RANKS.iter().find(|(_, row)| row.contains(&module))?;
    let left_to_right = row.iter().position(|m| *m == module)?;
    Some((
        *rank,
        if ORDERED.contains(rank) {
            left_to_right
        } else {
            0
        },
    ))
}

/// Modules of this crate that the file names, each with the byte where it does.
fn imports(source: &Source) -> Vec<(usize, &str)> {
    let depth = source.path.trim_end_matches("/mod.rs").split('/').count();
    let words: Vec<_> = source.words().collect();
    let joined = |i: usize| {
        let (at, word) = words[i];
        let next = words.get(i + 1).map_or(source.code.len(), |w| w.0);
        source.code[at + word.len()..next].trim()
    };
    let mut found = Vec::new();
    for i in 0..words.len() {
        let supers = words[..=i]
            .iter()
            .rev()
            .take_while(|w| w.1 == "super")
            .count();
        let at_root = words[i].1 == "crate" || words[i].1 == "skimwatch" || supers >= depth;
        match joined(i) {
            "::" if at_root => found.extend(words.get(i + 1)),
            "::{" if at_root => found.extend(group(source, words[i].0 + words[i].1.len())),
            _ => {}
        }
        // In a module written inside a file, `super` names the file and not the root.
        if supers > 0 {
            found.retain(|(_, module)| place(module).is_some());
        }
    }
    found
}

/// The first names of `::{a::b, c::{d}}`: `a` and `c`.
fn group(source: &Source, from: usize) -> Vec<(usize, &str)> {
    let (mut depth, mut first, mut found) = (0_i32, true, Vec::new());
    let starts: BTreeMap<_, _> = source.words().collect();
    for (i, byte) in source.code.bytes().enumerate().skip(from) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => break,
            b'}' => depth -= 1,
            b',' if depth == 1 => first = true,
            _ => {}
        }
        if let (true, 1, Some(word)) = (first, depth, starts.get(&i)) {
            found.push((i, *word));
            first = false;
        }
    }
    found
}

/// Every breach of the rules, as a compiler would print it.
fn breaches(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    let mut reach: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for source in sources {
        let module = source.module();
        let Some((rank, _)) = place(module) else {
            found.push(format!("src/{}: {module} has no rank", source.path));
            continue;
        };
        for (at, import) in imports(source).into_iter().filter(|(_, to)| *to != module) {
            if place(import).is_none() {
                found.push(format!("{}: no such module: {import}", source.place(at)));
            } else if place(import) < place(module) {
                reach.entry(module).or_default().insert(import);
            } else {
                found.push(format!("{}: {module} imports {import}", source.place(at)));
            }
        }
        found.extend(words_out_of_place(source, rank));
        found.extend(sql_out_of_place(source));
    }
    if reaches(&reach, "intake", "store") {
        found.push("intake reaches store: a browser would wait for the database".to_owned());
    }
    found
}

fn words_out_of_place(source: &Source, rank: u8) -> Vec<String> {
    let module = source.module();
    let wrong = |word: &str| match word {
        "unsafe" => (module != "engine").then_some("unsafe code stands in engine only"),
        "RawReport" => (module == "spool").then_some("what is spooled went through redact"),
        "SystemClock" | "SharedClock" => {
            ((2..=4).contains(&rank)).then_some("time is handed in as a value")
        }
        "use" => (module == "lib").then_some("the root re-exports nothing"),
        _ => ((2..=5).contains(&rank) && NETWORK.contains(&word)).then_some("it knows no network"),
    };
    let places = source
        .words()
        .filter_map(|(at, word)| Some((at, wrong(word)?)));
    places
        .map(|(at, why)| format!("{}: {module}: {why}", source.place(at)))
        .collect()
}

/// `engine` is the database's own side of the wire and speaks SQL to the library.
fn sql_out_of_place(source: &Source) -> Option<String> {
    let home =
        ["store", "engine"].contains(&source.module()) || source.path.ends_with("/queries.rs");
    let word = SQL.iter().find_map(|word| source.strings.find(word))?;
    (!home).then(|| {
        format!(
            "{}: SQL stands in store and in queries.rs",
            source.place(word)
        )
    })
}

fn reaches(edges: &BTreeMap<&str, BTreeSet<&str>>, from: &str, to: &str) -> bool {
    edges.get(from).is_some_and(|next| {
        next.iter()
            .any(|module| *module == to || reaches(edges, module, to))
    })
}

#[test]
fn the_house_keeps_its_rules() {
    let sources = Source::all();
    assert!(sources.len() > 20, "src/ was not found");
    let found = breaches(&sources);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What it is, where, the line, and a part of what must be said of it.
const BREACHES: [(&str, &str, &str, &str); 14] = [
    (
        "upward",
        "parse/read.rs",
        "use crate::normalize::Violation;",
        "parse imports normalize",
    ),
    (
        "sideways",
        "api/mod.rs",
        "fn f() { crate::intake::go() }",
        "api imports intake",
    ),
    (
        "leftward only",
        "ids.rs",
        "use crate::scope::Scope;",
        "ids imports scope",
    ),
    (
        "assembly",
        "config/mod.rs",
        "use crate::app::run;",
        "config imports app",
    ),
    (
        "in a group",
        "csp/mod.rs",
        "use crate::{ids::{A, B}, spool};",
        "src/csp/mod.rs:1: csp imports spool",
    ),
    (
        "by super",
        "csp/mod.rs",
        "use super::spool;",
        "csp imports spool",
    ),
    (
        "by supers",
        "csp/policy.rs",
        "\nuse super::super::store::A;",
        "src/csp/policy.rs:2: csp imports store",
    ),
    ("newcomer", "helpers.rs", "", "helpers has no rank"),
    (
        "re-export",
        "lib.rs",
        "pub use crate::ids::SiteId;",
        "re-exports nothing",
    ),
    (
        "raw",
        "spool/frame.rs",
        "fn f(r: RawReport) {}",
        "went through redact",
    ),
    (
        "unsafe",
        "spool/frame.rs",
        "fn f() { unsafe { g() } }",
        "engine only",
    ),
    (
        "time",
        "normalize/mod.rs",
        "use crate::clock::SharedClock;",
        "handed in",
    ),
    (
        "network",
        "enrich/mod.rs",
        "use tokio::net::TcpStream;",
        "no network",
    ),
    (
        "sql",
        "api/reports.rs",
        r#"const Q: &str = "SELECT 1";"#,
        "SQL stands in",
    ),
];

#[test]
fn a_breach_is_seen() {
    for (name, path, text, expected) in BREACHES {
        let found = breaches(&[Source::new(path, text)]);
        assert!(
            found.iter().any(|b| b.contains(expected)),
            "{name}: {found:?}"
        );
    }
}

#[test]
fn a_detour_from_intake_to_the_database_is_seen() {
    let intake = Source::new("intake/mod.rs", "use crate::registry::Registry;");
    let registry = Source::new("registry/mod.rs", "use crate::store::Store;");
    assert_eq!(breaches(&[intake, registry]).len(), 1);
}

#[test]
fn the_way_down_is_free() {
    let spool = "use crate::{ids, limit::Admitted};\nuse super::spool::frame; use super::frame;\n// crate::store\n";
    let frame = "use super::Frame; use super::super::ids;";
    let sources = [
        Source::new("spool/mod.rs", spool),
        Source::new("spool/frame.rs", frame),
    ];
    assert_eq!(breaches(&sources), Vec::<String>::new());
}
