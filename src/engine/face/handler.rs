//! From an HTTP request to a running statement. [`Face`] is the type to know: what all requests share.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use multer::{Constraints, Multipart, SizeLimit};
use tokio::sync::mpsc;

use super::answer;
use super::auth::Door;
use super::body::{self, BodyReader};
use super::job::Job;
use super::peer::{self, Peer};
use super::request::Request;
use super::slots::{Slots, WAIT_SECONDS};
use crate::engine::keeper::Keeper;
use crate::engine::result::{Code, Exception};
use crate::engine::statement::starts_insert;

/// Bytes of a multipart body: a statement and its parameters.
pub(super) const MAX_FORM_BYTES: usize = 8 << 20;
/// Chunks of a result that wait for the network.
pub(super) const MAX_WAITING_EVENTS: usize = 4;

/// What all requests share.
#[derive(Debug)]
pub(in crate::engine) struct Face {
    keeper: Arc<Keeper>,
    door: Door,
    slots: Slots,
    next: AtomicU64,
    used: AtomicBool,
}

impl Face {
    /// A face of this engine that opens to this password on this port.
    pub(in crate::engine) fn new(keeper: Arc<Keeper>, password: String, port: u16) -> Arc<Self> {
        Arc::new(Self {
            keeper,
            door: Door::new(password, port),
            slots: Slots::new(Duration::from_secs(WAIT_SECONDS)),
            next: AtomicU64::new(1),
            used: AtomicBool::new(false),
        })
    }

    /// Asks a statement to stop.
    pub(super) fn kill(&self, statement: &str) {
        self.keeper.kill(statement);
    }

    /// Asks all statements to stop.
    pub(in crate::engine) fn kill_all(&self) {
        self.keeper.kill_all();
    }

    /// Gives memory back if statements ran since the last time and none runs now.
    pub(in crate::engine) fn purge_if_idle(&self) {
        if self.slots.in_use() == 0 && self.used.swap(false, Ordering::AcqRel) {
            self.keeper.purge();
        }
    }

    /// Waits until no statement runs; none starts afterwards.
    pub(in crate::engine) async fn drain(&self) {
        self.slots.drain().await;
    }
}

/// Answers every request.
pub(super) async fn handle(http: HttpRequest, payload: Payload, face: Data<Face>) -> HttpResponse {
    if let Err(denied) = face.door.check_source(&http) {
        return answer::denied(denied);
    }
    if http.path() == "/ping" {
        return answer::ok();
    }
    if let Err(denied) = face.door.check_password(&http) {
        return answer::denied(denied);
    }
    if http.path() != "/" {
        return answer::plain(
            StatusCode::NOT_FOUND,
            "There is / and /ping, nothing else.\n",
        );
    }
    if ![Method::GET, Method::HEAD, Method::POST].contains(http.method()) {
        return answer::plain(StatusCode::METHOD_NOT_ALLOWED, "Use GET or POST.\n");
    }
    match run(&http, payload, face.into_inner()).await {
        Ok(response) => response,
        Err(exception) => answer::failed(&exception, None),
    }
}

async fn run(
    http: &HttpRequest,
    payload: Payload,
    face: Arc<Face>,
) -> Result<HttpResponse, Exception> {
    let number = face.next.fetch_add(1, Ordering::Relaxed);
    let id = format!("skimwatch-{}-{number}", std::process::id());
    let mut request = Request::read(http, &id)?;
    let body = match request.boundary.take() {
        Some(boundary) => {
            read_form(payload, boundary, &mut request).await?;
            BodyReader::ready(Bytes::new())
        }
        // What a GET carries is no part of its statement.
        None if request.read_only => BodyReader::ready(Bytes::new()),
        None => body::forward(payload),
    };
    if request.read_only && request.query.trim().is_empty() {
        return Ok(answer::ok());
    }
    let slot = face.slots.take(starts_insert(&request.query)).await;
    let slot = slot.ok_or_else(|| {
        Exception::new(
            Code::TooManyQueries,
            "Too many statements run and wait already; try again later",
        )
    })?;
    face.used.store(true, Ordering::Release);
    let watcher = http.conn_data::<Peer>().map(|peer| {
        let watching = peer::watch(peer.clone(), Arc::clone(&face), id.clone());
        actix_web::rt::spawn(watching).abort_handle()
    });
    let reply = answer::Reply::new(&request);
    let (events, received) = mpsc::channel(MAX_WAITING_EVENTS);
    let job = Job {
        keeper: Arc::clone(&face.keeper),
        request,
        id,
        events,
    };
    // Detached: it reports through its channel, and gives its slot back itself.
    drop(tokio::task::spawn_blocking(move || {
        job.run(body);
        if let Some(watcher) = watcher {
            watcher.abort();
        }
        drop(slot);
    }));
    Ok(reply.send(received).await)
}

/// Takes the parts of a form as if they stood in the URL.
async fn read_form(
    payload: Payload,
    boundary: String,
    request: &mut Request,
) -> Result<(), Exception> {
    let bad = |error: &dyn std::fmt::Display| {
        Exception::new(
            Code::BadArguments,
            format_args!("The form cannot be read: {error}"),
        )
    };
    let bytes = payload
        .to_bytes_limited(MAX_FORM_BYTES)
        .await
        .map_err(|_limit| bad(&"it is too large"))?
        .map_err(|error| bad(&error))?;
    let whole = stream::iter([Ok::<_, Infallible>(bytes)]);
    let limit = SizeLimit::new().whole_stream(MAX_FORM_BYTES as u64);
    let constraints = Constraints::new().size_limit(limit);
    let mut form = Multipart::with_constraints(whole, boundary, constraints);
    while let Some(part) = form.next_field().await.map_err(|error| bad(&error))? {
        let name = part.name().unwrap_or_default().to_owned();
        if name != "query" && !name.starts_with("param_") {
            return Err(bad(&format_args!(
                "the part {name:?} is neither query nor param_NAME; external tables are not supported"
            )));
        }
        let value = part.text().await.map_err(|error| bad(&error))?;
        request.take(name, value)?;
    }
    Ok(())
}
