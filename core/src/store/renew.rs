//! A new key and a new number for a phone that was copied or put back from a backup: what the server
//! does not have is issued again under them.
//!
//! Of the old number's books stays what the server has as well. The rest is set aside with its
//! evidence, and every fact of it is written anew, naming the entry that it was.

use std::collections::BTreeSet;

use rusqlite::Transaction;

use crate::document::register::keys::{
    ABOUT, GROWER, Key, NAME, PERSON, person_of_row, person_row,
};
use crate::document::{self, DocumentId, Value};
use crate::domain::device::DeviceCertificate;
use crate::domain::entry::Origin;
use crate::domain::renumber::Renumbering;
use crate::domain::{Body, ContractId, DeviceNo, Entry, EntryHash, EntryId, GrowerId, VillageNo};
use crate::sync::Session;
use crate::wire::{BookPart, Cursor, Door};

use super::Store;
use super::books::{self, BookRow};
use super::error::StoreError;
use super::parked::Part;
use super::project::Projector;
use super::registers::{self, Registers};
use super::set_aside::{self, SetAside};
use super::signer::{self, NewEntry, Signer};
use super::verify::Trust;
use super::{certificates, entries, meta, rebuild, replica};

/// The code under which the entries of the former number are set aside.
const REISSUED: &str = "phone.reissued";

/// What an enrolment under a new key brought; all of it has been checked.
#[derive(Debug, Clone, Copy)]
pub struct Renewal<'r> {
    /// Whom to believe.
    pub trust: &'r Trust,
    /// The secret seed of the new key.
    pub seed: &'r [u8; 32],
    /// The signer of the new key.
    pub signer: &'r Signer,
    /// The office's certificates.
    pub others: &'r [DeviceCertificate],
    /// The server's place.
    pub server: &'r str,
    /// The open session.
    pub session: &'r Session,
}

/// What was issued again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Renewed {
    /// Entries: the former number and the new one.
    pub entries: Vec<(EntryId, EntryId)>,
    /// Growers that only this phone knew.
    pub growers: Vec<(GrowerId, GrowerId)>,
    /// Contracts that only this phone knew.
    pub contracts: Vec<(ContractId, ContractId)>,
    /// Edits of the register that were made again.
    pub edits: u32,
    /// Entries of a newer kind, which this build cannot write: they stay set aside.
    pub left: Vec<EntryId>,
}

impl Store {
    /// Takes a new key and number, in one transaction.
    ///
    /// # Errors
    /// The store's own; then everything is as it was.
    pub fn renew(&mut self, old: &Signer, renewal: &Renewal<'_>) -> Result<Renewed, StoreError> {
        let seed = self.seeds.close(renewal.seed)?;
        self.write(|transaction, registers| {
            let mut renewed = Renewed::default();
            let mut numbers = Renumbering::default();
            let tail = cut_books(transaction, old)?;
            let edits = cut_edits(transaction, registers, old)?;
            switch(transaction, old, renewal, &seed)?;
            // What was cut off is in nobody's balance before it is written again.
            let district = rebuild::entries(transaction)?;
            registers.project_all(transaction)?;
            number_anew(&tail, &edits, renewal.signer.device(), old, &mut numbers, &mut renewed);
            for (village, assignments) in edits {
                let id = registers.current(transaction, village)?;
                let assignments = renumbered(&numbers, assignments);
                registers.commit(transaction, renewal.signer, id, assignments)?;
                renewed.edits = renewed.edits.saturating_add(1);
            }
            let mut projector = Projector::new(district.clone());
            for (id, bytes) in tail {
                let entry = Entry::decode(&bytes).map_err(StoreError::inconsistent)?;
                if let Body::Unknown { .. } = entry.body {
                    renewed.left.push(id);
                    continue;
                }
                let hash = EntryHash::of(&bytes);
                let envelope = entry.envelope;
                let new = NewEntry {
                    date: envelope.date,
                    clock: envelope.clock,
                    entity: envelope.entity,
                    operator: envelope.operator,
                    body: numbers.body(&entry.body),
                    // Issued again twice, it is still the first one.
                    reissue_of: envelope.reissue_of.or(Some(Origin { id, hash })),
                };
                let saved = signer::save(transaction, renewal.signer, &mut projector, new)?;
                numbers.entry((id, hash), (saved.id, saved.hash));
                transaction
                    .prepare_cached("UPDATE import_keys SET entry = ?2 WHERE entry = ?1")?
                    .execute((id.key(), saved.id.key()))?;
                renewed.entries.push((id, saved.id));
            }
            let district = projector.finish(transaction)?.unwrap_or(district);
            registers.rulings.keep(district);
            Ok(renewed)
        })
    }

