//! The closed sets of cases: kinds, severities, states, causes, events.

use super::when::span;
use super::{Text, texts};
use crate::cases::{Cause, Late, State, What};
use crate::finding::{FindingKind, Severity};
use crate::language::Language;

texts! {
    RECEIVES: "receives data" / "データの送信先";
    RUNS_CODE: "code is loaded from it" / "スクリプトの読み込み元";
    POSES: "shoppers are led to it" / "購入者の誘導先";
    FLOODS: "its reports are flooded" / "レポートの大量発生";
    LOW: "Low" / "低";
    MEDIUM: "Medium" / "中";
    HIGH: "High" / "高";
    CRITICAL: "Critical" / "緊急";
    OPEN: "Open" / "未対応";
    ACKNOWLEDGED: "Acknowledged" / "対応中";
    CONTAINED: "Contained" / "封じ込め済み";
    CLOSED: "Closed" / "対応完了";
    SKIMMER: "A script planted in the page copied card data" / "ページに仕込まれたスクリプトによるカード情報の窃取";
    FAKE_PAGE: "Shoppers were led to a fake payment page" / "偽の決済ページへの誘導";
    SUPPLIER: "A supplier of the merchants was broken into" / "外部サービス提供元への侵害";
    LEGITIMATE: "A change that the merchant meant" / "加盟店による正当な変更";
    POLICY_MISTAKE: "A mistake in the merchant’s policy" / "加盟店のポリシー設定ミス";
    VISITOR: "Software of visitors, such as extensions" / "閲覧者側のソフトウェア（拡張機能など）";
    FORGED: "Reports that no page caused" / "偽装されたレポート";
    TEST: "A test of our own" / "自社によるテスト";
    LATE_LOOK: "nobody has looked at it" / "まだ誰も確認していません";
    LATE_LOOK_TWICE: "still nobody has looked at it; the operator was told" / "期限の2倍が過ぎても未確認のため、運用者に連絡しました";
    LATE_CLOSE: "it is not closed" / "まだ完了していません";
    LATE_CLOSE_TWICE: "it is still not closed; the operator was told" / "期限の2倍が過ぎても未完了のため、運用者に連絡しました";
}

/// How soon to look.
pub(in crate::web) fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Low => LOW,
        Severity::Medium => MEDIUM,
        Severity::High => HIGH,
        Severity::Critical => CRITICAL,
    }
}

/// How far people are.
pub(in crate::web) fn state(state: State) -> Text {
    match state {
        State::Open => OPEN,
        State::Acknowledged => ACKNOWLEDGED,
        State::Contained => CONTAINED,
        State::Closed => CLOSED,
    }
}

/// Why it was raised, as it turned out.
pub(in crate::web) fn cause(cause: Cause) -> Text {
    match cause {
        Cause::Skimmer => SKIMMER,
        Cause::FakePaymentPage => FAKE_PAGE,
        Cause::SupplierCompromise => SUPPLIER,
        Cause::LegitimateChange => LEGITIMATE,
        Cause::PolicyMistake => POLICY_MISTAKE,
        Cause::VisitorSoftware => VISITOR,
        Cause::ForgedReports => FORGED,
        Cause::Test => TEST,
    }
}

/// What an alert is about; the destination stands between the two.
pub(in crate::web) fn title(kind: FindingKind, language: Language) -> (&'static str, &'static str) {
    match kind {
        FindingKind::Exfiltration => language.pick(
            ("Card data may be leaving for ", ""),
            ("カード情報が ", " へ送信されている可能性があります"),
        ),
        FindingKind::ForeignScript => language.pick(
            ("Unknown code from ", " may be running on payment pages"),
            (
                "",
                " の不審なスクリプトが決済ページで動作している可能性があります",
            ),
        ),
        FindingKind::SuspectReports => language.pick(
            ("What is reported of a payment page cannot be believed", ""),
            ("決済ページからのレポートが信頼できない状態です", ""),
        ),
        FindingKind::FakePaymentPage => language.pick(
            ("Shoppers may be led to a fake payment page at ", ""),
            (
                "購入者が ",
                " の偽の決済ページへ誘導されている可能性があります",
            ),
        ),
    }
}

/// What happens at one destination of several.
pub(in crate::web) fn act(kind: FindingKind) -> Text {
    match kind {
        FindingKind::Exfiltration => RECEIVES,
        FindingKind::ForeignScript => RUNS_CODE,
        FindingKind::FakePaymentPage => POSES,
        FindingKind::SuspectReports => FLOODS,
    }
}

