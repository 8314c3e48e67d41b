//! `courtyard steward advance|credit|deposit|confirm|receipt|debts`: what a grower is given ahead,
//! says about it and gives back.

use std::str::FromStr;

use clap::{Args, ValueEnum};
use courtyard_core::desk::{DebtDraft, Given, debt_words};
use courtyard_core::domain::confirmation::Means;
use courtyard_core::domain::debt::{Creditor, InputItem, Purse};
use courtyard_core::domain::{
    BasisPoints, BusinessDate, ContractId, EntryId, Fen, Grams, GrowerId, PersonNo,
};
use courtyard_core::ledger::DebtRecord;
use courtyard_core::steward::Steward;
use serde_json::{Value, json};

use super::failure;
use crate::command::entry::state_name;
use crate::command::output::{Failure, say};

/// To whom and on what terms.
#[derive(Debug, Args)]
pub(super) struct TermsArgs {
    /// The grower.
    #[arg(long)]
    grower: GrowerId,
    /// From this day on it is repaid out of slips.
    #[arg(long)]
    due: BusinessDate,
    /// At most so much of what is paid goes to it, such as 50%; else the contract's or the
    /// district's share.
    #[arg(long)]
    share: Option<BasisPoints>,
    /// The contract that it belongs to.
    #[arg(long)]
    contract: Option<ContractId>,
    /// The money comes from the entity's bank account, not from the float.
    #[arg(long)]
    bank: bool,
    /// The business date; today in Asia/Shanghai if not given.
    #[arg(long)]
    date: Option<BusinessDate>,
}

/// Money given.
#[derive(Debug, Args)]
pub struct MoneyArgs {
    /// How much, in yuan.
    #[arg(long)]
    amount: Fen,
    #[command(flatten)]
    terms: TermsArgs,
}

/// Inputs given on credit.
#[derive(Debug, Args)]
pub struct CreditArgs {
    /// What was taken, as NAME:QUANTITY:UNIT:PRICE, such as 复合肥:2:袋:130; repeated for several.
    #[arg(long, required = true)]
    item: Vec<TypedItem>,
    /// Whose goods they are, if a supplier's.
    #[arg(long)]
    supplier: Option<String>,
    #[command(flatten)]
    terms: TermsArgs,
}

/// A grower's word.
#[derive(Debug, Args)]
pub struct ConfirmArgs {
    /// The debt or payout, such as A7K-000127.
    entry: EntryId,
    /// The grower says no.
    #[arg(long)]
    dispute: bool,
    /// Who of the household spoke; 0 is the head.
    #[arg(long, default_value = "0")]
    person: u16,
    /// How the word was given.
    #[arg(long, value_enum, default_value_t = TypedMeans::Paper)]
    means: TypedMeans,
    /// The business date; today in Asia/Shanghai if not given.
    #[arg(long)]
    date: Option<BusinessDate>,
}

/// Money that comes back.
#[derive(Debug, Args)]
pub struct ReceiptArgs {
    /// The debt, such as A7K-000127.
    #[arg(long)]
    debt: EntryId,
    /// How much, in yuan.
    #[arg(long)]
    amount: Fen,
    /// It went to the entity's bank account, not to the float.
    #[arg(long)]
    bank: bool,
    /// The business date; today in Asia/Shanghai if not given.
    #[arg(long)]
    date: Option<BusinessDate>,
}

/// How a word was given, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TypedMeans {
    /// Signed on paper, which is kept.
    Paper,
    /// On the grower's own page.
    Page,
    /// Before a witness who signed.
    Witness,
}

/// An item as it is typed.
#[derive(Debug, Clone)]
pub(super) struct TypedItem(InputItem);

impl FromStr for TypedItem {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted =
            || format!("{text:?} is not NAME:QUANTITY:UNIT:PRICE, such as 复合肥:2:袋:130");
        let [name, quantity, unit, price] =
            <[&str; 4]>::try_from(text.split(':').collect::<Vec<_>>()).map_err(|_| wanted())?;
        // Thousandths of a unit read like grams of a kilogram.
        let quantity: Grams = quantity.trim().parse().map_err(|_| wanted())?;
        let price: Fen = price.trim().parse().map_err(|_| wanted())?;
        let mut item = InputItem {
            name: name.trim().to_owned(),
            quantity_milli: quantity.get(),
            unit: unit.trim().to_owned(),
            price,
            amount: Fen::ZERO,
        };
        item.amount = item.computed_amount().map_err(|_| wanted())?;
        Ok(TypedItem(item))
    }
}

/// A debt to repay as it is typed: `A7K-000127` or `A7K-000127=50`.
#[derive(Debug, Clone, Copy)]
pub struct TypedRepayment {
    pub(super) debt: EntryId,
    pub(super) amount: Option<Fen>,
}

impl FromStr for TypedRepayment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (debt, amount) = match text.split_once('=') {
            Some((debt, amount)) => (debt, Some(amount)),
            None => (text, None),
        };
        let debt = debt.parse().map_err(|error| format!("{error}"))?;
        let amount = amount.map(|yuan| yuan.parse().map_err(|error| format!("{error}")));
        Ok(TypedRepayment { debt, amount: amount.transpose()? })
    }
}

