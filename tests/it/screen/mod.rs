//! What people see: the real program with the demo's shops in a real browser. [`stage::Stage`] is what stands, and
//! [`list::PAGES`] all that is looked at.
//!
//! [`every_page`] judges each page by rules that a machine can check, [`analyst`] does a day's work, with a mouse, a
//! keyboard, and without JavaScript; [`pictures`] makes those that a person looks at.

mod analyst;
mod every_page;
mod eye;
mod list;
mod pictures;
mod stage;
