//! All integration tests, in one binary.

mod corpus;
mod enrich;
mod parse;
