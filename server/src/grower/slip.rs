//! `/g/slip/{id}`: one slip of the household with everything that became of it.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use courtyard_core::domain::bank::BankOutcome;
use courtyard_core::domain::payout::Allocation;
use courtyard_core::domain::{Body, BusinessDate, EntryId, Fen, Rule};
use courtyard_core::ledger::words::Thread;
use courtyard_core::ledger::{
    CorrectionKind, CorrectionRecord, ReserveRecord, SlipRecord, State as Stands, StatedLine,
};
use courtyard_core::store::Store;
use maud::{Markup, html};

use super::books::{Products, known_as, objections, too_large};
use super::frame::{self, day, jin, yuan};
use super::lines::lines;
use super::objection;
use super::visitor::Household;
use crate::app::App;
use crate::web::{Access, Page, PageError, Words, figures};

pub(super) fn pages() -> Vec<Page> {
    vec![Page::shown("/g/slip/{id}", Access::Grower, get(show))]
}

/// What the page shows.
struct Model {
    slip: SlipRecord,
    due: Fen,
    lines: Vec<StatedLine>,
    products: Products,
    /// Why it is held.
    held: Vec<Rule>,
    /// Why it was voided, and what stands in its place.
    void: Option<(String, Option<EntryId>)>,
    corrections: Vec<CorrectionRecord>,
    /// What paid it: on which day, how much, by which entry; by the bank or in cash.
    paid: Vec<Paid>,
    /// The bank's last return of a payment of it, and why, while it is unpaid.
    returned: Option<(BusinessDate, String)>,
    objections: Vec<Thread>,
}

/// A payment of a slip.
struct Paid {
    date: BusinessDate,
    amount: Fen,
    by: EntryId,
    bank: bool,
}

/// An entry of this household, and nobody else's.
pub(super) fn own_entry(
    store: &Store,
    household: &Household,
    id: EntryId,
) -> Result<courtyard_core::store::StoredEntry, PageError> {
    let entry = store.entry(id)?.ok_or(PageError::NotFound)?;
    let numbers = known_as(store, household.grower)?;
    match entry.arrived.entry.body.grower() {
        Some(grower) if numbers.contains(&grower) => Ok(entry),
        _ => Err(PageError::NotFound),
    }
}

fn read(store: &Store, household: &Household, id: EntryId) -> Result<Model, PageError> {
    let entry = own_entry(store, household, id)?;
    let slip = store.slip(id)?.ok_or(PageError::NotFound)?;
    let Body::Slip(body) = &entry.arrived.entry.body else { return Err(PageError::NotFound) };
    let void = match slip.state {
        Stands::Voided { by } => store.entry(by)?.and_then(|by| match by.arrived.entry.body {
            Body::Void(void) => Some((void.reason, void.replacement)),
            _ => None,
        }),
        _ => None,
    };
    let mut corrections = store.corrections_of(slip.grower)?;
    corrections.retain(|correction| correction.slip == id && correction.state.stands());
    let mut objections = objections(store, &[slip.grower])?;
    objections.retain(|thread| thread.target == id);
    Ok(Model {
        due: slip.due().map_err(too_large)?,
        lines: body.lines.iter().map(StatedLine::of).collect(),
        products: Products::read(store)?,
        held: entry.status.reasons().to_vec(),
        void,
        corrections,
        paid: paid(store, &slip)?,
        returned: returned(store, &slip)?,
        objections,
        slip,
    })
}

/// Why the bank returned the last payment of an unpaid slip.
fn returned(store: &Store, slip: &SlipRecord) -> Result<Option<(BusinessDate, String)>, PageError> {
    let open = slip.remaining > slip.reserved;
    let all = store.all_kept::<ReserveRecord>(slip.grower.into())?;
    let about =
        all.into_iter().filter(|reserve| reserve.allocations.iter().any(|a| a.slip == slip.id));
    let ends = about.filter_map(|reserve| reserve.settled).filter_map(|end| match end.outcome {
        BankOutcome::Returned(why) => Some((end.date, why)),
        _ => None,
    });
    Ok(ends.max_by_key(|(date, _)| *date).filter(|_| open))
}

