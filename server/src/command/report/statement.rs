//! `report statement`: a grower's month or year (对账单), from the canonical data that a close keeps:
//! what was bought, what was deducted and why, what was paid, what is owed, each with its number.

use clap::Args;
use courtyard_core::domain::{GrowerId, Month, UnitError};
use courtyard_core::ledger::{Account, Posted, Statement};
use courtyard_core::store::Store;
use serde_json::json;

use super::names::Products;
use super::{Answer, Document, Names, Written, too_large, unread};
use crate::command::Failure;
use crate::command::entry::kind_zh;
use crate::command::place::failure;
use crate::command::table::{Cell, Column, Table, cells};
use crate::node::Node;
use crate::statements::{Closed, Statements, StatementsError};

mod page;
mod year;

use page::Page;

/// Whose, and when.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// The grower, such as H-A7K-12.
    #[arg(long)]
    grower: GrowerId,
    /// The month of the books, such as 2026-07.
    #[arg(long, required_unless_present = "year", conflicts_with = "year")]
    month: Option<Month>,
    /// The whole year, such as 2026.
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
        self.household(store, &mut |_, _| Ok(Vec::new()))
    }

    /// What is closed is said from what the close kept, byte for byte.
    fn of_node(&self, node: &mut Node) -> Result<Document, Failure> {
        let view = node.view().map_err(failure)?;
        let reads = node.read().map_err(failure)?;
        self.household(view.store(), &mut |village, month| {
            Ok(reads.closed_statements(village, month)?)
        })
    }
}

fn unstated(error: StatementsError) -> Failure {
    match error {
        StatementsError::Store(error) => unread(error),
        StatementsError::Office(error) => failure(error.into()),
        StatementsError::Unit(error) => too_large(error),
        StatementsError::Newer(month) => Failure::words(
            &format!("{month} 的对账单由新版软件保存，请升级后再看。记录没有改动。"),
            &format!(
                "The statement of {month} was kept by a newer build. Update to read it; nothing was changed."
            ),
        ),
    }
}

impl Asked {
    /// The statement of a household under all its numbers.
    fn household(&self, store: &Store, closed: &mut Closed<'_>) -> Result<Document, Failure> {
        let numbers = store.household_numbers(self.grower).map_err(unread)?;
        let first = numbers.first().copied().unwrap_or(self.grower);
        let mut document = self.of(store, first, closed)?;
        // Linked numbers are one household: each keeps its own entries, the sums are added up.
        for number in numbers.iter().skip(1) {
            document.combine(self.of(store, *number, closed)?).map_err(too_large)?;
        }
        if numbers.len() > 1 {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            document.json.insert("numbers".to_owned(), json!(numbers));
        }
        Ok(document)
    }

    /// The statement of one number.
    fn of(
        &self,
        store: &Store,
        grower: GrowerId,
        closed: &mut Closed<'_>,
    ) -> Result<Document, Failure> {
        let whose = Whose::read(store, grower, closed)?;
        match (self.month, self.year) {
            (Some(month), _) => whose.month(month),
            (None, Some(year)) => whose.year(year),
            (None, None) => Err(Failure::usage("--month / --year")),
        }
    }
}

/// A grower with everything that a statement is made of.
pub(super) struct Whose {
    grower: GrowerId,
    statements: Statements,
    names: Names,
    products: Products,
}

impl Whose {
    pub(super) fn read(
        store: &Store,
        grower: GrowerId,
        closed: &mut Closed<'_>,
    ) -> Result<Whose, Failure> {
        let statements = Statements::read(store, grower, closed).map_err(unstated)?;
        let statements = statements.ok_or_else(|| {
            Failure::words(
                &format!("没有户号为 {grower} 的农户。请核对户号。"),
                &format!("There is no grower {grower}. Check the number."),
            )
        })?;
        let (names, products) = (Names::read(store)?, Products::read(store)?);
        Ok(Whose { grower, statements, names, products })
    }

    /// Who and when, as every statement begins.
    fn facts(&self, period: String) -> Vec<(&'static str, Cell)> {
        vec![
            ("grower", self.grower.into()),
            ("name", self.names.grower(self.grower).into()),
            ("village", self.names.village(self.statements.village).into()),
            ("period", period.into()),
        ]
    }

