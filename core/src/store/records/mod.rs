//! The ledger's records in tables: what applying one entry reads and writes.

use rusqlite::{Connection, OptionalExtension as _, Transaction};

use crate::domain::entry::Origin;
use crate::domain::{ContractId, EntryHash, EntryId, Fen, GrowerId, UnitError, VillageNo};
use crate::ledger::{
    Account, ContractRecord, Outcome, Partition, PayoutRecord, Record, RecordKey, Records,
    SlipRecord, Status,
};

use super::error::StoreError;
use super::recovered;

mod columns;
mod rows;
mod sums;

pub(crate) use columns::{LineColumns, SlipColumns, line_columns, slip_columns};
use rows::slip_row;
use rows::state_columns;
pub(crate) use rows::{SlipRow, contract, payout, slip, slip_rows, state_of};
pub(crate) use sums::{Share, Sums};

/// The records of the fold in a store's tables.
pub(crate) struct SqlRecords<'t> {
    connection: &'t Connection,
    /// What the sums of slips change by; none where nothing is written.
    sums: Option<&'t mut Sums>,
}

impl<'t> SqlRecords<'t> {
    /// Reads and writes, inside one transaction; the sums are written at its end.
    pub(crate) fn new(transaction: &'t Transaction<'_>, sums: &'t mut Sums) -> Self {
        SqlRecords { connection: transaction, sums: Some(sums) }
    }

    /// Forgets everything of a partition but the slips, which are many and seldom change.
    pub(crate) fn clear_small(&mut self, partition: Partition) -> Result<(), StoreError> {
        let of_grower: &[&str] = match partition {
            Partition::Grower(_) => &[
                "DELETE FROM payouts WHERE grower = ?1",
                "DELETE FROM contract_versions WHERE grower = ?1",
                "DELETE FROM contracts WHERE grower = ?1",
            ],
            Partition::Cash { .. } => &[],
        };
        let of_any = [
            "DELETE FROM records WHERE partition = ?1",
            "DELETE FROM reissues WHERE partition = ?1",
            "DELETE FROM balances WHERE partition = ?1",
            "DELETE FROM holds WHERE partition = ?1",
            "DELETE FROM recovered WHERE partition = ?1",
        ];
        for sql in of_grower.iter().chain(&of_any) {
            self.connection.prepare_cached(sql)?.execute([partition.key()])?;
        }
        Ok(())
    }

    /// Removes a slip that stands no more, or only if it is still this grower's.
    pub(crate) fn remove_slip(
        &mut self,
        id: EntryId,
        only_of: Option<GrowerId>,
    ) -> Result<(), StoreError> {
        let share = Share::stored(self.connection, id)?;
        let mut statement = self
            .connection
            .prepare_cached("DELETE FROM slips WHERE id = ?1 AND (?2 IS NULL OR grower = ?2)")?;
        if statement.execute((id.key(), only_of.map(GrowerId::key)))? > 0 {
            let lines = "DELETE FROM lines WHERE slip = ?1";
            self.connection.prepare_cached(lines)?.execute([id.key()])?;
            self.move_sums(share, None)?;
        }
        Ok(())
    }

    /// Writes which entry took this number over from paper.
    pub(crate) fn put_recovered(
        &mut self,
        partition: Partition,
        id: EntryId,
        by: EntryId,
    ) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO recovered (id, partition, entry) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE SET partition = excluded.partition, entry = excluded.entry",
        )?;
        statement.execute((id.key(), partition.key(), by.key()))?;
        Ok(())
    }

    /// Writes a slip that is not here yet.
    pub(crate) fn insert_slip(&mut self, slip: &SlipRecord) -> Result<(), StoreError> {
        self.insert_rows([slip_columns(slip)], line_columns(slip))?;
        self.move_sums(None, Share::of(slip)?)
    }

    /// The sums with another share of a slip than before.
    fn move_sums(&mut self, before: Option<Share>, after: Option<Share>) -> Result<(), StoreError> {
        let Some(sums) = &mut self.sums else { return Ok(()) };
        if before != after {
            before.map_or(Ok(()), |share| sums.take_out(&share))?;
            after.map_or(Ok(()), |share| sums.add(&share))?;
        }
        Ok(())
    }

    /// Writes what the lines of a slip come to now.
    fn put_owed(&self, slip: &SlipRecord) -> Result<(), StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("UPDATE lines SET owed_fen = ?3 WHERE slip = ?1 AND line = ?2")?;
        for (number, line) in (0_u16..).zip(&slip.lines) {
            let owed = sums::owed(line, &slip.changes, number)?;
            statement.execute((slip.id.key(), number, owed.get()))?;
        }
        Ok(())
    }

    /// Writes rows of slips and lines that are not here yet, and no sums; in the order of their keys each goes to
    /// the end of its table.
    pub(crate) fn insert_rows(
        &mut self,
        slips: impl IntoIterator<Item = SlipColumns>,
        lines: impl IntoIterator<Item = LineColumns>,
    ) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO slips (id, grower, entity, village, day, wall_s, net_g, settlement_g,
                                amount_fen, paid_fen, remaining_fen, reserved_fen, state, voided_by,
                                changes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?;
        for row in slips {
            statement.execute(row)?;
        }
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO lines (slip, line, product, grade, contract, gross_g, net_g, settlement_g,
                                amount_fen, owed_fen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        for row in lines {
            statement.execute(row)?;
        }
        Ok(())
    }

    /// Only reads.
    pub(crate) const fn reader(connection: &'t Connection) -> Self {
        SqlRecords { connection, sums: None }
    }
}

