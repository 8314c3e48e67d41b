//! `import purchases`: slips of days on which the village wrote on paper (手工补录), written by the
//! village's office in the name of the user who enters them.
//!
//! Rows of one village, day, grower and paper number are one slip. A slip with a bad row is left
//! out whole, so that correcting the row later does not make half a slip and then another.

use std::collections::{BTreeMap, BTreeSet};

use courtyard_core::domain::check::Limits;
use courtyard_core::domain::payout::{Allocation, Payout};
use courtyard_core::domain::{Body, BusinessDate, EntryId, Fen, Grams, OperatorNo, VillageNo};
use serde::Serialize;

use super::outcome::{Outcome, Words, count};
use super::sheet::{Column, Sheet};
use super::values::Units;
use super::{Bad, Context};
use crate::command::Failure;
use crate::command::place::{failure, find_village};
use crate::deed::{Deed, On};
use crate::log::{LogError, Reads};
use crate::node::Node;
use crate::office::OfficeError;
use crate::office::acting::Role;
use crate::office::error::CommandError;
use crate::office::publish::Stamp;

mod directory;
mod paper;
mod row;

use directory::{Directory, payer};
use paper::{Paper, known, slips_of};
use row::{Bought, Group};

const COLUMNS: &[Column] = &[
    Column::optional("village", &["村"]),
    Column::needed("date", &["日期"]),
    Column::needed("grower", &["household", "农户", "户主", "姓名"]),
    Column::needed("product", &["code", "item_code", "品名", "编码", "货号"]),
    Column::optional("grade", &["等级"]),
    Column::optional("gross", &["gross_kg", "毛重"]),
    Column::optional("gross_jin", &["毛重斤"]),
    Column::optional("tare", &["tare_kg", "皮重"]),
    Column::optional("tare_jin", &["皮重斤"]),
    Column::optional("net", &["net_kg", "kg", "净重", "重量"]),
    Column::optional("net_jin", &["净重斤"]),
    Column::optional("deducted", &["deducted_kg", "扣重"]),
    Column::optional("deducted_jin", &["扣重斤"]),
    Column::optional("price", &["单价", "价格"]),
    Column::optional("yuan_per_kg", &["元/公斤", "元/kg"]),
    Column::optional("yuan_per_jin", &["元/斤"]),
    Column::optional("amount", &["金额"]),
    Column::optional("paid", &["已付"]),
    Column::optional("slip", &["单号", "票号"]),
];
const VILLAGE: usize = 0;
const DATE: usize = 1;
const GROWER: usize = 2;
const PRODUCT: usize = 3;
const GRADE: usize = 4;
const GROSS: &Units = &[(5, ""), (6, "jin")];
const TARE: &Units = &[(7, ""), (8, "jin")];
const NET: &Units = &[(9, ""), (10, "jin")];
const DEDUCTED: &Units = &[(11, ""), (12, "jin")];
const PRICE: &Units = &[(13, ""), (14, "/kg"), (15, "/jin")];
const AMOUNT: usize = 16;
const PAID: usize = 17;
const SLIP: usize = 18;

/// Who enters the file, and what it does not say.
pub(super) struct Entered<'a> {
    pub(super) by: &'a str,
    pub(super) village: Option<&'a str>,
    pub(super) paid_by: Option<&'a str>,
}

