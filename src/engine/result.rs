//! What a statement gave back. [`Answer`] is the type to know: bytes in the asked format, and what it cost.

use std::ffi::CStr;
use std::ptr::NonNull;

use super::library::{Library, RawResult};

/// Rows and bytes that a statement read and wrote.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cost {
    pub(super) rows_read: u64,
    pub(super) bytes_read: u64,
    pub(super) rows_written: u64,
    pub(super) bytes_written: u64,
    pub(super) result_rows: u64,
}

/// An error of the engine, or of the face in the engine's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Exception {
    /// ClickHouse's number of the error.
    pub(super) code: u32,
    /// The full text, "Code: N. DB::Exception: …".
    pub(super) text: String,
}

impl Exception {
    /// An error of our own, with ClickHouse's number and name for its kind.
    pub(super) fn new(code: Code, message: impl std::fmt::Display) -> Self {
        let (code, name) = code.parts();
        Self {
            code,
            text: format!("Code: {code}. DB::Exception: {message}. ({name})"),
        }
    }

    /// The number stands in the text's beginning; 1001 (STD_EXCEPTION) if it does not.
    pub(super) fn from_text(text: String) -> Self {
        let code = text
            .strip_prefix("Code: ")
            .and_then(|rest| rest.split_once('.'))
            .and_then(|(number, _)| number.parse().ok())
            .unwrap_or(1001);
        Self { code, text }
    }
}

macro_rules! codes {
    ($($(#[doc = $help:literal])+ $variant:ident = $number:literal $name:literal),+ $(,)?) => {
        /// ClickHouse's errors that the face raises itself.
        #[derive(Clone, Copy, Debug)]
        pub(super) enum Code { $($(#[doc = $help])+ $variant),+ }

        impl Code {
            fn parts(self) -> (u32, &'static str) {
                match self { $(Self::$variant => ($number, $name)),+ }
            }
        }
    };
}

codes! {
    /// The request makes no sense.
    BadArguments = 36 "BAD_ARGUMENTS",
    /// The body does not decompress.
    CannotDecompress = 271 "CANNOT_DECOMPRESS",
    /// The statement is too long.
    QueryTooLarge = 307 "TOO_MANY_BYTES",
    /// The text is not one statement.
    Syntax = 62 "SYNTAX_ERROR",
    /// All slots and all places in the queue are taken.
    TooManyQueries = 202 "TOO_MANY_SIMULTANEOUS_QUERIES",
    /// The result of a format that cannot be streamed is too big.
    ResultTooLarge = 396 "TOO_MANY_ROWS_OR_BYTES",
    /// The client went away or the engine is stopping.
    Cancelled = 394 "QUERY_WAS_CANCELLED",
    /// A request that may only read would write.
    ReadOnly = 164 "READONLY",
    /// A guard refuses the statement.
    AccessDenied = 497 "ACCESS_DENIED",
    /// User or password is wrong.
    AuthenticationFailed = 516 "AUTHENTICATION_FAILED",
    /// The library did not behave as it must.
    Logical = 49 "LOGICAL_ERROR",
}

/// A result, freed when dropped.
pub(super) struct Answer {
    library: &'static Library,
    raw: NonNull<RawResult>,
}

// SAFETY: a result is a plain heap object of the library without thread affinity; we hand out only shared reads of it.
#[expect(unsafe_code, reason = "a C handle that may move between threads")]
unsafe impl Send for Answer {}

impl Answer {
    /// Takes over a result of the library's, or its error.
    ///
    /// `raw` must come from a function that gives away a result, and must not be used afterwards.
    pub(super) fn take(library: &'static Library, raw: *mut RawResult) -> Result<Self, Exception> {
        let Some(raw) = NonNull::new(raw) else {
            return Err(Exception::new(Code::Logical, "The engine gave no result"));
        };
        let answer = Self { library, raw };
        // SAFETY: `raw` is live until `answer` is dropped; the text, if any, lives as long and ends with a NUL.
        #[expect(unsafe_code, reason = "call of a C function")]
        let error = unsafe {
            let text = (library.error)(raw.as_ptr());
            (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy().into_owned())
        };
        match error {
            Some(text) => Err(Exception::from_text(text)),
            None => Ok(answer),
        }
    }

    /// The pointer, for the streaming functions.
    pub(super) fn as_ptr(&self) -> *mut RawResult {
        self.raw.as_ptr()
    }

    /// The bytes of the result.
    pub(super) fn bytes(&self) -> &[u8] {
        // SAFETY: the buffer belongs to the result, holds `length` bytes, and is not written while `self` is borrowed.
        #[expect(unsafe_code, reason = "a buffer of a C library")]
        unsafe {
            let (start, length) = (
                (self.library.buffer)(self.as_ptr()),
                (self.library.length)(self.as_ptr()),
            );
            if start.is_null() || length == 0 {
                return &[];
            }
            std::slice::from_raw_parts(start, length)
        }
    }

    /// What the statement cost so far.
    pub(super) fn cost(&self) -> Cost {
        // SAFETY: plain getters on a live result.
        #[expect(unsafe_code, reason = "calls of C functions")]
        unsafe {
            Cost {
                rows_read: (self.library.rows_read)(self.as_ptr()),
                bytes_read: (self.library.bytes_read)(self.as_ptr()),
                rows_written: (self.library.rows_written)(self.as_ptr()),
                bytes_written: (self.library.bytes_written)(self.as_ptr()),
                result_rows: (self.library.result_rows)(self.as_ptr()),
            }
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        // SAFETY: the result is ours and is freed once.
        #[expect(unsafe_code, reason = "call of a C function")]
        unsafe {
            (self.library.destroy)(self.as_ptr());
        }
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("bytes", &self.bytes().len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_an_error_is_read_from_its_text() {
        for (text, code) in [
            ("Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR)", 62),
            ("Code: 394.", 394),
            ("something else", 1001),
            ("Code: x. y", 1001),
        ] {
            assert_eq!(Exception::from_text(text.to_owned()).code, code, "{text}");
        }
    }
}
