//! A certificate and its key, read again when their files change. [`Certificates`] is the type to know.
//!
//! A connection keeps the certificate it began with; the next one gets the new one. A pair that cannot be used
//! changes nothing: the old one stays, and the log says so once for each change of the files.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::metrics;

/// Why a certificate and key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file cannot be read, or holds nothing of use.
    #[error("{path} cannot be used: {cause}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        cause: rustls::pki_types::pem::Error,
    },
    /// The two do not belong together, or are of a kind that is not spoken.
    #[error("{cert} and {key} cannot be used together: {cause}")]
    Pair {
        /// The chain.
        cert: PathBuf,
        /// The key.
        key: PathBuf,
        /// What is wrong with them.
        cause: rustls::Error,
    },
}

/// What tells one content of a file from the next without reading it.
type Stamp = [Option<(u64, u64, i64, i64)>; 2];

/// A certificate and key that may change while connections are open.
#[derive(Debug)]
pub struct Certificates {
    cert: PathBuf,
    key: PathBuf,
    current: ArcSwap<CertifiedKey>,
    seen: Mutex<Stamp>,
}

impl Certificates {
    /// Reads a chain and its key, both PEM.
    ///
    /// # Errors
    /// [`CertificateError`] if they cannot be used.
    pub fn open(cert: PathBuf, key: PathBuf) -> Result<Arc<Self>, CertificateError> {
        let seen = stamp(&cert, &key);
        let current = read(&cert, &key)?;
        Ok(Arc::new(Self {
            cert,
            key,
            current: ArcSwap::from_pointee(current),
            seen: Mutex::new(seen),
        }))
    }

    /// Takes what now stands in the files, if they changed and it can be used. To be called once a second.
    pub fn reload_if_changed(&self) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let now = stamp(&self.cert, &self.key);
        if *seen == now {
            return;
        }
        *seen = now;
        let kind = match read(&self.cert, &self.key) {
            Ok(pair) => {
                self.current.store(Arc::new(pair));
                tracing::info!(cert = %self.cert.display(), "a new certificate is used");
                "taken"
            }
            Err(error) => {
                tracing::error!(%error, "the certificate stays as it was; correct the files");
                "refused"
            }
        };
        metrics::count(&metrics::get().certificate_reloads, kind);
    }

    /// The settings of a server that shows this certificate and speaks HTTP/2 and HTTP/1.1.
    pub(super) fn server(self: &Arc<Self>) -> Result<ServerConfig, rustls::Error> {
        let builder = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?;
        let mut server = builder
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>);
        server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(server)
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn read(cert: &PathBuf, key: &PathBuf) -> Result<CertifiedKey, CertificateError> {
    let file = |path: &PathBuf, cause| CertificateError::File {
        path: path.clone(),
        cause,
    };
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|cause| file(cert, cause))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|cause| file(key, cause))?;
    // This asks whether they belong together: half of a change is no pair.
    CertifiedKey::from_der(chain, private, &provider()).map_err(|cause| CertificateError::Pair {
        cert: cert.clone(),
        key: key.clone(),
        cause,
    })
}

fn stamp(cert: &PathBuf, key: &PathBuf) -> Stamp {
    [cert, key].map(|path| {
        let file = fs::metadata(path).ok()?;
        Some((file.ino(), file.size(), file.mtime(), file.mtime_nsec()))
    })
}
