//! One session of the engine. [`Connection`] is the type to know: it runs one statement at a time and is cheap to open.
//!
//! The rule: a connection belongs to one request. Settings and the chosen database live in it and end with it.

use std::ffi::{CString, c_char, c_int};
use std::ptr::NonNull;

use super::insert::InsertStream;
use super::library::{Library, RawAnalysis, RawConnection};
use super::result::{Answer, Code, Exception};

/// Parameters of a statement: name without `param_`, value in TSV escaping (`\N` is NULL).
pub(super) type Params = [(String, String)];

/// What a statement does to what outlives it (`chdb_query_class`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Leaves no trace.
    Read,
    /// Changes a database.
    Write,
    /// Changes what lies beside databases: users, functions, named collections.
    Global,
    /// SET, USE, SYSTEM, KILL, ATTACH, BACKUP, INTO OUTFILE and their like.
    Control,
    /// Does not parse.
    Unknown,
}

/// How many statements a text holds, and the class of the worst.
#[derive(Clone, Copy, Debug)]
pub(super) struct Analysis {
    pub(super) count: u32,
    pub(super) class: Class,
}

/// A session. Closing the last one stops the engine.
pub(super) struct Connection {
    library: &'static Library,
    handle: NonNull<*mut RawConnection>,
}

// SAFETY: the library lets any thread use a connection as long as calls do not overlap; every method takes `&mut self`.
#[expect(unsafe_code, reason = "a C handle that may move between threads")]
unsafe impl Send for Connection {}

impl Connection {
    /// Opens a session; the first one of the process starts the engine. `None` if the library refuses; it writes why to
    /// standard error.
    pub(super) fn open(library: &'static Library, arguments: &[CString]) -> Option<Self> {
        let mut argv: Vec<*mut c_char> = std::iter::once(c"skimwatch".as_ptr().cast_mut())
            .chain(arguments.iter().map(|text| text.as_ptr().cast_mut()))
            .collect();
        let count = c_int::try_from(argv.len()).ok()?;
        // SAFETY: `argv` holds `count` NUL-terminated strings that live through the call; the library copies them.
        #[expect(unsafe_code, reason = "call of a C function")]
        let handle = unsafe { (library.connect)(count, argv.as_mut_ptr()) };
        let connection = Self {
            library,
            handle: NonNull::new(handle)?,
        };
        (!connection.raw().is_null()).then_some(connection)
    }

    fn raw(&self) -> *mut RawConnection {
        // SAFETY: the handle points to the connection's pointer until `close`, which only `drop` calls.
        #[expect(unsafe_code, reason = "a handle of a C library")]
        unsafe {
            *self.handle.as_ptr()
        }
    }

    /// Runs a statement to its end and gives the whole result.
    pub(super) fn query(
        &mut self,
        sql: &str,
        format: &str,
        params: &Params,
    ) -> Result<Answer, Exception> {
        let params = RawParams::new(params);
        // SAFETY: every pointer is paired with its length and lives through the call; the connection is ours alone.
        #[expect(unsafe_code, reason = "call of a C function")]
        let raw = unsafe {
            (self.library.query)(
                self.raw(),
                sql.as_ptr().cast(),
                sql.len(),
                format.as_ptr().cast(),
                format.len(),
                params.names.as_ptr(),
                params.name_lengths.as_ptr(),
                params.values.as_ptr(),
                params.value_lengths.as_ptr(),
                params.names.len(),
            )
        };
        Answer::take(self.library, raw)
    }

    /// Runs a statement for its effect.
    pub(super) fn execute(&mut self, sql: &str) -> Result<(), Exception> {
        self.query(sql, "Null", &[]).map(drop)
    }

