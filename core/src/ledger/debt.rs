//! Debts: a prepayment, an input credit or a deposit makes a grower owe what was given ahead; a
//! refund, what was paid and is no longer owed.
//!
//! They are three different things in the accounts, and one record here: payouts and receipts repay
//! them alike.

use crate::domain::debt::{Creditor, Deposit, InputCredit, Prepayment, Purse};
use crate::domain::{
    BasisPoints, BusinessDate, ContractId, EntityNo, EntryId, Fen, GrowerId, Holder, Rule,
    UnitError,
};

use super::account::{Account, Posting};
use super::arrived::Arrived;
use super::bank::ExcessRecord;
use super::fold::Verdict;
use super::keep::Records;
use super::record::{DebtKind, DebtRecord};
use super::records::State;

/// Nothing is agreed on how fast money that nobody owed comes back, so all of a payable may go to it.
const WHOLE: BasisPoints = BasisPoints::new(10_000);

pub(super) fn prepayment<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    debt: &Prepayment,
    reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let record = DebtRecord {
        contract: debt.contract,
        amount: debt.amount,
        due: debt.terms.due,
        share: debt.terms.share,
        ..blank(arrived, debt.grower, DebtKind::Prepayment)
    };
    let credit = purse_of(arrived, debt.purse);
    make(records, arrived, record, credit, reasons)
}

pub(super) fn input_credit<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    debt: &InputCredit,
    reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let entity = arrived.entry.envelope.entity;
    let record = DebtRecord {
        contract: debt.contract,
        // A sum that does not fit is held by its own check.
        amount: debt.amount().unwrap_or_default(),
        due: debt.terms.due,
        share: debt.terms.share,
        ..blank(arrived, debt.grower, DebtKind::InputCredit)
    };
    let credit = match debt.creditor {
        Creditor::Entity => Account::InputSales { entity },
        Creditor::Supplier(_) => Account::Supplier { entity },
    };
    make(records, arrived, record, credit, reasons)
}

/// All deposits of a contract together are at most a fifth of it (民法典 586).
pub(super) fn deposit<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    debt: &Deposit,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let record = DebtRecord {
        contract: Some(debt.contract),
        amount: debt.amount,
        due: debt.terms.due,
        share: debt.terms.share,
        ..blank(arrived, debt.grower, DebtKind::Deposit)
    };
    let entity = arrived.entry.envelope.entity;
    let contract = records.contract(debt.grower, debt.contract)?;
    let most = contract
        .as_ref()
        .and_then(|contract| contract.in_force())
        .filter(|version| version.entity == entity)
        .map(|version| version.terms.most_deposit());
    match (contract, most) {
        (Some(contract), Some(most)) => {
            let together = contract.deposits.plus(debt.amount);
            if !together.is_ok_and(|sum| sum <= most) {
                reasons.push(Rule::DEPOSIT_BEYOND_FIFTH);
            }
        }
        _ => reasons.push(Rule::DEPOSIT_WITHOUT_CONTRACT),
    }
    let credit = purse_of(arrived, debt.purse);
    let verdict = make(records, arrived, record, credit, reasons)?;
    if verdict.reasons.is_empty() {
        add_deposit(records, debt.grower, debt.contract, debt.amount)?;
    }
    Ok(verdict)
}

/// Keeps a refund due (应收退款) under this entry's number, or adds to it; answers the account that
/// is debited.
pub(super) fn refund<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    grower: GrowerId,
    amount: Fen,
) -> Result<Account, R::Error> {
    let mut record = records
        .kept::<DebtRecord>(grower.into(), arrived.id.key())?
        .unwrap_or_else(|| blank(arrived, grower, DebtKind::Refund));
    record.state = State::Counted;
    record.amount = record.amount.plus(amount)?;
    let account = record.account();
    records.put_record(grower.into(), record.into())?;
    Ok(account)
}

/// What a grower owes back of money that was too much, once they said that it came: under the number
/// of what paid it, due from this day on, of nothing yet.
pub(super) fn overpaid(paid: &ExcessRecord, due: BusinessDate) -> DebtRecord {
    DebtRecord {
        id: paid.id,
        hash: paid.hash,
        grower: paid.grower,
        entity: paid.entity,
        village: paid.village,
        date: paid.date,
        kind: DebtKind::Refund,
        contract: None,
        amount: Fen::ZERO,
        repaid: Fen::ZERO,
        due,
        share: WHOLE,
        confirmed: None,
        disputed: false,
        state: State::Counted,
        source: None,
        operator: paid.operator,
    }
}

