//! A statement on its thread, from the text to the last chunk. [`Job`] is the type to know.
//!
//! The rule: the guard sees exactly the text that runs, on the connection that runs it, after the client's settings and
//! before anything else.

use std::io::{self, Read};
use std::sync::Arc;

use actix_web::web::Bytes;
use tokio::sync::mpsc::Sender;

use super::body::BodyReader;
use super::format::Shape;
use super::input::{Input, body_error};
use super::request::Request;
use crate::engine::connection::Connection;
use crate::engine::guard::{self, Verdict};
use crate::engine::keeper::Keeper;
use crate::engine::result::{Answer, Code, Cost, Exception};
use crate::engine::setup::DATABASE;
use crate::engine::statement::Statement;

/// Bytes of a result that cannot be streamed.
pub(super) const MAX_WHOLE_BYTES: usize = 256 << 20;
/// Rows of a result that cannot be streamed.
pub(super) const MAX_WHOLE_ROWS: usize = 1_000_000;

/// Bytes of an INSERT's data that are handed over at once.
const INSERT_CHUNK: usize = 256 << 10;
/// Bytes of a whole result that are sent at once.
const REPLY_CHUNK: usize = 1 << 20;

/// What a statement reports while it runs.
#[derive(Debug)]
pub(super) enum Event {
    /// It works; what follows is its result.
    Start { format: String, cost: Cost },
    /// A piece of the result.
    Chunk(Bytes),
    /// It failed, before or after its start.
    Failed(Exception),
    /// The result is complete. Without this it is not.
    Done,
}

/// A statement to run.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) keeper: Arc<Keeper>,
    pub(super) request: Request,
    /// How the statement is found among others.
    pub(super) id: String,
    pub(super) events: Sender<Event>,
}

impl Job {
    /// Runs the statement to its end. Blocks.
    pub(super) fn run(self, body: BodyReader) {
        let last = match self.execute(body) {
            Ok(()) => Event::Done,
            Err(exception) => Event::Failed(exception),
        };
        // The client may be gone; then nobody asks how it ended.
        drop(self.events.blocking_send(last));
    }

    fn execute(&self, body: BodyReader) -> Result<(), Exception> {
        let body = body.unpack(self.request.packing);
        let input = Input::read(&self.request.query, body)?;
        let mut connection = self.keeper.connect()?;
        self.set_up(&mut connection)?;
        let params = &self.request.params;
        match &input.statement {
            Statement::Insert { head, format, .. } => {
                let checked = format!("{head} FORMAT {format}");
                guard::check(&mut connection, &checked, params)?;
                self.restrict(&mut connection)?;
                self.insert(&mut connection, head, format, input.data)
            }
            Statement::Other { format } => {
                let verdict = guard::check(&mut connection, &input.text, params)?;
                let format = format
                    .clone()
                    .or_else(|| self.request.default_format.clone());
                let format = format.unwrap_or_else(|| "TabSeparated".to_owned());
                let shape = self.shape(&input.text, &format, verdict);
                if shape == Shape::Whole {
                    self.cap(&mut connection)?;
                }
                self.restrict(&mut connection)?;
                match shape {
                    Shape::Whole => self.whole(&mut connection, &input.text, format),
                    shape => self.stream(&mut connection, &input.text, format, shape),
                }
            }
        }
    }

    /// The client's database and settings.
    fn set_up(&self, connection: &mut Connection) -> Result<(), Exception> {
        let database = match self.request.database.as_deref() {
            None | Some("" | "default") => DATABASE,
            Some(database) => database,
        };
        connection.execute(&format!("USE {database}"))?;
        for (name, value) in &self.request.settings {
            if name != "readonly" {
                connection.execute(&format!("SET {name} = {}", literal(value)))?;
            }
        }
        connection.execute(&format!("SET log_comment = {}", literal(&self.id)))
    }

    /// A result that is held in memory gets a cap, unless the client has set one.
    fn cap(&self, connection: &mut Connection) -> Result<(), Exception> {
        for (name, cap) in [
            ("max_result_rows", MAX_WHOLE_ROWS),
            ("max_result_bytes", MAX_WHOLE_BYTES),
        ] {
            if !self.request.settings.iter().any(|(set, _)| set == name) {
                connection.execute(&format!("SET {name} = {cap}"))?;
            }
        }
        Ok(())
    }

