//! A void: takes back a slip, a correction, a payout or a contract version, as negative amounts on
//! the same side (红冲). The original stays as it is, marked.

use crate::domain::void::Void;
use crate::domain::{EntityNo, EntryHash, Rule, UnitError};

use super::account::Posting;
use super::arrived::Arrived;
use super::correction::CorrectionRecord;
use super::fold::Verdict;
use super::keep::Records;
use super::payout;
use super::records::{ContractRecord, PayoutRecord, SlipRecord, State};

mod correction;
mod slip;

/// What a void may name.
enum Target {
    Slip(SlipRecord),
    Correction(CorrectionRecord),
    Payout(PayoutRecord),
    Contract(ContractRecord),
}

pub(super) fn apply<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    void: &Void,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let Some(target) = find(records, void)? else {
        // A void is itself no target; anything else that counts here would have been found.
        let known = records.counted(void.grower.into(), void.target)?.is_some();
        reasons.push(if known {
            Rule::VOID_TARGET_NOT_VOIDABLE
        } else {
            Rule::VOID_TARGET_UNKNOWN
        });
        return Ok(Verdict::of(reasons));
    };
    reasons.extend(against(records, &target, void, arrived)?);
    let reasons = arrived.unsettled(reasons);
    if !reasons.is_empty() {
        return Ok(Verdict::of(reasons));
    }
    let state = State::Voided { by: arrived.id };
    let postings = match target {
        Target::Slip(slip) => slip::take_back(records, arrived, slip, void)?,
        Target::Correction(record) => correction::take_back(records, arrived, record)?,
        Target::Payout(payout) => take_back_payout(records, payout, state)?,
        Target::Contract(mut contract) => {
            let version = contract.versions.iter_mut().find(|v| v.id == void.target);
            if let Some(version) = version {
                version.state = state;
            }
            records.put_contract(contract)?;
            Vec::new()
        }
    };
    Ok(Verdict { reasons, postings })
}

fn find<R: Records>(records: &R, void: &Void) -> Result<Option<Target>, R::Error> {
    if let Some(slip) = records.slip(void.grower, void.target)? {
        return Ok(Some(Target::Slip(slip)));
    }
    if let Some(record) = records.kept(void.grower.into(), void.target.key())? {
        return Ok(Some(Target::Correction(record)));
    }
    if let Some(payout) = records.payout(void.grower, void.target)? {
        return Ok(Some(Target::Payout(payout)));
    }
    Ok(records.contract_with_version(void.grower, void.target)?.map(Target::Contract))
}

impl Target {
    /// Its hash, its entity and how it stands.
    fn facts(&self, void: &Void) -> Option<(EntryHash, EntityNo, State)> {
        Some(match self {
            Target::Slip(slip) => (slip.hash, slip.entity, slip.state),
            Target::Correction(record) => (record.hash, record.entity, record.state),
            Target::Payout(payout) => (payout.hash, payout.entity, payout.state),
            Target::Contract(contract) => {
                let version = contract.versions.iter().find(|v| v.id == void.target)?;
                (version.hash, version.entity, version.state)
            }
        })
    }
}

/// What speaks against this void, in order of precedence.
fn against<R: Records>(
    records: &R,
    target: &Target,
    void: &Void,
    arrived: &Arrived,
) -> Result<Vec<Rule>, R::Error> {
    let Some((hash, entity, state)) = target.facts(void) else {
        return Ok(vec![Rule::VOID_TARGET_UNKNOWN]);
    };
    let mut reasons: Vec<Rule> = [
        (hash != void.target_hash, Rule::VOID_TARGET_DIFFERS),
        (!state.ever_counted(), Rule::VOID_TARGET_HELD),
        (matches!(state, State::Voided { .. }), Rule::VOID_ALREADY_VOIDED),
        (entity != arrived.entry.envelope.entity, Rule::VOID_WRONG_ENTITY),
    ]
    .into_iter()
    .filter_map(|(broken, rule)| broken.then_some(rule))
    .collect();
    if state.stands() {
        reasons.extend(match target {
            Target::Slip(slip) => slip::against(slip, arrived),
            Target::Correction(record) => correction::against(records, record, arrived)?,
            Target::Payout(payout) => against_payout(records, payout)?,
            Target::Contract(_) => Vec::new(),
        });
    }
    Ok(reasons)
}

/// A payout can be taken back while what it paid is still paid of its slips.
fn against_payout<R: Records>(records: &R, payout: &PayoutRecord) -> Result<Vec<Rule>, R::Error> {
    for allocation in &payout.allocations {
        let slip = records.slip(payout.grower, allocation.slip)?;
        if !slip.is_some_and(|slip| slip.state.stands() && slip.paid >= allocation.amount) {
            return Ok(vec![Rule::VOID_PAYMENT_MOVED]);
        }
    }
    Ok(Vec::new())
}

/// Marks a payout as voided and makes its slips unpaid again; what that moves.
fn take_back_payout<R: Records>(
    records: &mut R,
    payout: PayoutRecord,
    state: State,
) -> Result<Vec<Posting>, R::Error> {
    for allocation in &payout.allocations {
        // It counts, so every slip it names is there and stands.
        if let Some(slip) = records.slip(payout.grower, allocation.slip)? {
            records.put_slip(payout::pay(slip, allocation.amount.negated()?)?)?;
        }
    }
    let posted = payout::postings(&payout)?;
    records.put_payout(PayoutRecord { state, ..payout })?;
    Ok(posted.into_iter().map(Posting::taken_back).collect::<Result<_, UnitError>>()?)
}
