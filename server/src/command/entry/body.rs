//! The kinds' own fields, as far as a person asks for them.

use courtyard_core::domain::bank::BankOutcome;
use courtyard_core::domain::confirmation::Means;
use courtyard_core::domain::debt::{Creditor, DebtTerms, Purse};
use courtyard_core::domain::payout::Payout;
use courtyard_core::domain::slip::{Line, Segment, Slip};
use courtyard_core::domain::units::text::Language;
use courtyard_core::domain::{Body, EntryId};
use serde_json::{Value, json};

use super::kind_name;

/// The kind's own fields.
pub(crate) fn fields(body: &Body) -> Value {
    match body {
        Body::Slip(slip) => self::slip(slip),
        Body::Payout(payout) => self::payout(payout),
        Body::Void(void) => json!({"target": void.target.to_string(), "reason": void.reason,
            "replacement": id(void.replacement)}),
        Body::Return(back) => json!({"slip": back.slip.to_string(), "line": back.line,
            "weight_g": back.weight, "reason": back.reason}),
        Body::PriceFix(fix) => json!({"slip": fix.slip.to_string(), "line": fix.line,
            "segments": segments(&fix.segments), "amount_fen": fix.amount}),
        Body::Adjustment(a) => json!({"slip": a.slip.to_string(), "line": a.line,
            "amount_fen": a.amount, "reason": a.reason, "bulk": id(a.bulk)}),
        Body::ContractVersion(version) => {
            json!({"contract": version.contract.to_string(), "version": version.version,
                   "product": version.product.get(), "quantity_g": version.quantity,
                   "floor_li_per_kg": version.floor, "from": version.from.to_string(),
                   "to": version.to.to_string()})
        }
        Body::Prepayment(debt) => json!({"amount_fen": debt.amount, "terms": terms(&debt.terms),
            "contract": debt.contract.map(|c| c.to_string()), "purse": purse(debt.purse)}),
        Body::Deposit(debt) => json!({"amount_fen": debt.amount, "terms": terms(&debt.terms),
            "contract": debt.contract.to_string(), "purse": purse(debt.purse)}),
        Body::InputCredit(debt) => {
            let items: Vec<Value> = debt
                .items
                .iter()
                .map(|item| {
                    json!({"name": item.name, "quantity_milli": item.quantity_milli,
                           "unit": item.unit, "price_fen": item.price, "amount_fen": item.amount})
                })
                .collect();
            let creditor = match &debt.creditor {
                Creditor::Entity => "entity",
                Creditor::Supplier(name) => name.as_str(),
            };
            json!({"items": items, "creditor": creditor, "terms": terms(&debt.terms),
                   "contract": debt.contract.map(|c| c.to_string())})
        }
        Body::Confirmation(word) => {
            let means = match word.means {
                Means::Paper => "paper",
                Means::Page => "page",
                Means::Witness => "witness",
            };
            json!({"target": word.target.to_string(), "person": word.person.get(),
                   "means": means, "agrees": word.agrees})
        }
        Body::Receipt(receipt) => json!({"debt": receipt.debt.to_string(),
            "amount_fen": receipt.amount, "purse": purse(receipt.purse)}),
        Body::BankReserve(reserve) => {
            let slips: Vec<Value> = reserve
                .allocations
                .iter()
                .map(|a| json!({"slip": a.slip.to_string(), "amount_fen": a.amount}))
                .collect();
            json!({"batch": reserve.batch.to_string(), "allocations": slips,
                   "payee": reserve.payee.get()})
        }
        Body::BankApprove(approve) => json!({"batch": approve.batch.to_string(),
            "lines": approve.lines, "total_fen": approve.total}),
        Body::BankFile(file) => json!({"batch": file.batch.to_string(), "lines": file.lines,
            "total_fen": file.total, "file_hash": hex::encode(file.file_hash)}),
        Body::BankResult(result) => {
            let (outcome, text) = match &result.outcome {
                BankOutcome::Paid(text) => ("paid", text),
                BankOutcome::Returned(text) => ("returned", text),
                BankOutcome::Released(text) => ("released", text),
            };
            json!({"batch": result.batch.to_string(), "reserve": result.reserve.to_string(),
                   "outcome": outcome, "text": text})
        }
        Body::FloatIssue(issue) => {
            json!({"from": issue.from.to_string(), "to": issue.to.to_string(),
            "amount_fen": issue.amount})
        }
        Body::FloatAccept(accept) => json!({"issue": accept.issue.to_string()}),
        Body::FloatCount(count) => json!({"holder": count.holder.to_string(),
            "counted_fen": count.counted, "expected_fen": count.expected}),
        Body::FloatDifference(difference) => json!({"count": difference.count.to_string(),
            "holder": difference.holder.to_string(), "difference_fen": difference.difference,
            "reason": difference.reason}),
        Body::Note(note) => json!({"text": note.text, "about": id(note.about)}),
        Body::Question(question) => json!({"target": question.target.to_string(),
            "text": question.text}),
        Body::Answer(answer) => json!({"question": answer.question.to_string(),
            "text": answer.text, "settles": answer.settles}),
        Body::Objection(objection) => json!({"target": objection.target.to_string(),
            "person": objection.person.get(), "text": objection.text}),
        Body::Review(review) => json!({"target": review.target.to_string(),
            "accepts": review.accepts, "text": review.text}),
        Body::HoldDecision(decision) => json!({"target": decision.target.to_string(),
            "admits": decision.admits, "settles": decision.settles, "reason": decision.reason}),
        Body::IdentityLink(link) => json!({"kept": link.kept.to_string(),
            "other": link.other.to_string(), "reason": link.reason}),
        Body::IdentityUnlink(unlink) => json!({"link": unlink.link.to_string(),
            "reason": unlink.reason}),
        Body::MonthClose(close) => json!({"month": close.month.to_string(),
            "village": close.village.get(), "entries": close.entries,
            "held": close.held.len(), "missing": close.missing.len(),
            "root": hex::encode(close.root)}),
        Body::DeviceRevocation(end) => json!({"device": end.device.to_string(),
            "count": end.count, "reason": end.reason}),
        Body::RecoveredEntry(recovered) => json!({"entry": recovered.id().to_string()}),
        other => json!({"kind": kind_name(other)}),
    }
}

