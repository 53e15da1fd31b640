//! Reports as they come, and what the detector sees of them.

use skimwatch::clock::Timestamp;
use skimwatch::enrich::{Enricher, PseudonymKey};
use skimwatch::intake::Examiner;
use skimwatch::normalize::Profile;
use skimwatch::redact::{Harmless, Key, Redactor};
use skimwatch::sighting::{Sighting, Source};

use super::world::*;

/// What redaction leaves of a script's address is still told apart.
#[test]
fn sources_of_real_reports_are_told_apart() {
    let examiner = Examiner::new(Enricher::none(), Redactor::new(Key::new([7; 32])));
    let address = "192.0.2.1".parse().expect("an address");
    let visitor = examiner.visitor(address, "", &PseudonymKey::new([9; 32]));
    for (source, want) in [
        (
            "https://www.googletagmanager.com/gtm.js?id=GTM-ABC123",
            Source::TagManager,
        ),
        (
            "https://shop.test/js/vendor/jquery.js?v=7",
            Source::OwnFile("/js/vendor/jquery.js"),
        ),
        ("https://cdn.test/js/a.js", Source::Other),
        ("https://shop.test/checkout", Source::Other),
        ("chrome-extension", Source::Extension),
        ("", Source::None),
    ] {
        let body = serde_json::json!({ "csp-report": {
            "document-uri": "https://shop.test/checkout", "effective-directive": "connect-src",
            "blocked-uri": "https://evil.test/", "source-file": source,
        }});
        let mut seen = Vec::new();
        let entry = |entry| seen.push(entry);
        examiner
            .examine(
                (body.to_string().as_bytes(), None),
                visitor,
                (&Profile::default(), Harmless::none()),
                entry,
            )
            .expect("a report");
        let report = seen.pop().expect("one entry").expect("a report");
        let site = site("shop");
        let sighting = Sighting::of(&report, &site, Timestamp(START)).expect("a violation");
        assert_eq!(sighting.source, want, "{source}");
    }
}
