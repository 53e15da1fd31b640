//! The headers that a merchant pastes. [`Setup`] is the type to know.

use maud::{Markup, html};

use super::super::foreign::whole;
use super::super::reader::Reader;
use super::super::words;
use crate::csp::Policy;
use crate::ids::SiteKey;
use crate::registry::SiteEntry;
use crate::sites::KeyState;

/// Where to begin if a merchant has no policy: the shop itself, and nothing else.
const STRICT: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; \
    form-action 'self'; base-uri 'self'; object-src 'none'";

/// What reports are called in the headers.
const GROUP: &str = "skimwatch";

/// The headers of a site.
pub(super) struct Setup {
    endpoint: String,
    policy: String,
    is_own: bool,
}

impl Setup {
    /// Those of a site, if it has a key that counts.
    pub(super) fn of(entry: &SiteEntry, intake: &str) -> Option<Self> {
        let keys = &entry.record.keys;
        let key = keys
            .iter()
            .find(|record| record.state == KeyState::Active)?;
        let endpoint = address(intake, &key.key);
        let own = rules(&entry.policy);
        let is_own = !own.is_empty();
        let rules = if is_own { own } else { STRICT.to_owned() };
        let policy = format!("{rules}; report-uri {endpoint}; report-to {GROUP}");
        Some(Self {
            endpoint,
            policy,
            is_own,
        })
    }

    fn headers(&self, name: &str) -> String {
        format!(
            "Reporting-Endpoints: {GROUP}=\"{}\"\n{name}: {}",
            self.endpoint, self.policy
        )
    }

    /// Both variants, and what they need.
    pub(super) fn show(&self, reader: &Reader) -> Markup {
        let origin = if self.is_own {
            words::FROM_YOURS
        } else {
            words::FROM_STRICT
        };
        // What is not so yet is said louder.
        let needs_https = (!self.endpoint.starts_with("https://")).then_some("bad");
        html! {
            p { (reader.t(words::SETUP_MORE)) (reader.gap()) (reader.t(origin)) }
            h3 { (reader.t(words::REPORT_ONLY)) }
            (block(reader, "header-report", &self.headers("Content-Security-Policy-Report-Only")))
            details {
                summary { (reader.t(words::ENFORCE)) }
                p { (reader.t(words::ENFORCE_MORE)) }
                (block(reader, "header-enforce", &self.headers("Content-Security-Policy")))
            }
            ul class="notes" {
                li class=[needs_https] { (reader.t(words::NEEDS_HTTPS)) }
                li { (reader.t(words::BOTH_WAYS)) }
            }
        }
    }
}

/// A text to copy, line by line.
fn block(reader: &Reader, id: &str, text: &str) -> Markup {
    html! {
        div class="copyable" {
            button type="button" class="copy" data-copy={ "#" (id) } data-done=(reader.t(words::COPIED)) {
                (reader.t(words::COPY))
            }
            pre id=(id) tabindex="0" { @for line in text.lines() { (whole(line)) "\n" } }
        }
    }
}

fn address(intake: &str, key: &SiteKey) -> String {
    format!("{}/r/{key}", whole(intake.trim_end_matches('/')))
}

/// What a policy says besides where it reports, on one line. Parsing leaves out whatever is not ASCII,
/// and white space of any kind is where values end.
fn rules(policy: &str) -> String {
    let policy = Policy::parse(policy);
    let rules = policy
        .directives()
        .filter(|directive| !["report-uri", "report-to"].contains(&directive.name()));
    let rules: Vec<String> = rules
        .map(|directive| {
            let values = directive.values().map(|value| format!(" {value}"));
            format!("{}{}", directive.name(), values.collect::<String>())
        })
        .collect();
    rules.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_reports_here_and_nowhere_else() {
        for (policy, want) in [
            ("", ""),
            ("report-uri https://old.example/r", ""),
            (
                "Script-Src 'self'  https://a.example;\n report-uri https://old.example; REPORT-TO csp",
                "script-src 'self' https://a.example",
            ),
            ("img-src *;;", "img-src *"),
            (
                "img-src *; upgrade-insecure-requests",
                "img-src *; upgrade-insecure-requests",
            ),
            ("img-src *\r\nSet-Cookie: a=b", "img-src * Set-Cookie: a=b"),
        ] {
            assert_eq!(rules(policy), want, "{policy}");
        }
    }
}
