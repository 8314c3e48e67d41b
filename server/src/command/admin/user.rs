//! `courtyard admin user`: who may sign in at the office.

use std::io::{BufRead as _, Write as _};

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::command::Failure;
use crate::command::output::{list as list_of, say};
use crate::command::place::{Place, failure};
use crate::command::table::{Column, Table, cells};
use crate::office::users::{ROLES, make_password};
use crate::rng;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Add a user, or give one a new password and role.
    Add(AddArgs),
    /// Every user with their role.
    List(ListArgs),
}

#[derive(Debug, Args)]
pub(super) struct AddArgs {
    /// The name they sign in with.
    #[arg(long)]
    name: String,
    /// What they may do: 经办 clerk, 审核 reviewer, 主管 manager, 审计 auditor, 管理员 administrator.
    #[arg(long, value_parser = ROLES)]
    role: String,
    /// Read the password from standard input (one line) instead of making one.
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Serialize)]
struct Added {
    user: String,
    role: String,
    operator: u16,
    /// Only if it was made here; it is not shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    user: String,
    role: String,
    operator: u16,
}

pub(super) fn run(command: &UserCommand) -> Result<(), Failure> {
    match command {
        UserCommand::Add(args) => add(args),
        UserCommand::List(args) => list(&args.place),
    }
}

fn add(args: &AddArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let (password, made) = if args.password_stdin {
        (read_line()?, None)
    } else {
        let made = make_password(rng::system().as_mut());
        (made.clone(), Some(made))
    };
    let operator = node.put_user(&args.name, &args.role, &password).map_err(failure)?.get();
    let user = args.name.trim().to_owned();
    let added = Added { user, role: args.role.clone(), operator, password: made };
    say(args.place.json, &added, |added| {
        let mut text = format!("{} ({}) {}\n", added.user, added.role, added.operator);
        if let Some(password) = &added.password {
            text.push_str(&format!("密码 password  {password}\n只显示这一次。Shown only once.\n"));
        }
        text
    })
}

fn read_line() -> Result<String, Failure> {
    let _ = write!(std::io::stderr(), "密码 password: ");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| {
        Failure::found(format!("标准输入读不了。没有改动。\nStandard input: {error}."))
    })?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn list(place: &Place) -> Result<(), Failure> {
    let mut node = place.existing()?;
    let users = {
        let reads = node.read().map_err(failure)?;
        reads.users().map_err(|error| failure(error.into()))?
    };
    let rows: Vec<Row> = users
        .into_iter()
        .map(|user| Row { user: user.name, role: user.role, operator: user.operator.get() })
        .collect();
    let mut table = Table::new(
        "users",
        [
            Column::text("user", "用户 user"),
            Column::text("role", "角色 role"),
            Column::number("operator", "编号 no."),
        ],
    );
    for row in &rows {
        table.row(cells![row.user.clone(), row.role.clone(), row.operator]);
    }
    list_of(place.json, &serde_json::json!({ "users": &rows }), &table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::place::tests::node;

    #[test]
    fn a_short_password_is_refused_in_both_languages() {
        let (mut node, _folder) = node();
        let said = failure(node.put_user("x", "clerk", "short").unwrap_err());
        assert!(said.text().contains("10 个字符") && said.text().contains("10 characters"));
    }
}
