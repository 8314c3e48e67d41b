//! A contract version: it moves nothing, but sets the terms from its entry onward.

use crate::domain::Rule;
use crate::domain::contract::ContractVersion;

use super::arrived::Arrived;
use super::fold::Verdict;
use super::keep::Records;
use super::records::{ContractRecord, State, VersionRecord};

pub(super) fn apply<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    terms: &ContractVersion,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let mut record = records
        .contract(terms.grower, terms.contract)?
        .unwrap_or(ContractRecord::new(terms.grower, terms.contract));
    let entity = arrived.entry.envelope.entity;
    // A voided version keeps its number: the next one is written knowing of it.
    let last = record.versions.iter().rev().find(|v| v.state.ever_counted());
    let turn = last.map_or(Some(1), |v| v.terms.version.checked_add(1));
    if Some(terms.version) != turn && !reasons.contains(&Rule::CONTRACT_VERSION_ZERO) {
        reasons.push(Rule::CONTRACT_VERSION_OUT_OF_TURN);
    }
    if last.is_some_and(|v| v.terms.product != terms.product) {
        reasons.push(Rule::CONTRACT_WRONG_PRODUCT);
    }
    if last.is_some_and(|v| v.entity != entity) {
        reasons.push(Rule::CONTRACT_WRONG_ENTITY);
    }
    let reasons = arrived.unsettled(reasons);
    record.versions.push(VersionRecord {
        id: arrived.id,
        hash: arrived.hash,
        entity,
        date: arrived.entry.envelope.date,
        terms: terms.clone(),
        state: if reasons.is_empty() { State::Counted } else { arrived.uncounted() },
    });
    records.put_contract(record)?;
    Ok(Verdict::of(reasons))
}
