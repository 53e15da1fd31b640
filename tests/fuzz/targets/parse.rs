//! Any bytes are a batch or an error; every element of an array is an entry, also of one that was cut.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use skimwatch::parse::{
    Batch, EntryCounter, MAX_ENTRIES, MAX_OTHER_BYTES, MAX_SAMPLE_BYTES, MAX_TYPE_BYTES,
    MAX_URL_BYTES, RawBody, read,
};

fn check(batch: Batch<'_>) -> usize {
    assert!(batch.entries.len() <= MAX_ENTRIES);
    for report in batch.entries.iter().flatten() {
        assert!(report.url.len() <= MAX_URL_BYTES);
        match &report.body {
            RawBody::CspViolation(violation) => {
                assert!(violation.document_url.len() <= MAX_URL_BYTES);
                assert!(violation.sample.len() <= MAX_SAMPLE_BYTES);
            }
            RawBody::Other { report_type, json } => {
                assert!(report_type.len() <= MAX_TYPE_BYTES && json.len() <= MAX_OTHER_BYTES);
                serde_json::from_str::<serde_json::Value>(json).expect("one whole value");
            }
        }
    }
    batch.entries.len() + batch.truncated as usize
}

fuzz_target!(|data: &[u8]| {
    let mut counter = EntryCounter::default();
    let (first, second) = data.split_at(data.len() / 2);
    counter.feed(first);
    counter.feed(second);
    let whole = read(data, None, check);
    // What another reader takes for an array has as many entries for ours.
    if let Ok(entries) = serde_json::from_slice::<Vec<IgnoredAny>>(data) {
        assert_eq!(whole.as_ref().ok(), Some(&entries.len()));
        assert_eq!(counter.entries() as usize, entries.len());
        let end = 1 + data.iter().position(|&b| b == b'[').unwrap_or(0);
        for cut in [end, data.len().div_ceil(2).max(end), data.len()] {
            let cut = read(&data[..cut], Some(counter.entries()), check);
            assert_eq!(cut.ok(), Some(entries.len()));
        }
    }
});
