//! Who may speak to the face. [`Door`] is the type to know.
//!
//! The engine is an open door on a machine where browsers run too: a page may post to any local port. So a request needs
//! the secret of this start, a Host that is really ours (a rebound name is not), and no foreign Origin.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, HOST, ORIGIN};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq as _;

/// The one user.
pub(in crate::engine) const USER: &str = "skimwatch";

/// What a request must show.
#[derive(Debug)]
pub(super) struct Door {
    password: String,
    /// `127.0.0.1:8123` and its other names.
    hosts: Vec<String>,
}

/// Why a request is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Denied {
    #[error(
        "The Host header does not name this engine. Use http://127.0.0.1:PORT or http://localhost:PORT"
    )]
    Host,
    #[error("Requests from web pages are not allowed")]
    Origin,
    #[error(
        "Authentication is required: user {USER} and the password in face.json, as Basic or X-ClickHouse-User and X-ClickHouse-Key"
    )]
    Missing,
    #[error(
        "User or password is wrong: the engine has a new password at each start, it stands in face.json"
    )]
    Wrong,
}

impl Denied {
    /// The status to answer with.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Missing => StatusCode::UNAUTHORIZED,
            Self::Host | Self::Origin | Self::Wrong => StatusCode::FORBIDDEN,
        }
    }
}

impl Door {
    /// A door that opens to this password, on this port.
    pub(super) fn new(password: String, port: u16) -> Self {
        let hosts = ["127.0.0.1", "localhost", "[::1]"]
            .iter()
            .map(|name| format!("{name}:{port}"))
            .collect();
        Self { password, hosts }
    }

    /// Whether the request comes by a name of ours and from no foreign page.
    pub(super) fn check_source(&self, request: &HttpRequest) -> Result<(), Denied> {
        let header = |name| request.headers().get(name).map(|value| value.as_bytes());
        let mut hosts = request.headers().get_all(HOST);
        let host = hosts.next().and_then(|host| host.to_str().ok());
        if hosts.next().is_some() || !host.is_some_and(|host| self.is_ours(host)) {
            return Err(Denied::Host);
        }
        let Some(origin) = header(ORIGIN) else {
            return Ok(());
        };
        let own = std::str::from_utf8(origin)
            .ok()
            .and_then(|origin| origin.strip_prefix("http://"))
            .is_some_and(|host| self.is_ours(host));
        if own { Ok(()) } else { Err(Denied::Origin) }
    }

    fn is_ours(&self, host: &str) -> bool {
        self.hosts
            .iter()
            .any(|ours| ours.eq_ignore_ascii_case(host))
    }

    /// Whether the request shows user and password.
    pub(super) fn check_password(&self, request: &HttpRequest) -> Result<(), Denied> {
        let (user, password) = credentials(request).ok_or(Denied::Missing)?;
        let right = user.as_bytes().ct_eq(USER.as_bytes())
            & password.as_bytes().ct_eq(self.password.as_bytes());
        if right.into() {
            Ok(())
        } else {
            Err(Denied::Wrong)
        }
    }
}

fn credentials(request: &HttpRequest) -> Option<(String, String)> {
    let header = |name: &str| {
        request
            .headers()
            .get(name)?
            .to_str()
            .ok()
            .map(str::to_owned)
    };
    if let Some(password) = header("X-ClickHouse-Key") {
        return Some((header("X-ClickHouse-User").unwrap_or_default(), password));
    }
    let basic = header(AUTHORIZATION.as_str())?;
    let (scheme, encoded) = basic.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn source(headers: &[(&'static str, &'static str)]) -> Result<(), Denied> {
        let mut request = TestRequest::default();
        for header in headers {
            request = request.append_header(*header);
        }
        Door::new("secret".to_owned(), 8123).check_source(&request.to_http_request())
    }

    #[test]
    fn only_local_names_with_our_port_and_no_pages() {
        for (headers, expected) in [
            (&[("Host", "127.0.0.1:8123")][..], Ok(())),
            (&[("Host", "LOCALHOST:8123")], Ok(())),
            (&[("Host", "[::1]:8123")], Ok(())),
            (&[], Err(Denied::Host)),
            (&[("Host", "127.0.0.1")], Err(Denied::Host)),
            (&[("Host", "127.0.0.1:8124")], Err(Denied::Host)),
            (&[("Host", "rebound.example:8123")], Err(Denied::Host)),
            (
                &[("Host", "127.0.0.1:8123"), ("Host", "evil.example")],
                Err(Denied::Host),
            ),
            (
                &[
                    ("Host", "127.0.0.1:8123"),
                    ("Origin", "http://127.0.0.1:8123"),
                ],
                Ok(()),
            ),
            (
                &[
                    ("Host", "127.0.0.1:8123"),
                    ("Origin", "https://shop.example"),
                ],
                Err(Denied::Origin),
            ),
            (
                &[("Host", "127.0.0.1:8123"), ("Origin", "null")],
                Err(Denied::Origin),
            ),
            (
                &[
                    ("Host", "127.0.0.1:8123"),
                    ("Origin", "http://localhost:3000"),
                ],
                Err(Denied::Origin),
            ),
        ] {
            assert_eq!(source(headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn both_ways_to_show_the_password() {
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        for (name, value, user, expected) in [
            ("Authorization", basic("skimwatch:secret"), None, Ok(())),
            (
                "Authorization",
                basic("skimwatch:wrong"),
                None,
                Err(Denied::Wrong),
            ),
            (
                "Authorization",
                basic("default:secret"),
                None,
                Err(Denied::Wrong),
            ),
            (
                "Authorization",
                "Bearer secret".to_owned(),
                None,
                Err(Denied::Missing),
            ),
            (
                "X-ClickHouse-Key",
                "secret".to_owned(),
                Some("skimwatch"),
                Ok(()),
            ),
            (
                "X-ClickHouse-Key",
                "secret".to_owned(),
                None,
                Err(Denied::Wrong),
            ),
            (
                "X-ClickHouse-Key",
                String::new(),
                Some("skimwatch"),
                Err(Denied::Wrong),
            ),
            ("X-Other", "secret".to_owned(), None, Err(Denied::Missing)),
        ] {
            let mut request = TestRequest::default().append_header((name, value.clone()));
            if let Some(user) = user {
                request = request.append_header(("X-ClickHouse-User", user));
            }
            let door = Door::new("secret".to_owned(), 8123);
            assert_eq!(
                door.check_password(&request.to_http_request()),
                expected,
                "{name}: {value}"
            );
        }
    }
}
