//! What people vouch for: on the list, off the list, and what detection reads of it.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use skimwatch::cases::Cases;
use skimwatch::clock::{ManualClock, Timestamp};
use skimwatch::erasure::{Erasure, Target};
use skimwatch::ids::{OrganizationId, SiteId};
use skimwatch::language::Language;
use skimwatch::registry::{
    Author, Caller, MAX_TRUSTS_EVERYWHERE, MAX_TRUSTS_OF_SITE, MAX_WHY_CHARS, OrganizationFacts,
    OrganizationKind, Registry, RegistryError, TrustsOf,
};
use skimwatch::role::{Right, Role};
use skimwatch::scope::Scope;
use skimwatch::trust::Verdict;

use crate::support::skimwatch::Skimwatch;

const NOW: Timestamp = Timestamp(1_767_193_243_936);
const WHY: &str = "the provider's own page";

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

fn anna() -> Author {
    Author::of_installation("anna")
}

fn approve(
    registry: &Registry,
    domain: &str,
    of: &TrustsOf,
    why: &str,
) -> Result<String, RegistryError> {
    registry.judge(domain, (of, Verdict::Approved), (&anna(), why))
}

fn at(id: &str) -> TrustsOf {
    TrustsOf::Site(site(id))
}

#[test]
fn destinations_come_and_go() {
    let folder = tempfile::tempdir().expect("a directory");
    let registry = registry(folder.path());
    let (all, a) = (TrustsOf::All, at("shop-a"));
    let add = |domain, of| approve(&registry, domain, of, WHY).expect(domain);
    assert_eq!(add("Vendor.Example.", &all), "vendor.example");
    assert_eq!(add("日本語.jp", &a), "xn--wgv71a119e.jp");
    assert_eq!(add("vendor.example", &a), "vendor.example");
    let trusted = registry.verdicts().expect("readable").approved;
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
    assert_eq!((first.actor.as_str(), first.why.as_str()), ("anna", WHY));

    let removed = registry.withdraw("VENDOR.example", &all, (&anna(), None));
    assert_eq!(removed.expect("it was there"), "vendor.example");
    let left = registry.verdicts().expect("readable").approved;
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
    let all = TrustsOf::All;
    let add = |why| approve(&registry, "a.example", &all, why);
    assert_eq!(versions(), (0, 1), "one import");
    add("x").expect("added");
    assert_eq!(versions(), (1, 2));
    add(" x ").expect("it is there");
    assert_eq!(versions(), (1, 2), "the same again");
    add("y").expect("added");
    assert_eq!(versions(), (2, 3), "for another reason");
    registry
        .add_key(&Scope::Operator, &site("shop-a"), &anna())
        .expect("a key");
    assert_eq!(versions(), (2, 4), "another change");
    registry
        .withdraw("a.example", &all, (&anna(), Some("a test")))
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
        let error = approve(&registry, domain, &of, why).expect_err(name);
        assert!(error.to_string().contains(says), "{name}: {error}");
    }
    for of in [TrustsOf::All, at("shop-a")] {
        let error = registry.withdraw("a.example", &of, (&anna(), None));
        let error = error.expect_err("nothing is there").to_string();
        let says = format!("a.example is neither trusted nor blocked {of}");
        assert!(error.contains(&says), "{error}");
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
                INSERT INTO trusts (destination, site, actor, trusted_at, why)
                SELECT 'v' || i || '.example', ?1, 'test', 0, 'x' FROM n";
    for (name, of, column, most) in [
        ("all", TrustsOf::All, "", MAX_TRUSTS_EVERYWHERE),
        ("one", at("shop-a"), "shop-a", MAX_TRUSTS_OF_SITE),
    ] {
        file.execute(fill, rusqlite::params![column, most])
            .expect("full");
        let error = approve(&registry, "more.example", &of, WHY).expect_err(name);
        let text = error.to_string();
        assert!(text.contains(&most.to_string()), "{name}: {text}");
        let again = approve(&registry, "v1.example", &of, "another");
        again.expect("one of them may get another reason");
    }
    let other = approve(&registry, "more.example", &at("shop-b"), WHY);
    other.expect("another site has its own list");
}

