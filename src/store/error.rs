//! What can go wrong with ClickHouse, sorted by what to do about it: [`StoreError::remedy`].

use clickhouse::error::Error;

/// Longest part of ClickHouse's own words that is kept.
const MAX_WORDS: usize = 300;

/// Codes of ClickHouse that blame what was sent: the same bytes will fail again.
/// Names in its `src/Common/ErrorCodes.cpp`.
const CONTENT: &[u32] = &[
    6,   // CANNOT_PARSE_TEXT
    26,  // CANNOT_PARSE_QUOTED_STRING
    27,  // CANNOT_PARSE_INPUT_ASSERTION_FAILED
    32,  // ATTEMPT_TO_READ_AFTER_EOF
    33,  // CANNOT_READ_ALL_DATA
    53,  // TYPE_MISMATCH
    69,  // ARGUMENT_OUT_OF_BOUND
    70,  // CANNOT_CONVERT_TYPE
    117, // INCORRECT_DATA
    128, // TOO_LARGE_ARRAY_SIZE
    131, // TOO_LARGE_STRING_SIZE
    321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
    469, // VIOLATED_CONSTRAINT
];

/// Codes of ClickHouse for a question that costs more than it may.
const COST: &[u32] = &[
    158, // TOO_MANY_ROWS
    159, // TIMEOUT_EXCEEDED
    160, // TOO_SLOW
    396, // TOO_MANY_ROWS_OR_BYTES
];

/// Why ClickHouse did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection, or it broke.
    #[error("ClickHouse cannot be reached: {0}; start it, or correct clickhouse.url")]
    Unreachable(String),
    /// No answer in time. What was sent may have been done.
    #[error("ClickHouse did not answer in time; what was sent may have been done")]
    Timeout,
    /// It answered that it cannot, for a reason that lies with it.
    #[error("ClickHouse cannot do it now (code {code}): {words}")]
    Busy {
        /// ClickHouse's error code; 0 if something before it answered.
        code: u32,
        /// The beginning of its words.
        words: String,
    },
    /// It answered that what was sent is wrong. Sending it again will not help.
    #[error("ClickHouse refuses what was sent (code {code}): {words}")]
    Refused {
        /// ClickHouse's error code.
        code: u32,
        /// The beginning of its words.
        words: String,
    },
    /// It answered with something that this program does not understand.
    #[error("the answer of ClickHouse is not what was asked for: {0}; run `skimwatch migrate`")]
    Answer(String),
    /// The name of the database is not plain.
    #[error("the database name {0:?} is not 1 to 64 letters, digits and underscores")]
    Database(String),
    /// The database was migrated by a newer program.
    #[error(
        "the database is at schema {found}, this program knows up to {known}: use a newer skimwatch"
    )]
    Newer {
        /// Number of the last migration in the database.
        found: u32,
        /// Number of the last migration in this program.
        known: u32,
    },
    /// The database went through a migration that differs from the one in this program.
    #[error(
        "migration {number} ({name}) was applied with another text than this program has: \
         the database belongs to another build, use that one"
    )]
    Edited {
        /// Number of the migration.
        number: u32,
        /// Name of the migration.
        name: String,
    },
    /// An output format is not one plain word.
    #[error("{0:?} is not the name of an output format, such as TabSeparated or JSONEachRow")]
    Format(String),
}

/// What the caller can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Try again later, the same thing.
    Retry,
    /// Set it aside and tell the operator: the same thing will fail again.
    SetAside,
}

impl StoreError {
    /// What the caller can do about it. What is not known to be the content's fault is tried again:
    /// a wait costs disk, a wrong verdict costs reports.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Unreachable(_) | Self::Timeout | Self::Busy { .. } => Remedy::Retry,
            // Another program version may migrate the database while we wait.
            Self::Answer(_) | Self::Newer { .. } | Self::Edited { .. } => Remedy::Retry,
            Self::Refused { .. } | Self::Database(_) | Self::Format(_) => Remedy::SetAside,
        }
    }

    /// Whether the question cost more than it may: asking for less helps, asking again does not.
    pub fn is_cost(&self) -> bool {
        matches!(self, Self::Busy { code, .. } if COST.contains(code))
    }

    /// The same, for a question that carried nothing of a segment: what ClickHouse blames on its content lies
    /// with ClickHouse then, such as a damaged part.
    pub(super) fn of_question(self) -> Self {
        match self {
            Self::Refused { code, words } => Self::Busy { code, words },
            other => other,
        }
    }

    /// A mutation that ClickHouse goes on trying.
    pub(super) fn mutation(words: &str) -> Self {
        Self::Busy {
            code: code_of(words).unwrap_or(0),
            words: beginning(words),
        }
    }

    /// The word in metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "unreachable",
            Self::Timeout => "timeout",
            Self::Busy { .. } => "busy",
            Self::Refused { .. } => "refused",
            Self::Answer(_) => "answer",
            Self::Database(_) | Self::Format(_) => "settings",
            Self::Newer { .. } | Self::Edited { .. } => "schema",
        }
    }

    fn answered(text: &str) -> Self {
        let words = beginning(text);
        match code_of(text) {
            Some(code) if CONTENT.contains(&code) => Self::Refused { code, words },
            code => Self::Busy {
                code: code.unwrap_or(0),
                words,
            },
        }
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match error {
            Error::TimedOut => Self::Timeout,
            Error::BadResponse(text) => Self::answered(&text),
            Error::Network(cause) => Self::Unreachable(innermost(&*cause)),
            other => Self::Answer(beginning(&other.to_string())),
        }
    }
}

/// The last cause in the chain says `connection refused`; the first only says `client error`.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut error = error;
    while let Some(cause) = error.source() {
        error = cause;
    }
    beginning(&error.to_string())
}

/// `Code: 241. DB::Exception: …` → 241
fn code_of(text: &str) -> Option<u32> {
    let rest = text.split_once("Code: ")?.1;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest.get(..digits)?.parse().ok()
}

fn beginning(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.chars().take(MAX_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_sorted() {
        let cases = [
            ("memory", "Code: 241. DB::Exception: Memory limit", "busy"),
            ("parts", "Code: 252. DB::Exception: Too many parts", "busy"),
            ("disk", "Code: 243. DB::Exception: Not enough space", "busy"),
            ("table", "Code: 60. DB::Exception: Unknown table", "busy"),
            ("proxy", "502 Bad Gateway", "busy"),
            (
                "short",
                "Code: 33. DB::Exception: Cannot read all data",
                "refused",
            ),
            (
                "data",
                "Code: 117. DB::Exception: Incorrect data",
                "refused",
            ),
        ];
        for (name, text, kind) in cases {
            let error = StoreError::from(Error::BadResponse(text.to_owned()));
            assert_eq!(error.kind(), kind, "{name}");
            let retried = error.remedy() == Remedy::Retry;
            assert_eq!(retried, kind == "busy", "{name}");
        }
    }

    #[test]
    fn words_are_bounded() {
        let text = format!("Code: 241. {}\nsecond line", "é".repeat(5000));
        let StoreError::Busy { code, words } = StoreError::answered(&text) else {
            panic!("memory is not the content's fault");
        };
        assert_eq!(code, 241);
        assert!(words.chars().count() <= MAX_WORDS && !words.contains("second"));
    }
}
