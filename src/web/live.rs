//! `/live`: says to an open page that something happened to an alert of its reader, as server-sent events, so that it looks
//! anew at once. What happened the page itself shows.
//!
//! The rule: a stream ends when its session does, and nobody holds more than a few.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{self, Bytes, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::error::{self, PageError};
use super::reader::Reader;
use super::{Pages, access};

/// Most streams at once. Whoever gets none looks now and then, as without a script.
const MOST: usize = 256;

/// How often is looked whether something happened.
const LOOK: Duration = Duration::from_secs(1);

/// Looks after which a silent stream says that it is alive, so that no proxy takes it for dead.
const HEARTBEAT: u32 = 15;

/// Places for streams.
#[derive(Debug)]
pub(super) struct Seats(Arc<Semaphore>);

impl Default for Seats {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST)))
    }
}

/// An open page.
struct Listener {
    request: HttpRequest,
    pages: Data<Pages>,
    /// The newest event that it was told of.
    after: u64,
    ticks: Interval,
    silent: u32,
    _seat: OwnedSemaphorePermit,
}

pub(super) async fn get(
    request: HttpRequest,
    (pages, seats): (Data<Pages>, Data<Seats>),
    reader: ReqData<Reader>,
) -> HttpResponse {
    let Ok(seat) = Arc::clone(&seats.0).try_acquire_owned() else {
        return error::page(&reader, PageError::Busy);
    };
    let control = Data::clone(&pages);
    let newest = web::block(move || control.cases.newest_event()).await;
    let after = match newest {
        Ok(Ok(after)) => after,
        Ok(Err(error)) => return error::page(&reader, error.into()),
        Err(error) => return error::page(&reader, error.into()),
    };
    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let listener = Listener {
        request,
        pages,
        after,
        ticks,
        silent: HEARTBEAT,
        _seat: seat,
    };
    HttpResponse::Ok()
        .content_type("text/event-stream")
        // Proxies that hold answers back until they are whole would hold this one for ever.
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(stream::unfold(listener, |listener| async {
            let (bytes, listener) = listener.next().await?;
            Some((Ok::<_, actix_web::Error>(bytes), listener))
        }))
}

impl Listener {
    /// What is said next; none once the session is over.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        loop {
            self.ticks.tick().await;
            if self.has_news().await? {
                self.silent = 0;
                let text = format!("event: change\nid: {}\ndata:\n\n", self.after);
                return Some((Bytes::from(text), self));
            }
            self.silent += 1;
            if self.silent >= HEARTBEAT {
                self.silent = 0;
                return Some((Bytes::from_static(b": nothing new\n\n"), self));
            }
        }
    }

    /// Whether something happened in the reader's scope, as it is now; none if they may see nothing any more.
    async fn has_news(&mut self) -> Option<bool> {
        let reader = access::reader(&self.request).await.ok()?;
        let access = reader.access.filter(|access| access.is_full())?;
        let (pages, after) = (Data::clone(&self.pages), self.after);
        let feed = web::block(move || pages.cases.feed(&access.caller().scope, after));
        let feed = feed.await.ok()?.ok()?;
        self.after = feed.read_to;
        Some(!feed.news.is_empty())
    }
}
