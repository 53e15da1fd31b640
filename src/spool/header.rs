//! The first page of a segment file: whose segment it holds.
//!
//! It has a page of its own, so that marking a file as free never touches a sector that holds frames. A page
//! of zeros means free. Behind the identity stands how long the file was when it was made, so that one that
//! was cut short is noticed; files of earlier versions lack it.

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
        /// How long the file is at least, if that is known.
        filled: Option<u64>,
    },
    /// The file is of another version.
    Version(u32),
    /// The page is damaged.
    Damaged,
}

/// The page of a file that holds a segment.
pub(super) fn page(id: SegmentId, opened_at: Timestamp, filled: u64) -> Vec<u8> {
    let mut page = Vec::with_capacity(HEADER_BYTES);
    page.extend_from_slice(&MAGIC);
    page.extend_from_slice(&VERSION.to_le_bytes());
    page.extend_from_slice(id.collector.0.as_bytes());
    page.extend_from_slice(&id.epoch.to_le_bytes());
    page.extend_from_slice(&id.sequence.to_le_bytes());
    page.extend_from_slice(&opened_at.0.to_le_bytes());
    let crc = crc32fast::hash(&page);
    page.extend_from_slice(&crc.to_le_bytes());
    page.extend_from_slice(&filled.to_le_bytes());
    let crc = crc32fast::hash(&page);
    page.extend_from_slice(&crc.to_le_bytes());
    page.resize(HEADER_BYTES, 0);
    page
}

impl Header {
    /// Reads the start of a file. A file too short to hold a header was cut off while it was made, if it is of
    /// zeros, and cut short later if it is not.
    pub(super) fn read(file: &[u8]) -> Self {
        let page = file.get(..HEADER_BYTES);
        if page.unwrap_or(file).iter().all(|&byte| byte == 0) {
            return Self::Free;
        }
        page.and_then(Self::used).unwrap_or(Self::Damaged)
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
            filled: filled(page, reader),
        })
    }
}

fn filled(page: &[u8], mut reader: Reader<'_>) -> Option<u64> {
    let filled = u64::from_le_bytes(reader.array()?);
    let sum = crc32fast::hash(page.get(..reader.position())?);
    (sum == u32::from_le_bytes(reader.array()?)).then_some(filled)
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
        let page = page(id(), Timestamp(77), 1 << 20);
        let opened_at = Timestamp(77);
        assert_eq!(page.len(), HEADER_BYTES);
        assert_eq!(
            Header::read(&page),
            Header::Used {
                id: id(),
                opened_at,
                filled: Some(1 << 20),
            }
        );
        assert_eq!(Header::read(&[0; HEADER_BYTES]), Header::Free);
        assert_eq!(Header::read(&[0; 100]), Header::Free);
        assert_eq!(Header::read(&page[..100]), Header::Damaged);
    }

    #[test]
    fn an_earlier_version_did_not_say_how_long_its_file_was() {
        let mut page = page(id(), Timestamp(77), 1 << 20);
        page[48..].fill(0);
        let filled = None;
        let (id, opened_at) = (id(), Timestamp(77));
        let used = Header::Used {
            id,
            opened_at,
            filled,
        };
        assert_eq!(Header::read(&page), used);
    }

    #[test]
    fn no_flipped_bit_names_another_segment() {
        let good = page(id(), Timestamp(77), 1 << 20);
        for bit in 0..48 * 8 {
            let mut page = good.clone();
            page[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Header::read(&page), Header::Damaged, "bit {bit}");
        }
    }
}
