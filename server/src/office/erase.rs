//! Erasure (个人信息保护法 47): what the register and the sealed numbers say of a household is removed.
//! Its number stays, and the entries that carry it.

use std::collections::BTreeSet;

use courtyard_core::document::register::keys::{ERASED, GROWER, edition_key, grower_key};
use courtyard_core::document::{Register, RegisterId, Value};
use courtyard_core::domain::{BusinessDate, GrowerId, VillageNo};

use super::editions::{is_opening, keys_about, newest};
use super::error::CommandError;
use super::{Office, OfficeError};
use crate::log::{PageUser, Reads, Transaction};

/// What an erasure removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The household.
    pub grower: GrowerId,
    /// The edition that stands now.
    pub register: RegisterId,
    /// Fields of the register that are gone.
    pub fields: usize,
    /// Sealed numbers that are gone.
    pub numbers: usize,
    /// Older editions that are gone, with every edit in them.
    pub editions: Vec<RegisterId>,
    /// Fields of others of which a third value could not go along.
    pub dropped: Vec<String>,
}

impl Office {
    /// The village in whose register a household stands.
    pub(super) fn village_of(
        &self,
        reads: &dyn Reads,
        grower: GrowerId,
    ) -> Result<VillageNo, OfficeError> {
        let device = reads.device(grower.device)?;
        let village = device.and_then(|device| device.certificate.village);
        Ok(village.ok_or(CommandError::NoGrower(grower))?)
    }

    /// Checks that a household stands in its village's register and was not erased.
    pub(super) fn must_be_known(
        &mut self,
        tx: &mut dyn Transaction,
        grower: GrowerId,
    ) -> Result<(), OfficeError> {
        let id = newest(tx.reads(), self.village_of(tx.reads(), grower)?)?;
        let (register, number) = self.registers.take(tx.reads(), id)?;
        let (row, erased) =
            (register.row(GROWER, &grower.to_string()), is_erased(&register, grower));
        self.registers.keep(id, register, number);
        if row.is_empty() || erased {
            return Err(CommandError::NoGrower(grower).into());
        }
        Ok(())
    }

    /// Erases a household: its sealed numbers, and its fields from the register by a new edition;
    /// every older edition is removed with its edits. The file itself is cleaned by the caller.
    ///
    /// # Errors
    /// [`CommandError`]: no such household, a user who may not, no second person.
    pub fn erase_grower(
        &mut self,
        tx: &mut dyn Transaction,
        grower: GrowerId,
        (by, approved_by): (&str, &str),
        now_ms: i64,
    ) -> Result<Erasure, OfficeError> {
        let (by, second) = self.two_persons(tx, by, Some(approved_by), now_ms)?;
        let village = self.village_of(tx.reads(), grower)?;
        let id = newest(tx.reads(), village)?;
        let (old, number) = self.registers.take(tx.reads(), id)?;
        self.registers.keep(id, old.clone(), number);
        let back = editions_come_back(tx.reads(), &old)?;
        if !back.is_empty() && is_erased(&old, grower) {
            // A backup from before the erasure was restored: the phones brought the edition back,
            // with its marks, and only what the marks name has to go again.
            for edition in &back {
                tx.erase_edition(*edition)?;
                self.registers.forget(*edition);
            }
            let numbers = tx.erase_sealed(grower, None)?;
            tx.erase_cards(grower)?;
            tx.end_page_sessions(Some(&PageUser::Grower(grower)))?;
            self.user_act(tx, &by.name, "grower.erase", &grower.to_string(), now_ms)?;
            self.user_act(tx, &second.name, "grower.erase.approve", &grower.to_string(), now_ms)?;
            let (fields, dropped) = (0, Vec::new());
            return Ok(Erasure { grower, register: id, fields, numbers, editions: back, dropped });
        }
        self.must_be_known(tx, grower)?;
        let about: BTreeSet<String> = keys_about(&old, grower);
        let editions = tx.editions(village)?;
        let mut marks = vec![(grower_key(grower, ERASED), Value::Bool(true))];
        for edition in &editions {
            marks.push((edition_key(edition.edition, ERASED), Value::Bool(true)));
        }
        let keep = |key: &str| !is_opening(key) && !about.contains(key);
        let year = BusinessDate::at(now_ms.div_euclid(1_000)).to_string();
        let year = year.split('-').next().and_then(|year| year.parse().ok()).unwrap_or(0);
        let opened = self.open_next(tx, &old, keep, year, marks, now_ms)?;
        for edition in &editions {
            tx.erase_edition(*edition)?;
            self.registers.forget(*edition);
        }
        let numbers = tx.erase_sealed(grower, None)?;
        tx.erase_cards(grower)?;
        tx.end_page_sessions(Some(&PageUser::Grower(grower)))?;
        self.user_act(tx, &by.name, "grower.erase", &grower.to_string(), now_ms)?;
        self.user_act(tx, &second.name, "grower.erase.approve", &grower.to_string(), now_ms)?;
        Ok(Erasure {
            grower,
            register: opened.register,
            fields: about.len(),
            numbers,
            editions,
            dropped: opened.dropped,
        })
    }
}

/// Whether the office has erased a household.
fn is_erased(register: &Register, grower: GrowerId) -> bool {
    let mark = register.reading(&grower_key(grower, ERASED));
    mark.is_some_and(|mark| mark.value == Value::Bool(true))
}

/// Editions that the newest one marks as erased and that the log holds all the same.
fn editions_come_back(
    reads: &dyn Reads,
    newest: &Register,
) -> Result<Vec<RegisterId>, OfficeError> {
    let mut editions = reads.editions(newest.id().village)?;
    editions.retain(|id| {
        let mark = newest.reading(&edition_key(id.edition, ERASED));
        mark.is_some_and(|mark| mark.value == Value::Bool(true))
    });
    Ok(editions)
}
