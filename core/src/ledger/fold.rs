//! The fold: one entry after another, in the order of everything, into records.

use std::borrow::Borrow;

use crate::domain::check::{self, Limits};
use crate::domain::entry::Origin;
use crate::domain::{Body, Fen, Rule, UnitError};

use super::account::Posting;
use super::arrived::Arrived;
use super::district::District;
use super::keep::Records;
use super::memory::MemoryRecords;
use super::outcome::{Outcome, Status};
use super::partition::Partition;
use super::{
    adjustment, bank, confirmation, contract, debt, float, payout, price_fix, receipt, returned,
    slip, void,
};

/// What a kind's own file says of one entry.
pub(super) struct Verdict {
    /// Why it is held; empty if it counts.
    pub(super) reasons: Vec<Rule>,
    /// What it moves if it counts.
    pub(super) postings: Vec<Posting>,
}

impl Verdict {
    /// Held for these reasons, or counted and moving nothing.
    pub(super) const fn of(reasons: Vec<Rule>) -> Verdict {
        Verdict { reasons, postings: Vec::new() }
    }
}

/// Applies one entry that sorts after everything of its partition that was applied before.
///
/// An entry that breaks a rule is kept as held; it never stops what comes after it.
///
/// # Errors
/// Only if the records cannot be read or written: no content of an entry is an error.
pub fn apply<R: Records>(records: &mut R, arrived: &Arrived) -> Result<Outcome, R::Error> {
    let body = &arrived.entry.body;
    let partition = arrived.partition();
    let mut reasons = arrived.unsettled(own_reasons(arrived));
    if let Some(partition) = partition
        && is_counted_elsewhere(records, arrived, partition)?
    {
        reasons.push(Rule::ENTRY_REISSUED_TWICE);
    }
    let verdict = match body {
        // Its number is another's: what was taken over from paper under it.
        _ if arrived.overruled == Some(Rule::ENTRY_DIFFERS_FROM_RECOVERED) => Verdict::of(reasons),
        Body::Slip(slip) => slip::apply(records, arrived, slip, reasons)?,
        Body::Void(void) => void::apply(records, arrived, void, reasons)?,
        Body::ContractVersion(terms) => contract::apply(records, arrived, terms, reasons)?,
        Body::Prepayment(debt) => debt::prepayment(records, arrived, debt, reasons)?,
        Body::InputCredit(debt) => debt::input_credit(records, arrived, debt, reasons)?,
        Body::Deposit(debt) => debt::deposit(records, arrived, debt, reasons)?,
        Body::Confirmation(word) => confirmation::apply(records, arrived, word, reasons)?,
        Body::Payout(payout) => payout::apply(records, arrived, payout, reasons)?,
        Body::Return(back) => returned::apply(records, arrived, back, reasons)?,
        Body::PriceFix(fix) => price_fix::apply(records, arrived, fix, reasons)?,
        Body::Adjustment(adjustment) => adjustment::apply(records, arrived, adjustment, reasons)?,
        Body::Receipt(receipt) => receipt::apply(records, arrived, receipt, reasons)?,
        Body::BankReserve(reserve) => bank::reserve(records, arrived, reserve, reasons)?,
        Body::BankApprove(approve) => bank::approve(records, arrived, approve, reasons)?,
        Body::BankFile(file) => bank::file(records, arrived, file, reasons)?,
        Body::BankResult(result) => bank::result(records, arrived, result, reasons)?,
        Body::FloatIssue(issue) => float::issue(records, arrived, issue, reasons)?,
        Body::FloatAccept(accept) => float::accept(records, arrived, accept, reasons)?,
        Body::FloatCount(count) => float::count(records, arrived, count, reasons)?,
        Body::FloatDifference(approved) => float::difference(records, arrived, approved, reasons)?,
        // They move nothing: the district's lists are read by `Published`, notes by people.
        Body::Products(_)
        | Body::PriceList(_)
        | Body::Rules(_)
        | Body::Village(_)
        | Body::DeviceCertificate(_)
        | Body::Note(_)
        | Body::Steward(_)
        | Body::DeviceRevocation(_)
        | Body::RecoveredEntry(_)
        | Body::Question(_)
        | Body::Answer(_)
        | Body::Objection(_)
        | Body::Review(_)
        | Body::HoldDecision(_)
        | Body::IdentityLink(_)
        | Body::IdentityUnlink(_)
        | Body::MonthClose(_)
        | Body::Unknown { .. } => Verdict::of(reasons),
    };
    let status = match body {
        Body::Unknown { .. } => Status::Newer,
        _ => arrived.status(verdict.reasons),
    };
    if let Some(partition) = partition {
        for posting in &verdict.postings {
            records.add_balance(partition, posting.debit, posting.amount, Fen::ZERO)?;
            records.add_balance(partition, posting.credit, Fen::ZERO, posting.amount)?;
        }
        if let Some(origin) = arrived.entry.envelope.reissue_of
            && status == Status::Counted
        {
            records.put_reissued(partition, origin, arrived.id)?;
        }
    }
    let outcome = Outcome {
        id: arrived.id,
        hash: arrived.hash,
        partition,
        status,
        postings: verdict.postings,
    };
    records.put_outcome(&outcome)?;
    Ok(outcome)
}

