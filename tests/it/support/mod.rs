//! The harness: what a test needs to drive the real program as a shop, a browser and an operator do.
//!
//! [`skimwatch::Skimwatch`] is the program under test, [`http`] a plain client, [`disk::SmallDisk`] a disk that runs full, [`shop::Shop`] a checkout page,
//! [`chromium::Chromium`] a shopper, [`webdriver::Person`] one who presses buttons, [`ca::TestCa`] the authority both trust. The rules: every process ends
//! with the value that started it; every wait has a deadline; what is missing fails the test.
#![allow(
    dead_code,
    reason = "a harness offers what a user can do, more than the tests of one day need"
)]

pub(crate) mod ca;
pub(crate) mod chromium;
pub(crate) mod clickhouse;
pub(crate) mod deadline;
pub(crate) mod disk;
pub(crate) mod http;
pub(crate) mod load;
pub(crate) mod proxy;
pub(crate) mod shop;
pub(crate) mod skimwatch;
pub(crate) mod source;
pub(crate) mod webdriver;

use std::ffi::OsString;

/// One of two numbers: for every day, and for `SKIMWATCH_TEST_LONG=1`, which takes its time.
pub(crate) fn short_or_long<T>(short: T, long: T) -> T {
    let is_long = std::env::var_os("SKIMWATCH_TEST_LONG").is_some_and(|value| value == "1");
    if is_long { long } else { short }
}

/// A setting of the tests, from `deploy/test.sh`.
pub(crate) fn setting(name: &str) -> OsString {
    let value = std::env::var_os(name);
    value.unwrap_or_else(|| panic!("{name} is not set: run the tests with deploy/test.sh"))
}
