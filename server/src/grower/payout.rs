//! `/g/payout/{id}`: one payment to the household, and the notice of what was kept back (扣还).

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use courtyard_core::domain::bank::BankOutcome;
use courtyard_core::domain::payout::Allocation;
use courtyard_core::domain::{Body, BusinessDate, EntryId, Fen, Rule};
use courtyard_core::ledger::words::Thread;
use courtyard_core::ledger::{DebtKind, DebtRecord, ReserveRecord, State as Stands};
use courtyard_core::store::Store;
use maud::{Markup, html};

use super::books::{objections, too_large};
use super::frame::{self, day, yuan};
use super::objection;
use super::slip::{own_entry, row};
use super::visitor::Household;
use crate::app::App;
use crate::web::{Access, Page, PageError, Words, figures};

pub(super) fn pages() -> Vec<Page> {
    vec![Page::shown("/g/payout/{id}", Access::Grower, get(show))]
}

/// What the page shows.
struct Model {
    id: EntryId,
    date: BusinessDate,
    state: Stands,
    bank: Option<Bank>,
    /// The money that came.
    money: Fen,
    rounding: Fen,
    slips: Vec<(Allocation, Option<BusinessDate>)>,
    kept_back: Vec<KeptBack>,
    /// Somebody took it for the household.
    by_proxy: bool,
    objections: Vec<Thread>,
}

/// What the bank said.
enum Bank {
    Paid { last4: String },
    Returned { why: String },
    Released { why: String },
}

/// What was kept back for one debt.
struct KeptBack {
    kind: Option<DebtKind>,
    debt: EntryId,
    given: Option<BusinessDate>,
    effective: Fen,
    claimed: Fen,
    left: Fen,
    why: Option<Rule>,
}

/// The word of a debt's kind.
pub(super) const fn debt(kind: DebtKind) -> &'static str {
    match kind {
        DebtKind::Prepayment => "grower-prepayment",
        DebtKind::InputCredit => "grower-input-credit",
        DebtKind::Deposit => "grower-deposit",
        DebtKind::Refund => "grower-refund",
    }
}

fn read(store: &Store, household: &Household, id: EntryId) -> Result<Model, PageError> {
    let entry = own_entry(store, household, id)?;
    let body = &entry.arrived.entry.body;
    let grower = body.grower().ok_or(PageError::NotFound)?;
    let mut objections = objections(store, &[grower])?;
    objections.retain(|thread| thread.target == id);
    let date = entry.arrived.entry.envelope.date;
    match body {
        Body::Payout(_) => {
            let payout = store.payout(id)?.ok_or(PageError::NotFound)?;
            let debts = store.all_kept::<DebtRecord>(grower.into())?;
            let mut kept_back = Vec::new();
            for repaid in &payout.effect.repayments {
                let of = debts.iter().find(|debt| debt.id == repaid.debt);
                kept_back.push(KeptBack {
                    kind: of.map(|debt| debt.kind),
                    debt: repaid.debt,
                    given: of.map(|debt| debt.date),
                    effective: repaid.effective,
                    claimed: repaid.claimed,
                    left: of.map_or(Ok(Fen::ZERO), DebtRecord::left).map_err(too_large)?,
                    why: repaid.why,
                });
            }
            Ok(Model {
                id,
                date,
                state: payout.state,
                bank: None,
                money: payout.cash,
                rounding: payout.rounding,
                slips: dated(store, payout.effect.paid)?,
                kept_back,
                by_proxy: payout.recipient.proxy.is_some(),
                objections,
            })
        }
        Body::BankResult(result) => {
            let reserves = store.all_kept::<ReserveRecord>(grower.into())?;
            let reserve = reserves.into_iter().find(|reserve| reserve.id == result.reserve);
            let reserve = reserve.ok_or(PageError::NotFound)?;
            let bank = match &result.outcome {
                BankOutcome::Paid(_) => Bank::Paid { last4: reserve.account_last4 },
                BankOutcome::Returned(why) => Bank::Returned { why: why.clone() },
                BankOutcome::Released(why) => Bank::Released { why: why.clone() },
            };
            let counts = entry.status.reasons().is_empty();
            let paid = matches!(bank, Bank::Paid { .. });
            Ok(Model {
                id,
                date,
                state: if counts { Stands::Counted } else { Stands::Held },
                money: if paid { reserve.amount } else { Fen::ZERO },
                bank: Some(bank),
                rounding: Fen::ZERO,
                slips: if paid { dated(store, reserve.allocations)? } else { Vec::new() },
                kept_back: Vec::new(),
                by_proxy: false,
                objections,
            })
        }
        _ => Err(PageError::NotFound),
    }
}

/// What was paid of each slip, with the slip's day.
fn dated(
    store: &Store,
    parts: Vec<Allocation>,
) -> Result<Vec<(Allocation, Option<BusinessDate>)>, PageError> {
    let mut all = Vec::with_capacity(parts.len());
    for part in parts {
        all.push((part, store.slip(part.slip)?.map(|slip| slip.date)));
    }
    Ok(all)
}

fn page(model: &Model, w: &Words) -> Markup {
    html! {
        h1 { (w.say("grower-payout")) " " span.num { (model.id) } }
        p { (day(model.date, w)) " " (figures::state(model.state, w)) }
        @match &model.bank {
            Some(Bank::Paid { last4 }) => p { (w.say_with("grower-bank-paid", &[("last", last4.clone().into())])) },
            Some(Bank::Returned { why }) => p.told { (w.say("grower-bank-returned")) (why) },
            Some(Bank::Released { why }) => p.told { (w.say("grower-bank-released")) (why) },
            None => p { (w.say("grower-cash-paid")) },
        }
        dl.sum {
            @for (part, date) in &model.slips {
                div.row { dt { a href={ "/g/slip/" (part.slip) } { (date.map_or_else(|| part.slip.to_string(), |date| day(date, w))) } } dd { (yuan(part.amount)) } }
            }
            @for kept in &model.kept_back {
                (row(&w.say("grower-kept-back"), Fen::ZERO.minus(kept.effective).unwrap_or_default(), false))
            }
            @if model.rounding != Fen::ZERO { (row(&w.say("grower-rounding"), model.rounding, false)) }
            (row(&w.say("grower-received"), model.money, true))
        }
        @if model.by_proxy { p.told { (w.say("grower-proxy")) } }
        @if !model.kept_back.is_empty() {
            h2 { (w.say("grower-notice")) }
            @for kept in &model.kept_back { (notice(kept, w)) }
        }
        (objection::about(model.id, &model.objections, w))
    }
}

/// What was kept back, for what, and what is left of it.
fn notice(kept: &KeptBack, w: &Words) -> Markup {
    let what = kept.kind.map(|kind| w.say(debt(kind))).unwrap_or_default();
    let given = kept.given.map(|given| day(given, w)).unwrap_or_default();
    let values = [
        ("what", what.into()),
        ("day", given.into()),
        ("amount", kept.effective.text().into()),
        ("left", kept.left.text().into()),
    ];
    html! {
        div.line {
            p { (w.say_with("grower-notice-text", &values)) " " span.hint.num { (kept.debt) } }
            @if kept.effective != kept.claimed {
                p {
                    (w.say_with("grower-notice-less", &[("claimed", kept.claimed.text().into())]))
                    @if let Some(rule) = kept.why { " " (w.pick(rule.zh, rule.en)) }
                }
            }
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
    Ok(frame::own(&household, &w.say("grower-payout"), page(&model, w)))
}
