//! Payment through the bank (批量付款): a clerk reserves what is payable, a second person approves,
//! the file goes to the bank, and what the bank says of each line is written down.

mod file;
mod result;

pub use file::{Filed, file};
pub use result::{Answer, Results, answer};

use std::collections::BTreeMap;

use courtyard_core::domain::bank::{BankApprove, BankOutcome, BankReserve, BankResult};
use courtyard_core::domain::check::MAX_ALLOCATIONS;
use courtyard_core::domain::payout::Allocation;
use courtyard_core::domain::{
    BatchId, Body, BusinessDate, EntityNo, EntryId, Fen, GrowerId, OperatorNo, PersonNo, Rule,
    VillageNo,
};
use courtyard_core::ledger::ReserveRecord;
use courtyard_core::store::{Batch, BatchState, Store, StoreError};
use sha2::{Digest as _, Sha256};

use super::OfficeError;
use super::error::CommandError;
use crate::deed::{Deed, On};
use crate::log::{NumberKind, SealedNumber};

/// Which payables a batch takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Of which village's slips.
    pub village: VillageNo,
    /// On whose account; the village's own entity if none.
    pub entity: Option<EntityNo>,
    /// Slips up to and with this day.
    pub until: BusinessDate,
    /// Only these growers; all if none is named.
    pub growers: Vec<GrowerId>,
}

/// A line of a batch: what one grower gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedLine {
    /// Its number, which the bank's file carries.
    pub reserve: EntryId,
    /// Who is paid.
    pub grower: GrowerId,
    /// How much.
    pub amount: Fen,
    /// For how many slips.
    pub slips: usize,
    /// The account's last four digits.
    pub account_last4: String,
}

/// A batch that was prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// Its number.
    pub batch: BatchId,
    /// Its lines.
    pub lines: Vec<PreparedLine>,
    /// What they come to.
    pub total: Fen,
    /// Growers whose account is not known: they are not in the batch and stay payable in cash.
    pub missing: Vec<(GrowerId, Fen)>,
}

/// What a view that cannot be read is to the office.
fn unread(error: StoreError) -> OfficeError {
    OfficeError::Document(format!("the view: {error}"))
}

fn rule(rule: Rule) -> OfficeError {
    CommandError::Rule(rule).into()
}

/// The account that each household is paid to: the head's, else that of the first person with one.
fn accounts(deed: &Deed<'_>) -> Result<BTreeMap<GrowerId, SealedNumber>, OfficeError> {
    let mut accounts = BTreeMap::new();
    for number in deed.reads().sealed_numbers(None)? {
        if number.of.kind == NumberKind::Bank {
            accounts.entry(number.of.grower).or_insert(number);
        }
    }
    Ok(accounts)
}

/// What of each grower's slips may be reserved, the oldest first.
fn payable(
    store: &Store,
    wanted: &Wanted,
    entity: EntityNo,
) -> Result<BTreeMap<GrowerId, Vec<Allocation>>, OfficeError> {
    let mut payable: BTreeMap<GrowerId, Vec<Allocation>> = BTreeMap::new();
    for id in store.unpaid(Some(wanted.village)).map_err(unread)? {
        let Some(slip) = store.slip(id).map_err(unread)? else { continue };
        let amount = slip.payable_in_cash();
        let asked = wanted.growers.is_empty() || wanted.growers.contains(&slip.grower);
        let due = slip.entity == entity && slip.date <= wanted.until && amount > Fen::ZERO;
        if !asked || !due {
            continue;
        }
        let parts = payable.entry(slip.grower).or_default();
        // What one entry cannot name stays for the next batch.
        if parts.len() < MAX_ALLOCATIONS {
            parts.push(Allocation { slip: id, amount });
        }
    }
    Ok(payable)
}

