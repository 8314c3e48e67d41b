//! A grower's year: a row for each month, and how the year ended.

use courtyard_core::domain::{EntityNo, Fen, Month};
use courtyard_core::ledger::Statement;

use super::page::Page;
use super::{Whose, debts};
use crate::command::Failure;
use crate::command::output::too_large;
use crate::command::report::Document;
use crate::command::table::{Column, Table, cells};

impl Whose {
    pub(in crate::command::report) fn year(&self, year: u16) -> Result<Document, Failure> {
        let mut months = Table::new(
            "months",
            [
                Column::text("month", "月份 month"),
                Column::number("entity", "主体 entity"),
                Column::fen("bought", "收购 bought ¥").summed(),
                Column::fen("corrected", "更正 ¥").summed(),
                Column::fen("paid", "已付 paid ¥").summed(),
                Column::fen("repaid", "扣还 repaid ¥").summed(),
            ],
        );
        let mut last: Option<Statement> = None;
        for month in (1..=12).map(|month| format!("{year:04}-{month:02}")) {
            let month: Month = month.parse().map_err(|_| {
                Failure::words(
                    "年份要写成 2026。没有改动任何东西。",
                    "A year is such as 2026. Nothing was changed.",
                )
            })?;
            let statement = self.statements.statement(month).map_err(too_large)?;
            for sum in &statement.sums {
                let moved = [sum.bought, sum.corrected, sum.paid, sum.repaid];
                if moved.iter().any(|amount| *amount != Fen::ZERO) {
                    let [bought, corrected, paid, repaid] = moved;
                    let month = month.to_string();
                    months.row(cells![month, sum.entity, bought, corrected, paid, repaid]);
                }
            }
            last = Some(statement);
        }
        let end = last.as_ref().map(open).unwrap_or_default();
        let mut open = Table::new(
            "open",
            [
                Column::number("entity", "主体 entity"),
                Column::fen("unpaid", "未付 unpaid ¥").summed(),
                Column::fen("estimated", "暂估 estimated ¥").summed(),
            ],
        );
        for (entity, unpaid, estimated) in end {
            open.row(cells![entity, unpaid, estimated]);
        }
        let debts = last.as_ref().map_or_else(|| Table::new("debts", []), debts);
        let mut page = Page::new(self, &year.to_string());
        for table in [&months, &open, &debts].into_iter().filter(|table| !table.is_empty()) {
            page.push(&table.text().map_err(too_large)?);
            page.push("\n");
        }
        Ok(Document {
            title: format!("{} {year} 年度对账单 yearly statement", self.grower),
            facts: self.facts(year.to_string()),
            tables: vec![months, open, debts],
            text: Some(page.signatures()),
            ..Document::default()
        })
    }
}

/// What is open at the end, by entity.
fn open(statement: &Statement) -> Vec<(EntityNo, Fen, Fen)> {
    let open = statement.sums.iter().map(|sum| (sum.entity, sum.unpaid, sum.estimated));
    open.filter(|(_, unpaid, estimated)| *unpaid != Fen::ZERO || *estimated != Fen::ZERO).collect()
}
