//! What people vouch for: on the list, off the list, and what detection reads of it.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use skimwatch::cases::Cases;
use skimwatch::clock::{ManualClock, Timestamp};
use skimwatch::erasure::{Erasure, Target};
use skimwatch::ids::SiteId;
use skimwatch::registry::{
    Author, MAX_TRUSTS_EVERYWHERE, MAX_TRUSTS_OF_SITE, MAX_WHY_CHARS, Registry, TrustsOf,
};
use skimwatch::scope::Scope;

use crate::support::skimwatch::Skimwatch;

const NOW: Timestamp = Timestamp(1_767_193_243_936);
const WHY: (&str, &str) = ("anna", "the provider's own page");

fn registry(folder: &Path) -> Registry {
    let file = folder.join("control.sqlite");
    let registry = Registry::open(&file, ManualClock::at(NOW)).expect("a registry");
    let shops = json!({ "merchants": [{"key": "shop-a"}, {"key": "shop-b"}] });
    registry.import(&shops.to_string(), "test").expect("good");
    registry
}

fn site(id: &str) -> SiteId {
    SiteId::new(id).expect("a plain id")
}

fn at(id: &str) -> TrustsOf {
    TrustsOf::Site(site(id))
}

#[test]
fn destinations_come_and_go() {
    let folder = tempfile::tempdir().expect("a directory");
    let registry = registry(folder.path());
    let (all, a) = (TrustsOf::All, at("shop-a"));
    let add = |domain, of| registry.add_trust(domain, of, WHY).expect(domain);
    assert_eq!(add("Vendor.Example.", &all), "vendor.example");
    assert_eq!(add("日本語.jp", &a), "xn--wgv71a119e.jp");
    assert_eq!(add("vendor.example", &a), "vendor.example");
    let trusted = registry.trusted().expect("readable");
    for (name, id, destination, covered) in [
        ("of all", "shop-b", "vendor.example", true),
        ("of one", "shop-a", "xn--wgv71a119e.jp", true),
        ("of another", "shop-b", "xn--wgv71a119e.jp", false),
        ("of none", "shop-a", "evil.example", false),
    ] {
        assert_eq!(trusted.covers(&site(id), destination), covered, "{name}");
    }
    let first = &registry.trusts().expect("readable")[0];
    assert_eq!((first.at, &first.of), (NOW, &all));
    assert_eq!((first.actor.as_str(), first.why.as_str()), WHY);

    let removed = registry.remove_trust("VENDOR.example", &all, "anna");
    assert_eq!(removed.expect("it was there"), "vendor.example");
    let left = registry.trusted().expect("readable");
    assert!(left.covers(&site("shop-a"), "vendor.example"), "its own");
    assert!(!left.covers(&site("shop-b"), "vendor.example"));
    // Two sites, three trusts, one taken back.
    assert_eq!(registry.audit_verify().expect("whole").entries, 6);
}

/// What a running detector looks at: it grows when the list changes, and then only.
#[test]
fn each_change_of_the_list_has_a_number() {
    let folder = tempfile::tempdir().expect("a directory");
    let registry = registry(folder.path());
    let versions = || {
        let (trusts, all) = (registry.trusts_version(), registry.version());
        (trusts.expect("readable"), all.expect("readable"))
    };
    let (all, anna) = (TrustsOf::All, "anna");
    let add = |why| registry.add_trust("a.example", &all, (anna, why));
    assert_eq!(versions(), (0, 1), "one import");
    add("x").expect("added");
    assert_eq!(versions(), (1, 2));
    add(" x ").expect("it is there");
    assert_eq!(versions(), (1, 2), "the same again");
    add("y").expect("added");
    assert_eq!(versions(), (2, 3), "for another reason");
    registry
        .add_key(
            &Scope::Operator,
            &site("shop-a"),
            &Author::of_installation(anna),
        )
        .expect("a key");
    assert_eq!(versions(), (2, 4), "another change");
    registry
        .remove_trust("a.example", &all, anna)
        .expect("it is there");
    assert_eq!(versions(), (3, 5));
}