    /// `readonly` comes last: nothing can be set after it.
    fn restrict(&self, connection: &mut Connection) -> Result<(), Exception> {
        let wanted = |(name, value): &(String, String)| (name == "readonly").then(|| value.clone());
        let asked = self.request.settings.iter().find_map(wanted);
        match (asked.as_deref(), self.request.read_only) {
            (Some("1"), _) => connection.execute("SET readonly = 1"),
            (_, true) | (Some("2"), _) => connection.execute("SET readonly = 2"),
            (None | Some("0"), false) => Ok(()),
            (Some(other), false) => Err(Exception::new(
                Code::BadArguments,
                format_args!("readonly is 0, 1 or 2, not {other:?}"),
            )),
        }
    }

    fn insert(
        &self,
        connection: &mut Connection,
        head: &str,
        format: &str,
        mut data: Box<dyn Read + Send>,
    ) -> Result<(), Exception> {
        if self.request.read_only {
            return Err(Exception::new(
                Code::ReadOnly,
                "A GET request inserts nothing: use POST",
            ));
        }
        let mut stream = connection.insert(head, format, &self.request.params)?;
        let mut buffer = vec![0; INSERT_CHUNK];
        loop {
            match fill(&mut *data, &mut buffer).map_err(body_error)? {
                0 => break,
                count => stream.append(&buffer[..count])?,
            }
        }
        let cost = stream.finish()?.cost();
        self.start(format.to_owned(), cost)
    }

    /// How the result can be sent. Only a SELECT comes in chunks.
    fn shape(&self, text: &str, format: &str, verdict: Verdict) -> Shape {
        // Totals and extremes stand once after all rows, and an array of rows has a beginning and an end.
        let ends = ["totals", "extremes", "json_array_of_rows"];
        let has_end = |text: &str| {
            let text = text.to_ascii_lowercase();
            ends.iter().any(|word| text.contains(word))
        };
        if !verdict.is_select
            || has_end(text)
            || self.request.settings.iter().any(|(name, _)| has_end(name))
        {
            return Shape::Whole;
        }
        Shape::of(format)
    }

    fn whole(
        &self,
        connection: &mut Connection,
        text: &str,
        format: String,
    ) -> Result<(), Exception> {
        let answer = connection.query(text, &format, &self.request.params)?;
        let (bytes, rows) = (answer.bytes(), answer.cost().result_rows);
        if bytes.len() > MAX_WHOLE_BYTES {
            return Err(Exception::new(
                Code::ResultTooLarge,
                format_args!(
                    "The result has {rows} rows and {} bytes in the format {format}, which cannot be streamed and may have \
                     {MAX_WHOLE_BYTES} bytes: use a LIMIT, or a format such as JSONEachRow",
                    bytes.len(),
                ),
            ));
        }
        self.start(format, answer.cost())?;
        for piece in bytes.chunks(REPLY_CHUNK) {
            self.chunk(piece)?;
        }
        Ok(())
    }

    fn stream(
        &self,
        connection: &mut Connection,
        text: &str,
        format: String,
        shape: Shape,
    ) -> Result<(), Exception> {
        let mut stream = connection.stream(text, &format, &self.request.params)?;
        // The first chunk comes before the status line: most errors are known by then.
        let first = stream.next()?;
        let cost = first.as_ref().map(Answer::cost).unwrap_or_default();
        self.start(format, cost)?;
        let Some(first) = first else { return Ok(()) };
        self.chunk(first.bytes())?;
        drop(first);
        while let Some(next) = stream.next()? {
            let skip = match shape {
                Shape::Headed(header) => header.length(next.bytes()).ok_or_else(|| {
                    Exception::new(Code::Logical, "A chunk of the result has no header")
                })?,
                Shape::Concatenated | Shape::Whole => 0,
            };
            self.chunk(&next.bytes()[skip..])?;
        }
        Ok(())
    }

    fn start(&self, format: String, cost: Cost) -> Result<(), Exception> {
        self.send(Event::Start { format, cost })
    }

    fn chunk(&self, bytes: &[u8]) -> Result<(), Exception> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.send(Event::Chunk(Bytes::copy_from_slice(bytes)))
    }

    fn send(&self, event: Event) -> Result<(), Exception> {
        self.events
            .blocking_send(event)
            .map_err(|_closed| Exception::new(Code::Cancelled, "The client has left"))
    }
}

/// Reads until the buffer is full or the data ends: fewer, larger blocks for the engine.
fn fill(data: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut at = 0;
    while at < buffer.len() {
        match data.read(&mut buffer[at..]) {
            Ok(0) => break,
            Ok(count) => at += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(at)
}

/// A string literal with this value.
fn literal(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_leave_its_literal() {
        assert_eq!(literal("a'b\\'"), "'a\\'b\\\\\\''");
    }
}
