//! `report vouchers`: a closed month as vouchers (凭证) that 金蝶 and 用友 import: one row a line, with
//! the accountants' codes of the district's rules. Red amounts are negative, on the same side.

use std::collections::BTreeSet;

use clap::Args;
use courtyard_core::domain::{Fen, Kind, Month, VillageNo};
use courtyard_core::ledger::voucher::{Voucher, vouchers as sum};
use courtyard_core::ledger::{CloseIndex, Posted, posted};
use courtyard_core::store::Store;

use super::{Answer, Document, Names, Written, unread};
use crate::command::Failure;
use crate::command::output::too_large;
use crate::command::table::{Cell, Column, Table, cells};

/// Which month, where.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// The month of the books, such as 2026-11; it must be closed.
    #[arg(long)]
    month: Month,
    /// Only this village, by name or number; else every village that has closed the month.
    #[arg(long)]
    village: Option<String>,
    #[command(flatten)]
    written: Written,
}

impl Answer for Asked {
    fn written(&self) -> &Written {
        &self.written
    }

    fn document(&self, store: &Store) -> Result<Document, Failure> {
        vouchers(store, self.month, self.village.as_deref())
    }
}

/// The vouchers of a month of the villages that have closed it.
pub(super) fn vouchers(
    store: &Store,
    month: Month,
    village: Option<&str>,
) -> Result<Document, Failure> {
    let asked = Names::read(store)?.find(village)?;
    let district = store.district().map_err(unread)?;
    let villages = store.villages().map_err(unread)?;
    let closed: BTreeSet<VillageNo> = villages
        .iter()
        .map(|v| v.number)
        .filter(|v| asked.is_none_or(|asked| asked == *v))
        .filter(|v| district.last_closed(*v).is_some_and(|last| last >= month))
        .collect();
    if closed.is_empty() {
        return Err(Failure::words(
            &format!("{month} 还没有结账，没有凭证。请先用 admin close 结账。"),
            &format!("{month} is not closed, so it has no vouchers. Close it with admin close."),
        ));
    }
    let rows = rows(store, month, &closed)?;
    let codes = store.rules().map_err(unread)?.bookkeeping.codes;
    let made = sum(&rows, &codes).map_err(too_large)?;
    document(month, &made)
}

/// What the closed books of the month hold.
fn rows(store: &Store, month: Month, closed: &BTreeSet<VillageNo>) -> Result<Vec<Posted>, Failure> {
    let district = store.district().map_err(unread)?;
    let mut rows = Vec::new();
    for partition in store.partitions().map_err(unread)? {
        let entries = store.entries_of(Some(partition)).map_err(unread)?;
        let covered = entries
            .into_iter()
            .map(|stored| stored.arrived)
            .filter(|arrived| arrived.close != CloseIndex::OPEN);
        let (all, _) =
            posted(covered, &|arrived| district.posting_month(arrived)).map_err(too_large)?;
        let wanted = |row: &Posted| row.village.is_some_and(|v| closed.contains(&v));
        rows.extend(all.into_iter().filter(|row| row.month == month && wanted(row)));
    }
    Ok(rows)
}

fn document(month: Month, made: &[Voucher]) -> Result<Document, Failure> {
    let mut table = Table::new(
        "vouchers",
        [
            Column::text("date", "日期"),
            Column::text("word", "凭证字"),
            Column::number("number", "凭证号"),
            Column::text("summary", "摘要"),
            Column::text("code", "科目编码"),
            Column::text("name", "科目名称"),
            Column::fen("debit", "借方金额").summed(),
            Column::fen("credit", "贷方金额").summed(),
            Column::number("entries", "附单据数"),
            Column::number("entity", "核算主体"),
        ],
    );
    let last = month.first_day_after().days().checked_sub(1);
    let last = last.and_then(courtyard_core::domain::BusinessDate::from_days);
    let date = last.map_or_else(String::new, |day| day.to_string());
    for voucher in made {
        let (first, last) = voucher.span;
        let summary = format!("{} {month} {first}–{last}", words(voucher.kind));
        for line in &voucher.lines {
            let amount = |fen: Fen| (fen != Fen::ZERO).then_some(fen);
            table.row(cells![
                date.clone(),
                "记",
                voucher.number,
                summary.clone(),
                line.code.clone(),
                Cell::coded(line.account, line.name.clone()),
                amount(line.debit),
                amount(line.credit),
                voucher.entries,
                voucher.entity.get(),
            ]);
        }
    }
    Ok(Document {
        title: format!("凭证 vouchers {month}"),
        tables: vec![table],
        ..Document::default()
    })
}

/// What a voucher of this kind is about, for its summary.
fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Slip => "收购",
        Kind::Void => "红冲",
        Kind::Return => "退货",
        Kind::PriceFix => "定价",
        Kind::Adjustment => "调整",
        Kind::Payout => "付款",
        Kind::Prepayment => "预付货款",
        Kind::InputCredit => "农资赊销",
        Kind::Deposit => "定金",
        Kind::Confirmation => "农户确认",
        Kind::Receipt => "收款",
        Kind::BankFile | Kind::BankResult => "银行付款",
        Kind::FloatAccept => "备用金",
        Kind::FloatDifference => "盘点差额",
        other => other.name(),
    }
}
