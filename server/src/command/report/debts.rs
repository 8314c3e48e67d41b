//! `report debts`: what growers owe, by when it was due; or with `--year`, what each debt was at the
//! beginning, what was taken and repaid, and what is left at the end.

use clap::Args;
use courtyard_core::desk::debt_words;
use courtyard_core::domain::{BusinessDate, Fen, GrowerId, UnitError};
use courtyard_core::ledger::{DebtRecord, ReceiptRecord};
use courtyard_core::store::{Store, StoreError};

use super::{Answer, Document, Names, Written, unread};
use crate::clock::{ServerClock as _, SystemClock};
use crate::command::Failure;
use crate::command::output::too_large;
use crate::command::table::{Cell, Column, Table, cells};

/// Whose, and as of when.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Only this village, by name or number.
    #[arg(long)]
    village: Option<String>,
    /// Only this grower, such as H-A7K-12.
    #[arg(long)]
    grower: Option<GrowerId>,
    /// The ages as of this day; today in Asia/Shanghai if not given.
    #[arg(long, conflicts_with = "year")]
    on: Option<BusinessDate>,
    /// The movements of this year instead, such as 2026.
    #[arg(long)]
    year: Option<u16>,
    #[command(flatten)]
    written: Written,
}

impl Answer for Asked {
    fn written(&self) -> &Written {
        &self.written
    }

    fn document(&self, store: &Store) -> Result<Document, Failure> {
        let names = Names::read(store)?;
        let village = names.find(self.village.as_deref())?;
        let mut debts = match self.grower {
            Some(grower) => store.all_kept::<DebtRecord>(grower.into()),
            None => store.kept_everywhere::<DebtRecord>(),
        }
        .map_err(unread)?;
        debts.retain(|debt| village.is_none() || debt.village == village);
        match self.year {
            Some(year) => moved(store, &names, &debts, year),
            None => aged(
                &names,
                &debts,
                self.on.unwrap_or_else(|| BusinessDate::at(SystemClock.now_ms().div_euclid(1_000))),
            ),
        }
    }
}

/// The bounds of the ages after the due date, in days, with their names.
const AGES: [(i32, &str, &str); 5] = [
    (0, "not_due", "未到期"),
    (30, "to_30", "逾期 30 天内"),
    (90, "to_90", "逾期 31–90 天"),
    (365, "to_365", "逾期 91–365 天"),
    (i32::MAX, "beyond_365", "逾期一年以上"),
];

/// Open debts with how long they are due.
pub(super) fn aged(
    names: &Names,
    debts: &[DebtRecord],
    on: BusinessDate,
) -> Result<Document, Failure> {
    let mut table = Table::new(
        "debts",
        [
            Column::text("debt", "编号 debt"),
            Column::text("grower", "农户 grower"),
            Column::text("name", "姓名 name"),
            Column::text("village", "村 village"),
            Column::number("entity", "主体 entity"),
            Column::text("kind", "类型 kind"),
            Column::text("contract", "合同 contract"),
            Column::date("date", "日期 date"),
            Column::date("due", "到期 due"),
            Column::text("age", "账龄 age"),
            Column::text("word", "农户意见 word"),
            Column::fen("amount", "金额 ¥").summed(),
            Column::fen("repaid", "已还 repaid ¥").summed(),
            Column::fen("left", "尚欠 left ¥").summed(),
        ],
    );
    let mut sums = [Fen::ZERO; AGES.len()];
    for debt in debts {
        let left = debt.left().map_err(too_large)?;
        if left == Fen::ZERO {
            continue;
        }
        let days = on.days().saturating_sub(debt.due.days());
        let age = AGES.iter().position(|(most, ..)| days <= *most).unwrap_or_default();
        if let Some(sum) = sums.get_mut(age) {
            *sum = sum.plus(left).map_err(too_large)?;
        }
        let (_, code, zh) = AGES.get(age).copied().unwrap_or_default();
        let word = match (debt.disputed, debt.confirmed) {
            (true, _) => Cell::coded("disputed", "有异议"),
            (false, None) => Cell::coded("unconfirmed", "待确认"),
            (false, Some(_)) => Cell::coded("confirmed", "已确认"),
        };
        table.row(cells![
            debt.id,
            debt.grower.to_string(),
            names.grower(debt.grower),
            names.village(debt.village),
            debt.entity,
            Cell::coded(debt.kind.name(), debt_words(debt.kind).0),
            debt.contract.map(|contract| contract.to_string()),
            debt.date,
            debt.due,
            Cell::coded(code, zh),
            word,
            debt.amount,
            debt.repaid,
            left,
        ]);
    }
    let mut ages = Table::new(
        "ages",
        [Column::text("age", "账龄 age"), Column::fen("left", "尚欠 left ¥").summed()],
    );
    for ((_, code, zh), sum) in AGES.into_iter().zip(sums) {
        ages.row(cells![Cell::coded(code, zh), sum]);
    }
    Ok(Document {
        title: format!("{on} 欠款账龄 debts by age"),
        facts: vec![("on", on.into())],
        tables: vec![table, ages],
        ..Document::default()
    })
}