    pub(super) fn month(&self, month: Month) -> Result<Document, Failure> {
        let statement = self.statements.statement(month).map_err(too_large)?;
        let kept = self.statements.kept(month);
        let root = kept.map(|kept| &kept.root);
        let page = Page::new(self, &month.to_string()).statement(&statement, root);
        let mut document = Document {
            title: format!("{} {month} 对账单 statement", self.grower),
            facts: self.facts(month.to_string()),
            tables: vec![
                self.lines(&statement),
                self.rows(&statement)?,
                sums(&statement),
                debts(&statement),
            ],
            text: Some(page),
            ..Document::default()
        };
        document.json.insert("closed".to_owned(), json!(kept.is_some()));
        let root = kept.map(|kept| hex::encode(kept.root));
        document.json.insert("root".to_owned(), json!(root));
        Ok(document)
    }

    /// The slips' lines.
    fn lines(&self, statement: &Statement) -> Table {
        let mut table = Table::new(
            "lines",
            [
                Column::text("slip", "单号 slip"),
                Column::date("date", "日期 date"),
                Column::text("late", "跨月补记 late"),
                Column::number("entity", "主体 entity"),
                Column::text("product", "品名 product"),
                Column::text("grade", "等级 grade"),
                Column::grams("gross", "毛重 gross kg"),
                Column::grams("net", "净重 net kg"),
                Column::text("deductions", "扣重 deductions"),
                Column::grams("settlement", "结算 settled kg"),
                Column::text("prices", "单价 prices"),
                Column::fen("amount", "金额 ¥"),
            ],
        );
        for slip in &statement.slips {
            for line in &slip.lines {
                table.row(cells![
                    slip.id,
                    slip.date,
                    if slip.late { "是 yes" } else { "" },
                    slip.entity,
                    self.products.name(line.product),
                    line.grade.to_string(),
                    line.gross,
                    line.net,
                    page::deductions(line),
                    line.settlement,
                    page::prices(line),
                    line.amount,
                ]);
            }
        }
        table
    }

    /// What else moved what is owed: payouts, returns, corrections, repayments.
    fn rows(&self, statement: &Statement) -> Result<Table, Failure> {
        let mut table = Table::new(
            "movements",
            [
                Column::text("entry", "编号 entry"),
                Column::date("date", "日期 date"),
                Column::text("kind", "事项 what"),
                Column::fen("payable_change", "应付变动 change of what is owed ¥").summed(),
            ],
        );
        for row in &statement.rows {
            let change = payable_change(row).map_err(too_large)?;
            table.row(cells![row.id, row.date, kind(row), change]);
        }
        Ok(table)
    }
}

/// The word of a row's kind.
fn kind(row: &Posted) -> Cell {
    Cell::coded(row.kind_name(), kind_zh(courtyard_core::domain::Kind::from_number(row.kind)))
}

/// How much more is owed to the grower by this row; negative if less.
fn payable_change(row: &Posted) -> Result<courtyard_core::domain::Fen, UnitError> {
    let mut change = courtyard_core::domain::Fen::ZERO;
    for posting in &row.postings {
        if matches!(posting.credit, Account::Payable { .. }) {
            change = change.plus(posting.amount)?;
        }
        if matches!(posting.debit, Account::Payable { .. }) {
            change = change.minus(posting.amount)?;
        }
    }
    Ok(change)
}

/// What each entity's month came to.
fn sums(statement: &Statement) -> Table {
    let mut table = Table::new(
        "sums",
        [
            Column::number("entity", "主体 entity"),
            Column::fen("bought", "收购 bought ¥"),
            Column::fen("corrected", "更正 corrected ¥"),
            Column::fen("paid", "已付 paid ¥"),
            Column::fen("repaid", "扣还 repaid ¥"),
            Column::fen("unpaid", "未付 unpaid ¥"),
            Column::fen("estimated", "暂估 estimated ¥"),
        ],
    );
    for sum in &statement.sums {
        table.row(cells![
            sum.entity,
            sum.bought,
            sum.corrected,
            sum.paid,
            sum.repaid,
            sum.unpaid,
            sum.estimated,
        ]);
    }
    table
}

/// Debts that are open or moved.
fn debts(statement: &Statement) -> Table {
    let mut table = Table::new(
        "debts",
        [
            Column::text("debt", "编号 debt"),
            Column::number("entity", "主体 entity"),
            Column::text("kind", "类型 kind"),
            Column::fen("amount", "金额 ¥"),
            Column::fen("left", "尚欠 left ¥"),
            Column::date("due", "到期 due"),
        ],
    );
    for debt in &statement.debts {
        let (code, words) = page::debt_words(debt.kind);
        table.row(cells![
            debt.id,
            debt.entity,
            Cell::coded(code, words),
            debt.amount,
            debt.left,
            debt.due,
        ]);
    }
    table
}
