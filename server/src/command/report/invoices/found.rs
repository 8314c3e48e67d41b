//! The slips of a month and whether each may be invoiced: paid in full, to the seller, seen by them.

use std::collections::BTreeMap;

use courtyard_core::domain::bank::BankOutcome;
use courtyard_core::domain::{
    Body, BusinessDate, EntryId, Fen, GrowerId, Month, PersonNo, UnitError,
};
use courtyard_core::ledger::{PayoutRecord, ReserveRecord, SlipRecord, State};
use courtyard_core::store::{SlipFilter, Store};

use super::super::{Names, unread};
use crate::command::Failure;
use crate::command::output::too_large;

/// Why a slip may not be invoiced, in order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bar {
    /// It was voided in a later month than its own, after it was paid.
    VoidedAfterIssue,
    /// A line's price is not fixed yet.
    PriceOpen,
    /// Not all of it is paid.
    Unpaid,
    /// Somebody else than the seller got the money.
    PayeeIsNotSeller,
    /// A proxy got it and the seller has not confirmed.
    ProxyUnconfirmed,
    /// The seller's ID number is not sealed here.
    NoIdNumber,
}

impl Bar {
    /// Its code, and its words.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Bar::VoidedAfterIssue => {
                ("voided_after_issue", "开票月之后作废，需红字 voided: red-letter")
            }
            Bar::PriceOpen => ("price_open", "待定价 price not fixed"),
            Bar::Unpaid => ("unpaid", "未付清 unpaid"),
            Bar::PayeeIsNotSeller => {
                ("payee_is_not_seller", "收款人不是出售人 payee is not the seller")
            }
            Bar::ProxyUnconfirmed => ("proxy_unconfirmed", "代领未确认 proxy not confirmed"),
            Bar::NoIdNumber => ("no_id_number", "没有身份证号 no ID number"),
        }
    }
}

/// A slip that asks for an invoice.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) slip: SlipRecord,
    /// Who of the household sells.
    pub(super) person: PersonNo,
    /// Why not, as far as the books say.
    pub(super) bar: Option<Bar>,
    /// The entry that stands in the way: a void, a payout.
    pub(super) because: Option<EntryId>,
    /// What it comes to, or came to as printed.
    pub(super) amount: Fen,
}

impl Candidate {
    /// Who sells.
    pub(super) fn seller(&self) -> (GrowerId, PersonNo) {
        (self.slip.grower, self.person)
    }
}

/// What was paid of a slip, by which entry and to whom.
struct Paid {
    by: EntryId,
    payee: PersonNo,
    seen: bool,
}

/// The standing slips of the month, and those that were voided after it or, of earlier months, in it.
pub(super) fn candidates(
    store: &Store,
    month: Month,
    village: Option<&str>,
) -> Result<Vec<Candidate>, Failure> {
    let village = Names::read(store)?.find(village)?;
    let last = BusinessDate::from_days(month.first_day_after().days().saturating_sub(1));
    let filter = SlipFilter { village, to: last, limit: u32::MAX, ..SlipFilter::default() };
    let mut paid: BTreeMap<GrowerId, BTreeMap<EntryId, Vec<Paid>>> = BTreeMap::new();
    let mut all = Vec::new();
    for row in store.slips(filter).map_err(unread)? {
        let own = row.date.month() == month;
        let void = match row.state {
            State::Voided { by } => Some(by),
            State::Counted if own => None,
            _ => continue,
        };
        if let Some(void) = void {
            let Some(void) = store.entry(void).map_err(unread)? else { continue };
            let voided = void.arrived.entry.envelope.date.month();
            let red_letter = voided > row.date.month() && (own || voided == month);
            if !red_letter {
                continue;
            }
        }
        if let std::collections::btree_map::Entry::Vacant(of) = paid.entry(row.grower) {
            of.insert(payments(store, row.grower)?);
        }
        let payments = paid.get(&row.grower).and_then(|of| of.get(&row.id));
        let payments = payments.map_or(&[][..], Vec::as_slice);
        let Some(slip) = store.slip(row.id).map_err(unread)? else { continue };
        all.extend(candidate(store, slip, void, payments)?);
    }
    all.sort_by_key(|found| (found.slip.grower, found.slip.date, found.slip.id));
    Ok(all)
}

