//! `import growers`: households into the registers of their villages, by the office.
//!
//! A row that was imported before is known by its mark in the register, whatever was edited there
//! since. Else a household is the same if village, name (any it ever had), group and phone agree.

use std::collections::BTreeMap;

use courtyard_core::document::Value;
use courtyard_core::document::register::keys::{IMPORT, PHONE, grower_flag_key, grower_key};
use courtyard_core::domain::{GrowerId, VillageNo};
use courtyard_core::ledger::Published;
use serde::Serialize;

use super::outcome::{Counts, Outcome, Words, count};
use super::sheet::{Column, Sheet};
use super::{Bad, Context};
use crate::command::Failure;
use crate::command::place::{failure, find_village};
use crate::log::{LogError, Transaction};
use crate::node::Node;
use crate::office::Office;
use crate::office::OfficeError;
use crate::office::published::published;

mod households;
mod opening;
mod row;

pub(super) use households::Households;
pub(super) use opening::Opening;
use opening::Openings;
use row::{Wanted, wanted};

const COLUMNS: &[Column] = &[
    Column::needed("village", &["村"]),
    Column::needed("name", &["姓名", "户主"]),
    Column::optional("group", &["组", "小组"]),
    Column::optional("phone", &["电话", "手机"]),
    Column::optional("flag", &["标记", "类型"]),
    Column::optional("opening_payable", &["期初应付"]),
    Column::optional("opening_prepaid", &["期初预付"]),
    Column::optional("opening_credit", &["期初赊销"]),
];
const VILLAGE: usize = 0;
/// The first of the opening balances.
const OPENING: usize = 5;

/// What became of the growers of a file.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Imported {
    #[serde(flatten)]
    counts: Counts,
    /// The households that were added, with the numbers they were given.
    growers: Vec<Added>,
    opening: Openings,
}

impl Words for Imported {
    fn words(&self) -> (String, String) {
        let (mut zh, mut en) = self.counts.words();
        let Openings { added, unchanged, amount_fen } = &self.opening;
        if *added > 0 || *unchanged > 0 {
            let amount = amount_fen.text();
            zh.push_str(&format!("；期初余额 {added} 笔 {amount}，不变 {unchanged}"));
            en.push_str(&format!("; {added} opening balances, {amount}, {unchanged} unchanged"));
        }
        (zh, en)
    }
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Added {
    line: u64,
    grower: String,
    village: u16,
    name: String,
}

/// Edits the registers in one transaction, then writes opening balances in another: each may be
/// repeated.
pub(super) fn import(
    node: &mut Node,
    bytes: &[u8],
    context: &Context,
    opening: &Opening<'_>,
) -> Result<Outcome<Imported>, Failure> {
    let sheet = Sheet::read(bytes, COLUMNS, &context.options)?;
    let asked = opening::asked(&sheet, opening)?;
    let mut imported = register(node, &sheet, context)?;
    if let Some(asked) = asked {
        opening::write(node, &sheet, context, asked, opening, &mut imported)?;
    }
    Ok(imported.sorted())
}

/// The households of a file.
fn register(
    node: &mut Node,
    sheet: &Sheet,
    context: &Context,
) -> Result<Outcome<Imported>, Failure> {
    node.act(|office, tx, now_ms, _| {
        let mut imported: Outcome<Imported> = Outcome::of(sheet, context);
        let villages = read(sheet, &published(tx.reads())?, &mut imported.bad);
        let mut edited = false;
        for (village, rows) in &villages {
            let assignments = plan(tx, *village, rows, &mut imported)?;
            if !context.dry_run && !assignments.is_empty() {
                edit(office, tx, *village, assignments, now_ms)?;
                edited = true;
            }
        }
        if edited {
            office.user_act(tx, "command line", "growers.import", &context.file, now_ms)?;
        }
        Ok(imported)
    })
    .map_err(failure)
}

fn read<'s>(
    sheet: &'s Sheet,
    published: &Published,
    bad: &mut Vec<Bad>,
) -> BTreeMap<VillageNo, Vec<Wanted<'s>>> {
    let mut villages: BTreeMap<VillageNo, Vec<Wanted<'_>>> = BTreeMap::new();
    for row in &sheet.rows {
        let asked = row.cell(VILLAGE);
        let Some(village) = find_village(published, asked) else {
            bad.push(Bad::new(
                row.line,
                format!("没有“{asked}”这个村，请先用 admin village add 新增。"),
                format!("There is no village {asked:?}. Add it first with admin village add."),
            ));
            continue;
        };
        match wanted(row) {
            Ok(wanted) => villages.entry(village).or_default().push(wanted),
            Err(row) => bad.push(row),
        }
    }
    villages
}