pub(super) fn advance(steward: &mut Steward, args: &MoneyArgs, json: bool) -> Result<(), Failure> {
    lend(steward, &args.terms, Given::Money(args.amount), json)
}

pub(super) fn deposit(steward: &mut Steward, args: &MoneyArgs, json: bool) -> Result<(), Failure> {
    lend(steward, &args.terms, Given::Deposit(args.amount), json)
}

pub(super) fn credit(steward: &mut Steward, args: &CreditArgs, json: bool) -> Result<(), Failure> {
    let items = args.item.iter().map(|item| item.0.clone()).collect();
    let creditor = args.supplier.clone().map_or(Creditor::Entity, Creditor::Supplier);
    lend(steward, &args.terms, Given::Inputs(items, creditor), json)
}

fn lend(steward: &mut Steward, terms: &TermsArgs, given: Given, json: bool) -> Result<(), Failure> {
    steward.must_know(terms.grower).map_err(|e| failure(&e))?;
    let visit = steward.visit(terms.grower, terms.date).map_err(|e| failure(&e))?;
    let draft = DebtDraft {
        visit,
        given,
        contract: terms.contract,
        due: terms.due,
        share: terms.share,
        purse: purse(terms.bank),
    };
    let (id, amount) = steward.lend(&draft, None).map_err(|e| failure(&e))?;
    let value = json!({"debt": id.to_string(), "amount_fen": amount});
    say(json, &value, |_| {
        format!(
            "{id} 已记 {0}。农户确认之后才能扣还。/ {0} recorded; it is repaid out of slips once the grower confirms it.",
            amount.text()
        )
    })
}

fn purse(bank: bool) -> Purse {
    if bank { Purse::Bank } else { Purse::Float }
}

pub(super) fn confirm(
    steward: &mut Steward,
    args: &ConfirmArgs,
    json: bool,
) -> Result<(), Failure> {
    let date = args.date.unwrap_or_else(|| steward.today());
    let means = match args.means {
        TypedMeans::Paper => Means::Paper,
        TypedMeans::Page => Means::Page,
        TypedMeans::Witness => Means::Witness,
    };
    let person = PersonNo::new(args.person);
    let agrees = !args.dispute;
    let id =
        steward.confirm(args.entry, agrees, person, means, date, None).map_err(|e| failure(&e))?;
    let value = json!({"confirmation": id.to_string(), "entry": args.entry.to_string(),
                       "agrees": agrees});
    say(json, &value, |_| {
        let (zh, en) = if agrees { ("已确认", "confirmed") } else { ("有异议", "disputed") };
        format!("{} 农户{zh}。/ The grower has {en} it.", args.entry)
    })
}

pub(super) fn receipt(
    steward: &mut Steward,
    args: &ReceiptArgs,
    json: bool,
) -> Result<(), Failure> {
    let date = args.date.unwrap_or_else(|| steward.today());
    let (id, debt) =
        steward.receive(args.debt, args.amount, purse(args.bank), date).map_err(|e| failure(&e))?;
    let left = debt.left().unwrap_or_default();
    let value = json!({"receipt": id.to_string(), "debt": args.debt.to_string(),
                       "amount_fen": args.amount, "left_fen": left});
    say(json, &value, |_| {
        format!(
            "{id} 收到 {0}，还欠 {1}。/ {0} received, {1} left.",
            args.amount.text(),
            left.text()
        )
    })
}

pub(super) fn list(
    steward: &Steward,
    grower: Option<GrowerId>,
    all: bool,
    json: bool,
) -> Result<(), Failure> {
    let debts = steward.debts(grower, all).map_err(|e| failure(&e))?;
    let value = json!({"debts": debts.iter().map(row).collect::<Vec<_>>()});
    say(json, &value, |_| text(&debts))
}

/// A debt as JSON.
fn row(debt: &DebtRecord) -> Value {
    json!({
        "debt": debt.id.to_string(),
        "grower": debt.grower.to_string(),
        "kind": debt.kind.name(),
        "date": debt.date.to_string(),
        "due": debt.due.to_string(),
        "contract": debt.contract.map(|contract| contract.to_string()),
        "amount_fen": debt.amount,
        "repaid_fen": debt.repaid,
        "left_fen": debt.left().unwrap_or_default(),
        "share_bp": debt.share,
        "confirmed": debt.confirmed.is_some(),
        "disputed": debt.disputed,
        "state": state_name(debt.state),
    })
}

fn text(debts: &[DebtRecord]) -> String {
    if debts.is_empty() {
        return "没有未还的欠款。/ No debts are open.".to_owned();
    }
    let line = |debt: &DebtRecord| {
        let mark = match (debt.disputed, debt.confirmed) {
            (true, _) => "✕ 有异议 disputed",
            (false, None) => "○ 待确认 unconfirmed",
            (false, Some(_)) => "●",
        };
        let (zh, en) = debt_words(debt.kind);
        format!(
            "{} {} {zh} {en} {} 到期 due {} 还欠 left {} {mark}",
            debt.id,
            debt.grower,
            debt.amount.text(),
            debt.due,
            debt.left().unwrap_or_default().text()
        )
    };
    debts.iter().map(line).collect::<Vec<_>>().join("\n")
}