/// What moved on one debt, and when.
struct Repaid {
    debt: courtyard_core::domain::EntryId,
    date: BusinessDate,
    amount: Fen,
}

/// Each debt's year: opening, taken, repaid, closing. What was voided since is left out of all four.
pub(super) fn moved(
    store: &Store,
    names: &Names,
    debts: &[DebtRecord],
    year: u16,
) -> Result<Document, Failure> {
    let (from, to) = bounds(year).ok_or_else(|| no_year(year))?;
    let repaid = repayments(store, debts).map_err(unread)?;
    let mut table = Table::new(
        "debts",
        [
            Column::text("debt", "编号 debt"),
            Column::text("grower", "农户 grower"),
            Column::text("name", "姓名 name"),
            Column::text("village", "村 village"),
            Column::number("entity", "主体 entity"),
            Column::text("kind", "类型 kind"),
            Column::date("date", "日期 date"),
            Column::fen("opening", "年初 opening ¥").summed(),
            Column::fen("taken", "本年新增 taken ¥").summed(),
            Column::fen("repaid", "本年归还 repaid ¥").summed(),
            Column::fen("closing", "年末 closing ¥").summed(),
        ],
    );
    for debt in debts.iter().filter(|debt| debt.state.stands() && debt.date < to) {
        let year_of = year_of(debt, &repaid, from, to).map_err(too_large)?;
        if year_of == Year::default() {
            continue;
        }
        table.row(cells![
            debt.id,
            debt.grower.to_string(),
            names.grower(debt.grower),
            names.village(debt.village),
            debt.entity,
            Cell::coded(debt.kind.name(), debt_words(debt.kind).0),
            debt.date,
            year_of.opening,
            year_of.taken,
            year_of.repaid,
            year_of.closing,
        ]);
    }
    Ok(Document {
        title: format!("{year} 年度欠款 debts of the year"),
        facts: vec![("year", usize::from(year).into())],
        tables: vec![table],
        ..Document::default()
    })
}

#[derive(Default, PartialEq, Eq)]
struct Year {
    opening: Fen,
    taken: Fen,
    repaid: Fen,
    closing: Fen,
}

fn year_of(
    debt: &DebtRecord,
    repaid: &[Repaid],
    from: BusinessDate,
    to: BusinessDate,
) -> Result<Year, UnitError> {
    let sum = |passes: &dyn Fn(BusinessDate) -> bool| {
        let own = repaid.iter().filter(|r| r.debt == debt.id && passes(r.date));
        Fen::sum(own.map(|r| r.amount))
    };
    let (before, within) = (sum(&|date| date < from)?, sum(&|date| date >= from && date < to)?);
    let (opening, taken) = if debt.date < from {
        (debt.amount.minus(before)?, Fen::ZERO)
    } else {
        (Fen::ZERO, debt.amount)
    };
    let closing = opening.plus(taken)?.minus(within)?;
    Ok(Year { opening, taken, repaid: within, closing })
}

/// What payouts and receipts that stand repaid, and when.
fn repayments(store: &Store, debts: &[DebtRecord]) -> Result<Vec<Repaid>, StoreError> {
    let mut growers: Vec<GrowerId> = debts.iter().map(|debt| debt.grower).collect();
    growers.sort_unstable();
    growers.dedup();
    let mut all = Vec::new();
    for grower in growers {
        for payout in store.payouts_of(grower)?.iter().filter(|payout| payout.state.stands()) {
            let date = payout.date;
            let own = payout.effect.repayments.iter();
            all.extend(own.map(|r| Repaid { debt: r.debt, date, amount: r.effective }));
        }
        let receipts = store.all_kept::<ReceiptRecord>(grower.into())?;
        let stands = receipts.iter().filter(|receipt| receipt.state.stands());
        all.extend(stands.map(|r| Repaid { debt: r.debt, date: r.date, amount: r.amount }));
    }
    Ok(all)
}

/// The first day of a year and of the next.
fn bounds(year: u16) -> Option<(BusinessDate, BusinessDate)> {
    let first = |year: u16| format!("{year:04}-01-01").parse().ok();
    Some((first(year)?, first(year.checked_add(1)?)?))
}

fn no_year(year: u16) -> Failure {
    Failure::words(
        &format!("{year} 不是能用的年份，请写四位年份，如 2026。没有改动任何东西。"),
        &format!(
            "{year} is no year that the books know. Write four digits, such as 2026. Nothing was changed."
        ),
    )
}
