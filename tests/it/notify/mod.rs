//! Notices: none is lost, each comes in order and to nobody else, and what comes twice has the same name.
//!
//! Receivers are processes of their own in Python ([`receiver`]): they verify signatures and decode mail with nothing of
//! the program under test.

mod channels;
mod end_to_end;
mod guard;
mod mail;
mod order;
mod quiet;
mod receiver;
mod shapes;
mod tls;
mod world;
