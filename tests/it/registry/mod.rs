//! Control state: imports, keys, organizations, tokens, the audit log, the snapshot that collectors read.

mod bulk;
mod crash;
mod keys;
mod organizations;
mod tokens;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use skimwatch::clock::{ManualClock, Timestamp};
use skimwatch::ids::{SiteId, SiteKey};
use skimwatch::redact::Harmless;
use skimwatch::registry::{Author, ImportSummary, Registry, RegistryError};
use skimwatch::scope::Scope;
use skimwatch::sites::{KeyState, Lookup, SharedSites};

const MERCHANTS: &str = include_str!("../../fixtures/merchants.json");

struct Bench {
    dir: tempfile::TempDir,
    clock: Arc<ManualClock>,
}

impl Bench {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().expect("a directory"),
            clock: ManualClock::at(Timestamp(1_767_193_243_936)),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn open(&self) -> Registry {
        Registry::open(
            &self.path("control.sqlite"),
            Arc::<ManualClock>::clone(&self.clock),
        )
        .expect("a registry")
    }
}

fn site(id: &str) -> SiteId {
    SiteId::new(id).expect("a plain id")
}

fn key(key: &str) -> SiteKey {
    SiteKey::new(key).expect("a plain key")
}

fn merchants(list: Value) -> String {
    json!({ "merchants": list }).to_string()
}

fn summary(added: usize, changed: usize, unchanged: usize) -> ImportSummary {
    ImportSummary {
        added,
        changed,
        unchanged,
        refused: 0,
    }
}

fn anna() -> Author {
    Author::of_installation("anna")
}

#[test]
fn a_scenario_is_imported_once() {
    let bench = Bench::new();
    let registry = bench.open();
    assert_eq!(
        registry.import(MERCHANTS, "test").expect("good"),
        summary(3, 0, 0)
    );
    assert_eq!(registry.version().expect("readable"), 1);
    assert_eq!(
        registry.import(MERCHANTS, "test").expect("good"),
        summary(0, 0, 3)
    );
    assert_eq!(registry.version().expect("readable"), 1, "nothing changed");
    let whole: Value = serde_json::from_str(MERCHANTS).expect("JSON");
    for told in whole["merchants"].as_array().expect("a list") {
        let id = told["key"].as_str().expect("a key");
        let entry = registry
            .site(&Scope::Operator, &site(id))
            .expect("readable")
            .expect("imported");
        assert_eq!(json!(entry.record.name), told["name"]);
        assert_eq!(json!(entry.record.domains), told["domains"]);
        assert_eq!(json!(entry.record.checkout_paths), told["checkout_paths"]);
        assert_eq!(json!(entry.policy), told["policy"]);
        assert_eq!(
            (&entry.payment, &entry.csp),
            (&told["payment"], &told["csp"])
        );
        assert_eq!(entry.record.keys[0].key, key(id));
    }
    assert_eq!(registry.audit_verify().expect("whole").entries, 3);
}

#[test]
fn an_import_changes_only_what_it_names() {
    let bench = Bench::new();
    let registry = bench.open();
    let import = |list| registry.import(&merchants(list), "test").expect("good");
    let whole =
        json!([{"key": "a", "name": "A", "domains": ["a.example"], "rate": 5}, {"key": "b"}]);
    assert_eq!(import(whole), summary(2, 0, 0));
    let cases = [
        ("absent", json!([{"key": "a"}]), summary(0, 0, 1)),
        (
            "null",
            json!([{"key": "a", "name": null}]),
            summary(0, 0, 1),
        ),
        (
            "unknown field",
            json!([{"key": "a", "joined": 0.5}]),
            summary(0, 0, 1),
        ),
        (
            "same, other case",
            json!([{"key": "a", "domains": ["A.Example."]}]),
            summary(0, 0, 1),
        ),
        (
            "new name",
            json!([{"key": "a", "name": "AA"}]),
            summary(0, 1, 0),
        ),
        (
            "retention",
            json!([{"key": "b", "retention_days": 30}]),
            summary(0, 1, 0),
        ),
        (
            "one of each",
            json!([{"key": "c"}, {"key": "b", "rate": 9}, {"key": "a"}]),
            summary(1, 1, 1),
        ),
        ("nobody", json!([]), summary(0, 0, 0)),
    ];
    for (name, list, expected) in cases {
        assert_eq!(import(list), expected, "{name}");
    }
    let a = registry
        .site(&Scope::Operator, &site("a"))
        .expect("readable")
        .expect("there");
    assert_eq!((a.record.name.as_str(), a.record.rate), ("AA", Some(5)));
    assert_eq!(a.record.domains, ["a.example"]);
    let ids: Vec<String> = registry
        .sites(&Scope::Operator, None, 10)
        .expect("readable")
        .into_iter()
        .map(|entry| entry.record.id.to_string())
        .collect();
    assert_eq!(ids, ["a", "b", "c"]);
}

