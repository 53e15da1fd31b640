//! A request's body on its way from the network to a statement's thread. [`BodyReader`] is the type to know: blocking reads,
//! and an error, never an end, when the client leaves early.
//!
//! The rule: half a body is never taken for a whole one.

use std::io::{self, Read};
use std::time::Duration;

use actix_web::web::{Bytes, Payload};
use futures_util::StreamExt as _;
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::compression::BlockReader;
use super::request::Packing;

/// Chunks that wait between network and statement.
pub(super) const MAX_WAITING_CHUNKS: usize = 8;
/// Seconds that a client may send nothing in the middle of a body.
pub(super) const BODY_IDLE_SECONDS: u64 = 60;

/// A piece of a body, or its proper end.
#[derive(Debug)]
enum Piece {
    Data(Bytes),
    End,
}

/// The blocking end of a body.
#[derive(Debug)]
pub(super) struct BodyReader {
    pieces: Receiver<Piece>,
    current: Bytes,
    ended: bool,
}

/// Starts to forward a body, for as long as someone reads it.
pub(super) fn forward(payload: Payload) -> BodyReader {
    let (sender, pieces) = mpsc::channel(MAX_WAITING_CHUNKS);
    actix_web::rt::spawn(pump(payload, sender));
    BodyReader {
        pieces,
        current: Bytes::new(),
        ended: false,
    }
}

async fn pump(mut payload: Payload, sender: Sender<Piece>) {
    let idle = Duration::from_secs(BODY_IDLE_SECONDS);
    // On an error or a silence the sender is dropped without an End, which the reader takes for what it is.
    while let Ok(next) = tokio::time::timeout(idle, payload.next()).await {
        let piece = match next {
            Some(Ok(bytes)) => Piece::Data(bytes),
            Some(Err(_)) => return,
            None => Piece::End,
        };
        let ended = matches!(piece, Piece::End);
        if sender.send(piece).await.is_err() || ended {
            return;
        }
    }
}

impl BodyReader {
    /// A body that is here already.
    pub(super) fn ready(bytes: Bytes) -> Self {
        let (_, pieces) = mpsc::channel(1);
        Self {
            pieces,
            current: bytes,
            ended: true,
        }
    }

    /// The body unpacked.
    pub(super) fn unpack(self, packing: Packing) -> Box<dyn Read + Send> {
        match packing {
            Packing::Plain => Box::new(self),
            Packing::Blocks => Box::new(BlockReader::new(self)),
            Packing::Lz4Frame => Box::new(lz4_flex::frame::FrameDecoder::new(self)),
        }
    }
}

impl Read for BodyReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            if self.ended {
                return Ok(0);
            }
            match self.pieces.blocking_recv() {
                Some(Piece::Data(bytes)) => self.current = bytes,
                Some(Piece::End) => self.ended = true,
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        let count = buffer.len().min(self.current.len());
        buffer[..count].copy_from_slice(&self.current.split_to(count));
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_only_an_end_when_the_client_said_so() {
        for (proper, expected) in [(true, Some("ab")), (false, None)] {
            let (sender, pieces) = mpsc::channel(MAX_WAITING_CHUNKS);
            for data in ["a", "b"] {
                sender.try_send(Piece::Data(Bytes::from(data))).unwrap();
            }
            if proper {
                sender.try_send(Piece::End).unwrap();
            }
            drop(sender);
            let mut reader = BodyReader {
                pieces,
                current: Bytes::new(),
                ended: false,
            };
            let mut text = String::new();
            let read = reader.read_to_string(&mut text);
            assert_eq!(read.ok().map(|_| text.as_str()), expected);
        }
    }
}
