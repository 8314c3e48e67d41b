//! `courtyard admin adjust|price-fix|return|void`: what the office corrects, one by one or a whole morning
//! with one reason; with `--dry-run` every grower's difference and nothing written.

use std::collections::BTreeMap;

use clap::Args;
use courtyard_core::desk::correcting::Repricing;
use courtyard_core::domain::{
    BusinessDate, EntryId, Fen, Grade, Grams, GrowerId, LiPerKg, ProductNo,
};
use courtyard_core::store::Store;
use serde_json::{Value, json};

use crate::command::Failure;
use crate::command::output::{list as list_of, too_large};
use crate::command::place::{Place, failure, village};
use crate::command::table::{Column, Table, cells};
use crate::node::{Node, NodeError};
use crate::office::OfficeError;
use crate::office::acting::Role;
use crate::office::correct::{self, Planned, Span};
use crate::office::published::published;

/// An adjustment (调整) of one slip, or with --bulk of every slip at a wrong price.
#[derive(Debug, Args)]
pub(super) struct AdjustArgs {
    /// The slip, such as A7K-000127.
    #[arg(required_unless_present = "bulk", conflicts_with = "bulk")]
    slip: Option<EntryId>,
    /// How much more, in yuan; negative is less.
    #[arg(
        long,
        allow_hyphen_values = true,
        required_unless_present = "bulk",
        conflicts_with = "bulk"
    )]
    amount: Option<String>,
    /// The line that it is about, counted from 1.
    #[arg(long, conflicts_with = "bulk", value_parser = clap::value_parser!(u16).range(1..))]
    line: Option<u16>,
    /// Every slip of a village, a product and a day at a wrong price.
    #[arg(long, requires_all = ["village", "product", "date", "from", "to"])]
    bulk: bool,
    /// The village, by name or number.
    #[arg(long)]
    village: Option<String>,
    /// The product: its number, code or name.
    #[arg(long)]
    product: Option<String>,
    /// Only this grade.
    #[arg(long)]
    grade: Option<Grade>,
    /// The business date of the slips.
    #[arg(long)]
    date: Option<BusinessDate>,
    /// The price as printed, such as 3.19/kg.
    #[arg(long)]
    from: Option<LiPerKg>,
    /// The right price.
    #[arg(long)]
    to: Option<LiPerKg>,
    /// Why.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    people: People,
    #[command(flatten)]
    place: Place,
}

/// Fix the price (定价) of what was bought at a pending price.
#[derive(Debug, Args)]
pub(super) struct PriceFixArgs {
    /// The village, by name or number.
    #[arg(long)]
    village: String,
    /// The product: its number, code or name.
    #[arg(long)]
    product: String,
    /// The first day of the slips.
    #[arg(long)]
    from: BusinessDate,
    /// The last day of the slips.
    #[arg(long)]
    to: BusinessDate,
    /// The final price, such as 3.19/kg or 1.60/jin; a contract's floor above it holds.
    #[arg(long)]
    price: LiPerKg,
    #[command(flatten)]
    people: People,
    #[command(flatten)]
    place: Place,
}

/// A return (退货) of so much of a line, at its price.
#[derive(Debug, Args)]
pub(super) struct ReturnArgs {
    /// The slip, such as A7K-000127.
    slip: EntryId,
    /// The line, counted from 1.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    line: u16,
    /// How much came back, in settlement weight, such as 2.5 (kg) or 5jin.
    #[arg(long)]
    weight: Grams,
    /// Why.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    people: People,
    #[command(flatten)]
    place: Place,
}

/// Void a slip, a payout or a correction as the second person.
#[derive(Debug, Args)]
pub(super) struct VoidArgs {
    /// The entry, such as A7K-000127.
    entry: EntryId,
    /// Why.
    #[arg(long)]
    reason: String,
    /// The slip in its place: what was paid moves there.
    #[arg(long, value_name = "SLIP")]
    replacement: Option<EntryId>,
    #[command(flatten)]
    people: People,
    #[command(flatten)]
    place: Place,
}

/// Who acts.
#[derive(Debug, Args)]
struct People {
    /// The user who writes it.
    #[arg(long, value_name = "USER")]
    by: String,
    /// The reviewer or manager who approved it.
    #[arg(long, value_name = "USER")]
    approved_by: Option<String>,
    /// Only show what would be written.
    #[arg(long)]
    dry_run: bool,
}

fn office(error: OfficeError) -> Failure {
    failure(error.into())
}

pub(super) fn adjust(args: &AdjustArgs) -> Result<(), Failure> {
    run(&args.place, &args.people, |node, store| {
        let (Some(slip), Some(amount)) = (args.slip, &args.amount) else {
            return bulk(args, node, store);
        };
        let amount = signed(amount)?;
        let line = args.line.map(|line| line.saturating_sub(1));
        let one = correct::adjustment(store, slip, line, amount, &args.reason);
        Ok(vec![one.map_err(office)?])
    })
}

/// An amount that may be negative.
fn signed(text: &str) -> Result<Fen, Failure> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix(['-', '−']) {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let amount: Fen =
        digits.parse().map_err(|error| Failure::usage(format!("--amount: {error}")))?;
    if negative { amount.negated().map_err(too_large) } else { Ok(amount) }
}

