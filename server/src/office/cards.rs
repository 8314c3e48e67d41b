//! Households' cards: a random token in a QR and a PIN, both known to the log by their hashes alone.
//!
//! A PIN has a million values, so what protects it is the lock: a try is counted before the PIN is
//! looked at, so that many tries at once are counted like many in turn.

use courtyard_core::domain::GrowerId;
use rand_core::CryptoRng;

use super::acting::Role;
use super::error::CommandError;
use super::session::hash;
use super::users::{hash_secret, holds};
use super::{Office, OfficeError};
use crate::deed::Deed;
use crate::log::{Card, LogError, PageUser, Reads, Transaction};

/// Who may issue and revoke cards.
pub const ISSUERS: &[Role] = &[Role::Clerk, Role::Reviewer, Role::Manager, Role::Administrator];

/// Wrong PINs in a row after which no PIN is taken for a time.
pub const TRIES: u32 = 5;
/// How long the first lock lasts; each wrong PIN after it doubles that.
const FIRST_LOCK_MS: i64 = 15 * 60 * 1_000;
/// No lock lasts longer than a day.
const LONGEST_LOCK_MS: i64 = 24 * 3_600 * 1_000;
/// Digits of a PIN.
pub const PIN_DIGITS: usize = 6;
/// As many PINs as there are.
const PINS: u32 = 1_000_000;
/// Crockford's base 32: what a QR holds in its alphanumeric mode, and a person can type.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 130 random bits.
const TOKEN_CHARS: usize = 26;

/// The random token in a card's QR.
#[derive(Clone, PartialEq, Eq)]
pub struct CardToken(String);

impl std::fmt::Debug for CardToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardToken(…)")
    }
}

impl CardToken {
    fn new(rng: &mut dyn CryptoRng) -> Self {
        let mut bytes = [0; TOKEN_CHARS];
        rng.fill_bytes(&mut bytes);
        let letter = |byte: &u8| ALPHABET.get(usize::from(byte & 31)).copied().unwrap_or(b'0');
        CardToken(bytes.iter().map(|byte| char::from(letter(byte))).collect())
    }

    /// The token that an address or a person gave; small letters do no harm. One that no card has
    /// opens nothing.
    pub fn read(text: &str) -> Self {
        CardToken(text.trim().chars().take(64).map(|c| c.to_ascii_uppercase()).collect())
    }

    /// What the log keeps.
    pub fn hash(&self) -> [u8; 32] {
        hash(format!("courtyard card {}", self.0).as_bytes())
    }

    /// The address of its sign-in at this server, in letters of a QR's alphanumeric mode.
    pub fn address(&self, server: &str) -> String {
        format!("{}/G/{}", server.trim().trim_end_matches('/').to_ascii_uppercase(), self.0)
    }

    /// Its letters, as they stand in an address.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// What is handed over with a card, and then known to nobody but the household.
#[derive(Clone, PartialEq, Eq)]
pub struct Issued {
    /// What its QR holds.
    pub token: CardToken,
    /// The PIN.
    pub pin: String,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Issued(…)")
    }
}

/// What became of a try at a card's PIN.
#[derive(Clone, PartialEq, Eq)]
pub enum PinTry {
    /// The try is counted; the PIN is to be compared with this hash.
    Counted {
        /// Whose card it is.
        grower: GrowerId,
        /// The PIN's hash.
        pin_hash: String,
        /// Tries that are left if this one is wrong.
        left: u32,
        /// Until when the card is locked if this one is wrong.
        locked_until_ms: i64,
    },
    /// The card is locked; nothing was counted.
    Locked {
        /// Until when, by the server's clock.
        until_ms: i64,
    },
    /// No card in use has this token.
    Nobody,
}

/// A PIN's lock after so many wrong ones in a row; none before the fifth.
fn lock_ms(wrong_pins: u32) -> i64 {
    let Some(beyond) = wrong_pins.checked_sub(TRIES) else { return 0 };
    let doubled = FIRST_LOCK_MS.checked_shl(beyond.min(16)).unwrap_or(LONGEST_LOCK_MS);
    doubled.min(LONGEST_LOCK_MS)
}

fn new_pin(rng: &mut dyn CryptoRng) -> String {
    // What lies beyond the last whole million would make some PINs likelier than others.
    let even = u32::MAX - u32::MAX % PINS;
    loop {
        let number = rng.next_u32();
        if number < even {
            return format!("{:0width$}", number % PINS, width = PIN_DIGITS);
        }
    }
}

/// The card that opens a household's pages, if it has one.
///
/// # Errors
/// The log's error.
pub fn in_use(reads: &dyn Reads, grower: GrowerId) -> Result<Option<Card>, LogError> {
    Ok(reads.cards(Some(grower))?.into_iter().find(|card| card.revoked_ms.is_none()))
}

