//! What goes out next, and what follows from a failure: [`plan`] is the one to know. All of it is a function of what it
//! is handed.
//!
//! The rules: in quiet hours, and when an hour has had its messages, everything is held back but what is critical, which
//! goes out at once and alone. When that is over, what was held back goes out as one message, then the rest in order.

use std::time::Duration;

use super::failure::{Failure, Kind};
use crate::clock::Timestamp;
use crate::finding::Severity;
use crate::registry::{Addressee, Message, Next, Sending, Waiting};

/// How long a message is tried, from when its first notice was written.
pub const GIVE_UP_AFTER: Duration = Duration::from_secs(3 * 24 * 3600);

/// Between the first try and the second; then twice as long each time, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// Longest pause that a receiver may ask for.
const MOST_PATIENCE: Duration = Duration::from_secs(3600);
/// Most notices that are told together: as many as a message to Teams, of 28 KB, has room for.
const MOST_TOGETHER: usize = 25;
const HOUR_MS: i64 = 3_600_000;

/// What goes out next, of what waits for a channel that was told something at these moments of the last hour.
pub fn plan(to: &Addressee, waiting: &[Waiting], (told, now): (&[Timestamp], Timestamp)) -> Next {
    let critical = waiting
        .iter()
        .position(|it| it.severity == Severity::Critical);
    if let Some(until) = closed_until(to, told, now) {
        return critical.map_or(Next::Hold(until), |place| Next::Tell(vec![place]));
    }
    let held = (0..waiting.len()).filter(|&place| waiting.get(place).is_some_and(|it| it.is_held));
    let held: Vec<usize> = held.take(MOST_TOGETHER).collect();
    match (critical, held.as_slice()) {
        // It may have come up while the others were held.
        (Some(place), _) if !held.is_empty() => Next::Tell(vec![place]),
        (_, []) => Next::Tell(vec![0]),
        _ => Next::Tell(held),
    }
}

/// Until when only what is critical goes out, if it is so now.
fn closed_until(to: &Addressee, told: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
    let most = usize::try_from(to.most_per_hour).unwrap_or(usize::MAX);
    // As soon as one less than the most lies within an hour.
    let last_too_many = told
        .len()
        .checked_sub(most)
        .and_then(|place| told.get(place));
    let by_rate = last_too_many.map(|at| Timestamp(at.0 + HOUR_MS));
    to.quiet.end(now).max(by_rate)
}

/// What follows from a failure.
pub(super) fn after(failure: &Failure, message: &Message, now: Timestamp) -> Sending {
    let why = failure.why.clone();
    let asked = match failure.kind {
        Kind::Gone => return Sending::Gone(why),
        Kind::Refused => return Sending::GivenUp(why),
        Kind::Again(asked) => asked,
    };
    let first = message.notices.iter().map(|it| it.at).min().unwrap_or(now);
    if first <= now.minus(GIVE_UP_AFTER) {
        return Sending::GivenUp(why);
    }
    let asked = asked.unwrap_or_default().min(MOST_PATIENCE);
    let pause = pause(message.attempt).max(asked);
    let ms = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
    Sending::Again(Timestamp(now.0.saturating_add(ms)), why)
}

