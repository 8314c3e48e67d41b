//! Random histories: what is given ahead, confirmed, disputed, repaid and given back.

use std::ops::Range;

use super::history::{Act, target};
use super::history_corrections;
use crate::domain::confirmation::{Confirmation, Means};
use crate::domain::debt::{DebtTerms, Deposit, Prepayment, Purse};
use crate::domain::payout::{Payout, Repayment};
use crate::domain::receipt::Receipt;
use crate::domain::{
    BasisPoints, Body, ContractId, DeviceNo, EntryHash, EntryId, Fen, GrowerId, PersonNo,
};
use crate::ledger::Arrived;

/// The acts of debts.
pub(super) const KINDS: Range<u8> =
    history_corrections::KINDS.end..history_corrections::KINDS.end + 6;

/// A debt, a word on something, or money that comes back.
pub(super) fn body(act: &Act, entries: &[Arrived], grower: GrowerId, contract: ContractId) -> Body {
    let terms = DebtTerms {
        due: "2020-07-01".parse().unwrap(),
        share: BasisPoints::new(i64::from(act.rare) * 40 + 1),
    };
    let purse = if act.synced { Purse::Bank } else { Purse::Float };
    let amount = Fen::new(act.amount);
    match act.kind - KINDS.start {
        0 => Prepayment { grower, contract: None, amount, terms, purse }.into(),
        1 => {
            let amount = Fen::new(act.amount * 4);
            Deposit { grower, contract, amount, terms, purse }.into()
        }
        2..=3 => {
            let target = target(act, entries, |a| {
                is_debt(a, grower) || matches!(&a.entry.body, Body::Payout(p) if p.grower == grower)
            });
            Confirmation {
                grower,
                target: target.map_or(nothing(), |a| a.id),
                target_hash: target.map_or(EntryHash::of(b""), |a| a.hash),
                person: PersonNo::default(),
                means: Means::Witness,
                agrees: !act.rare.is_multiple_of(4),
            }
            .into()
        }
        _ => {
            let debt = target(act, entries, |a| is_debt(a, grower)).map_or(nothing(), |a| a.id);
            Receipt { grower, debt, amount, purse }.into()
        }
    }
}

/// The payout with something kept back for a debt, now and then.
pub(super) fn repaying(act: &Act, entries: &[Arrived], mut payout: Payout) -> Payout {
    let debt = target(act, entries, |a| is_debt(a, payout.grower)).map(|a| a.id);
    let claimed = Fen::new(act.amount / 3);
    if let (Some(debt), true) = (debt, act.synced && claimed > Fen::ZERO) {
        payout.repayments.push(Repayment { debt, claimed });
        payout.cash = payout.cash.minus(claimed).unwrap();
    }
    payout
}

/// What a grower may owe by: a payout that was too much is a debt, too.
fn is_debt(arrived: &Arrived, grower: GrowerId) -> bool {
    match &arrived.entry.body {
        Body::Prepayment(debt) => debt.grower == grower,
        Body::Deposit(debt) => debt.grower == grower,
        Body::Payout(payout) => {
            payout.grower == grower && arrived.id.sequence.get().is_multiple_of(4)
        }
        _ => false,
    }
}

fn nothing() -> EntryId {
    EntryId::new(DeviceNo::default(), 9)
}