fn candidate(
    store: &Store,
    slip: SlipRecord,
    void: Option<EntryId>,
    paid: &[Paid],
) -> Result<Option<Candidate>, Failure> {
    let entry = store.entry(slip.id).map_err(unread)?;
    let person = match entry.map(|stored| stored.arrived.entry.body) {
        Some(Body::Slip(slip)) => slip.visit.seller,
        _ => PersonNo::default(),
    };
    let due = slip.due().map_err(too_large)?;
    let amount = if void.is_some() { slip.amount } else { due };
    let open = (0_u16..).zip(&slip.lines).any(|(number, _)| slip.is_open(number));
    // What was never paid was never invoiced; what came back whole needs no invoice.
    if (void.is_some() && paid.is_empty()) || (void.is_none() && due == Fen::ZERO && !open) {
        return Ok(None);
    }
    let stranger = paid.iter().find(|paid| paid.payee != person);
    let unseen = paid.iter().find(|paid| !paid.seen);
    let because = |paid: Option<&Paid>| paid.map(|paid| paid.by);
    let (bar, because) = if let Some(void) = void {
        (Some(Bar::VoidedAfterIssue), Some(void))
    } else if open {
        (Some(Bar::PriceOpen), None)
    } else if slip.remaining != Fen::ZERO {
        (Some(Bar::Unpaid), None)
    } else if stranger.is_some() || paid.is_empty() {
        (Some(Bar::PayeeIsNotSeller), because(stranger))
    } else if unseen.is_some() {
        (Some(Bar::ProxyUnconfirmed), because(unseen))
    } else {
        (None, None)
    };
    Ok(Some(Candidate { slip, person, bar, because, amount }))
}

/// What paid each of the grower's slips. What paid a voided slip paid the one in its place too.
fn payments(store: &Store, grower: GrowerId) -> Result<BTreeMap<EntryId, Vec<Paid>>, Failure> {
    let mut all: BTreeMap<EntryId, Vec<Paid>> = BTreeMap::new();
    let mut add = |slips: &[EntryId], paid: &dyn Fn() -> Paid| -> Result<(), Failure> {
        for slip in slips {
            for slip in with_replacements(store, *slip)? {
                all.entry(slip).or_default().push(paid());
            }
        }
        Ok(())
    };
    let payouts: Vec<PayoutRecord> = store.payouts_of(grower).map_err(unread)?;
    for payout in payouts.iter().filter(|payout| payout.state.stands()) {
        let slips: Vec<EntryId> = payout.effect.paid.iter().map(|part| part.slip).collect();
        let (payee, seen) = (payout.recipient.payee, payout.is_invoiceable());
        add(&slips, &|| Paid { by: payout.id, payee, seen })?;
    }
    let reserves = store.all_kept::<ReserveRecord>(grower.into()).map_err(unread)?;
    for reserve in reserves.iter().filter(|reserve| reserve.state.stands()) {
        let Some(settled) = &reserve.settled else { continue };
        if matches!(settled.outcome, BankOutcome::Paid(_)) {
            let slips: Vec<EntryId> = settled.paid.iter().map(|part| part.slip).collect();
            add(&slips, &|| Paid { by: settled.by, payee: reserve.payee, seen: true })?;
        }
    }
    Ok(all)
}

/// The slip, and what was written in its place, and so on.
fn with_replacements(store: &Store, slip: EntryId) -> Result<Vec<EntryId>, Failure> {
    let mut all = vec![slip];
    let mut next = Some(slip);
    while let Some(slip) = next.take() {
        let Some(State::Voided { by }) = store.slip(slip).map_err(unread)?.map(|s| s.state) else {
            continue;
        };
        let void = store.entry(by).map_err(unread)?.map(|stored| stored.arrived.entry.body);
        if let Some(Body::Void(void)) = void {
            next = void.replacement.filter(|slip| !all.contains(slip));
            all.extend(next);
        }
    }
    Ok(all)
}

/// What is owed for one line of the slip: as printed or fixed, less what came back.
pub(super) fn amount_of_line(slip: &SlipRecord, number: u16) -> Result<Fen, UnitError> {
    let change = slip.changes.line(number);
    let printed = slip.line(number).map_or(Fen::ZERO, |line| line.amount);
    let whole = change.and_then(|change| change.fixed).unwrap_or(printed);
    whole.minus(change.map_or(Fen::ZERO, |change| change.returned_amount))
}
