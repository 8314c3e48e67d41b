//! Cash that the office sets out for stewards, takes back, and the differences of counts that it
//! approves.

use courtyard_core::domain::float::{FloatAccept, FloatDifference, FloatIssue};
use courtyard_core::domain::{EntityNo, EntryId, Fen, Holder, Rule, VillageNo};
use courtyard_core::ledger::{CountRecord, IssueRecord};
use courtyard_core::store::{Store, StoreError};

use super::OfficeError;
use super::acting::Role;
use super::error::CommandError;
use crate::deed::{Deed, On};

fn unread(error: StoreError) -> OfficeError {
    OfficeError::Document(format!("the view: {error}"))
}

fn rule(rule: Rule) -> OfficeError {
    CommandError::Rule(rule).into()
}

fn first(ids: Vec<EntryId>) -> Result<EntryId, OfficeError> {
    ids.first().copied().ok_or_else(|| OfficeError::Document("no entry was written".to_owned()))
}

/// Sets cash out for a steward of a village; it moves when the steward accepts it.
///
/// # Errors
/// A rule, [`CommandError::NoVillage`], or the log's error.
pub fn issue(
    deed: &mut Deed<'_>,
    village: VillageNo,
    entity: EntityNo,
    to: Holder,
    amount: Fen,
) -> Result<EntryId, OfficeError> {
    if amount <= Fen::ZERO {
        return Err(rule(Rule::AMOUNT_NOT_POSITIVE));
    }
    if to == Holder::Office {
        return Err(rule(Rule::FLOAT_TO_ONESELF));
    }
    let on = On { village: Some(village), entity, date: None };
    first(deed.write(on, &[FloatIssue { from: Holder::Office, to, amount }.into()])?)
}

/// Takes back cash that a steward returned: it is in the bank from here on.
///
/// # Errors
/// A rule: no such return, accepted before, or for somebody else.
pub fn accept(
    store: &Store,
    deed: &mut Deed<'_>,
    issue: &IssueRecord,
) -> Result<EntryId, OfficeError> {
    let now = store.kept_everywhere::<IssueRecord>().map_err(unread)?;
    let found = now.into_iter().find(|record| record.id == issue.id);
    let found = found.ok_or_else(|| rule(Rule::FLOAT_ISSUE_UNKNOWN))?;
    if found.to != Holder::Office {
        return Err(rule(Rule::FLOAT_NOT_THE_RECEIVER));
    }
    if !found.is_open() {
        return Err(rule(Rule::FLOAT_ALREADY_ACCEPTED));
    }
    let on = On { village: found.village, entity: found.entity, date: None };
    let body = FloatAccept { issue: found.id, issue_hash: found.hash };
    first(deed.write(on, &[body.into()])?)
}

/// Posts the difference of a count, with a second person's approval; how much.
///
/// # Errors
/// A rule: no such count, settled before, no difference, no reason; or the second person is the
/// first, may not, or is the steward whose till it is.
pub fn difference(
    store: &Store,
    deed: &mut Deed<'_>,
    count: EntryId,
    reason: &str,
    approved_by: &str,
) -> Result<(EntryId, Fen), OfficeError> {
    let counts = store.kept_everywhere::<CountRecord>().map_err(unread)?;
    let count = counts.into_iter().find(|record| record.id == count && record.state.stands());
    let count = count.ok_or_else(|| rule(Rule::FLOAT_COUNT_UNKNOWN))?;
    if count.settled.is_some() {
        return Err(rule(Rule::FLOAT_DIFFERENCE_TWICE));
    }
    if reason.trim().is_empty() {
        return Err(rule(Rule::REASON_EMPTY));
    }
    let found = count.difference().map_err(|_| rule(Rule::AMOUNT_TOO_LARGE))?;
    if found == Fen::ZERO {
        return Err(rule(Rule::FLOAT_DIFFERENCE_DISAGREES));
    }
    let second = deed.second(approved_by, Role::REVIEWERS)?;
    if count.holder == Holder::Person(second.operator) {
        return Err(CommandError::SamePerson(second.name).into());
    }
    let body = FloatDifference {
        count: count.id,
        count_hash: count.hash,
        holder: count.holder,
        difference: found,
        reason: reason.trim().to_owned(),
        approved_by: second.operator,
    };
    let on = On { village: count.village, entity: count.entity, date: None };
    Ok((first(deed.write(on, &[body.into()])?)?, found))
}
