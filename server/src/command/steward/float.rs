//! `courtyard steward float`: the cash in the steward's hands.

use clap::Subcommand;
use courtyard_core::domain::{EntryId, Fen, Holder};
use courtyard_core::ledger::{CountRecord, IssueRecord};
use courtyard_core::steward::{FloatView, Steward};
use courtyard_core::store::FloatMove;
use serde_json::{Value, json};

use super::failure;
use crate::command::output::{Failure, say};

/// About the float (备用金).
#[derive(Debug, Subcommand)]
pub enum FloatDeed {
    /// What is in hand, what waits to be accepted, and what moved it.
    Show,
    /// Hand cash to somebody of the village; it moves when they accept it.
    #[command(visible_alias = "issue")]
    Handover {
        /// To whom: a person's number such as P12, or the code of a phone.
        #[arg(long)]
        to: Holder,
        /// How much, in yuan.
        #[arg(long)]
        amount: Fen,
    },
    /// Give cash back to the office; it moves when the office accepts it.
    Return {
        /// How much, in yuan.
        #[arg(long)]
        amount: Fen,
    },
    /// Say that cash which was set out for this steward is there.
    Accept {
        /// The entry by which it was set out, such as 002-000017.
        issue: EntryId,
    },
    /// Write down what was counted in the till (盘点); it changes no balance.
    Count {
        /// What lay there, in yuan.
        #[arg(long)]
        counted: Fen,
    },
}

pub(super) fn run(steward: &mut Steward, deed: &FloatDeed, json: bool) -> Result<(), Failure> {
    match deed {
        FloatDeed::Show => {
            let view = steward.float().map_err(|e| failure(&e))?;
            say(json, &value(&view), |_| text(&view))
        }
        FloatDeed::Handover { to, amount } => give(steward, *to, *amount, json),
        FloatDeed::Return { amount } => give(steward, Holder::Office, *amount, json),
        FloatDeed::Accept { issue } => {
            let entry = steward.accept_float(*issue).map_err(|e| failure(&e))?;
            let balance = steward.float().map_err(|e| failure(&e))?.balance;
            let value = json!({"entry": entry.to_string(), "issue": issue.to_string(),
                               "balance_fen": balance});
            say(json, &value, |_| {
                let balance = balance.text();
                format!("{issue} 已确认收到，手中 {balance}。\nAccepted; {balance} in hand.")
            })
        }
        FloatDeed::Count { counted } => {
            let (entry, difference) = steward.count_float(*counted).map_err(|e| failure(&e))?;
            let value = json!({"entry": entry.to_string(), "counted_fen": counted,
                               "difference_fen": difference});
            say(json, &value, |_| count_text(entry, *counted, difference))
        }
    }
}

fn give(steward: &mut Steward, to: Holder, amount: Fen, json: bool) -> Result<(), Failure> {
    let entry = steward.hand_over(to, amount).map_err(|e| failure(&e))?;
    let value = json!({"entry": entry.to_string(), "to": to.to_string(), "amount_fen": amount});
    say(json, &value, |_| {
        let amount = amount.text();
        format!(
            "{entry} 交给 {to} {amount}，对方确认后才算移交。\n\
             {amount} for {to}; it moves when they accept it."
        )
    })
}

fn count_text(entry: EntryId, counted: Fen, difference: Fen) -> String {
    let counted = counted.text();
    let (zh, en) = match difference.get() {
        0 => ("账实相符".to_owned(), "as in the books".to_owned()),
        short if short < 0 => {
            (format!("短款 {}", difference.text()), format!("short by {}", difference.text()))
        }
        _ => (format!("长款 {}", difference.text()), format!("{} too much", difference.text())),
    };
    format!(
        "{entry} 盘点 {counted}，{zh}；盘点不改账，差额由县社批准后入账。\n\
         Counted {counted}, {en}; the office decides on a difference."
    )
}

fn issue_value(issue: &IssueRecord) -> Value {
    json!({"entry": issue.id.to_string(), "date": issue.date.to_string(),
           "from": issue.from.to_string(), "to": issue.to.to_string(),
           "amount_fen": issue.amount})
}

fn count_value(count: &CountRecord) -> Value {
    json!({"entry": count.id.to_string(), "date": count.date.to_string(),
           "counted_fen": count.counted, "expected_fen": count.expected,
           "difference_fen": count.difference().ok(),
           "settled_by": count.settled.map(|(by, _)| by.to_string())})
}

fn move_value(moved: &FloatMove) -> Value {
    json!({"entry": moved.entry.to_string(), "date": moved.date.to_string(),
           "flow": moved.flow.name(), "amount_fen": moved.amount})
}

fn value(view: &FloatView) -> Value {
    json!({
        "holder": view.holder.to_string(),
        "entity": view.entity.get(),
        "balance_fen": view.balance,
        "advanced_fen": view.advanced(),
        "to_accept": view.to_accept.iter().map(issue_value).collect::<Vec<_>>(),
        "given": view.given.iter().map(issue_value).collect::<Vec<_>>(),
        "counts": view.counts.iter().map(count_value).collect::<Vec<_>>(),
        "moves": view.moves.iter().map(move_value).collect::<Vec<_>>(),
    })
}

/// How many of the newest moves a person is shown.
const SHOWN: usize = 10;

fn text(view: &FloatView) -> String {
    let balance = view.balance.text();
    let mut text = format!("备用金 float  {} 主体 entity {}  {balance}", view.holder, view.entity);
    let advanced = view.advanced();
    if advanced > Fen::ZERO {
        let advanced = advanced.text();
        text.push_str(&format!(
            "\n垫付 {advanced}，县社应补还。/ {advanced} advanced by the steward."
        ));
    }
    for issue in &view.to_accept {
        let (id, amount) = (issue.id, issue.amount.text());
        text.push_str(&format!("\n待确认 to accept  {id} {amount}  ← {}", issue.from));
    }
    for issue in &view.given {
        let (id, amount) = (issue.id, issue.amount.text());
        text.push_str(&format!("\n待对方确认 given  {id} {amount}  → {}", issue.to));
    }
    for moved in view.moves.iter().rev().take(SHOWN) {
        let (date, id) = (moved.date, moved.entry);
        text.push_str(&format!("\n{date} {id} {} {}", moved.flow.name(), moved.amount.text()));
    }
    text
}
