//! [`World`]: shops, the visitors of their payment pages, and a detector that sees their reports.

use skimwatch::clock::Timestamp;
use skimwatch::detect::{Config, Detector, Kinship};
use skimwatch::enrich::Family;
use skimwatch::finding::{Finding, Severity};
use skimwatch::ids::SiteId;
use skimwatch::normalize::{Labels, Profile};
use skimwatch::sighting::Sighting;

use super::extra::{Extra, LOADS};
use super::weights;

pub(super) const MINUTE: i64 = 60_000;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;
pub(super) const START: i64 = 1_800_000_000_000;

/// Shops and their visitors. Whatever the detector finds is kept.
pub(super) struct World {
    pub(super) sites: Vec<SiteId>,
    pub(super) detector: Detector,
    pub(super) now: i64,
    pub(super) findings: Vec<Finding>,
    /// Shops from this one on have no violation that each visitor reports.
    pub(super) standing_below: usize,
}

impl World {
    /// Shops that nobody has visited yet.
    pub(super) fn unvisited(shops: usize) -> Self {
        Self::configured(shops, Config::default())
    }

    pub(super) fn configured(shops: usize, config: Config) -> Self {
        let sites: Vec<SiteId> = (0..shops).map(|n| site(&format!("shop-{n}"))).collect();
        let mut detector = Detector::new(config, Kinship::default());
        let domain = |site: &SiteId| Profile::new(&[format!("{site}.example")], &[], &[]);
        let profiles: Vec<Profile> = sites.iter().map(domain).collect();
        detector.set_kinship(Kinship::of(sites.iter().zip(&profiles)));
        Self {
            sites,
            detector,
            now: START,
            findings: Vec::new(),
            standing_below: usize::MAX,
        }
    }

    /// This many shops with a week of ordinary visits behind them.
    pub(super) fn of(shops: usize) -> Self {
        Self::unvisited(shops).settled(&[])
    }

    /// The same shops a week of ordinary visits later, of which each has reported these too.
    pub(super) fn settled(mut self, extras: &[Extra<'_>]) -> Self {
        for _ in 0..7 {
            self.day(extras);
        }
        let quiet = self.raised(Severity::Medium);
        assert!(quiet.is_empty(), "ordinary days are quiet: {quiet:?}");
        self.findings.clear();
        self
    }

    /// A day on which ten people whom nobody has seen before come to each shop.
    pub(super) fn day(&mut self, extras: &[Extra<'_>]) {
        let begin = self.now;
        for visitor in 0..10 {
            for shop in 0..self.sites.len() {
                self.now = begin + i64::try_from(visitor).expect("small") * DAY / 10;
                let day = u64::try_from((begin - START) / DAY).expect("a day");
                let of_shop = 1_000_000 * (shop as u64 + 1);
                self.visit(shop, of_shop + day * 1000 + visitor, extras);
            }
        }
        self.now = begin + DAY;
    }

    /// A visit of a shop's checkout. Every visitor reports the shop's standing violation, where it has one.
    pub(super) fn visit(&mut self, shop: usize, visitor: u64, extras: &[Extra<'_>]) {
        let ordinary = if shop < self.standing_below {
            format!("chat-{shop}.example")
        } else {
            format!("misc-{}.example", visitor % 7)
        };
        let widget = Extra {
            destination: &ordinary,
            ..LOADS
        };
        self.see(shop, visitor, widget);
        self.report(shop, visitor, extras);
    }

    /// Somebody reports these and nothing else.
    pub(super) fn report(&mut self, shop: usize, visitor: u64, extras: &[Extra<'_>]) {
        for extra in extras {
            self.see(shop, visitor, *extra);
        }
        self.advance();
        self.now += 100;
    }

    pub(super) fn advance(&mut self) {
        let findings = self.detector.advance(Timestamp(self.now));
        findings.iter().for_each(weights::add_up);
        self.findings.extend(findings);
    }

    pub(super) fn see(&mut self, shop: usize, visitor: u64, extra: Extra<'_>) {
        let families = [Family::Chromium, Family::WebKit, Family::Firefox];
        let own = families[usize::try_from(visitor % 3).expect("small")];
        let (family, mobile) = extra.kind.unwrap_or((own, visitor.is_multiple_of(2)));
        let address = format!("https://{}/c", extra.destination);
        let blocked = if extra.blocked.is_empty() {
            &address
        } else {
            extra.blocked
        };
        let host = blocked.split('/').nth(2).unwrap_or_default();
        let mut labels = Labels::default();
        if let Some(label) = extra.label {
            labels.insert(label);
        }
        self.detector.observe(&Sighting {
            at: Timestamp(self.now),
            site: &self.sites[shop],
            destination: extra.destination,
            host,
            blocked,
            directive: extra.directive,
            page_kind: extra.page_kind,
            after_payment: extra.after_payment,
            labels,
            source: extra.source,
            client: visitor,
            network: visitor,
            from_hosting: extra.from_hosting,
            family,
            mobile,
            card_encoding: extra.card,
            policy: extra.policy.bytes().map(u64::from).sum(),
            policy_text: extra.policy,
        });
    }

    /// A skimmer at a shop for this many visitors, of whom nobody was anywhere else.
    pub(super) fn skim(&mut self, shop: usize, visitors: u64, extra: Extra<'_>) {
        self.skim_all(shop, visitors, &[extra]);
    }

    pub(super) fn skim_all(&mut self, shop: usize, visitors: u64, extras: &[Extra<'_>]) {
        for n in 0..visitors {
            self.visit(shop, 10_000 * (shop as u64 + 1) + n, extras);
        }
    }

    /// The same at the first shops, one after the other.
    pub(super) fn hit(&mut self, shops: usize, visitors: u64, extras: &[Extra<'_>]) {
        for shop in 0..shops {
            self.skim_all(shop, visitors, extras);
        }
    }
}

pub(super) fn site(name: &str) -> SiteId {
    SiteId::new(name).expect("a plain name")
}
