//! Sessions: a challenge needs no memory, a token is known to the log by its hash.
//!
//! A challenge is its end and a MAC over it. The token is derived from the challenge that
//! was signed, so the same request sent twice opens the same session.

use courtyard_core::document::verify_challenge;
use courtyard_core::domain::DeviceNo;
use courtyard_core::wire::{
    Auth, Challenge, Door, SessionRequest, SessionResponse, SyncRequest, Token,
};
use sha2::{Digest as _, Sha256};

use super::{Office, OfficeError, county};
use crate::log::{County, Device, DeviceState, LogError, Reads, Session, Transaction};

const DAY_MS: i64 = 24 * 3_600 * 1_000;
/// A phone without signal for a week must still open a session without another round trip.
const CHALLENGE_LIVES_MS: i64 = 30 * DAY_MS;
/// A session ends by the server's clock.
const SESSION_LIVES_MS: i64 = 30 * DAY_MS;

/// Who sent a request, and the session that the request opens, if it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticated {
    /// The device.
    pub device: Device,
    /// A session to be written, with its token and the next challenge.
    pub opened: Option<(Session, Token, Challenge)>,
}

/// SHA-256 of a token or an invitation's code.
pub(crate) fn hash(secret: &[u8]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// HMAC-SHA-256 (RFC 2104) with a key of 32 bytes.
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let pad = |with: u8| {
        let mut block = [with; 64];
        for (byte, key) in block.iter_mut().zip(key) {
            *byte ^= key;
        }
        block
    };
    let mut inner = Sha256::new();
    inner.update(pad(0x36));
    for part in parts {
        inner.update(part);
    }
    let mut outer = Sha256::new();
    outer.update(pad(0x5C));
    outer.update(inner.finalize());
    outer.finalize().into()
}

/// Equal or not, in a time that does not tell where they differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0_u8, |seen, (x, y)| seen | (x ^ y)) == 0
}

fn challenge_ending(county: &County, end_ms: i64) -> Challenge {
    let end = end_ms.to_be_bytes();
    let seal = mac(&county.secret, &[b"challenge", &county.district.0, &end]);
    Challenge(end.iter().chain(seal.iter().take(16)).copied().collect())
}

/// A challenge to sign. It names no device: what is signed does.
pub fn challenge(county: &County, now_ms: i64) -> Challenge {
    challenge_ending(county, now_ms.saturating_add(CHALLENGE_LIVES_MS))
}

/// Whether this server gave the challenge, and it has not ended.
fn holds(county: &County, challenge: &Challenge, now_ms: i64) -> bool {
    let Some(end) = challenge.0.first_chunk::<8>().map(|end| i64::from_be_bytes(*end)) else {
        return false;
    };
    end >= now_ms && same(&challenge_ending(county, end).0, &challenge.0)
}

/// The session that a signed challenge opens.
pub(super) fn session_of(
    county: &County,
    device: DeviceNo,
    challenge: &Challenge,
    now_ms: i64,
) -> (Session, Token) {
    let seal = mac(&county.secret, &[b"token", &device.get().to_be_bytes(), &challenge.0]);
    let mut token = [0; 16];
    token.copy_from_slice(seal.first_chunk::<16>().unwrap_or(&[0; 16]));
    let session = Session {
        token_hash: hash(&token),
        device,
        expires_ms: now_ms.saturating_add(SESSION_LIVES_MS),
    };
    (session, Token(token))
}

impl Office {
    /// Finds out who sent a request. Nothing is written; a session to open is handed back.
    ///
    /// # Errors
    /// [`OfficeError::Session`] with a challenge to sign, or [`Door::UnknownDevice`].
    pub fn authenticate(
        &self,
        reads: &dyn Reads,
        auth: &Auth,
        now_ms: i64,
    ) -> Result<Authenticated, OfficeError> {
        let county = county(reads)?;
        let next = challenge(&county, now_ms);
        match auth {
            Auth::Token(token) => {
                let session = reads
                    .session(&hash(&token.0))?
                    .filter(|session| session.expires_ms >= now_ms)
                    .ok_or(OfficeError::Session(Door::SessionWanted, next))?;
                let device = reads.device(session.device)?.ok_or(Door::UnknownDevice)?;
                Ok(Authenticated { device, opened: None })
            }
            Auth::Signed { device: number, challenge: given, signature } => {
                let device = reads.device(*number)?.ok_or(Door::UnknownDevice)?;
                let ours = holds(&county, given, now_ms);
                let key = device.public_key();
                if !ours
                    || verify_challenge(&key, &county.district, *number, &given.0, signature)
                        .is_err()
                {
                    return Err(OfficeError::Session(Door::BadChallenge, next));
                }
                let (session, token) = session_of(&county, *number, given, now_ms);
                Ok(Authenticated { device, opened: Some((session, token, next)) })
            }
        }
    }

    /// Gives a challenge to sign.
    ///
    /// Also to an unknown device: it may have been enrolled after the backup that this server
    /// was restored from, and then presents its certificate with its sync.
    ///
    /// # Errors
    /// The log's error.
    pub fn ask(reads: &dyn Reads, now_ms: i64) -> Result<SessionResponse, OfficeError> {
        let challenge = challenge(&county(reads)?, now_ms);
        Ok(SessionResponse { token: None, challenge })
    }

    /// Asks for a challenge or opens a session, apart from a sync.
    ///
    /// # Errors
    /// As [`authenticate`](Self::authenticate).
    pub fn session(
        &self,
        tx: &mut dyn Transaction,
        request: &SessionRequest,
        now_ms: i64,
    ) -> Result<SessionResponse, OfficeError> {
        match request {
            SessionRequest::Ask { .. } => Self::ask(tx.reads(), now_ms),
            SessionRequest::Open { device, challenge, signature } => {
                let auth = Auth::Signed {
                    device: *device,
                    challenge: challenge.clone(),
                    signature: *signature,
                };
                let who = self.authenticate(tx.reads(), &auth, now_ms)?;
                let (session, token, challenge) = who.opened.ok_or(Door::BadChallenge)?;
                open(tx, &session, now_ms)?;
                Ok(SessionResponse { token: Some(token), challenge })
            }
        }
    }

    /// Whether a request needs the writer: it brings something, or it opens a session.
    pub fn writes(request: &SyncRequest) -> bool {
        !request.books.is_empty()
            || !request.edits.is_empty()
            || !request.certificates.is_empty()
            || matches!(request.auth, Auth::Signed { .. })
    }
}

/// Writes a session and takes the ended ones away.
pub(super) fn open(
    tx: &mut dyn Transaction,
    session: &Session,
    now_ms: i64,
) -> Result<(), LogError> {
    tx.prune_sessions(now_ms)?;
    tx.put_session(session)
}

/// Whether a device may only upload.
pub(super) fn upload_only(device: &Device) -> bool {
    device.state == DeviceState::Revoked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mac_is_hmac_sha_256_as_in_rfc_4231() {
        // Test case 2, its key padded with zeros to the 32 bytes that we always have: the padding
        // is what RFC 2104 does anyway.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(
            hex::encode(mac(&key, &[b"what do ya want ", b"for nothing?"])),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn bytes_are_the_same_only_if_all_are() {
        assert!(same(b"abc", b"abc"));
        assert!(!same(b"abc", b"abd"));
        assert!(!same(b"abc", b"ab"));
    }
}