impl From<UnitError> for StoreError {
    fn from(error: UnitError) -> Self {
        StoreError::inconsistent(error)
    }
}

impl Records for SqlRecords<'_> {
    type Error = StoreError;

    fn slip(&self, grower: GrowerId, id: EntryId) -> Result<Option<SlipRecord>, StoreError> {
        Ok(slip(self.connection, id)?.filter(|slip| slip.grower == grower))
    }

    fn contract(
        &self,
        grower: GrowerId,
        number: ContractId,
    ) -> Result<Option<ContractRecord>, StoreError> {
        contract(self.connection, grower, number)
    }

    fn contract_with_version(
        &self,
        grower: GrowerId,
        version: EntryId,
    ) -> Result<Option<ContractRecord>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT contract FROM contract_versions WHERE entry = ?1 AND grower = ?2",
        )?;
        let found: Option<i64> =
            statement.query_row((version.key(), grower.key()), |row| row.get(0)).optional()?;
        match found.and_then(ContractId::from_key) {
            Some(number) => contract(self.connection, grower, number),
            None => Ok(None),
        }
    }

    fn payout(&self, grower: GrowerId, id: EntryId) -> Result<Option<PayoutRecord>, StoreError> {
        Ok(payout(self.connection, id)?.filter(|payout| payout.grower == grower))
    }

    fn record(&self, partition: Partition, key: RecordKey) -> Result<Option<Record>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT record FROM records WHERE partition = ?1 AND kind = ?2 AND id = ?3",
        )?;
        let bytes: Option<Vec<u8>> = statement
            .query_row((partition.key(), key.kind.number(), key.id), |row| row.get(0))
            .optional()?;
        bytes.map(|bytes| minicbor::decode(&bytes).map_err(StoreError::inconsistent)).transpose()
    }

    fn counted(&self, partition: Partition, id: EntryId) -> Result<Option<EntryHash>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT bytes FROM entries WHERE id = ?1 AND partition = ?2
             AND NOT EXISTS (SELECT 1 FROM holds WHERE entry = ?1)",
        )?;
        let bytes: Option<Vec<u8>> =
            statement.query_row((id.key(), partition.key()), |row| row.get(0)).optional()?;
        if let Some(bytes) = bytes {
            return Ok(Some(EntryHash::of(&bytes)));
        }
        recovered::counted(self.connection, partition, id)
    }

    fn reissued(
        &self,
        partition: Partition,
        origin: Origin,
    ) -> Result<Option<EntryId>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT entry FROM reissues WHERE partition = ?1 AND origin = ?2 AND origin_hash = ?3",
        )?;
        let found: Option<i64> = statement
            .query_row((partition.key(), origin.id.key(), origin.hash.0), |row| row.get(0))
            .optional()?;
        Ok(found.and_then(EntryId::from_key))
    }

    fn put_slip(&mut self, slip: SlipRecord) -> Result<(), StoreError> {
        let standing = SlipRow::of(&slip);
        let Some(before) = slip_row(self.connection, slip.id)? else {
            return self.insert_slip(&slip);
        };
        if before == standing {
            return Ok(());
        }
        let share = Share::stored(self.connection, slip.id)?;
        let mut statement = self.connection.prepare_cached(
            "UPDATE slips SET paid_fen = ?2, remaining_fen = ?3, reserved_fen = ?4, state = ?5,
                 voided_by = ?6, changes = ?7
             WHERE id = ?1",
        )?;
        let is_changed = before.changes != standing.changes;
        statement.execute((
            slip.id.key(),
            standing.paid_fen,
            standing.remaining_fen,
            standing.reserved_fen,
            standing.state,
            standing.voided_by,
            standing.changes,
        ))?;
        if is_changed {
            self.put_owed(&slip)?;
        }
        self.move_sums(share, Share::of(&slip)?)
    }

    fn put_contract(&mut self, contract: ContractRecord) -> Result<(), StoreError> {
        let record = minicbor::to_vec(&contract).map_err(StoreError::inconsistent)?;
        let key = (contract.grower.key(), contract.contract.key());
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO contracts (grower, contract, record) VALUES (?1, ?2, ?3)
             ON CONFLICT (grower, contract) DO UPDATE SET record = excluded.record",
        )?;
        statement.execute((key.0, key.1, record))?;
        let mut statement = self.connection.prepare_cached(
            "INSERT OR IGNORE INTO contract_versions (entry, grower, contract) VALUES (?1, ?2, ?3)",
        )?;
        for version in &contract.versions {
            statement.execute((version.id.key(), key.0, key.1))?;
        }
        Ok(())
    }

    fn put_payout(&mut self, payout: PayoutRecord) -> Result<(), StoreError> {
        let (state, voided_by) = state_columns(payout.state);
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO payouts (id, grower, entity, village, day, cash_fen, rounding_fen, state,
                                  voided_by, effect)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (id) DO UPDATE SET state = excluded.state, voided_by = excluded.voided_by,
                 effect = excluded.effect",
        )?;
        // Most are what was printed: then nothing is kept of it.
        let effect =
            (!payout.is_plain()).then(|| minicbor::to_vec(&payout.effect).unwrap_or_default());
        statement.execute((
            payout.id.key(),
            payout.grower.key(),
            payout.entity.get(),
            payout.village.map(VillageNo::get),
            payout.date.days(),
            payout.cash.get(),
            payout.rounding.get(),
            state,
            voided_by,
            effect,
        ))?;
        Ok(())
    }

    fn put_record(&mut self, partition: Partition, record: Record) -> Result<(), StoreError> {
        let key = record.key();
        let bytes = minicbor::to_vec(&record).map_err(StoreError::inconsistent)?;
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO records (partition, kind, id, record) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (partition, kind, id) DO UPDATE SET record = excluded.record",
        )?;
        statement.execute((partition.key(), key.kind.number(), key.id, bytes))?;
        Ok(())
    }

    fn put_reissued(
        &mut self,
        partition: Partition,
        origin: Origin,
        by: EntryId,
    ) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO reissues (partition, origin, origin_hash, entry) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET entry = excluded.entry",
        )?;
        statement.execute((partition.key(), origin.id.key(), origin.hash.0, by.key()))?;
        Ok(())
    }

    fn put_outcome(&mut self, outcome: &Outcome) -> Result<(), StoreError> {
        // What simply counts needs no row: few do not.
        if outcome.status == Status::Counted {
            return Ok(());
        }
        let reasons: Vec<&str> = outcome.status.reasons().iter().map(|rule| rule.code).collect();
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO holds (entry, partition, status, reasons) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (entry) DO UPDATE SET partition = excluded.partition,
                 status = excluded.status, reasons = excluded.reasons",
        )?;
        statement.execute((
            outcome.id.key(),
            outcome.partition.map(Partition::key),
            outcome.status.name(),
            reasons.join(" "),
        ))?;
        Ok(())
    }

    fn add_balance(
        &mut self,
        partition: Partition,
        account: Account,
        debit: Fen,
        credit: Fen,
    ) -> Result<(), StoreError> {
        let (number, entity, owner) = account.key();
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO balances (partition, account, entity, owner, debit_fen, credit_fen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET debit_fen = debit_fen + excluded.debit_fen,
                 credit_fen = credit_fen + excluded.credit_fen",
        )?;
        // SQLite turns an integer sum that does not fit into a float, and a strict table refuses it.
        statement.execute((partition.key(), number, entity, owner, debit.get(), credit.get()))?;
        Ok(())
    }

    fn clear(&mut self, partition: Partition) -> Result<(), StoreError> {
        if let Some(grower) = partition.grower() {
            for (id, _) in slip_rows(self.connection, grower)? {
                self.remove_slip(id, Some(grower))?;
            }
        }
        self.clear_small(partition)
    }
}
