//! A violation → the body that this engine sends, field by field in its order. [`Report`] is the type to know.
//!
//! The rule: what an engine leaves out, writes as null or rounds off is left out, null or rounded off here,
//! so that no report contradicts the user agent that it comes with. No policy of the demo asks for samples.

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::fields::{
    ChromiumTo, ChromiumToBody, ChromiumUri, FirefoxUri, WebKitOuter, WebKitTo, WebKitToBody,
    WebKitUri, Wrapped,
};
use super::visitor::Engine;

/// The media type of one report.
pub(super) const CSP_REPORT: &str = "application/csp-report";
/// The media type of a batch.
pub(super) const REPORTS_JSON: &str = "application/reports+json";

/// A script, and the place in it.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) column: u32,
}

/// What was blocked, or would have been.
#[derive(Clone, Debug)]
pub(super) struct Violation {
    pub(super) directive: &'static str,
    pub(super) blocked: String,
    pub(super) source: Option<Source>,
}

/// A page that was shown, with the policy that came with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page<'a> {
    pub(super) url: &'a str,
    pub(super) referrer: &'a str,
    /// Written as JSON once, because every report repeats it.
    pub(super) policy: &'a RawValue,
    pub(super) disposition: &'static str,
}

/// One violation on one page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Report<'a> {
    pub(super) page: Page<'a>,
    pub(super) violation: &'a Violation,
    /// Milliseconds between the violation and the post.
    pub(super) age: i64,
}

impl Report<'_> {
    /// The body of `report-uri`.
    pub(super) fn uri_body(&self, engine: Engine) -> String {
        let (page, v) = (self.page, self.violation);
        let source = v.source.as_ref();
        let (file, line, column) = (
            source.map(|s| s.file.as_str()),
            source.map(|s| s.line),
            source.map(|s| s.column),
        );
        match engine {
            Engine::Chromium => json(&Wrapped {
                csp_report: ChromiumUri {
                    document_uri: page.url,
                    referrer: page.referrer,
                    violated_directive: v.directive,
                    effective_directive: v.directive,
                    original_policy: page.policy,
                    disposition: page.disposition,
                    blocked_uri: &v.blocked,
                    line_number: line,
                    column_number: column,
                    source_file: file,
                    status_code: 200,
                    script_sample: "",
                },
            }),
            Engine::Firefox => json(&Wrapped {
                csp_report: FirefoxUri {
                    blocked_uri: &v.blocked,
                    column_number: column.unwrap_or(1),
                    disposition: page.disposition,
                    document_uri: page.url,
                    effective_directive: v.directive,
                    line_number: line,
                    original_policy: page.policy,
                    referrer: page.referrer,
                    source_file: file,
                    status_code: 200,
                    violated_directive: v.directive,
                },
            }),
            Engine::WebKit => json(&WebKitOuter {
                r#type: "csp-violation",
                url: page.url,
                csp_report: WebKitUri {
                    document_uri: page.url,
                    referrer: page.referrer,
                    violated_directive: v.directive,
                    effective_directive: v.directive,
                    original_policy: page.policy,
                    blocked_uri: &v.blocked,
                    status_code: 0,
                    source_file: file,
                    line_number: line,
                    column_number: column,
                },
            }),
        }
    }

    /// What WebKit posts for `report-to`: one object, the default port spelled out.
    pub(super) fn webkit_to_body(&self) -> String {
        let (page, v) = (self.page, self.violation);
        let source = v.source.as_ref();
        json(&WebKitTo {
            r#type: "csp-violation",
            url: page.url,
            body: WebKitToBody {
                document_url: page.url,
                disposition: page.disposition,
                referrer: page.referrer,
                effective_directive: v.directive,
                blocked_url: with_port(&v.blocked),
                original_policy: page.policy,
                status_code: 200,
                sample: "",
                source_file: source.map_or_else(|| page.url.to_owned(), |s| with_port(&s.file)),
                line_number: source.map_or(0, |s| s.line),
                column_number: source.map_or(1, |s| s.column),
            },
        })
    }

    /// What Firefox posts for `report-to`: a batch of one, laid out over lines, null for what is unknown.
    pub(super) fn firefox_to_body(&self, user_agent: &str) -> String {
        let (page, v) = (self.page, self.violation);
        let text = |text: &str| Value::from(text).to_string();
        let referrer = Some(page.referrer).filter(|referrer| !referrer.is_empty());
        let optional = |value: Option<&str>| value.map_or_else(|| "null".to_owned(), text);
        let number = |value: Option<u32>| Value::from(value).to_string();
        let source = v.source.as_ref();
        format!(
            "[\n {{\n  \"age\": {},\n  \"type\": \"csp-violation\",\n  \"url\": {url},\n  \"user_agent\": {},\n  \
             \"body\": {{\n \"documentURL\": {url},\n \"blockedURL\": {},\n \"referrer\": {},\n \
             \"effectiveDirective\": {},\n \"originalPolicy\": {},\n \"sourceFile\": {},\n \"sample\": null,\n \
             \"disposition\": {},\n \"statusCode\": 200,\n \"lineNumber\": {},\n \"columnNumber\": {}\n}}\n\n }}\n]",
            self.age,
            text(user_agent),
            text(&v.blocked),
            optional(referrer),
            text(v.directive),
            page.policy.get(),
            optional(source.map(|s| s.file.as_str())),
            text(page.disposition),
            number(source.map(|s| s.line)),
            number(source.map(|s| s.column)),
            url = text(page.url),
        )
    }
}

