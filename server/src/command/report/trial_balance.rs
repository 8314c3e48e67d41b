//! `report trial-balance`: every account, and the controls totalled straight from the entries.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use courtyard_core::domain::{DeviceNo, Fen, GrowerId, UnitError};
use courtyard_core::ledger::Account;
use courtyard_core::store::{Store, StoreError};
use serde::Serialize;

use super::{unread, view};
use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::Place;
use crate::command::table::{Side, Table};

#[derive(Debug, Args)]
pub(super) struct TrialBalanceArgs {
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct TrialBalance {
    /// One row an account; payables are summed by entity.
    pub(super) accounts: Vec<Row>,
    /// All debits less all credits: 0, or the books are wrong.
    pub(super) total_fen: Fen,
    pub(super) controls_agree: bool,
    pub(super) differences: Vec<Difference>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    pub(super) account: &'static str,
    pub(super) entity: u16,
    /// The phone, for a float.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) device: Option<String>,
    /// How many growers' accounts are summed, for payables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) growers: Option<usize>,
    pub(super) debit_fen: Fen,
    pub(super) credit_fen: Fen,
    pub(super) balance_fen: Fen,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Difference {
    pub(super) control: &'static str,
    pub(super) grower: String,
    pub(super) entity: Option<u16>,
    pub(super) village: Option<u16>,
    pub(super) from_entries: i64,
    pub(super) from_records: i64,
}

pub(super) fn run(args: &TrialBalanceArgs) -> Result<(), Failure> {
    let view = view(&args.place)?;
    let balance = trial_balance(view.store())?;
    say(args.place.json, &balance, text)?;
    if balance.controls_agree && balance.total_fen == Fen::ZERO {
        return Ok(());
    }
    Err(Failure::words(
        "账不平：上面列出了对不上的数。记录都在，没有改动。请保留这个目录，删去 view.db 再试；\
         仍不平请用 courtyard verify 查第一条对不上的记录。",
        "The books do not agree: the differences are listed above. Every entry is kept. Keep the \
         folder, remove view.db and try again; if they still differ, courtyard verify names the \
         first entry that does not hold.",
    ))
}

/// The report.
pub(super) fn trial_balance(store: &Store) -> Result<TrialBalance, Failure> {
    let found = store.trial_balance().map_err(unread)?;
    let mut sums: BTreeMap<(&str, u16, Option<DeviceNo>), Sums> = BTreeMap::new();
    for total in found.accounts {
        let device = match total.account {
            Account::Float { device, .. } => Some(device),
            Account::Stock { .. }
            | Account::Payable { .. }
            | Account::PurchaseDifference { .. } => None,
        };
        let key = (total.account.name(), total.account.entity().get(), device);
        let sum = sums.entry(key).or_default();
        if let Account::Payable { grower, .. } = total.account {
            sum.growers.insert(grower);
        }
        sum.add(total.debit, total.credit).map_err(|error| unread(StoreError::from(error)))?;
    }
    let accounts = sums.into_iter().map(|(key, sum)| row(key, &sum)).collect();
    let differences: Vec<Difference> = store
        .control_differences()
        .map_err(unread)?
        .into_iter()
        .map(|d| Difference {
            control: d.control,
            grower: d.grower.to_string(),
            entity: d.entity.map(|e| e.get()),
            village: d.village.map(|v| v.get()),
            from_entries: bounded(d.from_entries),
            from_records: bounded(d.from_records),
        })
        .collect();
    Ok(TrialBalance {
        accounts,
        total_fen: found.difference,
        controls_agree: differences.is_empty(),
        differences,
    })
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

fn row((account, entity, device): (&'static str, u16, Option<DeviceNo>), sum: &Sums) -> Row {
    Row {
        account,
        entity,
        device: device.map(|device| device.to_string()),
        growers: (!sum.growers.is_empty()).then_some(sum.growers.len()),
        debit_fen: sum.debit,
        credit_fen: sum.credit,
        balance_fen: sum.debit.minus(sum.credit).unwrap_or_default(),
    }
}

/// JSON readers know no 128-bit integers; what does not fit differs anyway.
fn bounded(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

pub(super) fn text(balance: &TrialBalance) -> String {
    let mut table = Table::new(&[
        ("科目 account", Side::Left),
        ("主体 entity", Side::Right),
        ("借方 debit", Side::Right),
        ("贷方 credit", Side::Right),
        ("余额 balance", Side::Right),
    ]);
    for row in &balance.accounts {
        let word = match row.account {
            "stock" => "库存 stock",
            "payable" => "应付农户 payable",
            "float" => "备用金 float",
            "purchase_difference" => "尾差 difference",
            other => other,
        };
        let device = row.device.as_deref().map_or_else(String::new, |code| format!(" {code}"));
        table.row([
            format!("{word}{device}"),
            row.entity.to_string(),
            row.debit_fen.yuan_number(),
            row.credit_fen.yuan_number(),
            row.balance_fen.yuan_number(),
        ]);
    }
    table.row([
        "借贷之差 total".to_owned(),
        String::new(),
        String::new(),
        String::new(),
        balance.total_fen.yuan_number(),
    ]);
    let mut text = table.text();
    if balance.controls_agree {
        text.push_str("与逐条记录核对一致。The controls agree with the entries.\n");
    }
    for d in &balance.differences {
        text.push_str(&format!(
            "对不上 differs: {} {}: 记录 entries {}, 账上 records {}\n",
            d.control, d.grower, d.from_entries, d.from_records
        ));
    }
    text
}
