//! [`Summary`] → reasons. Each is a weight of the configuration times a value that was measured: the points add up
//! to the score, and who reads them can add them up again.

use super::config::{MOST_HARMLESS, Weights};
use super::place::{Place, Way};
use super::subject::Subject;
use super::summary::Summary;
use crate::finding::{Evidence, Reason};
use crate::normalize::Directive;

/// Reports from pages after the payment count from this share on, in percent, and fully from the other.
const AFTER_PAYMENT: (u8, u8) = (15, 40);

/// The same of pages that have nothing to do with payment.
const OTHER_PAGES: (u8, u8) = (10, 50);

/// The reasons so far.
struct Reasons<'a> {
    weights: &'a Weights,
    all: Vec<Reason>,
}

/// All reasons, the weightiest first.
pub(super) fn of(
    subject: &Subject,
    summary: &Summary,
    allowed: (u32, u32),
    weights: &Weights,
) -> Vec<Reason> {
    let mut reasons = Reasons {
        weights,
        all: Vec::new(),
    };
    // What is blocked may be anywhere; all else is about payment pages.
    if summary.reach > 0.0 {
        reasons.of_reach(summary);
        reasons.of_merchants(summary, allowed);
        reasons.of_cards(summary);
        reasons.of_senders(summary);
        reasons.of_pages(summary);
        reasons.of_use(summary);
        reasons.of_source(summary);
    }
    reasons.of_name(subject, summary);
    let mut all = reasons.all;
    all.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    all
}

