//! The sentences of the reasons, English and Japanese side by side.

use super::evidence::Evidence;
use crate::language::Language;

/// One sentence, for a merchant to read.
pub(super) fn sentence(evidence: &Evidence, language: Language) -> String {
    match *evidence {
        Evidence::NewOnPaymentPages {
            merchants,
            clients,
            networks,
            share,
        } => new_on_payment_pages(language, merchants, (clients, networks, share)),
        Evidence::FollowsPages { networks, of } => language.pick(
            format!("{networks} of the {} that reported anything on these pages since then report it: more than visitors' own software would bring about.", count(of, "network")),
            format!("その後、これらのページについて何らかのレポートを送った{of}のネットワークのうち、{networks}がこの送信先を報告しています。閲覧者側のソフトウェアによるものとしては多すぎます。"),
        ),
        Evidence::AfterPayment { share } => language.pick(
            format!("{share} % of its reports come from pages that are shown after the payment, where nobody types a card any more; conversions are counted there."),
            format!("レポートの{share}%は決済完了後のページからのものです。カード番号が入力されることはなく、コンバージョン計測によく使われるページです。"),
        ),
        Evidence::LooksForged { networks } => language.pick(
            format!("{} that report it report nothing else that visitors of these pages report: the reports look forged.", count(networks, "network")),
            format!("この送信先を報告している{networks}のネットワークからは、これらのページの閲覧者が通常報告する内容が一切届いていません。偽のレポートの可能性があります。"),
        ),
        Evidence::OneBrowserFamily { clients } => language.pick(
            format!("All {clients} browsers that report it are of one kind, as with an extension."),
            format!("報告した{clients}件のブラウザーはすべて同じ種類です。拡張機能によく見られる特徴です。"),
        ),
        Evidence::ManyBrowserFamilies { families } => language.pick(
            format!("{} kinds of browser, phones among them, report it: it is in the page, not in the browser.", in_words(families)),
            format!("スマートフォンを含む{families}種類のブラウザーが報告しています。原因はブラウザーではなくページにあると考えられます。"),
        ),
        Evidence::CardNumbers { clients, hidden } => card_numbers(language, clients, hidden),
        Evidence::HiddenInFlood { merchants, networks } => hidden_in_flood(language, merchants, networks),
        Evidence::OneOfMany { destinations } => language.pick(
            format!("It is one of {destinations} new destinations that the same pages reported all at once: junk that hides another, or a page that changed altogether. Only a few of them are alerts, so look at all that is new there."),
            format!("同じページから一度に報告された{destinations}件の新しい送信先の一つです。別の送信先を隠すための偽のレポートか、ページが大きく変更された可能性があります。アラートになるのは一部だけですので、新しい送信先をすべて確認してください。"),
        ),
        Evidence::OtherPagesToo { share } => language.pick(
            format!("It is on other pages too: {share} % of its reports come from there."),
            format!("決済ページ以外でも確認されています（レポートの{share}%）。"),
        ),
        Evidence::FollowsVisitors { .. }
        | Evidence::SharedScript { .. }
        | Evidence::KnownForLong { .. }
        | Evidence::AllowedByPolicies { .. }
        | Evidence::SpreadsFast { .. }
        | Evidence::SpreadsSlowly { .. }
        | Evidence::AllowedSince { .. } => of_merchants(*evidence, language),
        Evidence::Flooded { destinations } => flooded(language, destinations),
        Evidence::Blocked { merchants } => language.pick(
            format!("It is blocked: somebody decided that it is known to be bad. It was reported at {}, and one report is enough for an alert.", shops(merchants)),
            format!("危険な送信先としてブロックに指定されています。{merchants}加盟店で報告されました。ブロック中の送信先は、1件の報告だけでアラートになります。"),
        ),
        Evidence::PaymentPagesOnly
        | Evidence::SendsOnly
        | Evidence::FormsGoThere
        | Evidence::LooksLikeWidget
        | Evidence::LooksLikeTag
        | Evidence::ByTagManager
        | Evidence::ByItself
        | Evidence::ImitatesService
        | Evidence::ImitatesShop
        | Evidence::WellKnown
        | Evidence::AccountOfService
        | Evidence::CheapName
        | Evidence::ByExtension => fixed(*evidence, language).to_owned(),
    }
}

