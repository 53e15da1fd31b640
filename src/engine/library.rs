//! The engine library `libchdb.so`, loaded at run time. [`Library`] is the type to know: the C functions that we call.
//!
//! The rule: nothing outside `library`, `connection`, `result` and `insert` sees a raw pointer. The signatures are those
//! of `chdb.h` 26.7.3.

use std::ffi::{c_char, c_int, c_void};
use std::path::{Path, PathBuf};

use super::error::EngineError;

/// The version of the npm package that this crate was built against.
pub const VERSION: &str = "26.7.3-stable.1";

/// A connection of the library's own. Never looked into.
#[repr(C)]
pub(super) struct RawConnection(c_void);
/// A result of the library's own. Never looked into.
#[repr(C)]
pub(super) struct RawResult(c_void);
/// A streaming insert of the library's own. Never looked into.
#[repr(C)]
pub(super) struct RawInsert(c_void);

/// What `chdb_classify_query_n` fills in (`chdb_query_analysis_v1`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub(super) struct RawAnalysis {
    pub(super) struct_size: u32,
    pub(super) statement_count: u32,
    pub(super) flags: u32,
    pub(super) query_class: u32,
}

type Connect = unsafe extern "C" fn(c_int, *mut *mut c_char) -> *mut *mut RawConnection;
type Query = unsafe extern "C" fn(
    *mut RawConnection,
    *const c_char,
    usize,
    *const c_char,
    usize,
    *const *const c_char,
    *const usize,
    *const *const c_char,
    *const usize,
    usize,
) -> *mut RawResult;
type Insert = unsafe extern "C" fn(
    *mut RawConnection,
    *const c_char,
    usize,
    *const c_char,
    usize,
    *const *const c_char,
    *const usize,
    *const *const c_char,
    *const usize,
    usize,
) -> *mut RawInsert;
type Classify = unsafe extern "C" fn(
    *mut RawConnection,
    *const c_char,
    usize,
    *const c_char,
    usize,
    *mut RawAnalysis,
) -> c_int;

macro_rules! library {
    ($($field:ident = $symbol:literal : $type:ty),+ $(,)?) => {
        /// The loaded functions. There is one for the life of the process: the engine's threads run in its code.
        pub(super) struct Library { $(pub(super) $field: $type),+ }

        impl Library {
            fn resolve(handle: &'static libloading::Library) -> Result<Self, libloading::Error> {
                Ok(Self {
                    $($field: {
                        // SAFETY: the type is the C signature of this symbol in chdb.h of the pinned version.
                        #[expect(unsafe_code, reason = "symbols of a C library")]
                        let symbol = unsafe { handle.get::<$type>($symbol) }?;
                        *symbol
                    }),+
                })
            }
        }
    };
}

library! {
    connect = b"chdb_connect": Connect,
    close = b"chdb_close_conn": unsafe extern "C" fn(*mut *mut RawConnection),
    query = b"chdb_query_with_params_n": Query,
    stream = b"chdb_stream_query_with_params_n": Query,
    fetch = b"chdb_stream_fetch_result": unsafe extern "C" fn(*mut RawConnection, *mut RawResult) -> *mut RawResult,
    cancel = b"chdb_stream_cancel_query": unsafe extern "C" fn(*mut RawConnection, *mut RawResult),
    insert = b"chdb_stream_insert_with_params_n": Insert,
    append = b"chdb_stream_append": unsafe extern "C" fn(*mut RawInsert, *const c_void, usize) -> c_int,
    finish = b"chdb_stream_done": unsafe extern "C" fn(*mut RawInsert) -> *mut RawResult,
    cancel_insert = b"chdb_stream_cancel_insert": unsafe extern "C" fn(*mut RawInsert),
    insert_error = b"chdb_stream_insert_error": unsafe extern "C" fn(*mut RawInsert) -> *const c_char,
    destroy_insert = b"chdb_destroy_insert_stream": unsafe extern "C" fn(*mut RawInsert),
    destroy = b"chdb_destroy_query_result": unsafe extern "C" fn(*mut RawResult),
    buffer = b"chdb_result_buffer": unsafe extern "C" fn(*mut RawResult) -> *const u8,
    length = b"chdb_result_length": unsafe extern "C" fn(*mut RawResult) -> usize,
    error = b"chdb_result_error": unsafe extern "C" fn(*mut RawResult) -> *const c_char,
    rows_read = b"chdb_result_storage_rows_read": unsafe extern "C" fn(*mut RawResult) -> u64,
    bytes_read = b"chdb_result_storage_bytes_read": unsafe extern "C" fn(*mut RawResult) -> u64,
    rows_written = b"chdb_result_rows_written": unsafe extern "C" fn(*mut RawResult) -> u64,
    bytes_written = b"chdb_result_bytes_written": unsafe extern "C" fn(*mut RawResult) -> u64,
    result_rows = b"chdb_result_rows_read": unsafe extern "C" fn(*mut RawResult) -> u64,
    classify = b"chdb_classify_query_n": Classify,
    set_signal_handlers = b"chdb_set_signal_handlers_enabled": unsafe extern "C" fn(bool),
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Library(libchdb)")
    }
}

