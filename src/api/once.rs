//! Writes: each is done once, however often it is sent with the same `Idempotency-Key`.

use actix_web::http::header::HeaderName;
use actix_web::web::{self, Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};

use super::Api;
use super::error::ApiError;
use crate::registry::{Author, Done, MAX_ONCE_KEY_BYTES, Made, Once, OnceKey};

const KEY: &str = "idempotency-key";

/// Says that the request was made before, and not again.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A write as it was sent.
pub(super) struct Write<'a> {
    pub(super) request: &'a HttpRequest,
    pub(super) author: &'a Author,
    /// Empty if it has none.
    pub(super) body: &'a Bytes,
}

impl Write<'_> {
    /// Does it, unless it was done before.
    pub(super) async fn make<T: Send + 'static>(
        self,
        api: &Data<Api>,
        work: impl FnOnce(&Api) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<Done<T>, ApiError> {
        let once = self.once()?;
        // Held until it is made, even if the caller leaves before.
        let running = once.as_ref().map(|once| api.load.begin(once.key()));
        let running = running.transpose()?;
        let api = Data::clone(api);
        let made = web::block(move || {
            let _running = running;
            api.registry.once(once, || work(&api))
        });
        made.await?
    }

    fn once(&self) -> Result<Option<Once>, ApiError> {
        let mut sent = self.request.headers().get_all(KEY);
        let (Some(key), None) = (sent.next(), sent.next()) else {
            let several = self.request.headers().contains_key(KEY);
            return if several { refuse() } else { Ok(None) };
        };
        let Ok(key) = key.to_str().map(str::trim) else {
            return refuse();
        };
        // The draft writes it as a string of structured fields; most clients send it bare.
        let bare = key.strip_prefix('"').and_then(|key| key.strip_suffix('"'));
        let key = bare.unwrap_or(key);
        let fits = (1..=MAX_ONCE_KEY_BYTES).contains(&key.len());
        if !fits || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return refuse();
        }
        Ok(Some(Once::new(OnceKey::of(self.author, key), self.hash())))
    }

    /// Texts go in with their lengths, so that no two requests look alike.
    fn hash(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_derive_key("skimwatch idempotency v1");
        let uri = self.request.uri();
        let parts = [
            self.request.method().as_str().as_bytes(),
            uri.path().as_bytes(),
            uri.query().unwrap_or_default().as_bytes(),
            self.body,
        ];
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        *hasher.finalize().as_bytes()
    }
}

fn refuse<T>() -> Result<T, ApiError> {
    Err(ApiError::Parameter {
        name: "Idempotency-Key",
        what: format!("is 1 to {MAX_ONCE_KEY_BYTES} visible ASCII characters"),
    })
}

/// The head of the answer to a write: what was made anew is a 201, and what was made before says so.
pub(super) fn answer<T>(outcome: &Done<T>, is_new: impl FnOnce(&T) -> bool) -> HttpResponseBuilder {
    let created = match outcome {
        Done::Now(value) => is_new(value),
        Done::Before(made) => is_addition(made),
    };
    let mut head = if created {
        HttpResponse::Created()
    } else {
        HttpResponse::Ok()
    };
    mark(&mut head, outcome);
    head
}

/// The head of the answer to a write that always makes something.
pub(super) fn created<T>(outcome: &Done<T>) -> HttpResponseBuilder {
    let mut head = HttpResponse::Created();
    mark(&mut head, outcome);
    head
}

/// The whole answer to a write that leaves nothing to tell.
pub(super) fn nothing<T>(outcome: &Done<T>) -> HttpResponse {
    let mut head = HttpResponse::NoContent();
    mark(&mut head, outcome);
    head.finish()
}

fn is_addition(made: &Made) -> bool {
    made.action.ends_with(".added")
}

fn mark<T>(head: &mut HttpResponseBuilder, outcome: &Done<T>) {
    if matches!(outcome, Done::Before(_)) {
        head.insert_header((REPLAYED, "true"));
    }
}
