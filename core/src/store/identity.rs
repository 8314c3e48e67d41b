//! Who this device is: its key, its certificate, its server, and what it asks itself before a save.

use std::sync::Arc;

use rusqlite::Connection;

use crate::document::{BookId, BookTip, Value};
use crate::domain::device::DeviceCertificate;
use crate::domain::{
    Body, BusinessDate, Clock, ContractId, DeviceNo, EntityNo, Entry, EntryId, Envelope, GrowerId,
    Rule, VillageNo,
};
use crate::ledger::{self, LamportChain};
use crate::sync::Session;

use super::Store;
use super::error::StoreError;
use super::import_keys::ImportKey;
use super::records::{SqlRecords, Sums};
use super::seal::{KeySeal, Seeds};
use super::signer::{self, NewEntry, Saved, Signer};
use super::verify::Trust;
use super::{books, certificates, entries, meta, published, replica, roster, work};

/// What a store knows of its own device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The secret seed of its key.
    pub seed: [u8; 32],
    /// Its certificate.
    pub certificate: DeviceCertificate,
    /// Where its server is, as the invitation said.
    pub server: String,
}

/// What the server is not known to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// Entries.
    pub entries: u64,
    /// Register edits.
    pub edits: u64,
}

impl Store {
    /// Seals the seeds with a platform's key store from now on; one that lies plain is sealed at
    /// once. Later opens must give the same key store.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn seal_with(&mut self, seal: Arc<dyn KeySeal>) -> Result<(), StoreError> {
        self.seeds = Seeds::sealed(seal);
        for name in [meta::name::SEED, meta::name::NEXT_SEED] {
            let kept: Option<Vec<u8>> = meta::get(self.reader(), name)?;
            let Some(plain) = kept.filter(|kept| self.seeds.wants(kept)) else { continue };
            let sealed = self.seeds.close(&self.seeds.open(&plain)?)?;
            self.write(|transaction, _| meta::set(transaction, name, &sealed))?;
        }
        Ok(())
    }

    /// The secret seed that was kept here, enrolled or not.
    ///
    /// # Errors
    /// The store's own. So for every method here.
    pub fn seed(&self) -> Result<Option<[u8; 32]>, StoreError> {
        self.seeds.get(self.reader(), meta::name::SEED)
    }

    /// Keeps the secret seed of this device's key, before anybody is told of the key.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn keep_seed(&mut self, seed: &[u8; 32]) -> Result<(), StoreError> {
        let kept = self.seeds.close(seed)?;
        self.write(|transaction, _| meta::set(transaction, meta::name::SEED, &kept))
    }

    /// The secret seed that was kept for the next key, if the office was asked to certify one.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn next_seed(&self) -> Result<Option<[u8; 32]>, StoreError> {
        self.seeds.get(self.reader(), meta::name::NEXT_SEED)
    }

    /// Keeps the secret seed of the next key, before anybody is told of it.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn keep_next_seed(&mut self, seed: &[u8; 32]) -> Result<(), StoreError> {
        let kept = self.seeds.close(seed)?;
        self.write(|transaction, _| meta::set(transaction, meta::name::NEXT_SEED, &kept))
    }

    /// Keeps what an enrolment brought, in one transaction: whom to believe, the own certificate
    /// and the office's, the server's place and the open session. All of it has been checked.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn enrol(
        &mut self,
        trust: &Trust,
        certificate: &DeviceCertificate,
        others: &[DeviceCertificate],
        server: &str,
        session: &Session,
    ) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            trust.keep(transaction)?;
            for certificate in others.iter().chain([certificate]) {
                certificates::keep(transaction, certificate)?;
            }
            meta::set(transaction, meta::name::DEVICE, certificate.device.get())?;
            meta::set(transaction, meta::name::SERVER, server)?;
            replica::keep_session(transaction, session)
        })
    }

    /// Who this device is; `None` before it is enrolled.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn identity(&self) -> Result<Option<Identity>, StoreError> {
        let connection = self.reader();
        let (Some(seed), Some(certificate)) = (self.seed()?, own_certificate(connection)?) else {
            return Ok(None);
        };
        let server = meta::get(connection, meta::name::SERVER)?.unwrap_or_default();
        Ok(Some(Identity { seed, certificate, server }))
    }

    /// Saves one entry, with the key of the imported row that it comes from.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn save(
        &mut self,
        signer: &Signer,
        new: NewEntry,
        key: Option<&ImportKey>,
    ) -> Result<Saved, StoreError> {
        self.work(signer, |work| {
            let saved = work.save(new.clone())?;
            key.map_or(Ok(()), |key| work.keep_import(key, saved.id))?;
            Ok(saved)
        })
    }

    /// Edits the newest edition of a village's register.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn edit_register(
        &mut self,
        signer: &Signer,
        village: VillageNo,
        assignments: Vec<(String, Value)>,
    ) -> Result<(), StoreError> {
        self.work(signer, |work| work.edit(village, assignments.clone()).map(|_| ()))
    }

    /// The number of the next grower that this device registers.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn next_grower(&self, device: DeviceNo) -> Result<GrowerId, StoreError> {
        // A number that an entry carries stays taken, even if the register's edit was refused.
        let mut statement = self.reader().prepare_cached(
            "SELECT max(
                 coalesce((SELECT max(id) FROM growers WHERE id BETWEEN ?1 AND ?2), ?1),
                 coalesce((SELECT max(partition) FROM entries WHERE partition BETWEEN ?1 AND ?2), ?1))",
        )?;
        let last: i64 = statement.query_row(
            (GrowerId::new(device, 0).key(), GrowerId::new(device, u32::MAX).key()),
            |r| r.get(0),
        )?;
        let last = GrowerId::from_key(last).map_or(0, |grower| grower.counter);
        Ok(GrowerId::new(device, last.saturating_add(1)))
    }

    /// The number of the next contract that this device draws up.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn next_contract(&self, device: DeviceNo) -> Result<ContractId, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT coalesce(max(contract), ?1) FROM contracts WHERE contract BETWEEN ?1 AND ?2",
        )?;
        let last: i64 = statement.query_row(
            (ContractId::new(device, 0).key(), ContractId::new(device, u32::MAX).key()),
            |row| row.get(0),
        )?;
        let last = ContractId::from_key(last).map_or(0, |contract| contract.counter);
        Ok(ContractId::new(device, last.saturating_add(1)))
    }

    /// What the clocks said at a device's last entry.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn last_clock(&self, device: DeviceNo) -> Result<Option<Clock>, StoreError> {
        work::last_clock(self.reader(), device)
    }

    /// What this device would be held for if it wrote this now; empty if it would count. Nothing is
    /// kept of the trial.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn would_hold(&mut self, body: &Body) -> Result<Vec<Rule>, StoreError> {
        let certificate = own_certificate(&self.connection)?.ok_or(StoreError::NotEnrolled)?;
        // Never committed: dropping it rolls back.
        let transaction = self.connection.transaction()?;
        let newest = books::newest(&transaction, certificate.device)?;
        let id = next_id(certificate.device, newest.map(|row| (row.book, row.tip)));
        let entity = match certificate.village {
            Some(village) => published::entity_of(&transaction, village)?,
            None => EntityNo::new(0),
        };
        let envelope = Envelope {
            lamport: signer::lamport(&transaction)?.saturating_add(1),
            date: BusinessDate::at(0),
            clock: Clock::default(),
            entity,
            operator: roster::of_device(&transaction, certificate.device)?.unwrap_or_default(),
            reissue_of: None,
        };
        let bytes = Entry { envelope, body: body.clone() }.encode();
        let standing = (certificate.role, certificate.village);
        // Its number would be sound: a save sees to that.
        let mut chain = LamportChain::new(None);
        let mut stored = entries::arrive(id, bytes, standing, &mut chain)?;
        self.registers.get_mut().rulings.current(&transaction)?.place(&mut stored.arrived);
        let outcome = ledger::apply(
            &mut SqlRecords::new(&transaction, &mut Sums::default()),
            &stored.arrived,
        )?;
        Ok(outcome.status.reasons().to_vec())
    }

    /// How much the server is not known to have.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn waiting(&self) -> Result<Waiting, StoreError> {
        let counts = self.counts()?;
        Ok(Waiting { entries: counts.waiting_entries.into(), edits: counts.waiting_edits.into() })
    }

    /// Whether the server is known to have this entry. One of another device came from there.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn is_acknowledged(&self, id: EntryId) -> Result<bool, StoreError> {
        let own: Option<u16> = meta::get(self.reader(), meta::name::DEVICE)?;
        if own != Some(id.device.get()) {
            return Ok(true);
        }
        let row = books::get(self.reader(), BookId::of(id))?;
        Ok(row.is_some_and(|row| row.acknowledged > BookId::position_of(id)))
    }

    /// How many parts wait for a certificate or for what comes before them.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn parked_count(&self) -> Result<u64, StoreError> {
        Ok(self.counts()?.parked.into())
    }

    /// When a sync last went through, by this device's wall clock.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn last_sync_s(&self) -> Result<Option<i64>, StoreError> {
        meta::get(self.reader(), meta::name::LAST_SYNC_S)
    }

    /// Whether the server said that this device may only send what it has.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn is_revoked(&self) -> Result<bool, StoreError> {
        Ok(meta::get(self.reader(), meta::name::REVOKED)?.unwrap_or(false))
    }

    /// The day that a person confirmed while the clock was in doubt, and what the wall clock said
    /// then.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn confirmed_day(&self) -> Result<Option<(BusinessDate, i64)>, StoreError> {
        let day: Option<i32> = meta::get(self.reader(), meta::name::CONFIRMED_DAY)?;
        let at_s: Option<i64> = meta::get(self.reader(), meta::name::CONFIRMED_AT_S)?;
        Ok(day.and_then(BusinessDate::from_days).zip(at_s))
    }

    /// Keeps the day that a person confirmed, and what the wall clock said: they are asked once a
    /// day.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `seed`")]
    pub fn confirm_day(&mut self, day: BusinessDate, at: Clock) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            meta::set(transaction, meta::name::CONFIRMED_AT_S, at.wall_s)?;
            meta::set(transaction, meta::name::CONFIRMED_DAY, day.days())
        })
    }
}

fn own_certificate(connection: &Connection) -> Result<Option<DeviceCertificate>, StoreError> {
    let device: Option<u16> = meta::get(connection, meta::name::DEVICE)?;
    device.and_then(DeviceNo::new).map_or(Ok(None), |device| certificates::of(connection, device))
}

/// The number that a device's next entry gets.
fn next_id(device: DeviceNo, newest: Option<(BookId, BookTip)>) -> EntryId {
    let first = EntryId::new(device, 1);
    newest.map_or(first, |(book, tip)| book.entry_at(tip.count))
}
