//! A proxy before a ClickHouse that does to requests what networks and servers do to them.
//!
//! Each request is read to its end before anything is done with it, so that a fault has an exact place.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use super::deadline::within;

/// Until a fault is met, on a machine that runs other tests too. A pause between two tries is 10 s at most.
const MET: Duration = Duration::from_secs(60);

/// What happens to a request that holds a certain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A 500 with an error code of ClickHouse; the request goes no further.
    Refuse(u32),
    /// It is done, and the answer never comes: the client gives up.
    AnswerLost,
    /// The client gives up, then it is done.
    DoneLate,
    /// It is done, and the connection is cut before the answer.
    CutAfter,
    /// The first half of it arrives, then the connection is cut.
    CutWithin,
}

#[derive(Debug, Default)]
struct State {
    fault: Mutex<Option<(Fault, &'static str, u32)>>,
    met: AtomicU32,
    gone: AtomicBool,
    /// Weak, so that a connection ends when its thread does.
    open: Mutex<Vec<Weak<TcpStream>>>,
}

/// The proxy. Its threads end with their connections.
#[derive(Debug)]
pub(crate) struct Proxy {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

impl Proxy {
    /// Listens, and hands on to `upstream`.
    pub(crate) fn before(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // The end of a connection, whoever ends it, is no failure of the test.
                std::thread::spawn(move || drop(serve(&Arc::new(client), upstream, &state)));
            }
        });
        Self { address, state }
    }

    /// From now on, this happens to the next `times` requests that hold the text.
    pub(crate) fn set(&self, fault: Fault, text: &'static str, times: u32) {
        self.state.met.store(0, Ordering::SeqCst);
        *lock(&self.state.fault) = Some((fault, text, times));
    }

    /// Nothing happens any more.
    pub(crate) fn clear(&self) {
        *lock(&self.state.fault) = None;
    }

    /// Waits until this many requests met the fault.
    pub(crate) fn met(&self, times: u32) {
        within(MET, "requests that meet the fault", || {
            (self.state.met.load(Ordering::SeqCst) >= times).then_some(())
        });
    }

    /// All connections end, and new ones end at once.
    pub(crate) fn go(&self) {
        self.state.gone.store(true, Ordering::SeqCst);
        for stream in lock(&self.state.open).drain(..) {
            if let Some(stream) = stream.upgrade() {
                stream.shutdown(Shutdown::Both).unwrap_or_default();
            }
        }
    }

    /// It is there again.
    pub(crate) fn come_back(&self) {
        self.state.gone.store(false, Ordering::SeqCst);
    }
}

impl State {
    fn fault(&self, request: &[u8]) -> Option<Fault> {
        let start = &request[..request.len().min(4096)];
        let text = String::from_utf8_lossy(start).replace(['+'], " ");
        let text = text.replace("%20", " ");
        let mut fault = lock(&self.fault);
        let (kind, needle, left) = fault.as_mut()?;
        if *left == 0 || !text.contains(*needle) {
            return None;
        }
        *left -= 1;
        Some(*kind)
    }
}

fn serve(client: &Arc<TcpStream>, upstream: SocketAddr, state: &State) -> io::Result<()> {
    if state.gone.load(Ordering::SeqCst) {
        return Ok(());
    }
    let server = Arc::new(TcpStream::connect(upstream)?);
    {
        let mut open = lock(&state.open);
        open.retain(|stream| stream.strong_count() > 0);
        open.extend([Arc::downgrade(client), Arc::downgrade(&server)]);
    }
    let (client, server) = (&**client, &*server);
    let mut requests = BufReader::new(client);
    let mut answers = BufReader::new(server);
    while let Some(request) = message(&mut requests)? {
        let request = addressed_to(upstream, &request);
        let fault = state.fault(&request);
        match fault {
            None => {
                { server }.write_all(&request)?;
                let answer = message(&mut answers)?.ok_or(io::ErrorKind::UnexpectedEof)?;
                { client }.write_all(&answer)?;
                continue;
            }
            Some(Fault::Refuse(code)) => {
                state.met.fetch_add(1, Ordering::SeqCst);
                { client }.write_all(&refusal(code))?;
                continue;
            }
            Some(Fault::AnswerLost) => {
                { server }.write_all(&request)?;
                message(&mut answers)?;
                until_given_up(&mut requests)?;
            }
            Some(Fault::DoneLate) => {
                until_given_up(&mut requests)?;
                { server }.write_all(&request)?;
                message(&mut answers)?;
            }
            Some(Fault::CutAfter) => {
                { server }.write_all(&request)?;
                message(&mut answers)?;
            }
            Some(Fault::CutWithin) => { server }.write_all(&request[..request.len() / 2])?,
        }
        server.shutdown(Shutdown::Both)?;
        client.shutdown(Shutdown::Both).unwrap_or_default();
        state.met.fetch_add(1, Ordering::SeqCst);
        break;
    }
    Ok(())
}

fn refusal(code: u32) -> Vec<u8> {
    let words = format!("Code: {code}. DB::Exception: made up by a test. (MADE_UP)\n");
    let length = words.len();
    format!("HTTP/1.1 500 Internal Server Error\r\nX-ClickHouse-Exception-Code: {code}\r\nContent-Length: {length}\r\n\r\n{words}").into_bytes()
}

fn until_given_up(client: &mut impl Read) -> io::Result<()> {
    io::copy(client, &mut io::sink()).map(|_| ())
}

/// The request with the name of the host that it goes to, which an engine insists on.
fn addressed_to(upstream: SocketAddr, request: &[u8]) -> Vec<u8> {
    let name = b"\r\nhost:";
    let at = request
        .windows(name.len())
        .position(|w| w.eq_ignore_ascii_case(name));
    let at = at.expect("a client names the host") + name.len();
    let end = request[at..].iter().position(|b| *b == b'\r');
    let rest = &request[at + end.expect("a line ends")..];
    [&request[..at], upstream.to_string().as_bytes(), rest].concat()
}

/// A request or an answer, as it came; none at the end of the connection.
fn message(from: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let (mut length, mut chunked) = (0, false);
    loop {
        let start = bytes.len();
        if from.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&bytes[start..]).to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        chunked |= line.starts_with("transfer-encoding:") && line.contains("chunked");
        if line == "\r\n" {
            break;
        }
    }
    while chunked {
        let start = bytes.len();
        from.read_until(b'\n', &mut bytes)?;
        let size = String::from_utf8_lossy(&bytes[start..]).trim().to_owned();
        let size = u64::from_str_radix(&size, 16).map_err(io::Error::other)?;
        from.take(size + 2).read_to_end(&mut bytes)?;
        chunked = size > 0;
    }
    from.take(length).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
