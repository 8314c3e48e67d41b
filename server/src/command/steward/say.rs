//! How results of `courtyard steward` look: as JSON for scripts, as a few words for people.

use courtyard_core::desk::Finding;
use courtyard_core::domain::product::Product;
use courtyard_core::domain::units::text::Language;
use courtyard_core::domain::{Body, DeviceNo};
use courtyard_core::ledger::{ContractRecord, SlipRecord, State};
use courtyard_core::steward::{Bought, EntryView, Status};
use courtyard_core::store::{Income, SlipRow, StoredEntry};
use courtyard_core::sync::{Progress, SyncReport};
use indicatif::{ProgressBar, ProgressDrawTarget};
use serde_json::{Value, json};

const ZH: Language = Language::Zh;

/// `counted`, `held`, `refused` or `voided`.
pub(super) fn state_name(state: State) -> &'static str {
    match state {
        State::Counted => "counted",
        State::Held => "held",
        State::Refused => "refused",
        State::Voided { .. } => "voided",
    }
}

fn finding(finding: &Finding) -> Value {
    json!({"code": finding.message.code, "zh": finding.message.zh, "en": finding.message.en})
}

pub(super) fn bought(bought: &Bought) -> Value {
    json!({
        "slip": bought.id.to_string(),
        "net_g": bought.net,
        "settlement_g": bought.settlement,
        "amount_fen": bought.amount,
        "warnings": bought.warnings.iter().map(finding).collect::<Vec<_>>(),
    })
}

pub(super) fn bought_text(bought: &Bought) -> String {
    let mut text = format!("{} {} {}", bought.id, bought.settlement.text(ZH), bought.amount.text());
    for warning in &bought.warnings {
        text.push_str(&format!("\n▲ {}\n  {}", warning.message.zh, warning.message.en));
    }
    text
}

fn slip_row(row: &SlipRow) -> Value {
    json!({
        "slip": row.id.to_string(),
        "grower": row.grower.to_string(),
        "date": row.date.to_string(),
        "net_g": row.net,
        "settlement_g": row.settlement,
        "amount_fen": row.amount,
        "paid_fen": row.paid,
        "unpaid_fen": row.remaining,
        "state": state_name(row.state),
    })
}

pub(super) fn slips(rows: &[SlipRow]) -> Value {
    json!({"slips": rows.iter().map(slip_row).collect::<Vec<_>>()})
}