/// What a flooded site is like.
fn flooded(language: Language, destinations: u32) -> String {
    language.pick(
            format!("{destinations} destinations that were never seen there came up on its payment pages within a day. Either the page floods us to hide something, or somebody makes reports up, or the page changed altogether."),
            format!("1日のうちに、これまで確認されていない{destinations}件の送信先が決済ページから報告されました。何かを隠すためにページが大量のレポートを発生させている、第三者が偽のレポートを送っている、またはページが大きく変更された可能性があります。"),
        )
}

/// What merchants have in common.
fn of_merchants(evidence: Evidence, language: Language) -> String {
    match evidence {
        Evidence::FollowsVisitors { merchants } => language.pick(
            format!("At {} only single visitors report it: it follows visitors, as browser extensions do.", shops(merchants)),
            format!("{merchants}加盟店では一部の閲覧者だけが報告しています。ブラウザー拡張機能のように、閲覧者側に付随する動きです。"),
        ),
        Evidence::SharedScript { merchants } => language.pick(
            format!("The same script file does it at {}: one hand is behind it.", shops(merchants)),
            format!("{merchants}加盟店で、同じスクリプトファイルが発生元として報告されています。同一の攻撃者によるものと考えられます。"),
        ),
        Evidence::KnownForLong { merchants } => language.pick(
            format!("{} had it in {} reports before.", shops(merchants), if merchants == 1 { "its" } else { "their" }),
            format!("{merchants}加盟店では以前から報告されています。"),
        ),
        Evidence::AllowedByPolicies { merchants } => language.pick(
            format!("{} {} it in the policy of the page.", shops(merchants), if merchants == 1 { "allows" } else { "allow" }),
            format!("{merchants}加盟店のポリシーで許可されています。"),
        ),
        Evidence::SpreadsFast { merchants } => language.pick(
            format!("It came to {} one soon after the other, as an attacker works through a list.", shops(merchants)),
            format!("{merchants}加盟店に短期間で次々と現れました。攻撃者が対象を順に襲うときの特徴です。"),
        ),
        Evidence::SpreadsSlowly { merchants } => language.pick(
            format!("It came to {} far apart in time, as what merchants choose by themselves does.", shops(merchants)),
            format!("{merchants}加盟店に間隔を空けて現れました。加盟店がそれぞれ導入したものによく見られる特徴です。"),
        ),
        Evidence::AllowedSince { merchants } => language.pick(
            format!("{} {} it in the policy since it came up there.", shops(merchants), if merchants == 1 { "has allowed" } else { "have allowed" }),
            format!("確認された後、{merchants}加盟店がポリシーで許可しました。"),
        ),
        _ => String::new(),
    }
}

