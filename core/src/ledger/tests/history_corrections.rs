//! Corrections in random histories: returns, adjustments, price fixes and voids with a replacement,
//! of any slip, right and wrong.

use super::history_cash;
use crate::domain::adjustment::Adjustment;
use crate::domain::price_fix::PriceFix;
use crate::domain::returned::Return;
use crate::domain::slip::{PriceReason, Segment, Slip, amount_of};
use crate::domain::void::Void;
use crate::domain::{Body, EntryId, Fen, Grams, LiPerKg, OperatorNo};
use crate::ledger::Arrived;

/// The kinds of act that are corrections.
pub(super) const KINDS: std::ops::Range<u8> = history_cash::KINDS.end..history_cash::KINDS.end + 4;

/// Whether only the office may write it: adjustments and price fixes.
pub(super) fn is_of_office(kind: u8) -> bool {
    KINDS.contains(&kind) && matches!(kind - KINDS.start, 1 | 2)
}

/// The act of this kind on this slip; `other` is another slip, `amount` and `rare` pick the rest.
pub(super) fn body(
    kind: u8,
    slip: (&Arrived, &Slip),
    other: Option<EntryId>,
    amount: i64,
    rare: u8,
) -> Body {
    let (arrived, printed) = slip;
    let (grower, slip, slip_hash) = (printed.grower, arrived.id, arrived.hash);
    let line = u16::from(rare.is_multiple_of(8));
    let reason = "改错".to_owned();
    match kind - KINDS.start {
        0 => {
            Return { grower, slip, slip_hash, line, weight: Grams::new(amount / 2), reason }.into()
        }
        1 => {
            // In the co-op's favour as often as in the grower's.
            let amount = Fen::new(if rare.is_multiple_of(2) { amount } else { -amount });
            let approved_by = rare.is_multiple_of(3).then_some(OperatorNo::new(9));
            let line = None;
            Adjustment { grower, slip, slip_hash, line, amount, reason, bulk: other, approved_by }
                .into()
        }
        2 => {
            let line = 0;
            let settled = printed.lines.first().and_then(|line| line.settlement().ok());
            let weight = settled.unwrap_or(Grams::new(1));
            let price = LiPerKg::new(1_900 + amount);
            let segments = vec![Segment { weight, price, reason: PriceReason::Stated }];
            let amount = amount_of(&segments).unwrap();
            PriceFix { grower, slip, slip_hash, line, segments, amount }.into()
        }
        _ => {
            Void { target: slip, target_hash: slip_hash, grower, reason, replacement: other }.into()
        }
    }
}
