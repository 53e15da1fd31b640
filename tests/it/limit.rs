//! The gate before the body, as the intake sees it.
#![expect(
    clippy::unwrap_used,
    reason = "what is unwrapped here is what the test is about"
)]

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use skimwatch::clock::{ManualClock, SharedClock, Timestamp};
use skimwatch::enrich::Network;
use skimwatch::ids::SiteId;
use skimwatch::limit::{Config, Gate, Limiter};
use skimwatch::metrics::Kind;

fn site(name: &str) -> SiteId {
    SiteId::new(name).unwrap()
}

fn network(address: &str) -> Network {
    Network::of(address.parse::<IpAddr>().unwrap())
}

fn limiter(config: Config) -> (Arc<ManualClock>, Limiter) {
    let clock = ManualClock::at(Timestamp(1_700_000_000_000));
    let shared: SharedClock = Arc::clone(&clock) as SharedClock;
    (clock, Limiter::new(config, shared))
}

#[test]
fn a_flooding_network_is_shut_out_of_one_site_only() {
    let (clock, limiter) = limiter(Config {
        network_rate: 10,
        ..Config::default()
    });
    let (shop, other) = (site("shop"), site("other"));
    let (flood, neighbor) = (network("192.0.2.7"), network("192.0.2.200"));
    let stranger = network("192.0.3.7");
    limiter.visit(&shop, None, flood).charge(150);
    assert_eq!(limiter.visit(&shop, None, flood).gate(), Gate::Fold);
    assert_eq!(
        limiter.visit(&shop, None, neighbor).gate(),
        Gate::Fold,
        "its /24"
    );
    assert_eq!(limiter.visit(&shop, None, stranger).gate(), Gate::Read);
    assert_eq!(limiter.visit(&other, None, flood).gate(), Gate::Read);
    clock.advance(Duration::from_millis(5200));
    assert_eq!(
        limiter.visit(&shop, None, flood).gate(),
        Gate::Read,
        "paid off"
    );
}

#[test]
fn a_flood_of_networks_leaves_memory_bounded_and_others_in() {
    let (_, limiter) = limiter(Config {
        max_keys: 1000,
        ..Config::default()
    });
    let flooded = site("flooded");
    for n in 0..50_000u32 {
        let address = IpAddr::from((n << 8).to_be_bytes());
        limiter
            .visit(&flooded, None, Network::of(address))
            .charge(1);
    }
    limiter.sweep();
    let metrics = skimwatch::metrics::get();
    for kind in ["networks", "novelty", "sites", "known", "repeats"] {
        let kind = Kind { kind };
        let tracked = metrics.limit_tracked_keys.get_or_create(&kind).get();
        let limit = metrics.limit_tracked_keys_limit.get_or_create(&kind).get();
        // Each of 64 shards rounds its part up.
        assert!(tracked <= limit + 64, "{tracked} of {limit} {kind:?}");
    }
    let quiet = network("2001:db8:7::1");
    assert_eq!(
        limiter.visit(&site("quiet"), None, quiet).gate(),
        Gate::Read
    );
}
