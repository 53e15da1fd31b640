//! ClickHouse's own blocks: checksum, header, LZ4. [`BlockReader`] unpacks a body, [`pack`] packs a reply.
//!
//! A block is CityHash128 (1.0.2, halves swapped) of what follows, then a method byte, the packed size with this header
//! of 9 bytes, the unpacked size (both u32 LE), and the data.

use std::io::{self, Read};

/// Bytes of one block, packed or not.
pub(super) const MAX_BLOCK_BYTES: usize = 64 << 20;

/// Bytes that a reply puts into one block.
const REPLY_BLOCK_BYTES: usize = 1 << 20;

const CHECKSUM: usize = 16;
const HEADER: usize = 9;
const LZ4: u8 = 0x82;
const PLAIN: u8 = 0x02;

/// Unpacks a stream of blocks.
#[derive(Debug)]
pub(super) struct BlockReader<R> {
    inner: R,
    block: Vec<u8>,
    at: usize,
}

impl<R: Read> BlockReader<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            block: Vec::new(),
            at: 0,
        }
    }

    /// Reads the next block; false at the end.
    fn refill(&mut self) -> io::Result<bool> {
        let mut head = [0; CHECKSUM + HEADER];
        if !read_or_end(&mut self.inner, &mut head)? {
            return Ok(false);
        }
        let (checksum, header) = head.split_at(CHECKSUM);
        let size = |at: usize| {
            u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
                as usize
        };
        let (packed, unpacked) = (size(1), size(5));
        if !(HEADER..=MAX_BLOCK_BYTES).contains(&packed) || unpacked > MAX_BLOCK_BYTES {
            return Err(invalid("a block's sizes are out of range"));
        }
        let mut body = vec![0; packed];
        body[..HEADER].copy_from_slice(header);
        self.inner.read_exact(&mut body[HEADER..])?;
        if checksum_of(&body) != checksum {
            return Err(invalid("a block's checksum does not match"));
        }
        self.block = match header[0] {
            LZ4 => lz4_flex::block::decompress(&body[HEADER..], unpacked)
                .map_err(|error| invalid(&format!("a block does not decompress: {error}")))?,
            PLAIN => body.split_off(HEADER),
            other => {
                return Err(invalid(&format!(
                    "a block is packed by method {other:#04x}; only LZ4 is supported"
                )));
            }
        };
        if self.block.len() != unpacked {
            return Err(invalid("a block is not as long as it says"));
        }
        self.at = 0;
        Ok(true)
    }
}

impl<R: Read> Read for BlockReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.block.len() {
            if !self.refill()? {
                return Ok(0);
            }
        }
        let count = buffer.len().min(self.block.len() - self.at);
        buffer[..count].copy_from_slice(&self.block[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// Fills the buffer, or says that the stream ended before its first byte.
fn read_or_end(inner: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    let mut at = 0;
    while at < buffer.len() {
        match inner.read(&mut buffer[at..])? {
            0 if at == 0 => return Ok(false),
            0 => return Err(invalid("the body ends inside a block")),
            count => at += count,
        }
    }
    Ok(true)
}

/// Packs bytes into blocks.
pub(super) fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(bytes.len() / 2 + CHECKSUM + HEADER);
    for piece in bytes.chunks(REPLY_BLOCK_BYTES) {
        let unpacked = u32::try_from(piece.len()).expect("a block of a reply is about a mebibyte");
        let data = lz4_flex::block::compress(piece);
        packed.extend_from_slice(&block(LZ4, unpacked, &data));
    }
    packed
}

/// One block: checksum, header, data.
pub(super) fn block(method: u8, unpacked: u32, data: &[u8]) -> Vec<u8> {
    let packed = u32::try_from(HEADER + data.len()).expect("a block is far smaller than that");
    let mut block = vec![0; CHECKSUM];
    block.push(method);
    block.extend_from_slice(&packed.to_le_bytes());
    block.extend_from_slice(&unpacked.to_le_bytes());
    block.extend_from_slice(data);
    let (sum, body) = block.split_at_mut(CHECKSUM);
    sum.copy_from_slice(&checksum_of(body));
    block
}

fn checksum_of(body: &[u8]) -> [u8; CHECKSUM] {
    cityhash_rs::cityhash_102_128(body)
        .rotate_right(64)
        .to_le_bytes()
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unpack(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        BlockReader::new(bytes).read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn a_changed_or_cut_block_is_refused() {
        let packed = pack(b"abcabcabcabcabcabcabcabc");
        for at in 0..packed.len() {
            let mut changed = packed.clone();
            changed[at] ^= 1;
            assert!(unpack(&changed).is_err(), "byte {at} changed");
            assert!(at == 0 || unpack(&packed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_block_that_claims_to_be_huge_is_refused_before_memory_is_taken() {
        let mut head = vec![0; CHECKSUM];
        head.push(LZ4);
        head.extend_from_slice(&u32::MAX.to_le_bytes());
        head.extend_from_slice(&u32::MAX.to_le_bytes());
        assert!(unpack(&head).is_err());
    }

    proptest! {
        #[test]
        fn what_is_packed_unpacks(bytes in proptest::collection::vec(any::<u8>(), 0..5_000)) {
            prop_assert_eq!(unpack(&pack(&bytes)).unwrap(), bytes);
        }
    }
}
