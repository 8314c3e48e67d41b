//! ID and bank numbers (身份证号, 银行账号): sealed to a key of the district, outside all documents.
//!
//! HPKE (RFC 9180), base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. The
//! household, the person and the sort are bound in, so that no sealed number can be put in another's
//! place. Why: `docs/adr/0012-hpke-for-sealed-numbers.md`.

use std::collections::BTreeSet;

use courtyard_core::document::DistrictId;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{
    Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _, single_shot_open,
    single_shot_seal_with_rng,
};
use rand_core::CryptoRng;

use super::approval::{REVEALS, WRITES};
use super::error::CommandError;
use super::{Office, OfficeError, county};
use crate::log::{NumberKind, NumberOf, SealedNumber, Transaction};

type Kem = X25519HkdfSha256;
type Public = <Kem as hpke::Kem>::PublicKey;
type Private = <Kem as hpke::Kem>::PrivateKey;
type Encapped = <Kem as hpke::Kem>::EncappedKey;

const INFO: &[u8] = b"courtyard sealed number 1";
/// Bytes of a public, a private and an encapsulated key.
const KEY_BYTES: usize = 32;

/// The two parts of a sealing key.
#[derive(Clone)]
pub struct SealingKey {
    /// Opens what was sealed; kept in the data folder, or better elsewhere.
    pub private: [u8; KEY_BYTES],
    /// Seals; stands in the log.
    pub public: [u8; KEY_BYTES],
}

impl SealingKey {
    /// A fresh key.
    pub fn make(mut rng: &mut dyn CryptoRng) -> SealingKey {
        let (private, public) = Kem::gen_keypair_with_rng(&mut rng);
        SealingKey { private: private.to_bytes().into(), public: public.to_bytes().into() }
    }

    /// The key with this private part.
    ///
    /// # Errors
    /// [`CommandError::SealingKey`] if it is none.
    pub fn of_private(private: &[u8; KEY_BYTES]) -> Result<SealingKey, CommandError> {
        let key = Private::from_bytes(private).map_err(|_| not_the_key())?;
        Ok(SealingKey { private: *private, public: Kem::sk_to_pk(&key).to_bytes().into() })
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealingKey({})", hex::encode(self.public))
    }
}

fn not_the_key() -> CommandError {
    CommandError::SealingKey("this is not the private part of the district's sealing key")
}

/// What a sealed number is bound to.
fn bound(district: &DistrictId, of: NumberOf) -> Vec<u8> {
    let mut bytes = district.0.to_vec();
    bytes.extend(of.grower.key().to_be_bytes());
    bytes.extend(of.person.get().to_be_bytes());
    bytes.extend(of.kind.name().as_bytes());
    bytes
}

/// Seals a number: the encapsulated key, then the ciphertext.
fn seal(
    public: &[u8; KEY_BYTES],
    district: &DistrictId,
    of: NumberOf,
    number: &str,
    mut rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, CommandError> {
    let public = Public::from_bytes(public).map_err(|_| not_the_key())?;
    let (encapped, ciphertext) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &OpModeS::Base,
        &public,
        INFO,
        number.as_bytes(),
        &bound(district, of),
        &mut rng,
    )
    .map_err(|_| not_the_key())?;
    let mut sealed = encapped.to_bytes().to_vec();
    sealed.extend(ciphertext);
    Ok(sealed)
}

/// Opens a sealed number.
fn open(
    private: &[u8; KEY_BYTES],
    district: &DistrictId,
    number: &SealedNumber,
) -> Result<String, CommandError> {
    let opened = (|| {
        let private = Private::from_bytes(private).ok()?;
        let (encapped, ciphertext) = number.ciphertext.split_at_checked(KEY_BYTES)?;
        let encapped = Encapped::from_bytes(encapped).ok()?;
        let text = single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeR::Base,
            &private,
            &encapped,
            INFO,
            ciphertext,
            &bound(district, number.of),
        )
        .ok()?;
        String::from_utf8(text).ok()
    })();
    opened.ok_or_else(not_the_key)
}

