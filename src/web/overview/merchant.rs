//! The overview of a merchant: one plain sentence, the own sites, and what changed this week. [`Verdict`] is the sentence.
//!
//! The rule: it says "safe" only of what can be seen, and as soon as nothing can be seen it says that instead.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::web::{self, Data};
use maud::{Markup, html};

use super::super::alerts::UNRESOLVED;
use super::super::away::{self, told};
use super::super::destinations::{self, Known};
use super::super::error::PageError;
use super::super::foreign::foreign;
use super::super::frame::{Content, Place};
use super::super::names::Names;
use super::super::reader::Reader;
use super::super::recall::Recall;
use super::super::{Pages, alerts, when, words};
use crate::cases::{Alert, AlertFilter, State};
use crate::finding::Severity;
use crate::registry::SiteEntry;
use crate::scope::Scope;
use crate::store::{NewDestination, Reporting, SiteActivity};

const WEEK: Duration = Duration::from_secs(7 * 86_400);

/// Most alerts, sites, destinations that are shown.
const ALERTS: u32 = 20;
const SITES: u32 = 50;
const DESTINATIONS: u32 = 10;

/// What a merchant must know first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// Card data may be flowing away.
    Act,
    /// Something is to be explained.
    Look,
    /// Reports used to come, and do not any more.
    Silent,
    /// There is nothing to tell by.
    Blind,
    /// Reports come, and nothing in them is suspicious.
    Calm,
    /// What is stored cannot be read now.
    Away,
}

/// What the page is made from.
struct View {
    alerts: Vec<Alert>,
    names: Names,
    sites: Vec<SiteEntry>,
    activity: Option<BTreeMap<String, SiteActivity>>,
    fresh: Option<Vec<NewDestination>>,
    known: Known,
}

impl Verdict {
    fn of(
        alerts: &[Alert],
        sites: &[SiteEntry],
        activity: Option<&BTreeMap<String, SiteActivity>>,
    ) -> Self {
        let open = alerts.iter().filter(|alert| alert.state < State::Contained);
        let worst = open.map(|alert| alert.campaign.severity).max();
        match (worst, activity) {
            (Some(worst), _) if worst >= Severity::High => return Self::Act,
            (Some(_), _) => return Self::Look,
            (None, None) => return Self::Away,
            (None, Some(_)) => {}
        }
        let seen = |site: &SiteEntry| activity?.get(site.record.id.as_str());
        let standing = sites.iter().filter_map(seen).map(|it| it.reporting);
        let standing: Vec<Reporting> = standing.collect();
        if standing.contains(&Reporting::Silent) {
            Self::Silent
        } else if standing.len() == sites.len()
            && standing.iter().all(|it| *it == Reporting::Sending)
        {
            Self::Calm
        } else {
            Self::Blind
        }
    }

    /// The sentence, what to do, and how it looks.
    fn says(self) -> (words::Text, words::Text, &'static str) {
        match self {
            Self::Act => (words::VERDICT_ACT, words::VERDICT_ACT_MORE, "act"),
            Self::Look => (words::VERDICT_LOOK, words::VERDICT_LOOK_MORE, "look"),
            Self::Silent => (words::VERDICT_SILENT, words::VERDICT_SILENT_MORE, "look"),
            Self::Blind => (words::VERDICT_BLIND, words::VERDICT_BLIND_MORE, "blind"),
            Self::Calm => (words::VERDICT_CALM, words::VERDICT_CALM_MORE, "fine"),
            Self::Away => (words::VERDICT_AWAY, words::VERDICT_AWAY_MORE, "blind"),
        }
    }
}

pub(super) async fn page(
    pages: &Data<Pages>,
    recall: &Recall,
    reader: &Reader,
    scope: Scope,
) -> Result<Content, PageError> {
    let view = load((pages, recall), reader, scope).await?;
    Ok(Content {
        title: reader.t(words::OVERVIEW).to_owned(),
        place: Place::Overview,
        body: body(reader, &view),
    })
}

async fn load(
    (pages, recall): (&Data<Pages>, &Recall),
    reader: &Reader,
    scope: Scope,
) -> Result<View, PageError> {
    let (inner, sight) = (Data::clone(pages), scope.clone());
    let (found, names, sites) = web::block(move || {
        let filter = AlertFilter {
            states: UNRESOLVED.to_vec(),
            ..AlertFilter::default()
        };
        let mut found = inner.cases.alerts(&sight, &filter, None, ALERTS)?.alerts;
        found.sort_by_key(|alert| std::cmp::Reverse(alert.campaign.severity));
        let names = alerts::names(&inner, &sight, &found)?;
        let sites = inner.registry.sites(&sight, None, SITES)?;
        Ok::<_, PageError>((found, names, sites))
    })
    .await??;
    let since = reader.now.minus(WEEK);
    let (activity, fresh) = tokio::join!(
        pages.store.activity(&scope, None, reader.now),
        recall.newest(pages, (&scope, None), since, DESTINATIONS),
    );
    let wanted = fresh.iter().flatten().map(|row| row.destination.clone());
    let known = destinations::known(pages, scope, wanted.collect()).await?;
    Ok(View {
        alerts: found,
        names,
        sites,
        activity: told(activity),
        fresh,
        known,
    })
}

fn body(reader: &Reader, view: &View) -> Markup {
    let verdict = Verdict::of(&view.alerts, &view.sites, view.activity.as_ref());
    let (text, more, class) = verdict.says();
    html! {
        (away::note(reader, view.activity.is_none() || view.fresh.is_none()))
        section id="verdict" data-live {
            div class={ "answer " (class) } {
                h1 { (reader.t(text)) }
                p { (reader.t(more)) }
            }
        }
        section id="open" data-live {
            @if !view.alerts.is_empty() {
                h2 { (words::unresolved(reader.language, view.alerts.len())) }
                (alerts::list(reader, &view.alerts, &view.names))
            }
        }
        section id="sites" data-live { (sites(reader, view)) }
        section id="week" data-live {
            h2 { (reader.t(words::THIS_WEEK)) }
            p class="quiet" { (reader.t(words::THIS_WEEK_MORE)) }
            (destinations::table(reader, view.fresh.as_deref(), &view.known, false))
        }
    }
}

fn sites(reader: &Reader, view: &View) -> Markup {
    html! {
        h2 { (reader.t(words::YOUR_SITES)) }
        div class="scroll" tabindex="0" {
            table {
                thead { tr {
                    th scope="col" { (reader.t(words::SITE)) }
                    th scope="col" { (reader.t(words::STATUS)) }
                    th scope="col" { (reader.t(words::LAST_REPORT)) }
                } }
                tbody { @for entry in &view.sites { (line(reader, view, entry)) } }
            }
        }
    }
}

fn line(reader: &Reader, view: &View, entry: &SiteEntry) -> Markup {
    let id = entry.record.id.as_str();
    let name = Some(entry.record.name.trim()).filter(|name| !name.is_empty());
    let found = view.activity.as_ref().map(|activity| activity.get(id));
    html! {
        tr {
            th scope="row" { a href={ "/sites/" (id) } { (foreign(name.unwrap_or(id))) } }
            @match found {
                None => { td class="quiet" { (reader.t(words::UNKNOWN_NOW)) } td { "–" } }
                Some(None) => { td { (reader.t(words::NEVER_REPORTED)) } td class="quiet" { (reader.t(words::NEVER)) } }
                Some(Some(activity)) => {
                    td { (reader.t(words::reporting(activity.reporting))) }
                    td class="when" { (when::moment_ago(reader, activity.last)) }
                }
            }
        }
    }
}