/// Why an entry is held by itself and by the district's rulings: its device, its Lamport number, its
/// own fields, a revocation, closes that overrule it.
///
/// The limits are fixed, so nothing that the district publishes later changes what already counts.
pub(super) fn own_reasons(arrived: &Arrived) -> Vec<Rule> {
    let Some(kind) = arrived.entry.body.kind() else { return Vec::new() };
    let mut reasons = Vec::new();
    if !check::may_write(arrived.role, kind) {
        reasons.push(Rule::ENTRY_NOT_FOR_THIS_DEVICE);
    }
    if arrived.lamport_jump {
        reasons.push(Rule::ENTRY_LAMPORT_JUMP);
    }
    if arrived.after_revocation {
        reasons.push(Rule::ENTRY_AFTER_REVOCATION);
    }
    reasons.append(&mut check::rules_of(&arrived.entry.body.check(&Limits::LEDGER)));
    if let Body::MonthClose(close) = &arrived.entry.body
        && Some(close.village) != arrived.village
    {
        reasons.push(Rule::CLOSE_OTHER_VILLAGE);
    }
    if let Body::RecoveredEntry(recovered) = &arrived.entry.body
        && recovered.certificate.village != arrived.village
    {
        reasons.push(Rule::RECOVERED_OTHER_VILLAGE);
    }
    reasons.extend(arrived.overruled);
    reasons
}

/// Whether nothing holds an entry but what the district's rulings say of it.
pub(super) fn is_sound(arrived: &Arrived) -> bool {
    let by_rulings =
        |rule: &Rule| *rule == Rule::ENTRY_AFTER_REVOCATION || Some(*rule) == arrived.overruled;
    own_reasons(arrived).iter().all(by_rulings)
}

/// Whether the same fact already counts under another id: one origin counts once, as itself or
/// issued again, whichever comes first in the order of everything.
fn is_counted_elsewhere<R: Records>(
    records: &R,
    arrived: &Arrived,
    partition: Partition,
) -> Result<bool, R::Error> {
    let itself = Origin { id: arrived.id, hash: arrived.hash };
    if records.reissued(partition, itself)?.is_some() {
        return Ok(true);
    }
    let Some(origin) = arrived.entry.envelope.reissue_of else { return Ok(false) };
    Ok(records.counted(partition, origin.id)? == Some(origin.hash)
        || records.reissued(partition, origin)?.is_some())
}

/// Folds entries, given in any order and each once, from nothing; the district's rulings among them
/// give each its place.
///
/// # Errors
/// [`UnitError::Overflow`] if a balance does not fit; `slip`'s limits keep it far away.
pub fn fold<A: Borrow<Arrived>>(
    arrived: impl IntoIterator<Item = A>,
) -> Result<MemoryRecords, UnitError> {
    let mut records = MemoryRecords::new();
    for arrived in in_order(arrived, |_| true) {
        apply(&mut records, &arrived)?;
    }
    Ok(records)
}

/// Folds one partition again from all of its entries, given in any order and each once, among the
/// district's rulings; entries of others are passed over.
///
/// # Errors
/// If the records cannot be read or written.
pub fn refold<R: Records, A: Borrow<Arrived>>(
    records: &mut R,
    partition: Partition,
    arrived: impl IntoIterator<Item = A>,
) -> Result<(), R::Error> {
    records.clear(partition)?;
    for arrived in in_order(arrived, |arrived| arrived.partition() == Some(partition)) {
        apply(records, &arrived)?;
    }
    Ok(())
}

/// Those of the entries that pass, each in its place by the rulings among all of them.
fn in_order<A: Borrow<Arrived>>(
    arrived: impl IntoIterator<Item = A>,
    passes: impl Fn(&Arrived) -> bool,
) -> Vec<Arrived> {
    let all: Vec<A> = arrived.into_iter().collect();
    let district = District::fold(all.iter().map(Borrow::borrow));
    let mut passing: Vec<Arrived> =
        all.iter().map(Borrow::borrow).filter(|a| passes(a)).cloned().collect();
    for arrived in &mut passing {
        district.place(arrived);
    }
    district.restore(&mut passing);
    passing.sort_by_cached_key(Arrived::order);
    passing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::device::DeviceRole;
    use crate::domain::note::Note;
    use crate::domain::{
        Clock, DeviceNo, EntityNo, Entry, EntryHash, EntryId, Envelope, OperatorNo,
    };

    fn arrived(role: DeviceRole, body: Body) -> Arrived {
        let envelope = Envelope {
            lamport: 1,
            date: "2020-07-01".parse().unwrap(),
            clock: Clock::default(),
            entity: EntityNo::new(1),
            operator: OperatorNo::new(0),
            reissue_of: None,
        };
        let entry = Entry { envelope, body };
        let id = EntryId::new(DeviceNo::default(), 1);
        Arrived::new(id, EntryHash::of(&entry.encode()), role, None, entry)
    }

    #[test]
    fn an_entry_of_a_newer_kind_is_kept_as_such_whatever_wrote_it() {
        let newer = arrived(DeviceRole::Phone, Body::Unknown { kind: 99, version: 1 });
        let mut records = MemoryRecords::new();
        assert_eq!(apply(&mut records, &newer).unwrap().status, Status::Newer);
        assert_eq!(records.status(None, newer.id), Some(&Status::Newer));
    }

    #[test]
    fn a_note_counts_and_moves_nothing() {
        let note = Note { about: None, text: "下雨".into() };
        let outcome =
            apply(&mut MemoryRecords::new(), &arrived(DeviceRole::Phone, note.into())).unwrap();
        assert_eq!((outcome.status, outcome.postings.len()), (Status::Counted, 0));
    }
}