/// What paid a slip, in order of the days.
fn paid(store: &Store, slip: &SlipRecord) -> Result<Vec<Paid>, PageError> {
    let mut all = Vec::new();
    let of = |parts: &[Allocation]| {
        parts.iter().find(|part| part.slip == slip.id).map(|part| part.amount)
    };
    for payout in store.payouts_of(slip.grower)?.iter().filter(|payout| payout.state.stands()) {
        let (date, by) = (payout.date, payout.id);
        all.extend(of(&payout.effect.paid).map(|amount| Paid { date, amount, by, bank: false }));
    }
    for reserve in store.all_kept::<ReserveRecord>(slip.grower.into())? {
        let Some(end) = reserve.settled else { continue };
        let (date, by) = (end.date, end.by);
        all.extend(of(&end.paid).map(|amount| Paid { date, amount, by, bank: true }));
    }
    all.sort_by_key(|paid| (paid.date, paid.by));
    Ok(all)
}

fn page(model: &Model, w: &Words) -> Markup {
    let slip = &model.slip;
    html! {
        h1 { (w.say("grower-slip")) " " span.num { (slip.id) } }
        p { (day(slip.date, w)) " " (figures::state(slip.state, w)) }
        @if let Some((reason, replacement)) = &model.void {
            p.told {
                (w.say("grower-voided")) (reason)
                @if let Some(id) = replacement { " → " a href={ "/g/slip/" (id) } { (id) } }
            }
        }
        @if slip.state == Stands::Held {
            p.told { (w.say("grower-held")) }
            ul { @for rule in &model.held { li { (w.pick(rule.zh, rule.en)) } } }
        }
        @if slip.state == Stands::Refused { p.told { (w.say("grower-refused")) } }
        (lines(&model.lines, &model.products, w))
        @for correction in &model.corrections { (corrected(correction, w)) }
        dl.sum {
            (row(&w.say("grower-due"), slip_due(model), true))
            @for paid in &model.paid { (payment(paid, w)) }
            @if slip.state.stands() {
                (row(&w.say("grower-unpaid"), slip.remaining, true))
                @if slip.reserved > Fen::ZERO { (row(&w.say("grower-reserved"), slip.reserved, false)) }
            }
        }
        @if slip.state.stands() && slip.remaining == Fen::ZERO { p { span.good { "● " (w.say("grower-settled-up")) } } }
        @if let Some((date, why)) = &model.returned { p.told { (day(*date, w)) " " (w.say("grower-returned-by-bank")) (why) } }
        (objection::about(slip.id, &model.objections, w))
    }
}

/// What is owed for it in all: nothing unless it stands.
fn slip_due(model: &Model) -> Fen {
    if model.slip.state.stands() { model.due } else { Fen::ZERO }
}

/// A name and an amount.
pub(super) fn row(name: &str, amount: Fen, strong: bool) -> Markup {
    html! { div.row.total[strong] { dt { (name) } dd { (yuan(amount)) } } }
}

fn payment(paid: &Paid, w: &Words) -> Markup {
    let how = w.say(if paid.bank { "grower-by-bank" } else { "grower-in-cash" });
    html! {
        div.row {
            dt { a href={ "/g/payout/" (paid.by) } { (day(paid.date, w)) " " (how) } }
            dd { (yuan(paid.amount)) }
        }
    }
}

fn corrected(correction: &CorrectionRecord, w: &Words) -> Markup {
    let word = match correction.kind {
        CorrectionKind::Return => "grower-returned",
        CorrectionKind::PriceFix => "grower-price-fixed",
        CorrectionKind::Adjustment => "grower-adjusted",
    };
    html! {
        div.line {
            p.row { strong { (w.say(word)) " " (day(correction.date, w)) } (yuan(correction.amount)) }
            @if correction.kind == CorrectionKind::Return { p { (jin(correction.weight, w)) } }
            @if !correction.reason.is_empty() { p { (correction.reason) } }
        }
    }
}

async fn show(
    State(app): State<App>,
    household: Household,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id = id.parse().map_err(|_| PageError::NotFound)?;
    let model = app.readers().read(|store| read(store, &household, id))?;
    let w = &household.reader.words;
    Ok(frame::own(&household, &w.say("grower-slip"), page(&model, w)))
}
