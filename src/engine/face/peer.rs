//! The client's end of a connection. [`watch`] is the function to know: it ends a statement whose client has left.
//!
//! actix tells a handler nothing while it waits, so a heavy query would run on for nobody: one was seen to run 33 s and take
//! 10 GB. The socket is asked instead.

use std::any::Any;
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::handler::Face;

/// Milliseconds between two looks at a socket.
pub(super) const LOOK_EVERY_MS: u64 = 250;

/// A second handle on a connection's socket. It is the connection's own, so the number is never another's.
#[derive(Clone, Debug)]
pub(super) struct Peer(Arc<OwnedFd>);

/// Keeps a handle on each new connection. A result is sent as it comes: without `nodelay`, its last piece would wait 40 ms
/// for the client to acknowledge the first.
pub(super) fn remember(connection: &dyn Any, data: &mut Extensions) {
    let Some(stream) = connection.downcast_ref::<TcpStream>() else {
        return;
    };
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection stays slow");
    }
    if let Ok(socket) = stream.as_fd().try_clone_to_owned() {
        data.insert(Peer(Arc::new(socket)));
    }
}

impl Peer {
    /// Whether the client has closed its end, or half of it: ClickHouse takes both for "no longer interested".
    fn is_gone(&self) -> bool {
        let closed = PollFlags::RDHUP | PollFlags::HUP | PollFlags::ERR;
        let mut sockets = [PollFd::new(&self.0, PollFlags::RDHUP)];
        match poll(&mut sockets, Some(&Timespec::default())) {
            Ok(_) => sockets[0].revents().intersects(closed),
            Err(_) => false,
        }
    }
}

/// Looks after a statement until it is over (when this task is aborted) and kills it if its client leaves. Several times if
/// need be: a statement that is not running yet cannot be killed.
pub(super) async fn watch(peer: Peer, face: Arc<Face>, statement: String) {
    let mut every = tokio::time::interval(Duration::from_millis(LOOK_EVERY_MS));
    loop {
        every.tick().await;
        if peer.is_gone() {
            let face = Arc::clone(&face);
            let statement = statement.clone();
            // Never fails: the closure does not panic.
            drop(tokio::task::spawn_blocking(move || face.kill(&statement)).await);
        }
    }
}
