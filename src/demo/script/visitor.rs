//! Who visits. A [`Visitor`] keeps address, browser and add-ons from one visit to the next.

use std::net::{IpAddr, Ipv4Addr};

use super::dice::Dice;

/// Where a visitor's address lies: 198.18.0.0/15, which RFC 2544 keeps for tests. No real visitor has one.
const FIRST_ADDRESS: u32 = 0xc612_0000;

/// Networks of 256 addresses in that range.
pub(super) const NETWORKS: u64 = 512;

/// Visitors who come back, and who shop in more than one place.
const REGULARS: u64 = 1500;

/// All others that there are.
const PASSERS_BY: u64 = 100_000;

/// Who writes the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

/// A browser as people have it.
#[derive(Debug)]
pub(super) struct Browser {
    pub(super) engine: Engine,
    pub(super) desktop: bool,
    pub(super) user_agent: &'static str,
    /// Of a hundred visitors, how many use it.
    percent: u64,
}

/// What a visitor's machine puts into every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AddOn {
    /// Looks for vouchers: sends the shop's name out.
    Coupons,
    /// Compares prices: loads a script.
    Prices,
    /// A virus scanner that reads along.
    Antivirus,
}

/// One person at one machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visitor {
    pub(super) address: IpAddr,
    pub(super) browser: &'static Browser,
    pub(super) add_on: Option<AddOn>,
}

impl Visitor {
    /// Whoever happens to come by.
    pub(super) fn any(dice: &mut Dice) -> Self {
        let number = if dice.chance(350) {
            dice.below(REGULARS)
        } else {
            REGULARS + dice.below(PASSERS_BY)
        };
        let mut own = Dice::of(&[number]);
        let network = own.below(NETWORKS);
        Self::in_network(network, &mut own)
    }

    /// Someone in this network.
    pub(super) fn in_network(network: u64, own: &mut Dice) -> Self {
        let network = u32::try_from(network % NETWORKS).unwrap_or(0);
        let host = u32::try_from(1 + own.below(254)).unwrap_or(1);
        let browser = browser(own.below(100));
        let add_on = match own.below(1000) {
            _ if !browser.desktop || browser.engine != Engine::Chromium => None,
            0..60 => Some(AddOn::Coupons),
            60..100 => Some(AddOn::Prices),
            100..140 => Some(AddOn::Antivirus),
            _ => None,
        };
        Self {
            address: Ipv4Addr::from_bits(FIRST_ADDRESS + (network << 8) + host).into(),
            browser,
            add_on,
        }
    }
}

fn browser(mut hundredth: u64) -> &'static Browser {
    for browser in &BROWSERS {
        if hundredth < browser.percent {
            return browser;
        }
        hundredth -= browser.percent;
    }
    &BROWSERS[0]
}

macro_rules! browsers {
    ($($percent:literal $engine:ident $desktop:literal $user_agent:literal)*) => {
        [$(Browser {
            engine: Engine::$engine,
            desktop: $desktop,
            user_agent: $user_agent,
            percent: $percent,
        }),*]
    };
}

const BROWSERS: [Browser; 14] = browsers! {
    28 WebKit false "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.3 Mobile/15E148 Safari/604.1"
    8 WebKit false "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1"
    3 WebKit false "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/152.0.7977.61 Mobile/15E148 Safari/604.1"
    3 WebKit true "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.3 Safari/605.1.15"
    16 Chromium false "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0 Mobile Safari/537.36"
    3 Chromium false "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/30.0 Chrome/148.0.0.0 Mobile Safari/537.36"
    2 Chromium false "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0 Mobile Safari/537.36 EdgA/152.0.0.0"
    15 Chromium true "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0 Safari/537.36"
    3 Chromium true "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/151.0.0.0 Safari/537.36"
    8 Chromium true "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0 Safari/537.36 Edg/152.0.0.0"
    5 Chromium true "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0 Safari/537.36"
    3 Firefox true "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0"
    1 Firefox true "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
    2 Firefox false "Mozilla/5.0 (Android 15; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0"
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrich::{self, Family};

    #[test]
    fn browsers_are_what_they_say() {
        for browser in &BROWSERS {
            let read = enrich::Browser::of(browser.user_agent);
            let family = match browser.engine {
                Engine::Chromium => Family::Chromium,
                Engine::Firefox => Family::Firefox,
                Engine::WebKit => Family::WebKit,
            };
            assert_eq!(read.family, family, "{}", browser.user_agent);
            assert_eq!(read.mobile, !browser.desktop, "{}", browser.user_agent);
        }
        let sum: u64 = BROWSERS.iter().map(|browser| browser.percent).sum();
        assert_eq!(sum, 100);
    }

    #[test]
    fn add_ons_sit_in_two_to_three_of_a_hundred_machines() {
        let mut dice = Dice::of(&[3]);
        let visitors: Vec<_> = (0..10_000).map(|_| Visitor::any(&mut dice)).collect();
        let with = |of: &[AddOn]| {
            let has = |v: &&Visitor| v.add_on.is_some_and(|add_on| of.contains(&add_on));
            visitors.iter().filter(has).count()
        };
        let extensions = with(&[AddOn::Coupons, AddOn::Prices]);
        assert!((200..400).contains(&extensions), "{extensions}");
        assert!(with(&[AddOn::Antivirus]) > 0);
    }
}