    /// Starts a SELECT whose result comes in chunks.
    pub(super) fn stream(
        &mut self,
        sql: &str,
        format: &str,
        params: &Params,
    ) -> Result<Stream<'_>, Exception> {
        let params = RawParams::new(params);
        // SAFETY: as in `query`; the library has taken the parameters when it returns.
        #[expect(unsafe_code, reason = "call of a C function")]
        let raw = unsafe {
            (self.library.stream)(
                self.raw(),
                sql.as_ptr().cast(),
                sql.len(),
                format.as_ptr().cast(),
                format.len(),
                params.names.as_ptr(),
                params.name_lengths.as_ptr(),
                params.values.as_ptr(),
                params.value_lengths.as_ptr(),
                params.names.len(),
            )
        };
        let head = Answer::take(self.library, raw)?;
        Ok(Stream {
            connection: self,
            head,
            ended: false,
        })
    }

    /// Starts an INSERT whose data is appended. `sql` ends before its FORMAT clause.
    pub(super) fn insert(
        &mut self,
        sql: &str,
        format: &str,
        params: &Params,
    ) -> Result<InsertStream<'_>, Exception> {
        let params = RawParams::new(params);
        // SAFETY: as in `query`; the library has taken the parameters when it returns.
        #[expect(unsafe_code, reason = "call of a C function")]
        let raw = unsafe {
            (self.library.insert)(
                self.raw(),
                sql.as_ptr().cast(),
                sql.len(),
                format.as_ptr().cast(),
                format.len(),
                params.names.as_ptr(),
                params.name_lengths.as_ptr(),
                params.values.as_ptr(),
                params.value_lengths.as_ptr(),
                params.names.len(),
            )
        };
        InsertStream::take(self.library, raw)
    }

    /// Parses a text with the session's own parser, without running it.
    pub(super) fn analyze(&mut self, sql: &str) -> Result<Analysis, Exception> {
        let mut raw = RawAnalysis {
            struct_size: u32::try_from(size_of::<RawAnalysis>()).unwrap_or_default(),
            statement_count: 0,
            flags: 0,
            query_class: 4,
        };
        // SAFETY: the text is paired with its length, no target database is named, and `raw` says its own size.
        #[expect(unsafe_code, reason = "call of a C function")]
        let state = unsafe {
            (self.library.classify)(
                self.raw(),
                sql.as_ptr().cast(),
                sql.len(),
                std::ptr::null(),
                0,
                &raw mut raw,
            )
        };
        if state != 0 {
            return Err(Exception::new(Code::Logical, "The engine cannot classify"));
        }
        Ok(Analysis {
            count: raw.statement_count,
            class: match raw.query_class {
                0 => Class::Read,
                1 => Class::Write,
                2 => Class::Global,
                3 => Class::Control,
                _ => Class::Unknown,
            },
        })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // SAFETY: the handle is ours, no statement runs on it any more, and it is closed once.
        #[expect(unsafe_code, reason = "call of a C function")]
        unsafe {
            (self.library.close)(self.handle.as_ptr());
        }
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connection")
    }
}

/// A running SELECT. Dropping it before its end cancels it.
#[derive(Debug)]
pub(super) struct Stream<'a> {
    connection: &'a mut Connection,
    head: Answer,
    ended: bool,
}

impl Stream<'_> {
    /// The next chunk, a complete document of its format; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Answer>, Exception> {
        if self.ended {
            return Ok(None);
        }
        // SAFETY: connection and stream are live, and `&mut self` serializes the calls.
        #[expect(unsafe_code, reason = "call of a C function")]
        let raw =
            unsafe { (self.connection.library.fetch)(self.connection.raw(), self.head.as_ptr()) };
        match Answer::take(self.connection.library, raw) {
            Ok(chunk) if chunk.bytes().is_empty() => {
                self.ended = true;
                Ok(None)
            }
            Ok(chunk) => Ok(Some(chunk)),
            Err(exception) => {
                self.ended = true;
                Err(exception)
            }
        }
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        if !self.ended {
            // SAFETY: connection and stream are live; the library asks for a cancel of what was not read to its end.
            #[expect(unsafe_code, reason = "call of a C function")]
            unsafe {
                (self.connection.library.cancel)(self.connection.raw(), self.head.as_ptr());
            }
        }
    }
}

/// Parameters as the C interface takes them: four arrays that borrow from the pairs.
struct RawParams {
    names: Vec<*const c_char>,
    name_lengths: Vec<usize>,
    values: Vec<*const c_char>,
    value_lengths: Vec<usize>,
}

impl RawParams {
    fn new(params: &Params) -> Self {
        Self {
            names: params
                .iter()
                .map(|(name, _)| name.as_ptr().cast())
                .collect(),
            name_lengths: params.iter().map(|(name, _)| name.len()).collect(),
            values: params
                .iter()
                .map(|(_, value)| value.as_ptr().cast())
                .collect(),
            value_lengths: params.iter().map(|(_, value)| value.len()).collect(),
        }
    }
}
