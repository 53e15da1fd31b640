//! Every metric of the process, by name, in one place. [`Metrics`] is the type to know.
//!
//! Labels come from closed sets only; what is wide (site, host) is counted in ClickHouse. Each kind is there from
//! the start, with a 0: an alert on a bound that was never hit must find its series.
//! The rule: a bound is exported beside its use.
//!
#![doc = include_str!("bounds.md")]

use std::sync::LazyLock;
use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// A label set of one word.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Kind {
    /// The word, from a closed set.
    pub kind: &'static str,
}

macro_rules! metrics {
    ($($(#[doc = $help:literal])+ $field:ident : $type:ty = $make:expr),+ $(,)?) => {
        /// The handles. Get them with [`get`].
        #[derive(Debug)]
        pub struct Metrics {
            registry: Registry,
            $($(#[doc = $help])+ pub $field: $type),+
        }

        impl Metrics {
            fn new() -> Self {
                let mut registry = Registry::with_prefix("skimwatch");
                $(
                    let $field: $type = $make;
                    registry.register(stringify!($field), [$($help.trim()),+].join(" ").trim_end_matches('.'), $field.clone());
                )+
                Self { registry, $($field),+ }
            }
        }
    };
}

/// A family in which each of these stands at 0.
fn kinds<M: Default, const N: usize>(kinds: [&'static str; N]) -> Family<Kind, M> {
    let family = Family::default();
    for kind in kinds {
        drop(Family::<Kind, M>::get_or_create(&family, &Kind { kind }));
    }
    family
}

/// Counts one of a kind.
pub fn count(family: &Family<Kind, Counter>, kind: &'static str) {
    family.get_or_create(&Kind { kind }).inc();
}

/// A number as gauges want it.
pub fn gauged(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// Buckets from a tenth of a millisecond to about three seconds.
fn seconds() -> Histogram {
    Histogram::new(prometheus_client::metrics::histogram::exponential_buckets(
        0.0001, 2.0, 15,
    ))
}

metrics! {
    /// Entries of acknowledged submissions.
    reports_received: Counter = Counter::default(),
    /// Entries that got a row.
    reports_stored: Counter = Counter::default(),
    /// Entries over a limit, counted without a row.
    reports_folded: Counter = Counter::default(),
    /// Stored entries of which something was longer than is kept (label `cut`).
    reports_cut: Counter = Counter::default(),
    /// Entries not kept, by reason.
    reports_discarded: Family<Kind, Counter> = kinds(["truncated", "malformed", "canary", "lost"]),
    /// Submissions not acknowledged, by reason.
    submissions_refused: Family<Kind, Counter> = kinds(["unknown_key", "retired_key", "not_json", "too_large", "method", "timeout", "broken", "encoding", "unavailable"]),
    /// Submissions answered 503, by what there was too little of: places for requests of one connection, memory
    /// for bodies, room before the log's writer, in the log's budget, on the disk, in a frame; or time, at the end.
    submissions_unavailable: Family<Kind, Counter> = kinds(["requests", "memory", "busy", "full", "disk", "frame", "closed"]),
    /// Open connections, by door.
    connections: Family<Kind, Gauge> = Family::default(),
    /// The most connections that may be open, by door.
    connections_limit: Family<Kind, Gauge> = Family::default(),
    /// Connections cut off: too many of one network, a slow request, answers left unread, a failed handshake,
    /// nothing between two requests for long, a head of HTTP/2 that is too long.
    connections_cut: Family<Kind, Counter> = kinds(["crowded", "handshake", "head", "idle", "slow", "unread"]),
    /// Bytes of report bodies in memory.
    intake_body_bytes: Gauge = Gauge::default(),
    /// The most bytes of report bodies that may be in memory.
    intake_body_bytes_limit: Gauge = Gauge::default(),
    /// Times a certificate that had changed was taken, or could not be, by kind.
    certificate_reloads: Family<Kind, Counter> = Family::default(),
    /// Rates that are set, per second, by kind.
    limit_rate: Family<Kind, Gauge> = kinds(["site", "network", "bodies", "site_novelty", "network_novelty"]),
    /// Times a rate said no, by kind. What one says no to may pass by another.
    limit_exceeded: Family<Kind, Counter> = kinds(["site", "network", "bodies", "site_novelty", "network_novelty"]),
    /// Keys that the limiters keep state for, by kind.
    limit_tracked_keys: Family<Kind, Gauge> = kinds(["networks", "novelty", "sites", "known", "repeats"]),
    /// The most keys that the limiters may keep state for, by kind.
    limit_tracked_keys_limit: Family<Kind, Gauge> = kinds(["networks", "novelty", "sites", "known", "repeats"]),
    /// Times a key found no room, and was judged together with others, by kind.
    limit_untracked: Family<Kind, Counter> = kinds(["networks", "novelty", "sites"]),
    /// Bytes that wait for the spool's writer.
    spool_pending_bytes: Gauge = Gauge::default(),
    /// The most bytes that may wait for it.
    spool_pending_bytes_limit: Gauge = Gauge::default(),
    /// Bytes appended to the spool.
    spool_appended_bytes: Counter = Counter::default(),
    /// Commits of the spool: one sync each.
    spool_commits: Counter = Counter::default(),
    /// Seconds that a sync of the spool took.
    spool_sync_seconds: Histogram = seconds(),
    /// Bytes of all segment files, those set aside included.
    spool_disk_bytes: Gauge = Gauge::default(),
    /// The most bytes that segment files may take.
    spool_disk_bytes_limit: Gauge = Gauge::default(),
    /// Segments that are not in ClickHouse yet.
    spool_segments_waiting: Gauge = Gauge::default(),
    /// Segments read with a torn last commit, with damage to what was acknowledged or to the header, and
    /// damaged files deleted because too many were kept.
    spool_damaged: Family<Kind, Counter> = kinds(["torn", "corrupt", "header", "gone", "deleted"]),
    /// Segment files that the last start could not read. What they hold is not delivered; the next start looks again.
    spool_unreadable_files: Gauge = Gauge::default(),
    /// Damaged segment files that are kept.
    spool_quarantined_files: Gauge = Gauge::default(),
    /// Bytes of damaged segment files that are kept.
    spool_quarantined_bytes: Gauge = Gauge::default(),
    /// The most bytes that damaged segment files may take.
    spool_quarantined_bytes_limit: Gauge = Gauge::default(),
    /// Policies left out of the table, because their site brought too many new ones. Their reports are stored.
    spool_policies_left_out: Counter = Counter::default(),
    /// Folded entries counted without a destination, because their site folded for too many.
    spool_folded_unnamed: Counter = Counter::default(),
    /// Refusals counted without their site, because too many sites had some within a second.
    spool_refusals_unnamed: Counter = Counter::default(),
    /// Commits that could not be made durable, by kind.
    spool_commit_failures: Family<Kind, Counter> = kinds(["full", "disk", "exhausted", "unknown"]),
    /// Age in seconds of the oldest segment that is not in ClickHouse yet.
    spool_lag_seconds: Gauge<f64, AtomicU64> = Gauge::default(),
    /// Bytes of the segments that were set aside, as of the last time one was.
    spool_set_aside_bytes: Gauge = Gauge::default(),
    /// The most bytes of segments that may be set aside.
    spool_set_aside_bytes_limit: Gauge = Gauge::default(),
    /// Segments that were set aside because ClickHouse refused them twice, or that could not be read.
    store_segments_set_aside: Counter = Counter::default(),
    /// Rows inserted into ClickHouse.
    store_inserted_rows: Counter = Counter::default(),
    /// Seconds that the inserts of a segment took.
    store_insert_seconds: Histogram = seconds(),
    /// Inserts that failed and are tried again, by kind; `read`: the segment could not be read.
    store_insert_failures: Family<Kind, Counter> = kinds(["unreachable", "timeout", "busy", "refused", "answer", "settings", "schema", "read"]),
    /// Sightings that the detector has taken in, those before its start included.
    detect_sightings: Counter = Counter::default(),
    /// Alerts raised, worsened, joined by a site, opened again.
    detect_news: Family<Kind, Counter> = Family::default(),
    /// Seconds from the receipt of a report to its judgment, as of the newest segment.
    detect_lag_seconds: Gauge<f64, AtomicU64> = Gauge::default(),
    /// Destinations not remembered, because the detector's memory is full.
    detect_destinations_refused: Counter = Counter::default(),
    /// Times a destination was not told of: it came with a flood, as those that were, and does not stand out.
    detect_flood_untold: Counter = Counter::default(),
    /// Pairs of destination and site that the detector remembers.
    detect_places: Gauge = Gauge::default(),
    /// The most pairs of destination and site that the detector remembers.
    detect_places_limit: Gauge = Gauge::default(),
    /// Notices that wait to be sent, those that are held back for quiet hours included.
    notices_waiting: Gauge = Gauge::default(),
    /// Age in seconds of the oldest notice that waits and is not held back.
    notices_oldest_seconds: Gauge<f64, AtomicU64> = Gauge::default(),
    /// Tries to send a message, by what became of them.
    notices_tries: Family<Kind, Counter> = kinds(["sent", "failed", "given-up"]),
    /// Sites in the snapshot.
    sites: Gauge = Gauge::default(),
    /// The most sites that may be in the snapshot.
    sites_limit: Gauge = Gauge::default(),
    /// Version of the snapshot of sites.
    sites_version: Gauge = Gauge::default(),
    /// Whether a task of the process runs, by its name.
    tasks_alive: Family<Kind, Gauge> = Family::default(),
    /// Times a task was started again after it ended by a defect, by its name.
    task_restarts: Family<Kind, Counter> = Family::default(),
    /// Times the engine was started again after it ended by itself.
    engine_restarts: Counter = Counter::default(),
}

static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);

/// The process's metrics.
pub fn get() -> &'static Metrics {
    &METRICS
}

/// All metrics in the text format that Prometheus reads.
///
/// # Errors
/// [`std::fmt::Error`] if a metric cannot be written, which would be a defect of the metric's type.
pub fn render() -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &METRICS.registry)?;
    Ok(text)
}
