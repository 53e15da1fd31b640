//! The files of `schema/migrations`, in the program. [`all`] lists them; the folder's README has the rules.

/// One file.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its number, from 1, without gaps.
    pub number: u32,
    /// Its name without number and ending.
    pub name: &'static str,
    /// Its text: one statement that may run twice.
    pub sql: &'static str,
}

impl Migration {
    /// BLAKE3 of the text, in hexadecimal.
    pub fn checksum(&self) -> String {
        blake3::hash(self.sql.as_bytes()).to_hex().to_string()
    }
}

/// The zeros before a number, then the numbers that have so many.
macro_rules! migrations {
    ($($zeros:literal: $($number:literal $name:literal),+;)+) => {
        const ALL: &[Migration] = &[$($(Migration {
            number: $number,
            name: $name,
            sql: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"), "/schema/migrations/", $zeros, $number, "_", $name, ".sql"
            )),
        }),+),+];
    };
}

migrations! {
    "000":
    1 "create_schema_migrations",
    2 "create_reports",
    3 "create_policies",
    4 "create_report_outcomes",
    5 "create_segments",
    6 "create_canaries",
    7 "add_segments_inserted_range",
    8 "create_portfolios",
    9 "create_audit";
    "00":
    10 "create_v_reports",
    11 "create_v_site_days",
    12 "create_v_destination_days",
    13 "create_v_destinations",
    14 "create_v_outcomes",
    15 "create_v_coverage",
    16 "create_v_policy_directives",
    17 "create_v_alerts",
    18 "add_reports_by_destination_site",
    19 "add_reports_by_destination_day",
    20 "rewrite_reports_by_destination";
}

/// All of them, in order. The first makes the table that the others are written down in.
pub fn all() -> &'static [Migration] {
    ALL
}

/// Number of the last one.
#[expect(clippy::cast_possible_truncation, reason = "a handful of files")]
pub const LATEST: u32 = ALL.len() as u32;