fn slip(slip: &Slip) -> Value {
    json!({"price_list": slip.price_list, "seller": slip.visit.seller.get(),
           "deliverer": slip.visit.deliverer.get(),
           "lines": slip.lines.iter().map(line).collect::<Vec<_>>()})
}

fn line(line: &Line) -> Value {
    let weighings: Vec<Value> =
        line.weighings.iter().map(|w| json!({"gross_g": w.gross, "tare_g": w.tare})).collect();
    let deductions: Vec<Value> = line
        .deductions
        .iter()
        .map(|d| json!({"amount": d.amount.text(Language::Zh), "reason": d.reason}))
        .collect();
    json!({"product": line.product.get(), "grade": line.grade.to_string(),
           "weighings": weighings, "deductions": deductions,
           "segments": segments(&line.segments), "amount_fen": line.amount,
           "contract": line.contract.map(|contract| contract.to_string())})
}

fn segments(segments: &[Segment]) -> Vec<Value> {
    segments
        .iter()
        .map(|s| {
            json!({"weight_g": s.weight, "price_li_per_kg": s.price,
                   "reason": format!("{:?}", s.reason).to_lowercase()})
        })
        .collect()
}

fn payout(payout: &Payout) -> Value {
    let paid: Vec<Value> = payout
        .allocations
        .iter()
        .map(|a| json!({"slip": a.slip.to_string(), "amount_fen": a.amount}))
        .collect();
    let repaid: Vec<Value> = payout
        .repayments
        .iter()
        .map(|r| json!({"debt": r.debt.to_string(), "claimed_fen": r.claimed}))
        .collect();
    json!({"cash_fen": payout.cash, "rounding_fen": payout.rounding, "allocations": paid,
           "repayments": repaid, "payee": payout.recipient.payee.get(),
           "proxy": payout.recipient.proxy.map(|proxy| proxy.get())})
}

fn terms(terms: &DebtTerms) -> Value {
    json!({"due": terms.due.to_string(), "share_bp": terms.share.get()})
}

const fn purse(purse: Purse) -> &'static str {
    match purse {
        Purse::Float => "float",
        Purse::Bank => "bank",
    }
}

fn id(id: Option<EntryId>) -> Option<String> {
    id.map(|id| id.to_string())
}
