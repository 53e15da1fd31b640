//! What an alert says happened, in sentences around names and moments.

use maud::{Markup, html};

use super::fate::Fates;
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
        match language {
            Language::En => self.english(),
            Language::Ja => self.japanese(),
        }
    }

    fn english(&self) -> Markup {
        let (browsers, networks) = &self.seen_by;
        html! {
            p {
                "Since " (self.since) ", payment pages of " (plural(self.merchants, "merchant")) " have been "
                (self.act_english()) " " (self.destination)
                @if let Some(account) = &self.account {
                    ", account " (account) ". Anybody may have an account there; this one was never seen at them before. "
                } @else { ", a destination never seen there before. " }
                @match self.more_destinations {
                    0 => {}
                    1 => { "One more destination belongs to it, see below. " }
                    more => { (more) " more destinations belong to it, see below. " }
                }
                @if let (Some(first), Some(spread)) = (&self.first, &self.spread) {
                    "It began at " (first) " and reached the last of them " (spread) " later. "
                } @else if let Some(first) = &self.first {
                    "It began at " (first) ". "
                }
                // None are counted where no client data is kept.
                @if browsers != "0" {
                    (browsers) (if browsers == "1" { " browser" } else { " browsers" })
                    " on " (networks) (if networks == "1" { " network" } else { " networks" }) " reported it."
                }
                @if self.others > 0 {
                    " It was also seen at " (self.others) " merchants that are not yours to see."
                }
            }
            @if self.fates.is_some() || self.script.is_some() {
                p {
                    @if let Some(fates) = &self.fates { strong { (fates.sentence(Language::En)) } " " }
                    @if let Some((script, merchants)) = &self.script {
                        "Browsers at " (merchants) (if *merchants == 1 { " merchant" } else { " merchants" })
                        " name the script " (script) " as its source."
                    }
                }
            }
            p { (self.cards_english()) "whether cards were taken must be found out at the shop." }
        }
    }

    fn act_english(&self) -> &'static str {
        match (self.kind, self.was_stopped()) {
            (FindingKind::SuspectReports, _) => "flooding the reports of",
            (FindingKind::Exfiltration, false) => "sending data to",
            (FindingKind::Exfiltration, true) => "trying to send data to",
            (FindingKind::ForeignScript, false) => "loading code from",
            (FindingKind::ForeignScript, true) => "trying to load code from",
            (FindingKind::FakePaymentPage, false) => "leading shoppers to",
            (FindingKind::FakePaymentPage, true) => "trying to lead shoppers to",
        }
    }

    /// What is known of cards, up to where the last words of the paragraph follow.
    fn cards_english(&self) -> Markup {
        let call = if self.was_stopped() {
            "tried to call"
        } else {
            "called"
        };
        html! {
            @if self.with_card > 0 {
                strong {
                    @match (self.with_card, self.merchants) {
                        (_, 1) => "Card numbers",
                        (2, 2) => "At both merchants, card numbers",
                        (some, all) if some == all => { "At all " (all) " merchants, card numbers" },
                        (some, all) => { "At " (some) " of the " (all) " merchants, card numbers" },
                    }
                    " were found in the addresses that the pages " (call) ". "
                }
                "What else was sent cannot be seen; "
            } @else {
                "Browsers report the address that a page calls, not what it sends: "
            }
        }
    }

    fn japanese(&self) -> Markup {
        let (browsers, networks) = &self.seen_by;
        html! {
            p {
                (self.since) " から、" (self.merchants) "加盟店の決済ページで、これまで確認されていなかった"
                @if let Some(account) = &self.account { "アカウント " (account) "（" (self.destination) " は誰でも利用できるサービスです）" }
                @else { " " (self.destination) " " }
                (self.act_japanese()) "が報告されています。"
                @if self.more_destinations > 0 {
                    "関連する送信先がほかに" (self.more_destinations) "件あります（下の表を参照）。"
                }
                @if let (Some(first), Some(spread)) = (&self.first, &self.spread) {
                    "最初に確認されたのは " (first) " で、その後" (spread) "のうちに計" (self.merchants) "加盟店に広がりました。"
                } @else if let Some(first) = &self.first {
                    "確認された加盟店は " (first) " です。"
                }
                @if browsers != "0" {
                    (browsers) "件のブラウザー（" (networks) "のネットワーク）から報告がありました。"
                }
                @if self.others > 0 {
                    "このほか、閲覧権限のない" (self.others) "加盟店でも確認されています。"
                }
            }
            @if self.fates.is_some() || self.script.is_some() {
                p {
                    @if let Some(fates) = &self.fates { strong { (fates.sentence(Language::Ja)) } }
                    @if let Some((script, merchants)) = &self.script {
                        (merchants) "加盟店のブラウザーが、発生元のスクリプトとして " (script) " を報告しています。"
                    }
                }
            }
            p { (self.cards_japanese()) "カード情報が実際に窃取されたかどうかは、加盟店側での調査が必要です。" }
        }
    }

    fn act_japanese(&self) -> &'static str {
        match (self.kind, self.was_stopped()) {
            (FindingKind::SuspectReports, _) => "のレポートの大量発生",
            (FindingKind::Exfiltration, false) => "へのデータ送信",
            (FindingKind::Exfiltration, true) => "へのデータ送信の試み",
            (FindingKind::ForeignScript, false) => "からのスクリプト読み込み",
            (FindingKind::ForeignScript, true) => "からのスクリプト読み込みの試み",
            (FindingKind::FakePaymentPage, false) => "への購入者の誘導",
            (FindingKind::FakePaymentPage, true) => "へ購入者を誘導する試み",
        }
    }

    fn cards_japanese(&self) -> Markup {
        html! {
            @if self.with_card > 0 {
                strong {
                    @match (self.with_card, self.merchants) {
                        (_, 1) => {},
                        (some, all) if some == all => { (all) "加盟店すべてで、" },
                        (some, all) => { (all) "加盟店のうち" (some) "加盟店で、" },
                    }
                    "送信先の URL にカード番号が含まれていました。"
                }
                "分かるのは送信先の URL までで、それ以外に何が送られたかは分かりません。"
            } @else {
                "レポートから分かるのは送信先の URL までで、何が送られたかは分かりません。"
            }
        }
    }

    /// Whether browsers blocked it everywhere.
    fn was_stopped(&self) -> bool {
        self.fates.as_ref().is_some_and(Fates::all_blocked)
    }
}

fn plural(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}