/// The debt of this grower with this number, whatever made it and however it stands.
pub(super) fn find<R: Records>(
    records: &R,
    grower: GrowerId,
    id: EntryId,
) -> Result<Option<DebtRecord>, R::Error> {
    records.kept(grower.into(), id.key())
}

/// The debt with so much more of it paid back; what is taken back gives a negative amount.
pub(super) fn repay<R: Records>(
    records: &mut R,
    debt: DebtRecord,
    amount: Fen,
) -> Result<(), R::Error> {
    let repaid = debt.repaid.plus(amount)?;
    records.put_record(debt.grower.into(), DebtRecord { repaid, ..debt }.into())
}

/// Why a debt cannot be voided: something of it was paid back.
pub(super) fn bars_void(debt: &DebtRecord) -> Option<Rule> {
    (debt.repaid != Fen::ZERO).then_some(Rule::VOID_REPAID_SINCE)
}

/// Marks a debt as voided; what that moves.
pub(super) fn take_back<R: Records>(
    records: &mut R,
    debt: DebtRecord,
    state: State,
) -> Result<Vec<Posting>, R::Error> {
    let back = debt.amount.negated()?;
    let posting = debt.source.map(|credit| Posting { debit: debt.account(), credit, amount: back });
    if let (DebtKind::Deposit, Some(contract)) = (debt.kind, debt.contract) {
        add_deposit(records, debt.grower, contract, back)?;
    }
    records.put_record(debt.grower.into(), DebtRecord { state, ..debt }.into())?;
    Ok(posting.into_iter().collect())
}

/// Where money of an entry comes from or goes to.
pub(super) fn purse_of(arrived: &Arrived, purse: Purse) -> Account {
    let envelope = &arrived.entry.envelope;
    let entity = envelope.entity;
    match purse {
        Purse::Float => Account::Float { entity, holder: Holder::of(arrived.id.device, envelope) },
        Purse::Bank => Account::Bank { entity },
    }
}

fn make<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    mut record: DebtRecord,
    credit: Account,
    reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let mut postings = Vec::new();
    let reasons = arrived.unsettled(reasons);
    if reasons.is_empty() {
        record.state = State::Counted;
        postings.push(Posting { debit: record.account(), credit, amount: record.amount });
    }
    record.source = Some(credit);
    records.put_record(record.grower.into(), record.into())?;
    Ok(Verdict { reasons, postings })
}

fn add_deposit<R: Records>(
    records: &mut R,
    grower: GrowerId,
    contract: ContractId,
    amount: Fen,
) -> Result<(), R::Error> {
    if let Some(mut contract) = records.contract(grower, contract)? {
        contract.deposits = contract.deposits.plus(amount)?;
        records.put_contract(contract)?;
    }
    Ok(())
}

/// A debt of nothing by this entry, held.
fn blank(arrived: &Arrived, grower: GrowerId, kind: DebtKind) -> DebtRecord {
    let envelope = &arrived.entry.envelope;
    DebtRecord {
        id: arrived.id,
        hash: arrived.hash,
        grower,
        entity: envelope.entity,
        village: arrived.village,
        date: envelope.date,
        kind,
        contract: None,
        amount: Fen::ZERO,
        repaid: Fen::ZERO,
        due: envelope.date,
        share: WHOLE,
        confirmed: None,
        disputed: false,
        state: arrived.uncounted(),
        source: None,
        operator: envelope.operator,
    }
}

impl DebtRecord {
    /// The account that it lies on.
    pub const fn account(&self) -> Account {
        let (entity, grower) = (self.entity, self.grower);
        match self.kind {
            DebtKind::Prepayment => Account::Prepaid { entity, grower },
            DebtKind::InputCredit => Account::InputCredit { entity, grower },
            DebtKind::Deposit => Account::Deposit { entity, grower },
            DebtKind::Refund => Account::RefundDue { entity, grower },
        }
    }

    /// Why nothing may be kept back for it out of slips of this entity on this day, in order of
    /// precedence; `None` if it may.
    pub fn bars_repayment(&self, entity: EntityNo, date: BusinessDate) -> Option<Rule> {
        [
            (!self.state.stands(), Rule::DEBT_NOT_COUNTED),
            (self.entity != entity, Rule::REPAYMENT_WRONG_ENTITY),
            (date < self.due, Rule::REPAYMENT_NOT_DUE),
            (self.disputed, Rule::REPAYMENT_DISPUTED),
            (self.confirmed.is_none(), Rule::REPAYMENT_NOT_CONFIRMED),
        ]
        .into_iter()
        .find_map(|(bars, rule)| bars.then_some(rule))
    }

    /// At most so much of what is paid may go to it: its share, rounded down.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn share_of(&self, paid: Fen) -> Result<Fen, UnitError> {
        paid.part(self.share)
    }
}
