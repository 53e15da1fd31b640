//! Made-up shops and what their visitors' browsers report, from a week before the demo goes live.
//! [`Script`] is the type to know.
//!
//! It knows neither time nor network: it is asked what happens between two moments. The rule: the answer
//! is the same however the time is cut into pieces, so a demo can stop anywhere and go on.

mod body;
mod campaign;
mod demo_shop;
mod dice;
mod fields;
mod noise;
mod shop;
mod shops;
mod visit;
mod visitor;

use std::net::IpAddr;

use serde_json::{Value, json};

pub use campaign::{Campaign, Hit};
pub use demo_shop::DEMO_SHOP;
pub(super) use demo_shop::policy;

use self::body::{CSP_REPORT, Page, REPORTS_JSON, Report, Violation};
use self::campaign::{EARLIER, LIVE};
use self::shop::Site;
use self::shops::SHOPS;
use self::visit::{HOUR, Kind, MINUTE, View, WEEK};
use self::visitor::Engine;
use crate::clock::Timestamp;
use crate::ids::SiteKey;

/// Minutes from the beginning of a visit to its last report, at most.
const REACH: i64 = 4;

/// When the earlier campaign starts: three days before the live part.
const EARLIER_AT: i64 = WEEK - 3 * 24 * HOUR;

/// From opening a page to its first violation, and from one violation to the next.
const FIRST_AFTER: i64 = 240;
const NEXT_AFTER: i64 = 90;

/// More than any page of the script has.
const MAX_VIOLATIONS: i64 = 12;

/// Chromium sends a batch at once when it had none for a minute, and else with the next tick.
const TICK: u32 = 60_000;

/// One request that a visitor's browser makes to the collector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// When it is made.
    pub at: Timestamp,
    /// The key in its path.
    pub key: SiteKey,
    /// Whose browser it is.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub user_agent: &'static str,
    /// What it says that the body is.
    pub content_type: &'static str,
    /// The body, as this browser writes it.
    pub body: String,
}

/// The shops, their visitors, and the two campaigns.
#[derive(Debug)]
pub struct Script {
    /// Milliseconds since 1970; a week before the live part.
    begins: i64,
    sites: Vec<Site>,
    demo_shop: Value,
}

impl Script {
    /// `live_from` is when the week ends and the live campaign begins; `collector` the `http://HOST:PORT`
    /// that browsers post to; `storefront` the `HOST:PORT` of the demo shop.
    pub fn new(live_from: Timestamp, collector: &str, storefront: &str) -> Self {
        Self {
            begins: live_from.0 - WEEK,
            sites: SHOPS
                .iter()
                .map(|shop| Site::new(shop, collector))
                .collect(),
            demo_shop: demo_shop::merchant(collector, storefront),
        }
    }

    /// The start of the week before.
    pub fn begins(&self) -> Timestamp {
        Timestamp(self.begins)
    }

    /// All merchants, the demo shop first, as an import takes them.
    pub fn merchants(&self) -> Value {
        let made_up = self.sites.iter().map(Site::merchant);
        let all: Vec<Value> = std::iter::once(self.demo_shop.clone())
            .chain(made_up)
            .collect();
        json!({ "format": 1, "merchants": all })
    }

    /// The campaign that unfolds in the live part, counted from its start.
    pub fn campaign(&self) -> &'static Campaign {
        &LIVE
    }

    /// The campaign that came and went in the week before, and when it started.
    pub fn earlier(&self) -> (&'static Campaign, Timestamp) {
        (&EARLIER, Timestamp(self.begins + EARLIER_AT))
    }

    /// What is posted from `from` up to, not including, `to`, in order of time. Nothing happens before the
    /// week begins. A day is some thousand requests, so ask for a day or less at once.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Vec<Posted> {
        let (from, to) = ((from.0 - self.begins).max(0), to.0 - self.begins);
        let mut posts = Vec::new();
        let minutes = (from.div_euclid(MINUTE) - REACH).max(0)..=to.div_euclid(MINUTE);
        for minute in minutes {
            for (number, site) in (0..).zip(&self.sites) {
                let reported = from - longest_wait(site)..to;
                for view in visit::views(site, number, minute, self.begins) {
                    if reported.contains(&view.at) {
                        self.post(site, view, &mut posts);
                    }
                }
            }
        }
        posts.retain(|post| (from..to).contains(&(post.at.0 - self.begins)));
        posts.sort_by_key(|post| post.at);
        posts
    }

    fn post(&self, site: &Site, mut view: View, posts: &mut Vec<Posted>) {
        let violations = violations(site, &mut view);
        let page = Page {
            url: &view.url,
            referrer: &view.referrer,
            policy: &site.policy,
            disposition: site.disposition(),
        };
        let browser = view.visitor.browser;
        let mut push = |after: i64, content_type, body| {
            posts.push(Posted {
                at: Timestamp(self.begins + view.at + after),
                key: site.key.clone(),
                address: view.visitor.address,
                user_agent: browser.user_agent,
                content_type,
                body,
            });
        };
        let report = |violation, age| Report {
            page,
            violation,
            age,
        };
        let times = || (0..).map(|n| FIRST_AFTER + n * NEXT_AFTER);
        if site.shop.batches && browser.engine == Engine::Chromium {
            let last = times().nth(violations.len()).unwrap_or(FIRST_AFTER);
            let late = if view.dice.chance(500) {
                0
            } else {
                view.dice.ms_below(TICK - 1000)
            };
            let at = late.max(last);
            let entry = |(violation, time)| report(violation, at - time);
            let reports: Vec<_> = violations.iter().zip(times()).map(entry).collect();
            if !reports.is_empty() {
                push(
                    at,
                    REPORTS_JSON,
                    body::chromium_to_body(&reports, browser.user_agent),
                );
            }
            return;
        }
        for (violation, after) in violations.iter().zip(times()) {
            let (content_type, body) = match (site.shop.batches, browser.engine) {
                (true, Engine::Firefox) => (
                    REPORTS_JSON,
                    report(violation, 4).firefox_to_body(browser.user_agent),
                ),
                (true, Engine::WebKit) => (CSP_REPORT, report(violation, 0).webkit_to_body()),
                _ => (CSP_REPORT, report(violation, 0).uri_body(browser.engine)),
            };
            push(after, content_type, body);
        }
    }
}

/// The most that lies between opening a page and its last post.
fn longest_wait(site: &Site) -> i64 {
    if site.shop.batches {
        i64::from(TICK)
    } else {
        FIRST_AFTER + MAX_VIOLATIONS * NEXT_AFTER
    }
}

/// A skimmer first: its script stands in the page, and what the page forgot comes later.
fn violations(site: &Site, view: &mut View) -> Vec<Violation> {
    let mut found = Vec::new();
    if view.kind == Kind::Payment {
        for (campaign, starts) in [(&LIVE, WEEK), (&EARLIER, EARLIER_AT)] {
            if campaign.copies(site.shop.key, view.at - starts, &mut view.dice) {
                let engine = view.visitor.browser.engine;
                found.extend(campaign.violations(&site.origin, engine, &mut view.dice));
            }
        }
    }
    found.extend(noise::violations(site, view));
    found
}

#[cfg(test)]
mod tests;
