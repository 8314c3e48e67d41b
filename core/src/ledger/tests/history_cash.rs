//! Random acts of floats and of the bank: issues, acceptances, counts, batches and their results.

use super::history::{Act, target};
use crate::domain::bank::{BankApprove, BankFile, BankOutcome, BankReserve, BankResult};
use crate::domain::float::{FloatAccept, FloatCount, FloatDifference, FloatIssue};
use crate::domain::payout::Allocation;
use crate::domain::{
    BatchId, Body, DeviceNo, EntryHash, EntryId, Fen, GrowerId, Holder, OperatorNo, PersonNo,
};
use crate::ledger::Arrived;

/// The kinds of act that are of floats or of the bank.
pub(super) const KINDS: std::ops::Range<u8> = 14..20;

pub(super) fn body(act: &Act, entries: &[Arrived], id: EntryId) -> Body {
    match act.kind {
        14 => issue(act),
        15 => {
            let own = [Holder::Office, phone(1), phone(2)][usize::from(act.device % 3)];
            let mine = |a: &Arrived| match &a.entry.body {
                Body::FloatIssue(issue) => issue.to == own || act.rare.is_multiple_of(8),
                _ => false,
            };
            let issue = target(act, entries, mine);
            let (issue, issue_hash) = named(issue, id);
            FloatAccept { issue, issue_hash }.into()
        }
        16 => count(act, entries, id),
        17 => reserve(act, entries, id),
        18 => result(act, entries, id),
        _ => batch(act, entries, id),
    }
}

fn named(entry: Option<&Arrived>, otherwise: EntryId) -> (EntryId, EntryHash) {
    entry.map_or((otherwise, EntryHash::of(b"")), |a| (a.id, a.hash))
}

fn phone(number: u16) -> Holder {
    Holder::Phone(DeviceNo::new(number).unwrap())
}

fn issue(act: &Act) -> Body {
    let holders = [Holder::Office, phone(1), phone(2)];
    let own = usize::from(act.device % 3);
    // Seldom from a till that is not one's own.
    let from = holders[if act.rare.is_multiple_of(16) { (own + 1) % 3 } else { own }];
    let to = holders[(own + 1 + usize::from(act.rare % 2)) % 3];
    FloatIssue { from, to, amount: Fen::new(act.amount) }.into()
}

fn count(act: &Act, entries: &[Arrived], id: EntryId) -> Body {
    let count = target(act, entries, |a| matches!(a.entry.body, Body::FloatCount(_)));
    let (Some(of), 3) = (count, act.device) else {
        return FloatCount {
            holder: phone(1 + act.device % 2),
            counted: Fen::new(act.amount),
            expected: Fen::new(i64::from(act.rare) * 8),
        }
        .into();
    };
    let Body::FloatCount(found) = &of.entry.body else { panic!("{of:?}") };
    let (count, count_hash) = named(count, id);
    FloatDifference {
        count,
        count_hash,
        holder: found.holder,
        difference: Fen::new(found.counted.get() - found.expected.get()),
        reason: "找零".into(),
        approved_by: OperatorNo::new(if act.rare % 8 == 1 { 3 } else { 5 }),
    }
    .into()
}

fn reserve(act: &Act, entries: &[Arrived], id: EntryId) -> Body {
    let grower = GrowerId::new(DeviceNo::new(1).unwrap(), act.grower);
    let own = |a: &Arrived| matches!(&a.entry.body, Body::Slip(s) if s.grower == grower);
    let (slip, _) = named(target(act, entries, own), id);
    BankReserve {
        batch: BatchId::new(DeviceNo::new(3).unwrap(), 1 + act.grower % 2),
        grower,
        allocations: vec![Allocation { slip, amount: Fen::new(act.amount) }],
        payee: PersonNo::new(0),
        account_last4: "0123".into(),
    }
    .into()
}

fn result(act: &Act, entries: &[Arrived], id: EntryId) -> Body {
    let of = target(act, entries, |a| matches!(a.entry.body, Body::BankReserve(_)));
    let (reserve, reserve_hash) = named(of, id);
    let (batch, grower) = match of.map(|a| &a.entry.body) {
        Some(Body::BankReserve(reserve)) => (reserve.batch, reserve.grower),
        _ => (BatchId::new(id.device, 1), GrowerId::new(id.device, act.grower)),
    };
    let outcome = match act.amount % 4 {
        0 => BankOutcome::Returned("户名不符".into()),
        1 => BankOutcome::Released("改付现金".into()),
        _ => BankOutcome::Paid("0001".into()),
    };
    BankResult { batch, grower, reserve, reserve_hash, outcome }.into()
}

/// A file of an approved batch, as approved or not; else an approval.
fn batch(act: &Act, entries: &[Arrived], id: EntryId) -> Body {
    let by_office =
        |a: &Arrived| a.id.device.get() == 3 && matches!(a.entry.body, Body::BankApprove(_));
    let approval = target(act, entries, by_office);
    if let Some(Body::BankApprove(approved)) = approval.map(|a| &a.entry.body)
        && act.rare.is_multiple_of(2)
    {
        return BankFile {
            batch: approved.batch,
            approval: named(approval, id).0,
            lines: approved.lines + u32::from(act.rare % 16 == 8),
            total: approved.total,
            file_hash: [1; 32],
        }
        .into();
    }
    BankApprove {
        batch: BatchId::new(DeviceNo::new(3).unwrap(), act.target.index(40).try_into().unwrap()),
        lines: 1,
        total: Fen::new(act.amount),
        root: [2; 32],
        prepared_by: OperatorNo::new(if act.rare % 8 == 1 { 3 } else { 5 }),
    }
    .into()
}
