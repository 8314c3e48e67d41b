//! A shared phone: helpers enter a PIN, and what they write carries their number.
//!
//! PINs are argon2id hashes with 7 MiB, 5 passes and one lane (the smallest set that OWASP lists): a
//! cheap phone takes a fraction of a second and keeps within its memory. A PIN of four digits is
//! guessed by whoever holds the file; against whoever holds the phone, wrong tries make one wait,
//! by the time since start-up, which nobody can set.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::domain::roster::Member;
use crate::domain::{Clock, GrowerId, OperatorNo};
use crate::store::{OperatorRow, Shift, StoreError};

use super::{Steward, StewardError};

/// The phone's own steward.
const OWN: OperatorNo = OperatorNo::new(0);
/// So many wrong tries in a row cost nothing.
const FREE_TRIES: u32 = 3;
/// What the next one costs; each further one twice as much.
const FIRST_WAIT_S: i64 = 30;
/// What a wrong try costs at the most.
const LONGEST_WAIT_S: i64 = 3_600;

/// Why an operator cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OperatorError {
    /// Nobody has entered their PIN.
    #[error("nobody has entered their PIN")]
    Locked,
    /// The PIN is another one.
    #[error("the PIN is wrong")]
    WrongPin {
        /// How long to wait before the next try.
        wait_s: i64,
    },
    /// Too many wrong tries: wait.
    #[error("too many wrong PINs: wait {wait_s} s")]
    Waits {
        /// How long still.
        wait_s: i64,
    },
    /// The PIN is too short, too long or too plain.
    #[error("a PIN has 4 to 8 digits and is not one that everybody tries")]
    PlainPin,
    /// The roster does not have them in this village.
    #[error("operator {0} is not in the roster of this village")]
    NotInRoster(OperatorNo),
    /// Only the phone's own steward says who works here.
    #[error("only the phone's own steward may do this")]
    NotTheSteward,
    /// A name is wanted.
    #[error("an operator has a name")]
    NoName,
}

/// A person who may work at this phone, as a list shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Their number in the district's roster; 0 is the phone's own steward.
    pub number: OperatorNo,
    /// Their name.
    pub name: String,
    /// How long they have to wait after wrong tries.
    pub wait_s: i64,
    /// Whether it is they who work now.
    pub works: bool,
}

impl Steward {
    /// Who works at this phone now: what they write carries the number. For the phone's own steward
    /// it is whom the district's roster names for the phone; 0 if it names nobody.
    ///
    /// Without a PIN it is the phone's own steward. A shift ends when it is locked, and when the
    /// phone starts anew.
    ///
    /// # Errors
    /// [`OperatorError::Locked`] if the steward has a PIN and nobody has entered theirs.
    pub fn operator(&self) -> Result<OperatorNo, StewardError> {
        match self.works()? {
            OWN => Ok(self.store.operator_of(self.device()?)?),
            other => Ok(other),
        }
    }

    /// Whether this is the own household of whoever works at the phone.
    ///
    /// # Errors
    /// The store's own.
    pub fn is_own_household(&self, grower: GrowerId) -> Result<bool, StewardError> {
        Ok(self.store.is_own_household(self.operator()?, grower)?)
    }

    /// Whose shift it is, 0 for the phone's own steward.
    fn works(&self) -> Result<OperatorNo, StewardError> {
        if let Some(shift) = self.store.shift()?
            && shift.since_uptime_s <= self.clock.read().uptime_s
        {
            return Ok(shift.operator);
        }
        match self.store.operator(OWN)? {
            Some(_) => Err(OperatorError::Locked.into()),
            None => Ok(OWN),
        }
    }

    /// Lets somebody work here by PIN, or gives them a new one; 0 gives the phone's own steward a
    /// PIN. Once the district has a roster for this village, only its people can be added.
    ///
    /// # Errors
    /// [`OperatorError`], or the store's own.
    pub fn add_operator(
        &mut self,
        number: OperatorNo,
        name: Option<&str>,
        pin: &str,
    ) -> Result<Operator, StewardError> {
        self.must_be_steward()?;
        let roster = self.roster()?;
        let listed = roster.iter().find(|member| member.number == number);
        let name = match listed {
            Some(member) => member.name.clone(),
            None if number != OWN && !roster.is_empty() => {
                return Err(OperatorError::NotInRoster(number).into());
            }
            None => name.map(str::trim).unwrap_or_default().to_owned(),
        };
        if name.is_empty() && number != OWN {
            return Err(OperatorError::NoName.into());
        }
        if !is_pin(pin) {
            return Err(OperatorError::PlainPin.into());
        }
        let mut salt = [0; 16];
        self.rng.fill_bytes(&mut salt);
        let pin_hash = hasher()?
            .hash_password_with_salt(pin.as_bytes(), &salt)
            .map_err(StoreError::inconsistent)?
            .to_string();
        let row = OperatorRow { number, name, pin_hash, wrong: 0, wrong_at: Clock::default() };
        self.store.put_operator(&row)?;
        Ok(Operator { number, name: row.name, wait_s: 0, works: self.works().ok() == Some(number) })
    }

