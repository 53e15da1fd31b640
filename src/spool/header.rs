//! The first page of a segment file: whose segment it holds.
//!
//! It has a page of its own, so that marking a file as free never touches a sector that holds frames. A page
//! of zeros means free.

use super::codec::Reader;
use crate::clock::Timestamp;
use crate::ids::{CollectorId, SegmentId};

/// Bytes of the header; frames start here.
pub(super) const HEADER_BYTES: usize = 4096;

/// Version of the format of the file, frames and their contents included.
pub(super) const VERSION: u32 = 1;

const MAGIC: [u8; 8] = *b"SKIMSEG\n";

/// What the page of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// The file holds nothing.
    Free,
    /// The file holds this segment.
    Used {
        /// Whose it is.
        id: SegmentId,
        /// When its first frame came.
        opened_at: Timestamp,
    },
    /// The file is of another version.
    Version(u32),
    /// The page is damaged.
    Damaged,
}

/// The page of a file that holds a segment.
pub(super) fn page(id: SegmentId, opened_at: Timestamp) -> Vec<u8> {
    let mut page = Vec::with_capacity(HEADER_BYTES);
    page.extend_from_slice(&MAGIC);
    page.extend_from_slice(&VERSION.to_le_bytes());
    page.extend_from_slice(id.collector.0.as_bytes());
    page.extend_from_slice(&id.epoch.to_le_bytes());
    page.extend_from_slice(&id.sequence.to_le_bytes());
    page.extend_from_slice(&opened_at.0.to_le_bytes());
    let crc = crc32fast::hash(&page);
    page.extend_from_slice(&crc.to_le_bytes());
    page.resize(HEADER_BYTES, 0);
    page
}

impl Header {
    /// Reads the start of a file. What is too short to hold a header is free: its making was cut off.
    pub(super) fn read(file: &[u8]) -> Self {
        let Some(page) = file.get(..HEADER_BYTES) else {
            return Self::Free;
        };
        if page.iter().all(|&byte| byte == 0) {
            return Self::Free;
        }
        Self::used(page).unwrap_or(Self::Damaged)
    }

    fn used(page: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(page);
        let magic: [u8; 8] = reader.array()?;
        let version = u32::from_le_bytes(reader.array()?);
        let collector = CollectorId(uuid::Uuid::from_bytes(reader.array()?));
        let epoch = u32::from_le_bytes(reader.array()?);
        let sequence = u32::from_le_bytes(reader.array()?);
        let opened_at = Timestamp(i64::from_le_bytes(reader.array()?));
        let sum = crc32fast::hash(page.get(..reader.position())?);
        if magic != MAGIC || sum != u32::from_le_bytes(reader.array()?) {
            return None;
        }
        if version != VERSION {
            return Some(Self::Version(version));
        }
        Some(Self::Used {
            id: SegmentId {
                collector,
                epoch,
                sequence,
            },
            opened_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> SegmentId {
        SegmentId {
            collector: CollectorId(uuid::Uuid::from_u128(1 << 100)),
            epoch: 3,
            sequence: 9,
        }
    }

    #[test]
    fn says_whose_segment_it_is() {
        let page = page(id(), Timestamp(77));
        let opened_at = Timestamp(77);
        assert_eq!(page.len(), HEADER_BYTES);
        assert_eq!(
            Header::read(&page),
            Header::Used {
                id: id(),
                opened_at
            }
        );
        assert_eq!(Header::read(&[0; HEADER_BYTES]), Header::Free);
        assert_eq!(Header::read(&[1; 100]), Header::Free);
    }

    #[test]
    fn no_flipped_bit_names_another_segment() {
        let good = page(id(), Timestamp(77));
        for bit in 0..48 * 8 {
            let mut page = good.clone();
            page[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Header::read(&page), Header::Damaged, "bit {bit}");
        }
    }
}
