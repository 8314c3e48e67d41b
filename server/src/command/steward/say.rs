//! How results of `courtyard steward` look: as JSON for scripts, as a few words for people.

use courtyard_core::desk::Finding;
use courtyard_core::domain::DeviceNo;
use courtyard_core::domain::product::Product;
use courtyard_core::domain::units::text::Language;
use courtyard_core::ledger::{ContractRecord, State};
use courtyard_core::steward::{Bought, Status};
use courtyard_core::store::{Income, SlipRow};
use courtyard_core::sync::{Progress, SyncReport};
use indicatif::{ProgressBar, ProgressDrawTarget};
use serde_json::{Value, json};

use crate::command::entry::state_name;

const ZH: Language = Language::Zh;

fn finding(finding: &Finding) -> Value {
    json!({"code": finding.message.code, "zh": finding.message.zh, "en": finding.message.en})
}

pub(super) fn bought(bought: &Bought) -> Value {
    json!({
        "slip": bought.id.to_string(),
        "net_g": bought.net,
        "settlement_g": bought.settlement,
        "amount_fen": bought.amount,
        "estimate_fen": bought.estimate,
        "warnings": bought.warnings.iter().map(finding).collect::<Vec<_>>(),
    })
}

pub(super) fn bought_text(bought: &Bought) -> String {
    let mut text = format!("{} {} {}", bought.id, bought.settlement.text(ZH), bought.amount.text());
    if bought.estimate.get() != 0 {
        text.push_str(&format!("  待定价，暂估 pending, estimated {}", bought.estimate.text()));
    }
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
