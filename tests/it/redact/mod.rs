//! `skimwatch::normalize` and `skimwatch::redact`: what real browsers sent, and what was planted.

mod harmless;
mod listed;
mod numbers;
mod planted;
mod real;
mod recall;
mod snapshot;
mod writings;

use std::net::{IpAddr, Ipv4Addr};

use skimwatch::enrich::{Enricher, PseudonymKey, Visitor};
use skimwatch::normalize::{Label, Profile, normalize};
use skimwatch::parse::{RawReport, read};
use skimwatch::redact::{Harmless, Key, Redactor, Report};

use crate::corpus::Request;

fn profile() -> Profile {
    Profile::new(&["shop.example.test".to_owned()], &[], &[])
}

fn redactor() -> Redactor {
    Redactor::new(Key::new([7; 32]))
}

fn visitor(user_agent: &str) -> Visitor {
    let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    Enricher::none().visitor(address, user_agent, &PseudonymKey::new([9; 32]))
}

/// The whole way of a request's entries; each with its entry as parsed.
fn redacted(request: &Request, redactor: &Redactor) -> Vec<(String, Report)> {
    let visitor = visitor(request.header("user-agent"));
    let one = |raw: RawReport<'_>| {
        let sent = format!("{raw:?}");
        (
            sent,
            redactor.redact(normalize(raw, visitor, &profile()), Harmless::none()),
        )
    };
    read(&request.body(), None, |batch| {
        let entries = batch.entries.into_iter();
        entries
            .map(|entry| one(entry.expect("browsers send reports")))
            .collect()
    })
    .expect("browsers send JSON")
}

/// Every text of a report that is stored, by column.
fn columns(report: &Report) -> Vec<(&'static str, String)> {
    let labels: Vec<_> = report.labels().iter().map(Label::as_str).collect();
    let mut columns = vec![
        ("type", report.report_type().to_owned()),
        ("format", report.shape().as_str().to_owned()),
        ("destination", report.destination().to_owned()),
        ("host", report.host().to_owned()),
        ("directive", report.directive().as_str().to_owned()),
        ("disposition", report.disposition().as_str().to_owned()),
        ("page_kind", report.page_kind().as_str().to_owned()),
        ("tampering", report.tampering().as_str().to_owned()),
        ("labels", labels.join(" ")),
        ("document_host", report.document_host().to_owned()),
        ("document_path", report.document_path().to_owned()),
        ("blocked", report.blocked().to_owned()),
        ("source", report.source().to_owned()),
        ("position", format!("{}:{}", report.line(), report.column())),
        ("sample", report.sample().to_owned()),
        (
            "policy",
            report
                .policy()
                .map(|policy| policy.text.clone())
                .unwrap_or_default(),
        ),
        ("referrer_host", report.referrer_host().to_owned()),
        ("status_code", report.status_code().to_string()),
        ("body", report.body().to_owned()),
    ];
    if let Some(card) = report.card_number() {
        columns.push((
            "card",
            format!("{} {} {}", card.brand, card.length, card.encoding),
        ));
    }
    columns
}

/// A text with every hash `~1a2b3c4d` cut to `~`: eight hex digits may spell anything.
fn unhashed(text: &str) -> String {
    let mut parts = text.split('~');
    let first = parts.next().unwrap_or("").to_owned();
    parts.fold(first, |out, part| out + "~" + part.get(8..).unwrap_or(""))
}