/// What became of the paper slips of a file.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Imported {
    added: usize,
    unchanged: usize,
    net_g: Grams,
    amount_fen: Fen,
    paid_fen: Fen,
    /// The slips that were entered, with their numbers.
    slips: Vec<Added>,
    /// What the paper says was paid, and nobody was named who paid it: to be recorded by whoever
    /// did.
    paid_on_paper: Vec<Unrecorded>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Added {
    /// The first of its lines in the file.
    line: u64,
    /// None in a dry run.
    slip: Option<String>,
    grower: String,
    date: String,
    amount_fen: Fen,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Unrecorded {
    line: u64,
    grower: String,
    paid_fen: Fen,
}

impl Words for Imported {
    fn words(&self) -> (String, String) {
        let Imported { added, unchanged, .. } = self;
        let (weight, amount, paid) =
            (self.net_g.kg(), self.amount_fen.text(), self.paid_fen.text());
        let waiting = self.paid_on_paper.len();
        let (zh, en) = if waiting == 0 {
            (String::new(), String::new())
        } else {
            (
                format!("；{waiting} 单纸上已付而未记付款，请加 --paid-by 或另行记录"),
                format!("; {waiting} paid on paper and not recorded, see --paid-by"),
            )
        };
        (
            format!("补录 {added} 单（{weight}，{amount}，已付 {paid}），不变 {unchanged}{zh}"),
            format!("{added} slips ({weight}, {amount}, {paid} paid), {unchanged} unchanged{en}"),
        )
    }
}

/// Writes what is new, in one transaction.
pub(super) fn import(
    node: &mut Node,
    bytes: &[u8],
    context: &Context,
    entered: &Entered<'_>,
) -> Result<Outcome<Imported>, Failure> {
    let sheet = Sheet::read(bytes, COLUMNS, &context.options)?;
    node.act_as(entered.by, Role::CLERKS, |deed| {
        let directory = Directory::read(deed.reads())?;
        let mut imported: Outcome<Imported> = Outcome::of(&sheet, context);
        let village = match entered.village {
            Some(asked) => Some(find_village(&directory.published, asked).ok_or_else(|| {
                CommandError::said(
                    format!("没有“{asked}”这个村。没有导入。"),
                    format!("There is no village {asked:?}. Nothing was imported."),
                )
            })?),
            None => None,
        };
        let payer = entered.paid_by.map(|asked| payer(&directory.published, asked)).transpose()?;
        let groups = read(&sheet, &directory, village, &mut imported.bad);
        let papers = slips_of(groups, &mut imported.bad);
        let new = new_ones(deed.reads(), papers, &mut imported)?;
        for paper in &new {
            tell(paper, payer, &mut imported.found)?;
        }
        if !context.dry_run {
            write(deed, &directory, &new, payer, &mut imported.found)?;
            if !new.is_empty() {
                deed.note("purchases.import", &context.file)?;
            }
        }
        Ok(imported.sorted())
    })
    .map_err(failure)
}

type Groups = BTreeMap<Group, Result<Vec<Bought>, Vec<u64>>>;

/// The rows by slip. A slip with a bad row has the lines of its good rows instead.
fn read(
    sheet: &Sheet,
    directory: &Directory,
    village: Option<VillageNo>,
    bad: &mut Vec<Bad>,
) -> Groups {
    let limits = Limits::of(&directory.published.rules());
    let mut groups = Groups::new();
    for row in &sheet.rows {
        let group = match row::group(row, directory, village) {
            Ok(group) => group,
            Err(row) => {
                bad.push(row);
                continue;
            }
        };
        let lines = groups.entry(group).or_insert_with(|| Ok(Vec::new()));
        match (row::bought(row, sheet, directory, &limits), &mut *lines) {
            (Ok(bought), Ok(good)) => good.push(bought),
            (Ok(bought), Err(good)) => good.push(bought.at),
            (Err(row), lines) => {
                bad.push(row);
                if let Ok(good) = lines {
                    *lines = Err(good.iter().map(|bought| bought.at).collect());
                }
            }
        }
    }
    groups
}

/// The slips that are not entered yet. Of a grower and day that has other paper slips already,
/// nothing is entered: nobody but a person can tell which is right.
fn new_ones(
    reads: &dyn Reads,
    papers: Vec<Paper>,
    imported: &mut Outcome<Imported>,
) -> Result<Vec<Paper>, LogError> {
    let villages: BTreeSet<VillageNo> = papers.iter().map(|paper| paper.group.village).collect();
    let mut entered = BTreeMap::new();
    for village in villages {
        known(reads, village, &mut entered)?;
    }
    let mut new: Vec<Paper> = Vec::new();
    for paper in papers {
        let same = entered.get_mut(&(paper.group.grower, paper.group.date));
        let place =
            same.as_ref().and_then(|slips| slips.iter().position(|(_, s)| *s == paper.slip.lines));
        match (same, place) {
            (Some(slips), Some(place)) => {
                slips.remove(place);
                count(&mut imported.found.unchanged);
            }
            _ => new.push(paper),
        }
    }
    new.retain(|paper| {
        let other = entered.get(&(paper.group.grower, paper.group.date)).and_then(|s| s.first());
        let Some((id, _)) = other else { return true };
        imported.bad.extend(paper.lines.iter().map(|line| {
            Bad::new(
                *line,
                format!("这户当天已有补录单 {id}，内容不同，没有补录。请核对；录错的先作废，再分开录入。"),
                format!(
                    "The grower has the paper slip {id} of that day already, which differs. Check \
                     them; void the wrong one first."
                ),
            )
        }));
        false
    });
    Ok(new)
}

/// Adds a slip to what is told.
fn tell(paper: &Paper, payer: Option<OperatorNo>, found: &mut Imported) -> Result<(), OfficeError> {
    let large = |error: courtyard_core::domain::UnitError| {
        CommandError::said(error.zh(), error.to_string())
    };
    let amount = paper.slip.amount().map_err(large)?;
    let line = paper.lines.first().copied().unwrap_or_default();
    found.net_g = found.net_g.plus(paper.slip.net().map_err(large)?).map_err(large)?;
    found.amount_fen = found.amount_fen.plus(amount).map_err(large)?;
    count(&mut found.added);
    let grower = paper.group.grower.to_string();
    if paper.paid > Fen::ZERO && payer.is_none() {
        let grower = grower.clone();
        found.paid_on_paper.push(Unrecorded { line, grower, paid_fen: paper.paid });
    } else {
        found.paid_fen = found.paid_fen.plus(paper.paid).map_err(large)?;
    }
    let date = paper.group.date.to_string();
    found.slips.push(Added { line, slip: None, grower, date, amount_fen: amount });
    Ok(())
}

/// Writes the slips day by day, then what was paid of them.
fn write(
    deed: &mut Deed<'_>,
    directory: &Directory,
    new: &[Paper],
    payer: Option<OperatorNo>,
    found: &mut Imported,
) -> Result<(), OfficeError> {
    let mut days: BTreeMap<(VillageNo, BusinessDate), Vec<usize>> = BTreeMap::new();
    for (number, paper) in new.iter().enumerate() {
        days.entry((paper.group.village, paper.group.date)).or_default().push(number);
    }
    for ((village, date), numbers) in days {
        let entity = directory.published.village(village).map(|v| v.entity).unwrap_or_default();
        let papers: Vec<&Paper> = numbers.iter().filter_map(|number| new.get(*number)).collect();
        let bodies: Vec<Body> = papers.iter().map(|paper| Body::from(paper.slip.clone())).collect();
        let on = On { village: Some(village), entity, date: Some(date) };
        let ids = deed.write(on, &bodies)?;
        for (number, id) in numbers.iter().zip(&ids) {
            if let Some(added) = found.slips.get_mut(*number) {
                added.slip = Some(id.to_string());
            }
        }
        let Some(operator) = payer else { continue };
        let payouts: Vec<Body> =
            papers.iter().zip(&ids).filter_map(|(paper, id)| payout(paper, *id)).collect();
        // The cash left this person's float; the list of acts says who entered it.
        let stamp = Stamp { date, entity, operator, ..Stamp::today(deed.now_ms) };
        for id in deed.office.publish(deed.tx, Some(village), &payouts, stamp)? {
            deed.note("payout", &id.to_string())?;
        }
    }
    Ok(())
}

fn payout(paper: &Paper, slip: EntryId) -> Option<Body> {
    (paper.paid > Fen::ZERO).then(|| {
        Payout {
            grower: paper.group.grower,
            cash: paper.paid,
            allocations: vec![Allocation { slip, amount: paper.paid }],
            rounding: Fen::ZERO,
            repayments: Vec::new(),
            recipient: Default::default(),
        }
        .into()
    })
}

#[cfg(test)]
mod tests;
