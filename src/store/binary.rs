//! The `RowBinaryWithNamesAndTypes` format: numbers little-endian, text after its length.

use bytes::{BufMut, BytesMut};
use uuid::Uuid;

/// Name and type of a column, the type spelled exactly as the table spells it: ClickHouse compares.
pub(super) type Column = (&'static str, &'static str);

/// The head of a body: number, names, types of the columns.
pub(super) fn put_header<'a>(
    out: &mut BytesMut,
    columns: impl Iterator<Item = &'a Column> + Clone,
) {
    put_length(out, columns.clone().count());
    for (name, _) in columns.clone() {
        put_text(out, name);
    }
    for (_, kind) in columns {
        put_text(out, kind);
    }
}

pub(super) fn put_uuid(out: &mut BytesMut, uuid: Uuid) {
    // Two numbers of 64 bits, the high one first.
    let (high, low) = uuid.as_u64_pair();
    out.put_u64_le(high);
    out.put_u64_le(low);
}

pub(super) fn put_text(out: &mut BytesMut, text: &str) {
    put_length(out, text.len());
    out.put_slice(text.as_bytes());
}

/// LEB128.
#[expect(clippy::cast_possible_truncation, reason = "masked to seven bits")]
fn put_length(out: &mut BytesMut, mut length: usize) {
    while length >= 0x80 {
        out.put_u8((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.put_u8(length as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_leb128() {
        for (length, bytes) in [
            (0, vec![0]),
            (127, vec![127]),
            (128, vec![0x80, 1]),
            (300, vec![0xac, 2]),
        ] {
            let mut out = BytesMut::new();
            put_length(&mut out, length);
            assert_eq!(out.to_vec(), bytes, "{length}");
        }
    }

    #[test]
    fn uuids_come_in_halves() {
        let mut out = BytesMut::new();
        put_uuid(
            &mut out,
            Uuid::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff),
        );
        assert_eq!(out[..2], [0x77, 0x66]);
        assert_eq!(out[8..10], [0xff, 0xee]);
    }
}