#[test]
fn a_site_that_is_erased_takes_its_list_along() {
    let folder = tempfile::tempdir().expect("a directory");
    let registry = Arc::new(registry(folder.path()));
    let cases = Cases::new(Arc::clone(&registry));
    for of in [TrustsOf::All, at("shop-a"), at("shop-b")] {
        approve(&registry, "a.example", &of, WHY).expect("added");
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
    assert_eq!(
        program.ok(&["trust", "list"]),
        "nothing is trusted or blocked\n"
    );
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
    assert!(
        told.starts_with("chat.example\tapproved at site shop-a\t"),
        "{told}"
    );
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

/// One site is shared by two organizations, each has one alone, and a third belongs to nobody.
fn shared(folder: &Path) -> (Registry, [OrganizationId; 2]) {
    let file = folder.join("control.sqlite");
    let registry = Registry::open(&file, ManualClock::at(NOW)).expect("a registry");
    let keys = ["of-a", "of-b", "of-both", "of-nobody"];
    let shops: Vec<Value> = keys.iter().map(|key| json!({ "key": key })).collect();
    let shops = json!({ "merchants": shops });
    registry.import(&shops.to_string(), "test").expect("good");
    let organizations = ["psp-a", "psp-b"].map(|id| OrganizationId::new(id).expect("plain"));
    for (own, organization) in ["of-a", "of-b"].iter().zip(&organizations) {
        let facts = OrganizationFacts {
            name: organization.to_string(),
            kind: OrganizationKind::Psp,
            language: Language::En,
            tells_others: false,
        };
        let put = registry.put_organization(organization, facts, &anna());
        put.expect("added");
        for key in [*own, "of-both"] {
            let shared = registry.share_site(organization, (&site(key), key), &anna());
            shared.expect("shared");
        }
    }
    (registry, organizations)
}

fn author_of(registry: &Registry, organization: &OrganizationId) -> Author {
    let caller = Caller {
        name: format!("analyst of {organization}"),
        organization: organization.clone(),
        role: Role::Analyst,
        scope: registry.scope(organization).expect("readable"),
    };
    caller.author(Right::Triage).expect("an analyst may")
}

/// A verdict is everybody's who sees the site: one of them alone decides about no more than the own sites.
#[test]
fn organizations_decide_about_what_is_theirs_alone() {
    let folder = tempfile::tempdir().expect("a directory");
    let (registry, organizations) = shared(folder.path());
    let a = author_of(&registry, &organizations[0]);
    for (name, of, may) in [
        ("every site", TrustsOf::All, false),
        ("the own one", at("of-a"), true),
        ("another's", at("of-b"), false),
        ("a shared one", at("of-both"), false),
        ("nobody's", at("of-nobody"), false),
    ] {
        assert_eq!(
            registry.may_judge(&of, &a).expect("readable"),
            may,
            "{name}"
        );
        for verdict in Verdict::ALL {
            let judged = registry.judge("a.example", (&of, verdict), (&a, WHY));
            let refused = matches!(judged, Err(RegistryError::NotYourVerdict { .. }));
            assert_eq!((judged.is_ok(), refused), (may, !may), "{name}: {judged:?}");
        }
        // What the operator decides stays.
        let by_operator = registry.judge("b.example", (&of, Verdict::Blocked), (&anna(), WHY));
        by_operator.expect("the operator may");
        let changed = registry.judge("b.example", (&of, Verdict::Approved), (&a, WHY));
        assert!(changed.is_err(), "{name}");
        let withdrawn = registry.withdraw("b.example", &of, (&a, Some(WHY)));
        assert!(withdrawn.is_err(), "{name}");
    }
    let own = registry.withdraw("a.example", &at("of-a"), (&a, Some("gone")));
    own.expect("it was theirs");
    registry.audit_verify().expect("whole");
}

/// Block takes the place of approval, and each decision stands in the history of those who may see the site.
#[test]
fn a_destination_has_a_history_of_verdicts() {
    let folder = tempfile::tempdir().expect("a directory");
    let (registry, organizations) = shared(folder.path());
    let a = author_of(&registry, &organizations[0]);
    let judge = |of: &TrustsOf, verdict, by: &Author, why| {
        let judged = registry.judge("x.example", (of, verdict), (by, why));
        judged.expect("decided");
    };
    judge(&at("of-a"), Verdict::Approved, &a, "ours");
    judge(&at("of-a"), Verdict::Blocked, &a, "it turned");
    judge(&at("of-b"), Verdict::Blocked, &anna(), "bad there");
    let withdrawn = registry.withdraw("x.example", &at("of-a"), (&a, Some("a mistake")));
    withdrawn.expect("it was there");
    judge(&TrustsOf::All, Verdict::Blocked, &anna(), "bad");
    let scope = |i: usize| registry.scope(&organizations[i]).expect("readable");
    let told = |scope: &Scope| -> Vec<String> {
        let decided = registry.decided(scope, "x.example").expect("readable");
        let told = decided.into_iter().map(|it| {
            let what = if it.is_withdrawn { "not " } else { "" };
            format!("{what}{} {}: {}", it.verdict.as_str(), it.of, it.why)
        });
        told.collect()
    };
    let all = "blocked at every site: bad";
    let of_a = [
        all,
        "not blocked at site of-a: a mistake",
        "blocked at site of-a: it turned",
        "approved at site of-a: ours",
    ];
    assert_eq!(told(&scope(0)), of_a);
    assert_eq!(told(&scope(1)), [all, "blocked at site of-b: bad there"]);
    assert_eq!(told(&Scope::Operator).len(), 5);
    let standing = registry.trusts_about(&scope(0), "x.example");
    let standing = standing.expect("readable");
    let standing: Vec<_> = standing.iter().map(|it| (&it.of, it.verdict)).collect();
    assert_eq!(standing, [(&TrustsOf::All, Verdict::Blocked)]);
    let verdicts = registry.verdicts().expect("readable");
    assert_eq!(
        verdicts.of(&site("of-nobody"), "x.example"),
        Some(Verdict::Blocked)
    );
}
