//! [`Settings`]: how notices are sent, and what keeps them from being used.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// How notices are sent.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whether they may go to private networks and without TLS.
    pub allow_private: bool,
    /// Where people open the pages, without a slash at its end; not set: notices have no links.
    pub public_url: Option<String>,
    /// Authorities that are believed beside those of the web.
    pub authorities: Vec<CertificateDer<'static>>,
}

/// Why settings of notices cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The sender of mail is none.
    #[error("notify.smtp.from is no mail address such as Skimwatch <alerts@psp.example>")]
    From,
    /// The mail server is none.
    #[error("notify.smtp cannot be used: {0}")]
    Server(String),
    /// The file of authorities cannot be read, or holds none.
    #[error("notify.tls_ca: {file} is no PEM file of certificates: {cause}")]
    Authorities {
        /// The file.
        file: String,
        /// What is wrong with it.
        cause: String,
    },
}

/// Reads the certificates of authorities from a PEM file.
///
/// # Errors
/// [`SettingsError::Authorities`].
pub fn authorities(file: &Path) -> Result<Vec<CertificateDer<'static>>, SettingsError> {
    let wrong = |cause: String| SettingsError::Authorities {
        file: file.display().to_string(),
        cause,
    };
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect);
    let read: Vec<_> = read.map_err(|error| wrong(error.to_string()))?;
    if read.is_empty() {
        return Err(wrong("there is none in it".to_owned()));
    }
    Ok(read)
}
