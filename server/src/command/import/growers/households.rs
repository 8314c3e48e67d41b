//! The households that a village's register knows, to tell whether a row is one of them.

use std::collections::{BTreeMap, BTreeSet};

use courtyard_core::document::register::keys::{FLAG, GROUP, GROWER, IMPORT, NAME, PHONE};
use courtyard_core::document::{Reading, Register, Value};
use courtyard_core::domain::{DeviceNo, GrowerId, VillageNo};

use crate::log::{LogError, Reads};
use crate::office::registers::apply;

/// A household as far as it tells two apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Household {
    pub(super) id: GrowerId,
    /// Every name it ever had.
    pub(super) names: Vec<String>,
    pub(super) group: String,
    pub(super) phone: String,
    pub(super) flags: Vec<String>,
    /// It was added by a row before in the same file, whose writer tells it apart.
    pub(super) from_this_file: bool,
}

/// Those of one village.
#[derive(Debug, Default)]
pub(in crate::command::import) struct Households {
    all: BTreeMap<GrowerId, Household>,
    marks: BTreeSet<String>,
}

impl Households {
    /// Reads the newest edition of a village's register.
    pub(in crate::command::import) fn read(
        reads: &dyn Reads,
        village: VillageNo,
    ) -> Result<Self, LogError> {
        let mut known = Households::default();
        let Some(id) = reads.editions(village)?.last().copied() else { return Ok(known) };
        let mut register = Register::new(id);
        for batch in reads.register_edits_after(id, 0)? {
            apply(reads, &mut register, &batch)?;
        }
        for (row, fields) in register.rows(GROWER) {
            if let Ok(id) = row.parse() {
                known.add(id, &fields);
            }
        }
        Ok(known)
    }

    fn add(&mut self, id: GrowerId, fields: &[(String, Reading)]) {
        let mut household = Household {
            id,
            names: Vec::new(),
            group: String::new(),
            phone: String::new(),
            flags: Vec::new(),
            from_this_file: false,
        };
        for (field, reading) in fields {
            let text = || reading.value.as_text().unwrap_or_default().to_owned();
            match field.split_once('/') {
                Some((NAME, _)) => household.names.push(text()),
                Some((FLAG, flag)) if reading.value == Value::Bool(true) => {
                    household.flags.push(flag.to_owned());
                }
                Some((IMPORT, mark)) => {
                    self.marks.insert(mark.to_owned());
                }
                None if field == GROUP => household.group = text(),
                None if field == PHONE => household.phone = text(),
                _ => {}
            }
        }
        self.all.insert(id, household);
    }

    /// The households of this number or name, of today or before.
    pub(in crate::command::import) fn called(&self, text: &str) -> Vec<GrowerId> {
        let number = text.parse().ok();
        let fits = |known: &&Household| {
            Some(known.id) == number || known.names.iter().any(|name| name == text)
        };
        self.all.values().filter(fits).map(|known| known.id).collect()
    }

    /// Whether a row with this mark was imported before.
    pub(super) fn is_marked(&self, mark: &str) -> bool {
        self.marks.contains(mark)
    }

    /// The highest number that this device gave.
    pub(super) fn last_counter(&self, device: DeviceNo) -> u32 {
        let own = self.all.keys().filter(|id| id.device == device);
        own.map(|id| id.counter).max().unwrap_or(0)
    }

    /// The household that this row speaks of; none if it is a new one.
    ///
    /// # Errors
    /// A household that may be the same or may not: nobody but a person can tell.
    pub(super) fn find(
        &self,
        name: &str,
        group: &str,
        phone: &str,
    ) -> Result<Option<&Household>, GrowerId> {
        let like: Vec<&Household> = self
            .all
            .values()
            .filter(|known| known.group == group && known.names.iter().any(|n| n == name))
            .collect();
        if let Some(same) = like.iter().find(|known| known.phone == phone) {
            return Ok(Some(same));
        }
        // A phone number that only one of the two knows tells nothing against it.
        let mut open = like.iter().filter(|known| phone.is_empty() || known.phone.is_empty());
        match (open.next(), open.next()) {
            (Some(same), None) => return Ok(Some(same)),
            (Some(first), Some(_)) => return Err(first.id),
            (None, _) => {}
        }
        match like.iter().find(|known| !known.from_this_file) {
            Some(other) => Err(other.id),
            None => Ok(None),
        }
    }

    /// A household that a row has just named.
    pub(super) fn take(&mut self, id: GrowerId, household: Household, mark: String) {
        self.marks.insert(mark);
        self.all
            .entry(id)
            .and_modify(|known| {
                if known.phone.is_empty() {
                    known.phone.clone_from(&household.phone);
                }
                known.flags.extend(household.flags.iter().cloned());
            })
            .or_insert(household);
    }
}
