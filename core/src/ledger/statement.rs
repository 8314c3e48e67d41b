//! A grower's statement (对账单) of a month, as canonical data: what a close keeps, and what a paper
//! or a page shows. It holds numbers, never names; from it alone the statement is printed again
//! byte for byte, whatever happens later.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::domain::slip::{Deduction, Line, Segment, Slip};
use crate::domain::{
    Body, BusinessDate, EntityNo, EntryId, Fen, Grade, Grams, GrowerId, Month, ProductNo,
    UnitError, VillageNo,
};

use super::arrived::Arrived;
use super::keep::ReadRecords as _;
use super::memory::MemoryRecords;
use super::posted::{Posted, posted};
use super::record::{DebtKind, DebtRecord};

mod sums;

pub use sums::moved_by_month;
use sums::sums;

/// The version of the statement's form.
pub const FORM: u8 = 1;

/// One grower's month in one village's books.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Statement {
    /// [`FORM`].
    #[n(0)]
    pub form: u8,
    /// The village.
    #[n(1)]
    pub village: VillageNo,
    /// The month of the books.
    #[n(2)]
    pub month: Month,
    /// Whose.
    #[n(3)]
    pub grower: GrowerId,
    /// The month's slips, in the order of everything.
    #[n(4)]
    pub slips: Vec<StatedSlip>,
    /// Everything that moved the grower's accounts in the month, the slips included.
    #[n(5)]
    pub rows: Vec<Posted>,
    /// By entity, what the month came to and how it ended.
    #[n(6)]
    pub sums: Vec<StatedSum>,
    /// Debts that were open at the month's end or moved in it.
    #[n(7)]
    pub debts: Vec<StatedDebt>,
}

/// A slip on a statement, as printed at the scale.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct StatedSlip {
    /// Its number.
    #[n(0)]
    pub id: EntryId,
    /// The day of delivery.
    #[n(1)]
    pub date: BusinessDate,
    /// Whether it is a late posting (跨月补记).
    #[n(2)]
    pub late: bool,
    /// Who bought.
    #[n(3)]
    pub entity: EntityNo,
    /// Its lines.
    #[n(4)]
    pub lines: Vec<StatedLine>,
    /// What it came to, in fen, without lines at a pending price.
    #[n(5)]
    pub amount: Fen,
}

/// A line on a statement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct StatedLine {
    /// What was bought.
    #[n(0)]
    pub product: ProductNo,
    /// In which grade.
    #[n(1)]
    pub grade: Grade,
    /// Gross weight.
    #[n(2)]
    pub gross: Grams,
    /// Net weight.
    #[n(3)]
    pub net: Grams,
    /// What was deducted and why.
    #[n(4)]
    pub deductions: Vec<Deduction>,
    /// Settlement weight.
    #[n(5)]
    pub settlement: Grams,
    /// The prices as printed.
    #[n(6)]
    pub segments: Vec<Segment>,
    /// The amount as printed, in fen.
    #[n(7)]
    pub amount: Fen,
}

/// One entity's sums of a statement, in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct StatedSum {
    /// The entity.
    #[n(0)]
    pub entity: EntityNo,
    /// What was bought in the month, at a price that is known.
    #[n(1)]
    pub bought: Fen,
    /// What corrections, returns and fixed prices changed.
    #[n(2)]
    pub corrected: Fen,
    /// What was paid of slips, in cash and by the bank.
    #[n(3)]
    pub paid: Fen,
    /// What was kept back for debts (扣还).
    #[n(4)]
    pub repaid: Fen,
    /// What is still owed to the grower at the end, of all months.
    #[n(5)]
    pub unpaid: Fen,
    /// What stands at an estimate at the end (暂估), of all months.
    #[n(6)]
    pub estimated: Fen,
}

/// A debt on a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct StatedDebt {
    /// The entry that made it.
    #[n(0)]
    pub id: EntryId,
    /// To whom it is owed.
    #[n(1)]
    pub entity: EntityNo,
    /// What it is.
    #[n(2)]
    pub kind: DebtKind,
    /// How much at first.
    #[n(3)]
    pub amount: Fen,
    /// How much is left at the end.
    #[n(4)]
    pub left: Fen,
    /// From when on it may be repaid out of slips.
    #[n(5)]
    pub due: BusinessDate,
}