fn bulk(args: &AdjustArgs, node: &mut Node, store: &Store) -> Result<Vec<Planned>, Failure> {
    let (Some(asked), Some(product), Some(date), Some(from), Some(to)) =
        (&args.village, &args.product, args.date, args.from, args.to)
    else {
        return Err(Failure::usage("--bulk: --village --product --date --from --to"));
    };
    let wrong = Repricing { product: product_of(store, product)?, grade: args.grade, from, to };
    let village = village_of(node, asked)?;
    let span = Span { village, from: date, to: date };
    correct::bulk(store, span, &wrong, &args.reason).map_err(office)
}

pub(super) fn price_fix(args: &PriceFixArgs) -> Result<(), Failure> {
    run(&args.place, &args.people, |node, store| {
        let product = product_of(store, &args.product)?;
        let village = village_of(node, &args.village)?;
        let span = Span { village, from: args.from, to: args.to };
        correct::price_fixes(store, span, product, args.price).map_err(office)
    })
}

pub(super) fn give_back(args: &ReturnArgs) -> Result<(), Failure> {
    run(&args.place, &args.people, |_, store| {
        let line = args.line.saturating_sub(1);
        let back = correct::returned(store, args.slip, line, args.weight, &args.reason);
        Ok(vec![back.map_err(office)?])
    })
}

pub(super) fn void(args: &VoidArgs) -> Result<(), Failure> {
    run(&args.place, &args.people, |_, store| {
        let void = correct::void(store, args.entry, &args.reason, args.replacement);
        Ok(vec![void.map_err(office)?])
    })
}

fn village_of(node: &mut Node, asked: &str) -> Result<courtyard_core::domain::VillageNo, Failure> {
    let reads = node.read().map_err(failure)?;
    let published = published(reads.as_ref()).map_err(|error| failure(error.into()))?;
    village(&published, asked)
}

/// The product that a person means by its number, code or name.
fn product_of(store: &Store, asked: &str) -> Result<ProductNo, Failure> {
    let asked = asked.trim();
    let products = store.products().map_err(|error| failure(NodeError::from(error)))?;
    let named = |product: &&courtyard_core::domain::product::Product| {
        product.code == asked || product.name == asked || product.number.to_string() == asked
    };
    products.iter().find(named).map(|product| product.number).ok_or_else(|| {
        Failure::words(
            &format!("目录里没有“{asked}”。没有改动任何东西。请核对品名、编码。"),
            &format!(
                "The catalogue has no {asked:?}. Nothing was changed. Check its name or code."
            ),
        )
    })
}

/// Plans, and unless it is a dry run writes; then says what became of whom.
fn run(
    place: &Place,
    people: &People,
    plan: impl FnOnce(&mut Node, &Store) -> Result<Vec<Planned>, Failure>,
) -> Result<(), Failure> {
    let mut node = place.existing()?;
    let view = node.view().map_err(failure)?;
    let planned = plan(&mut node, view.store())?;
    if planned.is_empty() {
        return Err(Failure::words(
            "没有一张单符合，没有写下任何东西。请核对村、品名、日期和价格。",
            "No slip fits. Nothing was written. Check the village, product, dates and price.",
        ));
    }
    let mut ids = Vec::new();
    if !people.dry_run {
        let approved_by = people.approved_by.as_deref();
        let corrections = planned.clone();
        ids = node
            .act_as(&people.by, Role::CLERKS, |deed| {
                correct::write(view.store(), deed, corrections, approved_by)
            })
            .map_err(failure)?;
    }
    said(place.json, &planned, &ids)
}

fn said(json: bool, planned: &[Planned], ids: &[EntryId]) -> Result<(), Failure> {
    let mut table = Table::new(
        "corrections",
        [
            Column::text("grower", "农户 grower"),
            Column::text("slip", "单号 slip"),
            Column::date("date", "日期 date"),
            Column::number("line", "行 line"),
            Column::fen("amount", "增减 change ¥").summed(),
            Column::text("entry", "更正单 entry"),
        ],
    );
    let mut rows = Vec::new();
    let mut growers: BTreeMap<GrowerId, Fen> = BTreeMap::new();
    for (place, one) in planned.iter().enumerate() {
        let entry = ids.get(place).map(ToString::to_string);
        let line = one.line.map(|line| line.saturating_add(1));
        let sum = growers.entry(one.grower).or_default();
        *sum = sum.plus(one.amount).map_err(too_large)?;
        table.row(cells![
            one.grower,
            one.slip,
            one.date,
            line.map(|line| line.to_string()).unwrap_or_default(),
            one.amount,
            entry.clone().unwrap_or_default(),
        ]);
        rows.push(json!({
            "grower": one.grower.to_string(),
            "slip": one.slip.to_string(),
            "date": one.date.to_string(),
            "line": line,
            "amount_fen": one.amount,
            "entry": entry,
        }));
    }
    let growers: Vec<Value> = growers
        .iter()
        .map(|(grower, amount)| json!({"grower": grower.to_string(), "amount_fen": amount}))
        .collect();
    let total = Fen::sum(planned.iter().map(|one| one.amount)).map_err(too_large)?;
    let value = json!({
        "written": !ids.is_empty(),
        "corrections": rows,
        "growers": growers,
        "total_fen": total,
    });
    list_of(json, &value, &table)
}
