//! `report invoices`: the lines of a month of which a purchase invoice (收购发票) may be made, with the
//! seller's data; and what may not be invoiced, with the reason.
//!
//! ID numbers are opened only for the sellers on the list and only for who may see them; each stands
//! in the audit. Anybody else reads the last four characters.

mod found;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use courtyard_core::domain::{BusinessDate, Fen, GrowerId, LiPerKg, Month, PersonNo};
use courtyard_core::ledger::SlipRecord;
use courtyard_core::store::Store;

use self::found::{Bar, Candidate};
use super::names::Products;
use super::{Answer, Document, Names, Written, unread};
use crate::command::Failure;
use crate::command::admin::sealed::private as sealed_private;
use crate::command::output::too_large;
use crate::command::place::failure;
use crate::command::table::{Cell, Column, Table, cells};
use crate::log::{NumberKind, NumberOf};
use crate::node::{Node, NodeError};
use crate::office::OfficeError;
use crate::office::error::CommandError;

/// Which month, and who asks.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// The month of delivery, such as 2026-07.
    #[arg(long)]
    month: Month,
    /// Only this village, by name or number.
    #[arg(long)]
    village: Option<String>,
    /// The user who looks: a clerk or an administrator sees whole ID numbers.
    #[arg(long)]
    by: String,
    /// The file of the sealing key's private part, if it is not in the data folder.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    #[command(flatten)]
    written: Written,
}

impl Answer for Asked {
    fn written(&self) -> &Written {
        &self.written
    }

    /// Without the log there are no sealed numbers: nobody may be invoiced.
    fn document(&self, store: &Store) -> Result<Document, Failure> {
        let candidates = found::candidates(store, self.month, self.village.as_deref())?;
        document(store, self.month, &candidates, &Numbers::default())
    }

    fn of_node(&self, node: &mut Node) -> Result<Document, Failure> {
        let view = node.view().map_err(failure)?;
        let candidates = found::candidates(view.store(), self.month, self.village.as_deref())?;
        let numbers = self.numbers(node, &candidates)?;
        document(view.store(), self.month, &candidates, &numbers)
    }
}

/// Whose number.
type Seller = (GrowerId, PersonNo);

/// ID numbers as far as they may be shown.
#[derive(Debug, Default)]
struct Numbers {
    /// Whole ones.
    open: BTreeMap<Seller, String>,
    /// The last four characters of every one that is sealed.
    tails: BTreeMap<Seller, String>,
    /// Why some are not whole.
    note: Option<&'static str>,
}

const NO_KEY: &str = "封存私钥不在数据目录里，身份证号只有后四位；可用 --identity 给出。\n\
    The sealing key's private part is not in the data folder, so ID numbers show their last four \
    characters only. Name it with --identity.";
const MAY_NOT: &str = "这个用户不能查看整号，身份证号只有后四位。请由业务员或管理员来做。\n\
    This user may not see whole numbers, so ID numbers show their last four characters only. A clerk \
    or an administrator may.";
const OTHER_KEY: &str = "有身份证号是用另一把密钥封存的，只有后四位。请用 --identity 给出那一把。\n\
    Some ID numbers were sealed to another key and show their last four characters only. Name that \
    key with --identity.";

impl Asked {
    /// The ID numbers of the sellers who may be invoiced, as far as this user may see them.
    fn numbers(&self, node: &mut Node, candidates: &[Candidate]) -> Result<Numbers, Failure> {
        let sealed = node.read().map_err(failure)?.sealed_numbers(None);
        let sealed = sealed.map_err(|error| failure(error.into()))?;
        let ids = sealed.into_iter().filter(|number| number.of.kind == NumberKind::Id);
        let tails: BTreeMap<Seller, String> =
            ids.map(|id| ((id.of.grower, id.of.person), id.last_four)).collect();
        let wanted: BTreeSet<NumberOf> = candidates
            .iter()
            .filter(|found| found.bar.is_none() && tails.contains_key(&found.seller()))
            .map(|found| {
                let (grower, person) = found.seller();
                NumberOf { grower, person, kind: NumberKind::Id }
            })
            .collect();
        if self.identity.is_none() && !node.folder().sealing_key().exists() {
            return Ok(Numbers { tails, note: Some(NO_KEY), ..Numbers::default() });
        }
        let private = sealed_private(node, self.identity.as_deref())?;
        let opened = node.act(|office, tx, now_ms, _| {
            office.reveal_all(tx, &wanted, &self.by, &private, now_ms)
        });
        match opened {
            Ok(opened) => {
                let note = (opened.len() < wanted.len()).then_some(OTHER_KEY);
                let open = opened.into_iter().map(|(of, id)| ((of.grower, of.person), id));
                Ok(Numbers { open: open.collect(), tails, note })
            }
            Err(NodeError::Office(OfficeError::Command(CommandError::MayNot { .. }))) => {
                Ok(Numbers { tails, note: Some(MAY_NOT), ..Numbers::default() })
            }
            Err(error) => Err(failure(error)),
        }
    }
}

/// A seller as the register says.
struct Person {
    name: String,
    address: String,
    phone: String,
}

