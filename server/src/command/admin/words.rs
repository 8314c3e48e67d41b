//! `courtyard admin ask|answer|object|review|threads` and `admin entry show`: words about one exact
//! entry, and its whole history.

use clap::{Args, Subcommand};
use courtyard_core::domain::question::{Answer, Objection, Question, Review};
use courtyard_core::domain::{Body, EntryId, Limits, OperatorNo, PersonNo, Rule, VillageNo};
use courtyard_core::ledger::words::{Thread, ThreadState};
use courtyard_core::ledger::{Published, State};
use courtyard_core::store::{Store, StoreError, StoredEntry};
use serde_json::{Value, json};

use crate::command::Failure;
use crate::command::entry::{History, thread, thread_text, threads_table};
use crate::command::output::{list as list_of, say};
use crate::command::place::{Place, failure, village};
use crate::deed::On;
use crate::node::Node;
use crate::office::acting::Role;
use crate::office::error::CommandError;
use crate::office::published::published;

/// A question about an entry.
#[derive(Debug, Args)]
pub(super) struct AskArgs {
    /// The entry, such as A7K-000127.
    entry: EntryId,
    /// What is asked; no names and no phone numbers.
    #[arg(long)]
    text: String,
    #[command(flatten)]
    by: By,
}

/// An answer to a question, an objection or a review.
#[derive(Debug, Args)]
pub(super) struct AnswerArgs {
    /// The thread: the question's, objection's or review's own number.
    thread: EntryId,
    /// What is answered.
    #[arg(long)]
    text: String,
    /// It settles the matter.
    #[arg(long)]
    settles: bool,
    #[command(flatten)]
    by: By,
}

/// A grower's objection that the office takes down.
#[derive(Debug, Args)]
pub(super) struct ObjectArgs {
    /// The entry, such as A7K-000127.
    entry: EntryId,
    /// What the grower says.
    #[arg(long)]
    text: String,
    /// Who of the household; 0 is its head.
    #[arg(long, default_value_t = 0)]
    person: u16,
    #[command(flatten)]
    by: By,
}

/// A reviewer's word.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("word").required(true).args(["accept", "reject"]))]
pub(super) struct ReviewArgs {
    /// The entry, such as A7K-000127.
    entry: EntryId,
    /// It is in order (通过).
    #[arg(long)]
    accept: bool,
    /// It is not; say why with --text.
    #[arg(long)]
    reject: bool,
    /// Why, or a remark.
    #[arg(long, default_value = "")]
    text: String,
    #[command(flatten)]
    by: By,
}

