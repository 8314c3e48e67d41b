//! Reading what the fold made: a slip or payout is its entry, and how it stands.

use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::domain::slip::Slip;
use crate::domain::{Body, ContractId, EntryId, Fen, GrowerId};
use crate::ledger::{
    Account, Arrived, Balance, ContractRecord, Partition, PayoutRecord, ReadRecords, Record,
    SlipRecord, State,
};
use crate::store::entries::{self, Standings};
use crate::store::error::StoreError;
use crate::store::recovered;

use super::SqlRecords;

/// 0 counted, 1 held, 2 voided, and by which entry; 3 refused.
pub(super) fn state_columns(state: State) -> (u8, Option<i64>) {
    match state {
        State::Counted => (0, None),
        State::Held => (1, None),
        State::Voided { by } => (2, Some(by.key())),
        State::Refused => (3, None),
    }
}

pub(crate) fn state_of(number: u8, voided_by: Option<i64>) -> Result<State, StoreError> {
    match (number, voided_by.and_then(EntryId::from_key)) {
        (0, None) => Ok(State::Counted),
        (1, None) => Ok(State::Held),
        (3, None) => Ok(State::Refused),
        (2, Some(by)) => Ok(State::Voided { by }),
        _ => Err(StoreError::inconsistent(format!("state {number}"))),
    }
}

/// How a slip stands: the columns of its row that later entries change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SlipRow {
    pub(super) paid_fen: i64,
    pub(super) remaining_fen: i64,
    pub(super) reserved_fen: i64,
    pub(super) state: u8,
    pub(super) voided_by: Option<i64>,
    pub(super) changes: Option<Vec<u8>>,
}

/// The columns of [`SlipRow`], qualified for a join.
const SLIP_ROW: &str =
    "s.paid_fen, s.remaining_fen, s.reserved_fen, s.state, s.voided_by, s.changes";

impl SlipRow {
    pub(crate) fn of(slip: &SlipRecord) -> Self {
        let (state, voided_by) = state_columns(slip.state);
        SlipRow {
            paid_fen: slip.paid.get(),
            remaining_fen: slip.remaining.get(),
            reserved_fen: slip.reserved.get(),
            state,
            voided_by,
            // Writing to memory cannot fail.
            changes: (!slip.changes.is_empty())
                .then(|| minicbor::to_vec(&slip.changes).unwrap_or_default()),
        }
    }

    /// Reads [`SLIP_ROW`], of which the first stands in this column.
    fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        Ok(SlipRow {
            paid_fen: row.get(first)?,
            remaining_fen: row.get(first + 1)?,
            reserved_fen: row.get(first + 2)?,
            state: row.get(first + 3)?,
            voided_by: row.get(first + 4)?,
            changes: row.get(first + 5)?,
        })
    }

    /// The slip of this entry as it stands.
    pub(crate) fn record(self, arrived: &Arrived, slip: &Slip) -> Result<SlipRecord, StoreError> {
        let changes = self.changes.map(|bytes| minicbor::decode(&bytes)).transpose();
        Ok(SlipRecord {
            paid: Fen::new(self.paid_fen),
            remaining: Fen::new(self.remaining_fen),
            reserved: Fen::new(self.reserved_fen),
            state: state_of(self.state, self.voided_by)?,
            changes: changes.map_err(StoreError::inconsistent)?.unwrap_or_default(),
            ..SlipRecord::from_entry(arrived, slip)
        })
    }
}

/// How every slip of a grower stands.
pub(crate) fn slip_rows(
    connection: &Connection,
    grower: GrowerId,
) -> Result<Vec<(EntryId, SlipRow)>, StoreError> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT s.id, {SLIP_ROW} FROM slips s WHERE s.grower = ?1"))?;
    let rows = statement
        .query_map([grower.key()], |row| Ok((row.get::<_, i64>(0)?, SlipRow::read(row, 1)?)))?;
    let mut all = Vec::new();
    for row in rows {
        let (key, standing) = row?;
        all.extend(EntryId::from_key(key).map(|id| (id, standing)));
    }
    Ok(all)
}

/// How the slip of this number stands.
pub(super) fn slip_row(
    connection: &Connection,
    id: EntryId,
) -> Result<Option<SlipRow>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {SLIP_ROW} FROM slips s WHERE s.id = ?1"))?;
    Ok(statement.query_row([id.key()], |row| SlipRow::read(row, 0)).optional()?)
}

/// The slip of this number: its entry, and what the fold made of it.
pub(crate) fn slip(connection: &Connection, id: EntryId) -> Result<Option<SlipRecord>, StoreError> {
    let Some(standing) = slip_row(connection, id)? else { return Ok(None) };
    let Some(stored) = recovered::standing(connection, id)? else { return Ok(None) };
    let Body::Slip(slip) = &stored.arrived.entry.body else { return Ok(None) };
    standing.record(&stored.arrived, slip).map(Some)
}

