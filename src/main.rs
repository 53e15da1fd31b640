//! The binary: parse arguments, do as they say, tell plainly what went wrong.

use std::process::ExitCode;

fn main() -> ExitCode {
    skimwatch::cli::run()
}
