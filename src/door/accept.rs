//! From a socket to a connection within its bounds: a place, the handshake, the guard.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use actix_http::{Protocol, error::DispatchError};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::guard::Guarded;
use super::heads::Heads;
use super::open::Patience;
use super::peer::Peer;
use super::seats::Seats;
use super::wire::Wire;
use crate::metrics;

/// What the server of HTTP takes.
pub(super) type Accepted = (Guarded, Protocol, Option<SocketAddr>);

/// Makes connections of sockets.
#[derive(Clone)]
pub(super) struct Accept {
    pub(super) seats: Arc<Seats>,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) patience: Patience,
}

impl Accept {
    /// One connection.
    ///
    /// # Errors
    /// If the network has no place left, or the handshake fails or takes too long.
    pub(super) async fn accept(self, socket: TcpStream) -> Result<Accepted, DispatchError> {
        let address = socket.peer_addr().ok();
        let network = address.map_or(IpAddr::from([0, 0, 0, 0]), |address| address.ip());
        let Some(seat) = self.seats.take(network) else {
            return Err(DispatchError::Io(io::ErrorKind::ConnectionRefused.into()));
        };
        let Some(tls) = self.tls else {
            let guarded = Guarded::new(Wire::Plain(socket), (None, None), self.patience, seat);
            return Ok((guarded, Protocol::Http1, address));
        };
        let shaken = tokio::time::timeout(self.patience.head, tls.accept(socket)).await;
        let wire = match shaken {
            Ok(Ok(wire)) => wire,
            Ok(Err(cause)) => return Err(failed(cause)),
            Err(_late) => return Err(failed(io::ErrorKind::TimedOut.into())),
        };
        let is_h2 = wire.get_ref().1.alpn_protocol() == Some(b"h2");
        let (protocol, heads) = if is_h2 {
            (Protocol::Http2, Some(Heads::new()))
        } else {
            (Protocol::Http1, None)
        };
        let behind = (Some(Peer::default()), heads);
        let guarded = Guarded::new(Wire::Tls(Box::new(wire)), behind, self.patience, seat);
        Ok((guarded, protocol, address))
    }
}

/// Scanners fail at it all day long: it is counted, and no line of the log.
fn failed(cause: io::Error) -> DispatchError {
    metrics::count(&metrics::get().connections_cut, "handshake");
    DispatchError::Io(cause)
}
