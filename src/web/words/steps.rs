//! What to do about an alert, step by step: said to the analyst of the payment service provider.

use maud::{Markup, html};

use super::{Text, texts};
use crate::finding::FindingKind;
use crate::language::Language;

texts! {
    TO_DO: "What to do now" / "いま必要な対応";
    FOR_WHOM: "For the analyst of the payment service provider." / "決済代行会社の担当者の方へ:";
    TO_DO_FIRST: "Acknowledge the alert first (under “Your response”), so that your colleagues see that you are on it. Then:" / "まず「対応の記録」で対応を開始し、担当者がいることを他の担当者に示してください。続いて次の順に進めます。";

    SEND_1: "Call the merchants, in the order of the table. Ask them to switch card payment off, or to move it to a payment page hosted by you, until the cause is found." / "表の順に加盟店へ電話してください。原因が判明するまで、カード決済を停止するか、自社（決済代行会社）の決済画面へ切り替えるよう依頼します。";
    SAVE: "Before anything is removed, have them save copies: the checkout page as delivered, its scripts, the server logs, the list of administrators. Investigators will ask for them." / "削除や修正の前に、証拠の保全を加盟店に依頼してください。配信された決済ページ、スクリプト、サーバーログ、管理者アカウントの一覧が調査で必要になります。";
    LOOK: "Have them look for code that was changed or added shortly before the first report: files of the shop, templates, plugins, the tag manager." / "最初のレポートの直前に変更・追加されたコードを加盟店に探してもらいます。ショップのファイル、テンプレート、プラグイン、タグマネージャーが対象です。";
    OVER: "When it is removed and no new reports come, mark the alert as contained. Cards that were entered since it began are at risk: inform the card brands as your rules say." / "除去後、新しいレポートが届かなくなったら「封じ込め済み」に変更してください。発生以降に入力されたカード情報は漏えいのおそれがあるため、所定の手順に従い国際ブランドへ報告します。";
    FINISH: "Close the alert with its cause and what was done." / "原因と実施した対応を記録して、対応を完了してください。";
    SCRIPT_1: "Call the merchants, in the order of the table. Ask whether they, or a supplier of theirs, added this code on purpose." / "表の順に加盟店へ電話し、自社または委託先が意図して追加したスクリプトかどうかを確認してください。";
    SCRIPT_2: "If nobody did, treat it as an attack: have card payment switched off or moved to a payment page hosted by you. Before anything is removed, have copies saved: the checkout page as delivered, its scripts, the server logs, the list of administrators." / "心当たりがない場合は攻撃とみなし、カード決済の停止または自社（決済代行会社）の決済画面への切り替えを依頼してください。削除や修正の前に、配信された決済ページ、スクリプト、サーバーログ、管理者アカウントの一覧を保全してもらいます。";
    SCRIPT_3: "Have them find how it came in: code that was changed shortly before the first report, administrators’ accounts, plugins, the tag manager, a supplier that these merchants have in common." / "侵入経路を加盟店に調べてもらいます。最初のレポートの直前に変更されたコード、管理者アカウント、プラグイン、タグマネージャー、各加盟店に共通する外部サービスが対象です。";
    SCRIPT_5: "If it turns out to be meant, have the merchants allow it in their policies. Either way, close the alert with its cause." / "正当なものと分かった場合は、加盟店のポリシーで許可してもらいます。いずれの場合も、原因を記録して対応を完了してください。";
    FAKE_1: "Open the checkout of the first merchant in the table on a clean device and see where the payment step leads. Enter no real card." / "表の最初の加盟店の購入手続きを、影響のない端末で開き、支払い画面の遷移先を確認してください。実在のカード番号は入力しないでください。";
    FAKE_2: "If it leads to a page that is neither the merchant’s nor yours, call the merchants, in the order of the table, and have card payment switched off." / "加盟店のものでも自社のものでもない画面に遷移する場合は、表の順に加盟店へ電話し、カード決済の停止を依頼してください。";
    FAKE_3: "Before anything is removed, have them save copies (the checkout page as delivered, its scripts, the server logs, the list of administrators). Then have them look for code that was changed shortly before the first report." / "削除や修正の前に、配信された決済ページ、スクリプト、サーバーログ、管理者アカウントの一覧を保全してもらいます。そのうえで、最初のレポートの直前に変更されたコードを探してもらいます。";
    FAKE_4: "Report the fake page to its registrar and host for removal. When it is gone and no new reports come, mark the alert as contained, and inform the card brands as your rules say." / "偽の決済ページの停止をレジストラとホスティング事業者に要請してください。なくなり、新しいレポートも届かなくなったら「封じ込め済み」に変更し、所定の手順に従い国際ブランドへ報告します。";
    FLOOD_1: "Look at the destinations that came up at this merchant since then, and at what they have in common: junk has made-up names, one report each and few networks." / "この時点以降にこの加盟店で確認された送信先と、その共通点を確認してください。偽のレポートは、でたらめな名前、少ない件数、少数のネットワークが特徴です。";
    FLOOD_2: "Ask the merchant whether the shop was changed on that day: a new design or an unfinished policy brings many destinations at once." / "その日に店舗サイトを変更したかどうかを加盟店に確認してください。デザインの変更や設定途中のポリシーでは、多くの送信先が一度に報告されます。";
    FLOOD_3: "If it was not, have them look at the payment page as delivered: a skimmer may flood the reports to push its own out. If the page is clean, somebody makes reports up: give the site a new reporting key and retire the old one." / "変更していない場合は、配信された決済ページを確認してもらってください。スキマーが自身のレポートを埋もれさせるために大量のレポートを発生させている可能性があります。ページに問題がなければ第三者による偽のレポートですので、新しいレポート用キーを発行し、古いキーを廃止してください。";
}

/// The step that says where to look: the file that browsers name belongs to it.
pub(in crate::web) const LOOK_STEP: usize = 2;

/// What to do, in order.
pub(in crate::web) fn steps(kind: FindingKind) -> [Text; 5] {
    match kind {
        FindingKind::Exfiltration => [SEND_1, SAVE, LOOK, OVER, FINISH],
        FindingKind::ForeignScript => [SCRIPT_1, SCRIPT_2, SCRIPT_3, OVER, SCRIPT_5],
        FindingKind::FakePaymentPage => [FAKE_1, FAKE_2, FAKE_3, FAKE_4, FINISH],
        FindingKind::SuspectReports => [FLOOD_1, FLOOD_2, FLOOD_3, OVER, FINISH],
    }
}

/// The file to look at first, and at how many merchants browsers name it.
pub(in crate::web) fn look_at(language: Language, script: &Markup, merchants: u64) -> Markup {
    match language {
        Language::En => html! {
            strong { "Look at this file first: " (script) }
            "; it was named by the browsers of " (merchants)
            (if merchants == 1 { " merchant" } else { " merchants" }) ". A page can forge that."
        },
        Language::Ja => html! {
            strong { "まず次のファイルを確認してください: " (script) }
            " （" (merchants) "加盟店のブラウザーが発生元として報告。ページ側で偽装できる情報です）"
        },
    }
}
