//! `/sites/{id}/policies`: the policies that came back from browsers, the newest first, and what changed from one to the next.

use std::collections::BTreeSet;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, ReqData};
use maud::{Markup, html};

use super::super::away::told;
use super::super::error::{self, PageError};
use super::super::foreign::foreign;
use super::super::frame::Content;
use super::super::reader::{Access, Reader};
use super::super::{Pages, when, words};
use super::{Tab, about, entry, seen};
use crate::clock::Timestamp;
use crate::csp::Policy;
use crate::store::SeenPolicy;

/// How far back is looked, and most policies that are shown.
const SPAN: Duration = Duration::from_secs(30 * 86_400);
const SHOWN: u32 = 20;

/// What changed from an older policy to a newer one.
#[derive(Debug, Default, PartialEq, Eq)]
struct Change {
    added: Vec<String>,
    removed: Vec<String>,
}

impl Change {
    fn between(older: &str, newer: &str) -> Self {
        let (older, newer) = (sources(older), sources(newer));
        Self {
            added: newer.difference(&older).cloned().collect(),
            removed: older.difference(&newer).cloned().collect(),
        }
    }
}

/// Each directive with each of its values; where a policy reports does not count, nor do nonces.
fn sources(policy: &str) -> BTreeSet<String> {
    let policy = Policy::parse(policy);
    let rules = policy.directives();
    let rules = rules.filter(|it| !["report-uri", "report-to"].contains(&it.name()));
    let mut all = BTreeSet::new();
    for directive in rules {
        let values: Vec<&str> = directive.values().collect();
        if values.is_empty() {
            all.insert(directive.name().to_owned());
        }
        for value in values.into_iter().filter(|it| !it.starts_with("'nonce-")) {
            all.insert(format!("{} {value}", directive.name()));
        }
    }
    all
}

pub(in crate::web) async fn get(
    id: Path<String>,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
) -> HttpResponse {
    error::or_page(&reader, page(&id, &pages, (&reader, &access)).await)
}

async fn page(
    id: &str,
    pages: &Data<Pages>,
    (reader, access): (&Reader, &Access),
) -> Result<Content, PageError> {
    let entry = entry(pages, access, id).await?;
    let filter = seen(reader, &entry, SPAN);
    let scope = &access.caller().scope;
    let found = told(pages.store.policies(scope, &filter, None, SHOWN).await);
    let policies = found.map(|mut page| {
        // In the order in which they began, the newest first: so each stands above the one that it replaced.
        page.policies.sort_by_key(|it| std::cmp::Reverse(it.first));
        list(reader, &page.policies)
    });
    let seen = (words::POLICIES_MORE, policies);
    Ok(about(reader, &entry, Tab::Policies, seen))
}

fn list(reader: &Reader, policies: &[SeenPolicy]) -> Markup {
    html! {
        @if policies.is_empty() { p class="quiet" { (reader.t(words::NO_POLICIES)) } }
        @for (place, policy) in policies.iter().enumerate() {
            section class="card policy" { (one(reader, policy, policies.get(place + 1))) }
        }
    }
}

fn one(reader: &Reader, policy: &SeenPolicy, before: Option<&SeenPolicy>) -> Markup {
    let change = before.map(|before| Change::between(&before.text, &policy.text));
    html! {
        h2 { (when::moment(Timestamp(policy.first))) " – " (when::moment(Timestamp(policy.last))) }
        p class="quiet" { (words::reports(reader.language, &when::number(policy.reports))) }
        @match change {
            None => { p { (reader.t(words::FIRST_POLICY)) } }
            Some(change) if change == Change::default() => { p { (reader.t(words::SAME_RULES)) } }
            Some(change) => {
                ul class="changes" {
                    @for rule in change.removed { li class="removed" { span class="tag bad" { (reader.t(words::RULE_REMOVED)) } " " code { (foreign(&rule)) } } }
                    @for rule in change.added { li class="added" { span class="tag" { (reader.t(words::RULE_ADDED)) } " " code { (foreign(&rule)) } } }
                }
            }
        }
        details {
            summary { (reader.t(words::WHOLE_POLICY)) }
            pre tabindex="0" { @for rule in policy.text.split(';') { (foreign(rule.trim())) ";\n" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_between_two_policies() {
        for (name, older, newer, added, removed) in [
            (
                "nothing",
                "img-src *; script-src 'self'",
                "script-src 'self'; img-src *",
                &[][..],
                &[][..],
            ),
            (
                "a nonce",
                "script-src 'nonce-a'",
                "script-src 'nonce-b'",
                &[],
                &[],
            ),
            (
                "where it reports",
                "img-src *; report-uri /a",
                "img-src *; report-uri /b",
                &[],
                &[],
            ),
            (
                "a source",
                "script-src a.example b.example",
                "script-src b.example c.example",
                &["script-src c.example"],
                &["script-src a.example"],
            ),
            (
                "a directive without values",
                "img-src *",
                "img-src *; upgrade-insecure-requests",
                &["upgrade-insecure-requests"],
                &[],
            ),
        ] {
            let change = Change::between(older, newer);
            assert_eq!(change.added, added, "{name}");
            assert_eq!(change.removed, removed, "{name}");
        }
    }
}
