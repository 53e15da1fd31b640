//! Many sites at once: what becomes of each line, and that an export is taken back.

use proptest::prelude::*;
use serde_json::{Value, json};
use skimwatch::ids::OrganizationId;
use skimwatch::registry::{
    Author, Bulk, BulkAnswer, ExportFormat, Keys, Registry, RegistryError, lines_of_csv,
    lines_of_json,
};
use skimwatch::scope::Scope;

use super::{Bench, anna, merchants};
use crate::cases::organization_of;

struct How {
    organization: OrganizationId,
    author: Author,
    keys: Keys,
}

impl How {
    fn of(organization: &str, keys: Keys) -> Self {
        Self {
            organization: OrganizationId::new(organization).expect("a plain id"),
            author: anna(),
            keys,
        }
    }

    fn bulk(&self, dry_run: bool) -> Bulk<'_> {
        Bulk {
            organization: &self.organization,
            author: &self.author,
            keys: self.keys,
            dry_run,
        }
    }
}

/// Line, key and verdict.
fn verdicts(answer: &BulkAnswer) -> Vec<String> {
    let told = answer.verdicts.iter().map(|verdict| {
        let value = json!(verdict);
        let word = value["verdict"].as_str().expect("a word");
        let detail = match &value["detail"] {
            Value::Null => String::new(),
            Value::String(text) => format!(": {text}"),
            fields => format!(": {fields}"),
        };
        format!("{} {} {word}{detail}", verdict.line, verdict.key)
    });
    told.collect()
}

#[test]
fn each_line_has_its_verdict() {
    let registry = Bench::new().open();
    registry
        .import(
            &merchants(json!([{"key": "a", "name": "A"}, {"key": "b", "name": "B"}])),
            "test",
        )
        .expect("good");
    let how = How::of("operator", Keys::Given);
    let list = json!([
        {"key": "a", "name": "A"},
        {"key": "b", "name": "Other", "rate": 5},
        {"key": "c"},
        {"key": "d", "domains": ["no host"]},
        {"key": "c"},
        {"name": "no key"},
    ]);
    let expected = [
        "0 a unchanged",
        "1 b changed: [\"name\",\"rate\"]",
        "2 c added",
        "3 d refused: \"no host\" in domains is no host name",
        "4 c refused: merchant 2 has the same key",
    ];
    let version = registry.version().expect("readable");
    for dry_run in [true, false] {
        let lines = lines_of_json(&merchants(list.clone())).expect("a list");
        let answer = registry.bulk(lines, &how.bulk(dry_run)).expect("looked at");
        let told = verdicts(&answer);
        assert_eq!(told[..5], expected);
        assert!(told[5].contains("missing field `key`"), "{told:?}");
        assert!(!answer.applied, "a line is refused");
    }
    assert_eq!(registry.version().expect("readable"), version);

    let good =
        || lines_of_json(&merchants(json!([{"key": "c", "labels": ["x"]}]))).expect("a list");
    let dry = registry.bulk(good(), &how.bulk(true)).expect("looked at");
    assert_eq!(
        (dry.applied, verdicts(&dry)),
        (false, vec!["0 c added".to_owned()])
    );
    assert_eq!(registry.version().expect("readable"), version);
    let done = registry.bulk(good(), &how.bulk(false)).expect("done");
    assert_eq!(
        (done.applied, verdicts(&done)),
        (true, vec!["0 c added".to_owned()])
    );
    assert_eq!(registry.audit_verify().expect("whole").entries, 3);
}

#[test]
fn an_organization_imports_by_its_own_names() {
    let registry = Bench::new().open();
    organization_of(&registry, "one", &["taken"]);
    organization_of(&registry, "two", &[]);
    let import = |organization, rows: &str| {
        let text = format!("key,name,domains,integration,rate,merchant\r\n{rows}");
        let lines = lines_of_csv(text.as_bytes()).expect("a table");
        let how = How::of(organization, Keys::References);
        registry.bulk(lines, &how.bulk(false)).expect("looked at")
    };
    let first = import(
        "two",
        "M 1,店,a.example b.example,link,,\r\ntaken,\"B, Inc.\",,js,7,\r\n",
    );
    assert_eq!(verdicts(&first), ["2 M 1 added", "3 taken added"]);
    let scope = registry
        .scope(&"two".parse().expect("a plain id"))
        .expect("readable");
    let sites = registry.sites(&scope, None, 10).expect("readable");
    assert!(
        sites.iter().all(|it| it.record.id.as_str() != "taken"),
        "another's id is not theirs"
    );
    assert!(
        sites
            .iter()
            .all(|it| it.record.keys[0].key.as_str() != it.record.id.as_str())
    );
    let again = import("two", "M 1,店,a.example,,,\r\ntaken,,,,,\r\n");
    assert_eq!(
        verdicts(&again),
        ["2 M 1 changed: [\"domains\"]", "3 taken unchanged"]
    );
    let refused = import(
        "two",
        "x,,,by post,,\r\ny,,,,many,\r\nz,,,,,tanaka\r\nw,,\r\n",
    );
    let told = verdicts(&refused);
    for (told, what) in told.iter().zip([
        "not js or link",
        "no number",
        "there is no merchant",
        "3 cells",
    ]) {
        assert!(told.contains(what), "{told}");
    }
    assert_eq!(registry.sites(&scope, None, 10).expect("readable").len(), 2);
}

