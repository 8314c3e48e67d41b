//! Opening balances of households: what is owed to them (期初应付), what they were paid ahead (期初预付)
//! and what they took on credit (期初赊销), as entries of the village's office at the opening date.
//!
//! What is owed to a grower comes from purchases: it is a paper slip of one line of a product that
//! the district keeps for it, dated before the season, so that no later month's purchases hold it.
//! Debts count at once; a slip repays them only when the grower has confirmed them.

use std::collections::BTreeMap;

use courtyard_core::domain::debt::{
    Creditor, DebtTerms, InputCredit, InputItem, Prepayment, Purse,
};
use courtyard_core::domain::slip::{
    Line, LineMarks, PriceReason, Segment, Slip, Source, Visit, Weighing,
};
use courtyard_core::domain::{
    Body, BusinessDate, EntityNo, EntryId, Fen, Grade, Grams, GrowerId, LiPerKg, ProductNo,
    VillageNo,
};
use courtyard_core::ledger::Published;
use serde::Serialize;

use super::households::Households;
use super::row::wanted;
use super::{Imported, OPENING, VILLAGE};
use crate::command::Failure;
use crate::command::import::goods::Goods;
use crate::command::import::outcome::{Outcome, count};
use crate::command::import::sheet::{Row, Sheet};
use crate::command::import::values::unreadable;
use crate::command::import::{Bad, Context, written};
use crate::command::place::{failure, find_village};
use crate::deed::On;
use crate::log::{LogError, Reads};
use crate::node::Node;
use crate::office::acting::Role;
use crate::office::error::CommandError;
use crate::office::published::published;

/// What stands on an input credit that only opens an account.
const ITEM: &str = "期初赊销";

/// Who enters opening balances, and what the file does not say.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::command::import) struct Opening<'a> {
    pub(in crate::command::import) by: Option<&'a str>,
    pub(in crate::command::import) date: Option<BusinessDate>,
    pub(in crate::command::import) product: Option<&'a str>,
    pub(in crate::command::import) due: Option<BusinessDate>,
}

/// What became of opening balances.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(in crate::command::import) struct Openings {
    pub(super) added: usize,
    pub(super) unchanged: usize,
    pub(super) amount_fen: Fen,
}

/// The three balances, by their columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Balance {
    Payable,
    Prepaid,
    Credit,
}

const BALANCES: [(usize, Balance); 3] =
    [(OPENING, Balance::Payable), (OPENING + 1, Balance::Prepaid), (OPENING + 2, Balance::Credit)];

/// Who writes them and when; none if the file has no opening balance.
pub(super) fn asked<'a>(
    sheet: &Sheet,
    opening: &Opening<'a>,
) -> Result<Option<(&'a str, BusinessDate)>, Failure> {
    let some = |row: &Row| BALANCES.iter().any(|(column, _)| !row.cell(*column).is_empty());
    if !sheet.rows.iter().any(some) {
        return Ok(None);
    }
    match (opening.by, opening.date) {
        (Some(by), Some(date)) => Ok(Some((by, date))),
        _ => Err(Failure::words(
            "文件里有期初余额：请用 --by 写明经办，用 --opening-date 写明期初日期。没有导入。",
            "The file has opening balances: say who enters them with --by and their day with \
             --opening-date. Nothing was imported.",
        )),
    }
}

/// Writes those that are not there, in one transaction.
pub(super) fn write(
    node: &mut Node,
    sheet: &Sheet,
    context: &Context,
    (by, date): (&str, BusinessDate),
    opening: &Opening<'_>,
    imported: &mut Outcome<Imported>,
) -> Result<(), Failure> {
    let bad = &mut imported.bad;
    let found = &mut imported.found.opening;
    node.act_as(by, Role::CLERKS, |deed| {
        let published = published(deed.reads())?;
        let terms = DebtTerms {
            due: opening.due.unwrap_or(date),
            share: published.rules().bookkeeping.repayment_share,
        };
        let product = opening.product.map(|text| product(&published, text)).transpose()?;
        let mut villages: BTreeMap<VillageNo, Vec<Body>> = BTreeMap::new();
        let mut households: BTreeMap<VillageNo, (Households, Known)> = BTreeMap::new();
        for row in &sheet.rows {
            let Some(village) = find_village(&published, row.cell(VILLAGE)) else { continue };
            let Ok(wanted) = wanted(row) else { continue };
            if let std::collections::btree_map::Entry::Vacant(place) = households.entry(village) {
                let known = known(deed.reads(), village, date)?;
                place.insert((Households::read(deed.reads(), village)?, known));
            }
            let Some((register, known)) = households.get(&village) else { continue };
            // A dry run has not added the household; then nothing of it is known either.
            let same = register.find(wanted.name, wanted.group, &wanted.phone);
            let grower = same.ok().flatten().map(|household| household.id);
            for (column, balance) in BALANCES {
                match amount(row, column, balance, product) {
                    Ok(None) => {}
                    Ok(Some(amount)) => {
                        match grower.and_then(|grower| known.get(&(grower, balance))) {
                            Some((_, stands)) if *stands == amount => count(&mut found.unchanged),
                            Some((id, stands)) => bad.push(other(row.line, *id, *stands, amount)),
                            None => {
                                count(&mut found.added);
                                found.amount_fen =
                                    found.amount_fen.plus(amount).unwrap_or_default();
                                if let Some(grower) = grower {
                                    let body = body(grower, balance, amount, terms, product);
                                    villages.entry(village).or_default().push(body);
                                }
                            }
                        }
                    }
                    Err(row) => bad.push(row),
                }
            }
        }
        if context.dry_run {
            return Ok(());
        }
        for (village, bodies) in villages {
            let entity = published.village(village).map_or(EntityNo::default(), |v| v.entity);
            deed.write(On { village: Some(village), entity, date: Some(date) }, &bodies)?;
        }
        Ok(())
    })
    .map_err(failure)
}

