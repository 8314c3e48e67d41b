//! Payment through the bank (批量付款). A reserve keeps a grower's payable from being paid in cash; a
//! batch of them is approved by a second person and given to the bank in a file; what the bank says
//! of each line pays its slips, or makes them payable again (退票).
//!
//! What was paid beyond what was unpaid stands in suspense with the office.

use minicbor::{Decode, Encode};

use crate::domain::bank::{BankApprove, BankFile, BankOutcome, BankReserve, BankResult};
use crate::domain::payout::Allocation;
use crate::domain::{
    BatchId, BusinessDate, EntityNo, EntryHash, EntryId, Fen, GrowerId, Holder, OperatorNo,
    PersonNo, Rule, UnitError, VillageNo,
};

use super::account::{Account, Posting};
use super::arrived::Arrived;
use super::float::{are_two_people, broken, state};
use super::fold::Verdict;
use super::keep::Records;
use super::payout::pay;
use super::records::{SlipRecord, State};

/// What one grower gets in a batch.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ReserveRecord {
    /// Its entry.
    #[n(0)]
    pub id: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub hash: EntryHash,
    /// The batch.
    #[n(2)]
    pub batch: BatchId,
    /// Who is paid.
    #[n(3)]
    pub grower: GrowerId,
    /// Who pays.
    #[n(4)]
    pub entity: EntityNo,
    /// The village of the office device that wrote it.
    #[n(5)]
    pub village: Option<VillageNo>,
    /// The business date.
    #[n(6)]
    pub date: BusinessDate,
    /// Who prepared it.
    #[n(7)]
    pub operator: OperatorNo,
    /// Which slips, and how much of each.
    #[n(8)]
    pub allocations: Vec<Allocation>,
    /// All of it.
    #[n(9)]
    pub amount: Fen,
    /// Whose account of the household.
    #[n(10)]
    pub payee: PersonNo,
    /// The account's last four digits.
    #[n(11)]
    pub account_last4: String,
    /// How it stands.
    #[n(12)]
    pub state: State,
    /// How it ended.
    #[n(13)]
    pub settled: Option<Settled>,
}

/// The end of a reserve.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Settled {
    /// The entry that says so.
    #[n(0)]
    pub by: EntryId,
    /// Its business date.
    #[n(1)]
    pub date: BusinessDate,
    /// What the bank, or before the file the office, said.
    #[n(2)]
    pub outcome: BankOutcome,
    /// What was paid of each slip; empty unless the bank paid.
    #[n(3)]
    pub paid: Vec<Allocation>,
    /// What the bank paid beyond what was unpaid.
    #[n(4)]
    pub excess: Fen,
}

/// What the bank paid a grower beyond what was unpaid: suspense of the office until the grower says
/// that it came.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ExcessRecord {
    /// The result that says so.
    #[n(0)]
    pub id: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub hash: EntryHash,
    /// Who was paid.
    #[n(2)]
    pub grower: GrowerId,
    /// Who paid.
    #[n(3)]
    pub entity: EntityNo,
    /// The village of the office device that wrote it.
    #[n(4)]
    pub village: Option<VillageNo>,
    /// Its business date.
    #[n(5)]
    pub date: BusinessDate,
    /// Who wrote it.
    #[n(6)]
    pub operator: OperatorNo,
    /// How much.
    #[n(7)]
    pub amount: Fen,
}

/// A bank batch once it is approved.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct BatchRecord {
    /// Its number.
    #[n(0)]
    pub batch: BatchId,
    /// Who pays.
    #[n(1)]
    pub entity: EntityNo,
    /// The village of the office device that wrote it.
    #[n(2)]
    pub village: Option<VillageNo>,
    /// The approval.
    #[n(3)]
    pub approval: EntryId,
    /// The approval's business date.
    #[n(4)]
    pub date: BusinessDate,
    /// How many lines.
    #[n(5)]
    pub lines: u32,
    /// What they come to.
    #[n(6)]
    pub total: Fen,
    /// SHA-256 over the hashes of the reserves, in the order of their numbers.
    #[cbor(n(7), with = "minicbor::bytes")]
    pub root: [u8; 32],
    /// Who prepared it.
    #[n(8)]
    pub prepared_by: OperatorNo,
    /// Who approved it.
    #[n(9)]
    pub approved_by: OperatorNo,
    /// The file that was given to the bank.
    #[n(10)]
    pub file: Option<FileRecord>,
}

