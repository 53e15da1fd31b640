//! What is known of whoever is behind a connection, and how many requests of theirs are under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

/// Requests of one connection that may be under way at once. Browsers queue at most as many streams.
pub const MAX_REQUESTS_OF_CONNECTION: usize = 100;

/// Whoever is behind a connection that speaks TLS. A request of it carries this: `request.conn_data::<Peer>()`.
/// Of the others nothing needs to be known: they send one request after the other.
#[derive(Clone, Debug, Default)]
pub struct Peer {
    under_way: Arc<AtomicUsize>,
}

impl Peer {
    /// Begins a request, if not too many of this connection are under way.
    pub fn begin(&self) -> Option<UnderWay> {
        let before = self.under_way.fetch_add(1, Ordering::Relaxed);
        let under_way = UnderWay(Arc::clone(&self.under_way));
        (before < MAX_REQUESTS_OF_CONNECTION).then_some(under_way)
    }
}

/// Answers 503 to what is more than a connection may have under way. The framework itself sets no limit on the
/// streams of HTTP/2.
///
/// # Errors
/// What the next service says.
pub async fn within_bounds<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let under_way = request.conn_data::<Peer>().map(Peer::begin);
    if matches!(under_way, Some(None)) {
        let refusal = HttpResponse::ServiceUnavailable().finish();
        return Ok(request.into_response(refusal).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}

/// A request that is under way until this is dropped.
#[derive(Debug)]
pub struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