fn product(published: &Published, text: &str) -> Result<ProductNo, CommandError> {
    let goods = Goods::of(published.products().cloned());
    goods
        .find(0, text)
        .map(|product| product.number)
        .map_err(|bad| CommandError::said(bad.zh, bad.en))
}

fn amount(
    row: &Row,
    column: usize,
    balance: Balance,
    product: Option<ProductNo>,
) -> Result<Option<Fen>, Bad> {
    let text = row.cell(column);
    if text.is_empty() {
        return Ok(None);
    }
    let amount: Fen = text.parse().map_err(unreadable(row.line))?;
    if amount == Fen::ZERO {
        return Ok(None);
    }
    if balance == Balance::Payable && product.is_none() {
        return Err(Bad::new(
            row.line,
            "期初应付要记在一个专用品名上，请先导入该品名，再用 --opening-product 写明。",
            "What is owed needs a product of its own: import it, then say it with \
             --opening-product.",
        ));
    }
    Ok(Some(amount))
}

fn body(
    grower: GrowerId,
    balance: Balance,
    amount: Fen,
    terms: DebtTerms,
    product: Option<ProductNo>,
) -> Body {
    match balance {
        Balance::Prepaid => {
            Prepayment { grower, contract: None, amount, terms, purse: Purse::Bank }.into()
        }
        Balance::Credit => {
            let item = InputItem {
                name: ITEM.to_owned(),
                quantity_milli: 1_000,
                unit: "笔".to_owned(),
                price: amount,
                amount,
            };
            let creditor = Creditor::Entity;
            InputCredit { grower, contract: None, items: vec![item], creditor, terms }.into()
        }
        Balance::Payable => {
            // One kilogram at the balance: 1 fen is 10 li.
            let weight = Grams::new(1_000);
            let price = LiPerKg::new(amount.get().saturating_mul(10));
            let line = Line {
                product: product.unwrap_or_default(),
                grade: Grade::default(),
                weighings: vec![Weighing { gross: weight, tare: Grams::ZERO }],
                deductions: Vec::new(),
                segments: vec![Segment { weight, price, reason: PriceReason::Stated }],
                amount,
                contract: None,
                marks: LineMarks::default(),
            };
            let visit = Visit { source: Source::Paper, ..Visit::default() };
            Slip { grower, lines: vec![line], price_list: None, visit }.into()
        }
    }
}

type Known = BTreeMap<(GrowerId, Balance), (EntryId, Fen)>;

/// Opening balances of this day that the village's office wrote before.
fn known(reads: &dyn Reads, village: VillageNo, date: BusinessDate) -> Result<Known, LogError> {
    let mut known = Known::new();
    written::each(reads, village, |id, entry| {
        if entry.envelope.date == date
            && let Some((grower, balance, amount)) = balance_of(&entry.body)
        {
            known.insert((grower, balance), (id, amount));
        }
    })?;
    Ok(known)
}

fn balance_of(body: &Body) -> Option<(GrowerId, Balance, Fen)> {
    match body {
        Body::Prepayment(p) => {
            p.contract.is_none().then_some((p.grower, Balance::Prepaid, p.amount))
        }
        Body::InputCredit(credit) => match credit.items.as_slice() {
            [item] if item.name == ITEM => Some((credit.grower, Balance::Credit, item.amount)),
            _ => None,
        },
        Body::Slip(slip) if slip.visit.source == Source::Paper => {
            Some((slip.grower, Balance::Payable, slip.amount().ok()?))
        }
        _ => None,
    }
}

fn other(line: u64, id: EntryId, stands: Fen, amount: Fen) -> Bad {
    let (stands, amount) = (stands.text(), amount.text());
    Bad::new(
        line,
        format!("已有期初余额 {id} 为 {stands}，文件为 {amount}，没有改动。录错的请先作废再导入。"),
        format!(
            "The opening balance {id} is {stands}, the file has {amount}. Nothing was changed; void the wrong one first."
        ),
    )
}