    /// The seeds of the keys that this phone had before, with their numbers: slips that were
    /// printed under them can still be proved.
    ///
    /// # Errors
    /// The store's own.
    pub fn former_seeds(&self) -> Result<Vec<(DeviceNo, [u8; 32])>, StoreError> {
        let former = former(self.reader())?;
        former.into_iter().map(|(device, kept)| Ok((device, self.seeds.open(&kept)?))).collect()
    }
}

/// The former seeds as they lie in the file.
fn former(connection: &rusqlite::Connection) -> Result<Vec<(DeviceNo, Vec<u8>)>, StoreError> {
    let bytes: Option<Vec<u8>> = meta::get(connection, meta::name::FORMER)?;
    let Some(bytes) = bytes else { return Ok(Vec::new()) };
    minicbor::decode(&bytes).map_err(StoreError::inconsistent)
}

/// Cuts the old number's books down to what the server has, and gives what was cut off, in order.
fn cut_books(
    transaction: &Transaction<'_>,
    old: &Signer,
) -> Result<Vec<(EntryId, Vec<u8>)>, StoreError> {
    let mut tail = Vec::new();
    for row in books::of_device(transaction, old.device())? {
        let kept = row.acknowledged.min(row.tip.count);
        let rest = row.tip.count.saturating_sub(kept);
        let first = row.book.entry_at(kept);
        let cut = entries::bytes_from(transaction, first, rest)?;
        if !cut.is_empty() {
            let part = Part::Book(BookPart {
                book: row.book,
                start: kept,
                entries: cut.clone(),
                signature: row.signature,
            });
            let (document, device, first) = part.place();
            let (evidence, code) = (part.encode(), REISSUED.to_owned());
            set_aside::keep(transaction, &SetAside { document, device, first, code, evidence })?;
            transaction
                .prepare_cached("DELETE FROM entries WHERE id >= ?1 AND id < ?2")?
                .execute((first_key(&row, kept), first_key(&row, row.tip.count)))?;
        }
        keep_book(transaction, old, &row, kept)?;
        let ids = (kept..row.tip.count).map(|position| row.book.entry_at(position));
        tail.extend(ids.zip(cut));
    }
    Ok(tail)
}

fn first_key(row: &BookRow, position: u32) -> i64 {
    row.book.entry_at(position).key()
}

/// A book that ends earlier, signed where it ends.
fn keep_book(
    transaction: &Transaction<'_>,
    old: &Signer,
    row: &BookRow,
    kept: u32,
) -> Result<(), StoreError> {
    books::remove(transaction, row.book)?;
    if kept == 0 {
        return Ok(());
    }
    let previous = books::previous_head(transaction, row.book)?
        .map_err(|_| StoreError::inconsistent("the book before is not full"))?;
    let all = entries::bytes_from(transaction, row.book.entry_at(0), kept)?;
    let all = all.iter().map(Vec::as_slice);
    let tip = document::extend(old.district(), old.actor(), row.book, previous, None, all)
        .map_err(StoreError::inconsistent)?;
    let signature = old.sign_head(DocumentId::Book(row.book), tip.count, tip.head);
    books::put(transaction, row.book, &tip, &signature, kept)
}

/// Assignments of one edit, in the register of a village.
type Assigned = (VillageNo, Vec<(String, Value)>);

/// Sets aside the register edits that the server does not have, and gives what they wrote: those
/// that it refused as a fork, then those that it never saw.
fn cut_edits(
    transaction: &Transaction<'_>,
    registers: &mut Registers,
    old: &Signer,
) -> Result<Vec<Assigned>, StoreError> {
    let mut all = Vec::new();
    for aside in set_aside::list(transaction)? {
        if aside.device == old.device()
            && aside.code == Door::Fork.code()
            && let Ok(Part::Edits(part)) = Part::decode(&aside.evidence)
        {
            let village = part.register.village;
            all.extend(part.edits.into_iter().map(|edit| (village, edit.assignments)));
        }
    }
    for (id, device, tip) in registers::tips(transaction)? {
        if device != old.device() || tip.acknowledged >= tip.count {
            continue;
        }
        let first = tip.acknowledged.saturating_add(1);
        let edits = registers::of_device(transaction, id, device, first)?;
        all.extend(edits.into_iter().map(|edit| (id.village, edit.assignments)));
        registers.refuse(transaction, old, (id, first), REISSUED, false)?;
    }
    Ok(all)
}