/// Issues a card to a household; the one before opens nothing any more.
///
/// # Errors
/// [`CommandError::NoGrower`] if the register has no such household, or the log's error.
pub fn issue(deed: &mut Deed<'_>, grower: GrowerId) -> Result<Issued, OfficeError> {
    deed.office.must_be_known(deed.tx, grower)?;
    take_back(deed.tx, grower, deed.now_ms)?;
    let issued = Issued { token: CardToken::new(deed.rng), pin: new_pin(deed.rng) };
    deed.tx.put_card(&Card {
        token_hash: issued.token.hash(),
        grower,
        pin_hash: hash_secret(&issued.pin, deed.rng)?,
        issued_ms: deed.now_ms,
        issued_by: deed.acting.name.clone(),
        wrong_pins: 0,
        locked_until_ms: 0,
        revoked_ms: None,
    })?;
    deed.note("card.issue", &grower.to_string())?;
    Ok(issued)
}

/// Gives a household's card another PIN, for one that was forgotten, and takes its lock away.
///
/// # Errors
/// [`CommandError::Said`] if the household has no card in use, or the log's error.
pub fn renew_pin(deed: &mut Deed<'_>, grower: GrowerId) -> Result<String, OfficeError> {
    let mut card = in_use(deed.reads(), grower)?.ok_or_else(|| no_card(grower))?;
    let pin = new_pin(deed.rng);
    card.pin_hash = hash_secret(&pin, deed.rng)?;
    (card.wrong_pins, card.locked_until_ms) = (0, 0);
    deed.tx.put_card(&card)?;
    deed.tx.end_page_sessions(Some(&PageUser::Grower(grower)))?;
    deed.note("card.pin", &grower.to_string())?;
    Ok(pin)
}

/// Revokes a household's card.
///
/// # Errors
/// [`CommandError::Said`] if it has none in use, or the log's error.
pub fn revoke(deed: &mut Deed<'_>, grower: GrowerId) -> Result<(), OfficeError> {
    if !take_back(deed.tx, grower, deed.now_ms)? {
        return Err(no_card(grower).into());
    }
    deed.note("card.revoke", &grower.to_string())
}

/// Revokes the card in use, if there is one.
fn take_back(tx: &mut dyn Transaction, grower: GrowerId, now_ms: i64) -> Result<bool, LogError> {
    let Some(card) = in_use(tx.reads(), grower)? else { return Ok(false) };
    tx.put_card(&Card { revoked_ms: Some(now_ms), ..card })?;
    tx.end_page_sessions(Some(&PageUser::Grower(grower)))?;
    Ok(true)
}

fn no_card(grower: GrowerId) -> CommandError {
    CommandError::said(
        format!("{grower} 没有在用的卡。没有改动任何东西。可用 admin card issue 发一张。"),
        format!(
            "{grower} has no card in use. Nothing was changed. Issue one with admin card issue."
        ),
    )
}

impl Office {
    /// Counts a try at a card's PIN, before anybody looks at the PIN.
    ///
    /// # Errors
    /// The log's error.
    pub fn take_pin_try(
        tx: &mut dyn Transaction,
        token: &CardToken,
        now_ms: i64,
    ) -> Result<PinTry, OfficeError> {
        let card = tx.card(&token.hash())?.filter(|card| card.revoked_ms.is_none());
        let Some(mut card) = card else { return Ok(PinTry::Nobody) };
        if card.locked_until_ms > now_ms {
            return Ok(PinTry::Locked { until_ms: card.locked_until_ms });
        }
        card.wrong_pins = card.wrong_pins.saturating_add(1);
        let lock_ms = lock_ms(card.wrong_pins);
        card.locked_until_ms = if lock_ms > 0 { now_ms.saturating_add(lock_ms) } else { 0 };
        tx.put_card(&card)?;
        Ok(PinTry::Counted {
            grower: card.grower,
            pin_hash: card.pin_hash,
            left: TRIES.saturating_sub(card.wrong_pins),
            locked_until_ms: card.locked_until_ms,
        })
    }

    /// Whether the PIN is the card's. It takes as long for a card that does not exist.
    ///
    /// # Errors
    /// [`OfficeError::Document`] if the hash cannot be read.
    pub fn pin_holds(taken: &PinTry, pin: &str) -> Result<bool, OfficeError> {
        match taken {
            PinTry::Counted { pin_hash, .. } => holds(Some(pin_hash), pin),
            PinTry::Locked { .. } | PinTry::Nobody => holds(None, pin),
        }
    }

    /// Forgets the wrong PINs of a card, because the right one was given; false if it was revoked
    /// meanwhile.
    ///
    /// # Errors
    /// The log's error.
    pub fn pin_was_right(tx: &mut dyn Transaction, token: &CardToken) -> Result<bool, OfficeError> {
        let card = tx.card(&token.hash())?.filter(|card| card.revoked_ms.is_none());
        let Some(card) = card else { return Ok(false) };
        tx.put_card(&Card { wrong_pins: 0, locked_until_ms: 0, ..card })?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
