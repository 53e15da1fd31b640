//! Where a request comes from, and where it may be sent.

use actix_web::HttpRequest;
use actix_web::http::header;

/// Longest path that we send somebody back to, in bytes.
const MAX_PATH_BYTES: usize = 1024;

/// Whether the shopper of a foreign page could not have sent it: a browser that names an origin names
/// ours.
pub(super) fn is_ours(request: &HttpRequest) -> bool {
    let mut origins = request.headers().get_all(header::ORIGIN);
    let Some(origin) = origins.next() else {
        return true;
    };
    let host = origin.to_str().ok().and_then(|origin| {
        origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"))
    });
    host.is_some_and(|host| host.eq_ignore_ascii_case(request.connection_info().host()))
        && origins.next().is_none()
}

/// Whether the browser speaks HTTPS, to us or to the proxy before us.
pub(super) fn is_secure(request: &HttpRequest) -> bool {
    request.connection_info().scheme() == "https"
}

/// The path, if it leads to a page here and nowhere else: browsers take `//host` and `/\host` for another
/// site, and skip control characters while they read.
pub(super) fn local(path: &str) -> Option<&str> {
    let plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let fits = path.len() <= MAX_PATH_BYTES && path.starts_with('/') && !path.starts_with("//");
    (plain && fits).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours() {
        for (path, ours) in [
            ("/", true),
            ("/alerts/0123?x=1&y=//z", true),
            ("", false),
            ("alerts", false),
            ("//evil.example", false),
            ("/\\evil.example", false),
            ("/\t/evil.example", false),
            ("https://evil.example", false),
            ("/é", false),
            (&format!("/{}", "x".repeat(2000)), false),
        ] {
            assert_eq!(local(path).is_some(), ours, "{path}");
        }
    }
}
