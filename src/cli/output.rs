//! The one place that writes to the terminal.

use std::io::Write as _;

/// Writes an answer to standard output. A reader that has left is no failure.
pub(super) fn answer(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    drop(out.write_all(bytes).and_then(|()| out.flush()));
}

/// Writes one line of an answer.
pub(super) fn line(text: &str) {
    answer(format!("{text}\n").as_bytes());
}

/// Tells on standard error how far a long piece of work is.
pub(super) fn progress(text: &str) {
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

/// Says what went wrong, cause by cause.
pub(super) fn complain(error: &anyhow::Error) {
    progress(&format!("skimwatch: {error:#}"));
}
