//! From an HTTP request to a running statement. [`Face`] is the type to know: what all requests share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use tokio::sync::mpsc;

use super::answer;
use super::auth::Door;
use super::body::{self, BodyReader};
use super::form;
use super::job::Job;
use super::peer::{self, Peer};
use super::request::Request;
use super::slots::{Slots, WAIT_SECONDS};
use crate::engine::keeper::Keeper;
use crate::engine::result::{Code, Exception};
use crate::engine::statement::starts_insert;

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
            form::read(payload, boundary, &mut request).await?;
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
