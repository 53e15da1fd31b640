//! A certificate authority for one test.

use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};

/// Issues certificates and lies as PEM beside them.
#[derive(Debug)]
pub(crate) struct TestCa {
    folder: tempfile::TempDir,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key, as PEM files.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) cert: PathBuf,
    pub(crate) key: PathBuf,
}

impl TestCa {
    /// A new authority, trusted by nobody yet.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory can be made");
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params
            .distinguished_name
            .push(DnType::CommonName, "Skimwatch test authority");
        let key = KeyPair::generate().expect("a key can be made");
        let cert = params
            .self_signed(&key)
            .expect("the authority signs itself");
        std::fs::write(folder.path().join("ca.pem"), cert.pem()).expect("it can be written");
        Self {
            folder,
            issuer: Issuer::new(params, key),
        }
    }

    /// Its own certificate, PEM.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A server's certificate for one host name.
    pub(crate) fn issue(&self, host: &str) -> Identity {
        let key = KeyPair::generate().expect("a key can be made");
        let mut params = CertificateParams::new(vec![host.to_owned()]).expect("a host name");
        params.use_authority_key_identifier_extension = true;
        let cert = params
            .signed_by(&key, &self.issuer)
            .expect("the authority signs");
        Identity {
            cert: write(self.folder.path(), &format!("{host}.pem"), &cert.pem()),
            key: write(
                self.folder.path(),
                &format!("{host}.key"),
                &key.serialize_pem(),
            ),
        }
    }
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("it can be written");
    path
}