/// How long after this try, counted from 1, the next one follows.
fn pause(attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    FIRST_PAUSE
        .saturating_mul(1 << doublings)
        .min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::OrganizationId;
    use crate::language::Language;
    use crate::registry::{ChannelKind, NoticeKind, Quiet, Target};

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn addressee(quiet: Quiet, most_per_hour: u32) -> Addressee {
        Addressee {
            channel: "c".to_owned(),
            name: String::new(),
            organization: OrganizationId::operator(),
            organization_name: String::new(),
            language: Language::En,
            kind: ChannelKind::Webhook,
            target: Target::Mail(Vec::new()),
            secret: String::new(),
            quiet,
            most_per_hour,
        }
    }

    fn waiting(severity: Severity, is_held: bool) -> Waiting {
        Waiting {
            id: "d".to_owned(),
            is_held,
            kind: NoticeKind::Raised,
            alert: None,
            severity,
            subject: String::new(),
            at: NOW,
        }
    }

    /// A letter for each notice: new, held, critical, or critical and held.
    fn list(letters: &str) -> Vec<Waiting> {
        let one = |letter| match letter {
            'n' => waiting(Severity::High, false),
            'h' => waiting(Severity::High, true),
            'c' => waiting(Severity::Critical, false),
            _ => waiting(Severity::Critical, true),
        };
        letters.chars().map(one).collect()
    }

    #[test]
    fn what_goes_out_next() {
        // 1_800_000_000 is 08:00 UTC.
        let (from, to) = (7 * 60, 9 * 60);
        let quiet = Quiet {
            from,
            to,
            offset: 0,
        };
        let open = Quiet::NONE;
        let told = [Timestamp(NOW.0 - 3_000_000), Timestamp(NOW.0 - 1000)];
        let end = Next::Hold(Timestamp(NOW.0 + HOUR_MS));
        let room = Next::Hold(Timestamp(told[0].0 + HOUR_MS));
        let tell = |places: &[usize]| Next::Tell(places.to_vec());
        for (name, quiet, most, letters, next) in [
            ("one after the other", open, 5, "nn", tell(&[0])),
            ("a critical one in its turn", open, 5, "nc", tell(&[0])),
            ("quiet hours", quiet, 5, "n", end.clone()),
            ("critical in quiet hours", quiet, 5, "nhc", tell(&[2])),
            ("enough for an hour", open, 2, "n", room),
            ("critical beyond that", open, 1, "nc", tell(&[1])),
            ("both: the later end", quiet, 2, "n", end),
            ("afterwards together", open, 5, "hhn", tell(&[0, 1])),
            ("critical before what was held", open, 5, "hhc", tell(&[2])),
            ("critical, and held by mistake", open, 5, "Ch", tell(&[0])),
        ] {
            let to = addressee(quiet, most);
            let found = plan(&to, &list(letters), (&told, NOW));
            assert_eq!(found, next, "{name}");
        }
    }

    #[test]
    fn what_follows_from_a_failure() {
        let old = Timestamp(NOW.0 - 3 * 24 * HOUR_MS);
        let seconds = |n: i64| Timestamp(NOW.0 + n * 1000);
        let asks = Some(Duration::from_secs(40));
        let asks_much = Some(Duration::from_secs(1_000_000));
        for (name, status, asked, (attempt, at), again) in [
            ("the first", 500, None, (1, NOW), Some(1)),
            ("the fourth", 500, None, (4, NOW), Some(8)),
            ("one of many", 500, None, (100, NOW), Some(300)),
            ("asked for patience", 429, asks, (1, NOW), Some(40)),
            ("asked for too much", 503, asks_much, (1, NOW), Some(3600)),
            ("nobody asks with a 500", 500, asks, (1, NOW), Some(1)),
            ("a redirect", 302, None, (1, NOW), Some(1)),
            ("no receiver", 404, None, (1, NOW), Some(1)),
            ("after three days", 500, None, (9, old), None),
            ("refused", 422, None, (1, NOW), None),
        ] {
            let notices = vec![Waiting {
                at,
                ..waiting(Severity::High, false)
            }];
            let message = Message {
                id: "d".to_owned(),
                notices,
                attempt,
            };
            let failure = Failure::of_status(status, asked);
            let outcome = after(&failure, &message, NOW);
            let expected = match again {
                Some(n) => Sending::Again(seconds(n), failure.why.clone()),
                None => Sending::GivenUp(failure.why.clone()),
            };
            assert_eq!(outcome, expected, "{name}");
            let gone = after(&Failure::of_status(410, None), &message, NOW);
            assert!(matches!(gone, Sending::Gone(_)), "{name}");
        }
    }
}