/// The payout of this number: its entry, and what the fold made of it.
pub(crate) fn payout(
    connection: &Connection,
    id: EntryId,
) -> Result<Option<PayoutRecord>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT state, voided_by, effect FROM payouts WHERE id = ?1")?;
    let found: Option<(u8, Option<i64>, Option<Vec<u8>>)> = statement
        .query_row([id.key()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((state, voided_by, effect)) = found else { return Ok(None) };
    let Some(stored) = recovered::standing(connection, id)? else { return Ok(None) };
    let Body::Payout(payout) = &stored.arrived.entry.body else { return Ok(None) };
    let effect = effect.map(|bytes| minicbor::decode(&bytes)).transpose();
    let effect = effect.map_err(StoreError::inconsistent)?;
    let printed = PayoutRecord::from_entry(&stored.arrived, payout);
    Ok(Some(printed.standing(state_of(state, voided_by)?, effect)))
}

/// The contract of this grower and number.
pub(crate) fn contract(
    connection: &Connection,
    grower: GrowerId,
    contract: ContractId,
) -> Result<Option<ContractRecord>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT record FROM contracts WHERE grower = ?1 AND contract = ?2")?;
    let record: Option<Vec<u8>> =
        statement.query_row((grower.key(), contract.key()), |row| row.get(0)).optional()?;
    record.map(|bytes| minicbor::decode(&bytes).map_err(StoreError::inconsistent)).transpose()
}

fn ids(connection: &Connection, sql: &str, grower: GrowerId) -> Result<Vec<i64>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([grower.key()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn balance(row: &Row<'_>, partition: Partition) -> Result<Balance, StoreError> {
    let key = (row.get(0)?, row.get(1)?, row.get(2)?);
    let account = Account::from_key(key)
        .ok_or_else(|| StoreError::inconsistent(format!("account {key:?}")))?;
    Ok(Balance { partition, account, debit: Fen::new(row.get(3)?), credit: Fen::new(row.get(4)?) })
}

/// What this partition's entries moved, account by account.
fn balances(connection: &Connection, partition: Partition) -> Result<Vec<Balance>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT account, entity, owner, debit_fen, credit_fen FROM balances
         WHERE partition = ?1 ORDER BY account, entity, owner",
    )?;
    let mut rows = statement.query([partition.key()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(balance(row, partition)?);
    }
    all.sort_by_key(|b| b.account);
    Ok(all)
}

impl ReadRecords for SqlRecords<'_> {
    fn slips(&self, grower: GrowerId) -> Result<Vec<SlipRecord>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT e.id, e.close_index, e.lamport_jump, e.bytes, {SLIP_ROW}
             FROM slips s CROSS JOIN entries e ON e.id = s.id
             WHERE s.grower = ?1 AND s.id NOT IN (SELECT id FROM recovered) ORDER BY s.id"
        ))?;
        let mut standings = Standings::default();
        let mut rows = statement.query([grower.key()])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let stored = entries::read(self.connection, row, &mut standings)?;
            let Body::Slip(slip) = &stored.arrived.entry.body else { continue };
            all.push(SlipRow::read(row, 4)?.record(&stored.arrived, slip)?);
        }
        let from_paper = ids(
            self.connection,
            "SELECT s.id FROM recovered r JOIN slips s ON s.id = r.id WHERE s.grower = ?1",
            grower,
        )?;
        if !from_paper.is_empty() {
            for id in from_paper.into_iter().filter_map(EntryId::from_key) {
                all.extend(slip(self.connection, id)?);
            }
            all.sort_by_key(|slip| slip.id);
        }
        Ok(all)
    }

    fn contracts(&self, grower: GrowerId) -> Result<Vec<ContractRecord>, StoreError> {
        let found = ids(
            self.connection,
            "SELECT contract FROM contracts WHERE grower = ?1 ORDER BY contract",
            grower,
        )?;
        let found = found.into_iter().filter_map(ContractId::from_key);
        found.filter_map(|id| contract(self.connection, grower, id).transpose()).collect()
    }

    fn payouts(&self, grower: GrowerId) -> Result<Vec<PayoutRecord>, StoreError> {
        let found =
            ids(self.connection, "SELECT id FROM payouts WHERE grower = ?1 ORDER BY id", grower)?;
        let found = found.into_iter().filter_map(EntryId::from_key);
        found.filter_map(|id| payout(self.connection, id).transpose()).collect()
    }

    fn records(&self, partition: Partition) -> Result<Vec<Record>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT record FROM records WHERE partition = ?1 ORDER BY kind, id")?;
        let mut rows = statement.query([partition.key()])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let bytes = row.get_ref(0)?.as_blob().map_err(StoreError::inconsistent)?;
            all.push(minicbor::decode(bytes).map_err(StoreError::inconsistent)?);
        }
        Ok(all)
    }

    fn balances(&self, partition: Partition) -> Result<Vec<Balance>, StoreError> {
        balances(self.connection, partition)
    }
}
