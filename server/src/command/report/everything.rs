//! The main tables of a district as they stand, for `export csv` and `export xlsx`: slips and their
//! lines, payouts, debts, growers' income by month of delivery, contracts.

use courtyard_core::desk::debt_words;
use courtyard_core::domain::{BusinessDate, Month, VillageNo};
use courtyard_core::ledger::DebtRecord;
use courtyard_core::store::{SlipFilter, Store};

use super::names::Products;
use super::slips::{Wanted, slips, standing};
use super::{Names, unread};
use crate::command::Failure;
use crate::command::output::too_large;
use crate::command::table::{Cell, Column, Table, cells};

const ALL: SlipFilter =
    SlipFilter { grower: None, village: None, from: None, to: None, limit: u32::MAX, offset: 0 };

/// Every table, held and voided rows too: how each stands is in its row.
pub(in crate::command) fn everything(store: &Store) -> Result<Vec<Table>, Failure> {
    let names = Names::read(store)?;
    let products = Products::read(store)?;
    let mut all = slips(store, &Wanted { limit: u32::MAX, ..Wanted::default() })?.tables;
    all.push(lines(store, &names, &products)?);
    all.push(payouts(store, &names)?);
    all.push(debts(store, &names)?);
    all.push(income(store, &names)?);
    all.push(contracts(store, &names, &products)?);
    Ok(all)
}

/// Lines as printed; what later entries changed of a slip is in the slip's sums.
fn lines(store: &Store, names: &Names, products: &Products) -> Result<Table, Failure> {
    let mut table = Table::new(
        "slip_lines",
        [
            Column::text("slip", "单号 slip"),
            Column::number("line", "行 line"),
            Column::date("date", "日期 date"),
            Column::text("grower", "农户 grower"),
            Column::text("name", "姓名 name"),
            Column::number("entity", "主体 entity"),
            Column::text("product", "品名 product"),
            Column::text("grade", "等级 grade"),
            Column::text("contract", "合同 contract"),
            Column::grams("gross", "毛重 gross kg"),
            Column::grams("net", "净重 net kg"),
            Column::grams("settlement", "结算 settled kg"),
            Column::grams("returned", "退货 returned kg"),
            Column::text("prices", "价段 prices"),
            Column::fen("amount", "金额 ¥"),
            Column::text("state", "状态 state"),
        ],
    );
    for row in store.slips(ALL).map_err(unread)? {
        let Some(slip) = store.slip(row.id).map_err(unread)? else { continue };
        for (number, line) in (0_u16..).zip(&slip.lines) {
            let prices = slip.prices(number).iter();
            let prices: Vec<String> = prices
                .map(|s| format!("{} × {}", Cell::from(s.weight), Cell::from(s.price)))
                .collect();
            table.row(cells![
                slip.id,
                i64::from(number).saturating_add(1),
                slip.date,
                slip.grower,
                names.grower_on(slip.grower, slip.date),
                slip.entity,
                products.name(line.product),
                line.grade.to_string(),
                line.contract.map(|contract| contract.to_string()),
                line.gross,
                line.net,
                line.settlement,
                slip.returned_of(number),
                prices.join(" + "),
                line.amount,
                standing(slip.state).0,
            ]);
        }
    }
    Ok(table)
}

fn payouts(store: &Store, names: &Names) -> Result<Table, Failure> {
    let mut table = Table::new(
        "payouts",
        [
            Column::text("payout", "付款单 payout"),
            Column::date("date", "日期 date"),
            Column::text("grower", "农户 grower"),
            Column::text("name", "姓名 name"),
            Column::number("entity", "主体 entity"),
            Column::fen("cash", "现金 cash ¥"),
            Column::fen("rounding", "抹零 rounding ¥"),
            Column::text("state", "状态 state"),
            Column::text("voided_by", "作废单 voided by"),
        ],
    );
    for payout in store.payouts(ALL).map_err(unread)? {
        let (state, voided_by) = standing(payout.state);
        table.row(cells![
            payout.id,
            payout.date,
            payout.grower,
            names.grower_on(payout.grower, payout.date),
            payout.entity,
            payout.cash,
            payout.rounding,
            state,
            voided_by,
        ]);
    }
    Ok(table)
}

