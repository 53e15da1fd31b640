//! [`Extra`]: what one visitor's browser reports.

use skimwatch::enrich::Family;
use skimwatch::normalize::{Directive, Label, PageKind};
use skimwatch::sighting::Source;

pub(super) const SKIMMER: &str = "cdn-metrics.example";

/// What one visitor's browser reports.
#[derive(Clone, Copy)]
pub(super) struct Extra<'a> {
    pub(super) destination: &'a str,
    /// The whole address, if more than the destination matters.
    pub(super) blocked: &'a str,
    pub(super) directive: Directive,
    pub(super) page_kind: PageKind,
    pub(super) after_payment: bool,
    pub(super) label: Option<Label>,
    pub(super) source: Source<'a>,
    pub(super) card: &'a str,
    /// The kind of all browsers; if none is given, each visitor has one of six.
    pub(super) kind: Option<(Family, bool)>,
    pub(super) from_hosting: bool,
    pub(super) policy: &'a str,
}

/// Data that is sent to the skimmer.
pub(super) const SENDS: Extra<'static> = Extra {
    destination: SKIMMER,
    blocked: "",
    directive: Directive::ConnectSrc,
    page_kind: PageKind::Checkout,
    after_payment: false,
    label: None,
    source: Source::None,
    card: "",
    kind: None,
    from_hosting: false,
    policy: "",
};

/// The skimmer's script.
pub(super) const LOADS: Extra<'static> = Extra {
    directive: Directive::ScriptSrcElem,
    ..SENDS
};