fn fixed(evidence: Evidence, language: Language) -> &'static str {
    match evidence {
        Evidence::PaymentPagesOnly => language.pick(
            "It is on payment pages only, though these merchants report their other pages too.",
            "他のページも監視していますが、この送信先は決済ページでのみ確認されています。",
        ),
        Evidence::SendsOnly => language.pick(
            "It only receives data: requests carry data there, and no code, style or frame is loaded from it.",
            "この送信先にはデータを送るだけで、何も読み込んでいません。",
        ),
        Evidence::FormsGoThere => {
            language.pick("Forms are sent there.", "フォームの送信先になっています。")
        }
        Evidence::LooksLikeWidget => language.pick(
            "Scripts, styles and frames come from there, as with a payment widget or a chat.",
            "スクリプト、スタイル、フレームが読み込まれており、決済部品やチャットに似ています。",
        ),
        Evidence::LooksLikeTag => language.pick(
            "A script comes from there and data goes there, as with a counting tag.",
            "スクリプトの読み込みとデータの送信の両方が行われており、計測タグに似ています。",
        ),
        Evidence::ByItself => language.pick(
            "A script of its own, which the page already had, causes it.",
            "ページに以前からある、この送信先自身のスクリプトが発生元です。",
        ),
        Evidence::ImitatesService => language.pick(
            "Its name imitates that of a well-known service.",
            "よく知られたサービスに似せた名前です。",
        ),
        Evidence::ImitatesShop => language.pick(
            "Its name imitates that of the shop.",
            "店舗のドメインに似せた名前です。",
        ),
        Evidence::WellKnown => language.pick(
            "It is a well-known service.",
            "よく知られたサービスです。",
        ),
        Evidence::AccountOfService => language.pick(
            "It is one account on a service where anybody may have one.",
            "誰でも利用できるサービス上の、特定のアカウントです。",
        ),
        Evidence::CheapName => language.pick(
            "Its name ends as names do that cost next to nothing and are often thrown away.",
            "非常に安価で、使い捨てにされることの多い種類のドメイン名です。",
        ),
        Evidence::ByTagManager => language.pick(
            "A tag manager put it on the page.",
            "タグマネージャーがページに追加したものです。",
        ),
        _ => language.pick(
            "A browser extension names itself as its source.",
            "ブラウザー拡張機能が発生元として報告されています。",
        ),
    }
}

fn new_on_payment_pages(
    language: Language,
    merchants: u32,
    (clients, networks, share): (u32, u32, u8),
) -> String {
    let (place_en, place_ja) = if merchants == 1 {
        ("one merchant".to_owned(), "1加盟店".to_owned())
    } else {
        (
            format!("{merchants} unrelated merchants"),
            format!("互いに無関係な{merchants}加盟店"),
        )
    };
    if clients == 0 {
        let stretches = if networks == 1 {
            "stretch"
        } else {
            "stretches"
        };
        return language.pick(
            format!(
                "It is new on the payment pages of {place_en}, and the pages themselves seem to cause it: it was \
                 reported in {networks} {stretches} of five minutes, {share} % of those in which any report came from these pages. No client \
                 data is kept, so nobody can say by how many browsers.",
            ),
            format!(
                "この送信先が、{place_ja}の決済ページで新たに確認されました。原因はページ側にあると考えられます。\
                 時間を5分ごとに区切ると、報告があったのは延べ{networks}区間で、同ページから何らかの報告があった区間の{share}%に当たります。\
                 クライアントの情報を保存しない設定のため、ブラウザーの数は分かりません。"
            ),
        );
    }
    language.pick(
        format!(
            "It is new on the payment pages of {place_en}, and the pages themselves cause it: {} on {} \
             reported it; {share} % of the networks that sent any report from these pages reported it.",
            count(clients, "browser"),
            count(networks, "network"),
        ),
        format!(
            "この送信先が、{place_ja}の決済ページで新たに確認されました。原因はページ側にあると考えられます。\
             {networks}のネットワーク（同ページから報告のあった全ネットワークの{share}%）、{clients}のブラウザーが報告しています。"
        ),
    )
}

fn card_numbers(language: Language, clients: u32, hidden: bool) -> String {
    let (what_en, how_ja) = if hidden {
        (
            "Disguised (encoded) card numbers",
            "が、符号化され、見分けにくい形で",
        )
    } else {
        ("Card numbers", "が")
    };
    let (who_en, who_ja) = match clients {
        0 => ("browsers".to_owned(), "ブラウザー".to_owned()),
        known => (count(known, "browser"), format!("{known}件のブラウザー")),
    };
    language.pick(
        format!("{what_en} were found in the addresses that {who_en} reported."),
        format!("{who_ja}が報告した送信先の URL に、カード番号{how_ja}含まれていました。"),
    )
}

