//! The embedded engine as its clients meet it: the real binary with the real library.

mod clients;
mod doors;
mod harness;
mod hostile;
mod life;
