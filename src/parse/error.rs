//! Why a body was refused.

/// Why a body was refused as a whole: it is not JSON, or JSON of the wrong kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// No byte but white space.
    #[error("the body is empty; send a JSON object or array of reports")]
    Empty,
    /// A JSON scalar, or no JSON from its first byte on.
    #[error(
        "the body is neither a JSON object nor a JSON array; send a report or an array of reports"
    )]
    NeitherObjectNorArray,
    /// It began as an object or array, and then broke the rules or ended early.
    #[error("the body is broken JSON near line {line}, column {column}")]
    Broken {
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
    },
}
