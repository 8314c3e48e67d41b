//! TLS by rustls with ring: a certificate from files, or one of our own kept in the data folder.
//!
//! Phones check the pin (SHA-256 of the key's SPKI) and never a date, so a certificate of our own is
//! as good as any, and a phone whose clock says 2000 still connects.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest as _, Sha256};

use crate::folder::{DataFolder, write_secret};
use crate::node::NodeError;

/// Where the server's certificate comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TlsSource {
    /// Plain HTTP: behind a proxy, or on the machine itself.
    #[default]
    None,
    /// PEM files.
    Files {
        /// The certificate chain.
        certificate: std::path::PathBuf,
        /// Its key.
        key: std::path::PathBuf,
    },
    /// Made at the first start and kept in the data folder.
    SelfSigned,
}

/// What a TLS server needs, and the pin of its key.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The server's configuration.
    pub config: Arc<rustls::ServerConfig>,
    /// SHA-256 of the key's SPKI.
    pub pin: [u8; 32],
}

fn wrong(error: impl std::fmt::Display) -> NodeError {
    NodeError::Tls(error.to_string())
}

impl Tls {
    /// The TLS of this source; `None` for plain HTTP.
    ///
    /// # Errors
    /// [`NodeError::Tls`] if a certificate or key cannot be read or do not belong together.
    pub fn of(source: &TlsSource, folder: &DataFolder) -> Result<Option<Tls>, NodeError> {
        match source {
            TlsSource::None => Ok(None),
            TlsSource::Files { certificate, key } => Self::load(certificate, key).map(Some),
            TlsSource::SelfSigned => {
                let (certificate, key) = (folder.tls_certificate(), folder.tls_key());
                if !certificate.exists() {
                    make(&certificate, &key)?;
                }
                Self::load(&certificate, &key).map(Some)
            }
        }
    }

    fn load(certificate: &Path, key: &Path) -> Result<Tls, NodeError> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
            .map_err(wrong)?
            .collect::<Result<_, _>>()
            .map_err(wrong)?;
        let key = PrivateKeyDer::from_pem_file(key).map_err(wrong)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let signer = provider.key_provider.load_private_key(key.clone_key()).map_err(wrong)?;
        let spki = signer.public_key().ok_or_else(|| wrong("the key shows no public half"))?;
        let pin = Sha256::digest(spki.as_ref()).into();
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(wrong)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(wrong)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Tls { config: Arc::new(config), pin })
    }
}

/// Makes a certificate of our own. The key is written first: a certificate without its key would
/// never be made again.
fn make(certificate: &Path, key: &Path) -> Result<(), NodeError> {
    // Left by a first start that was cut between the two files.
    if key.exists() {
        std::fs::remove_file(key).map_err(NodeError::file("tls.key"))?;
    }
    let made =
        rcgen::generate_simple_self_signed(vec!["courtyard.local".to_owned()]).map_err(wrong)?;
    write_secret(key, made.signing_key.serialize_pem().as_bytes())
        .map_err(NodeError::file("tls.key"))?;
    write_secret(certificate, made.cert.pem().as_bytes()).map_err(NodeError::file("tls.pem"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_of_our_own_is_made_once_and_its_pin_stays() {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(place.path()).unwrap();
        assert!(Tls::of(&TlsSource::None, &folder).unwrap().is_none());
        let first = Tls::of(&TlsSource::SelfSigned, &folder).unwrap().unwrap();
        let again = Tls::of(&TlsSource::SelfSigned, &folder).unwrap().unwrap();
        assert_eq!(first.pin, again.pin);
        let files =
            TlsSource::Files { certificate: folder.tls_certificate(), key: folder.tls_key() };
        assert_eq!(Tls::of(&files, &folder).unwrap().unwrap().pin, first.pin);
    }

    #[test]
    fn a_key_without_its_certificate_is_an_error_in_words() {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(place.path()).unwrap();
        let files = TlsSource::Files {
            certificate: place.path().join("none.pem"),
            key: place.path().join("none.key"),
        };
        assert!(Tls::of(&files, &folder).unwrap_err().to_string().starts_with("TLS: "));
    }
}
