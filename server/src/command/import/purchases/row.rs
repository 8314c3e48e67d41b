//! A row of a paper day, read: one line of one slip.

use courtyard_core::domain::check::Limits;
use courtyard_core::domain::slip::{
    Deduction, DeductionAmount, Line, LineMarks, PriceReason, Segment,
};
use courtyard_core::domain::units::ExactAmount;
use courtyard_core::domain::{BusinessDate, Fen, Grams, GrowerId, LiPerKg, VillageNo};

use super::{
    AMOUNT, DATE, DEDUCTED, Directory, GRADE, GROSS, GROWER, NET, PAID, PRICE, PRODUCT, SLIP, TARE,
    VILLAGE,
};
use crate::command::import::Bad;
use crate::command::import::goods::grade;
use crate::command::import::sheet::{Row, Sheet};
use crate::command::import::values::{date_of, price_of, unreadable, weighing_of, weight_of};

/// What makes rows one slip: where, when, whose, and the number of the paper.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Group {
    pub(super) village: VillageNo,
    pub(super) date: BusinessDate,
    pub(super) grower: GrowerId,
    pub(super) paper: String,
}

/// A line as the paper has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bought {
    pub(super) at: u64,
    pub(super) line: Line,
    /// What the paper says was paid for it.
    pub(super) paid: Fen,
}

/// Which slip a row belongs to.
pub(super) fn group(
    row: &Row,
    directory: &Directory,
    village: Option<VillageNo>,
) -> Result<Group, Bad> {
    let village = match (row.cell(VILLAGE), village) {
        ("", Some(village)) => village,
        ("", None) => {
            return Err(Bad::new(
                row.line,
                "没有写村，请填写，或用 --village 写明。",
                "There is no village. Fill it in, or say it with --village.",
            ));
        }
        (asked, _) => directory.village(row.line, asked)?,
    };
    Ok(Group {
        village,
        date: date_of(row, DATE)?,
        grower: directory.grower(row.line, village, row.cell(GROWER))?,
        paper: row.cell(SLIP).to_owned(),
    })
}

/// The line of a row. Its amount, if the paper has one, must be weight × price.
pub(super) fn bought(
    row: &Row,
    sheet: &Sheet,
    directory: &Directory,
    limits: &Limits,
) -> Result<Bought, Bad> {
    let bad = |zh: String, en: String| Bad::new(row.line, zh, en);
    let product = directory.goods.find(row.line, row.cell(PRODUCT))?;
    let grade = grade(row.line, row.cell(GRADE), Some(product))?.unwrap_or_default();
    let weighing = weighing_of(row, sheet, GROSS, TARE, NET)?;
    if let Some(rule) = weighing.fault(limits) {
        return Err(Bad::new(row.line, rule.zh, rule.en));
    }
    let deducted = weight_of(row, sheet, DEDUCTED)?.unwrap_or_default();
    let net = weighing.net().map_err(unreadable(row.line))?;
    let settlement = net.minus(deducted).map_err(unreadable(row.line))?;
    if settlement <= Grams::ZERO {
        return Err(bad(
            format!("扣重 {} 不小于净重 {}，请核对。", deducted.kg(), net.kg()),
            format!("The deduction {} is not below the net {}.", deducted.kg(), net.kg()),
        ));
    }
    let price = price_of(row, sheet, PRICE)?.ok_or_else(|| {
        bad("没有单价，请填写。".to_owned(), "There is no price. Fill it in.".to_owned())
    })?;
    let amount = ExactAmount::of(settlement, price).to_fen().map_err(unreadable(row.line))?;
    agree(row, settlement, price, amount)?;
    let reason = "纸单扣重".to_owned();
    let deductions = if deducted == Grams::ZERO {
        Vec::new()
    } else {
        vec![Deduction { amount: DeductionAmount::Weight(deducted), reason }]
    };
    let line = Line {
        product: product.number,
        grade,
        weighings: vec![weighing],
        deductions,
        segments: vec![Segment { weight: settlement, price, reason: PriceReason::Stated }],
        amount,
        contract: None,
        marks: LineMarks { unwithheld: product.grain_or_oil, ..LineMarks::default() },
    };
    Ok(Bought { at: row.line, line, paid: paid(row, amount)? })
}

/// The amount on the paper, if it has one, is weight × price; else both numbers are named.
fn agree(row: &Row, settlement: Grams, price: LiPerKg, amount: Fen) -> Result<(), Bad> {
    let text = row.cell(AMOUNT);
    if text.is_empty() {
        return Ok(());
    }
    let given: Fen = text.parse().map_err(unreadable(row.line))?;
    if given == amount {
        return Ok(());
    }
    let (given, amount) = (given.text(), amount.text());
    let (weight, price) = (settlement.kg(), price.per_kg_number());
    Err(Bad::new(
        row.line,
        format!("金额 {given} 与 {weight} × {price} 元/kg = {amount} 不符，请核对纸单。"),
        format!("The amount {given} is not {weight} × ¥{price}/kg = {amount}. Check the paper."),
    ))
}

/// What was paid of a line: all of it, nothing, or a sum.
fn paid(row: &Row, amount: Fen) -> Result<Fen, Bad> {
    let paid = match row.cell(PAID).to_lowercase().as_str() {
        "" | "否" | "未付" | "no" | "false" => Fen::ZERO,
        "是" | "已付" | "yes" | "true" => amount,
        text => text.parse().map_err(unreadable(row.line))?,
    };
    if paid < Fen::ZERO || paid > amount {
        return Err(Bad::new(
            row.line,
            format!("已付 {} 超过金额 {}，请核对。", paid.text(), amount.text()),
            format!("The paid {} is beyond the amount {}.", paid.text(), amount.text()),
        ));
    }
    Ok(paid)
}
