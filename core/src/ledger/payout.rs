//! A payout in cash: what is owed on its slips goes down, the float pays, debts are repaid out of
//! it, and what rounding adds for the grower is a purchase difference.
//!
//! Cash that was handed over is a fact. Who may not pay, and what is beyond the unpaid, the desk
//! refuses; here it counts, marked, and the excess is suspense in the hands of who paid it until the
//! grower confirms it or the payout is voided. A repayment that may not be is a fact too: the money
//! was kept back, so it stays payable.

use minicbor::{Decode, Encode};

use crate::domain::payout::{Allocation, Payout};
use crate::domain::{EntityNo, EntryId, Fen, Holder, PersonNo, Rule, UnitError};

use super::account::{Account, Posting};
use super::arrived::Arrived;
use super::debt;
use super::fold::Verdict;
use super::keep::Records;
use super::record::DebtRecord;
use super::records::{PayoutRecord, SlipRecord, State};

mod settle;

use settle::{Claim, Part};

/// What the ledger made of a payout.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct PayoutEffect {
    /// What it paid of each slip: what was printed, less what could not be repaid and what was too
    /// much. Nothing while it is held.
    #[n(0)]
    pub paid: Vec<Allocation>,
    /// What it repaid of each debt.
    #[n(1)]
    pub repayments: Vec<RepaymentRecord>,
    /// What was paid beyond the unpaid: suspense of who paid, until the grower confirms it.
    #[n(2)]
    pub excess: Fen,
    /// What should not have been, though it counts.
    #[n(3)]
    pub marks: Vec<Rule>,
    /// The grower's last word on it.
    #[n(4)]
    pub word: Option<Word>,
}

/// What a payout repaid of one debt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct RepaymentRecord {
    /// The debt.
    #[n(0)]
    pub debt: EntryId,
    /// What was kept back for it.
    #[n(1)]
    pub claimed: Fen,
    /// What it repaid; the rest stays payable.
    #[n(2)]
    pub effective: Fen,
    /// Why it repaid less.
    #[n(3)]
    pub why: Option<Rule>,
}

/// A grower's word on a payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Word {
    /// The confirmation.
    #[n(0)]
    pub by: EntryId,
    /// Who of the household spoke.
    #[n(1)]
    pub person: PersonNo,
    /// Yes or no.
    #[n(2)]
    pub agrees: bool,
}

pub(super) fn apply<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    payout: &Payout,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let mut record = PayoutRecord::from_entry(arrived, payout);
    let mut parts = Vec::with_capacity(payout.allocations.len());
    for allocation in &payout.allocations {
        let slip = records.slip(payout.grower, allocation.slip)?;
        for reason in against(slip.as_ref(), record.entity) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        parts.extend(slip.map(|slip| Part { slip, amount: allocation.amount }));
    }
    let reasons = arrived.unsettled(reasons);
    if !reasons.is_empty() {
        records.put_payout(record)?;
        return Ok(Verdict::of(reasons));
    }
    let mut claims = Vec::with_capacity(payout.repayments.len());
    for repayment in &payout.repayments {
        let debt = debt::find(records, payout.grower, repayment.debt)?;
        claims.push(Claim::new(repayment, debt, &record)?);
    }
    let repayments = settle::effective(&claims, &parts)?;
    let repaid = Fen::sum(repayments.iter().map(|r| r.effective))?;
    let parts = settle::cut(parts, payout.claimed()?.minus(repaid)?)?;
    record.state = State::Counted;
    record.effect.repayments = repayments;
    for part in parts {
        for mark in marks(&record, &part) {
            if !record.effect.marks.contains(&mark) {
                record.effect.marks.push(mark);
            }
        }
        let paid = part.payable();
        record.effect.excess = record.effect.excess.plus(part.amount.minus(paid)?)?;
        if paid > Fen::ZERO {
            record.effect.paid.push(Allocation { slip: part.slip.id, amount: paid });
            records.put_slip(pay(part.slip, paid)?)?;
        }
    }
    let mut accounts = Vec::new();
    for (claim, repayment) in claims.into_iter().zip(&record.effect.repayments) {
        if let (Some(debt), true) = (claim.debt, repayment.effective > Fen::ZERO) {
            accounts.push((debt.account(), repayment.effective));
            debt::repay(records, debt, repayment.effective)?;
        }
    }
    let postings = postings(&record, &accounts)?;
    records.put_payout(record)?;
    Ok(Verdict { reasons, postings })
}

