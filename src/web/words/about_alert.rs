//! What an alert says happened, in sentences around names and moments.

use maud::{Markup, html};

use crate::finding::FindingKind;
use crate::language::Language;

/// What stands in the sentences.
pub(in crate::web) struct Facts {
    /// What happens.
    pub(in crate::web) kind: FindingKind,
    /// The destination, as it is shown.
    pub(in crate::web) destination: Markup,
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
    /// Browsers and networks, as far as they were counted.
    pub(in crate::web) seen_by: (u64, u64),
    /// Merchants at which a card number was seen in an address.
    pub(in crate::web) with_card: usize,
}

impl Facts {
    /// The paragraph.
    pub(in crate::web) fn paragraph(&self, language: Language) -> Markup {
        match language {
            Language::En => self.english(),
            Language::Ja => self.japanese(),
        }
    }

    fn english(&self) -> Markup {
        let merchants = if self.merchants == 1 {
            "merchant"
        } else {
            "merchants"
        };
        let act = match self.kind {
            FindingKind::Exfiltration => "sending data to",
            FindingKind::ForeignScript => "loading code from",
            FindingKind::FakePaymentPage => "leading shoppers to",
        };
        let (browsers, networks) = self.seen_by;
        html! {
            "Since " (self.since) ", payment pages of " (self.merchants) " " (merchants)
            " have been " (act) " " (self.destination) ", where they did not go before. "
            @if let (Some(first), Some(spread)) = (&self.first, &self.spread) {
                "It began at " (first) " and had reached the last of them " (spread) " later. "
            } @else if let Some(first) = &self.first {
                "It began at " (first) ". "
            }
            "Browsers that reported it: " (browsers) ", in networks: " (networks) ". "
            @if self.with_card > 0 {
                strong { "At " (self.with_card) " of these merchants a card number stood in an address that was sent. " }
            }
            @if self.others > 0 {
                "It was also seen at " (self.others) " merchants that are not yours to see. "
            }
            "Browsers tell where a page tries to go, not what it sends: whether cards were taken must be found out at the shop."
        }
    }

    fn japanese(&self) -> Markup {
        let act = match self.kind {
            FindingKind::Exfiltration => "へのデータ送信",
            FindingKind::ForeignScript => "からのスクリプト読み込み",
            FindingKind::FakePaymentPage => "への購入者の誘導",
        };
        let (browsers, networks) = self.seen_by;
        html! {
            (self.since) " から、" (self.merchants) " 加盟店の決済ページで、これまでになかった " (self.destination)
            " " (act) "が報告されています。"
            @if let (Some(first), Some(spread)) = (&self.first, &self.spread) {
                "最初に確認されたのは " (first) " で、その後 " (spread) "で計 " (self.merchants) " 加盟店に広がりました。"
            } @else if let Some(first) = &self.first {
                "確認された加盟店は " (first) " です。"
            }
            "報告したブラウザーは " (browsers) " 台、ネットワークは " (networks) " 件です。"
            @if self.with_card > 0 {
                strong { "このうち " (self.with_card) " 加盟店では、送信先アドレスにカード番号が含まれていました。" }
            }
            @if self.others > 0 {
                "このほか、閲覧権限のない " (self.others) " 加盟店でも確認されています。"
            }
            "レポートから分かるのは通信先であり、送信された内容ではありません。カード情報が実際に窃取されたかどうかは、加盟店側での調査が必要です。"
        }
    }
}