impl Library {
    /// Loads the library and keeps it from installing signal handlers of its own: a crash must end the process.
    pub(super) fn load(path: &Path) -> Result<&'static Self, EngineError> {
        if !path.is_file() {
            return Err(EngineError::LibraryMissing(path.to_owned()));
        }
        let unusable = |error: libloading::Error| EngineError::LibraryUnusable {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        // SAFETY: running the initializers of the operator's chosen engine library is what this process is for.
        #[expect(unsafe_code, reason = "loading a C library")]
        let handle = unsafe { libloading::Library::new(path) }.map_err(unusable)?;
        // Never unloaded: its threads outlive every value that we hold.
        let handle: &'static libloading::Library = Box::leak(Box::new(handle));
        let library = Self::resolve(handle).map_err(unusable)?;
        // SAFETY: the function takes a flag, and no connection exists yet, as its contract asks.
        #[expect(unsafe_code, reason = "call of a C function")]
        unsafe {
            (library.set_signal_handlers)(false);
        }
        Ok(Box::leak(Box::new(library)))
    }
}

/// Where the library is: the setting if there is one, else where `deploy/fetch-engine.sh` leaves it.
///
/// `cache_home` is `$XDG_CACHE_HOME`, `home` is `$HOME`; empty values count as unset.
///
/// # Errors
/// [`EngineError::LibraryUnknown`] if nothing is set.
pub fn library_path(
    setting: Option<&Path>,
    cache_home: Option<&Path>,
    home: Option<&Path>,
) -> Result<PathBuf, EngineError> {
    let set = |path: Option<&Path>| {
        path.filter(|path| !path.as_os_str().is_empty())
            .map(Path::to_owned)
    };
    if let Some(path) = set(setting) {
        return Ok(path);
    }
    let cache = set(cache_home)
        .or_else(|| set(home).map(|home| home.join(".cache")))
        .ok_or(EngineError::LibraryUnknown)?;
    Ok(cache
        .join("skimwatch/engine")
        .join(VERSION)
        .join("libchdb.so"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_wins_then_the_cache_then_the_home() {
        let file = Path::new("/lib/x.so");
        let (cache, home) = (Path::new("/cache"), Path::new("/home/a"));
        let cached =
            |base: &str| PathBuf::from(format!("{base}/skimwatch/engine/{VERSION}/libchdb.so"));
        for (setting, cache_home, home, expected) in [
            (Some(file), Some(cache), Some(home), file.to_owned()),
            (None, Some(cache), Some(home), cached("/cache")),
            (None, None, Some(home), cached("/home/a/.cache")),
            (
                None,
                Some(Path::new("")),
                Some(home),
                cached("/home/a/.cache"),
            ),
        ] {
            assert_eq!(library_path(setting, cache_home, home).unwrap(), expected);
        }
        assert!(matches!(
            library_path(None, None, None),
            Err(EngineError::LibraryUnknown)
        ));
    }

    #[test]
    fn a_missing_library_says_what_to_do() {
        let error = Library::load(Path::new("/nonexistent/libchdb.so")).unwrap_err();
        assert!(
            error.to_string().contains("deploy/fetch-engine.sh"),
            "{error}"
        );
    }
}
