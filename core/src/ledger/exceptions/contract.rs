//! Exceptions of contracts: exceeded, beyond what the land bears, or named by a slip and unsound.

use std::collections::HashMap;

use crate::domain::pricing::Terms;
use crate::domain::{
    BusinessDate, ContractId, EntityNo, EntryId, Grams, GrowerId, ProductNo, Rule, doubt,
};
use crate::ledger::records::{ContractRecord, SlipRecord, VersionRecord};

use super::{Exception, ExceptionKind, Facts, Measure};

/// A line delivered on a contract: its slip and its product.
type Delivered<'a> = (&'a SlipRecord, ProductNo);

pub(super) fn of_contracts(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    let mut delivered: HashMap<(GrowerId, ContractId), Vec<Delivered<'_>>> = HashMap::new();
    for slip in facts.slips.iter().filter(|s| s.state.stands()) {
        for line in &slip.lines {
            if let Some(contract) = line.contract {
                let lines = delivered.entry((slip.grower, contract)).or_default();
                lines.push((slip, line.product));
            }
        }
    }
    for contract in facts.contracts {
        let Some(terms) = contract.terms() else { continue };
        let usual = facts.published.product(terms.product).and_then(|p| p.usual_yield_per_mu);
        let agreed = Terms::of(terms, Grams::ZERO).ok().map(|terms| terms.line);
        let borne = usual.and_then(|usual| doubt::usual_yield(terms.area, usual));
        let slips = delivered.get(&(contract.grower, contract.contract));
        for (kind, rule, limit) in [
            (ExceptionKind::ContractExceeded, Rule::WARN_CONTRACT_EXCEEDED, agreed),
            (ExceptionKind::BeyondYield, Rule::WARN_BEYOND_YIELD, borne),
        ] {
            let Some(limit) = limit.filter(|&limit| contract.delivered() > limit) else { continue };
            let lines = slips.map(Vec::as_slice).unwrap_or_default();
            found.push(beyond(kind, rule, contract, terms.product, limit, lines));
        }
    }
}

/// The contract version that sets the limit and every slip that adds up to more: which of them
/// crossed it depends on who is asked first, and the office sees them all.
fn beyond(
    kind: ExceptionKind,
    rule: Rule,
    contract: &ContractRecord,
    product: ProductNo,
    limit: Grams,
    lines: &[Delivered<'_>],
) -> Exception {
    let mut slips: Vec<&SlipRecord> =
        lines.iter().filter(|line| line.1 == product).map(|(slip, ..)| *slip).collect();
    slips.sort_unstable_by_key(|slip| slip.id);
    let mut evidence: Vec<EntryId> = slips.iter().map(|slip| slip.id).collect();
    evidence.extend(contract.in_force().map(|version| version.id));
    evidence.sort_unstable();
    evidence.dedup();
    Exception {
        kind,
        grower: Some(contract.grower),
        village: slips.first().and_then(|slip| slip.village),
        evidence,
        subject: None,
        rules: vec![rule],
        measure: Some(Measure { found: contract.delivered().get(), expected: Some(limit.get()) }),
        since: crossed(contract.contract, product, limit, slips),
    }
}

/// The day on which what had been delivered by then went beyond the limit, in the order of dates;
/// the last one, if later returns hide it.
fn crossed(
    contract: ContractId,
    product: ProductNo,
    limit: Grams,
    mut slips: Vec<&SlipRecord>,
) -> Option<BusinessDate> {
    slips.dedup_by_key(|slip| slip.id);
    slips.sort_by_key(|slip| (slip.date, slip.id));
    let mut delivered = Grams::ZERO;
    for slip in &slips {
        for line in &slip.lines {
            if line.contract == Some(contract) && line.product == product {
                delivered = delivered.plus(line.settlement).unwrap_or(delivered);
            }
        }
        if delivered > limit {
            return Some(slip.date);
        }
    }
    slips.last().map(|slip| slip.date)
}

/// Slips whose contract does not fit; each contract once a slip.
pub(super) fn of_slips(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    let contracts: HashMap<(GrowerId, ContractId), &ContractRecord> =
        facts.contracts.iter().map(|c| ((c.grower, c.contract), c)).collect();
    for slip in facts.slips.iter().filter(|s| s.state.stands()) {
        let mut rules = Vec::new();
        for line in &slip.lines {
            let Some(number) = line.contract else { continue };
            let contract = contracts.get(&(slip.grower, number)).copied();
            let unsound = unsound(contract, line.product, slip.entity);
            rules.extend(unsound.filter(|rule| !rules.contains(rule)));
        }
        if !rules.is_empty() {
            found.push(Exception {
                rules,
                ..Exception::of_slip(ExceptionKind::UnsoundContract, slip)
            });
        }
    }
}

/// What is wrong with a contract that a line of this product and entity names.
fn unsound(
    contract: Option<&ContractRecord>,
    product: ProductNo,
    entity: EntityNo,
) -> Option<Rule> {
    let Some(contract) = contract.filter(|c| !c.versions.is_empty()) else {
        return Some(Rule::CONTRACT_UNKNOWN);
    };
    // A version that was voided since may have been in force at the scale.
    let signed = |v: &&VersionRecord| v.state.ever_counted();
    let Some(version) = contract.in_force().or(contract.versions.iter().rev().find(signed)) else {
        return Some(Rule::CONTRACT_NOT_COUNTED);
    };
    if version.terms.product != product {
        Some(Rule::CONTRACT_WRONG_PRODUCT)
    } else if version.entity != entity {
        Some(Rule::CONTRACT_WRONG_ENTITY)
    } else if version.state.stands() {
        None
    } else {
        Some(Rule::CONTRACT_NOT_COUNTED)
    }
}