fn debts(store: &Store, names: &Names) -> Result<Table, Failure> {
    let mut table = Table::new(
        "debts",
        [
            Column::text("debt", "编号 debt"),
            Column::date("date", "日期 date"),
            Column::text("grower", "农户 grower"),
            Column::text("name", "姓名 name"),
            Column::number("entity", "主体 entity"),
            Column::text("kind", "类型 kind"),
            Column::text("contract", "合同 contract"),
            Column::date("due", "到期 due"),
            Column::fen("amount", "金额 ¥"),
            Column::fen("repaid", "已还 repaid ¥"),
            Column::fen("left", "尚欠 left ¥"),
            Column::text("state", "状态 state"),
        ],
    );
    for debt in store.kept_everywhere::<DebtRecord>().map_err(unread)? {
        table.row(cells![
            debt.id,
            debt.date,
            debt.grower,
            names.grower_on(debt.grower, debt.date),
            debt.entity,
            Cell::coded(debt.kind.name(), debt_words(debt.kind).0),
            debt.contract.map(|contract| contract.to_string()),
            debt.due,
            debt.amount,
            debt.repaid,
            debt.left().map_err(too_large)?,
            standing(debt.state).0,
        ]);
    }
    Ok(table)
}

/// Gross purchases by month of delivery.
fn income(store: &Store, names: &Names) -> Result<Table, Failure> {
    let mut table = Table::new(
        "income",
        [
            Column::text("month", "月份 month"),
            Column::text("grower", "农户 grower"),
            Column::text("name", "姓名 name"),
            Column::text("village", "村 village"),
            Column::number("slips", "单数 slips"),
            Column::grams("net", "净重 kg"),
            Column::fen("amount", "金额 ¥"),
            Column::fen("paid", "已付 paid ¥"),
            Column::fen("unpaid", "未付 unpaid ¥"),
        ],
    );
    let months: Vec<Month> = store.totals_by_month().map_err(unread)?.into_keys().collect();
    for month in months {
        for row in store.income(month, None, None).map_err(unread)?.growers {
            table.row(cells![
                month.to_string(),
                row.grower,
                row.name,
                names.village(row.village.map(VillageNo::new)),
                row.slips,
                row.net_g,
                row.amount_fen,
                row.paid_fen,
                row.unpaid_fen,
            ]);
        }
    }
    Ok(table)
}

/// Every version of every contract, with what was delivered on the contract so far.
fn contracts(store: &Store, names: &Names, products: &Products) -> Result<Table, Failure> {
    let mut table = Table::new(
        "contracts",
        [
            Column::text("contract", "合同 contract"),
            Column::number("version", "版本 version"),
            Column::text("entry", "编号 entry"),
            Column::date("date", "签订 signed"),
            Column::text("grower", "农户 grower"),
            Column::text("name", "姓名 name"),
            Column::number("entity", "主体 entity"),
            Column::text("product", "品名 product"),
            Column::number("area_hao", "面积（毫）area"),
            Column::grams("quantity", "约定量 quantity kg"),
            Column::li_per_kg("floor", "保底价 floor ¥/kg"),
            Column::date("from", "交货起 from"),
            Column::date("to", "交货止 to"),
            Column::grams("delivered", "已交 delivered kg"),
            Column::text("state", "状态 state"),
        ],
    );
    for grower in store.growers_with_entries().map_err(unread)? {
        for contract in store.contracts(grower).map_err(unread)? {
            for version in &contract.versions {
                let terms = &version.terms;
                let day: BusinessDate = version.date;
                table.row(cells![
                    contract.contract.to_string(),
                    i64::from(terms.version),
                    version.id,
                    day,
                    grower,
                    names.grower_on(grower, day),
                    version.entity,
                    products.name(terms.product),
                    terms.area.get(),
                    terms.quantity,
                    terms.floor,
                    terms.from,
                    terms.to,
                    contract.delivered_of(terms.product),
                    standing(version.state).0,
                ]);
            }
        }
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::report::tests::morning;

    #[test]
    fn the_exported_tables_hold_every_slip_and_payout_however_they_stand() {
        let (mut node, _folder) = morning();
        let tables = everything(node.view().unwrap().store()).unwrap();
        let rows: Vec<(&str, usize)> = tables.iter().map(|t| (t.key(), t.len())).collect();
        assert_eq!(
            rows,
            [
                ("slips", 4),
                ("slip_lines", 4),
                ("payouts", 1),
                ("debts", 0),
                ("income", 2),
                ("contracts", 0)
            ]
        );
        let payouts = String::from_utf8(tables[2].csv().unwrap()).unwrap();
        assert!(
            payouts.contains("034-000003,2026-07-02,H-002-1,王秀英,0,20.00,0.00,,"),
            "{payouts}"
        );
        let lines = String::from_utf8(tables[1].csv().unwrap()).unwrap();
        assert!(lines.contains("034-000002,1,2026-07-02,H-002-1,王秀英"), "{lines}");
        assert!(lines.contains("11.352 × 3.19"), "{lines}");
    }
}
