//! Users of the office: their passwords as argon2id hashes, and a line for every act.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use courtyard_core::domain::OperatorNo;
use rand_core::CryptoRng;

use super::acting::Role;
use super::error::CommandError;
use super::{Office, OfficeError};
use crate::log::{Act, LogError, PageUser, Reads, Transaction, User};

/// What a user may do, in the words of the console.
pub const ROLES: [&str; 5] = ["clerk", "reviewer", "manager", "auditor", "administrator"];

/// Below this a password is guessed.
const LEAST_PASSWORD_CHARS: usize = 10;

/// No letter that is mistaken for another when a person copies it from a screen.
const LETTERS: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz-";
/// 80 bits: more than anybody guesses against argon2id.
const MADE_CHARS: usize = 16;

/// A password that nobody guesses and anybody can copy.
pub fn make_password(rng: &mut dyn CryptoRng) -> String {
    let mut bytes = [0; MADE_CHARS];
    rng.fill_bytes(&mut bytes);
    let letter = |byte: &u8| LETTERS.get(usize::from(byte & 31)).copied().map_or('2', char::from);
    bytes.iter().map(letter).collect()
}

/// A hash that nobody's password has: comparing with it takes as long as with a real one, so that
/// the time of an answer does not tell which names exist.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$\
    Y291cnR5YXJkLW5vYm9keQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The argon2id hash of a password or PIN, as a PHC string.
pub(super) fn hash_secret(secret: &str, rng: &mut dyn CryptoRng) -> Result<String, OfficeError> {
    let mut salt = [0; 16];
    rng.fill_bytes(&mut salt);
    let hash = Argon2::default().hash_password_with_salt(secret.as_bytes(), &salt);
    Ok(hash.map_err(|e| OfficeError::Document(e.to_string()))?.to_string())
}

/// Whether a password or PIN has this hash; it takes as long where there is none.
pub(super) fn holds(stored: Option<&str>, secret: &str) -> Result<bool, OfficeError> {
    let hash = PasswordHash::new(stored.unwrap_or(NOBODY))
        .map_err(|e| OfficeError::Document(e.to_string()))?;
    Ok(Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok() && stored.is_some())
}

/// Whether this user is an administrator and nobody else is.
fn is_last_administrator(reads: &dyn Reads, name: &str) -> Result<bool, LogError> {
    let administrators =
        reads.users()?.into_iter().filter(|user| user.role == Role::Administrator.word());
    let names: Vec<String> = administrators.map(|user| user.name).collect();
    Ok(names.len() == 1 && names.iter().any(|only| only == name))
}

impl Office {
    /// Adds a user with a number of the roster, or gives one a new password and role; answers
    /// their number.
    ///
    /// # Errors
    /// [`CommandError::User`] if the name, role or password cannot be taken.
    pub fn put_user(
        &mut self,
        tx: &mut dyn Transaction,
        name: &str,
        role: &str,
        password: &str,
        now_ms: i64,
        rng: &mut dyn CryptoRng,
    ) -> Result<OperatorNo, OfficeError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 40 || name.chars().any(char::is_control) {
            return Err(CommandError::User("a name has 1 to 40 characters").into());
        }
        if !ROLES.contains(&role) {
            return Err(CommandError::User(
                "a role is one of clerk, reviewer, manager, auditor, administrator",
            )
            .into());
        }
        if role != Role::Administrator.word() && is_last_administrator(tx.reads(), name)? {
            return Err(CommandError::said(
                "这是最后一位管理员，改了角色就没有人能管理用户。没有改动。请先另设一位管理员。",
                "This is the last administrator; with another role nobody could keep the users. \
                 Nothing was changed. Give somebody else that role first.",
            )
            .into());
        }
        if password.chars().count() < LEAST_PASSWORD_CHARS {
            return Err(CommandError::User("a password has at least 10 characters").into());
        }
        let password_hash = hash_secret(password, rng)?;
        let known = tx.user(name)?;
        let mut user = User {
            name: name.to_owned(),
            role: role.to_owned(),
            password_hash,
            since_ms: known.as_ref().map_or(now_ms, |user| user.since_ms),
            operator: known.map(|user| user.operator).unwrap_or_default(),
        };
        self.number_user(tx, &mut user, now_ms)?;
        tx.put_user(&user)?;
        // Whoever signed in with the password before signs in again.
        tx.end_page_sessions(Some(&PageUser::Office(user.name.clone())))?;
        Ok(user.operator)
    }

    /// The user, if the password is theirs. It takes as long for a name that does not exist.
    ///
    /// # Errors
    /// The log's error.
    pub fn verify_user(
        reads: &dyn Reads,
        name: &str,
        password: &str,
    ) -> Result<Option<User>, OfficeError> {
        let user = reads.user(name.trim())?;
        let holds = holds(user.as_ref().map(|user| user.password_hash.as_str()), password)?;
        Ok(user.filter(|_| holds))
    }

    /// Adds what a user did to the list that the auditor reads.
    ///
    /// # Errors
    /// The log's error.
    pub fn user_act(
        &self,
        tx: &mut dyn Transaction,
        user: &str,
        act: &str,
        subject: &str,
        now_ms: i64,
    ) -> Result<(), OfficeError> {
        tx.put_act(&Act {
            at_ms: now_ms,
            actor: user.to_owned(),
            act: act.to_owned(),
            subject: subject.to_owned(),
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::place::tests::node;
    use crate::rng;

    #[test]
    fn a_password_that_was_made_is_taken_and_never_the_same() {
        let (mut node, _folder) = node();
        let (one, two) =
            (make_password(rng::system().as_mut()), make_password(rng::system().as_mut()));
        assert_ne!(one, two);
        assert_eq!(one.chars().count(), MADE_CHARS);
        node.put_user("王经办", "clerk", &one).unwrap();
        let reads = node.read().unwrap();
        assert!(Office::verify_user(reads.as_ref(), "王经办", &one).unwrap().is_some());
        assert!(Office::verify_user(reads.as_ref(), "王经办", &two).unwrap().is_none());
    }
}
