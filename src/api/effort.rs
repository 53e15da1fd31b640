//! What one question may cost ClickHouse, by who asks: whoever looks after one shop needs less than whoever looks after all.

use std::time::Duration;

use crate::role::Role;
use crate::store::Effort;

const MIB: u64 = 1 << 20;

/// For people who look after many merchants.
const FULL: Effort = Effort {
    time: Duration::from_secs(10),
    rows: 2_000_000_000,
    memory: None,
};

/// For a merchant.
const SMALL: Effort = Effort {
    time: Duration::from_secs(5),
    rows: 200_000_000,
    memory: Some(128 * MIB),
};

/// What one answer may cost.
pub(super) fn of(role: Role) -> Effort {
    match role {
        Role::Operator | Role::Administrator | Role::Analyst | Role::Auditor => FULL,
        Role::Merchant | Role::MerchantReader => SMALL,
    }
}
