//! The types that parsing yields. Every field is as the browser sent it, or empty.

use std::borrow::Cow;

/// Text of a report: borrowed where it held no escape. A missing field, a null and `""` are all empty.
pub type Text<'a> = Cow<'a, str>;

/// One entry of a submission.
#[derive(Clone, Debug, PartialEq)]
pub struct RawReport<'a> {
    /// In which of the wire's dialects it came.
    pub shape: Shape,
    /// Milliseconds between the violation and the sending (Reporting API only).
    pub age_ms: Option<u64>,
    /// The Reporting API's `url`: the document.
    pub url: Text<'a>,
    /// The Reporting API's `user_agent`.
    pub user_agent: Text<'a>,
    /// What it reports.
    pub body: RawBody<'a>,
    /// Some field was longer than its cap and was cut.
    pub cut: bool,
}

/// What an entry reports.
#[derive(Clone, Debug, PartialEq)]
pub enum RawBody<'a> {
    /// A violation of a content security policy.
    CspViolation(RawViolation<'a>),
    /// Any other report type, known or not.
    Other {
        /// The Reporting API's `type`.
        report_type: Text<'a>,
        /// Its `body` as JSON text: always one whole value, no deeper than
        /// [`MAX_OTHER_DEPTH`](super::MAX_OTHER_DEPTH), without lone surrogates and numbers beyond every
        /// type.
        json: &'a str,
    },
}

/// A CSP violation, under the names of CSP Level 3 §5.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawViolation<'a> {
    /// `document-uri`, `documentURL`.
    pub document_url: Text<'a>,
    /// `referrer`.
    pub referrer: Text<'a>,
    /// `blocked-uri`, `blockedURL`; `None` if the key was absent.
    pub blocked_url: Option<Text<'a>>,
    /// `effective-directive`, `effectiveDirective`; empty in the oldest browsers.
    pub effective_directive: Text<'a>,
    /// `violated-directive`: in old browsers the whole text of the directive.
    pub violated_directive: Text<'a>,
    /// `original-policy`, `originalPolicy`.
    pub original_policy: Text<'a>,
    /// `disposition`; WebKit's `report-uri` bodies have none.
    pub disposition: Text<'a>,
    /// `source-file`, `sourceFile`.
    pub source_file: Text<'a>,
    /// `script-sample`, `sample`.
    pub sample: Text<'a>,
    /// `line-number`, `lineNumber`.
    pub line_number: Option<u32>,
    /// `column-number`, `columnNumber`.
    pub column_number: Option<u32>,
    /// `status-code`, `statusCode`.
    pub status_code: Option<u32>,
}

/// The dialect of an entry, told from its keys: which engine writes such a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// `{"csp-report": {…}}` with a `disposition` (Chromium and Firefox).
    ReportUri,
    /// `{"csp-report": {…}}` without a `disposition` (WebKit, QtWebKit and other old ones).
    ReportUriWebKit,
    /// An entry of a Reporting API array as Chromium writes it: `body` before `type`, no nulls.
    ReportToChromium,
    /// An entry of a Reporting API array as Firefox writes it: `body` last, nulls for what is unknown.
    ReportToFirefox,
    /// One Reporting API object without an array, or with `attempts` (WebKit).
    ReportToWebKit,
    /// What page scripts post: the fields without any wrapper, or in camel case inside `csp-report`.
    Flat,
}

impl Shape {
    /// The word in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReportUri => "report-uri",
            Self::ReportUriWebKit => "report-uri-webkit",
            Self::ReportToChromium => "report-to-chromium",
            Self::ReportToFirefox => "report-to-firefox",
            Self::ReportToWebKit => "report-to-webkit",
            Self::Flat => "flat",
        }
    }
}
