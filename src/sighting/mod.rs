//! What detection sees of a report. [`Sighting`] is the type to know.
//!
//! A sighting is made from a report on its way to the log, or from a row that came back from ClickHouse;
//! detection cannot tell which. It borrows its text. The rule: only violations of a content security
//! policy are sightings, and nothing is left out of them because of a label.

mod source;
mod stage;

pub use source::Source;

use crate::clock::Timestamp;
use crate::enrich::{Family, is_hosting};
use crate::ids::SiteId;
use crate::normalize::{Directive, Label, Labels, PageKind};
use crate::redact::{CSP_VIOLATION, Report};
use crate::services;

/// One violation, as detection sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting<'a> {
    /// Receipt of the report.
    pub at: Timestamp,
    /// Whose page it was.
    pub site: &'a SiteId,
    /// Registrable domain, else bare scheme, `inline`, `eval`, `none`.
    pub destination: &'a str,
    /// Host of the blocked URL, redacted; empty if there is none: then it is no place that data could go to.
    pub host: &'a str,
    /// The blocked URL, redacted.
    pub blocked: &'a str,
    /// The directive that was violated.
    pub directive: Directive,
    /// The page's kind.
    pub page_kind: PageKind,
    /// Whether the order is made when the page is shown: nobody types a card there.
    pub after_payment: bool,
    /// What is known about it.
    pub labels: Labels,
    /// The script that did it. A page can forge it.
    pub source: Source<'a>,
    /// Pseudonym of the browser; 0 if none is kept.
    pub client: u64,
    /// Pseudonym of its network; 0 if none is kept.
    pub network: u64,
    /// Whether its network rents out servers: no shopper sits there.
    pub from_hosting: bool,
    /// What the browser claims to be; unknown if nothing of it is kept.
    pub family: Family,
    /// A phone or a tablet.
    pub mobile: bool,
    /// How a card number in it was written; empty if none stood in it.
    pub card_encoding: &'a str,
    /// Hash of the page's policy, 0 if none was sent.
    pub policy: u64,
    /// The policy, redacted; empty if none was sent, or if it is not at hand.
    pub policy_text: &'a str,
}

impl<'a> Sighting<'a> {
    /// What detection sees of a report; `None` if it is no violation of a content security policy.
    pub fn of(report: &'a Report, site: &'a SiteId, at: Timestamp) -> Option<Self> {
        if report.report_type() != CSP_VIOLATION {
            return None;
        }
        let visitor = report.visitor();
        Some(Self {
            at,
            site,
            destination: report.destination(),
            host: report.host(),
            blocked: report.blocked(),
            directive: report.directive(),
            page_kind: report.page_kind(),
            after_payment: Self::is_after_payment(report.document_path()),
            labels: report.labels(),
            source: Source::of(
                report.source(),
                report.document_host(),
                report.destination(),
            ),
            client: visitor.client,
            network: visitor.network,
            from_hosting: is_hosting(visitor.asn),
            family: visitor.browser.family,
            mobile: visitor.browser.mobile,
            card_encoding: report.card_number().map_or("", |card| card.encoding),
            policy: report.policy().map_or(0, |policy| policy.hash),
            policy_text: report.policy().map_or("", |policy| &policy.text),
        })
    }

    /// Whether the order is made when a page of this redacted path is shown.
    pub fn is_after_payment(path: &str) -> bool {
        stage::is_after_payment(path)
    }

    /// What names the account on a service that anybody may use, such as a bot of a messenger.
    pub fn account(&self) -> Option<&'a str> {
        let (_, rest) = self.blocked.split_once("://")?;
        let rest = rest.get(rest.find('/')?..)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        services::account(self.host, path, query)
    }

    /// Whether it is a host.
    pub fn is_host(&self) -> bool {
        !self.host.is_empty()
    }

    /// Whether data could go to its destination: a host that is neither the shop's own nor on the visitor's
    /// network, reported from a page of the shop.
    pub fn is_foreign(&self) -> bool {
        let excluded = [Label::OwnDomain, Label::PrivateHost, Label::ForeignDocument];
        self.is_host()
            && !excluded
                .into_iter()
                .any(|label| self.labels.contains(label))
    }
}
