//! The figures of this process and of the collectors, for whoever runs the installation.

use std::time::Duration;

use maud::{Markup, html};

use super::super::foreign::code;
use super::super::reader::Reader;
use super::super::{when, words};
use super::sentence::bytes;
use crate::clock::Timestamp;
use crate::metrics::{self, Kind};
use crate::store::Feeding;

/// Why inserts fail.
const FAILURES: [&str; 8] = [
    "unreachable",
    "timeout",
    "busy",
    "refused",
    "answer",
    "settings",
    "schema",
    "read",
];

/// The figures of this process.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    /// None where this process takes no reports in.
    pub(super) log: Option<Log>,
    /// None where this process detects nothing.
    detection: Option<Detection>,
    engine_restarts: u64,
}

/// What waits on the disk for ClickHouse.
#[derive(Clone, Copy, Debug)]
pub(super) struct Log {
    pub(super) segments: u64,
    /// Age of the oldest of them.
    pub(super) lag: Duration,
    pub(super) bytes: u64,
    budget: u64,
    /// Inserts that failed and were tried again, since the start.
    failures: u64,
    set_aside: u64,
}

#[derive(Clone, Copy, Debug)]
struct Detection {
    lag: Duration,
    sightings: u64,
}

impl Machine {
    /// As they stand now.
    pub(super) fn now() -> Self {
        let all = metrics::get();
        let number = |gauge: i64| u64::try_from(gauge).unwrap_or(0);
        let seconds = |seconds: f64| Duration::try_from_secs_f64(seconds).unwrap_or_default();
        let budget = number(all.spool_disk_bytes_limit.get());
        let failed = |kind: &&'static str| {
            let family = &all.store_insert_failures;
            family.get_or_create(&Kind { kind }).get()
        };
        let log = (budget > 0).then(|| Log {
            segments: number(all.spool_segments_waiting.get()),
            lag: seconds(all.spool_lag_seconds.get()),
            bytes: number(all.spool_disk_bytes.get()),
            budget,
            failures: FAILURES.iter().map(failed).sum(),
            set_aside: all.store_segments_set_aside.get(),
        });
        let sightings = all.detect_sightings.get();
        Self {
            log,
            detection: (sightings > 0).then(|| Detection {
                lag: seconds(all.detect_lag_seconds.get()),
                sightings,
            }),
            engine_restarts: all.engine_restarts.get(),
        }
    }

    pub(super) fn show(&self, reader: &Reader, feeding: Option<&[Feeding]>) -> Markup {
        let fact =
            |text: words::Text, value: Markup| html! { dt { (reader.t(text)) } dd { (value) } };
        let up = if feeding.is_some() {
            words::DATABASE_ANSWERS
        } else {
            words::DATABASE_SILENT
        };
        html! {
            h2 { (reader.t(words::THIS_PROCESS)) }
            div class="card" { dl class="evidence" {
                (fact(words::DATABASE, html! {
                    (reader.t(up))
                    @if self.engine_restarts > 0 { " · " (words::restarts(reader.language, self.engine_restarts)) }
                }))
                @match &self.log {
                    None => (fact(words::LOG, html! { (reader.t(words::NO_INTAKE_HERE)) })),
                    Some(log) => (log.show(reader)),
                }
                @match self.detection {
                    None => (fact(words::DETECTION, html! { (reader.t(words::NO_DETECTION_HERE)) })),
                    Some(it) => (fact(words::DETECTION, html! {
                        (words::detector_lag(reader.language, it.lag.as_secs())) " · "
                        (words::sightings(reader.language, it.sightings))
                    })),
                }
            } }
            @if let Some(feeding) = feeding.filter(|it| !it.is_empty()) { (collectors(reader, feeding)) }
        }
    }
}

impl Log {
    fn show(&self, reader: &Reader) -> Markup {
        let fact =
            |text: words::Text, value: Markup| html! { dt { (reader.t(text)) } dd { (value) } };
        let share = (self.bytes.saturating_mul(1000) / self.budget.max(1)).min(1000);
        let space = format!("{} / {}", bytes(self.bytes), bytes(self.budget));
        html! {
            (fact(words::WAITING_SEGMENTS, html! { (when::number(self.segments)) }))
            @if self.segments > 0 {
                (fact(words::OLDEST_WAITING, when::moment_ago(reader, reader.now.minus(self.lag))))
            }
            (fact(words::LOG_SPACE, html! {
                (space)
                svg class="level" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" {
                    rect class="some" x="0" y="0" width=(share) height="10" {}
                }
            }))
            (fact(words::FAILED_INSERTS, html! { (when::number(self.failures)) }))
            (fact(words::SET_ASIDE, html! { (when::number(self.set_aside)) }))
        }
    }
}

fn collectors(reader: &Reader, feeding: &[Feeding]) -> Markup {
    html! {
        h3 { (reader.t(words::COLLECTORS)) }
        div class="scroll" tabindex="0" { table {
            thead { tr {
                th { (reader.t(words::COLLECTOR)) }
                th { (reader.t(words::NEWEST_STORED)) }
                th class="figure" { (reader.t(words::SEGMENTS)) }
                th class="figure" { (reader.t(words::REPORTS)) }
                th class="figure" { (reader.t(words::UNTIL_STORED)) }
            } }
            tbody { @for it in feeding { tr {
                td { (code(&it.collector)) }
                td class="when" { (when::Grain::Second.moment_ago(reader, Timestamp(it.newest))) }
                td class="figure" { (when::number(it.segments)) }
                td class="figure" { (when::number(it.reports)) }
                td class="figure" { (seconds(it.slow)) }
            } } }
        } }
    }
}

/// With one digit behind the point.
fn seconds(ms: i64) -> String {
    let tenths = (ms.max(0) + 50) / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}
