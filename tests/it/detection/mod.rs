//! The detector's core, sighting by sighting: what is raised, what is not, and that it is told once.
//!
//! Every finding of every test is checked to be the sum of its reasons, and each reason the configuration's
//! weight times its value: [`world::World`] does it as it takes them in.

mod accounts;
mod answers;
mod blocked;
mod campaigns;
mod cards;
mod crowds;
mod extra;
mod floods;
mod forged;
mod harmless;
mod names;
mod novelty;
mod senders;
mod sources;
mod tempo;
mod told;
mod trusted;
mod unnamed;
mod weights;
mod world;
