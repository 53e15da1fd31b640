//! Certificate and key for the door, with rustls.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{Config, IntakeError};

/// The TLS settings, or `None` if this door speaks plain HTTP (behind a proxy, or on loopback).
///
/// # Errors
/// [`IntakeError::HalfTls`] or [`IntakeError::Tls`].
pub(super) fn settings(config: &Config) -> Result<Option<ServerConfig>, IntakeError> {
    let (cert, key) = match (&config.tls_cert, &config.tls_key) {
        (Some(cert), Some(key)) => (cert, key),
        (None, None) => return Ok(None),
        _ => return Err(IntakeError::HalfTls),
    };
    let unusable = |cause: &dyn std::fmt::Display| IntakeError::Tls(cause.to_string());
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|cause| unusable(&cause))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|cause| unusable(&cause))?;
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map(Some)
        .map_err(|cause| unusable(&cause))
}
