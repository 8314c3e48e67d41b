//! The platform's key store, which seals the phone's signing key.

use std::fmt;
use std::sync::Arc;

use courtyard_core::store::{KeySeal, SealError};

/// A platform's key store: Android's `AndroidKeyStore`, Apple's keychain. The ledger's file then
/// holds the phone's signing key only sealed, so a copied file alone signs nothing.
///
/// It is asked once when the ledger is opened, when a sync begins and at enrolment, on the calling
/// thread.
#[uniffi::export(with_foreign)]
pub trait KeyStore: Send + Sync {
    /// Seals a secret of 32 bytes with a key that does not leave the platform, such as AES-GCM with
    /// its nonce in front. What it gives is longer than the secret.
    ///
    /// # Errors
    /// [`KeyStoreError`] if the platform does not do it.
    fn seal(&self, secret: Vec<u8>) -> Result<Vec<u8>, KeyStoreError>;

    /// Opens what `seal` gave.
    ///
    /// # Errors
    /// [`KeyStoreError`] if it is not of this key store, or the platform does not do it.
    fn unseal(&self, sealed: Vec<u8>) -> Result<Vec<u8>, KeyStoreError>;
}

/// The platform's key store did not do its part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum KeyStoreError {
    /// It said why.
    #[error("{reason}")]
    Unavailable {
        /// What it said.
        reason: String,
    },
}

/// Whatever else the app's code throws arrives here as a word of the same kind.
impl From<uniffi::UnexpectedUniFFICallbackError> for KeyStoreError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        KeyStoreError::Unavailable { reason: error.reason }
    }
}

/// The platform's key store as the core asks it.
pub(crate) struct PlatformKeys(pub(crate) Arc<dyn KeyStore>);

impl fmt::Debug for PlatformKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlatformKeys")
    }
}

impl KeySeal for PlatformKeys {
    fn seal(&self, seed: &[u8; 32]) -> Result<Vec<u8>, SealError> {
        self.0.seal(seed.to_vec()).map_err(|error| SealError(error.to_string()))
    }

    fn unseal(&self, sealed: &[u8]) -> Result<[u8; 32], SealError> {
        let seed = self.0.unseal(sealed.to_vec()).map_err(|error| SealError(error.to_string()))?;
        seed.try_into().map_err(|_| SealError("what it gave is no key".to_owned()))
    }
}