/// The weights of GB 11643-1999 for the first 17 digits of an ID number.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Its check characters by the remainder of 11.
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// A number as it is sealed: without blanks and dashes, checked as far as its sort can be.
///
/// # Errors
/// [`CommandError::Number`].
pub fn read_number(kind: NumberKind, typed: &str) -> Result<String, CommandError> {
    let wrong = |why| Err(CommandError::Number(why));
    let number: String =
        typed.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_ascii_uppercase()).collect();
    match kind {
        NumberKind::Id => {
            let (Some((first, check)), true) =
                (number.split_at_checked(17), number.chars().count() == 18)
            else {
                return wrong("an ID number has 18 characters");
            };
            let digits: Option<Vec<u32>> = first.chars().map(|c| c.to_digit(10)).collect();
            let Some(digits) = digits else { return wrong("an ID number has 17 digits first") };
            let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
            let place = usize::try_from(sum % 11).unwrap_or(0);
            let expected = CHECKS.get(place).copied();
            if check.chars().next() != expected {
                return wrong("the last character of the ID number does not fit the others");
            }
        }
        NumberKind::Bank => {
            let digits = number.bytes().all(|b| b.is_ascii_digit());
            if !digits || !(8..=32).contains(&number.len()) {
                return wrong("an account number has 8 to 32 digits");
            }
        }
    }
    Ok(number)
}

fn last_four(number: &str) -> String {
    let skipped = number.chars().count().saturating_sub(4);
    number.chars().skip(skipped).collect()
}

impl Office {
    /// Seals a number and keeps it in place of the one before. An account always needs a second
    /// person: who changes it gets the money.
    ///
    /// # Errors
    /// [`CommandError`]: no such household, no number, a user who may not, no second person.
    #[expect(clippy::too_many_arguments, reason = "who, what and by whom are apart")]
    pub fn put_number(
        &mut self,
        tx: &mut dyn Transaction,
        of: NumberOf,
        typed: &str,
        by: &str,
        approved_by: Option<&str>,
        now_ms: i64,
        rng: &mut dyn CryptoRng,
    ) -> Result<SealedNumber, OfficeError> {
        let (by, approved_by) = match (of.kind, approved_by) {
            (NumberKind::Id, None) => (self.acting(tx, by, WRITES, now_ms)?, None),
            (_, second) => {
                let (first, second) = self.two_persons(tx, by, second, now_ms)?;
                (first, Some(second))
            }
        };
        self.must_be_known(tx, of.grower)?;
        let number = read_number(of.kind, typed)?;
        let public = tx.sealing_key()?.ok_or_else(not_the_key)?;
        let ciphertext = seal(&public, self.keys.district(), of, &number, rng)?;
        let sealed = SealedNumber {
            of,
            ciphertext,
            last_four: last_four(&number),
            put_ms: now_ms,
            by: by.name.clone(),
            approved_by: approved_by.map(|second| second.name).unwrap_or_default(),
        };
        tx.put_sealed(&sealed)?;
        self.user_act(tx, &by.name, "number.put", &subject(of), now_ms)?;
        if !sealed.approved_by.is_empty() {
            self.user_act(tx, &sealed.approved_by, "number.approve", &subject(of), now_ms)?;
        }
        Ok(sealed)
    }

    /// Opens a sealed number for somebody who may see it; that they did stands in the audit.
    ///
    /// # Errors
    /// [`CommandError`]: a user who may not, no such number, another key.
    pub fn reveal_number(
        &mut self,
        tx: &mut dyn Transaction,
        of: NumberOf,
        by: &str,
        private: &[u8; KEY_BYTES],
        now_ms: i64,
    ) -> Result<String, OfficeError> {
        let by = self.acting(tx, by, REVEALS, now_ms)?;
        let all = tx.sealed_numbers(Some(of.grower))?;
        let sealed = all.iter().find(|number| number.of == of);
        let sealed = sealed.ok_or_else(|| CommandError::NoNumber(subject(of)))?;
        let number = open(private, &county(tx.reads())?.district, sealed)?;
        self.user_act(tx, &by.name, "number.reveal", &subject(of), now_ms)?;
        Ok(number)
    }