#[test]
fn what_cannot_be_trusted_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a directory");
    let registry = registry(folder.path());
    let long = "x".repeat(MAX_WHY_CHARS + 1);
    let before = registry.version().expect("readable");
    for (name, domain, of, why, says) in [
        (
            "address",
            "https://a.example/",
            TrustsOf::All,
            "x",
            "write vendor.example, without",
        ),
        ("IP", "203.0.113.7", TrustsOf::All, "x", "is an IP address"),
        ("suffix", "co.jp", TrustsOf::All, "x", "is a public suffix"),
        (
            "below",
            "cdn.a.example",
            TrustsOf::All,
            "x",
            "write a.example if all",
        ),
        (
            "no such site",
            "a.example",
            at("nobody"),
            "x",
            "there is no site nobody",
        ),
        ("no reason", "a.example", TrustsOf::All, " ", "say why"),
        (
            "long reason",
            "a.example",
            TrustsOf::All,
            &long,
            "1 to 500 characters",
        ),
        (
            "line break",
            "a.example",
            TrustsOf::All,
            "a\nb",
            "without line breaks",
        ),
    ] {
        let error = registry
            .add_trust(domain, &of, ("anna", why))
            .expect_err(name);
        assert!(error.to_string().contains(says), "{name}: {error}");
    }
    for (of, says) in [
        (TrustsOf::All, "a.example is not trusted at every site"),
        (at("shop-a"), "a.example is not trusted at site shop-a"),
    ] {
        let error = registry.remove_trust("a.example", &of, "anna");
        let error = error.expect_err(says).to_string();
        assert!(error.contains(says), "{error}");
    }
    assert_eq!(registry.version().expect("readable"), before);
    assert!(registry.trusts().expect("readable").is_empty());
}

#[test]
fn the_lists_have_an_end() {
    let folder = tempfile::tempdir().expect("a directory");
    let registry = registry(folder.path());
    let file = rusqlite::Connection::open(folder.path().join("control.sqlite")).expect("it opens");
    let fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
                INSERT INTO trusts SELECT 'v' || i || '.example', ?1, 'test', 0, 'x' FROM n";
    for (name, of, column, most) in [
        ("all", TrustsOf::All, "", MAX_TRUSTS_EVERYWHERE),
        ("one", at("shop-a"), "shop-a", MAX_TRUSTS_OF_SITE),
    ] {
        file.execute(fill, rusqlite::params![column, most])
            .expect("full");
        let error = registry
            .add_trust("more.example", &of, WHY)
            .expect_err(name);
        let text = error.to_string();
        assert!(text.contains(&most.to_string()), "{name}: {text}");
        let again = registry.add_trust("v1.example", &of, WHY);
        again.expect("one of them may get another reason");
    }
    let other = registry.add_trust("more.example", &at("shop-b"), WHY);
    other.expect("another site has its own list");
}

#[test]
fn a_site_that_is_erased_takes_its_list_along() {
    let folder = tempfile::tempdir().expect("a directory");
    let registry = Arc::new(registry(folder.path()));
    let cases = Cases::new(Arc::clone(&registry));
    for of in [TrustsOf::All, at("shop-a"), at("shop-b")] {
        registry.add_trust("a.example", &of, WHY).expect("added");
    }
    let target = Target::Site(site("shop-a"));
    assert_eq!(cases.traces(&target).expect("readable").trusts, 1);
    let before = registry.trusts_version().expect("readable");
    let erasure = Erasure { target, until: NOW };
    let (_, traces) = cases.erase(&erasure, &json!({}), "test").expect("erased");
    assert_eq!(traces.trusts, 1);
    let left = registry.trusts().expect("readable");
    let left: Vec<&TrustsOf> = left.iter().map(|trust| &trust.of).collect();
    assert_eq!(left, [&TrustsOf::All, &at("shop-b")]);
    assert!(registry.trusts_version().expect("readable") > before);
    registry.audit_verify().expect("whole");
}

#[test]
fn the_commands() {
    let program = Skimwatch::prepare(&[]);
    program.import(&json!([{"key": "shop-a"}]));
    assert_eq!(program.ok(&["trust", "list"]), "nothing is trusted\n");
    let why = ["--why", "our own page"];
    let add = |args: &[&str]| program.ok(&[&["trust", "add"], args, &why].concat());
    let everywhere = add(&["Pay.Example"]);
    assert_eq!(everywhere, "pay.example is trusted at every site\n");
    add(&["chat.example", "--site", "shop-a"]);
    let list = program.ok(&["trust", "list", "--json"]);
    let list: Value = serde_json::from_str(&list).expect("JSON");
    let short = |i: usize| (&list[i]["destination"], &list[i]["site"], &list[i]["why"]);
    let why = json!("our own page");
    assert_eq!(short(0), (&json!("pay.example"), &Value::Null, &why));
    assert_eq!(short(1), (&json!("chat.example"), &json!("shop-a"), &why));
    assert_eq!(list[0]["actor"], "shell");
    program.ok(&["trust", "remove", "pay.example"]);
    let told = program.ok(&["trust", "list"]);
    assert!(told.starts_with("chat.example\tat site shop-a\t"), "{told}");
    let help = program.ok(&["trust", "--help"]);
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("silences no card numbers and no fake payment page"));
    program.ok(&["audit", "verify"]);
    let output = program.run(&["trust", "add", "co.jp", "--why", "x"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && said.lines().count() == 1,
        "{said}"
    );
}
