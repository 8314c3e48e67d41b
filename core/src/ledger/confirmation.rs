//! A grower's word on one exact entry; a later word replaces the former.
//!
//! On a debt it confirms or disputes. On a payout or a bank's result it says that the money came: then what was paid
//! beyond the unpaid is owed back by the grower, and what a proxy took may be invoiced.

use crate::domain::confirmation::Confirmation;
use crate::domain::{EntityNo, EntryHash, Fen, Holder, Rule};

use super::account::{Account, Posting};
use super::arrived::Arrived;
use super::bank::ExcessRecord;
use super::debt;
use super::fold::Verdict;
use super::keep::Records;
use super::payout::{self, Word};
use super::record::DebtRecord;
use super::records::{PayoutRecord, State};

pub(super) fn apply<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    word: &Confirmation,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let entity = arrived.entry.envelope.entity;
    let about = |hash, state, owner| against(word, entity, (hash, state, owner));
    if let Some(payout) = records.payout(word.grower, word.target)? {
        reasons.extend(about(payout.hash, payout.state, payout.entity));
        let reasons = arrived.unsettled(reasons);
        let mut postings = Vec::new();
        if reasons.is_empty() {
            postings.extend(on_payout(records, arrived, word, payout)?);
        }
        return Ok(Verdict { reasons, postings });
    }
    if let Some(excess) = records.kept::<ExcessRecord>(word.grower.into(), word.target.key())? {
        reasons.extend(about(excess.hash, State::Counted, excess.entity));
        let reasons = arrived.unsettled(reasons);
        let mut postings = Vec::new();
        if reasons.is_empty() {
            let suspense = Account::Suspense { entity: excess.entity, holder: Holder::Office };
            postings.extend(on_excess(records, arrived, word, &excess, suspense)?);
        }
        return Ok(Verdict { reasons, postings });
    }
    if let Some(debt) = debt::find(records, word.grower, word.target)? {
        reasons.extend(about(debt.hash, debt.state, debt.entity));
        let reasons = arrived.unsettled(reasons);
        if reasons.is_empty() {
            let confirmed = word.agrees.then_some(arrived.id);
            let debt = DebtRecord { confirmed, disputed: !word.agrees, ..debt };
            records.put_record(word.grower.into(), debt.into())?;
        }
        return Ok(Verdict::of(reasons));
    }
    // A word on a slip or a contract is kept with it and moves nothing.
    match records.counted(word.grower.into(), word.target)? {
        None => reasons.push(Rule::TARGET_UNKNOWN),
        Some(hash) if hash != word.target_hash => reasons.push(Rule::TARGET_DIFFERS),
        Some(_) => {}
    }
    Ok(Verdict::of(arrived.unsettled(reasons)))
}

/// What speaks against a word on an entry of this hash, state and entity, in order of precedence.
fn against(
    word: &Confirmation,
    entity: EntityNo,
    (hash, state, owner): (EntryHash, State, EntityNo),
) -> Vec<Rule> {
    [
        (hash != word.target_hash, Rule::TARGET_DIFFERS),
        (!state.stands(), Rule::TARGET_NOT_COUNTED),
        (owner != entity, Rule::WRONG_ENTITY),
    ]
    .into_iter()
    .filter_map(|(broken, rule)| broken.then_some(rule))
    .collect()
}

/// Keeps the word, and moves what was paid too much.
fn on_payout<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    word: &Confirmation,
    mut payout: PayoutRecord,
) -> Result<Option<Posting>, R::Error> {
    payout.effect.word = Some(Word { by: arrived.id, person: word.person, agrees: word.agrees });
    let excess = ExcessRecord {
        id: payout.id,
        hash: payout.hash,
        grower: payout.grower,
        entity: payout.entity,
        village: payout.village,
        date: payout.date,
        operator: payout.operator,
        amount: payout.effect.excess,
    };
    let posting = on_excess(records, arrived, word, &excess, payout::suspense(&payout))?;
    records.put_payout(payout)?;
    Ok(posting)
}

/// Moves what was paid too much: from suspense to the grower with a yes, what is left of it back
/// with a no.
fn on_excess<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    word: &Confirmation,
    excess: &ExcessRecord,
    suspense: Account,
) -> Result<Option<Posting>, R::Error> {
    let known = debt::find(records, excess.grower, excess.id)?;
    let before = known.as_ref().map_or(Fen::ZERO, |debt| debt.amount);
    if excess.amount <= Fen::ZERO || !(word.agrees || known.is_some()) {
        return Ok(None);
    }
    let debt = known.unwrap_or_else(|| debt::overpaid(excess, arrived.entry.envelope.date));
    let amount = if word.agrees { excess.amount } else { debt.repaid };
    let moved = amount.minus(before)?;
    let posting = Posting { debit: debt.account(), credit: suspense, amount: moved };
    let confirmed = word.agrees.then_some(arrived.id);
    let debt = DebtRecord { amount, confirmed, disputed: !word.agrees, ..debt };
    records.put_record(excess.grower.into(), debt.into())?;
    Ok((moved != Fen::ZERO).then_some(posting))
}