/// How long an alert may still wait; less than nothing if it waits for too long.
pub(in crate::web) fn due(language: Language, state: State, left: i64) -> String {
    let span = span(language, left.abs());
    match (state, left < 0) {
        (State::Open, false) => language.pick(
            format!("To be looked at within {span}"),
            format!("確認期限まで {span}"),
        ),
        (State::Open, true) => language.pick(
            format!("Overdue by {span}: nobody has looked at it"),
            format!("未確認のまま確認期限を {span} 超過"),
        ),
        (_, false) => language.pick(
            format!("To be closed within {span}"),
            format!("完了期限まで {span}"),
        ),
        (_, true) => language.pick(
            format!("Overdue by {span}: not closed"),
            format!("未完了のまま完了期限を {span} 超過"),
        ),
    }
}

/// How the alerts of 90 days were dealt with: how many there were, the share that was looked at in percent, how many are
/// overdue; half of the times until they were looked at, and closed.
pub(in crate::web) fn dealt_with(
    language: Language,
    (raised, share, overdue): (u32, u32, u32),
    (look, close): (Option<&str>, Option<&str>),
) -> String {
    let (look, close) = (look.unwrap_or("–"), close.unwrap_or("–"));
    language.pick(
        format!(
            "Last 90 days: {raised} raised, {share} % looked at, {overdue} overdue. Median time to the first look: {look}; \
             to the end: {close}."
        ),
        format!(
            "直近90日間: 検知 {raised}件、確認済み {share}%、期限超過 {overdue}件。確認までの時間（中央値）: {look}、\
             完了までの時間（中央値）: {close}。"
        ),
    )
}

/// What is late about an alert.
pub(in crate::web) fn late(late: Late) -> Text {
    match late {
        Late::Look => LATE_LOOK,
        Late::LookTwice => LATE_LOOK_TWICE,
        Late::Close => LATE_CLOSE,
        Late::CloseTwice => LATE_CLOSE_TWICE,
    }
}

/// What happened to an alert. `about` is what the event adds: a severity, a merchant, a cause.
pub(in crate::web) fn event(what: What, about: &str, language: Language) -> String {
    let is_bare = about.is_empty();
    match what {
        What::Raised => language.pick(
            format!("Alert raised ({about})"),
            format!("アラートを検知しました（重要度: {about}）"),
        ),
        What::Worsened => language.pick(
            format!("Severity rose to: {about}"),
            format!("重要度が「{about}」に上がりました"),
        ),
        What::SiteJoined => language.pick(
            format!("One more merchant hit: {about}"),
            format!("影響を受けた加盟店が増えました: {about}"),
        ),
        What::MemberJoined => language.pick(
            format!("One more destination belongs to it: {about}"),
            format!("関連する送信先が加わりました: {about}"),
        ),
        What::Acknowledged => language
            .pick("Acknowledged", "対応を開始しました（対応中）")
            .to_owned(),
        What::Contained => language
            .pick("Marked as contained", "「封じ込め済み」に変更しました")
            .to_owned(),
        What::Closed => language.pick(
            format!("Closed. Cause: {about}"),
            format!("対応を完了しました。原因: {about}"),
        ),
        What::Overdue => language.pick(
            format!("Overdue: {about}"),
            format!("対応期限を過ぎました: {about}"),
        ),
        What::Reopened if is_bare => language
            .pick("Opened again", "「未対応」に戻しました")
            .to_owned(),
        What::Reopened => language.pick(
            format!("Opened again, because it was reported at {about}"),
            format!("{about} で確認されたため、「未対応」に戻りました"),
        ),
    }
}

/// That an alert was raised, and about whom: the first merchant, and how many more there were already.
pub(in crate::web) fn raised(
    language: Language,
    severity: &str,
    (first, more): (String, usize),
) -> String {
    let (and_english, and_japanese) = match more {
        0 => (String::new(), String::new()),
        more => (format!(", and {more} more"), format!("、ほか{more}加盟店")),
    };
    language.pick(
        format!("Alert raised ({severity}): first merchant {first}{and_english}"),
        format!("アラートを検知しました（重要度: {severity}）: 最初の加盟店 {first}{and_japanese}"),
    )
}
