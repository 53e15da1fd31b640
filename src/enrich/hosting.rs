//! Which networks rent out servers.

/// Whether it does.
pub fn is_hosting(asn: u32) -> bool {
    matches!(asn, 14061 | 24940 | 16276 | 16509 | 14618 | 396982 | 44477 | 60729 | 49981 | 63949 | 20473)
}
