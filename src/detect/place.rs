//! [`Place`]: what one destination does in one way at one site. "Loads" and "sends" are two places, so that
//! an old vendor's domain that turns is new again.

use std::cell::{Cell, OnceCell};

use super::clients::{Few, MAX_CLIENTS, MAX_NETWORKS};
use super::crowd::Crowd;
use crate::clock::Timestamp;
use crate::enrich::Family;
use crate::normalize::{Directive, Label, PageKind};
use crate::sighting::{Sighting, Source};

/// Bits of the directives by which scripts come.
pub(super) const SCRIPTS: u64 = bit(Directive::ScriptSrc) | bit(Directive::ScriptSrcElem);

/// The most browsers with cards that are told apart.
const MAX_CARDED: usize = MAX_CLIENTS;

/// The two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Way {
    /// Something comes from there: code, style, a frame.
    Loads,
    /// Something goes there.
    Sends,
}

impl Way {
    pub(super) fn of(directive: Directive) -> Self {
        match directive {
            Directive::ConnectSrc
            | Directive::ImgSrc
            | Directive::FormAction
            | Directive::MediaSrc
            | Directive::NavigateTo
            | Directive::PrefetchSrc
            | Directive::DefaultSrc => Self::Sends,
            _ => Self::Loads,
        }
    }
}

/// One destination, one way, one site.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) first_seen: Timestamp,
    pub(super) last_seen: Timestamp,
    /// Networks that had come to the site's payment pages before it came up.
    pub(super) arrivals_before: u32,
    /// The same of all sites.
    pub(super) arrivals_before_anywhere: u32,
    /// Browsers on payment pages, or what stands in for them.
    pub(super) clients: Few<u64, MAX_CLIENTS>,
    pub(super) networks: Few<u64, MAX_NETWORKS>,
    /// Whether anything stands in for browsers: then nobody can say how many there were.
    pub(super) unnamed: bool,
    /// Browsers in whose reports a card number stood.
    pub(super) carded: Few<u64, MAX_CARDED>,
    pub(super) carded_hidden: bool,
    /// The browsers by kind.
    pub(super) crowd: Crowd,
    /// Reports from payment pages, those of them that are shown after the payment, and from other pages.
    pub(super) payment: u32,
    pub(super) after_payment: u32,
    pub(super) other: u32,
    /// Bits of the directives, by their place in [`Directive::ALL`].
    pub(super) directives: u64,
    pub(super) by_extension: u32,
    pub(super) by_tag_manager: u32,
    pub(super) by_itself: u32,
    /// Whether its name imitates the shop's, once somebody asks.
    pub(super) imitates_shop: OnceCell<bool>,
    /// Hash of the shop's own file that was named first.
    pub(super) own_file: u64,
    /// What was found of it last.
    pub(super) weighed: Cell<Option<Weighed>>,
    /// The share when the networks could not be told apart any more.
    pub(super) frozen_share: Option<(usize, usize)>,
    /// Up to how many networks it was counted among what came with a flood.
    pub(super) compared: usize,
}

/// What a place was found to be, and when. It is found again when somebody new reports it, and after a while.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weighed {
    pub(super) at: Timestamp,
    pub(super) networks: usize,
    /// Log-likelihood ratio of page against visitor, by the share of networks that report it.
    pub(super) share: f64,
    /// Log-likelihood ratio of visitors against forgers.
    pub(super) honest: f64,
}

impl Place {
    pub(super) fn new(
        at: Timestamp,
        (arrivals_before, arrivals_before_anywhere): (u32, u32),
    ) -> Self {
        Self {
            first_seen: at,
            last_seen: at,
            arrivals_before,
            arrivals_before_anywhere,
            clients: Few::default(),
            networks: Few::default(),
            unnamed: false,
            carded: Few::default(),
            carded_hidden: false,
            crowd: Crowd::default(),
            payment: 0,
            after_payment: 0,
            other: 0,
            directives: 0,
            by_extension: 0,
            by_tag_manager: 0,
            by_itself: 0,
            imitates_shop: OnceCell::new(),
            own_file: 0,
            weighed: Cell::new(None),
            frozen_share: None,
            compared: 0,
        }
    }

    /// How many are told apart here: browsers, networks, browsers with cards.
    pub(super) fn num_witnesses(&self) -> usize {
        self.clients.len() + self.networks.len() + self.carded.len()
    }

    /// Takes a sighting in, and remembers who sent it as long as there is room. Whether a judgment may change: a
    /// browser or a card that was not known before.
    pub(super) fn observe(&mut self, sighting: &Sighting<'_>, has_room: bool) -> bool {
        self.first_seen = self.first_seen.min(sighting.at);
        self.last_seen = self.last_seen.max(sighting.at);
        self.directives |= bit(sighting.directive);
        if sighting.page_kind != PageKind::Checkout {
            self.other = self.other.saturating_add(1);
            return false;
        }
        self.payment = self.payment.saturating_add(1);
        self.after_payment += u32::from(sighting.after_payment);
        match sighting.source {
            Source::Extension => self.by_extension += 1,
            Source::TagManager => self.by_tag_manager += 1,
            Source::Destination => self.by_itself += 1,
            Source::OwnFile(path) if self.own_file == 0 => self.own_file = hash(path),
            _ => {}
        }
        if !has_room {
            return false;
        }
        let is_new_network = self.networks.insert(sighting.network);
        let is_new = self.clients.insert(sighting.client);
        if sighting.family == Family::Unknown {
            self.unnamed = true;
        } else if is_new {
            self.crowd.add(sighting);
        }
        let carded = !sighting.card_encoding.is_empty()
            && !sighting.labels.contains(Label::CardOnPage)
            // Of the same browsers as are counted: else time alone fills the share.
            && self.clients.contains(sighting.client)
            && self.carded.insert(sighting.client);
        self.carded_hidden |= carded && !["plain", "separated"].contains(&sighting.card_encoding);
        is_new || is_new_network || carded
    }

    /// Whether anything but extensions, by their own word, reports it.
    pub(super) fn is_believable(&self) -> bool {
        self.payment > self.by_extension || self.other > 0
    }

    /// Whether scripts come from it, by the bits of its directives.
    pub(super) fn loads_scripts(directives: u64) -> bool {
        directives & SCRIPTS != 0
    }

    /// Whether forms are sent there, or it stands in a frame without a script of its own, by the bits of its
    /// directives.
    pub(super) fn is_payment_page(directives: u64) -> bool {
        let has = |directive| directives & bit(directive) != 0;
        has(Directive::FormAction) || (has(Directive::FrameSrc) && !Self::loads_scripts(directives))
    }

    /// The directives, in their order.
    pub(super) fn directives(bits: u64) -> impl Iterator<Item = Directive> {
        Directive::ALL
            .iter()
            .copied()
            .filter(move |directive| bits & bit(*directive) != 0)
    }
}

const fn bit(directive: Directive) -> u64 {
    1 << (directive as u8)
}

/// The same in every run, so that findings are too.
fn hash(path: &str) -> u64 {
    let hash = blake3::hash(path.as_bytes());
    let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h]).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_takes_no_more_than_is_said() {
        assert!(size_of::<Place>() <= 352, "{}", size_of::<Place>());
    }
}
