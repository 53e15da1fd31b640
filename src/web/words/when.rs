//! Spans of time.

use crate::language::Language;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A span, in its two greatest units.
pub(in crate::web) fn span(language: Language, ms: i64) -> String {
    let (days, hours, minutes) = (ms / DAY, ms % DAY / HOUR, ms % HOUR / MINUTE);
    let seconds = ms % MINUTE / SECOND;
    let parts = match (days, hours, minutes) {
        (0, 0, 0) => vec![(seconds, " s", "秒")],
        // Seconds count as long as there are few minutes.
        (0, 0, 1..10) if seconds > 0 => vec![(minutes, " min", "分"), (seconds, " s", "秒")],
        (0, 0, minutes) => vec![(minutes, " min", "分")],
        (0, hours, 0) => vec![(hours, " h", "時間")],
        (0, hours, minutes) => vec![(hours, " h", "時間"), (minutes, " min", "分")],
        (days, 0, _) => vec![(days, " d", "日")],
        (days, hours, _) => vec![(days, " d", "日"), (hours, " h", "時間")],
    };
    let texts: Vec<String> = parts
        .into_iter()
        .map(|(number, english, japanese)| format!("{number}{}", language.pick(english, japanese)))
        .collect();
    texts.join(language.pick(" ", ""))
}

/// How long ago.
pub(in crate::web) fn ago(language: Language, ms: i64) -> String {
    if ms < MINUTE {
        return language.pick("just now", "たった今").to_owned();
    }
    let span = span(language, if ms < DAY { ms } else { ms - ms % HOUR });
    language.pick(format!("{span} ago"), format!("{span}前"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        for (ms, english, japanese) in [
            (0, "0 s", "0秒"),
            (59 * SECOND + 999, "59 s", "59秒"),
            (MINUTE, "1 min", "1分"),
            (3 * MINUTE + 20 * SECOND, "3 min 20 s", "3分20秒"),
            (10 * MINUTE + 20 * SECOND, "10 min", "10分"),
            (59 * MINUTE, "59 min", "59分"),
            (HOUR, "1 h", "1時間"),
            (3 * HOUR + 5 * MINUTE, "3 h 5 min", "3時間5分"),
            (DAY + 5 * MINUTE, "1 d", "1日"),
            (2 * DAY + HOUR, "2 d 1 h", "2日1時間"),
        ] {
            assert_eq!(span(Language::En, ms), english);
            assert_eq!(span(Language::Ja, ms), japanese);
        }
        assert_eq!(ago(Language::En, 5), "just now");
        assert_eq!(ago(Language::Ja, 2 * DAY), "2日前");
    }
}
