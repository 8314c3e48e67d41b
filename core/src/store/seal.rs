//! How the secret seeds of a device's keys lie in the file: plain, or sealed by the platform's key
//! store, so that a copied file alone signs nothing.

use std::fmt::Debug;
use std::sync::Arc;

use rusqlite::Connection;

use super::error::StoreError;
use super::meta;

/// A platform's key store, such as Android's or Apple's.
pub trait KeySeal: Debug + Send + Sync {
    /// Seals a secret; the result must be longer than it (a tag, a nonce).
    ///
    /// # Errors
    /// [`SealError`] with what the platform said.
    fn seal(&self, seed: &[u8; 32]) -> Result<Vec<u8>, SealError>;

    /// Opens what [`seal`](Self::seal) gave.
    ///
    /// # Errors
    /// [`SealError`] with what the platform said.
    fn unseal(&self, sealed: &[u8]) -> Result<[u8; 32], SealError>;
}

/// The platform's key store did not do its part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SealError(pub String);

/// A store's way to its seeds. Without a key store they lie in the file as they are, for computers
/// whose folders are guarded otherwise.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seeds(Option<Arc<dyn KeySeal>>);

impl Seeds {
    pub(crate) fn sealed(seal: Arc<dyn KeySeal>) -> Self {
        Seeds(Some(seal))
    }

    /// The bytes to keep for a seed.
    pub(crate) fn close(&self, seed: &[u8; 32]) -> Result<Vec<u8>, StoreError> {
        let Some(seal) = &self.0 else { return Ok(seed.to_vec()) };
        let sealed = seal.seal(seed).map_err(cannot)?;
        if sealed.len() <= seed.len() {
            return Err(cannot("what it gave is not longer than the key"));
        }
        Ok(sealed)
    }

    /// The seed that these bytes keep. A plain one is always read: the file may be older than the
    /// key store.
    pub(crate) fn open(&self, kept: &[u8]) -> Result<[u8; 32], StoreError> {
        if let Ok(seed) = kept.try_into() {
            return Ok(seed);
        }
        match &self.0 {
            Some(seal) => seal.unseal(kept).map_err(cannot),
            None => Err(cannot("the key is sealed by a key store that was not given")),
        }
    }

    /// The seed of this name.
    pub(crate) fn get(
        &self,
        connection: &Connection,
        name: &str,
    ) -> Result<Option<[u8; 32]>, StoreError> {
        let kept: Option<Vec<u8>> = meta::get(connection, name)?;
        kept.map(|kept| self.open(&kept)).transpose()
    }

    /// Whether these bytes lie plain though there is a key store.
    pub(crate) fn wants(&self, kept: &[u8]) -> bool {
        self.0.is_some() && kept.len() == 32
    }
}

fn cannot(reason: impl ToString) -> StoreError {
    StoreError::KeySealed { reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{OpenOptions, Store};

    /// A key store that turns every byte around and puts a mark before them.
    #[derive(Debug)]
    struct Turning(u8);

    impl KeySeal for Turning {
        fn seal(&self, seed: &[u8; 32]) -> Result<Vec<u8>, SealError> {
            Ok(std::iter::once(self.0).chain(seed.iter().map(|byte| !byte)).collect())
        }

        fn unseal(&self, sealed: &[u8]) -> Result<[u8; 32], SealError> {
            let seed: Vec<u8> = match sealed.split_first() {
                Some((mark, rest)) if *mark == self.0 => rest.iter().map(|byte| !byte).collect(),
                _ => return Err(SealError("another key".to_owned())),
            };
            seed.try_into().map_err(|_| SealError("cut".to_owned()))
        }
    }

    #[test]
    fn a_seed_that_lay_plain_is_sealed_when_a_key_store_comes_and_opens_only_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let options = OpenOptions::durable(folder.path().join("courtyard.db"));
        let mut store = Store::open(options.clone()).unwrap();
        store.keep_seed(&[7; 32]).unwrap();
        drop(store);
        let mut store = Store::open(options.clone()).unwrap();
        store.seal_with(Arc::new(Turning(1))).unwrap();
        assert_eq!(store.seed().unwrap(), Some([7; 32]));
        let kept: Vec<u8> = meta::get(store.reader(), meta::name::SEED).unwrap().unwrap();
        assert_eq!(kept.len(), 33);
        assert!(!kept.ends_with(&[7; 32]));
        drop(store);
        let mut store = Store::open(options).unwrap();
        assert!(matches!(store.seed(), Err(StoreError::KeySealed { .. })));
        store.seal_with(Arc::new(Turning(2))).unwrap();
        assert!(matches!(store.seed(), Err(StoreError::KeySealed { .. })));
        store.seal_with(Arc::new(Turning(1))).unwrap();
        assert_eq!(store.seed().unwrap(), Some([7; 32]));
        store.keep_next_seed(&[8; 32]).unwrap();
        assert_eq!(store.next_seed().unwrap(), Some([8; 32]));
    }
}
