//! A demonstration on one machine: made-up shops, their visitors, and one shop that is real enough to visit.
//!
//! [`Script`] says what the browsers of the made-up visitors report and when, [`Browsers`] posts it to a
//! collector, and [`Storefront`] serves a checkout page in which a visitor can plant the same skimmer.
//! The rule: nothing here reaches around the collector. What the demo shows came in by the door for browsers.

mod browsers;
mod script;
mod storefront;

pub use browsers::{Answered, Browsers, BrowsersError};
pub use script::{Campaign, DEMO_SHOP, Hit, Posted, Script};
pub use storefront::{Links, Storefront, StorefrontError};
