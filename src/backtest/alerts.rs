//! Findings as lines of JSON.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use crate::finding::Finding;
use crate::ids::SiteId;
use crate::language::Language;

#[derive(Serialize)]
struct Line<'a> {
    /// Seconds since 1970, of the report that made it so.
    t: f64,
    destination: &'a str,
    kind: &'static str,
    severity: &'static str,
    score: f64,
    sites: Vec<&'a SiteId>,
    reasons: Vec<serde_json::Value>,
}

/// Writes one finding.
pub(super) fn write(out: &mut impl Write, finding: &Finding) -> io::Result<()> {
    let reason = |reason: &crate::finding::Reason| json!({ "code": reason.code(), "weight": reason.weight, "text": reason.text(Language::En) });
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds since 1970 fit into 53 bits"
    )]
    let t = finding.at.0 as f64 / 1000.0;
    let line = Line {
        t,
        destination: &finding.destination,
        kind: finding.kind.as_str(),
        severity: finding.severity.as_str(),
        score: finding.score,
        sites: finding.hits.iter().map(|hit| &hit.site).collect(),
        reasons: finding.reasons.iter().map(reason).collect(),
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}
