//! An INSERT whose data is pushed. [`InsertStream`] is the type to know; dropping it before [`InsertStream::finish`]
//! inserts nothing more.

use std::ffi::CStr;
use std::marker::PhantomData;
use std::ptr::NonNull;

use super::connection::Connection;
use super::library::{Library, RawInsert};
use super::result::{Answer, Code, Exception};

/// A running INSERT. The connection takes no other statement meanwhile.
#[derive(Debug)]
pub(super) struct InsertStream<'a> {
    library: &'static Library,
    raw: NonNull<RawInsert>,
    finished: bool,
    connection: PhantomData<&'a mut Connection>,
}

impl InsertStream<'_> {
    /// Takes over a stream of the library's, or its error. `raw` must come from its insert function.
    pub(super) fn take(library: &'static Library, raw: *mut RawInsert) -> Result<Self, Exception> {
        let Some(raw) = NonNull::new(raw) else {
            return Err(Exception::new(Code::Logical, "The engine gave no insert"));
        };
        let stream = Self {
            library,
            raw,
            finished: false,
            connection: PhantomData,
        };
        match stream.error() {
            Some(exception) => Err(exception),
            None => Ok(stream),
        }
    }

    fn error(&self) -> Option<Exception> {
        // SAFETY: the stream is live; the text, if any, belongs to it and ends with a NUL.
        #[expect(unsafe_code, reason = "call of a C function")]
        unsafe {
            let text = (self.library.insert_error)(self.raw.as_ptr());
            (!text.is_null())
                .then(|| Exception::from_text(CStr::from_ptr(text).to_string_lossy().into_owned()))
        }
    }

    /// Pushes data in the insert's format; waits when the engine is behind.
    pub(super) fn append(&mut self, data: &[u8]) -> Result<(), Exception> {
        // SAFETY: the stream is live and the library copies the bytes before it returns.
        #[expect(unsafe_code, reason = "call of a C function")]
        let state =
            unsafe { (self.library.append)(self.raw.as_ptr(), data.as_ptr().cast(), data.len()) };
        if state == 0 {
            return Ok(());
        }
        Err(self.error().unwrap_or_else(|| {
            Exception::new(
                Code::Logical,
                "The engine took no more data and said no reason",
            )
        }))
    }

    /// Ends the data and waits until the rows are in the table.
    pub(super) fn finish(mut self) -> Result<Answer, Exception> {
        self.finished = true;
        // SAFETY: the stream is live and is finished once; `drop` frees it afterwards.
        #[expect(unsafe_code, reason = "call of a C function")]
        let raw = unsafe { (self.library.finish)(self.raw.as_ptr()) };
        Answer::take(self.library, raw)
    }
}

impl Drop for InsertStream<'_> {
    fn drop(&mut self) {
        // SAFETY: the stream is ours, is canceled unless finished, and is freed once.
        #[expect(unsafe_code, reason = "calls of C functions")]
        unsafe {
            if !self.finished {
                (self.library.cancel_insert)(self.raw.as_ptr());
            }
            (self.library.destroy_insert)(self.raw.as_ptr());
        }
    }
}
