//! A void: takes back a slip, a payout or a contract version, as negative amounts on the same
//! side (红冲). The original stays as it is, marked.
//!
//! A slip of which something is paid is not voided yet: its void is held for a second person,
//! because somebody must say what becomes of the payment.

use crate::domain::void::Void;
use crate::domain::{EntityNo, EntryHash, Fen, Grams, Rule, UnitError};

use super::account::Posting;
use super::arrived::Arrived;
use super::fold::Verdict;
use super::keep::Records;
use super::records::{ContractRecord, PayoutRecord, SlipRecord, State};
use super::{payout, slip};

/// What a void may name.
enum Target {
    Slip(SlipRecord),
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
    reasons.extend(against(&target, void, arrived.entry.envelope.entity));
    let reasons = arrived.unsettled(reasons);
    if !reasons.is_empty() {
        return Ok(Verdict::of(reasons));
    }
    let state = State::Voided { by: arrived.id };
    let taken = match target {
        Target::Slip(slip) => take_back_slip(records, slip, state)?,
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
    let postings = taken.into_iter().map(Posting::taken_back).collect::<Result<_, UnitError>>()?;
    Ok(Verdict { reasons, postings })
}

fn find<R: Records>(records: &R, void: &Void) -> Result<Option<Target>, R::Error> {
    if let Some(slip) = records.slip(void.grower, void.target)? {
        return Ok(Some(Target::Slip(slip)));
    }
    if let Some(payout) = records.payout(void.grower, void.target)? {
        return Ok(Some(Target::Payout(payout)));
    }
    Ok(records.contract_with_version(void.grower, void.target)?.map(Target::Contract))
}

impl Target {
    /// Its hash, its entity, how it stands, and what was paid of it.
    fn facts(&self, void: &Void) -> Option<(EntryHash, EntityNo, State, Fen)> {
        Some(match self {
            Target::Slip(slip) => (slip.hash, slip.entity, slip.state, slip.paid),
            Target::Payout(payout) => (payout.hash, payout.entity, payout.state, Fen::ZERO),
            Target::Contract(contract) => {
                let version = contract.versions.iter().find(|v| v.id == void.target)?;
                (version.hash, version.entity, version.state, Fen::ZERO)
            }
        })
    }
}

/// What speaks against this void, in order of precedence.
fn against(target: &Target, void: &Void, entity: EntityNo) -> Vec<Rule> {
    let Some((hash, target_entity, state, paid)) = target.facts(void) else {
        return vec![Rule::VOID_TARGET_UNKNOWN];
    };
    [
        (hash != void.target_hash, Rule::VOID_TARGET_DIFFERS),
        (!state.ever_counted(), Rule::VOID_TARGET_HELD),
        (matches!(state, State::Voided { .. }), Rule::VOID_ALREADY_VOIDED),
        (target_entity != entity, Rule::VOID_WRONG_ENTITY),
        (paid != Fen::ZERO, Rule::VOID_NEEDS_SECOND_PERSON),
    ]
    .into_iter()
    .filter_map(|(broken, rule)| broken.then_some(rule))
    .collect()
}

/// Marks a slip as voided and takes its deliveries off its contracts; what it had posted.
fn take_back_slip<R: Records>(
    records: &mut R,
    slip: SlipRecord,
    state: State,
) -> Result<Vec<Posting>, R::Error> {
    for (contract, product, weight) in slip::deliveries(&slip) {
        let back: Grams = weight.negated()?;
        slip::deliver(records, slip.grower, contract, product, back)?;
    }
    let posted = slip::postings(&slip);
    records.put_slip(SlipRecord { state, remaining: Fen::ZERO, ..slip })?;
    Ok(posted)
}

/// Marks a payout as voided and makes its slips unpaid again; what it had posted.
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
    Ok(posted)
}
