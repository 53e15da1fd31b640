//! Any bytes behind a header are read without a panic, and no frame that does not verify.
//!
//! The first byte says what the rest is: bytes of a file, contents of frames, or contents whose file is then
//! changed at some places.

#![no_main]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use libfuzzer_sys::fuzz_target;
use skimwatch::ids::{CollectorId, SegmentId};
use skimwatch::spool::fuzzing::{read, write};

/// Bytes in memory for each byte of a file: the smallest outcome has five, its strings and its place in the
/// sum some two hundred.
const MEMORY_PER_BYTE: usize = 80;
const MEMORY_BESIDES: usize = 64 << 10;

thread_local! {
    static IN_USE: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

/// Counts what is in use and the most that was.
struct Counting;

fn count(more: usize, less: usize) {
    // At the end of a thread there is nobody left to count for.
    let _ = IN_USE.try_with(|cell| {
        let now = (cell.get().0 + more).saturating_sub(less);
        cell.set((now, cell.get().1.max(now)));
    });
}

// SAFETY: every call is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn id() -> SegmentId {
    SegmentId {
        collector: CollectorId(uuid::Uuid::from_u128(5)),
        epoch: 1,
        sequence: 7,
    }
}

/// Contents, each behind a byte that says how long it is in units of four bytes.
fn contents(mut data: &[u8]) -> Vec<&[u8]> {
    let mut contents = Vec::new();
    while let Some((&length, rest)) = data.split_first() {
        let (content, after) = rest.split_at(rest.len().min(usize::from(length) * 4));
        contents.push(content);
        data = after;
    }
    contents
}

/// Up to seven changes, each a place and what it becomes, and what follows them.
fn change(data: &[u8]) -> (Vec<[u8; 3]>, &[u8]) {
    let Some((&count, rest)) = data.split_first() else {
        return (Vec::new(), data);
    };
    let (changes, rest) = rest.split_at(rest.len().min(usize::from(count % 8) * 3));
    let changes = changes.chunks_exact(3).map(|c| [c[0], c[1], c[2]]);
    (changes.collect(), rest)
}

fn file(data: &[u8]) -> Vec<u8> {
    let Some((&kind, data)) = data.split_first() else {
        return Vec::new();
    };
    match kind % 4 {
        0 => data.to_vec(),
        1 => {
            let mut file = write(id(), &[]);
            file.truncate(4096);
            file.extend_from_slice(data);
            file
        }
        2 => write(id(), &contents(data)),
        _ => {
            let (changes, data) = change(data);
            let mut file = write(id(), &contents(data));
            for [high, low, value] in changes {
                let place = usize::from(u16::from_be_bytes([high, low]));
                // The page has nothing behind its first bytes: most changes shall meet frames.
                let place = if place < 48 { place } else { 4048 + place };
                let length = file.len();
                file[place % length] ^= value;
            }
            file
        }
    }
}

/// The checksum of a frame, as the format says it and not as the product computes it. The marker is only where a
/// search begins: a frame that verifies behind a damaged one is not lost.
fn verifies(id: SegmentId, file: &[u8], content: &std::ops::Range<usize>) -> bool {
    let mut hasher = blake3::Hasher::new_derive_key("skimwatch 2026 segment frames");
    hasher.update(id.collector.0.as_bytes());
    hasher.update(&id.epoch.to_le_bytes());
    let key = hasher.finalize();
    let number = |bytes: &[u8], at: usize| {
        u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
    };
    let head = &file[content.start - 16..content.start];
    let mut crc = crc32fast::Hasher::new_with_initial(number(key.as_bytes(), 4) ^ id.sequence);
    crc.update(&head[4..12]);
    crc.update(&file[content.clone()]);
    number(head, 4) as usize == content.len() && number(head, 12) == crc.finalize()
}

fuzz_target!(|data: &[u8]| {
    let file = file(data);
    let start = IN_USE.with(|cell| {
        let (now, _) = cell.get();
        cell.set((now, now));
        now
    });
    let read = read(&file);
    let taken = IN_USE.with(|cell| cell.get().1) - start;
    assert!(
        taken <= MEMORY_BESIDES + MEMORY_PER_BYTE * file.len(),
        "{taken} bytes of memory for {} of the file",
        file.len()
    );
    let Some((id, frames, contents)) = read else {
        return;
    };
    for frame in &frames {
        assert!(verifies(id, &file, frame), "{frame:?} does not verify");
    }
    if let Some(contents) = contents {
        let slices = contents.rows().chain(contents.policies());
        let bytes: usize = slices.map(<[u8]>::len).sum();
        assert!(bytes <= file.len());
    }
});
