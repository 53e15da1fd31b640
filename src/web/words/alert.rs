//! The page of an alert.

use super::{Text, texts};
use crate::detect::Config;
use crate::language::Language;

texts! {
    WHAT_HAPPENED: "What happened" / "何が起きたか";
    WHY: "Why we think so" / "検知の理由";
    AS_OF: "As of" / "判定日時:";
    POINTS: "Points" / "点数";
    REASON: "Reason" / "理由";
    SUM: "Sum" / "合計";
    HIT_IN_ORDER: "Merchants hit, in order" / "影響を受けた加盟店（発生順）";
    AFTER_FIRST: "After the first" / "最初のレポートからの経過";
    CARD_NUMBER: "Card number" / "カード番号";
    CARD_SEEN: "seen" / "検出あり";
    CARD_NOT_SEEN: "not seen" / "検出なし";
    SINCE: "Since" / "最初のレポート";
    RAISED: "Raised" / "検知";
    STATE: "State" / "対応状況";
    TIMELINE: "Timeline" / "タイムライン";
    RAISED_HERE: "Alert raised" / "検知";
    LANE_MORE: "A bar is a slice of time with reports of this destination; the taller, the more." / "棒の高さは、一定時間ごとのレポート件数を表します。";
    HISTORY: "History" / "履歴";
    DETECTOR: "detector" / "検知エンジン";
    OPERATOR: "operator" / "管理者";
    EVIDENCE: "Evidence: the newest reports" / "根拠となる最新のレポート";
    EVIDENCE_MORE: "As browsers sent them, with everything removed that could be card data or name a person." / "ブラウザーから届いたレポートです。カード情報や個人を特定できる値は取り除いてあります。";
    RESPOND: "Your response" / "対応の記録";
    ACKNOWLEDGE: "Acknowledge: I am looking at it" / "対応を開始する（「対応中」にする）";
    CONTAIN: "Contained: the sending has stopped" / "封じ込め済みにする（送信は止まった）";
    REOPEN: "Open again" / "未対応に戻す";
    CLOSE: "Close alert" / "対応を完了";
    CLOSE_MORE: "Close with its cause" / "原因を記録して対応を完了する";
    CAUSE: "Cause" / "原因";
    CHOOSE: "Choose one" / "選択してください";
    NOTE: "What was done" / "実施した対応";
    NOTE_MORE: "For the record, up to 2,000 characters. No card numbers, please." / "記録用のメモ（2,000文字以内）。カード番号は書かないでください。";
}

/// What the points mean, and from how many on an alert has which severity.
pub(in crate::web) fn scoring(language: Language, config: &Config) -> String {
    let (medium, high, critical) = (config.medium, config.high, config.critical);
    let alone = high + config.alone;
    language.pick(
        format!(
            "Each reason adds points or takes some away. A sum of 0 means undecided; the higher the sum, the \
             likelier an attack. From {medium:.1} points on an alert is Medium, from {high:.1} High \
             ({alone:.1} if it is about one merchant, unless disguised card numbers were found), from \
             {critical:.1} Critical if two merchants or more are hit. The weights are set by hand: they rank \
             alerts; they are not a probability."
        ),
        format!(
            "理由ごとに点数を加減し、その合計で判定しています。合計が0なら判断できず、合計が高いほど攻撃の可能性が\
             高いことを示します。重要度は、{medium:.1}点以上で「中」、{high:.1}点以上で「高」（1加盟店のみの場合は、\
             符号化されたカード番号の検出がない限り{alone:.1}点以上）、2加盟店以上かつ{critical:.1}点以上で「緊急」\
             です。配点は人手で定めたもので、アラートに優先順位を付けるための目安であり、確率ではありません。"
        ),
    )
}

/// How long after the first report an alert was raised.
pub(in crate::web) fn raised_after(language: Language, span: &str) -> String {
    language.pick(
        format!("{span} after the first report"),
        format!("最初のレポートから{span}後"),
    )
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
