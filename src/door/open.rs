//! Opens a door: listener, workers, connections, HTTP.

use std::fmt;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_http::{Extensions, HttpService, KeepAlive, Request, Response, body::MessageBody};
use actix_server::Server;
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt as _, apply_fn_factory, boxed,
    fn_service, map_config,
};
use actix_web::dev::AppConfig;
use ipnet::IpNet;
use tokio_rustls::TlsAcceptor;

use super::accept::{Accept, Accepted};
use super::certificates::Certificates;
use super::guard::Guarded;
use super::seats::Seats;

/// Connections that the system keeps until a worker takes them.
const BACKLOG: i32 = 4096;

/// How long a client is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until the first head of a connection has arrived; until a handshake is made.
    pub head: Duration,
    /// From the first byte of a request to the first of its answer.
    pub request: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// For requests that are under way when the door closes.
    pub close: Duration,
}

/// A door that is not open yet.
#[derive(Debug)]
pub struct Door {
    /// Its name in metrics.
    pub name: &'static str,
    /// Threads.
    pub workers: usize,
    /// Connections of one thread.
    pub connections: usize,
    /// How long a client is waited for.
    pub patience: Patience,
    /// Networks whose connections are not counted by network.
    pub trusted: Vec<IpNet>,
    /// To speak TLS.
    pub certificates: Option<Arc<Certificates>>,
}

impl Door {
    /// Opens it on an address that was taken before.
    ///
    /// # Errors
    /// What the system says if it does not let us listen, or why TLS cannot be spoken.
    pub fn open<F, I, S, B>(self, listener: TcpListener, app: F) -> io::Result<Server>
    where
        F: Fn() -> I + Send + Clone + 'static,
        I: IntoServiceFactory<S, Request>,
        S: ServiceFactory<Request, Config = AppConfig> + 'static,
        S::Error: Into<actix_web::Error> + 'static,
        S::InitError: fmt::Debug,
        S::Response: Into<Response<B>> + 'static,
        <S::Service as Service<Request>>::Future: 'static,
        S::Service: 'static,
        B: MessageBody + 'static,
    {
        rustix::net::listen(&listener, BACKLOG)?;
        let tls = self.certificates.as_ref().map(Certificates::server);
        let tls = tls.transpose().map_err(io::Error::other)?;
        let limit = self.workers.saturating_mul(self.connections);
        let accept = Accept {
            seats: Seats::new(self.name, limit, self.trusted),
            tls: tls.map(|tls| TlsAcceptor::from(Arc::new(tls))),
            patience: self.patience,
        };
        let patience = self.patience;
        let builder = Server::build()
            .workers(self.workers)
            .max_concurrent_connections(self.connections)
            .shutdown_timeout(patience.close.as_secs())
            .disable_signals();
        let closing = builder.graceful_shutdown_signal();
        let builder = builder.listen(self.name, listener, move || {
            let (accept, closing) = (accept.clone(), closing.clone());
            let app = app()
                .into_factory()
                .map_err(|error| error.into().error_response());
            let app = map_config(app, |()| AppConfig::default());
            let http = HttpService::build()
                .graceful_shutdown_signal(move || {
                    let closing = closing.clone();
                    async move { closing.notified().await }
                })
                .client_request_timeout(patience.head)
                .client_disconnect_timeout(Duration::from_secs(1));
            let http = if accept.tls.is_some() {
                let http = http.keep_alive(KeepAlive::Timeout(patience.idle));
                boxed::factory(http.on_connect_ext(note_peer).finish(app))
            } else {
                // Without TLS nobody is offered HTTP/2, whose half takes more room than the other in every
                // connection. The guard alone closes what rests: a timer less.
                boxed::factory(apply_fn_factory(
                    http.keep_alive(KeepAlive::Os).h1(app),
                    |(guarded, _http1, address): Accepted, http1| http1.call((guarded, address)),
                ))
            };
            // Boxed, because the task of a connection would hold room for both halves, twice, for as long as it is
            // open: some kilobytes of every idle one.
            fn_service(move |socket| Box::pin(accept.clone().accept(socket))).and_then(http)
        })?;
        Ok(builder.run())
    }
}

fn note_peer(guarded: &Guarded, data: &mut Extensions) {
    if let Some(peer) = guarded.peer() {
        data.insert(peer);
    }
}
