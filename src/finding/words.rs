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
        Evidence::FollowsVisitors { merchants } => language.pick(
            format!("At {} only single visitors report it: it follows visitors, as browser extensions do.", shops(merchants)),
            format!("{merchants} 加盟店では一部の閲覧者だけが報告しています。ブラウザー拡張機能のように、閲覧者側に付随する動きです。"),
        ),
        Evidence::OneBrowserFamily { clients } => language.pick(
            format!("All {clients} browsers that report it are of one family, as with an extension."),
            format!("報告した {clients} 台のブラウザーはすべて同じ系統です。拡張機能によく見られる特徴です。"),
        ),
        Evidence::ManyBrowserFamilies { families } => language.pick(
            format!("Browsers of {families} families report it, phones among them: it is in the page, not in the browser."),
            format!("スマートフォンを含む {families} 系統のブラウザーが報告しています。原因はブラウザーではなくページにあります。"),
        ),
        Evidence::CardNumbers { clients, hidden } => card_numbers(language, clients, hidden),
        Evidence::SharedScript { merchants } => language.pick(
            format!("The same script file does it at {}: one hand is behind it.", shops(merchants)),
            format!("{merchants} 加盟店で同じ名前のスクリプトが原因です。同一の者による仕業と見られます。"),
        ),
        Evidence::KnownForLong { merchants } => language.pick(
            format!("{} had it in {} reports before.", shops(merchants), if merchants == 1 { "its" } else { "their" }),
            format!("{merchants} 加盟店では以前から報告されています。"),
        ),
        Evidence::AllowedByPolicies { merchants } => language.pick(
            format!("{} {} it in the policy of the page.", shops(merchants), if merchants == 1 { "allows" } else { "allow" }),
            format!("{merchants} 加盟店のポリシーで許可されています。"),
        ),
        Evidence::OtherPagesToo { share } => language.pick(
            format!("It is on other pages too: {share} % of its reports come from there."),
            format!("決済ページ以外でも使われています（報告の {share} %）。"),
        ),
        Evidence::PaymentPagesOnly
        | Evidence::SendsOnly
        | Evidence::FormsGoThere
        | Evidence::LooksLikeWidget
        | Evidence::ByTagManager
        | Evidence::ByExtension => fixed(*evidence, language).to_owned(),
    }
}

fn fixed(evidence: Evidence, language: Language) -> &'static str {
    match evidence {
        Evidence::PaymentPagesOnly => language.pick(
            "It is on payment pages only, though these merchants report their other pages too.",
            "他のページも報告対象ですが、決済ページだけに現れています。",
        ),
        Evidence::SendsOnly => language.pick(
            "Data is sent there and nothing comes from there.",
            "データの送信だけがあり、そこから読み込まれるものはありません。",
        ),
        Evidence::FormsGoThere => {
            language.pick("Forms are sent there.", "フォームの送信先になっています。")
        }
        Evidence::LooksLikeWidget => language.pick(
            "Scripts, styles and frames come from there, as with a payment widget or a chat.",
            "スクリプト、スタイル、フレームが読み込まれており、決済部品やチャットに似ています。",
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
        ("one merchant".to_owned(), "1 加盟店".to_owned())
    } else {
        (
            format!("{merchants} unrelated merchants"),
            format!("互いに無関係な {merchants} 加盟店"),
        )
    };
    language.pick(
        format!(
            "It is new on the payment pages of {place_en}, and the pages themselves report it: \
             {} in {}, {share} % of the networks that report anything there.",
            count(clients, "browser"),
            count(networks, "network"),
        ),
        format!(
            "{place_ja}の決済ページに新しく現れ、ページ自体に原因があります。\
             {networks} ネットワークの {clients} 台のブラウザー（そのページから報告のあったネットワークの {share} %）が報告しました。"
        ),
    )
}

fn card_numbers(language: Language, clients: u32, hidden: bool) -> String {
    let (how_en, how_ja) = if hidden {
        (
            ", written so that nobody notices",
            "、符号化して隠された形で",
        )
    } else {
        ("", "")
    };
    let browsers = count(clients, "browser");
    language.pick(
        format!("Card numbers stand in the addresses that {browsers} reported{how_en}."),
        format!("{clients} 台のブラウザーが報告した送信先アドレスに{how_ja}カード番号が含まれていました。"),
    )
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

    const ALL: [Evidence; 18] = [
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
        Evidence::KnownForLong { merchants: 1 },
        Evidence::AllowedByPolicies { merchants: 2 },
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
