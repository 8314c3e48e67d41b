//! Words about an entry at the phone: what waits for an answer, answers, growers' objections.

use clap::Args;
use courtyard_core::domain::{EntryId, PersonNo};
use courtyard_core::steward::Steward;
use serde_json::{Value, json};

use super::failure;
use crate::command::Failure;
use crate::command::entry::{thread, thread_text};
use crate::command::output::say;

/// An answer.
#[derive(Debug, Args)]
pub struct AnswerArgs {
    /// The question, objection or review: its own number.
    pub thread: EntryId,
    /// What is answered.
    #[arg(long)]
    pub text: String,
    /// It settles the matter.
    #[arg(long)]
    pub settles: bool,
}

/// A grower's objection.
#[derive(Debug, Args)]
pub struct ObjectArgs {
    /// The entry, such as A7K-000127.
    pub entry: EntryId,
    /// What the grower says.
    #[arg(long)]
    pub text: String,
    /// Who of the household; 0 is its head.
    #[arg(long, default_value_t = 0)]
    pub person: u16,
}

pub(super) fn questions(steward: &Steward, json: bool) -> Result<(), Failure> {
    let found = steward.questions().map_err(|e| failure(&e))?;
    let rows: Vec<Value> = found.iter().map(thread).collect();
    say(json, &json!({ "threads": rows }), |_| {
        if found.is_empty() {
            return "没有待回复的事项。/ Nothing waits for an answer.".to_owned();
        }
        found.iter().map(thread_text).collect()
    })
}

pub(super) fn answer(steward: &mut Steward, args: &AnswerArgs, json: bool) -> Result<(), Failure> {
    let id = steward.answer(args.thread, &args.text, args.settles).map_err(|e| failure(&e))?;
    let value = json!({"answer": id.to_string(), "thread": args.thread.to_string()});
    say(json, &value, |_| format!("已回复 {}：{id}。/ Answered.", args.thread))
}

pub(super) fn object(steward: &mut Steward, args: &ObjectArgs, json: bool) -> Result<(), Failure> {
    let person = PersonNo::new(args.person);
    let id = steward.object(args.entry, person, &args.text).map_err(|e| failure(&e))?;
    let value = json!({"objection": id.to_string(), "entry": args.entry.to_string()});
    say(json, &value, |_| {
        format!("已记下对 {} 的异议：{id}，同步后县社可见。/ The objection is written.", args.entry)
    })
}
