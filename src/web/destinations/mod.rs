//! `/destinations`: every place that browsers reported, newest first, by any part of its name. [`Asked`] is what is
//! asked for.

mod table;

pub(super) use table::{Known, known, table, tag};

use std::collections::BTreeSet;
use std::time::Duration;

use actix_web::web::{self, Data, Query, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};
use serde::Deserialize;

use super::access::encoded;
use super::error::{self, PageError};
use super::frame::{Content, Place};
use super::reader::{Access, Reader};
use super::recall::Recall;
use super::{Pages, words};
use crate::registry::MAX_DOMAIN_BYTES;
use crate::scope::Scope;
use crate::store::{DestinationCursor, DestinationFilter, DestinationPage};
use crate::trust::Verdict;

/// Destinations on one page.
const PAGE: u32 = 50;

/// Most destinations with an alert or a verdict that are looked for: those of the newest alerts.
const MOST_NAMED: usize = 2000;

/// Days after which nobody calls a destination new.
const DAYS: [u16; 5] = [1, 7, 30, 90, 365];

/// The query string as it was typed.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    payment: String,
    #[serde(default)]
    alert: String,
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    after: String,
}

/// What was found.
struct Found {
    page: Option<DestinationPage>,
    known: Known,
}

impl Asked {
    /// As names are written: in lower case, without what stands around a host in an address.
    fn text(&self) -> Option<String> {
        let text = self.q.trim().to_lowercase();
        let text = text
            .split_once("://")
            .map_or(text.as_str(), |(_, rest)| rest);
        let text = text.split('/').next().unwrap_or_default();
        let end = text
            .char_indices()
            .nth(MAX_DOMAIN_BYTES)
            .map_or(text.len(), |(end, _)| end);
        let text = text.get(..end).unwrap_or_default();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn days(&self) -> Option<u16> {
        let days = self.days.parse().ok();
        days.filter(|days| DAYS.contains(days))
    }

    /// Which verdicts there must be one of.
    fn verdicts(&self) -> Option<Vec<Verdict>> {
        match self.verdict.as_str() {
            "any" => Some(Verdict::ALL.to_vec()),
            word => Verdict::of_word(word).map(|verdict| vec![verdict]),
        }
    }

    fn is_on(value: &str) -> bool {
        value == "on"
    }

    /// The address of another page of the same.
    fn address(&self, after: Option<&DestinationCursor>) -> String {
        let after = after.map(ToString::to_string).unwrap_or_default();
        let pairs = [
            ("q", self.q.as_str()),
            ("days", &self.days),
            ("payment", &self.payment),
            ("alert", &self.alert),
            ("verdict", &self.verdict),
            ("after", &after),
        ];
        let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        format!("/destinations?{}", pairs.join("&"))
    }
}

pub(super) async fn get(
    request: HttpRequest,
    (pages, recall): (Data<Pages>, Data<Recall>),
    (reader, access): (ReqData<Reader>, ReqData<Access>),
) -> HttpResponse {
    let content = page(&request, (&pages, &recall), &reader, &access).await;
    error::or_page(&reader, content)
}

async fn page(
    request: &HttpRequest,
    (pages, recall): (&Data<Pages>, &Recall),
    reader: &Reader,
    access: &Access,
) -> Result<Content, PageError> {
    let asked = Query::<Asked>::from_query(request.query_string());
    let asked = asked.map_err(|_cause| PageError::NotFound)?.into_inner();
    let after = match asked.after.as_str() {
        "" => None,
        cursor => Some(cursor.parse().map_err(|_cause| PageError::NotFound)?),
    };
    let scope = &access.caller().scope;
    let day = |days: u16| Duration::from_secs(86_400 * u64::from(days));
    let filter = DestinationFilter {
        text: asked.text(),
        names: names(pages, scope, &asked).await?,
        since: asked.days().map(|days| reader.now.minus(day(days))),
        payment: Asked::is_on(&asked.payment),
    };
    let wanted = (&filter, after.as_ref(), PAGE);
    let found = recall.destinations(pages, scope, wanted).await;
    let rows = found.iter().flat_map(|page| &page.destinations);
    let wanted = rows.map(|row| row.destination.clone()).collect();
    let known = known(pages, scope.clone(), wanted).await?;
    let found = Found { page: found, known };
    Ok(Content {
        title: reader.t(words::DESTINATIONS_TAB).to_owned(),
        place: Place::Destinations,
        body: body(reader, &asked, (&found, after.is_some())),
    })
}

/// Those with an alert or a verdict, where that is asked for.
async fn names(
    pages: &Data<Pages>,
    scope: &Scope,
    asked: &Asked,
) -> Result<Option<Vec<String>>, PageError> {
    let (with_alert, verdicts) = (Asked::is_on(&asked.alert), asked.verdicts());
    if !with_alert && verdicts.is_none() {
        return Ok(None);
    }
    let (pages, scope) = (Data::clone(pages), scope.clone());
    web::block(move || {
        let most = u32::try_from(MOST_NAMED).unwrap_or(u32::MAX);
        let alerted = match with_alert {
            true => Some(pages.cases.destinations(&scope, most)?),
            false => None,
        };
        let Some(verdicts) = verdicts else {
            return Ok(alerted);
        };
        let trusts = pages.registry.trusts()?.into_iter();
        let judged: BTreeSet<String> = trusts
            .filter(|it| verdicts.contains(&it.verdict) && it.of.is_seen(&scope))
            .map(|it| it.destination)
            .collect();
        let named: Vec<String> = match alerted {
            Some(alerted) => alerted
                .into_iter()
                .filter(|name| judged.contains(name))
                .collect(),
            None => judged.into_iter().take(MOST_NAMED).collect(),
        };
        Ok(Some(named))
    })
    .await?
}

fn body(reader: &Reader, asked: &Asked, (found, is_later): (&Found, bool)) -> Markup {
    let rows = found.page.as_ref().map(|page| page.destinations.as_slice());
    let next = found.page.as_ref().and_then(|page| page.next.as_ref());
    html! {
        @if found.page.is_none() { p class="problem" { (reader.t(words::AWAY)) } }
        h1 { (reader.t(words::DESTINATIONS_TAB)) }
        p class="quiet" { (reader.t(words::DESTINATIONS_MORE)) }
        (form(reader, asked))
        // It does not renew itself: what was looked for stays where it is, and finding it reads all that is stored.
        div id="list" {
            @if rows.is_some_and(<[_]>::is_empty) { div class="empty" { p { (reader.t(words::NO_DESTINATIONS)) } } }
            @else { (table(reader, rows, &found.known, true)) }
            p class="pager" {
                @if is_later { a href=(asked.address(None)) { (reader.t(words::FIRST_PAGE)) } " " }
                @if let Some(next) = next { a href=(asked.address(Some(next))) { (reader.t(words::NEXT_PAGE)) } }
            }
        }
    }
}

fn form(reader: &Reader, asked: &Asked) -> Markup {
    let choice = |name: &str, value: &str, text: words::Text| {
        html! {
            label class="choice" {
                input type="checkbox" name=(name) value="on" checked[Asked::is_on(value)]; (reader.t(text))
            }
        }
    };
    let verdicts = [
        ("any", words::ANY_VERDICT),
        ("approved", words::APPROVED),
        ("blocked", words::BLOCKED_TAG),
    ];
    html! {
        form method="get" action="/destinations" class="filters" role="search" aria-label=(reader.t(words::FILTER)) {
            div class="fields" {
                div {
                    label for="q" { (reader.t(words::NAME_HOLDS)) }
                    input type="search" id="q" name="q" value=(asked.q) maxlength=(MAX_DOMAIN_BYTES) autocomplete="off" spellcheck="false";
                }
                div {
                    label for="days" { (reader.t(words::NEW_SINCE)) }
                    select id="days" name="days" {
                        option value="" { (reader.t(words::ANY_TIME)) }
                        @for days in DAYS {
                            option value=(days) selected[asked.days() == Some(days)] { (words::days_back(reader.language, u64::from(days))) }
                        }
                    }
                }
                div {
                    label for="verdict" { (reader.t(words::VERDICT)) }
                    select id="verdict" name="verdict" {
                        option value="" { (reader.t(words::ANY)) }
                        @for (word, text) in verdicts { option value=(word) selected[asked.verdict == word] { (reader.t(text)) } }
                    }
                }
                (choice("payment", &asked.payment, words::PAYMENT_ONLY))
                (choice("alert", &asked.alert, words::WITH_ALERT))
            }
            div class="acts" {
                button class="primary" { (reader.t(words::SEARCH)) }
                a href="/destinations" { (reader.t(words::RESET_FILTER)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_looked_for_as_they_are_written() {
        let long = "x".repeat(400);
        for (typed, text) in [
            ("", None),
            ("  ", None),
            (" Evil.Example ", Some("evil.example")),
            ("https://cdn.evil.example/a.js?x", Some("cdn.evil.example")),
            ("inline", Some("inline")),
            (long.as_str(), Some(&long[..MAX_DOMAIN_BYTES])),
        ] {
            let asked = Asked {
                q: typed.to_owned(),
                ..Asked::default()
            };
            assert_eq!(asked.text().as_deref(), text, "{typed}");
        }
    }
}