/// Which threads.
#[derive(Debug, Args)]
pub(super) struct ThreadsArgs {
    /// Only in this state: 待回复 open, 已回复 answered, 已了结 settled, 重新打开 reopened. All that wait if
    /// none is given.
    #[arg(long, value_parser = ["open", "answered", "settled", "reopened", "all"])]
    state: Option<String>,
    /// Only about entries of this village, by name or number.
    #[arg(long)]
    village: Option<String>,
    /// Only about this entry.
    #[arg(long)]
    entry: Option<EntryId>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct By {
    /// The user of the office who says it.
    #[arg(long = "by", value_name = "USER")]
    user: String,
    #[command(flatten)]
    place: Place,
}

/// One entry.
#[derive(Debug, Subcommand)]
pub(super) enum EntryCommand {
    /// An entry with its lines, payouts, corrections, threads, decisions and where it is signed.
    Show {
        /// Its number, such as A7K-000127.
        entry: EntryId,
        #[command(flatten)]
        place: Place,
    },
}

fn unread(error: StoreError) -> Failure {
    failure(error.into())
}

fn unknown(id: EntryId) -> Failure {
    Failure::words(
        &format!("没有 {id} 这条记录。没有改动任何东西。请核对编号。"),
        &format!("There is no entry {id}. Nothing was changed. Check the number."),
    )
}

fn look(store: &Store, id: EntryId) -> Result<StoredEntry, Failure> {
    store.entry(id).map_err(unread)?.ok_or_else(|| unknown(id))
}

pub(super) fn show(command: &EntryCommand) -> Result<(), Failure> {
    let EntryCommand::Show { entry, place } = command;
    let mut node = place.existing()?;
    let view = node.view().map_err(failure)?;
    let history = History::read(view.store(), *entry).map_err(unread)?;
    let history = history.ok_or_else(|| unknown(*entry))?;
    say(place.json, &history.json(), |_| history.text())
}

pub(super) fn ask(args: &AskArgs) -> Result<(), Failure> {
    let mut node = args.by.place.existing()?;
    let target = look(node.view().map_err(failure)?.store(), args.entry)?;
    let question = Question {
        target: args.entry,
        target_hash: target.arrived.hash,
        text: args.text.trim().to_owned(),
    };
    let said = write(&mut node, &args.by.user, Role::CLERKS, &target, question.into(), None)?;
    told(&args.by.place, &said)
}

pub(super) fn answer(args: &AnswerArgs) -> Result<(), Failure> {
    let mut node = args.by.place.existing()?;
    let target = {
        let view = node.view().map_err(failure)?;
        let thread = view.store().thread(args.thread).map_err(unread)?;
        look(view.store(), thread.ok_or_else(|| unknown(args.thread))?.root)?
    };
    let text = args.text.trim().to_owned();
    let body = Answer { question: args.thread, text, settles: args.settles };
    let said = write(&mut node, &args.by.user, Role::CLERKS, &target, body.into(), None)?;
    told(&args.by.place, &said)
}

pub(super) fn object(args: &ObjectArgs) -> Result<(), Failure> {
    let mut node = args.by.place.existing()?;
    let target = look(node.view().map_err(failure)?.store(), args.entry)?;
    let grower = target.arrived.entry.body.grower().ok_or_else(|| {
        Failure::words(
            &format!("{} 与农户无关，不能提异议。没有改动任何东西。", args.entry),
            &format!("{} is about no grower. Nothing was changed.", args.entry),
        )
    })?;
    let objection = Objection {
        grower,
        target: args.entry,
        target_hash: target.arrived.hash,
        person: PersonNo::new(args.person),
        text: args.text.trim().to_owned(),
    };
    let said = write(&mut node, &args.by.user, Role::CLERKS, &target, objection.into(), None)?;
    told(&args.by.place, &said)
}

pub(super) fn review(args: &ReviewArgs) -> Result<(), Failure> {
    let mut node = args.by.place.existing()?;
    let said = reviewed(&mut node, args)?;
    told(&args.by.place, &said)
}

fn reviewed(node: &mut Node, args: &ReviewArgs) -> Result<Thread, Failure> {
    let target = {
        let view = node.view().map_err(failure)?;
        if let Some(State::Voided { by }) =
            view.store().slip(args.entry).map_err(unread)?.map(|slip| slip.state)
        {
            return Err(Failure::words(
                &format!("{0} 已由 {by} 作废，请审核 {by}。没有改动任何东西。", args.entry),
                &format!(
                    "{0} is voided by {by}. Review {by} instead. Nothing was changed.",
                    args.entry
                ),
            ));
        }
        look(view.store(), args.entry)?
    };
    let review = Review {
        target: args.entry,
        target_hash: target.arrived.hash,
        accepts: args.accept,
        text: args.text.trim().to_owned(),
    };
    let wrote = target.arrived.entry.envelope.operator;
    write(node, &args.by.user, Role::REVIEWERS, &target, review.into(), Some(wrote))
}

/// Writes a word into the book of the office of the village where its entry was written, and
/// answers its thread. Nobody reviews what they wrote themselves.
fn write(
    node: &mut Node,
    by: &str,
    may: &[Role],
    target: &StoredEntry,
    body: Body,
    not_by: Option<OperatorNo>,
) -> Result<Thread, Failure> {
    let entity = target.arrived.entry.envelope.entity;
    let on = On { village: target.arrived.village, entity, date: None };
    let ids = node
        .act_as(by, may, |deed| {
            let own = not_by.filter(|&wrote| wrote != OperatorNo::default());
            if own == Some(deed.acting.operator) {
                return Err(CommandError::SamePerson(deed.acting.name.clone()).into());
            }
            if let Some(breach) = body.check(&Limits::LEDGER).first() {
                return Err(CommandError::Rule(breach.rule).into());
            }
            if on.village.is_none() {
                return Err(CommandError::Rule(Rule::ENTRY_NOT_FOR_THIS_DEVICE).into());
            }
            deed.write(on, std::slice::from_ref(&body))
        })
        .map_err(failure)?;
    let id = ids.first().copied().unwrap_or(target.arrived.id);
    let root = if let Body::Answer(answer) = &body { answer.question } else { id };
    let view = node.view().map_err(failure)?;
    view.store().thread(root).map_err(unread)?.ok_or_else(|| unknown(root))
}

fn told(place: &Place, said: &Thread) -> Result<(), Failure> {
    say(place.json, &thread(said), |_| thread_text(said))
}

pub(super) fn threads(args: &ThreadsArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let published: Published = {
        let reads = node.read().map_err(failure)?;
        published(reads.as_ref()).map_err(|error| failure(error.into()))?
    };
    let asked = args.village.as_deref().map(|asked| village(&published, asked)).transpose()?;
    let view = node.view().map_err(failure)?;
    let found = select(view.store(), args.entry, args.state.as_deref(), asked).map_err(unread)?;
    let rows: Vec<Value> = found.iter().map(thread).collect();
    list_of(args.place.json, &json!({ "threads": rows }), &threads_table(&found))
}

fn select(
    store: &Store,
    entry: Option<EntryId>,
    state: Option<&str>,
    village: Option<VillageNo>,
) -> Result<Vec<Thread>, StoreError> {
    let mut all = match entry {
        Some(entry) => store.threads_about(entry)?,
        None => store.threads()?,
    };
    let fits = |stands: ThreadState| match state {
        None => entry.is_some() || stands != ThreadState::Settled,
        Some("all") => true,
        Some(word) => stands.name() == word,
    };
    all.retain(|thread| {
        fits(thread.state) && village.is_none_or(|village| thread.village == Some(village))
    });
    Ok(all)
}
