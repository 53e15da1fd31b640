//! `skimwatch::enrich`: databases, pseudonyms, real user agents.

use std::collections::HashSet;
use std::net::IpAddr;
use std::path::PathBuf;

use skimwatch::enrich::{Config, EnrichError, Enricher, Family, Network, PseudonymKey, Visitor};

use crate::corpus;

fn fixture(name: &str) -> Option<PathBuf> {
    Some(
        [env!("CARGO_MANIFEST_DIR"), "tests/fixtures", name]
            .iter()
            .collect(),
    )
}

fn with_databases() -> Enricher {
    let config = Config {
        country_db: fixture("ipdb/country.mmdb"),
        asn_db: fixture("ipdb/asn.mmdb"),
        ..Config::default()
    };
    Enricher::open(&config).expect("the fixtures are databases")
}

fn addr(text: &str) -> IpAddr {
    text.parse().expect("tests write addresses")
}

fn visitor(addr_text: &str, user_agent: &str) -> Visitor {
    Enricher::none().visitor(addr(addr_text), user_agent, &PseudonymKey::new([7; 32]))
}

#[test]
fn databases_tell_country_and_system() {
    let enricher = with_databases();
    for (name, address, country, asn) in [
        ("IPv4", "192.0.2.77", b"JP", 64_500),
        ("IPv4 written as IPv6", "::ffff:192.0.2.77", b"JP", 64_500),
        ("IPv6", "2001:db8::1", b"DE", 4_200_000_000),
        ("MaxMind's layout", "198.51.100.1", b"FR", 0),
        ("no country code", "203.0.113.9", b"  ", 0),
        ("unknown", "10.0.0.1", b"  ", 0),
        ("unknown IPv6", "::1", b"  ", 0),
    ] {
        let visitor = enricher.visitor(addr(address), "", &PseudonymKey::new([0; 32]));
        assert_eq!((&visitor.country, visitor.asn), (country, asn), "{name}");
    }
    let nobody = visitor("192.0.2.77", "");
    assert_eq!((nobody.country, nobody.asn), (*b"  ", 0));
}

#[test]
fn a_configured_database_must_be_one() {
    let open = |country_db, asn_db| {
        Enricher::open(&Config {
            country_db,
            asn_db,
            keep_client: true,
        })
        .map(|_| ())
    };
    let missing = open(None, fixture("ipdb/none.mmdb")).expect_err("there is none");
    assert!(matches!(
        missing,
        EnrichError::Missing {
            setting: "enrich.asn_db",
            ..
        }
    ));
    let text = missing.to_string();
    assert!(
        text.contains("deploy/fetch-ipdb.sh") && text.contains("unset"),
        "{text}"
    );
    let damaged = open(fixture("ipdb/README.md"), None).expect_err("that is a text");
    assert!(matches!(
        damaged,
        EnrichError::Damaged {
            setting: "enrich.country_db",
            ..
        }
    ));
    let folder = open(fixture("ipdb"), None).expect_err("that is a folder");
    assert!(matches!(folder, EnrichError::Unreadable { .. }));
    assert!(open(None, None).is_ok());
}

#[test]
fn pseudonyms_follow_client_network_and_key() {
    let one = visitor("192.0.2.1", "A");
    assert_eq!(visitor("192.0.2.1", "A"), one);
    assert_eq!(visitor("::ffff:192.0.2.1", "A"), one);
    for (name, other, same_network) in [
        ("another user agent", visitor("192.0.2.1", "B"), true),
        ("another host of the /24", visitor("192.0.2.2", "A"), true),
        ("another /24", visitor("192.0.3.1", "A"), false),
        (
            "IPv6 with the same digits",
            visitor("::c000:201", "A"),
            false,
        ),
    ] {
        assert_ne!(other.client, one.client, "{name}");
        assert_eq!(other.network == one.network, same_network, "{name}");
    }
    let six = |text| visitor(text, "A").network;
    assert_eq!(six("2001:db8:1::1"), six("2001:db8:1:ffff::2"));
    assert_ne!(six("2001:db8:1::1"), six("2001:db8:2::1"));

    let other_key = PseudonymKey::new([8; 32]);
    let elsewhere = Enricher::none().visitor(addr("192.0.2.1"), "A", &other_key);
    assert_ne!(elsewhere.client, one.client);
    assert_ne!(elsewhere.network, one.network);
    assert_ne!(one.client, one.network);
}

#[test]
fn no_client_data_is_kept_if_so_configured() {
    let config = Config {
        country_db: fixture("ipdb/country.mmdb"),
        asn_db: fixture("ipdb/asn.mmdb"),
        keep_client: false,
    };
    let enricher = Enricher::open(&config).expect("the fixtures are databases");
    let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1";
    for (address, user_agent) in [
        ("192.0.2.77", phone),
        ("2001:db8::1", "curl/8"),
        ("::1", ""),
    ] {
        let visitor = enricher.visitor(addr(address), user_agent, &PseudonymKey::new([7; 32]));
        assert_eq!(visitor, Visitor::NOBODY, "{address}");
    }
    assert_eq!(Visitor::NOBODY.browser.family.as_str(), "");
}

#[test]
fn networks_are_compared_but_never_shown() {
    let network = Network::of(addr("192.0.2.1"));
    assert_eq!(network, Network::of(addr("::ffff:192.0.2.200")));
    assert_ne!(network, Network::of(addr("::c000:200")));
    let of_48 = Network::of(addr("2001:db8:7::1"));
    assert_eq!(of_48, Network::of(addr("2001:db8:7:9::2")));
    assert_eq!(format!("{network:?} {of_48:?}"), "Network(v4) Network(v6)");
    assert_eq!(
        format!("{:?}", PseudonymKey::new([7; 32])),
        "PseudonymKey(…)"
    );
}

/// The engines of the corpus are known, and so is what their user agents must be taken for.
#[test]
fn real_browsers_are_told_by_their_user_agents() {
    let mut seen = HashSet::new();
    for request in corpus::posts() {
        let (family, major) = match request.browser.as_str() {
            "chromium" => (Family::Chromium, 156),
            "qtwebengine-102" => (Family::Chromium, 102),
            "qtwebengine-87" => (Family::Chromium, 87),
            "firefox" => (Family::Firefox, 153),
            "webkitgtk" => (Family::WebKit, 60),
            "wpewebkit" => (Family::WebKit, 16),
            "qtwebkit" => (Family::WebKit, 10),
            other => unreachable!("{other}"),
        };
        let browser = visitor("192.0.2.1", request.header("user-agent")).browser;
        assert_eq!(
            (browser.family, browser.major, browser.mobile),
            (family, major, false),
            "{}",
            request.id
        );
        seen.insert(request.browser);
    }
    assert_eq!(seen.len(), 7);
}
