//! Organizations, and which sites and merchants each of them sees.

use serde_json::json;
use skimwatch::ids::{MerchantId, OrganizationId, SiteId};
use skimwatch::language::Language;
use skimwatch::registry::{
    NewSite, OrganizationFacts, OrganizationKind, Registry, RegistryError, SiteFacts, SiteOwner,
};
use skimwatch::scope::Scope;
use skimwatch::sites::{Lookup, SharedSites};

use super::{Bench, anna, merchants, site};
use crate::cases::organization_of;

fn id(name: &str) -> OrganizationId {
    OrganizationId::new(name).expect("a plain id")
}

fn seen(registry: &Registry, organization: &str) -> Vec<String> {
    let scope = registry.scope(&id(organization)).expect("readable");
    let sites = registry.sites(&scope, None, 100).expect("readable");
    assert_eq!(
        registry.site_count(&scope).expect("readable"),
        sites.len() as u64
    );
    sites.iter().map(|it| it.record.id.to_string()).collect()
}

#[test]
fn a_shop_may_use_several_providers() {
    let bench = Bench::new();
    let registry = bench.open();
    organization_of(&registry, "one", &["a", "b"]);
    organization_of(&registry, "two", &["b", "c"]);
    assert_eq!(seen(&registry, "one"), ["a", "b"]);
    assert_eq!(seen(&registry, "two"), ["b", "c"]);
    assert_eq!(seen(&registry, "operator"), ["a", "b", "c"]);
    registry
        .unshare_site(&id("one"), &site("b"), &anna())
        .expect("taken");
    assert_eq!(seen(&registry, "one"), ["a"], "a list that was read before");
    assert_eq!(seen(&registry, "two"), ["b", "c"]);
    let again = registry.unshare_site(&id("one"), &site("b"), &anna());
    assert!(
        matches!(again, Err(RegistryError::NotShared { .. })),
        "{again:?}"
    );
    // Another process sees it too.
    assert_eq!(seen(&bench.open(), "one"), ["a"]);
    let scope = registry.scope(&id("one")).expect("readable");
    assert!(
        registry
            .site(&scope, &site("b"))
            .expect("readable")
            .is_none()
    );
    registry
        .retire_site(&Scope::Operator, &site("c"), &anna())
        .expect("retired");
    assert_eq!(seen(&registry, "two"), ["b"]);
    registry.audit_verify().expect("whole");
}

#[test]
fn what_an_organization_cannot_be() {
    let registry = Bench::new().open();
    let facts = |kind, name: &str| OrganizationFacts {
        name: name.to_owned(),
        kind,
        language: Language::Ja,
        tells_others: false,
    };
    for (name, organization, facts) in [
        (
            "a second operator",
            "other",
            facts(OrganizationKind::Operator, "x"),
        ),
        (
            "an operator no more",
            "operator",
            facts(OrganizationKind::Psp, "x"),
        ),
        (
            "a bell in its name",
            "psp",
            facts(OrganizationKind::Psp, "x\u{7}"),
        ),
    ] {
        let put = registry.put_organization(&id(organization), facts, &anna());
        assert!(
            matches!(put, Err(RegistryError::Field(_))),
            "{name}: {put:?}"
        );
    }
    let put = |facts| {
        registry
            .put_organization(&id("psp"), facts, &anna())
            .expect("put")
    };
    assert!(put(facts(OrganizationKind::Psp, "決済")));
    assert!(!put(facts(OrganizationKind::Psp, "決済代行")), "changed");
    let version = registry.version().expect("readable");
    assert!(!put(facts(OrganizationKind::Psp, "決済代行")));
    assert_eq!(
        registry.version().expect("readable"),
        version,
        "nothing changed"
    );
    let known = registry
        .organization(&id("psp"))
        .expect("readable")
        .expect("there");
    assert_eq!(
        (known.name.as_str(), known.language),
        ("決済代行", Language::Ja)
    );
    let unknown = registry.scope(&id("nobody"));
    assert!(
        matches!(unknown, Err(RegistryError::NoOrganization(_))),
        "{unknown:?}"
    );
}

