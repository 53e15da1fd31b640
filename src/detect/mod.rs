//! Sightings → findings. [`Detector`] is the type to know.
//!
//! Extensions follow the visitor, skimmers follow the page: what counts is not at how many merchants a
//! destination was seen, but at how many it is new *and* reported by a good share of the browsers that
//! report anything on the same payment pages. Reach is counted in networks that
//! are not the same everywhere, never in rows. A page that floods us with junk hides something, so its flood
//! speaks against what comes with it.
//!
//! The rules: the core is pure. [`Detector::observe`] takes what was seen in order of receipt,
//! [`Detector::advance`] says what follows from it; neither asks a clock, a disk or a network, and the same
//! sightings give the same findings. A sighting that comes again changes nothing but a count. Every memory
//! has a bound, and no label keeps a sighting out of it.

mod allowed;
mod clients;
mod config;
mod detector;
mod flood;
mod judgment;
mod kinship;
mod place;
mod site;
mod subject;
mod summary;

pub use allowed::{MAX_DOMAINS_OF_POLICY, MAX_POLICIES_OF_SITE};
pub use clients::{MAX_CLIENTS, MAX_NETWORKS};
pub use config::{Config, Weights};
pub use detector::{Detector, MAX_PLACES, MAX_SUBJECTS};
pub use flood::MAX_TOLD_OF_FLOOD;
pub use kinship::Kinship;
pub use site::MAX_PAGE_NETWORKS;
