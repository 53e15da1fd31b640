//! Both gates.

use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use foldhash::quality::RandomState;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;

use super::admitted::{Admitted, Folded};
use super::cells::Cells;
use super::config::{Config, budget, quota};
use super::known::{MAX_KNOWN_TOTAL, Standing};
use super::meter::Meter;
use super::repeats::{MAX_REPEATS, Repeats};
use super::site::{MAX_SITES, SiteState, Sites};
use crate::clock::SharedClock;
use crate::enrich::Network;
use crate::ids::SiteId;
use crate::metrics::{self, Kind, gauged};
use crate::redact::Report;

/// What to do with a submission whose body was not read yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Read it.
    Read,
    /// Count it as one folded entry, unread.
    Fold,
}

/// The limits of a process, shared by all its workers.
#[derive(Debug)]
pub struct Limiter {
    clock: SharedClock,
    hasher: RandomState,
    sites: Sites,
    /// Entries of one network at one site.
    pairs: Meter<Cells>,
    /// New things that one network may bring beyond the rates.
    novelty: Meter<Cells>,
    repeats: Repeats,
}

impl Limiter {
    /// Limits that have seen nothing yet.
    pub fn new(config: Config, clock: SharedClock) -> Self {
        let keys = config.max_keys.max(1);
        let limits = &metrics::get().limit_tracked_keys_limit;
        show(limits, "networks", keys);
        show(limits, "novelty", keys / 4);
        show(limits, "sites", MAX_SITES);
        show(limits, "known", MAX_KNOWN_TOTAL);
        show(limits, "repeats", MAX_REPEATS);
        config.show();
        Self {
            hasher: RandomState::default(),
            pairs: Meter::with_debt(
                Cells::new(keys, "networks"),
                quota(config.network_rate),
                &clock,
            ),
            novelty: Meter::new(
                Cells::new(keys / 4, "novelty"),
                budget(config.network_novelty_rate),
                &clock,
            ),
            repeats: Repeats::default(),
            sites: Sites::new(config, SharedClock::clone(&clock)),
            clock,
        }
    }

    /// Whoever of a network sends to a site; `rate` is the site's own, if it has one.
    pub fn visit(&self, site: &SiteId, rate: Option<u32>, network: Network) -> Visit<'_> {
        Visit {
            limiter: self,
            state: self.sites.get(site, rate),
            pair: self.hasher.hash_one((site, network)),
            network: self.hasher.hash_one(network),
        }
    }

    /// Forgets what is idle and sets the metrics. To be called about once a second.
    pub fn sweep(&self) {
        let tracked = &metrics::get().limit_tracked_keys;
        let (sites, known) = self.sites.sweep();
        show(tracked, "networks", self.pairs.sweep());
        show(tracked, "novelty", self.novelty.sweep());
        show(tracked, "sites", sites);
        show(tracked, "known", known);
        show(tracked, "repeats", self.repeats.len());
    }
}

/// A network at a site, looked up once for all that is asked about it.
#[derive(Debug)]
pub struct Visit<'l> {
    limiter: &'l Limiter,
    state: Arc<SiteState>,
    pair: u64,
    network: u64,
}

