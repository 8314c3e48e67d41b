//! One-time invitations: a code for one phone of one village.

use courtyard_core::domain::VillageNo;
use rand_core::CryptoRng;

use super::error::CommandError;
use super::{Office, OfficeError, session};
use crate::log::{Invitation, Transaction};

/// How long an invitation can be used.
const LIVES_MS: i64 = 14 * 24 * 3_600 * 1_000;
/// 80 bits cannot be guessed within the door's limits, and keep the QR small.
pub const CODE_BYTES: usize = 10;

impl Office {
    /// Makes an invitation's code; the log keeps only its hash.
    ///
    /// # Errors
    /// [`CommandError::NoVillage`] if there is no such village.
    pub fn invite(
        &mut self,
        tx: &mut dyn Transaction,
        village: VillageNo,
        now_ms: i64,
        rng: &mut dyn CryptoRng,
    ) -> Result<[u8; CODE_BYTES], OfficeError> {
        if tx.office_device(Some(village))?.is_none() {
            return Err(CommandError::NoVillage(village.get()).into());
        }
        let mut code = [0; CODE_BYTES];
        rng.fill_bytes(&mut code);
        tx.put_invitation(&Invitation {
            code_hash: session::hash(&code),
            village,
            expires_ms: now_ms.saturating_add(LIVES_MS),
            used_by: None,
        })?;
        Ok(code)
    }
}
