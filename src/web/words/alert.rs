//! The page of an alert.

use super::{Text, texts};
use crate::finding::FindingKind;
use crate::language::Language;

texts! {
    WHAT_HAPPENED: "What happened" / "何が起きたか";
    WHY: "Why we think so" / "検知の理由";
    WHY_MORE: "Each reason adds points or takes some away. A sum of 0 leaves it open; the higher the sum, the likelier an attack. The weights are set by hand: they put alerts in order and are no probability." / "理由ごとに点数を加減し、その合計で判定しています。合計が 0 なら攻撃かどうかは不明で、高いほど攻撃の可能性が高くなります。配点は人手で定めた目安であり、確率ではありません。";
    POINTS: "Points" / "点数";
    REASON: "Reason" / "理由";
    SUM: "Sum" / "合計";
    HIT_IN_ORDER: "Merchants hit, in order" / "影響を受けた加盟店（発生順）";
    AFTER_FIRST: "After the first" / "最初の加盟店から";
    CARD_NUMBER: "Card number" / "カード番号";
    CARD_SEEN: "seen" / "検出";
    CARD_NOT_SEEN: "not seen" / "未検出";
    SINCE: "Since" / "発生";
    RAISED: "Raised" / "検知";
    STATE: "State" / "対応状況";
    TIMELINE: "Timeline" / "タイムライン";
    RAISED_HERE: "Alert raised" / "アラート発生";
    LANE_MORE: "A bar is a slice of time with reports of this destination; the taller, the more." / "棒は、その時間帯にこの送信先が報告されたことを示します。高いほど件数が多くなります。";
    HISTORY: "History" / "対応履歴";
    DETECTOR: "detector" / "検知エンジン";
    OPERATOR: "operator" / "管理者";
    EVIDENCE: "Evidence: the newest reports" / "根拠となる最新のレポート";
    EVIDENCE_MORE: "As browsers sent them, with everything removed that could be card data or name a person." / "ブラウザーから届いたレポートです。カード情報や個人を特定できる値は取り除いてあります。";
    TO_DO: "What to do now" / "いま必要な対応";
    RESPOND: "Your response" / "対応の記録";
    ACKNOWLEDGE: "Acknowledge: I am looking at it" / "確認済みにする（調査を開始）";
    CONTAIN: "Contained: it does no more harm" / "封じ込め済みにする（被害は止まった）";
    REOPEN: "Open again" / "未対応に戻す";
    CLOSE: "Close" / "完了にする";
    CLOSE_MORE: "Close with its cause" / "原因を記録して完了にする";
    CAUSE: "Cause" / "原因";
    CHOOSE: "Choose one" / "選択してください";
    NOTE: "What was done" / "実施した対応";
    NOTE_MORE: "For the record, up to 2,000 characters. No card numbers, please." / "記録用のメモ（2,000 文字以内）。カード番号は書かないでください。";

    SEND_1: "Call the merchants in the table now, in that order. Until the cause is found, they should switch card payment off or move it to a payment page hosted by you." / "表の順に、ただちに加盟店へ連絡してください。原因が判明するまで、カード決済を停止するか、決済代行会社の決済画面へ切り替えるよう依頼します。";
    SEND_2: "Keep copies first: the checkout page as delivered, its scripts, server logs, the list of administrators. Investigators will ask for them." / "削除や修正の前に証拠を保全します。配信された決済ページ、スクリプト、サーバーログ、管理者アカウントの一覧が調査で必要になります。";
    SEND_3: "Look for code that was added or changed shortly before the first report: templates, plugins, tag manager, files of the shop. The evidence names the page and the script." / "最初のレポートの直前に追加・変更されたコードを探します。テンプレート、プラグイン、タグマネージャー、ショップのファイルを確認してください。該当するページとスクリプトは「根拠」に示されています。";
    SEND_4: "When it is removed and no new reports come, mark the alert as contained. Cards that were entered since it began are at risk: tell the card brands as your rules say." / "除去後に新しいレポートが届かなくなったら、封じ込め済みにします。発生以降に入力されたカードは漏えいのおそれがあるため、所定の手順に従い国際ブランド等へ報告してください。";
    SCRIPT_1: "Ask the merchants in the table whether they, or a supplier of theirs, added this code on purpose." / "表の加盟店に、自社または委託先が意図して追加したスクリプトかどうかを確認してください。";
    SCRIPT_2: "If nobody did, treat it as an attack: switch card payment off or move it to a hosted payment page, and keep copies of page, scripts and logs before anything is removed." / "心当たりがない場合は攻撃とみなし、カード決済の停止または決済画面の切り替えを行います。除去する前に、ページ、スクリプト、ログを保全してください。";
    SCRIPT_3: "Find how it came in: administrators’ accounts, plugins, the tag manager, a supplier that these merchants have in common." / "侵入経路を調べます。管理者アカウント、プラグイン、タグマネージャー、各加盟店に共通する外部サービスを確認してください。";
    SCRIPT_4: "If it is meant, let the merchants allow it in their policies, and close the alert with that cause." / "正当なものであれば、加盟店のポリシーで許可したうえで、その原因を記録して完了にします。";
    FAKE_1: "Open the checkout of the first merchant on a clean device and see where the payment step leads. Enter no real card." / "最初の加盟店の購入手続きを、影響のない端末で開き、支払い画面の遷移先を確認してください。実在のカード番号は入力しないでください。";
    FAKE_2: "If it leads to a page that is not the merchant’s and not yours, have card payment switched off at all merchants in the table." / "加盟店のものでも自社のものでもない画面に遷移する場合は、表のすべての加盟店でカード決済を停止します。";
    FAKE_3: "Keep copies of pages, scripts and logs, then look for what was changed shortly before the first report." / "ページ、スクリプト、ログを保全したうえで、最初のレポートの直前に変更された箇所を探します。";
    FAKE_4: "Report the fake page to its registrar and host for removal, and tell the card brands as your rules say." / "偽の決済ページの停止をレジストラとホスティング事業者に要請し、所定の手順に従い国際ブランド等へ報告してください。";
}

/// What to do, step by step.
pub(in crate::web) fn steps(kind: FindingKind) -> [Text; 4] {
    match kind {
        FindingKind::Exfiltration => [SEND_1, SEND_2, SEND_3, SEND_4],
        FindingKind::ForeignScript => [SCRIPT_1, SCRIPT_2, SCRIPT_3, SCRIPT_4],
        FindingKind::FakePaymentPage => [FAKE_1, FAKE_2, FAKE_3, FAKE_4],
    }
}

/// A lane of the timeline, for those who do not see it.
pub(in crate::web) fn lane(
    language: Language,
    merchant: &str,
    (first, last): (&str, &str),
) -> String {
    language.pick(
        format!("{merchant}: first report {first}, last report {last}"),
        format!("{merchant}: 最初のレポート {first}、最新のレポート {last}"),
    )
}
