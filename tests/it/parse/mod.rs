//! `skimwatch::parse`: real bodies, odd bodies, any bytes.

use std::borrow::Cow;

mod any;
mod bounds;
mod lenient;
mod real;
mod shapes;

use skimwatch::outcome::DiscardReason;
use skimwatch::parse::{
    Batch, EntryCounter, MAX_ENTRIES, MAX_OTHER_BYTES, MAX_URL_BYTES, ParseError, RawBody,
    RawReport, RawViolation, Shape, read,
};

type Entry = Result<RawReport<'static>, DiscardReason>;

/// An entry that outlives the body.
fn owned(entry: Result<RawReport<'_>, DiscardReason>) -> Entry {
    fn own(text: Cow<'_, str>) -> Cow<'static, str> {
        Cow::Owned(text.into_owned())
    }
    let report = entry?;
    let body = match report.body {
        RawBody::CspViolation(v) => RawBody::CspViolation(RawViolation {
            document_url: own(v.document_url),
            referrer: own(v.referrer),
            blocked_url: v.blocked_url.map(own),
            effective_directive: own(v.effective_directive),
            violated_directive: own(v.violated_directive),
            original_policy: own(v.original_policy),
            disposition: own(v.disposition),
            source_file: own(v.source_file),
            sample: own(v.sample),
            ..v
        }),
        RawBody::Other { report_type, json } => RawBody::Other {
            report_type: own(report_type),
            json: Box::leak(json.into()),
        },
    };
    Ok(RawReport {
        url: own(report.url),
        user_agent: own(report.user_agent),
        body,
        ..report
    })
}

fn parse_cut(body: &[u8], cut: Option<u32>) -> Result<(Vec<Entry>, u32), ParseError> {
    read(body, cut, |Batch { entries, truncated }| {
        (entries.into_iter().map(owned).collect(), truncated)
    })
}

fn parse(body: impl AsRef<[u8]>) -> Result<Vec<Entry>, ParseError> {
    parse_cut(body.as_ref(), None).map(|(entries, truncated)| {
        assert_eq!(truncated, 0);
        entries
    })
}

/// The one violation of a body that holds nothing else.
fn violation(body: impl AsRef<[u8]>) -> RawViolation<'static> {
    let mut entries = parse(body).expect("it is JSON");
    match (entries.pop(), entries.len()) {
        (Some(Ok(report)), 0) => match report.body {
            RawBody::CspViolation(violation) => violation,
            RawBody::Other { report_type, .. } => unreachable!("a {report_type}"),
        },
        (last, _) => unreachable!("{last:?} behind {entries:?}"),
    }
}

fn count(body: &[u8]) -> u32 {
    let mut counter = EntryCounter::default();
    counter.feed(body);
    counter.entries()
}
