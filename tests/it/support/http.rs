//! A small blocking HTTP/1.1 client over one kept connection. It shows an answer as it came.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longest wait for one read or write; a test that gets there has failed.
const TIMEOUT: Duration = Duration::from_secs(60);

/// One connection. Open several for several clients.
#[derive(Debug)]
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    host: String,
}

/// An answer: names of headers in lower case, in order of arrival.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The first header of this name, given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(n, _)| n == name);
        header.map(|(_, value)| value.as_str())
    }

    /// The body, lossy.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }
}

impl Client {
    /// Connects.
    pub(crate) fn connect(to: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&to, TIMEOUT)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            host: to.to_string(),
        })
    }

    /// Connects from an address of its own, as a client of another network.
    pub(crate) fn connect_from(from: SocketAddr, to: SocketAddr) -> io::Result<Self> {
        use rustix::net::{AddressFamily, SocketType, bind, connect, socket};
        let socket = socket(AddressFamily::INET, SocketType::STREAM, None)?;
        bind(&socket, &from)?;
        connect(&socket, &to)?;
        let stream = TcpStream::from(socket);
        stream.set_read_timeout(Some(TIMEOUT))?;
        Ok(Self {
            stream: BufReader::new(stream),
            host: to.to_string(),
        })
    }

    /// How long a write may wait.
    pub(crate) fn patience(&self, time: Duration) -> io::Result<()> {
        self.stream.get_ref().set_write_timeout(Some(time))
    }

    /// Sends one request with a body of known length and reads the answer to its end.
    pub(crate) fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.host);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || method == "POST" {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        self.write(head.as_bytes())?;
        self.write(body)?;
        self.read(method == "HEAD")
    }

    /// `GET`.
    pub(crate) fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> io::Result<Answer> {
        self.send("GET", path, headers, b"")
    }

    /// `POST` with a content type.
    pub(crate) fn post(&mut self, path: &str, kind: &str, body: &[u8]) -> io::Result<Answer> {
        self.send("POST", path, &[("Content-Type", kind)], body)
    }

    /// Writes bytes as they are, for requests that no client would send.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    /// Waits until the other side has read the head of a request with `Expect: 100-continue`.
    pub(crate) fn is_told_to_go_on(&mut self) -> io::Result<bool> {
        Ok(self.head()?.0 == 100)
    }

    /// Writes no more. The other side sees the end.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.stream.get_mut().shutdown(std::net::Shutdown::Write)
    }

    /// Waits until the other side has closed. What it still says is read and forgotten.
    pub(crate) fn is_closed_within(&mut self, time: Duration) -> bool {
        let end = self.stream.get_mut().set_read_timeout(Some(time));
        let read = end.and_then(|()| io::copy(&mut self.stream, &mut io::sink()));
        match read {
            Ok(_) => true,
            Err(error) => !matches!(
                error.kind(),
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
            ),
        }
    }

    /// Reads one answer. `bare`: it ends with its head, as for `HEAD`.
    pub(crate) fn read(&mut self, bare: bool) -> io::Result<Answer> {
        loop {
            let (status, headers) = self.head()?;
            // 100 Continue goes before the answer.
            if status >= 200 {
                let mut answer = Answer {
                    status,
                    headers,
                    body: Vec::new(),
                };
                if !bare && status != 204 && status != 304 {
                    answer.body = self.body(&answer)?;
                }
                return Ok(answer);
            }
        }
    }

    fn head(&mut self) -> io::Result<(u16, Vec<(String, String)>)> {
        let line = self.line()?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok());
        let status = status.ok_or_else(|| invalid(&line))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Ok((status, headers));
            }
            let (name, value) = line.split_once(':').ok_or_else(|| invalid(&line))?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }

    fn body(&mut self, answer: &Answer) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        if let Some(length) = answer.header("content-length") {
            body.resize(length.parse().ok().ok_or_else(|| invalid(length))?, 0);
            self.stream.read_exact(&mut body)?;
        } else if answer.header("transfer-encoding").is_some() {
            self.chunks(&mut body)?;
        } else {
            self.stream.read_to_end(&mut body)?;
        }
        Ok(body)
    }

    fn chunks(&mut self, body: &mut Vec<u8>) -> io::Result<()> {
        loop {
            let line = self.line()?;
            let length = u64::from_str_radix(&line, 16)
                .ok()
                .ok_or_else(|| invalid(&line))?;
            (&mut self.stream).take(length).read_to_end(body)?;
            self.line()?;
            if length == 0 {
                return Ok(());
            }
        }
    }

    /// The next line of an answer that does not end, whatever it is a part of.
    pub(crate) fn line_of_stream(&mut self) -> io::Result<String> {
        self.line()
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}

fn invalid(line: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("no HTTP answer: {line}"),
    )
}