    /// Somebody no longer works here; what they wrote stays. Removing 0 takes the steward's PIN
    /// away.
    ///
    /// # Errors
    /// [`OperatorError::NotTheSteward`], [`StewardError::Unknown`], or the store's own.
    pub fn remove_operator(&mut self, number: OperatorNo) -> Result<(), StewardError> {
        self.must_be_steward()?;
        if !self.store.remove_operator(number)? {
            return Err(StewardError::Unknown { what: number.to_string() });
        }
        Ok(())
    }

    /// Who may work here.
    ///
    /// # Errors
    /// The store's own.
    pub fn operators(&self) -> Result<Vec<Operator>, StewardError> {
        let now = self.clock.read();
        let works = self.works().ok();
        let operator = |row: OperatorRow| Operator {
            wait_s: wait_s(&row, now),
            works: works == Some(row.number),
            number: row.number,
            name: row.name,
        };
        Ok(self.store.operators()?.into_iter().map(operator).collect())
    }

    /// Begins a shift.
    ///
    /// # Errors
    /// [`OperatorError::WrongPin`], [`OperatorError::Waits`], [`StewardError::Unknown`], or the
    /// store's own.
    pub fn login(&mut self, number: OperatorNo, pin: &str) -> Result<Operator, StewardError> {
        let known = self.store.operator(number)?;
        let row = known.ok_or_else(|| StewardError::Unknown { what: number.to_string() })?;
        let roster = self.roster()?;
        let left = number != OWN
            && !roster.is_empty()
            && !roster.iter().any(|member| member.number == number);
        if left {
            return Err(OperatorError::NotInRoster(number).into());
        }
        let now = self.clock.read();
        let wait = wait_s(&row, now);
        if wait > 0 {
            return Err(OperatorError::Waits { wait_s: wait }.into());
        }
        // Counted before it is checked: who takes the battery out gains nothing by it.
        let tried = OperatorRow { wrong: row.wrong.saturating_add(1), wrong_at: now, ..row };
        self.store.put_operator(&tried)?;
        let hash = PasswordHash::new(&tried.pin_hash).map_err(StoreError::inconsistent)?;
        if hasher()?.verify_password(pin.as_bytes(), &hash).is_err() {
            return Err(OperatorError::WrongPin { wait_s: wait_s(&tried, now) }.into());
        }
        let since_uptime_s = now.uptime_s;
        self.store.set_shift(Some(Shift { operator: number, since_uptime_s }))?;
        Ok(Operator { number, name: tried.name, wait_s: 0, works: true })
    }

    /// Ends the shift.
    ///
    /// # Errors
    /// The store's own.
    pub fn lock(&mut self) -> Result<(), StewardError> {
        Ok(self.store.set_shift(None)?)
    }

    fn must_be_steward(&self) -> Result<(), StewardError> {
        if self.works()? != OWN {
            return Err(OperatorError::NotTheSteward.into());
        }
        Ok(())
    }

    /// The people of the district's roster who work in this village now; empty before the district
    /// has published any.
    fn roster(&self) -> Result<Vec<Member>, StewardError> {
        let village = self.village()?;
        let mut members = self.store.roster()?;
        members.retain(|member| member.active && member.village == Some(village));
        Ok(members)
    }
}

fn hasher() -> Result<Argon2<'static>, StoreError> {
    let params = Params::new(7_168, 5, 1, None).map_err(StoreError::inconsistent)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Four to eight digits that are not all the same and do not count up or down.
fn is_pin(pin: &str) -> bool {
    let digits: Option<Vec<u32>> = pin.chars().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| (4..=8).contains(&digits.len())) else {
        return false;
    };
    let steps: Vec<i64> = digits
        .iter()
        .zip(digits.iter().skip(1))
        .map(|(one, next)| i64::from(*next).saturating_sub(i64::from(*one)))
        .collect();
    ![-1, 0, 1].iter().any(|plain| steps.iter().all(|step| step == plain))
}

/// How long an operator has to wait after wrong tries.
fn wait_s(row: &OperatorRow, now: Clock) -> i64 {
    if row.wrong < FREE_TRIES {
        return 0;
    }
    let doublings = row.wrong.saturating_sub(FREE_TRIES).min(16);
    let wait = FIRST_WAIT_S.saturating_mul(1 << doublings).min(LONGEST_WAIT_S);
    let passed = if now.uptime_s == 0 && row.wrong_at.uptime_s == 0 {
        // A system that does not say how long it runs has only the wall clock.
        now.wall_s.saturating_sub(row.wrong_at.wall_s)
    } else if now.uptime_s >= row.wrong_at.uptime_s {
        now.uptime_s.saturating_sub(row.wrong_at.uptime_s)
    } else {
        // Started anew since: only that time has surely passed.
        now.uptime_s
    };
    wait.saturating_sub(passed.max(0)).max(0)
}

#[cfg(test)]
mod tests;
