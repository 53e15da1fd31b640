//! Lines → examined requests, on all cores, handed on in the order of the lines.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{BufRead, Read as _};
use std::net::IpAddr;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use super::error::BacktestError;
use super::inputs::Inputs;
use crate::clock::Timestamp;
use crate::enrich::Network;
use crate::outcome::DiscardReason;
use crate::redact::Report;
use crate::sites::{Lookup, Site};

/// Bytes of lines that one core examines at a time.
const CHUNK_BYTES: usize = 1 << 16;

/// A request whose entries were read and redacted.
pub(super) struct Examined {
    pub(super) at: Timestamp,
    /// What it said; none if its body is no JSON, or its site is not among the merchants.
    pub(super) submission: Option<Read>,
}

/// A body that could be read.
pub(super) struct Read {
    pub(super) site: Arc<Site>,
    pub(super) network: Network,
    pub(super) entries: Vec<Result<Report, DiscardReason>>,
    pub(super) truncated: u32,
}

#[derive(Deserialize)]
struct Line<'a> {
    t: f64,
    #[serde(borrow)]
    site: Cow<'a, str>,
    ip: IpAddr,
    #[serde(borrow)]
    ua: Cow<'a, str>,
    #[serde(borrow)]
    body: Cow<'a, str>,
}

/// Some whole lines, and the number of the first.
struct Chunk {
    place: u64,
    first_line: u64,
    text: Vec<u8>,
}

/// What a chunk yields.
type Outcome = Result<Vec<Examined>, BacktestError>;

/// An examination of one file.
pub(super) struct Examination<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) path: &'a Path,
}

impl Examination<'_> {
    /// Hands every request on, in order.
    pub(super) fn of(
        &self,
        source: impl BufRead + Send,
        mut each: impl FnMut(Examined) -> Result<(), BacktestError>,
    ) -> Result<(), BacktestError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let (chunks, work) = sync_channel(cores);
        let (done, results) = sync_channel(2 * cores);
        let work = Mutex::new(work);
        std::thread::scope(|scope| {
            for _ in 0..cores {
                let (work, done) = (&work, done.clone());
                scope.spawn(move || self.work(work, &done));
            }
            drop(done);
            let reader = scope.spawn(move || read(source, &chunks));
            let judged = in_order(results, |examined| {
                examined?.into_iter().try_for_each(&mut each)
            });
            let read = reader.join().unwrap_or(Ok(()));
            judged?;
            read.map_err(BacktestError::file(self.path))
        })
    }

    fn work(&self, work: &Mutex<Receiver<Chunk>>, done: &SyncSender<(u64, Outcome)>) {
        loop {
            let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(chunk) = next else { return };
            let examined = self.examine(&chunk);
            if done.send((chunk.place, examined)).is_err() {
                return;
            }
        }
    }

    fn examine(&self, chunk: &Chunk) -> Outcome {
        let lines = chunk.text.split(|byte| *byte == b'\n');
        (chunk.first_line..)
            .zip(lines)
            .filter(|(_, line)| !line.trim_ascii().is_empty())
            .map(|(number, line)| {
                let line =
                    serde_json::from_slice(line).map_err(|cause| BacktestError::Request {
                        path: self.path.to_owned(),
                        line: number,
                        cause,
                    })?;
                Ok(self.request(&line))
            })
            .collect()
    }

    fn request(&self, line: &Line<'_>) -> Examined {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a cast of a float saturates, and no time comes near the end of the range"
        )]
        let at = Timestamp((line.t * 1000.0).round() as i64);
        Examined {
            at,
            submission: self.read(line),
        }
    }

    fn read(&self, line: &Line<'_>) -> Option<Read> {
        let Lookup::Active(site) = self.inputs.sites.find(&line.site) else {
            return None;
        };
        let examiner = &self.inputs.examiner;
        let visitor = examiner.visitor(line.ip, &line.ua, &self.inputs.pseudonyms);
        let mut entries = Vec::new();
        let body = (line.body.as_bytes(), None);
        let truncated = examiner
            .examine(body, visitor, (&site.profile, &site.harmless), |entry| {
                entries.push(entry)
            })
            .ok()?;
        Some(Read {
            site: Arc::clone(site),
            network: Network::of(line.ip),
            entries,
            truncated,
        })
    }
}

/// Cuts the source into chunks of whole lines.
fn read(mut source: impl BufRead, chunks: &SyncSender<Chunk>) -> std::io::Result<()> {
    let mut first_line = 1;
    for place in 0.. {
        let mut text = Vec::with_capacity(CHUNK_BYTES + (1 << 12));
        (&mut source)
            .take(CHUNK_BYTES as u64)
            .read_to_end(&mut text)?;
        source.read_until(b'\n', &mut text)?;
        if text.is_empty() {
            break;
        }
        let lines = memchr::memchr_iter(b'\n', &text).count();
        let chunk = Chunk {
            place,
            first_line,
            text,
        };
        first_line += lines as u64;
        // Nobody takes it: an earlier line could not be read, and that is told.
        if chunks.send(chunk).is_err() {
            break;
        }
    }
    Ok(())
}

/// Hands results on by their places. No more wait than there are workers and places in the channel.
fn in_order<T, E>(
    results: Receiver<(u64, T)>,
    mut each: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    for (place, result) in results {
        early.insert(place, result);
        while let Some(result) = early.remove(&next) {
            each(result)?;
            next += 1;
        }
    }
    Ok(())
}
