//! How to reach an engine. [`Endpoint`] is the type to know; a running engine leaves its own in `face.json`.
//!
//! The rule: the password is in a file that only its owner may read, and in no log.

use std::fmt;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::error::EngineError;
use super::face::USER;

use crate::private;

/// How long a question to an engine may take before it counts as not running.
const PING_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes of a reply's first line that are read.
const STATUS_BYTES: usize = 12;

/// Where an engine listens and what it asks for.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    /// The one user.
    pub user: String,
    /// The secret of this start.
    pub password: String,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// `face.json`.
#[derive(Serialize, Deserialize)]
struct FaceFile {
    url: String,
    user: String,
    password: String,
    pid: u32,
}

impl Endpoint {
    /// The endpoint of an engine at this address.
    pub(super) fn at(address: SocketAddr, password: String) -> Self {
        Self {
            url: format!("http://{address}"),
            user: USER.to_owned(),
            password,
        }
    }

    /// Whether an engine answers there and takes the password. Blocks for up to a few seconds.
    #[must_use]
    pub fn answers(&self) -> bool {
        self.ask().is_some_and(|status| status == *b"HTTP/1.1 200")
    }

    /// The first bytes of the reply to a question that needs the password, and no slot: a busy engine answers too.
    fn ask(&self) -> Option<[u8; STATUS_BYTES]> {
        let address: SocketAddr = self.url.strip_prefix("http://")?.parse().ok()?;
        let mut stream = TcpStream::connect_timeout(&address, PING_TIMEOUT).ok()?;
        stream.set_read_timeout(Some(PING_TIMEOUT)).ok()?;
        stream.set_write_timeout(Some(PING_TIMEOUT)).ok()?;
        let basic = STANDARD.encode(format!("{}:{}", self.user, self.password));
        write!(
            stream,
            "GET / HTTP/1.1\r\nHost: {address}\r\nAuthorization: Basic {basic}\r\nConnection: close\r\n\r\n"
        )
        .ok()?;
        let mut status = [0; STATUS_BYTES];
        stream.read_exact(&mut status).ok()?;
        Some(status)
    }
}

/// The engine that runs on this directory, if one does and answers. Blocks for up to a few seconds.
#[must_use]
pub fn find_running(directory: &Path) -> Option<Endpoint> {
    let text = std::fs::read(face_path(directory)).ok()?;
    let file: FaceFile = serde_json::from_slice(&text).ok()?;
    let endpoint = Endpoint {
        url: file.url,
        user: file.user,
        password: file.password,
    };
    endpoint.answers().then_some(endpoint)
}

/// Leaves the endpoint for others of this user.
pub(super) fn announce(directory: &Path, endpoint: &Endpoint) -> Result<(), EngineError> {
    let path = face_path(directory);
    let file = FaceFile {
        url: endpoint.url.clone(),
        user: endpoint.user.clone(),
        password: endpoint.password.clone(),
        pid: std::process::id(),
    };
    let text = serde_json::to_vec_pretty(&file).expect("strings and a number are JSON");
    private::replace(&path, &text).map_err(|reason| EngineError::Directory { path, reason })
}

/// Takes the endpoint away again.
pub(super) fn withdraw(directory: &Path) {
    // If it stays, the next reader finds nobody there.
    drop(std::fs::remove_file(face_path(directory)));
}

/// Where a running engine leaves its endpoint.
pub(super) fn face_path(directory: &Path) -> PathBuf {
    directory.join("face.json")
}

/// A new password: 32 random bytes in hex.
pub(super) fn new_password() -> Result<String, EngineError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| EngineError::Random(error.to_string()))?;
    Ok(blake3::Hash::from_bytes(bytes).to_hex().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_new() {
        let (one, two) = (new_password().unwrap(), new_password().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), 64);
    }

    #[test]
    fn a_file_of_an_engine_that_is_gone_is_no_engine() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(find_running(directory.path()), None);
        // A port that was free a moment ago and is nobody's.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = Endpoint::at(listener.local_addr().unwrap(), "secret".to_owned());
        drop(listener);
        announce(directory.path(), &endpoint).unwrap();
        assert_eq!(find_running(directory.path()), None);
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &std::fs::metadata(face_path(directory.path()))
                .unwrap()
                .permissions(),
        );
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn the_password_is_not_printed() {
        let endpoint = Endpoint::at(([127, 0, 0, 1], 1).into(), "secret".to_owned());
        assert!(!format!("{endpoint:?}").contains("secret"));
    }
}
