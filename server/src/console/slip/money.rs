//! What is owed for a slip: as printed, what corrected it, what paid it, what is left and when.

use courtyard_core::domain::bank::BankOutcome;
use courtyard_core::domain::{BusinessDate, EntryId, Fen};
use courtyard_core::ledger::{CorrectionKind, CorrectionRecord, ReserveRecord};
use maud::{Markup, html};

use super::read::Model;
use crate::web::{Words, figures};

pub(super) fn money(model: &Model, today: BusinessDate, w: &Words) -> Markup {
    let slip = &model.slip;
    let unfixed = slip.unfixed().unwrap_or_default();
    html! {
        h2 { (w.say("slip-money")) }
        dl.pairs {
            (row(w.say("slip-printed"), slip.amount, None))
            @for correction in &model.corrections { (corrected(correction, w)) }
            @if !slip.state.stands() { div { dt { (figures::state(slip.state, w)) } dd { "–" } } }
            (total(w.say("slip-due"), model.due))
            @for paid in &model.paid {
                @let how = w.say(if paid.is_bank { "slip-by-bank" } else { "slip-in-cash" });
                (row(format!("{how} {}", paid.date), paid.amount, Some(paid.by)))
            }
            (total(w.say("slip-unpaid"), slip.remaining))
        }
        @if unfixed > Fen::ZERO { p { (w.say("slip-estimated")) " " (figures::yuan(unfixed)) } }
        @for reserve in &model.reserves { (reserved(reserve, w)) }
        @if slip.remaining > slip.reserved {
            @if let Some(until) = model.until {
                @let said = w.say_with("slip-until", &[("day", until.to_string().into())]);
                @if until < today { p { span.ask { "▲ " (w.say("slip-overdue")) } " " (said) } }
                @else { p { (said) } }
            }
        } @else if slip.state.stands() && slip.remaining == Fen::ZERO {
            p { span.state.good { "● " (w.say("slip-settled-up")) } }
        }
    }
}

fn row(label: String, amount: Fen, by: Option<EntryId>) -> Markup {
    html! {
        div {
            dt { (label) @if let Some(by) = by { " " span.muted.num { (by) } } }
            dd { (figures::yuan(amount)) }
        }
    }
}

fn total(label: String, amount: Fen) -> Markup {
    html! { div.total { dt { (label) } dd { (figures::yuan(amount)) } } }
}

fn corrected(correction: &CorrectionRecord, w: &Words) -> Markup {
    let word = match correction.kind {
        CorrectionKind::Return => "slip-return",
        CorrectionKind::PriceFix => "slip-price-fix",
        CorrectionKind::Adjustment => "slip-adjustment",
    };
    let stands = correction.state.stands();
    html! {
        div {
            dt {
                (w.say(word)) " " span.num { (correction.date) } " "
                span.muted.num { (correction.id) }
                @if !stands { " " (figures::state(correction.state, w)) }
                @if !correction.reason.is_empty() { p.hint { (correction.reason) } }
                @if correction.refund > Fen::ZERO {
                    p.hint { (w.say("slip-refund")) " " (figures::yuan(correction.refund)) }
                }
            }
            dd { @if stands { (figures::yuan(correction.amount)) } @else { s { (figures::yuan(correction.amount)) } } }
        }
    }
}

/// What of it the office reserved for the bank, and what the bank said.
fn reserved(reserve: &ReserveRecord, w: &Words) -> Markup {
    let said = match reserve.settled.as_ref().map(|settled| &settled.outcome) {
        None if reserve.is_open() => w.say("slip-at-bank"),
        None => w.say("slip-reserve-gone"),
        Some(BankOutcome::Paid(_)) => return html! {},
        Some(BankOutcome::Returned(why)) => format!("{} {why}", w.say("slip-bank-returned")),
        Some(BankOutcome::Released(why)) => format!("{} {why}", w.say("slip-bank-released")),
    };
    html! {
        p {
            span.num { (reserve.batch) " " (reserve.date) } " " (said) " "
            (figures::yuan(reserve.amount))
            @if !reserve.account_last4.is_empty() { span.muted { " …" (reserve.account_last4) } }
        }
    }
}