/// Why a payout on this slip waits, in order of precedence: what it moves is not known yet.
fn against(slip: Option<&SlipRecord>, entity: EntityNo) -> Vec<Rule> {
    let Some(slip) = slip else { return vec![Rule::PAYOUT_SLIP_UNKNOWN] };
    [
        (slip.state == State::Held, Rule::PAYOUT_SLIP_NOT_COUNTED),
        (slip.entity != entity, Rule::PAYOUT_WRONG_ENTITY),
    ]
    .into_iter()
    .filter_map(|(broken, rule)| broken.then_some(rule))
    .collect()
}

/// What of a payout on this slip should not have been, in order of precedence.
fn marks(payout: &PayoutRecord, part: &Part) -> Vec<Rule> {
    let slip = &part.slip;
    let stands = slip.state.stands();
    let beyond = part.amount > part.payable();
    let reserved = beyond && stands && slip.reserved > Fen::ZERO;
    let stranger = payout.cash > Fen::ZERO && !slip.may_be_paid_by(payout.id, payout.holder());
    let marks = [
        (!stands, Rule::PAYOUT_SLIP_NOT_COUNTED),
        (stranger, Rule::PAYOUT_NOT_THE_BUYER),
        (reserved, Rule::BANK_RESERVED),
        (beyond && stands && part.amount > slip.remaining, Rule::PAYOUT_BEYOND_UNPAID),
    ];
    marks.into_iter().filter_map(|(is, rule)| is.then_some(rule)).collect()
}

/// The slip with so much more of it paid; a voided payout gives a negative amount.
pub(super) fn pay(slip: SlipRecord, amount: Fen) -> Result<SlipRecord, UnitError> {
    let (paid, remaining) = (slip.paid.plus(amount)?, slip.remaining.minus(amount)?);
    Ok(SlipRecord { paid, remaining, ..slip })
}

/// Where cash that was paid too much lies.
pub(super) fn suspense(payout: &PayoutRecord) -> Account {
    Account::Suspense { entity: payout.entity, holder: payout.holder() }
}

/// What a counted payout moves: from the float, and from what was kept back to these debts.
fn postings(payout: &PayoutRecord, repaid: &[(Account, Fen)]) -> Result<Vec<Posting>, UnitError> {
    let (entity, grower) = (payout.entity, payout.grower);
    let float = Account::Float { entity, holder: payout.holder() };
    let payable = Account::Payable { entity, grower };
    let paid = Fen::sum(payout.effect.paid.iter().map(|part| part.amount))?;
    let kept = Fen::sum(repaid.iter().map(|(_, amount)| *amount))?;
    let mut postings = vec![
        Posting { debit: payable, credit: float, amount: paid.minus(kept)? },
        Posting {
            debit: Account::PurchaseDifference { entity },
            credit: float,
            amount: payout.rounding,
        },
        Posting { debit: suspense(payout), credit: float, amount: payout.effect.excess },
    ];
    let repayment = |&(credit, amount)| Posting { debit: payable, credit, amount };
    postings.extend(repaid.iter().map(repayment));
    postings.retain(|posting| posting.amount != Fen::ZERO);
    Ok(postings)
}

/// Why what it moved cannot be taken back any more, in order of precedence: what it paid is no
/// longer paid of its slips, or something was given back of what it overpaid.
pub(super) fn bars_void<R: Records>(
    records: &R,
    payout: &PayoutRecord,
) -> Result<Vec<Rule>, R::Error> {
    let mut reasons = Vec::new();
    for part in &payout.effect.paid {
        let slip = records.slip(payout.grower, part.slip)?;
        let stays = slip.is_some_and(|slip| slip.state.stands() && slip.paid >= part.amount);
        if !stays && reasons.is_empty() {
            reasons.push(Rule::VOID_PAYMENT_MOVED);
        }
    }
    let refund = debt::find(records, payout.grower, payout.id)?;
    reasons.extend(refund.as_ref().and_then(debt::bars_void));
    Ok(reasons)
}