impl Visit<'_> {
    /// The gate before the body. A look costs nothing: what is read is charged by [`quota`](Self::quota) and
    /// [`charge`](Self::charge).
    pub fn gate(&self) -> Gate {
        if !within("network", self.limiter.pairs.has_room(&self.pair)) {
            return Gate::Fold;
        }
        if within("site", self.state.entries.has_room(&())) {
            return Gate::Read;
        }
        let mut bodies = lock(&self.state.bodies);
        if within("bodies", bodies.take(self.network, self.now())) {
            Gate::Read
        } else {
            Gate::Fold
        }
    }

    /// Charges entries that will not come to [`quota`](Self::quota): malformed ones, those beyond a cap, and
    /// one for a body that was no JSON. Canaries are charged nowhere.
    pub fn charge(&self, entries: u32) {
        self.limiter.pairs.charge(&self.pair, entries);
        self.state.entries.charge(&(), entries);
    }

    /// The gate after redaction, for one entry. An admitted report that came before within
    /// [`REPEAT_WINDOW`](super::REPEAT_WINDOW) carries the label `repeat`.
    ///
    /// # Errors
    /// [`Folded`] if the entry is over a rate and not new enough to pass all the same.
    pub fn quota(&self, mut report: Report) -> Result<Admitted, Folded> {
        // In this order: what one network sends over its own rate must not use up what the site has for others.
        let passes = within("network", self.limiter.pairs.take(&self.pair))
            && within("site", self.state.entries.take(&()));
        let now = self.now();
        if !self.admits(&mut report, passes, now) {
            return Err(Folded {
                destination: report.destination().to_owned(),
                directive: report.directive(),
            });
        }
        // The pair, too: where no client data is kept, fingerprints do not tell senders apart.
        let hasher = &self.limiter.hasher;
        let fingerprint = hasher.hash_one((self.pair, report.fingerprint()));
        if self.limiter.repeats.seen(fingerprint, now) {
            report.mark_repeat();
        }
        Ok(Admitted::new(report))
    }

    /// Whether it may be stored; what is new may beyond the rates, and is counted.
    fn admits(&self, report: &mut Report, is_within: bool, now: Duration) -> bool {
        let Self {
            limiter, network, ..
        } = *self;
        let subject = limiter
            .hasher
            .hash_one((report.destination(), report.directive()));
        let mut novelty = lock(&self.state.novelty);
        let standing = novelty.known.standing(subject, network);
        let floods = standing == Standing::New && novelty.bursts.count(network, now);
        let passes = is_within
            || match standing {
                // What floods would use up what its network has left for the report that matters.
                Standing::New => {
                    !floods
                        && within("network_novelty", limiter.novelty.take(&network))
                        && within("site_novelty", novelty.share.take(network, now))
                }
                Standing::Witnessed => {
                    within("network_novelty", limiter.novelty.take(&network))
                        && within("site_novelty", novelty.witnessed.take(network, now))
                }
                Standing::Known => false,
            };
        if passes {
            novelty.known.learn(subject, network);
        }
        if floods {
            report.mark_burst();
        }
        passes
    }

    fn now(&self) -> Duration {
        self.limiter.clock.coarse()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Passes on what a rate said, and counts it if that was no.
fn within(rate: &'static str, is_within: bool) -> bool {
    if !is_within {
        metrics::count(&metrics::get().limit_exceeded, rate);
    }
    is_within
}

fn show(gauges: &Family<Kind, Gauge>, kind: &'static str, number: usize) {
    gauges.get_or_create(&Kind { kind }).set(gauged(number));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{ManualClock, Timestamp};
    use crate::limit::REPEAT_WINDOW;
    use crate::limit::config::FORGET_SITE_AFTER;
    use crate::limit::known::WITNESSES;
    use crate::normalize::{Directive, Label};
    use std::net::{IpAddr, Ipv4Addr};

    struct Bench {
        clock: Arc<ManualClock>,
        limiter: Limiter,
        site: SiteId,
    }

    fn bench(config: Config) -> Bench {
        let clock = ManualClock::at(Timestamp(1_700_000_000_000));
        Bench {
            limiter: Limiter::new(config, Arc::clone(&clock) as SharedClock),
            clock,
            site: SiteId::new("shop").unwrap(),
        }
    }

    fn network(n: u32) -> Network {
        Network::of(IpAddr::V4(Ipv4Addr::from(n << 8)))
    }

    impl Bench {
        fn gate(&self, n: u32) -> Gate {
            self.limiter.visit(&self.site, None, network(n)).gate()
        }

        fn send(&self, n: u32, destination: &str) -> Result<Admitted, Folded> {
            let report = Report::made_up(destination, Directive::ConnectSrc);
            self.limiter
                .visit(&self.site, None, network(n))
                .quota(report)
        }

        /// Sends until the site's own rate is used up, from many networks.
        fn exhaust(&self, destination: &str) {
            while self
                .limiter
                .sites
                .get(&self.site, None)
                .entries
                .has_room(&())
            {
                for n in 1000..1100 {
                    drop(self.send(n, destination));
                }
            }
        }
    }

    fn small() -> Config {
        Config {
            site_rate: 100,
            network_rate: 20,
            parse_rate: 10,
            site_novelty_rate: 10,
            network_novelty_rate: 1,
            max_keys: 1000,
        }
    }

    #[test]
    fn within_the_rates_all_is_admitted() {
        let bench = bench(small());
        for _ in 0..200 {
            assert_eq!(bench.gate(1), Gate::Read);
            assert!(bench.send(1, "known.example").is_ok());
        }
        assert!(bench.send(1, "known.example").is_err());
        assert_eq!(bench.gate(1), Gate::Fold, "over its own rate");
        assert_eq!(bench.gate(2), Gate::Read, "another network is not");
    }

    #[test]
    fn one_network_gets_its_own_rate_and_no_more() {
        let bench = bench(small());
        let mut stored = 0;
        for _ in 0..100 {
            for _ in 0..50 {
                if bench.gate(1) == Gate::Read && bench.send(1, "known.example").is_ok() {
                    stored += 1;
                }
            }
            bench.clock.advance(Duration::from_secs(1));
        }
        // The burst of 10 s, and then 20 a second.
        assert!(
            (200 + 99 * 20..=200 + 100 * 20).contains(&stored),
            "{stored}"
        );
    }

    #[test]
    fn a_site_over_its_rate_still_has_bodies_read_for_every_network() {
        let bench = bench(Config {
            parse_rate: 64,
            ..small()
        });
        bench.exhaust("known.example");
        bench.clock.advance(Duration::from_millis(1));
        let loud = (0..1000).filter(|_| bench.gate(1) == Gate::Read).count();
        assert!((1..=32).contains(&loud), "{loud}: half is left for others");
        // Now and then two networks are dealt into one slot.
        let quiet = (2..12).filter(|&n| bench.gate(n) == Gate::Read).count();
        assert!(quiet >= 7, "{quiet} of 10 quiet ones");
    }

    #[test]
    fn what_is_new_passes_a_site_that_is_over_its_rate() {
        let bench = bench(small());
        bench.exhaust("known.example");
        assert!(bench.send(1, "skimmer.example").is_ok());
        let folded = bench.send(1, "skimmer.example").unwrap_err();
        assert_eq!(folded.destination, "skimmer.example");
        assert_eq!(folded.directive, Directive::ConnectSrc);
        assert!(bench.send(1, "known.example").is_err());
    }

    #[test]
    fn made_up_destinations_do_not_pass_unlimited() {
        let bench = bench(small());
        bench.exhaust("known.example");
        let from_one = (0..10_000)
            .filter(|n| bench.send(1, &format!("d{n}.example")).is_ok())
            .count();
        assert!(from_one <= 10, "{from_one}: the budget of a network");
        let from_all = (0..10_000)
            .filter(|n| bench.send(*n, &format!("e{n}.example")).is_ok())
            .count();
        assert!(from_all <= 10, "{from_all}: the budget of the site");
        assert!(
            bench.send(1, "known.example").is_err(),
            "what was known before the flood still is"
        );
    }

    #[test]
    fn a_sites_own_rate_stands_before_the_common_one() {
        let bench = bench(small());
        let own = Some(1);
        let admitted = (0..300)
            .filter(|n| {
                let report = Report::made_up("known.example", Directive::ImgSrc);
                bench
                    .limiter
                    .visit(&bench.site, own, network(*n))
                    .quota(report)
                    .is_ok()
            })
            .count();
        assert_eq!(admitted, 100, "the least burst");
    }

    #[test]
    fn entries_that_are_no_reports_cost_as_much() {
        let bench = bench(small());
        bench
            .limiter
            .visit(&bench.site, None, network(1))
            .charge(300);
        assert_eq!(bench.gate(1), Gate::Fold);
        bench.clock.advance(Duration::from_millis(5050));
        assert_eq!(bench.gate(1), Gate::Read, "100 over, at 20 a second");
    }

    #[test]
    fn a_repeat_is_admitted_with_its_label() {
        let bench = bench(Config::default());
        let labels = |report: Admitted| report.report().labels();
        let first = bench.send(1, "known.example").unwrap();
        let again = bench.send(1, "known.example").unwrap();
        assert!(!labels(first).contains(Label::Repeat));
        assert!(labels(again).contains(Label::Repeat));
        bench.clock.advance(3 * REPEAT_WINDOW);
        let later = bench.send(1, "known.example").unwrap();
        assert!(!labels(later).contains(Label::Repeat));
    }

    #[test]
    fn a_page_that_floods_is_labelled_and_others_are_not() {
        let bench = bench(Config::default());
        let is_burst = |network: u32, destination: &str| {
            let admitted = bench.send(network, destination).unwrap();
            admitted.report().labels().contains(Label::Burst)
        };
        assert!(!is_burst(1, "known.example"));
        bench.clock.advance(super::super::KNOWS_AFTER);
        let junk = (0..200).map(|n| format!("junk{n}.example"));
        let labelled = junk.filter(|destination| is_burst(1, destination)).count();
        assert_eq!(labelled, 200 - usize::from(super::super::BURST));
        assert!(!is_burst(1, "known.example"), "it is not new");
    }

    #[test]
    fn a_new_tag_manager_is_no_flood() {
        let bench = bench(Config::default());
        bench.send(1, "known.example").unwrap();
        bench.clock.advance(super::super::KNOWS_AFTER);
        for network in 0..20 {
            for n in 0..10 {
                let admitted = bench.send(network, &format!("tag{n}.example")).unwrap();
                assert!(!admitted.report().labels().contains(Label::Burst));
            }
        }
    }

    /// Two thousand reports a second where one thousand are taken, the one that matters last of each visitor's.
    #[test]
    fn pages_that_flood_over_the_rate_do_not_hide_what_they_do() {
        let bench = bench(Config::default());
        bench.send(1, "known.example").unwrap();
        bench.clock.advance(super::super::KNOWS_AFTER);
        bench.exhaust("known.example");
        drop(bench.send(9, "skimmer.example").unwrap());
        let (mut witnesses, mut stored) = (Vec::new(), 0);
        for visitor in 10..310 {
            for n in 0..200 {
                let junk = format!("junk{visitor}-{n}.example");
                stored += u32::from(bench.send(visitor, &junk).is_ok());
            }
            witnesses.push(bench.send(visitor, "skimmer.example").is_ok());
            bench.clock.advance(Duration::from_millis(100));
        }
        let first = witnesses.iter().take_while(|it| **it).count();
        assert_eq!(first, usize::from(WITNESSES) - 1, "the first all pass");
        // The rate of half a minute, and what passes because it is new.
        assert!(stored <= 30 * (1000 + 64) + 100, "{stored}");
    }

    #[test]
    fn a_flood_of_the_same_costs_no_more_than_the_rate() {
        let bench = bench(small());
        let list = || (0..200).map(|n| format!("junk{n}.example"));
        bench.exhaust("known.example");
        list().for_each(|junk| drop(bench.send(1, &junk)));
        let again = (2..200).flat_map(|n| list().map(move |junk| (n, junk)));
        let stored = again.filter(|(n, junk)| bench.send(*n, junk).is_ok());
        let stored = stored.count();
        // What the site has for what is new, and for what few have seen.
        assert!(stored <= 20, "{stored}");
        bench.clock.advance(Duration::from_secs(2));
        bench.exhaust("known.example");
        assert!(bench.send(300, "skimmer.example").is_ok());
    }

    #[test]
    fn idle_state_is_forgotten() {
        let bench = bench(small());
        for n in 0..500 {
            drop(bench.send(n, "known.example"));
        }
        assert!(bench.limiter.pairs.sweep() > 0);
        bench.clock.advance(2 * FORGET_SITE_AFTER);
        for _ in 0..16 {
            bench.limiter.sweep();
        }
        assert_eq!(bench.limiter.pairs.sweep(), 0);
        assert_eq!(bench.limiter.sites.sweep(), (0, 0));
    }
}
