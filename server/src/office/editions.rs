//! Editions of a village's register: opened each year and for an erasure; what phones still write in
//! an older one is carried into the newest.

use std::collections::BTreeSet;

use courtyard_core::document::register::keys::{
    ABOUT, DRAFT, EDITION, ERASED, GROWER, Key, NOTE, OPENED, PERSON, edition_key, grower_key,
    person_of_row,
};
use courtyard_core::document::register::{Opened, Reading};
use courtyard_core::document::{
    DocumentId, Edit, Head, HeadStatement, Register, RegisterId, Value,
};
use courtyard_core::domain::{GrowerId, VillageNo};

use super::error::CommandError;
use super::{Office, OfficeError, actor};
use crate::log::{Device, NewEditBatch, Reads, Transaction};

/// Edits in one batch: a phone's answer must hold a whole one.
const EDITS_PER_BATCH: usize = 20;

/// An edition that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEdition {
    /// Which.
    pub register: RegisterId,
    /// Its year.
    pub year: i64,
    /// False if this year's edition was open already.
    pub opened: bool,
    /// Fields of which a third value could not go along.
    pub dropped: Vec<String>,
}

impl Office {
    /// Opens a village's edition of a year from what its register says now. Conflicts stay
    /// conflicts. One that is open already is answered as it is.
    ///
    /// # Errors
    /// [`CommandError::NoVillage`]; [`CommandError::Unsettled`] if a field holds three values or
    /// more, which an opening could not keep; or the log's error.
    pub fn open_year(
        &mut self,
        tx: &mut dyn Transaction,
        village: VillageNo,
        year: i64,
        now_ms: i64,
    ) -> Result<NewEdition, OfficeError> {
        let id = newest(tx.reads(), village)?;
        let (old, number) = self.registers.take(tx.reads(), id)?;
        let stands = old.reading(&edition_key(id.edition, OPENED)).map(|reading| reading.value);
        self.registers.keep(id, old.clone(), number);
        if matches!(stands, Some(Value::Int(opened)) if opened >= year) {
            return Ok(NewEdition { register: id, year, opened: false, dropped: Vec::new() });
        }
        let keep = |key: &str| !is_opening(key);
        let opened = self.open_next(tx, &old, keep, year, Vec::new(), now_ms)?;
        if !opened.dropped.is_empty() {
            return Err(CommandError::Unsettled(opened.dropped).into());
        }
        self.note_act(tx, "register.open", &opened.register.to_string(), now_ms)?;
        Ok(opened)
    }

    /// Opens the edition after this one, without what `keep` leaves out.
    pub(super) fn open_next(
        &mut self,
        tx: &mut dyn Transaction,
        old: &Register,
        keep: impl Fn(&str) -> bool,
        year: i64,
        mut marks: Vec<(String, Value)>,
        now_ms: i64,
    ) -> Result<NewEdition, OfficeError> {
        let id = old.id();
        let (village, county) = self.writers(tx.reads(), id.village)?;
        let edition = id.edition.saturating_add(1);
        // The last assignment of the last edit: whoever has it has the whole opening.
        marks.push((edition_key(edition, OPENED), Value::Int(year)));
        let opener = (village.number(), &actor(&village));
        let carrier = (county.number(), &actor(&county));
        let Opened { register, edits, dropped } = old
            .open_next_edition_unsettled(opener, carrier, keep, marks)
            .map_err(|error| OfficeError::Document(error.to_string()))?;
        let new = register.id();
        tx.open_edition(new, now_ms)?;
        let number = self.append_signed(tx, new, &edits, now_ms)?;
        self.registers.keep(new, register, number.unwrap_or(0));
        let dropped = dropped.into_iter().map(|(key, _)| key).collect();
        Ok(NewEdition { register: new, year, opened: true, dropped })
    }

    /// The office's own devices that write in a village's register: the village's, which opens and
    /// settles, and the county's, which carries beside it.
    fn writers(
        &self,
        reads: &dyn Reads,
        village: VillageNo,
    ) -> Result<(Device, Device), OfficeError> {
        let of_village = reads.office_device(Some(village))?;
        let of_village = of_village.ok_or(CommandError::NoVillage(village.get()))?;
        let of_county = reads.office_device(None)?.ok_or(CommandError::NoVillage(0))?;
        Ok((of_village, of_county))
    }

