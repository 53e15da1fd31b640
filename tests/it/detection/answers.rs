//! What a [`World`] was told so far.

use std::collections::BTreeSet;

use skimwatch::finding::{Finding, FindingKind, Reason, Severity};
use skimwatch::ids::SiteId;

use super::world::World;

impl World {
    /// Destinations that reached this severity.
    pub(super) fn raised(&self, severity: Severity) -> BTreeSet<&str> {
        let reached =
            |it: &&Finding| it.severity >= severity && it.kind != FindingKind::SuspectReports;
        self.findings
            .iter()
            .filter(reached)
            .map(destination)
            .collect()
    }

    /// Sites whose reports as such were told of.
    pub(super) fn suspect(&self) -> Vec<&SiteId> {
        let suspect = |it: &&Finding| it.kind == FindingKind::SuspectReports;
        let found = self.findings.iter().filter(suspect);
        found.flat_map(|it| &it.hits).map(|hit| &hit.site).collect()
    }

    /// The highest that was told of a destination.
    pub(super) fn severity_of(&self, name: &str) -> Option<Severity> {
        self.about(name).map(|finding| finding.severity).max()
    }

    /// What is thought of a destination by now.
    pub(super) fn last_of(&self, name: &str) -> &Finding {
        self.about(name).last().expect("something was found")
    }

    /// A reason in what is thought of a destination by now.
    pub(super) fn reason(&self, name: &str, code: &str) -> Option<&Reason> {
        let mut reasons = self.about(name).last()?.reasons.iter();
        reasons.find(|reason| reason.code() == code)
    }

    /// Whether anything was ever told for this reason.
    pub(super) fn has_reason(&self, code: &str) -> bool {
        let mut reasons = self.findings.iter().flat_map(|finding| &finding.reasons);
        reasons.any(|reason| reason.code() == code)
    }

    /// Figures of a destination by now, for who reads that a test failed.
    pub(super) fn explain(&self, name: &str) -> String {
        let Some(last) = self.about(name).last() else {
            return format!("{name}: nothing");
        };
        let reason = |it: &Reason| format!("{} {:.2} = {:.2}", it.code(), it.value, it.weight);
        let reasons: Vec<String> = last.reasons.iter().map(reason).collect();
        let (severity, score) = (last.severity, last.score);
        format!("{name}: {severity:?}, {score:.2}: {}", reasons.join(", "))
    }

    fn about(&self, name: &str) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(move |finding| destination(finding) == name)
    }
}

fn destination(finding: &Finding) -> &str {
    finding.account.as_deref().unwrap_or(&finding.destination)
}