/// Reserves what is payable for a new batch: from here on nobody may pay it in cash.
///
/// # Errors
/// [`CommandError::NoVillage`], `bank.batch_empty` if nothing can be reserved, or the log's error.
pub fn prepare(
    store: &Store,
    deed: &mut Deed<'_>,
    wanted: &Wanted,
) -> Result<Prepared, OfficeError> {
    let device = deed.reads().office_device(Some(wanted.village))?;
    let device = device.ok_or(CommandError::NoVillage(wanted.village.get()))?.number();
    let entity = match wanted.entity {
        Some(entity) => entity,
        None => store.entity_of(wanted.village).map_err(unread)?,
    };
    let last = store.last_batch(device).map_err(unread)?;
    let batch = BatchId::new(device, last.saturating_add(1));
    let accounts = accounts(deed)?;
    let (mut missing, mut reserves) = (Vec::new(), Vec::new());
    for (grower, allocations) in payable(store, wanted, entity)? {
        let amount = Fen::sum(allocations.iter().map(|part| part.amount)).map_err(too_large)?;
        match accounts.get(&grower) {
            None => missing.push((grower, amount)),
            Some(account) => reserves.push(BankReserve {
                batch,
                grower,
                allocations,
                payee: account.of.person,
                account_last4: account.last_four.clone(),
            }),
        }
    }
    if reserves.is_empty() {
        return Err(nothing(&missing));
    }
    let bodies: Vec<Body> = reserves.iter().cloned().map(Body::from).collect();
    let on = On { village: Some(wanted.village), entity, date: None };
    let ids = deed.write(on, &bodies)?;
    let mut prepared = Prepared { batch, lines: Vec::new(), total: Fen::ZERO, missing };
    for (reserve, id) in reserves.into_iter().zip(ids) {
        let amount = reserve.amount().map_err(too_large)?;
        prepared.total = prepared.total.plus(amount).map_err(too_large)?;
        prepared.lines.push(PreparedLine {
            reserve: id,
            grower: reserve.grower,
            amount,
            slips: reserve.allocations.len(),
            account_last4: reserve.account_last4,
        });
    }
    Ok(prepared)
}

fn too_large(_: courtyard_core::domain::UnitError) -> OfficeError {
    rule(Rule::AMOUNT_TOO_LARGE)
}

/// Nothing can be reserved; whose account is missing is named.
fn nothing(missing: &[(GrowerId, Fen)]) -> OfficeError {
    if missing.is_empty() {
        return rule(Rule::BANK_BATCH_EMPTY);
    }
    let who: Vec<String> = missing.iter().map(|(grower, _)| grower.to_string()).collect();
    let who = who.join(", ");
    CommandError::said(
        format!("没有可编批的货款：{who} 没有银行账号。没有改动任何东西。请先用 admin sealed put 录入账号。"),
        format!(
            "Nothing can be reserved: no account is known of {who}. Nothing was changed. Enter \
             accounts with admin sealed put first."
        ),
    )
    .into()
}

/// The batch with this number, which somebody wants to take further.
fn known(store: &Store, number: BatchId) -> Result<Batch, OfficeError> {
    store.bank_batch(number).map_err(unread)?.ok_or_else(|| {
        CommandError::said(
            format!("没有批次 {number}。没有改动任何东西。可用 admin bank list 查看。"),
            format!("There is no batch {number}. Nothing was changed. See admin bank list."),
        )
        .into()
    })
}

/// The lines of a batch that have no end yet.
fn open(batch: &Batch) -> Vec<&ReserveRecord> {
    batch.reserves.iter().filter(|reserve| reserve.is_open()).collect()
}

/// SHA-256 over the hashes of these reserves, in the order of their numbers.
fn root(reserves: &[&ReserveRecord]) -> [u8; 32] {
    let mut root = Sha256::new();
    for reserve in reserves {
        root.update(reserve.hash.0);
    }
    root.finalize().into()
}

/// Where the entries of a batch are written.
fn on(batch: &Batch) -> On {
    On { village: batch.village, entity: batch.entity, date: None }
}