/// The file of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct FileRecord {
    /// Its entry.
    #[n(0)]
    pub id: EntryId,
    /// Its business date.
    #[n(1)]
    pub date: BusinessDate,
    /// SHA-256 of its bytes.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub file_hash: [u8; 32],
}

impl ReserveRecord {
    /// Whether it keeps its slips from being paid otherwise.
    pub const fn is_open(&self) -> bool {
        self.state.stands() && self.settled.is_none()
    }
}

impl SlipRecord {
    /// What may be paid in cash: what is unpaid and not reserved for the bank.
    pub fn payable_in_cash(&self) -> Fen {
        self.remaining.minus(self.reserved).unwrap_or_default().max(Fen::ZERO)
    }
}

pub(super) fn reserve<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    reserve: &BankReserve,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let envelope = &arrived.entry.envelope;
    let mut reserved = Vec::with_capacity(reserve.allocations.len());
    for allocation in &reserve.allocations {
        let slip = records.slip(reserve.grower, allocation.slip)?;
        let reason = match &slip {
            None => Some(Rule::PAYOUT_SLIP_UNKNOWN),
            Some(slip) if !slip.state.stands() => Some(Rule::PAYOUT_SLIP_NOT_COUNTED),
            Some(slip) if slip.entity != envelope.entity => Some(Rule::PAYOUT_WRONG_ENTITY),
            Some(_) => None,
        };
        reasons.extend(reason.filter(|reason| !reasons.contains(reason)));
        reserved.extend(slip.map(|slip| (slip, allocation.amount)));
    }
    let reasons = arrived.unsettled(reasons);
    if reasons.is_empty() {
        for (slip, amount) in reserved {
            records.put_slip(keep_back(slip, amount)?)?;
        }
    }
    let record = ReserveRecord {
        id: arrived.id,
        hash: arrived.hash,
        batch: reserve.batch,
        grower: reserve.grower,
        entity: envelope.entity,
        village: arrived.village,
        date: envelope.date,
        operator: envelope.operator,
        allocations: reserve.allocations.clone(),
        // A sum that does not fit broke a rule already.
        amount: reserve.amount().unwrap_or_default(),
        payee: reserve.payee,
        account_last4: reserve.account_last4.clone(),
        state: state(arrived, &reasons),
        settled: None,
    };
    records.put_record(reserve.grower.into(), record.into())?;
    Ok(Verdict::of(reasons))
}

/// The slip with so much more of it reserved; the end of a reserve gives a negative amount.
fn keep_back(slip: SlipRecord, amount: Fen) -> Result<SlipRecord, UnitError> {
    Ok(SlipRecord { reserved: slip.reserved.plus(amount)?, ..slip })
}

pub(super) fn approve<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    approve: &BankApprove,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let envelope = &arrived.entry.envelope;
    let approved = records.kept::<BatchRecord>(arrived.cash(), approve.batch.key())?.is_some();
    reasons.extend(broken([
        (approved, Rule::BANK_APPROVED_TWICE),
        (!are_two_people(approve.prepared_by, envelope.operator), Rule::SAME_PERSON),
    ]));
    let reasons = arrived.unsettled(reasons);
    if reasons.is_empty() {
        let record = BatchRecord {
            batch: approve.batch,
            entity: envelope.entity,
            village: arrived.village,
            approval: arrived.id,
            date: envelope.date,
            lines: approve.lines,
            total: approve.total,
            root: approve.root,
            prepared_by: approve.prepared_by,
            approved_by: envelope.operator,
            file: None,
        };
        records.put_record(arrived.cash(), record.into())?;
    }
    Ok(Verdict::of(reasons))
}