/// From the import to the collector, with a file of an earlier program before it.
#[test]
fn harmless_parameters_reach_the_collector() {
    let bench = Bench::new();
    let file = rusqlite::Connection::open(bench.path("control.sqlite")).expect("it opens");
    for schema in ["0001_create_control", "0002_create_cases"] {
        let path = format!("{}/schema/control/{schema}.sql", env!("CARGO_MANIFEST_DIR"));
        file.execute_batch(&std::fs::read_to_string(path).expect("readable"))
            .expect("a schema");
    }
    file.execute_batch(
        "INSERT INTO sites VALUES ('old', 'Old', '', '', '[]', '[]', '[]', '{}', '{}', '', NULL, 30);
         INSERT INTO site_keys VALUES ('old', 'old', 'active');
         PRAGMA user_version = 2;",
    )
    .expect("a site");
    drop(file);
    let registry = bench.open();
    let listed = |id: &str| {
        let entry = registry
            .site(&Scope::Operator, &site(id))
            .expect("readable")
            .expect("there");
        entry.record.harmless_parameters
    };
    assert!(listed("old").is_empty());
    let list = |names: Value| {
        let list = json!([{"key": "old", "harmless_parameters": names}]);
        registry.import(&merchants(list), "test").expect("good")
    };
    assert_eq!(list(json!(["lang", "utm_source"])), summary(0, 1, 0));
    assert_eq!(list(Value::Null), summary(0, 0, 1));
    assert_eq!(listed("old"), ["lang", "utm_source"]);
    let snapshot = bench.path("sites.json");
    registry.publish(&snapshot).expect("written");
    let shared = SharedSites::open(&snapshot).expect("good");
    let sites = shared.current();
    let Lookup::Active(site) = sites.find("old") else {
        unreachable!("it has a key")
    };
    let names = ["lang", "utm_source"].map(str::to_owned);
    assert_eq!(site.harmless, Harmless::of(&names));
    assert_eq!(list(json!([])), summary(0, 1, 0));
    registry.publish(&snapshot).expect("written");
    let text = std::fs::read_to_string(&snapshot).expect("readable");
    assert!(
        !text.contains("harmless"),
        "as earlier programs wrote it: {text}"
    );
}

