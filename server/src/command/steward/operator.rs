//! `courtyard steward operator`: helpers who share a phone, each with a PIN.

use std::io::{BufRead as _, Write as _};

use clap::Subcommand;
use courtyard_core::domain::OperatorNo;
use courtyard_core::steward::{Operator, Steward};
use serde_json::{Value, json};

use super::failure;
use crate::command::output::{Failure, say};
use crate::command::table::{Column, Table, cells};

/// About those who work at this phone.
#[derive(Debug, Subcommand)]
pub enum OperatorDeed {
    /// Let somebody work here by PIN, or give them a new one. 0 is the phone's own steward: with a
    /// PIN for 0 nobody writes until one is entered.
    Add {
        /// Their number in the district's roster.
        number: u16,
        /// Their name, if the district has not published a roster.
        #[arg(long)]
        name: Option<String>,
        /// Four to eight digits; read from standard input (one line) if not given.
        #[arg(long)]
        pin: Option<String>,
    },
    /// Somebody no longer works here; what they wrote stays.
    Remove {
        /// Their number.
        number: u16,
    },
    /// Who may work here, and who works now.
    List,
    /// Enter a PIN: what is written from now on carries this number.
    Login {
        /// Who.
        number: u16,
        /// The PIN; read from standard input (one line) if not given.
        #[arg(long)]
        pin: Option<String>,
    },
    /// End the shift.
    Lock,
}

pub(super) fn run(steward: &mut Steward, deed: &OperatorDeed, json: bool) -> Result<(), Failure> {
    match deed {
        OperatorDeed::Add { number, name, pin } => {
            let (number, pin) = (OperatorNo::new(*number), asked(pin.as_ref())?);
            let added = steward.add_operator(number, name.as_deref(), &pin);
            let added = added.map_err(|e| failure(&e))?;
            say(json, &value(&added), |_| {
                format!(
                    "{} {} 可以用 PIN 登录了。/ They may sign in now.",
                    added.number, added.name
                )
            })
        }
        OperatorDeed::Remove { number } => {
            steward.remove_operator(OperatorNo::new(*number)).map_err(|e| failure(&e))?;
            say(json, &json!({ "removed": number }), |_| {
                format!(
                    "{number} 已移除，其单据都在。/ {number} is removed; what they wrote stays."
                )
            })
        }
        OperatorDeed::List => {
            let all = steward.operators().map_err(|e| failure(&e))?;
            let rows: Vec<Value> = all.iter().map(value).collect();
            say(json, &json!({ "operators": rows }), |_| text(&all))
        }
        OperatorDeed::Login { number, pin } => {
            let pin = asked(pin.as_ref())?;
            let works = steward.login(OperatorNo::new(*number), &pin);
            let works = works.map_err(|e| failure(&e))?;
            say(json, &value(&works), |_| {
                format!("{} {} 已登录。/ Signed in.", works.number, works.name)
            })
        }
        OperatorDeed::Lock => {
            steward.lock().map_err(|e| failure(&e))?;
            say(json, &json!({ "locked": true }), |_| "已锁定。/ Locked.".to_owned())
        }
    }
}

fn asked(pin: Option<&String>) -> Result<String, Failure> {
    if let Some(pin) = pin {
        return Ok(pin.clone());
    }
    let _ = write!(std::io::stderr(), "PIN: ");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| {
        Failure::found(format!("标准输入读不了。没有改动。\nStandard input: {error}."))
    })?;
    Ok(line.trim().to_owned())
}

fn value(operator: &Operator) -> Value {
    json!({
        "operator": operator.number.get(),
        "name": operator.name,
        "works": operator.works,
        "wait_s": operator.wait_s,
    })
}

fn text(all: &[Operator]) -> String {
    if all.is_empty() {
        return "没有设 PIN，本机由管家使用。/ No PINs; the phone is its steward's.".to_owned();
    }
    let mut table = Table::new(
        "operators",
        [
            Column::number("operator", "编号 no."),
            Column::text("name", "姓名 name"),
            Column::text("state", "状态 state"),
        ],
    );
    for operator in all {
        let state = match (operator.works, operator.wait_s) {
            (true, _) => "在岗 works".to_owned(),
            (false, 0) => String::new(),
            (false, wait_s) => format!("等 {wait_s} 秒 waits"),
        };
        table.row(cells![operator.number.get(), operator.name.clone(), state]);
    }
    table.text().unwrap_or_default()
}