pub(super) fn file<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    file: &BankFile,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let batch = records.kept::<BatchRecord>(arrived.cash(), file.batch.key())?;
    let Some(batch) = batch.filter(|batch| batch.approval == file.approval) else {
        reasons.push(Rule::BANK_NOT_APPROVED);
        return Ok(Verdict::of(reasons));
    };
    reasons.extend(broken([
        (batch.file.is_some(), Rule::BANK_FILE_TWICE),
        (batch.lines != file.lines || batch.total != file.total, Rule::BANK_TOTAL_DISAGREES),
    ]));
    let reasons = arrived.unsettled(reasons);
    if !reasons.is_empty() {
        return Ok(Verdict::of(reasons));
    }
    let entity = batch.entity;
    let moved = Posting {
        debit: Account::BankInTransit { entity },
        credit: Account::Bank { entity },
        amount: file.total,
    };
    let date = arrived.entry.envelope.date;
    let given = FileRecord { id: arrived.id, date, file_hash: file.file_hash };
    records.put_record(arrived.cash(), BatchRecord { file: Some(given), ..batch }.into())?;
    Ok(Verdict { reasons, postings: vec![moved] })
}

pub(super) fn result<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    result: &BankResult,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let partition = result.grower.into();
    let Some(reserve) = records.kept::<ReserveRecord>(partition, result.reserve.key())? else {
        reasons.push(Rule::BANK_RESERVE_UNKNOWN);
        return Ok(Verdict::of(reasons));
    };
    reasons.extend(broken([
        (reserve.hash != result.reserve_hash, Rule::TARGET_DIFFERS),
        (!reserve.state.stands(), Rule::BANK_RESERVE_NOT_COUNTED),
        (reserve.batch != result.batch, Rule::BANK_OTHER_BATCH),
        (reserve.entity != arrived.entry.envelope.entity, Rule::WRONG_ENTITY),
        (reserve.settled.is_some(), Rule::BANK_ALREADY_SETTLED),
    ]));
    let reasons = arrived.unsettled(reasons);
    if !reasons.is_empty() {
        return Ok(Verdict::of(reasons));
    }
    let paid = end(records, &reserve, matches!(result.outcome, BankOutcome::Paid(_)))?;
    let entity = reserve.entity;
    let amount = Fen::sum(paid.iter().map(|part| part.amount))?;
    let (in_transit, excess) = (Account::BankInTransit { entity }, reserve.amount.minus(amount)?);
    let posting = |debit, amount| Posting { debit, credit: in_transit, amount };
    let (postings, excess) = match result.outcome {
        BankOutcome::Paid(_) => {
            let payable = Account::Payable { entity, grower: reserve.grower };
            let suspense = Account::Suspense { entity, holder: Holder::Office };
            (vec![posting(payable, amount), posting(suspense, excess)], excess)
        }
        BankOutcome::Returned(_) => {
            (vec![posting(Account::Bank { entity }, reserve.amount)], Fen::ZERO)
        }
        BankOutcome::Released(_) => (Vec::new(), Fen::ZERO),
    };
    if excess > Fen::ZERO {
        let envelope = &arrived.entry.envelope;
        let over = ExcessRecord {
            id: arrived.id,
            hash: arrived.hash,
            grower: reserve.grower,
            entity,
            village: arrived.village,
            date: envelope.date,
            operator: envelope.operator,
            amount: excess,
        };
        records.put_record(partition, over.into())?;
    }
    let settled = Settled {
        by: arrived.id,
        date: arrived.entry.envelope.date,
        outcome: result.outcome.clone(),
        paid,
        excess,
    };
    let settled = Some(settled);
    records.put_record(partition, ReserveRecord { settled, ..reserve }.into())?;
    let postings = postings.into_iter().filter(|p| p.amount != Fen::ZERO).collect();
    Ok(Verdict { reasons, postings })
}

/// Ends the reserve of each slip and, if the bank paid, pays up to what is unpaid of it: how much of
/// each.
fn end<R: Records>(
    records: &mut R,
    reserve: &ReserveRecord,
    pays: bool,
) -> Result<Vec<Allocation>, R::Error> {
    let mut paid = Vec::new();
    for part in &reserve.allocations {
        // It counts, so every slip it names is there.
        let Some(slip) = records.slip(reserve.grower, part.slip)? else { continue };
        let mut slip = keep_back(slip, part.amount.negated()?)?;
        let amount = part.amount.min(slip.remaining).max(Fen::ZERO);
        if pays && amount > Fen::ZERO {
            slip = pay(slip, amount)?;
            paid.push(Allocation { slip: part.slip, amount });
        }
        records.put_slip(slip)?;
    }
    Ok(paid)
}
