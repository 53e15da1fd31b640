//! The overview and the lists.

use super::{Text, texts};
use crate::language::Language;

texts! {
    NOTHING_OPEN: "Nothing open" / "未解決のアラートはありません";
    NOTHING_OPEN_MORE: "Every alert has been closed, or none was ever raised." / "すべてのアラートの対応が完了しているか、これまでに一度も検知されていません。";
    UNRESOLVED: "Unresolved" / "未解決";
    CLOSED_TAB: "Closed" / "対応完了";
    ALL_TAB: "All" / "すべて";
    NO_ALERTS: "No alerts here." / "該当するアラートはありません。";
    ALL_UNRESOLVED: "All unresolved alerts →" / "未解決のアラートをすべて見る →";
    INTAKE: "Reports coming in" / "レポートの受信状況";
    LAST_MINUTE: "last minute" / "直近1分";
    LAST_HOUR: "last hour" / "直近1時間";
    LAST_DAY: "last 24 hours" / "直近24時間";
    BY_MINUTE: "By minute, last 60 minutes" / "分ごと（直近60分）";
    BY_THREE_HOURS: "By three hours, last 7 days" / "3時間ごと（直近7日間）";
    COVERAGE: "Merchants reporting" / "加盟店のレポート状況";
    REPORTING: "reported in the last 24 hours" / "直近24時間にレポートあり";
    SILENT: "silent for more than 24 hours" / "24時間以上レポートなし";
    NEVER_REPORTED: "not one report yet" / "レポート未受信";
    ALERTS_BY_STATE: "Alerts by state" / "アラートの対応状況";
    NEW_DESTINATIONS: "New destinations, last 30 days" / "新しい送信先（直近30日間）";
    NEW_DESTINATIONS_MORE: "Hosts that no merchant’s pages had ever reported before. Most are harmless; what looks like an attack becomes an alert." / "これまでどの加盟店のページからも報告されたことのない送信先です。多くは無害で、攻撃が疑われるものはアラートになります。";
    NO_NEW_DESTINATIONS: "No new destination in the last 30 days." / "直近30日間に新しい送信先はありません。";
    ALERT: "Alert" / "アラート";
    MERCHANTS_HIT: "Merchants" / "加盟店数";
    MERCHANTS_WITH_ALERTS: "Merchants with unresolved alerts" / "未解決のアラートがある加盟店";
}

/// What a chart shows, for those who do not see it.
pub(in crate::web) fn chart(
    language: Language,
    (total, most): (&str, &str),
    title: &str,
) -> String {
    language.pick(
        format!("{title}: {total} reports in all, at most {most} in one bar."),
        format!("{title}: 合計{total}件、最大{most}件。"),
    )
}

/// A bar, for whoever points at it.
pub(in crate::web) fn bar(language: Language, when: &str, reports: &str) -> String {
    language.pick(
        format!(
            "{when}: {reports} {}",
            if reports == "1" { "report" } else { "reports" }
        ),
        format!("{when}: {reports}件"),
    )
}

/// How many unresolved alerts there are.
pub(in crate::web) fn unresolved(language: Language, count: usize) -> String {
    match count {
        1 => language.pick(
            "1 unresolved alert".to_owned(),
            "未解決のアラート: 1件".to_owned(),
        ),
        _ => language.pick(
            format!("{count} unresolved alerts"),
            format!("未解決のアラート: {count}件"),
        ),
    }
}

/// How many merchants.
pub(in crate::web) fn merchants(language: Language, count: usize) -> String {
    match count {
        1 => language.pick("1 merchant".to_owned(), "1加盟店".to_owned()),
        _ => language.pick(format!("{count} merchants"), format!("{count}加盟店")),
    }
}

/// What is left out of a list.
pub(in crate::web) fn more(language: Language, count: usize) -> String {
    language.pick(format!("and {count} more"), format!("ほか{count}件"))
}

/// The scale of a chart.
pub(in crate::web) fn at_most(language: Language, most: &str) -> String {
    language.pick(format!("highest bar: {most}"), format!("最大: {most}件"))
}
