//! Where a request comes from, and where it may be sent.
//!
//! What a proxy adds about its client (`X-Forwarded-Host`, `X-Forwarded-Proto`) is believed of the proxies that
//! the operator named, and of nobody else: otherwise whoever may set a header would choose which origin is ours.

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Data;

use super::Pages;
use crate::door::{self, Peer};

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
    host.zip(own_host(request))
        .is_some_and(|(host, ours)| host.eq_ignore_ascii_case(ours))
        && origins.next().is_none()
}

/// How the browser calls the pages.
pub(super) fn own(request: &HttpRequest) -> String {
    let scheme = if is_secure(request) { "https" } else { "http" };
    format!("{scheme}://{}", own_host(request).unwrap_or("localhost"))
}

/// Whether the browser speaks HTTPS, to us or to a trusted proxy before us.
pub(super) fn is_secure(request: &HttpRequest) -> bool {
    let directly = request.conn_data::<Peer>().is_some();
    directly || forwarded(request, "x-forwarded-proto") == Some("https")
}

/// The host that the browser asked for.
fn own_host(request: &HttpRequest) -> Option<&str> {
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    // HTTP/2 names it in the address.
    let named = || {
        request
            .uri()
            .authority()
            .map(|authority| authority.as_str())
    };
    forwarded(request, "x-forwarded-host")
        .or(host)
        .or_else(named)
}

/// What a trusted proxy says. Of several values the last, which the nearest proxy wrote.
fn forwarded<'a>(request: &'a HttpRequest, name: &'static str) -> Option<&'a str> {
    let pages = request.app_data::<Data<Pages>>()?;
    if !door::is_from_proxy(request, &pages.trusted_proxies) {
        return None;
    }
    let last = request.headers().get_all(name).last()?.to_str().ok()?;
    last.rsplit(',').next().map(str::trim)
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
