//! A void: takes back a slip, a correction, a payout, a debt, a receipt or a contract version, as
//! negative amounts on the same side (红冲). The original stays as it is, marked.

use crate::domain::device::DeviceRole;
use crate::domain::void::Void;
use crate::domain::{BusinessDate, EntityNo, EntryHash, OperatorNo, Rule};

use super::arrived::Arrived;
use super::correction::CorrectionRecord;
use super::fold::Verdict;
use super::keep::Records;
use super::record::{DebtKind, DebtRecord, ReceiptRecord};
use super::records::{ContractRecord, PayoutRecord, SlipRecord, State};
use super::{debt, payout, receipt};

mod correction;
mod slip;

/// What a void may name.
enum Target {
    Slip(SlipRecord),
    Correction(CorrectionRecord),
    Payout(PayoutRecord),
    Debt(DebtRecord),
    Receipt(ReceiptRecord),
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
        Target::Payout(payout) => payout::take_back(records, payout, state)?,
        Target::Debt(debt) => debt::take_back(records, debt, state)?,
        Target::Receipt(receipt) => receipt::take_back(records, receipt, state)?,
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
    // A refund belongs to what raised it, so it is no target of its own.
    let debt: Option<DebtRecord> = records.kept(void.grower.into(), void.target.key())?;
    if let Some(debt) = debt.filter(|debt| debt.kind != DebtKind::Refund) {
        return Ok(Some(Target::Debt(debt)));
    }
    if let Some(receipt) = records.kept(void.grower.into(), void.target.key())? {
        return Ok(Some(Target::Receipt(receipt)));
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
            Target::Debt(debt) => (debt.hash, debt.entity, debt.state),
            Target::Receipt(receipt) => (receipt.hash, receipt.entity, receipt.state),
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
            Target::Payout(payout) => {
                let alone = against_alone(payout.date, payout.operator, arrived);
                alone.into_iter().chain(payout::bars_void(records, payout)?).collect()
            }
            Target::Debt(debt) => {
                let alone = against_alone(debt.date, debt.operator, arrived);
                alone.into_iter().chain(debt::bars_void(debt)).collect()
            }
            Target::Receipt(receipt) => {
                against_alone(receipt.date, receipt.operator, arrived).into_iter().collect()
            }
            Target::Contract(_) => Vec::new(),
        });
    }
    Ok(reasons)
}

/// What speaks against voiding what was written on this day by this person: a phone alone takes back
/// what is of today, the office what somebody else wrote.
fn against_alone(date: BusinessDate, operator: OperatorNo, arrived: &Arrived) -> Option<Rule> {
    let envelope = &arrived.entry.envelope;
    let second = arrived.role == DeviceRole::VillageOffice
        && envelope.operator != OperatorNo::default()
        && envelope.operator != operator;
    (date != envelope.date && !second).then_some(Rule::VOID_NEEDS_SECOND_PERSON)
}
