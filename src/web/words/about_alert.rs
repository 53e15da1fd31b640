//! What an alert says happened, in sentences around names and moments.

use maud::{Markup, html};

use super::Text;
use super::fate::Fates;
use super::messages::*;
use crate::finding::FindingKind;
use crate::language::Language;

/// What stands in the sentences.
pub(in crate::web) struct Facts {
    /// What happens.
    pub(in crate::web) kind: FindingKind,
    /// The destination, as it is shown.
    pub(in crate::web) destination: Markup,
    /// The account there, where anybody may have one.
    pub(in crate::web) account: Option<Markup>,
    /// How many more destinations belong to it.
    pub(in crate::web) more_destinations: usize,
    /// Merchants that the reader may see.
    pub(in crate::web) merchants: usize,
    /// Those that they may not.
    pub(in crate::web) others: u32,
    /// The first of them, with a link.
    pub(in crate::web) first: Option<Markup>,
    /// When it began there.
    pub(in crate::web) since: Markup,
    /// Time from the first merchant to the last, if there are several.
    pub(in crate::web) spread: Option<String>,
    /// Browsers and networks, as far as they were counted, in groups of digits.
    pub(in crate::web) seen_by: (String, String),
    /// What became of it at the merchants, if that can be read now.
    pub(in crate::web) fates: Option<Fates>,
    /// The shops' own script that browsers name, and at how many merchants they do.
    pub(in crate::web) script: Option<(Markup, u64)>,
    /// Merchants at which a card number was seen in an address.
    pub(in crate::web) with_card: usize,
}

impl Facts {
    /// In three paragraphs: what, where and since when; what became of it; what is known of cards.
    pub(in crate::web) fn paragraphs(&self, language: Language) -> Markup {
        let fates = self.fates.map(|fates| fates.sentence(language));
        let script = self
            .script
            .as_ref()
            .map(|(script, merchants)| named_script(language, *merchants, script));
        html! {
            p { (joined(language, self.what(language))) }
            @if fates.is_some() || script.is_some() {
                p {
                    (joined(language, fates.map(|fates| html! { strong { (fates) } }).into_iter().chain(script)))
                }
            }
            p { (joined(language, self.cards(language))) }
        }
    }

    fn what(&self, language: Language) -> Vec<Markup> {
        let act = self.act().of(language);
        let happens = match &self.account {
            Some(account) => happens_at_account(
                language,
                &self.since,
                self.merchants,
                act,
                &self.destination,
                account,
            ),
            None => happens(
                language,
                &self.since,
                self.merchants,
                act,
                &self.destination,
            ),
        };
        let mut sentences = vec![happens];
        if self.more_destinations > 0 {
            sentences.push(html! { (more_destinations(language, self.more_destinations)) });
        }
        sentences.extend(match (&self.first, &self.spread) {
            (Some(first), Some(spread)) => Some(began_and_spread(language, first, spread)),
            (Some(first), None) => Some(began_at(language, first)),
            (None, _) => None,
        });
        let (browsers, networks) = &self.seen_by;
        // None are counted where no client data is kept.
        if browsers != "0" {
            sentences.push(html! { (seen_by(language, browsers, networks)) });
        }
        if self.others > 0 {
            sentences.push(html! { (seen_elsewhere(language, self.others)) });
        }
        sentences
    }

    fn act(&self) -> Text {
        match (self.kind, self.was_stopped()) {
            (FindingKind::SuspectReports, _) => ACT_FLOODS,
            (FindingKind::Exfiltration, false) => ACT_SENDS,
            (FindingKind::Exfiltration, true) => ACT_TRIES_TO_SEND,
            (FindingKind::ForeignScript, false) => ACT_LOADS,
            (FindingKind::ForeignScript, true) => ACT_TRIES_TO_LOAD,
            (FindingKind::FakePaymentPage, false) => ACT_LEADS,
            (FindingKind::FakePaymentPage, true) => ACT_TRIES_TO_LEAD,
        }
    }

    fn cards(&self, language: Language) -> Vec<Markup> {
        let found = match (self.with_card, self.merchants) {
            (0, _) => return vec![html! { (CARDS_UNKNOWN.of(language)) }],
            (_, 1) => CARDS_FOUND.of(language).to_owned(),
            (some, all) if some == all => cards_found_at_all(language, all),
            (some, all) => cards_found_at_some(language, some, all),
        };
        vec![
            html! { strong { (found) } },
            html! { (CARDS_FOUND_MORE.of(language)) },
        ]
    }

    /// Whether browsers blocked it everywhere.
    fn was_stopped(&self) -> bool {
        self.fates.as_ref().is_some_and(Fates::all_blocked)
    }
}

/// Sentences in a row; Japanese has no spaces between them.
fn joined(language: Language, sentences: impl IntoIterator<Item = Markup>) -> Markup {
    html! {
        @for (i, sentence) in sentences.into_iter().enumerate() {
            @if i > 0 { (language.pick(" ", "")) }
            (sentence)
        }
    }
}
