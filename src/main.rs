//! The binary: parse arguments, do as they say, tell plainly what went wrong.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    skimwatch::cli::run()
}
