//! Time, handed in. [`Clock`] is the type to know; nothing else in the crate asks the system for the time.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Milliseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This much earlier, never before 1970.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        let ms = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(ms).max(0))
    }
}

impl fmt::Display for Timestamp {
    /// As RFC 3339 writes it, in UTC: `2026-01-31T12:00:00.250Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, ms) = (self.0.div_euclid(DAY_MS), self.0.rem_euclid(DAY_MS));
        let (year, month, day) = civil(day);
        let (hour, minute) = (ms / 3_600_000, ms / 60_000 % 60);
        let (second, ms) = (ms / 1000 % 60, ms % 1000);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z"
        )
    }
}

/// A text that is not a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a moment is written as in RFC 3339: 2026-01-31T12:00:00Z")]
pub struct InvalidMoment;

impl FromStr for Timestamp {
    type Err = InvalidMoment;

    /// Reads RFC 3339: with `Z` or an offset, with or without a fraction, of which milliseconds count.
    fn from_str(text: &str) -> Result<Self, InvalidMoment> {
        moment(text).ok_or(InvalidMoment)
    }
}

fn moment(text: &str) -> Option<Timestamp> {
    let number = |range: std::ops::Range<usize>, most: i64| {
        let digits = text.get(range)?;
        let plain = digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse::<i64>().ok().filter(|&n| plain && n <= most)
    };
    let marks = [(4, '-'), (7, '-'), (10, 'T'), (13, ':'), (16, ':')];
    let marked = |&(at, mark): &(usize, char)| text.get(at..)?.starts_with(mark).then_some(());
    marks.iter().map(marked).collect::<Option<Vec<()>>>()?;
    let (year, month, day) = (number(0..4, 9999)?, number(5..7, 12)?, number(8..10, 31)?);
    let days = days(year, month, day);
    if civil(days) != (year, month, day) {
        return None;
    }
    let time = number(11..13, 23)? * 3600 + number(14..16, 59)? * 60 + number(17..19, 59)?;
    let (fraction, zone) = fraction(text.get(19..)?)?;
    Some(Timestamp(
        days * DAY_MS + (time - offset(zone)?) * 1000 + fraction,
    ))
}

/// `.25Z` → 250 and `Z`
fn fraction(rest: &str) -> Option<(i64, &str)> {
    let Some(rest) = rest.strip_prefix('.') else {
        return Some((0, rest));
    };
    let end = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, zone) = rest.split_at_checked(end)?;
    let ms: String = digits.chars().chain("000".chars()).take(3).collect();
    (1..=9).contains(&end).then_some((ms.parse().ok()?, zone))
}

/// Seconds ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.as_bytes().first()? {
        b'Z' if zone.len() == 1 => return Some(0),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let two =
        |text: &str| (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then_some(());
    two(hours).and(two(minutes))?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

const DAY_MS: i64 = 86_400_000;

/// Year, month, day as days since 1970: Howard Hinnant's `days_from_civil`.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let month = if month > 2 { month - 3 } else { month + 9 };
    let day = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day - 719_468
}

/// Days since 1970 as year, month, day: Howard Hinnant's `civil_from_days`.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// What the calling thread has worked so far: a measure of work that a busy machine does not change.
pub fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or_default();
    Duration::new(seconds, nanoseconds)
}

/// A source of time. `monotonic` never goes back; `now` may, when the system's clock is set.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The wall clock.
    fn now(&self) -> Timestamp;
    /// Time since some fixed moment of this process.
    fn monotonic(&self) -> Duration;
    /// The same to some milliseconds, late rather than early, for less than a tenth of the cost.
    fn coarse(&self) -> Duration;
}

/// A clock that is shared by all that need one.
pub type SharedClock = Arc<dyn Clock>;

/// The system's clock.
#[derive(Debug)]
pub struct SystemClock {
    start: std::time::Instant,
    coarse_start: Duration,
}

fn coarse_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::MonotonicCoarse);
    Duration::try_from(time).unwrap_or_default()
}

impl SystemClock {
    /// A shared system clock.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that asks the system"
    )]
    pub fn shared() -> SharedClock {
        Arc::new(Self {
            start: std::time::Instant::now(),
            coarse_start: coarse_time(),
        })
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that asks the system"
    )]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }

    fn coarse(&self) -> Duration {
        coarse_time().saturating_sub(self.coarse_start)
    }
}

/// A clock moved by hand: for tests, and for event time read from a file.
#[derive(Debug, Default)]
pub struct ManualClock {
    ms: AtomicU64,
}

impl ManualClock {
    /// Starts at this moment.
    pub fn at(start: Timestamp) -> Arc<Self> {
        Arc::new(Self {
            ms: AtomicU64::new(u64::try_from(start.0).unwrap_or(0)),
        })
    }

    /// Moves on to this moment; never back.
    pub fn set(&self, to: Timestamp) {
        let ms = u64::try_from(to.0).unwrap_or(0);
        self.ms.fetch_max(ms, Ordering::Relaxed);
    }

    /// Moves on by this much.
    pub fn advance(&self, span: Duration) {
        let ms = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        self.ms.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(i64::try_from(self.ms.load(Ordering::Relaxed)).unwrap_or(i64::MAX))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.ms.load(Ordering::Relaxed))
    }

    fn coarse(&self) -> Duration {
        self.monotonic()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_rfc_3339() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_001, "2000-02-29T00:00:00.001Z"),
            (1_767_193_243_936, "2025-12-31T15:00:43.936Z"),
            (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Timestamp(ms).to_string(), text);
            assert_eq!(text.parse(), Ok(Timestamp(ms)));
        }
    }

    #[test]
    fn moments_are_read_with_offset_and_fraction() {
        for (text, ms) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1970-01-01T09:00:00+09:00", Some(0)),
            ("1969-12-31T19:00:00.5-05:00", Some(500)),
            ("1970-01-01T00:00:00.123456789Z", Some(123)),
            ("1970-01-01", None),
            ("1970-01-01T00:00:00", None),
            ("1970-01-01 00:00:00Z", None),
            ("1970-02-30T00:00:00Z", None),
            ("1970-00-01T00:00:00Z", None),
            ("1970-01-00T00:00:00Z", None),
            ("1970-01-01T24:00:00Z", None),
            ("1970-01-01T00:00:00.Z", None),
            ("1970-01-01T00:00:00+9:00", None),
            ("1970-01-01T00:00:00Zé", None),
            ("+970-01-01T00:00:00Z", None),
            ("1970-01-01T00:00:0éZ", None),
            ("", None),
        ] {
            assert_eq!(text.parse().ok(), ms.map(Timestamp), "{text}");
        }
    }
}
