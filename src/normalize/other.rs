//! Any other report type → [`Violation`].

use serde::Deserialize;

use crate::parse::Text;

use super::address::Address;
use super::destination::Found;
use super::labels::Evidence;
use super::violation::{Destination, Label, Subject, Tampering, Violation};
use super::{Entry, Profile, destination, page};

/// Longest body that is searched for an address, in bytes.
pub const MAX_SEARCHED_BYTES: usize = 64 * 1024;

/// The members of such bodies that name what was asked for. One that is no string costs the whole
/// search: browsers send none.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Addresses {
    #[serde(rename = "blockedURL", alias = "blocked_url")]
    blocked: Option<String>,
    #[serde(rename = "subresourceURL", alias = "subresource_url")]
    subresource: Option<String>,
    #[serde(rename = "nextResponseURL")]
    next_response: Option<String>,
    #[serde(rename = "initialPopupURL")]
    initial_popup: Option<String>,
    #[serde(rename = "srcAttribute")]
    frame: Option<String>,
    #[serde(rename = "documentURL", alias = "document_url")]
    document: Option<String>,
}

pub(super) fn violation<'a>(
    entry: Entry<'a>,
    report_type: Text<'a>,
    json: &'a str,
    profile: &Profile,
) -> Violation<'a> {
    let body = if json.len() <= MAX_SEARCHED_BYTES {
        serde_json::from_str::<Addresses>(json).unwrap_or_default()
    } else {
        Addresses::default()
    };
    let document = Address::new(match body.document {
        Some(address) if entry.url.is_empty() => address.into(),
        _ => entry.url,
    });
    let named = [
        body.blocked,
        body.subresource,
        body.next_response,
        body.initial_popup,
        body.frame,
    ];
    let blocked = named
        .into_iter()
        .flatten()
        .find(|address| !address.is_empty())
        .unwrap_or_default();
    let blocked = Address::beside(blocked.into(), &document);
    let found = if blocked.as_str().is_empty() {
        Found {
            destination: Destination::None,
            malformed: false,
        }
    } else {
        destination::of_address(&blocked)
    };
    let evidence = Evidence {
        destination: &found.destination,
        blocked: &blocked,
        source: &Address::default(),
        document: &document,
    };
    let mut labels = evidence.labels(profile);
    if found.malformed {
        labels.insert(Label::MalformedUrl);
    }
    Violation {
        shape: entry.shape,
        age: entry.age,
        visitor: entry.visitor,
        page_kind: page::kind(&document, profile),
        tampering: Tampering::None,
        destination: found.destination,
        labels,
        document,
        subject: Subject::Other { report_type, json },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn destination_of(json: &str) -> String {
        let visitor = crate::enrich::Visitor {
            client: 0,
            network: 0,
            country: *b"  ",
            asn: 0,
            browser: crate::enrich::Browser {
                family: crate::enrich::Family::Other,
                major: 0,
                mobile: false,
            },
        };
        let entry = Entry {
            shape: crate::parse::Shape::ReportToChromium,
            age: std::time::Duration::ZERO,
            visitor,
            url: "https://shop.test/".into(),
        };
        let violation = violation(entry, "coep".into(), json, &Profile::default());
        violation.destination.as_str().to_owned()
    }

    #[test]
    fn the_address_is_found() {
        for (json, want) in [
            (
                r#"{"blockedURL":"https://x.evil.test/p?pan=1"}"#,
                "evil.test",
            ),
            (
                r#"{"hash":"","subresourceURL":"https://cdn.test/a.js"}"#,
                "cdn.test",
            ),
            (
                r#"{"nextResponseURL":"","initialPopupURL":"https://pop.test/"}"#,
                "pop.test",
            ),
            (
                r#"{"srcAttribute":"https://pay.psp.test/ok.html"}"#,
                "psp.test",
            ),
            (r#"{"blockedURL":null,"id":1}"#, "none"),
            (r#"{"blockedURL":["https://x.test"]}"#, "none"),
            (r#"[1]"#, "none"),
            ("", "none"),
        ] {
            assert_eq!(destination_of(json), want, "{json}");
        }
    }
}