    /// Appends edits of the office's devices, each run of a device in signed batches. Gives the
    /// number of the last.
    fn append_signed(
        &self,
        tx: &mut dyn Transaction,
        register: RegisterId,
        edits: &[(Edit, Head)],
        now_ms: i64,
    ) -> Result<Option<u64>, OfficeError> {
        let mut number = None;
        for run in edits.chunk_by(|(one, _), (next, _)| one.device == next.device) {
            for batch in run.chunks(EDITS_PER_BATCH) {
                let Some((last, head)) = batch.last() else { continue };
                let statement = HeadStatement {
                    district: *self.keys.district(),
                    device: last.device,
                    document: DocumentId::Register(register),
                    count: last.number,
                    head: *head,
                };
                let edits: Vec<Edit> = batch.iter().map(|(edit, _)| edit.clone()).collect();
                number = Some(tx.append_edits(&NewEditBatch {
                    register,
                    device: last.device,
                    edits: &edits,
                    head: Some(*head),
                    signature: statement.sign(&self.keys.device_key(last.device)),
                    now_ms,
                })?);
            }
        }
        Ok(number)
    }

    /// Carries edits that came for an older edition into the newest: as a conflict where the value
    /// has changed meanwhile.
    pub(super) fn carry_late(
        &mut self,
        tx: &mut dyn Transaction,
        id: RegisterId,
        late: &[Edit],
        now_ms: i64,
    ) -> Result<(), OfficeError> {
        let newest = newest(tx.reads(), id.village)?;
        if newest == id {
            return Ok(());
        }
        let (village, county) = self.writers(tx.reads(), id.village)?;
        let (old, old_number) = self.registers.take(tx.reads(), id)?;
        let (mut register, mut number) = self.registers.take(tx.reads(), newest)?;
        for edit in late {
            let mut edit = edit.clone();
            edit.assignments.retain(|(key, _)| may_be_carried(&register, key));
            if edit.assignments.is_empty() {
                continue;
            }
            let carrier = (county.number(), &actor(&county));
            let settler = (village.number(), &actor(&village));
            let carried = register
                .carry_forward(carrier, settler, &edit, Some(&old))
                .map_err(|error| OfficeError::Document(error.to_string()))?;
            if let Some(last) = self.append_signed(tx, newest, &carried.edits, now_ms)? {
                number = last;
            }
            for (key, _) in carried.replaced {
                // The value still stands in the old edition; the list of acts says where to look.
                self.note_act(tx, "register.carried_over", &format!("{id} {key}"), now_ms)?;
            }
        }
        self.registers.keep(id, old, old_number);
        self.registers.keep(newest, register, number);
        Ok(())
    }
}

/// The newest edition of a village's register.
pub(super) fn newest(reads: &dyn Reads, village: VillageNo) -> Result<RegisterId, OfficeError> {
    let last = reads.editions(village)?.last().copied();
    Ok(last.ok_or(CommandError::NoVillage(village.get()))?)
}

/// Whether a key says that an edition was opened: true of that edition only.
pub(super) fn is_opening(key: &str) -> bool {
    Key::parse(key).is_some_and(|key| key.table == EDITION && key.field == OPENED)
}

/// The grower whose personal fields a key holds.
fn grower_of(key: &Key<'_>) -> Option<GrowerId> {
    match key.table {
        GROWER => key.row.parse().ok(),
        PERSON => person_of_row(key.row).map(|(grower, _)| grower),
        _ => None,
    }
}

/// A late edit says nothing of editions, and nothing of a household that was erased meanwhile.
fn may_be_carried(register: &Register, key: &str) -> bool {
    let Some(key) = Key::parse(key) else { return false };
    let erased = |grower: GrowerId| {
        let mark = register.reading(&grower_key(grower, ERASED));
        mark.is_some_and(|mark| mark.value == Value::Bool(true))
    };
    key.table != EDITION && !grower_of(&key).is_some_and(erased)
}

/// The keys of a register that hold what it says of a household: its own fields, its persons, and
/// the remarks and drafts about it.
pub(super) fn keys_about(register: &Register, grower: GrowerId) -> BTreeSet<String> {
    let number = grower.to_string();
    let says_so = |(field, reading): &(String, Reading)| {
        field == ABOUT && reading.values().any(|value| value.as_text() == Some(&number))
    };
    let mut rows: BTreeSet<(&str, String)> = BTreeSet::new();
    for list in [NOTE, DRAFT] {
        for (row, fields) in register.rows(list) {
            if fields.iter().any(says_so) {
                rows.insert((list, row));
            }
        }
    }
    register
        .readings()
        .map(|(key, _)| key)
        .filter(|text| {
            Key::parse(text).is_some_and(|key| {
                grower_of(&key) == Some(grower)
                    || rows.iter().any(|(list, row)| key.table == *list && key.row == row)
            })
        })
        .collect()
}