impl Reasons<'_> {
    fn say(&mut self, weight: f64, value: f64, evidence: Evidence) {
        self.all.push(Reason {
            evidence,
            value,
            weight: weight * value,
        });
    }

    /// How far it reaches, and how surely the pages are behind it.
    fn of_reach(&mut self, summary: &Summary) {
        let merchants = summary.merchants;
        self.say(
            self.weights.reach,
            (1.0 + summary.reach).log2(),
            Evidence::NewOnPaymentPages {
                merchants: merchants.max(1),
                clients: summary.named(summary.clients),
                networks: summary.networks,
                share: percent(summary.networks, summary.page_networks),
            },
        );
        let evidence = if summary.share >= 0.0 {
            Evidence::FollowsPages {
                networks: summary.networks,
                of: summary.page_networks,
            }
        } else {
            Evidence::FollowsVisitors {
                merchants: super::clients::count(summary.visitors.len()).max(1),
            }
        };
        self.say(self.weights.share, summary.share, evidence);
        if merchants >= 2 {
            let evidence = if summary.burst >= 0.0 {
                Evidence::SpreadsFast { merchants }
            } else {
                Evidence::SpreadsSlowly { merchants }
            };
            self.say(self.weights.burst, summary.burst, evidence);
        }
    }

    /// What merchants know of it.
    fn of_merchants(&mut self, summary: &Summary, (elsewhere, since): (u32, u32)) {
        let most = |merchants: u32| f64::from(merchants.min(MOST_HARMLESS));
        let known = super::clients::count(summary.known.len());
        for (weight, merchants, evidence) in [
            (
                self.weights.known,
                known,
                Evidence::KnownForLong { merchants: known },
            ),
            (
                self.weights.allowed,
                elsewhere,
                Evidence::AllowedByPolicies {
                    merchants: elsewhere,
                },
            ),
            (
                self.weights.allowed_here,
                since,
                Evidence::AllowedSince { merchants: since },
            ),
        ] {
            if merchants > 0 {
                self.say(weight, most(merchants), evidence);
            }
        }
    }

    fn of_cards(&mut self, summary: &Summary) {
        if summary.carded == 0 {
            return;
        }
        let hidden = summary.carded_hidden;
        let weight = if hidden {
            self.weights.hidden_cards
        } else {
            self.weights.plain_cards
        };
        let clients = summary.named(summary.carded);
        self.say(weight, 1.0, Evidence::CardNumbers { clients, hidden });
    }

    /// Who reports it, and what else they report.
    fn of_senders(&mut self, summary: &Summary) {
        if !summary.unnamed {
            let evidence = if summary.kinds < 0.0 {
                Evidence::OneBrowserFamily {
                    clients: summary.clients,
                }
            } else {
                Evidence::ManyBrowserFamilies {
                    families: u8::try_from(summary.crowd.kinds()).unwrap_or(u8::MAX),
                }
            };
            self.say(self.weights.kinds, summary.kinds, evidence);
        }
        if summary.forged < 0.0 {
            let networks = summary.bare;
            let evidence = Evidence::LooksForged { networks };
            self.say(self.weights.forged, -summary.forged, evidence);
        }
        if summary.hidden_at > 0 {
            // Whoever forges the floods of many shops has the same few networks at each.
            let evidence = Evidence::HiddenInFlood {
                merchants: summary.hidden_at,
                networks: summary.named(summary.hidden_from),
            };
            self.say(self.weights.hidden_in_flood, summary.independence, evidence);
        }
        if summary.peers > 0 {
            let destinations = summary.peers;
            self.say(0.0, 1.0, Evidence::OneOfMany { destinations });
        }
    }

    /// Where it stands.
    fn of_pages(&mut self, summary: &Summary) {
        let other = percent(summary.other, summary.payment + summary.other);
        if summary.reports_other_pages && other == 0 {
            self.say(self.weights.payment_only, 1.0, Evidence::PaymentPagesOnly);
        } else if let Some(value) = ramp(other, OTHER_PAGES) {
            let evidence = Evidence::OtherPagesToo { share: other };
            self.say(self.weights.other_pages, value, evidence);
        }
        let after = percent(summary.after_payment, summary.payment);
        if let Some(value) = ramp(after, AFTER_PAYMENT) {
            let evidence = Evidence::AfterPayment { share: after };
            self.say(self.weights.after_payment, value, evidence);
        }
    }

    /// What is done with it.
    fn of_use(&mut self, summary: &Summary) {
        let directives: Vec<Directive> = Place::directives(summary.directives).collect();
        let has = |some: &[Directive]| directives.iter().any(|it| some.contains(it));
        let does = |way: Way| directives.iter().any(|it| Way::of(*it) == way);
        let scripts = Place::loads_scripts(summary.directives);
        let shows = has(&[
            Directive::FrameSrc,
            Directive::FontSrc,
            Directive::StyleSrc,
            Directive::StyleSrcElem,
        ]);
        if has(&[Directive::FormAction]) {
            self.say(self.weights.forms, 1.0, Evidence::FormsGoThere);
        } else if !does(Way::Loads) {
            self.say(self.weights.sends_only, 1.0, Evidence::SendsOnly);
        } else if scripts && shows {
            self.say(self.weights.widget, 1.0, Evidence::LooksLikeWidget);
        } else if scripts && does(Way::Sends) {
            self.say(self.weights.tag, 1.0, Evidence::LooksLikeTag);
        }
    }

    /// What brought it.
    fn of_source(&mut self, summary: &Summary) {
        let mostly = |reports: u32| reports * 2 > summary.payment;
        if summary.shared_script >= 2 {
            let merchants = summary.shared_script;
            let evidence = Evidence::SharedScript { merchants };
            self.say(self.weights.shared_script, 1.0, evidence);
        }
        if mostly(summary.by_itself) {
            self.say(self.weights.itself, 1.0, Evidence::ByItself);
        }
        if mostly(summary.by_tag_manager) {
            self.say(self.weights.tag_manager, 1.0, Evidence::ByTagManager);
        }
        // A page can write an extension's name into its reports, but only an extension lives in one kind of browser.
        if mostly(summary.by_extension) && summary.kinds < 0.0 {
            self.say(self.weights.extension, 1.0, Evidence::ByExtension);
        }
    }

    /// What its name says, and what people say of it.
    fn of_name(&mut self, subject: &Subject, summary: &Summary) {
        if !summary.blocked.is_empty() {
            let merchants = summary.blocked_merchants;
            self.say(self.weights.blocked, 1.0, Evidence::Blocked { merchants });
        }
        if subject.imitates().is_some() {
            self.say(self.weights.lookalike, 1.0, Evidence::ImitatesService);
        } else if summary.imitates_shop {
            self.say(self.weights.lookalike, 1.0, Evidence::ImitatesShop);
        }
        if super::names::is_cheap(&subject.destination) {
            self.say(self.weights.cheap_name, 1.0, Evidence::CheapName);
        }
        if subject.account.is_some() {
            // An account at one merchant is the merchant's own, mostly.
            let value = if summary.merchants >= 2 { 1.0 } else { 2.5 };
            self.say(self.weights.account, value, Evidence::AccountOfService);
        } else if subject.is_service {
            self.say(self.weights.service, 1.0, Evidence::WellKnown);
        }
    }
}

/// From 0 to 1 between none and all of it; none below the first.
fn ramp(percent: u8, (from, full): (u8, u8)) -> Option<f64> {
    (percent >= from).then(|| (f64::from(percent) / f64::from(full)).min(1.0))
}

fn percent(part: u32, whole: u32) -> u8 {
    let percent = u64::from(part) * 100 / u64::from(whole.max(1));
    u8::try_from(percent.min(100)).unwrap_or(100)
}
