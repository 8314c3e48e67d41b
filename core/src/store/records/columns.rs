//! The columns of slips and lines, in the order of their tables.

use crate::domain::{ContractId, VillageNo};
use crate::ledger::SlipRecord;

use super::rows::SlipRow;
use super::sums;

/// The columns of a slip; the first is its key.
pub(crate) type SlipColumns = (
    i64,
    i64,
    u16,
    Option<u16>,
    i32,
    i64,
    i64,
    i64,
    i64,
    i64,
    i64,
    i64,
    u8,
    Option<i64>,
    Option<Vec<u8>>,
);

/// The columns of a line; the first two are its key.
pub(crate) type LineColumns = (i64, i64, u32, u8, Option<i64>, i64, i64, i64, i64, i64);

/// The columns of a slip.
pub(crate) fn slip_columns(slip: &SlipRecord) -> SlipColumns {
    let standing = SlipRow::of(slip);
    (
        slip.id.key(),
        slip.grower.key(),
        slip.entity.get(),
        slip.village.map(VillageNo::get),
        slip.date.days(),
        slip.clock.wall_s,
        slip.net.get(),
        slip.settlement.get(),
        slip.amount.get(),
        standing.paid_fen,
        standing.remaining_fen,
        standing.reserved_fen,
        standing.state,
        standing.voided_by,
        standing.changes,
    )
}

/// The columns of a slip's lines.
pub(crate) fn line_columns(slip: &SlipRecord) -> impl Iterator<Item = LineColumns> + '_ {
    (0_u16..).zip(&slip.lines).map(|(place, line)| {
        (
            slip.id.key(),
            place.into(),
            line.product.get(),
            line.grade.get(),
            line.contract.map(ContractId::key),
            line.gross.get(),
            line.net.get(),
            line.settlement.get(),
            line.amount.get(),
            sums::owed(line, &slip.changes, place).unwrap_or_default().get(),
        )
    })
}
