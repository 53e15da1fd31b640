//! [`Quiet`]: the hours in which people sleep.

use crate::clock::Timestamp;

pub(super) const MINUTES_OF_DAY: u16 = 24 * 60;

/// Hours in which only what is critical is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// Minute of the day at which they begin, and at which they end; the same twice: there are none.
    pub from: u16,
    /// See `from`. Before it: they go over midnight.
    pub to: u16,
    /// How many minutes the day is ahead of UTC.
    pub offset: i16,
}

impl Quiet {
    /// No quiet hours.
    pub const NONE: Self = Self {
        from: 0,
        to: 0,
        offset: 0,
    };

    /// When the quiet hours end that it is in now, if it is in any.
    pub fn end(&self, now: Timestamp) -> Option<Timestamp> {
        const MINUTE: i64 = 60_000;
        let day = i64::from(MINUTES_OF_DAY) * MINUTE;
        let into_day = (now.0 + i64::from(self.offset) * MINUTE).rem_euclid(day);
        let (from, to) = (i64::from(self.from) * MINUTE, i64::from(self.to) * MINUTE);
        let length = (to - from).rem_euclid(day);
        let gone = (into_day - from).rem_euclid(day);
        (gone < length).then(|| Timestamp(now.0 + length - gone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let night = Quiet {
            from: 22 * 60,
            to: 7 * 60,
            offset: 9 * 60,
        };
        let noon = Quiet {
            from: 12 * 60,
            to: 13 * 60,
            offset: 0,
        };
        for (name, quiet, now, end) in [
            ("none", Quiet::NONE, "2026-01-31T00:00:00Z", None),
            (
                "before midnight",
                night,
                "2026-01-31T13:00:00Z",
                Some("2026-01-31T22:00:00Z"),
            ),
            (
                "after midnight",
                night,
                "2026-01-31T16:30:00Z",
                Some("2026-01-31T22:00:00Z"),
            ),
            (
                "the last moment",
                night,
                "2026-01-31T21:59:59.999Z",
                Some("2026-01-31T22:00:00Z"),
            ),
            ("the end", night, "2026-01-31T22:00:00Z", None),
            ("by day", night, "2026-01-31T12:59:59Z", None),
            (
                "within a day",
                noon,
                "2026-01-31T12:30:00Z",
                Some("2026-01-31T13:00:00Z"),
            ),
            ("outside", noon, "2026-01-31T13:30:00Z", None),
        ] {
            assert_eq!(quiet.end(at(now)), end.map(at), "{name}");
        }
    }
}
