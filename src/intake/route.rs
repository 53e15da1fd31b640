//! Which request is which, by hand: a route pattern costs more than parsing the report does.

use std::borrow::Cow;

use actix_web::http::Method;
use percent_encoding::percent_decode_str;

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// `POST /r/{key}`. The key is decoded and not yet looked up.
    Report(Cow<'a, str>),
    /// `OPTIONS /r/{key}`: a preflight, the same answer for every key.
    Preflight,
    /// Another method on `/r/{key}`.
    WrongMethod,
    /// Nothing of ours.
    Elsewhere,
}

impl<'a> Route<'a> {
    /// Reads the method and the raw path.
    pub(super) fn of(method: &Method, path: &'a str) -> Self {
        let Some(key) = path
            .strip_prefix("/r/")
            .filter(|key| !key.is_empty() && !key.contains('/'))
        else {
            return Self::Elsewhere;
        };
        match *method {
            // What does not decode to UTF-8 is no key of ours either: it stays as it is and finds nothing.
            Method::POST => Self::Report(
                percent_decode_str(key)
                    .decode_utf8()
                    .unwrap_or(Cow::Borrowed(key)),
            ),
            Method::OPTIONS => Self::Preflight,
            _ => Self::WrongMethod,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes() {
        let report = |key: &'static str| Route::Report(Cow::Borrowed(key));
        let cases = [
            ("a report", Method::POST, "/r/m0001", report("m0001")),
            (
                "decoded before it is looked up",
                Method::POST,
                "/r/m%30001",
                report("m0001"),
            ),
            (
                "decoded path tricks find nothing",
                Method::POST,
                "/r/%2e%2e%2fr",
                report("../r"),
            ),
            ("not UTF-8", Method::POST, "/r/%ff", report("%ff")),
            ("preflight", Method::OPTIONS, "/r/any", Route::Preflight),
            ("wrong method", Method::GET, "/r/m0001", Route::WrongMethod),
            ("no key", Method::POST, "/r/", Route::Elsewhere),
            ("deeper", Method::POST, "/r/m0001/x", Route::Elsewhere),
            ("elsewhere", Method::POST, "/csp", Route::Elsewhere),
        ];
        for (name, method, path, expected) in cases {
            assert_eq!(Route::of(&method, path), expected, "{name}");
        }
    }
}
