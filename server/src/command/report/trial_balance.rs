//! `report trial-balance`: every account, and the controls totalled straight from the entries.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use courtyard_core::domain::{Fen, GrowerId, UnitError};
use courtyard_core::store::Store;

use super::{Answer, Document, Written, too_large, unread};
use crate::command::Failure;
use crate::command::table::{Cell, Column, Table, cells};

/// All of it.
#[derive(Debug, Args)]
pub(super) struct Asked {
    #[command(flatten)]
    written: Written,
}

impl Answer for Asked {
    fn written(&self) -> &Written {
        &self.written
    }

    fn document(&self, store: &Store) -> Result<Document, Failure> {
        trial_balance(store)
    }
}

/// One row an account; payables are summed by entity.
pub(super) fn trial_balance(store: &Store) -> Result<Document, Failure> {
    let found = store.trial_balance().map_err(unread)?;
    let mut sums: BTreeMap<(&'static str, u16, Option<String>), Sums> = BTreeMap::new();
    for total in found.accounts {
        let holder = total.account.holder().map(|holder| holder.to_string());
        let key = (total.account.name(), total.account.entity().get(), holder);
        let sum = sums.entry(key).or_default();
        if let Some(grower) = total.account.grower() {
            sum.growers.insert(grower);
        }
        sum.add(total.debit, total.credit).map_err(too_large)?;
    }
    let mut accounts = Table::new(
        "accounts",
        [
            Column::text("account", "科目 account"),
            Column::number("entity", "主体 entity"),
            Column::text("holder", "经手 holder"),
            Column::number("growers", "户数 growers"),
            Column::fen("debit", "借方 debit ¥").summed(),
            Column::fen("credit", "贷方 credit ¥").summed(),
            Column::fen("balance", "余额 balance ¥").summed(),
        ],
    );
    for ((account, entity, holder), sum) in sums {
        accounts.row(cells![
            Cell::coded(account, words(account)),
            entity,
            holder,
            (!sum.growers.is_empty()).then_some(sum.growers.len()),
            sum.debit,
            sum.credit,
            sum.debit.minus(sum.credit).map_err(too_large)?,
        ]);
    }
    let differences = differences(store)?;
    let agree = differences.is_empty();
    let mut document = Document {
        title: "试算平衡 trial balance".to_owned(),
        // All debits less all credits: 0, or the books are wrong.
        facts: vec![("total_fen", found.difference.into())],
        tables: vec![accounts, differences],
        ..Document::default()
    };
    document.json.insert("controls_agree".to_owned(), agree.into());
    if agree && found.difference == Fen::ZERO {
        let words = "借贷相等，与逐条记录核对一致。Debits equal credits, and the controls agree.";
        document.notes.push(words.to_owned());
    } else {
        document.fault = Some(Failure::words(
            "账不平：上面列出了对不上的数。记录都在，没有改动。请保留这个目录，删去 view.db 再试；\
             仍不平请用 courtyard verify 查第一条对不上的记录。",
            "The books do not agree: the differences are listed above. Every entry is kept. Keep \
             the folder, remove view.db and try again; if they still differ, courtyard verify \
             names the first entry that does not hold.",
        ));
    }
    Ok(document)
}

/// What the controls found.
fn differences(store: &Store) -> Result<Table, Failure> {
    let mut differences = Table::new(
        "differences",
        [
            Column::text("control", "对不上 differs"),
            Column::text("partition", "分区 partition"),
            Column::number("entity", "主体 entity"),
            Column::number("village", "村 village"),
            Column::number("from_entries", "记录 entries"),
            Column::number("from_records", "账上 records"),
        ],
    );
    for d in store.control_differences().map_err(unread)? {
        differences.row(cells![
            d.control,
            d.partition.to_string(),
            d.entity,
            d.village.map(|village| village.get()),
            bounded(d.from_entries),
            bounded(d.from_records),
        ]);
    }
    Ok(differences)
}

fn words(account: &'static str) -> &'static str {
    match account {
        "stock" => "库存 stock",
        "payable" => "应付农户 payable",
        "float" => "备用金 float",
        "purchase_difference" => "尾差 difference",
        other => other,
    }
}

/// Debits and credits of one row.
#[derive(Debug, Default)]
struct Sums {
    growers: BTreeSet<GrowerId>,
    debit: Fen,
    credit: Fen,
}

impl Sums {
    fn add(&mut self, debit: Fen, credit: Fen) -> Result<(), UnitError> {
        self.debit = self.debit.plus(debit)?;
        self.credit = self.credit.plus(credit)?;
        Ok(())
    }
}

/// JSON readers know no 128-bit integers; what does not fit differs anyway.
fn bounded(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}
