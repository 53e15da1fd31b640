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
    SCORE: "Score" / "スコア";
    ACCOUNT: "Account" / "アカウント";
    NETWORKS_MORE: "Networks: those that report this, of all that report anything on the same pages since it came up there, as detection counted them last." / "ネットワーク数は「この送信先を報告した数 / 発生後に同じページから何らかのレポートを送った数」です（検知エンジンの最新の集計）。";
    MEMBERS: "Destinations that belong together" / "関連する送信先";
    MEMBERS_MORE: "Each was new at some of the same merchants at about the same time, or took the place of the one before. What is said above and below counts them together." / "いずれも、同じ複数の加盟店でほぼ同時期に、または直前の送信先と入れ替わるように現れました。このページの件数や加盟店は、すべてを合わせたものです。";
    WHAT_IT_DOES: "What it does" / "内容";
    SEVERITY: "Severity" / "重要度";
    JUDGED: "The reasons below are those of the destination that stands highest:" / "以下は、最もスコアの高い送信先についての理由です:";
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
    NOTE_MORE: "What was found and done, for the record, up to 2,000 characters. No card numbers, please." / "確認した内容と実施した対応を記録します（必須、2,000文字以内）。カード番号は書かないでください。";
}

/// How a score comes about.
pub(in crate::web) fn scoring(language: Language) -> &'static str {
    language.pick(
        "The points of a reason are what was measured times its weight; what is simply true counts its weight once. \
         The score is the base, which is the same for every destination, plus all points. 0 means undecided; the \
         higher, the likelier an attack. The weights are set by hand: they rank alerts; they are not a probability.",
        "各理由の点数は「測定値×重み」です（当てはまるかどうかだけの理由は、重みがそのまま点数になります）。基礎点（どの送信先でも\
         同じ）に点数をすべて加えたものがスコアです。0なら判断できず、高いほど攻撃の可能性が高いことを示します。重みは人手で\
         定めたもので、スコアはアラートに優先順位を付けるための目安であり、確率ではありません。",
    )
}

/// From how many points on an alert has which severity, by these settings.
pub(in crate::web) fn thresholds(language: Language, config: &Config) -> String {
    let (medium, high, critical) = (config.medium, config.high, config.critical);
    let alone = high + config.alone;
    let hours = config.patience.as_secs() / 3600;
    language.pick(
        format!(
            "From {medium:.1} points on an alert is Medium, from {high:.1} High ({alone:.1} if it is about one \
             merchant, unless disguised card numbers were found or its name imitates another), from {critical:.1} Critical if two merchants or \
             more are hit. What looks like a service that merchants chose is Medium at most for {hours} hours."
        ),
        format!(
            "重要度は、{medium:.1}点以上で「中」、{high:.1}点以上で「高」（1加盟店のみの場合は、符号化されたカード番号や\
             他に似せた名前が見つからない限り{alone:.1}点以上）、2加盟店以上かつ{critical:.1}点以上で「緊急」です。加盟店が導入したサービスと\
             見られるものは、最初の{hours}時間は「中」にとどめます。"
        ),
    )
}

/// What a score is made of: the base and the sum of the points.
pub(in crate::web) fn made_of(language: Language, (base, sum): (&str, &str)) -> String {
    language.pick(
        format!("base {base}, points {sum}"),
        format!("基礎点 {base}、理由の点数 {sum}"),
    )
}

/// How many of those who report anything report this.
pub(in crate::web) fn part_of(language: Language, part: &str, whole: &str) -> String {
    language.pick(format!("{part} of {whole}"), format!("{part} / {whole}"))
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
