//! A running engine, and a bare HTTP client for what real clients do not send.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};

use skimwatch::engine::{self, Endpoint};
use tempfile::TempDir;

/// Lines of an engine's log that a test may leave unread.
const LOG_LINES: usize = 10_000;

/// The binary under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_skimwatch");

/// Where the library is: the setting, else the cache.
pub(crate) fn library() -> PathBuf {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    engine::library_path(
        variable("SKIMWATCH__ENGINE__LIBRARY").as_deref(),
        variable("XDG_CACHE_HOME").as_deref(),
        variable("HOME").as_deref(),
    )
    .expect("the engine library is where a setting says or in the cache")
}

/// An engine process of a test's own. Ends with it.
pub(crate) struct Process {
    child: Child,
    pub(crate) stdin: Option<ChildStdin>,
    log: Receiver<String>,
}

impl Process {
    /// Starts an engine on a directory and a port (0 is any).
    pub(crate) fn start(directory: &Path, port: u16) -> Self {
        Self::spawn(Self::command(directory, port).stdin(Stdio::piped()))
    }

    pub(crate) fn command(directory: &Path, port: u16) -> Command {
        Self::command_at(directory, &format!("127.0.0.1:{port}"))
    }

    pub(crate) fn command_at(directory: &Path, listen: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .arg("engine")
            .arg("--path")
            .arg(directory)
            .args(["--listen", listen])
            .env("SKIMWATCH__ENGINE__LIBRARY", library())
            .env_remove("SKIMWATCH__ENGINE__SECRET");
        command
    }

    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let stderr = child.stderr.take().expect("standard error is piped");
        let (lines, log) = sync_channel(LOG_LINES);
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if lines.send(line).is_err() {
                    return;
                }
            }
        });
        let stdin = child.stdin.take();
        Self { child, stdin, log }
    }

    #[expect(clippy::panic, reason = "the test fails here")]
    /// Reads the log up to a line with these words. Panics, with what it read, if the process ends before.
    pub(crate) fn wait_for(&self, words: &str) -> String {
        let mut read = Vec::new();
        for line in &self.log {
            if line.contains(words) {
                return line;
            }
            read.push(line);
        }
        panic!(
            "the engine ended without saying {words:?}:\n{}",
            read.join("\n")
        );
    }

    /// Waits for the end: the exit code, and the rest of the log.
    pub(crate) fn wait(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().expect("the child is ours");
        (
            status.code(),
            self.log.iter().collect::<Vec<_>>().join("\n"),
        )
    }

    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.child.id()).expect("a process id is an i32");
        let pid = rustix::process::Pid::from_raw(pid).expect("a process id is not 0");
        rustix::process::kill_process(pid, signal).expect("the process is ours");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// An engine that answers, on a directory of its own.
pub(crate) struct Engine {
    pub(crate) process: Process,
    pub(crate) endpoint: Endpoint,
    pub(crate) directory: TempDir,
}

impl Engine {
    pub(crate) fn start() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let process = Process::start(directory.path(), 0);
        process.wait_for("the engine listens");
        let endpoint = engine::find_running(directory.path()).expect("the engine answers");
        Self {
            process,
            endpoint,
            directory,
        }
    }

    /// A client of the crate that the product uses.
    pub(crate) fn client(&self) -> clickhouse::Client {
        client(&self.endpoint)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        let address = self.endpoint.url.strip_prefix("http://");
        address.expect("plain HTTP").parse().expect("an address")
    }

    /// Sends a request whole, with user, password and Host.
    pub(crate) fn http(&self, method: &str, target: &str, body: &[u8]) -> Reply {
        self.http_with(method, target, &[], body)
    }

    pub(crate) fn http_with(
        &self,
        method: &str,
        target: &str,
        headers: &[&str],
        body: &[u8],
    ) -> Reply {
        let key = format!("X-ClickHouse-Key: {}", self.endpoint.password);
        let user = format!("X-ClickHouse-User: {}", self.endpoint.user);
        let host = format!("Host: {}", self.address());
        let mut all = vec![host.as_str(), &user, &key];
        all.extend(headers);
        send(self.address(), method, target, &all, body)
    }

    /// The result of a statement that must work, as text without the last line break.
    pub(crate) fn text(&self, sql: &str) -> String {
        let reply = self.http("POST", "/", sql.as_bytes());
        assert_eq!(reply.status, 200, "{sql}: {}", reply.text());
        reply.text().trim_end().to_owned()
    }
}

pub(crate) fn client(endpoint: &Endpoint) -> clickhouse::Client {
    clickhouse::Client::default()
        .with_url(&endpoint.url)
        .with_user(&endpoint.user)
        .with_password(&endpoint.password)
        .with_database("skimwatch")
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the body came to its proper end.
    pub(crate) complete: bool,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Writes a request and leaves the connection open.
pub(crate) fn open(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &[&str],
    body: &[u8],
) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("the engine listens");
    let mut request = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
    for header in headers {
        request += &format!("{header}\r\n");
    }
    if !headers
        .iter()
        .any(|header| header.starts_with("Content-Length"))
    {
        request += &format!("Content-Length: {}\r\n", body.len());
    }
    request += "\r\n";
    stream
        .write_all(request.as_bytes())
        .expect("the engine reads");
    // A request that is refused by its head may not be read to its end.
    drop(stream.write_all(body));
    stream
}

pub(crate) fn send(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &[&str],
    body: &[u8],
) -> Reply {
    let mut stream = open(address, method, target, headers, body);
    let mut raw = Vec::new();
    // A reset after the reply still leaves the reply.
    drop(stream.read_to_end(&mut raw));
    parse(&raw)
}

fn parse(raw: &[u8]) -> Reply {
    let end = raw
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("a head");
    let head = String::from_utf8_lossy(&raw[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .expect("a status");
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let chunked = headers
        .iter()
        .any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let rest = &raw[end + 4..];
    let (body, complete) = if chunked {
        dechunk(rest)
    } else {
        (rest.to_vec(), true)
    };
    Reply {
        status: status.parse().expect("a number"),
        headers,
        body,
        complete,
    }
}

fn dechunk(mut rest: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    while let Some(line) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&rest[..line]).expect("a size in hex");
        let size = usize::from_str_radix(size, 16).expect("a size in hex");
        if size == 0 {
            return (body, true);
        }
        let Some(data) = rest.get(line + 2..line + 2 + size) else {
            break;
        };
        body.extend_from_slice(data);
        rest = rest.get(line + 4 + size..).unwrap_or_default();
    }
    (body, false)
}
