//! `courtyard steward void|return`: what is taken back, what comes back, and what else belongs to a
//! visit.

use clap::Args;
use courtyard_core::domain::slip::{Refused, Visit};
use courtyard_core::domain::{BusinessDate, EntryId, Grams, PersonNo};
use courtyard_core::ledger::Status;
use courtyard_core::steward::{Steward, TakeBack};
use serde_json::{Value, json};

use super::failure;
use crate::command::output::{Failure, say};

/// Takes a slip back.
#[derive(Debug, Args)]
pub struct VoidArgs {
    /// Its number, such as A7K-000127.
    #[arg(long)]
    slip: EntryId,
    /// Why.
    #[arg(long)]
    reason: String,
    /// The slip in its place, if it is written already: what was paid moves there.
    #[arg(long, value_name = "SLIP")]
    replacement: Option<EntryId>,
    /// If a second person must agree: write it and let it wait for the office.
    #[arg(long)]
    ask: bool,
    /// The business date; today in Asia/Shanghai if not given.
    #[arg(long)]
    date: Option<BusinessDate>,
}

/// Takes note of produce that comes back.
#[derive(Debug, Args)]
pub struct ReturnArgs {
    /// The slip, such as A7K-000127.
    #[arg(long)]
    slip: EntryId,
    /// Its line, counted from 1.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    line: u16,
    /// How much came back, in settlement weight, such as 2.5 (kg) or 5jin.
    #[arg(long)]
    weight: Grams,
    /// Why.
    #[arg(long)]
    reason: String,
    /// If it comes too late: write it and let it wait for the office.
    #[arg(long)]
    ask: bool,
    /// The business date; today in Asia/Shanghai if not given.
    #[arg(long)]
    date: Option<BusinessDate>,
}

/// What belongs to a visit beside its lines.
#[derive(Debug, Clone, Default, Args)]
pub struct DetailArgs {
    /// Who sells (出售人): the person's number in the household; 0 is its head.
    #[arg(long, value_name = "PERSON")]
    pub seller: Option<u16>,
    /// Who brought it (交售人).
    #[arg(long, value_name = "PERSON")]
    pub deliverer: Option<u16>,
    /// The number of the grower's certificate of this delivery (承诺达标合格证).
    #[arg(long, value_name = "TEXT")]
    pub certificate: Option<String>,
    /// What was refused at inspection (拒收), such as 菠菜:1.5:黄叶 or 菠菜:黄叶; repeated for several.
    #[arg(long, value_name = "PRODUCT[:WEIGHT]:REASON")]
    pub refused: Vec<String>,
}

impl DetailArgs {
    /// As it stands on a slip.
    pub(super) fn visit(&self, steward: &Steward) -> Result<Visit, Failure> {
        let refused = self.refused.iter().map(|text| refused(steward, text));
        Ok(Visit {
            seller: PersonNo::new(self.seller.unwrap_or_default()),
            deliverer: PersonNo::new(self.deliverer.unwrap_or_default()),
            certificate: self.certificate.as_deref().map(|text| text.trim().to_owned()),
            refused: refused.collect::<Result<_, _>>()?,
            ..Visit::default()
        })
    }
}

fn refused(steward: &Steward, text: &str) -> Result<Refused, Failure> {
    let parts: Vec<&str> = text.split([':', '：']).map(str::trim).collect();
    let (product, weight, reason) = match parts.as_slice() {
        [product, reason] => (product, None, reason),
        [product, weight, reason] => (product, Some(weight), reason),
        _ => return Err(Failure::usage(format!("--refused {text}: PRODUCT[:WEIGHT]:REASON"))),
    };
    let unread =
        |error: &dyn std::fmt::Display| Failure::usage(format!("--refused {text}: {error}"));
    let weight =
        weight.map(|weight| weight.parse::<Grams>().map_err(|e| unread(&e))).transpose()?;
    let product = steward.product(product).map_err(|e| failure(&e))?.number;
    Ok(Refused { product, weight, reason: (*reason).to_owned() })
}

pub(super) fn void(steward: &mut Steward, args: &VoidArgs, json: bool) -> Result<(), Failure> {
    let date = args.date.unwrap_or_else(|| steward.today());
    let target = args.slip;
    let back =
        TakeBack { target, reason: &args.reason, replacement: args.replacement, ask: args.ask };
    let void = steward.void(back, date, None).map_err(|e| failure(&e))?;
    let waits = waits(steward, void)?;
    let value = json!({
        "void": void.to_string(),
        "slip": target.to_string(),
        "replacement": args.replacement.map(|id| id.to_string()),
        "waits_for": waits,
    });
    say(json, &value, |_| {
        if waits.is_empty() {
            format!("{target} 已作废：{void}")
        } else {
            format!("{target} 的作废 {void} 已写下，等县社认可。\n{void} waits for the office.")
        }
    })
}

pub(super) fn give_back(
    steward: &mut Steward,
    args: &ReturnArgs,
    json: bool,
) -> Result<(), Failure> {
    let date = args.date.unwrap_or_else(|| steward.today());
    let line = args.line.saturating_sub(1);
    let back = steward
        .give_back(args.slip, line, args.weight, &args.reason, args.ask, date, None)
        .map_err(|e| failure(&e))?;
    let waits = waits(steward, back.id)?;
    let value = json!({
        "return": back.id.to_string(),
        "slip": args.slip.to_string(),
        "amount_fen": back.amount,
        "refund_due_fen": back.refund,
        "waits_for": waits,
    });
    say(json, &value, |_| {
        let mut text = format!("{} 退货 {}，减 {}", args.slip, back.id, back.amount.text());
        if back.refund > courtyard_core::domain::Fen::ZERO {
            text.push_str(&format!("，应收退款 {}", back.refund.text()));
        }
        if !waits.is_empty() {
            text.push_str("\n超过时限，等县社认可。/ It waits for the office.");
        }
        text
    })
}

/// The codes for which an entry is held.
fn waits(steward: &Steward, id: EntryId) -> Result<Vec<Value>, Failure> {
    let entry = steward.store().entry(id).map_err(|e| failure(&e.into()))?;
    let status = entry.map_or(Status::Counted, |entry| entry.status);
    Ok(status.reasons().iter().map(|rule| json!(rule.code)).collect())
}