#[test]
fn what_has_no_name_of_its_own_goes_by_its_id() {
    let registry = Bench::new().open();
    organization_of(&registry, "two", &["by-id", "other"]);
    let two: OrganizationId = "two".parse().expect("a plain id");
    let scope = registry.scope(&two).expect("readable");
    let mut out = Vec::new();
    let exported = registry.export_sites(&scope, ExportFormat::Csv, &mut out);
    exported.expect("written");
    for keys in [Keys::References, Keys::Given] {
        let lines = lines_of_csv(&out).expect("ours");
        let back = registry.bulk(lines, &How::of("two", keys).bulk(false));
        assert_eq!(back.expect("looked at").count().unchanged, 2, "{keys:?}");
    }
}

#[test]
fn what_is_no_table() {
    for (name, text, what) in [
        ("empty", "", "no column `key`"),
        ("no key", "name,rate\nA,1\n", "no column `key`"),
        (
            "a column of another",
            "key,price\na,1\n",
            "no column \"price\"",
        ),
        ("not UTF-8", "key,name\na,\u{1}", ""),
    ] {
        let mut bytes = text.as_bytes().to_vec();
        if what.is_empty() {
            bytes.push(0xff);
        }
        let error = lines_of_csv(&bytes).expect_err(name);
        assert!(
            matches!(&error, RegistryError::NotTable(_)),
            "{name}: {error}"
        );
        assert!(error.to_string().contains(what), "{name}: {error}");
    }
    for (name, text) in [
        ("LF", "key,name\na,A\n\nb,\"two\nlines\"\nc,C\n"),
        (
            "CR LF",
            "key,name\r\na,A\r\n\r\nb,\"two\r\nlines\"\r\nc,C\r\n",
        ),
    ] {
        let lines = lines_of_csv(text.as_bytes()).expect("a table");
        let numbers: Vec<usize> = lines.iter().map(|it| it.number).collect();
        assert_eq!(numbers, [2, 4, 6], "{name}");
    }
    let marked = lines_of_csv("\u{feff}Key , NAME\na,店\n".as_bytes());
    assert_eq!(marked.expect("as spreadsheets write it").len(), 1);
}

fn export(registry: &Registry, format: ExportFormat) -> String {
    let mut out = Vec::new();
    let written = registry.export_sites(&Scope::Operator, format, &mut out);
    written.expect("written");
    String::from_utf8(out).expect("text")
}

/// Names as people write them, and as those do who want a spreadsheet to run something.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[=+@'-]{1,3}[a-z!|(\", ]{0,12}",
        "[a-zA-Z0-9ぁ-ん,;\"']{1,12}",
    ]
    .prop_map(|name| name.trim().to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_export_is_taken_back_without_a_change(names in prop::collection::vec((name(), name(), 1_u32..1000), 1..6)) {
        let registry = Bench::new().open();
        let list = names.iter().enumerate().map(|(i, (name, platform, rate))| json!({
            "key": format!("shop-{i}"), "name": name, "platform": platform, "rate": rate,
            "domains": [format!("shop{i}.example")], "checkout_paths": ["/cart", "/注文"],
            "payment": {"integration": "js", "kept": {"as": "told"}}, "csp": {"scope": "all"},
            "labels": ["a", "b"], "merchant": format!("m{i}"), "policy": "default-src 'self'; img-src *",
        }));
        registry.import(&merchants(list.collect()), "test").expect("good");
        let how = How::of("operator", Keys::Given);
        let (json, csv) = (export(&registry, ExportFormat::Json), export(&registry, ExportFormat::Csv));
        for lines in [lines_of_json(&json), lines_of_csv(csv.as_bytes())] {
            let answer = registry.bulk(lines.expect("ours"), &how.bulk(false)).expect("looked at");
            prop_assert_eq!(answer.count().unchanged, names.len(), "{:?}", verdicts(&answer));
        }
        let mut cells = csv::Reader::from_reader(csv.as_bytes());
        for record in cells.records() {
            for cell in &record.expect("a row") {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
            }
        }
    }
}
