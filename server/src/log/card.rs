//! A household's card: what stands in its QR opens the sign-in of its own pages, with a PIN.

use courtyard_core::domain::GrowerId;

/// A household's card, known by the hash of the random token in its QR.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    /// SHA-256 of the token: a stolen backup opens nobody's pages.
    pub token_hash: [u8; 32],
    /// Whose pages it opens.
    pub grower: GrowerId,
    /// The PIN's argon2id hash, as a PHC string.
    pub pin_hash: String,
    /// When it was issued, by the server's clock.
    pub issued_ms: i64,
    /// The user of the office who issued it.
    pub issued_by: String,
    /// Wrong PINs since the last right one.
    pub wrong_pins: u32,
    /// Until when no PIN is taken, by the server's clock; 0 if none was wrong.
    pub locked_until_ms: i64,
    /// When it was revoked; none while it opens anything.
    pub revoked_ms: Option<i64>,
}

impl std::fmt::Debug for Card {
    /// Whose it is, and how it stands: neither hash belongs into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Card")
            .field("grower", &self.grower)
            .field("wrong_pins", &self.wrong_pins)
            .field("revoked_ms", &self.revoked_ms)
            .finish_non_exhaustive()
    }
}