/// Approves a batch as the second person: the file may be made of exactly these lines.
///
/// # Errors
/// Words or a rule: no such batch, nothing in it, approved before, prepared by the same person, or
/// more reserved than is unpaid.
pub fn approve(
    store: &Store,
    deed: &mut Deed<'_>,
    number: BatchId,
) -> Result<EntryId, OfficeError> {
    let batch = known(store, number)?;
    let lines = open(&batch);
    if batch.record.is_some() {
        return Err(rule(Rule::BANK_APPROVED_TWICE));
    }
    if lines.is_empty() {
        return Err(rule(Rule::BANK_BATCH_EMPTY));
    }
    let me = deed.acting.operator;
    if lines.iter().any(|line| line.operator == me || line.operator == OperatorNo::default()) {
        return Err(CommandError::SamePerson(deed.acting.name.clone()).into());
    }
    for line in &lines {
        for part in &line.allocations {
            let slip = store.slip(part.slip).map_err(unread)?;
            if slip.is_none_or(|slip| slip.remaining < part.amount) {
                return Err(beyond(number, part.slip));
            }
        }
    }
    let approval = BankApprove {
        batch: number,
        lines: u32::try_from(lines.len()).unwrap_or(u32::MAX),
        total: batch.open.amount,
        root: root(&lines),
        prepared_by: batch.prepared_by,
    };
    first(deed.write(on(&batch), &[approval.into()])?)
}

fn beyond(number: BatchId, slip: EntryId) -> OfficeError {
    CommandError::said(
        format!(
            "批次 {number} 预留的多于收购单 {slip} 未付的货款（bank.beyond_unpaid）。没有改动任何东西。请用 admin bank release 放弃这一批，再重新编批。"
        ),
        format!(
            "Batch {number} reserves more than is unpaid of slip {slip} (bank.beyond_unpaid). \
             Nothing was changed. Give it up with admin bank release and prepare it again."
        ),
    )
    .into()
}

/// Gives up every line of a batch before its file is made: all of it is payable again. How many.
///
/// # Errors
/// Words or a rule: no such batch, a file was made, or nothing is open.
pub fn release(
    store: &Store,
    deed: &mut Deed<'_>,
    number: BatchId,
    reason: &str,
) -> Result<usize, OfficeError> {
    let batch = known(store, number)?;
    if batch.record.as_ref().is_some_and(|record| record.file.is_some()) {
        return Err(rule(Rule::BANK_FILE_TWICE));
    }
    let lines = open(&batch);
    if lines.is_empty() {
        return Err(rule(Rule::BANK_BATCH_EMPTY));
    }
    if reason.trim().is_empty() {
        return Err(rule(Rule::REASON_EMPTY));
    }
    let outcome = BankOutcome::Released(reason.trim().to_owned());
    let bodies: Vec<Body> = lines.iter().map(|line| ended(line, outcome.clone())).collect();
    deed.write(on(&batch), &bodies)?;
    Ok(bodies.len())
}

/// The entry that ends a reserve.
fn ended(line: &ReserveRecord, outcome: BankOutcome) -> Body {
    BankResult {
        batch: line.batch,
        grower: line.grower,
        reserve: line.id,
        reserve_hash: line.hash,
        outcome,
    }
    .into()
}

fn first(ids: Vec<EntryId>) -> Result<EntryId, OfficeError> {
    ids.first().copied().ok_or_else(|| OfficeError::Document("no entry was written".to_owned()))
}

/// Whether the bank has the file of this batch.
fn is_filed(batch: &Batch) -> bool {
    matches!(batch.state(), BatchState::Filed | BatchState::Settled)
        && batch.record.as_ref().is_some_and(|record| record.file.is_some())
}

/// A person of a household, as the register knows them.
fn payee_name(
    store: &Store,
    grower: GrowerId,
    person: PersonNo,
    day: BusinessDate,
) -> Result<Option<String>, OfficeError> {
    let name = store.person_name_on(grower, person.get(), day).map_err(unread)?;
    Ok(name.filter(|name| !name.trim().is_empty()))
}