/// Becomes the new device; everything is pulled anew, for what the old number wrote elsewhere is now
/// another's.
fn switch(
    transaction: &Transaction<'_>,
    old: &Signer,
    renewal: &Renewal<'_>,
    seed: &[u8],
) -> Result<(), StoreError> {
    let kept: Option<Vec<u8>> = meta::get(transaction, meta::name::SEED)?;
    let mut seeds = former(transaction)?;
    seeds.extend(kept.map(|kept| (old.device(), kept)));
    let seeds = minicbor::to_vec(&seeds).map_err(StoreError::inconsistent)?;
    meta::set(transaction, meta::name::FORMER, seeds)?;
    renewal.trust.keep(transaction)?;
    for certificate in renewal.others.iter().chain([renewal.signer.certificate()]) {
        certificates::keep(transaction, certificate)?;
    }
    meta::set(transaction, meta::name::SEED, seed)?;
    meta::set(transaction, meta::name::DEVICE, renewal.signer.device().get())?;
    meta::set(transaction, meta::name::SERVER, renewal.server)?;
    meta::set(transaction, meta::name::REVOKED, false)?;
    meta::clear(transaction, meta::name::NEXT_SEED)?;
    let epoch = meta::cursor(transaction)?.epoch;
    meta::set_cursor(transaction, &Cursor { epoch, position: Vec::new() })?;
    replica::keep_session(transaction, renewal.session)
}

/// Numbers of the new device for the growers and contracts that only this phone knew: the former
/// numbers may stand for others at the server.
fn number_anew(
    tail: &[(EntryId, Vec<u8>)],
    edits: &[Assigned],
    device: DeviceNo,
    old: &Signer,
    numbers: &mut Renumbering,
    renewed: &mut Renewed,
) {
    let mut growers = BTreeSet::new();
    for (key, _) in edits.iter().flat_map(|(_, assignments)| assignments) {
        if let Some(key) = Key::parse(key)
            && key.table == GROWER
            && key.number_under(NAME) == Some(1)
            && let Ok(grower) = key.row.parse::<GrowerId>()
            && grower.device == old.device()
        {
            growers.insert(grower);
        }
    }
    let mut contracts = BTreeSet::new();
    for (_, bytes) in tail {
        if let Ok(Entry { body: Body::ContractVersion(terms), .. }) = Entry::decode(bytes)
            && terms.version == 1
            && terms.contract.device == old.device()
        {
            contracts.insert(terms.contract);
        }
    }
    for (grower, counter) in growers.into_iter().zip(1..) {
        let new = GrowerId::new(device, counter);
        numbers.grower(grower, new);
        renewed.growers.push((grower, new));
    }
    for (contract, counter) in contracts.into_iter().zip(1..) {
        let new = ContractId::new(device, counter);
        numbers.contract(contract, new);
        renewed.contracts.push((contract, new));
    }
}

/// The same fields of the register with today's numbers.
fn renumbered(numbers: &Renumbering, assignments: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let new = |grower: GrowerId| numbers.of_grower(grower);
    assignments
        .into_iter()
        .map(|(text, value)| {
            let Some(key) = Key::parse(&text) else { return (text, value) };
            let row = match key.table {
                GROWER => key.row.parse().ok().map(|grower| new(grower).to_string()),
                PERSON => person_of_row(key.row).map(|(g, person)| person_row(new(g), person)),
                _ => None,
            };
            let value = match (&value, key.field) {
                (Value::Text(about), ABOUT) => {
                    about.parse().map_or(value, |grower| Value::Text(new(grower).to_string()))
                }
                _ => value,
            };
            let row = row.as_deref().unwrap_or(key.row);
            (Key::new(key.table, row, key.field).to_string(), value)
        })
        .collect()
}