    /// Opens these sealed numbers, as an invoice list needs them. Each stands in the audit; what is
    /// not there or another key has sealed is left out.
    ///
    /// # Errors
    /// [`CommandError::MayNot`], or the log's error.
    pub fn reveal_all(
        &mut self,
        tx: &mut dyn Transaction,
        wanted: &BTreeSet<NumberOf>,
        by: &str,
        private: &[u8; KEY_BYTES],
        now_ms: i64,
    ) -> Result<Vec<(NumberOf, String)>, OfficeError> {
        let by = self.acting(tx, by, REVEALS, now_ms)?;
        let district = county(tx.reads())?.district;
        let mut all = Vec::new();
        for sealed in tx.sealed_numbers(None)?.iter().filter(|sealed| wanted.contains(&sealed.of)) {
            if let Ok(number) = open(private, &district, sealed) {
                self.user_act(tx, &by.name, "number.reveal", &subject(sealed.of), now_ms)?;
                all.push((sealed.of, number));
            }
        }
        Ok(all)
    }

    /// Removes a sealed number, or all of a household; how many there were.
    ///
    /// # Errors
    /// [`CommandError`]: a user who may not, no second person.
    pub fn erase_numbers(
        &mut self,
        tx: &mut dyn Transaction,
        grower: courtyard_core::domain::GrowerId,
        only: Option<NumberOf>,
        (by, approved_by): (&str, &str),
        now_ms: i64,
    ) -> Result<usize, OfficeError> {
        let (by, second) = self.two_persons(tx, by, Some(approved_by), now_ms)?;
        let erased = tx.erase_sealed(grower, only)?;
        let subject = only.map_or_else(|| grower.to_string(), subject);
        self.user_act(tx, &by.name, "number.erase", &subject, now_ms)?;
        self.user_act(tx, &second.name, "number.approve", &subject, now_ms)?;
        Ok(erased)
    }
}

/// Whose number, for the audit: never the number.
fn subject(of: NumberOf) -> String {
    format!("{}-{} {}", of.grower, of.person, of.kind.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use courtyard_core::domain::{GrowerId, PersonNo};

    /// A made-up number whose check character fits.
    const ID: &str = "11010519491231002X";

    fn of(counter: u32, kind: NumberKind) -> NumberOf {
        let grower = GrowerId::new("002".parse().unwrap(), counter);
        NumberOf { grower, person: PersonNo::new(0), kind }
    }

    #[test]
    fn a_sealed_number_opens_with_its_key_in_its_own_place_only() {
        let mut rng = crate::rng::system();
        let (key, other) = (SealingKey::make(rng.as_mut()), SealingKey::make(rng.as_mut()));
        let district = DistrictId([9; 16]);
        let mine = of(1, NumberKind::Id);
        let ciphertext = seal(&key.public, &district, mine, ID, rng.as_mut()).unwrap();
        assert!(!ciphertext.windows(6).any(|bytes| ID.as_bytes().windows(6).any(|w| w == bytes)));
        let sealed = SealedNumber {
            of: mine,
            ciphertext,
            last_four: last_four(ID),
            put_ms: 0,
            by: String::new(),
            approved_by: String::new(),
        };
        assert_eq!(open(&key.private, &district, &sealed).unwrap(), ID);
        assert_eq!(sealed.last_four, "002X");
        assert!(open(&other.private, &district, &sealed).is_err());
        assert!(open(&key.private, &DistrictId([8; 16]), &sealed).is_err());
        for moved in [of(2, NumberKind::Id), of(1, NumberKind::Bank)] {
            let moved = SealedNumber { of: moved, ..sealed.clone() };
            assert!(open(&key.private, &district, &moved).is_err());
        }
        let known = SealingKey::of_private(&key.private).unwrap();
        assert_eq!(known.public, key.public);
    }

    #[test]
    fn a_number_that_cannot_be_right_is_refused() {
        let id = |text| read_number(NumberKind::Id, text);
        assert_eq!(id(" 110105 19491231 002x ").unwrap(), ID);
        for text in [
            "",
            "110105194912310021",
            "11010519491231002",
            "1101051949123100２X",
            "a".repeat(18).as_str(),
        ] {
            assert!(id(text).is_err(), "{text}");
        }
        let bank = |text| read_number(NumberKind::Bank, text);
        assert_eq!(bank("6222-0000 1234 5678").unwrap(), "6222000012345678");
        for text in ["1234567", "62220000X2345678", ""] {
            assert!(bank(text).is_err(), "{text}");
        }
    }
}