/// What to assign, a set for each household.
fn plan(
    tx: &dyn Transaction,
    village: VillageNo,
    rows: &[Wanted<'_>],
    imported: &mut Outcome<Imported>,
) -> Result<Vec<Vec<(String, Value)>>, OfficeError> {
    let mut known = Households::read(tx.reads(), village)?;
    let device = tx
        .office_device(Some(village))?
        .ok_or_else(|| LogError::Corrupt(format!("village {village} has no office device")))?
        .number();
    let mut counter = known.last_counter(device);
    let mut all = Vec::new();
    for row in rows {
        let mark = row.mark();
        if known.is_marked(&mark) {
            count(&mut imported.found.counts.unchanged);
            continue;
        }
        match known.find(row.name, row.group, &row.phone) {
            Ok(Some(same)) => {
                let mut assignments =
                    vec![(grower_key(same.id, &format!("{IMPORT}/{mark}")), Value::Bool(true))];
                if same.phone.is_empty() && !row.phone.is_empty() {
                    assignments.push((grower_key(same.id, PHONE), row.phone.as_str().into()));
                }
                for flag in row.flags.iter().filter(|flag| !same.flags.iter().any(|f| f == *flag)) {
                    assignments.push((grower_flag_key(same.id, flag), Value::Bool(true)));
                }
                let completed = assignments.len() > 1;
                let counts = &mut imported.found.counts;
                count(if completed { &mut counts.changed } else { &mut counts.unchanged });
                known.take(same.id, row.household(same.id), mark);
                all.push(assignments);
            }
            Ok(None) => {
                counter = counter.saturating_add(1);
                let id = GrowerId::new(device, counter);
                count(&mut imported.found.counts.added);
                imported.found.growers.push(Added {
                    line: row.line,
                    grower: id.to_string(),
                    village: village.get(),
                    name: row.name.to_owned(),
                });
                all.push(row.assignments(id, &mark));
                known.take(id, row.household(id), mark);
            }
            Err(other) => imported.bad.push(Bad::new(
                row.line,
                format!(
                    "名册里 {} 同组同名，电话不同。没有改动；是同一户请在名册里改电话，不是请另写小组。",
                    other
                ),
                format!(
                    "{other} of the same name and group has another phone number. Nothing was \
                     changed: correct the phone there, or tell the two apart by group."
                ),
            )),
        }
    }
    Ok(all)
}

/// Assignments of one edit, and bytes of edits that are signed and sent together: far below what
/// the wire takes.
const PER_EDIT: usize = 100;
const BATCH_BYTES: usize = 96 << 10;

fn edit(
    office: &mut Office,
    tx: &mut dyn Transaction,
    village: VillageNo,
    households: Vec<Vec<(String, Value)>>,
    now_ms: i64,
) -> Result<(), OfficeError> {
    let (mut edits, mut bytes) = (Vec::new(), 0_usize);
    let mut edit: Vec<(String, Value)> = Vec::new();
    for household in households {
        if edit.len().saturating_add(household.len()) > PER_EDIT {
            edits.push(std::mem::take(&mut edit));
            if bytes > BATCH_BYTES {
                office.edit_register(tx, village, std::mem::take(&mut edits), now_ms)?;
                bytes = 0;
            }
        }
        for (key, value) in &household {
            let value = value.as_text().map_or(1, str::len);
            bytes = bytes.saturating_add(key.len()).saturating_add(value).saturating_add(8);
        }
        edit.extend(household);
    }
    if !edit.is_empty() {
        edits.push(edit);
    }
    office.edit_register(tx, village, edits, now_ms)
}

#[cfg(test)]
mod tests;
