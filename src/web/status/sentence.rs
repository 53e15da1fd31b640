//! How it goes, in one sentence.

use std::time::Duration;

use maud::{Markup, html};

use super::super::reader::Reader;
use super::super::{when, words};
use super::View;
use crate::clock::Timestamp;

/// What waits for longer than this is behind: a segment is closed after a second.
const BEHIND: Duration = Duration::from_secs(30);

/// What waited for longer was held back by something, and came in later: an outage, or a week that was played.
const WAITED: Duration = Duration::from_secs(600);

pub(super) fn show(reader: &Reader, view: &View) -> Markup {
    let log = view.machine.as_ref().and_then(|machine| machine.log);
    let waits = log.filter(|log| log.lag > BEHIND);
    let is_away = view.recent.is_none() && view.feeding.is_none();
    let slow = view.feeding.iter().flatten().map(|it| it.slow).max();
    let (class, sentence) = match (is_away, waits, slow) {
        (true, ..) => ("status away", html! { (reader.t(words::DATABASE_AWAY)) }),
        (false, Some(_), _) => ("status away", html! { (reader.t(words::STORING_BEHIND)) }),
        (false, None, Some(ms)) => ("status arriving", stored_within(reader, ms)),
        (false, None, None) => ("status", html! { (reader.t(words::NOTHING_CAME)) }),
    };
    html! {
        div class=(class) {
            p class="big" { span class="dot" {} (sentence) }
            @if is_away || waits.is_some() {
                p {
                    (reader.t(words::NOTHING_LOST))
                    @if let Some(log) = log {
                        @let since = reader.now.minus(log.lag);
                        " " (words::segments_waiting(reader.language, log.segments, &bytes(log.bytes)))
                        " " (reader.t(words::SINCE)) " " (when::moment_ago(reader, since))
                    }
                }
            } @else if let Some(newest) = view.feeding.iter().flatten().map(|it| it.newest).max() {
                p { (reader.t(words::NEWEST_STORED)) " " (when::Grain::Second.moment_ago(reader, Timestamp(newest))) }
            }
        }
    }
}

fn stored_within(reader: &Reader, ms: i64) -> Markup {
    if Duration::from_millis(ms.max(0).unsigned_abs()) > WAITED {
        return html! { (words::stored_late(reader.language, &words::span(reader.language, ms))) };
    }
    // A second at least: nobody's clock is so exact.
    let seconds = (ms.max(0) / 1000 + 1).unsigned_abs();
    html! { (words::stored_within(reader.language, seconds)) }
}

/// Bytes as people read them.
pub(super) fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut rest = bytes;
    let mut fraction = 0;
    let mut unit = 0;
    while rest >= 1000 && unit + 1 < UNITS.len() {
        fraction = rest % 1000 / 100;
        rest /= 1000;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    if unit == 0 || rest >= 100 {
        format!("{rest} {name}")
    } else {
        format!("{rest}.{fraction} {name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_by_people() {
        for (number, shown) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (12_345_678, "12.3 MB"),
            (250_000_000_000, "250 GB"),
            (u64::MAX, "18446744 TB"),
        ] {
            assert_eq!(bytes(number), shown);
        }
    }
}
