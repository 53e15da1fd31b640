//! The bounds of one connection: how long a request may take, how much is read ahead, and that nothing more
//! is read while the client does not read its answers. [`Guarded`] is the type to know.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use super::heads::Heads;
use super::open::Patience;
use super::peer::Peer;
use super::seats::Seat;
use super::wire::Wire;
use crate::metrics;

/// Bytes that are read before the reader must have had a look at them. It bounds what a connection holds of
/// requests that are queued behind one another, and lets others go between.
const READ_AHEAD: usize = 8 * 1024;

/// What the other side is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    /// The next request, or the rest of one that was read together with the one before it.
    Rest,
    /// The rest of a request, or our answer to it.
    Request,
    /// That the client reads.
    Reader,
}

/// A connection within its bounds.
#[derive(Debug)]
pub(super) struct Guarded {
    wire: Wire,
    peer: Option<Peer>,
    patience: Duration,
    /// How long it may rest, at least.
    rest: Duration,
    /// It rested when the timer last rang, and nothing was read since.
    quiet: bool,
    timer: Pin<Box<Sleep>>,
    waiting: Waiting,
    /// Bytes read since the reader last had its turn.
    ahead: usize,
    /// HTTP/2 alone.
    heads: Option<Heads>,
    /// The reader was sent away because answers wait, and must be called again.
    held: bool,
    _seat: Seat,
}

impl Guarded {
    /// Begins to count. The peer is known with TLS alone, heads are those of HTTP/2.
    pub(super) fn new(
        wire: Wire,
        (peer, heads): (Option<Peer>, Option<Heads>),
        patience: Patience,
        seat: Seat,
    ) -> Self {
        let (idle, patience) = (patience.idle, patience.request);
        // With TLS the server closes what rests, for the sake of HTTP/2; this is then for what it overlooks.
        let rest = if peer.is_some() {
            idle + patience
        } else {
            idle
        };
        Self {
            wire,
            peer,
            patience,
            rest,
            quiet: false,
            timer: Box::pin(sleep(patience)),
            waiting: Waiting::Rest,
            ahead: 0,
            heads,
            held: false,
            _seat: seat,
        }
    }

    /// Who is behind it.
    pub(super) fn peer(&self) -> Option<Peer> {
        self.peer.clone()
    }

    fn wait(&mut self, waiting: Waiting) {
        self.waiting = waiting;
        if waiting != Waiting::Rest {
            self.timer.as_mut().reset(Instant::now() + self.patience);
        }
    }

    /// Cuts the connection off when its time is up; also what wakes it then.
    fn in_time(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        while self.timer.as_mut().poll(cx).is_ready() {
            if self.waiting != Waiting::Rest || self.quiet {
                return Err(self.cut());
            }
            self.quiet = true;
            self.timer.as_mut().reset(Instant::now() + self.rest);
        }
        Ok(())
    }

    fn cut(&self) -> io::Error {
        let kind = match self.waiting {
            Waiting::Reader => "unread",
            Waiting::Request => "slow",
            Waiting::Rest => "idle",
        };
        count_cut(kind);
        io::ErrorKind::TimedOut.into()
    }

    /// What is noted when the client did, or did not, take bytes.
    fn written(&mut self, taken: bool, cx: &mut Context<'_>) -> io::Result<()> {
        if !taken {
            if self.waiting != Waiting::Reader {
                self.wait(Waiting::Reader);
            }
            return self.in_time(cx);
        }
        self.waiting = Waiting::Rest;
        // A long answer is no rest: whoever is sent something now and then is not idle.
        self.quiet = false;
        if std::mem::take(&mut self.held) {
            cx.waker().wake_by_ref();
        }
        Ok(())
    }
}

impl AsyncRead for Guarded {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.in_time(cx)?;
        if this.waiting == Waiting::Reader {
            this.held = true;
            return Poll::Pending;
        }
        if this.ahead >= READ_AHEAD {
            this.ahead = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buf.filled().len();
        let Poll::Ready(read) = Pin::new(&mut this.wire).poll_read(cx, buf) else {
            this.ahead = 0;
            return Poll::Pending;
        };
        read?;
        let n = buf.filled().len() - before;
        let fresh = buf.filled().get(before..).unwrap_or_default();
        if let Some(heads) = &mut this.heads
            && heads.pass(fresh).is_err()
        {
            count_cut("head");
            return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
        }
        this.ahead += n;
        this.quiet &= n == 0;
        // HTTP/2 talks without being answered; there the ping of its server and the deadline of each body hold.
        if n > 0 && this.waiting == Waiting::Rest && this.heads.is_none() {
            this.wait(Waiting::Request);
            this.in_time(cx)?;
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.wire).poll_write(cx, bytes);
        this.written(written.is_ready(), cx)?;
        written
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.wire).poll_flush(cx);
        if flushed.is_pending() {
            this.written(false, cx)?;
        } else if this.waiting == Waiting::Reader {
            this.written(true, cx)?;
        }
        flushed
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.waiting == Waiting::Rest {
            this.wait(Waiting::Reader);
        }
        this.in_time(cx)?;
        let closed = ready!(Pin::new(&mut this.wire).poll_shutdown(cx));
        Poll::Ready(closed)
    }
}

fn count_cut(kind: &'static str) {
    metrics::count(&metrics::get().connections_cut, kind);
}
