//! A client that keeps a pace, whatever the server does: latency from when each request was due.
//!
//! `pace PORT RATE SECONDS CONNECTIONS < plan`, a line of the plan being path TAB content type TAB user agent TAB
//! body. Prints one JSON line; times in microseconds. A thread for each connection takes the next request that is
//! due, sleeps until then, sends it and reads the answer. When all are waiting for answers, requests become late,
//! and that counts. Sleeping is precise to the kernel's 50 microseconds of slack.

use std::io::{BufRead, BufReader, Error, Read, Result, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Requests as they go over the wire.
fn plan(port: u16) -> Result<Vec<Vec<u8>>> {
    let request = |line: String| {
        let mut fields = line.splitn(4, '\t');
        let mut next = || {
            fields
                .next()
                .ok_or_else(|| Error::other("a line of the plan has 4 fields"))
        };
        let (path, kind, agent, body) = (next()?, next()?, next()?, next()?);
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {kind}\r\nUser-Agent: {agent}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        Ok([head.as_bytes(), body.as_bytes()].concat())
    };
    std::io::stdin()
        .lines()
        .map(|line| request(line?))
        .collect()
}

/// Reads one answer and returns its status. Its body, if it has a length, is passed over.
fn answer(from: &mut BufReader<TcpStream>) -> Result<u16> {
    let (mut status, mut length, mut line) = (0, 0, String::new());
    loop {
        line.clear();
        if from.read_line(&mut line)? == 0 {
            return Err(Error::other("the server closed the connection"));
        }
        let lower = line.trim_end().to_ascii_lowercase();
        if let Some(rest) = lower.strip_prefix("http/1.1 ") {
            status = rest.get(..3).and_then(|s| s.parse().ok()).unwrap_or(0);
        } else if let Some(rest) = lower.strip_prefix("content-length:") {
            length = rest.trim().parse().map_err(Error::other)?;
        } else if lower.is_empty() {
            std::io::copy(&mut from.take(length), &mut std::io::sink())?;
            return Ok(status);
        }
    }
}

/// Latencies in microseconds of one connection, and how many answers were not 2xx.
fn sender(
    port: u16,
    requests: &[Vec<u8>],
    next: &AtomicUsize,
    last: usize,
    due: impl Fn(usize) -> Instant,
) -> Result<(Vec<u64>, u64)> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut answers = BufReader::new(stream.try_clone()?);
    let (mut stream, mut took, mut rejected) = (stream, Vec::new(), 0);
    loop {
        let turn = next.fetch_add(1, Ordering::Relaxed);
        if turn >= last {
            return Ok((took, rejected));
        }
        let due = due(turn);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        stream.write_all(&requests[turn % requests.len()])?;
        rejected += u64::from(!(200..300).contains(&answer(&mut answers)?));
        took.push(u64::try_from(due.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
}

fn main() -> Result<()> {
    let numbers: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|a| a.parse().ok())
        .collect();
    let [port, rate, seconds, connections] = numbers[..] else {
        return Err(Error::other(
            "usage: pace PORT RATE SECONDS CONNECTIONS < plan",
        ));
    };
    let port = u16::try_from(port).map_err(Error::other)?;
    let requests = plan(port)?;
    let next = AtomicUsize::new(0);
    let begin = Instant::now() + Duration::from_millis(50);
    let due = |turn: usize| begin + Duration::from_secs_f64(turn as f64 / rate as f64);
    let (mut took, mut rejected) = (Vec::new(), 0);
    std::thread::scope(|scope| -> Result<()> {
        let start = |_| scope.spawn(|| sender(port, &requests, &next, rate * seconds, due));
        for thread in (0..connections).map(start).collect::<Vec<_>>() {
            let (more, others) = thread
                .join()
                .map_err(|_| Error::other("a sender panicked"))??;
            took.extend(more);
            rejected += others;
        }
        Ok(())
    })?;
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
    println!(
        "{{\"requests\":{},\"rejected\":{rejected},\"seconds\":{:.3},\"p50_us\":{},\"p99_us\":{},\"p999_us\":{},\"max_us\":{}}}",
        took.len(),
        (Instant::now() - begin).as_secs_f64(),
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0)
    );
    Ok(())
}