/// Without client data nobody knows how many networks.
fn hidden_in_flood(language: Language, merchants: u32, networks: u32) -> String {
    let (both_en, both_ja) = match networks {
        0 => (String::new(), String::new()),
        known => (
            format!("; {} sent both", count(known, "network")),
            format!("（{known}のネットワークから両方が報告されています）"),
        ),
    };
    language.pick(
        format!(
            "It came up while the payment pages of {} flooded us with reports about other new destinations{both_en}. \
             Such a flood can push out the report that matters: the page hides something.",
            shops(merchants),
        ),
        format!(
            "{merchants}加盟店の決済ページから、他の新しい送信先についてのレポートが一度に大量に届く中で確認されました{both_ja}。\
             重要なレポートを埋もれさせるため、ページ側が意図的に行っている可能性があります。"
        ),
    )
}

/// A small number at the beginning of a sentence.
fn in_words(number: u8) -> String {
    match number {
        2 => "Two".to_owned(),
        3 => "Three".to_owned(),
        4 => "Four".to_owned(),
        number => number.to_string(),
    }
}

fn shops(merchants: u32) -> String {
    count(merchants, "merchant")
}

fn count(number: u32, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Evidence; 38] = [
        Evidence::NewOnPaymentPages {
            merchants: 4,
            clients: 23,
            networks: 21,
            share: 87,
        },
        Evidence::NewOnPaymentPages {
            merchants: 1,
            clients: 3,
            networks: 3,
            share: 60,
        },
        Evidence::NewOnPaymentPages {
            merchants: 1,
            clients: 1,
            networks: 1,
            share: 100,
        },
        Evidence::NewOnPaymentPages {
            merchants: 2,
            clients: 0,
            networks: 9,
            share: 75,
        },
        Evidence::FollowsVisitors { merchants: 30 },
        Evidence::OneBrowserFamily { clients: 9 },
        Evidence::ManyBrowserFamilies { families: 3 },
        Evidence::PaymentPagesOnly,
        Evidence::OtherPagesToo { share: 40 },
        Evidence::SendsOnly,
        Evidence::FormsGoThere,
        Evidence::LooksLikeWidget,
        Evidence::ByTagManager,
        Evidence::ByExtension,
        Evidence::SharedScript { merchants: 3 },
        Evidence::CardNumbers {
            clients: 1,
            hidden: true,
        },
        Evidence::CardNumbers {
            clients: 5,
            hidden: false,
        },
        Evidence::CardNumbers {
            clients: 0,
            hidden: false,
        },
        Evidence::HiddenInFlood {
            merchants: 1,
            networks: 3,
        },
        Evidence::HiddenInFlood {
            merchants: 2,
            networks: 0,
        },
        Evidence::OneOfMany { destinations: 101 },
        Evidence::KnownForLong { merchants: 1 },
        Evidence::AllowedByPolicies { merchants: 2 },
        Evidence::FollowsPages {
            networks: 21,
            of: 24,
        },
        Evidence::SpreadsFast { merchants: 4 },
        Evidence::SpreadsSlowly { merchants: 4 },
        Evidence::AfterPayment { share: 65 },
        Evidence::ByItself,
        Evidence::AllowedSince { merchants: 1 },
        Evidence::AllowedSince { merchants: 2 },
        Evidence::LooksLikeTag,
        Evidence::ImitatesService,
        Evidence::ImitatesShop,
        Evidence::WellKnown,
        Evidence::AccountOfService,
        Evidence::CheapName,
        Evidence::LooksForged { networks: 1 },
        Evidence::Blocked { merchants: 1 },
    ];

    #[test]
    fn every_reason_in_both_languages() {
        let lines: Vec<String> = ALL
            .iter()
            .flat_map(|it| {
                Language::ALL.map(|language| format!("{}: {}", it.code(), sentence(it, language)))
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn the_code_is_what_is_stored() {
        for evidence in ALL {
            let json = serde_json::to_value(evidence).expect("plain figures");
            assert_eq!(json["code"], evidence.code());
            assert_eq!(
                serde_json::from_value::<Evidence>(json).ok(),
                Some(evidence)
            );
        }
    }
}
