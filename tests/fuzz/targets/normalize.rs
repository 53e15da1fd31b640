//! Any batch becomes violations: three lines that a site says of itself (domain, checkout path, admin path),
//! then a body.

#![no_main]

use std::net::{IpAddr, Ipv4Addr};

use libfuzzer_sys::fuzz_target;
use skimwatch::enrich::{Enricher, PseudonymKey};
use skimwatch::normalize::{
    Destination, MAX_AGE, MAX_HOST_BYTES, MAX_SCHEME_BYTES, Profile, Violation, normalize,
};
use skimwatch::parse::read;

fn check(violation: &Violation<'_>) {
    assert!(violation.age <= MAX_AGE);
    match &violation.destination {
        Destination::Host { domain, host } => {
            assert!(!host.is_empty() && host.len() <= MAX_HOST_BYTES, "{host}");
            assert!(host.ends_with(domain.as_str()), "{host} is under {domain}");
        }
        Destination::Scheme(scheme) => assert!(scheme.len() <= MAX_SCHEME_BYTES, "{scheme}"),
        _ => {}
    }
}

fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(4, |&b| b == b'\n');
    let mut line = || String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let said = [line(), line(), line()];
    let [domains, checkout, admin] = said.each_ref().map(std::slice::from_ref);
    let profile = Profile::new(domains, checkout, admin);
    let body = lines.next().unwrap_or_default();
    let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    let key = PseudonymKey::new([9; 32]);
    // An error is the parser's affair.
    let _ = read(body, None, |batch| {
        for raw in batch.entries.into_iter().flatten() {
            let visitor = Enricher::none().visitor(address, &raw.user_agent, &key);
            check(&normalize(raw, visitor, &profile));
        }
    });
});
