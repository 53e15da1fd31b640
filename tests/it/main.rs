//! All integration tests, in one binary.
#![expect(missing_docs, reason = "tests")]
#[test]
fn a() {}