/// What Chromium posts for `report-to`: all that piled up, in one array.
pub(super) fn chromium_to_body(reports: &[Report<'_>], user_agent: &str) -> String {
    let entry = |report: &Report<'_>| {
        let (page, v) = (report.page, report.violation);
        let source = v.source.as_ref();
        json(&ChromiumTo {
            age: report.age,
            body: ChromiumToBody {
                blocked_url: &v.blocked,
                column_number: source.map(|s| s.column),
                disposition: page.disposition,
                document_url: page.url,
                effective_directive: v.directive,
                line_number: source.map(|s| s.line),
                original_policy: page.policy,
                referrer: page.referrer,
                sample: "",
                source_file: source.map(|s| s.file.as_str()),
                status_code: 200,
            },
            r#type: "csp-violation",
            url: page.url,
            user_agent,
        })
    };
    let entries: Vec<String> = reports.iter().map(entry).collect();
    format!("[{}]", entries.join(","))
}

fn with_port(url: &str) -> String {
    let Some(rest) = url.strip_prefix("https://") else {
        return url.to_owned();
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    format!("https://{host}:443{path}")
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("text and numbers only, which JSON can hold")
}

#[cfg(test)]
mod tests {
    use serde_json::value::to_raw_value;

    use super::*;

    const UA: &str = "U";

    /// What was seen on the wire, with the names of the demo in it.
    const SEEN: [(&str, &str); 6] = [
        (
            "chromium, report-uri",
            r#"{"csp-report":{"document-uri":"https://s.example/c","referrer":"","violated-directive":"connect-src","effective-directive":"connect-src","original-policy":"p","disposition":"enforce","blocked-uri":"https://e.example/c?d=1","line-number":1,"column-number":2,"source-file":"https://s.example/a.js","status-code":200,"script-sample":""}}"#,
        ),
        (
            "firefox, report-uri",
            r#"{"csp-report":{"blocked-uri":"https://e.example/c?d=1","column-number":2,"disposition":"enforce","document-uri":"https://s.example/c","effective-directive":"connect-src","line-number":1,"original-policy":"p","referrer":"","source-file":"https://s.example/a.js","status-code":200,"violated-directive":"connect-src"}}"#,
        ),
        (
            "webkit, report-uri",
            r#"{"type":"csp-violation","url":"https://s.example/c","csp-report":{"document-uri":"https://s.example/c","referrer":"","violated-directive":"connect-src","effective-directive":"connect-src","original-policy":"p","blocked-uri":"https://e.example/c?d=1","status-code":0,"source-file":"https://s.example/a.js","line-number":1,"column-number":2}}"#,
        ),
        (
            "chromium, report-to",
            r#"[{"age":7,"body":{"blockedURL":"https://e.example/c?d=1","columnNumber":2,"disposition":"enforce","documentURL":"https://s.example/c","effectiveDirective":"connect-src","lineNumber":1,"originalPolicy":"p","referrer":"","sample":"","sourceFile":"https://s.example/a.js","statusCode":200},"type":"csp-violation","url":"https://s.example/c","user_agent":"U"}]"#,
        ),
        (
            "firefox, report-to",
            "[\n {\n  \"age\": 7,\n  \"type\": \"csp-violation\",\n  \"url\": \"https://s.example/c\",\n  \"user_agent\": \"U\",\n  \"body\": {\n \"documentURL\": \"https://s.example/c\",\n \"blockedURL\": \"https://e.example/c?d=1\",\n \"referrer\": null,\n \"effectiveDirective\": \"connect-src\",\n \"originalPolicy\": \"p\",\n \"sourceFile\": \"https://s.example/a.js\",\n \"sample\": null,\n \"disposition\": \"enforce\",\n \"statusCode\": 200,\n \"lineNumber\": 1,\n \"columnNumber\": 2\n}\n\n }\n]",
        ),
        (
            "webkit, report-to",
            r#"{"type":"csp-violation","url":"https://s.example/c","body":{"documentURL":"https://s.example/c","disposition":"enforce","referrer":"","effectiveDirective":"connect-src","blockedURL":"https://e.example:443/c?d=1","originalPolicy":"p","statusCode":200,"sample":"","sourceFile":"https://s.example:443/a.js","lineNumber":1,"columnNumber":2}}"#,
        ),
    ];

    #[test]
    fn bodies_are_as_seen_on_the_wire() {
        let policy = to_raw_value("p").expect("text");
        let violation = Violation {
            directive: "connect-src",
            blocked: "https://e.example/c?d=1".to_owned(),
            source: Some(Source {
                file: "https://s.example/a.js".to_owned(),
                line: 1,
                column: 2,
            }),
        };
        let page = Page {
            url: "https://s.example/c",
            referrer: "",
            policy: &policy,
            disposition: "enforce",
        };
        let report = Report {
            page,
            violation: &violation,
            age: 7,
        };
        let written = [
            report.uri_body(Engine::Chromium),
            report.uri_body(Engine::Firefox),
            report.uri_body(Engine::WebKit),
            chromium_to_body(&[report], UA),
            report.firefox_to_body(UA),
            report.webkit_to_body(),
        ];
        for ((name, seen), written) in SEEN.into_iter().zip(written) {
            assert_eq!(written, seen, "{name}");
        }
    }

    #[test]
    fn what_an_engine_does_not_know_it_leaves_out() {
        let policy = to_raw_value("p").expect("text");
        let violation = Violation {
            directive: "font-src",
            blocked: "https://e.example/f".to_owned(),
            source: None,
        };
        let page = Page {
            url: "https://s.example/",
            referrer: "https://s.example/a",
            policy: &policy,
            disposition: "report",
        };
        let report = Report {
            page,
            violation: &violation,
            age: 0,
        };
        let chromium = report.uri_body(Engine::Chromium);
        assert!(!chromium.contains("line-number") && !chromium.contains("source-file"));
        let firefox = report.uri_body(Engine::Firefox);
        assert!(firefox.contains("\"column-number\":1,") && !firefox.contains("source-file"));
        let webkit = report.uri_body(Engine::WebKit);
        assert!(!webkit.contains("column-number") && !webkit.contains("disposition"));
        assert!(report.firefox_to_body(UA).contains("\"sourceFile\": null"));
        assert!(
            report
                .webkit_to_body()
                .contains("\"sourceFile\":\"https://s.example/\",\"lineNumber\":0")
        );
    }
}