impl Person {
    /// The person on a day; a member of the household without a phone of their own has its.
    fn read(store: &Store, seller: Seller, day: BusinessDate) -> Result<Person, Failure> {
        let (grower, number) = seller;
        let name = store.person_name_on(grower, number.get(), day).map_err(unread)?;
        let row = store.grower(grower).map_err(unread)?;
        let persons = store.persons(grower).map_err(unread)?;
        let own = persons.into_iter().find(|person| person.number == number.get());
        let own = own.map(|person| person.phone).filter(|phone| !phone.is_empty());
        let (address, phone) = row.map(|row| (row.address, row.phone)).unwrap_or_default();
        Ok(Person { name: name.unwrap_or_default(), address, phone: own.unwrap_or(phone) })
    }
}

fn document(
    store: &Store,
    month: Month,
    candidates: &[Candidate],
    numbers: &Numbers,
) -> Result<Document, Failure> {
    let names = Names::read(store)?;
    let products = Products::read(store)?;
    let (mut lines, mut barred) = (lines_table(), barred_table());
    let mut red = false;
    for found in candidates {
        let (slip, seller) = (&found.slip, found.seller());
        let person = Person::read(store, seller, slip.date)?;
        let bar =
            found.bar.or_else(|| (!numbers.tails.contains_key(&seller)).then_some(Bar::NoIdNumber));
        if let Some(bar) = bar {
            red |= bar == Bar::VoidedAfterIssue;
            barred.row(cells![
                slip.id,
                slip.date,
                slip.grower,
                person.name,
                names.village(slip.village),
                bar.cell(),
                found.amount,
                found.because.map(|entry| entry.to_string()),
            ]);
            continue;
        }
        let id = numbers
            .open
            .get(&seller)
            .cloned()
            .or_else(|| numbers.tails.get(&seller).map(|tail| format!("…{tail}")));
        for goods in goods(slip, &products).map_err(too_large)? {
            lines.row(cells![
                slip.id,
                slip.date,
                slip.entity,
                slip.grower,
                person.name.clone(),
                id.clone(),
                person.address.clone(),
                person.phone.clone(),
                goods.name,
                goods.weight,
                goods.price,
                goods.amount,
            ]);
        }
    }
    let mut notes: Vec<String> = numbers.note.map(str::to_owned).into_iter().collect();
    if red {
        notes.push(
            "有单据在开票月之后作废：已开的发票要做红字处理。\n\
             Slips were voided after the month in which they could be invoiced: what was issued needs \
             a red-letter invoice."
                .to_owned(),
        );
    }
    Ok(Document {
        title: format!("{month} 发票清单 invoices"),
        facts: vec![("month", month.to_string().into())],
        tables: vec![lines, barred],
        notes,
        ..Document::default()
    })
}

fn lines_table() -> Table {
    Table::new(
        "lines",
        [
            Column::text("slip", "单号 slip"),
            Column::date("date", "日期 date"),
            Column::number("entity", "主体 entity"),
            Column::text("grower", "农户 grower"),
            Column::text("seller", "出售人 seller"),
            Column::text("id_number", "身份证号 ID"),
            Column::text("address", "住址 address"),
            Column::text("phone", "电话 phone"),
            Column::text("product", "品名 product"),
            Column::grams("weight", "数量 kg").summed(),
            Column::li_per_kg("price", "单价 ¥/kg"),
            Column::fen("amount", "金额 ¥").summed(),
        ],
    )
}

fn barred_table() -> Table {
    Table::new(
        "not_invoiceable",
        [
            Column::text("slip", "单号 slip"),
            Column::date("date", "日期 date"),
            Column::text("grower", "农户 grower"),
            Column::text("seller", "出售人 seller"),
            Column::text("village", "村 village"),
            Column::text("reason", "不能开票的原因 reason"),
            Column::fen("amount", "金额 ¥").summed(),
            Column::text("because", "依据 because of"),
        ],
    )
}

/// A line of an invoice.
struct Goods {
    name: String,
    weight: Option<courtyard_core::domain::Grams>,
    /// Empty where the line has several prices.
    price: Option<LiPerKg>,
    amount: Fen,
}

/// What is left of the slip's lines at the prices that hold, and what was adjusted of it: together
/// what was paid for it.
fn goods(
    slip: &SlipRecord,
    products: &Products,
) -> Result<Vec<Goods>, courtyard_core::domain::UnitError> {
    let mut all = Vec::new();
    for (number, line) in (0_u16..).zip(&slip.lines) {
        let weight = slip.left_of(number)?;
        let amount = found::amount_of_line(slip, number)?;
        let left = slip.segments_left(number)?;
        let mut prices = left.iter().filter(|s| s.weight.get() > 0).map(|s| s.price);
        let first = prices.next();
        let price = first.filter(|first| prices.all(|price| price == *first));
        if weight.get() > 0 || amount != Fen::ZERO {
            let name = products.name(line.product);
            all.push(Goods { name, weight: Some(weight), price, amount });
        }
    }
    if slip.changes.adjusted != Fen::ZERO {
        let name = "价款调整 adjustment".to_owned();
        all.push(Goods { name, weight: None, price: None, amount: slip.changes.adjusted });
    }
    Ok(all)
}

impl Bar {
    /// The reason for programs and people.
    fn cell(self) -> Cell {
        let (code, words) = self.words();
        Cell::coded(code, words)
    }
}

#[cfg(test)]
mod tests;
