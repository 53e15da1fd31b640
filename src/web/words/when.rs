//! Spans of time.

use super::messages::{JUST_NOW, days, hours, minutes, seconds, span_ago, together};
use crate::language::Language;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A span, in its two greatest units.
pub(in crate::web) fn span(language: Language, ms: i64) -> String {
    let of = |unit: i64| ms.div_euclid(unit).unsigned_abs();
    let (d, h, min) = (of(DAY), of(HOUR) % 24, of(MINUTE) % 60);
    let s = of(SECOND) % 60;
    let two = |greater: String, lesser: String| together(language, &greater, &lesser);
    match (d, h, min) {
        (0, 0, 0) => seconds(language, s),
        // Seconds count as long as there are few minutes.
        (0, 0, 1..10) if s > 0 => two(minutes(language, min), seconds(language, s)),
        (0, 0, _) => minutes(language, min),
        (0, _, 0) => hours(language, h),
        (0, ..) => two(hours(language, h), minutes(language, min)),
        (_, 0, _) => days(language, d),
        _ => two(days(language, d), hours(language, h)),
    }
}

/// How long ago.
pub(in crate::web) fn ago(language: Language, ms: i64) -> String {
    if ms < MINUTE {
        return JUST_NOW.of(language).to_owned();
    }
    let span = span(language, if ms < DAY { ms } else { ms - ms % HOUR });
    span_ago(language, &span)
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