pub(super) fn slips_text(rows: &[SlipRow]) -> String {
    if rows.is_empty() {
        return "还没有收购单。用 buy 记第一张。/ No slips yet; record the first with buy."
            .to_owned();
    }
    let line = |row: &SlipRow| {
        let mark = match row.state {
            State::Counted => "●",
            State::Held | State::Refused => "▲",
            State::Voided { .. } => "✕",
        };
        format!(
            "{mark} {} {} {} {} {}",
            row.id,
            row.date,
            row.grower,
            row.settlement.text(ZH),
            row.amount.text()
        )
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

pub(super) fn income_text(income: &Income) -> String {
    let line = |row: &courtyard_core::store::IncomeRow, name: &str| {
        format!(
            "{name} {} 张 {} {} 已付 {} 未付 {}",
            row.slips,
            row.net_g.text(ZH),
            row.amount_fen.text(),
            row.paid_fen.text(),
            row.unpaid_fen.text()
        )
    };
    let mut lines: Vec<String> = income
        .growers
        .iter()
        .map(|row| line(row, &format!("{} {}", row.grower, row.name)))
        .collect();
    lines.push(line(&income.total, "合计 total"));
    lines.join("\n")
}

pub(super) fn products(rows: &[Product]) -> Value {
    rows.iter()
        .map(|p| json!({"product": p.number.get(), "code": p.code, "name": p.name}))
        .collect()
}

pub(super) fn products_text(rows: &[Product]) -> String {
    rows.iter().map(|p| format!("{} {} {}\n", p.number, p.name, p.code)).collect()
}

pub(super) fn contracts(all: &[ContractRecord]) -> Value {
    let one = |contract: &ContractRecord| {
        json!({
            "contract": contract.contract.to_string(),
            "grower": contract.grower.to_string(),
            "delivered_g": contract.delivered(),
        })
    };
    json!({"contracts": all.iter().map(one).collect::<Vec<_>>()})
}

pub(super) fn contracts_text(all: &[ContractRecord]) -> String {
    if all.is_empty() {
        return "还没有合同。/ No contracts yet.".to_owned();
    }
    let line =
        |c: &ContractRecord| format!("{} {} 已交 {}", c.contract, c.grower, c.delivered().text(ZH));
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// One entry with what belongs to it; a slip with how it stands.
pub(super) fn entry(view: &EntryView, slip: Option<&SlipRecord>) -> Value {
    let mut value = stored(&view.entry);
    if let (Some(slip), Some(fields)) = (slip, value.as_object_mut()) {
        fields.insert("net_g".to_owned(), json!(slip.net));
        fields.insert("settlement_g".to_owned(), json!(slip.settlement));
        fields.insert("amount_fen".to_owned(), json!(slip.amount));
        fields.insert("paid_fen".to_owned(), json!(slip.paid));
        fields.insert("unpaid_fen".to_owned(), json!(slip.remaining));
        fields.insert("state".to_owned(), json!(state_name(slip.state)));
    }
    if let Some(fields) = value.as_object_mut() {
        let about: Vec<Value> = view.about.iter().map(stored).collect();
        fields.insert("about".to_owned(), json!(about));
    }
    value
}

fn stored(entry: &StoredEntry) -> Value {
    let arrived = &entry.arrived;
    let envelope = &arrived.entry.envelope;
    let kind = arrived.entry.body.kind().map_or("newer", |kind| kind.name());
    let mut value = json!({
        "entry": arrived.id.to_string(),
        "hash": arrived.hash.to_string(),
        "kind": kind,
        "date": envelope.date.to_string(),
        "lamport": envelope.lamport,
        "status": entry.status.name(),
        "reasons": entry.status.reasons().iter().map(|r| r.code).collect::<Vec<_>>(),
    });
    if let Some(fields) = value.as_object_mut() {
        if let Some(grower) = arrived.entry.body.grower() {
            fields.insert("grower".to_owned(), json!(grower.to_string()));
        }
        fields.insert("body".to_owned(), body(&arrived.entry.body));
    }
    value
}

/// The kind's own fields, as far as a person asks for them.
fn body(body: &Body) -> Value {
    match body {
        Body::Slip(slip) => {
            let line = |line: &courtyard_core::domain::slip::Line| {
                let segments: Vec<Value> = line
                    .segments
                    .iter()
                    .map(|s| {
                        json!({"weight_g": s.weight, "price_li_per_kg": s.price,
                               "reason": format!("{:?}", s.reason).to_lowercase()})
                    })
                    .collect();
                let weighings: Vec<Value> = line
                    .weighings
                    .iter()
                    .map(|w| json!({"gross_g": w.gross, "tare_g": w.tare}))
                    .collect();
                let deductions: Vec<Value> = line
                    .deductions
                    .iter()
                    .map(|d| json!({"amount": d.amount.text(ZH), "reason": d.reason}))
                    .collect();
                json!({"product": line.product.get(), "grade": line.grade.to_string(),
                       "weighings": weighings, "deductions": deductions, "segments": segments,
                       "amount_fen": line.amount})
            };
            json!({"price_list": slip.price_list,
                   "lines": slip.lines.iter().map(line).collect::<Vec<_>>()})
        }
        Body::Void(void) => json!({"target": void.target.to_string(), "reason": void.reason}),
        Body::Payout(payout) => {
            let paid: Vec<Value> = payout
                .allocations
                .iter()
                .map(|a| json!({"slip": a.slip.to_string(), "amount_fen": a.amount}))
                .collect();
            json!({"cash_fen": payout.cash, "rounding_fen": payout.rounding, "allocations": paid})
        }
        Body::ContractVersion(version) => {
            json!({"contract": version.contract.to_string(), "version": version.version,
                   "product": version.product.get(), "quantity_g": version.quantity,
                   "floor_li_per_kg": version.floor, "from": version.from.to_string(),
                   "to": version.to.to_string()})
        }
        Body::Note(note) => json!({"text": note.text}),
        other => json!({"kind": other.kind().map_or("newer", |kind| kind.name())}),
    }
}

pub(super) fn status(device: DeviceNo, status: &Status) -> Value {
    json!({
        "device": device.to_string(),
        "waiting": status.counts.waiting_entries,
        "waiting_edits": status.counts.waiting_edits,
        "blocked_books": status.counts.blocked_books,
        "parked": status.counts.parked,
        "set_aside": status.counts.set_aside,
        "held": status.counts.held,
        "newer": status.counts.newer,
        "conflicts": status.counts.conflicts,
        "last_sync_s": status.last_sync_s,
        "reserved": status.reserved,
        "revoked": status.revoked,
    })
}

pub(super) fn status_text(device: DeviceNo, status: &Status) -> String {
    let counts = &status.counts;
    let waiting = counts.waiting_entries.saturating_add(counts.waiting_edits);
    let mut text = if waiting == 0 {
        format!("本机 {device}。● 已同步。/ All synced.")
    } else {
        format!("本机 {device}。○ {waiting} 项待同步。/ {waiting} waiting.")
    };
    if status.revoked {
        text.push_str("\n▲ 本机已停用，只上传已有的单据。/ Revoked: it only sends what it holds.");
    }
    for (count, zh, en) in [
        (counts.held, "留存待核", "held"),
        (counts.set_aside, "另存", "set aside"),
        (counts.conflicts, "名册冲突", "register conflicts"),
        (counts.newer, "新版本的单据", "of a newer kind"),
    ] {
        if count > 0 {
            text.push_str(&format!("\n▲ {zh} {count} / {en}"));
        }
    }
    text
}

/// A bar where a person waits; hidden otherwise.
pub(super) fn sync_bar() -> ProgressBar {
    ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10))
}

pub(super) fn advance(bar: &ProgressBar, progress: &Progress) {
    bar.set_message(format!("↑{} ↓{}", progress.acknowledged, progress.received));
    bar.tick();
}

pub(super) fn synced(report: &SyncReport) -> Value {
    json!({
        "requests": report.requests,
        "acknowledged": report.acknowledged,
        "received": report.received,
        "received_edits": report.edits,
        "set_aside": report.set_aside,
    })
}

pub(super) fn synced_text(report: &SyncReport) -> String {
    let mut text = format!(
        "已同步：送出 {}，收到 {}。/ Synced: {} sent, {} received.",
        report.acknowledged, report.received, report.acknowledged, report.received
    );
    if report.set_aside > 0 {
        text.push_str(&format!(
            "\n▲ {} 项被县社退回，已另存。/ {} refused and set aside.",
            report.set_aside, report.set_aside
        ));
    }
    text
}