impl Statement {
    /// The statement of one grower from the entries that the month's books hold: those that the
    /// close and the closes before it cover, or for an open month all that are here.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if a sum does not fit.
    pub fn of(
        village: VillageNo,
        month: Month,
        grower: GrowerId,
        entries: &[Arrived],
        month_of: &dyn Fn(&Arrived) -> Month,
    ) -> Result<Statement, UnitError> {
        let own = entries.iter().filter(|a| a.entry.body.grower() == Some(grower));
        let (all, records) = posted(own, month_of)?;
        let rows: Vec<Posted> = all.into_iter().filter(|row| row.month == month).collect();
        let by_id: BTreeMap<EntryId, &Arrived> = entries.iter().map(|a| (a.id, a)).collect();
        let slips = rows.iter().filter_map(|row| stated_slip(row, by_id.get(&row.id)?)).collect();
        let sums = sums(&rows, &records, grower)?;
        let debts = debts(&rows, &records, grower)?;
        Ok(Statement { form: FORM, village, month, grower, slips, rows, sums, debts })
    }

    /// A month in which nothing happened and after which nothing is open.
    pub fn none(village: VillageNo, month: Month, grower: GrowerId) -> Statement {
        let (slips, rows) = (Vec::new(), Vec::new());
        let (sums, debts) = (Vec::new(), Vec::new());
        Statement { form: FORM, village, month, grower, slips, rows, sums, debts }
    }

    /// Whether nothing happened in the month and nothing is open at its end.
    pub fn is_empty(&self) -> bool {
        let open = |sum: &StatedSum| sum.unpaid != Fen::ZERO || sum.estimated != Fen::ZERO;
        self.rows.is_empty() && self.debts.is_empty() && !self.sums.iter().any(open)
    }

    /// The canonical bytes: a leaf of the close's root.
    pub fn encode(&self) -> Vec<u8> {
        // Writing to memory cannot fail.
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// If they are no statement of a form that this build knows.
    pub fn decode(bytes: &[u8]) -> Result<Statement, minicbor::decode::Error> {
        let statement: Statement = minicbor::decode(bytes)?;
        if statement.form == FORM {
            Ok(statement)
        } else {
            Err(minicbor::decode::Error::message("a statement of a newer form"))
        }
    }
}

fn stated_slip(row: &Posted, arrived: &Arrived) -> Option<StatedSlip> {
    let Body::Slip(slip) = &arrived.entry.body else { return None };
    Some(StatedSlip {
        id: row.id,
        date: row.date,
        late: row.is_late(),
        entity: row.entity,
        lines: stated_lines(slip),
        amount: slip.amount().unwrap_or_default(),
    })
}

fn stated_lines(slip: &Slip) -> Vec<StatedLine> {
    slip.lines.iter().map(StatedLine::of).collect()
}

impl StatedLine {
    /// A line as a statement shows it; a weight that cannot be computed stands as 0.
    pub fn of(line: &Line) -> StatedLine {
        StatedLine {
            product: line.product,
            grade: line.grade,
            gross: line.gross().unwrap_or_default(),
            net: line.net().unwrap_or_default(),
            deductions: line.deductions.clone(),
            settlement: line.settlement().unwrap_or_default(),
            segments: line.segments.clone(),
            amount: line.amount,
        }
    }
}

fn debts(
    rows: &[Posted],
    records: &MemoryRecords,
    grower: GrowerId,
) -> Result<Vec<StatedDebt>, UnitError> {
    let mut stated = Vec::new();
    for debt in records.all_kept::<DebtRecord>(grower.into())? {
        let left = debt.left()?;
        if left != Fen::ZERO || rows.iter().any(|row| row.id == debt.id) {
            stated.push(StatedDebt {
                id: debt.id,
                entity: debt.entity,
                kind: debt.kind,
                amount: debt.amount,
                left,
                due: debt.due,
            });
        }
    }
    Ok(stated)
}