/// Marks a payout as voided: its slips are unpaid again, its debts owed, its excess is gone; what
/// that moves.
pub(super) fn take_back<R: Records>(
    records: &mut R,
    payout: PayoutRecord,
    state: State,
) -> Result<Vec<Posting>, R::Error> {
    for part in &payout.effect.paid {
        if let Some(slip) = records.slip(payout.grower, part.slip)? {
            records.put_slip(pay(slip, part.amount.negated()?)?)?;
        }
    }
    let mut repaid = Vec::new();
    for repayment in payout.effect.repayments.iter().filter(|r| r.effective > Fen::ZERO) {
        if let Some(debt) = debt::find(records, payout.grower, repayment.debt)? {
            repaid.push((debt.account(), repayment.effective));
            debt::repay(records, debt, repayment.effective.negated()?)?;
        }
    }
    let mut posted = postings(&payout, &repaid)?;
    if let Some(refund) = debt::find(records, payout.grower, payout.id)? {
        let (debit, credit) = (refund.account(), suspense(&payout));
        posted.push(Posting { debit, credit, amount: refund.amount });
        records.put_record(payout.grower.into(), DebtRecord { state, ..refund }.into())?;
    }
    posted.retain(|posting| posting.amount != Fen::ZERO);
    records.put_payout(PayoutRecord { state, ..payout })?;
    Ok(posted.into_iter().map(Posting::taken_back).collect::<Result<_, UnitError>>()?)
}

impl PayoutRecord {
    /// Whose cash it was.
    pub const fn holder(&self) -> Holder {
        Holder::of_operator(self.id.device, self.operator)
    }

    /// Whether an invoice may rest on it: it stands, and if a proxy took the money, somebody of the
    /// household said that it came.
    pub fn is_invoiceable(&self) -> bool {
        let seen = self.recipient.proxy.is_none() || self.effect.word.is_some_and(|w| w.agrees);
        self.state.stands() && seen
    }

    /// Whether the ledger made of it what was printed: all slips paid as it says, nothing else.
    pub fn is_plain(&self) -> bool {
        self.effect == PayoutEffect { paid: self.printed(), ..PayoutEffect::default() }
    }

    /// What it pays of each slip if nothing stands against it: nothing while it is held.
    fn printed(&self) -> Vec<Allocation> {
        match self.state {
            State::Counted | State::Voided { .. } => self.allocations.clone(),
            State::Held | State::Refused => Vec::new(),
        }
    }

    /// The payout with what the ledger made of it, which is what was printed if nothing else is
    /// kept. A store makes its record again with this.
    #[must_use]
    pub fn standing(mut self, state: State, effect: Option<PayoutEffect>) -> PayoutRecord {
        self.state = state;
        self.effect = effect
            .unwrap_or_else(|| PayoutEffect { paid: self.printed(), ..PayoutEffect::default() });
        self
    }

    /// The payout as its entry says, held. A store that keeps how a payout stands makes the rest of
    /// its record again with this.
    pub fn from_entry(arrived: &Arrived, payout: &Payout) -> PayoutRecord {
        let envelope = &arrived.entry.envelope;
        PayoutRecord {
            id: arrived.id,
            hash: arrived.hash,
            grower: payout.grower,
            entity: envelope.entity,
            village: arrived.village,
            date: envelope.date,
            operator: envelope.operator,
            cash: payout.cash,
            rounding: payout.rounding,
            allocations: payout.allocations.clone(),
            state: arrived.uncounted(),
            recipient: payout.recipient,
            effect: PayoutEffect::default(),
        }
    }
}

impl SlipRecord {
    /// Who bought, and so pays in cash.
    pub const fn holder(&self) -> Holder {
        Holder::of_operator(self.id.device, self.operator)
    }

    /// Whether the right to pay it in cash lies with who wrote this payout: the steward who bought,
    /// or whoever works at the same phone where one of the two is not named.
    pub fn may_be_paid_by(&self, payout: EntryId, holder: Holder) -> bool {
        let unnamed = [self.holder(), holder].iter().any(|h| matches!(h, Holder::Phone(_)));
        self.holder() == holder || (unnamed && self.id.device == payout.device)
    }

    /// How much of so much paid of it is for lines from which something may be kept back (粮食流通管理
    /// 条例): in the proportion of their amounts, rounded down.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn withholdable(&self, paid: Fen) -> Result<Fen, UnitError> {
        let free = Fen::sum(self.lines.iter().filter(|l| !l.unwithheld).map(|l| l.amount))?;
        let whole = Fen::sum(self.lines.iter().map(|l| l.amount))?;
        paid.portion(free, whole)
    }
}
