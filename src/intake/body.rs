//! Reads a body: under a deadline, within the caps, and within what all bodies together may take.

use std::pin::pin;
use std::time::Duration;

use actix_http::Payload;
use bytes::{Bytes, BytesMut};
use futures_util::{FutureExt as _, StreamExt as _};
use prometheus_client::metrics::gauge::Gauge;

use crate::metrics;
use crate::outcome::RefusedReason;
use crate::parse::{EntryCount, EntryCounter, MAX_BODY_BYTES, MAX_DRAIN_BYTES};

/// Bytes of a refused body that are read.
const MAX_LET_BY_BYTES: usize = 64 * 1024;
/// How long a refused body is waited for.
const LET_BY: Duration = Duration::from_millis(500);

/// A body, or as much of it as is kept.
#[derive(Debug)]
pub(super) struct Body<'a> {
    /// At most [`MAX_BODY_BYTES`].
    pub(super) bytes: Bytes,
    /// If it was cut: how many entries the whole body held.
    pub(super) cut: Option<EntryCount>,
    _share: Share<'a>,
}

/// Reads it whole.
///
/// # Errors
/// The reason to refuse it: too slow, broken, too large, or no memory for it now.
pub(super) async fn read<'a>(
    payload: Payload,
    deadline: Duration,
    memory: &'a Memory,
) -> Result<Body<'a>, RefusedReason> {
    let mut reading = pin!(collect(payload, memory));
    // Most bodies came together with their head: no timer for those.
    if let Some(body) = reading.as_mut().now_or_never() {
        return body;
    }
    tokio::time::timeout(deadline, reading)
        .await
        .unwrap_or(Err(RefusedReason::Timeout))
}

/// Reads it to its end and keeps nothing, so that the connection can be used again.
///
/// # Errors
/// As [`read`].
pub(super) async fn drain(mut payload: Payload, deadline: Duration) -> Result<(), RefusedReason> {
    let all = async {
        let mut total = 0;
        while let Some(chunk) = payload.next().await {
            total += chunk.map_err(|_cause| RefusedReason::Broken)?.len();
            if total > MAX_DRAIN_BYTES {
                return Err(RefusedReason::TooLarge);
            }
        }
        Ok(())
    };
    tokio::time::timeout(deadline, all)
        .await
        .unwrap_or(Err(RefusedReason::Timeout))
}

/// Reads the small body of a request that was refused before it, so that the connection can be used again. A
/// proxy before us keeps few connections for everybody: what one client sends must not cost them.
pub(super) async fn let_by(mut payload: Payload) {
    let all = async {
        let mut total = 0;
        while let Some(Ok(chunk)) = payload.next().await {
            total += chunk.len();
            if total > MAX_LET_BY_BYTES {
                return;
            }
        }
    };
    // What does not come in time costs the connection, as it did before.
    drop(tokio::time::timeout(LET_BY, all).await);
}

async fn collect(mut payload: Payload, memory: &Memory) -> Result<Body<'_>, RefusedReason> {
    let mut share = memory.share();
    let mut kept = BytesMut::new();
    // Most bodies come in one chunk, which is then the body: no copy.
    let mut first = Bytes::new();
    let mut beyond: Option<EntryCounter> = None;
    let mut total = 0;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_cause| RefusedReason::Broken)?;
        total += chunk.len();
        if total > MAX_DRAIN_BYTES {
            return Err(RefusedReason::TooLarge);
        }
        if let Some(counter) = &mut beyond {
            counter.feed(&chunk);
            continue;
        }
        share.grow(chunk.len())?;
        if first.is_empty() && kept.is_empty() {
            first = chunk;
        } else {
            if kept.is_empty() {
                kept.extend_from_slice(&first);
            }
            kept.extend_from_slice(&chunk);
        }
        if total > MAX_BODY_BYTES {
            let mut counter = EntryCounter::default();
            counter.feed(if kept.is_empty() { &first } else { &kept });
            beyond = Some(counter);
        }
    }
    let mut bytes = if kept.is_empty() {
        first
    } else {
        kept.freeze()
    };
    bytes.truncate(MAX_BODY_BYTES);
    Ok(Body {
        bytes,
        cut: beyond.map(|counter| counter.entries()),
        _share: share,
    })
}

/// The memory that bodies may take together.
#[derive(Debug)]
pub(super) struct Memory {
    /// The metric is the count: one place that workers share, not two.
    used: Gauge,
    limit: i64,
}

impl Memory {
    /// At most this many bytes.
    pub(super) fn new(limit: usize) -> Self {
        metrics::get().intake_body_bytes_limit.set(signed(limit));
        Self {
            used: metrics::get().intake_body_bytes.clone(),
            limit: signed(limit),
        }
    }

    fn share(&self) -> Share<'_> {
        Share {
            memory: self,
            bytes: 0,
        }
    }
}

/// What one body takes of the memory; given back when dropped.
#[derive(Debug)]
struct Share<'a> {
    memory: &'a Memory,
    bytes: usize,
}

impl Share<'_> {
    fn grow(&mut self, bytes: usize) -> Result<(), RefusedReason> {
        let before = self.memory.used.inc_by(signed(bytes));
        self.bytes += bytes;
        if before.saturating_add(signed(bytes)) > self.memory.limit {
            metrics::count(&metrics::get().submissions_unavailable, "memory");
            Err(RefusedReason::Unavailable)
        } else {
            Ok(())
        }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        self.memory.used.dec_by(signed(self.bytes));
    }
}

fn signed(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