/// An entry that cannot be used, the key that its error names, and a part of what it says.
type BadEntry = (&'static str, Value, &'static str, &'static str);

fn bad_keys() -> Vec<BadEntry> {
    let long = "k".repeat(65);
    vec![
        ("no object", json!("x"), "", "invalid type"),
        ("no key", json!({"name": "A"}), "", "missing field `key`"),
        ("number as key", json!({"key": 7}), "7", "invalid type"),
        (
            "bad key",
            json!({"key": "a/b"}),
            "a/b",
            "1 to 64 characters",
        ),
        (
            "long key",
            json!({"key": long}),
            "kkkk",
            "1 to 64 characters",
        ),
        (
            "twice",
            json!({"key": "good"}),
            "good",
            "merchant 0 has the same key",
        ),
    ]
}

fn bad_fields() -> Vec<BadEntry> {
    let many = vec!["a.example"; 65];
    let cases = [
        ("name", json!("x".repeat(300)), "name is longer"),
        ("name", json!("a\u{1b}[2J"), "control character"),
        ("domains", json!(["https://a.example"]), "no host name"),
        ("domains", json!(["a..example"]), "no host name"),
        ("domains", json!([""]), "no host name"),
        ("domains", json!(many), "more than 64"),
        ("checkout_paths", json!(["cart"]), "no path"),
        ("admin_paths", json!(["http://x/"]), "admin_paths"),
        ("payment", json!("js"), "no JSON object"),
        ("policy", json!("p".repeat(70_000)), "policy is longer"),
        (
            "harmless_parameters",
            json!(["lang", "cardCvv"]),
            "\"cardCvv\" may carry a secret",
        ),
        (
            "harmless_parameters",
            json!(["a b"]),
            "\"a b\" is no name of a parameter",
        ),
        (
            "harmless_parameters",
            json!(vec!["lang"; 33]),
            "33 names, more than 32",
        ),
        ("rate", json!(0), "rate is 0"),
        ("rate", json!(-1), "invalid value"),
        ("retention_days", json!(60_000), "retention_days"),
        ("retention_days", json!(0), "retention_days"),
    ];
    let entry = |(field, value, what): (&'static str, Value, &'static str)| {
        (field, json!({"key": "x", field: value}), "x", what)
    };
    cases.into_iter().map(entry).collect()
}

#[test]
fn a_bad_entry_is_named_and_nothing_is_imported() {
    let registry = Bench::new().open();
    for (name, bad, bad_key, what) in bad_keys().into_iter().chain(bad_fields()) {
        let list = merchants(json!([{"key": "good", "name": "Good"}, bad]));
        let error = registry.import(&list, "test").expect_err(name);
        let text = error.to_string();
        assert!(text.starts_with("merchant 1 "), "{name}: {text}");
        assert!(
            text.contains(bad_key) && text.contains(what),
            "{name}: {text}"
        );
        let standing = registry
            .sites(&Scope::Operator, None, 10)
            .expect("readable");
        assert!(standing.is_empty(), "{name}");
    }
    assert_eq!(registry.version().expect("readable"), 0);
    assert_eq!(registry.audit_verify().expect("whole").entries, 0);
}

#[test]
fn what_is_no_import_is_refused() {
    let registry = Bench::new().open();
    for (name, text) in [
        ("empty", ""),
        ("list", "[]"),
        ("no list", r#"{"format": 1}"#),
        ("cut", r#"{"merchants": [{"key": "a"}"#),
        ("newer", r#"{"format": 2, "merchants": []}"#),
    ] {
        assert!(registry.import(text, "test").is_err(), "{name}");
    }
}

#[test]
fn keys_come_and_go() {
    let bench = Bench::new();
    let registry = bench.open();
    let two = merchants(json!([{"key": "a"}, {"key": "b"}]));
    registry.import(&two, "test").expect("good");
    let new = registry
        .add_key(&Scope::Operator, &site("a"), &anna())
        .expect("given");
    registry
        .retire_key(&Scope::Operator, &key("a"), &anna())
        .expect("retired");
    registry
        .retire_key(&Scope::Operator, &key("a"), &anna())
        .expect("twice is once");
    let shared = SharedSites::open(&bench.path("sites.json")).expect("none yet");
    assert_eq!(
        registry
            .publish(&bench.path("sites.json"))
            .expect("written"),
        3
    );
    assert!(shared.reload_if_changed().expect("good"));
    let sites = shared.current();
    assert_eq!((sites.version(), sites.len()), (3, 2));
    assert!(matches!(sites.find(new.as_str()), Lookup::Active(s) if s.id == site("a")));
    assert!(matches!(sites.find("a"), Lookup::Retired));
    assert!(matches!(sites.find("b"), Lookup::Active(s) if s.id == site("b")));
    assert!(matches!(sites.find("c"), Lookup::Unknown));
}

#[test]
fn keys_are_neither_revived_nor_stolen() {
    let registry = Bench::new().open();
    let two = merchants(json!([{"key": "a"}, {"key": "b"}]));
    registry.import(&two, "test").expect("good");
    let new = registry
        .add_key(&Scope::Operator, &site("a"), &anna())
        .expect("given");
    registry
        .retire_key(&Scope::Operator, &key("a"), &anna())
        .expect("retired");

    // An import names the retired key again: it stays out of use.
    assert_eq!(
        registry.import(&two, "test").expect("good"),
        summary(0, 0, 2)
    );
    let a = registry
        .site(&Scope::Operator, &site("a"))
        .expect("readable")
        .expect("there");
    let state = |k: &SiteKey| a.record.keys.iter().find(|r| r.key == *k).map(|r| r.state);
    assert_eq!(state(&key("a")), Some(KeyState::Retired));
    assert_eq!(state(&new), Some(KeyState::Active));

    // A key of one site is never the id of another.
    let stolen = merchants(json!([{"key": new.as_str()}]));
    let error = registry.import(&stolen, "test").expect_err("it is taken");
    assert!(
        error.to_string().contains("it is a key of site a"),
        "{error}"
    );
    assert!(matches!(
        registry.add_key(&Scope::Operator, &site("nobody"), &anna()),
        Err(RegistryError::NoSite(_))
    ));
    assert!(matches!(
        registry.retire_key(&Scope::Operator, &key("nobody"), &anna()),
        Err(RegistryError::NoKey(_))
    ));
}

#[test]
fn the_audit_log_shows_every_hand_laid_on_it() {
    let tamperings = [
        (
            "altered",
            "UPDATE audit SET actor = 'nobody' WHERE seq = 2",
            2,
        ),
        (
            "moved in time",
            "UPDATE audit SET at = at + 1 WHERE seq = 1",
            1,
        ),
        ("taken out", "DELETE FROM audit WHERE seq = 2", 3),
        ("cut at the front", "DELETE FROM audit WHERE seq = 1", 2),
        (
            "given to another organization",
            "UPDATE audit SET organization = 'other' WHERE seq = 2",
            2,
        ),
        (
            "made older than organizations",
            "UPDATE audit SET organization = NULL WHERE seq = 1",
            1,
        ),
        (
            "put after the next",
            "UPDATE audit SET seq = 9 WHERE seq = 2",
            3,
        ),
        (
            "forged",
            "UPDATE audit SET hash = zeroblob(32) WHERE seq = 3",
            3,
        ),
    ];
    for (name, sql, seq) in tamperings {
        let bench = Bench::new();
        let registry = bench.open();
        let three = merchants(json!([{"key": "a"}, {"key": "b"}, {"key": "c"}]));
        registry.import(&three, "test").expect("good");
        let before = registry.audit_verify().expect("whole");
        assert_eq!(before.entries, 3);
        tamper(&bench.path("control.sqlite"), sql);
        let error = registry.audit_verify().expect_err(name);
        assert!(
            matches!(error, RegistryError::Audit { seq: s, .. } if s == seq),
            "{name}: {error}"
        );
    }
}

/// As somebody with the file in hand would: first without, then with the triggers out of the way.
fn tamper(file: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(file).expect("it opens");
    assert!(
        connection.execute(sql, []).is_err(),
        "the triggers forbid it"
    );
    connection
        .execute_batch("DROP TRIGGER audit_is_not_updated; DROP TRIGGER audit_is_not_deleted")
        .expect("dropped");
    assert_eq!(connection.execute(sql, []).expect("done"), 1);
}

#[test]
fn state_survives_and_newer_files_are_refused() {
    let bench = Bench::new();
    bench.open().import(MERCHANTS, "test").expect("good");
    assert_eq!(
        bench
            .open()
            .sites(&Scope::Operator, None, 10)
            .expect("readable")
            .len(),
        3
    );
    let file = bench.path("control.sqlite");
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&file).expect("there"));
    assert_eq!(mode & 0o777, 0o600);
    let connection = rusqlite::Connection::open(&file).expect("it opens");
    connection
        .pragma_update(None, "user_version", 99)
        .expect("set");
    let error = Registry::open(&file, Arc::<ManualClock>::clone(&bench.clock)).expect_err("newer");
    assert!(
        matches!(error, RegistryError::Newer { found: 99, .. }),
        "{error}"
    );
}