#[test]
fn sites_are_added_and_changed_by_who_sees_them() {
    let bench = Bench::new();
    let registry = bench.open();
    organization_of(&registry, "one", &[]);
    organization_of(&registry, "two", &[]);
    let (one, two) = (id("one"), id("two"));
    let author = anna();
    let add = |organization, reference: &str| {
        let new = NewSite {
            id: None,
            reference: reference.to_owned(),
            facts: SiteFacts {
                name: Some("店".to_owned()),
                domains: Some(vec!["shop.example".to_owned()]),
                integration: Some("link".to_owned()),
                ..SiteFacts::default()
            },
        };
        registry.add_site(
            SiteOwner {
                organization,
                author: &author,
            },
            new,
        )
    };
    let first = add(&one, "M-1").expect("added");
    add(&two, "M-1").expect("each has names of its own");
    let twice = add(&one, "M-1").expect_err("taken");
    assert!(
        twice
            .to_string()
            .contains("another site of one is called \"M-1\""),
        "{twice}"
    );
    assert_eq!(seen(&registry, "one"), [first.record.id.to_string()]);

    let rename = |organization: &OrganizationId| {
        let scope = registry.scope(organization).expect("readable");
        let facts = SiteFacts {
            name: Some("新しい店".to_owned()),
            ..SiteFacts::default()
        };
        registry.change_site(&scope, (&first.record.id, facts), &author)
    };
    assert!(matches!(rename(&two), Err(RegistryError::NoSite(_))));
    let renamed = rename(&one).expect("changed");
    assert_eq!(
        (
            renamed.record.name.as_str(),
            &renamed.payment["integration"]
        ),
        ("新しい店", &json!("link"))
    );
    let snapshot = bench.path("sites.json");
    registry.publish(&snapshot).expect("written");
    let shared = SharedSites::open(&snapshot).expect("good");
    let key = first.record.keys[0].key.as_str();
    assert!(matches!(shared.current().find(key), Lookup::Active(it) if it.id == first.record.id));
}

#[test]
fn merchants_show_where_their_sites_do() {
    let registry = Bench::new().open();
    let list = json!([
        {"key": "a", "merchant": "tanaka", "merchant_name": "田中商店"},
        {"key": "b", "merchant": "tanaka"},
        {"key": "c", "name": "Alone"},
    ]);
    registry.import(&merchants(list), "test").expect("good");
    organization_of(&registry, "one", &["a"]);
    organization_of(&registry, "two", &["c"]);
    let told = |organization: &str| {
        let scope = registry.scope(&id(organization)).expect("readable");
        let found = registry.merchants(&scope, None, 10).expect("readable");
        let told = |it: &skimwatch::registry::MerchantEntry| {
            let sites: Vec<&str> = it.sites.iter().map(SiteId::as_str).collect();
            format!("{} {} {}", it.id, it.name, sites.join(","))
        };
        found.iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(told("operator"), ["c Alone c", "tanaka 田中商店 a,b"]);
    assert_eq!(told("one"), ["tanaka 田中商店 a"]);
    assert_eq!(told("two"), ["c Alone c"]);
    let tanaka = MerchantId::new("tanaka").expect("a plain id");
    let put = |organization: &str, name| {
        registry.put_merchant(&id(organization), (&tanaka, name, "JP"), &anna())
    };
    assert!(matches!(
        put("two", "Mine"),
        Err(RegistryError::NoMerchant(_))
    ));
    assert!(!put("one", "田中屋").expect("changed"));
    let two = registry.scope(&id("two")).expect("readable");
    assert!(
        registry
            .merchant(&two, &tanaka)
            .expect("readable")
            .is_none()
    );
    // A merchant shows to who added it before it has a site.
    let fresh = MerchantId::new("fresh").expect("a plain id");
    let added = registry.put_merchant(&id("two"), (&fresh, "Fresh", "JP"), &anna());
    assert!(added.expect("added"));
    assert_eq!(told("two"), ["c Alone c", "fresh Fresh "]);
    assert_eq!(told("one"), ["tanaka 田中屋 a"]);
}
